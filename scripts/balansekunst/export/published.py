"""What of the store is published as data, and how RDF is written.

Output is the same to the byte for the same input: triples are sorted, and blank nodes are named by RDFC-1.0 (RDF Dataset
Canonicalization, https://www.w3.org/TR/rdf-canon/).
"""

from functools import cache

from pyoxigraph import (
    NamedNode,
    Quad,
    Store,
)

from balansekunst.export.paths import VOCABULARY_IRI
from balansekunst.namespaces import GRAPH_PATH, INFERRED_GRAPH, Bases, expand_curie
from balansekunst.project import Project, is_web_address
from balansekunst.rdf.graph import find_objects

_CREATIVE_COMMONS = "https://creativecommons.org/licenses/by/4.0/"
_DATA_GRAPH_PREFIXES = ("data/", "ontology/balance-model", "ontology/cooperation-model")
"""The graphs that hold data, by what their names have after the base and `graph/`."""


def is_data(quad: Quad, bases: Bases) -> bool:
    """Tell whether a quad was entered as data, or describes one of the model's own individuals."""
    return isinstance(quad.graph_name, NamedNode) and _is_data_graph(quad.graph_name.value, bases)


@cache
def _is_data_graph(graph: str, bases: Bases) -> bool:
    """Tell whether a graph, given by its name, holds data."""
    return bases.find_base(graph) is not None and bases.strip_base(graph).removeprefix(GRAPH_PATH).startswith(_DATA_GRAPH_PREFIXES)


def list_resources(store: Store, bases: Bases) -> list[str]:
    """Return the IRIs below a base of ours that something is stated of as data, sorted. Each has a page and files.

    What has a fragment, such as a mapping, is part of the document of another. The vocabulary is not among them.
    """
    found = {
        quad.subject.value
        for quad in store
        if isinstance(quad.subject, NamedNode) and (is_data(quad, bases) or quad.graph_name == INFERRED_GRAPH)
    }
    return sorted(iri for iri in found if bases.find_base(iri) and "#" not in iri and iri != VOCABULARY_IRI)


def find_licence(store: Store, project: Project) -> str:
    """Return the address of what others may do with the content, as the dataset says it."""
    found = find_objects(store, NamedNode(project.dataset), expand_curie("dcterms:license"))
    return next((term.value for term in found if isinstance(term, NamedNode) and is_web_address(term.value)), _CREATIVE_COMMONS)
