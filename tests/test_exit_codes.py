"""No input makes a command end with 3, "the tool's fault": queries made to hurt, and many files that are made up."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from balansekunst import cli
from balansekunst.gap.group_sheet import read_group
from balansekunst.namespaces import NAMESPACE, SKOS_LABEL
from balansekunst.project import Project
from balansekunst.rdf.parse import parse_text, read_text
from balansekunst.sssom import build_mapping_triples, check_mapping_tables, read_mapping_set
from balansekunst.version import __version__
from helpers.spoil import TOKENS, make_up, read_or_told, spoil_text

CASES = json.loads((Path(__file__).parent / "cases" / "files.json").read_text(encoding="utf-8"))
GROUP = "hvem;kompetanse;kilde\nansatt-1;Veiledning;samtale\nansatt-2;Målstyring;\n"
SETTINGS = (
    f'base = "https://fyr.example.org/"\nmethod-version = "{__version__}"\nlanguages = ["nb", "en"]\n[name]\nnb = "Fyr"\nen = "Lights"\n'
)
MAPPINGS = """# curie_map:
#   bk: https://w3id.org/balansekunst/competence/
#   esco: http://data.europa.eu/esco/skill/
#   skos: http://www.w3.org/2004/02/skos/core#
#   semapv: https://w3id.org/semapv/vocab/
# mapping_set_id: https://w3id.org/balansekunst/mappings/x
# license: https://creativecommons.org/licenses/by/4.0/
# mapping_date: 2026-01-01
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\tcomment
bk:veiledning\tVeiledning\tskos:closeMatch\tesco:00000000-0000-0000-0000-000000000000\tguide\tsemapv:ManualMappingCuration\t0.7\tx
"""
QUERIES = {
    "a function of one's own": "SELECT * { BIND(<https://example.org/f>(1) AS ?x) }",
    "a service": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "a service behind a comment": "SELECT * { ?a ?b ?c #\rSERVICE SILENT <http://127.0.0.1:9/> { ?x ?y ?z } } LIMIT 1",
    "a service called through a variable": "SELECT * { BIND(<http://127.0.0.1:9/> AS ?g) SERVICE ?g { ?s ?p ?o } }",
    "a relative address": "SELECT * { <role/butikksjef> ?p ?o } LIMIT 1",
    "an update": "DELETE WHERE { ?s ?p ?o }",
    "a byte order mark": "\ufeffASK { ?s ?p ?o }",
    "deep braces": "SELECT * " + "{" * 49_000 + "}" * 49_000,
    "deep brackets": "SELECT * { FILTER(" + "(" * 49_000 + "1" + ")" * 49_000 + ") }",
    "many negations": "SELECT * { FILTER(" + "!" * 98_000 + "1) }",
    "a long sum": "SELECT * { FILTER(" + "1+" * 5_000 + "1) }",
    "many unions": "SELECT * {" + "{}UNION" * 5_000 + "{}}",
}
ODD_ADDRESSES = ["https://[::1/", "https://ex℀mple.org/", "https://a.example.org:99999/", "https://a.example.org/%zz/"]
Ended = tuple[int, str]


class Console(io.StringIO):
    """What stands for the console: it has a place that it is written to."""

    def fileno(self) -> int:
        return self.device

    def __init__(self) -> None:
        super().__init__()
        self.device = os.open(os.devnull, os.O_WRONLY)


@pytest.fixture
def run(house: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Run a command in this process, in a copy of the project, and return its exit code and what it says is wrong."""
    monkeypatch.chdir(house.root)

    def call(*arguments: str | Path) -> Ended:
        out, err = Console(), Console()
        with monkeypatch.context() as patched:
            patched.setattr("sys.argv", ["balansekunst", *map(str, arguments)])
            patched.setattr("sys.stdout", out)
            patched.setattr("sys.stderr", err)
            with pytest.raises(SystemExit) as ended:
                cli.run()
        for console in (out, err):
            os.close(console.device)
        return int(ended.value.code or 0), err.getvalue()

    return call


def pass_on(ended: Ended, what: object) -> None:
    code, told = ended
    assert code in (0, 1, 2), (what, told)
    assert code != 2 or told.strip(), what
    assert "Traceback" not in told, what


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_queries_are_no_fault_of_the_tool(run: Callable[..., Ended], tmp_path: Path, query: str) -> None:
    path = tmp_path / "a.rq"
    path.write_text(query, encoding="utf-8")
    pass_on(run("query", "--sparql", path), query)


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_odd_addresses_are_no_fault_of_the_tool(run: Callable[..., Ended], tmp_path: Path, address: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f'<{address}a> a <{NAMESPACE}SetUp> ; <{SKOS_LABEL.value}> "a"@nb .\n', encoding="utf-8")
    asked = {
        "hosting": ("hosting", "--target", address),
        "init, base": ("init", tmp_path / "base", "--name", "a", "--base", address),
        "init, licence": ("init", tmp_path / "licence", "--name", "a", "--base", "https://a.example.org/", "--licence", address),
        "validate": ("validate", path),
    }
    for what, arguments in asked.items():
        ended = run(*arguments)
        pass_on(ended, (what, address))
        assert ended[0] == 2 or what == "validate", (what, address)


def read_rdf(path: Path, house: Project, inferred: Store) -> None:
    parse_text(read_text(path), path, NamedNode("https://example.org/graph"), house.base)


def read_mappings(path: Path, house: Project, inferred: Store) -> None:
    found = read_mapping_set(path)
    list(build_mapping_triples(found))
    check_mapping_tables(inferred, [path])


def read_sheet(path: Path, house: Project, inferred: Store) -> None:
    read_group(path, inferred, house)


def read_settings(path: Path, house: Project, inferred: Store) -> None:
    Project.find(path.parent)


TEXTS: dict[str, tuple[str, str, list[str], Callable[[Path, Project, Store], None]]] = {
    "Turtle": ("a.ttl", ".ttl", [text for _, name, text, _, keys in CASES if name == "a.ttl" and not keys], read_rdf),
    "JSON-LD": ("a.jsonld", ".jsonld", [text for _, name, text, _, keys in CASES if name == "a.jsonld" and not keys], read_rdf),
    "mapping table": ("a.sssom.tsv", ".tsv", [MAPPINGS], read_mappings),
    "sheet of a group": ("a.csv", ".csv", [GROUP], read_sheet),
    "settings": ("balansekunst.toml", ".toml", [SETTINGS], read_settings),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_what_is_spoilt_is_read_or_told_of(house: Project, inferred: Store, tmp_path: Path, kind: str) -> None:
    """What reads a file gives a sentence; any other error would end the command with 3."""
    name, ending, texts, read = TEXTS[kind]
    path = tmp_path / name
    for number, chance in make_up(kind):
        path.write_text(spoil_text(chance.choice(texts), TOKENS[ending], chance), encoding="utf-8", errors="replace")
        with read_or_told(f"{kind} {number}: {path.read_text(encoding='utf-8')}", path):
            read(path, house, inferred)
