"""Turn what a workbook says into statements, and remember in which cell each stands."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from balansekunst.checking.rules import RDF_TYPE, SKOS_LABEL
from balansekunst.checking.scope import IN_SCHEME
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES, catalogue, text
from balansekunst.project import Project, slug
from balansekunst.publication.rdf import PREFIXES
from balansekunst.writing.names import Names
from balansekunst.writing.sheets import ITEM_KINDS, NONE, Book, Cell, Column, Layout, Row, Sheet, term

COMPETENCE, POSITION, DIMENSION = term("bk:competence"), term("bk:atPosition"), term("bk:inDimension")
OUTCOME, EDITORIAL_OUTCOME, VARIANT = term("bk:hasLearningOutcome"), term("bk:hasEditorialOutcome"), term("bk:variantOf")
KEY, PLACEMENT, ROLE, DUTY = term("bk:hasKeyCompetence"), term("bk:hasPlacement"), term("bk:describesRole"), term("bk:hasDuty")
NOTE = term("skos:editorialNote")
INTEGER, YEAR, MONTH = (term(f"xsd:{name}") for name in ("integer", "gYear", "gYearMonth"))
TRUE = Literal("true", datatype=term("xsd:boolean"))
CLASSES = {"duties": term("bk:Duty"), "outcomes": term("bk:LearningOutcome"), "sources": term("bk:SourceDocument")}
FOLDERS = {"competence": "competence", "agent": "agent"}
"""Where new things of a list have their addresses."""
FORMS = {"integer": r"\d{1,7}", "year": r"(\d{4})(-\d\d-\d\d)?", "month": r"(\d{4}-(?:0[1-9]|1[0-2]))(-\d\d)?"}
"""Numbers, years and months; a spreadsheet may have made a date of the last two."""
PREFIXED = re.compile(r"([a-z][a-z-]*):([\w.-]+)")


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
class Made:
    """The statements of a workbook, in its order."""

    standard: NamedNode
    triples: dict[Triple, Cell] = field(default_factory=dict)
    """Each statement, with the cell that says it."""
    columns: dict[tuple[NamedNode, NamedNode], list[Cell]] = field(default_factory=dict)
    """Where a property of a thing is written, whether something stands there or not."""
    derived: dict[NamedNode, NamedNode] = field(default_factory=dict)
    """The key competence that gives each outcome its dimension, where the outcome's row says none."""
    things: dict[NamedNode, Cell] = field(default_factory=dict)
    """Where each thing is."""
    remarks: list[Remark] = field(default_factory=list)

    def add(self, thing: NamedNode | BlankNode, property: NamedNode, value: NamedNode | BlankNode | Literal, cell: Cell) -> None:
        """Add a statement; what is said twice keeps its first cell."""
        self.triples.setdefault(Triple(thing, property, value), cell)

    def remark(self, severity: str, cell: Cell, key: str, **values: object) -> None:
        """Remark on a cell."""
        made = Remark(severity, cell, key, {"written": cell.text, **values})
        if made not in self.remarks:
            self.remarks.append(made)


def words(name: str) -> dict[str, str]:
    """Return the words that stand for something in a workbook, by what they stand for, in both languages: `{"hva": "what"}`."""
    keys = {key.rsplit(".", 1)[-1]: key for key in catalogue("nb") if key.startswith(f"workbook.{name}.")}
    return {text(key, language).casefold(): word for word, key in keys.items() for language in LANGUAGES}


def standard_slug(book: Book) -> str:
    """Return the end of the address of the standard that a workbook is about: the one given, or that of its role; it may be empty."""
    form = book.form
    given = form["standard-address"].text or form["role-address"].text
    return slug(given.rstrip("/").rpartition("/")[2] or form["role-name-nb"].text)


def make(book: Book, names: Names, project: Project, layout: Layout, elsewhere: Collection[NamedNode]) -> Made:
    """Return the statements of a workbook.

    Args:
        book: what stands in it.
        names: what names mean; new things are added to it.
        project: whose base new addresses are given.
        layout: of the workbook.
        elsewhere: what other files describe. It is pointed to, never described anew.
    """
    return Maker(book, names, project, layout, elsewhere).made()


