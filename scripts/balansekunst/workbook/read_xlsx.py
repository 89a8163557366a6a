"""Read a workbook (xlsx) or a CSV file for each sheet into cells, and tell of what is not as it should be."""

import csv
import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from balansekunst.errors import Message, UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import slugify
from balansekunst.workbook.layout import Cell, Layout, Row, Sheet, WorkbookCells, load_layout
from balansekunst.workbook.open_zip import ZipParts, is_workbook, read_workbook_parts
from balansekunst.workbook.to_rdf import Remark
from balansekunst.workbook.write_xlsx import CSV_FORMULA_PREFIXES, build_zip

MAX_READ_ROWS, _MAX_READ_CELLS = 5_000, 200_000
"""In a sheet. The largest standard has some 200 rows and 3,000 cells."""

_Grid = list[list[str]]
"""The texts of a sheet by row and column."""


@dataclass
class SheetGrids:
    """The sheets of a file, whatever they are called."""

    grids: dict[str, _Grid] = field(default_factory=dict)
    invalid_cells: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """What no one should write in a cell, by sheet and reference: the message and what stands there."""
    problems: list[Message] = field(default_factory=list)


def read_workbook(path: Path, layout: Layout) -> tuple[WorkbookCells, list[Remark]]:
    """Return the cells of a workbook, or of CSV files in a folder or zip, and remarks on single cells.

    Args:
        path: what the user gives.
        layout: what stands where. Sheets and headings may be in either language.

    Raises:
        UserError: it is not what it claims, or sheets or headings are missing; all at once.
    """
    parts = read_workbook_parts(path)
    pages = read_xlsx_grids(path, parts, layout) if is_workbook(parts) else _read_csv_grids(path, parts)
    called = str if is_workbook(parts) else slugify
    book, remarks = WorkbookCells(form_sheet=layout.form.name), list[Remark]()
    for sheet in layout.sheets:
        titles = [title for title in dict.fromkeys(called(sheet.format_title(language)) for language in LANGUAGES) if title in pages.grids]
        if len(titles) != 1:
            found = ", ".join(pages.grids)
            values: dict[str, object] = {
                "file": path,
                "sheet": " / ".join(sheet.format_title(language) for language in LANGUAGES),
                "found": found,
            }
            pages.problems.append(("workbook.two-sheets" if titles else "workbook.no-sheet", values))
            continue
        _read_rows(path, sheet, titles[0], pages, book, remarks)
    if pages.problems:
        raise UserError(*pages.problems)
    return book, remarks


def find_layout(path: Path) -> Layout:
    """Return the layout of the workbook that a file is, by the titles of its sheets; that of a standard where it is neither.

    Raises:
        UserError: it is not what it claims.
    """
    parts = read_workbook_parts(path)
    if is_workbook(parts):
        found = {slugify(title) for title in read_xlsx_grids(path, parts, load_layout()).grids}
    else:
        found = {slugify(Path(name).stem) for name in parts}
    set_up = load_layout("set-up")
    titles = {slugify(sheet.format_title(language)) for sheet in set_up.sheets for language in LANGUAGES}
    return set_up if found & titles else load_layout()


