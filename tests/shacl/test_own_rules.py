"""No rule of one's own is passed over, no file that no rule would look at, and no value of the wrong type."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.errors import UserError
from balansekunst.init_project import create_project
from balansekunst.namespaces import NAMESPACE, XSD, expand_shacl
from balansekunst.project import Project
from balansekunst.shacl.validate import validate

DATES = {f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth", "duration")}
PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix my: <https://fyr.example.org/rule/> .
"""
TEXTS = """a sh:NodeShape ; sh:targetClass bk:Role ; sh:name "Navn"@nb , "Names"@en ; rdfs:comment "Plass."@nb , "Room."@en ;
  bk:howToFix "Kort ned."@nb , "Shorten it."@en ; sh:message "For langt."@nb , "Too long."@en ;"""
ROLE = PREFIXES + '<https://fyr.example.org/role/fyrvokter> a bk:Role ; skos:prefLabel "Fyrvokter"@nb , "Lighthouse keeper"@en .'
QUERY = "$this skos:prefLabel ?value . FILTER (STRLEN(?value) > 3)".replace(
    "skos:prefLabel", "<http://www.w3.org/2004/02/skos/core#prefLabel>"
)

LONGEST = QUERY.replace("?value", "?v").replace("3)", "$longest)")


@pytest.fixture
def own(tmp_path: Path) -> Project:
    own = create_project(tmp_path / "own", "https://fyr.example.org/", {"nb": "Fyr", "en": "Light"}, False, "en")
    (own.root / "shapes").mkdir(exist_ok=True)
    (own.root / "data" / "role.ttl").write_text(ROLE, encoding="utf-8")
    return own


@pytest.mark.slow
def test_what_pyrudof_passes_over_is_checked_by_the_reference(own: Project) -> None:
    (own.root / "shapes" / "own.ttl").write_text(
        f"""{PREFIXES}
my:F1 {TEXTS} sh:sparql [ sh:select "SELECT $this ?value WHERE {{ {{ {QUERY} }} UNION {{ {QUERY} }} }}" ] .
my:F2 {TEXTS} sh:sparql [ sh:select "SELECT $this ?value WHERE {{ OPTIONAL {{ {QUERY} }} FILTER (BOUND(?value)) }}" ] .
my:F3 {TEXTS} my:longest 3 .
my:F5 {TEXTS} sh:sparql my:named . my:named sh:select "SELECT $this\\n\\tWHERE {{\\n\\t\\t{{ {QUERY} }}\\n\\tUNION\\n\\t{{ {QUERY} }} }}" .
my:F6 {TEXTS} sh:sparql [ sh:select "SELECT $this WHERE {{ {{ {{ FILTER (isIRI($this)) }} FILTER (bound($this)) }} FILTER (true) }}" ] .
my:F4 {TEXTS} sh:property [ sh:path skos:prefLabel ; sh:maxLength 3 ] .
my:longestComponent a sh:ConstraintComponent ; sh:parameter [ sh:path my:longest ] ;
  sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:select "SELECT $this WHERE {{ {LONGEST} }}" ] .
""",
        encoding="utf-8",
    )
    found = {finding.rule.id for finding in validate(own).findings}
    assert {"F1", "F2", "F3", "F4", "F5", "F6"} <= found


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("[] a sh:NodeShape ; sh:targetClass bk:Role ; sh:property [ sh:path skos:prefLabel ; sh:maxLength 3 ] .", "ns#Role"),
        ("my:F1 a sh:PropertyShape ; sh:targetSubjectsOf skos:prefLabel ; sh:path skos:prefLabel ; sh:maxLength 3 .", "core#prefLabel"),
        (f"my:F1 {TEXTS} sh:severity my:Grave .", "rule/Grave"),
    ],
)
def test_a_rule_that_would_be_passed_over_is_refused(own: Project, shape: str, words: str) -> None:
    (own.root / "shapes" / "own.ttl").write_text(PREFIXES + shape, encoding="utf-8")
    with pytest.raises(UserError, match=words) as error:
        validate(own)
    assert "own.ttl" in str(error.value)


def test_a_query_that_shacl_does_not_allow_is_told(own: Project) -> None:
    rule = f'{PREFIXES}\nmy:F1 {TEXTS} sh:sparql [ sh:select "SELECT $this WHERE {{ {QUERY}\\nMINUS {{ $this ?x 3 }} }}" ] .'
    (own.root / "shapes" / "own.ttl").write_text(rule, encoding="utf-8")
    with pytest.raises(UserError, match="MINUS"):
        validate(own)


def test_every_property_with_a_datatype_is_held_to_it(project: Project, asserted: Store) -> None:
    shapes = project.reader.load(project.list_shape_files())
    typed = {
        path.object
        for name in ("datatype", "or", "node")
        for shape in shapes.quads_for_pattern(None, expand_shacl(name), None)
        for path in shapes.quads_for_pattern(shape.subject, expand_shacl("path"), None)
    }
    ranges = {
        quad.subject
        for quad in asserted.quads_for_pattern(None, NamedNode("http://www.w3.org/2000/01/rdf-schema#range"), None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(XSD) and quad.object.value != f"{XSD}string"
    }
    dated = {quad.predicate for quad in asserted if isinstance(quad.object, Literal) and quad.object.datatype.value in DATES}
    # The rules on what these count ask for their types: L9, T11.
    counted = {NamedNode(f"{NAMESPACE}{name}") for name in ("order", "seats", "minimumSeats", "interval")}
    assert counted < ranges | dated and (ranges | dated) - typed == counted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            ROLE.replace("https://w3id.org/balansekunst/ns#", "http://w3id.org/balansekunst/ns#"),
            "http://w3id.org/balansekunst/ns#, which is",
        ),
        (ROLE.replace("https://w3id.org/balansekunst/ns#", "https://w3id.org/balansekunst/ns/"), "balansekunst/ns/, which is"),
        (PREFIXES, "Nothing in this file belongs"),
        (PREFIXES + '<https://example.org/a> skos:prefLabel "A"@nb .', "Nothing in this file belongs"),
    ],
)
def test_a_file_that_no_rule_would_look_at_says_so(project: Project, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        validate(project, [file])
    assert re.search(re.escape(words), " ".join(error.value.format_sentences("en")))
