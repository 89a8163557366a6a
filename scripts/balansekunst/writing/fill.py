"""Fill a workbook with what a file says of a standard. What no column is for stands on the last sheet, so that nothing is lost."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES, text
from balansekunst.project import Project
from balansekunst.publication.rdf import PREFIXES
from balansekunst.writing.graph import (
    CLASSES,
    DUTY,
    EDITORIAL_OUTCOME,
    INTEGER,
    KEY,
    MONTH,
    OUTCOME,
    PLACEMENT,
    PREFIXED,
    ROLE,
    YEAR,
    make,
)
from balansekunst.writing.names import Names
from balansekunst.writing.sheets import ITEM_KINDS, NONE, Column, Layout, Sheet, book_of, term

Filled = dict[str, list[dict[str, str]]]
"""The text of each cell by sheet, row and column."""
SOURCE = term("dcterms:source")
LONGEST = 30_000
"""Characters in a cell. A spreadsheet takes 32,767."""
DATATYPES = {"integer": INTEGER, "year": YEAR, "month": MONTH, "string": term("xsd:string"), "strings": term("xsd:string")}


class Filler:
    """Fills one workbook."""

    def __init__(self, triples: Iterable[Triple], names: Names, layout: Layout, language: str) -> None:
        """Take the statements of a file in its order, what things are called, and the language of the workbook."""
        self.triples, self.names, self.layout, self.language = list(dict.fromkeys(triples)), names, layout, language
        self.objects: dict[tuple[Term, Term], list[Term]] = {}
        for triple in self.triples:
            self.objects.setdefault((triple.subject, triple.predicate), []).append(triple.object)
        self.placed: list[NamedNode] = []

    def of(self, thing: NamedNode, property: NamedNode) -> list[Term]:
        """Return the values of a property: as the file has them, or the graph where the file is silent on the thing."""
        if (thing, RDF_TYPE) in self.objects or (thing, property) in self.objects:
            return self.objects.get((thing, property), [])
        return self.names.values.get((thing, property), [])

    def written(self, value: Term, column: Column) -> str | None:
        """Return what stands in a cell for a value, or nothing where the cell cannot hold it."""
        if column.value in ("link", "links"):
            if not isinstance(value, NamedNode):
                return None
            if column.of == "placed":
                return self.placed_name(value) if value in self.placed else None
            shown = self.names.shown(value, column.of or "", self.language)
            return shown if self.names.found(shown, column.of or "") == [value] and column.separator not in shown else None
        if not isinstance(value, Literal) or value.language != column.language:
            return None
        if column.language is None and value.datatype != DATATYPES[column.value]:
            return None
        plain = value.value == value.value.strip() and value.value not in ("", NONE) and "\n" not in value.value and "\r" not in value.value
        return value.value if plain else None

    def cell(self, values: list[Term], column: Column) -> str:
        """Return the text of a cell."""
        found = [shown for value in values if (shown := self.written(value, column)) is not None]
        kept = found if column.many else found[:1]
        while sum(map(len, kept)) > LONGEST:
            kept.pop()
        return column.separator.join(kept) or (NONE if column.default else "")

    def row(self, thing: NamedNode, sheet: Sheet, of: str | None = None) -> dict[str, str]:
        """Return the cells that say what is said of a thing."""
        filled = {
            column.name: self.cell(self.of(thing, column.predicate), column)
            for column in sheet.columns
            if column.predicate is not None and column.thing == of
        }
        return filled | {
            column.name: self.names.address(thing) for column in sheet.columns if column.value == "address" and column.thing == of
        }

    def placed_name(self, placed: NamedNode) -> str:
        """Return what a placed competence is called on the other sheets: its name, or its address where several have it."""
        alike = [other for other in self.placed if self.name(placed) in self.labels(other).values()]
        return self.name(placed) if alike == [placed] else self.names.address(placed)

    def labels(self, placed: NamedNode) -> dict[str | None, str]:
        """Return the names of a placed competence by language."""
        return {v.language: v.value for v in self.of(placed, term("skos:prefLabel")) if isinstance(v, Literal)}

    def name(self, placed: NamedNode) -> str:
        """Return the name of a placed competence as the workbook's language has it."""
        return self.labels(placed).get(self.language) or self.names.address(placed)

    def filled(self, standard: NamedNode, role: NamedNode | None = None) -> Filled:
        """Return all sheets but the last, of a standard and the role that it describes or is to describe."""
        sheet = self.layout.sheet
        role = next((v for v in self.of(standard, ROLE) if isinstance(v, NamedNode)), role)
        keys = self.nodes(self.of(standard, KEY))
        self.placed = [*keys, *(node for node in self.nodes(self.of(standard, PLACEMENT)) if node not in keys)]
        form = self.row(standard, sheet("role"), "standard")
        if role is not None:
            form |= self.row(role, sheet("role"), "role")
        ties: dict[NamedNode, list[NamedNode]] = {}
        for thing in (*self.placed, standard):
            for outcome in self.nodes(self.of(thing, OUTCOME)):
                ties.setdefault(outcome, []).append(thing)
        return {
            "role": [form],
            "duties": [self.row(duty, sheet("duties")) for duty in self.nodes(self.of(role, DUTY) if role is not None else [])],
            "placed": [self.row(placed, sheet("placed")) for placed in self.placed],
            "keys": [{"key": self.placed_name(key), **self.row(key, sheet("keys"))} for key in keys],
            "items": [item for key in keys for kind in ITEM_KINDS for item in self.items(key, kind)],
            "outcomes": [self.outcome(outcome, tied, standard) for outcome, tied in ties.items()],
            "sources": [self.row(source, sheet("sources")) for source in self.sources(role)],
        }

    def sources(self, role: NamedNode | None) -> list[NamedNode]:
        """Return the sources that the file describes or names, and those of the role."""
        described = (t.subject for t in self.triples if t.predicate == RDF_TYPE and t.object == CLASSES["sources"])
        named = (t.object for t in self.triples if t.predicate == SOURCE)
        return self.nodes([*described, *named, *(self.of(role, SOURCE) if role is not None else [])])

    def nodes(self, values: Iterable[Term]) -> list[NamedNode]:
        """Return the things among values."""
        return [value for value in dict.fromkeys(values) if isinstance(value, NamedNode)]

    def items(self, key: NamedNode, kind: str) -> list[dict[str, str]]:
        """Return the rows of what or why: each text, with the one in the other language that follows it."""
        columns = {column.language: column for column in self.layout.sheet("items").columns if column.language}
        rows: list[dict[str, str]] = []
        for value in self.of(key, term(f"bk:{kind}")):
            column = columns.get(value.language or "") if isinstance(value, Literal) else None
            if column is None or not (shown := self.written(value, column)):
                continue
            if not rows or column.name in rows[-1] or column.language == LANGUAGES[0]:
                rows.append({"key": self.placed_name(key), "kind": text(f"workbook.item.{kind}", self.language)})
            rows[-1][column.name] = shown
        return rows

    def outcome(self, outcome: NamedNode, tied: list[NamedNode], standard: NamedNode) -> dict[str, str]:
        """Return the row of an outcome."""
        editorial = [placed for placed in self.placed if outcome in self.of(placed, EDITORIAL_OUTCOME)]
        ties = {"key": [key for key in tied if key != standard], "editorial-key": editorial}
        columns = self.layout.sheet("outcomes").column
        row = self.row(outcome, self.layout.sheet("outcomes"))
        return {name: self.cell(list(keys), columns(name)) for name, keys in ties.items()} | row


