"""The graph as pages read it: things with names, texts and links in one language, and a record of all that a page has read.

A template asks a `Node` for what it has (`node.texts("bk:what")`), and what has it (`node.of("bk:competence")`). What comes back escapes
itself, carries its language, and links to the page it has.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TypeVar

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode, Store, Triple

from balansekunst.export.paths import NOT_FOUND_PATH, get_page_path, get_resource_path
from balansekunst.export.published import list_resources
from balansekunst.inputs import hash_text
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, find_member_key, load_messages
from balansekunst.namespaces import BASE, NAMESPACE, Bases, compact_iri, expand_name
from balansekunst.rdf.graph import Term, Texts
from balansekunst.site.values import format_literal

NAME_PROPERTIES = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
"""What gives a thing its name, the first first."""
_NORWEGIAN_LETTERS = str.maketrans({"æ": "z1", "ø": "z2", "å": "z3"})
_compact_cached = cache(compact_iri)
_NameKey = tuple[tuple[str, str], str]
_SortKey = tuple[int, tuple[str, str], str]
OutlinePlace = tuple[int, ...]
LINKED_SCHEMES = ("http", "https", "mailto", "tel")
"""How addresses elsewhere begin that pages and their scripts link to, before the colon. A browser would run others as scripts."""
_LINKED_PATTERN = re.compile(rf"(?:{'|'.join(LINKED_SCHEMES)}):", re.IGNORECASE)
_RULE_PATH = "rule/"
"""How the path of a rule begins. Rules have pages and are no part of the graph."""
_UNORDERED = 1_000_000
"""The place of what has no order among what has."""
_LAST_IRI = "~"
"""What sorts after every IRI."""
_T = TypeVar("_T")
LANGUAGE_TAGS = {"nb": ("nb", "no"), "en": ("en",)}
"""The language tags that count as each of our languages. ESCO's Norwegian is `no`."""