class Maker:
    """Makes statements of one workbook."""

    def __init__(self, book: Book, names: Names, project: Project, layout: Layout, elsewhere: Collection[NamedNode]) -> None:
        """Take what `make` takes."""
        self.book, self.names, self.base, self.layout, self.elsewhere = book, names, project.base, layout, elsewhere
        self.readers: dict[str, Callable[[str, Column, Cell, Row], Term | None]] = {
            "link": self.link,
            "links": self.link,
            **dict.fromkeys(("text", "texts"), lambda part, column, cell, row: Literal(part, language=column.language)),
            **dict.fromkeys(("string", "strings"), lambda part, column, cell, row: Literal(part)),
            "integer": lambda part, column, cell, row: self.formed(part, "integer", INTEGER, cell),
            "year": lambda part, column, cell, row: self.formed(part, "year", YEAR, cell),
            "month": lambda part, column, cell, row: self.formed(part, "month", MONTH, cell),
        }
        self.scheme = NamedNode(project.scheme)
        self.standard = NamedNode(f"{self.base}standard/{standard_slug(book)}")
        self.result = Made(self.standard)
        self.role = self.address(book.form["role-address"]) or NamedNode(f"{self.base}role/{slug(book.form['role-name-nb'].text)}")
        self.placed: dict[str, NamedNode] = {}
        """Placed competences by name and address."""
        self.used = {cell.text for sheet in layout.sheets for row in book.of(sheet.name) for cell in row.values()}

    def address(self, cell: Cell) -> NamedNode | None:
        """Return the thing whose address stands in a cell, or nothing."""
        found = self.names.addressed(cell.text) if cell.text else None
        if cell.text and found is None:
            self.result.remark("violation", cell, "workbook.address")
        return found

    def made(self) -> Made:
        """Return all statements."""
        others = list(self.others())
        self.names.add(Quad(*triple) for triple, _ in others if not isinstance(triple.object, Triple))
        self.sources()
        self.head()
        self.duties()
        self.keys = [(row, found) for row in self.book.of("keys") if (found := row["key"]).text]
        self.placements()
        self.outcomes()
        for triple, cell in others:
            self.result.triples.setdefault(triple, cell)
            if isinstance(triple.subject, NamedNode):
                self.result.things.setdefault(triple.subject, cell)
        return self.result

    def values(self, column: Column, row: Row) -> list[Term]:
        """Return the values that a cell holds."""
        cell = row[column.name]
        if cell.text == NONE:
            return []
        separators = column.separator.strip() or "\n"
        parts = re.split(f"[{separators}\n]", cell.text) if column.many else [cell.text]
        found = [self.readers[column.value](part.strip(), column, cell, row) for part in parts if part.strip()]
        return [value for value in dict.fromkeys(found) if value is not None]

    def formed(self, part: str, kind: str, datatype: NamedNode, cell: Cell) -> Literal | None:
        """Return a number, a year or a month."""
        match = re.fullmatch(FORMS[kind], part)
        if not match:
            self.result.remark("violation", cell, f"workbook.no-{kind}")
            return None
        return Literal(str(int(part)) if kind == "integer" else match[1], datatype=datatype)

    def link(self, part: str, column: Column, cell: Cell, row: Row) -> NamedNode | None:
        """Return the thing that a name or address means; a new one where the list takes them."""
        of = column.of or ""
        if of == "placed":
            found = self.placed.get(part.casefold())
            if found is None:
                self.result.remark("violation", cell, "workbook.not-placed", name=part)
            return found
        candidates = self.names.found(part, of)
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            several = ", ".join(self.names.address(thing) for thing in candidates)
            self.result.remark("violation", cell, "workbook.ambiguous", name=part, candidates=several)
            return None
        if self.layout.lists[of].new and slug(part):
            new = NamedNode(f"{self.base}{FOLDERS[of]}/{slug(part)}")
            if new in self.names.kinds:
                return new
            if of == "competence":
                self.propose(new, part, cell, row)
            else:
                self.new_agent(new, part, cell)
            return new
        key = "workbook.unknown-source" if of == "source" else "workbook.unknown"
        self.result.remark("violation", cell, key, name=part, near=self.near(part, of))
        return None

    def near(self, written: str, of: str) -> dict[str, str]:
        """Return the names in a list that are nearest to what is written, by language."""
        return {language: listed(self.names.near(written, of, language)) for language in LANGUAGES}

    def label(self, thing: NamedNode) -> dict[str, str]:
        """Return what a thing is called by language."""
        return {language: self.names.label(thing, language) for language in LANGUAGES}

    def propose(self, new: NamedNode, name: str, cell: Cell, row: Row) -> None:
        """Propose a competence that is not there, and tell of the nearest ones."""
        result, english = self.result, row["name-en"]
        near = self.near(name, "competence")
        result.remark("info", cell, "workbook.proposed", name=name, near=near)
        result.things[new], result.columns[new, SKOS_LABEL] = cell, [english]
        labels = {"nb": row["name-nb"].text or name, "en": english.text}
        result.add(new, RDF_TYPE, term("bk:Competence"), cell)
        for language, label in labels.items():
            if label:
                result.add(new, SKOS_LABEL, Literal(label, language=language), cell)
        for language in LANGUAGES:
            result.add(new, NOTE, Literal(text("workbook.proposed.note", language, near=near[language]), language=language), cell)
        result.add(new, IN_SCHEME, self.scheme, cell)
        result.add(new, term("skos:topConceptOf"), self.scheme, cell)
        for column in self.layout.sheet("placed").columns:
            if column.name in ("source", "locator") and column.predicate is not None:
                place, values = self.told(column, row)
                for value in values:
                    result.add(new, column.predicate, value, place)  # type: ignore[arg-type]

    def new_agent(self, new: NamedNode, name: str, cell: Cell) -> None:
        """Describe an organisation that is not there."""
        result = self.result
        result.things[new] = cell
        for kind in ("foaf:Organization", "org:Organization"):
            result.add(new, RDF_TYPE, term(kind), cell)
        for language in LANGUAGES:
            result.add(new, SKOS_LABEL, Literal(name, language=language), cell)
        result.add(new, term("bk:sameInBothLanguages"), TRUE, cell)
        result.add(new, term("foaf:name"), Literal(name), cell)
        self.names.add([Quad(new, RDF_TYPE, term("foaf:Organization")), Quad(new, SKOS_LABEL, Literal(name, language="nb"))])

    def told(self, column: Column, row: Row) -> tuple[Cell, list[Term]]:
        """Return the values of a column with their cell; where a source or place is empty, those of the standard."""
        cell = row[column.name]
        if column.default and not cell.text:
            cell = self.book.form.get(column.name.removeprefix("role-"), cell)
        return cell, self.values(column, {**row, column.name: cell})

    def described(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> None:
        """Say what a row or form says of a thing, column by column."""
        for column in sheet.columns:
            if column.predicate is not None and column.thing == of:
                self.result.columns.setdefault((thing, column.predicate), []).append(row[column.name])
                cell, values = self.told(column, row)
                for value in values:
                    self.result.add(thing, column.predicate, value, cell)  # type: ignore[arg-type]

    def changed(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> list[Cell]:
        """Return the cells that say something else of a thing than the graph does."""
        return [
            row[column.name]
            for column in sheet.columns
            if column.predicate is not None and column.thing == of
            for value in self.values(column, row)
            if value not in self.names.values.get((thing, column.predicate), [])
        ]

    def is_elsewhere(self, thing: NamedNode, sheet: Sheet, row: Row, of: str | None = None) -> bool:
        """Tell whether another file describes a thing; what is written otherwise here is remarked on, since it is not read."""
        if thing not in self.elsewhere:
            return False
        for cell in dict.fromkeys(self.changed(thing, sheet, row, of)):
            self.result.remark("warning", cell, "workbook.elsewhere", name=self.label(thing))
        return True

    def sources(self) -> None:
        """Describe the sources that are new."""
        sheet = self.layout.sheet("sources")
        for row in self.book.of("sources"):
            named = row["name-nb"].text or row["name-en"].text
            source = self.address(row["address"]) or NamedNode(f"{self.base}source/{slug(named)}")
            self.result.things[source] = row["name-nb"]
            if not self.is_elsewhere(source, sheet, row):
                self.result.add(source, RDF_TYPE, CLASSES["sources"], row["name-nb"])
                self.described(source, sheet, row)
                self.names.add(Quad(*triple) for triple in self.result.triples if triple.subject == source)

    def head(self) -> None:
        """Describe role and standard."""
        form, sheet, result = self.book.form, self.layout.sheet("role"), self.result
        result.things[self.role], result.things[self.standard] = form["role-name-nb"], form["title-nb"]
        if not self.is_elsewhere(self.role, sheet, form, "role"):
            result.add(self.role, RDF_TYPE, term("bk:Role"), form["role-name-nb"])
            self.described(self.role, sheet, form, "role")
        result.add(self.standard, RDF_TYPE, term("bk:CompetenceStandard"), form["title-nb"])
        result.add(self.standard, ROLE, self.role, form["role-name-nb"])
        self.described(self.standard, sheet, form, "standard")
        for name, property in (("keys", KEY), ("placed", PLACEMENT), ("outcomes", OUTCOME)):
            result.columns[self.standard, property] = [self.book.next_row(self.layout.sheet(name))]

    def duties(self) -> None:
        """Describe the duties of a role that is described here; those of another are there to be read."""
        sheet = self.layout.sheet("duties")
        for row in self.book.of("duties"):
            duty = self.address(row["address"]) or self.numbered(f"{self.role.value}/duty")
            if self.is_elsewhere(duty, sheet, row):
                continue
            if self.role in self.elsewhere:
                self.result.remark("warning", row["name-nb"], "workbook.elsewhere", name=self.label(self.role))
                continue
            self.result.things[duty] = row["name-nb"]
            self.result.add(self.role, DUTY, duty, row["name-nb"])
            self.result.add(duty, RDF_TYPE, CLASSES["duties"], row["name-nb"])
            self.described(duty, sheet, row)

    def numbered(self, above: str) -> NamedNode:
        """Return the first address below `above` that no one has."""
        number = 1
        while (name := self.names.address(NamedNode(f"{above}/{number}"))) in self.used:
            number += 1
        self.used.add(name)
        return NamedNode(f"{above}/{number}")

    def placements(self) -> None:
        """Describe the placed competences, and the key competences among them."""
        sheet, result = self.layout.sheet("placed"), self.result
        rows: list[tuple[Row, NamedNode]] = []
        for row in self.book.of("placed"):
            found = self.values(sheet.column("competence"), row)
            competence = next((thing for thing in found if isinstance(thing, NamedNode)), None)
            for language in LANGUAGES:
                cell = row[f"name-{language}"]
                if not cell.text and competence is not None:
                    unknown = row["competence"].text if language == "nb" else ""
                    row[f"name-{language}"] = replace(cell, text=self.names.labels.get(competence, {}).get(language, unknown))
            written = row["name-nb"].text or row["name-en"].text
            end = slug(competence.value.rpartition("/")[2] if competence is not None else written)
            placed = self.address(row["address"]) or NamedNode(f"{self.standard.value}/{end}")
            here = row["competence"] if row["competence"].text else row["name-nb"]
            if placed in result.things:
                result.remark("violation", here, "workbook.twice", name=written)
                continue
            result.things[placed] = here
            rows.append((row, placed))
        # An address goes before a name, and the name in the standard before that of the competence.
        for _, placed in rows:
            self.placed[self.names.address(placed).casefold()] = placed
        for name in ("name-nb", "name-en", "competence"):
            for row, placed in rows:
                self.placed.setdefault(row[name].text.casefold(), placed)
        key_column, rationale = self.layout.sheet("keys").columns[0], self.layout.sheet("keys")
        keys: dict[NamedNode, Row] = {}
        for row in self.book.of("keys"):
            for key in self.values(key_column, row):
                assert isinstance(key, NamedNode)
                if key in keys:
                    result.remark("violation", row["key"], "workbook.twice", name=row["key"].text)
                keys.setdefault(key, row)
            if not row["key"].text:
                result.remark("violation", row["key"], "workbook.no-key")
        for key, row in keys.items():
            result.add(self.standard, KEY, key, row["key"])
        for row, placed in rows:
            here = result.things[placed]
            result.add(placed, RDF_TYPE, term("bk:KeyCompetence" if placed in keys else "bk:PlacedCompetence"), here)
            if placed not in keys:
                result.add(self.standard, PLACEMENT, placed, here)
            self.described(placed, sheet, row)
            # The place in the model is asked for first; the dimension only where that is not known.
            result.columns[placed, DIMENSION] = [row["dimension"] if row["dimension"].text else row["position"]]
            if placed in keys:
                self.described(placed, rationale, keys[placed])
                for kind in ITEM_KINDS:
                    result.columns[placed, term(f"bk:{kind}")] = [self.book.next_row(self.layout.sheet("items"))]
                result.columns[placed, OUTCOME] = [self.book.next_row(self.layout.sheet("outcomes"))]
        self.items()

    def items(self) -> None:
        """Say what and why."""
        sheet, kinds = self.layout.sheet("items"), words("item")
        for row in self.book.of("items"):
            kind = kinds.get(row["kind"].text.casefold())
            if kind is None:
                self.result.remark("violation", row["kind"], "workbook.no-item-kind")
            if not row["key"].text:
                self.result.remark("violation", row["key"], "workbook.no-key")
            for key in self.values(sheet.column("key"), row):
                for column in sheet.columns[2:] if kind else ():
                    for value in self.values(column, row):
                        self.result.add(key, term(f"bk:{kind}"), value, row[column.name])  # type: ignore[arg-type]

    def dimension(self, placed: NamedNode) -> NamedNode | None:
        """Return the dimension of a placed competence: told, or that of its position."""
        told = [t.object for t in self.result.triples if t.subject == placed and t.predicate in (DIMENSION, POSITION)]
        for place in told:
            found = [place, *self.names.values.get((place, term("bk:ofDimension")), [])][-1]  # type: ignore[arg-type]
            if isinstance(found, NamedNode):
                return found
        return None

    def outcomes(self) -> None:
        """Describe the outcomes, and tie them to key competences and standard. One that is shared and reworded becomes a variant."""
        sheet, result = self.layout.sheet("outcomes"), self.result
        for row in self.book.of("outcomes"):
            here = row["statement-nb"] if row["statement-nb"].text else row["name-nb"]
            keys, editorial = (self.values(sheet.column(name), row) for name in ("key", "editorial-key"))
            outcome = self.address(row["address"])
            shared = outcome if outcome in self.elsewhere else None
            if shared is not None and self.changed(shared, sheet, row):
                result.remark("info", here, "workbook.variant", name=self.label(shared))
                outcome = None
            if outcome is None:
                outcome = self.numbered(f"{keys[0].value if keys and isinstance(keys[0], NamedNode) else self.standard.value}/outcome")
            if outcome in result.things:
                result.remark("violation", row["address"], "workbook.twice", name=row["address"].text)
                continue
            result.things[outcome] = here
            for key in keys:
                result.add(key, OUTCOME, outcome, row["key"])  # type: ignore[arg-type]
            if not keys:
                result.add(self.standard, OUTCOME, outcome, here)
            for key in editorial:
                result.add(key, EDITORIAL_OUTCOME, outcome, row["editorial-key"])  # type: ignore[arg-type]
            if outcome == shared:
                continue
            result.add(outcome, RDF_TYPE, CLASSES["outcomes"], here)
            self.described(outcome, sheet, row)
            if shared is not None:
                result.add(outcome, VARIANT, shared, row["address"])
            if keys and isinstance(keys[0], NamedNode) and not row["dimension"].text:
                result.derived[outcome] = keys[0]
                dimension = self.dimension(keys[0])
                if dimension is not None:
                    result.add(outcome, DIMENSION, dimension, row["dimension"])

    def others(self) -> Iterator[tuple[Triple, Cell]]:
        """Give the statements of the sheet for all the rest."""
        kinds = words("type")
        for row in self.book.of("other"):
            thing, property, value = (self.other(row[name]) for name in ("thing", "property", "value"))
            kind = row["type"].text.strip()
            object: Term | None = value
            if kinds.get(kind.casefold()) == "text":
                object = Literal(row["value"].text)
            elif kind.partition(":")[0] in PREFIXES:
                object = Literal(row["value"].text, datatype=term(kind))
            elif kinds.get(kind.casefold()) != "link":
                object = Literal(row["value"].text, language=kind) if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", kind) else None
            parts = {"thing": thing, "property": property if isinstance(property, NamedNode) else None, "value": object}
            for name, part in parts.items():
                if part is None:
                    self.result.remark("violation", row[name], "workbook.no-statement")
            if all(parts.values()):
                yield Triple(*parts.values()), row["thing"]  # type: ignore[arg-type]

    def other(self, cell: Cell) -> NamedNode | BlankNode | None:
        """Return what an address or prefixed name means."""
        if cell.text.startswith("_:"):
            return BlankNode(cell.text.removeprefix("_:"))
        match = PREFIXED.fullmatch(cell.text)
        if match and match[1] in PREFIXES:
            return term(cell.text)
        return self.names.addressed(cell.text)


def listed(names: list[str]) -> str:
    """Return names as a list to read."""
    return ", ".join(f"«{name}»" for name in names) or "–"
