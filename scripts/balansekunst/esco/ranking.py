"""Mobility into ESCO's occupations: how near a role is to each, by skills and by field, with every part of the score explained.

A role or occupation A is a vector over all skills of ESCO and all groups above them:

    a(g) = κ(g) · √ln(N / n(g)) · ln(1 + Σ h(A, s) · ½^steps(s, g))      κ = ½ for a skill, 1 for a group

`h` is how much A has of skill s, `steps` the fewest steps up ESCO's hierarchy from s to g, n(g) the number of occupations with a skill at
or below g, and N the number of occupations. The score for skills is the cosine of the two vectors. The score for the field is the cosine of
the words of the role's definition and of ESCO's description of the occupation, and counts no more than the skills do, so that none is near
by words alone. Occupations are ranked by the sum, and both are shown.
`docs/occupation-mobility.md` gives an example by hand, and `docs/research/occupations.md` the reasons and how good the ranking is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from balansekunst.errors import UserError
from balansekunst.esco.isco import FIRST_GROUPS, get_skill_levels, vary_groups
from balansekunst.esco.role_mappings import RESAMPLING, SkillMapping, is_left_out
from balansekunst.esco.store import Concept, Esco

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class OccupationWeights:
    """What counts how much."""

    essential: float = 1.0
    optional: float = 0.5
    match: Mapping[str, float] = field(default_factory=lambda: {"exact": 1.0, "close": 0.75, "broad": 0.5, "narrow": 0.5, "related": 0.25})
    """How much of an ESCO skill a competence or outcome has, by how it is mapped to that skill."""
    skill: float = 0.5
    """κ of a skill; that of a group is 1."""
    step: float = 0.5
    """What is left after each step up the hierarchy."""
    rarity: float = 0.5
    """The exponent of ln(N / n)."""


OCCUPATION_WEIGHTS = OccupationWeights()


class OccupationSpace:
    """Occupations as vectors over skills and the groups above them."""

    def __init__(
        self,
        occupations: Sequence[Concept],
        skills: Iterable[str],
        links: Iterable[tuple[str, ...]],
        broader: Iterable[tuple[str, ...]],
        weights: OccupationWeights = OCCUPATION_WEIGHTS,
    ) -> None:
        """Take ESCO's lists and relations as `Esco` gives them; links of occupations and skills that are in no list are left out.

        Args:
            occupations: in the order that equals are ranked in.
            skills: their URIs.
            links: (occupation, skill, `essential` or `optional`).
            broader: (narrower, broader), of skills and groups.
            weights: what counts how much.
        """
        self.weights = weights
        self.occupations = list(occupations)
        self.skills = list(skills)
        above = sorted(set(broader))
        self.nodes = [*self.skills, *sorted({end for pair in above for end in pair} - set(self.skills))]
        """Skills first, then groups."""
        self.node_numbers = {uri: number for number, uri in enumerate(self.nodes)}
        self.skill_numbers = {uri: number for number, uri in enumerate(self.skills)}
        rows = {occupation.uri: number for number, occupation in enumerate(self.occupations)}
        demands: dict[tuple[int, int], bool] = {}
        for occupation, skill, relation in links:
            if occupation in rows and skill in self.skill_numbers:
                key = rows[occupation], self.skill_numbers[skill]
                demands[key] = demands.get(key, False) or relation == "essential"
        row, column = np.array(list(demands), dtype=np.int64).reshape(-1, 2).T
        is_essential = np.fromiter(demands.values(), dtype=bool, count=len(demands))
        size = len(self.occupations), len(self.skills)
        values = np.where(is_essential, weights.essential, weights.optional)
        self.demand = csr_array((values, (row, column)), shape=size)
        """How much of each skill each occupation asks for; shape (occupations, skills)."""
        self.essential = csr_array((is_essential.astype(np.float64), (row, column)), shape=size)
        self.ancestors = _build_ancestors(above, self.node_numbers, weights.step)[: len(self.skills)]
        """What is left of each skill at each node; shape (skills, nodes)."""
        spread = csr_array(self.demand @ self.ancestors)
        number = np.bincount(spread.indices[spread.data > 0], minlength=len(self.nodes))
        """Of occupations with a skill at or below each node."""
        information = np.log(max(len(self.occupations), 1) / np.maximum(number, 1)) ** weights.rarity
        kappa = np.where(np.arange(len(self.nodes)) < len(self.skills), weights.skill, 1.0)
        self.node_weights: FloatArray = np.where(number > 0, kappa * information, 0.0)
        self.skill_counts = number[: len(self.skills)]
        """How many occupations ask for each skill, or for one below it."""
        self.is_asked = np.bincount(column, minlength=len(self.skills)) > 0
        """Which skills some occupation asks for itself."""
        self.vectors = self.weigh(self.demand)
        self.lengths: FloatArray = np.sqrt((self.vectors * self.vectors).sum(axis=1))

    @classmethod
    def from_esco(cls, esco: Esco, weights: OccupationWeights = OCCUPATION_WEIGHTS) -> "OccupationSpace":
        """Return the space of a loaded version.

        Raises:
            UserError: it lacks what the measure cannot do without.
        """
        missing = [part for part in esco.list_missing_parts() if part in ("occupations", "skills", "occupationSkillRelations")]
        if missing:
            raise UserError(("occupation-mobility.missing-parts", {"version": esco.version, "parts": ", ".join(missing)}))
        return cls(
            esco.list_concepts("occupation"),
            (skill.uri for skill in esco.list_concepts("skill")),
            esco.list_links("occupationSkillRelations"),
            esco.list_links("broaderRelationsSkillPillar"),
            weights,
        )

    def weigh(self, held: csr_array) -> csr_array:
        """Return the vectors of those who have `held` of each skill, shape (n, skills), as shape (n, nodes)."""
        spread = csr_array(held @ self.ancestors)
        spread.data = np.log1p(spread.data)
        return csr_array(spread @ diags_array(self.node_weights))

    def compare(self, held: csr_array) -> FloatArray:
        """Return the cosine of each row of `held`, shape (n, skills), with each occupation: shape (n, occupations), from 0 to 1."""
        vectors = self.weigh(held)
        lengths = np.sqrt((vectors * vectors).sum(axis=1))
        dot = (vectors @ self.vectors.T).toarray()
        scale = lengths[:, None] * self.lengths[None, :]
        return np.asarray(dot / np.where(scale > 0, scale, 1.0))


def _build_ancestors(above: Sequence[tuple[str, ...]], numbers: Mapping[str, int], step: float) -> csr_array:
    """Return step^(fewest steps from each node to each at or above it), shape (nodes, nodes)."""
    size = len(numbers)
    row = [numbers[below] for below, _ in above]
    column = [numbers[broader] for _, broader in above]
    one = csr_array((np.ones(len(row)), (row, column)), shape=(size, size))
    found = reached = csr_array(diags_array(np.ones(size)))
    left = 1.0
    while reached.nnz:
        left *= step
        reached = csr_array(reached @ one)
        reached.data[:] = 1.0
        reached = csr_array(reached - reached.multiply(found > 0))
        reached.eliminate_zeros()
        found = csr_array(found + reached * left)
    return found


class FieldSpace:
    """Occupations as vectors of the words of their descriptions, weighted by rarity (tf-idf)."""

    def __init__(self, descriptions: Sequence[str]) -> None:
        """Take the description of each occupation, empty where there is none."""
        counts = [_count_words(text) for text in descriptions]
        self.words = {word: number for number, word in enumerate(sorted({word for count in counts for word in count}))}
        matrix = self._build_matrix(counts)
        number = np.bincount(matrix.indices, minlength=len(self.words))
        self.rarity: FloatArray = np.log(len(descriptions) / np.maximum(number, 1))
        self.vectors = _normalize(csr_array(matrix @ diags_array(self.rarity)))

    def _build_matrix(self, counts: Sequence[Mapping[str, int]]) -> csr_array:
        """Return 1 + ln of how many times each word stands in each text; words that are not known are passed over."""
        cells = [
            (row, self.words[word], 1 + np.log(n)) for row, count in enumerate(counts) for word, n in count.items() if word in self.words
        ]
        row, column, value = zip(*cells, strict=True) if cells else ((), (), ())
        return csr_array((np.asarray(value, float), (np.asarray(row, int), np.asarray(column, int))), shape=(len(counts), len(self.words)))

    def compare(self, text: str) -> FloatArray:
        """Return how like a text each description is, from 0 to 1; shape (occupations,)."""
        own = _normalize(csr_array(self._build_matrix([_count_words(text)]) @ diags_array(self.rarity)))
        return np.asarray((self.vectors @ own.T).toarray()).ravel()


def _count_words(text: str) -> dict[str, int]:
    """Return how many times each word stands in a text, in small letters."""
    found: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_]{2,}", text.casefold()):
        found[word] = found.get(word, 0) + 1
    return found


def _normalize(rows: csr_array) -> csr_array:
    """Return rows of length 1 or 0."""
    lengths = np.sqrt((rows * rows).sum(axis=1))
    return csr_array(diags_array(1 / np.where(lengths > 0, lengths, 1)) @ rows)


def find_held_skills(
    space: OccupationSpace, subjects: Iterable[str], mappings: Iterable[SkillMapping]
) -> dict[int, list[tuple[float, SkillMapping]]]:
    """Return the mappings by which `subjects` have skills, by the skill's number in the space, what counts most first."""
    own = set(subjects)
    found: dict[int, list[tuple[float, SkillMapping]]] = {}
    for mapping in mappings:
        at = space.skill_numbers.get(mapping.skill)
        if mapping.subject in own and at is not None:
            found.setdefault(at, []).append((space.weights.match[mapping.relation], mapping))
    for several in found.values():
        several.sort(key=lambda pair: (-pair[0], pair[1].subject))
    return found


