"""Which files must be read together for what is found in one of them to be right, and which things a check of it is about.

A standard stands on the vocabulary, the competence scheme, the documents, and the standards that it names; it does not stand on the
rest of the graph. So a check reads those, and only those, and asks only about what the given files mention.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from balansekunst.checking.rules import RDF_TYPE, SHACL, shacl
from balansekunst.load import content, graph_files, graph_name, load
from balansekunst.project import BASE, FILE_FOLDERS, Project, local

SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
MENTION = re.compile(rf"\b(?:{'|'.join(FILE_FOLDERS)})/([a-z0-9-]*)")
IN_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
SCHEME = NamedNode(f"{BASE}competence")
"""Whoever speaks of the scheme itself adds to it, and is checked with all of it."""
GROUP_SIZE = 100
"""Files checked at a time: some 60,000 triples, for which the engine takes below 1 GB."""


@dataclass(frozen=True)
class Scope:
    """What is read for one check."""

    store: Store
    """The given files and what they stand on, each file in a graph of its own."""
    files: dict[str, Path]
    """The file behind each graph."""
    given: frozenset[str]
    """The names of the given files' graphs."""


def groups(project: Project, given: list[Path]) -> list[list[Path]]:
    """Part files into groups that can be checked one by one.

    Files that name each other's things stand in one group, since some rules look from the one that is named to the one that names it.

    Raises:
        UserError: a file cannot be read.
    """
    if len(given) <= GROUP_SIZE:
        return [given]
    common = set(project.common_sources())
    by_slug: dict[str, list[Path]] = {}
    for file in given:
        if file not in common:
            by_slug.setdefault(file.stem, []).append(file)
    leader = {file: file for file in given}

    def find(file: Path) -> Path:
        while leader[file] != file:
            leader[file] = file = leader[leader[file]]
        return file

    for file in chain.from_iterable(by_slug.values()):
        for other in chain.from_iterable(by_slug[slug] for slug in named_slugs(project, file) & by_slug.keys()):
            leader[find(file)] = find(other)
    clusters: dict[Path, list[Path]] = {}
    for file in given:
        clusters.setdefault(find(file), []).append(file)
    made: list[list[Path]] = [[]]
    for cluster in clusters.values():
        if made[-1] and len(made[-1]) + len(cluster) > GROUP_SIZE:
            made.append([])
        made[-1] += cluster
    return made


def named_slugs(project: Project, file: Path) -> set[str]:
    """Return the slugs of the roles, standards and individuals that a file names.

    Raises:
        UserError: the file cannot be read.
    """
    found = set(MENTION.findall(content(file)))
    if "" in found:
        # A prefix may hide the names: read them out.
        return {path.stem for iri in mentioned(load([file], project.root)) for path in project.own_files(iri.value)}
    return found


def data_folders(project: Project) -> set[Path]:
    """Return where the project's own data lies, and that of the project it stands on."""
    return {project.root / "data", project.home / "data"}


def mentioned(quads: Iterable[Quad]) -> set[NamedNode]:
    """Return the things that quads speak of or point to."""
    return {node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, NamedNode)}


def gather(project: Project, given: list[Path]) -> Scope:
    """Read the given files and what they stand on.

    What a given file from outside the project describes takes the place of what the project says of it, so that a changed copy can be
    checked. A copy with the name of the project's own file takes the place of that file whole.

    Raises:
        UserError: a file cannot be read.
    """
    store = load(given, project.root)
    named = mentioned(store)
    own = {path for iri in named for path in project.own_files(iri.value)}
    context = [path for path in [*project.common_sources(), *sorted(path for path in own if path.exists())] if path not in given]
    store.extend(load(context, project.root))
    outside = {graph_name(path, project.root): path for path in given if not any(map(path.is_relative_to, data_folders(project)))}
    graphs = {graph_name(path, project.root): path for path in context}
    remove_replaced(store, outside, graphs, project)
    if SCHEME not in named:
        prune(store, {graph for graph, path in graphs.items() if path.parent.parent in data_folders(project) and path not in own})
    names = frozenset(graph_name(path, project.root).value for path in given)
    return Scope(store, graph_files([*given, *context], project.root), names)


def remove_replaced(store: Store, given: dict[NamedNode, Path], context: dict[NamedNode, Path], project: Project) -> None:
    """Take out of the `context` graphs of `store` what the `given` graphs say anew."""
    for graph, path in given.items():
        described = {q.subject for q in store.quads_for_pattern(None, RDF_TYPE, None, graph)}
        if not described:
            continue
        for other, other_path in context.items():
            if other_path.name == path.name and any(has(store, thing, other) for thing in described):
                store.remove_graph(other)
        graphs = {path: graph for graph, path in context.items()}
        for quad in [q for thing in sorted(described, key=str) for q in parts(store, thing, graphs, project)]:
            store.remove(quad)


