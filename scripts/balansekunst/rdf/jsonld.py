"""Compact JSON-LD by our context, written straight from triples.

It is what the compaction and framing algorithms give (JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#compaction-algorithm and
https://www.w3.org/TR/json-ld11-framing/), for what our graph holds: no blank nodes, no lists, no native numbers. A library that does it
all takes milliseconds for a node, and there are some thousand files; the tests hold every file to the library's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.namespaces import RDF_TYPE, XSD

_NodeObject = dict[str, Any]
"""A node object."""


@dataclass(frozen=True)
class TermDefinition:
    """What the context says of one word."""

    name: str
    is_language_map: bool
    """Whether its values stand by language."""
    type: str | None
    """What its values are: `@id`, or the IRI of a datatype."""


@dataclass(slots=True)
class CompactValue:
    """One statement, compacted as far as it can be without knowing where it stands."""

    key: str
    language: str | None = None
    """The language to put it under, where the key holds a language map."""
    literal: Any = None
    link: str | None = None
    """The IRI of what it links to, where it is a link."""
    is_short: bool = False
    """Whether a link with nothing to tell of its end is written as the address alone."""


@dataclass(slots=True)
class CompactStatements:
    """All statements of one thing."""

    types: list[str]
    values: list[CompactValue]
    """By the IRI of the property, in the order of the Unicode code points, as the algorithms have it."""
    terms: frozenset[str]
    """The words of the context that are used."""


class JsonLdContext:
    """Our JSON-LD context."""

    def __init__(self, text: str) -> None:
        """Read the text of a context."""
        self.document: dict[str, Any] = json.loads(text)["@context"]
        self._cached_prefixed_name = cache(self.find_prefixed_name)
        """`find_prefixed`, remembered: the same few thousand IRIs are written again and again."""
        self._cached_terms = cache(self.find_terms)
        self._cached_statements = cache(self.build_statements)

    @cached_property
    def base(self) -> str:
        """What relative addresses start from."""
        return str(self.document["@base"])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefixes by namespace."""
        words = self.document.items()
        return {iri: word for word, iri in words if not word.startswith("@") and isinstance(iri, str) and iri.endswith(("#", "/"))}

    @cached_property
    def terms(self) -> dict[str, list[TermDefinition]]:
        """The words for each property or class."""
        found: dict[str, list[TermDefinition]] = {}
        for word, meaning in self.document.items():
            if word.startswith("@") or (isinstance(meaning, str) and (meaning.startswith("@") or meaning in self.prefixes)):
                continue
            about = {"@id": meaning} if isinstance(meaning, str) else meaning
            kind = about.get("@type")
            term = TermDefinition(word, about.get("@container") == "@language", kind if kind in (None, "@id") else self.expand_name(kind))
            found.setdefault(self.expand_name(about["@id"]), []).append(term)
        return found

    def expand_name(self, name: str) -> str:
        """Return the IRI of a prefixed name."""
        prefix, _, rest = name.partition(":")
        return str(self.document[prefix]) + rest if isinstance(self.document.get(prefix), str) else name

    def find_prefixed_name(self, iri: str) -> str | None:
        """Return an IRI as a prefixed name, if a prefix fits."""
        fitting = ((space, prefix) for space, prefix in self.prefixes.items() if iri.startswith(space) and iri != space)
        names = [f"{prefix}:{iri.removeprefix(space)}" for space, prefix in fitting]
        return min(names, key=lambda name: (len(name), name), default=None)

    def compact_iri(self, iri: str) -> str:
        """Return the IRI of a thing as it is written: prefixed, or relative to the base."""
        return self._cached_prefixed_name(iri) or (iri.removeprefix(self.base) if iri != self.base else iri)

    def compact_type(self, iri: str) -> str:
        """Return the word for a class or datatype."""
        plain = (term.name for term in self.terms.get(iri, []))
        return next(plain, None) or self._cached_prefixed_name(iri) or iri

    def compact_value(self, property: str, object: NamedNode | Literal) -> CompactValue:
        """Return one statement, with the word of the context that fits its value best."""
        terms = self.terms.get(property, [])
        plain = next((term.name for term in terms if term.type is None and not term.is_language_map), None)
        if isinstance(object, NamedNode):
            term = next((term.name for term in terms if term.type == "@id"), None)
            return CompactValue(term or plain or self.get_fallback_key(property), link=object.value, is_short=term is not None)
        if object.language:
            term = next((term.name for term in terms if term.is_language_map), None)
            if term:
                return CompactValue(term, language=object.language, literal=object.value)
            return CompactValue(plain or self.get_fallback_key(property), literal={"@language": object.language, "@value": object.value})
        if object.datatype.value == f"{XSD}string":
            key = plain or self.get_fallback_key(property)
            return CompactValue(key, literal=object.value)
        term = next((term.name for term in terms if term.type == object.datatype.value), None)
        if term:
            return CompactValue(term, literal=object.value)
        return CompactValue(
            plain or self.get_fallback_key(property), literal={"type": self.compact_type(object.datatype.value), "@value": object.value}
        )

    def get_fallback_key(self, property: str) -> str:
        """Return a property as a prefixed name, where no word fits the value."""
        return self._cached_prefixed_name(property) or property

    def compact_statements(self, triples: Iterable[Triple]) -> CompactStatements:
        """Return the statements of one thing, worked out once: most are the same in each profile."""
        return self._cached_statements(tuple(triples))

    def build_statements(self, triples: tuple[Triple, ...]) -> CompactStatements:
        """Return the statements of one thing."""
        types, pairs = list[str](), list[tuple[str, str, NamedNode | Literal]]()
        for triple in triples:
            object = cast(NamedNode | Literal, triple.object)
            if triple.predicate == RDF_TYPE:
                types.append(self.compact_type(object.value))
            else:
                pairs.append((triple.predicate.value, str(object), object))
        pairs.sort(key=lambda pair: pair[:2])
        values = [self.compact_value(property, object) for property, _, object in pairs]
        names = {*types, *(value.key for value in values), *(self.compact_iri(value.link) for value in values if value.link)}
        names |= {str(value.literal["type"]) for value in values if isinstance(value.literal, dict) and "type" in value.literal}
        names |= {self.compact_iri(triple.subject.value) for triple in triples[:1]}  # type: ignore[union-attr]
        return CompactStatements(sorted(types), values, self.collect_terms(names))

    def collect_terms(self, names: Iterable[str]) -> frozenset[str]:
        """Return the words of the context that names are written with, and that those are written with in turn."""
        return frozenset[str]().union(*(self._cached_terms(name) for name in names))

    def find_terms(self, name: str) -> frozenset[str]:
        """Return the words of the context that a name is written with, and that those are written with in turn."""
        found = set[str]()
        waiting = [name, name.partition(":")[0]]
        while waiting:
            word = waiting.pop()
            if word in self.document and word not in found:
                found.add(word)
                meaning = self.document[word]
                parts = [meaning] if isinstance(meaning, str) else [meaning["@id"], meaning.get("@type", "")]
                waiting += [part.partition(":")[0] for part in parts]
        return frozenset(found)

    def select_terms(self, words: Iterable[str]) -> dict[str, Any]:
        """Return the context with no more than some words, in its own order."""
        wanted = {"@version", "@base", "id", "type", *words}
        return {word: meaning for word, meaning in self.document.items() if word in wanted}


