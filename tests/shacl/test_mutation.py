"""Nothing slips through: whatever is done to the data, the rule that it breaks tells, no unrelated one does, and both engines agree.

What no rule can see is listed with the reason, and is seen by none.
"""

import random
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from pyoxigraph import NamedNode, Quad, Store
from test_shapes import FOLDER, scope

from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.shacl.data_graph import DataGraph
from balansekunst.shacl.engines import validate_with_pyrudof, validate_with_pyshacl
from helpers.engines import reference
from meaning import UNSEEN
from mutation import OPERATORS, ROUNDS, SEED, Operator, Patient, all_rules, examine, find_doubtful, found, group, mutant

pytestmark = pytest.mark.xdist_group("mutants")

AT_ONCE = 70
NAMES = [operator.name for operator in OPERATORS]
OF_DATA = [operator for operator in OPERATORS if operator.pool == "data"]
OF_OTHERS = [operator for operator in OPERATORS if operator.pool != "data"]


def test_there_are_enough_operators_each_with_a_name_and_a_rule() -> None:
    assert len(OPERATORS) >= 40
    assert len([o for o in OPERATORS if o.change.__module__ == "meaning"]) + len(UNSEEN) >= 40
    assert len({*NAMES, *(o.name for o in UNSEEN)}) == len(NAMES) + len(UNSEEN)
    assert {operator.rule for operator in OPERATORS} | {rule for o in OPERATORS for rule in o.follows} <= all_rules()


@pytest.fixture(scope="module")
def doubtful(project: Project) -> set[Operator]:
    """Many mutants are checked at a time, and by itself one that others may hide, or that is not told of as it should."""
    return find_doubtful([*OPERATORS, *UNSEEN], project, SEED)


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS, ids=NAMES)
def test_every_mutant_is_told_of_by_its_rule_and_no_unrelated_one(project: Project, doubtful: set[Operator], operator: Operator) -> None:
    if operator in doubtful:
        result = examine(operator, project, 1, SEED, few=True)
        assert (result.survivors, result.unrelated) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("operator", UNSEEN, ids=lambda operator: operator.name)
def test_what_no_rule_can_see_is_seen_by_none(project: Project, doubtful: set[Operator], operator: Operator) -> None:
    """Otherwise it belongs among those that a rule sees."""
    assert operator.reason
    if operator in doubtful:
        assert examine(operator, project, 1, SEED, few=True).unrelated == []


@pytest.mark.slow
def test_one_that_slips_through_is_in_doubt_among_others(project: Project) -> None:
    wrong, hidden, *others = OF_DATA[:6]
    survivor = replace(wrong, name="told of by another rule", rule="P13", follows=frozenset())
    seen = replace(hidden, name="seen by a rule", rule="", follows=frozenset())
    assert find_doubtful([survivor, seen, *others], project, SEED) >= {survivor, seen}


def small(project: Project) -> DataGraph:
    """The model, some small standards and descriptions, and only what they stand on: all in one file, as it were."""
    graph = NamedNode(f"{BASE}graph/small")
    store = Store()
    examples = [FOLDER / rule / "conforming.ttl" for rule in ("K4", "I7", "P13", "C3", "C5", "K3", "P3")]
    real = ("ontology/balance-model.ttl", "data/individuals/folkehogskolelaerer-tillegg.ttl", "data/standards/avdelingsleder-sykehjem.ttl")
    store.extend(scope(project, examples[0]).store)
    for path in [*examples, *(project.root / name for name in real)]:
        for quad in project.reader.load([path]):
            store.remove(quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return DataGraph(store, {graph.value: FOLDER / "K4" / "conforming.ttl"}, frozenset([graph.value]))


def change(operator: Operator, patient: Patient) -> bool:
    """Change what an operator changes, and tell whether there was anything like it."""
    for _ in range(3):
        with suppress(IndexError, ValueError):
            operator.change(patient)
            return True
    return False


@pytest.mark.reference
def test_both_engines_say_the_same_of_mutants(project: Project) -> None:
    """Many changes at once, since the reference engine takes many seconds for each run."""
    chance = random.Random(SEED)
    made: list[tuple[Patient, list[Operator]]] = []
    for operator in OF_DATA:
        # Those before may have left nothing that it can change.
        for patient, operators in made:
            if len(operators) < AT_ONCE and change(operator, patient):
                operators.append(operator)
                break
        else:
            patient = Patient(small(project), chance)
            if change(operator, patient):
                made.append((patient, [operator]))
            else:
                # The small data has nothing like it.
                agree_on_mutant_of_real_data(operator, project)
    for patient, operators in made:
        mine, theirs = found(patient.scope, project), found(patient.scope, project, validate_with_pyshacl)
        assert mine == theirs
        told = {rule for rule, *_ in mine}
        for operator in operators:
            # What was changed after it may have made it good again.
            if operator.rule not in told:
                agree_on_mutant_of_real_data(operator, project)


@pytest.fixture(scope="module")
def agreed(project: Project) -> set[Operator]:
    """The operators whose rules tell of what many have changed, of which both engines say the same."""
    seen = set[Operator]()
    for mutants in group(OF_OTHERS, project, SEED):
        patients = [patient for _, patient in mutants]
        for family in sorted({operator.rule[0] for operator, _ in mutants}):
            asked = (partial(reference, family=family, engine=validate_with_pyrudof), partial(reference, family=family))
            mine, theirs = (found(patients[0].scope, project, engine, patients) for engine in asked)
            assert mine == theirs, [operator.name for operator, _ in mutants]
            seen |= {operator for operator, _ in mutants if operator.rule in {rule for rule, *_ in mine}}
    return seen


@pytest.mark.reference
@pytest.mark.parametrize("operator", OF_OTHERS, ids=lambda operator: operator.name)
def test_both_engines_say_the_same_of_what_has_much_about_it(project: Project, agreed: set[Operator], operator: Operator) -> None:
    if operator not in agreed:
        agree_on_mutant_of_real_data(operator, project)


def agree_on_mutant_of_real_data(operator: Operator, project: Project) -> None:
    """Ask both engines by the operator's rule alone, which takes a tenth of the time."""
    patient = mutant(operator, project, random.Random(f"{SEED}/{operator.name}"))
    mine, theirs = (
        {finding for finding in found(patient.scope, project, engine, [patient]) if finding[0] == operator.rule}
        for engine in (partial(reference, rule=operator.rule, engine=validate_with_pyrudof), partial(reference, rule=operator.rule))
    )
    assert mine == theirs
    assert mine


def test_the_table_in_the_docs_is_of_these_operators(project: Project) -> None:
    table = (project.root / "docs" / "mutation.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    seen, unseen = rows[: len(OPERATORS)], rows[len(OPERATORS) :]
    assert sorted(row[0].removeprefix("| ") for row in seen) == sorted(NAMES)
    assert {(row[2], row[3]) for row in seen} == {(str(ROUNDS), "100%")}
    assert [(row[0].removeprefix("| "), row[1].removesuffix(" |")) for row in unseen] == [(o.name, o.reason) for o in UNSEEN]
