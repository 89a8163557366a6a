"""What a local standard has of its own, beside the one that it builds on."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Store, Triple

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import BASE, NAMESPACE, RDF_TYPE
from balansekunst.project import Project

_STANDARD_PATH = "standard/"
_WAS_DERIVED_FROM = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
_COMPETENCE, _VARIANT_OF, _HAS_LEARNING_OUTCOME = (
    NamedNode(NAMESPACE + name) for name in ("competence", "variantOf", "hasLearningOutcome")
)
_PLACEMENT_PROPERTIES = tuple(NamedNode(NAMESPACE + name) for name in ("hasKeyCompetence", "hasPlacement"))
_OUTCOME_PROPERTIES = (_HAS_LEARNING_OUTCOME, NamedNode(f"{NAMESPACE}hasEditorialOutcome"))


def are_standards(*given: str | None) -> bool:
    """Tell whether what is to be compared are standards of the project, named by their address: `standard/butikksjef`."""
    return all(name is not None and name.startswith(_STANDARD_PATH) and not name.endswith((".ttl", "/")) for name in given)


def align_standards(project: Project, old: str, new: str) -> tuple[list[Triple], list[Triple]]:
    """Return the statements of two standards, with what stands for the same in both named as in the first.

    A placed competence stands for the one that it is derived from, else for the one with the same competence; an outcome of its own that
    is a variant of one that the first has and it does not, for that one. So a comparison tells what was added, dropped and changed.

    Args:
        project: where the standards are.
        old: the address of one, such as the general standard.
        new: the address of the other, such as a local one that builds on it.

    Raises:
        UserError: there is no such standard; both are told of.
    """
    store = project.reader.load(project.list_all_sources())
    standards = [_find_standard(store, project, name) for name in (old, new)]
    missing: list[Message] = [
        ("versions.no-standard", {"value": name}) for name, standard in zip((old, new), standards, strict=True) if standard is None
    ]
    if missing:
        raise UserError(*missing)
    first, second = (standard for standard in standards if standard is not None)
    same = {second: first}
    placed = [_list_members(store, standard, _PLACEMENT_PROPERTIES) for standard in (first, second)]
    for thing in placed[1]:
        derived = [node for node in _list_objects(store, thing, _WAS_DERIVED_FROM) if node in placed[0]]
        alike = [node for node in placed[0] if set(_list_objects(store, node, _COMPETENCE)) & set(_list_objects(store, thing, _COMPETENCE))]
        for node in [*derived, *alike]:
            if node not in same.values() and thing not in same:
                same[thing] = node
    outcomes = [
        _list_members(store, standard, _OUTCOME_PROPERTIES) + [o for p in own for o in _list_members(store, p, _OUTCOME_PROPERTIES)]
        for standard, own in zip((first, second), placed, strict=True)
    ]
    for outcome in dict.fromkeys(outcomes[1]):
        for node in _list_objects(store, outcome, _VARIANT_OF):
            if node in outcomes[0] and node not in outcomes[1] and node not in same.values() and outcome not in same:
                same[outcome] = node
    things = [[standard, *own, *tied] for standard, own, tied in zip((first, second), placed, outcomes, strict=True)]
    renamed = [triple for triple in _collect_triples(store, things[1], same) if triple.subject != triple.object]
    return _collect_triples(store, things[0], {}), renamed


def _find_standard(store: Store, project: Project, name: str) -> NamedNode | None:
    """Return the standard with an address, or nothing."""
    kind = NamedNode(f"{NAMESPACE}CompetenceStandard")
    addresses = (NamedNode(base + name) for base in (project.base, BASE))
    return next((node for node in addresses if any(store.quads_for_pattern(node, RDF_TYPE, kind))), None)


def _list_objects(store: Store, thing: NamedNode, property: NamedNode) -> list[NamedNode]:
    """Return the things that a property points to, sorted."""
    return sorted({q.object for q in store.quads_for_pattern(thing, property, None) if isinstance(q.object, NamedNode)}, key=str)


def _list_members(store: Store, thing: NamedNode, properties: Iterable[NamedNode]) -> list[NamedNode]:
    """Return the things that any of some properties point to."""
    return list(dict.fromkeys(node for property in properties for node in _list_objects(store, thing, property)))


def _collect_triples(store: Store, things: Iterable[NamedNode], same: dict[NamedNode, NamedNode]) -> list[Triple]:
    """Return what is said of things, each named as `same` tells."""
    quads = [quad for thing in dict.fromkeys(things) for quad in store.quads_for_pattern(thing, None, None)]

    def replace_resource(node: object) -> object:
        return same.get(node, node) if isinstance(node, NamedNode) else node

    return [Triple(replace_resource(q.subject), q.predicate, replace_resource(q.object)) for q in quads]  # type: ignore[arg-type]
