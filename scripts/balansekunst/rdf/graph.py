"""Read what a graph holds: texts by language, lists, and what a property leads to."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import LABEL_PROPERTIES, LIST_FIRST, LIST_REST

Texts = dict[str, str]
"""A text by language."""
Term = NamedNode | BlankNode | Literal | Triple


def serialize_term_json(term: Term | None) -> dict[str, str] | None:
    """Return a term as the SPARQL 1.1 Query Results JSON Format writes one."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        tag = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **tag}
    return None


def find_texts(store: Store, node: Term | None, predicate: NamedNode) -> Texts:
    """Return the texts that `predicate` gives `node`, by language."""
    if not isinstance(node, NamedNode | BlankNode):
        return {}
    quads = sorted(store.quads_for_pattern(node, predicate, None), key=str, reverse=True)
    return {q.object.language: q.object.value for q in quads if isinstance(q.object, Literal) and q.object.language}


def find_label(node: Term | None, language: str, *stores: Store) -> str | None:
    """Return what a node is called in `language`, else in another: by the first store, and the first property there, that names it."""
    if not isinstance(node, NamedNode | BlankNode):
        return None
    for store in stores:
        for property in LABEL_PROPERTIES:
            objects = (quad.object for quad in store.quads_for_pattern(node, property, None))
            named = sorted((term.language or "", term.value) for term in objects if isinstance(term, Literal))
            if named:
                texts = dict(reversed(named))
                return next((texts[tag] for tag in (language, *LANGUAGES) if tag in texts), named[0][1])
    return None


def iterate_list(store: Store, head: Term) -> Iterator[Term]:
    """Yield the members of an RDF list."""
    yield from find_objects(store, head, LIST_FIRST)
    for rest in find_objects(store, head, LIST_REST):
        yield from iterate_list(store, rest)


def find_objects(store: Store, subject: Term, predicate: NamedNode) -> list[Term]:
    """Return what a property of a thing leads to; nothing of a literal."""
    return [] if isinstance(subject, Literal) else [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]


def list_reachable_quads(store: Store, nodes: Iterable[Term]) -> list[Quad]:
    """List what is said of some nodes, and of what that leads to, in any order."""
    seen, found = set(nodes), list[Quad]()
    waiting = list(seen)
    while waiting:
        if isinstance(node := waiting.pop(), BlankNode | NamedNode):
            for quad in store.quads_for_pattern(node, None, None):
                found.append(quad)
                if quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)
    return found
