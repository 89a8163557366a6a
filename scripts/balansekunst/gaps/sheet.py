"""Read a sheet of who has what: a row for each competence of each person, under a pseudonym.

The sheet has headings in either language: pseudonym, competence, and how it is known, which may be left out.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.asking.catalogue import resolve
from balansekunst.checking.rules import RDF_TYPE, SKOS_LABEL
from balansekunst.checking.single import PERSONAL_DATA, breaches_of
from balansekunst.load import GRAPH_PREFIX, Message, content
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.project import NAMESPACE, Project

COLUMNS = ("pseudonym", "competence", "known")
OPTIONAL_COLUMNS = ("known",)
SHEETS = (".csv", ".tsv", ".xlsx")
DELIMITERS = ";\t,"
"""What may stand between cells; spreadsheets in Norwegian write semicolons."""
MOST_ROWS = 5_000
"""Rows in a sheet: some three hundred people with fifteen competences each, which takes half a minute."""
WORD_AND_NUMBER = re.compile(r"([a-zæøå]+)[ -]?(\d+)", re.IGNORECASE)
"""What people write for `ansatt-1`: `Ansatt 1`, `A1`."""
GROUP = NamedNode(f"{GRAPH_PREFIX}given/group")
COMPETENCE = NamedNode(f"{NAMESPACE}Competence")
INDIVIDUAL = NamedNode(f"{NAMESPACE}IndividualDescription")
HAS_KEY = NamedNode(f"{NAMESPACE}hasKeyCompetence")
OF = NamedNode(f"{NAMESPACE}competence")
NOTE = NamedNode("http://www.w3.org/2004/02/skos/core#note")

Cells = list[str]


@dataclass(frozen=True)
class Entry:
    """One row of a sheet."""

    row: int
    """As the spreadsheet counts, the headings being row 1."""
    pseudonym: str
    competence: str
    known: str
    """How it is known, empty where that is not told."""


@dataclass(frozen=True)
class Group:
    """Those whose competence is held against a role."""

    people: dict[NamedNode, tuple[Quad, ...]]
    """What is said of each, to be put beside the graph; nothing where the graph says it."""
    known: tuple[tuple[str, int], ...] = ()
    """How their competence is known, and of how many rows; most first."""


def read_group(path: Path, store: Store, project: Project) -> Group:
    """Read a sheet of who has what.

    Args:
        path: CSV (comma, semicolon or tab) or a workbook, whose first sheet is read.
        store: holds the competences that the sheet may name, by IRI, slug or label in either language.
        project: has the rule on personal data.

    Raises:
        UserError: the file cannot be read, a column is missing, a cell is empty, a competence is not known, or something would tell
            who is meant (rule I7); all at once, with row and column.
    """
    entries, headings, problems = entries_of(path)
    competences = dict[str, NamedNode]()
    for name in dict.fromkeys(entry.competence for entry in entries if entry.competence):
        try:
            competences[name] = resolve(COMPETENCE, name, store, "competence")
        except UserError as error:
            near = next(str(values.get("near") or values["candidates"]) for _, values in error.messages).replace("competence/", "")
            rows = [entry.row for entry in entries if entry.competence == name]
            problems.append(("gap.competence", {**place(path, rows, headings["competence"]), "given": name, "near": near}))
    problems += private(path, entries, headings, project)
    if problems:
        raise UserError(*sorted(problems, key=lambda message: int(re.split(r"\D", str(message[1]["rows"]))[0])))
    people = dict[NamedNode, tuple[Quad, ...]]()
    for entry in entries:
        person = individual(entry.pseudonym, project)
        people[person] = (*people.get(person, ()), *said(entry, person, competences[entry.competence]))
    known = Counter(entry.known for entry in entries if entry.known)
    return Group(people, tuple(sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))))


def entries_of(path: Path) -> tuple[list[Entry], dict[str, str], list[Message]]:
    """Return the rows of a sheet, the heading of each column, and what is wrong with the rows.

    Raises:
        UserError: the file cannot be read, has no rows, or lacks a column.
    """
    rows = numbered_rows(path)
    first = next(rows, (1, []))[1]
    known = {text(f"gap.column.{name}", language).casefold(): name for name in COLUMNS for language in LANGUAGES}
    at = {known[cell.strip().casefold()]: number for number, cell in enumerate(first) if cell.strip().casefold() in known}
    missing: list[Message] = [
        ("gap.no-column", {"file": path, "nb": text(f"gap.column.{name}", "nb"), "en": text(f"gap.column.{name}", "en")})
        for name in COLUMNS
        if name not in at and name not in OPTIONAL_COLUMNS
    ]
    if missing:
        raise UserError(*missing)
    headings = {name: first[number].strip() for name, number in at.items()}
    entries, problems = list[Entry](), list[Message]()
    for row, cells in rows:
        if row > MOST_ROWS:
            raise UserError(("gap.too-long", {"file": path, "limit": MOST_ROWS}))
        values = {name: cells[at[name]].strip() if name in at and at[name] < len(cells) else "" for name in COLUMNS}
        if not any(cell.strip() for cell in cells):
            continue
        problems += [
            ("gap.empty-cell", place(path, [row], headings[name])) for name in COLUMNS if not values[name] and name not in OPTIONAL_COLUMNS
        ]
        entries.append(Entry(row, as_pseudonym(values["pseudonym"]), values["competence"], values["known"]))
    if not entries:
        raise UserError(("gap.no-rows", {"file": path}))
    return entries, headings, problems


def numbered_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Give the rows of a sheet with their numbers, from 1.

    Raises:
        UserError: the file cannot be read, is neither CSV nor a workbook, or a cell holds a formula or an error.
    """
    if path.suffix.lower() not in SHEETS:
        raise UserError(("gap.format", {"file": path}))
    if path.suffix.lower() == ".xlsx":
        yield from enumerate(first_sheet(path), 1)
        return
    written = content(path)
    first = written.partition("\n")[0]
    delimiter = max(DELIMITERS, key=lambda mark: first.count(mark))
    try:
        yield from enumerate(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True), 1)
    except csv.Error as error:
        raise UserError(("gap.csv", {"file": path, "why": error})) from None


