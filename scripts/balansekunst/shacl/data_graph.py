"""The data graph of a check: which files are loaded together, and which focus nodes are validated.

A standard depends on the vocabulary, the competence scheme, the documents, and the standards that it names, not on the rest of the
graph. So a check loads those only, and validates only what the given files mention.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import (
    BASE,
    IN_SCHEME,
    IS_PART_OF,
    NAMESPACE,
    RDF_TYPE,
    RDFS_SUBCLASS_OF,
    SHACL,
    SKOS_LABEL,
    STATED_IN,
    expand_curie,
    expand_shacl,
)
from balansekunst.project import FILE_FOLDERS, Project
from balansekunst.sssom import list_mapping_grounds

_MENTION_PATTERN = re.compile(rf"\b(?:{'|'.join(FILE_FOLDERS)})/([a-z0-9-]*)")
_HOST_PATTERN = re.compile(r"https?://[^/?#]+")
_UNIQUE_PROPERTIES = ("statement", "qualificationTitle")
"""Properties whose texts no other role or qualification may have (rules K8 and Q3): no link leads to one that has."""
_UNIQUE_TEXT_PATTERN = re.compile(rf"""[:#](?:{"|".join(_UNIQUE_PROPERTIES)})>?((?:[\s,]*"(?:[^"\\]|\\.)*"(?:@[\w-]+)?)+)""")
_QUOTED_PATTERN = re.compile(r"""\"((?:[^"\\]|\\.)+)\"""")
COMPETENCE_SCHEME = NamedNode(f"{BASE}competence")
"""Whoever speaks of the scheme itself adds to it, and is checked with all of it."""
_NAMESPACE_CUTOFF = 0.85
"""How alike a namespace must be to the vocabulary's to be taken for a slip."""
_MATCHES = [expand_curie(f"skos:{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related")]
_WAS_DERIVED_FROM = expand_curie("prov:wasDerivedFrom")
_BROADER_ROLE, _OF_PARTY = NamedNode(f"{NAMESPACE}broaderRole"), NamedNode(f"{NAMESPACE}ofParty")
_LOCAL_STANDARD = NamedNode(f"{NAMESPACE}LocalStandard")
_SETUP_CLASSES = {NamedNode(f"{NAMESPACE}SetUp"), NamedNode(f"{NAMESPACE}Arena")}
MAX_GROUP_BYTES = 4 * 2**20
"""Of files checked at a time: some 90,000 triples, for which a process takes some 600 MB."""


@dataclass(frozen=True)
class DataGraph:
    """What is read for one check."""

    store: Store
    """The given files and those they depend on, each file in a graph of its own."""
    files_by_graph: dict[str, Path]
    """The file behind each graph."""
    target_graphs: frozenset[str]
    """The names of the given files' graphs."""
    setup_graphs: frozenset[str] = frozenset()
    """Those of them that describe a municipality's set-up and lie outside the project: what is not to be published with it."""

    def list_setup_bases(self) -> set[str]:
        """Return what the IRIs in set-ups from outside the project begin with, up to and with the host, where they are not the method's."""
        found = [_HOST_PATTERN.match(iri.value) for iri in self._list_setup_subjects() if not iri.value.startswith(BASE)]
        return {f"{match[0]}/" for match in found if match}

    def list_setup_languages(self) -> set[str]:
        """Return the languages that set-ups from outside the project name things in."""
        names = [q.object for graph in self.setup_graphs for q in self.store.quads_for_pattern(None, SKOS_LABEL, None, NamedNode(graph))]
        return {name.language for name in names if isinstance(name, Literal) and name.language}

    def _list_setup_subjects(self) -> list[NamedNode]:
        quads = (q for graph in self.setup_graphs for q in self.store.quads_for_pattern(None, None, None, NamedNode(graph)))
        return [q.subject for q in quads if isinstance(q.subject, NamedNode)]


def group_files(project: Project, given: list[Path]) -> list[list[Path]]:
    """Part files into groups that can be checked one by one.

    Files that mention each other's resources are in one group, since some rules follow a link backwards, and so are files that have a
    text in common that only one may have.

    Raises:
        UserError: a file cannot be read.
    """
    sizes = {file: _get_size(file) for file in given}
    if sum(sizes.values()) <= MAX_GROUP_BYTES:
        return [given]
    common = set(project.list_common_sources())
    by_slug: dict[str, list[Path]] = {}
    for file in given:
        if file not in common:
            by_slug.setdefault(file.stem, []).append(file)
    leader = {file: file for file in given}
    # By each text that only one may have, a file that has it.
    first_with: dict[str, Path] = {}

    def find(file: Path) -> Path:
        while leader[file] != file:
            leader[file] = file = leader[leader[file]]
        return file

    for file in chain.from_iterable(by_slug.values()):
        for other in chain.from_iterable(by_slug[slug] for slug in _find_mentioned_slugs(project, file) & by_slug.keys()):
            leader[find(file)] = find(other)
        for text in _find_unique_texts(project, file):
            leader[find(file)] = find(first_with.setdefault(text, file))
    clusters: dict[Path, list[Path]] = {}
    for file in given:
        clusters.setdefault(find(file), []).append(file)
    made: list[list[Path]] = [[]]
    filled = 0
    for cluster in clusters.values():
        size = sum(sizes[file] for file in cluster)
        if made[-1] and filled + size > MAX_GROUP_BYTES:
            made.append([])
            filled = 0
        made[-1] += cluster
        filled += size
    return made


def _get_size(file: Path) -> int:
    """Return the bytes of a file; none of what is piped in, or is not there."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _find_mentioned_slugs(project: Project, file: Path) -> set[str]:
    """Return the slugs of the roles, standards and individuals that a file names.

    Raises:
        UserError: the file cannot be read.
    """
    found = set(_MENTION_PATTERN.findall(project.reader.read_text(file)))
    if "" in found:
        # A prefix may hide the names: read them out.
        return {path.stem for iri in _collect_iris(project.reader.parse_file(file)) for path in project.list_resource_files(iri.value)}
    return found


def _find_unique_texts(project: Project, file: Path) -> set[str]:
    """Return the texts in a file that no other may have.

    Raises:
        UserError: the file cannot be read.
    """
    if file.suffix != ".ttl":
        return _collect_unique_texts(project.reader.parse_file(file))
    written = _UNIQUE_TEXT_PATTERN.findall(project.reader.read_text(file))
    return {text.replace('\\"', '"') for texts in written for text in _QUOTED_PATTERN.findall(texts)}


def _collect_unique_texts(quads: Iterable[Quad]) -> set[str]:
    """Return the texts among quads that no other role or qualification may have."""
    names = {f"{NAMESPACE}{name}" for name in _UNIQUE_PROPERTIES}
    return {quad.object.value for quad in quads if quad.predicate.value in names and isinstance(quad.object, Literal)}


def _find_files_with_texts(project: Project, texts: set[str], known: set[Path]) -> set[Path]:
    """Return the files of single roles, standards and individuals, but for those that are known, that have any of some texts.

    Raises:
        UserError: a file cannot be read.
    """
    if not texts:
        return set()
    single = set(project.list_sources()) - set(project.list_common_sources()) - known
    return {path for path in single if texts & _find_unique_texts(project, path)}


def _collect_iris(quads: Iterable[Quad]) -> set[NamedNode]:
    """Return the IRIs that are subjects or objects of quads."""
    return {node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, NamedNode)}


def load_data_graph(project: Project, given: list[Path], beside: Collection[Path] = ()) -> DataGraph:
    """Load the given files and those they depend on.

    What a given file from outside the project describes takes the place of what the project says of it, so that a changed copy can be
    checked. A copy with the name of the project's own file takes the place of that file whole.

    Args:
        project: where what they depend on is.
        given: the files.
        beside: files that are checked beside them, in other groups of `group_files`.

    Raises:
        UserError: a file cannot be read, or says nothing that a rule would look at.
    """
    store = project.reader.load(given)
    _refuse_foreign_files(store, project, given)
    named = _collect_iris(store)
    own = {path for iri in named for path in project.list_resource_files(iri.value)}
    # What is built on shares lists with others, which they number too.
    origins = _collect_iris(
        [*store.quads_for_pattern(None, _WAS_DERIVED_FROM, None), *store.quads_for_pattern(None, RDF_TYPE, _LOCAL_STANDARD)]
    )
    built_on = [path for iri in origins for path in project.list_resource_files(iri.value) if path.exists() and path not in given]
    shared = {iri for path in built_on for iri in _collect_iris(project.reader.parse_file(path))}
    own |= {path for iri in shared for path in project.list_resource_files(iri.value)}
    # Someone else's project may point to anything of the method's: it is read, and what is not pointed to is pruned.
    everything = replace(project, include_base_data=True)
    own |= _find_files_with_texts(everything, _collect_unique_texts(store), {*given, *beside})
    context = [path for path in [*everything.list_common_sources(), *sorted(path for path in own if path.exists())] if path not in given]
    store.extend(project.reader.load(context))
    context += _load_broader_roles(store, project, {*given, *context})
    outside = {project.reader.build_graph_name(path): path for path in given if not any(map(path.is_relative_to, project.data_folders))}
    context += _load_named(store, outside, project, {*given, *context})
    graphs = {project.reader.build_graph_name(path): path for path in context}
    _remove_replaced(store, outside, graphs, project)
    if COMPETENCE_SCHEME not in named:
        _prune(store, {graph for graph, path in graphs.items() if path.parent.parent in project.data_folders and path not in own})
    _add_mapping_grounds(store, outside, project)
    names = frozenset(project.reader.build_graph_name(path).value for path in given)
    setups = frozenset(graph.value for graph in outside if _has_setup(store, graph))
    return DataGraph(store, project.reader.map_graphs_to_files([*given, *context]), names, setups)


def _refuse_foreign_files(store: Store, project: Project, given: list[Path]) -> None:
    """Refuse files in which nothing belongs to the method, or that have its terms in a namespace much like the vocabulary's.

    No rule would look at anything there, and silence would be taken for approval.

    Raises:
        UserError: there are such files; with a sentence for each, and the namespace that was written.
    """
    rules = set(project.list_own_shape_files())
    problems: list[Message] = []
    for path in (path for path in given if path not in rules):
        quads = list(store.quads_for_pattern(None, None, None, project.reader.build_graph_name(path)))
        terms = {quad.object if quad.predicate == RDF_TYPE else quad.predicate for quad in quads}
        namespaces = {re.sub("[^#/]*$", "", term.value) for term in terms if isinstance(term, NamedNode)}
        subjects = (quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
        if near := get_close_matches(NAMESPACE, sorted(namespaces - {NAMESPACE}), n=1, cutoff=_NAMESPACE_CUTOFF):
            problems.append(("validate.near-namespace", {"file": path, "namespace": NAMESPACE, "written": near[0]}))
        elif NAMESPACE not in namespaces and not any(map(project.bases.find_base, subjects)):
            problems.append(("validate.foreign", {"file": path, "namespace": NAMESPACE}))
    if problems:
        raise UserError(*problems)


def _has_setup(store: Store, graph: NamedNode) -> bool:
    """Tell whether a graph describes an arena of cooperation, or a set-up of several."""
    kinds = {q.object for q in store.quads_for_pattern(None, RDF_TYPE, None, graph) if isinstance(q.object, NamedNode)}
    return any(find_superclasses(store, kind) & _SETUP_CLASSES for kind in kinds)


def _load_broader_roles(store: Store, project: Project, read: set[Path]) -> list[Path]:
    """Read the broader roles of roles that say no party, since theirs is that of the broader role, and return the files."""
    found: list[Path] = []
    while True:
        iris = [q.object.value for q in store.quads_for_pattern(None, _BROADER_ROLE, None) if not _has_party(store, q.subject)]  # type: ignore[union-attr]
        files = {path for iri in iris for path in project.list_resource_files(iri) if path.exists()} - read
        if not files:
            return found
        store.extend(project.reader.load(sorted(files)))
        found += sorted(files)
        read = read | files


def _has_party(store: Store, role: NamedNode | BlankNode | Triple) -> bool:
    """Return whether a role states which party it belongs to."""
    return next(iter(store.quads_for_pattern(role, _OF_PARTY, None)), None) is not None


def _load_named(store: Store, given: Iterable[NamedNode], project: Project, read: set[Path]) -> list[Path]:
    """Read the files of roles, standards and individuals that describe what the `given` graphs only name, and return those."""
    named = {thing for graph in given for thing in _find_only_named(store, graph)}
    missing = [thing.value for thing in named if not _has_type_outside(store, thing, set(given)) and project.bases.find_base(thing.value)]
    if not missing:
        return []
    pattern = re.compile("|".join(rf"\b{re.escape(project.bases.strip_base(iri))}\b" for iri in sorted(missing)))
    files = [path for path in project.list_all_sources() if path not in read and pattern.search(project.reader.read_text(path))]
    store.extend(project.reader.load(files))
    return files


def _find_only_named(store: Store, graph: NamedNode) -> set[NamedNode]:
    """Return what `graph` says the class of, and the name if anything more, as published files do of what they link to."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject, set()).add(quad.predicate)
    return {thing for thing, predicates in found.items() if RDF_TYPE in predicates and predicates <= {RDF_TYPE, SKOS_LABEL}}


def _has_type_outside(store: Store, thing: NamedNode, graphs: Collection[NamedNode]) -> bool:
    """Return whether any graph but `graphs` says what kind of thing `thing` is."""
    return any(quad.graph_name not in graphs for quad in store.quads_for_pattern(thing, RDF_TYPE, None))


def _remove_replaced(store: Store, given: dict[NamedNode, Path], context: dict[NamedNode, Path], project: Project) -> None:
    """Take out of the `context` graphs of `store` what the `given` ones say anew, and out of these what they only name as the others do."""
    for graph, path in given.items():
        named = {thing for thing in _find_only_named(store, graph) if _is_named_alike(store, thing, graph, context)}
        described = {q.subject for q in store.quads_for_pattern(None, RDF_TYPE, None, graph)} - named
        if not described:
            continue
        for other, other_path in context.items():
            if other_path.name == path.name and _has_any(store, described, [other]) and not _has_any(store, named, [other]):
                store.remove_graph(other)
        graphs = {path: graph for graph, path in context.items()}
        for quad in [q for thing in sorted(described, key=str) for q in _find_description(store, thing, graphs, project)]:
            store.remove(quad)
        for quad in [q for thing in named for q in store.quads_for_pattern(thing, None, None, graph)]:
            store.remove(quad)


def _is_named_alike(store: Store, thing: NamedNode, graph: NamedNode, context: Iterable[NamedNode]) -> bool:
    """Return whether one of the `context` graphs describes `thing` by the names that `graph` has of it, or more."""
    names = {quad.object for quad in store.quads_for_pattern(thing, SKOS_LABEL, None, graph)}
    described = (other for other in context if _has_type(store, thing, other))
    return any(names <= {quad.object for quad in store.quads_for_pattern(thing, SKOS_LABEL, None, other)} for other in described)


def _has_any(store: Store, things: Iterable[NamedNode | BlankNode | Triple], graphs: Collection[NamedNode]) -> bool:
    """Return whether any of `things` is described in any of `graphs`."""
    return any(_has_type(store, thing, graph) for thing in things for graph in graphs)


def _add_mapping_grounds(store: Store, given: Collection[NamedNode], project: Project) -> None:
    """Add from the mapping tables the grounds of the mappings that the `given` graphs say without them."""
    mapped = {q.subject for graph in given for relation in _MATCHES for q in store.quads_for_pattern(None, relation, None, graph)}
    if mapped:
        wanted = {node.value for node in mapped if isinstance(node, NamedNode)}
        store.extend([quad for quad in list_mapping_grounds(project, wanted) if not _has_any(store, [quad.subject], given)])


def _prune(store: Store, graphs: Collection[NamedNode]) -> None:
    """Take out of `graphs` what cannot be reached from what stands in the others: a standard names few of all competences, and no figure.

    That a competence is in the scheme stays, with its name, so that the nearest can be told where one is misspelt, and that a name is
    taken; and what is listed beside something that is reached, so that no number seems to be missing from its list.
    """
    waiting = list(_collect_iris(q for q in store if q.graph_name not in graphs))
    reached = set(waiting)
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None):
            if isinstance(quad.object, NamedNode) and quad.object not in reached and quad.object != COMPETENCE_SCHEME:
                reached.add(quad.object)
                waiting.append(quad.object)
    # Many things may be stated in one place: each place is looked up once.
    wholes = {
        (part_of, q.object)
        for thing in reached
        for part_of in (IS_PART_OF, STATED_IN)
        for q in store.quads_for_pattern(thing, part_of, None)
    }
    reached |= {q.subject for part_of, whole in wholes for q in store.quads_for_pattern(None, part_of, whole)}  # type: ignore[misc]
    concepts = {q.subject for q in store.quads_for_pattern(None, IN_SCHEME, COMPETENCE_SCHEME)}
    for graph in graphs:
        kept = [
            q
            for q in store.quads_for_pattern(None, None, None, graph)
            if q.subject in reached or q.predicate == IN_SCHEME or (q.predicate == SKOS_LABEL and q.subject in concepts)
        ]
        store.remove_graph(graph)
        store.extend(kept)


