"""Reading: every file in a graph of its own, and faults as sentences with file, line and column, all at once."""

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balansekunst.errors import UserError
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.rdf.parse import list_input_files, read_bytes
from balansekunst.rdf.reader import FileReader

READER = FileReader({})
"""A reader of files that lie in no project."""
VALID = "@prefix bk: <https://w3id.org/balansekunst/ns#> .\n<role/a> a bk:Role .\n"


def sentences(error: pytest.ExceptionInfo[UserError]) -> list[str]:
    return error.value.format_sentences("en")


def test_each_file_has_a_graph_named_by_its_place(project: Project, tmp_path: Path) -> None:
    reader = FileReader({Path("/x"): BASE, Path("/x/own"): "https://example.org/"})
    assert reader.build_graph_name(Path("/x/data/a.ttl")).value == "https://w3id.org/balansekunst/graph/data/a"
    assert reader.build_graph_name(Path("/x/own/data/a.ttl")).value == "https://example.org/graph/data/a"
    assert reader.build_graph_name(Path("/y/å.ttl")).value == "https://w3id.org/balansekunst/graph/given/y/å.ttl"
    names = [project.reader.build_graph_name(p).value for p in project.list_sources()]
    assert len(set(names)) == len(names)


def test_every_source_file_with_relative_iris_states_the_one_base(project: Project) -> None:
    for path in [*project.list_sources(), *project.list_shape_files()]:
        text = path.read_text(encoding="utf-8")
        if re.search(r"<[a-z]+[/>]", text):
            assert f"@base <{BASE}> ." in text, path


def test_relative_iris_stand_under_the_base(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(VALID, encoding="utf-8")
    assert [str(q.subject) for q in READER.parse_file(file)] == ["<https://w3id.org/balansekunst/role/a>"]


def test_syntax_error_names_line_and_column_and_shows_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(VALID + "<role/b> a bk:Role ;;\n    bk:hasTask <task/a> <task/b> .\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        READER.parse_file(file)
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
        READER.parse_file(file)
    assert expected in sentences(error)[0]


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_bytes(b"\xef\xbb\xbf" + VALID.encode())
    assert len(READER.parse_file(file)) == 1


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    for name, content in (("a", ""), ("b", VALID), ("c", "<a> <b")):
        (tmp_path / f"{name}.ttl").write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        READER.load(sorted(tmp_path.iterdir()))
    assert [s.split(".ttl")[0][-1] for s in sentences(error)] == ["a", "c"]


def test_missing_path_and_folder_without_turtle(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        list_input_files([tmp_path, tmp_path / "none.ttl"])
    assert ["no files that can be read" in sentences(error)[0], "no such file" in sentences(error)[1]] == [True, True]


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.ttl").write_text("_:x <p> _:y .", encoding="utf-8")
    assert len({q.subject for q in READER.load(sorted(tmp_path.iterdir()))}) == 2


def test_a_file_is_read_once_and_anew_where_it_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, file, reader = [], tmp_path / "a.ttl", FileReader({tmp_path: BASE})
    file.write_text(VALID, encoding="utf-8")
    monkeypatch.setattr("balansekunst.rdf.reader.read_bytes", lambda path: reads.append(path) or read_bytes(path))  # type: ignore[func-returns-value]
    assert reader.parse_file(file) is reader.parse_file(file)
    assert len(reader.load([file])) == 1 and reader.read_text(file) == VALID and reads == [file]
    file.write_text(VALID + "<role/b> a bk:Role .\n", encoding="utf-8")
    assert len(reader.parse_file(file)) == 2 and reads == [file, file]
    again = pickle.loads(pickle.dumps(reader))
    assert again.build_graph_name(file) == reader.build_graph_name(file) and again.parse_file(file) == reader.parse_file(file)
    assert len(reads) == 3


@given(st.binary(max_size=200))
def test_no_content_gives_anything_but_quads_or_a_sentence(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.ttl"
        file.write_bytes(content)
        try:
            READER.parse_file(file)
        except UserError as error:
            assert error.format_sentences("nb") and error.format_sentences("en")
