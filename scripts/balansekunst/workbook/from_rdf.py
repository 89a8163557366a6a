"""Fill a workbook with what a file says of a standard. What no column is for stands on the last sheet, so that nothing is lost."""

import re
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from balansekunst.errors import UserError
from balansekunst.messages import format_message
from balansekunst.namespaces import DCTERMS_SOURCE, IN_DOCUMENT, IS_PART_OF, ORDER, RDF_TYPE, STATED_IN, compact_iri, expand_curie
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import EMPTY_MARK, ITEM_KEYS, KEYWORDS, ROW_LISTS, Column, Layout, Sheet, build_workbook_cells
from balansekunst.workbook.list_order import ListKey, ListMember, suggest_numbers
from balansekunst.workbook.to_rdf import (
    DESCRIBES_ROLE,
    HAS_DUTY,
    HAS_EDITORIAL_OUTCOME,
    HAS_KEY_COMPETENCE,
    HAS_LEARNING_OUTCOME,
    HAS_PLACEMENT,
    PREFIXED_NAME_PATTERN,
    SHEET_CLASSES,
    VALUE_DATATYPES,
    VALUE_PATTERNS,
    build_standard_graph,
)

SheetTexts = dict[str, list[dict[str, str]]]
"""The text of each cell by sheet, row and column."""
MAX_NUMBER = 10**7
"""Above the number of anything in a list."""
MAX_TEXT_CHARACTERS = 30_000
"""Characters in a cell. A spreadsheet takes 32,767."""


