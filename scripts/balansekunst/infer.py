"""Add what the vocabulary implies, by the CONSTRUCT rules in `queries/construct/`, run until nothing new comes."""

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from balansekunst.load import INFERRED
from balansekunst.project import Project


def infer(store: Store, project: Project) -> int:
    """Add every triple that the rules derive to the graph `INFERRED` of `store`, and return how many were added.

    The rules are those of OWL 2 RL for the kinds of axiom that our vocabulary uses, each reading the axioms from the store
    (https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules), and the one rule of ours that is no axiom.
    """
    rules = [path.read_text(encoding="utf-8") for path in project.construct_rules()]
    added = 0
    while new := {quad for rule in rules for quad in derived(store, rule)}:
        store.extend(new)
        added += len(new)
    return added


def derived(store: Store, rule: str) -> list[Quad]:
    """Return the triples that one rule derives and the store does not hold yet, as quads of `INFERRED`."""
    triples = store.query(rule, use_default_graph_as_union=True)
    assert isinstance(triples, QueryTriples)
    quads = (Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples if isinstance(t.predicate, NamedNode))
    # Most are from an earlier round; to look for one quad takes a hundredth of looking for a triple in any graph.
    return [q for q in quads if q not in store and next(store.quads_for_pattern(q.subject, q.predicate, q.object), None) is None]
