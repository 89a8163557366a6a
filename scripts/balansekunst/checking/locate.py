"""Where in its file each statement stands.

RDF parsers do not tell, so the file is parsed a second time with each term replaced by a marker that carries its own place. The
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
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from balansekunst.load import Term, content, format_of, only_our_context, read
from balansekunst.project import BASE

MARKER = "urn:x-place:"
TOKEN = re.compile(
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
DIRECTIVES = {"prefix": 2, "base": 1, "version": 1}
"""Keywords in lower case and how many tokens after each belong to it."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a text file. Columns count characters (Unicode code points)."""

    line: int
    """From 1."""
    column: int
    """From 1."""


@dataclass(frozen=True)
class Statement:
    """One statement of a file, with the places of its terms; a term written as brackets has none of its own."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: NamedNode | BlankNode | Literal
    places: tuple[Place | None, Place | None, Place | None]
    """Of subject, predicate and object."""


def statements(path: Path, graph: NamedNode) -> list[Statement]:
    """Return the statements of a Turtle, TriG or N-Triples file in order, each with its places.

    Args:
        path: a file that `load.read` takes.
        graph: the name of its graph, which blank nodes are named by.

    Raises:
        UserError: the file cannot be read.
    """
    quads, text = read(path, graph), content(path)
    marked = parse(marked_text(text), format=RdfFormat.TRIG, base_iri=BASE)
    return [
        Statement(q.subject, q.predicate, q.object, (place(m.subject), place(m.predicate), place(m.object)))  # type: ignore[arg-type]
        for q, m in zip(quads, marked, strict=True)
    ]


def place(term: NamedNode | BlankNode | Literal | Triple) -> Place | None:
    """Read a marker."""
    if isinstance(term, NamedNode | Literal) and term.value.startswith(MARKER):
        line, column = term.value.removeprefix(MARKER).split(":")
        return Place(int(line), int(column))
    return None


def marked_text(text: str) -> str:
    """Return a Turtle, TriG or N-Triples document, which must be well formed, with a marker in place of each term."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def written() -> Iterator[str]:
        left = 0
        for match in TOKEN.finditer(text):
            kind, token = match.lastgroup, match[0]
            word = token.lstrip("@").lower()
            if kind == "skip" or kind == "mark":
                yield token
            elif kind == "directive" or (kind == "name" and word in DIRECTIVES):
                left = DIRECTIVES[word]
                yield token
            elif left or (kind == "name" and word == "graph"):
                left = max(left - 1, 0)
                yield token
            else:
                line = bisect_right(starts, match.start())
                marker = f"{MARKER}{line}:{match.start() - starts[line - 1] + 1}"
                # A literal stays one, with its suffix: the parser looks a token ahead there, which moves the statements around it.
                yield f'"{marker}"{match["suffix"] or ""}' if kind == "literal" else f"<{marker}>"

    return "".join(written())


@dataclass(frozen=True)
class Location:
    """Where something stands."""

    file: Path
    place: Place | None
    """In a text of statements."""
    pointer: str | None
    """In JSON-LD: a JSON Pointer (RFC 6901)."""


@dataclass(frozen=True)
class Fault:
    """What to find the place of."""

    focus: Term
    """The thing at fault."""
    predicates: frozenset[NamedNode]
    """The properties that the rule looks at."""
    value: Term | None
    """The value at fault, if there is one."""
    thing: Term
    """What to look for where the focus is a whole set."""
    missing: bool
    """Whether something is lacking, so that there is no statement to show."""