def lowercase_initial(name: str) -> str:
    """Return a name as it stands within a sentence: with a small first letter, unless it is an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def get_name_sort_key(name: str) -> tuple[str, str]:
    """Return what sorts names as Norwegian does: æ, ø and å last, without regard to case."""
    return name.casefold().translate(_NORWEGIAN_LETTERS), name


class SiteGraph:
    """All statements of a store, by subject and by object."""

    def __init__(self, store: Store, bases: Bases) -> None:
        """Take the statements of every graph of `store`, and what IRIs of ours begin with."""
        self.bases = bases
        out: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        into: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in store:
            subject, object = quad.subject, quad.object
            if isinstance(subject, NamedNode):
                predicate = quad.predicate.value
                out[subject.value][predicate].add(object)
                if isinstance(object, NamedNode):
                    into[object.value][predicate].add(subject.value)
        self.outgoing = {iri: {p: sorted(terms, key=repr) for p, terms in found.items()} for iri, found in out.items()}
        """For each thing and property, what it has, in an order that is always the same."""
        self.incoming = {iri: {p: sorted(subjects) for p, subjects in found.items()} for iri, found in into.items()}
        """For each thing and property, what has it."""
        self.page_iris = frozenset(list_resources(store, bases))
        """The IRIs that have a page."""
        self.external_iris: frozenset[str] = frozenset()
        """The IRIs that have an external page beside it."""
        self.rule_names: dict[str, Texts] = {}
        """What each rule of the method is called, by its IRI: rules stand in the shapes, not in the graph."""
        self.name_cache: dict[tuple[str, str], tuple[LocalizedText, _NameKey]] = {}
        """The name of each thing in each language, and its place in order, where a page has asked for it."""
        self.outline_cache: dict[str, tuple[OutlinePlace, tuple[str, ...]]] = {}
        """The place of each passage in the outline of its document, where a page has asked for it, and what tells it."""

    def exclude_triples(self, hidden: Iterable[Triple]) -> "SiteGraph":
        """Return the graph without some statements. What they do not touch is shared."""
        out: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        into: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for triple in hidden:
            if isinstance(triple.subject, NamedNode):
                out[triple.subject.value][triple.predicate.value].add(triple.object)
                if isinstance(triple.object, NamedNode):
                    into[triple.object.value][triple.predicate.value].add(triple.subject.value)
        fewer = copy(self)
        fewer.outgoing = self.outgoing | {iri: _remove_values(self.outgoing[iri], dropped) for iri, dropped in out.items()}
        fewer.incoming = self.incoming | {iri: _remove_values(self.incoming[iri], dropped) for iri, dropped in into.items()}
        fewer.name_cache = {}
        return fewer

    @cached_property
    def class_depths(self) -> dict[str, int]:
        """How many classes stand above each class, itself counted: the more, the more it says of a thing."""
        parents = expand_name("rdfs:subClassOf")

        def above(iri: str, seen: frozenset[str]) -> frozenset[str]:
            nearest = {term.value for term in self.outgoing.get(iri, {}).get(parents, []) if isinstance(term, NamedNode)} - seen
            return frozenset(seen | {iri}).union(*(above(parent, seen | {iri}) for parent in nearest))

        classes = [iri for iri in self.outgoing if iri.startswith(NAMESPACE)]
        return {iri: len(above(iri, frozenset())) for iri in classes}

    @cached_property
    def listing_properties(self) -> frozenset[str]:
        """The IRIs of the properties that list in order: those marked `bk:listsInOrder`, and those that classes are `bk:orderedWithin`."""
        marked = {iri for iri, facts in self.outgoing.items() if expand_name("bk:listsInOrder") in facts}
        within = {
            term.value
            for facts in self.outgoing.values()
            for term in facts.get(expand_name("bk:orderedWithin"), [])
            if isinstance(term, NamedNode)
        }
        return frozenset(marked | within)

    @cached_property
    def stated_classes(self) -> frozenset[str]:
        """The IRIs of the classes whose members are listed as the documents state them."""
        within, stated = expand_name("bk:orderedWithin"), NamedNode(expand_name("bk:statedIn"))
        return frozenset(iri for iri, facts in self.outgoing.items() if stated in facts.get(within, []))

    @cached_property
    def ordered_classes(self) -> frozenset[str]:
        """The IRIs of the classes whose members are one list."""
        within, whole = expand_name("bk:orderedWithin"), NamedNode(expand_name("rdf:type"))
        return frozenset(iri for iri, facts in self.outgoing.items() if whole in facts.get(within, []))

    @cached_property
    def retired_iris(self) -> frozenset[str]:
        """The IRIs of what is retired: it keeps its page, and is marked wherever it is named."""
        deprecated = expand_name("owl:deprecated")
        return frozenset(
            iri for iri, facts in self.outgoing.items() if any(getattr(term, "value", "") == "true" for term in facts.get(deprecated, []))
        )

    def compute_digest(self, iri: str) -> str:
        """Return a short digest of all that is stated of `iri` and by whom it is pointed to."""
        told = [f"{p} {' '.join(map(str, terms))}" for p, terms in sorted(self.outgoing.get(iri, {}).items())]
        told += [f"^{p} {' '.join(subjects)}" for p, subjects in sorted(self.incoming.get(iri, {}).items())]
        return hash_text("\n".join(told))


def _remove_values(found: dict[str, list[_T]], dropped: dict[str, set[_T]]) -> dict[str, list[_T]]:
    """Return what is found by property, without what is dropped; a property that loses all is left out."""
    fewer = {p: [one for one in some if one not in dropped[p]] if p in dropped else some for p, some in found.items()}
    return {p: some for p, some in fewer.items() if some}


@dataclass(slots=True)
class LocalizedText:
    """A text in a language. In a page it is escaped, and marked where its language is not the page's."""

    value: str
    language: str
    page_language: str

    def __html__(self) -> str:
        return self.mark_language(escape(self.value))

    def mark_language(self, html: Markup) -> Markup:
        """Return `html`, in an element that tells the language where that is not the page's."""
        return html if self.language == self.page_language else Markup('<span lang="{}">{}</span>').format(self.language, html)

    def __str__(self) -> str:
        return self.value


