"""Nothing slips through: whatever is done to the data, the rule that it breaks tells, no unrelated one does, and both engines agree."""

import random
from contextlib import suppress
from functools import cache

import pytest
from pyoxigraph import NamedNode, Quad, Store
from test_shapes import FOLDER, scope

from balansekunst.checking.scope import Scope
from balansekunst.load import load
from balansekunst.project import BASE, Project
from engines import reference
from mutation import OPERATORS, ROUNDS, SEED, Operator, Patient, all_rules, examine, found, scopes

AT_ONCE = 12
NAMES = [operator.name for operator in OPERATORS]


def test_there_are_enough_operators_each_with_a_name_and_a_rule() -> None:
    assert len(OPERATORS) >= 40
    assert len(set(NAMES)) == len(NAMES)
    assert {operator.rule for operator in OPERATORS} | {rule for o in OPERATORS for rule in o.follows} <= all_rules()


@pytest.mark.parametrize("operator", OPERATORS, ids=NAMES)
def test_every_mutant_is_told_of_by_its_rule_and_no_unrelated_one(project: Project, operator: Operator) -> None:
    result = examine(operator, project, 1, SEED)
    assert (result.survivors, result.unrelated) == ([], [])


@cache
def small(project: Project) -> Scope:
    """The model, some small standards and descriptions, and only what they stand on: all in one file, as it were."""
    graph = NamedNode(f"{BASE}graph/small")
    store = Store()
    examples = [FOLDER / rule / "conforming.ttl" for rule in ("K4", "I7", "P13", "C3", "C5", "K3", "P3")]
    real = ("ontology/balance-model.ttl", "data/individuals/folkehogskolelaerer-tillegg.ttl", "data/standards/meny-leder.ttl")
    store.extend(scope(project, examples[0]).store)
    for path in [*examples, *(project.root / name for name in real)]:
        for quad in load([path], project.root):
            store.remove(quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return Scope(store, {graph.value: FOLDER / "K4" / "conforming.ttl"}, frozenset([graph.value]))


BATCHES = [
    [operator for operator in OPERATORS if operator.pool == pool][start : start + AT_ONCE]
    for pool in dict.fromkeys(operator.pool for operator in OPERATORS)
    for start in range(0, sum(operator.pool == pool for operator in OPERATORS), AT_ONCE)
]


@pytest.mark.parametrize("operators", BATCHES, ids=lambda batch: f"{batch[0].pool}: {batch[0].name}")
def test_both_engines_say_the_same_of_mutants(project: Project, operators: list[Operator]) -> None:
    """Several at once, since the reference engine takes seconds for each run."""
    wholes = [small(project)] if operators[0].pool == "data" else list(scopes(project, operators[0].pool).values())
    chance = random.Random(f"{SEED}/{operators[0].name}")
    patients = [Patient(wholes[0], chance)]
    for operator in operators:
        # Where those before have left nothing that it can change, it gets the same anew, or another.
        for patient in [patients[-1], *(Patient(whole, chance) for whole in wholes)]:
            with suppress(IndexError):
                operator.change(patient)
                break
        else:
            raise AssertionError(operator.name)
        if patient is not patients[-1]:
            patients.append(patient)
    for patient in patients:
        mine, theirs = found(patient.scope, project), found(patient.scope, project, reference)
        assert mine == theirs
        assert mine - {finding for whole in wholes for finding in found(whole, project)}


def test_the_table_in_the_docs_is_of_these_operators(project: Project) -> None:
    table = (project.root / "docs" / "mutation.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert sorted(row[0].removeprefix("| ") for row in rows) == sorted(NAMES)
    assert {(row[2], row[3]) for row in rows} == {(str(ROUNDS), "100%")}