def _has_type(store: Store, thing: NamedNode | BlankNode | Triple, graph: NamedNode) -> bool:
    """Return whether `graph` says what kind of thing `thing` is, and so is where it is described."""
    return next(iter(store.quads_for_pattern(thing, RDF_TYPE, None, graph)), None) is not None


def _find_description(
    store: Store, thing: NamedNode | BlankNode | Triple, context: dict[Path, NamedNode], project: Project
) -> Iterator[Quad]:
    """Return what the `context` graphs, by file, say of `thing`, and of what lies under its address where it has a file of its own."""
    if not isinstance(thing, NamedNode):
        return
    yield from (q for graph in context.values() for q in store.quads_for_pattern(thing, None, None, graph))
    if project.bases.strip_base(thing.value).count("/") == 1:
        graphs = (context[path] for path in project.list_resource_files(thing.value) if path in context)
        for graph in (graph for graph in graphs if _has_type(store, thing, graph)):
            for quad in store.quads_for_pattern(None, None, None, graph):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(f"{thing.value}/"):
                    yield quad


def find_focus_nodes(data_graph: DataGraph) -> list[NamedNode | BlankNode]:
    """Return what the given files speak of or point to, sorted: what a check is about."""
    found: set[NamedNode | BlankNode] = set()
    for name in data_graph.target_graphs:
        for quad in data_graph.store.quads_for_pattern(None, None, None, NamedNode(name)):
            found.update(node for node in (quad.subject, quad.object) if isinstance(node, NamedNode | BlankNode))
    return sorted(found, key=str)


