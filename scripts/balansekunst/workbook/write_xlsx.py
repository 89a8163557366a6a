"""Write a filled workbook: xlsx with drop-downs and notes, or a CSV file for each sheet."""

import csv
import io
import math
import zipfile
from collections.abc import Collection

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from balansekunst.errors import Message, UserError
from balansekunst.messages import find_member_key, format_message, load_messages
from balansekunst.namespaces import slugify
from balansekunst.workbook.from_rdf import SheetTexts
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import ITEM_KEYS, KEYWORDS, ROW_LISTS, STRICT_LISTS, Column, Layout, Sheet
from balansekunst.xlsx import EARLIEST_ZIP_TIME, MAX_CELL_CHARACTERS, save_workbook
from balansekunst.xml_text import UNWRITABLE_PATTERN

_DROPDOWN_ROWS = 1000
"""How far down drop-downs reach."""
_WIDE_COLUMN, _NARROW_COLUMN = 60, 24
"""Characters in a column with sentences, and in one with names."""
_EXAMPLE_COLUMN, _EXAMPLE_ROWS, _EXAMPLE_LINES = 36, 8, 2
"""Characters in a column of the example, rows of each of its sheets, and lines above them."""
_OTHER_SHEET = "other"
"""The sheet of what has no column, which a beginner leaves empty."""
_LINE_HEIGHT, _MAX_ROW_HEIGHT = 15, 400
"""Points of a line, and of the highest row that a spreadsheet takes."""
_PAPER_A4 = 9
_HEADING_FILL = PatternFill("solid", fgColor="E6EEF5")
CSV_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "'")
"""What a text begins with that a spreadsheet may read as a formula when it opens CSV. A `'` before it keeps it a text."""


def _build_grid(filled: SheetTexts, sheet: Sheet, language: str) -> list[list[str]]:
    """Return a sheet as rows of texts, headings and all."""
    rows = filled.get(sheet.name, [])
    if not sheet.is_form:
        headings = [sheet.format_heading(column, language) for column in sheet.columns]
        return [headings, *([row.get(column.name, "") for column in sheet.columns] for row in rows)]
    top = [format_message(key, language) for key in ("workbook.form.property", "workbook.form.value", "workbook.form.note")]
    row = rows[0]
    return [top, *([sheet.format_heading(c, language), row.get(c.name, ""), sheet.format_note(c, language)] for c in sheet.columns)]


def _load_guide(layout: Layout, language: str) -> list[str]:
    """Return the lines of the guide, its title first."""
    return [words for key, words in sorted(load_messages(language).items()) if key.startswith(layout.guide_prefix)]


def _list_choices(names: LabelIndex, layout: Layout, language: str) -> dict[str, list[str]]:
    """Return what each drop-down shows, by list."""
    lists = {name: names.list_choices(name, language) for name in layout.lists if name != "outcome"}
    if layout.name != "standard":
        return {**lists, **{kind: [format_message(key, language) for key in keys.values()] for kind, keys in KEYWORDS.items()}}
    *singles, last = lists["descriptor"]
    pairs = [f"{one}, {other}" for number, one in enumerate(lists["descriptor"]) for other in lists["descriptor"][number + 1 :]]
    lists["descriptor"] = [*singles, last, *pairs, ", ".join(lists["descriptor"])]
    return {**lists, "item": [format_message(key, language) for key in ITEM_KEYS.values()]}


