"""What a group can held against what a role asks for, and the measures that the documents say may close the gap.

The steps are those of the graph (`process-step/…`): mapping, gap analysis, measures. Nothing is levelled or judged: people are counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode, Store

from balansekunst.gap.group_sheet import GROUP_GRAPH, Group
from balansekunst.mobility.paths import check_described_roles
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.sparql.catalogue import Question, ResultRow, find_question, run_query, run_question, to_plain_text

COVERAGE_QUESTION, MEASURES_QUESTION = "individual-against-standard", "measures-for-gap"
"""The questions of the catalogue that are asked."""
COVERAGE_KINDS = ("covered", "near", "missing")
_ANY_GAP = "gap"
"""The ground of a measure that fits any gap, whatever the competence."""


@dataclass(frozen=True)
class Measure:
    """A way to competence that the documents tie to a gap."""

    row: ResultRow
    """As `measures-for-gap` gives it: the way, its ground, and who ties it."""
    settings: tuple[ResultRow, ...]
    """The rows that tell where it takes place."""
    forms: tuple[ResultRow, ...]
    """The rows that tell what form of learning it is."""


@dataclass(frozen=True)
class Coverage:
    """How a group stands to one key competence of a role."""

    row: ResultRow
    """As `tables/places` gives it: the competence, and where in the balance model it stands."""
    counts: dict[str, int]
    """How many have it (`covered`), have only what is one step from it (`near`), or neither (`missing`)."""
    near_competences: tuple[tuple[ResultRow, int], ...]
    """What they have that is near, as `individual-against-standard` gives it, and how many of them."""
    measures: tuple[Measure, ...]
    """What may build just this competence. What fits any gap stands in `Gap.general`."""
    outcomes: tuple[ResultRow, ...]
    """The learning outcomes that explain it in the role, as `tables/competence-outcomes` gives them."""


@dataclass(frozen=True)
class Gap:
    """A group held against a role."""

    role: ResultRow
    """As `tables/places` gives it: the role's names."""
    people: int
    evidence: tuple[tuple[str, int], ...]
    """How what they can is known, and of how many rows of the sheet."""
    coverage: tuple[Coverage, ...]
    """A part for each key competence, those that most lack first."""
    additional_competences: tuple[tuple[ResultRow, int], ...]
    """What they have beyond the role, as `individual-against-standard` gives it, and how many of them."""
    general_measures: tuple[Measure, ...]
    """What fits any gap that the employees can close themselves."""
    steps: tuple[ResultRow, ...]
    """The steps of the work, as `tables/process` gives them."""
    gap_kinds: tuple[tuple[ResultRow, ...], ...]
    """The kinds of gaps to be discussed, as `tables/gap-kinds` gives them: a group of rows for each."""
    coverage_question: Question
    measures_question: Question
    """The questions that were asked of each person."""


def analyse_gap(store: Store, project: Project, role: NamedNode, group: Group) -> Gap:
    """Hold a group against a role.

    Args:
        store: asserted and inferred data; it is left as it is.
        project: has the questions.
        role: what the group is held against. Where several standards describe it, it asks for the key competences of all of them.
        group: the people, and what is said of them where the graph does not say it.

    Raises:
        UserError: the role has no standard with key competences.
    """
    check_described_roles(store, project, role)
    places = [row for row in run_query(store, project.read_query("tables/places")).rows if row["role"] == role]
    standards = list(dict.fromkeys(row["standard"] for row in places))
    coverage_question, measures_question = (find_question(project, name) for name in (COVERAGE_QUESTION, MEASURES_QUESTION))
    described = [standard for standard in standards if standard is not None]
    held, ways = _run_gap_questions(store, group, described, coverage_question, measures_question)
    asked = {row["competence"]: row for row in reversed(places)}
    specific = [row for row in ways if to_plain_text(row["basis"]) != _ANY_GAP]
    outcomes = [row for row in run_query(store, project.read_query("tables/competence-outcomes")).rows if row["role"] == role]
    coverage = [
        _build_coverage(row, held, [way for way in specific if way["competence"] == row["competence"]], outcomes)
        for row in _deduplicate_competences(places)
    ]
    return Gap(
        role=places[0],
        people=len(group.people),
        evidence=group.evidence,
        coverage=tuple(sorted(coverage, key=lambda part: -part.counts["missing"])),
        additional_competences=_count_people(
            row for row in held if to_plain_text(row["kind"]) == "beyond" and _is_additional(row, held, asked.keys())
        ),
        general_measures=_group_measures(row for row in ways if to_plain_text(row["basis"]) == _ANY_GAP),
        coverage_question=coverage_question,
        measures_question=measures_question,
        steps=tuple(run_query(store, project.read_query("tables/process")).rows),
        gap_kinds=tuple(
            tuple(rows) for _, rows in groupby(run_query(store, project.read_query("tables/gap-kinds")).rows, key=lambda row: row["gap"])
        ),
    )


