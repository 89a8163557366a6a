"""What differs between two versions of a graph, by the terms of the model: added, removed, retired, renamed, moved, reworded and so on.

What counts as which kind of change is told by the queries in `queries/diff/`, asked in the order of their numbers: each takes the
statements that it finds among those no query before it has taken, and the last takes all. So every changed statement is of one kind.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple

from balansekunst.namespaces import GRAPH_PREFIX
from balansekunst.project import Project
from balansekunst.rdf.graph import Term

_OLD_GRAPH, _NEW_GRAPH, _REMOVED_GRAPH, _ADDED_GRAPH = (
    NamedNode(f"{GRAPH_PREFIX}diff/{name}") for name in ("old", "new", "removed", "added")
)
"""The graphs that the queries read."""


@dataclass(frozen=True)
class Change:
    """Statements that changed together: one sentence."""

    kind: str
    """The name of the query that found it, without its number: `renamed`."""
    resource: Term
    """What it is about. Parts without an address are told of with the thing that has them."""
    property: NamedNode | None
    """The property that it is about; nothing where it is about the thing as a whole."""
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]


@dataclass(frozen=True)
class Diff:
    """Two versions of a graph, and what differs. Blank nodes have the names that `relabel_blank_nodes` gives."""

    old: frozenset[Triple]
    new: frozenset[Triple]
    changes: tuple[Change, ...]
    """By kind in the order of the queries, then by thing and property."""

    @property
    def removed(self) -> list[Triple]:
        """The statements that are only in the old version, sorted."""
        return sorted(self.old - self.new, key=str)

    @property
    def added(self) -> list[Triple]:
        """The statements that are only in the new version, sorted."""
        return sorted(self.new - self.old, key=str)


def compare_graphs(old: Iterable[Triple], new: Iterable[Triple], project: Project) -> Diff:
    """Return what differs between two graphs.

    Args:
        old: the statements of one graph, such as a release, a file, or the standard that a local one is based on.
        new: those of the other.
        project: where the queries are.
    """
    before, after = frozenset(relabel_blank_nodes(old)), frozenset(relabel_blank_nodes(new))
    removed, added = before - after, after - before
    owners = {**_find_blank_node_owners(before), **_find_blank_node_owners(after)}
    sides: dict[tuple[NamedNode, Triple], list[Triple]] = defaultdict(list)
    for side, triples in ((_REMOVED_GRAPH, removed), (_ADDED_GRAPH, added)):
        for triple in sorted(triples, key=str):
            sides[side, _replace_blank_subject(triple, owners)].append(triple)
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, _OLD_GRAPH) for t in before)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, _NEW_GRAPH) for t in after)
    store.extend(Quad(t.subject, t.predicate, t.object, side) for side, t in sides)
    changes = list[Change]()
    for path in project.list_diff_queries():
        taken: dict[tuple[str, Term, NamedNode | None], dict[NamedNode, list[Triple]]] = {}
        rows = store.query(project.reader.read_text(path))
        assert isinstance(rows, QuerySolutions)
        about = any(variable.value == "about" for variable in rows.variables)
        for row in rows:
            found = sides.pop((row["side"], Triple(row["thing"], row["predicate"], row["value"])), None)
            if found is not None:
                group = (str(row["thing"]), row["thing"], row["about"] if about else None)
                taken.setdefault(group, {_REMOVED_GRAPH: [], _ADDED_GRAPH: []})[row["side"]].extend(found)
        changes += [
            Change(
                _get_change_kind(path.stem),
                thing,
                property,
                *(tuple(sorted(taken[group][side], key=str)) for side in (_REMOVED_GRAPH, _ADDED_GRAPH)),
            )
            for group in sorted(taken, key=lambda group: (group[0], str(group[2])))
            for _, thing, property in [group]
        ]
    assert not sides, "the last query is to take all that is left"
    return Diff(before, after, tuple(changes))


def _get_change_kind(name: str) -> str:
    """Return the kind of change that a query tells of: its name without the number."""
    return re.sub(r"^\d+-", "", name)


def relabel_blank_nodes(triples: Iterable[Triple]) -> list[Triple]:
    """Return statements with blank nodes named by what hangs together with them, so that the same part has the same name in any graph.

    Parts of a graph that blank nodes hold together are made canonical one by one (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) and named
    by the hash of that. Equal parts are numbered; which of them has which number makes no difference.
    """
    graph = set(triples)
    named = [triple for triple in graph if not _list_blank_nodes(triple)]
    parts = [canonicalize_graph(part) for part in _group_connected_triples([triple for triple in graph if _list_blank_nodes(triple)])]
    seen: dict[str, int] = defaultdict(int)
    for part in parts:
        hash = sha256("\n".join(map(str, part)).encode()).hexdigest()[:20]
        seen[hash] += 1
        prefix = f"b{hash}x{seen[hash]}"
        for triple in part:
            subject, object = (BlankNode(prefix + t.value) if isinstance(t, BlankNode) else t for t in (triple.subject, triple.object))
            named.append(Triple(subject, triple.predicate, object))  # type: ignore[arg-type]
    return named


def _list_blank_nodes(triple: Triple) -> list[BlankNode]:
    """Return the blank nodes of a statement."""
    return [term for term in (triple.subject, triple.object) if isinstance(term, BlankNode)]


def _group_connected_triples(triples: list[Triple]) -> list[list[Triple]]:
    """Part statements with blank nodes into those that blank nodes hold together."""
    parent: dict[BlankNode, BlankNode] = {}

    def root(node: BlankNode) -> BlankNode:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for triple in triples:
        nodes = _list_blank_nodes(triple)
        parent[root(nodes[0])] = root(nodes[-1])
    parts: dict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        parts[root(_list_blank_nodes(triple)[0])].append(triple)
    return list(parts.values())


def canonicalize_graph(triples: Iterable[Triple]) -> list[Triple]:
    """Return statements with blank nodes named by RDFC-1.0, sorted."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((Triple(q.subject, q.predicate, q.object) for q in dataset), key=str)


def _find_blank_node_owners(triples: Iterable[Triple]) -> dict[BlankNode, NamedNode]:
    """Return the thing with an address that each blank node is a part of, for those that are part of one."""
    owners: dict[BlankNode, NamedNode] = {}
    for part in _group_connected_triples([triple for triple in triples if _list_blank_nodes(triple)]):
        named = sorted({t.subject for t in part if isinstance(t.subject, NamedNode)}, key=str)
        if named:
            owners |= {node: named[0] for triple in part for node in _list_blank_nodes(triple)}
    return owners


def _replace_blank_subject(triple: Triple, owners: dict[BlankNode, NamedNode]) -> Triple:
    """Return a statement with the thing that its subject is a part of in the subject's place."""
    subject = triple.subject
    if isinstance(subject, BlankNode) and subject in owners:
        subject = owners[subject]
    return Triple(subject, triple.predicate, triple.object)
