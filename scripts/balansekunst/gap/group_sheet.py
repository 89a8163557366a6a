"""Read a sheet of who has what: a row for each competence of each person, under a pseudonym.

The sheet has headings in either language: pseudonym, competence, and how it is known, which may be left out.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.delimited import convert_to_utf8, parse_delimited
from balansekunst.errors import Message, UserError
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import GRAPH_PREFIX, NAMESPACE, RDF_TYPE, SKOS_LABEL, fold_name
from balansekunst.project import Project
from balansekunst.rdf.parse import decode_text, read_bytes
from balansekunst.shacl.single_rule import PERSONAL_DATA_RULES, validate_against_rule
from balansekunst.sparql.catalogue import resolve
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.open_zip import is_workbook, read_workbook_parts

_COLUMN_KEYS = {
    "pseudonym": "gap.column.pseudonym",
    "competence": "gap.column.competence",
    "evidence": "gap.column.evidence",
}
"""The columns of a sheet, and the message with the heading of each."""
_OPTIONAL_COLUMNS = ("evidence",)
_WORKBOOK_SUFFIXES = (".xlsx", ".ods")
SHEET_SUFFIXES = (".csv", ".tsv", *_WORKBOOK_SUFFIXES)
_MAX_ROWS = 5_000
"""Rows in a sheet: some three hundred people with fifteen competences each, which takes half a minute."""
_WORD_AND_NUMBER = re.compile(r"([a-zæøå]+)[ -]?(\d+)", re.IGNORECASE)
"""What people write for `ansatt-1`: `Ansatt 1`, `A1`."""
GROUP_GRAPH = NamedNode(f"{GRAPH_PREFIX}given/group")
_COMPETENCE_CLASS = NamedNode(f"{NAMESPACE}Competence")
INDIVIDUAL_CLASS = NamedNode(f"{NAMESPACE}IndividualDescription")
_HAS_KEY_COMPETENCE = NamedNode(f"{NAMESPACE}hasKeyCompetence")
_COMPETENCE_PROPERTY = NamedNode(f"{NAMESPACE}competence")
_SKOS_NOTE = NamedNode("http://www.w3.org/2004/02/skos/core#note")

_Cells = list[str]


@dataclass(frozen=True)
class GroupSheetRow:
    """One row of a sheet."""

    row: int
    """As the spreadsheet counts, the headings being row 1."""
    pseudonym: str
    competence: str
    evidence: str
    """How it is known, empty where that is not told."""


@dataclass(frozen=True)
class Group:
    """Those whose competence is held against a role."""

    people: dict[NamedNode, tuple[Quad, ...]]
    """What is said of each, to be put beside the graph; nothing where the graph says it."""
    evidence: tuple[tuple[str, int], ...] = ()
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
    entries, headings, problems = _parse_rows(path)
    competences = dict[str, NamedNode]()
    for name in dict.fromkeys(entry.competence for entry in entries if entry.competence):
        try:
            competences[name] = resolve(_COMPETENCE_CLASS, name, store, "competence", project.bases)
        except UserError as error:
            near = next(str(values.get("suggestions") or values["candidates"]) for _, values in error.messages).replace("competence/", "")
            rows = [entry.row for entry in entries if entry.competence == name]
            problems.append(
                ("gap.competence", {**_build_location_values(path, rows, headings["competence"]), "value": name, "suggestions": near})
            )
    problems += _find_personal_data(path, entries, headings, project)
    if problems:
        raise UserError(*sorted(problems, key=lambda message: int(re.split(r"\D", str(message[1]["rows"]))[0])))
    people = dict[NamedNode, tuple[Quad, ...]]()
    for entry in entries:
        person = _build_person_iri(entry.pseudonym, project)
        people[person] = (*people.get(person, ()), *_build_person_quads(entry, person, competences[entry.competence]))
    known = Counter(entry.evidence for entry in entries if entry.evidence)
    return Group(people, tuple(sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))))


def _parse_rows(path: Path) -> tuple[list[GroupSheetRow], dict[str, str], list[Message]]:
    """Return the rows of a sheet, the heading of each column, and what is wrong with the rows.

    Raises:
        UserError: the file cannot be read, has no rows, or lacks a column.
    """
    rows = _read_numbered_rows(path)
    first = next(rows, (1, []))[1]
    at = _find_columns(first)
    missing: list[Message] = [
        (
            "gap.no-column",
            {"file": path, "nb": format_message(key, "nb"), "en": format_message(key, "en")},
        )
        for name, key in _COLUMN_KEYS.items()
        if name not in at and name not in _OPTIONAL_COLUMNS
    ]
    if missing:
        raise UserError(*missing)
    headings = {name: first[number].strip() for name, number in at.items()}
    entries, problems = list[GroupSheetRow](), list[Message]()
    for row, cells in rows:
        if row > _MAX_ROWS:
            raise UserError(("gap.too-long", {"file": path, "limit": _MAX_ROWS}))
        values = {name: cells[at[name]].strip() if name in at and at[name] < len(cells) else "" for name in _COLUMN_KEYS}
        if not any(cell.strip() for cell in cells):
            continue
        problems += [
            ("gap.empty-cell", _build_location_values(path, [row], headings[name]))
            for name in _COLUMN_KEYS
            if not values[name] and name not in _OPTIONAL_COLUMNS
        ]
        entries.append(GroupSheetRow(row, _normalize_pseudonym(values["pseudonym"]), values["competence"], values["evidence"]))
    if not entries:
        raise UserError(("gap.no-rows", {"file": path}))
    return entries, headings, problems


def _find_columns(headings: _Cells) -> dict[str, int]:
    """Return the place of each column among headings in either language."""
    known = {fold_name(format_message(key, language)): name for name, key in _COLUMN_KEYS.items() for language in LANGUAGES}
    return {known[fold_name(cell)]: number for number, cell in enumerate(headings) if fold_name(cell) in known}


def _read_numbered_rows(path: Path) -> Iterator[tuple[int, _Cells]]:
    """Give the rows of a sheet with their numbers, from 1.

    Raises:
        UserError: the file cannot be read, is neither CSV nor a workbook, or a cell holds a formula or an error.
    """
    if path.suffix.lower() not in SHEET_SUFFIXES:
        raise UserError(("gap.format", {"file": path}))
    if path.suffix.lower() in _WORKBOOK_SUFFIXES:
        yield from enumerate(_read_first_sheet(path), 1)
        return
    written = decode_text(path, convert_to_utf8(read_bytes(path)))
    try:
        yield from parse_delimited(written)
    except csv.Error as error:
        raise UserError(("gap.csv", {"file": path, "reason": error})) from None


def _read_first_sheet(path: Path) -> list[_Cells]:
    """Return the rows of the first sheet of a workbook.

    Raises:
        UserError: it is not what it claims, is damaged or too large, or a cell holds a formula or an error.
    """
    # openpyxl takes longer to import than CSV to read.
    from balansekunst.workbook.read_xlsx import read_sheet_grids

    parts = read_workbook_parts(path)
    if not is_workbook(parts):
        raise UserError(("gap.format", {"file": path}))
    # The template has a guide before the sheet that is filled in; of other workbooks the first sheet is read.
    pages = read_sheet_grids(path, parts, load_layout("group"))
    title = next((name for name, grid in pages.grids.items() if grid), None)
    if title is None:
        pages = read_sheet_grids(path, parts)
        title = next(iter(pages.grids), "")
    odd: list[Message] = [("gap.invalid-cell", {"file": path, "cell": cell}) for sheet, cell in pages.invalid_cells if sheet == title]
    if pages.problems or odd:
        raise UserError(*pages.problems, *odd)
    return pages.grids.get(title, [])


def _normalize_pseudonym(written: str) -> str:
    """Return a word and a number as rule I7 writes them (`Ansatt 1` is `ansatt-1`), and anything else as it is."""
    match = _WORD_AND_NUMBER.fullmatch(written)
    return f"{match[1].lower()}-{match[2]}" if match else written


def _build_person_iri(pseudonym: str, project: Project) -> NamedNode:
    """Return the address of a person in a sheet, which is no published one."""
    return NamedNode(f"{project.base}group/individual/{quote(pseudonym, safe='')}")


def _build_person_quads(entry: GroupSheetRow, person: NamedNode, competence: NamedNode | None) -> Iterator[Quad]:
    """Give what a row says: that the person has the competence, and how it is known."""
    placed = NamedNode(f"{person.value}/{entry.row}")
    yield Quad(person, RDF_TYPE, INDIVIDUAL_CLASS, GROUP_GRAPH)
    yield Quad(person, SKOS_LABEL, Literal(entry.pseudonym, language="nb"), GROUP_GRAPH)
    yield Quad(person, _HAS_KEY_COMPETENCE, placed, GROUP_GRAPH)
    if competence:
        yield Quad(placed, _COMPETENCE_PROPERTY, competence, GROUP_GRAPH)
    if entry.evidence:
        yield Quad(placed, _SKOS_NOTE, Literal(entry.evidence), GROUP_GRAPH)


def _find_personal_data(path: Path, entries: list[GroupSheetRow], headings: dict[str, str], project: Project) -> list[Message]:
    """Return a message for each cell that the rules on personal data refuse. What stands there is not repeated."""
    named = [entry for entry in entries if entry.pseudonym]
    quads = list[Quad]()
    for entry in named:
        person = _build_person_iri(entry.pseudonym, project)
        quads += _build_person_quads(entry, person, None)
        quads.append(Quad(person, _SKOS_NOTE, Literal(entry.evidence)))
    found = set[tuple[str, str]]()
    for breach in (result for rule in PERSONAL_DATA_RULES for result in validate_against_rule(rule, quads, project)):
        assert isinstance(breach.focus_node, NamedNode)
        found.add((breach.focus_node.value, breach.value.value if isinstance(breach.value, Literal) else ""))
    rows: dict[tuple[str, ...], list[int]] = {}
    for entry in named:
        address = _build_person_iri(entry.pseudonym, project).value
        if {(address, ""), (address, entry.pseudonym)} & found:
            rows.setdefault(("gap.pseudonym", headings["pseudonym"], address), []).append(entry.row)
        if entry.evidence and (address, entry.evidence) in found:
            rows.setdefault(("gap.private", headings["evidence"], str(entry.row)), []).append(entry.row)
    return [(key, _build_location_values(path, numbers, column)) for (key, column, _), numbers in rows.items()]


def _build_location_values(path: Path, rows: list[int], column: str) -> dict[str, object]:
    """Return where in a sheet something stands, as messages tell it."""
    shown = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
    return {"file": path, "rows": shown, "column": column}
