"""The graph as pages read it: things with names, texts and links in one language, and a record of all that a page has read.

A template asks a `Node` for what it has (`node.texts("bk:what")`), and what has it (`node.of("bk:competence")`). What comes back escapes
itself, carries its language, and links to the page it has.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TypeVar

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode, Store, Triple

from balansekunst.load import Term
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES
from balansekunst.project import BASE, NAMESPACE, base_of, local
from balansekunst.publication.paths import page_path, path_of
from balansekunst.publication.rdf import PREFIXES, resources

NAMES = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
"""What gives a thing its name, the first first."""
NORWEGIAN = str.maketrans({"æ": "z1", "ø": "z2", "å": "z3"})
SortKey = tuple[tuple[str, str], str]
T = TypeVar("T")
TAGS = {"nb": ("nb", "no"), "en": ("en",)}
"""The language tags that count as each of our languages. ESCO's Norwegian is `no`."""


@cache
def full(name: str) -> str:
    """Return the IRI of a name with one of our prefixes.

    Raises:
        KeyError: the prefix is not one of ours.
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def inner(name: str) -> str:
    """Return a name as it stands within a sentence: with a small first letter, unless it is an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def order(name: str) -> tuple[str, str]:
    """Return what sorts names as Norwegian does: æ, ø and å last, without regard to case."""
    return name.casefold().translate(NORWEGIAN), name


class Graph:
    """All statements of a store, by subject and by object."""

    def __init__(self, store: Store) -> None:
        """Take the statements of every graph of `store`."""
        out: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        into: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in store:
            subject, object = quad.subject, quad.object
            if isinstance(subject, NamedNode):
                predicate = quad.predicate.value
                out[subject.value][predicate].add(object)
                if isinstance(object, NamedNode):
                    into[object.value][predicate].add(subject.value)
        self.out = {iri: {p: sorted(terms, key=repr) for p, terms in found.items()} for iri, found in out.items()}
        """For each thing and property, what it has, in an order that is always the same."""
        self.into = {iri: {p: sorted(subjects) for p, subjects in found.items()} for iri, found in into.items()}
        """For each thing and property, what has it."""
        self.paged = frozenset(resources(store))
        """The IRIs that have a page."""
        self.external: frozenset[str] = frozenset()
        """The IRIs that have an external page beside it."""
        self.called: dict[tuple[str, str], tuple[Text, SortKey]] = {}
        """The name of each thing in each language, and its place in order, where a page has asked for it."""

    def without(self, hidden: Iterable[Triple]) -> "Graph":
        """Return the graph without some statements. What they do not touch is shared."""
        out: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        into: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for triple in hidden:
            if isinstance(triple.subject, NamedNode):
                out[triple.subject.value][triple.predicate.value].add(triple.object)
                if isinstance(triple.object, NamedNode):
                    into[triple.object.value][triple.predicate.value].add(triple.subject.value)
        fewer = copy(self)
        fewer.out = self.out | {iri: fewer_of(self.out[iri], dropped) for iri, dropped in out.items()}
        fewer.into = self.into | {iri: fewer_of(self.into[iri], dropped) for iri, dropped in into.items()}
        fewer.called = {}
        return fewer

    @cached_property
    def depths(self) -> dict[str, int]:
        """How many classes stand above each class, itself counted: the more, the more it says of a thing."""
        parents = full("rdfs:subClassOf")

        def above(iri: str, seen: frozenset[str]) -> frozenset[str]:
            nearest = {term.value for term in self.out.get(iri, {}).get(parents, []) if isinstance(term, NamedNode)} - seen
            return frozenset(seen | {iri}).union(*(above(parent, seen | {iri}) for parent in nearest))

        classes = [iri for iri in self.out if iri.startswith(NAMESPACE)]
        return {iri: len(above(iri, frozenset())) for iri in classes}

    def digest(self, iri: str) -> str:
        """Return a short digest of all that is stated of `iri` and by whom it is pointed to."""
        facts = sorted(self.out.get(iri, {}).items()), sorted(self.into.get(iri, {}).items())
        return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()


def fewer_of(found: dict[str, list[T]], dropped: dict[str, set[T]]) -> dict[str, list[T]]:
    """Return what is found by property, without what is dropped; a property that loses all is left out."""
    fewer = {p: [one for one in some if one not in dropped[p]] if p in dropped else some for p, some in found.items()}
    return {p: some for p, some in fewer.items() if some}


@dataclass(slots=True)
class Text:
    """A text in a language. In a page it is escaped, and marked where its language is not the page's."""

    value: str
    language: str
    page_language: str

    def __html__(self) -> str:
        return self.marked(escape(self.value))

    def marked(self, html: Markup) -> Markup:
        """Return `html`, in an element that tells the language where that is not the page's."""
        return html if self.language == self.page_language else Markup('<span lang="{}">{}</span>').format(self.language, html)

    def __str__(self) -> str:
        return self.value


