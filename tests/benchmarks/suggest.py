"""How good the proposals of ESCO skills are: `PYTHONPATH=tests python -m benchmarks.suggest`, with ESCO loaded. Prints Markdown.

For each competence that is judged to match a skill, where its matches come in the ranking, by this method, its parts and two baselines.
The competences are halved by a hash of their address: the weights were chosen on one half (`--choose` prints what was tried there),
and the other is held out.

`--public FOLDER` measures on sets of job advertisements instead, which others have labelled with ESCO skills: the files
`{techwolf,house,tech}_test_annotations.csv` of the repository jensjorisdecorte/Skill-Extraction-benchmark. No weight was chosen on them.
"""

import csv
import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import mean, median

import numpy as np

from balansekunst.dataset import Dataset
from balansekunst.esco.proposals import build_competence_request
from balansekunst.esco.role_mappings import read_skill_mappings
from balansekunst.esco.store import open_esco
from balansekunst.esco.suggest import CONFIDENCE_BY_RANK, PROPOSAL_WEIGHTS, ProposalWeights, ScoreArray, SkillQuery, Suggester, split_words
from balansekunst.project import Project
from balansekunst.sssom import read_mapping_set

MATCHES = {"all four": ("exact", "close", "broad", "narrow"), "exact and close": ("exact", "close")}
PUBLIC_SETS = ("techwolf", "house", "tech")
Ranking = Callable[[SkillQuery], ScoreArray]
"""Takes a competence; returns a score for each skill, shape (skills,)."""
Gold = dict[str, set[int]]
"""The places of the skills that each competence matches."""


def held_out(competence: str) -> bool:
    """Return whether a competence is in the half that no weight was chosen on."""
    return hashlib.sha256(competence.encode()).digest()[-1] % 2 == 1


def places(score: ScoreArray, wanted: Iterable[int]) -> list[int]:
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

    def ranking(wanted: SkillQuery) -> ScoreArray:
        label, score = wanted.texts["en"][0].casefold(), np.zeros(len(index.labels))
        score[[number for name, number in index.names if name.casefold() == label]] = 1
        return score

    return ranking


def overlap(suggester: Suggester) -> Ranking:
    """Return the ranking by the share of words (Jaccard) that two preferred labels have in common."""
    labels = [set(split_words(words.label)) if words else set[str]() for words in suggester.indexes["en"].labels]

    def ranking(wanted: SkillQuery) -> ScoreArray:
        own = set(split_words(wanted.texts["en"][0]))
        return np.array([len(own & label) / len(own | label) if own | label else 0 for label in labels])

    return ranking


def table(rankings: dict[str, Ranking], wanted: dict[str, SkillQuery], gold: dict[str, Gold], halves: Iterable[str]) -> None:
    """Print the figures of each ranking."""
    print("| ranking | matches | competences | recall at 5 | recall at 10 | one among 5 | mean reciprocal rank |")
    print("|---|---|---|---|---|---|---|")
    for half in halves:
        for name, ranking in rankings.items():
            for kind, matches in gold.items():
                asked = [c for c in matches if half == "all" or held_out(c) == (half == "held out")]
                shown = " | ".join(f"{figure:.3f}" for figure in figures([places(ranking(wanted[c]), matches[c]) for c in asked]))
                print(f"| {name} ({half}) | {kind} | {len(asked)} | {shown} |", flush=True)


def read_public(path: Path, numbers: Mapping[str, int]) -> Gold:
    """Return the places of the skills that each text of a set is labelled with; texts with no label of this version are left out.

    Args:
        path: the set, with the columns `span` (or `sentence` where there is none) and `label`.
        numbers: the places of skills by label in small letters.
    """
    found: Gold = {}
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            label = row["label"].strip().casefold()
            if label in numbers:
                found.setdefault(row.get("span") or row["sentence"], set()).add(numbers[label])
    return found


