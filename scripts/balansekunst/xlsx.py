"""Write workbooks (xlsx) that are the same to the byte for the same content, and in which no text is read as a formula."""

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from balansekunst.messages import format_message
from balansekunst.xml_text import replace_unwritable

EARLIEST_ZIP_TIME = datetime(1980, 1, 1)
"""The first time that a zip file can hold: workbooks carry it, so that the same answer gives the same bytes."""
MAX_SHEET_ROWS, MAX_CELL_CHARACTERS = 1_048_575, 32_767
"""What a sheet of a workbook can hold, below its headings."""
_MAX_TITLE_CHARACTERS = 31
"""Characters in the name of a sheet."""
_MAX_COLUMN_WIDTH = 60
"""Characters in the widest column of a workbook."""
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_MODIFIED_PATTERN = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
"""The moment of saving, which openpyxl writes over what it is told."""


def build_workbook(tables: list[tuple[str, list[str], list[list[object]]]], words: list[str], language: str) -> bytes:
    """Return a workbook (xlsx) of several tables, each a title, headings and rows, and a sheet with what is said of them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, headings, rows in tables:
        add_sheet(book, title[:_MAX_TITLE_CHARACTERS], headings, rows)
    add_notes_sheet(book, words, language)
    return save_workbook(book)


def add_notes_sheet(book: Workbook, words: list[str], language: str) -> None:
    """Add a sheet with what is said of the others, a line a cell, and let the workbook bear no time or person."""
    about = book.create_sheet(format_message("query.sheet.about", language))
    for line in words:
        about.append([line])
    about.column_dimensions["A"].width = _MAX_COLUMN_WIDTH * 2
    for (cell,) in about.iter_rows():
        cell.alignment = _WRAPPED
        cell.data_type = "s"
    book.properties.created = book.properties.modified = EARLIEST_ZIP_TIME
    book.properties.creator = "balansekunst"


def add_sheet(book: Workbook, title: str, headings: list[str], rows: list[list[object]]) -> None:
    """Add a sheet with headings that stay in sight and can be filtered. Text is never read as a formula."""
    sheet = book.create_sheet(title)
    sheet.append(headings)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([replace_unwritable(value)[:MAX_CELL_CHARACTERS] if isinstance(value, str) else value for value in row])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = _WRAPPED
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for number, heading in enumerate(headings):
        longest = max([len(heading), *(len(str(row[number])) for row in rows if row[number] is not None)])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(longest + 2, _MAX_COLUMN_WIDTH)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def save_workbook(book: Workbook) -> bytes:
    """Return the workbook's bytes with the clock left out."""
    written, fixed = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.namelist()):
            content = old.read(entry)
            if entry == "docProps/core.xml":
                content = _MODIFIED_PATTERN.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            new.writestr(zipfile.ZipInfo(entry, EARLIEST_ZIP_TIME.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
