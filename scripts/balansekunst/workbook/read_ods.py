"""Read the sheets of an OpenDocument workbook (ods): the texts of their cells, and which cells hold formulas.

Elements are known by the prefixes that all programs write. The part is read as a stream, so that what it repeats costs nothing.
"""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

_MAX_DEPTH = 100
_MAX_SPACES = 100
"""Spaces that one element stands for."""
_SHEETS = "office:spreadsheet"
_CELLS = ("table:table-cell", "table:covered-table-cell")
_PARAGRAPHS = ("text:p", "text:h")
_SKIPPED = ("table:table", "table:shapes", "office:annotation", "text:note", "text:ruby-text")
"""What stands in a sheet or cell and is none of its text: sheets in cells, shapes, comments, notes, and how words are read aloud."""
_SIGNS = {"text:s": "\0", "text:tab": "\1", "text:line-break": "\2"}
"""What stands for elements that are a sign, while the space around them is made single; no XML holds these."""
_SIGN_TEXTS = str.maketrans({"\0": " ", "\1": "\t", "\2": "\n"})
_SPACE_PATTERN = re.compile(r"[ \t\r\n]+")
_NUMBER_PATTERN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_COUNT_PATTERN = re.compile(r"\d{1,9}")

_Attributes = dict[str, str]


