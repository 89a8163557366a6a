"""Write graphs as people write them, the same to the byte for the same statements."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from balansekunst.namespaces import PREFIXES, RDF_TYPE
from balansekunst.rdf.reader import FileReader
from balansekunst.xml_text import replace_unwritable

if TYPE_CHECKING:
    import rdflib

_TYPE_START = f"{RDF_TYPE} "
"""What is left of a statement that says what a thing is, without its subject, begins with this."""


def canonicalize_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples, each once and sorted, with blank nodes named by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/)."""
    given = set(triples)
    if not _has_blank_nodes(given):
        return sorted(given, key=str)
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in given)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((q.triple for q in dataset), key=str)


def _has_blank_nodes(triples: Iterable[Triple]) -> bool:
    """Tell whether there is any blank node."""
    return any(isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode) for triple in triples)


def _build_rdflib_graph(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> "rdflib.Graph":
    """Return the triples as an rdflib graph whose blank nodes have the names of `canonical`."""
    # It takes half a second to start.
    import rdflib

    found = canonicalize_triples(triples)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)
    # Without this map rdflib would give the blank nodes random names, and order what it writes by them.
    names = {node.value: rdflib.BNode(node.value) for t in found for node in (t.subject, t.object) if isinstance(node, BlankNode)}
    graph.parse(data="".join(f"{t} .\n" for t in found), format="nt11", bnode_context=names)
    return graph


def serialize_turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return the triples as Turtle, with lists and anonymous nodes written as people write them."""
    triples = list(triples)
    if not _has_blank_nodes(triples):
        return _serialize_with_prefixes(sorted(triples, key=_get_statement_sort_key), RdfFormat.TURTLE, prefixes)
    return _build_rdflib_graph(triples, prefixes).serialize(format="turtle", encoding="utf-8")


def _get_statement_sort_key(statement: Triple) -> tuple[str, bool, str]:
    """Return what a statement is put in order by: subject, `rdf:type` first, then predicate and object."""
    # Written out once, and parted after the subject, which has no blank: to ask for each term takes four times as long.
    subject, _, rest = str(statement).partition(" ")
    return subject, not rest.startswith(_TYPE_START), rest


def _serialize_with_prefixes(statements: Iterable[Triple] | Iterable[Quad], format: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Return triples or quads without blank nodes in Turtle or TriG, in the order given, by the fast writer."""
    written = serialize(statements, format=format, prefixes=dict(prefixes))
    assert written is not None
    # The serialiser writes prefixes in no fixed order.
    lines = written.split(b"\n")
    return b"\n".join([*sorted(lines[: len(prefixes)]), b"", *lines[len(prefixes) :]])


def serialize_json_ld(triples: Iterable[Triple], context: Mapping[str, Any]) -> bytes:
    """Return the triples as JSON-LD, compacted with a context that calls `@id`, `@type` and `@graph` `id`, `type` and `graph`.

    The context is written into the document, so that nothing is fetched.
    """
    written = serialize(triples, format=RdfFormat.JSON_LD)
    assert written is not None
    expanded = json.loads(written)
    for node in expanded:
        node["@type"] = sorted(kind["@id"] for kind in node.pop(RDF_TYPE.value, []))
    compact: dict[str, Any] = jsonld.compact(expanded, context, {"graph": True, "documentLoader": _refuse_remote_document})
    ordered = {"@context": compact["@context"], "graph": sorted(compact["graph"], key=lambda node: str(node["id"]))}
    return (json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _refuse_remote_document(url: str, options: dict[str, Any]) -> Any:
    """Refuse to fetch a document: all we need is in ours."""
    raise PermissionError(url)


def sort_triples(quads: Iterable[Quad | Triple]) -> list[Triple]:
    """Return the triples of `quads`, each once, by subject, then `rdf:type` first, then predicate and object."""
    return sorted({q if isinstance(q, Triple) else q.triple for q in quads}, key=_get_statement_sort_key)


def sort_quads(store: Store) -> list[Quad]:
    """Return all that is there by graph, subject, then `rdf:type` first, then predicate and object."""
    return sorted(store, key=lambda q: (str(q.graph_name), _get_statement_sort_key(q.triple)))


def serialize_rdf(statements: Iterable[Triple] | Iterable[Quad], format: RdfFormat) -> bytes:
    """Return triples or quads in `format`, in the order given, with our prefixes where the format has prefixes."""
    if format in (RdfFormat.TURTLE, RdfFormat.TRIG):
        return _serialize_with_prefixes(statements, format, PREFIXES)
    written = serialize(statements, format=format)
    assert written is not None
    return replace_unwritable(written.decode()).encode() if format == RdfFormat.RDF_XML else written


def load_sorted_triples(files: list[Path], reader: FileReader) -> list[Triple]:
    """Return what files say, sorted, with blank nodes named by RDFC-1.0."""
    return canonicalize_triples(Triple(q.subject, q.predicate, q.object) for q in reader.load(files))
