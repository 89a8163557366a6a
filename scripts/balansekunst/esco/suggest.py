"""Propose ESCO skills for a competence, by words and spelling, each with its reason. What is proposed is for people to judge.

Two lexical measures and what the graph knows, for each language that the download has skills in:

- words: Okapi BM25 (Robertson and Zaragoza 2009, https://doi.org/10.1561/1500000019) of the competence's label and definition against the
  skill's label, other names and description, by SQLite's FTS5, which stems English words (Porter 1980);
- spelling: the cosine of character n-grams within words, weighted by rarity (tf-idf), between the competence's label and the skill's
  nearest name;
- occupations: a small lift for skills that ESCO ties to the occupations of the roles that have the competence;
- reuse: an addition for skills that ESCO says are used across occupations and sectors.
"""

import re
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from balansekunst.errors import UserError
from balansekunst.esco.store import ESCO_FALLBACK_LANGUAGE, ESCO_LANGUAGE_TAGS, ConceptLabels, Esco

ScoreArray = NDArray[np.float64]
SKILL_FIELDS = ("label", "alternatives", "description")
_NGRAM_LENGTHS = (3, 4, 5)
"""Lengths of the character n-grams."""
_MAX_WORD_SHARE = 0.1
"""A word that stands in a larger share of the skills says nothing, and is not looked for."""
_HIGHLIGHT_PATTERN = re.compile("\x02(.+?)\x03")


@dataclass(frozen=True)
class ProposalWeights:
    """What counts how much. Chosen on half of the judged competences, see docs/esco.md."""

    fields: tuple[float, float, float] = (3.0, 2.0, 1.0)
    """Of a word in the skill's label, other names and description."""
    definition: float = 0.5
    """Of a word in the competence's definition, against one in its label."""
    spelling: float = 1.0
    """Of the likeness in spelling, against that of words. Both are between 0 and 1."""
    occupation: float = 0.1
    """What is added, as a share, to a skill of an occupation of the roles."""
    reuse: float = 0.2
    """What is added at most for ESCO's reuse level, against what words and spelling give."""


PROPOSAL_WEIGHTS = ProposalWeights()
REUSE_LEVELS = {"transversal": 1.0, "cross-sector": 0.6, "sector-specific": 0.2}
"""How much of the addition a skill gets by its reuse level, since what is common to working life is rarely bound to one occupation."""
CONFIDENCE_BY_RANK = ((1, 0.34), (3, 0.06), (5, 0.06), (10, 0.02))
"""How often proposals up to a rank were judged a match, on the half of the competences that the weights were chosen on."""


@dataclass(frozen=True)
class SkillQuery:
    """A competence to find skills for."""

    texts: Mapping[str, tuple[str, str]]
    """Its label and definition (may be empty), by ESCO's tag of their language."""
    occupations: frozenset[str] = frozenset()
    """The URIs of the occupations that its roles are mapped to."""

    @classmethod
    def from_text(cls, label: str, definition: str, languages: Iterable[str]) -> "SkillQuery":
        """Return what a user writes, which may be in any of `languages`."""
        return cls(dict.fromkeys(languages, (label, definition)))


@dataclass(frozen=True)
class Proposal:
    """A skill that may match, and why."""

    uri: str
    labels: ConceptLabels
    """What ESCO calls it, in the language in which it was found."""
    score: float
    """Between 0 and 1; 1 is the most that could be."""
    matched_words: Mapping[str, tuple[str, ...]]
    """The skill's words that the competence has too, by field (`FIELDS`), each once; fields without any are left out."""
    nearest_name: str
    """The name of the skill that is spelt most like the competence's label."""
    similarity: float
    """How like it is, between 0 and 1."""
    occupations: tuple[str, ...] = field(default=())
    """The occupations of the competence's roles that ESCO ties it to, sorted."""
    reuse_level: str = ""
    """ESCO's, as `transversal`."""


