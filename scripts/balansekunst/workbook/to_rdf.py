"""Turn what a workbook says into statements, and remember in which cell each stands."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import (
    DCTERMS_SOURCE,
    IN_DOCUMENT,
    IN_SCHEME,
    IS_PART_OF,
    ORDER,
    PREFIXES,
    RDF_TYPE,
    SKOS_LABEL,
    expand_curie,
    fold_name,
    slugify,
)
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import EMPTY_MARK, ITEM_KEYS, KEYWORDS, ROW_LISTS, Cell, Column, Layout, Row, Sheet, WorkbookCells
from balansekunst.workbook.list_order import ListKey, ListMember, suggest_numbers
from balansekunst.workbook.written_values import READERS, strip_bullets

_COMPETENCE, AT_POSITION, IN_DIMENSION = expand_curie("bk:competence"), expand_curie("bk:atPosition"), expand_curie("bk:inDimension")
HAS_LEARNING_OUTCOME, HAS_EDITORIAL_OUTCOME, _VARIANT_OF = (
    expand_curie("bk:hasLearningOutcome"),
    expand_curie("bk:hasEditorialOutcome"),
    expand_curie("bk:variantOf"),
)
HAS_KEY_COMPETENCE, HAS_PLACEMENT, DESCRIBES_ROLE, HAS_DUTY = (
    expand_curie("bk:hasKeyCompetence"),
    expand_curie("bk:hasPlacement"),
    expand_curie("bk:describesRole"),
    expand_curie("bk:hasDuty"),
)
EDITORIAL_NOTE = expand_curie("skos:editorialNote")
INTEGER_DATATYPE, YEAR_DATATYPE, MONTH_DATATYPE, BOOLEAN_DATATYPE, DURATION_DATATYPE = (
    expand_curie(f"xsd:{name}") for name in ("integer", "gYear", "gYearMonth", "boolean", "duration")
)
VALUE_DATATYPES = {
    "integer": INTEGER_DATATYPE,
    "year": YEAR_DATATYPE,
    "month": MONTH_DATATYPE,
    "months": DURATION_DATATYPE,
    "boolean": BOOLEAN_DATATYPE,
    "interval": DURATION_DATATYPE,
    "string": expand_curie("xsd:string"),
    "strings": expand_curie("xsd:string"),
}
"""The datatype of each kind of value."""
TRUE_LITERAL = Literal("true", datatype=expand_curie("xsd:boolean"))
SHEET_CLASSES = {
    "duties": expand_curie("bk:Duty"),
    "outcomes": expand_curie("bk:LearningOutcome"),
    "sources": expand_curie("bk:SourceDocument"),
    "items": expand_curie("bk:Item"),
}
_PASSAGE = expand_curie("bk:Passage")
_CITATION_COLUMNS = ("source", "passage")
"""The columns that say what a row rests on: a document that is not divided into passages, and passages."""
IRI_FOLDERS = {"competence": "competence", "agent": "agent", "role": "role", "topic": "topic"}
"""Where new things of a list have their addresses."""
NAMED_CLASSES = {"role": expand_curie("bk:Role"), "topic": expand_curie("bk:Topic")}
"""The classes of new things of which a workbook tells nothing but the name, by list."""
VALUE_PATTERNS = {
    "integer": r"\d{1,7}",
    "year": r"(\d{4})(-\d\d-\d\d)?",
    "month": r"(\d{4}-(?:0[1-9]|1[0-2]))(-\d\d)?",
    "months": r"\d{1,3}",
    "boolean": r"(true|false)",
    "interval": r"(P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?)",
}
"""How values are written. A spreadsheet may have made a date of a year or month; words may stand for the last two."""
_BLANK_NODE_PATTERN = re.compile(r"_:[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*")
PREFIXED_NAME_PATTERN = re.compile(r"([a-z][a-z-]*):([\w.-]+)")


@dataclass(frozen=True)
class Remark:
    """Something about a cell that its writer should know."""

    severity: str
    """`violation`, `warning` or `info`."""
    cell: Cell
    key: str
    """Of the message."""
    values: dict[str, object] = field(default_factory=dict)
    """What is filled in in the message; a dictionary has a text for each language."""


@dataclass
class WorkbookGraph:
    """The statements of a workbook, in its order."""

    subject: NamedNode
    """What the workbook is about: a standard or a set-up."""
    triples: dict[Triple, Cell] = field(default_factory=dict)
    """Each statement, with the cell that says it."""
    property_cells: dict[tuple[NamedNode, NamedNode], list[Cell]] = field(default_factory=dict)
    """Where a property of a thing is written, whether something stands there or not."""
    dimension_sources: dict[NamedNode, NamedNode] = field(default_factory=dict)
    """The key competence that gives each outcome its dimension, where the outcome's row says none."""
    resource_cells: dict[NamedNode, Cell] = field(default_factory=dict)
    """Where each thing is."""
    remarks: list[Remark] = field(default_factory=list)

    def add(self, thing: NamedNode | BlankNode, property: NamedNode, value: NamedNode | BlankNode | Literal, cell: Cell) -> None:
        """Add a statement; what is said twice keeps its first cell."""
        self.triples.setdefault(Triple(thing, property, value), cell)

    def remark(self, severity: str, cell: Cell, key: str, **values: object) -> None:
        """Remark on a cell."""
        made = Remark(severity, cell, key, {"value": cell.text, **values})
        if made not in self.remarks:
            self.remarks.append(made)