class WorkbookFiller:
    """Fills one workbook."""

    def __init__(self, triples: Iterable[Triple], names: LabelIndex, layout: Layout, language: str) -> None:
        """Take the statements of a file in its order, what things are called, and the language of the workbook."""
        self.triples, self.names, self.layout, self.language = list(dict.fromkeys(triples)), names, layout, language
        self.objects: dict[tuple[Term, Term], list[Term]] = {}
        for triple in self.triples:
            self.objects.setdefault((triple.subject, triple.predicate), []).append(triple.object)
        self.placements: list[NamedNode] = []
        """What other sheets link to by name: placed competences or arenas."""
        self.list_members: list[tuple[NamedNode, ListMember, dict[str, str], bool]] = []
        """What stands in lists, in the order of the rows, with its row and whether another file numbers it."""

    def get_values(self, thing: NamedNode, property: NamedNode) -> list[Term]:
        """Return the values of a property: as the file has them, or the graph where the file is silent on the thing."""
        if (thing, RDF_TYPE) in self.objects or (thing, property) in self.objects:
            return self.objects.get((thing, property), [])
        return self.names.values.get((thing, property), [])

    def format_value(self, value: Term, column: Column) -> str | None:
        """Return what stands in a cell for a value, or nothing where the cell cannot hold it."""
        if column.value in ("link", "links"):
            if not isinstance(value, NamedNode):
                return None
            if column.list_name in ROW_LISTS:
                return self.format_placement(value) if value in self.placements else None
            shown = self.names.format_resource(value, column.list_name or "", self.language)
            return shown if self.names.find_resources(shown, column.list_name or "") == [value] and column.separator not in shown else None
        if not isinstance(value, Literal) or value.language != column.language:
            return None
        if column.language is None and value.datatype != VALUE_DATATYPES[column.value]:
            return None
        if column.value in KEYWORDS and value.value in KEYWORDS[column.value]:
            return format_message(KEYWORDS[column.value][value.value], self.language)
        if column.value == "months":
            months = re.fullmatch(r"P([1-9]\d{0,2})M", value.value)
            return months[1] if months else None
        if column.value in VALUE_PATTERNS and not re.fullmatch(VALUE_PATTERNS[column.value], value.value):
            return None
        if column.value == "integer" and value.value != str(int(value.value)):
            return None
        plain = (
            value.value == value.value.strip()
            and value.value not in ("", EMPTY_MARK)
            and "\n" not in value.value
            and "\r" not in value.value
        )
        return value.value if plain else None

    def format_cell(self, values: list[Term], column: Column) -> str:
        """Return the text of a cell."""
        found = [shown for value in values if (shown := self.format_value(value, column)) is not None]
        kept = found if column.is_multiple else found[:1]
        while sum(map(len, kept)) > MAX_TEXT_CHARACTERS:
            kept.pop()
        return column.separator.join(kept) or (EMPTY_MARK if column.default else "")

    def build_row(self, thing: NamedNode, sheet: Sheet, of: str | None = None) -> dict[str, str]:
        """Return the cells that say what is said of a thing."""
        filled = {
            column.name: self.format_cell(self.get_values(thing, column.predicate), column)
            for column in sheet.columns
            if column.predicate is not None and column.subject == of
        }
        return filled | {
            column.name: self.names.shorten_iri(thing) for column in sheet.columns if column.value == "address" and column.subject == of
        }

    def format_placement(self, placed: NamedNode) -> str:
        """Return what a placed competence is called on the other sheets: its name, or its address where several have it."""
        alike = [other for other in self.placements if self.get_label(placed) in self.get_labels(other).values()]
        return self.get_label(placed) if alike == [placed] else self.names.shorten_iri(placed)

    def get_labels(self, placed: NamedNode) -> dict[str | None, str]:
        """Return the names of a placed competence by language."""
        return {v.language: v.value for v in self.get_values(placed, expand_curie("skos:prefLabel")) if isinstance(v, Literal)}

    def get_label(self, placed: NamedNode) -> str:
        """Return the name of a placed competence as the workbook's language has it."""
        return self.get_labels(placed).get(self.language) or self.names.shorten_iri(placed)

    def fill_sheets(self, standard: NamedNode, role: NamedNode | None = None) -> SheetTexts:
        """Return all sheets but the last, of a standard and the role that it describes or is to describe."""
        sheet = self.layout.find_sheet
        role = next((v for v in self.get_values(standard, DESCRIBES_ROLE) if isinstance(v, NamedNode)), role)
        keys = self.list_members_of(standard, HAS_KEY_COMPETENCE)
        others = [node for node in self.list_members_of(standard, HAS_PLACEMENT) if node not in keys]
        self.placements = [*keys, *others]
        form = self.build_row(standard, sheet("role"), "standard")
        if role is not None:
            form |= self.build_row(role, sheet("role"), "role")
        ties: dict[NamedNode, list[NamedNode]] = {}
        for thing in (*self.placements, standard):
            for outcome in self.list_members_of(thing, HAS_LEARNING_OUTCOME):
                ties.setdefault(outcome, []).append(thing)
        filled = {
            "role": [form],
            "duties": [
                self.build_listed_row(duty, sheet("duties"), (role, HAS_DUTY))
                for duty in (self.list_members_of(role, HAS_DUTY) if role is not None else [])
            ],
            "placed": [
                self.build_listed_row(placed, sheet("placed"), (standard, HAS_KEY_COMPETENCE if placed in keys else HAS_PLACEMENT))
                for placed in self.placements
            ],
            "keys": [{"key": self.format_placement(key), **self.build_row(key, sheet("keys"))} for key in keys],
            "items": [item for key in keys for kind in ITEM_KEYS for item in self.build_item_rows(key, kind)],
            "outcomes": [self.build_outcome_row(outcome, tied, standard) for outcome, tied in ties.items()],
            "sources": [self.build_row(source, sheet("sources")) for source in self.list_sources(role)],
        }
        self.fill_numbers()
        return filled

    def list_members_of(self, thing: NamedNode, property: NamedNode) -> list[NamedNode]:
        """Return what a thing lists by a property, by number; what has none comes last, as the file has it."""
        return sorted(self.filter_nodes(self.get_values(thing, property)), key=lambda node: self.find_number(node) or MAX_NUMBER)

    def find_number(self, thing: NamedNode) -> int | None:
        """Return the number of a thing in its lists."""
        return next((int(v.value) for v in self.get_values(thing, ORDER) if isinstance(v, Literal) and v.value.isdigit()), None)

    def build_listed_row(self, thing: NamedNode, sheet: Sheet, *lists: ListKey, always: bool = False) -> dict[str, str]:
        """Return the row of a thing that stands in lists."""
        row = self.build_row(thing, sheet)
        is_external = (thing, RDF_TYPE) not in self.objects and (thing, RDF_TYPE) in self.names.values
        self.list_members.append((thing, ListMember(lists, self.find_number(thing), always), row, is_external))
        return row

    def fill_numbers(self) -> None:
        """Fill in the numbers that the order of the rows does not tell."""
        suggested = suggest_numbers([member for _, member, _, _ in self.list_members])
        for (_, member, row, is_external), following in zip(self.list_members, suggested, strict=True):
            told = EMPTY_MARK if member.number is None else str(member.number)
            row["order"] = "" if is_external or member.number == following else told

    def list_sources(self, role: NamedNode | None) -> list[NamedNode]:
        """Return the sources that the file describes or names, and those of the role."""
        described = (t.subject for t in self.triples if t.predicate == RDF_TYPE and t.object == SHEET_CLASSES["sources"])
        named = [t.object for t in self.triples if t.predicate == DCTERMS_SOURCE]
        stated = [t.object for t in self.triples if t.predicate == STATED_IN]
        if role is not None:
            named += self.get_values(role, DCTERMS_SOURCE)
            stated += self.get_values(role, STATED_IN)
        documents = [document for passage in self.filter_nodes(stated) for document in self.find_documents(passage)]
        return self.filter_nodes([*described, *named, *documents])

    def find_documents(self, passage: NamedNode) -> list[Term]:
        """Return the document that a passage is part of."""
        wholes = self.filter_nodes(self.get_values(passage, IS_PART_OF))
        return self.get_values(passage, IN_DOCUMENT) or [found for whole in wholes for found in self.find_documents(whole)]

    def filter_nodes(self, values: Iterable[Term]) -> list[NamedNode]:
        """Return the things among values."""
        return [value for value in dict.fromkeys(values) if isinstance(value, NamedNode)]

    def build_item_rows(self, key: NamedNode, kind: str) -> list[dict[str, str]]:
        """Return the rows of what or why."""
        property, sheet = expand_curie(f"bk:{kind}"), self.layout.find_sheet("items")
        rows = []
        for item in self.list_members_of(key, property):
            row = self.build_listed_row(item, sheet, (key, property), always=True)
            row |= {"key": self.format_placement(key), "kind": format_message(ITEM_KEYS[kind], self.language)}
            rows.append(row)
        return rows

    def build_outcome_row(self, outcome: NamedNode, tied: list[NamedNode], standard: NamedNode) -> dict[str, str]:
        """Return the row of an outcome."""
        editorial = [placed for placed in self.placements if outcome in self.get_values(placed, HAS_EDITORIAL_OUTCOME)]
        ties = {"key": [key for key in tied if key != standard], "editorial-key": editorial}
        columns = self.layout.find_sheet("outcomes").find_column
        row = self.build_listed_row(outcome, self.layout.find_sheet("outcomes"), *((thing, HAS_LEARNING_OUTCOME) for thing in tied))
        row |= {name: self.format_cell(list(keys), columns(name)) for name, keys in ties.items()}
        return row