def build_xlsx(filled: SheetTexts, names: LabelIndex, layout: Layout, language: str, example: SheetTexts | None = None) -> bytes:
    """Return a workbook: a guide, the sheets, and the lists that their drop-downs show. The same content gives the same bytes.

    Args:
        filled: what stands in it.
        names: what can be chosen.
        layout: what stands where.
        language: of headings, notes and guide.
        example: what stands in another workbook, which is shown on a sheet of its own.

    Raises:
        UserError: a text is too long for a cell, or has characters that no cell can hold.
    """
    _check_texts(filled, layout, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    first = book.create_sheet(format_message("workbook.sheet.guide", language))
    for line in _load_guide(layout, language):
        first.append([line])
    first.column_dimensions["A"].width = 2 * _WIDE_COLUMN
    for (cell,) in first.iter_rows():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    first["A1"].font = Font(bold=True, size=14)
    _set_up_page(first)
    _set_row_heights(first)
    if example:
        _fill_example(book.create_sheet(format_message("workbook.sheet.example", language)), example, layout, language)
    lists = _list_choices(names, layout, language)
    places = {
        name: f"'{format_message('workbook.sheet.lists', language)}'!${(c := get_column_letter(n))}$2:${c}${len(lists[name]) + 1}"
        for n, name in enumerate(lists, 1)
    }
    for sheet in layout.sheets:
        _fill_sheet(book.create_sheet(sheet.format_title(language)), filled, sheet, places, layout, language, names.languages)
    last = book.create_sheet(format_message("workbook.sheet.lists", language))
    for number, values in enumerate(lists.values(), 1):
        for row, value in enumerate(values, 2):
            _write_cell(last, row, number, value)
        last.column_dimensions[get_column_letter(number)].width = _NARROW_COLUMN
    for number, name in enumerate(lists, 1):
        last.cell(1, number, format_message(find_member_key("workbook.list.", name), language)).font = Font(bold=True)
    last.sheet_state = "hidden"
    book.properties.created = book.properties.modified = EARLIEST_ZIP_TIME
    book.properties.creator = "balansekunst"
    return save_workbook(book)


def _fill_sheet(
    page: Worksheet,
    filled: SheetTexts,
    sheet: Sheet,
    places: dict[str, str],
    layout: Layout,
    language: str,
    languages: Collection[str],
) -> None:
    """Fill one sheet: headings with notes that stay in sight, texts, and drop-downs."""
    rows = _build_grid(filled, sheet, language)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            _write_cell(page, number, place, value, (number > 1 and not sheet.is_form) or place == 2)
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), _HEADING_FILL
    page.freeze_panes = "B2"
    _set_up_page(page)
    for column in sheet.columns:
        reference = sheet.build_reference(0, column)
        letter, top = reference.rstrip("0123456789"), reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        heading = page[f"A{top}"] if sheet.is_form else page[f"{letter}1"]
        heading.font = Font(bold=True)
        heading.comment = Comment(sheet.format_note(column, language), "balansekunst", width=320, height=120)
        if not sheet.is_form:
            page.column_dimensions[letter].width = _choose_width(column)
            # Kept as text, so that 2026-03 does not become a day.
            page.column_dimensions[letter].number_format = "@"
        if _find_choices(column):
            _add_dropdown(page, column, reference, sheet, places, layout, language)
        is_other_language = column.language is not None and column.language not in languages
        if is_other_language or (column.is_folded and not any(row.get(column.name) for row in filled.get(sheet.name, []))):
            _fold(page, letter if not sheet.is_form else int(top))
    if sheet.is_form:
        for letter, wide in (("A", _NARROW_COLUMN * 2), ("B", _WIDE_COLUMN), ("C", _WIDE_COLUMN)):
            page.column_dimensions[letter].width = wide
    _set_row_heights(page)


def _fill_example(page: Worksheet, example: SheetTexts, layout: Layout, language: str) -> None:
    """Fill the sheet that shows another workbook: of each of its sheets what a beginner fills in, in one language, and the first rows."""
    page.append([format_message("workbook.example.title", language, title=example[layout.form.name][0][f"title-{language}"])])
    page.append([format_message("workbook.example.about", language)])
    headings = [1]
    for sheet in layout.sheets:
        rows = example.get(sheet.name, [])
        columns = [c for c in sheet.columns if not c.is_folded and c.language in (None, language) and any(row.get(c.name) for row in rows)]
        if not columns or sheet.name == _OTHER_SHEET:
            continue
        page.append([])
        page.append([sheet.format_title(language)])
        headings.append(page.max_row)
        if sheet.is_form:
            for column in columns:
                page.append([sheet.format_heading(column, language), rows[0][column.name]])
            continue
        page.append([sheet.format_heading(column, language) for column in columns])
        headings.append(page.max_row)
        for row in rows[:_EXAMPLE_ROWS]:
            page.append([row.get(column.name, "") for column in columns])
        if len(rows) > _EXAMPLE_ROWS:
            page.append(["…"])
    for number, cells in enumerate(page.iter_rows(), 1):
        for cell in cells:
            if cell.value:
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=number > _EXAMPLE_LINES, vertical="top")
            if number in headings and cell.value:
                cell.font, cell.fill = Font(bold=True), _HEADING_FILL
    for number in range(1, page.max_column + 1):
        page.column_dimensions[get_column_letter(number)].width = _EXAMPLE_COLUMN
    _set_up_page(page)
    _set_row_heights(page, _EXAMPLE_LINES + 1)


