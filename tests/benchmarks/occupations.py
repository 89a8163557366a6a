"""How good the ranking of ESCO's occupations is: `PYTHONPATH=tests python -m benchmarks.occupations JUDGES`.

ESCO must be loaded (`balansekunst esco load`). JUDGES is a folder with `onet_related_occupations.csv.gz` (O*NET's related occupations) and
`esco_onet_crosswalk.csv.gz` (ESCO occupation to O*NET code, with confidence). Prints Markdown, with `--roles` only the third part:

1. ESCO's occupations, each as a role whose competences are its skills, under this measure and others: are those that O*NET calls related
   near (main judge), and those of the same ISCO-08 unit group (second)?
2. the constants, tried on one half of the occupations and told for the other;
3. our roles: the occupations that O*NET relates to their own, where the judged occupations come, and how steady the order is.
"""

import csv
import gzip
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import Literal, NamedNode
from scipy.sparse import csr_array, diags_array
from scipy.stats import rankdata

from balansekunst.dataset import Dataset
from balansekunst.esco.ranking import (
    OCCUPATION_WEIGHTS,
    FieldSpace,
    FloatArray,
    OccupationSpace,
    build_held_vector,
    find_held_skills,
)
from balansekunst.esco.role_mappings import SkillMapping, read_all_skill_mappings, read_judged_occupations, read_role_subjects
from balansekunst.esco.store import Esco, open_esco
from balansekunst.project import Project
from balansekunst.sssom import read_mapping_set

Measure = Callable[[csr_array], FloatArray]
"""Takes how much each of several has of each skill, shape (n, skills); returns scores of shape (n, occupations)."""
BoolArray = NDArray[np.bool_]
RELATED_TIERS = ("Primary-Short", "Primary-Long")
TRIED: dict[str, dict[str, float]] = {
    "as it is": {},
    "skill 1": {"skill": 1.0},
    "skill ¼": {"skill": 0.25},
    "step ¼": {"step": 0.25},
    "step ¾": {"step": 0.75},
    "rarity 0": {"rarity": 0.0},
    "rarity 0.7": {"rarity": 0.7},
    "rarity 1": {"rarity": 1.0},
    "optional 1": {"optional": 1.0},
    "optional ¼": {"optional": 0.25},
}
"""Constants that are tried, one changed at a time."""


def area(scores: FloatArray, relevant: BoolArray) -> float:
    """Return the chance that what is relevant has the higher score of a pair, ties counted half."""
    ranks = rankdata(scores)
    p = int(relevant.sum())
    return float((ranks[relevant].sum() - p * (p + 1) / 2) / (p * (len(scores) - p)))


def jaccard(demand: csr_array) -> Measure:
    """Return the Jaccard index of the sets of skills."""
    sets = csr_array((demand > 0).astype(np.float64))
    size = sets.sum(axis=1)

    def measure(given: csr_array) -> FloatArray:
        own = csr_array((given > 0).astype(np.float64))
        both = (own @ sets.T).toarray()
        either = own.sum(axis=1)[:, None] + size[None, :] - both
        return np.asarray(both / np.where(either > 0, either, 1))

    return measure


def cosine(demand: csr_array, weight: FloatArray) -> Measure:
    """Return the cosine of what is held and what is asked, each skill weighted, without the hierarchy."""

    def unit(rows: csr_array) -> csr_array:
        rows = csr_array(rows @ diags_array(weight))
        length = np.sqrt((rows * rows).sum(axis=1))
        return csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ rows)

    asked = unit(demand).T

    def measure(given: csr_array) -> FloatArray:
        return np.asarray((unit(given) @ asked).toarray())

    return measure


