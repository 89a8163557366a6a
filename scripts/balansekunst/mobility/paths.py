"""Mobility: what of one role's competence carries over into another, counted and explained.

The mobility path from A to B says of each of B's key competences whether A has it (shared), has a neighbour of it (near: one SKOS step,
broader, narrower or related), or neither (not named in A's standard). Each of A's competences serves one of B's: near competences are
paired one to one, as many as can be (`match_one_to_one`). The score is the share that carries over:

    m(A → B) = Σ w(c) · s(A, c) / Σ w(c)     over the key competences c of B

where s is 1 for shared, `NEAR_WEIGHT` for near and 0 else. Every w(c) is 1 unless weights are asked for; then it is 1 divided by the number
of roles that have c. It is not symmetric. `docs/mobility.md` says why, and what it does not mean.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import fsum

from pyoxigraph import Literal, NamedNode, Store

from balansekunst.errors import Message, UserError
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.sparql.catalogue import QueryResult, ResultRow, find_question, run_query, run_question, to_plain_text

NEAR_WEIGHT = 0.5
"""What a neighbour counts. At most ½, or a role that gains a competence could fall (`docs/mobility.md`)."""
_SOURCE_COLUMNS = ("own", "from_dimension", "from_position", "from_outcomes")
"""The columns that tell of the source's competence."""


@dataclass(frozen=True)
class MobilityOptions:
    """How the score is counted."""

    weighted: bool = False
    """Whether a competence that few roles have counts more."""
    near: bool = True
    """Whether a neighbour of a competence counts."""
    dimension: NamedNode | None = None
    """Count only the key competences that stand in this dimension in the role gone to."""


@dataclass(frozen=True, repr=False)
class MobilityPath:
    """The mobility path from one role to another."""

    source: NamedNode
    target: NamedNode
    score: float
    """Between 0 and 1."""
    answer: QueryResult
    """A row for each of the target's key competences and each of the source's that meets it, as the question `from-role-to-role` gives
    them, with `weight` and `match_weight` (1, ½ or 0) beside: labels, dimensions, positions and the outcomes of both."""
    progressions: tuple[ResultRow, ...] = ()
    """Outcomes of the source that the documents say lead on to one of the target's, as the question `learning-path` gives them."""
    unpaired_neighbours: tuple[ResultRow, ...] = ()
    """Rows of neighbours that are not counted, since one of the two competences is paired with another."""
    measures: tuple[ResultRow, ...] = ()
    """What the documents say may build the target's competences that the source's standard does not name, as `tables/measures` gives it."""
    skills: tuple[ResultRow, ...] = ()
    """The ESCO skills that outcomes of both roles are mapped to, as `tables/outcome-skills` gives them."""
    elected: tuple[NamedNode, ...] = ()
    """Which of the two roles are offices that people are elected to, and not occupations."""

    def __repr__(self) -> str:
        return f"<MobilityPath {self.source.value} → {self.target.value}: {self.score:.2f}>"

    def select_rows(self, kind: str) -> list[ResultRow]:
        """Return the rows of one kind: `shared`, `near` or `new`."""
        return [row for row in self.answer.rows if to_plain_text(row["kind"]) == kind]

    def count_competences(self, kind: str) -> int:
        """Return how many of the target's key competences are of one kind."""
        return len({row["competence"] for row in self.select_rows(kind)})

    def count_all_competences(self) -> int:
        """Return how many key competences of the target are counted."""
        return len({row["competence"] for row in self.answer.rows})

    def select_measures(self, competence: Term | None) -> list[ResultRow]:
        """Return what the documents say may build a competence of the target, each once."""
        return list({row["way"]: row for row in reversed(self.measures) if row["competence"] == competence}.values())[::-1]

    def compare_skills(self, row: ResultRow) -> tuple[dict[str, str], dict[str, str]]:
        """Return the ESCO skills that the outcomes of a row are mapped to, by URI: those in both roles, and those in the target alone."""

        def select(role: NamedNode, competence: Term | None) -> dict[str, str]:
            chosen = [skill for skill in self.skills if skill["role"] == role and skill["competence"] == competence]
            return {to_plain_text(skill["skill"]): to_plain_text(skill["skill_en"]) for skill in chosen}

        before, after = select(self.source, row["own"]), select(self.target, row["competence"])
        return (
            {uri: label for uri, label in after.items() if uri in before},
            {uri: label for uri, label in after.items() if uri not in before},
        )


