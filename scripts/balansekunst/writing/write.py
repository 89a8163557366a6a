"""Write a filled workbook: xlsx with drop-downs and notes, or a CSV file for each sheet."""

import csv
import io
import zipfile

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from balansekunst.asking.workbooks import EARLIEST, LONGEST_CELL, fixed_zip
from balansekunst.load import Message
from balansekunst.messages import UserError, catalogue, text
from balansekunst.project import slug
from balansekunst.writing.fill import Filled
from balansekunst.writing.names import Names
from balansekunst.writing.sheets import ITEM_KINDS, Column, Layout, Sheet

ROWS = 1000
"""How far down drop-downs reach."""
WIDE, NARROW = 60, 24
"""Characters in a column with sentences, and in one with names."""
STRICT = ("position", "dimension", "depth", "item")
"""Lists from which a value must be chosen. The others take several values, or new ones."""
HEADING = PatternFill("solid", fgColor="E6EEF5")
FORMULA = ("=", "+", "-", "@", "\t", "'")
"""What a text begins with that a spreadsheet may read as a formula when it opens CSV. A `'` before it keeps it a text."""


def grid(filled: Filled, sheet: Sheet, language: str) -> list[list[str]]:
    """Return a sheet as rows of texts, headings and all."""
    rows = filled.get(sheet.name, [])
    if not sheet.form:
        headings = [sheet.heading(column, language) for column in sheet.columns]
        return [headings, *([row.get(column.name, "") for column in sheet.columns] for row in rows)]
    top = [text(f"workbook.form.{part}", language) for part in ("property", "value", "note")]
    row = rows[0]
    return [top, *([sheet.heading(c, language), row.get(c.name, ""), sheet.note(c, language)] for c in sheet.columns)]


def guide(language: str) -> list[str]:
    """Return the lines of the guide, its title first."""
    return [words for key, words in sorted(catalogue(language).items()) if key.startswith("workbook.guide.")]


def choices(names: Names, layout: Layout, language: str) -> dict[str, list[str]]:
    """Return what each drop-down shows, by list."""
    lists = {name: names.choices(name, language) for name in layout.lists if name != "outcome"}
    *singles, last = lists["descriptor"]
    pairs = [f"{one}, {other}" for number, one in enumerate(lists["descriptor"]) for other in lists["descriptor"][number + 1 :]]
    lists["descriptor"] = [*singles, last, *pairs, ", ".join(lists["descriptor"])]
    return {**lists, "item": [text(f"workbook.item.{kind}", language) for kind in ITEM_KINDS]}


def as_xlsx(filled: Filled, names: Names, layout: Layout, language: str) -> bytes:
    """Return a workbook: a guide, the sheets, and the lists that their drop-downs show. The same content gives the same bytes.

    Args:
        filled: what stands in it.
        names: what can be chosen.
        layout: what stands where.
        language: of headings, notes and guide.

    Raises:
        UserError: a text is too long for a cell, or has characters that no cell can hold.
    """
    refuse_what_cannot_stand(filled, layout, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    first = book.create_sheet(text("workbook.sheet.guide", language))
    for line in guide(language):
        first.append([line])
    first.column_dimensions["A"].width = 2 * WIDE
    for (cell,) in first.iter_rows():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    first["A1"].font = Font(bold=True, size=14)
    lists = choices(names, layout, language)
    places = {
        name: f"'{text('workbook.sheet.lists', language)}'!${(c := get_column_letter(n))}$2:${c}${len(lists[name]) + 1}"
        for n, name in enumerate(lists, 1)
    }
    for sheet in layout.sheets:
        add_sheet(book.create_sheet(sheet.title(language)), filled, sheet, places, layout, language)
    last = book.create_sheet(text("workbook.sheet.lists", language))
    for number, values in enumerate(lists.values(), 1):
        for row, value in enumerate(values, 2):
            put(last, row, number, value)
        last.column_dimensions[get_column_letter(number)].width = NARROW
    for number, name in enumerate(lists, 1):
        last.cell(1, number, text(f"workbook.list.{name}", language)).font = Font(bold=True)
    book.properties.created = book.properties.modified = EARLIEST
    book.properties.creator = "balansekunst"
    return fixed_zip(book)


def add_sheet(page: Worksheet, filled: Filled, sheet: Sheet, places: dict[str, str], layout: Layout, language: str) -> None:
    """Fill one sheet: headings with notes that stay in sight, texts, and drop-downs."""
    rows = grid(filled, sheet, language)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            put(page, number, place, value, (number > 1 and not sheet.form) or place == 2)
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), HEADING
    page.freeze_panes = "B2"
    for column in sheet.columns:
        reference = sheet.reference(0, column)
        letter, top = reference.rstrip("0123456789"), reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        heading = page[f"A{top}"] if sheet.form else page[f"{letter}1"]
        heading.font = Font(bold=True)
        heading.comment = Comment(sheet.note(column, language), "balansekunst", width=320, height=120)
        if not sheet.form:
            page.column_dimensions[letter].width = width(column)
            # Kept as text, so that 2026-03 does not become a day.
            page.column_dimensions[letter].number_format = "@"
        if column.of:
            add_choice(page, column, reference, sheet, places, layout, language)
    if sheet.form:
        for letter, wide in (("A", NARROW * 2), ("B", WIDE), ("C", WIDE)):
            page.column_dimensions[letter].width = wide


