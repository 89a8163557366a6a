"""Input that is broken, hostile or too large gives sentences and exit code 2, in bounded memory and time, and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.rdf.parse import MAX_LITERAL_CHARACTERS, list_input_files, parse_text, read_text
from balansekunst.shacl.data_graph import load_data_graph
from balansekunst.shacl.source_positions import LocationRequest, Locator
from balansekunst.shacl.validate import validate

PREFIXES = "@base <https://w3id.org/balansekunst/> . @prefix bk: <https://w3id.org/balansekunst/ns#> .\n"
MEMORY = 3 * 2**30


def run(*arguments: str | Path, input: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command, with 3 GiB of memory, where the system can set a limit (macOS cannot), and two minutes."""
    limited = ["sh", "-c", f'ulimit -v {MEMORY // 1024} 2>/dev/null; exec "$0" "$@"']
    command = [*limited, sys.executable, "-m", "balansekunst", "validate", "--lang", "en", *map(str, arguments)]
    return subprocess.run(command, input=input, capture_output=True, check=False, timeout=120)


def refused(done: subprocess.CompletedProcess[bytes], sentence: str) -> None:
    assert (done.returncode, done.stdout) == (2, b""), done
    assert sentence in done.stderr.decode()
    assert b"Traceback" not in done.stderr


CONTENTS: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.ttl", b"", "is empty"),
    "only blanks": ("a.ttl", b"\n \t\r\n", "is empty"),
    "latin-1": ("a.ttl", "<a> <b> 'æ' .".encode("latin-1"), "line 1: The file is not UTF-8"),
    "utf-16": ("a.ttl", "<a> <b> <c> .".encode("utf-16"), "not UTF-8"),
    "binary": ("a.ttl", bytes(range(256)) * 10, "not UTF-8"),
    "truncated": ("a.ttl", PREFIXES.encode() + b"<role/a> a bk:Role ;\n  bk:share 'x", "line 3, column"),
    "rdf/xml": ("a.rdf", b"<?xml version='1.0'?><rdf:RDF/>", "RDF/XML must be turned into Turtle"),
    "entity bomb": (
        "a.xml",
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"<!ENTITY b '&a;&a;&a;'>" * 50 + b"]><x>&b;</x>",
        "This type of file is not read",
    ),
    "entity bomb in disguise": ("a.ttl", b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]><x>&a;</x>", "not valid Turtle"),
    "one enormous literal": ("a.ttl", b"<a> <b> '" + b"x" * (MAX_LITERAL_CHARACTERS + 1) + b"' .", "Usually a closing quotation mark"),
    "100 MB literal": ("a.ttl", b"<a> <b> '" + b"x" * 100_000_000 + b"' .", "larger than 32 MiB"),
    "deep brackets": ("a.ttl", b"<a> <b> " + b"[ <p> " * 100_000, "not valid Turtle"),
    "statements about statements": ("a.ttl", b"<a> <b> <c> {| <d> <e> |} .", "the statements themselves"),
    "not JSON": ("a.jsonld", b'{"@id": }', "line 1, column 9: This is not valid JSON."),
    "JSON that is no JSON-LD": ("a.jsonld", b'{"@id": 1}', "not valid JSON-LD"),
    "deep JSON": ("a.jsonld", b"[" * 100_000 + b"]" * 100_000, "too deeply nested"),
    "remote context": ("a.jsonld", b'{"@context": "https://example.org/c.jsonld", "@id": "a"}', "Nothing is fetched"),
    "local file as context": ("a.jsonld", b'{"@context": "file:///etc/passwd", "@id": "a"}', "Nothing is fetched"),
    "imported context": (
        "a.jsonld",
        b'{"@context": {"@version": 1.1, "@import": "https://example.org/c"}, "@id": "a"}',
        "Nothing is fetched",
    ),
    "unknown key": ("a.jsonld", b'{"@id": "a", "navn": "x"}', "The key “navn” is not defined"),
}


@pytest.mark.parametrize(("name", "content", "sentence"), CONTENTS.values(), ids=CONTENTS)
def test_content_that_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    refused(run(tmp_path / name), sentence)


def test_all_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("", encoding="utf-8")
    (tmp_path / "b.ttl").write_text("<a> <b", encoding="utf-8")
    done = run(tmp_path)
    refused(done, "a.ttl: The file is empty")
    refused(done, "b.ttl, line 1")


@pytest.mark.slow
def test_places_that_cannot_be_read_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    (tmp_path / "brutt.ttl").symlink_to(tmp_path / "finnes-ikke.ttl")
    (tmp_path / "ring.ttl").symlink_to(tmp_path / "ring.ttl")
    refused(run(tmp_path / "tom"), "no files that can be read")
    refused(run(tmp_path / "brutt.ttl"), "brutt.ttl: The file cannot be read")
    refused(run(tmp_path / "ring.ttl"), "ring.ttl: The file cannot be read")
    refused(run(tmp_path / "a.ttl"), "no such file or folder")
    refused(run("/dev/zero"), "larger than 32 MiB")


