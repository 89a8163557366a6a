"""How good the proposals of ESCO skills are: `PYTHONPATH=tests python -m benchmarks.suggest`, with ESCO loaded. Prints Markdown.

For each competence that is judged to match a skill, where its matches come in the ranking, by this method, its parts and two baselines.
The competences are halved by a hash of their address: the weights were chosen on one half (`--choose` prints what was tried there),
and the other is held out.
"""

import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from statistics import mean, median

import numpy as np

from balansekunst.dataset import Dataset
from balansekunst.esco.proposals import known_competence
from balansekunst.esco.reach import read_mappings
from balansekunst.esco.store import open_esco
from balansekunst.esco.suggest import CONFIDENCE, WEIGHTS, Floats, Suggester, Wanted, Weights, distinct
from balansekunst.mappings import read_mapping_set
from balansekunst.project import Project

MATCHES = {"all four": ("exact", "close", "broad", "narrow"), "exact and close": ("exact", "close")}
Ranking = Callable[[Wanted], Floats]
"""Takes a competence; returns a score for each skill, shape (skills,)."""
Gold = dict[str, set[int]]
"""The places of the skills that each competence matches."""


def held_out(competence: str) -> bool:
    """Return whether a competence is in the half that no weight was chosen on."""
    return hashlib.sha256(competence.encode()).digest()[-1] % 2 == 1


def places(score: Floats, wanted: Iterable[int]) -> list[int]:
    """Return the ranks of the wanted skills, from 1, best first; those with score 0 are never found (rank 10⁹)."""
    ranks = np.empty(len(score), dtype=np.intp)
    ranks[np.argsort(-score, kind="stable")] = np.arange(1, len(score) + 1)
    return sorted(int(ranks[place]) if score[place] > 0 else 10**9 for place in wanted)


def figures(found: list[list[int]]) -> tuple[float, float, float, float]:
    """Return recall at 5 and at 10 (mean share of a competence's matches), share with a match among 5, and mean reciprocal rank."""
    recall = [mean(sum(rank <= k for rank in ranks) / len(ranks) for ranks in found) for k in (5, 10)]
    return recall[0], recall[1], mean(ranks[0] <= 5 for ranks in found), mean(1 / ranks[0] for ranks in found)


def equality(suggester: Suggester) -> Ranking:
    """Return the ranking by equal labels: 1 where the label or another name is the same, in small letters."""
    index = suggester.indexes["en"]

    def ranking(wanted: Wanted) -> Floats:
        label, score = wanted.texts["en"][0].casefold(), np.zeros(len(index.words))
        score[[number for name, number in index.names if name.casefold() == label]] = 1
        return score

    return ranking


def overlap(suggester: Suggester) -> Ranking:
    """Return the ranking by the share of words (Jaccard) that two preferred labels have in common."""
    labels = [set(distinct(words.label)) if words else set[str]() for words in suggester.indexes["en"].words]

    def ranking(wanted: Wanted) -> Floats:
        own = set(distinct(wanted.texts["en"][0]))
        return np.array([len(own & label) / len(own | label) if own | label else 0 for label in labels])

    return ranking


def table(rankings: dict[str, Ranking], wanted: dict[str, Wanted], gold: dict[str, Gold], halves: Iterable[str]) -> None:
    """Print the figures of each ranking."""
    print("| ranking | matches | competences | recall at 5 | recall at 10 | one among 5 | mean reciprocal rank |")
    print("|---|---|---|---|---|---|---|")
    for half in halves:
        for name, ranking in rankings.items():
            for kind, matches in gold.items():
                asked = [c for c in matches if half == "all" or held_out(c) == (half == "held out")]
                shown = " | ".join(f"{figure:.3f}" for figure in figures([places(ranking(wanted[c]), matches[c]) for c in asked]))
                print(f"| {name} ({half}) | {kind} | {len(asked)} | {shown} |", flush=True)


def main(choose: bool) -> None:
    """Measure and print."""
    dataset = Dataset(Project.find())
    mappings, _ = read_mappings(dataset.project.mappings / "esco.sssom.tsv")
    begun = time.perf_counter()
    with open_esco() as esco:
        suggester = Suggester(esco)
    built = time.perf_counter() - begun
    at = {uri: number for number, uri in enumerate(suggester.uris)}
    gold: dict[str, Gold] = {kind: {} for kind in MATCHES}
    for kind, relations in MATCHES.items():
        for mapping in mappings:
            if mapping.relation in relations and mapping.skill in at:
                gold[kind].setdefault(mapping.competence, set()).add(at[mapping.skill])
    judged = read_mapping_set(dataset.project.mappings / "esco.sssom.tsv")
    # Those with no match at all too: whatever is proposed for them is wrong.
    competences = sorted({judged.iri(row["subject_id"]) for row in judged.rows})
    wanted = {competence: known_competence(dataset, competence).wanted for competence in competences}

    def by(weights: Weights = WEIGHTS) -> Ranking:
        return lambda asked: np.max(list(suggester.scores(asked, weights).values()), axis=0)

    if choose:
        grid = product((0.25, 0.5), (0.5, 1.0, 1.5), (0.0, 0.1))
        tried = {f"{d} {s} {o}": by(replace(WEIGHTS, definition=d, spelling=s, occupation=o)) for d, s, o in grid}
        return table(tried, wanted, {"all four": gold["all four"]}, ["choosing"])
    lexical = replace(WEIGHTS, occupation=0)
    rankings = {
        "equal names": equality(suggester),
        "words in common": overlap(suggester),
        "words only": by(replace(lexical, spelling=0)),
        "without occupations": by(lexical),
        "suggest": by(),
    }
    table(rankings, wanted, gold, ["held out", "all"])
    print("\n| rank | proposals judged a match, choosing | held out | confidence |\n|---|---|---|---|")
    times, hits = list[float](), dict[bool, list[list[bool]]]()
    for competence in competences:
        begun = time.perf_counter()
        found = suggester.ranked(wanted[competence])[0][:10]
        times.append(time.perf_counter() - begun)
        hits.setdefault(held_out(competence), []).append([place in gold["all four"].get(competence, ()) for place in found.tolist()])
    first = 1
    for last, share in CONFIDENCE:
        shares = [mean(hit for row in hits[half] for hit in row[first - 1 : last]) for half in (False, True)]
        print(f"| {first}–{last} | {shares[0]:.2f} | {shares[1]:.2f} | {share} |")
        first = last + 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nIndex {built:.1f} s; a ranking {median(times) * 1000:.0f} ms (median of {len(times)}); peak {peak:.0f} MiB.")


if __name__ == "__main__":
    main("--choose" in sys.argv)
