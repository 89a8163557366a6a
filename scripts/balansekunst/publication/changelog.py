"""Tell of changes as sentences for people, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.load import Term, load
from balansekunst.messages import LANGUAGES, catalogue, text
from balansekunst.project import NAMESPACE, Project, local
from balansekunst.publication.diff import Change, Diff
from balansekunst.publication.rdf import PREFIXES

LABELS = tuple(
    NamedNode(PREFIXES[prefix] + name) for prefix, name in (("skos", "prefLabel"), ("rdfs", "label"), ("sh", "name"), ("dcterms", "title"))
)
SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
RETIREMENT = {
    "version": NamedNode(f"{NAMESPACE}retiredIn"),
    "reason": NamedNode(f"{NAMESPACE}retirementReason"),
    "successor": NamedNode(f"{PREFIXES['dcterms']}isReplacedBy"),
}

Words = list[tuple[str, str]]
"""A text in parts, each `same`, `removed` or `added`."""


class Names:
    """What things, classes and properties are called: as the new version has it, else the old one, else the vocabulary of the project."""

    def __init__(self, versions: Iterable[Iterable[Triple]], project: Project) -> None:
        """Take versions of a graph, the one whose names go first foremost."""
        vocabulary = load([path for path in project.sources() if path.parent.name == "ontology"], project.root)
        self.stores = [store_of(triples) for triples in versions] + [store_of(Triple(q.subject, q.predicate, q.object) for q in vocabulary)]

    def name(self, term: Term, language: str) -> str:
        """Return what a term is called in `language`: its label, the label in another language, or its address in short."""
        if isinstance(term, Literal):
            return term.value
        if isinstance(term, BlankNode):
            return text("versions.part", language)
        for store in self.stores:
            for property in LABELS:
                found = {
                    q.object.language: q.object.value
                    for q in store.quads_for_pattern(term, property, None)
                    if isinstance(q.object, Literal)
                }
                if found:
                    return found.get(language) or found[min(found, key=str)]
        return known(term, language)

    def kind(self, term: Term, language: str) -> str:
        """Return what a term is: the name of its narrowest class of ours, of any other class where it has none, or nothing."""
        if isinstance(term, Literal):
            return ""
        for store in self.stores:
            classes = sorted(
                {q.object for q in store.quads_for_pattern(term, RDF_TYPE, None)},
                key=lambda c: (not str(c).startswith(f"<{NAMESPACE}"), str(c)),
            )
            narrow = [c for c in classes if not any(self.is_below(other, c) for other in classes)]
            if narrow:
                return self.name(narrow[0], language)
        return ""

    def is_below(self, narrow: Any, wide: Any) -> bool:
        """Tell whether a class is stated to be a subclass of another."""
        return next(self.stores[-1].quads_for_pattern(narrow, SUBCLASS, wide), None) is not None


def store_of(triples: Iterable[Triple]) -> Store:
    """Return a store with statements in its default graph."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def known(term: NamedNode | Any, language: str) -> str:
    """Return the name that `site/messages` has for a term of another vocabulary, else its address in short."""
    short = shortened(term.value)
    return catalogue(language).get(f"term.{short}", short)


