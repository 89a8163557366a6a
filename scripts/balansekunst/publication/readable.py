"""Write graphs as people write them, the same to the byte for the same statements."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import rdflib
from pyld import jsonld
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, Triple, serialize

from balansekunst.checking.rules import RDF_TYPE


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples, each once and sorted, with blank nodes named by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/)."""
    given = set(triples)
    if not has_blank_nodes(given):
        return sorted(given, key=str)
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in given)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((Triple(q.subject, q.predicate, q.object) for q in dataset), key=str)


def has_blank_nodes(triples: Iterable[Triple]) -> bool:
    """Tell whether there is any blank node."""
    return any(isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode) for triple in triples)


def graph_of(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> rdflib.Graph:
    """Return the triples as an rdflib graph whose blank nodes have the names of `canonical`."""
    found = canonical(triples)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)
    # Without this map rdflib would give the blank nodes random names, and order what it writes by them.
    names = {node.value: rdflib.BNode(node.value) for t in found for node in (t.subject, t.object) if isinstance(node, BlankNode)}
    graph.parse(data="".join(f"{t} .\n" for t in found), format="nt11", bnode_context=names)
    return graph


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return the triples as Turtle, with lists and anonymous nodes written as people write them."""
    triples = list(triples)
    if not has_blank_nodes(triples):
        return with_prefixes(sorted(triples, key=place), RdfFormat.TURTLE, prefixes)
    return graph_of(triples, prefixes).serialize(format="turtle", encoding="utf-8")


def place(statement: Quad | Triple) -> tuple[str, bool, str, str]:
    """Return what a statement is put in order by: subject, `rdf:type` first, then predicate and object."""
    return str(statement.subject), statement.predicate != RDF_TYPE, str(statement.predicate), str(statement.object)


def with_prefixes(statements: Iterable[Triple] | Iterable[Quad], format: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Return triples or quads without blank nodes in Turtle or TriG, in the order given, by the fast writer."""
    written = serialize(statements, format=format, prefixes=dict(prefixes))
    assert written is not None
    # The serialiser writes prefixes in no fixed order.
    lines = written.split(b"\n")
    return b"\n".join([*sorted(lines[: len(prefixes)]), b"", *lines[len(prefixes) :]])


def json_ld(triples: Iterable[Triple], context: Mapping[str, Any]) -> bytes:
    """Return the triples as JSON-LD, compacted with a context that calls `@id`, `@type` and `@graph` `id`, `type` and `graph`.

    The context is written into the document, so that nothing is fetched.
    """
    written = serialize(triples, format=RdfFormat.JSON_LD)
    assert written is not None
    expanded = json.loads(written)
    for node in expanded:
        node["@type"] = sorted(kind["@id"] for kind in node.pop(RDF_TYPE.value, []))
    compact: dict[str, Any] = jsonld.compact(expanded, context, {"graph": True, "documentLoader": refuse})
    ordered = {"@context": compact["@context"], "graph": sorted(compact["graph"], key=lambda node: str(node["id"]))}
    return (json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def refuse(url: str, options: dict[str, Any]) -> Any:
    """Refuse to fetch a document: all we need is in ours."""
    raise PermissionError(url)