@dataclass(eq=False)
class View:
    """The graph as one page sees it: in its language, with addresses that start where it lies, and the record of what it has read."""

    graph: Graph
    path: str
    """The page's own path, without language and ending: `role/butikksjef`."""
    language: str
    external: bool = False
    read: set[str] = field(default_factory=set)
    """The IRIs whose statements the page has read."""

    @cached_property
    def root(self) -> str:
        """The way from the page up to the folder of the site."""
        return "../" * page_path(self.path, self.language, self.external).count("/")

    def node(self, iri: str) -> "Node":
        """Return a thing by its IRI, or its path below the base."""
        return Node(self, iri if "://" in iri else BASE + iri)

    def each(self, kind: str) -> list["Node"]:
        """Return every thing of a class such as `bk:Role`, by name."""
        self.read.add(full(kind))
        return in_order(self, self.graph.into.get(full(kind), {}).get(full("rdf:type"), []))

    def relative(self, target: str) -> str:
        """Return the address of a file of the site, from where this page lies."""
        folder = f"{self.language}/"
        # Each page of the other language is below a folder of that language, and nothing else is.
        if target.startswith(folder):
            return self.root.removeprefix("../") + target.removeprefix(folder)
        return self.root + target

    def page(self, path: str, language: str = "", external: bool | None = None) -> str:
        """Return the address of a page from this one: `role/butikksjef` or `index`, in this language, and as external as this one."""
        target = page_path(path, language or self.language, self.external if external is None else external)
        return self.relative(target)