def build_held_vector(space: OccupationSpace, held: Mapping[int, Sequence[tuple[float, SkillMapping]]]) -> csr_array:
    """Return how much of each skill is held, shape (1, skills): by the mapping that counts most, since none is held twice."""
    columns = np.array(sorted(held), dtype=np.int64)
    values = np.array([held[at][0][0] for at in sorted(held)])
    return csr_array((values, (np.zeros(len(columns), dtype=np.int64), columns)), shape=(1, len(space.skills)))


@dataclass(frozen=True)
class MatchPart:
    """A part of the score for skills: what of a mapping meets what of an occupation, and where in the hierarchy."""

    value: float
    """What it adds. All parts of an occupation sum to its score for skills."""
    mapping: SkillMapping
    node: str
    """The URI of the skill or group where they meet: the mapped skill itself, or what stands above both."""
    skill: str
    """The skill that the occupation asks for."""


@dataclass(frozen=True)
class OccupationSkill:
    """A skill that an occupation asks for."""

    uri: str
    is_essential: bool
    occupation_count: int
    """How many occupations ask for it."""


@dataclass(frozen=True)
class RankedOccupation:
    """How near an occupation is."""

    rank: int
    """Among all occupations, whatever was asked for."""
    band: tuple[int, int]
    """Between which places it comes in eight of ten rankings that are made with a fifth of the mappings left out."""
    occupation: Concept
    skill_score: float
    """From 0 to 1."""
    field_score: float
    """From 0 to what the skills give; 0 where the field is left out."""
    parts: tuple[MatchPart, ...]
    """What adds most first."""
    shared_skills: tuple[OccupationSkill, ...]
    """Those that the role is mapped to itself, essential first."""
    other_skills: tuple[OccupationSkill, ...]
    """Essential skills that the role is not mapped to, those that fewest occupations ask for last."""
    essential_count: int
    used_subjects: frozenset[str]
    """The competences and outcomes that are mapped to a skill that the occupation asks for itself."""

    @property
    def score(self) -> float:
        """What they are ranked by."""
        return self.skill_score + self.field_score

    def sum_parts_by_subject(self) -> dict[str, float]:
        """Return what each competence or outcome adds, most first."""
        sums: dict[str, float] = {}
        for part in self.parts:
            sums[part.mapping.subject] = sums.get(part.mapping.subject, 0.0) + part.value
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class OccupationGroup:
    """The occupations of one ISCO-08 unit group, which are often nearly the same."""

    isco: str
    best: RankedOccupation
    others: tuple[tuple[int, Concept], ...]
    """The rest of the group with their ranks, nearest first."""