class Locator:
    """Finds the places of faults in the files of one check. Each file is read again only when it is first asked of."""

    def __init__(self, files: dict[str, Path], given: frozenset[str]) -> None:
        """Take the file behind each graph, and the graphs that faults are looked for in first."""
        self.files, self.given = files, given
        self.indexes: dict[str, TextIndex | JsonLdIndex] = {}

    def find(self, fault: Fault, graphs: list[str]) -> Location | None:
        """Return where the statement at fault stands in one of `graphs`, or where the thing does if a statement is missing."""
        known = [name for name in graphs if name in self.files]
        chosen = [name for name in known if name in self.given] or known
        for look in ("statement", "literal", "thing", "use"):
            for name in chosen:
                found = getattr(self.index(name), look)(fault)
                if isinstance(found, Place):
                    return Location(self.files[name], found, None)
                if isinstance(found, str):
                    return Location(self.files[name], None, found)
        return Location(self.files[chosen[0]], None, None) if chosen else None

    def index(self, name: str) -> "TextIndex | JsonLdIndex":
        """Return the index of a graph's file."""
        if name not in self.indexes:
            path = self.files[name]
            is_json = format_of(path, content(path)) == RdfFormat.JSON_LD
            self.indexes[name] = JsonLdIndex(path) if is_json else TextIndex(statements(path, NamedNode(name)))
        return self.indexes[name]


class TextIndex:
    """The statements of one Turtle, TriG or N-Triples file by subject, predicate and object."""

    def __init__(self, statements: list[Statement]) -> None:
        """Take the statements in the order of the file."""
        self.by_subject: dict[Term, list[Statement]] = {}
        self.by_predicate: dict[Term, list[Statement]] = {}
        self.by_object: dict[Term, list[Statement]] = {}
        for statement in statements:
            self.by_subject.setdefault(statement.subject, []).append(statement)
            self.by_predicate.setdefault(statement.predicate, []).append(statement)
            self.by_object.setdefault(statement.object, []).append(statement)

    def statement(self, fault: Fault) -> Place | None:
        """Return the place of the value at fault."""
        own = self.by_subject.get(fault.focus, [])
        if fault.value is not None:
            looked_at = [s for s in own if s.predicate in fault.predicates] + own
            for statement in looked_at:
                if same(statement.object, fault.value):
                    return statement.places[2] or statement.places[1]
        if not fault.missing:
            spoken = [s for s in own if s.predicate in fault.predicates]
            spoken = spoken or [s for s in self.by_object.get(fault.focus, []) if s.predicate in fault.predicates]
            if spoken:
                return spoken[-1].places[2] or spoken[-1].places[1]
        return None

    def literal(self, fault: Fault) -> Place | None:
        """Return the first place of the text at fault, where another thing than the focus holds it."""
        found = self.by_object.get(fault.value, []) if isinstance(fault.value, Literal) else []
        return found[0].places[2] if found else None

    def thing(self, fault: Fault) -> Place | None:
        """Return the place where the thing at fault is described."""
        own = self.by_subject.get(fault.thing, [])
        typed = [s for s in own if s.predicate.value.endswith("#type")]
        return next((s.places[0] or s.places[1] for s in typed + own), None)

    def use(self, fault: Fault) -> Place | None:
        """Return the first place where the thing at fault is used."""
        for statement in self.by_predicate.get(fault.thing, []):
            return statement.places[1]
        for statement in self.by_object.get(fault.thing, []):
            return statement.places[2] or statement.places[1]
        return None


