"""Add what the vocabulary implies: by the CONSTRUCT rules in `queries/construct/`, run until nothing new comes, or by owlrl."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store, Triple

from balansekunst.namespaces import INFERRED_GRAPH, OWL, PREFIXES, RDF_TYPE, XSD
from balansekunst.project import Project

Reasoner = Callable[[Store, Project], int]
"""Adds to a store what follows from it, as the project says, and returns how many triples were added."""
RDFS = PREFIXES["rdfs"]
ABOUT_TERMS = {
    *(f"{RDFS}{name}" for name in ("domain", "range", "subClassOf", "subPropertyOf")),
    *(f"{OWL}{name}" for name in ("disjointWith", "equivalentClass", "equivalentProperty", "sameAs")),
}
"""Properties by which owlrl says what follows for the terms themselves, such as that each is the same as itself."""


def infer(store: Store, project: Project) -> int:
    """Add every triple that the rules derive to the graph `INFERRED_GRAPH` of `store`, and return how many were added.

    The rules are those of OWL 2 RL for the kinds of axiom that our vocabulary uses, each reading the axioms from the store
    (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules), and those of the method that are no axioms.
    """
    return _apply_rules(store, [*project.list_owl_rules(), *project.list_method_rules()], project)


def infer_with_owlrl(store: Store, project: Project) -> int:
    """Add the same triples as `infer`, derived by owlrl, which has all rules of OWL 2 RL; the method's own rules are run beside it.

    What owlrl says of the terms themselves (that each class is a subclass of itself, each literal a literal) is left out.
    """
    added = 0
    while new := {quad for triple in _derive_closure(store) for quad in _as_new(store, triple)}:
        store.extend(new)
        added += len(new) + _apply_rules(store, project.list_method_rules(), project)
    return added


REASONERS: dict[str, Reasoner] = {"construct": infer, "owlrl": infer_with_owlrl}
"""What adds the inferences, by the name that `build --reasoner` takes."""
DEFAULT_REASONER = "construct"


def _apply_rules(store: Store, files: list[Path], project: Project) -> int:
    """Run CONSTRUCT rules until nothing new comes, and return how many triples were added."""
    rules = [project.reader.read_text(path) for path in files]
    added, seen = 0, set[Triple]()
    while new := {quad for rule in rules for quad in _derive_quads(store, rule, seen)}:
        store.extend(new)
        added += len(new)
    return added


def _derive_quads(store: Store, rule: str, seen: set[Triple]) -> list[Quad]:
    """Return the triples that one rule derives and the store does not hold yet, as quads of `INFERRED_GRAPH`.

    What was derived before is in `seen`, and is not looked up in the store again; what is derived now is added to it.
    """
    triples = store.query(rule, use_default_graph_as_union=True)
    assert isinstance(triples, QueryTriples)
    fresh = set(triples) - seen
    seen |= fresh
    return [quad for triple in fresh for quad in _as_new(store, triple)]


def _as_new(store: Store, triple: Triple) -> list[Quad]:
    """Return a triple as a quad of `INFERRED_GRAPH`; nothing where the store holds it in any graph."""
    quad = Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
    # Most are from an earlier round; to look for one quad takes a hundredth of looking for a triple in any graph.
    is_new = quad not in store and next(store.quads_for_pattern(quad.subject, quad.predicate, quad.object), None) is None
    return [quad] if is_new else []


def _derive_closure(store: Store) -> Iterable[Triple]:
    """Yield what follows by OWL 2 RL, but for what is said of the terms themselves."""
    # They take a second to start.
    import owlrl

    from balansekunst.rdf.rdflib_graph import as_rdflib, from_rdflib

    graph = as_rdflib(store)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    for subject, predicate, object in graph:
        is_built_in = str(predicate) == RDF_TYPE.value and str(object).startswith((OWL, RDFS, XSD))
        if str(predicate) not in ABOUT_TERMS and not is_built_in:
            yield from_rdflib((subject, predicate, object))
