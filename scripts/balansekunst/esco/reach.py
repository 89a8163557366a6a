"""How far a role reaches into ESCO's occupations: what of each occupation's skills carries over through the mapped key competences.

The measure is that of mobility between roles, over an occupation's skills instead of a role's key competences:

    reach(A, o) = Σ w(o, s) · h(A, s) / Σ w(o, s), over the skills s of o
    w(o, s) = e(o, s) / √n(s)

`e` is 1 for an essential skill and ½ for an optional one, `n(s)` the number of occupations that have the skill, and `h` how well the best
of the role's key competences carries it, see `Weights`. `docs/reach.md` tells why the figures are what they are, and how good they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from balansekunst.esco.store import Concept, Esco
from balansekunst.mappings import read_mapping_set
from balansekunst.messages import UserError

Floats = NDArray[np.float64]
Step = Literal["same", "broader", "narrower"]


@dataclass(frozen=True)
class Weights:
    """What counts how much."""

    essential: float = 1.0
    optional: float = 0.5
    match: dict[str, float] = field(default_factory=lambda: {"exact": 1.0, "close": 0.75, "broad": 0.5, "narrow": 0.5, "related": 0.25})
    """How much of an ESCO skill a competence carries, by how it is mapped to that skill."""
    step: float = 0.5
    """What is left after one step of ESCO's own hierarchy. A step down is shared among all the narrower skills."""
    steps_from: tuple[str, ...] = ("exact", "close")
    """The matches that a step may follow. The others are a step already, and two steps are never taken."""
    least: float = 0.05
    """A step that leaves less than this is not taken: of one general skill among a hundred narrower, none is carried."""


WEIGHTS = Weights()


@dataclass(frozen=True)
class Mapping:
    """What a competence is to an ESCO skill."""

    competence: str
    """Its IRI."""
    skill: str
    """The skill's URI."""
    relation: str
    """`exact`, `close`, `broad` (the skill is the broader), `narrow` or `related`."""


def read_mappings(path: Path) -> tuple[list[Mapping], str]:
    """Return the mappings of an SSSOM file, and the version of ESCO they were made to. Rows with no counterpart are left out.

    Raises:
        UserError: the table cannot be read.
    """
    found = read_mapping_set(path)
    mappings = [
        Mapping(found.iri(row["subject_id"]), found.iri(row["object_id"]), row["predicate_id"].removeprefix("skos:").removesuffix("Match"))
        for row in found.matches()
    ]
    return mappings, str(found.about["object_source_version"])


class Space:
    """Occupations and skills as arrays, so that a role is compared with all occupations at once."""

    def __init__(
        self,
        occupations: Sequence[Concept],
        skills: Iterable[str],
        links: Iterable[tuple[str, ...]],
        broader: Iterable[tuple[str, ...]],
        weights: Weights = WEIGHTS,
    ) -> None:
        """Take ESCO's lists and relations as `Esco` gives them; what dangles, and what is about groups, is left out.

        Args:
            occupations: in the order that equals are ranked in.
            skills: their URIs.
            links: (occupation, skill, `essential` or `optional`).
            broader: (narrower, broader).
            weights: what counts how much.
        """
        self.weights = weights
        self.occupations = list(occupations)
        self.skills = list(skills)
        self.at = {uri: number for number, uri in enumerate(self.skills)}
        rows = {occupation.uri: number for number, occupation in enumerate(self.occupations)}
        demands: dict[tuple[int, int], bool] = {}
        for occupation, skill, relation in links:
            if occupation in rows and skill in self.at:
                key = (rows[occupation], self.at[skill])
                demands[key] = demands.get(key, False) or relation == "essential"
        row, column = np.array(list(demands), dtype=np.int64).reshape(-1, 2).T
        essential = np.fromiter(demands.values(), dtype=bool, count=len(demands))
        size = (len(self.occupations), len(self.skills))
        number = np.bincount(column, minlength=size[1])
        self.rarity: Floats = 1 / np.sqrt(np.maximum(number, 1))
        """Of each skill; shape (skills,)."""
        demand = np.where(essential, weights.essential, weights.optional)
        self.essential = csr_array((essential, (row, column)), shape=size)
        self.weight = csr_array((demand * self.rarity[column], (row, column)), shape=size)
        """Of each skill in each occupation; shape (occupations, skills)."""
        self.total: Floats = self.weight.sum(axis=1)
        self.asked = number > 0
        """Which skills some occupation has."""
        self.broader: dict[int, list[int]] = {}
        self.narrower: dict[int, list[int]] = {}
        for below, above in sorted(set(broader)):
            if below in self.at and above in self.at:
                self.broader.setdefault(self.at[below], []).append(self.at[above])
                self.narrower.setdefault(self.at[above], []).append(self.at[below])

    @classmethod
    def of(cls, esco: Esco, weights: Weights = WEIGHTS) -> "Space":
        """Return the space of a loaded version.

        Raises:
            UserError: it lacks what the measure cannot do without.
        """
        missing = [part for part in esco.missing() if part in ("occupations", "skills", "occupationSkillRelations")]
        if missing:
            raise UserError(("reach.lacking", {"version": esco.version, "parts": ", ".join(missing)}))
        return cls(
            esco.concepts("occupation"),
            (skill.uri for skill in esco.concepts("skill")),
            esco.links("occupationSkillRelations"),
            esco.links("broaderRelationsSkillPillar"),
            weights,
        )

    def figures(self, held: Floats) -> Floats:
        """Return what carries over to each occupation, from 0 to 1; 0 for one without skills.

        Args:
            held: how well each skill is carried, from 0 to 1; shape (skills,), or (skills, n) for n at once.

        Returns:
            Shape (occupations,), or (occupations, n).
        """
        total = np.where(self.total > 0, self.total, 1.0)
        carried: Floats = np.asarray(self.weight @ held)
        return carried / (total if held.ndim == 1 else total[:, None])


