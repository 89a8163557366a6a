"""Mappings to other vocabularies: read from SSSOM tables, and made statements of the graph.

SSSOM (https://mapping-commons.github.io/sssom/) is a table of mappings with metadata in a YAML header. A row becomes the statement
itself, and a thing that says why: an `owl:Axiom` of the statement, as SSSOM's RDF form has it, with an address instead of a blank node.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.asking.catalogue import OWL, XSD
from balansekunst.checking.rules import RDF_TYPE, SKOS_LABEL
from balansekunst.load import Message, Term, graph_name
from balansekunst.messages import UserError
from balansekunst.project import BASE, NAMESPACE, Project, base_of, local

SSSOM = "https://w3id.org/sssom/"
ESCO_MODEL = "http://data.europa.eu/esco/model#"
BUILT_IN = {
    "owl": OWL,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": SSSOM,
    "xsd": XSD,
}
"""Prefixes that an SSSOM table need not declare."""
NONE = "sssom:NoTermFound"
REQUIRED = ("subject_id", "predicate_id", "object_id", "object_label", "mapping_justification", "confidence", "comment", "reason_nb")
KINDS = {
    "skill": f"{ESCO_MODEL}Skill",
    "occupation": f"{ESCO_MODEL}Occupation",
    "isced-f": "http://www.w3.org/2004/02/skos/core#Concept",
}
"""The class of what is mapped to, by the word in its address."""
REASON = NamedNode(f"{NAMESPACE}mappingReason")


@dataclass(frozen=True)
class MappingSet:
    """One SSSOM table."""

    path: Path
    about: dict[str, Any]
    """Its metadata."""
    rows: list[dict[str, str]]
    first_line: int
    """Where in the file the first row stands, counted from 1."""

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of its names."""
        return {**BUILT_IN, **self.about["curie_map"]}

    def iri(self, name: str) -> str:
        """Return the whole address of a prefixed name."""
        prefix, _, rest = name.partition(":")
        return str(self.prefixes[prefix]) + rest

    def matches(self) -> list[dict[str, str]]:
        """Return the rows that map to something."""
        return [row for row in self.rows if row["object_id"] != NONE]

    @cached_property
    def extensions(self) -> dict[str, tuple[NamedNode, NamedNode | None]]:
        """The property and datatype of each column that the set adds to SSSOM's own."""
        return {
            slot["slot_name"]: (
                NamedNode(self.iri(slot["property"])),
                NamedNode(self.iri(slot["type_hint"])) if "type_hint" in slot else None,
            )
            for slot in self.about.get("extension_definitions", [])
        }


def read_mapping_set(path: Path) -> MappingSet:
    """Read an SSSOM table.

    Raises:
        UserError: it cannot be read, its header is no YAML, it lacks a column, or a name has a prefix that is not declared; all at once.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line[1:] for line in lines if line.startswith("#")]
        about = yaml.safe_load("\n".join(head))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(("mappings.unreadable", {"file": path, "why": str(error).split("\n", 1)[0]})) from None
    if not isinstance(about, dict) or not isinstance(about.get("curie_map"), dict):
        raise UserError(("mappings.header", {"file": path}))
    table = csv.DictReader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [name for name in REQUIRED if name not in (table.fieldnames or [])]
    if missing:
        raise UserError(("mappings.columns", {"file": path, "columns": ", ".join(missing)}))
    found = MappingSet(path, about, list(table), len(head) + 2)
    problems: list[Message] = [
        ("mappings.prefix", {"file": path, "line": number, "name": row[column]})
        for number, row in enumerate(found.rows, found.first_line)
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification")
        if str(row[column]).partition(":")[0] not in found.prefixes
    ]
    if problems:
        raise UserError(*problems)
    return found


def add_mappings(store: Store, project: Project) -> None:
    """Add the statements of every mapping table of `project` to `store`, a graph a table.

    A project of someone else's leaves out mappings of what it does not show.

    Raises:
        UserError: a table cannot be read; with a sentence for each fault of each.
    """
    problems = list[Message]()
    for path in project.mapping_tables():
        try:
            graph = graph_name(path, project.root)
            found = read_mapping_set(path)
            if project.is_own:
                found = replace(found, rows=[row for row in found.rows if is_described(store, found.iri(row["subject_id"]))])
            store.extend(Quad(*triple, graph) for triple in statements(found))
        except UserError as error:
            problems += error.messages
    if problems:
        raise UserError(*problems)


def is_described(store: Store, iri: str) -> bool:
    """Tell whether a store says what something is."""
    return next(iter(store.quads_for_pattern(NamedNode(iri), RDF_TYPE, None)), None) is not None


def statements(found: MappingSet) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
    """Give the triples of a mapping set."""
    for row in found.rows:
        subject, predicate, object = (NamedNode(found.iri(row[name])) for name in ("subject_id", "predicate_id", "object_id"))
        end = "none" if row["object_id"] == NONE else object.value.rsplit("/", 1)[-1]
        mapping = NamedNode(f"{base_of(subject.value) or BASE}mapping/{local(subject.value)}/{end}")
        if row["object_id"] != NONE:
            yield subject, predicate, object
            yield object, SKOS_LABEL, Literal(row["object_label"], language="en")
            yield object, RDF_TYPE, NamedNode(KINDS[object.value.rsplit("/", 2)[-2]])
        for kind in (f"{OWL}Axiom", f"{SSSOM}Mapping"):
            yield mapping, RDF_TYPE, NamedNode(kind)
        for name, value in (("annotatedSource", subject), ("annotatedProperty", predicate), ("annotatedTarget", object)):
            yield mapping, NamedNode(OWL + name), value
        yield mapping, NamedNode(f"{SSSOM}mapping_justification"), NamedNode(found.iri(row["mapping_justification"]))
        yield mapping, NamedNode(f"{SSSOM}confidence"), Literal(row["confidence"], datatype=NamedNode(f"{XSD}decimal"))
        yield mapping, REASON, Literal(row["reason_nb"], language="nb")
        yield mapping, REASON, Literal(row["comment"], language="en")
        for slot, (property, datatype) in found.extensions.items():
            if row[slot] and property == SKOS_LABEL:
                yield object, SKOS_LABEL, Literal(row[slot], language="no")
            elif row[slot] and property != REASON:
                yield mapping, property, Literal(row[slot], datatype=datatype) if datatype else Literal(row[slot])
