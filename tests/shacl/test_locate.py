"""Places of statements: whatever the layout, each term is where the place says it is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.parse import parse_text, read_text
from balansekunst.rdf.reader import FileReader
from balansekunst.shacl.source_positions import JsonLdIndex, Location, LocationRequest, Locator, SourcePosition, find_positions
from balansekunst.shacl.validate import validate

GRAPH = NamedNode("urn:graph")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=12)
SPACES = st.sampled_from([" ", "\n", "\r\n", "\t", "  \n\n", ' # merknad: <x> "y" . ; [\n', "\n#\r\n", " # \U0001f9ed\n"])


class Writer:
    """Writes a document piece by piece and notes where each term begins."""

    def __init__(self, draw: Callable[..., object], turtle: bool) -> None:
        self.draw, self.turtle, self.text = draw, turtle, ""
        self.places: dict[SourcePosition, str] = {}

    def space(self) -> None:
        self.text += str(self.draw(SPACES)) if self.turtle else " "

    def term(self, token: str, value: str) -> None:
        line = self.text.count("\n") + 1
        self.places[SourcePosition(line, len(self.text) - (self.text.rfind("\n") + 1) + 1)] = value
        self.text += token

    def iri(self) -> None:
        name = str(self.draw(st.sampled_from(["a", "bø", "c-d", "e.f", "g1", "\U0001f600"])))
        if self.turtle and name.isascii() and self.draw(st.booleans()):
            self.term(f"p:{name}", f"{self.prefix}{name}")
        else:
            self.term(f"<http://x/{name}>", f"http://x/{name}")

    prefix = "http://x/"

    def literal(self) -> None:
        value = str(self.draw(TEXTS))
        suffix = str(self.draw(st.sampled_from(["", "@nb", "@en-GB", "^^<http://www.w3.org/2001/XMLSchema#string>"])))
        short = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        forms = [short]
        if self.turtle:
            long = value.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'").replace("\r", "\\r")
            forms += [f'"""{long}"""', f"'''{long}'''"]
        self.term(str(self.draw(st.sampled_from(forms))) + suffix, value)

    def object(self, depth: int) -> None:
        kinds: list[Callable[[], None]] = [self.iri, self.literal]
        if self.turtle and depth < 3:
            kinds += [lambda: self.list(depth), lambda: self.brackets(depth), self.number, lambda: self.term("_:b.1", "")]
        self.draw(st.sampled_from(kinds))()  # type: ignore[operator]

    def number(self) -> None:
        token = str(self.draw(st.sampled_from(["1", "-2.5", "3e0", "true", "+.5"])))
        self.term(token, token)

    def list(self, depth: int) -> None:
        self.text += "("
        for _ in range(int(str(self.draw(st.integers(0, 3))))):
            self.space()
            self.object(depth + 1)
        self.space()
        self.text += ")"

    def brackets(self, depth: int) -> None:
        self.text += "["
        if self.draw(st.booleans()):
            self.properties(depth + 1)
        self.space()
        self.text += "]"

    def properties(self, depth: int) -> None:
        for number in range(int(str(self.draw(st.integers(1, 2))))):
            self.text += ";" if number else ""
            self.space()
            if self.turtle and self.draw(st.booleans()):
                self.term("a", f"{RDF}type")
            else:
                self.iri()
            for more in range(int(str(self.draw(st.integers(1, 2))))):
                self.text += "," if more else ""
                self.space()
                self.object(depth)
        self.space()

    def statement(self) -> None:
        self.iri()
        self.space()
        if self.turtle:
            self.properties(0)
        else:
            self.iri()
            self.space()
            self.object(9)
        self.text += ".\n"

    def redefine(self) -> None:
        self.prefix = str(self.draw(st.sampled_from(["http://x/", "http://y/#", "http://å/"])))
        form = str(self.draw(st.sampled_from(["@prefix p: <{}> .", "PREFIX p:<{}>", "@prefix # her\n p: <{}>\n."])))
        self.text += form.format(self.prefix) + "\n"


@st.composite
def documents(draw: Callable[..., object], ending: str) -> tuple[str, dict[SourcePosition, str]]:
    writer = Writer(draw, ending != ".nt")
    for _ in range(int(str(draw(st.integers(1, 4))))):
        if writer.turtle and ending != ".nt":
            writer.redefine()
        in_graph = ending == ".trig" and bool(draw(st.booleans()))
        if in_graph:
            writer.text += str(draw(st.sampled_from(["<http://g/> {", "GRAPH <http://g/> {", "{"])))
            # The name of a graph is no part of a statement.
        writer.statement()
        writer.text += "}\n" if in_graph else ""
    return writer.text, writer.places


@pytest.mark.parametrize("ending", [".ttl", ".trig", ".nt"])
@pytest.mark.parametrize(("mark", "newline"), [("", "\n"), ("\ufeff", "\r\n")])
def test_every_term_stands_where_its_place_says(ending: str, mark: str, newline: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{ending}"

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(documents(ending))
    def check(document: tuple[str, dict[SourcePosition, str]]) -> None:
        text, places = document
        file.write_bytes((mark + text.replace("\r\n", "\n").replace("\n", newline)).encode())
        seen = set()
        for statement in find_positions(parse_text(read_text(file), file, GRAPH, BASE), read_text(file)):
            for term, place in zip((statement.subject, statement.predicate, statement.object), statement.positions, strict=True):
                if place is None:
                    assert isinstance(term, BlankNode) or term.value.startswith(RDF)
                    continue
                seen.add(place)
                expected = places[place]
                if isinstance(term, NamedNode | Literal):
                    assert term.value.replace("\r\n", "\n") == expected.replace("\r\n", "\n") or term.value.strip("+") == expected.strip(
                        "+"
                    )
        assert seen == set(places)

    check()


def test_places_in_the_real_data(project: Project) -> None:
    for path in [*project.list_sources(), *project.list_shape_files()]:
        text = project.reader.read_text(path)
        lines = text.split("\n")
        for statement in find_positions(project.reader.parse_file(path), text):
            for term, place in zip((statement.subject, statement.predicate, statement.object), statement.positions, strict=True):
                if place and isinstance(term, Literal) and "\n" not in term.value:
                    rest = lines[place.line - 1][place.column - 1 :]
                    assert rest[0] in "\"'+-.0123456789tf"
                elif place and isinstance(term, NamedNode):
                    token = lines[place.line - 1][place.column - 1 :].split()[0]
                    assert token == "a" or term.value.split("/")[-1].split("#")[-1] in token


PREFIXES = f"@base <{BASE}> .\n@prefix bk: <{NAMESPACE}> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


def found(tmp_path: Path, text: str, fault: LocationRequest) -> tuple[int, int] | None:
    file = tmp_path / "a.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    location = Locator({"g": file}, frozenset(), FileReader({})).find(fault, ["g"])
    return (location.position.line, location.position.column) if location and location.position else None


def fault(focus: str, predicate: str, value: object = None, missing: bool = False) -> LocationRequest:
    node = NamedNode(BASE + focus)
    return LocationRequest(node, frozenset([NamedNode(NAMESPACE + predicate)]), value, node, missing)  # type: ignore[arg-type]


def test_fault_in_a_value_is_at_the_value(tmp_path: Path) -> None:
    text = "<role/a> a bk:Role ;\n  bk:share 0.5 ,\n    50.0 .\n"
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert found(tmp_path, text, fault("role/a", "share", Literal("50", datatype=decimal))) == (6, 5)


def test_too_many_values_are_at_the_last(tmp_path: Path) -> None:
    assert found(tmp_path, "<role/a> a bk:Role ;\n  bk:share 1 , 2 .\n", fault("role/a", "share")) == (5, 16)


def test_what_is_missing_is_at_the_subject_where_it_is_typed(tmp_path: Path) -> None:
    text = "<role/a> bk:share 1 .\n\n <role/a> a bk:Role .\n"
    assert found(tmp_path, text, fault("role/a", "share", missing=True)) == (6, 2)


def test_what_is_described_nowhere_is_where_it_is_used(tmp_path: Path) -> None:
    assert found(tmp_path, "<role/a> bk:hasTask\n  <task/b> .\n", fault("task/b", "share", missing=True)) == (5, 3)


JSON_LD = {
    "@context": [
        {"@base": BASE, "bk": NAMESPACE, "id": "@id", "type": "@type", "graph": "@graph"},
        {"label": {"@id": "http://www.w3.org/2004/02/skos/core#prefLabel", "@container": "@language"}},
    ],
    "graph": [
        {"id": "role/a", "type": "bk:Role", "label": {"nb": "Å", "en": ["A", "B"]}, "bk:hasTask": [{"id": "task/b", "bk:n/m": 1}]},
    ],
}


@pytest.mark.parametrize(
    ("looked_for", "pointer"),
    [
        (
            LocationRequest(NamedNode(f"{BASE}role/a"), frozenset(), Literal("B", language="en"), NamedNode(f"{BASE}role/a"), False),
            "/graph/0/label/en/1",
        ),
        (fault("role/a", "hasTask"), "/graph/0/bk:hasTask"),
        (fault("task/b", "n/m"), "/graph/0/bk:hasTask/0/bk:n~1m"),
        (fault("task/b", "share", missing=True), "/graph/0/bk:hasTask/0"),
        (fault("role/a", "share", NamedNode(f"{BASE}task/b")), "/graph/0/bk:hasTask/0/id"),
        (fault("ns#Role", "share", missing=True), "/graph/0/type"),
    ],
)
def test_place_in_json_ld_is_a_path(tmp_path: Path, looked_for: LocationRequest, pointer: str) -> None:
    file = tmp_path / "a.jsonld"
    file.write_text(json.dumps(JSON_LD), encoding="utf-8")
    assert Locator({"g": file}, frozenset(["g"]), FileReader({})).find(looked_for, ["g"]) == Location(file, None, pointer)
    assert JsonLdIndex(read_text(file)).nodes.keys() == {f"{BASE}role/a", f"{BASE}task/b"}


def test_a_fault_in_published_json_ld_is_found_by_its_path(project: Project, tmp_path: Path) -> None:
    context = f"{BASE}data/context.jsonld"
    label = {"nb": "Prøverolle", "en": "Trial role"}
    document = {
        "@context": context,
        "id": "role/prove",
        "type": "Role",
        "prefLabel": label,
        "source": "source/virke-2002",
    }
    file = tmp_path / "a.jsonld"
    file.write_text(json.dumps(document), encoding="utf-8")
    [finding] = validate(project, [file]).findings
    assert finding.location == Location(file, None, "/source")
    assert finding.suggestion == f"{BASE}source/virke-2020"