def narrow_targets(
    rules: list[Quad], data_graph: DataGraph, nodes: Collection[NamedNode | BlankNode], keep_set_rules: bool = True
) -> list[Quad]:
    """Return the rules' quads with their targets narrowed to `nodes`.

    SHACL cannot name a blank node as a target; whoever uses the result gives blank nodes addresses first.

    Args:
        rules: shapes.
        data_graph: the data to validate.
        nodes: what to ask about.
        keep_set_rules: whether rules that name their one target, a whole set, are kept.
    """
    wanted = set(nodes)
    instances: dict[NamedNode, set[NamedNode | BlankNode]] = {}
    superclasses: dict[NamedNode, set[NamedNode]] = {}
    for node in wanted:
        for quad in data_graph.store.quads_for_pattern(node, RDF_TYPE, None):
            if isinstance(quad.object, NamedNode):
                for kind in superclasses.setdefault(quad.object, find_superclasses(data_graph.store, quad.object)):
                    instances.setdefault(kind, set()).add(node)
    kept = []
    subjects: dict[NamedNode, set[NamedNode | BlankNode]] = {}
    objects: dict[NamedNode, set[NamedNode | BlankNode]] = {}
    for quad in data_graph.store:
        if quad.subject in wanted:
            subjects.setdefault(quad.predicate, set()).add(quad.subject)
        if quad.object in wanted:
            objects.setdefault(quad.predicate, set()).add(quad.object)
    for quad in rules:
        name = quad.predicate.value.removeprefix(SHACL)
        if name == "targetNode" and not keep_set_rules:
            continue
        if name not in ("targetClass", "targetSubjectsOf", "targetObjectsOf") or not isinstance(quad.object, NamedNode):
            kept.append(quad)
        elif name == "targetClass":
            kept += [Quad(quad.subject, expand_shacl("targetNode"), node) for node in instances.get(quad.object, ())]
        else:
            users = subjects if name == "targetSubjectsOf" else objects
            kept += [Quad(quad.subject, expand_shacl("targetNode"), node) for node in users.get(quad.object, ())]
    return kept


def is_majority(data_graph: DataGraph, nodes: Collection[NamedNode | BlankNode]) -> bool:
    """Tell whether `nodes` are most of what was read, so that nothing is won by naming them."""
    return 2 * len(nodes) > sum(1 for _ in data_graph.store.quads_for_pattern(None, RDF_TYPE, None))


def find_superclasses(store: Store, kind: NamedNode) -> set[NamedNode]:
    """Return a class and every class above it."""
    found, waiting = {kind}, [kind]
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), RDFS_SUBCLASS_OF, None):
            if isinstance(quad.object, NamedNode) and quad.object not in found:
                found.add(quad.object)
                waiting.append(quad.object)
    return found
