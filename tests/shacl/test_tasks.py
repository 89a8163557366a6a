"""Advice on names that are tasks: given to those that begin as one, to no competence, and never to a name of the method's own list."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, RDF_TYPE, expand_curie
from balansekunst.project import Project
from balansekunst.shacl.single_rule import validate_against_rule

CASES = json.loads((Path(__file__).parents[1] / "cases" / "tasks.json").read_text(encoding="utf-8"))


def find_tasks(project: Project, names: Iterable[Literal]) -> list[Literal]:
    """Return the names of key competences that the rule takes for tasks."""
    quads = list[Quad]()
    for number, name in enumerate(names):
        competence = NamedNode(f"{BASE}standard/x/{number}")
        quads += [Quad(competence, RDF_TYPE, expand_curie("bk:KeyCompetence")), Quad(competence, expand_curie("skos:prefLabel"), name)]
    found = validate_against_rule("K2b#tasks", quads, project)
    assert {result.severity for result in found} <= {"info"}
    return [result.value for result in found if isinstance(result.value, Literal)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_tasks_are_advised_against_and_those_of_competences_are_not(project: Project, language: str) -> None:
    tasks, competences = CASES[language], CASES["competences"][language]
    assert len(tasks) > 30 and len(competences) > 40
    found = find_tasks(project, [Literal(name, language=language) for name in tasks + competences])
    assert sorted(name.value for name in found) == sorted(tasks)


def test_no_name_of_a_competence_in_the_data_is_taken_for_a_task(project: Project, asserted: Store) -> None:
    kinds = [expand_curie(f"bk:{name}") for name in ("Competence", "KeyCompetence", "PlacedCompetence")]
    things = {quad.subject for kind in kinds for quad in asserted.quads_for_pattern(None, RDF_TYPE, kind)}
    names = {
        quad.object
        for thing in things
        for label in ("prefLabel", "altLabel", "hiddenLabel")
        for quad in asserted.quads_for_pattern(thing, expand_curie(f"skos:{label}"), None)
        if isinstance(quad.object, Literal)
    }
    assert len(names) > 350
    assert find_tasks(project, sorted(names, key=str)) == []
