"""Read a workbook (xlsx or ods) or a CSV file for each sheet into cells, and tell of what is not as it should be."""

import csv
import datetime
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from balansekunst.delimited import convert_to_utf8, parse_delimited
from balansekunst.errors import Message, UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import fold_name, slugify
from balansekunst.workbook.layout import Cell, Layout, Row, Sheet, WorkbookCells, load_layout
from balansekunst.workbook.open_zip import ZipParts, is_open_document, is_workbook, read_workbook_parts
from balansekunst.workbook.read_ods import list_ods_titles, read_ods_sheets
from balansekunst.workbook.to_rdf import Remark
from balansekunst.workbook.write_xlsx import CSV_FORMULA_PREFIXES, build_zip

MAX_READ_ROWS, MAX_READ_CELLS = 5_000, 200_000
"""In a sheet. The largest standard has some 200 rows and 3,000 cells."""
_STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMESPACES = {
    _STRICT_NAMESPACE + b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    _STRICT_NAMESPACE + b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
"""What Strict Open XML calls what openpyxl knows by another name."""
_EMPTY_FILL_PATTERN = re.compile(rb"<(\w+:|)fill\s*(?:/>|>\s*</\1fill\s*>)")
_MERGED_PATTERN = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]+(\d{1,7})[\"']")
_NUMBERS_TABLE_PATTERN = re.compile(r"-(table|tabell)-\d+$")
_FAR_PATTERN = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^<>]*\br=[\"'](?:[A-Z]{4,}|[A-Z]*\d{8,})")
"""A row or column further away than a sheet has them."""
_STYLE_PATTERN = re.compile(rb"<(?:\w+:)?xf\b")
_WIDE_TAG_PATTERN = re.compile(rb"<[^<>]{65536}")
"""What takes openpyxl minutes, and no spreadsheet writes."""
_MAX_STYLES = 70_000
"""Excel itself has at most 65,490."""
_MAX_TITLE_ROWS = 10
"""Rows from the top in which headings are sought."""

_Grid = list[list[str]]
"""The texts of a sheet by row and column."""


@dataclass
class SheetGrids:
    """The sheets of a file, whatever they are called."""

    grids: dict[str, _Grid] = field(default_factory=dict)
    invalid_cells: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """What no one should write in a cell, by sheet and reference: the message and what stands there."""
    problems: list[Message] = field(default_factory=list)
    unread_titles: list[str] = field(default_factory=list)
    """The names of CSV files that could not be read, which is told of."""


def read_workbook(path: Path, layout: Layout) -> tuple[WorkbookCells, list[Remark]]:
    """Return the cells of a workbook, or of CSV files in a folder or zip, and remarks on single cells.

    Args:
        path: what the user gives.
        layout: what stands where. Sheets and headings may be in either language.

    Raises:
        UserError: it is not what it claims, or sheets or headings are missing; all at once.
    """
    parts = read_workbook_parts(path)
    pages = read_sheet_grids(path, parts, layout) if is_workbook(parts) else _read_csv_grids(path, parts)
    book, remarks, missing = WorkbookCells(form_sheet=layout.form.name), list[Remark](), list[str]()
    for sheet in layout.sheets:
        titles = _find_titles(sheet, pages.grids)
        name = " / ".join(sheet.format_title(language) for language in LANGUAGES)
        if not titles:
            missing += [name] if not _find_titles(sheet, pages.unread_titles) else []
        elif len(titles) > 1:
            pages.problems.append(("workbook.two-sheets", {"file": path, "sheet": name}))
        else:
            _read_rows(path, sheet, titles[0], pages, book, remarks)
    if missing:
        values: dict[str, object] = {"file": path, "sheets": ", ".join(missing), "found": ", ".join(pages.grids)}
        pages.problems.append(("workbook.no-sheet" if len(missing) == 1 else "workbook.no-sheets", values))
    if pages.problems:
        raise UserError(*pages.problems)
    return book, remarks


def _find_titles(sheet: Sheet, titles: Iterable[str]) -> list[str]:
    """Return the titles that mean a sheet, in either language: alone, or else after the name of the file, as exports have it.

    Numbers puts the name of the table after it.
    """
    slugs = {slugify(sheet.format_title(language)) for language in LANGUAGES}
    named = {title: _NUMBERS_TABLE_PATTERN.sub("", slugify(title)) for title in titles}
    return [title for title, slug in named.items() if slug in slugs] or [
        title for title, slug in named.items() if slug.endswith(tuple(f"-{slug}" for slug in slugs))
    ]


def find_layout(path: Path) -> Layout:
    """Return the layout of the workbook that a file is, by the titles of its sheets; that of a standard where it is neither.

    Raises:
        UserError: it is not what it claims.
    """
    parts = read_workbook_parts(path)
    found = read_sheet_grids(path, parts, load_layout()).grids if is_workbook(parts) else [Path(name).stem for name in parts]
    set_up = load_layout("set-up")
    return set_up if any(_find_titles(sheet, found) for sheet in set_up.sheets) else load_layout()