@dataclass(frozen=True)
class OccupationRanking:
    """Which occupations are near."""

    occupation_count: int
    groups: tuple[OccupationGroup, ...]
    subject_count: int
    """How many of the subjects have a mapping."""
    unmapped: tuple[str, ...]
    """Subjects with no counterpart in ESCO: nothing of them can count."""
    unused_skills: tuple[str, ...]
    """Skills that are mapped to and no occupation asks for. They count by what stands above them only."""
    missing_skills: tuple[str, ...]
    """Skills that are mapped to, and not in this version."""
    has_field: bool


def rank_occupations(
    space: OccupationSpace,
    subjects: Iterable[str],
    mappings: Sequence[SkillMapping],
    field_scores: FloatArray | None = None,
    isco: str = "",
    skill_level: int | None = None,
    top: int = FIRST_GROUPS,
) -> OccupationRanking:
    """Rank occupations by how near they are, a unit group at a time.

    Args:
        space: a version of ESCO.
        subjects: the IRIs of a role's key competences and learning outcomes.
        mappings: to ESCO.
        field_scores: what the field adds to each occupation, as `FieldSpace.compare` gives it; nothing leaves the field out.
        isco: only occupations whose ISCO-08 code begins so.
        skill_level: only occupations of this ISCO-08 skill level, 1 to 4.
        top: how many groups.

    Raises:
        UserError: no occupation has such a code and level.
    """
    own, has_field = sorted(set(subjects)), field_scores is not None
    given = [mapping for mapping in mappings if mapping.subject in set(own)]
    held = find_held_skills(space, own, given)
    vector = build_held_vector(space, held)
    by_skill = space.compare(vector)[0]
    field_scores = np.zeros(len(by_skill)) if field_scores is None else field_scores
    by_field = np.minimum(field_scores, by_skill)
    places = _rank_all(by_skill, field_scores).tolist()
    chosen = [int(at) for at in np.argsort(places) if _is_wanted(space.occupations[at].isco, isco, skill_level)]
    if not chosen:
        allowed = ", ".join(sorted({occupation.isco[:1] for occupation in space.occupations}))
        raise UserError(("occupation-mobility.isco", {"isco": isco, "allowed": allowed}))
    bands = _compute_bands(space, own, given, field_scores)
    grouped: dict[str, list[int]] = {}
    for at in chosen:
        grouped.setdefault(space.occupations[at].isco, []).append(at)
    groups = []
    for code in vary_groups(list(grouped))[:top]:
        first, *rest = grouped[code]
        best = _explain_occupation(space, held, vector, first, places[first], bands[first], float(by_skill[first]), float(by_field[first]))
        groups.append(OccupationGroup(code, best, tuple((places[at], space.occupations[at]) for at in rest)))
    mapped = {mapping.subject for mapping in given}
    return OccupationRanking(
        occupation_count=len(space.occupations),
        groups=tuple(groups),
        subject_count=len(mapped),
        unmapped=tuple(subject for subject in own if subject not in mapped),
        unused_skills=tuple(space.skills[at] for at in sorted(held) if not space.is_asked[at]),
        missing_skills=tuple(sorted({mapping.skill for mapping in given if mapping.skill not in space.skill_numbers})),
        has_field=has_field,
    )


