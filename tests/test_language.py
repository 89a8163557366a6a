"""The countable part of good language: words to avoid, quotation marks, doubled words, translation, long outcomes, one name a thing."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.dataset import ROOT

MAX_WORDS = 45
"""The longest sentence that an outcome may have."""
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"@(nb|en)')
PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"@nb\s*,\s*"((?:[^"\\]|\\.)*)"@en')
OUTCOME = re.compile(rf"bk:statement\s+{PAIR.pattern}")
NAME = re.compile(rf"(?:skos:prefLabel|rdfs:label)\s+{PAIR.pattern}")
HEADER_TEXT = re.compile(r'\b(nb|en): "((?:[^"\\]|\\.)*)"')
HEADER_LANGUAGES = ("nb", "en")
MAPPING_COLUMNS = {"comment": "en", "reading_difference": "en", "reason_nb": "nb"}
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
WRONG_QUOTES = {"nb": re.compile("[“”]"), "en": re.compile("[«»]")}
DOUBLED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
RIGHTLY_DOUBLED = {"had", "det", "den", "der"}
ITEMS = re.compile(r"^<[^>]+> a bk:Item ;.*$", re.MULTILINE)
"""Items are quoted from the documents in Norwegian, so their words are not ours to choose."""
SPELLING = re.compile(r"[\s/-]")
"""What two forms of one name may differ in."""
COLUMN = re.compile(r'\{nb: "([^"]*)", en: "([^"]*)"')
NAMING_MESSAGES = re.compile(r"\w+:(?:kind|tool|vocabulary\.part|workbook\.heading|workbook\.sheet)\.")
"""The messages that name things: lists of pages, tools, parts of the vocabulary, and sheets and columns of the workbook."""


class Text(NamedTuple):
    """A text in one language, with the file it is in."""

    path: str
    language: str
    words: str


def turtle_files() -> list[Path]:
    return sorted(
        path for folder in ("data", "ontology", "shapes") for path in (ROOT / folder).rglob("*.ttl") if "examples" not in path.parts
    )


def is_passages(path: Path) -> bool:
    """Whether a file lists the headings of a document, which are as the document has them."""
    return path.parent.name == "passages"


def read_messages(language: str) -> dict[str, str]:
    folder = ROOT / "site" / "messages" / language
    return {
        f"{path.stem}:{key}": text for path in sorted(folder.glob("*.json")) for key, text in json.loads(path.read_text("utf-8")).items()
    }


def read_mapping_texts(path: Path) -> Iterator[Text]:
    """Read the reasons of mappings, which are in columns of their own."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield from (Text(path.name, language, row[column]) for column, language in MAPPING_COLUMNS.items() if row.get(column))


def read_texts() -> Iterator[Text]:
    for path in turtle_files():
        if not is_passages(path):
            name = path.relative_to(ROOT).as_posix()
            yield from (Text(name, language, words) for words, language in LITERAL.findall(ITEMS.sub("", path.read_text("utf-8"))))
    for path in sorted((ROOT / "queries").rglob("*.rq")):
        name = path.relative_to(ROOT).as_posix()
        yield from (Text(name, language, words) for language, words in HEADER_TEXT.findall(path.read_text("utf-8")))
    for path in sorted((ROOT / "data" / "mappings").glob("*.tsv")):
        yield from read_mapping_texts(path)
    for path in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]:
        paragraphs = CODE.sub("…", path.read_text("utf-8")).split("\n\n")
        yield from (Text(path.relative_to(ROOT).as_posix(), "en", paragraph) for paragraph in paragraphs)
    for language in HEADER_LANGUAGES:
        yield from (Text(key, language, words) for key, words in read_messages(language).items() if key != "versions:versions.quotes")