@dataclass(slots=True, unsafe_hash=True)
class Node:
    """A thing, as a page sees it."""

    view: View
    iri: str

    def terms(self, name: str) -> list[Term]:
        """Return what a property of the thing has, as the store has it."""
        self.view.read.add(self.iri)
        return self.view.graph.out.get(self.iri, {}).get(full(name), [])

    def all(self, *names: str) -> list["Node"]:
        """Return the things that properties link to, each once, by name."""
        found = {term.value for name in names for term in self.terms(name) if isinstance(term, NamedNode)}
        return in_order(self.view, found)

    def one(self, *names: str) -> "Node | None":
        """Return the first thing that properties link to, if any."""
        return next(iter(self.all(*names)), None)

    def of(self, *names: str) -> list["Node"]:
        """Return the things whose property links to this one, each once, by name."""
        self.view.read.add(self.iri)
        into = self.view.graph.into.get(self.iri, {})
        found = {iri for name in names for iri in into.get(full(name), [])}
        return in_order(self.view, found)

    def texts(self, *names: str) -> list[Text]:
        """Return the texts of properties in the page's language; where there are none, in the other."""
        literals = [term for name in names for term in self.terms(name) if isinstance(term, Literal)]
        languages = [self.view.language, *(tag for tag in LANGUAGES if tag != self.view.language)]
        for language in languages:
            found = [term for term in literals if term.language in TAGS[language]]
            if found:
                return [Text(term.value, term.language or language, self.view.language) for term in found]
        # What has no language is a name, a code or a place in a document, all in Norwegian where they are words.
        return [Text(term.value, term.language or DEFAULT_LANGUAGE, self.view.language) for term in literals]

    def text(self, *names: str) -> Text | None:
        """Return the first text that the first of the properties to have one gives."""
        return next((found[0] for name in names if (found := self.texts(name))), None)

    def values(self, name: str) -> list[str]:
        """Return numbers, years and codes as they stand."""
        return [term.value for term in self.terms(name) if isinstance(term, Literal)]

    def value(self, name: str) -> str | None:
        """Return the first number, year or code, if any."""
        return next(iter(self.values(name)), None)

    def number(self, property: str) -> float | None:
        """Return the number that a property, given by its IRI, has, if any."""
        self.view.read.add(self.iri)
        literals = [term for term in self.view.graph.out.get(self.iri, {}).get(property, []) if isinstance(term, Literal)]
        return float(literals[0].value) if literals else None

    @property
    def kinds(self) -> list[str]:
        """The names of the thing's classes of ours, the one that says most first."""
        depths = self.view.graph.depths
        own = [term.value for term in self.terms("rdf:type") if isinstance(term, NamedNode)]
        return [
            kind.removeprefix(NAMESPACE) if kind in depths else kind.rpartition("#")[2].rpartition("/")[2]
            for kind in sorted(own, key=lambda kind: (-depths.get(kind, 0), kind))
        ]

    def is_a(self, kind: str) -> bool:
        """Tell whether the thing is of a class such as `bk:Role`."""
        return any(isinstance(term, NamedNode) and term.value == full(kind) for term in self.terms("rdf:type"))

    def has(self, name: str) -> bool:
        """Tell whether the thing has a property such as `bk:hasStandard`."""
        return bool(self.terms(name))

    @property
    def name(self) -> Text:
        """What the thing is called: its label, else the end of its address."""
        return self.called()[0]

    def called(self) -> tuple[Text, SortKey]:
        """Return what the thing is called, and what it is put in order by."""
        self.view.read.add(self.iri)
        known, key = self.view.graph.called, (self.iri, self.view.language)
        if key not in known:
            name = self.text(*NAMES) or Text(local(self.iri) or self.iri, self.view.language, self.view.language)
            known[key] = name, (order(name.value), self.iri)
        return known[key]

    @property
    def is_described(self) -> bool:
        """Whether a standard describes the thing, a role."""
        return self.has("bk:hasStandard")

    @property
    def base(self) -> str:
        """The base that the thing's address begins with: of this project, or of the one it stands on."""
        return base_of(self.iri) or ""

    @property
    def path(self) -> str:
        """The thing's path below its base."""
        return path_of(self.iri)

    @property
    def slug(self) -> str:
        """The end of the thing's address: also what its part of another page is called."""
        return self.iri.rsplit("#" if "#" in self.iri else "/", 1)[-1]

    @property
    def href(self) -> str:
        """Where the thing's page lies, from this one; its own address where it is not ours."""
        if self.iri.startswith(NAMESPACE):
            return f"{self.view.relative(page_path('ns', self.view.language))}#{self.slug}"
        if self.iri not in self.view.graph.paged:
            return self.iri
        return self.view.page(self.path, external=self.view.external and self.iri in self.view.graph.external)

    def __html__(self) -> str:
        name = self.name
        language = f' lang="{escape(name.language)}"' if name.language != self.view.language else ""
        return Markup(f'<a href="{escape(self.href)}"{language}>{escape(name.value)}</a>')

    def __str__(self) -> str:
        return self.name.value

    def sort_key(self) -> SortKey:
        """What things are put in order by: name, then address."""
        return self.called()[1]

    def along(self, *path: tuple[str, ...]) -> list["Node"]:
        """Return the things at the end of a path of properties; each step may be any of several, and `^` before one goes it backwards."""
        nodes = [self]
        for names in path:
            onwards, back = [name for name in names if name[0] != "^"], [name[1:] for name in names if name[0] == "^"]
            nodes = [next_one for node in nodes for next_one in (*node.all(*onwards), *node.of(*back))]
        return sorted(set(nodes), key=Node.sort_key)

    @property
    def kind(self) -> "Node | None":
        """The class of ours that says most of the thing, if any."""
        name = next(iter(self.kinds), "")
        return Node(self.view, NAMESPACE + name) if NAMESPACE + name in self.view.graph.depths else None

    @property
    def section(self) -> str:
        """The first part of the thing's path: `role`, `standard`."""
        return self.path.partition("/")[0]

    def statements(self) -> Iterator[tuple[str, "Node", list["Node"], list[Text]]]:
        """Yield each property that the thing has, as prefixed name and as thing, with what it leads to, by the property's name."""
        self.view.read.add(self.iri)
        for name, predicate in self.named(self.view.graph.out.get(self.iri, {})):
            things, texts = self.all(name), self.texts(name)
            if things or texts:
                yield name, predicate, things, texts

    def pointed(self) -> Iterator[tuple[str, "Node", list["Node"]]]:
        """Yield each property that points to the thing, as prefixed name and as thing, with the things that have it."""
        self.view.read.add(self.iri)
        for name, predicate in self.named(self.view.graph.into.get(self.iri, {})):
            yield name, predicate, self.of(name)

    def named(self, predicates: Iterable[str]) -> list[tuple[str, "Node"]]:
        """Return the properties with a prefix of ours, by name. Names and types of things are told in other ways."""
        found = [(name, Node(self.view, iri)) for iri in predicates if (name := prefixed(iri)) and name not in ("rdf:type", *NAMES)]
        return sorted(found, key=lambda pair: pair[1].sort_key())


def in_order(view: View, iris: Collection[str]) -> list[Node]:
    """Return things by name."""
    nodes = [Node(view, iri) for iri in iris]
    return sorted(nodes, key=Node.sort_key) if len(nodes) > 1 else nodes


@cache
def prefixed(iri: str) -> str | None:
    """Return an IRI with one of our prefixes, if it has one."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return None


def grouped(nodes: Iterable[Node], *names: str) -> list[tuple[Node | None, list[Node]]]:
    """Return things by what the first of some properties that they have links them to, in the order of the first of each."""
    groups: dict[Node | None, list[Node]] = {}
    for node in nodes:
        groups.setdefault(next((found for name in names if (found := node.one(name))), None), []).append(node)
    return list(groups.items())
