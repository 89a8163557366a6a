"""What stands where in the workbooks that a standard or a set-up of cooperation is written in, as `site/workbook.yaml` tells."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml
from pyoxigraph import NamedNode

from balansekunst.messages import LANGUAGES, find_member_key, format_message
from balansekunst.namespaces import BASE, expand_curie
from balansekunst.package_files import WORKBOOK_FILE

_LANGUAGE_KEYS = {"nb": "workbook.in.nb", "en": "workbook.in.en"}

EMPTY_MARK = "–"
"""Written where an empty cell would have a default, and there is to be none."""
ROW_LISTS = {"placed": "workbook.not-placed", "arenas": "workbook.not-an-arena"}
"""The sheets whose rows other sheets link to by name, with the message on a name that none of the rows has."""
BOOLEAN_KEYS = {"true": "workbook.value.yes", "false": "workbook.value.no"}
INTERVAL_KEYS = {
    "P7D": "workbook.interval.week",
    "P14D": "workbook.interval.fortnight",
    "P1M": "workbook.interval.month",
    "P2M": "workbook.interval.two-months",
    "P3M": "workbook.interval.quarter",
    "P6M": "workbook.interval.half-year",
    "P1Y": "workbook.interval.year",
}
"""The words for the time between two meetings, by the duration that each stands for."""
KEYWORDS = {"boolean": BOOLEAN_KEYS, "interval": INTERVAL_KEYS}
"""The words that a cell holds in place of a value, by the kind of value."""
STRICT_LISTS = ("position", "dimension", "depth", "item", "arena-kind", "line", "level", "party", *KEYWORDS)
"""Lists from which a value must be chosen. The others take several values, or new ones."""
ITEM_KEYS = {"what": "workbook.item.what", "why": "workbook.item.why"}
_PLAIN_SHEETS = ("guide", "lists")
"""Sheets that are for people only."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet, or a line of a form."""

    name: str
    """As `statement-nb` where it holds texts in Norwegian."""
    value: str
    """The kind of value, as `site/workbook.yaml` explains them."""
    subject: str | None = None
    """In a form `role` or `standard`, or `set-up`."""
    predicate: NamedNode | None = None
    language: str | None = None
    list_name: str | None = None
    """The list that links are chosen from."""
    default: bool = False
    """Whether an empty cell has a default."""
    separator: str = "\n"
    """What stands between several values."""
    former_headings: tuple[str, ...] = ()
    """What the column was called in workbooks made before, without its language."""
    is_added: bool = False
    """Whether workbooks made before lack the column."""

    is_folded: bool = False
    """Whether it is folded away where nothing stands in it: a beginner does not need it."""

    @property
    def is_multiple(self) -> bool:
        """Whether a cell may hold several values."""
        return self.value in ("texts", "strings", "links")


@dataclass(frozen=True)
class Sheet:
    """A sheet that is filled in."""

    name: str
    is_form: bool
    """Whether it is about one thing: a line a property, not a column."""
    columns: tuple[Column, ...]
    title_name: str
    """The end of the key of its title."""

    def find_column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def format_title(self, language: str) -> str:
        """Return what the sheet is called."""
        return format_message(find_member_key("workbook.sheet.", self.title_name), language)

    def format_heading(self, column: Column, language: str) -> str:
        """Return the heading of a column."""
        name = column.name.removesuffix(f"-{column.language}")
        heading = format_message(find_member_key("workbook.heading.", f"{self.name}.{name}"), language)
        return _mark_language(heading, column, language)

    def list_headings(self, column: Column) -> list[str]:
        """Return all that a column may be called: its heading in each language, and those that it had before."""
        current = [self.format_heading(column, language) for language in LANGUAGES]
        former = [_mark_language(heading, column, language) for heading in column.former_headings for language in LANGUAGES]
        return [*current, *former]

    def format_note(self, column: Column, language: str) -> str:
        """Return the note on a column."""
        name = column.name.removesuffix(f"-{column.language}")
        note = format_message(find_member_key("workbook.note.", f"{self.name}.{name}"), language)
        return f"{note} {format_message('workbook.note.lines', language)}" if column.is_multiple and column.separator == "\n" else note

    def build_reference(self, number: int, column: Column) -> str:
        """Return the cell of the row or form with `number` (from 0) in `column`: `B7`."""
        # openpyxl takes as long to import as all that a build needs.
        from openpyxl.utils import get_column_letter

        place = self.columns.index(column)
        return f"{get_column_letter(number + 2)}{place + 2}" if self.is_form else f"{get_column_letter(place + 1)}{number + 2}"


def _mark_language(heading: str, column: Column, language: str) -> str:
    """Return a heading with the language of what is written below it, where the column has one."""
    return f"{heading} ({format_message(_LANGUAGE_KEYS[column.language], language)})" if column.language else heading