def share(space: OccupationSpace, broader: list[tuple[str, ...]]) -> Measure:
    """Return the measure of version 0.1: the share of what is asked that is held, by rarity 1/√n, with one step up or down at half.

    Steps start at what is held by ¾ or more. A step down is shared among all narrower skills, and not taken where less than 0.05 is left.
    """
    number = np.maximum(np.bincount(space.demand.indices, minlength=len(space.skills)), 1)
    weight = csr_array(space.demand @ diags_array(1 / np.sqrt(number)))
    total = weight.sum(axis=1)
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for narrow, broad in broader:
        if narrow in space.skill_numbers and broad in space.skill_numbers:
            above.setdefault(space.skill_numbers[narrow], []).append(space.skill_numbers[broad])
            below.setdefault(space.skill_numbers[broad], []).append(space.skill_numbers[narrow])

    def measure(given: csr_array) -> FloatArray:
        cells: dict[tuple[int, int], float] = {}
        for row in range(given.shape[0]):
            span = slice(given.indptr[row], given.indptr[row + 1])
            for skill, value in zip(given.indices[span].tolist(), given.data[span].tolist(), strict=True):
                reached = [(skill, value)]
                if value >= 0.75:
                    down = below.get(skill, [])
                    reached += [(broad, value / 2) for broad in above.get(skill, [])]
                    reached += [(narrow, value / 2 / len(down)) for narrow in down if value / 2 / len(down) >= 0.05]
                for at, left in reached:
                    cells[row, at] = max(cells.get((row, at), 0.0), left)
        rows, columns = np.array(list(cells)).reshape(-1, 2).T
        held = csr_array((list(cells.values()), (rows, columns)), shape=given.shape)
        return np.asarray((held @ weight.T).toarray() / np.where(total > 0, total, 1)[None, :])

    return measure


class Judges:
    """Which occupations are relevant to which."""

    def __init__(self, folder: Path, space: OccupationSpace) -> None:
        """Read O*NET's related occupations, and the codes of ESCO's occupations."""
        with gzip.open(folder / "esco_onet_crosswalk.csv.gz", "rt", encoding="utf-8") as rows:
            self.codes = {row["concept_uri"]: row["onet_code"] for row in csv.DictReader(rows) if float(row["confidence"]) >= 1}
        self.related: dict[str, set[str]] = {}
        with gzip.open(folder / "onet_related_occupations.csv.gz", "rt", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                if row["Relatedness Tier"] in RELATED_TIERS:
                    self.related.setdefault(row["O*NET-SOC Code"], set()).add(row["Related O*NET-SOC Code"])
        self.code = np.array([self.codes.get(occupation.uri, "") for occupation in space.occupations])
        self.isco = np.array([occupation.isco for occupation in space.occupations])

    def select_onet(self, codes: set[str]) -> tuple[BoolArray, BoolArray]:
        """Return which occupations are candidates for those with O*NET codes, and which of all are relevant."""
        wanted = set().union(*(self.related.get(code, set()) for code in codes))
        candidates = (self.code != "") & ~np.isin(self.code, sorted(codes))
        return candidates, candidates & np.isin(self.code, sorted(wanted))

    def has_relevant(self, code: str) -> bool:
        """Say whether some occupation is relevant to an O*NET code."""
        return bool(code) and bool(self.select_onet({code})[1].any())

    def judge(self, scores: FloatArray, chosen: BoolArray) -> list[float]:
        """Return the means over the chosen occupations.

        ISCO: area, and hits among the first ten as a share of the possible. O*NET: hits among the first ten, nDCG there, and area.
        """
        noise = np.random.default_rng(0).random(len(scores)) * 1e-9
        isco, onet = list[tuple[float, ...]](), list[tuple[float, ...]]()
        for at in np.flatnonzero(chosen):
            own = scores[at] + noise
            others = np.arange(len(own)) != at
            same = (self.isco == self.isco[at])[others]
            if same.any():
                first = same[np.argsort(-own[others])[:10]]
                isco.append((area(own[others], same), first.sum() / min(10, same.sum())))
            if self.code[at]:
                candidates, relevant = self.select_onet({self.code[at]})
                hit = relevant[candidates]
                if hit.any():
                    first = hit[np.argsort(-own[candidates])[:10]]
                    gain = 1 / np.log2(np.arange(2, 12))
                    ideal = gain[: min(10, hit.sum())].sum()
                    onet.append((first.mean(), float((first * gain[: len(first)]).sum() / ideal), area(own[candidates], hit)))
        return [*map(mean, zip(*isco, strict=True)), *map(mean, zip(*onet, strict=True))]


def compare_all(space: OccupationSpace, field: FloatArray) -> FloatArray:
    """Return the scores of all occupations as roles, with the field."""
    scores = space.compare(space.demand)
    return scores + np.minimum(field, scores)


def print_measures(space: OccupationSpace, judges: Judges, field: FloatArray, broader: list[tuple[str, ...]]) -> None:
    """Print how ESCO's own occupations are ranked by each measure."""
    number = np.maximum(np.bincount(space.demand.indices, minlength=len(space.skills)), 1)
    ones = np.ones(len(number))
    everyone = np.ones(len(space.occupations), dtype=bool)
    rows: dict[str, Callable[[], FloatArray]] = {
        "Jaccard": lambda: jaccard(space.demand)(space.demand),
        "cosine": lambda: cosine(space.demand, ones)(space.demand),
        "cosine, rarity 1/√n": lambda: cosine(space.demand, 1 / np.sqrt(number))(space.demand),
        "cosine, tf-idf": lambda: cosine(space.demand, np.log(len(space.occupations) / number))(space.demand),
        "version 0.1": lambda: share(space, broader)(csr_array((space.demand > 0).astype(np.float64))),
        "field alone": lambda: field,
        "**skills**": lambda: space.compare(space.demand),
        "**skills and field**": lambda: compare_all(space, field),
    }
    print("| measure | ISCO: area | ISCO: first ten, of the possible | O*NET: first ten | O*NET: nDCG | O*NET: area |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, compute in rows.items():
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in judges.judge(compute(), everyone)) + " |", flush=True)


