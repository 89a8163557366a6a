"""Mobility: what of one role's competence carries over into another, as a figure that is explained.

The figure of the way from A to B is the weighted share of B's key competences that A has:

    m(A → B) = Σ w(c) · s(A, c) / Σ w(c)     over the key competences c of B

where s is 1 for a competence that A has, `NEAR` for one that A has only a neighbour of (one SKOS step: broader, narrower or related), else
0; and w(c) is 1 divided by the number of roles that have c. It is not symmetric. `docs/mobility.md` says why, and what it does not mean.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from math import fsum

from pyoxigraph import Literal, NamedNode, Store

from balansekunst.asking.catalogue import Answer, Row, ask, ask_text, find_question, plain
from balansekunst.load import Message, Term
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.project import Project, local

NEAR = 0.5
"""What a neighbour counts. At most ½, or a role that gains a competence could fall (`docs/mobility.md`)."""
OF_SOURCE = ("own", "from_dimension", "from_position", "from_outcomes")
"""The columns that tell of the source's competence."""


@dataclass(frozen=True)
class Options:
    """How the figure is counted."""

    weighted: bool = True
    """Whether a competence that few roles have counts more."""
    near: bool = True
    """Whether a neighbour of a competence counts."""
    dimension: NamedNode | None = None
    """Count only the key competences that stand in this dimension in the role gone to."""


@dataclass(frozen=True)
class Way:
    """The way from one role to another."""

    source: NamedNode
    target: NamedNode
    figure: float
    """Between 0 and 1."""
    answer: Answer
    """A row for each of the target's key competences and each of the source's that meets it, as the question `from-role-to-role` gives
    them, with `weight` and `counts` (1, ½ or 0) beside: labels, dimensions, positions and the outcomes of both."""
    progressions: tuple[Row, ...] = ()
    """Outcomes of the source that the documents say lead on to one of the target's, as the question `learning-path` gives them."""

    def of(self, kind: str) -> list[Row]:
        """Return the rows of one kind: `shared`, `near` or `new`."""
        return [row for row in self.answer.rows if plain(row["kind"]) == kind]

    def number(self, kind: str) -> int:
        """Return how many of the target's key competences are of one kind."""
        return len({row["competence"] for row in self.of(kind)})


def requirements(store: Store, project: Project) -> list[tuple[Term, Term, Term]]:
    """Return (role, competence, dimension) for each key competence of each role."""
    rows = ask_text(store, project.query("tables/requirements")).rows
    return [(row["role"], row["competence"], row["dimension"]) for row in rows]  # type: ignore[misc]


def weights(store: Store, project: Project, options: Options) -> dict[Term, float]:
    """Return the weight of each competence: 1 divided by the number of roles that have it, or 1 where nothing is weighted."""
    holders = Counter(competence for competence, _ in {(c, role) for role, c, _ in requirements(store, project)})
    return {competence: 1 / number if options.weighted else 1.0 for competence, number in holders.items()}


def all_ways(store: Store, project: Project, options: Options, *bound: Mapping[str, Term]) -> list[Way]:
    """Return the way between every ordered pair of roles that `bound` (`from`, `to`; one or several) leaves open, by their names."""
    answer = ask(store, find_question(project, "from-role-to-role"), *bound)
    weight = weights(store, project, options)
    rows = [counted(row, weight, options) for row in answer.rows if options.dimension in (None, row["to_dimension"])]
    added = {name: {language: text(f"mobility.{name}", language) for language in LANGUAGES} for name in ("weight", "counts")}
    assert answer.question is not None
    question = replace(answer.question, columns={**answer.question.columns, **added})
    variables = [*answer.variables, *added]
    onwards = progressions(store, project)
    found = []
    for (source, target), group in groupby(rows, key=lambda row: (row["from"], row["to"])):
        assert isinstance(source, NamedNode) and isinstance(target, NamedNode)
        of_pair = list(group)
        steps = tuple(onwards.get((source, target), ()))
        found.append(Way(source, target, figure(of_pair), Answer(variables, of_pair, question), steps))
    return found


def progressions(store: Store, project: Project) -> dict[tuple[Term | None, Term | None], list[Row]]:
    """Return the outcomes that lead on to one of another role's, for each ordered pair of roles that has some, asked for all at once."""
    found: dict[tuple[Term | None, Term | None], list[Row]] = {}
    for row in ask(store, find_question(project, "learning-path")).rows:
        found.setdefault((row["from"], row["to"]), []).append(row)
    return found


def counted(row: Row, weight: dict[Term, float], options: Options) -> Row:
    """Return a row with the weight of its competence and what it counts. Without near matches, what is near is new."""
    kind = plain(row["kind"])
    if kind == "near" and not options.near:
        kept = {name: None if name.startswith(OF_SOURCE) else term for name, term in row.items()}
        row, kind = {**kept, "kind": Literal("new"), "moves": Literal("")}, "new"
    competence = row["competence"]
    assert competence is not None
    return {**row, "weight": Literal(weight[competence]), "counts": Literal({"shared": 1.0, "near": NEAR, "new": 0.0}[kind])}


def figure(rows: list[Row]) -> float:
    """Return the weighted share that carries over, each competence counted once, for what it counts most."""
    best: dict[Term | None, tuple[float, float]] = {}
    for row in rows:
        weight, counts = (float(plain(row[name])) for name in ("weight", "counts"))
        best[row["competence"]] = weight, max(counts, best.get(row["competence"], (0.0, 0.0))[1])
    # Rows come in no order that one can count on, so the sums are those that no order changes.
    return fsum(weight * counts for weight, counts in best.values()) / fsum(weight for weight, _ in best.values())


def way(store: Store, project: Project, source: NamedNode, target: NamedNode, options: Options) -> Way:
    """Return the way between two roles.

    Raises:
        UserError: they are the same, or one has no key competences (in the dimension asked for).
    """
    if source == target:
        raise UserError(("mobility.same", {"role": local(source.value)}))
    described(store, project, source, target)
    found = all_ways(store, project, options, {"from": source, "to": target})
    if not found:
        assert options.dimension is not None
        values: dict[str, object] = {"role": local(target.value), "dimension": local(options.dimension.value)}
        raise UserError(("mobility.dimension", values))
    return found[0]


def ways(store: Store, project: Project, source: NamedNode, options: Options) -> list[Way]:
    """Return the ways from a role to every other, highest figure first, then by address.

    Raises:
        UserError: the role has no key competences.
    """
    described(store, project, source)
    return sorted(all_ways(store, project, options, {"from": source}), key=lambda found: (-found.figure, found.target.value))


def described(store: Store, project: Project, *roles: NamedNode) -> None:
    """See that each role has key competences.

    Raises:
        UserError: naming the roles that have none.
    """
    known = {role for role, _, _ in requirements(store, project)}
    missing: list[Message] = [("mobility.undescribed", {"role": local(role.value)}) for role in roles if role not in known]
    if missing:
        raise UserError(*missing)


def matrix(store: Store, project: Project, options: Options) -> dict[tuple[NamedNode, NamedNode], float]:
    """Return the figure of every ordered pair of different roles that have key competences."""
    return {(found.source, found.target): found.figure for found in all_ways(store, project, options)}