def _read_rows(path: Path, sheet: Sheet, title: str, pages: SheetGrids, book: WorkbookCells, remarks: list[Remark]) -> None:
    """Put the rows of a sheet into `book`, and what is odd about them into `remarks`."""
    grid = pages.grids[title]
    width = max((len(row) for row in grid), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in grid]
    lines = [[row[0] if row else "" for row in padded[1:]]] if sheet.is_form else padded[:1]
    headings = [" ".join(heading.split()) for heading in (lines[0] if lines else [])]
    places: dict[str, int] = {}
    wanted = {heading: column.name for column in sheet.columns for heading in sheet.list_headings(column)}
    for place, heading in enumerate(headings):
        if heading in wanted and wanted[heading] in places:
            pages.problems.append(("workbook.two-headings", {"file": path, "sheet": title, "heading": heading}))
        elif heading in wanted:
            places[wanted[heading]] = place
    unknown = [heading for heading in headings if heading and heading not in wanted]
    missing = [column for column in sheet.columns if column.name not in places]
    for column in missing:
        heading = " / ".join(sheet.format_heading(column, language) for language in LANGUAGES)
        values: dict[str, object] = {"file": path, "sheet": title, "heading": heading, "found": ", ".join(unknown) or "–"}
        pages.problems.append(("workbook.no-heading", values))
    if missing:
        return
    for place, heading in enumerate(headings):
        if heading in unknown:
            reference = f"A{place + 2}" if sheet.is_form else f"{get_column_letter(place + 1)}1"
            remarks.append(Remark("warning", Cell(sheet.name, reference, heading), "workbook.extra-column", {"value": heading}))

    def cell(number: int, name: str) -> Cell:
        row, column = (places[name] + 1, 1) if sheet.is_form else (number, places[name])
        reference = f"{get_column_letter(column + 1)}{row + 1}"
        found = padded[row][column] if column < width else ""
        if (title, reference) in pages.invalid_cells:
            key, written = pages.invalid_cells[title, reference]
            remarks.append(Remark("violation", Cell(sheet.name, reference, written), key, {"value": written}))
        return Cell(sheet.name, reference, "\n".join(line.strip() for line in found.splitlines()).strip())

    numbers = range(1) if sheet.is_form else range(1, len(padded))
    rows: list[Row] = [{column.name: cell(number, column.name) for column in sheet.columns} for number in numbers]
    book.rows[sheet.name] = rows if sheet.is_form else [row for row in rows if any(found.text for found in row.values())]


def read_xlsx_grids(path: Path, parts: ZipParts, layout: Layout | None = None) -> SheetGrids:
    """Return the sheets of a workbook; of those that are not ours only the title. Without a layout the first sheet is ours.

    Raises:
        UserError: it is damaged.
    """
    pages = SheetGrids()
    try:
        book = load_workbook(io.BytesIO(build_zip(parts)), read_only=True, keep_links=False)
        ours = {sheet.format_title(language) for sheet in layout.sheets for language in LANGUAGES} if layout else {book.worksheets[0].title}
        for sheet in book.worksheets:
            grid, cells = pages.grids.setdefault(sheet.title, _Grid()), 0
            if sheet.title not in ours:
                continue
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), 1):
                filled = [cell for cell in row if cell.value is not None]
                cells += len(filled)
                if (number > MAX_READ_ROWS and filled) or cells > _MAX_READ_CELLS:
                    values: dict[str, object] = {"file": path, "sheet": sheet.title, "limit": MAX_READ_ROWS, "cells": _MAX_READ_CELLS}
                    pages.problems.append(("workbook.too-many-rows", values))
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
    except (BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        # openpyxl meets damaged parts with whatever comes.
        why = str(error).split("\n", 1)[0][:160] or type(error).__name__
        raise UserError(("workbook.broken", {"file": path, "reason": why})) from None
    return pages


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
            written = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pages.problems.append(("workbook.csv-encoding", {"file": where}))
            continue
        title = slugify(file.stem)
        try:
            rows = [
                [unquote_formula(cell) for cell in row]
                for row in csv.reader(io.StringIO(written, newline=""), delimiter=_detect_delimiter(written))
            ]
        except csv.Error as error:
            pages.problems.append(("workbook.csv-broken", {"file": where, "reason": error}))
            continue
        if len(rows) > MAX_READ_ROWS or sum(map(len, rows)) > _MAX_READ_CELLS:
            pages.problems.append(
                ("workbook.too-many-rows", {"file": where, "sheet": title, "limit": MAX_READ_ROWS, "cells": _MAX_READ_CELLS})
            )
            continue
        pages.grids[title] = rows
    return pages


def _detect_delimiter(written: str) -> str:
    """Return what stands between the values: a comma, or the semicolon or tab that a spreadsheet writes."""
    first = written.split("\n", 1)[0]
    counted: Callable[[str], int] = first.count
    return max(",;\t", key=counted)


def unquote_formula(cell: str) -> str:
    """Return a text without the mark that keeps it from being read as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(CSV_FORMULA_PREFIXES) else cell
