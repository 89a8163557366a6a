"""Set-ups of cooperation as workbooks: what one says as statements, and a workbook filled with what is said of a set-up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, RDF_TYPE, SKOS_LABEL, STATED_IN, expand_curie, fold_name, slugify
from balansekunst.project import Project
from balansekunst.workbook.context import WorkbookContext
from balansekunst.workbook.from_rdf import SheetTexts, WorkbookFiller, build_other_rows
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import Layout, Row, Sheet, WorkbookCells, build_workbook_cells, load_layout
from balansekunst.workbook.to_rdf import TRUE_LITERAL, WorkbookGraph, WorkbookGraphBuilder

HAS_ARENA = expand_curie("bk:hasArena")
ROW_PROPERTIES = {"seats": expand_curie("bk:hasParticipation"), "rhythms": expand_curie("bk:hasMeetingRhythm")}
"""What ties the things of a sheet to their arena."""
ROW_CLASSES = {"seats": expand_curie("bk:Participation"), "rhythms": expand_curie("bk:MeetingRhythm")}
ROW_FOLDERS = {"seats": "participation", "rhythms": "rhythm"}
"""Where the things of a sheet have their addresses, below that of their arena."""
SET_UP_FOLDER = "set-up"
_SET_UP, _SAME_IN_BOTH = expand_curie("bk:SetUp"), expand_curie("bk:sameInBothLanguages")
_EXAMPLE_CLASSES = tuple(expand_curie(f"bk:{name}") for name in ("SteeringGroup", "WorkingGroup", "StaffMeeting"))
"""The arenas that an example has, in order."""


def build_set_up_slug(book: WorkbookCells) -> str:
    """Return the end of the address of the set-up that a workbook is about; it may be empty."""
    form = book.form
    given = form["address"].text.rstrip("/").rpartition("/")[2]
    return slugify(given or form["name-nb"].text or form["name-en"].text)


class SetUpGraphBuilder(WorkbookGraphBuilder):
    """Makes statements of the workbook of a set-up."""

    def __init__(self, book: WorkbookCells, names: LabelIndex, project: Project, layout: Layout, elsewhere: Collection[NamedNode]) -> None:
        """Take what `build_set_up_graph` takes."""
        self.set_up = NamedNode(f"{project.base}{SET_UP_FOLDER}/{build_set_up_slug(book)}")
        super().__init__(book, names, project, layout, elsewhere, self.set_up)
        self.set_up = self.result.subject = self.parse_address(book.form["address"]) or self.set_up

    def build(self) -> WorkbookGraph:
        """Return all statements."""
        others = list(self.parse_other_triples())
        self.names.add(Quad(*triple) for triple, _ in others if not isinstance(triple.object, Triple))
        form, result = self.book.form, self.result
        here = form["name-nb"] if form["name-nb"].text else form["name-en"]
        result.resource_cells[self.set_up] = here
        result.add(self.set_up, RDF_TYPE, _SET_UP, here)
        self.describe_named(self.set_up, self.layout.form, form, "set-up")
        result.property_cells[self.set_up, HAS_ARENA] = [self.book.find_next_row(self.layout.find_sheet("arenas"))]
        self.add_arenas()
        for name in ROW_PROPERTIES:
            self.add_rows(name)
        for triple, cell in others:
            result.triples.setdefault(triple, cell)
            if isinstance(triple.subject, NamedNode):
                result.resource_cells.setdefault(triple.subject, cell)
        return result

    def add_arenas(self) -> None:
        """Describe the arenas, and note what they are called."""
        result, sheet = self.result, self.layout.find_sheet("arenas")
        rows: list[tuple[Row, NamedNode]] = []
        for row in self.book.get_rows("arenas"):
            here = row["name-nb"] if row["name-nb"].text else row["name-en"]
            arena = self.parse_address(row["address"]) or NamedNode(f"{self.set_up.value}/{slugify(here.text)}")
            if arena in result.resource_cells:
                result.remark("violation", here, "workbook.duplicate", name=here.text)
                continue
            result.resource_cells[arena] = here
            rows.append((row, arena))
        # An address goes before a name.
        for _, arena in rows:
            self.rows_by_label[fold_name(self.names.shorten_iri(arena))] = arena
        for language in LANGUAGES:
            for row, arena in rows:
                self.rows_by_label.setdefault(fold_name(row[f"name-{language}"].text), arena)
        for row, arena in rows:
            result.add(self.set_up, HAS_ARENA, arena, result.resource_cells[arena])
            self.describe_named(arena, sheet, row)
            for name, property in ROW_PROPERTIES.items():
                result.property_cells[arena, property] = [self.book.find_next_row(self.layout.find_sheet(name))]

    def add_rows(self, name: str) -> None:
        """Describe the seats or the meetings of the arenas."""
        result, sheet = self.result, self.layout.find_sheet(name)
        for row in self.book.get_rows(name):
            if not row["arena"].text:
                result.remark("violation", row["arena"], "workbook.no-arena")
            for arena in self.parse_values(sheet.find_column("arena"), row):
                assert isinstance(arena, NamedNode)
                thing = self.parse_address(row["address"]) or self.mint_numbered_iri(f"{arena.value}/{ROW_FOLDERS[name]}")
                if thing in result.resource_cells:
                    result.remark("violation", row["address"], "workbook.duplicate", name=row["address"].text)
                    continue
                here = row["role"] if "role" in row else row["interval"]
                result.resource_cells[thing] = here
                result.add(arena, ROW_PROPERTIES[name], thing, row["arena"])
                result.add(thing, RDF_TYPE, ROW_CLASSES[name], here)
                self.describe_named(thing, sheet, row)

    def describe_named(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> None:
        """Say what a row or form says of a thing. A name in one language is taken to be the name in both."""
        self.describe_resource(thing, sheet, row, of)
        given = [language for language in LANGUAGES if row[f"name-{language}"].text]
        if len(given) == 1:
            cell = row[f"name-{given[0]}"]
            for language in LANGUAGES:
                self.result.add(thing, SKOS_LABEL, Literal(cell.text, language=language), cell)
            self.result.add(thing, _SAME_IN_BOTH, TRUE_LITERAL, cell)


def build_set_up_graph(
    book: WorkbookCells, names: LabelIndex, project: Project, layout: Layout, elsewhere: Collection[NamedNode]
) -> WorkbookGraph:
    """Return the statements of the workbook of a set-up.

    Args:
        book: what stands in it.
        names: what names mean; new things are added to it.
        project: whose base new addresses are given.
        layout: of the workbook.
        elsewhere: what other files describe. It is pointed to, never described anew.
    """
    return SetUpGraphBuilder(book, names, project, layout, elsewhere).build()


class SetUpFiller(WorkbookFiller):
    """Fills the workbook of a set-up."""

    def build_row(self, thing: NamedNode, sheet: Sheet, of: str | None = None) -> dict[str, str]:
        """Return the cells that say what is said of a thing; a name that is the same in both languages once."""
        row = super().build_row(thing, sheet, of)
        if row["name-nb"] == row["name-en"] and TRUE_LITERAL in self.get_values(thing, _SAME_IN_BOTH):
            row["name-en"] = ""
        return row

    def fill_set_up(self, set_up: NamedNode) -> SheetTexts:
        """Return all sheets but the last."""
        sheet = self.layout.find_sheet
        self.placements = self.list_members_of(set_up, HAS_ARENA)
        return {
            "set-up": [self.build_row(set_up, self.layout.form, "set-up")],
            "arenas": [self.build_row(arena, sheet("arenas")) for arena in self.placements],
            **{
                name: [
                    {"arena": self.format_placement(arena), **self.build_row(thing, sheet(name))}
                    for arena in self.placements
                    for thing in self.list_members_of(arena, property)
                ]
                for name, property in ROW_PROPERTIES.items()
            },
        }

    def fill_example(self, names: dict[str, str]) -> SheetTexts:
        """Return a set-up with the arenas of the handbook, and the numbers that it advises.

        Args:
            names: of the set-up by language; a language may be missing.
        """
        sheet, values = self.layout.find_sheet, self.names.values
        described = sorted((thing for thing, property in values if property == STATED_IN and thing.value.startswith(BASE)), key=str)
        self.placements = [thing for kind in _EXAMPLE_CLASSES for thing in described if kind in self.names.classes.get(thing, ())]
        arenas = []
        for arena in self.placements:
            row = self.build_row(arena, sheet("arenas"))
            example = self.format_cell([arena], sheet("arenas").find_column("example-of"))
            arenas.append({name: text for name, text in row.items() if name.partition("-")[0] not in ("description", "note", "address")})
            arenas[-1] |= {"example-of": example}
        seats = [self.build_example_row(arena, seat, "seats") for arena, seat in self._list_example_rows("seats")]
        for seat in seats:
            seat["seats"] = seat.get("seats") or seat.get("minimum", "")
        return {
            "set-up": [{f"name-{language}": name for language, name in names.items()}],
            "arenas": arenas,
            "seats": [{name: text for name, text in seat.items() if name != "minimum"} for seat in seats],
            "rhythms": [
                self.build_example_row(arena, rhythm, "rhythms", ("name-nb", "name-en"))
                for arena, rhythm in self._list_example_rows("rhythms")
            ],
            "other": [],
        }

    def _list_example_rows(self, name: str) -> Iterable[tuple[NamedNode, NamedNode]]:
        """Return the things of a sheet, each with its arena, in the order of their addresses."""
        for arena in self.placements:
            for thing in sorted(self.list_members_of(arena, ROW_PROPERTIES[name]), key=str):
                yield arena, thing

    def build_example_row(self, arena: NamedNode, thing: NamedNode, name: str, kept: Collection[str] = ()) -> dict[str, str]:
        """Return the row of a thing of the handbook's, without its address and its texts but for those that are kept."""
        sheet = self.layout.find_sheet(name)
        row = self.build_row(thing, sheet)
        texts = {column.name for column in sheet.columns if column.value in ("text", "texts", "address")} - set(kept)
        return {"arena": self.format_placement(arena), **{name: text for name, text in row.items() if name not in texts}}


