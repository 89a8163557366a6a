"""What things are called, and which thing a name means: the lists that links in a workbook are chosen from."""

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from balansekunst.asking.catalogue import nearest
from balansekunst.checking.rules import RDF_TYPE, RDFS_LABEL, SKOS_LABEL
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES
from balansekunst.project import BASE, NAMESPACE, Project, slug
from balansekunst.writing.sheets import Layout, Listed, term

OTHER_LABELS = (term("skos:altLabel"), term("skos:hiddenLabel"))
LEGAL = re.compile(r"[A-Za-z0-9/_.~-]+")
"""What an address below the base is made of."""


class Names:
    """Names and addresses of what is described."""

    def __init__(self, quads: Iterable[Quad], project: Project, layout: Layout) -> None:
        """Take what is described, and where the lists are told of."""
        self.base, self.layout = project.base, layout
        self.labels: dict[NamedNode, dict[str, str]] = {}
        """The name of each thing by language."""
        self.kinds: dict[NamedNode, set[Term]] = {}
        """The classes of each thing: what is in here is described."""
        self.values: dict[tuple[NamedNode, NamedNode], list[Term]] = {}
        self.others: dict[NamedNode, list[str]] = {}
        """Other names of each thing."""
        self.add(quads)

    def add(self, quads: Iterable[Quad]) -> None:
        """Take in more that is described."""
        for quad in quads:
            thing, value = quad.subject, quad.object
            if not isinstance(thing, NamedNode):
                continue
            self.values.setdefault((thing, quad.predicate), []).append(value)
            if quad.predicate == RDF_TYPE:
                self.kinds.setdefault(thing, set()).add(value)
            elif isinstance(value, Literal) and quad.predicate in (SKOS_LABEL, RDFS_LABEL):
                self.labels.setdefault(thing, {}).setdefault(value.language or "", value.value)
            elif isinstance(value, Literal) and quad.predicate in OTHER_LABELS:
                self.others.setdefault(thing, []).append(value.value)
        self.lists = {name: Names.index(self, listed) for name, listed in self.layout.lists.items()}

    def index(self, listed: Listed) -> dict[str, list[NamedNode]]:
        """Return the things of a list by every name, first names before other names."""
        members = sorted((thing for thing, kinds in self.kinds.items() if kinds & set(listed.classes)), key=str)
        found: dict[str, list[NamedNode]] = {}
        for choice in (True, False):
            # What may be chosen goes before what may not, and a name of its own before another's other name.
            some = [thing for thing in members if bool(self.kinds[thing] & set(listed.shown)) == choice]
            for names in ({t: list(self.labels.get(t, {}).values()) for t in some}, {t: self.others.get(t, []) for t in some}):
                new: dict[str, list[NamedNode]] = {}
                for thing, labels in names.items():
                    for label in dict.fromkeys(label.casefold() for label in labels):
                        new.setdefault(label, []).append(thing)
                found = {**new, **found}
        return found

    def label(self, thing: NamedNode, language: str) -> str:
        """Return what a thing is called, or its address."""
        labels = self.labels.get(thing, {})
        return next((labels[tag] for tag in (language, *LANGUAGES) if tag in labels), self.address(thing))

    def shown(self, thing: NamedNode, of: str, language: str) -> str:
        """Return what stands in a cell for a thing of a list: its name where that means this thing only, else its address."""
        name = self.labels.get(thing, {}).get(language, "")
        plain = name and name == name.strip() and "\n" not in name and self.lists[of].get(name.casefold()) == [thing]
        return name if plain else self.address(thing)

    def choices(self, of: str, language: str) -> list[str]:
        """Return what a drop-down shows: the names in a list, sorted."""
        shown = set(self.layout.lists[of].shown)
        found = {self.shown(thing, of, language) for thing, kinds in self.kinds.items() if kinds & shown}
        return sorted(found, key=lambda name: (slug(name), name))

    def address(self, thing: NamedNode) -> str:
        """Return a thing's address as people write it: from the base on."""
        for base in dict.fromkeys((self.base, BASE)):
            short = thing.value.removeprefix(base)
            if short != thing.value and LEGAL.fullmatch(short) and self.addressed(short) == thing:
                return short
        return thing.value.replace(NAMESPACE, "bk:") if thing.value.startswith(NAMESPACE) else thing.value

    def addressed(self, written: str) -> NamedNode | None:
        """Return the thing that an address, whole or from the base on, means; nothing where it is no address."""
        written = written.strip("<>")
        if written.startswith("bk:"):
            return NamedNode(NAMESPACE + written.removeprefix("bk:"))
        if written.startswith(("http://", "https://")):
            return NamedNode(written) if not re.search(r"[\s<>\"{}|^`\\]", written) else None
        if not LEGAL.fullmatch(written):
            return None
        found = [NamedNode(base + written) for base in (self.base, BASE)]
        return next((thing for thing in found if thing in self.kinds), found[0])

    def found(self, written: str, of: str) -> list[NamedNode]:
        """Return the things that a name or address in a cell may mean: one, several or none."""
        named = self.lists[of].get(written.casefold())
        if named:
            return named
        thing = self.addressed(written) if re.search(r"[/:]", written) else None
        known = thing is not None and bool(self.kinds.get(thing, set()) & set(self.layout.lists[of].classes))
        return [thing] if thing is not None and known else []

    def near(self, written: str, of: str, language: str) -> list[str]:
        """Return the names in a list that are nearest to what is written, nearest first."""
        shown = set(self.layout.lists[of].shown)
        names = {
            label: self.shown(thing, of, language)
            for label, things in self.lists[of].items()
            for thing in things[:1]
            if self.kinds[thing] & shown
        }
        return list(dict.fromkeys(nearest(written, names)))