def prune(store: Store, graphs: Collection[NamedNode]) -> None:
    """Take out of `graphs` what cannot be reached from what stands in the others: a standard names few of all competences, and no figure.

    That a competence is in the scheme stays, so that the nearest name can be told where one is misspelt.
    """
    waiting = list(mentioned(q for q in store if q.graph_name not in graphs))
    reached = set(waiting)
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None):
            if isinstance(quad.object, NamedNode) and quad.object not in reached and quad.object != SCHEME:
                reached.add(quad.object)
                waiting.append(quad.object)
    for graph in graphs:
        kept = [q for q in store.quads_for_pattern(None, None, None, graph) if q.subject in reached or q.predicate == IN_SCHEME]
        store.remove_graph(graph)
        store.extend(kept)


def has(store: Store, thing: NamedNode | BlankNode | Triple, graph: NamedNode) -> bool:
    """Tell whether `graph` describes `thing`."""
    return next(iter(store.quads_for_pattern(thing, None, None, graph)), None) is not None


def parts(store: Store, thing: NamedNode | BlankNode | Triple, context: dict[Path, NamedNode], project: Project) -> Iterator[Quad]:
    """Return what the `context` graphs, by file, say of `thing`, and of what lies under its address where it has a file of its own."""
    if not isinstance(thing, NamedNode):
        return
    yield from (q for graph in context.values() for q in store.quads_for_pattern(thing, None, None, graph))
    if local(thing.value).count("/") == 1:
        for graph in (context[path] for path in project.own_files(thing.value) if path in context):
            for quad in store.quads_for_pattern(None, None, None, graph):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(f"{thing.value}/"):
                    yield quad


def asked(scope: Scope) -> list[NamedNode | BlankNode]:
    """Return what the given files speak of or point to, sorted: what a check is about."""
    found: set[NamedNode | BlankNode] = set()
    for name in scope.given:
        for quad in scope.store.quads_for_pattern(None, None, None, NamedNode(name)):
            found.update(node for node in (quad.subject, quad.object) if isinstance(node, NamedNode | BlankNode))
    return sorted(found, key=str)


def restricted(rules: list[Quad], scope: Scope, nodes: Collection[NamedNode | BlankNode], whole_sets: bool = True) -> list[Quad]:
    """Return the rules' quads with their targets narrowed to `nodes`.

    SHACL cannot name a blank node as a target; whoever uses the result gives blank nodes addresses first.

    Args:
        rules: shapes.
        scope: what is checked.
        nodes: what to ask about.
        whole_sets: whether rules that name their one target, a whole set, are kept.
    """
    wanted = set(nodes)
    instances: dict[NamedNode, set[NamedNode | BlankNode]] = {}
    superclasses: dict[NamedNode, set[NamedNode]] = {}
    for node in wanted:
        for quad in scope.store.quads_for_pattern(node, RDF_TYPE, None):
            if isinstance(quad.object, NamedNode):
                for kind in superclasses.setdefault(quad.object, above(scope.store, quad.object)):
                    instances.setdefault(kind, set()).add(node)
    kept = []
    for quad in rules:
        name = quad.predicate.value.removeprefix(SHACL)
        if name == "targetNode" and not whole_sets:
            continue
        if name not in ("targetClass", "targetSubjectsOf", "targetObjectsOf") or not isinstance(quad.object, NamedNode):
            kept.append(quad)
        elif name == "targetClass":
            kept += [Quad(quad.subject, shacl("targetNode"), node) for node in instances.get(quad.object, ())]
        else:
            users = scope.store.quads_for_pattern(None, quad.object, None)
            targets = {q.subject if name == "targetSubjectsOf" else q.object for q in users}
            kept += [Quad(quad.subject, shacl("targetNode"), node) for node in targets & wanted]
    return kept


def is_most(scope: Scope, nodes: Collection[NamedNode | BlankNode]) -> bool:
    """Tell whether `nodes` are most of what was read, so that nothing is won by naming them."""
    return 2 * len(nodes) > sum(1 for _ in scope.store.quads_for_pattern(None, RDF_TYPE, None))


def above(store: Store, kind: NamedNode) -> set[NamedNode]:
    """Return a class and every class above it."""
    found, waiting = {kind}, [kind]
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), SUBCLASS, None):
            if isinstance(quad.object, NamedNode) and quad.object not in found:
                found.add(quad.object)
                waiting.append(quad.object)
    return found