def add_choice(
    page: Worksheet, column: Column, reference: str, sheet: Sheet, places: dict[str, str], layout: Layout, language: str
) -> None:
    """Give a column its drop-down. Typing the beginning of a name finds it in the list."""
    if column.of == "placed":
        source = f"'{layout.sheet('placed').title(language)}'!$A$2:$A${ROWS}"
    elif column.of in places:
        source = places[column.of]
    else:
        return
    choice = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
    choice.showErrorMessage = column.of in STRICT
    choice.errorTitle, choice.error = sheet.heading(column, language), text("workbook.choose", language)
    choice.add(reference if sheet.form else f"{reference}:{reference.rstrip('0123456789')}{ROWS}")
    page.add_data_validation(choice)


def width(column: Column) -> int:
    """Return how wide a column is."""
    return WIDE if column.value in ("text", "texts") and not column.name.startswith("name") else NARROW


def put(page: Worksheet, row: int, column: int, value: str, is_input: bool = False) -> None:
    """Write a text, which is never read as a formula."""
    cell = page.cell(row, column)
    if value:
        cell.value = value
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_input:
        cell.number_format = "@"


def refuse_what_cannot_stand(filled: Filled, layout: Layout, language: str) -> None:
    """Tell of texts that no cell can hold.

    Raises:
        UserError: there are some.
    """
    problems: list[Message] = [
        (
            "workbook.cannot-hold",
            {"thing": row.get("thing") or row.get("address") or sheet.title(language), "property": sheet.heading(column, language)},
        )
        for sheet in layout.sheets
        for row in filled.get(sheet.name, [])
        for column in sheet.columns
        if len(row.get(column.name, "")) > LONGEST_CELL or ILLEGAL_CHARACTERS_RE.search(row.get(column.name, ""))
    ]
    if problems:
        raise UserError(*problems)


def as_csv(filled: Filled, layout: Layout, language: str) -> dict[str, bytes]:
    """Return a CSV file for each sheet, by file name: UTF-8 with a mark, so that spreadsheets see it, and commas between.

    Raises:
        UserError: a text cannot stand in a spreadsheet.
    """
    refuse_what_cannot_stand(filled, layout, language)
    sheets = {text("workbook.sheet.guide", language): [[line] for line in guide(language)]}
    sheets |= {sheet.title(language): grid(filled, sheet, language) for sheet in layout.sheets}
    files = {}
    for title, rows in sheets.items():
        written = io.StringIO(newline="")
        csv.writer(written).writerows([[f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows])
        files[f"{slug(title)}.csv"] = written.getvalue().encode("utf-8-sig")
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a zip that is the same to the byte each time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EARLIEST.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