def match_one_to_one(choices: Mapping[Term, Sequence[Term]]) -> dict[Term, Term]:
    """Pair keys with values of theirs so that no value is used twice and as many keys as possible are paired.

    Keys that come first are paired before later ones where not all can be: with keys by falling weight the paired ones have the greatest
    sum of weights, since the sets of keys that can be paired form a matroid. By augmenting paths (Kuhn 1955,
    https://doi.org/10.1002/nav.3800020109), which for the some fifteen competences of a standard is fast enough.
    """
    owners: dict[Term, Term] = {}

    def assign(key: Term, tried: set[Term]) -> bool:
        for value in choices[key]:
            if value not in tried:
                tried.add(value)
                if value not in owners or assign(owners[value], tried):
                    owners[value] = key
                    return True
        return False

    for key in choices:
        assign(key, set())
    return {key: value for value, key in owners.items()}


def list_requirements(store: Store, project: Project) -> list[tuple[Term, Term, Term]]:
    """Return (role, competence, dimension) for each key competence of each role."""
    rows = run_query(store, project.read_query("tables/requirements")).rows
    return [(row["role"], row["competence"], row["dimension"]) for row in rows]  # type: ignore[misc]


def _compute_weights(store: Store, project: Project, options: MobilityOptions) -> dict[Term, float]:
    """Return the weight of each competence: 1 divided by the number of roles that have it, or 1 where nothing is weighted."""
    holders = Counter(competence for competence, _ in {(c, role) for role, c, _ in list_requirements(store, project)})
    return {competence: 1 / number if options.weighted else 1.0 for competence, number in holders.items()}


def compute_all_mobility_paths(store: Store, project: Project, options: MobilityOptions, *bound: Mapping[str, Term]) -> list[MobilityPath]:
    """Return the mobility path between every ordered pair of roles that `bound` (`from`, `to`; one or several) leaves open."""
    answer = run_question(store, find_question(project, "from-role-to-role"), *bound)
    weight = _compute_weights(store, project, options)
    rows = [row for row in answer.rows if options.dimension in (None, row["to_dimension"])]
    added = {
        name: {language: format_message(key, language) for language in LANGUAGES}
        for name, key in (("weight", "mobility.weight"), ("match_weight", "mobility.match-weight"))
    }
    assert answer.question is not None
    question = replace(answer.question, columns={**answer.question.columns, **added})
    variables = [*answer.variables, *added]
    onwards = _find_progressions(store, project)
    measures = _group_by_role(store, project, "tables/measures")
    skills = _group_by_role(store, project, "tables/outcome-skills")
    offices = {row["role"] for row in run_query(store, project.read_query("tables/elected-roles")).rows}
    found = []
    for (source, target), group in groupby(rows, key=lambda row: (row["from"], row["to"])):
        assert isinstance(source, NamedNode) and isinstance(target, NamedNode)
        kept, unpaired = _pair_neighbours(list(group), weight, options)
        of_pair = [_add_weight(row, weight) for row in kept]
        missing = {row["competence"] for row in of_pair if to_plain_text(row["kind"]) == "new"}
        found.append(
            MobilityPath(
                source,
                target,
                _compute_score(of_pair),
                QueryResult(variables, of_pair, question, bases=question.bases),
                tuple(onwards.get((source, target), ())),
                tuple(unpaired),
                tuple(row for row in measures.get(target, ()) if row["competence"] in missing),
                tuple(skill for role in (source, target) for skill in skills.get(role, ())),
                tuple(role for role in (source, target) if role in offices),
            )
        )
    return found


def _group_by_role(store: Store, project: Project, query: str) -> dict[Term | None, list[ResultRow]]:
    """Return the rows of a query by their role."""
    found: dict[Term | None, list[ResultRow]] = {}
    for row in run_query(store, project.read_query(query)).rows:
        found.setdefault(row["role"], []).append(row)
    return found


