"""Read and write N-Triples, which engines take and give."""

from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize


def parse_ntriples(ntriples: str) -> list[Triple]:
    """Return the triples of N-Triples."""
    return [Triple(q.subject, q.predicate, q.object) for q in parse(ntriples, format=RdfFormat.N_TRIPLES)]


def serialize_ntriples(quads: Iterable[Quad]) -> str:
    """Return quads as N-Triples, each triple once, sorted."""
    written = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return "".join(f"{line}\n" for line in sorted({*written.decode().split("\n")} - {""}))
