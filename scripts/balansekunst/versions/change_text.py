"""Tell of changes as sentences for people, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from balansekunst.messages import LANGUAGES, find_member_key, format_message, load_messages
from balansekunst.namespaces import NAMESPACE, PREFIXES, RDF_TYPE, Bases, compact_iri
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, find_label
from balansekunst.versions.diff import Change, Diff

_SUBCLASS_OF = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_RETIREMENT_PROPERTIES = {
    "version": NamedNode(f"{NAMESPACE}retiredIn"),
    "reason": NamedNode(f"{NAMESPACE}retirementReason"),
    "successor": NamedNode(f"{PREFIXES['dcterms']}isReplacedBy"),
}

_WordDiff = list[tuple[str, str]]
"""A text in parts, each `same`, `removed` or `added`."""

_CHANGE_KEYS = {
    "renamed": {"changed": "versions.renamed.changed", "added": "versions.renamed.added", "removed": "versions.renamed.removed"},
    "moved": {"changed": "versions.moved.changed", "added": "versions.moved.added", "removed": "versions.moved.removed"},
    "items": {"changed": "versions.items.changed", "added": "versions.items.added", "removed": "versions.items.removed"},
    "mapped": {"changed": "versions.mapped.changed", "added": "versions.mapped.added", "removed": "versions.mapped.removed"},
    "inferred": {"changed": "versions.inferred.changed", "added": "versions.inferred.added", "removed": "versions.inferred.removed"},
    "linked": {"changed": "versions.linked.changed", "added": "versions.linked.added", "removed": "versions.linked.removed"},
    "other": {"changed": "versions.other.changed", "added": "versions.other.added", "removed": "versions.other.removed"},
}
"""The message for a change of a property, by its kind and by whether values were replaced, added or removed."""
_RESOURCE_CHANGE_KEYS = {"added": "versions.added", "removed": "versions.removed"}
"""The message for a change of a whole resource, by its kind."""
_HEADING_KEYS = {
    "added": "versions.heading.added",
    "removed": "versions.heading.removed",
    "retired": "versions.heading.retired",
    "renamed": "versions.heading.renamed",
    "moved": "versions.heading.moved",
    "items": "versions.heading.items",
    "reworded": "versions.heading.reworded",
    "mapped": "versions.heading.mapped",
    "inferred": "versions.heading.inferred",
    "linked": "versions.heading.linked",
    "other": "versions.heading.other",
}


class VersionLabels:
    """What things, classes and properties are called: as the new version has it, else the old one, else the vocabulary of the project."""

    def __init__(self, versions: Iterable[Iterable[Triple]], project: Project) -> None:
        """Take versions of a graph, the one whose names go first foremost."""
        self.bases = project.bases
        vocabulary = project.reader.load(project.list_ontology_files())
        self.stores = [_build_store(triples) for triples in versions] + [
            _build_store(Triple(q.subject, q.predicate, q.object) for q in vocabulary)
        ]

    def find_label(self, term: Term, language: str) -> str:
        """Return what a term is called in `language`: its label, the label in another language, or its address in short."""
        if isinstance(term, Literal):
            return term.value
        if isinstance(term, BlankNode):
            return format_message("versions.part", language)
        return find_label(term, language, *self.stores) or _find_term_name(term, language, self.bases)

    def find_class_label(self, term: Term, language: str) -> str:
        """Return what a term is: the name of its narrowest class of ours, of any other class where it has none, or nothing."""
        if isinstance(term, Literal):
            return ""
        for store in self.stores:
            classes = sorted(
                {q.object for q in store.quads_for_pattern(term, RDF_TYPE, None)},
                key=lambda c: (not str(c).startswith(f"<{NAMESPACE}"), str(c)),
            )
            narrow = [c for c in classes if not any(self.is_subclass(other, c) for other in classes)]
            if narrow:
                return self.find_label(narrow[0], language)
        return ""

    def is_subclass(self, narrow: Any, wide: Any) -> bool:
        """Tell whether a class is stated to be a subclass of another."""
        return next(self.stores[-1].quads_for_pattern(narrow, _SUBCLASS_OF, wide), None) is not None


def _build_store(triples: Iterable[Triple]) -> Store:
    """Return a store with statements in its default graph."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def _find_term_name(term: NamedNode | Any, language: str, bases: Bases) -> str:
    """Return the name that `site/messages` has for a term of another vocabulary, else its address in short."""
    short = compact_iri(term.value) or bases.strip_base(term.value)
    return load_messages(language).get(find_member_key("term.", short), short)


def describe_change(change: Change, names: VersionLabels, language: str) -> str:
    """Return a change as a sentence in `language`.

    Texts are told in that language where it changed there, else in the language that it changed in.
    """
    old, new = ([t.object for t in side] for side in (change.removed, change.added))
    address = str(getattr(change.resource, "value", change.resource))
    values = {
        "name": names.find_label(change.resource, language),
        "address": compact_iri(address) or names.bases.strip_base(address),
        "kind": names.find_class_label(change.resource, language),
        "property": names.find_label(change.property, language) if change.property else "",
    }
    if change.kind == "retired":
        parts = {
            part: ", ".join(
                sorted(names.find_label(term, language) for term in _filter_by_language(_list_added_values(change, property), language))
            )
            for part, property in _RETIREMENT_PROPERTIES.items()
        }
        return format_message("versions.retired.added" if new else "versions.retired.removed", language, **values, **parts)
    if change.property is None:
        return format_message(_RESOURCE_CHANGE_KEYS[change.kind], language, **values)
    old, new = _select_changed_in_language(old, new, language)
    variant = "changed" if old and new else "added" if new else "removed"
    if change.kind == "reworded" and len(old) == len(new) == 1:
        rewritten = _mark_word_diff(diff_words(names.find_label(old[0], language), names.find_label(new[0], language)))
        return format_message("versions.reworded.changed", language, **values, words=rewritten)
    kind = "items" if change.kind == "reworded" else change.kind
    values |= {"old": ", ".join(_format_values(old, names, language)), "new": ", ".join(_format_values(new, names, language))}
    return format_message(_CHANGE_KEYS[kind][variant], language, **values)


