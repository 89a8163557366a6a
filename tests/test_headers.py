"""The headers of queries and tables: what is wrong in one is told with file and line, and what to do."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyoxigraph import Store

from balansekunst.errors import UserError
from balansekunst.export.csvw import build_export_tables
from balansekunst.headers import QUERY_MARK, HeaderText, parse_header
from balansekunst.project import Project
from balansekunst.sparql.catalogue import find_question, load_questions, read_questions
from helpers.commands import run

PATH = Path("a.rq")


@dataclass(frozen=True)
class Part:
    nb: str
    many: bool = False


@dataclass(frozen=True)
class Header:
    id: str
    title: HeaderText
    tags: list[str] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    size: int = 0


WHOLE = '#+ id: a\n#+ title: {nb: "A", en: "B"}\n#+ tags: [b]\n#+ parts:\n#+   one: {nb: "C", many: true}\n\nASK {}\n'


def faults(text: str) -> list[tuple[str, object, object]]:
    with pytest.raises(UserError) as error:
        parse_header(text, PATH, QUERY_MARK, Header)
    assert all("a.rq" in sentence for language in ("nb", "en") for sentence in error.value.format_sentences(language))
    return [(key.removeprefix("header."), values.get("line"), values.get("key")) for key, values in error.value.messages]


def test_a_header_becomes_an_object() -> None:
    header = parse_header(WHOLE, PATH, QUERY_MARK, Header)
    assert header == Header("a", HeaderText("A", "B"), ["b"], {"one": Part("C", True)})
    assert header.title.to_texts() == {"nb": "A", "en": "B"}
    assert parse_header(f"#+ other: 1\n{WHOLE}", PATH, QUERY_MARK, Header, is_open=True) == header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK {}", [("missing", None, None)]),
        ("# a note\n#+ tags: [a]\n", [("key", 2, "id"), ("key", 2, "title")]),
        ("#+ id:\n#+ title: {nb: A, en: B}\n", [("key", 1, "id")]),
        ("# a note\n#+ id: a\n#+ tags: [b\n", [("yaml", 3, None)]),
        ("#+ id: a\n#+ tags: x: y\n", [("yaml", 2, None)]),
        (WHOLE.replace(', en: "B"', ""), [("key", 2, "title.en")]),
        (WHOLE.replace("id: a", "id: 5"), [("not-text", 1, "id")]),
        (WHOLE.replace("tags: [b]", "tags: b"), [("not-list", 3, "tags")]),
        (WHOLE.replace("tags: [b]", "tags: [b, 1]"), [("not-text", 3, "tags.1")]),
        (WHOLE.replace("many: true", 'many: "yes"'), [("not-boolean", 5, "parts.one.many")]),
        (WHOLE.replace('{nb: "C", many: true}', '"C"'), [("not-map", 5, "parts.one")]),
        (WHOLE.replace("tags: [b]", "size: x"), [("not-integer", 3, "size")]),
        (WHOLE.replace("many: true", "much: true"), [("unknown-key", 5, "parts.one.much")]),
        (WHOLE.replace("id: a", "idd: a"), [("key", 1, "id"), ("unknown-key", 1, "idd")]),
    ],
)
def test_every_fault_is_told_with_its_line(text: str, expected: list[tuple[str, object, object]]) -> None:
    assert faults(text) == expected


@pytest.fixture
def copied(project: Project, tmp_path: Path) -> Project:
    for name in ("ontology", "shapes", "data", "site"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.root / "queries", tmp_path / "queries")
    return Project(tmp_path)


def test_a_question_without_a_key_is_named_and_the_others_are_there(copied: Project) -> None:
    file = copied.root / "queries" / "questions" / "theme.rq"
    file.write_text(file.read_text(encoding="utf-8").replace("#+ audience:", "#+ for:"), encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_questions(copied)
    for language, word in (("nb", "mangler"), ("en", "lacks")):
        missing, unknown = error.value.format_sentences(language)
        assert missing.startswith(f"{file}, lin") and "audience" in missing and word in missing
        assert "for" in unknown and "meaning" in unknown
    file.write_text(
        file.read_text(encoding="utf-8").replace("#+ for:", "#+ audience:").replace("number: Q", "number: number "), encoding="utf-8"
    )
    with pytest.raises(UserError, match=r"theme\.rq.*number "):
        load_questions(copied)
    questions, problems = read_questions(copied)
    assert len(questions) == len(copied.list_question_files()) - 1 and len(problems) == 1
    assert find_question(copied, "same-competence").number == "Q1"
    with pytest.raises(UserError, match=r"theme\.rq"):
        find_question(copied, "theme")


def test_the_command_lists_the_questions_that_can_be_read(copied: Project) -> None:
    file = copied.root / "queries" / "questions" / "theme.rq"
    file.write_text(file.read_text(encoding="utf-8").replace("#+ id: theme", "#+ id: [theme"), encoding="utf-8")
    done = run("query", "--lang", "en", cwd=copied.root)
    assert done.returncode == 2
    assert "same-competence" in done.stdout and "theme " not in done.stdout
    assert str(file) in done.stderr.replace("\n", "") and "not valid YAML" in done.stderr


def test_a_table_with_a_slip_is_named(copied: Project) -> None:
    file = copied.root / "queries" / "publication" / "tables" / "competences.rq"
    file.write_text(file.read_text(encoding="utf-8").replace("link: true", "link: yess", 1), encoding="utf-8")
    with pytest.raises(UserError) as error:
        build_export_tables(Store(), copied)
    [(key, values)] = error.value.messages
    assert (key, values["file"], values["key"]) == ("header.not-boolean", file, "columns.competence.link")
