"""What a query names, and which of our terms none does. Apart from the catalogue, since the parser of SPARQL takes long to start."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from pyoxigraph import NamedNode, Store
from pyparsing import ParseResults
from rdflib import URIRef
from rdflib.plugins.sparql.algebra import translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery

from balansekunst.namespaces import NAMESPACE, OWL, RDF_TYPE
from balansekunst.project import Project


def find_unused_terms(project: Project, store: Store) -> list[tuple[NamedNode, int]]:
    """Return the classes and properties of ours that no query names, with how often the data uses each, most used first."""
    named = {term for path in project.list_queries() for term in extract_iris(project.reader.read_text(path))}
    kinds = [NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")]
    ours = {
        quad.subject
        for kind in kinds
        for quad in store.quads_for_pattern(None, RDF_TYPE, kind)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(NAMESPACE)
    }
    uses = Counter(quad.predicate for quad in store) + Counter(
        quad.object for quad in store.quads_for_pattern(None, RDF_TYPE, None) if isinstance(quad.object, NamedNode)
    )
    return sorted(((term, uses[term]) for term in ours if term.value not in named), key=lambda found: (-found[1], found[0].value))


def extract_iris(query: str) -> set[str]:
    """Return the IRIs that a query names."""
    prologue, body = parseQuery(query)
    # The parse tree and not the algebra: that loses filters within EXISTS.
    named = partial(translatePName, prologue=translatePrologue(prologue, None))
    return {str(part) for part in walk_parse_tree(traverse(body, visitPost=named)) if isinstance(part, URIRef)}


def walk_parse_tree(tree: object) -> Iterator[object]:
    """Give every part of what rdflib's parser of SPARQL gives."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        # `ParseResults` is a mapping too, but has more items than names.
        if isinstance(part, list | tuple | set | ParseResults):
            waiting.extend(part)
        elif isinstance(part, Mapping):
            waiting.extend(part.values())