@dataclass
class OdsSheet:
    """A sheet of an OpenDocument workbook."""

    title: str
    grid: list[list[str]] = field(default_factory=list)
    """Texts by row and column."""
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and column, both from 1."""
    merged_rows: list[tuple[int, int, int]] = field(default_factory=list)
    """The column, first row and last row of each cell that covers several rows, from 1."""
    is_too_large: bool = False


def list_ods_titles(content: bytes) -> list[str]:
    """Return the titles of the sheets in `content.xml`.

    Raises:
        ValueError: the part is damaged.
    """
    return [sheet.title for sheet in read_ods_sheets(content, (), 0, 0)]


def read_ods_sheets(content: bytes, titles: Container[str], max_rows: int, max_cells: int) -> list[OdsSheet]:
    """Return the sheets in `content.xml`, the cells of those with the given titles alone.

    Args:
        content: the part.
        titles: of the sheets whose cells are read.
        max_rows: rows, and columns, in a sheet, at most.
        max_cells: cells with something in them, at most.

    Raises:
        ValueError: the part is damaged.
    """
    reader = _Reader(titles, max_rows, max_cells)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.open_element
    parser.EndElementHandler = reader.close_element
    parser.CharacterDataHandler = reader.add_text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return reader.sheets


def _refuse_doctype(*_: object) -> NoReturn:
    """Refuse what no workbook has."""
    raise ValueError("DOCTYPE")


class _Reader:
    """What is read so far, and where in the part it is."""

    def __init__(self, titles: Container[str], max_rows: int, max_cells: int) -> None:
        self.sheets = list[OdsSheet]()
        self._titles, self._max_rows, self._max_cells = titles, max_rows, max_cells
        self._open = list[str]()
        self._sheet: OdsSheet | None = None
        """The sheet that is read; nothing outside of sheets and in those that are not."""
        self._skipped_depth = 0
        self._rows = self._cells = self._row_repeats = 0
        self._row, self._row_formulas, self._row_spans = list[str](), dict[int, str](), list[tuple[int, int]]()
        self._column = 0
        self._cell = _Attributes()
        self._paragraphs = list[str]()
        self._pieces = list[str]()
        """Of the paragraph that is open."""
        self._paragraph_depth = 0

    def open_element(self, name: str, attributes: _Attributes) -> None:
        """Take the beginning of an element."""
        within = self._open[-1] if self._open else ""
        self._open.append(name)
        depth = len(self._open)
        if depth > _MAX_DEPTH:
            raise ValueError(name)
        if self._skipped_depth:
            return
        if name == "table:table" and within == _SHEETS:
            sheet = OdsSheet(attributes.get("table:name", ""))
            self.sheets.append(sheet)
            self._sheet = sheet if sheet.title in self._titles else None
            self._rows = self._cells = 0
        elif self._sheet is None:
            return
        elif name in _SKIPPED or name.startswith("draw:"):
            self._skipped_depth = depth
        elif name == "table:table-row":
            self._row_repeats = _parse_count(attributes, "table:number-rows-repeated")
            self._row, self._row_formulas, self._row_spans, self._column = [], {}, [], 0
        elif name in _CELLS:
            self._cell, self._paragraphs = attributes, []
        elif name in _PARAGRAPHS and not self._paragraph_depth:
            self._pieces, self._paragraph_depth = [], depth
        elif name in _SIGNS and self._paragraph_depth:
            self._pieces.append(_SIGNS[name] * min(_parse_count(attributes, "text:c"), _MAX_SPACES))

    def add_text(self, text: str) -> None:
        """Add text to the paragraph that is open."""
        if self._paragraph_depth and not self._skipped_depth:
            self._pieces.append(text)

    def close_element(self, name: str) -> None:
        """Take the end of an element."""
        depth = len(self._open)
        self._open.pop()
        if self._skipped_depth:
            self._skipped_depth = 0 if depth == self._skipped_depth else self._skipped_depth
        elif self._sheet is None:
            return
        elif name == "table:table":
            self._sheet = None
        elif depth == self._paragraph_depth:
            self._paragraphs.append(_SPACE_PATTERN.sub(" ", "".join(self._pieces)).translate(_SIGN_TEXTS))
            self._paragraph_depth = 0
        elif name in _CELLS:
            self._close_cell()
        elif name == "table:table-row":
            self._close_row(self._sheet)

    def _close_cell(self) -> None:
        """Put what a cell holds into its row, as often as it is repeated."""
        repeats, first = _parse_count(self._cell, "table:number-columns-repeated"), self._column + 1
        self._column += repeats
        formula = self._cell.get("table:formula", "")
        text = "" if formula else _format_cell(self._cell, self._paragraphs)
        if not text and not formula:
            return
        if self._column > self._max_rows:
            self._mark_too_large()
            return
        self._row += [""] * (first - 1 - len(self._row)) + [text] * repeats
        if formula:
            self._row_formulas |= dict.fromkeys(range(first, first + repeats), formula)
        if (spanned := _parse_count(self._cell, "table:number-rows-spanned")) > 1:
            self._row_spans.append((first, spanned))

    def _close_row(self, sheet: OdsSheet) -> None:
        """Put a row into its sheet, as often as it is repeated, unless nothing stands in it."""
        first = self._rows + 1
        self._rows += self._row_repeats
        self._cells += sum(map(bool, self._row)) * self._row_repeats + len(self._row_formulas) * self._row_repeats
        if not self._row:
            return
        if self._rows > self._max_rows or self._cells > self._max_cells:
            self._mark_too_large()
            return
        sheet.grid += [[] for _ in range(first - 1 - len(sheet.grid))]
        for row in range(first, self._rows + 1):
            sheet.grid.append(list(self._row))
            sheet.formulas |= {(row, column): formula for column, formula in self._row_formulas.items()}
        sheet.merged_rows += [(column, first, first + spanned - 1) for column, spanned in self._row_spans]

    def _mark_too_large(self) -> None:
        """Note that the sheet is larger than any that is read, and read no more of it."""
        assert self._sheet is not None
        self._sheet.is_too_large, self._sheet = True, None


def _parse_count(attributes: _Attributes, name: str) -> int:
    """Return how often something is repeated, or what it spans."""
    written = attributes.get(name, "1")
    if not _COUNT_PATTERN.fullmatch(written):
        raise ValueError(name)
    return int(written)


def _format_cell(cell: _Attributes, paragraphs: list[str]) -> str:
    """Return what stands in a cell as text: a day as 2026-03-01, a whole number without decimals."""
    kind = cell.get("office:value-type", "")
    if kind in ("float", "percentage", "currency"):
        written = cell.get("office:value", "")
        if not _NUMBER_PATTERN.fullmatch(written):
            raise ValueError("office:value")
        number = float(written)
        return str(int(number)) if number.is_integer() else str(number)
    if kind == "date":
        return cell.get("office:date-value", "")[:10]
    if kind == "boolean":
        return "True" if cell.get("office:boolean-value") == "true" else "False"
    return "\n".join(paragraphs) or cell.get("office:string-value", "")