def fill_workbook(
    triples: Iterable[Triple],
    standard: NamedNode,
    names: LabelIndex,
    project: Project,
    layout: Layout,
    elsewhere: set[NamedNode],
    language: str,
) -> SheetTexts:
    """Return a workbook that says all that a file says.

    What it says is made into statements again; those that the columns do not carry stand on the last sheet, each by itself.

    Args:
        triples: the statements of the file, in its order.
        standard: the standard that it describes.
        names: what things are called, those of the file among them.
        project: whose base addresses have.
        layout: of the workbook.
        elsewhere: what other files describe.
        language: of names in the workbook, `nb` or `en`.

    Raises:
        UserError: the workbook would say what the file does not, which only a file that breaks rules makes it do.
    """
    filler = WorkbookFiller(triples, names, layout, language)
    filled = filler.fill_sheets(standard)
    carried = build_standard_graph(build_workbook_cells(filled), names, project, layout, elsewhere).triples
    if unsaid := carried.keys() - set(filler.triples):
        things = sorted({_compact_iri(triple.subject, names) for triple in unsaid})
        raise UserError(("workbook.unsaid", {"standard": names.shorten_iri(standard), "things": ", ".join(things)}))
    return filled | {"other": build_other_rows((triple for triple in filler.triples if triple not in carried), names, language)}


def build_other_rows(triples: Iterable[Triple], names: LabelIndex, language: str) -> list[dict[str, str]]:
    """Return the rows of the last sheet: what no column is for."""
    return [_build_other_row(triple, names, language) for triple in triples]


def _build_other_row(triple: Triple, names: LabelIndex, language: str) -> dict[str, str]:
    """Return a statement as a row of the last sheet."""
    value, link = triple.object, format_message("workbook.type.link", language)
    if isinstance(value, Literal):
        datatype = _compact_iri(value.datatype, names)
        kind = value.language or (format_message("workbook.type.text", language) if datatype == "xsd:string" else datatype)
        told = (value.value, kind)
    else:
        told = (_compact_iri(value, names), link)
    return {
        "subject": _compact_iri(triple.subject, names),
        "property": _compact_iri(triple.predicate, names),
        "value": told[0],
        "type": told[1],
    }


def _compact_iri(node: Term, names: LabelIndex) -> str:
    """Return an address with a prefix, from the base on, or whole."""
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    assert isinstance(node, NamedNode)
    short = compact_iri(node.value)
    return short if short and PREFIXED_NAME_PATTERN.fullmatch(short) else names.shorten_iri(node)