def _run_gap_questions(
    store: Store, group: Group, standards: list[Term], coverage: Question, measures: Question
) -> tuple[list[ResultRow], list[ResultRow]]:
    """Return the rows of the two questions, how each person stands to each standard and what may close each gap."""
    held, ways = list[ResultRow](), list[ResultRow]()
    beside = store
    if any(group.people.values()):
        beside = Store()
        beside.extend(store)
    for person, quads in group.people.items():
        # One at a time: the questions look at everyone there is, so that all at once would take time by the square of the group.
        beside.extend(quads)
        for standard in standards:
            held += run_question(beside, coverage, {"individual": person, "standard": standard}).rows
            ways += run_question(beside, measures, {"from": person, "to": standard}).rows
        if quads:
            beside.remove_graph(GROUP_GRAPH)
    return held, ways


def _deduplicate_competences(places: list[ResultRow]) -> list[ResultRow]:
    """Return one row for each competence: the first, where several standards or positions have it."""
    return list({row["competence"]: row for row in reversed(places)}.values())[::-1]


def _build_coverage(row: ResultRow, held: list[ResultRow], ways: list[ResultRow], outcomes: list[ResultRow]) -> Coverage:
    """Return how the group stands to the competence of `row`."""
    of = [answer for answer in held if answer["competence"] == row["competence"]]
    counts = {kind: len({answer["individual"] for answer in of if to_plain_text(answer["kind"]) == kind}) for kind in COVERAGE_KINDS}
    near = _count_people(answer for answer in of if to_plain_text(answer["kind"]) == "near")
    explained = _deduplicate_by_column([one for one in outcomes if one["competence"] == row["competence"]], "outcome")
    return Coverage(row, counts, near, _group_measures(ways), explained)


def _is_additional(row: ResultRow, held: list[ResultRow], asked: Iterable[Term | None]) -> bool:
    """Say whether what lies beyond one standard of a role meets none of the others."""
    return row["own"] not in asked and not any(
        other["own"] == row["own"] and other["individual"] == row["individual"] and to_plain_text(other["kind"]) == "near" for other in held
    )


def _count_people(rows: Iterable[ResultRow]) -> tuple[tuple[ResultRow, int], ...]:
    """Return each competence that the rows tell of, and how many people have it; most first, then as the rows have them."""
    holders: dict[Term | None, set[Term | None]] = {}
    first: dict[Term | None, ResultRow] = {}
    for row in rows:
        holders.setdefault(row["own"], set()).add(row["individual"])
        first.setdefault(row["own"], row)
    number = Counter({own: len(people) for own, people in holders.items()})
    return tuple((first[own], count) for own, count in sorted(number.items(), key=lambda item: -item[1]))


def _group_measures(rows: Iterable[ResultRow]) -> tuple[Measure, ...]:
    """Return each way to competence that the rows tell of, once for each ground."""
    found: dict[tuple[Term | None, Term | None], list[ResultRow]] = {}
    for row in rows:
        found.setdefault((row["basis"], row["way"]), []).append(row)
    return tuple(Measure(of[0], _deduplicate_by_column(of, "setting"), _deduplicate_by_column(of, "form")) for of in found.values())


def _deduplicate_by_column(rows: list[ResultRow], name: str) -> tuple[ResultRow, ...]:
    """Return the first row for each value of a column, but those that have none."""
    return tuple({row[name]: row for row in reversed(rows) if row[name] is not None}.values())[::-1]
