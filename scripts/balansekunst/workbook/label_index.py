"""What things are called, and which thing a name means: the lists that links in a workbook are chosen from."""

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import (
    BASE,
    NAMESPACE,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_LABEL,
    compact_iri,
    expand_curie,
    expand_name,
    fold_name,
    slugify,
)
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.sparql.catalogue import find_nearest
from balansekunst.workbook.layout import ChoiceList, Layout

OTHER_LABEL_PROPERTIES = (expand_curie("skos:altLabel"), expand_curie("skos:hiddenLabel"))
DEPRECATED = expand_curie("owl:deprecated")
_LEAST_LIKENESS = 0.7
"""How like a name must be to one that is there to be suggested."""
IRI_PATH_PATTERN = re.compile(r"[A-Za-z0-9/_.~-]+")
"""What an address below the base is made of."""


class LabelIndex:
    """Names and addresses of what is described."""

    def __init__(self, quads: Iterable[Quad], project: Project, layout: Layout) -> None:
        """Take what is described, and where the lists are told of."""
        self.base, self.layout, self.languages = project.base, layout, project.languages
        self.labels: dict[NamedNode, dict[str, str]] = {}
        """The name of each thing by language."""
        self.classes: dict[NamedNode, set[Term]] = {}
        """The classes of each thing: what is in here is described."""
        self.values: dict[tuple[NamedNode, NamedNode], list[Term]] = {}
        self.other_labels: dict[NamedNode, list[str]] = {}
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
                self.classes.setdefault(thing, set()).add(value)
            elif isinstance(value, Literal) and quad.predicate in (SKOS_LABEL, RDFS_LABEL):
                self.labels.setdefault(thing, {}).setdefault(value.language or "", value.value)
            elif isinstance(value, Literal) and quad.predicate in OTHER_LABEL_PROPERTIES:
                self.other_labels.setdefault(thing, []).append(value.value)
        self.lists = {name: LabelIndex.build_list(self, listed) for name, listed in self.layout.lists.items()}

    def build_list(self, listed: ChoiceList) -> dict[str, list[NamedNode]]:
        """Return the things of a list by every name, first names before other names."""
        members = sorted((thing for thing in self.classes if self._is_in(thing, listed)), key=str)
        found: dict[str, list[NamedNode]] = {}
        for choice in (True, False):
            # What may be chosen goes before what may not, and a name of its own before another's other name.
            some = [thing for thing in members if self._is_shown(thing, listed) == choice]
            for names in ({t: list(self.labels.get(t, {}).values()) for t in some}, {t: self.other_labels.get(t, []) for t in some}):
                new: dict[str, list[NamedNode]] = {}
                for thing, labels in names.items():
                    for label in dict.fromkeys(fold_name(label) for label in labels):
                        new.setdefault(label, []).append(thing)
                found = {**new, **found}
        return found

    def _is_in(self, thing: NamedNode, listed: ChoiceList) -> bool:
        """Tell whether a thing is in a list."""
        return thing in listed.members if listed.members else bool(self.classes.get(thing, set()) & set(listed.classes))

    def _is_shown(self, thing: NamedNode, listed: ChoiceList) -> bool:
        """Tell whether the drop-down of a list shows a thing; what is retired is not shown, and still found by its name."""
        if any(isinstance(value, Literal) and value.value == "true" for value in self.values.get((thing, DEPRECATED), ())):
            return False
        return thing in listed.members if listed.members else bool(self.classes.get(thing, set()) & set(listed.visible_classes))

    def find_label(self, thing: NamedNode, language: str) -> str:
        """Return what a thing is called, or its address."""
        labels = self.labels.get(thing, {})
        return next((labels[tag] for tag in (language, *LANGUAGES) if tag in labels), self.shorten_iri(thing))

    def format_resource(self, thing: NamedNode, of: str, language: str) -> str:
        """Return what stands in a cell for a thing of a list: its name where that means this thing only, else its address."""
        name = self.labels.get(thing, {}).get(language, "")
        plain = name and name == name.strip() and "\n" not in name and self.lists[of].get(fold_name(name)) == [thing]
        return name if plain else self.shorten_iri(thing)

    def list_names(self, of: str) -> set[str]:
        """Return what the things of a list are called, in each language; nothing where there is no such list."""
        listed = self.layout.lists.get(of)
        return {name for thing in self.classes if listed and self._is_shown(thing, listed) for name in self.labels.get(thing, {}).values()}

    def list_choices(self, of: str, language: str) -> list[str]:
        """Return what a drop-down shows: the names in a list, sorted."""
        listed = self.layout.lists[of]
        found = {self.format_resource(thing, of, language) for thing in self.classes if self._is_shown(thing, listed)}
        return sorted(found, key=lambda name: (slugify(name), name))

    def shorten_iri(self, thing: NamedNode) -> str:
        """Return a thing's address as people write it: from the base on."""
        for base in dict.fromkeys((self.base, BASE)):
            short = thing.value.removeprefix(base)
            if short != thing.value and IRI_PATH_PATTERN.fullmatch(short) and self.expand_iri(short) == thing:
                return short
        return compact_iri(thing.value, {"bk": NAMESPACE}) or thing.value

    def expand_iri(self, written: str) -> NamedNode | None:
        """Return the thing that an address, whole or from the base on, means; nothing where it is no address."""
        written = written.strip("<>")
        if written.startswith("bk:"):
            written = expand_name(written)
        if written.startswith(("http://", "https://")):
            try:
                return NamedNode(written)
            except ValueError:
                return None
        if not IRI_PATH_PATTERN.fullmatch(written):
            return None
        found = [NamedNode(base + written) for base in (self.base, BASE)]
        return next((thing for thing in found if thing in self.classes), found[0])

    def find_resources(self, written: str, of: str) -> list[NamedNode]:
        """Return the things that a name or address in a cell may mean: one, several or none."""
        named = self.lists[of].get(fold_name(written))
        if named:
            return named
        thing = self.expand_iri(written) if re.search(r"[/:]", written) else None
        return [thing] if thing is not None and self._is_in(thing, self.layout.lists[of]) else []

    def find_nearest(self, written: str, of: str, language: str) -> list[str]:
        """Return the names in a list that are nearest to what is written, nearest first."""
        listed = self.layout.lists[of]
        names = {
            label: self.format_resource(thing, of, language)
            for label, things in self.lists[of].items()
            for thing in things[:1]
            if self._is_shown(thing, listed)
        }
        return list(dict.fromkeys(find_nearest(written, names, _LEAST_LIKENESS)))