def first_sheet(path: Path) -> list[Cells]:
    """Return the rows of the first sheet of a workbook.

    Raises:
        UserError: it is not what it claims, is damaged or too large, or a cell holds a formula or an error.
    """
    # openpyxl takes longer to import than CSV to read.
    from balansekunst.writing.read import xlsx_pages
    from balansekunst.writing.safe import given, is_workbook

    parts = given(path)
    if not is_workbook(parts):
        raise UserError(("gap.format", {"file": path}))
    pages = xlsx_pages(path, parts)
    title = next(iter(pages.grids))
    odd: list[Message] = [("gap.odd", {"file": path, "cell": cell}) for sheet, cell in pages.odd if sheet == title]
    if pages.problems or odd:
        raise UserError(*pages.problems, *odd)
    return pages.grids[title]


def as_pseudonym(written: str) -> str:
    """Return a word and a number as rule I7 writes them (`Ansatt 1` is `ansatt-1`), and anything else as it is."""
    match = WORD_AND_NUMBER.fullmatch(written)
    return f"{match[1].lower()}-{match[2]}" if match else written


def individual(pseudonym: str, project: Project) -> NamedNode:
    """Return the address of a person in a sheet, which is no published one."""
    return NamedNode(f"{project.base}group/individual/{quote(pseudonym, safe='')}")


def said(entry: Entry, person: NamedNode, competence: NamedNode | None) -> Iterator[Quad]:
    """Give what a row says: that the person has the competence, and how it is known."""
    placed = NamedNode(f"{person.value}/{entry.row}")
    yield Quad(person, RDF_TYPE, INDIVIDUAL, GROUP)
    yield Quad(person, SKOS_LABEL, Literal(entry.pseudonym, language="nb"), GROUP)
    yield Quad(person, HAS_KEY, placed, GROUP)
    if competence:
        yield Quad(placed, OF, competence, GROUP)
    if entry.known:
        yield Quad(placed, NOTE, Literal(entry.known), GROUP)


def private(path: Path, entries: list[Entry], headings: dict[str, str], project: Project) -> list[Message]:
    """Return a message for each cell that rule I7 refuses. What stands there is not repeated."""
    named = [entry for entry in entries if entry.pseudonym]
    quads = [quad for entry in named for quad in said(entry, individual(entry.pseudonym, project), None)]
    found = set[tuple[str, str]]()
    for breach in breaches_of(PERSONAL_DATA, quads, project):
        assert isinstance(breach.focus, NamedNode)
        found.add((breach.focus.value, breach.value.value if isinstance(breach.value, Literal) else ""))
    rows: dict[tuple[str, ...], list[int]] = {}
    for entry in named:
        person = individual(entry.pseudonym, project).value
        if {(person, ""), (person, entry.pseudonym)} & found:
            rows.setdefault(("gap.pseudonym", headings["pseudonym"], person), []).append(entry.row)
        if entry.known and (person, entry.known) in found:
            rows.setdefault(("gap.private", headings["known"], str(entry.row)), []).append(entry.row)
    return [(key, place(path, numbers, column)) for (key, column, _), numbers in rows.items()]


def place(path: Path, rows: list[int], column: str) -> dict[str, object]:
    """Return where in a sheet something stands, as messages tell it."""
    shown = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
    return {"file": path, "rows": shown, "column": column}