@dataclass(frozen=True)
class Way:
    """How a competence carries a skill."""

    value: float
    competence: str
    """Its IRI."""
    relation: str
    """How it is mapped, as `close`."""
    skill: str
    """The skill that it is mapped to."""
    step: Step
    """From there to the skill that is carried: none, or one step to a broader or narrower."""


def ways(space: Space, competences: Iterable[str], mappings: Iterable[Mapping]) -> dict[int, list[Way]]:
    """Return every way in which `competences` carry skills, by the skill's number in the space, best way first."""
    own, weights = set(competences), space.weights
    found: dict[int, list[Way]] = {}
    for mapping in mappings:
        at = space.at.get(mapping.skill)
        if mapping.competence not in own or at is None:
            continue
        value = weights.match[mapping.relation]

        def add(to: int, value: float, step: Step, by: Mapping = mapping) -> None:
            found.setdefault(to, []).append(Way(value, by.competence, by.relation, by.skill, step))

        add(at, value, "same")
        if mapping.relation in weights.steps_from:
            above, below = space.broader.get(at, []), space.narrower.get(at, [])
            stepped = value * weights.step
            for skill in above:
                add(skill, stepped, "broader")
            if below and stepped / len(below) >= weights.least:
                for skill in below:
                    add(skill, stepped / len(below), "narrower")
    for several in found.values():
        several.sort(key=lambda way: (-way.value, way.competence, way.skill))
    return found


def held(space: Space, found: dict[int, list[Way]]) -> Floats:
    """Return how well each skill is carried: by the best way. Shape (skills,)."""
    values = np.zeros(len(space.skills))
    for skill, several in found.items():
        values[skill] = several[0].value
    return values


@dataclass(frozen=True)
class Skill:
    """A skill of an occupation, and what carries it."""

    uri: str
    essential: bool
    share: float
    """Its weight as a share of all the occupation's weight."""
    ways: tuple[Way, ...]
    """Best first; none where it is missing."""


@dataclass(frozen=True)
class Reached:
    """What carries over to an occupation."""

    rank: int
    """Among all occupations, whatever was asked for."""
    occupation: Concept
    figure: float
    """From 0 to 1."""
    carried: tuple[Skill, ...]
    """What adds most first."""
    missing: tuple[Skill, ...]
    """What weighs most first."""


@dataclass(frozen=True)
class Reach:
    """How far a set of competences reaches."""

    competences: int
    occupations: int
    """How many there are to reach."""
    touched: int
    """How many have a figure above 0."""
    ranked: tuple[Reached, ...]
    invisible: tuple[str, ...]
    """Competences with no counterpart in ESCO: nothing of them can count."""
    unasked: tuple[str, ...]
    """Competences with counterparts that no occupation has, nor anything that a step leads to."""
    gone: tuple[str, ...]
    """Skills that are mapped to, and not in this version."""


def reach(space: Space, competences: Iterable[str], mappings: Sequence[Mapping], isco: str = "", top: int = 20) -> Reach:
    """Rank occupations by what carries over.

    Args:
        space: a version of ESCO.
        competences: the IRIs of a role's key competences.
        mappings: to ESCO.
        isco: only occupations whose ISCO-08 code begins so.
        top: how many to tell of.

    Raises:
        UserError: no occupation has such a code.
    """
    own = sorted(set(competences))
    found = ways(space, own, mappings)
    figures = space.figures(held(space, found))
    order = np.argsort(-figures, kind="stable")
    chosen = [int(at) for at in order if space.occupations[at].isco.startswith(isco)]
    if not chosen:
        raise UserError(("reach.isco", {"isco": isco, "known": ", ".join(sorted({o.isco[:1] for o in space.occupations}))}))
    rank = {int(at): number for number, at in enumerate(order, start=1)}
    mapped = {mapping.competence for mapping in mappings}
    asked = {way.competence for skill, several in found.items() if space.asked[skill] for way in several}
    gone = {m.skill for m in mappings if m.competence in own and m.skill not in space.at}
    return Reach(
        competences=len(own),
        occupations=len(space.occupations),
        touched=int((figures > 0).sum()),
        ranked=tuple(explained(space, found, at, rank[at], float(figures[at])) for at in chosen[:top]),
        invisible=tuple(competence for competence in own if competence not in mapped),
        unasked=tuple(competence for competence in own if competence in mapped and competence not in asked),
        gone=tuple(sorted(gone)),
    )


def explained(space: Space, found: dict[int, list[Way]], at: int, rank: int, figure: float) -> Reached:
    """Say of one occupation which of its skills are carried, and how, and which are missing."""
    span = slice(space.weight.indptr[at], space.weight.indptr[at + 1])
    skills = [
        Skill(space.skills[skill], bool(space.essential[at, skill]), float(weight / space.total[at]), tuple(found.get(int(skill), ())))
        for skill, weight in zip(space.weight.indices[span], space.weight.data[span], strict=True)
    ]
    carried = sorted((s for s in skills if s.ways), key=lambda s: (-s.share * s.ways[0].value, s.uri))
    missing = sorted((s for s in skills if not s.ways), key=lambda s: (-s.share, s.uri))
    return Reached(rank, space.occupations[at], figure, tuple(carried), tuple(missing))