@dataclass(frozen=True)
class ChoiceList:
    """A list that links are chosen from."""

    classes: tuple[NamedNode, ...]
    visible_classes: tuple[NamedNode, ...]
    """The classes of what the drop-down shows."""
    is_open: bool
    """Whether an unknown name becomes a new thing."""
    members: tuple[NamedNode, ...] = ()
    """What is in it, where it is not all that is of the classes."""


@dataclass(frozen=True)
class Layout:
    """All that `site/workbook.yaml` tells of one kind of workbook."""

    name: str
    """`standard`, `set-up` or `group`."""
    sheets: tuple[Sheet, ...]
    lists: dict[str, ChoiceList]
    property_order: tuple[NamedNode, ...]
    """Of properties in a Turtle file."""
    inline_properties: frozenset[NamedNode]
    rule_properties: dict[str, NamedNode]
    """The property of a standard to look at, by the id of a rule that names none."""
    guide_prefix: str
    """How the keys of the lines of the guide begin."""

    @property
    def form(self) -> Sheet:
        """The sheet that is about one thing."""
        return next(sheet for sheet in self.sheets if sheet.is_form)

    def find_sheet(self, name: str) -> Sheet:
        """Return a sheet by its name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)


_GUIDE_PREFIXES = {"standard": "workbook.guide.", "set-up": "workbook.set-up-guide.", "group": "workbook.group-guide."}
"""How the keys of the lines of the guide begin, by the kind of workbook."""


@cache
def _read_workbook_file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(WORKBOOK_FILE.read_text(encoding="utf-8"))
    return content


def load_example_slug() -> str:
    """Return the slug of the standard that a new workbook shows as an example."""
    return str(_read_workbook_file()["example"])


@cache
def load_layout(name: str = "standard") -> Layout:
    """Return the layout of a kind of workbook: `standard` or `set-up`."""
    content = _read_workbook_file()
    told = content["workbooks"][name]
    return Layout(
        name=name,
        sheets=tuple(
            Sheet(
                s["name"],
                s.get("form", False),
                tuple(c for about in s["columns"] for c in _build_columns(about)),
                s.get("title", s["name"]),
            )
            for s in told["sheets"]
        ),
        lists={
            name: ChoiceList(
                tuple(map(expand_curie, about.get("classes", ()))),
                tuple(map(expand_curie, about.get("visible_classes", about.get("classes", ())))),
                about.get("is_open", False),
                tuple(expand_curie(member) if ":" in member else NamedNode(BASE + member) for member in about.get("members", ())),
            )
            for name, about in told["lists"].items()
        },
        property_order=tuple(map(expand_curie, content["property_order"])),
        inline_properties=frozenset(map(expand_curie, content["inline_properties"])),
        rule_properties={rule: expand_curie(name) for rule, name in content["rule_properties"].items()},
        guide_prefix=_GUIDE_PREFIXES[name],
    )


def _build_columns(about: dict[str, Any]) -> list[Column]:
    """Return the column that the file tells of, or one for each language where it holds texts."""
    values = {name: value for name, value in about.items() if name != "property"}
    values["former_headings"] = tuple(about.get("former_headings", ()))
    values["predicate"] = expand_curie(about["property"]) if "property" in about else None
    if about["value"] not in ("text", "texts"):
        return [Column(**values)]
    return [Column(**{**values, "name": f"{about['name']}-{language}", "language": language}) for language in LANGUAGES]


@dataclass(frozen=True)
class Cell:
    """A cell of a workbook, with what stands in it."""

    sheet: str
    """The sheet's name in the layout."""
    reference: str
    text: str = ""


Row = dict[str, Cell]
"""The cells of a row or form by column. Every column has one, empty or not."""


@dataclass
class WorkbookCells:
    """What a workbook says, cell by cell."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    """By sheet. Rows with nothing in them are left out."""
    form_sheet: str = "role"

    def get_rows(self, sheet: str) -> list[Row]:
        """Return the rows of a sheet."""
        return self.rows.get(sheet, [])

    @property
    def form(self) -> Row:
        """The form on what the workbook is about."""
        return self.rows[self.form_sheet][0]

    def find_next_row(self, sheet: Sheet) -> Cell:
        """Return the first cell of a sheet that is still empty: where more can be written."""
        last = max([1, *(int("".join(filter(str.isdigit, cell.reference))) for row in self.get_rows(sheet.name) for cell in row.values())])
        return Cell(sheet.name, f"A{last + 1}")


def build_workbook_cells(filled: dict[str, list[dict[str, str]]], layout: Layout | None = None) -> WorkbookCells:
    """Return texts by sheet, row and column as the cells that they are written in; without a layout those of a standard."""
    layout = layout or load_layout()
    book = WorkbookCells(form_sheet=layout.form.name)
    for sheet in layout.sheets:
        book.rows[sheet.name] = [
            {column.name: Cell(sheet.name, sheet.build_reference(number, column), row.get(column.name, "")) for column in sheet.columns}
            for number, row in enumerate(filled.get(sheet.name, []))
        ]
    return book