def _is_wanted(code: str, isco: str, skill_level: int | None) -> bool:
    """Say whether an ISCO-08 code begins so and is of a skill level."""
    return code.startswith(isco) and (skill_level is None or skill_level in get_skill_levels(code))


def _compute_bands(
    space: OccupationSpace, subjects: Sequence[str], mappings: Sequence[SkillMapping], field_scores: FloatArray
) -> list[tuple[int, int]]:
    """Return between which places each occupation comes in eight of ten rankings with a fifth of the mappings left out."""
    rows = [
        build_held_vector(space, find_held_skills(space, subjects, (m for m in mappings if not is_left_out(m, sample))))
        for sample in range(RESAMPLING.times)
    ]
    places = np.array([_rank_all(space.compare(row)[0], field_scores) for row in rows])
    low, high = np.quantile(places, RESAMPLING.quantiles, axis=0, method="nearest").astype(int)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _rank_all(by_skill: FloatArray, field_scores: FloatArray) -> NDArray[np.intp]:
    """Return the place of each occupation."""
    order = np.argsort(-(by_skill + np.minimum(field_scores, by_skill)), kind="stable")
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.arange(1, len(order) + 1)
    return places


def _explain_occupation(
    space: OccupationSpace,
    held: Mapping[int, Sequence[tuple[float, SkillMapping]]],
    vector: csr_array,
    at: int,
    rank: int,
    band: tuple[int, int],
    skill_score: float,
    field_score: float,
) -> RankedOccupation:
    """Return an occupation with the parts of its score, and with what it asks for."""
    demand = space.demand[[at]]
    asked = demand.indices
    skills = [OccupationSkill(space.skills[s], bool(space.essential[at, s]), int(space.skill_counts[s])) for s in asked]
    skills.sort(key=lambda skill: (not skill.is_essential, -skill.occupation_count, skill.uri))
    own = {space.skills[number] for number in held}
    return RankedOccupation(
        rank=rank,
        band=band,
        occupation=space.occupations[at],
        skill_score=skill_score,
        field_score=field_score,
        parts=tuple(_list_parts(space, held, vector, demand, float(space.lengths[at]))),
        shared_skills=tuple(skill for skill in skills if skill.uri in own),
        other_skills=tuple(skill for skill in skills if skill.is_essential and skill.uri not in own),
        essential_count=sum(skill.is_essential for skill in skills),
        used_subjects=frozenset(mapping.subject for s in asked for _, mapping in held.get(int(s), ())),
    )


