"""What the rules derive is what OWL 2 RL derives in our namespace, and shared competence comes out as it should."""

from collections import Counter
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, Store

from balansekunst.infer import infer, infer_with_owlrl
from balansekunst.namespaces import NAMESPACE, RDF_TYPE
from balansekunst.project import Project

BK = rdflib.Namespace(NAMESPACE)
FEW = 20
"""Uses of a property to look at."""


@pytest.mark.reference
@pytest.mark.parametrize("typed", [True, False], ids=["whole dataset", "some files without stated types"])
def test_owlrl_derives_exactly_what_the_rules_derive(project: Project, asserted: Store, typed: bool) -> None:
    kept = [*asserted] if typed else list_without_types(project)
    by_rules, by_owlrl = Store(), Store()
    for store, reasoner in ((by_rules, infer), (by_owlrl, infer_with_owlrl)):
        store.extend(kept)
        assert reasoner(store, project) == len(store) - len(kept) > 1000
    assert set(by_rules) - set(by_owlrl) == set()
    assert set(by_owlrl) - set(by_rules) == set()


def list_without_types(project: Project) -> list[Quad]:
    """The vocabulary, three files of each folder with one for each thing, and a few uses of each property elsewhere, without types."""
    common, by_folder, uses = project.list_common_sources(), dict[Path, list[Path]](), Counter[NamedNode]()
    for path in project.list_sources():
        if path not in common:
            by_folder.setdefault(path.parent, []).append(path)
    chosen = project.reader.load([path for paths in by_folder.values() for path in paths[:3]])
    kept = [quad for quad in chosen if quad.predicate != RDF_TYPE]
    for quad in sorted(project.reader.load([*common]), key=str):
        uses[quad.predicate] += 1
        is_data = "/graph/data/" in str(quad.graph_name)
        if not is_data or (quad.predicate != RDF_TYPE and uses[quad.predicate] <= FEW):
            kept.append(quad)
    return kept


def test_roles_share_competence_exactly_where_both_require_it(inferred: Store) -> None:
    requires: dict[str, set[str]] = {}
    for q in inferred.quads_for_pattern(None, NamedNode(BK.requiresCompetence), None):
        requires.setdefault(str(q.subject), set()).add(str(q.object))
    expected = {(a, b) for a in requires for b in requires if a != b and requires[a] & requires[b]}
    actual = {(str(q.subject), str(q.object)) for q in inferred.quads_for_pattern(None, NamedNode(BK.sharesCompetenceWith), None)}
    assert actual == expected
    assert ("<https://w3id.org/balansekunst/role/butikksjef>", "<https://w3id.org/balansekunst/role/butikkmedarbeider>") in actual


def test_dimension_follows_from_place(project: Project) -> None:
    store = project.reader.load([p for p in project.list_sources() if p.parent.name == "ontology"])
    thing = NamedNode("https://w3id.org/balansekunst/standard/a/b")
    place = NamedNode("https://w3id.org/balansekunst/position/tempo")
    store.add(Quad(thing, NamedNode(BK.atPosition), place, NamedNode("urn:test")))
    infer(store, project)
    dimension = NamedNode("https://w3id.org/balansekunst/dimension/tempo-tilstedevaerelse")
    assert [q.object for q in store.quads_for_pattern(thing, NamedNode(BK.inDimension), None)] == [dimension]
    assert NamedNode(BK.PlacedCompetence) in {q.object for q in store.quads_for_pattern(thing, RDF_TYPE, None)}