def measure_public(suggester: Suggester, folder: Path, rankings: dict[str, Ranking]) -> None:
    """Print the figures of each ranking on each public set."""
    numbers = {words.label.casefold(): number for number, words in enumerate(suggester.indexes["en"].labels) if words}
    print("| set | texts | ranking | recall at 5 | recall at 10 | one among 5 | mean reciprocal rank |")
    print("|---|---|---|---|---|---|---|")
    for name in PUBLIC_SETS:
        gold = read_public(folder / f"{name}_test_annotations.csv", numbers)
        for title, ranking in rankings.items():
            found = [places(ranking(SkillQuery.from_text(text, "", ["en"])), matches) for text, matches in gold.items()]
            print(f"| {name} | {len(gold)} | {title} | " + " | ".join(f"{figure:.3f}" for figure in figures(found)) + " |", flush=True)


def main(choose: bool, public: Path | None = None) -> None:
    """Measure and print."""
    dataset = Dataset(Project.find())
    mappings, _ = read_skill_mappings(dataset.project.mappings / "esco.sssom.tsv")
    begun = time.perf_counter()
    with open_esco() as esco:
        suggester = Suggester(esco)
    built = time.perf_counter() - begun
    at = {uri: number for number, uri in enumerate(suggester.uris)}
    gold: dict[str, Gold] = {kind: {} for kind in MATCHES}
    for kind, relations in MATCHES.items():
        for mapping in mappings:
            if mapping.relation in relations and mapping.skill in at:
                gold[kind].setdefault(mapping.subject, set()).add(at[mapping.skill])
    judged = read_mapping_set(dataset.project.mappings / "esco.sssom.tsv")
    # Those with no match at all too: whatever is proposed for them is wrong.
    competences = sorted({judged.expand_curie(row["subject_id"]) for row in judged.rows})
    wanted = {competence: build_competence_request(dataset, competence).query for competence in competences}

    def by(weights: ProposalWeights = PROPOSAL_WEIGHTS) -> Ranking:
        return lambda asked: np.max(list(suggester.score_skills(asked, weights).values()), axis=0)

    if choose:
        grid = product((0.5,), (0.5, 1.0, 1.5), (0.0, 0.05, 0.1, 0.15, 0.2, 0.3))
        tried = {f"{d} {s} {r}": by(replace(PROPOSAL_WEIGHTS, definition=d, spelling=s, reuse=r)) for d, s, r in grid}
        return table(tried, wanted, {"all four": gold["all four"]}, ["choosing"])
    lexical = replace(PROPOSAL_WEIGHTS, occupation=0, reuse=0)
    if public:
        measured = {"words only": by(replace(lexical, spelling=0)), "without reuse level": by(lexical), "suggest": by()}
        return measure_public(suggester, public, measured)
    rankings = {
        "equal names": equality(suggester),
        "words in common": overlap(suggester),
        "words only": by(replace(lexical, spelling=0)),
        "words and spelling": by(lexical),
        "without reuse level": by(replace(PROPOSAL_WEIGHTS, reuse=0)),
        "suggest": by(),
    }
    table(rankings, wanted, gold, ["held out", "all"])
    print("\n| rank | proposals judged a match, choosing | held out | confidence |\n|---|---|---|---|")
    times, hits = list[float](), dict[bool, list[list[bool]]]()
    for competence in competences:
        begun = time.perf_counter()
        found = suggester.rank_skills(wanted[competence])[0][:10]
        times.append(time.perf_counter() - begun)
        hits.setdefault(held_out(competence), []).append([place in gold["all four"].get(competence, ()) for place in found.tolist()])
    first = 1
    for last, share in CONFIDENCE_BY_RANK:
        shares = [mean(hit for row in hits[half] for hit in row[first - 1 : last]) for half in (False, True)]
        print(f"| {first}–{last} | {shares[0]:.2f} | {shares[1]:.2f} | {share} |")
        first = last + 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nIndex {built:.1f} s; a ranking {median(times) * 1000:.0f} ms (median of {len(times)}); peak {peak:.0f} MiB.")


if __name__ == "__main__":
    main("--choose" in sys.argv, Path(sys.argv[sys.argv.index("--public") + 1]) if "--public" in sys.argv else None)
