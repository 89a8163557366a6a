"""What is asked once for all gives the results of an engine that asks for each thing, whatever the shapes say."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from balansekunst.namespaces import SHACL
from balansekunst.rdf.ntriples import serialize_ntriples
from balansekunst.shacl.constraint_queries import ConstraintQueries
from balansekunst.shacl.data_graph import load_data_graph
from balansekunst.shacl.engines import FallbackEngine, validate_with_pyshacl
from balansekunst.shacl.validate import validate_data_graph
from benchmarks.generate import FAULTS, generate

PREFIXES = (
    "@prefix : <https://a.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
)
DATA = """
:a a :Thing ; :name "A"@nb , "A"@en ; :part :b .
:b a :Small ; :size 5 , "mange"^^<http://www.w3.org/2001/XMLSchema#integer> , 1.5 ; :name "Be"@nb , "Bee"@NB ; :name "B" ; :part :a , :c .
:c a :Thing ; :size -2 ; :name "Tre 3"@nb ; :code "x1" , "y" ; :part :b .
:Small rdfs:subClassOf :Thing .
"""
SHAPES = (
    "sh:property [ sh:path :code ; sh:minCount 1 ]",
    "sh:property [ sh:path :code ; sh:maxCount 0 ]",
    "sh:property [ sh:path :name ; sh:maxCount 1 ]",
    "sh:property [ sh:path :name ; sh:minCount 2 ]",
    "sh:property [ sh:path :name ; sh:uniqueLang true ]",
    "sh:property [ sh:path :part ; sh:not [ sh:property [ sh:path :name ; sh:uniqueLang true ] ] ]",
    'sh:property [ sh:path :name ; sh:languageIn ( "nb" "en" ) ]',
    'sh:property [ sh:path :name ; sh:qualifiedValueShape [ sh:languageIn ( "en" ) ] ; sh:qualifiedMinCount 1 ]',
    'sh:property [ sh:path :name ; sh:qualifiedValueShape [ sh:languageIn ( "nb" ) ] ; sh:qualifiedMaxCount 1 ]',
    'sh:property [ sh:path [ sh:alternativePath ( :name :code ) ] ; sh:not [ sh:pattern "[0-9]" ] ]',
    'sh:property [ sh:path :name ; sh:not [ sh:languageIn ( "nb" ) ; sh:pattern "^b" ; sh:flags "i" ] ]',
    'sh:property [ sh:path :name ; sh:pattern "^(?:A|B)" ]',
    "sh:property [ sh:path :name ; sh:maxLength 2 ]",
    "sh:property [ sh:path [ sh:inversePath :code ] ; sh:minCount 1 ]",
    "sh:property [ sh:path ( :part :code ) ; sh:minCount 1 ]",
    "sh:property [ sh:path :part ; sh:class :Small ]",
    "sh:property [ sh:path :part ; sh:hasValue :b ]",
    "sh:property [ sh:path :part ; sh:in ( :a :b ) ]",
    "sh:property [ sh:path [ sh:alternativePath ( :code :part ) ] ; sh:nodeKind sh:IRI ]",
    "sh:property [ sh:path :part ; sh:or ( [ sh:class :Small ] [ sh:property [ sh:path :code ; sh:minCount 1 ] ] ) ]",
    "sh:property [ sh:path :part ; sh:node [ sh:property [ sh:path :part ; sh:maxCount 1 ] ] ]",
    "sh:property [ sh:path :part ; sh:node [ sh:property [ sh:path :part ; sh:minCount 2 ] ] ]",
    "sh:property [ sh:path :part ; sh:node [ sh:property [ sh:path :name ; sh:minCount 2 ] ] ]",
    "sh:property [ sh:path [ sh:oneOrMorePath :part ] ; sh:minCount 4 ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath :part ] ; sh:nodeKind sh:Literal ]",
    "sh:property [ sh:path ( [ sh:zeroOrOnePath :part ] :code ) ; sh:maxCount 1 ]",
    "sh:property [ sh:path ( [ sh:zeroOrMorePath :size ] :code ) ; sh:minCount 1 ]",
    "sh:property [ sh:path ( :part :part :part ) ; sh:disjoint :part ]",
    "sh:property [ sh:path [ sh:oneOrMorePath :part ] ; sh:disjoint :part ]",
    "sh:property [ sh:path :name ; sh:datatype <http://www.w3.org/2001/XMLSchema#string> ]",
    "sh:property [ sh:path :size ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ]",
    "sh:property [ sh:path :size ; sh:or ( [ sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ] [ sh:hasValue 1.5 ] ) ]",
    "sh:property [ sh:path :size ; sh:not [ sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ] ]",
    "sh:property [ sh:path :name ; sh:not [ sh:datatype <http://www.w3.org/2001/XMLSchema#string> ] ]",
    "sh:property [ sh:path :size ; sh:minInclusive 1 ]",
    "sh:property [ sh:path :size ; sh:maxInclusive 2 ; sh:nodeKind sh:IRI ]",
    "sh:property [ sh:path :code ; sh:minCount 1 ; sh:deactivated true ]",
    "sh:not [ sh:class :Small ]",
    "sh:not [ sh:property [ sh:path :code ; sh:minCount 1 ] ]",
    'sh:pattern "a$"',
    'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <https://a.example/code> ?value }" ]',
    'sh:sparql [ sh:select "SELECT $this { FILTER NOT EXISTS { $this <https://a.example/code> ?code } }" ]',
    'sh:sparql [ sh:select "SELECT $this ?value { $this <https://a.example/name> ?value } ORDER BY STR(?value) LANG(?value) LIMIT 1" ]',
)
LEFT = ("MaxCount", "(?:", "sh:not [ sh:datatype <http://www.w3.org/2001/XMLSchema#integer>", "deactivated", "LIMIT")
"""What shapes have in them that are left to an engine with all that they are about."""


def list_without_details(triples: list[Triple]) -> list[Triple]:
    details = {triple.object for triple in triples if triple.predicate == NamedNode(f"{SHACL}detail")}
    return [triple for triple in triples if triple.subject not in details]


def find_focus_nodes(triples: list[Triple]) -> set[object]:
    return {triple.object for triple in list_without_details(triples) if triple.predicate == NamedNode(f"{SHACL}focusNode")}


def key(triples: list[Triple]) -> set[tuple[str, ...]]:
    """The results of a report, without the names of shapes and results."""
    about: dict[object, list[str]] = {}
    for triple in list_without_details(triples):
        if triple.predicate.value.removeprefix(SHACL) in (
            "focusNode",
            "value",
            "sourceConstraintComponent",
            "resultSeverity",
        ):
            about.setdefault(triple.subject, []).append(f"{triple.predicate} {triple.object}")
    # An engine gives the thing itself as the value where a query selects none.
    return {tuple(sorted({line.replace("#focusNode>", "#value>") for line in lines})) for lines in about.values()}


def as_ntriples(turtle: str) -> str:
    return serialize_ntriples(Quad(q.subject, q.predicate, q.object) for q in parse(f"{PREFIXES}\n{turtle}".encode(), RdfFormat.TURTLE))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_finds_what_the_reference_finds(shape: str) -> None:
    target = "sh:targetSubjectsOf :name" if "pattern" in shape else "sh:targetClass :Thing"
    shapes, data = as_ntriples(f":s a sh:NodeShape ; {target} ; {shape} ."), as_ntriples(DATA)
    wanted = key(list(validate_with_pyshacl(data, shapes)))
    assert key(list(FallbackEngine()(data, shapes))) == wanted
    assert bool(wanted) != ("deactivated" in shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_engine_looks_at_what_may_violate_a_shape_alone(shape: str) -> None:
    shapes, data = as_ntriples(f":s a sh:NodeShape ; sh:targetClass :Thing ; {shape} ."), as_ntriples(DATA)
    report, _, targets = ConstraintQueries(data).check(shapes)
    found = find_focus_nodes(list(validate_with_pyshacl(data, shapes)))
    if any(part in shape for part in LEFT):
        assert len(targets) == 3 and not report
    elif "sparql" in shape:
        assert not targets and find_focus_nodes(report) == found
    else:
        assert {triple.object for triple in targets} == found


def test_blank_nodes_are_left_to_the_targets_of_the_shape() -> None:
    shapes, data = (
        as_ntriples(":s a sh:NodeShape ; sh:targetClass :Thing ; sh:nodeKind sh:IRI ."),
        as_ntriples("[] a :Thing . :b a :Thing ."),
    )
    wanted = key(list(validate_with_pyshacl(data, shapes)))
    assert len(wanted) == 1
    assert len(key(list(FallbackEngine()(data, shapes)))) == 1
    _, _, targets = ConstraintQueries(data).check(shapes)
    assert [triple.predicate.value for triple in targets] == [f"{SHACL}targetClass"]


@pytest.mark.slow
def test_what_an_engine_looks_at_does_not_grow_with_the_roles(tmp_path: Path) -> None:
    """A shape with many roles that is not asked at once shows here; each fault is in one thing."""
    left, things = list[int](), list[int]()
    for roles in (12, 36):
        project, _ = generate(tmp_path / str(roles), roles, faults=len(FAULTS))
        seen = list[int]()

        def count(data: str, shapes: str, seen: list[int] = seen) -> list[Triple]:
            report, _, targets = ConstraintQueries(data).check(shapes)
            seen.append(len(targets))
            return report

        scope = load_data_graph(project, [*project.list_sources(), *project.list_own_shape_files()])
        validate_data_graph(scope, project, count)
        left.append(sum(seen))
        things.append(len(scope.store))
    assert left[1] - left[0] < (things[1] - things[0]) / 10