def _add_value(node: _NodeObject, value: CompactValue, content: Any) -> None:
    """Add a value to a node object: one alone, several as a list."""
    holder, key = (node, value.key) if value.language is None else (node.setdefault(value.key, {}), value.language)
    if key not in holder:
        holder[key] = content
    elif isinstance(holder[key], list):
        holder[key].append(content)
    else:
        holder[key] = [holder[key], content]


def _build_node(
    iri: str, told: Mapping[str, CompactStatements], context: JsonLdContext, seen: set[str], above: tuple[str, ...] = ()
) -> _NodeObject:
    """Return a thing with what it links to put in where it is first met, and as an address after that (`@embed: @once`).

    Args:
        iri: the thing.
        told: the statements of each thing that something is told of.
        context: the context to write by.
        seen: the things that have been put in already; this one and those below are added.
        above: the things that this one is put in.
    """
    node: _NodeObject = {"id": context.compact_iri(iri)}
    seen.add(iri)
    if iri not in told:
        return node
    statements = told[iri]
    if statements.types:
        node["type"] = statements.types if len(statements.types) > 1 else statements.types[0]
    inner = (*above, iri)
    for value in statements.values:
        if value.link is None:
            _add_value(node, value, value.literal)
        elif value.link in told and value.link not in seen and value.link not in inner:
            _add_value(node, value, _build_node(value.link, told, context, seen, inner))
        else:
            address = context.compact_iri(value.link)
            _add_value(node, value, address if value.is_short else {"id": address})
    return node


def frame_document(
    root: str,
    incoming: Mapping[str, list[str]],
    told: Mapping[str, CompactStatements],
    context: JsonLdContext,
    unlinked: Sequence[str] = (),
) -> bytes:
    """Return a document with a thing as its root, and what links to it under `@reverse`, by property.

    Args:
        root: the IRI of the thing.
        incoming: for each property, the things that link to the root by it, and are told of in the document.
        told: the statements of each thing that something is told of.
        context: the context to write by; what is used of it is put into the document, so that nothing is fetched to read it.
        unlinked: things that are told of in the document though nothing in it links to them.
    """
    reverse: _NodeObject = {}
    for property, things in incoming.items():
        nodes = [_build_node(thing, told, context, set(), (root,)) for thing in things]
        reverse[context.compact_value(property, NamedNode(root)).key] = nodes if len(nodes) > 1 else nodes[0]
    words = context.collect_terms(reverse).union(*(statements.terms for statements in told.values()))
    document = {"@context": context.select_terms(words), **_build_node(root, told, context, set()), "@reverse": reverse}
    if unlinked:
        document["@included"] = [_build_node(thing, told, context, set()) for thing in unlinked]
    return _serialize_json(document)


def flatten_document(things: Mapping[str, CompactStatements], context: JsonLdContext) -> bytes:
    """Return a document with a node object for each thing, by its address, and the whole context."""
    nodes = [_build_node(iri, {iri: statements}, context, set()) for iri, statements in things.items()]
    return _serialize_json({"@context": context.document, "graph": sorted(nodes, key=lambda node: str(node["id"]))})


def _serialize_json(document: _NodeObject) -> bytes:
    """Return a document as JSON, its keys in the order they have."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