def _pair_neighbours(rows: list[ResultRow], weight: dict[Term, float], options: MobilityOptions) -> tuple[list[ResultRow], list[ResultRow]]:
    """Return the rows of a pair of roles with near competences paired one to one, and the rows of neighbours that are not counted.

    What is near and not paired is new: one row for each, with nothing of the source.
    """
    choices: dict[Term, list[Term]] = {}
    for row in (row for row in rows if options.near and to_plain_text(row["kind"]) == "near"):
        competence, own = row["competence"], row["own"]
        assert competence is not None and own is not None
        choices.setdefault(competence, []).append(own)
    by_weight = sorted(choices, key=lambda competence: (-weight[competence], to_plain_text(competence)))
    paired = match_one_to_one({competence: sorted(set(choices[competence]), key=to_plain_text) for competence in by_weight})
    kept, unpaired, seen = list[ResultRow](), list[ResultRow](), set[tuple[Term | None, ...]]()
    for row in rows:
        competence = row["competence"]
        assert competence is not None
        if to_plain_text(row["kind"]) != "near" or paired.get(competence) == row["own"]:
            kept.append(row)
            continue
        if options.near:
            unpaired.append(row)
        place = competence, row["to_position"], row["to_dimension"]
        if competence not in paired and place not in seen:
            seen.add(place)
            nothing = {name: None if name.startswith(_SOURCE_COLUMNS) else term for name, term in row.items()}
            kept.append({**nothing, "kind": Literal("new"), "changes_position": Literal("")})
    return kept, unpaired


def _find_progressions(store: Store, project: Project) -> dict[tuple[Term | None, Term | None], list[ResultRow]]:
    """Return the outcomes that lead on to one of another role's, for each ordered pair of roles that has some, asked for all at once."""
    found: dict[tuple[Term | None, Term | None], list[ResultRow]] = {}
    for row in run_question(store, find_question(project, "learning-path")).rows:
        found.setdefault((row["from"], row["to"]), []).append(row)
    return found


def _add_weight(row: ResultRow, weight: dict[Term, float]) -> ResultRow:
    """Return a row with the weight of its competence and what it counts."""
    competence = row["competence"]
    assert competence is not None
    match_weight = {"shared": 1.0, "near": NEAR_WEIGHT, "new": 0.0}[to_plain_text(row["kind"])]
    return {**row, "weight": Literal(weight[competence]), "match_weight": Literal(match_weight)}


def _compute_score(rows: list[ResultRow]) -> float:
    """Return the weighted share that carries over, each competence counted once, for what it counts most."""
    best: dict[Term | None, tuple[float, float]] = {}
    for row in rows:
        weight, match_weight = (float(to_plain_text(row[name])) for name in ("weight", "match_weight"))
        best[row["competence"]] = weight, max(match_weight, best.get(row["competence"], (0.0, 0.0))[1])
    # Rows come in no order that one can count on, so the sums are those that no order changes.
    return fsum(weight * match_weight for weight, match_weight in best.values()) / fsum(weight for weight, _ in best.values())


def compute_mobility_path(store: Store, project: Project, source: NamedNode, target: NamedNode, options: MobilityOptions) -> MobilityPath:
    """Return the mobility path between two roles.

    Raises:
        UserError: they are the same, or one has no key competences (in the dimension asked for).
    """
    if source == target:
        raise UserError(("mobility.same", {"role": project.bases.strip_base(source.value)}))
    check_described_roles(store, project, source, target)
    found = compute_all_mobility_paths(store, project, options, {"from": source, "to": target})
    if not found:
        assert options.dimension is not None
        values: dict[str, object] = {
            "role": project.bases.strip_base(target.value),
            "dimension": project.bases.strip_base(options.dimension.value),
        }
        raise UserError(("mobility.dimension", values))
    return found[0]


def rank_mobility_paths(store: Store, project: Project, source: NamedNode, options: MobilityOptions) -> list[MobilityPath]:
    """Return the mobility paths from a role to every other, highest score first, then by address.

    Raises:
        UserError: the role has no key competences.
    """
    check_described_roles(store, project, source)
    return sorted(
        compute_all_mobility_paths(store, project, options, {"from": source}), key=lambda found: (-found.score, found.target.value)
    )


def check_described_roles(store: Store, project: Project, *roles: NamedNode) -> None:
    """See that each role has key competences.

    Raises:
        UserError: naming the roles that have none.
    """
    known = {role for role, _, _ in list_requirements(store, project)}
    missing: list[Message] = [
        ("mobility.no-standard", {"role": project.bases.strip_base(role.value)}) for role in roles if role not in known
    ]
    if missing:
        raise UserError(*missing)


def compute_score_matrix(store: Store, project: Project, options: MobilityOptions) -> dict[tuple[NamedNode, NamedNode], float]:
    """Return the score of every ordered pair of different roles that have key competences."""
    return {(found.source, found.target): found.score for found in compute_all_mobility_paths(store, project, options)}