_NUMBER_PROBLEM_KEYS = {
    "integer": "workbook.no-integer",
    "year": "workbook.no-year",
    "month": "workbook.no-month",
    "months": "workbook.no-months",
    "boolean": "workbook.no-boolean",
    "interval": "workbook.no-interval",
}
_TYPE_KEYS = {"link": "workbook.type.link", "text": "workbook.type.text"}


def _load_keywords(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the words that stand for something in a workbook, by what they stand for, in both languages: `{"hva": "what"}`."""
    return {fold_name(format_message(key, language)): word for word, key in keys.items() for language in LANGUAGES}


def build_standard_slug(book: WorkbookCells) -> str:
    """Return the end of the address of the standard that a workbook is about: the one given, or that of its role; it may be empty."""
    form = book.form
    given = form["standard-address"].text or form["role-address"].text
    return slugify(given.rstrip("/").rpartition("/")[2] or form["role-name-nb"].text)


def build_standard_graph(
    book: WorkbookCells, names: LabelIndex, project: Project, layout: Layout, elsewhere: Collection[NamedNode]
) -> WorkbookGraph:
    """Return the statements of a workbook.

    Args:
        book: what stands in it.
        names: what names mean; new things are added to it.
        project: whose base new addresses are given.
        layout: of the workbook.
        elsewhere: what other files describe. It is pointed to, never described anew.
    """
    return StandardGraphBuilder(book, names, project, layout, elsewhere).build()


_ORDER_COLUMN = Column("order", "integer")


class WorkbookGraphBuilder:
    """Makes statements of one workbook: what is the same whatever it is about."""

    def __init__(
        self,
        book: WorkbookCells,
        names: LabelIndex,
        project: Project,
        layout: Layout,
        elsewhere: Collection[NamedNode],
        subject: NamedNode,
    ) -> None:
        """Take what `build_standard_graph` takes, and the thing that the workbook is about."""
        self.book, self.names, self.base, self.layout, self.external_resources = book, names, project.base, layout, elsewhere
        self.readers: dict[str, Callable[[str, Column, Cell, Row], Term | None]] = {
            "link": self.resolve_link,
            "links": self.resolve_link,
            **dict.fromkeys(("text", "texts"), lambda part, column, cell, row: Literal(strip_bullets(part), language=column.language)),
            **dict.fromkeys(("string", "strings"), lambda part, column, cell, row: Literal(part)),
            **dict.fromkeys(VALUE_PATTERNS, lambda part, column, cell, row: self.parse_literal(part, column.value, cell)),
        }
        self.scheme = NamedNode(project.scheme)
        self.result = WorkbookGraph(subject)
        self.list_members: list[tuple[NamedNode, ListMember, Cell]] = []
        """What stands in lists, in the order of the rows, with the cell for its number."""
        self.rows_by_label: dict[str, NamedNode] = {}
        """What other sheets link to by name, placed competences or arenas: by name and address."""
        self.used_addresses = {cell.text for sheet in layout.sheets for row in book.get_rows(sheet.name) for cell in row.values()}

    def parse_address(self, cell: Cell) -> NamedNode | None:
        """Return the thing whose address stands in a cell, or nothing."""
        found = self.names.expand_iri(cell.text) if cell.text else None
        if cell.text and found is None:
            self.result.remark("violation", cell, "workbook.address")
        return found

    def parse_values(self, column: Column, row: Row) -> list[Term]:
        """Return the values that a cell holds."""
        cell = row[column.name]
        if cell.text == EMPTY_MARK:
            return []
        separators = column.separator.strip() or "\n"
        parts = re.split(f"[{separators}\n]", cell.text) if column.is_multiple else [cell.text]
        found = [self.readers[column.value](part.strip(), column, cell, row) for part in parts if part.strip()]
        return [value for value in dict.fromkeys(found) if value is not None]

    def parse_literal(self, part: str, kind: str, cell: Cell) -> Literal | None:
        """Return a number, a year, a month, a length of time, or yes or no."""
        written = _load_keywords(KEYWORDS[kind]).get(fold_name(part), part) if kind in KEYWORDS else part
        written = READERS[kind](written) if kind in READERS else written
        match = re.fullmatch(VALUE_PATTERNS[kind], written)
        if not match:
            self.result.remark("violation", cell, _NUMBER_PROBLEM_KEYS[kind])
            return None
        value = str(int(written)) if kind == "integer" else f"P{int(written)}M" if kind == "months" else match[1]
        return Literal(value, datatype=VALUE_DATATYPES[kind])

    def resolve_link(self, part: str, column: Column, cell: Cell, row: Row) -> NamedNode | None:
        """Return the thing that a name or address means; a new one where the list takes them."""
        of = column.list_name or ""
        if of in ROW_LISTS:
            found = self.rows_by_label.get(fold_name(part))
            if found is None:
                self.result.remark("violation", cell, ROW_LISTS[of], name=part)
            return found
        candidates = self.names.find_resources(part, of)
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            several = ", ".join(self.names.shorten_iri(thing) for thing in candidates)
            self.result.remark("violation", cell, "workbook.ambiguous", name=part, candidates=several)
            return None
        if self.layout.lists[of].is_open and slugify(part):
            if of == "passage":
                return self.add_passage(part, column, cell, row)
            new = NamedNode(f"{self.base}{IRI_FOLDERS[of]}/{slugify(part)}")
            if new in self.names.classes:
                return new
            if of == "competence":
                self.propose(new, part, cell, row)
            elif of in NAMED_CLASSES:
                self.add_named(new, NAMED_CLASSES[of], part, cell)
            else:
                self.add_agent(new, part, cell)
            return new
        key = "workbook.unknown-source" if of == "source" else "workbook.unknown"
        self.result.remark("violation", cell, key, name=part, suggestions=self.find_nearest_labels(part, of))
        return None

    def find_nearest_labels(self, written: str, of: str) -> dict[str, str]:
        """Return the names in a list that are nearest to what is written, by language."""
        return {language: _join_names(self.names.find_nearest(written, of, language)) for language in LANGUAGES}

    def find_labels(self, thing: NamedNode) -> dict[str, str]:
        """Return what a thing is called by language."""
        return {language: self.names.find_label(thing, language) for language in LANGUAGES}

    def propose(self, new: NamedNode, name: str, cell: Cell, row: Row) -> None:
        """Propose a competence that is not there, and tell of the nearest ones."""
        result, english = self.result, row["name-en"]
        near = self.find_nearest_labels(name, "competence")
        result.remark("info", cell, "workbook.proposed", name=name, suggestions=near)
        result.resource_cells[new], result.property_cells[new, SKOS_LABEL] = cell, [english]
        labels = {"nb": row["name-nb"].text or name, "en": english.text}
        result.add(new, RDF_TYPE, expand_curie("bk:Competence"), cell)
        for language, label in labels.items():
            if label:
                result.add(new, SKOS_LABEL, Literal(label, language=language), cell)
        for language in LANGUAGES:
            result.add(
                new,
                EDITORIAL_NOTE,
                Literal(format_message("workbook.proposed.note", language, suggestions=near[language]), language=language),
                cell,
            )
        result.add(new, IN_SCHEME, self.scheme, cell)
        result.add(new, expand_curie("skos:topConceptOf"), self.scheme, cell)
        for column in self.layout.find_sheet("placed").columns:
            if column.name in _CITATION_COLUMNS and column.predicate is not None:
                place, values = self.parse_with_default(column, row)
                for value in values:
                    result.add(new, column.predicate, value, place)  # type: ignore[arg-type]

    def add_agent(self, new: NamedNode, name: str, cell: Cell) -> None:
        """Describe an organisation that is not there."""
        result = self.result
        result.resource_cells[new] = cell
        for kind in ("foaf:Organization", "org:Organization"):
            result.add(new, RDF_TYPE, expand_curie(kind), cell)
        for language in LANGUAGES:
            result.add(new, SKOS_LABEL, Literal(name, language=language), cell)
        result.add(new, expand_curie("bk:sameInBothLanguages"), TRUE_LITERAL, cell)
        result.add(new, expand_curie("foaf:name"), Literal(name), cell)
        self.names.add([Quad(new, RDF_TYPE, expand_curie("foaf:Organization")), Quad(new, SKOS_LABEL, Literal(name, language="nb"))])

    def add_named(self, new: NamedNode, kind: NamedNode, name: str, cell: Cell) -> None:
        """Describe a thing of which nothing is told but the name."""
        described: list[tuple[NamedNode, NamedNode | Literal]] = [
            (RDF_TYPE, kind),
            *((SKOS_LABEL, Literal(name, language=language)) for language in LANGUAGES),
            (expand_curie("bk:sameInBothLanguages"), TRUE_LITERAL),
            # It is taken from no document.
            (expand_curie("bk:editorial"), TRUE_LITERAL),
        ]
        self.result.resource_cells[new] = cell
        for property, value in described:
            self.result.add(new, property, value, cell)
        self.names.add(Quad(new, property, value) for property, value in described)

    def add_passage(self, heading: str, column: Column, cell: Cell, row: Row) -> NamedNode | None:
        """Return the passage with a heading in the document that the row, or else the standard, rests on; a new one where there is none."""
        result, names = self.result, self.names
        sources = self.find_citation_column(column, "source")
        given = row[sources.name] if row[sources.name].text else self.book.form["source"]
        found = self.parse_values(sources, {**row, sources.name: given})
        document = next((thing for thing in found if isinstance(thing, NamedNode)), None)
        if document is None:
            result.remark("violation", cell, "workbook.no-document", name=heading)
            return None
        new = NamedNode(f"{document.value}/{slugify(heading)}")
        if new in names.classes:
            return new
        siblings = [thing for (thing, property), whole in names.values.items() if property == IS_PART_OF and document in whole]
        numbers = [int(v.value) for thing in siblings for v in names.values.get((thing, ORDER), []) if isinstance(v, Literal)]
        result.resource_cells[new] = cell
        described: list[tuple[NamedNode, NamedNode | Literal]] = [
            (RDF_TYPE, _PASSAGE),
            *((SKOS_LABEL, Literal(heading, language=language)) for language in LANGUAGES),
            (expand_curie("bk:sameInBothLanguages"), TRUE_LITERAL),
            (ORDER, Literal(str(1 + max(numbers, default=0)), datatype=INTEGER_DATATYPE)),
            (IS_PART_OF, document),
            (IN_DOCUMENT, document),
        ]
        for property, value in described:
            result.add(new, property, value, cell)
        names.add(Quad(new, property, value) for property, value in described)
        return new

    def find_citation_column(self, beside: Column, name: str) -> Column:
        """Return the column for sources or passages of the same thing as the one for the other."""
        wanted = ("role-" if beside.subject == "role" else "") + name
        return next(c for sheet in self.layout.sheets for c in sheet.columns if c.name == wanted and c.subject == beside.subject)

    def find_document(self, passage: Term) -> Term | None:
        """Return the document that a passage is part of."""
        if not isinstance(passage, NamedNode):
            return None
        values = self.names.values
        for document in values.get((passage, IN_DOCUMENT), []):
            return document
        return next((found for whole in values.get((passage, IS_PART_OF), []) if (found := self.find_document(whole))), None)

    def parse_with_default(self, column: Column, row: Row) -> tuple[Cell, list[Term]]:
        """Return the values of a column with their cell; where neither source nor passage is given, those of the standard."""
        cell = row[column.name]
        prefix, name = ("role-", column.name.removeprefix("role-")) if column.name.startswith("role-") else ("", column.name)
        cited = name in _CITATION_COLUMNS and any(row[prefix + one].text for one in _CITATION_COLUMNS)
        if column.default and not cell.text and not cited:
            cell = self.book.form.get(name, cell)
        values = self.parse_values(column, {**row, column.name: cell})
        if column.predicate == DCTERMS_SOURCE:
            # The document of a passage follows from the passage.
            _, passages = self.parse_with_default(self.find_citation_column(column, "passage"), row)
            documents = {self.find_document(passage) for passage in passages}
            values = [value for value in values if value not in documents]
        return cell, values

    def add_to_list(self, thing: NamedNode, row: Row, *lists: ListKey, number: int | None = None, always: bool = False) -> None:
        """Note that a thing stands in lists, in the order of the rows. `number` is the one that it has elsewhere."""
        cell = row["order"]
        if number is None:
            told = [v for v in self.parse_values(_ORDER_COLUMN, row) if isinstance(v, Literal)]
            number = next((int(value.value) for value in told), None)
        self.list_members.append((thing, ListMember(lists, number, always), cell))

    def find_number(self, thing: NamedNode) -> int | None:
        """Return the number that another file gives a thing."""
        return next((int(v.value) for v in self.names.values.get((thing, ORDER), []) if isinstance(v, Literal)), None)

    def add_numbers(self) -> None:
        """Number what is listed: as the row says, else by the order of the rows."""
        suggested = suggest_numbers([member for _, member, _ in self.list_members])
        for (thing, member, cell), following in zip(self.list_members, suggested, strict=True):
            number = following if member.number is None else member.number
            if number is not None and thing not in self.external_resources and cell.text != EMPTY_MARK:
                self.result.add(thing, ORDER, Literal(str(number), datatype=INTEGER_DATATYPE), cell)

    def describe_resource(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> None:
        """Say what a row or form says of a thing, column by column."""
        for column in sheet.columns:
            if column.predicate is not None and column.subject == of:
                self.result.property_cells.setdefault((thing, column.predicate), []).append(row[column.name])
                cell, values = self.parse_with_default(column, row)
                for value in values:
                    self.result.add(thing, column.predicate, value, cell)  # type: ignore[arg-type]

    def find_changed_cells(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> list[Cell]:
        """Return the cells that say something else of a thing than the graph does."""
        return [
            row[column.name]
            for column in sheet.columns
            if column.predicate is not None and column.subject == of
            for value in self.parse_values(column, row)
            if value not in self.names.values.get((thing, column.predicate), [])
        ]

    def is_external(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> bool:
        """Tell whether another file describes a thing; what is written otherwise here is remarked on, since it is not read."""
        if thing not in self.external_resources:
            return False
        for cell in dict.fromkeys(self.find_changed_cells(thing, sheet, row, of)):
            self.result.remark("warning", cell, "workbook.described-elsewhere", name=self.find_labels(thing))
        return True

    def mint_numbered_iri(self, above: str) -> NamedNode:
        """Return the first address below `above` that no one has."""
        number = 1
        while (name := self.names.shorten_iri(NamedNode(f"{above}/{number}"))) in self.used_addresses:
            number += 1
        self.used_addresses.add(name)
        return NamedNode(f"{above}/{number}")

    def parse_other_triples(self) -> Iterator[tuple[Triple, Cell]]:
        """Give the statements of the sheet for all the rest."""
        kinds = _load_keywords(_TYPE_KEYS)
        for row in self.book.get_rows("other"):
            thing, property, value = (self.parse_term(row[name]) for name in ("subject", "property", "value"))
            kind = row["type"].text.strip()
            object: Term | None = value
            if kinds.get(fold_name(kind)) == "text":
                object = Literal(row["value"].text)
            elif (match := PREFIXED_NAME_PATTERN.fullmatch(kind)) and match[1] in PREFIXES:
                object = Literal(row["value"].text, datatype=expand_curie(kind))
            elif kinds.get(fold_name(kind)) != "link":
                object = _parse_localized(row["value"].text, kind)
            parts = {"subject": thing, "property": property if isinstance(property, NamedNode) else None, "value": object}
            for name, part in parts.items():
                if part is None:
                    self.result.remark("violation", row[name], "workbook.no-statement")
            if all(parts.values()):
                yield Triple(*parts.values()), row["subject"]  # type: ignore[arg-type]

    def parse_term(self, cell: Cell) -> NamedNode | BlankNode | None:
        """Return what an address or prefixed name means."""
        if cell.text.startswith("_:"):
            return BlankNode(cell.text.removeprefix("_:")) if _BLANK_NODE_PATTERN.fullmatch(cell.text) else None
        match = PREFIXED_NAME_PATTERN.fullmatch(cell.text)
        if match and match[1] in PREFIXES:
            return expand_curie(cell.text)
        return self.names.expand_iri(cell.text)


def _parse_localized(text: str, tag: str) -> Literal | None:
    """Return a text with the tag of its language, or nothing where that is none."""
    try:
        return Literal(text, language=tag) if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", tag) else None
    except ValueError:
        return None


class StandardGraphBuilder(WorkbookGraphBuilder):
    """Makes statements of the workbook of a standard."""

    def __init__(self, book: WorkbookCells, names: LabelIndex, project: Project, layout: Layout, elsewhere: Collection[NamedNode]) -> None:
        """Take what `build_standard_graph` takes."""
        self.standard = NamedNode(f"{project.base}standard/{build_standard_slug(book)}")
        super().__init__(book, names, project, layout, elsewhere, self.standard)
        self.role = self.parse_address(book.form["role-address"]) or NamedNode(f"{self.base}role/{slugify(book.form['role-name-nb'].text)}")

    def build(self) -> WorkbookGraph:
        """Return all statements."""
        others = list(self.parse_other_triples())
        self.names.add(Quad(*triple) for triple, _ in others if not isinstance(triple.object, Triple))
        self.add_sources()
        self.add_role_and_standard()
        self.add_duties()
        self.keys = [(row, found) for row in self.book.get_rows("keys") if (found := row["key"]).text]
        self.add_placements()
        self.add_outcomes()
        self.add_numbers()
        for triple, cell in others:
            self.result.triples.setdefault(triple, cell)
            if isinstance(triple.subject, NamedNode):
                self.result.resource_cells.setdefault(triple.subject, cell)
        return self.result

    def add_sources(self) -> None:
        """Describe the sources that are new."""
        sheet = self.layout.find_sheet("sources")
        for row in self.book.get_rows("sources"):
            named = row["name-nb"].text or row["name-en"].text
            source = self.parse_address(row["address"]) or NamedNode(f"{self.base}source/{slugify(named)}")
            self.result.resource_cells[source] = row["name-nb"]
            if not self.is_external(source, sheet, row):
                self.result.add(source, RDF_TYPE, SHEET_CLASSES["sources"], row["name-nb"])
                self.describe_resource(source, sheet, row)
                self.names.add(Quad(*triple) for triple in self.result.triples if triple.subject == source)

    def add_role_and_standard(self) -> None:
        """Describe role and standard."""
        form, sheet, result = self.book.form, self.layout.find_sheet("role"), self.result
        result.resource_cells[self.role], result.resource_cells[self.standard] = form["role-name-nb"], form["title-nb"]
        if not self.is_external(self.role, sheet, form, "role"):
            result.add(self.role, RDF_TYPE, expand_curie("bk:Role"), form["role-name-nb"])
            self.describe_resource(self.role, sheet, form, "role")
        result.add(self.standard, RDF_TYPE, expand_curie("bk:CompetenceStandard"), form["title-nb"])
        result.add(self.standard, DESCRIBES_ROLE, self.role, form["role-name-nb"])
        self.describe_resource(self.standard, sheet, form, "standard")
        for name, property in (("keys", HAS_KEY_COMPETENCE), ("placed", HAS_PLACEMENT), ("outcomes", HAS_LEARNING_OUTCOME)):
            result.property_cells[self.standard, property] = [self.book.find_next_row(self.layout.find_sheet(name))]

    def add_duties(self) -> None:
        """Describe the duties of a role that is described here; those of another are there to be read."""
        sheet = self.layout.find_sheet("duties")
        for row in self.book.get_rows("duties"):
            duty = self.parse_address(row["address"]) or self.mint_numbered_iri(f"{self.role.value}/duty")
            if self.is_external(duty, sheet, row):
                continue
            if self.role in self.external_resources:
                self.result.remark("warning", row["name-nb"], "workbook.described-elsewhere", name=self.find_labels(self.role))
                continue
            self.result.resource_cells[duty] = row["name-nb"]
            self.result.add(self.role, HAS_DUTY, duty, row["name-nb"])
            self.add_to_list(duty, row, (self.role, HAS_DUTY))
            self.result.add(duty, RDF_TYPE, SHEET_CLASSES["duties"], row["name-nb"])
            self.describe_resource(duty, sheet, row)

    def add_placements(self) -> None:
        """Describe the placed competences, and the key competences among them."""
        sheet, result = self.layout.find_sheet("placed"), self.result
        rows: list[tuple[Row, NamedNode]] = []
        for row in self.book.get_rows("placed"):
            found = self.parse_values(sheet.find_column("competence"), row)
            competence = next((thing for thing in found if isinstance(thing, NamedNode)), None)
            is_named = any(row[f"name-{language}"].text for language in LANGUAGES)
            for language in LANGUAGES:
                cell = row[f"name-{language}"]
                if not cell.text and competence is not None:
                    unknown = row["competence"].text if language == "nb" else ""
                    row[f"name-{language}"] = replace(cell, text=self.names.labels.get(competence, {}).get(language, unknown))
            written = row["name-nb"].text or row["name-en"].text
            end = slugify(competence.value.rpartition("/")[2] if competence is not None else written)
            placed = self.parse_address(row["address"]) or NamedNode(f"{self.standard.value}/{end}")
            here = row["competence"] if row["competence"].text else row["name-nb"]
            if placed in result.resource_cells:
                result.remark("violation", here, "workbook.duplicate", name=written)
                continue
            result.resource_cells[placed] = here
            rows.append((row, placed))
            # The method's own name is the same in both languages where it is meant to be.
            if not is_named and row["name-nb"].text == row["name-en"].text:
                result.add(placed, expand_curie("bk:sameInBothLanguages"), TRUE_LITERAL, here)
        # An address goes before a name, and the name in the standard before that of the competence.
        for _, placed in rows:
            self.rows_by_label[fold_name(self.names.shorten_iri(placed))] = placed
        for name in ("name-nb", "name-en", "competence"):
            for row, placed in rows:
                self.rows_by_label.setdefault(fold_name(row[name].text), placed)
        key_column, rationale = self.layout.find_sheet("keys").columns[0], self.layout.find_sheet("keys")
        keys: dict[NamedNode, Row] = {}
        for row in self.book.get_rows("keys"):
            for key in self.parse_values(key_column, row):
                assert isinstance(key, NamedNode)
                if key in keys:
                    result.remark("violation", row["key"], "workbook.duplicate", name=row["key"].text)
                keys.setdefault(key, row)
            if not row["key"].text:
                result.remark("violation", row["key"], "workbook.no-key")
        row_by_placement = {placed: row for row, placed in rows}
        for key, row in keys.items():
            result.add(self.standard, HAS_KEY_COMPETENCE, key, row["key"])
            self.add_to_list(key, row_by_placement[key], (self.standard, HAS_KEY_COMPETENCE))
        for row, placed in rows:
            here = result.resource_cells[placed]
            result.add(placed, RDF_TYPE, expand_curie("bk:KeyCompetence" if placed in keys else "bk:PlacedCompetence"), here)
            if placed not in keys:
                result.add(self.standard, HAS_PLACEMENT, placed, here)
                self.add_to_list(placed, row, (self.standard, HAS_PLACEMENT))
            self.describe_resource(placed, sheet, row)
            # The place in the model is asked for first; the dimension only where that is not known.
            result.property_cells[placed, IN_DIMENSION] = [row["dimension"] if row["dimension"].text else row["position"]]
            if placed in keys:
                self.describe_resource(placed, rationale, keys[placed])
                for kind in ITEM_KEYS:
                    result.property_cells[placed, expand_curie(f"bk:{kind}")] = [self.book.find_next_row(self.layout.find_sheet("items"))]
                result.property_cells[placed, HAS_LEARNING_OUTCOME] = [self.book.find_next_row(self.layout.find_sheet("outcomes"))]
        self.add_items()

    def add_items(self) -> None:
        """Say what and why."""
        sheet, kinds = self.layout.find_sheet("items"), _load_keywords(ITEM_KEYS)
        for row in self.book.get_rows("items"):
            kind = kinds.get(fold_name(row["kind"].text))
            if kind is None:
                self.result.remark("violation", row["kind"], "workbook.no-item-kind")
            if not row["key"].text:
                self.result.remark("violation", row["key"], "workbook.no-key")
            for key in self.parse_values(sheet.find_column("key"), row) if kind else ():
                assert isinstance(key, NamedNode)
                property, here = expand_curie(f"bk:{kind}"), row["item-nb"] if row["item-nb"].text else row["item-en"]
                item = self.parse_address(row["address"]) or self.mint_numbered_iri(f"{key.value}/{kind}")
                if item in self.result.resource_cells:
                    self.result.remark("violation", row["address"], "workbook.duplicate", name=row["address"].text)
                    continue
                self.result.resource_cells[item] = here
                self.result.add(key, property, item, here)
                self.result.add(item, RDF_TYPE, SHEET_CLASSES["items"], here)
                self.describe_resource(item, sheet, row)
                self.add_to_list(item, row, (key, property), always=True)

    def find_dimension(self, placed: NamedNode) -> NamedNode | None:
        """Return the dimension of a placed competence: told, or that of its position."""
        told = [t.object for t in self.result.triples if t.subject == placed and t.predicate in (IN_DIMENSION, AT_POSITION)]
        for place in told:
            found = [place, *self.names.values.get((place, expand_curie("bk:ofDimension")), [])][-1]  # type: ignore[arg-type]
            if isinstance(found, NamedNode):
                return found
        return None

    def add_outcomes(self) -> None:
        """Describe the outcomes, and tie them to key competences and standard. One that is shared and reworded becomes a variant."""
        sheet, result = self.layout.find_sheet("outcomes"), self.result
        for row in self.book.get_rows("outcomes"):
            here = row["statement-nb"] if row["statement-nb"].text else row["name-nb"]
            keys, editorial = (self.parse_values(sheet.find_column(name), row) for name in ("key", "editorial-key"))
            outcome = self.parse_address(row["address"])
            shared = outcome if outcome in self.external_resources else None
            if shared is not None and self.find_changed_cells(shared, sheet, row):
                result.remark("info", here, "workbook.variant", name=self.find_labels(shared))
                outcome = None
            if outcome is None:
                outcome = self.mint_numbered_iri(
                    f"{keys[0].value if keys and isinstance(keys[0], NamedNode) else self.standard.value}/outcome"
                )
            if outcome in result.resource_cells:
                result.remark("violation", row["address"], "workbook.duplicate", name=row["address"].text)
                continue
            result.resource_cells[outcome] = here
            for key in keys:
                result.add(key, HAS_LEARNING_OUTCOME, outcome, row["key"])  # type: ignore[arg-type]
            if not keys:
                result.add(self.standard, HAS_LEARNING_OUTCOME, outcome, here)
            lists = [(key, HAS_LEARNING_OUTCOME) for key in keys or [self.standard]]
            self.add_to_list(outcome, row, *lists, number=self.find_number(outcome) if outcome == shared else None)
            for key in editorial:
                result.add(key, HAS_EDITORIAL_OUTCOME, outcome, row["editorial-key"])  # type: ignore[arg-type]
            if outcome == shared:
                continue
            result.add(outcome, RDF_TYPE, SHEET_CLASSES["outcomes"], here)
            self.describe_resource(outcome, sheet, row)
            if shared is not None:
                result.add(outcome, _VARIANT_OF, shared, row["address"])
            if keys and isinstance(keys[0], NamedNode) and not row["dimension"].text:
                result.dimension_sources[outcome] = keys[0]
                dimension = self.find_dimension(keys[0])
                if dimension is not None:
                    result.add(outcome, IN_DIMENSION, dimension, row["dimension"])


def _join_names(names: list[str]) -> str:
    """Return names as a list to read."""
    return ", ".join(f"«{name}»" for name in names) or "–"
