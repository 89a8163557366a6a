"""The rule that nobody is recognisable finds people and how to reach them, and leaves ordinary text alone."""

import json
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from balansekunst.namespaces import BASE, RDF_TYPE, expand_curie
from balansekunst.project import Project
from balansekunst.shacl.single_rule import validate_against_rule

CASES = json.loads((Path(__file__).parents[1] / "cases" / "persons.json").read_text(encoding="utf-8"))


def find_texts(project: Project, texts: list[str]) -> dict[str, str]:
    """What the rule says of each text that stands as an outcome: the name of the severity, or nothing."""
    quads = list[Quad]()
    for number, text in enumerate(texts):
        outcome = NamedNode(f"{BASE}standard/x/outcome/{number}")
        quads += [
            Quad(outcome, RDF_TYPE, expand_curie("bk:LearningOutcome")),
            Quad(outcome, expand_curie("bk:statement"), Literal(text, language="nb")),
        ]
    found = validate_against_rule("I8", quads, project)
    return {result.value.value: result.severity for result in found if isinstance(result.value, Literal)}


def test_people_and_how_to_reach_them_are_found(project: Project) -> None:
    assert find_texts(project, CASES["contact"]) == dict.fromkeys(CASES["contact"], "violation")
    assert find_texts(project, CASES["person"]) == dict.fromkeys(CASES["person"], "warning")


def test_ordinary_text_names_nobody(project: Project) -> None:
    assert len(CASES["ordinary"]) > 80
    assert find_texts(project, CASES["ordinary"]) == {}
