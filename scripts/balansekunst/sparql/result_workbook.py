"""The result of a query as a workbook (xlsx)."""

from openpyxl import Workbook

from balansekunst.errors import UserError
from balansekunst.messages import format_message
from balansekunst.sparql.catalogue import QueryResult, format_result_rows, to_python_value
from balansekunst.xlsx import MAX_SHEET_ROWS, add_notes_sheet, add_sheet, save_workbook


def build_result_workbook(answer: QueryResult, language: str, notes: list[str]) -> bytes:
    """Return a workbook (xlsx): the result for people, every variable in full, and what the result means and does not mean.

    Raises:
        UserError: the result has more rows than a sheet can have. Texts too long for a cell are cut.
    """
    headings, rows = format_result_rows(answer, language)
    if len(rows) > MAX_SHEET_ROWS:
        raise UserError(("query.workbook", {"rows": len(rows), "limit": MAX_SHEET_ROWS}))
    book = Workbook()
    book.remove(book.worksheets[0])
    numbers = [[to_python_value(row.get(answer.find_variable(name, language))) for name in answer.list_columns()] for row in answer.rows]
    add_sheet(
        book,
        format_message("query.sheet.answer", language),
        headings,
        [_restore_numbers(*pair) for pair in zip(rows, numbers, strict=True)],
    )
    full = [[to_python_value(row[name]) for name in answer.variables] for row in answer.rows]
    add_sheet(book, format_message("query.sheet.full", language), answer.variables, full)
    add_notes_sheet(book, [*([answer.question.question[language]] if answer.question else []), *notes], language)
    return save_workbook(book)


def _restore_numbers(shown_row: list[str], values: list[object]) -> list[object]:
    """Return a row for people, with its numbers as numbers, so that a spreadsheet can count with them."""
    return [
        value if isinstance(value, int | float) and not isinstance(value, bool) else cell
        for cell, value in zip(shown_row, values, strict=True)
    ]
