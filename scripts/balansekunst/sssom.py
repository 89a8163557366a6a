"""Mappings to other vocabularies: read from SSSOM tables, and made statements of the graph.

SSSOM (https://mapping-commons.github.io/sssom/) is a table of mappings with metadata in a YAML header. A row becomes the triple itself,
and a resource that says why: an `owl:Axiom` of the triple, as SSSOM's RDF form has it, with an IRI instead of a blank node. Its IRI has a
fragment: the mapping is part of the document of its set, `mapping/{name of the table}`.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.errors import Message, UserError
from balansekunst.headers import TABLE_MARK, count_header_lines, parse_header
from balansekunst.namespaces import BASE, NAMESPACE, OWL, RDF_TYPE, SKOS_LABEL, XSD, Bases
from balansekunst.project import Project
from balansekunst.rdf.graph import Term

_SSSOM = "https://w3id.org/sssom/"
_DCTERMS = "http://purl.org/dc/terms/"
_ESCO_MODEL = "http://data.europa.eu/esco/model#"
BUILT_IN_PREFIXES = {
    "owl": OWL,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": _SSSOM,
    "xsd": XSD,
}
"""Prefixes that an SSSOM table need not declare."""
_RELATIONS = {f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}
_HUMAN_JUSTIFICATIONS = {"semapv:ManualMappingCuration", "semapv:MappingReview"}
_JUSTIFICATIONS = {
    *_HUMAN_JUSTIFICATIONS,
    "semapv:BackgroundKnowledgeBasedMatching",
    "semapv:CompositeMatching",
    "semapv:InstanceBasedMatching",
    "semapv:LexicalMatching",
    "semapv:LexicalSimilarityThresholdMatching",
    "semapv:LogicalReasoning",
    "semapv:MappingChaining",
    "semapv:MappingInversion",
    "semapv:SemanticSimilarityThresholdMatching",
    "semapv:StructuralMatching",
    "semapv:UnspecifiedMatching",
}
"""What SSSOM lets a mapping rest on (https://mapping-commons.github.io/sssom/mapping_justification/)."""
_CONFIDENCE_PATTERN = re.compile(r"0(?:\.[0-9]+)?|1(?:\.0+)?|\.[0-9]+")
_VALUE_PATTERNS = {
    "xsd:boolean": re.compile("true|false|0|1"),
    "xsd:integer": re.compile("[+-]?[0-9]+"),
    "xsd:decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
}
"""What the values of a column look like, by the type that the table gives it."""
TABLE_SUFFIX = ".sssom.tsv"
"""How the name of a mapping table ends."""
_NO_TERM_FOUND = "sssom:NoTermFound"
REQUIRED_SSSOM_COLUMNS = (
    "subject_id",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "comment",
    "reason_nb",
)
_ESCO_CLASSES = {
    "skill": f"{_ESCO_MODEL}Skill",
    "occupation": f"{_ESCO_MODEL}Occupation",
}
"""The class of what is mapped to, by the word in its address; a concept of any other vocabulary is just that."""
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
MAPPING_REASON = NamedNode(f"{NAMESPACE}mappingReason")


_ROW_JUDGE_SLOTS = ("author_label", "author_id", "reviewer_label")
"""Where a row tells who judged it, as rule L5 asks for it in the data."""
_JUDGE_SLOTS = (*_ROW_JUDGE_SLOTS, "reviewer_id", "creator_label", "creator_id")
"""Where a table may tell who judged, for a row or for all."""


@dataclass(frozen=True)
class _ExtensionHeader:
    """A column that a table adds to SSSOM's own."""

    slot_name: str
    property: str
    type_hint: str | None = None


@dataclass(frozen=True)
class _MappingSetHeader:
    """What is read of the metadata of an SSSOM table."""

    curie_map: dict[str, str]
    extension_definitions: list[_ExtensionHeader] = field(default_factory=list)
    mapping_set_title: str | None = None
    mapping_set_description: str | None = None
    object_source_version: str = ""
    creator_label: Any = None
    creator_id: Any = None
    mapping_date: Any = None


@dataclass(frozen=True)
class MappingSet:
    """One SSSOM table."""

    path: Path
    metadata: _MappingSetHeader
    """Its metadata."""
    rows: list[dict[str, str]]
    lines: list[int]
    """Where in the file each row begins, counted from 1."""

    @property
    def name(self) -> str:
        """The name of the file, without its endings."""
        return self.path.name.partition(".")[0]

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of its names."""
        return {**BUILT_IN_PREFIXES, **self.metadata.curie_map}

    def is_curie(self, name: str) -> bool:
        """Tell whether a name has a prefix that the set knows, and is a legal IRI when it is written out."""
        if name.partition(":")[0] not in self.prefixes or ":" not in name:
            return False
        try:
            NamedNode(self.expand_curie(name))
        except ValueError:
            return False
        return True

    def expand_curie(self, name: str) -> str:
        """Return the whole address of a prefixed name."""
        prefix, _, rest = name.partition(":")
        return str(self.prefixes[prefix]) + rest

    def list_matches(self) -> list[dict[str, str]]:
        """Return the rows that map to something."""
        return [row for row in self.rows if row["object_id"] != _NO_TERM_FOUND]

    @cached_property
    def extensions(self) -> dict[str, tuple[NamedNode, NamedNode | None]]:
        """The property and datatype of each column that the set adds to SSSOM's own."""
        return {
            slot.slot_name: (
                NamedNode(self.expand_curie(slot.property)),
                NamedNode(self.expand_curie(slot.type_hint)) if slot.type_hint else None,
            )
            for slot in self.metadata.extension_definitions
        }


def read_mapping_set(path: Path) -> MappingSet:
    """Read an SSSOM table, as sssom-py reads it: with a byte order mark or not, any line ends, and quoted cells.

    Raises:
        UserError: it cannot be read, its header is no YAML, it lacks a column, or a row breaks rule L5; all at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(("mappings.unreadable", {"file": path, "reason": str(error).split("\n", 1)[0]})) from None
    about = parse_header(text, path, TABLE_MARK, _MappingSetHeader, is_open=True)
    head = count_header_lines(text, TABLE_MARK)
    # Only line ends end a line: what else Unicode has for it may stand in a text.
    table = csv.reader((f"{line}\n" for line in text.split("\n")[head:]), delimiter="\t")
    cells, line = list[tuple[int, list[str]]](), head + 1
    try:
        for row in table:
            if row:
                cells.append((line, row))
            line = head + table.line_num + 1
    except csv.Error as error:
        raise UserError(("mappings.unreadable", {"file": path, "reason": f"{head + table.line_num}: {error}"})) from None
    columns = cells[0][1] if cells else []
    missing = [name for name in REQUIRED_SSSOM_COLUMNS if name not in columns]
    if missing:
        raise UserError(("mappings.columns", {"file": path, "columns": ", ".join(missing)}))
    rows = [dict(zip(columns, row, strict=False)) for _, row in cells[1:]]
    found = MappingSet(path, about, rows, [line for line, _ in cells[1:]])
    problems: list[Message] = [
        ("mappings.cells", {"file": path, "line": line, "number": len(row), "columns": len(columns)})
        for line, row in cells[1:]
        if len(row) != len(columns)
    ]
    if not problems:
        problems = [
            (key, {"file": path, "line": line, "column": column, "value": row[column]})
            for (line, _), row in zip(cells[1:], rows, strict=True)
            for key, column in _find_row_problems(found, row)
        ]
    problems += [
        ("mappings.extension", {"file": path, "name": slot.slot_name})
        for slot in found.metadata.extension_definitions
        if slot.slot_name not in columns or any(name is not None and not found.is_curie(name) for name in (slot.property, slot.type_hint))
    ]
    if problems:
        raise UserError(*problems)
    return found


def get_relation(row: Mapping[str, str]) -> str:
    """Return the relation of a row of a mapping table: `exact`, `close`, `broad` (the object is the broader), `narrow` or `related`."""
    return row["predicate_id"].removeprefix("skos:").removesuffix("Match")


def _find_row_problems(found: MappingSet, row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give what a row has that rule L5 forbids: a message, and the column."""
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        if not found.is_curie(row[column]) or (column == "subject_id" and "#" in found.expand_curie(row[column])):
            yield "mappings.name", column
            return
    if not (row["predicate_id"] in _RELATIONS or found.expand_curie(row["predicate_id"]).startswith(NAMESPACE)):
        yield "mappings.relation", "predicate_id"
    if row["mapping_justification"] not in _JUSTIFICATIONS:
        yield "mappings.justification", "mapping_justification"
    if not _CONFIDENCE_PATTERN.fullmatch(row["confidence"]):
        yield "mappings.confidence", "confidence"
    is_human = row["mapping_justification"] in _HUMAN_JUSTIFICATIONS or row.get("reviewer_label") or row.get("reviewer_id")
    if row["predicate_id"] == "skos:exactMatch" and not is_human:
        yield "mappings.exact", "mapping_justification"
    for slot in found.metadata.extension_definitions:
        pattern = _VALUE_PATTERNS.get(slot.type_hint or "")
        if pattern and row.get(slot.slot_name) and not pattern.fullmatch(row[slot.slot_name]):
            yield "mappings.type", slot.slot_name


def add_mappings(store: Store, project: Project) -> None:
    """Add the statements of every mapping table of `project` to `store`, a graph a table.

    A project of someone else's leaves out mappings of what it does not show.

    Raises:
        UserError: a table cannot be read; with a sentence for each fault of each.
    """
    problems = list[Message]()
    for path in project.list_mapping_tables():
        try:
            graph = project.reader.build_graph_name(path)
            found = read_mapping_set(path)
            if not project.is_extension:
                problems += _find_unknown_subjects(found, store)
            base = project.base if path.is_relative_to(project.root) else BASE
            if project.is_extension:
                found = _select_rows(found, lambda subject: _is_described(store, subject))
            # What another file says already is not said again: a question over all graphs would answer it twice.
            new = [triple for triple in build_mapping_triples(found, base) if next(store.quads_for_pattern(*triple, None), None) is None]
            store.extend(Quad(*triple, graph) for triple in new)
        except UserError as error:
            problems += error.messages
    if problems:
        raise UserError(*problems)


def _select_rows(found: MappingSet, is_wanted: Callable[[str], bool]) -> MappingSet:
    """Return a mapping set with only those rows whose subject is wanted."""
    kept = [is_wanted(found.expand_curie(row["subject_id"])) for row in found.rows]
    return replace(found, rows=list(compress(found.rows, kept)), lines=list(compress(found.lines, kept)))


def list_mapping_grounds(project: Project, subjects: Collection[str]) -> Iterator[Quad]:
    """Give what the tables say of the mappings of `subjects`: on what grounds, by whom, when.

    Raises:
        UserError: a table cannot be read, or breaks rule L5.
    """
    for path in project.list_mapping_tables():
        base, graph = project.base if path.is_relative_to(project.root) else BASE, project.reader.build_graph_name(path)
        found = _select_rows(read_mapping_set(path), lambda subject: subject in subjects)
        # The address of a mapping has its table before the hash.
        yield from (Quad(*triple, graph) for triple in build_mapping_triples(found, base) if "#" in triple[0].value)


def check_mapping_tables(store: Store, paths: Collection[Path]) -> list[Message]:
    """Return what to know of mapping tables that keep rule L5 but do not tell who judged, or when.

    Args:
        store: what the tables may map.
        paths: the tables.

    Raises:
        UserError: a table breaks rule L5; with a sentence for each fault of each.
    """
    problems, notes = list[Message](), list[Message]()
    for path in paths:
        try:
            found = read_mapping_set(path)
        except UserError as error:
            problems += error.messages
            continue
        problems += _find_unknown_subjects(found, store)
        about = {key for key, value in asdict(found.metadata).items() if value}
        for key, names in (("mappings.judge", _JUDGE_SLOTS), ("mappings.date", ("mapping_date",))):
            if not about & set(names) and not all(any(row.get(name) for name in names) for row in found.rows):
                notes.append((key, {"file": path}))
    if problems:
        raise UserError(*problems)
    return notes


def _find_unknown_subjects(found: MappingSet, store: Store) -> list[Message]:
    """Return a message for each row whose subject nothing describes."""
    return [
        ("mappings.subject", {"file": found.path, "line": line, "column": "subject_id", "value": row["subject_id"]})
        for line, row in zip(found.lines, found.rows, strict=True)
        if not _is_described(store, found.expand_curie(row["subject_id"]))
    ]


def _is_described(store: Store, iri: str) -> bool:
    """Tell whether a store says what something is."""
    return next(iter(store.quads_for_pattern(NamedNode(iri), RDF_TYPE, None)), None) is not None


def build_mapping_triples(found: MappingSet, base: str = BASE) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
    """Give the triples of a mapping set.

    Args:
        found: the table.
        base: what the IRI of the set begins with.
    """
    mapping_set = NamedNode(f"{base}mapping/{found.name}")
    yield mapping_set, RDF_TYPE, NamedNode(f"{_SSSOM}MappingSet")
    for name, text in (("title", found.metadata.mapping_set_title), ("description", found.metadata.mapping_set_description)):
        if text:
            yield mapping_set, NamedNode(f"{_DCTERMS}{name}"), Literal(text, language="en")
    if version := found.metadata.object_source_version:
        yield mapping_set, NamedNode(f"{_SSSOM}object_source_version"), Literal(version)
    if found.metadata.mapping_date:
        yield mapping_set, NamedNode(f"{_SSSOM}mapping_date"), Literal(str(found.metadata.mapping_date), datatype=NamedNode(f"{XSD}date"))
    for row in found.rows:
        subject, predicate, object = (NamedNode(found.expand_curie(row[name])) for name in ("subject_id", "predicate_id", "object_id"))
        end = "none" if row["object_id"] == _NO_TERM_FOUND else object.value.rsplit("/", 1)[-1].replace("#", "/")
        mapping = NamedNode(f"{mapping_set.value}#{Bases(base).strip_base(subject.value)}/{end}")
        yield mapping_set, NamedNode(f"{_SSSOM}mappings"), mapping
        if row["object_id"] != _NO_TERM_FOUND:
            yield subject, predicate, object
            yield object, SKOS_LABEL, Literal(row["object_label"], language="en")
            yield object, RDF_TYPE, NamedNode(_ESCO_CLASSES.get(object.value.rsplit("/", 2)[-2], _CONCEPT))
        for kind in (f"{OWL}Axiom", f"{_SSSOM}Mapping"):
            yield mapping, RDF_TYPE, NamedNode(kind)
        for name, value in (("annotatedSource", subject), ("annotatedProperty", predicate), ("annotatedTarget", object)):
            yield mapping, NamedNode(OWL + name), value
        yield mapping, NamedNode(f"{_SSSOM}mapping_justification"), NamedNode(found.expand_curie(row["mapping_justification"]))
        yield mapping, NamedNode(f"{_SSSOM}confidence"), Literal(row["confidence"], datatype=NamedNode(f"{XSD}decimal"))
        for slot in _ROW_JUDGE_SLOTS:
            if row.get(slot):
                yield mapping, NamedNode(_SSSOM + slot), Literal(row[slot])
        if date := row.get("mapping_date") or str(found.metadata.mapping_date or ""):
            yield mapping, NamedNode(f"{_SSSOM}mapping_date"), Literal(date, datatype=NamedNode(f"{XSD}date"))
        yield mapping, MAPPING_REASON, Literal(row["reason_nb"], language="nb")
        yield mapping, MAPPING_REASON, Literal(row["comment"], language="en")
        for slot, (property, datatype) in found.extensions.items():
            if row[slot] and property == SKOS_LABEL:
                yield object, SKOS_LABEL, Literal(row[slot], language="no")
            elif row[slot] and property != MAPPING_REASON:
                yield mapping, property, Literal(row[slot], datatype=datatype) if datatype else Literal(row[slot])
