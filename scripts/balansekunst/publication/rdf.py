"""What of the store is published as data, and how RDF is written.

Output is the same to the byte for the same input: triples are sorted, and blank nodes are named by RDFC-1.0 (RDF Dataset
Canonicalization, https://www.w3.org/TR/rdf-canon/).
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import (
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from balansekunst.load import GRAPHS, INFERRED, load
from balansekunst.project import NAMESPACE, Project, base_of, local
from balansekunst.publication.paths import VOCABULARY
from balansekunst.publication.readable import canonical, place, with_prefixes

DATA_GRAPHS = ("data/", "ontology/balance-model", "ontology/cooperation-model")
"""The graphs that hold data, by what their names have after the base and `graph/`."""
PREFIXES = {
    "bk": NAMESPACE,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def is_data(quad: Quad) -> bool:
    """Tell whether a quad was entered as data, or describes one of the model's own individuals."""
    return isinstance(quad.graph_name, NamedNode) and holds_data(quad.graph_name.value)


@cache
def holds_data(graph: str) -> bool:
    """Tell whether a graph, given by its name, holds data."""
    return base_of(graph) is not None and local(graph).removeprefix(GRAPHS).startswith(DATA_GRAPHS)


def resources(store: Store) -> list[str]:
    """Return the IRIs below a base of ours that something is stated of as data, sorted. Each has a page and files.

    The vocabulary is not among them.
    """
    found = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode) and (is_data(quad) or quad.graph_name == INFERRED)}
    return sorted(iri for iri in found if base_of(iri) and iri.partition("#")[0] != VOCABULARY)


def sorted_triples(quads: Iterable[Quad | Triple]) -> list[Triple]:
    """Return the triples of `quads`, each once, by subject, then `rdf:type` first, then predicate and object."""
    return sorted({Triple(q.subject, q.predicate, q.object) for q in quads}, key=place)


def sorted_quads(store: Store) -> list[Quad]:
    """Return all that is there by graph, subject, then `rdf:type` first, then predicate and object."""
    return sorted(store, key=lambda q: (str(q.graph_name), place(q)))


def serialized(statements: Iterable[Triple] | Iterable[Quad], format: RdfFormat) -> bytes:
    """Return triples or quads in `format`, in the order given, with our prefixes where the format has prefixes."""
    if format in (RdfFormat.TURTLE, RdfFormat.TRIG):
        return with_prefixes(statements, format, PREFIXES)
    written = serialize(statements, format=format)
    assert written is not None
    return written


def triples_of_files(files: list[Path], project: Project) -> list[Triple]:
    """Return what files say, sorted, with blank nodes named by RDFC-1.0."""
    return canonical(Triple(q.subject, q.predicate, q.object) for q in load(files, project.root))
