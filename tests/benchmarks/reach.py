"""How good the reach into ESCO is: `PYTHONPATH=tests python -m benchmarks.reach PATH_OF_ESCO VERSION`.

PATH_OF_ESCO is a download as `balansekunst esco load` takes it. Prints Markdown:

1. where each role's known near occupations come in the ranking, under this measure and others;
2. for ESCO's own occupations, each as if it were a role whose competences are its skills: how often an occupation of the same ISCO-08 unit
   group is nearer than one of another (area under the ROC curve, Mann-Whitney, ties count half; all ordered pairs, none sampled);
3. how long it takes.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import NamedNode
from scipy.sparse import csr_array, diags_array
from scipy.stats import rankdata

from balansekunst.dataset import Dataset
from balansekunst.esco.answers import REQUIRES
from balansekunst.esco.reach import WEIGHTS, Floats, Mapping, Space, held, reach, read_mappings, ways
from balansekunst.esco.store import Esco, load_esco, open_esco
from balansekunst.mappings import read_mapping_set
from balansekunst.project import Project

Measure = Callable[[csr_array], Floats]
"""Takes how well each skill is held by each role, shape (roles, skills); returns figures of shape (roles, occupations)."""


def area(figures: Floats, same: NDArray[np.bool_]) -> float:
    """Return the chance that a pair of the same group has the higher figure, over all ordered pairs of different occupations.

    Args:
        figures: shape (occupations, occupations).
        same: which pairs are of the same group.
    """
    others = ~np.eye(len(figures), dtype=bool)
    positive = same[others]
    ranks = rankdata(figures[others].astype(np.float32))
    p, n = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - p * (p + 1) / 2) / (p * n))


def overlap(demand: csr_array) -> Measure:
    """Return the Jaccard index of the sets of skills."""
    sets = csr_array(demand > 0).astype(np.float64)
    size = sets.sum(axis=1)

    def measure(given: csr_array) -> Floats:
        own = csr_array(given > 0).astype(np.float64)
        both = (own @ sets.T).toarray()
        either = own.sum(axis=1)[:, None] + size[None, :] - both
        return np.asarray(both / np.where(either > 0, either, 1))

    return measure


def cosine(demand: csr_array, weight: Floats) -> Measure:
    """Return the cosine of what is held and what is asked, each skill weighted."""

    def unit(rows: csr_array) -> csr_array:
        rows = csr_array(rows @ diags_array(weight))
        length = np.sqrt((rows * rows).sum(axis=1))
        return csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ rows)

    asked = unit(demand).T

    def measure(given: csr_array) -> Floats:
        return np.asarray((unit(given) @ asked).toarray())

    return measure


def share(space: Space, demand: csr_array, rarity: Floats) -> Measure:
    """Return the measure of the project, with another rarity."""
    weight = csr_array(demand @ diags_array(rarity))
    total = weight.sum(axis=1)

    def measure(given: csr_array) -> Floats:
        return np.asarray((given @ weight.T).toarray() / np.where(total > 0, total, 1)[None, :])

    return measure


def place(figures: Floats, at: int) -> float:
    """Return the rank of one figure, the mean rank where several are equal."""
    return float((figures > figures[at]).sum() + ((figures == figures[at]).sum() + 1) / 2)


def measures(space: Space) -> dict[str, Measure]:
    """Return what is compared, by name."""
    demand = csr_array(space.essential.astype(np.float64))
    demand.data = np.where(demand.data > 0, WEIGHTS.essential, WEIGHTS.optional)
    number = np.maximum(np.bincount(demand.indices, minlength=len(space.skills)), 1)
    return {
        "reach": share(space, demand, space.rarity),
        "reach, rarity 1/n": share(space, demand, 1 / number),
        "reach, rarity ln(1 + N/n)": share(space, demand, np.log1p(len(space.occupations) / number)),
        "reach, no rarity": share(space, demand, np.ones(len(number))),
        "Jaccard": overlap(demand),
        "cosine": cosine(demand, np.ones(len(number))),
        "cosine, with rarity": cosine(demand, space.rarity),
    }


def near(space: Space, competences: list[list[str]], mappings: list[Mapping]) -> csr_array:
    """Return how well each skill is held by each of several sets of competences."""
    by: dict[str, list[Mapping]] = {}
    for mapping in mappings:
        by.setdefault(mapping.competence, []).append(mapping)
    return csr_array(np.stack([held(space, ways(space, own, (m for c in own for m in by.get(c, ())))) for own in competences]))


def occupations_as_roles(space: Space) -> csr_array:
    """Return how well each skill is held by whoever has all of an occupation's skills."""
    same = [Mapping(skill, skill, "exact") for skill in space.skills]
    own = [
        [space.skills[i] for i in space.essential.indices[a:b]]
        for a, b in zip(space.essential.indptr, space.essential.indptr[1:], strict=False)
    ]
    return near(space, own, same)