def test_folder_that_may_not_be_listed_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, who may list anything: let the system refuse instead.
    def refuse(path: str | Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched, pytest.raises(UserError) as error:
        patched.setattr(os, "scandir", refuse)
        list_input_files([tmp_path])
    assert f"{tmp_path}: The file cannot be read (Permission denied)" in error.value.format_sentences("en")[0]


def test_a_folder_that_holds_itself_is_walked_once(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <b> <c> .", encoding="utf-8")
    (tmp_path / "igjen").symlink_to(tmp_path)
    assert list_input_files([tmp_path]) == [tmp_path / "a.ttl"]


@pytest.mark.slow
def test_deep_lists_are_read(project: Project, tmp_path: Path) -> None:
    depth = 20_000
    (tmp_path / "a.ttl").write_text(PREFIXES + "<role/a> bk:ukjent " + "( " * depth + ")" * depth + " .", encoding="utf-8")
    done = run(tmp_path / "a.ttl")
    assert done.returncode == 1 and b"ERROR L3" in done.stdout and not done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("<r{}> bk:u{} 1 .\n", "9000 more are only counted."),
        ("<role/r{}> a bk:Role .\n", "The check stopped because there is so much to fix."),
    ],
    ids=["unknown terms", "roles with nothing"],
)
def test_a_great_many_findings_are_bounded(tmp_path: Path, line: str, shown: str) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + "".join(line.format(n, n) for n in range(15_000)), encoding="utf-8")
    done = run(tmp_path / "a.ttl")
    assert done.returncode == 1, done.stderr
    assert "Showing the 1000 most serious." in done.stdout.decode()
    assert shown in done.stdout.decode()
    assert done.stdout.count(b": ERROR ") == 1000


@pytest.mark.slow
def test_a_great_many_statements_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("".join(f"<a> <b> {n} .\n" for n in range(300_001)), encoding="utf-8")
    refused(run(tmp_path / "a.ttl"), "more than 300000 statements")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<role/a> <http://x/p> <q> .", 0),
        (b'{"@context": {"p": "http://x/p"}, "@id": "role/a", "p": 1}', 0),
        (b"<a> <b", 2),
        (b"", 2),
        (b'{"@id": "a", "navn": 1}', 2),
    ],
)
def test_piped_input(content: bytes, code: int) -> None:
    done = run("-", input=content)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


SNIPPETS = st.sampled_from(
    [
        *(
            "<a>",
            "<>",
            "a",
            "bk:Role",
            "bk:",
            ":",
            "_:b",
            "[",
            "]",
            "(",
            ")",
            ".",
            ";",
            ",",
            "{",
            "}",
            "<<",
            ">>",
            "{|",
            "|}",
            "~",
            "^^",
            "@nb",
            "@",
        ),
        *(
            '"x"',
            '"',
            "'''",
            '"""',
            "1",
            "1.",
            "-",
            "true",
            "@prefix",
            "@base",
            "PREFIX",
            "BASE",
            "VERSION",
            "GRAPH",
            "#",
            "\n",
            "\\",
            "\\u00",
            "%",
        ),
        *(
            "<role/a>",
            "<competence/veiledning>",
            "<standard/tillitsvalgt>",
            "bk:hasKeyCompetence",
            "bk:CompetenceStandard",
            "\x00",
            "\U0001f600",
        ),
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["@id", "role/a", "bk:Role", "_:b", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@id", "@type", "@context", "@graph", "@value", "@language", "@list", "@set", "@reverse", "@nest", "@vocab", "bk:x", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("ending", [".ttl", ".trig", ".nt"])
def test_no_arrangement_of_tokens_brings_a_traceback(project: Project, ending: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(SNIPPETS, max_size=25))
    @example(["<a>", "<p>", '"x"', "@prefix"])
    def check(tokens: list[str]) -> None:
        survives(project, ending, (PREFIXES if ending != ".nt" else "") + " ".join(tokens))

    check()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_json_brings_a_traceback(project: Project, document: object) -> None:
    survives(project, ".jsonld", json.dumps(document))


def survives(project: Project, ending: str, text: str) -> None:
    """Read and locate a document as far as it goes."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a{ending}"
        file.write_text(text, encoding="utf-8")
        try:
            scope = load_data_graph(project, [file])
            for name in scope.target_graphs:
                for quad in list(scope.store.quads_for_pattern(None, None, None))[:3]:
                    Locator(scope.files_by_graph, scope.target_graphs, project.reader).find(
                        LocationRequest(quad.subject, frozenset([quad.predicate]), quad.object, quad.subject, False), [name]
                    )
        except UserError as error:
            assert all(error.format_sentences("nb")) and all(error.format_sentences("en"))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(SNIPPETS, max_size=12), st.integers(0, 10**9))
def test_damaged_standards_are_checked_or_refused(project: Project, tokens: list[str], seed: int) -> None:
    text = (project.root / "data" / "standards" / "butikkmedarbeider.ttl").read_text(encoding="utf-8")
    place = seed % len(text)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "butikkmedarbeider.ttl"
        file.write_text(text[:place] + " ".join(tokens) + text[place + seed % 7 :], encoding="utf-8")
        try:
            validate(project, [file])
        except UserError as error:
            assert all(error.format_sentences("nb")) and all(error.format_sentences("en"))


def test_reading_is_the_same_each_time(project: Project) -> None:
    path = project.root / "shapes" / "model.ttl"
    graph = project.reader.build_graph_name(path)
    first, second = (parse_text(read_text(path), path, graph, project.base) for _ in range(2))
    assert first == second