def read_avoid() -> list[tuple[str, re.Pattern[str], str]]:
    with (ROOT / "tests" / "language" / "avoid.tsv").open(encoding="utf-8", newline="") as file:
        return [
            (row["language"], re.compile(row["pattern"]), row["instead"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def find_words_to_avoid(texts: Iterable[Text]) -> list[str]:
    avoid = read_avoid()
    return [
        f"{text.path}: «{match[0]}», write {instead}: {text.words}"
        for text in texts
        for language, pattern, instead in avoid
        if language == text.language and (match := pattern.search(text.words))
    ]


def find_wrong_quotes(texts: Iterable[Text]) -> list[str]:
    """Find quotation marks of the other language. Pages of the documentation quote what is in Norwegian."""
    return [
        f"{text.path}: {text.words}" for text in texts if not text.path.endswith(".md") and WRONG_QUOTES[text.language].search(text.words)
    ]


def find_doubled_words(texts: Iterable[Text]) -> list[str]:
    return [
        f"{text.path}: {match[0]}: {text.words}"
        for text in texts
        for match in DOUBLED.finditer(text.words)
        if match[1].casefold() not in RIGHTLY_DOUBLED
    ]


def find_long_sentences(turtle: str) -> list[str]:
    sentences = [sentence for pair in OUTCOME.findall(turtle) for words in pair for sentence in re.split(r"(?<=[.!?]) (?=[A-ZÆØÅ])", words)]
    return [sentence for sentence in sentences if len(sentence.split()) > MAX_WORDS]


def read_names() -> Iterator[tuple[str, str]]:
    """Read what things are called in both languages: in the data, in the columns of questions, and in the interface."""
    for path in turtle_files():
        if not is_passages(path):
            yield from NAME.findall(path.read_text("utf-8"))
    for path in sorted((ROOT / "queries").rglob("*.rq")):
        yield from COLUMN.findall(path.read_text("utf-8"))
    norwegian, english = read_messages("nb"), read_messages("en")
    yield from ((text, english[key]) for key, text in norwegian.items() if NAMING_MESSAGES.match(key))


def read_homonyms(language: str) -> set[str]:
    """Read the names that rightly have several names in the other language."""
    with (ROOT / "tests" / "language" / "homonyms.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {simplify_name(row["name"]) for row in rows if row["language"] == language}


def simplify_name(name: str) -> str:
    return SPELLING.sub("", name.casefold())


def find_double_names(names: Iterable[tuple[str, str]]) -> list[str]:
    """Find names in Norwegian that have two names in English, and names in English that have two in Norwegian."""
    english: dict[str, dict[str, str]] = defaultdict(dict)
    norwegian: dict[str, dict[str, str]] = defaultdict(dict)
    for nb, en in names:
        plain_nb, plain_en = simplify_name(nb), simplify_name(en)
        english[plain_nb].setdefault(plain_en.rstrip("s"), en)  # Norwegian often has one form for both numbers.
        norwegian[plain_en].setdefault(plain_nb, nb)
    return [
        f"{name}: {sorted(found.values())}"
        for language, names_found in (("nb", english), ("en", norwegian))
        for name, found in names_found.items()
        if len(found) > 1 and name not in read_homonyms(language)
    ]


@pytest.mark.parametrize("find", [find_words_to_avoid, find_wrong_quotes, find_doubled_words])
def test_texts_are_plain(find: Callable[[Iterable[Text]], list[str]]) -> None:
    assert find(read_texts()) == []


def test_messages_of_several_words_are_translated() -> None:
    norwegian, english = read_messages("nb"), read_messages("en")
    same = [
        key
        for key, text in norwegian.items()
        if english[key] == text and len(re.findall(r"\b[^\W\d]{3,}\b", re.sub(r"\{.*?\}", "", text))) > 3
    ]
    assert same == ["form:write.esco"]  # ESCO asks for these words.


def test_sentences_of_outcomes_are_short() -> None:
    assert [long for path in turtle_files() for long in find_long_sentences(path.read_text("utf-8"))] == []


def test_one_thing_has_one_name_in_each_language() -> None:
    assert find_double_names(read_names()) == []


def test_planted_faults_are_found() -> None:
    assert (
        find_words_to_avoid([Text("a", "en", "What whoever has the role does"), Text("a", "nb", "Leseren samtykker, alle svarer for sitt")])
        != []
    )
    assert len(find_words_to_avoid([Text("a", "en", "They hang together"), Text("b", "nb", "Steg for steg")])) == 1
    assert len(find_wrong_quotes([Text("a", "en", "«x»"), Text("a", "nb", "«x»"), Text("a", "nb", "“x”")])) == 2
    assert len(find_doubled_words([Text("a", "en", "in the the shop"), Text("a", "nb", "det det gjelder")])) == 1
    assert find_long_sentences('bk:statement "Kan."@nb ,\n "Can ' + "a " * MAX_WORDS + '."@en') != []
    assert find_double_names([("A", "B"), ("a", "C")]) == ["a: ['B', 'C']"]
    assert (
        find_double_names([("Team-bygging", "Team building"), ("Teambygging", "Team-building"), ("Tema", "Topic"), ("Tema", "Theme")]) == []
    )