def fill(
    triples: Iterable[Triple], standard: NamedNode, names: Names, project: Project, layout: Layout, elsewhere: set[NamedNode], language: str
) -> Filled:
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
    """
    filler = Filler(triples, names, layout, language)
    filled = filler.filled(standard)
    carried = make(book_of(filled), names, project, layout, elsewhere).triples
    assert carried.keys() <= set(filler.triples), sorted(map(str, carried.keys() - set(filler.triples)))
    return filled | {"other": [other(triple, names, language) for triple in filler.triples if triple not in carried]}


def other(triple: Triple, names: Names, language: str) -> dict[str, str]:
    """Return a statement as a row of the last sheet."""
    value, link = triple.object, text("workbook.type.link", language)
    if isinstance(value, Literal):
        datatype = compact(value.datatype, names)
        kind = value.language or (text("workbook.type.text", language) if datatype == "xsd:string" else datatype)
        told = (value.value, kind)
    else:
        told = (compact(value, names), link)
    return {"thing": compact(triple.subject, names), "property": compact(triple.predicate, names), "value": told[0], "type": told[1]}


def compact(node: Term, names: Names) -> str:
    """Return an address with a prefix, from the base on, or whole."""
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    assert isinstance(node, NamedNode)
    for prefix, namespace in PREFIXES.items():
        short = f"{prefix}:{node.value.removeprefix(namespace)}"
        if node.value.startswith(namespace) and PREFIXED.fullmatch(short):
            return short
    return names.address(node)