def _read_rows(path: Path, sheet: Sheet, title: str, pages: SheetGrids, book: WorkbookCells, remarks: list[Remark]) -> None:
    """Put the rows of a sheet into `book`, and what is odd about them into `remarks`."""
    grid = pages.grids[title]
    width = max((len(row) for row in grid), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in grid]
    wanted = {fold_name(heading): column.name for column in sheet.columns for heading in sheet.list_headings(column)}
    top = 0 if sheet.is_form else _find_heading_row(padded, wanted)
    line = [row[0] if row else "" for row in padded[1:]] if sheet.is_form else padded[top] if padded else []
    headings = [" ".join(heading.split()) for heading in line]
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = wanted.get(fold_name(heading), "")
        if name in places:
            pages.problems.append(("workbook.two-headings", {"file": path, "sheet": title, "heading": heading}))
        elif name:
            places[name] = place
    unknown = [heading for heading in headings if heading and fold_name(heading) not in wanted]
    missing = [
        " / ".join(sheet.format_heading(column, language) for language in LANGUAGES)
        for column in sheet.columns
        if column.name not in places and not column.is_added
    ]
    if missing:
        values: dict[str, object] = {"file": path, "sheet": title, "headings": ", ".join(missing), "found": ", ".join(unknown) or "–"}
        pages.problems.append((_choose_heading_problem(missing, places), values))
        return
    for place, heading in enumerate(headings):
        if heading in unknown:
            reference = f"A{place + 2}" if sheet.is_form else f"{get_column_letter(place + 1)}{top + 1}"
            remarks.append(Remark("warning", Cell(sheet.name, reference, heading), "workbook.extra-column", {"value": heading}))

    def cell(number: int, name: str) -> Cell:
        if name not in places:
            return Cell(sheet.name, f"A{number + 1}", "")
        row, column = (places[name] + 1, 1) if sheet.is_form else (number, places[name])
        reference = f"{get_column_letter(column + 1)}{row + 1}"
        found = padded[row][column] if column < width else ""
        if (title, reference) in pages.invalid_cells:
            key, written = pages.invalid_cells[title, reference]
            remarks.append(Remark("violation", Cell(sheet.name, reference, written), key, {"value": written}))
        return Cell(sheet.name, reference, "\n".join(line.strip() for line in found.splitlines()).strip())

    numbers = range(1) if sheet.is_form else range(top + 1, len(padded))
    rows: list[Row] = [{column.name: cell(number, column.name) for column in sheet.columns} for number in numbers]
    book.rows[sheet.name] = rows if sheet.is_form else [row for row in rows if any(found.text for found in row.values())]


def _find_heading_row(grid: _Grid, wanted: Mapping[str, str]) -> int:
    """Return the row of the headings: the first, or one further down with most of them, below titles of one's own."""
    counts = [len({name for cell in row if (name := wanted.get(fold_name(cell)))}) for row in grid[:_MAX_TITLE_ROWS]]
    return counts.index(max(counts)) if counts and not counts[0] else 0


def _choose_heading_problem(missing: list[str], found: Collection[str]) -> str:
    """Return the message on headings that are missing: one, some, or all of them."""
    if not found:
        return "workbook.no-headings-at-all"
    return "workbook.no-heading" if len(missing) == 1 else "workbook.no-headings"