def same(term: Term, other: Term) -> bool:
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

    def __init__(self, path: Path) -> None:
        """Read the document.

        Raises:
            UserError: it cannot be read.
        """
        document = json.loads(content(path))
        self.nodes: dict[str, list[tuple[str, dict[str, Any], list[Any]]]] = {}
        self.walk(document, "", [], {"@id"})

    def walk(self, part: Any, pointer: str, contexts: list[Any], words: set[str]) -> None:
        """Note every object that has an address, and the contexts that hold where it stands. `words` stand for `@id` in them."""
        if isinstance(part, list):
            for number, item in enumerate(part):
                self.walk(item, f"{pointer}/{number}", contexts, words)
        elif isinstance(part, dict):
            if "@context" in part:
                contexts = [*contexts, part["@context"]]
                words = {"@id", *aliases(contexts)}
            for key, value in part.items():
                if isinstance(value, str) and key in words:
                    self.nodes.setdefault(expanded({"@id": value, f"{MARKER}x": 1}, contexts).get("@id", ""), []).append(
                        (pointer, part, contexts)
                    )
                elif key != "@context":
                    self.walk(value, f"{pointer}/{escaped(key)}", contexts, words)

    def described(self, term: Term) -> list[tuple[str, dict[str, Any], list[Any]]]:
        """Return the objects that say something of `term`."""
        return [node for node in self.nodes.get(getattr(term, "value", ""), []) if len(node[1].keys() - {"@context"}) > 1]

    def statement(self, fault: Fault) -> str | None:
        """Return the path of the value at fault."""
        for pointer, node, contexts in self.described(fault.focus):
            keys = {key: property_of(key, contexts) for key in node if key != "@context"}
            wanted = {predicate.value for predicate in fault.predicates}
            for key in sorted(keys, key=lambda key: keys[key] not in wanted):
                if fault.value is not None:
                    found = path_to(fault.value, node[key], f"{pointer}/{escaped(key)}", contexts)
                    if found is not None:
                        return found
                if keys[key] in wanted and not fault.missing:
                    return f"{pointer}/{escaped(key)}"
        return None

    def literal(self, fault: Fault) -> str | None:
        """Return the first path of the text at fault, where another thing than the focus holds it."""
        if not isinstance(fault.value, Literal):
            return None
        found = (path_to(fault.value, node, pointer, contexts) for nodes in self.nodes.values() for pointer, node, contexts in nodes)
        return next((path for path in found if path is not None), None)

    def thing(self, fault: Fault) -> str | None:
        """Return the path of the object that describes the thing at fault."""
        return next((pointer for pointer, _, _ in self.described(fault.thing)), None)

    def use(self, fault: Fault) -> str | None:
        """Return the path of the first object that points to the thing at fault."""
        pointed = self.nodes.get(getattr(fault.thing, "value", ""), [])
        if pointed:
            return pointed[0][0]
        for nodes in self.nodes.values():
            for pointer, node, contexts in nodes:
                for key, value in node.items():
                    if property_of(key, contexts) == getattr(fault.thing, "value", ""):
                        return f"{pointer}/{escaped(key)}"
                    found = path_to(fault.thing, value, f"{pointer}/{escaped(key)}", contexts) if key != "@context" else None
                    if found is not None:
                        return found
        return None


def escaped(key: str) -> str:
    """Return a key as a part of a JSON Pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def aliases(contexts: list[Any]) -> list[str]:
    """Return the words that stand for `@id`."""
    found = []
    for context in contexts:
        for part in context if isinstance(context, list) else [context]:
            known = only_our_context(part, {})["document"]["@context"] if isinstance(part, str) else part
            if isinstance(known, dict):
                found += [word for word, meaning in known.items() if meaning in ("@id", {"@id": "@id"})]
    return found


def expanded(node: dict[str, Any], contexts: list[Any]) -> dict[str, Any]:
    """Return a node expanded in `contexts`, or nothing where it says nothing."""
    flat = [part for context in contexts for part in (context if isinstance(context, list) else [context])]
    result = jsonld.expand({"@context": flat, **node}, {"base": BASE, "documentLoader": only_our_context})
    return result[0] if result else {}


def property_of(key: str, contexts: list[Any]) -> str:
    """Return the IRI that a key stands for."""
    found = [word for word in expanded({key: "x"}, contexts) if not word.startswith("@")] if not key.startswith("@") else []
    return found[0] if found else ""


def path_to(value: Term, part: Any, pointer: str, contexts: list[Any]) -> str | None:
    """Return the path of `value` within `part` of a document, or nothing."""
    if isinstance(part, list):
        return next((p for n, item in enumerate(part) if (p := path_to(value, item, f"{pointer}/{n}", contexts)) is not None), None)
    if isinstance(part, dict):
        found = (path_to(value, item, f"{pointer}/{escaped(key)}", contexts) for key, item in part.items() if key != "@context")
        return next((p for p in found if p is not None), None)
    if isinstance(value, Literal):
        return pointer if str(part) == value.value else None
    if isinstance(value, NamedNode) and isinstance(part, str):
        return pointer if expanded({"@id": part, f"{MARKER}x": 1}, contexts).get("@id") == value.value else None
    return None
