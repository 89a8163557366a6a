"""What a group can held against what a role asks for, and the measures that the documents say may close the gap.

The steps are those of the graph (`process-step/…`): mapping, gap analysis, measures. Nothing is levelled or judged: people are counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode, Store

from balansekunst.asking.catalogue import Row, ask, ask_text, find_question, plain
from balansekunst.gaps.sheet import GROUP, Group
from balansekunst.load import Term
from balansekunst.mobility.ways import described
from balansekunst.project import Project

COVERAGE, MEASURES = "individual-against-standard", "measures-for-gap"
"""The questions of the catalogue that are asked."""
KINDS = ("covered", "near", "missing")
ANY_GAP = "gap"
"""The ground of a measure that fits any gap, whatever the competence."""


@dataclass(frozen=True)
class Measure:
    """A way to competence that the documents tie to a gap."""

    row: Row
    """As `measures-for-gap` gives it: the way, its ground, and who ties it."""
    settings: tuple[Row, ...]
    """The rows that tell where it takes place."""
    forms: tuple[Row, ...]
    """The rows that tell what form of learning it is."""


@dataclass(frozen=True)
class Coverage:
    """How a group stands to one key competence of a role."""

    row: Row
    """As `tables/places` gives it: the competence, and where in the balance model it stands."""
    counts: dict[str, int]
    """How many have it (`covered`), have only what is one step from it (`near`), or neither (`missing`)."""
    near: tuple[tuple[Row, int], ...]
    """What they have that is near, as `individual-against-standard` gives it, and how many of them."""
    measures: tuple[Measure, ...]
    """What may build just this competence. What fits any gap stands in `Gap.general`."""


@dataclass(frozen=True)
class Gap:
    """A group held against a role."""

    role: Row
    """As `tables/places` gives it: the role's names."""
    people: int
    known: tuple[tuple[str, int], ...]
    """How what they can is known, and of how many rows of the sheet."""
    coverage: tuple[Coverage, ...]
    """A part for each key competence, those that most lack first."""
    beyond: tuple[tuple[Row, int], ...]
    """What they have beyond the role, as `individual-against-standard` gives it, and how many of them."""
    general: tuple[Measure, ...]
    """What fits any gap that the employees can close themselves."""
    steps: tuple[Row, ...]
    """The steps of the work, as `tables/process` gives them."""
    kinds: tuple[tuple[Row, ...], ...]
    """The kinds of gaps to be discussed, as `tables/gap-kinds` gives them: a group of rows for each."""


def gap_of(store: Store, project: Project, role: NamedNode, group: Group) -> Gap:
    """Hold a group against a role.

    Args:
        store: asserted and inferred data; it is left as it is.
        project: has the questions.
        role: what the group is held against. Where several standards describe it, it asks for the key competences of all of them.
        group: the people, and what is said of them where the graph does not say it.

    Raises:
        UserError: the role has no standard with key competences.
    """
    described(store, project, role)
    places = [row for row in ask_text(store, project.query("tables/places")).rows if row["role"] == role]
    standards = list(dict.fromkeys(row["standard"] for row in places))
    held, ways = answers(store, project, group, [standard for standard in standards if standard is not None])
    asked = {row["competence"]: row for row in reversed(places)}
    specific = [row for row in ways if plain(row["ground"]) != ANY_GAP]
    coverage = [coverage_of(row, held, [way for way in specific if way["competence"] == row["competence"]]) for row in distinct(places)]
    return Gap(
        role=places[0],
        people=len(group.people),
        known=group.known,
        coverage=tuple(sorted(coverage, key=lambda part: -part.counts["missing"])),
        beyond=counted(row for row in held if plain(row["kind"]) == "beyond" and meets_none(row, held, asked.keys())),
        general=measures(row for row in ways if plain(row["ground"]) == ANY_GAP),
        steps=tuple(ask_text(store, project.query("tables/process")).rows),
        kinds=tuple(
            tuple(rows) for _, rows in groupby(ask_text(store, project.query("tables/gap-kinds")).rows, key=lambda row: row["gap"])
        ),
    )


def answers(store: Store, project: Project, group: Group, standards: list[Term]) -> tuple[list[Row], list[Row]]:
    """Return the rows of the two questions, how each person stands to each standard and what may close each gap."""
    held, ways = list[Row](), list[Row]()
    coverage, measures = (find_question(project, name) for name in (COVERAGE, MEASURES))
    beside = store
    if any(group.people.values()):
        beside = Store()
        beside.extend(store)
    for person, quads in group.people.items():
        # One at a time: the questions look at everyone there is, so that all at once would take time by the square of the group.
        beside.extend(quads)
        for standard in standards:
            held += ask(beside, coverage, {"individual": person, "standard": standard}).rows
            ways += ask(beside, measures, {"from": person, "to": standard}).rows
        if quads:
            beside.remove_graph(GROUP)
    return held, ways


def distinct(places: list[Row]) -> list[Row]:
    """Return one row for each competence: the first, where several standards or positions have it."""
    return list({row["competence"]: row for row in reversed(places)}.values())[::-1]


def coverage_of(row: Row, held: list[Row], ways: list[Row]) -> Coverage:
    """Return how the group stands to the competence of `row`."""
    of = [answer for answer in held if answer["competence"] == row["competence"]]
    counts = {kind: len({answer["individual"] for answer in of if plain(answer["kind"]) == kind}) for kind in KINDS}
    return Coverage(row, counts, counted(answer for answer in of if plain(answer["kind"]) == "near"), measures(ways))


def meets_none(row: Row, held: list[Row], asked: Iterable[Term | None]) -> bool:
    """Say whether what lies beyond one standard of a role meets none of the others."""
    return row["own"] not in asked and not any(
        other["own"] == row["own"] and other["individual"] == row["individual"] and plain(other["kind"]) == "near" for other in held
    )


def counted(rows: Iterable[Row]) -> tuple[tuple[Row, int], ...]:
    """Return each competence that the rows tell of, and how many people have it; most first, then as the rows have them."""
    holders: dict[Term | None, set[Term | None]] = {}
    first: dict[Term | None, Row] = {}
    for row in rows:
        holders.setdefault(row["own"], set()).add(row["individual"])
        first.setdefault(row["own"], row)
    number = Counter({own: len(people) for own, people in holders.items()})
    return tuple((first[own], count) for own, count in sorted(number.items(), key=lambda item: -item[1]))


def measures(rows: Iterable[Row]) -> tuple[Measure, ...]:
    """Return each way to competence that the rows tell of, once for each ground."""
    found: dict[tuple[Term | None, Term | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row["ground"], row["way"]), []).append(row)
    return tuple(Measure(of[0], once(of, "setting"), once(of, "form")) for of in found.values())


def once(rows: list[Row], name: str) -> tuple[Row, ...]:
    """Return the first row for each value of a column, but those that have none."""
    return tuple({row[name]: row for row in reversed(rows) if row[name] is not None}.values())[::-1]