def shortened(iri: str) -> str:
    """Return an address from the base on, or with a prefix."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return local(iri)


def sentence(change: Change, names: Names, language: str) -> str:
    """Return a change as a sentence in `language`.

    Texts are told in that language where it changed there, else in the language that it changed in.
    """
    old, new = ([t.object for t in side] for side in (change.removed, change.added))
    values = {
        "name": names.name(change.thing, language),
        "address": shortened(str(getattr(change.thing, "value", change.thing))),
        "kind": names.kind(change.thing, language),
        "property": names.name(change.about, language) if change.about else "",
    }
    if change.kind == "retired":
        parts = {
            part: ", ".join(sorted(names.name(term, language) for term in in_language(values_of(change, property), language)))
            for part, property in RETIREMENT.items()
        }
        return text(f"versions.retired.{'added' if new else 'removed'}", language, **values, **parts)
    if change.about is None:
        return text(f"versions.{change.kind}", language, **values)
    old, new = relevant(old, new, language)
    variant = "changed" if old and new else "added" if new else "removed"
    if change.kind == "reworded" and len(old) == len(new) == 1:
        rewritten = marked(words(names.name(old[0], language), names.name(new[0], language)))
        return text("versions.reworded.changed", language, **values, words=rewritten)
    kind = "items" if change.kind == "reworded" else change.kind
    values |= {"old": ", ".join(shown(old, names, language)), "new": ", ".join(shown(new, names, language))}
    return text(f"versions.{kind}.{variant}", language, **values)


def values_of(change: Change, property: NamedNode) -> list[Any]:
    """Return the new values of a property."""
    return [triple.object for triple in change.added if triple.predicate == property]


def relevant(old: list[Any], new: list[Any], language: str) -> tuple[list[Any], list[Any]]:
    """Return the values that changed in `language`, or all of them where none did."""
    found = tuple([term for term in side if isinstance(term, Literal) and term.language == language] for side in (old, new))
    return found if found[0] or found[1] else (old, new)  # type: ignore[return-value]


def in_language(terms: list[Any], language: str) -> list[Any]:
    """Return the terms without those in another language, where there is one in `language`."""
    return relevant(terms, [], language)[0]


def shown(terms: list[Any], names: Names, language: str) -> list[str]:
    """Return values as people read them: in quotation marks, with the language where it is another, in the order of the words."""
    marks = text("versions.quotes", language)
    told = []
    for term in terms:
        other = isinstance(term, Literal) and term.language not in (None, language)
        told.append(f"{marks[0]}{names.name(term, language)}{marks[1]}" + (f" ({term.language})" if other else ""))
    return sorted(told)


def words(old: str, new: str) -> Words:
    """Return the new text with what was taken away and added, word by word."""
    before, after = old.split(), new.split()
    parts: Words = []
    for _, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[a:b] == after[c:d]:
            parts.append(("same", " ".join(before[a:b])))
        else:
            parts += [(mark, " ".join(part)) for mark, part in (("removed", before[a:b]), ("added", after[c:d])) if part]
    return parts


def marked(parts: Words) -> str:
    """Return a text with `[-what was taken away-]` and `{+what was added+}`, as word diffs mark it."""
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return " ".join(forms[mark].format(part) for mark, part in parts)


def told(diff: Diff, project: Project, language: str) -> str:
    """Return what differs as text: how many changes of each kind, then a sentence for each."""
    if not diff.changes:
        return text("versions.same", language) + "\n"
    names = Names([diff.new, diff.old], project)
    lines = [text("versions.total", language, added=len(diff.added), removed=len(diff.removed))]
    for kind, number in Counter(change.kind for change in diff.changes).items():
        lines += ["", text(f"versions.heading.{kind}", language, number=number)]
        lines += [f"- {sentence(change, names, language)}" for change in diff.changes if change.kind == kind]
    return "\n".join(lines) + "\n"


def as_data(diff: Diff, project: Project) -> dict[str, Any]:
    """Return what differs as data for JSON: counts and changes, each with its statements and a sentence in both languages."""
    names = Names([diff.new, diff.old], project)
    return {
        "statements": {"old": len(diff.old), "new": len(diff.new), "removed": len(diff.removed), "added": len(diff.added)},
        "counts": dict(Counter(change.kind for change in diff.changes)),
        "changes": [
            {
                "kind": change.kind,
                "thing": address(change.thing),
                "label": {language: names.name(change.thing, language) for language in LANGUAGES},
                "class": {language: names.kind(change.thing, language) for language in LANGUAGES},
                "property": address(change.about) if change.about else None,
                "removed": [statement(triple) for triple in change.removed],
                "added": [statement(triple) for triple in change.added],
                "words": rewording(change),
                "sentence": {language: sentence(change, names, language) for language in LANGUAGES},
            }
            for change in diff.changes
        ],
    }


def rewording(change: Change) -> dict[str, Words]:
    """Return each text that reads otherwise by its language, in parts; none where it was not one text that became another."""
    found: dict[str, Words] = {}
    if change.kind in ("reworded", "renamed"):
        texts = [[t.object for t in side if isinstance(t.object, Literal)] for side in (change.removed, change.added)]
        for language in sorted({literal.language or "" for literal in texts[1]}):
            old, new = ([literal.value for literal in side if (literal.language or "") == language] for side in texts)
            if len(old) == len(new) == 1:
                found[language] = words(old[0], new[0])
    return found


def address(term: Term) -> str:
    """Return a term's IRI, or a blank node's name."""
    return term.value if isinstance(term, NamedNode) else str(term)


def statement(triple: Triple) -> dict[str, str]:
    """Return a statement as JSON has it: addresses, or a value with its language or datatype."""
    value = triple.object
    written = {"subject": address(triple.subject), "predicate": address(triple.predicate)}
    if isinstance(value, Literal):
        return {**written, "value": value.value, **({"language": value.language} if value.language else {"datatype": value.datatype.value})}
    return {**written, "object": address(value)}


def as_json(diff: Diff, project: Project) -> str:
    """Return what differs as JSON. It holds both languages."""
    return json.dumps(as_data(diff, project), ensure_ascii=False, indent=1) + "\n"