def fill_set_up_workbook(
    triples: Iterable[Triple], set_up: NamedNode, names: LabelIndex, project: Project, elsewhere: set[NamedNode], language: str
) -> SheetTexts:
    """Return a workbook that says all that a file says of a set-up; what no column is for stands on the last sheet.

    Args:
        triples: the statements of the file, in its order.
        set_up: the set-up that it describes.
        names: what things are called, those of the file among them.
        project: whose base addresses have.
        elsewhere: what other files describe.
        language: of names in the workbook, `nb` or `en`.
    """
    layout = load_layout("set-up")
    filler = SetUpFiller(triples, names, layout, language)
    filled = filler.fill_set_up(set_up)
    carried = build_set_up_graph(build_workbook_cells(filled, layout), names, project, layout, elsewhere).triples
    return filled | {"other": build_other_rows((triple for triple in filler.triples if triple not in carried), names, language)}


@dataclass(frozen=True)
class SetUpContext(WorkbookContext):
    """A project as one who writes a set-up sees it."""

    @property
    def layout(self) -> Layout:
        """The layout of the workbook."""
        return load_layout("set-up")

    @property
    def file(self) -> Path:
        """Where the project has the set-up, if it has it."""
        return self.project.set_ups / f"{self.slug}.ttl"

    @property
    def target(self) -> Path:
        """Where the set-up is written."""
        return self.project.locate_set_up_output(self.slug)

    @cached_property
    def set_up(self) -> NamedNode:
        """The set-up: the one that the file describes, else the one that it will describe."""
        found = [t.subject for t in self.read_own_triples() if t.object == _SET_UP] if self.file.is_file() else []
        return next(
            (thing for thing in found if isinstance(thing, NamedNode)), NamedNode(f"{self.project.base}{SET_UP_FOLDER}/{self.slug}")
        )


def prepare_new_set_up(asked: str, project: Project, language: str) -> tuple[SetUpContext, SheetTexts, LabelIndex]:
    """Return a workbook for a new set-up, with the arenas of the handbook filled in.

    Args:
        asked: the municipality or enterprise.
        project: where it may be described.
        language: of the workbook.
    """
    title = format_message("workbook.set-up-name", language, name=asked)
    setting = SetUpContext(project, slugify(title))
    names = setting.build_label_index()
    return setting, SetUpFiller([], names, setting.layout, language).fill_example({language: title}), names


def prepare_example_set_up(project: Project, language: str) -> SheetTexts:
    """Return the workbook of a set-up with the arenas of the handbook, of a municipality that has no name."""
    title = format_message("workbook.set-up-example", language)
    return SetUpFiller([], SetUpContext(project, "").build_label_index(), load_layout("set-up"), language).fill_example({language: title})