def read_sheet_grids(path: Path, parts: ZipParts, layout: Layout | None = None) -> SheetGrids:
    """Return the sheets of a workbook; of those that are not ours only the title. Without a layout the first sheet is ours.

    Raises:
        UserError: it is damaged.
    """
    try:
        return _read_ods_grids(path, parts, layout) if is_open_document(parts) else _read_xlsx_grids(path, parts, layout)
    except (BadZipFile, SyntaxError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        # openpyxl meets damaged parts with whatever comes.
        why = str(error).split("\n", 1)[0][:160] or type(error).__name__
        raise UserError(("workbook.broken", {"file": path, "reason": why})) from None


def _find_own_titles(titles: list[str], layout: Layout | None) -> set[str]:
    """Return the titles of the sheets that are read: those of the layout, or else the first."""
    return {title for sheet in layout.sheets for title in _find_titles(sheet, titles)} if layout else set(titles[:1])


def _build_size_problem(path: Path, title: str) -> Message:
    """Return the message that a sheet is too large."""
    return ("workbook.too-many-rows", {"file": path, "sheet": title, "limit": MAX_READ_ROWS, "cells": MAX_READ_CELLS})


def _read_ods_grids(path: Path, parts: ZipParts, layout: Layout | None) -> SheetGrids:
    """Return the sheets of an OpenDocument workbook."""
    pages, content = SheetGrids(), parts["content.xml"]
    for sheet in read_ods_sheets(content, _find_own_titles(list_ods_titles(content), layout), MAX_READ_ROWS, MAX_READ_CELLS):
        if sheet.title in pages.grids:
            pages.problems.append(("workbook.two-sheets", {"file": path, "sheet": sheet.title}))
            continue
        if sheet.is_too_large:
            pages.problems.append(_build_size_problem(path, sheet.title))
        _fill_merged_cells(sheet.grid, sheet.merged_rows)
        pages.grids[sheet.title] = sheet.grid
        for (row, column), formula in sheet.formulas.items():
            pages.invalid_cells[sheet.title, f"{get_column_letter(column)}{row}"] = ("workbook.formula", formula)
    return pages


def _read_xlsx_grids(path: Path, parts: ZipParts, layout: Layout | None) -> SheetGrids:
    """Return the sheets of a workbook (xlsx)."""
    pages = SheetGrids()
    book = load_workbook(io.BytesIO(build_zip(_normalize_parts(parts))), read_only=True, keep_links=False)
    titles = [sheet.title for sheet in book.worksheets]
    ours = _find_own_titles(titles, layout)
    for sheet in book.worksheets:
        if sheet.title in pages.grids:
            pages.problems.append(("workbook.two-sheets", {"file": path, "sheet": sheet.title}))
            continue
        grid, cells = pages.grids.setdefault(sheet.title, _Grid()), 0
        if sheet.title not in ours:
            continue
        # What is read row by row does not say which cells are merged.
        part = parts[sheet._worksheet_path]  # type: ignore[attr-defined]
        if _FAR_PATTERN.search(part):
            raise ValueError(sheet.title)
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            filled = [cell for cell in row if cell.value is not None]
            cells += len(filled)
            if (number > MAX_READ_ROWS and filled) or cells > MAX_READ_CELLS:
                pages.problems.append(_build_size_problem(path, sheet.title))
                break
            if number > MAX_READ_ROWS:
                continue
            texts = [""] * (max((cell.column for cell in filled), default=0))
            for cell in filled:
                odd = {"f": "workbook.formula", "e": "workbook.error"}.get(cell.data_type)
                if odd:
                    pages.invalid_cells[sheet.title, f"{get_column_letter(cell.column)}{cell.row}"] = (odd, str(cell.value))
                else:
                    texts[cell.column - 1] = _format_cell_value(cell.value)
            grid.append(texts)
        merged = [
            (column_index_from_string(letters.decode()), int(first), int(last)) for letters, first, last in _MERGED_PATTERN.findall(part)
        ]
        _fill_merged_cells(grid, merged)
    return pages


def _normalize_parts(parts: ZipParts) -> ZipParts:
    """Return the parts of a workbook as openpyxl reads them: those of Strict Open XML by the usual names, and no fill left empty."""
    found = dict(parts)
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and _STRICT_NAMESPACE in part:
            for strict, usual in _STRICT_NAMESPACES.items():
                found[name] = found[name].replace(strict, usual)
        if name.endswith("styles.xml"):
            if len(_STYLE_PATTERN.findall(part)) > _MAX_STYLES:
                raise ValueError(name)
            found[name] = _EMPTY_FILL_PATTERN.sub(rb"<\1fill><\1patternFill/></\1fill>", found[name])
        if name.endswith((".xml", ".rels")) and _WIDE_TAG_PATTERN.search(part):
            raise ValueError(name)
    return found


def _fill_merged_cells(grid: _Grid, merged_rows: list[tuple[int, int, int]]) -> None:
    """Let what stands in a merged cell count for each row that it covers and in which more is written.

    Args:
        grid: the texts of a sheet.
        merged_rows: the column, first row and last row of each merged cell.
    """
    left = MAX_READ_CELLS
    for number, first, last in merged_rows:
        column = number - 1
        text = grid[first - 1][column] if first <= len(grid) and column < len(grid[first - 1]) else ""
        for row in grid[first:last] if text else ():
            left -= 1
            if left < 0:
                return
            if any(row):
                row += [""] * (column + 1 - len(row))
                row[column] = row[column] or text


def _format_cell_value(value: object) -> str:
    """Return what stands in a cell as text: a day as 2026-03-01, a whole number without decimals."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _read_csv_grids(path: Path, parts: ZipParts) -> SheetGrids:
    """Return CSV files as sheets, called by their file names."""
    pages = SheetGrids()
    for name, content in sorted(parts.items()):
        file = Path(name)
        if file.suffix.lower() != ".csv":
            continue
        where = path / name
        try:
            written = convert_to_utf8(content).decode("utf-8-sig")
        except UnicodeDecodeError:
            pages.problems.append(("workbook.csv-encoding", {"file": where}))
            pages.unread_titles.append(file.stem)
            continue
        title = file.stem
        if title in pages.grids:
            pages.problems.append(("workbook.two-sheets", {"file": path, "sheet": title}))
            continue
        try:
            rows = [[unquote_formula(cell) for cell in row] for _, row in parse_delimited(written)]
        except csv.Error as error:
            pages.problems.append(("workbook.csv-broken", {"file": where, "reason": error}))
            pages.unread_titles.append(file.stem)
            continue
        if len(rows) > MAX_READ_ROWS or sum(map(len, rows)) > MAX_READ_CELLS:
            pages.problems.append(_build_size_problem(where, title))
            continue
        pages.grids[title] = rows
    return pages


def unquote_formula(cell: str) -> str:
    """Return a text without the mark that keeps it from being read as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(CSV_FORMULA_PREFIXES) else cell