def print_constants(esco: Esco, judges: Judges, halves: list[BoolArray]) -> None:
    """Print the constants that were tried, by each half of the occupations."""
    print("\n| constants | choosing half, O*NET: first ten | O*NET: area | held-out half, O*NET: first ten | O*NET: area |")
    print("|---|---:|---:|---:|---:|")
    for name, changes in TRIED.items():
        space = OccupationSpace.from_esco(esco, replace(OCCUPATION_WEIGHTS, **changes))  # type: ignore[arg-type]
        scores = space.compare(space.demand)
        told = [judges.judge(scores, half) for half in halves]
        print(f"| {name} | " + " | ".join(f"{figures[column]:.3f}" for figures in told for column in (2, 4)) + " |", flush=True)


def print_roles(project: Project, space: OccupationSpace, judges: Judges, fields: FieldSpace) -> None:
    """Print for our roles how well O*NET's related occupations are found, and where the judged occupations come."""
    dataset = Dataset(project)
    mappings, _ = read_all_skill_mappings(project)
    tables = {
        "competences": [m for m in mappings if "/competence/" in m.subject],
        "competences and outcomes": mappings,
    }
    table = read_mapping_set(project.mappings / "esco-occupations.sssom.tsv")
    names = {table.expand_curie(row["object_id"]): row["object_label"] for row in table.list_matches()}
    roles = sorted({table.expand_curie(row["subject_id"]) for row in table.list_matches()})
    belongs = read_role_subjects(dataset.store, project)
    numbers = {occupation.uri: at for at, occupation in enumerate(space.occupations)}
    number = np.maximum(np.bincount(space.demand.indices, minlength=len(space.skills)), 1)
    broader = _list_broader()
    measures: dict[str, Measure] = {
        "Jaccard": jaccard(space.demand),
        "cosine, rarity 1/√n": cosine(space.demand, 1 / np.sqrt(number)),
        "version 0.1": share(space, broader),
        "skills": space.compare,
    }
    for of, chosen in tables.items():
        print(f"\n{of}: {len(chosen)} rows\n\n| role | judge | " + " | ".join([*measures, "skills and field"]) + " |")
        print("|---|---|" + "---:|" * (len(measures) + 1))
        means: dict[str, list[float]] = {}
        for role in roles:
            vector = build_held_vector(space, find_held_skills(space, belongs[role], chosen))
            judged = read_judged_occupations(project, role)
            defined = [quad.object for quad in dataset.store.quads_for_pattern(NamedNode(role), DEFINITION, None)]
            text = " ".join(term.value for term in defined if isinstance(term, Literal) and term.language == "en")
            scores = {name: measure(vector)[0] for name, measure in measures.items()}
            scores["skills and field"] = scores["skills"] + np.minimum(fields.compare(text), scores["skills"])
            coded = [(uri, relation) for uri, relation in judged if judges.has_relevant(judges.codes.get(uri, ""))]
            codes = {judges.codes[uri] for uri, relation in coded if relation != "related"} or {judges.codes[uri] for uri, _ in coded}
            candidates, relevant = judges.select_onet(codes)
            noise = np.random.default_rng(0).random(len(space.occupations)) * 1e-9
            figures = {name: area((found + noise)[candidates], relevant[candidates]) for name, found in scores.items()}
            for name, figure in figures.items():
                means.setdefault(name, []).append(figure)
            slug = role.rpartition("/")[2]
            print(f"| {slug} | O*NET: area | " + " | ".join(f"{figure:.3f}" for figure in figures.values()) + " |")
            for uri, relation in judged[:2]:
                places = [int((found > found[numbers[uri]] + 1e-12).sum()) + 1 for found in scores.values()]
                print(f"| | place of {names[uri]} ({relation}) | " + " | ".join(map(str, places)) + " |")
        print("| **mean** | O*NET: area | " + " | ".join(f"**{mean(figures):.3f}**" for figures in means.values()) + " |")
    print_spread(space, {role: list(belongs[role]) for role in roles}, mappings)


