"""The position of each triple in its file.

RDF parsers do not report it, so the file is parsed a second time with each term replaced by a marker that carries its own place. The
order in which a parser gives statements depends only on a file's structure, which the markers leave as it is, so the two runs
agree statement by statement. In JSON-LD, which has no order, the place is a path in the document.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from balansekunst.namespaces import BASE
from balansekunst.rdf.graph import Term
from balansekunst.rdf.parse import detect_format, load_own_context
from balansekunst.rdf.reader import FileReader

_MARKER = "urn:x-place:"
_TOKEN_PATTERN = re.compile(
    r"""
    (?P<skip> \#[^\n]* | \s+ )
  | (?P<literal>
        (?: \"{3} (?: [^"\\] | \\. | \"{1,2}(?!\") )*? \"{3} | '{3} (?: [^'\\] | \\. | '{1,2}(?!') )*? '{3}
          | \" (?: [^"\\\n] | \\. )* \" | ' (?: [^'\\\n] | \\. )* ' )
        (?P<suffix> (?:\s|\#[^\n]*\n)* (?:
            \^\^ (?:\s|\#[^\n]*\n)* (?: <[^>]*> | (?: [^\s<>"'\[\](){};,\#^@.\\] | \\. | \.(?=[^\s<>"'\[\](){};,\#^@]) )+ )
          | @ (?! (?:prefix|base|version)\b ) [A-Za-z]+ (?: -[A-Za-z0-9]+ )* (?: --[a-z]+ )? ) )? )
  | (?P<iri> <[^<>"{}|^`\s]*> )
  | (?P<directive> @ (?: prefix | base | version ) \b )
  | (?P<name> (?: [^\s<>"'\[\](){};,\#^@.\\] | \\. | \.(?=[^\s<>"'\[\](){};,\#^@]) )+ )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = {"prefix": 2, "base": 1, "version": 1}
"""Keywords in lower case and how many tokens after each belong to it."""


@dataclass(frozen=True, order=True)
class SourcePosition:
    """A place in a text file. Columns count characters (Unicode code points)."""

    line: int
    """From 1."""
    column: int
    """From 1."""


@dataclass(frozen=True)
class PositionedTriple:
    """One statement of a file, with the places of its terms; a term written as brackets has none of its own."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: NamedNode | BlankNode | Literal
    positions: tuple[SourcePosition | None, SourcePosition | None, SourcePosition | None]
    """Of subject, predicate and object."""


def find_positions(quads: list[Quad], text: str) -> list[PositionedTriple]:
    """Return the statements of a Turtle, TriG or N-Triples file, in its order, each with its places.

    Args:
        quads: the statements.
        text: the file.
    """
    marked = parse(_insert_markers(text), format=RdfFormat.TRIG, base_iri=BASE)
    return [
        PositionedTriple(q.subject, q.predicate, q.object, (_parse_marker(m.subject), _parse_marker(m.predicate), _parse_marker(m.object)))  # type: ignore[arg-type]
        for q, m in zip(quads, marked, strict=True)
    ]


def _parse_marker(term: NamedNode | BlankNode | Literal | Triple) -> SourcePosition | None:
    """Read a marker."""
    if isinstance(term, NamedNode | Literal) and term.value.startswith(_MARKER):
        line, column = term.value.removeprefix(_MARKER).split(":")
        return SourcePosition(int(line), int(column))
    return None


def _insert_markers(text: str) -> str:
    """Return a Turtle, TriG or N-Triples document, which must be well formed, with a marker in place of each term."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def written() -> Iterator[str]:
        left = 0
        for match in _TOKEN_PATTERN.finditer(text):
            kind, token = match.lastgroup, match[0]
            word = token.lstrip("@").lower()
            if kind == "skip" or kind == "mark":
                yield token
            elif kind == "directive" or (kind == "name" and word in _DIRECTIVES):
                left = _DIRECTIVES[word]
                yield token
            elif left or (kind == "name" and word == "graph"):
                left = max(left - 1, 0)
                yield token
            else:
                line = bisect_right(starts, match.start())
                marker = f"{_MARKER}{line}:{match.start() - starts[line - 1] + 1}"
                # A literal stays one, with its suffix: the parser looks a token ahead there, which moves the statements around it.
                yield f'"{marker}"{match["suffix"] or ""}' if kind == "literal" else f"<{marker}>"

    return "".join(written())


@dataclass(frozen=True)
class Location:
    """A position in a file."""

    file: Path
    position: SourcePosition | None
    """In a text of statements."""
    pointer: str | None
    """In JSON-LD: a JSON Pointer (RFC 6901)."""


@dataclass(frozen=True)
class LocationRequest:
    """What to find the place of."""

    focus_node: Term
    """The resource with the error."""
    predicates: frozenset[NamedNode]
    """The properties that the rule looks at."""
    value: Term | None
    """The value with the error, if there is one."""
    resource: Term
    """What to look for where the focus is a whole set."""
    is_missing: bool
    """Whether something is lacking, so that there is no statement to show."""


class Locator:
    """Finds the locations of errors in the files of one check. A file is parsed again only when it is first needed."""

    def __init__(self, files: dict[str, Path], given: frozenset[str], reader: FileReader) -> None:
        """Take the file of each graph, the graphs to search first, and the reader of files."""
        self.files, self.target_graphs, self.reader = files, given, reader
        self.indexes: dict[str, TextIndex | JsonLdIndex] = {}

    def find(self, fault: LocationRequest, graphs: list[str]) -> Location | None:
        """Return the location of the triple with the error in one of `graphs`, or of the resource if a triple is missing."""
        known = [name for name in graphs if name in self.files]
        chosen = [name for name in known if name in self.target_graphs] or known
        for look in ("find_statement", "find_literal", "find_resource", "find_use"):
            for name in chosen:
                found = getattr(self.get_index(name), look)(fault)
                if isinstance(found, SourcePosition):
                    return Location(self.files[name], found, None)
                if isinstance(found, str):
                    return Location(self.files[name], None, found)
        return Location(self.files[chosen[0]], None, None) if chosen else None

    def get_index(self, name: str) -> "TextIndex | JsonLdIndex":
        """Return the index of a graph's file."""
        if name not in self.indexes:
            path = self.files[name]
            text = self.reader.read_text(path)
            is_json = detect_format(path, text) == RdfFormat.JSON_LD
            self.indexes[name] = JsonLdIndex(text) if is_json else TextIndex(find_positions(self.reader.parse_file(path), text))
        return self.indexes[name]


class TextIndex:
    """The statements of one Turtle, TriG or N-Triples file by subject, predicate and object."""

    def __init__(self, statements: list[PositionedTriple]) -> None:
        """Take the statements in the order of the file."""
        self.by_subject: dict[Term, list[PositionedTriple]] = {}
        self.by_predicate: dict[Term, list[PositionedTriple]] = {}
        self.by_object: dict[Term, list[PositionedTriple]] = {}
        for statement in statements:
            self.by_subject.setdefault(statement.subject, []).append(statement)
            self.by_predicate.setdefault(statement.predicate, []).append(statement)
            self.by_object.setdefault(statement.object, []).append(statement)

    def find_statement(self, fault: LocationRequest) -> SourcePosition | None:
        """Return the position of the value with the error."""
        own = self.by_subject.get(fault.focus_node, [])
        if fault.value is not None:
            looked_at = [s for s in own if s.predicate in fault.predicates] + own
            for statement in looked_at:
                if _is_same_term(statement.object, fault.value):
                    return statement.positions[2] or statement.positions[1]
        if not fault.is_missing:
            spoken = [s for s in own if s.predicate in fault.predicates]
            spoken = spoken or [s for s in self.by_object.get(fault.focus_node, []) if s.predicate in fault.predicates]
            if spoken:
                return spoken[-1].positions[2] or spoken[-1].positions[1]
        return None

    def find_literal(self, fault: LocationRequest) -> SourcePosition | None:
        """Return the first position of the text with the error, if it belongs to another resource than the focus node."""
        found = self.by_object.get(fault.value, []) if isinstance(fault.value, Literal) else []
        return found[0].positions[2] if found else None

    def find_resource(self, fault: LocationRequest) -> SourcePosition | None:
        """Return the position where the resource with the error is described."""
        own = self.by_subject.get(fault.resource, [])
        typed = [s for s in own if s.predicate.value.endswith("#type")]
        return next((s.positions[0] or s.positions[1] for s in typed + own), None)

    def find_use(self, fault: LocationRequest) -> SourcePosition | None:
        """Return the first position where the resource with the error is used."""
        for statement in self.by_predicate.get(fault.resource, []):
            return statement.positions[1]
        for statement in self.by_object.get(fault.resource, []):
            return statement.positions[2] or statement.positions[1]
        return None


def _is_same_term(term: Term, other: Term) -> bool:
    """Tell whether two terms are the same, numbers by their value: engines rewrite 50.0 as 50."""
    if term == other:
        return True
    if isinstance(term, Literal) and isinstance(other, Literal) and term.datatype == other.datatype:
        try:
            return Decimal(term.value) == Decimal(other.value)
        except InvalidOperation:
            return False
    return False


class JsonLdIndex:
    """The nodes of one JSON-LD document by IRI, with their paths."""

    def __init__(self, text: str) -> None:
        """Take the text of the document."""
        document = json.loads(text)
        self.nodes: dict[str, list[tuple[str, dict[str, Any], list[Any]]]] = {}
        self.walk(document, "", [], {"@id"})

    def walk(self, part: Any, pointer: str, contexts: list[Any], words: set[str]) -> None:
        """Index every object that has an IRI, with its contexts. `words` are aliases of `@id` in them."""
        if isinstance(part, list):
            for number, item in enumerate(part):
                self.walk(item, f"{pointer}/{number}", contexts, words)
        elif isinstance(part, dict):
            if "@context" in part:
                contexts = [*contexts, part["@context"]]
                words = {"@id", *_find_id_aliases(contexts)}
            for key, value in part.items():
                if isinstance(value, str) and key in words:
                    self.nodes.setdefault(_expand_node({"@id": value, f"{_MARKER}x": 1}, contexts).get("@id", ""), []).append(
                        (pointer, part, contexts)
                    )
                elif key != "@context":
                    self.walk(value, f"{pointer}/{_escape_pointer(key)}", contexts, words)

    def find_descriptions(self, term: Term) -> list[tuple[str, dict[str, Any], list[Any]]]:
        """Return the objects that say something of `term`."""
        return [node for node in self.nodes.get(getattr(term, "value", ""), []) if len(node[1].keys() - {"@context"}) > 1]

    def find_statement(self, fault: LocationRequest) -> str | None:
        """Return the path of the value with the error."""
        for pointer, node, contexts in self.find_descriptions(fault.focus_node):
            keys = {key: _expand_key(key, contexts) for key in node if key != "@context"}
            wanted = {predicate.value for predicate in fault.predicates}
            for key in sorted(keys, key=lambda key: keys[key] not in wanted):
                if fault.value is not None:
                    found = _find_pointer(fault.value, node[key], f"{pointer}/{_escape_pointer(key)}", contexts)
                    if found is not None:
                        return found
                if keys[key] in wanted and not fault.is_missing:
                    return f"{pointer}/{_escape_pointer(key)}"
        return None

    def find_literal(self, fault: LocationRequest) -> str | None:
        """Return the first path of the text with the error, if it belongs to another resource than the focus node."""
        if not isinstance(fault.value, Literal):
            return None
        found = (_find_pointer(fault.value, node, pointer, contexts) for nodes in self.nodes.values() for pointer, node, contexts in nodes)
        return next((path for path in found if path is not None), None)

    def find_resource(self, fault: LocationRequest) -> str | None:
        """Return the path of the object that describes the resource with the error."""
        return next((pointer for pointer, _, _ in self.find_descriptions(fault.resource)), None)

    def find_use(self, fault: LocationRequest) -> str | None:
        """Return the path of the first object that links to the resource with the error."""
        pointed = self.nodes.get(getattr(fault.resource, "value", ""), [])
        if pointed:
            return pointed[0][0]
        for nodes in self.nodes.values():
            for pointer, node, contexts in nodes:
                for key, value in node.items():
                    if _expand_key(key, contexts) == getattr(fault.resource, "value", ""):
                        return f"{pointer}/{_escape_pointer(key)}"
                    found = (
                        _find_pointer(fault.resource, value, f"{pointer}/{_escape_pointer(key)}", contexts) if key != "@context" else None
                    )
                    if found is not None:
                        return found
        return None


def _escape_pointer(key: str) -> str:
    """Return a key as a part of a JSON Pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def _find_id_aliases(contexts: list[Any]) -> list[str]:
    """Return the aliases of `@id`."""
    found = []
    for context in contexts:
        for part in context if isinstance(context, list) else [context]:
            known = load_own_context(part, {})["document"]["@context"] if isinstance(part, str) else part
            if isinstance(known, dict):
                found += [word for word, meaning in known.items() if meaning in ("@id", {"@id": "@id"})]
    return found


def _expand_node(node: dict[str, Any], contexts: list[Any]) -> dict[str, Any]:
    """Return a node expanded in `contexts`, or an empty one."""
    flat = [part for context in contexts for part in (context if isinstance(context, list) else [context])]
    result = jsonld.expand({"@context": flat, **node}, {"base": BASE, "documentLoader": load_own_context})
    return result[0] if result else {}


def _expand_key(key: str, contexts: list[Any]) -> str:
    """Return the IRI of a key."""
    found = [word for word in _expand_node({key: "x"}, contexts) if not word.startswith("@")] if not key.startswith("@") else []
    return found[0] if found else ""


def _find_pointer(value: Term, part: Any, pointer: str, contexts: list[Any]) -> str | None:
    """Return the path of `value` within `part` of a document, or nothing."""
    if isinstance(part, list):
        return next((p for n, item in enumerate(part) if (p := _find_pointer(value, item, f"{pointer}/{n}", contexts)) is not None), None)
    if isinstance(part, dict):
        found = (
            _find_pointer(value, item, f"{pointer}/{_escape_pointer(key)}", contexts) for key, item in part.items() if key != "@context"
        )
        return next((p for p in found if p is not None), None)
    if isinstance(value, Literal):
        return pointer if str(part) == value.value else None
    if isinstance(value, NamedNode) and isinstance(part, str):
        return pointer if _expand_node({"@id": part, f"{_MARKER}x": 1}, contexts).get("@id") == value.value else None
    return None