def space_with(esco: Esco, **changes: object) -> Space:
    """Return the space with other weights."""
    return Space.of(esco, replace(WEIGHTS, **changes))  # type: ignore[arg-type]


def roles(project: Project, space: Space) -> dict[str, tuple[list[str], list[tuple[int, str, str]]]]:
    """Return for each role its competences, and the occupations it is mapped to as (number, label, relation), nearest first."""
    store = Dataset(project).store
    at = {occupation.uri: number for number, occupation in enumerate(space.occupations)}
    found: dict[str, tuple[list[str], list[tuple[int, str, str]]]] = {}
    table = read_mapping_set(project.mappings / "esco-occupations.sssom.tsv")
    for row in sorted(table.matches(), key=lambda row: (row["subject_id"], row["nearest"] != "true")):
        required = store.quads_for_pattern(NamedNode(table.iri(row["subject_id"])), REQUIRES, None)
        known = found.setdefault(row["subject_label"], (sorted({q.object.value for q in required}), []))[1]  # type: ignore[union-attr]
        known.append(
            (at[table.iri(row["object_id"])], row["object_label"], row["predicate_id"].removeprefix("skos:").removesuffix("Match"))
        )
    return found


def ranks(project: Project, esco: Esco, space: Space) -> None:
    """Print where the known occupations of each role come."""
    mappings, _ = read_mappings(project.mappings / "esco.sssom.tsv")
    known = roles(project, space)
    given = near(space, [own for own, _ in known.values()], mappings)
    ranked = {name: measure(given) for name, measure in measures(space).items()}
    plain = space_with(esco, steps_from=())
    ranked["reach, no steps"] = measures(plain)["reach"](near(plain, [own for own, _ in known.values()], mappings))
    all_one = space_with(esco, match=dict.fromkeys(WEIGHTS.match, 1.0), steps_from=())
    ranked["reach, every match 1, no steps"] = measures(all_one)["reach"](near(all_one, [own for own, _ in known.values()], mappings))
    print("| role | known occupation | closeness | " + " | ".join(ranked) + " |")
    print("|---|---|---|" + "---:|" * len(ranked))
    first: dict[str, list[float]] = {}
    for number, (role, (_, occupations)) in enumerate(known.items()):
        for order, (at, label, closeness) in enumerate(occupations):
            places = {name: place(figures[number], at) for name, figures in ranked.items()}
            print(f"| {role} | {label} | {closeness} | " + " | ".join(f"{p:g}" for p in places.values()) + " |")
            for name, p in places.items() if not order else ():
                first.setdefault(name, []).append(p)
    print("| median of the first of each role | | | " + " | ".join(f"{median(places):g}" for places in first.values()) + " |")


def areas(esco: Esco, space: Space) -> None:
    """Print the area under the curve for each measure."""
    group = np.array([occupation.isco for occupation in space.occupations])
    same = group[:, None] == group[None, :]
    plain = space_with(esco, steps_from=())
    whole = occupations_as_roles(space), occupations_as_roles(plain)
    print(f"\n{len(group)} occupations, {len(set(group))} unit groups, {int(same.sum()) - len(group)} ordered pairs of the same group.\n")
    print("| measure | area under the curve |\n|---|---:|")
    for name, measure in measures(space).items():
        own = whole[0] if name.startswith("reach") else whole[1]
        print(f"| {name} | {area(measure(own), same):.4f} |", flush=True)
    print(f"| reach, no steps | {area(measures(space)['reach'](whole[1]), same):.4f} |")


def times(project: Project, esco: Esco, paths: list[Path]) -> None:
    """Print medians of five, in seconds, and the peak memory so far."""
    mappings, _ = read_mappings(project.mappings / "esco.sssom.tsv")
    space = Space.of(esco)
    own = next(iter(roles(project, space).values()))[0]
    work: dict[str, Callable[[], object]] = {
        "load": lambda: load_esco(paths, esco.version),
        "open": lambda: Space.of(esco),
        "rank": lambda: reach(space, own, mappings),
    }
    print("\n| step | seconds |\n|---|---:|")
    for name, call in work.items():
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
        print(f"| {name} | {median(taken):.3f} |")


def main(download: Path, version: str) -> None:
    """Print all of it."""
    project = Project.find(Path(__file__))
    with TemporaryDirectory() as folder:
        os.environ["BALANSEKUNST_ESCO_HOME"] = folder
        load_esco([download], version)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with open_esco() as esco:
            space = Space.of(esco)
            ranks(project, esco, space)
            areas(esco, space)
            times(project, esco, [download])
    print(f"\nPeak memory of the load: {peak} MB, of all: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