@dataclass(eq=False)
class View:
    """The graph as one page sees it: in its language, with addresses that start where it lies, and the record of what it has read."""

    graph: SiteGraph
    path: str
    """The page's own path, without language and ending: `role/butikksjef`."""
    language: str
    external: bool = False
    dependencies: set[str] = field(default_factory=set)
    """The IRIs whose statements the page has read."""

    @cached_property
    def root(self) -> str:
        """The way from the page up to the folder of the site."""
        if self.path == NOT_FOUND_PATH:
            return "/"
        return "../" * get_page_path(self.path, self.language, self.external).count("/")

    def get_node(self, iri: str) -> "Node":
        """Return a thing by its IRI, or its path below the base."""
        return Node(self, iri if "://" in iri else BASE + iri)

    def list_instances(self, kind: str) -> list["Node"]:
        """Return every thing of a class such as `bk:Role`: in the document's order where the class is one list, else by name."""
        iri = expand_name(kind)
        self.dependencies.add(iri)
        found = self.graph.incoming.get(iri, {}).get(expand_name("rdf:type"), [])
        return _sort_nodes(self, found, in_order=iri in self.graph.ordered_classes)

    def get_file_url(self, target: str) -> str:
        """Return the address of a file of the site, from where this page lies."""
        folder = f"{self.language}/"
        # Each page of the other language is below a folder of that language, and nothing else is.
        if target.startswith(folder) and self.root.startswith("../"):
            return self.root.removeprefix("../") + target.removeprefix(folder)
        return self.root + target

    def get_page_url(self, path: str, language: str = "", external: bool | None = None) -> str:
        """Return the address of a page from this one: `role/butikksjef` or `index`, in this language, and as external as this one."""
        target = get_page_path(path, language or self.language, self.external if external is None else external)
        return self.get_file_url(target)


