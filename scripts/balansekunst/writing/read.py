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

from balansekunst.load import Message
from balansekunst.messages import LANGUAGES, UserError
from balansekunst.project import slug
from balansekunst.writing.graph import Remark
from balansekunst.writing.safe import Parts, given, is_workbook
from balansekunst.writing.sheets import Book, Cell, Layout, Row, Sheet
from balansekunst.writing.write import FORMULA, zipped

MOST_ROWS, MOST_CELLS = 5_000, 200_000
"""In a sheet. The largest standard has some 200 rows and 3,000 cells."""

Grid = list[list[str]]
"""The texts of a sheet by row and column."""


@dataclass
class Pages:
    """The sheets of a file, whatever they are called."""

    grids: dict[str, Grid] = field(default_factory=dict)
    odd: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """What no one should write in a cell, by sheet and reference: the message and what stands there."""
    problems: list[Message] = field(default_factory=list)


def read_book(path: Path, layout: Layout) -> tuple[Book, list[Remark]]:
    """Return the cells of a workbook, or of CSV files in a folder or zip, and remarks on single cells.

    Args:
        path: what the user gives.
        layout: what stands where. Sheets and headings may be in either language.

    Raises:
        UserError: it is not what it claims, or sheets or headings are missing; all at once.
    """
    parts = given(path)
    pages = xlsx_pages(path, parts, layout) if is_workbook(parts) else csv_pages(path, parts)
    called = str if is_workbook(parts) else slug
    book, remarks = Book(), list[Remark]()
    for sheet in layout.sheets:
        titles = [title for title in dict.fromkeys(called(sheet.title(language)) for language in LANGUAGES) if title in pages.grids]
        if len(titles) != 1:
            found = ", ".join(pages.grids)
            values: dict[str, object] = {"file": path, "sheet": " / ".join(sheet.title(language) for language in LANGUAGES), "found": found}
            pages.problems.append(("workbook.two-sheets" if titles else "workbook.no-sheet", values))
            continue
        rows_of(path, sheet, titles[0], pages, book, remarks)
    if pages.problems:
        raise UserError(*pages.problems)
    return book, remarks


def rows_of(path: Path, sheet: Sheet, title: str, pages: Pages, book: Book, remarks: list[Remark]) -> None:
    """Put the rows of a sheet into `book`, and what is odd about them into `remarks`."""
    grid = pages.grids[title]
    width = max((len(row) for row in grid), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in grid]
    lines = [[row[0] if row else "" for row in padded[1:]]] if sheet.form else padded[:1]
    headings = [" ".join(heading.split()) for heading in (lines[0] if lines else [])]
    places: dict[str, int] = {}
    wanted = {sheet.heading(column, language): column.name for column in sheet.columns for language in LANGUAGES}
    for place, heading in enumerate(headings):
        if heading in wanted and wanted[heading] in places:
            pages.problems.append(("workbook.two-headings", {"file": path, "sheet": title, "heading": heading}))
        elif heading in wanted:
            places[wanted[heading]] = place
    unknown = [heading for heading in headings if heading and heading not in wanted]
    missing = [column for column in sheet.columns if column.name not in places]
    for column in missing:
        heading = " / ".join(sheet.heading(column, language) for language in LANGUAGES)
        values: dict[str, object] = {"file": path, "sheet": title, "heading": heading, "found": ", ".join(unknown) or "–"}
        pages.problems.append(("workbook.no-heading", values))
    if missing:
        return
    for place, heading in enumerate(headings):
        if heading in unknown:
            reference = f"A{place + 2}" if sheet.form else f"{get_column_letter(place + 1)}1"
            remarks.append(Remark("warning", Cell(sheet.name, reference, heading), "workbook.extra-column", {"written": heading}))

    def cell(number: int, name: str) -> Cell:
        row, column = (places[name] + 1, 1) if sheet.form else (number, places[name])
        reference = f"{get_column_letter(column + 1)}{row + 1}"
        found = padded[row][column] if column < width else ""
        if (title, reference) in pages.odd:
            key, written = pages.odd[title, reference]
            remarks.append(Remark("violation", Cell(sheet.name, reference, written), key, {"written": written}))
        return Cell(sheet.name, reference, "\n".join(line.strip() for line in found.splitlines()).strip())

    numbers = range(1) if sheet.form else range(1, len(padded))
    rows: list[Row] = [{column.name: cell(number, column.name) for column in sheet.columns} for number in numbers]
    book.rows[sheet.name] = rows if sheet.form else [row for row in rows if any(found.text for found in row.values())]


def xlsx_pages(path: Path, parts: Parts, layout: Layout | None = None) -> Pages:
    """Return the sheets of a workbook; of those that are not ours only the title. Without a layout the first sheet is ours.

    Raises:
        UserError: it is damaged.
    """
    pages = Pages()
    try:
        book = load_workbook(io.BytesIO(zipped(parts)), read_only=True, keep_links=False)
        ours = {sheet.title(language) for sheet in layout.sheets for language in LANGUAGES} if layout else {book.worksheets[0].title}
        for sheet in book.worksheets:
            grid, cells = pages.grids.setdefault(sheet.title, Grid()), 0
            if sheet.title not in ours:
                continue
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), 1):
                filled = [cell for cell in row if cell.value is not None]
                cells += len(filled)
                if (number > MOST_ROWS and filled) or cells > MOST_CELLS:
                    values: dict[str, object] = {"file": path, "sheet": sheet.title, "limit": MOST_ROWS, "cells": MOST_CELLS}
                    pages.problems.append(("workbook.too-many-rows", values))
                    break
                if number > MOST_ROWS:
                    continue
                texts = [""] * (max((cell.column for cell in filled), default=0))
                for cell in filled:
                    odd = {"f": "workbook.formula", "e": "workbook.error"}.get(cell.data_type)
                    if odd:
                        pages.odd[sheet.title, f"{get_column_letter(cell.column)}{cell.row}"] = (odd, str(cell.value))
                    else:
                        texts[cell.column - 1] = told(cell.value)
                grid.append(texts)
    except (BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        # openpyxl meets damaged parts with whatever comes.
        why = str(error).split("\n", 1)[0][:160] or type(error).__name__
        raise UserError(("workbook.broken", {"file": path, "why": why})) from None
    return pages


def told(value: object) -> str:
    """Return what stands in a cell as text: a day as 2026-03-01, a whole number without decimals."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def csv_pages(path: Path, parts: Parts) -> Pages:
    """Return CSV files as sheets, called by their file names."""
    pages = Pages()
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
        title = slug(file.stem)
        try:
            rows = [[unquoted(cell) for cell in row] for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter(written))]
        except csv.Error as error:
            pages.problems.append(("workbook.csv-broken", {"file": where, "why": error}))
            continue
        if len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST_CELLS:
            pages.problems.append(("workbook.too-many-rows", {"file": where, "sheet": title, "limit": MOST_ROWS, "cells": MOST_CELLS}))
            continue
        pages.grids[title] = rows
    return pages


def delimiter(written: str) -> str:
    """Return what stands between the values: a comma, or the semicolon or tab that a spreadsheet writes."""
    first = written.split("\n", 1)[0]
    counted: Callable[[str], int] = first.count
    return max(",;\t", key=counted)


def unquoted(cell: str) -> str:
    """Return a text without the mark that keeps it from being read as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
