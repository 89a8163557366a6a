"""Other engines than the one the project uses, to hold it to: pySHACL as `validate.check` takes it, and answers of SPARQL engines."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib.namespace import SH, XSD
from rdflib.plugins.sparql import prepareQuery

from balansekunst.asking.catalogue import Answer
from balansekunst.checking.validate import triples_of
from balansekunst.load import Term

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


def rule_of(shape: rdflib.term.Node) -> str:
    """The id in the IRI of a rule's shape, or of a shape that one of its SPARQL constraints was given."""
    return str(shape).split("/sparql/")[0].rsplit("/", 1)[-1]


@cache
def converted(term: Term) -> rdflib.term.Identifier:
    """A term as rdflib has it. Tests read the same terms over and over."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    plain = term.language or term.datatype.value == str(XSD.string)
    return rdflib.Literal(term.value, lang=term.language, datatype=None if plain else term.datatype.value)


prepared = cache(prepareQuery)


class Prepared(rdflib.Graph):
    """A graph that reads a query once: rules ask the same of thing after thing, and reading takes rdflib as long as answering.

    pySHACL names the prefixes in another order each time it reads the rules; each order would be remembered, which takes gigabytes.
    """

    def query(self, query_object: Any, *rest: Any, **more: Any) -> Any:
        lines = sorted(query_object.splitlines(), key=lambda line: (0, line) if line.startswith("PREFIX ") else (1, ""))
        return super().query(prepared("\n".join(lines)), *rest, **more)


def as_rdflib(statements: Iterable[Quad | Triple], graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """Statements in rdflib's own store, of whatever graph they are. This takes a third of the time that its parser takes."""
    graph = rdflib.Graph() if graph is None else graph
    for s in statements:
        graph.add((converted(s.subject), converted(s.predicate), converted(s.object)))
    return graph


def reference(data: str, shapes: str, rule: str | None = None) -> Iterable[Triple]:
    """Validate with pySHACL, by all shapes or only by those of one rule."""
    rules = as_rdflib(triples_of(shapes))
    for shape in set(rules.subjects()) if rule else ():
        if rule_of(shape) != rule:
            for target in TARGETS:
                rules.remove((shape, target, None))
    _, report, _ = pyshacl.validate(as_rdflib(triples_of(data), Prepared()), shacl_graph=rules, inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph), report
    return triples_of(report.serialize(format="nt"))


def comparable(answer: Answer) -> list[tuple[object, ...]]:
    """The rows of an answer, so that engines that agree are equal.

    Engines differ in how many places they give a number, and in the order in which they gather lines into one text.
    """

    def cell(term: Term | None) -> object:
        if isinstance(term, Literal) and term.datatype.value.endswith(("#decimal", "#double")):
            return round(Decimal(term.value), 9)
        if isinstance(term, Literal) and "\n" in term.value:
            return sorted(term.value.split("\n"))
        return term

    return [tuple(cell(row[name]) for name in answer.variables) for row in answer.rows]
