"""What the rules derive is what OWL 2 RL derives in our namespace, and shared competence comes out as it should."""

import re

import owlrl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, Store

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.infer import infer
from balansekunst.load import load
from balansekunst.project import NAMESPACE, Project
from engines import as_rdflib

BK = rdflib.Namespace(NAMESPACE)


def ours(graph: rdflib.Graph) -> set[tuple[rdflib.term.Node, ...]]:
    """The triples said with a property of ours, or that give a class of ours; but not those of the one rule that is no axiom."""
    return {
        (s, p, o)
        for s, p, o in graph
        if p != BK.sharesCompetenceWith and (str(p).startswith(NAMESPACE) or (p == rdflib.RDF.type and str(o).startswith(NAMESPACE)))
    }


@pytest.mark.parametrize("typed", [True, False], ids=["whole dataset", "dataset without stated types"])
def test_rules_derive_exactly_what_owl_rl_derives(project: Project, asserted: Store, typed: bool) -> None:
    store = Store()
    is_data = re.compile(r"/graph/data/").search
    store.extend(q for q in asserted if typed or q.predicate != RDF_TYPE or not is_data(str(q.graph_name)))
    closure = without_texts(as_rdflib(store))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(closure)
    infer(store, project)
    derived = without_texts(as_rdflib(store))
    assert ours(derived) - ours(closure) == set()
    assert ours(closure) - ours(derived) == set()


def without_texts(graph: rdflib.Graph) -> rdflib.Graph:
    """Language-tagged texts take part in no axiom of ours but a domain, and owlrl spends most of its time on them."""
    for s, p, o in list(graph):
        if isinstance(o, rdflib.Literal) and o.language and (p, rdflib.RDFS.domain, None) not in graph:
            graph.remove((s, p, o))
    return graph


def test_roles_share_competence_exactly_where_both_require_it(inferred: Store) -> None:
    requires: dict[str, set[str]] = {}
    for q in inferred.quads_for_pattern(None, NamedNode(BK.requiresCompetence), None):
        requires.setdefault(str(q.subject), set()).add(str(q.object))
    expected = {(a, b) for a in requires for b in requires if a != b and requires[a] & requires[b]}
    actual = {(str(q.subject), str(q.object)) for q in inferred.quads_for_pattern(None, NamedNode(BK.sharesCompetenceWith), None)}
    assert actual == expected
    assert ("<https://w3id.org/balansekunst/role/butikksjef>", "<https://w3id.org/balansekunst/role/butikkmedarbeider>") in actual


def test_dimension_follows_from_place(project: Project) -> None:
    store = load([p for p in project.sources() if p.parent.name == "ontology"], project.root)
    thing = NamedNode("https://w3id.org/balansekunst/standard/a/b")
    place = NamedNode("https://w3id.org/balansekunst/position/tempo")
    store.add(Quad(thing, NamedNode(BK.atPosition), place, NamedNode("urn:test")))
    infer(store, project)
    dimension = NamedNode("https://w3id.org/balansekunst/dimension/tempo-tilstedevaerelse")
    assert [q.object for q in store.quads_for_pattern(thing, NamedNode(BK.inDimension), None)] == [dimension]
    assert NamedNode(BK.PlacedCompetence) in {q.object for q in store.quads_for_pattern(thing, RDF_TYPE, None)}
