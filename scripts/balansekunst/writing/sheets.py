"""What stands where in the workbook that a standard is written in, as `site/workbook.yaml` tells."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openpyxl.utils import get_column_letter
from pyoxigraph import NamedNode

from balansekunst.messages import LANGUAGES, text
from balansekunst.project import Project
from balansekunst.publication.rdf import PREFIXES

NONE = "–"
"""Written where an empty cell would have a default, and there is to be none."""
ITEM_KINDS = ("what", "why")
PLAIN = ("guide", "lists")
"""Sheets that are for people only."""


def term(name: str) -> NamedNode:
    """Return the IRI of a prefixed name such as `bk:what`.

    Raises:
        KeyError: the prefix is not one of ours.
    """
    prefix, _, rest = name.partition(":")
    return NamedNode(PREFIXES[prefix] + rest)


@dataclass(frozen=True)
class Column:
    """A column of a sheet, or a line of a form."""

    name: str
    """As `statement-nb` where it holds texts in Norwegian."""
    value: str
    """The kind of value, as `site/workbook.yaml` explains them."""
    thing: str | None = None
    """`role` or `standard` in a form."""
    predicate: NamedNode | None = None
    language: str | None = None
    of: str | None = None
    """The list that links are chosen from."""
    default: bool = False
    """Whether an empty cell has a default."""
    separator: str = "\n"
    """What stands between several values."""

    @property
    def many(self) -> bool:
        """Whether a cell may hold several values."""
        return self.value in ("texts", "strings", "links")


@dataclass(frozen=True)
class Sheet:
    """A sheet that is filled in."""

    name: str
    form: bool
    """Whether it is about one thing: a line a property, not a column."""
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def title(self, language: str) -> str:
        """Return what the sheet is called."""
        return text(f"workbook.sheet.{self.name}", language)

    def heading(self, column: Column, language: str) -> str:
        """Return the heading of a column."""
        name = column.name.removesuffix(f"-{column.language}")
        heading = text(f"workbook.heading.{self.name}.{name}", language)
        return f"{heading} ({text(f'workbook.in.{column.language}', language)})" if column.language else heading

    def note(self, column: Column, language: str) -> str:
        """Return what is told of a column."""
        name = column.name.removesuffix(f"-{column.language}")
        note = text(f"workbook.note.{self.name}.{name}", language)
        return f"{note} {text('workbook.note.lines', language)}" if column.many and column.separator == "\n" else note

    def reference(self, number: int, column: Column) -> str:
        """Return the cell of the row or form with `number` (from 0) in `column`: `B7`."""
        place = self.columns.index(column)
        return f"{get_column_letter(number + 2)}{place + 2}" if self.form else f"{get_column_letter(place + 1)}{number + 2}"


@dataclass(frozen=True)
class Listed:
    """A list that links are chosen from."""

    classes: tuple[NamedNode, ...]
    shown: tuple[NamedNode, ...]
    """The classes of what the drop-down shows."""
    new: bool
    """Whether an unknown name becomes a new thing."""


@dataclass(frozen=True)
class Layout:
    """All that `site/workbook.yaml` tells."""

    sheets: tuple[Sheet, ...]
    lists: dict[str, Listed]
    order: tuple[NamedNode, ...]
    """Of properties in a Turtle file."""
    inline: frozenset[NamedNode]
    paired: frozenset[NamedNode]
    looks: dict[str, NamedNode]
    """The property of a standard to look at, by the id of a rule that names none."""

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by its name."""
        return next(sheet for sheet in self.sheets if sheet.name == name)


@cache
def layout() -> Layout:
    """Return the layout of the workbook."""
    told = yaml.safe_load((Project.find(Path(__file__)).site_sources / "workbook.yaml").read_text(encoding="utf-8"))
    return Layout(
        sheets=tuple(
            Sheet(s["name"], s.get("form", False), tuple(c for about in s["columns"] for c in columns(about))) for s in told["sheets"]
        ),
        lists={
            name: Listed(
                tuple(map(term, about["classes"])), tuple(map(term, about.get("shown", about["classes"]))), about.get("new", False)
            )
            for name, about in told["lists"].items()
        },
        order=tuple(map(term, told["order"])),
        inline=frozenset(map(term, told["inline"])),
        paired=frozenset(map(term, told["paired"])),
        looks={rule: term(name) for rule, name in told["looks"].items()},
    )


def columns(about: dict[str, Any]) -> list[Column]:
    """Return the column that the file tells of, or one for each language where it holds texts."""
    values = {name: value for name, value in about.items() if name != "property"}
    values["predicate"] = term(about["property"]) if "property" in about else None
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
class Book:
    """What a workbook says, cell by cell."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    """By sheet. Rows with nothing in them are left out."""

    def of(self, sheet: str) -> list[Row]:
        """Return the rows of a sheet."""
        return self.rows.get(sheet, [])

    @property
    def form(self) -> Row:
        """The form on role and standard."""
        return self.rows["role"][0]

    def next_row(self, sheet: Sheet) -> Cell:
        """Return the first cell of a sheet that is still empty: where more can be written."""
        last = max([1, *(int("".join(filter(str.isdigit, cell.reference))) for row in self.of(sheet.name) for cell in row.values())])
        return Cell(sheet.name, f"A{last + 1}")


def book_of(filled: dict[str, list[dict[str, str]]]) -> Book:
    """Return texts by sheet, row and column as the cells that they are written in."""
    book = Book()
    for sheet in layout().sheets:
        book.rows[sheet.name] = [
            {column.name: Cell(sheet.name, sheet.reference(number, column), row.get(column.name, "")) for column in sheet.columns}
            for number, row in enumerate(filled.get(sheet.name, []))
        ]
    return book