def print_spread(space: OccupationSpace, roles: dict[str, list[str]], mappings: list[SkillMapping]) -> None:
    """Print how much of the first ten stays when a fifth of the mapping rows is left out, in 50 draws."""
    draw = np.random.default_rng(1)
    print("\n| role | of the first ten that stay, mean of 50 draws | least | most |\n|---|---:|---:|---:|")
    for role, subjects in roles.items():
        own = [m for m in mappings if m.subject in set(subjects)]

        def first_ten(given: list[SkillMapping], subjects: list[str] = subjects) -> set[int]:
            scores = space.compare(build_held_vector(space, find_held_skills(space, subjects, given)))[0]
            return set(np.argsort(-scores, kind="stable")[:10].tolist())

        whole = first_ten(own)
        stay = [len(whole & first_ten([m for m in own if draw.random() >= 0.2])) / 10 for _ in range(50)]
        print(f"| {role.rpartition('/')[2]} | {mean(stay):.2f} | {min(stay):.1f} | {max(stay):.1f} |")


DEFINITION = NamedNode("http://www.w3.org/2004/02/skos/core#definition")


def _list_broader() -> list[tuple[str, ...]]:
    with open_esco() as esco:
        return esco.list_links("broaderRelationsSkillPillar")


def main(folder: Path, only_roles: bool) -> None:
    """Print all of it, or what is about our roles."""
    project = Project.find(Path(__file__))
    with open_esco() as esco:
        space = OccupationSpace.from_esco(esco)
        words = esco.find_labels("occupation", "en")
        fields = FieldSpace([words[occupation.uri].description for occupation in space.occupations])
        broader = esco.list_links("broaderRelationsSkillPillar")
        judges = Judges(folder, space)
        if not only_roles:
            field = np.asarray((fields.vectors @ fields.vectors.T).toarray())
            print_measures(space, judges, field, broader)
            half = np.array([sha256(occupation.uri.encode()).digest()[0] % 2 == 0 for occupation in space.occupations])
            print_constants(esco, judges, [half, ~half])
        print_roles(project, space, judges, fields)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--roles" in sys.argv[2:])