def _list_added_values(change: Change, property: NamedNode) -> list[Any]:
    """Return the new values of a property."""
    return [triple.object for triple in change.added if triple.predicate == property]


def _select_changed_in_language(old: list[Any], new: list[Any], language: str) -> tuple[list[Any], list[Any]]:
    """Return the values that changed in `language`, or all of them where none did."""
    found = tuple([term for term in side if isinstance(term, Literal) and term.language == language] for side in (old, new))
    return found if found[0] or found[1] else (old, new)  # type: ignore[return-value]


def _filter_by_language(terms: list[Any], language: str) -> list[Any]:
    """Return the terms without those in another language, where there is one in `language`."""
    return _select_changed_in_language(terms, [], language)[0]


def _format_values(terms: list[Any], names: VersionLabels, language: str) -> list[str]:
    """Return values as people read them: in quotation marks, with the language where it is another, in the order of the words."""
    marks = format_message("versions.quotes", language)
    told = []
    for term in terms:
        other = isinstance(term, Literal) and term.language not in (None, language)
        told.append(f"{marks[0]}{names.find_label(term, language)}{marks[1]}" + (f" ({term.language})" if other else ""))
    return sorted(told)


def diff_words(old: str, new: str) -> _WordDiff:
    """Return the new text with what was taken away and added, word by word."""
    before, after = old.split(), new.split()
    parts: _WordDiff = []
    for _, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[a:b] == after[c:d]:
            parts.append(("same", " ".join(before[a:b])))
        else:
            parts += [(mark, " ".join(part)) for mark, part in (("removed", before[a:b]), ("added", after[c:d])) if part]
    return parts


def _mark_word_diff(parts: _WordDiff) -> str:
    """Return a text with `[-what was taken away-]` and `{+what was added+}`, as word diffs mark it."""
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return " ".join(forms[mark].format(part) for mark, part in parts)


def format_diff(diff: Diff, project: Project, language: str) -> str:
    """Return what differs as text: how many changes of each kind, then a sentence for each."""
    if not diff.changes:
        return format_message("versions.same", language) + "\n"
    names = VersionLabels([diff.new, diff.old], project)
    lines = [format_message("versions.total", language, added=len(diff.added), removed=len(diff.removed))]
    for kind, number in Counter(change.kind for change in diff.changes).items():
        lines += ["", format_message(_HEADING_KEYS[kind], language, number=number)]
        lines += [f"- {describe_change(change, names, language)}" for change in diff.changes if change.kind == kind]
    return "\n".join(lines) + "\n"


def build_diff_document(diff: Diff, project: Project) -> dict[str, Any]:
    """Return what differs as data for JSON: counts and changes, each with its triples and a description in both languages."""
    names = VersionLabels([diff.new, diff.old], project)
    return {
        "triples": {"old": len(diff.old), "new": len(diff.new), "removed": len(diff.removed), "added": len(diff.added)},
        "counts": dict(Counter(change.kind for change in diff.changes)),
        "changes": [
            {
                "kind": change.kind,
                "resource": _get_identifier(change.resource),
                "label": {language: names.find_label(change.resource, language) for language in LANGUAGES},
                "class": {language: names.find_class_label(change.resource, language) for language in LANGUAGES},
                "property": _get_identifier(change.property) if change.property else None,
                "removed": [_build_statement_object(triple) for triple in change.removed],
                "added": [_build_statement_object(triple) for triple in change.added],
                "word_diff": _diff_reworded_texts(change),
                "description": {language: describe_change(change, names, language) for language in LANGUAGES},
            }
            for change in diff.changes
        ],
    }


def _diff_reworded_texts(change: Change) -> dict[str, _WordDiff]:
    """Return each text that reads otherwise by its language, in parts; none where it was not one text that became another."""
    found: dict[str, _WordDiff] = {}
    if change.kind in ("reworded", "renamed"):
        texts = [[t.object for t in side if isinstance(t.object, Literal)] for side in (change.removed, change.added)]
        for language in sorted({literal.language or "" for literal in texts[1]}):
            old, new = ([literal.value for literal in side if (literal.language or "") == language] for side in texts)
            if len(old) == len(new) == 1:
                found[language] = diff_words(old[0], new[0])
    return found


def _get_identifier(term: Term) -> str:
    """Return a term's IRI, or a blank node's name."""
    return term.value if isinstance(term, NamedNode) else str(term)


def _build_statement_object(triple: Triple) -> dict[str, str]:
    """Return a statement as JSON has it: addresses, or a value with its language or datatype."""
    value = triple.object
    written = {"subject": _get_identifier(triple.subject), "predicate": _get_identifier(triple.predicate)}
    if isinstance(value, Literal):
        return {**written, "value": value.value, **({"language": value.language} if value.language else {"datatype": value.datatype.value})}
    return {**written, "object": _get_identifier(value)}


def serialize_diff(diff: Diff, project: Project) -> str:
    """Return what differs as JSON. It holds both languages."""
    return json.dumps(build_diff_document(diff, project), ensure_ascii=False, indent=1) + "\n"
