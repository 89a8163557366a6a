"""Workbooks as a person fills them in: by sheet and heading, with a spreadsheet program's own means."""

from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from balansekunst.writing.sheets import Layout, layout

HERE = Path(__file__).parent / "writing"
CONTENT: dict[str, Any] = yaml.safe_load((HERE / "verneombud.yaml").read_text(encoding="utf-8"))

Change = tuple[str, str, str, str]
"""A sheet, the row (what stands in its first column, or empty in a form), the column, and what to write there."""


def place(page: Worksheet, sheet: str, column: str, row: int, language: str, told: Layout | None = None) -> str:
    """Return the reference of a cell by sheet and column, as its headings tell."""
    about = (told or layout()).sheet(sheet)
    heading = about.heading(about.column(column), language)
    if about.form:
        return next(f"B{cell.row}" for (cell,) in page.iter_rows(max_col=1) if cell.value == heading)
    return next(f"{cell.column_letter}{row}" for cell in page[1] if cell.value == heading)


def fill_in(path: Path, content: dict[str, Any], language: str = "nb") -> None:
    """Write content in a workbook: below what stands there in tables, over it in forms."""
    book = openpyxl.load_workbook(path)
    for sheet, told in content.items():
        page = book[layout().sheet(sheet).title(language)]
        rows = [told] if isinstance(told, dict) else told
        for number, row in enumerate(rows, page.max_row + 1):
            for column, value in row.items():
                page[place(page, sheet, column, number, language)] = value
    book.save(path)


def write_in(path: Path, changes: list[Change], language: str = "nb") -> dict[Change, str]:
    """Change single cells, and return where each stands: `2 Plassering, celle D5`."""
    book, places = openpyxl.load_workbook(path), {}
    for change in changes:
        sheet, first, column, value = change
        page = book[layout().sheet(sheet).title(language)]
        row = next((cell.row for cell in page["A"] if cell.value == first), 0)
        reference = place(page, sheet, column, row, language)
        page[reference] = value or None
        word = {"nb": "celle", "en": "cell"}[language]
        places[change] = f"{page.title}, {word} {reference}"
    book.save(path)
    return places