@dataclass(slots=True, unsafe_hash=True)
class Node:
    """A thing, as a page sees it."""

    view: View
    iri: str

    def list_terms(self, name: str) -> list[Term]:
        """Return what a property of the thing has, as the store has it."""
        self.view.dependencies.add(self.iri)
        return self.view.graph.outgoing.get(self.iri, {}).get(expand_name(name), [])

    def list_objects(self, *names: str) -> list["Node"]:
        """Return the things that properties link to, each once: in the document's order where a property lists, else by name."""
        found = {term.value for name in names for term in self.list_terms(name) if isinstance(term, NamedNode)}
        return _sort_nodes(self.view, found, in_order=self._is_listing(names))

    def find_object(self, *names: str) -> "Node | None":
        """Return the first thing that properties link to, if any."""
        return next(iter(self.list_objects(*names)), None)

    def list_subjects(self, *names: str) -> list["Node"]:
        """Return the things whose property links to this one, each once: in the document's order where they are listed so, else by name."""
        self.view.dependencies.add(self.iri)
        into = self.view.graph.incoming.get(self.iri, {})
        found = {iri for name in names for iri in into.get(expand_name(name), [])}
        return _sort_nodes(self.view, found, in_order=self._is_listing(names))

    def _is_listing(self, names: Iterable[str]) -> bool:
        """Tell whether any of some properties lists in order."""
        return any(expand_name(name) in self.view.graph.listing_properties for name in names)

    def list_texts(self, *names: str) -> list[LocalizedText]:
        """Return the texts of properties in the page's language; where there are none, in the other."""
        literals = [term for name in names for term in self.list_terms(name) if isinstance(term, Literal)]
        languages = [self.view.language, *(tag for tag in LANGUAGES if tag != self.view.language)]
        for language in languages:
            found = [term for term in literals if term.language in LANGUAGE_TAGS[language]]
            if found:
                return [LocalizedText(term.value, term.language or language, self.view.language) for term in found]
        # What has no language is a name, a code or a place in a document, all in Norwegian where they are words; or a number or date.
        shown = [(term, format_literal(term, self.view.language)) for term in literals]
        return [
            LocalizedText(text, DEFAULT_LANGUAGE if text == term.value else self.view.language, self.view.language) for term, text in shown
        ]

    def find_text(self, *names: str) -> LocalizedText | None:
        """Return the first text that the first of the properties to have one gives."""
        return next((found[0] for name in names if (found := self.list_texts(name))), None)

    def list_values(self, name: str) -> list[str]:
        """Return numbers, years and codes as they stand."""
        return [term.value for term in self.list_terms(name) if isinstance(term, Literal)]

    def find_value(self, name: str) -> str | None:
        """Return the first number, year or code, if any."""
        return next(iter(self.list_values(name)), None)

    def find_number(self, property: str) -> float | None:
        """Return the number that a property, given by its IRI, has, if any."""
        self.view.dependencies.add(self.iri)
        literals = [term for term in self.view.graph.outgoing.get(self.iri, {}).get(property, []) if isinstance(term, Literal)]
        return float(literals[0].value) if literals else None

    @property
    def class_names(self) -> list[str]:
        """The names of the thing's classes of ours, the one that says most first."""
        depths = self.view.graph.class_depths
        own = [term.value for term in self.list_terms("rdf:type") if isinstance(term, NamedNode)]
        return [
            kind.removeprefix(NAMESPACE) if kind in depths else kind.rpartition("#")[2].rpartition("/")[2]
            for kind in sorted(own, key=lambda kind: (-depths.get(kind, 0), kind))
        ]

    def is_a(self, kind: str) -> bool:
        """Tell whether the thing is of a class such as `bk:Role`."""
        return any(isinstance(term, NamedNode) and term.value == expand_name(kind) for term in self.list_terms("rdf:type"))

    def has(self, name: str) -> bool:
        """Tell whether the thing has a property such as `bk:hasStandard`."""
        return bool(self.list_terms(name))

    def is_editorial(self, name: str) -> bool:
        """Tell whether what a property says of the thing is our addition: always with that property, or here."""
        terms = self.list_terms("bk:editorialProperty")
        return NamedNode(expand_name(name)) in terms or Node(self.view, expand_name(name)).find_value("bk:editorial") == "true"

    def is_listing(self, name: str) -> bool:
        """Tell whether a property lists what it leads to, or what leads to it, in the document's order."""
        return self._is_listing([name])

    @property
    def name(self) -> LocalizedText:
        """What the thing is called: its label, else the end of its address."""
        return self.find_name()[0]

    def find_name(self) -> tuple[LocalizedText, _NameKey]:
        """Return what the thing is called, and what it is put in order by."""
        self.view.dependencies.add(self.iri)
        known, key = self.view.graph.name_cache, (self.iri, self.view.language)
        if key not in known:
            shown = self.view.graph.bases.strip_base(self.iri).removeprefix(_RULE_PATH) or self.iri
            if rule := self.view.graph.rule_names.get(self.iri):
                shown = f"{shown} {rule[self.view.language]}"
            elif curie := _compact_cached(self.iri):
                shown = load_messages(self.view.language).get(find_member_key("term.", curie), shown)
            name = self.find_text(*NAME_PROPERTIES) or LocalizedText(shown, self.view.language, self.view.language)
            known[key] = name, (get_name_sort_key(name.value), self.iri)
        return known[key]

    @property
    def is_described(self) -> bool:
        """Whether a standard describes the thing, a role."""
        return self.has("bk:hasStandard")

    @property
    def is_retired(self) -> bool:
        """Whether the thing should no longer be used."""
        return self.iri in self.view.graph.retired_iris

    @property
    def is_merged(self) -> bool:
        """Whether the thing, a standard, is one of those that a general standard of the role was made from."""
        return any(node.has("bk:describesRole") for node in self.list_subjects("prov:wasDerivedFrom"))

    @property
    def base(self) -> str:
        """The base that the thing's address begins with: of this project, or of the one it stands on."""
        return self.view.graph.bases.find_base(self.iri) or ""

    @property
    def path(self) -> str:
        """The thing's path below its base."""
        return get_resource_path(self.iri, self.view.graph.bases)

    @property
    def slug(self) -> str:
        """The end of the thing's address: also what its part of another page is called."""
        return self.iri.rsplit("#" if "#" in self.iri else "/", 1)[-1]

    @property
    def href(self) -> str:
        """Where the thing's page lies, from this one; its own address where it is not ours, or nothing where no link may lead there."""
        if self.iri.startswith(NAMESPACE):
            return f"{self.view.get_file_url(get_page_path('ns', self.view.language))}#{self.slug}"
        if self.view.graph.bases.strip_base(self.iri).startswith(_RULE_PATH):
            return self.view.get_page_url(self.path, external=False)
        document, has_fragment, fragment = self.iri.partition("#")
        if document not in self.view.graph.page_iris:
            return self.iri if _LINKED_PATTERN.match(self.iri) else ""
        if has_fragment:
            return f"{self.view.get_page_url(self.path, external=False)}#{fragment}"
        return self.view.get_page_url(self.path, external=self.view.external and self.iri in self.view.graph.external_iris)

    def __html__(self) -> str:
        name = self.name
        language = f' lang="{escape(name.language)}"' if name.language != self.view.language else ""
        mark = f' <span class="tag">{escape(load_messages(self.view.language)["retired.mark"])}</span>' if self.is_retired else ""
        href = self.href
        if not href:
            return Markup(f"<span{language}>{escape(name.value)}</span>{mark}")
        return Markup(f'<a href="{escape(href)}"{language}>{escape(name.value)}</a>{mark}')

    def __str__(self) -> str:
        return self.name.value

    def get_sort_key(self) -> _NameKey:
        """What things are put in order by: name, then address."""
        return self.find_name()[1]

    @property
    def order(self) -> int | None:
        """The place of the thing in its list, from 1, where it has one."""
        value = self.find_value("bk:order")
        return int(value) if value and value.isdigit() else None

    def get_order_key(self) -> _SortKey:
        """What listed things are put in order by: their place in the list, then name and address."""
        return self.order or _UNORDERED, *self.find_name()[1]

    @property
    def outline_place(self) -> OutlinePlace:
        """Where a passage stands in the outline of its document: its place in its list, after those of the passages that it is part of."""
        known = self.view.graph.outline_cache
        if self.iri not in known:
            above = self.find_object("dcterms:isPartOf") if self.is_a("bk:Passage") else None
            place = (*above.outline_place, self.order or _UNORDERED) if above else ()
            known[self.iri] = place, (self.iri, *(known[above.iri][1] if above else ()))
        place, read = known[self.iri]
        self.view.dependencies.update(read)
        return place

    def find_place(self, document: "Node | None" = None) -> tuple[str, OutlinePlace]:
        """Return the first passage that states the thing, in one document or any, by the document's address and its place there."""
        places = [
            (found.iri, passage.outline_place)
            for passage in self.list_objects("bk:statedIn")
            for found in passage.list_objects("bk:inDocument")
            if document in (None, found)
        ]
        return min(places, default=(_LAST_IRI, ()))

    @property
    def is_listed_as_stated(self) -> bool:
        """Whether things of the kind are listed as the documents state them."""
        return any(isinstance(term, NamedNode) and term.value in self.view.graph.stated_classes for term in self.list_terms("rdf:type"))

    def follow_path(self, *path: tuple[str, ...]) -> list["Node"]:
        """Return the things at the end of a path of properties; each step may be any of several, and `^` before one goes it backwards."""
        nodes = [self]
        for names in path:
            onwards, back = [name for name in names if name[0] != "^"], [name[1:] for name in names if name[0] == "^"]
            nodes = [next_one for node in nodes for next_one in (*node.list_objects(*onwards), *node.list_subjects(*back))]
        return list(dict.fromkeys(nodes))

    @property
    def main_class(self) -> "Node | None":
        """The class of ours that says most of the thing, if any."""
        name = self.main_class_name
        return Node(self.view, NAMESPACE + name) if NAMESPACE + name in self.view.graph.class_depths else None

    @property
    def main_class_name(self) -> str:
        """The name of the class that says most of the thing: `Finding`."""
        return next(iter(self.class_names), "")

    @property
    def section(self) -> str:
        """The first part of the thing's path: `role`, `standard`."""
        return self.path.partition("/")[0]

    def list_statements(self) -> Iterator[tuple[str, "Node", list["Node"], list[LocalizedText]]]:
        """Yield each property that the thing has, as prefixed name and as thing, with what it leads to, by the property's name."""
        self.view.dependencies.add(self.iri)
        for name, predicate in self._list_named_properties(self.view.graph.outgoing.get(self.iri, {})):
            things, texts = self.list_objects(name), self.list_texts(name)
            if things or texts:
                yield name, predicate, things, texts

    def list_incoming(self) -> Iterator[tuple[str, "Node", list["Node"]]]:
        """Yield each property that points to the thing, as prefixed name and as thing, with the things that have it.

        What points here by a property that is a kind of another, such as one of our own reading, is under that one only.
        """
        self.view.dependencies.add(self.iri)
        properties = self._list_named_properties(self.view.graph.incoming.get(self.iri, {}))
        found = {predicate.iri: self.list_subjects(name) for name, predicate in properties}
        narrower = [
            (above.iri, iri) for iri in found for above in Node(self.view, iri).list_objects("rdfs:subPropertyOf") if above.iri != iri
        ]
        for name, predicate in properties:
            told = {node for above, iri in narrower if above == predicate.iri for node in found[iri]}
            if rest := [node for node in found[predicate.iri] if node not in told]:
                yield name, predicate, rest

    def _list_named_properties(self, predicates: Iterable[str]) -> list[tuple[str, "Node"]]:
        """Return the properties with a prefix of ours, by name. Names and types of things are told in other ways."""
        found = [
            (name, Node(self.view, iri))
            for iri in predicates
            if (name := _compact_cached(iri)) and name not in ("rdf:type", *NAME_PROPERTIES)
        ]
        return sorted(found, key=lambda pair: pair[1].get_sort_key())


