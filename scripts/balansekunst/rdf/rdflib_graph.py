"""Hand statements over to rdflib, and take them back: for what is built on it, such as pySHACL and owlrl."""

from collections.abc import Iterable
from functools import lru_cache

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib.namespace import XSD

from balansekunst.rdf.graph import Term


def as_rdflib(statements: Iterable[Quad | Triple], graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """Put statements, of whatever graph they are, into `graph`, or a new one. This takes a third of the time that its parser takes."""
    graph = rdflib.Graph() if graph is None else graph
    for statement in statements:
        graph.add((_to_rdflib(statement.subject), _to_rdflib(statement.predicate), _to_rdflib(statement.object)))
    return graph


@lru_cache(maxsize=2**18)
def _to_rdflib(term: Term) -> rdflib.term.Identifier:
    """Return a term as rdflib has it. Its lexical form stays as it is."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    is_plain = term.language or term.datatype.value == str(XSD.string)
    return rdflib.Literal(term.value, lang=term.language, datatype=None if is_plain else term.datatype.value, normalize=False)


def from_rdflib(triple: tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]) -> Triple:
    """Return a triple of rdflib as pyoxigraph has it."""
    subject, predicate, object = triple
    assert isinstance(predicate, rdflib.URIRef)
    start = NamedNode(subject) if isinstance(subject, rdflib.URIRef) else BlankNode(str(subject))
    if isinstance(object, rdflib.Literal):
        end = Literal(str(object), language=object.language) if object.language else Literal(str(object), datatype=_get_datatype(object))
        return Triple(start, NamedNode(predicate), end)
    return Triple(start, NamedNode(predicate), NamedNode(object) if isinstance(object, rdflib.URIRef) else BlankNode(str(object)))


def _get_datatype(literal: rdflib.Literal) -> NamedNode:
    """Return the datatype of a literal without a language."""
    return NamedNode(literal.datatype or XSD.string)