def _list_parts(
    space: OccupationSpace, held: Mapping[int, Sequence[tuple[float, SkillMapping]]], vector: csr_array, demand: csr_array, length: float
) -> list[MatchPart]:
    """Return the parts of a cosine: each node's product, shared among what lies below it on both sides by what each gives it."""
    own = space.weigh(vector)
    scale = float(np.sqrt((own * own).sum())) * length
    if not scale:
        return []
    theirs = space.weigh(demand)
    products = csr_array(own.multiply(theirs))
    spread_own, spread_theirs = _spread(space, vector), _spread(space, demand)
    parts = []
    for node, product in zip(products.indices, products.data, strict=True):
        if product <= 0:
            continue
        left, right = spread_own[int(node)], spread_theirs[int(node)]
        sum_left, sum_right = sum(value for _, value in left), sum(value for _, value in right)
        for skill, value in left:
            for other, theirs_value in right:
                share = float(product / scale * (value / sum_left) * (theirs_value / sum_right))
                parts.append(MatchPart(share, held[skill][0][1], space.nodes[int(node)], space.skills[other]))
    return sorted(parts, key=lambda part: (-part.value, part.mapping.subject, part.mapping.skill, part.node, part.skill))


def _spread(space: OccupationSpace, vector: csr_array) -> dict[int, list[tuple[int, float]]]:
    """Return what each skill of a vector gives each node at or above it."""
    found: dict[int, list[tuple[int, float]]] = {}
    for skill, value in zip(vector.indices, vector.data, strict=True):
        row = space.ancestors[[int(skill)]]
        for node, left in zip(row.indices, row.data, strict=True):
            found.setdefault(int(node), []).append((int(skill), float(value * left)))
    return found