def _sort_nodes(view: View, iris: Collection[str], in_order: bool = False) -> list[Node]:
    """Return things by name, or by their place in the list that they stand in."""
    nodes = [Node(view, iri) for iri in iris]
    if len(nodes) < 2:
        return nodes
    return sorted(nodes, key=Node.get_order_key) if in_order else sorted(nodes, key=Node.get_sort_key)


def sort_by_passage(nodes: Iterable[Node], document: Node | None = None) -> list[Node]:
    """Return things in the order of a document, or of all: by the first passage that states each, then by their place in their list."""
    return sorted(nodes, key=lambda node: (node.find_place(document), node.get_order_key()))


def group_by_document(nodes: Iterable[Node]) -> list[tuple[Node | None, list[Node]]]:
    """Return things in the order of the documents, by the document that states each first."""
    groups: dict[str, list[Node]] = {}
    for node in sort_by_passage(nodes):
        groups.setdefault(node.find_place()[0], []).append(node)
    return [(found[0].view.get_node(iri) if iri != _LAST_IRI else None, found) for iri, found in groups.items()]


def group_nodes(nodes: Iterable[Node], *names: str) -> list[tuple[Node | None, list[Node]]]:
    """Return things by what the first of some properties that they have links them to, in the order of the first of each."""
    groups: dict[Node | None, list[Node]] = {}
    for node in nodes:
        groups.setdefault(next((found for name in names if (found := node.find_object(name))), None), []).append(node)
    return list(groups.items())