class SkillIndex:
    """The skills of one language, to be searched. To be closed."""

    def __init__(self, uris: Sequence[str], words: Mapping[str, ConceptLabels], language: str) -> None:
        """Take in what the skills are called.

        Args:
            uris: the order of the skills in every array; those without words in `language` get 0.
            words: by URI.
            language: ESCO's tag.

        Raises:
            UserError: this Python's SQLite lacks FTS5.
        """
        self.labels = [words[uri] if uri in words and words[uri].language == language else None for uri in uris]
        self.database = sqlite3.connect(":memory:")
        stemmer = "porter unicode61" if language == "en" else "unicode61"
        try:
            self.database.execute(
                f"CREATE VIRTUAL TABLE skill USING fts5({', '.join(SKILL_FIELDS)}, tokenize='{stemmer} remove_diacritics 0')"
            )
        except sqlite3.OperationalError:
            self.database.close()
            raise UserError(("suggest.no-fts5", {})) from None
        named = [(number, w.label, "\n".join(w.alternatives), w.description) for number, w in enumerate(self.labels) if w]
        self.database.executemany("INSERT INTO skill (rowid, label, alternatives, description) VALUES (?, ?, ?, ?)", named)
        self.size = len(named)
        self.names = [(name, number) for number, w in enumerate(self.labels) if w for name in (w.label, *w.alternatives)]
        self.name_owners = np.array([number for _, number in self.names], dtype=np.intp)
        self.ngrams: dict[str, int] = {}
        counts = self.count_ngrams([name for name, _ in self.names], learn=True)
        self.rarity = np.log(len(self.names) / np.maximum(np.bincount(counts.indices, minlength=counts.shape[1]), 1))
        self.name_vectors = self.normalize_rows(counts)

    def close(self) -> None:
        """Let go of the memory."""
        self.database.close()

    def list_known_words(self, text: str) -> list[str]:
        """Return the words of a text that are in the index, in small letters, each once; with those that are too common."""
        return [word for word in split_words(text) if self.count_skills(word)]

    def count_skills(self, word: str) -> int:
        """Return how many skills have a word."""
        return int(self.database.execute("SELECT count(*) FROM skill WHERE skill MATCH ?", (f'"{word}"',)).fetchone()[0])

    def build_query(self, text: str) -> str:
        """Return the FTS5 query for any of the words of a text, without those that stand nearly everywhere; may be empty."""
        return " OR ".join(
            f'"{word}"' for word in split_words(text) if 0 < self.count_skills(word) <= max(1.0, _MAX_WORD_SHARE * self.size)
        )

    def score_words(self, text: str, weights: ProposalWeights) -> ScoreArray:
        """Return BM25 of a text against each skill, shape (skills,), 0 where no word meets."""
        found = np.zeros(len(self.labels))
        if query := self.build_query(text):
            scored = self.database.execute(
                f"SELECT rowid, -bm25(skill, {', '.join('?' * 3)}) FROM skill WHERE skill MATCH ?", (*weights.fields, query)
            )
            for number, score in scored:
                found[number] = score
        return found

    def score_spelling(self, label: str) -> tuple[ScoreArray, NDArray[np.intp]]:
        """Return how like a label the nearest name of each skill is, and which of `names` that is; both of shape (skills,)."""
        likeness = (self.name_vectors @ self.normalize_rows(self.count_ngrams([label])).T).toarray().ravel()
        best, nearest = np.zeros(len(self.labels)), np.zeros(len(self.labels), dtype=np.intp)
        # Sorted so that the likeliest comes last and stays; among equals the first of the names.
        order = np.lexsort((-np.arange(len(likeness)), likeness))
        best[self.name_owners[order]], nearest[self.name_owners[order]] = likeness[order], order
        return best, nearest

    def score_skills(self, label: str, definition: str, weights: ProposalWeights) -> ScoreArray:
        """Return how well each skill fits, shape (skills,), between 0 and 1."""
        words = self.score_words(label, weights) + weights.definition * self.score_words(definition, weights)
        return (words / (words.max(initial=0) or 1) + weights.spelling * self.score_spelling(label)[0]) / (1 + weights.spelling)

    def find_matched_words(self, number: int, text: str) -> dict[str, tuple[str, ...]]:
        """Return the words of a skill that a text has too, by field."""
        if not (query := self.build_query(text)):
            return {}
        marked = ", ".join(f"highlight(skill, {column}, '\x02', '\x03')" for column in range(len(SKILL_FIELDS)))
        row = self.database.execute(f"SELECT {marked} FROM skill WHERE skill MATCH ? AND rowid = ?", (query, number)).fetchone()
        found = zip(SKILL_FIELDS, row or (), strict=bool(row))
        return {
            name: words
            for name, cell in found
            if (words := tuple(dict.fromkeys(word.casefold() for word in _HIGHLIGHT_PATTERN.findall(cell))))
        }

    def count_ngrams(self, names: Sequence[str], learn: bool = False) -> csr_array:
        """Return how many times each name has each n-gram, shape (names, n-grams); new n-grams are learnt or passed over."""
        rows, columns = array("i"), array("i")
        seen: dict[str, list[int]] = {}
        for row, name in enumerate(names):
            for word in re.findall(r"\w+", name.casefold()):
                if word not in seen:
                    grams = _list_ngrams(word)
                    seen[word] = (
                        [self.ngrams.setdefault(g, len(self.ngrams)) for g in grams]
                        if learn
                        else [self.ngrams[g] for g in grams if g in self.ngrams]
                    )
                columns.extend(seen[word])
                rows.extend([row] * len(seen[word]))
        return csr_array((np.ones(len(rows)), (np.asarray(rows), np.asarray(columns))), shape=(len(names), len(self.ngrams)))

    def normalize_rows(self, counts: csr_array) -> csr_array:
        """Return rows of counts weighted by rarity, each of length 1 or 0."""
        weighted = csr_array(counts @ diags_array(self.rarity))
        lengths = np.sqrt((weighted * weighted).sum(axis=1))
        return csr_array(diags_array(1 / np.where(lengths > 0, lengths, 1)) @ weighted)


