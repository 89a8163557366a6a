"""Compact JSON-LD by our context, written straight from triples.

It is what the compaction and framing algorithms give (JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#compaction-algorithm and
https://www.w3.org/TR/json-ld11-framing/), for what our graph holds: no blank nodes, no lists, no native numbers. A library that does it
all takes milliseconds for a node, and there are some thousand files; the tests hold every file to the library's.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.asking.catalogue import XSD
from balansekunst.checking.rules import RDF_TYPE

Node = dict[str, Any]
"""A node object."""


@dataclass(frozen=True)
class Term:
    """What the context says of one word."""

    name: str
    is_language_map: bool
    """Whether its values stand by language."""
    type: str | None
    """What its values are: `@id`, or the IRI of a datatype."""


@dataclass(slots=True)
class Value:
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
class Statements:
    """All statements of one thing."""

    types: list[str]
    values: list[Value]
    """By the IRI of the property, in the order of the Unicode code points, as the algorithms have it."""
    used: frozenset[str]
    """The words of the context that are used."""


class Context:
    """Our JSON-LD context."""

    def __init__(self, text: str) -> None:
        """Read the text of a context."""
        self.document: dict[str, Any] = json.loads(text)["@context"]
        self.prefixed = cache(self.find_prefixed)
        """`find_prefixed`, remembered: the same few thousand IRIs are written again and again."""
        self.words_of = cache(self.find_words)
        self.told = cache(self.find_told)

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
    def terms(self) -> dict[str, list[Term]]:
        """The words for each property or class."""
        found: dict[str, list[Term]] = {}
        for word, meaning in self.document.items():
            if word.startswith("@") or (isinstance(meaning, str) and (meaning.startswith("@") or meaning in self.prefixes)):
                continue
            about = {"@id": meaning} if isinstance(meaning, str) else meaning
            kind = about.get("@type")
            term = Term(word, about.get("@container") == "@language", kind if kind in (None, "@id") else self.whole(kind))
            found.setdefault(self.whole(about["@id"]), []).append(term)
        return found

    def whole(self, name: str) -> str:
        """Return the IRI of a prefixed name."""
        prefix, _, rest = name.partition(":")
        return str(self.document[prefix]) + rest if isinstance(self.document.get(prefix), str) else name

    def find_prefixed(self, iri: str) -> str | None:
        """Return an IRI as a prefixed name, if a prefix fits."""
        fitting = ((space, prefix) for space, prefix in self.prefixes.items() if iri.startswith(space) and iri != space)
        names = [f"{prefix}:{iri.removeprefix(space)}" for space, prefix in fitting]
        return min(names, key=lambda name: (len(name), name), default=None)

    def address(self, iri: str) -> str:
        """Return the IRI of a thing as it is written: prefixed, or relative to the base."""
        return self.prefixed(iri) or (iri.removeprefix(self.base) if iri != self.base else iri)

    def word(self, iri: str) -> str:
        """Return the word for a class or datatype."""
        plain = (term.name for term in self.terms.get(iri, []))
        return next(plain, None) or self.prefixed(iri) or iri

    def value(self, property: str, object: NamedNode | Literal) -> Value:
        """Return one statement, with the word of the context that fits its value best."""
        terms = self.terms.get(property, [])
        plain = next((term.name for term in terms if term.type is None and not term.is_language_map), None)
        if isinstance(object, NamedNode):
            term = next((term.name for term in terms if term.type == "@id"), None)
            return Value(term or plain or self.word_of_none(property), link=object.value, is_short=term is not None)
        if object.language:
            term = next((term.name for term in terms if term.is_language_map), None)
            if term:
                return Value(term, language=object.language, literal=object.value)
            return Value(plain or self.word_of_none(property), literal={"@language": object.language, "@value": object.value})
        if object.datatype.value == f"{XSD}string":
            key = plain or self.word_of_none(property)
            return Value(key, literal=object.value)
        term = next((term.name for term in terms if term.type == object.datatype.value), None)
        if term:
            return Value(term, literal=object.value)
        return Value(plain or self.word_of_none(property), literal={"type": self.word(object.datatype.value), "@value": object.value})

    def word_of_none(self, property: str) -> str:
        """Return a property as a prefixed name, where no word fits the value."""
        return self.prefixed(property) or property

    def statements(self, triples: Iterable[Triple]) -> Statements:
        """Return the statements of one thing, worked out once: most are the same in each profile."""
        return self.told(tuple(triples))

    def find_told(self, triples: tuple[Triple, ...]) -> Statements:
        """Return the statements of one thing."""
        types, pairs = list[str](), list[tuple[str, str, NamedNode | Literal]]()
        for triple in triples:
            object = cast(NamedNode | Literal, triple.object)
            if triple.predicate == RDF_TYPE:
                types.append(self.word(object.value))
            else:
                pairs.append((triple.predicate.value, str(object), object))
        pairs.sort(key=lambda pair: pair[:2])
        values = [self.value(property, object) for property, _, object in pairs]
        names = {*types, *(value.key for value in values), *(self.address(value.link) for value in values if value.link)}
        names |= {str(value.literal["type"]) for value in values if isinstance(value.literal, dict) and "type" in value.literal}
        names |= {self.address(triple.subject.value) for triple in triples[:1]}  # type: ignore[union-attr]
        return Statements(sorted(types), values, self.words_in(names))

    def words_in(self, names: Iterable[str]) -> frozenset[str]:
        """Return the words of the context that names are written with, and that those are written with in turn."""
        return frozenset[str]().union(*(self.words_of(name) for name in names))

    def find_words(self, name: str) -> frozenset[str]:
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

    def limited(self, words: Iterable[str]) -> dict[str, Any]:
        """Return the context with no more than some words, in its own order."""
        wanted = {"@version", "@base", "id", "type", *words}
        return {word: meaning for word, meaning in self.document.items() if word in wanted}


def add(node: Node, value: Value, content: Any) -> None:
    """Add a value to a node object: one alone, several as a list."""
    holder, key = (node, value.key) if value.language is None else (node.setdefault(value.key, {}), value.language)
    if key not in holder:
        holder[key] = content
    elif isinstance(holder[key], list):
        holder[key].append(content)
    else:
        holder[key] = [holder[key], content]


def tree(iri: str, told: Mapping[str, Statements], context: Context, seen: set[str], above: tuple[str, ...] = ()) -> Node:
    """Return a thing with what it links to put in where it is first met, and as an address after that (`@embed: @once`).

    Args:
        iri: the thing.
        told: the statements of each thing that something is told of.
        context: the context to write by.
        seen: the things that have been put in already; this one and those below are added.
        above: the things that this one is put in.
    """
    node: Node = {"id": context.address(iri)}
    seen.add(iri)
    if iri not in told:
        return node
    statements = told[iri]
    if statements.types:
        node["type"] = statements.types if len(statements.types) > 1 else statements.types[0]
    inner = (*above, iri)
    for value in statements.values:
        if value.link is None:
            add(node, value, value.literal)
        elif value.link in told and value.link not in seen and value.link not in inner:
            add(node, value, tree(value.link, told, context, seen, inner))
        else:
            address = context.address(value.link)
            add(node, value, address if value.is_short else {"id": address})
    return node


def framed(root: str, tellers: Mapping[str, list[str]], told: Mapping[str, Statements], context: Context) -> bytes:
    """Return a document with a thing as its root, and what tells of it under `@reverse`, by property.

    Args:
        root: the IRI of the thing.
        tellers: for each property, the things that link to the root by it, and are told of in the document.
        told: the statements of each thing that something is told of.
        context: the context to write by; what is used of it is put into the document, so that nothing is fetched to read it.
    """
    reverse: Node = {}
    for property, things in tellers.items():
        nodes = [tree(thing, told, context, set(), (root,)) for thing in things]
        reverse[context.value(property, NamedNode(root)).key] = nodes if len(nodes) > 1 else nodes[0]
    words = context.words_in(reverse).union(*(statements.used for statements in told.values()))
    return written({"@context": context.limited(words), **tree(root, told, context, set()), "@reverse": reverse})


def flat(things: Mapping[str, Statements], context: Context) -> bytes:
    """Return a document with a node object for each thing, by its address, and the whole context."""
    nodes = [tree(iri, {iri: statements}, context, set()) for iri, statements in things.items()]
    return written({"@context": context.document, "graph": sorted(nodes, key=lambda node: str(node["id"]))})


def written(document: Node) -> bytes:
    """Return a document as JSON, its keys in the order they have."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