def _set_up_page(page: Worksheet) -> None:
    """Print a sheet across the page, as wide as it is."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _PAPER_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.sheet_properties.outlinePr = Outline(summaryBelow=False, summaryRight=False)


def _fold(page: Worksheet, place: str | int) -> None:
    """Fold a column, given by its letter, or a row away; a sign at the edge opens it."""
    dimension = page.row_dimensions[place] if isinstance(place, int) else page.column_dimensions[place]
    dimension.hidden, dimension.outlineLevel = True, 1


def _set_row_heights(page: Worksheet, first: int = 1) -> None:
    """Make rows, from the first that wraps, as high as their texts, which not all spreadsheets do when they open a file."""
    for number, row in enumerate(page.iter_rows(min_row=first), first):
        lines = [
            sum(max(1, math.ceil(len(line) / page.column_dimensions[cell.column_letter].width)) for line in str(cell.value).split("\n"))
            for cell in row
            if cell.value
        ]
        if max(lines, default=1) > 1:
            page.row_dimensions[number].height = min(_MAX_ROW_HEIGHT, _LINE_HEIGHT * max(lines))


def _add_dropdown(
    page: Worksheet, column: Column, reference: str, sheet: Sheet, places: dict[str, str], layout: Layout, language: str
) -> None:
    """Give a column its drop-down. Typing the beginning of a name finds it in the list."""
    chosen = _find_choices(column)
    if chosen in ROW_LISTS:
        source = f"'{layout.find_sheet(chosen).format_title(language)}'!$A$2:$A${_DROPDOWN_ROWS}"
    elif chosen in places:
        source = places[chosen]
    else:
        return
    choice = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
    choice.showErrorMessage = chosen in STRICT_LISTS
    choice.errorTitle, choice.error = sheet.format_heading(column, language), format_message("workbook.choose", language)
    choice.add(reference if sheet.is_form else f"{reference}:{reference.rstrip('0123456789')}{_DROPDOWN_ROWS}")
    page.add_data_validation(choice)


def _find_choices(column: Column) -> str:
    """Return the list that a column's drop-down shows; empty where it has none."""
    return column.list_name or (column.value if column.value in KEYWORDS else "")


def _choose_width(column: Column) -> int:
    """Return how wide a column is."""
    return _WIDE_COLUMN if column.value in ("text", "texts") and not column.name.startswith("name") else _NARROW_COLUMN


def _write_cell(page: Worksheet, row: int, column: int, value: str, is_input: bool = False) -> None:
    """Write a text, which is never read as a formula."""
    cell = page.cell(row, column)
    if value:
        cell.value = value
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_input:
        cell.number_format = "@"


def _check_texts(filled: SheetTexts, layout: Layout, language: str) -> None:
    """Tell of texts that no cell can hold.

    Raises:
        UserError: there are some.
    """
    problems: list[Message] = [
        (
            "workbook.unsupported-text",
            {
                "thing": row.get("subject") or row.get("address") or sheet.format_title(language),
                "property": sheet.format_heading(column, language),
            },
        )
        for sheet in layout.sheets
        for row in filled.get(sheet.name, [])
        for column in sheet.columns
        if len(row.get(column.name, "")) > MAX_CELL_CHARACTERS or UNWRITABLE_PATTERN.search(row.get(column.name, ""))
    ]
    if problems:
        raise UserError(*problems)


def build_csv_files(filled: SheetTexts, layout: Layout, language: str) -> dict[str, bytes]:
    """Return a CSV file for each sheet, by file name: UTF-8 with a mark, so that spreadsheets see it, and commas between.

    Raises:
        UserError: a text cannot stand in a spreadsheet.
    """
    _check_texts(filled, layout, language)
    sheets = {format_message("workbook.sheet.guide", language): [[line] for line in _load_guide(layout, language)]}
    sheets |= {sheet.format_title(language): _build_grid(filled, sheet, language) for sheet in layout.sheets}
    files = {}
    for title, rows in sheets.items():
        written = io.StringIO(newline="")
        csv.writer(written).writerows([[f"'{cell}" if cell.startswith(CSV_FORMULA_PREFIXES) else cell for cell in row] for row in rows])
        files[f"{slugify(title)}.csv"] = written.getvalue().encode("utf-8-sig")
    return files


def build_zip(files: dict[str, bytes]) -> bytes:
    """Return files as a zip that is the same to the byte each time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EARLIEST_ZIP_TIME.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