def split_words(text: str) -> list[str]:
    """Return the words of a text in small letters, each once, in order."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.casefold())))


def _list_ngrams(word: str) -> list[str]:
    """Return the character n-grams of a word, with its start and end marked by a blank."""
    padded = f" {word} "
    return [padded[at : at + size] for size in _NGRAM_LENGTHS for at in range(len(padded) - size + 1)]


class Suggester:
    """Proposes skills of one version of ESCO. To be closed, which the store may be before."""

    def __init__(self, esco: Esco) -> None:
        """Take in the skills that are in use, in Norwegian and English as far as they are loaded, and what occupations ask for.

        Raises:
            UserError: no skills are loaded, or SQLite lacks FTS5.
        """
        retired = esco.list_retired()
        self.version = esco.version
        self.uris = [skill.uri for skill in esco.list_concepts("skill") if skill.uri not in retired]
        if not self.uris:
            raise UserError(("suggest.no-skills", {"version": esco.version}))
        levels = {skill.uri: skill.reuse for skill in esco.list_concepts("skill")}
        self.reuse_levels = [levels[uri] for uri in self.uris]
        self.reuse = np.array([REUSE_LEVELS.get(level, 0.0) for level in self.reuse_levels])
        at = {uri: number for number, uri in enumerate(self.uris)}
        self.indexes: dict[str, SkillIndex] = {}
        for tag in sorted({ESCO_FALLBACK_LANGUAGE, *ESCO_LANGUAGE_TAGS.values()}):
            words = esco.find_labels("skill", tag)
            if any(words[uri].language == tag for uri in self.uris):
                self.indexes[tag] = SkillIndex(self.uris, words, tag)
        if not self.indexes:
            raise UserError(("suggest.no-language", {"version": esco.version, "languages": ", ".join(esco.list_languages())}))
        self.skills_by_occupation: dict[str, list[int]] = {}
        for occupation, skill, _ in esco.list_links("occupationSkillRelations"):
            if skill in at:
                self.skills_by_occupation.setdefault(occupation, []).append(at[skill])

    def close(self) -> None:
        """Let go of the memory."""
        for index in self.indexes.values():
            index.close()

    def list_languages(self) -> list[str]:
        """Return ESCO's tags of the languages that are searched, sorted."""
        return list(self.indexes)

    def score_skills(self, wanted: SkillQuery, weights: ProposalWeights = PROPOSAL_WEIGHTS) -> dict[str, ScoreArray]:
        """Return how well each skill fits by language, each of shape (skills,), between 0 and 1."""
        lift = np.zeros(len(self.uris))
        for occupation in wanted.occupations:
            lift[self.skills_by_occupation.get(occupation, [])] = weights.occupation
        scores = {tag: self.indexes[tag].score_skills(*wanted.texts[tag], weights) for tag in self.indexes if tag in wanted.texts}
        most = 1 + weights.occupation + weights.reuse
        # What has nothing in common is not proposed for its reuse level alone.
        return {tag: (score * (1 + lift) + weights.reuse * self.reuse * (score > 0)) / most for tag, score in scores.items()}

    def rank_skills(self, wanted: SkillQuery, weights: ProposalWeights = PROPOSAL_WEIGHTS) -> tuple[NDArray[np.intp], ScoreArray]:
        """Return the places of the skills in `uris`, the best first (equals by URI), and their scores in that order."""
        found = np.max([np.zeros(len(self.uris)), *self.score_skills(wanted, weights).values()], axis=0)
        order = np.argsort(-found, kind="stable")
        return order, found[order]

    def suggest(self, wanted: SkillQuery, number: int = 10) -> list[Proposal]:
        """Return up to `number` proposals, the best first. Nothing that has no word and no spelling in common is proposed."""
        by_language = self.score_skills(wanted)
        order, scores = self.rank_skills(wanted)
        nearest = {tag: self.indexes[tag].score_spelling(wanted.texts[tag][0]) for tag in by_language}
        proposals = list[Proposal]()
        for place, score in zip(order[:number].tolist(), scores[:number].tolist(), strict=True):
            if score <= 0:
                break
            tag = max(by_language, key=lambda tag: (by_language[tag][place], tag == ESCO_FALLBACK_LANGUAGE))
            index, (likeness, names), uri = self.indexes[tag], nearest[tag], self.uris[place]
            words = index.labels[place]
            assert words
            occupations = sorted(o for o in wanted.occupations if place in self.skills_by_occupation.get(o, ()))
            met = index.find_matched_words(place, " ".join(wanted.texts[tag]))
            name = index.names[names[place]][0]
            proposals.append(Proposal(uri, words, score, met, name, float(likeness[place]), tuple(occupations), self.reuse_levels[place]))
        return proposals


def get_confidence(rank: int) -> float:
    """Return how often a proposal of a rank (from 1) was judged a match: the same, close, broader or narrower. See docs/esco.md."""
    return next((share for last, share in CONFIDENCE_BY_RANK if rank <= last), CONFIDENCE_BY_RANK[-1][1])
