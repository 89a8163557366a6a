"""Reading: every file in a graph of its own, and faults as sentences with file, line and column, all at once."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balansekunst.load import given_files, graph_name, load, read
from balansekunst.messages import UserError
from balansekunst.project import BASE, Project

GRAPH = graph_name(Path("/x/data/a.ttl"), Path("/x"))
VALID = "@prefix bk: <https://w3id.org/balansekunst/ns#> .\n<role/a> a bk:Role .\n"


def sentences(error: pytest.ExceptionInfo[UserError]) -> list[str]:
    return error.value.sentences("en")


def test_each_file_has_a_graph_named_by_its_place(project: Project, tmp_path: Path) -> None:
    assert GRAPH.value == "https://w3id.org/balansekunst/graph/data/a"
    names = [graph_name(p, project.root).value for p in project.sources()]
    assert len(set(names)) == len(names)


def test_every_source_file_with_relative_iris_states_the_one_base(project: Project) -> None:
    for path in [*project.sources(), *project.shapes()]:
        text = path.read_text(encoding="utf-8")
        if re.search(r"<[a-z]+[/>]", text):
            assert f"@base <{BASE}> ." in text, path


def test_relative_iris_stand_under_the_base(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(VALID, encoding="utf-8")
    assert [str(q.subject) for q in read(file, GRAPH)] == ["<https://w3id.org/balansekunst/role/a>"]


def test_syntax_error_names_line_and_column_and_shows_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(VALID + "<role/b> a bk:Role ;;\n    bk:hasTask <task/a> <task/b> .\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        read(file, GRAPH)
    [sentence] = sentences(error)
    assert f"{file}, line 4, column" in sentence
    assert "    bk:hasTask <task/a> <task/b> ." in sentence
    marked, pointer = sentence.splitlines()[1:3]
    assert pointer.strip() == "^"
    assert marked[pointer.index("^") :].startswith(("<task/b>", " <task/b>"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "is empty"), (b" \n", "is empty"), (b'<a> <b> "\xe6" .\n', "line 1: The file is not UTF-8"), (b"<a> <b", "line 1, column")],
)
def test_unreadable_content_is_told_in_a_sentence(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "a.ttl"
    file.write_bytes(content)
    with pytest.raises(UserError) as error:
        read(file, GRAPH)
    assert expected in sentences(error)[0]


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_bytes(b"\xef\xbb\xbf" + VALID.encode())
    assert len(read(file, GRAPH)) == 1


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    for name, content in (("a", ""), ("b", VALID), ("c", "<a> <b")):
        (tmp_path / f"{name}.ttl").write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        load(sorted(tmp_path.iterdir()), tmp_path)
    assert [s.split(".ttl")[0][-1] for s in sentences(error)] == ["a", "c"]


def test_missing_path_and_folder_without_turtle(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        given_files([tmp_path, tmp_path / "none.ttl"])
    assert ["no files that can be read" in sentences(error)[0], "no such file" in sentences(error)[1]] == [True, True]


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.ttl").write_text("_:x <p> _:y .", encoding="utf-8")
    assert len({q.subject for q in load(sorted(tmp_path.iterdir()), tmp_path)}) == 2


@given(st.binary(max_size=200))
def test_no_content_gives_anything_but_quads_or_a_sentence(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.ttl"
        file.write_bytes(content)
        try:
            read(file, GRAPH)
        except UserError as error:
            assert error.sentences("nb") and error.sentences("en")
