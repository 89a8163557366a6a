"""What the search of the pages goes through: a document for each page about one thing, in each language."""

from collections import defaultdict
from typing import Any

from pyoxigraph import Literal, Store

from balansekunst.asking.catalogue import ask_text, catalogue
from balansekunst.checking.rules import project_rules
from balansekunst.messages import LANGUAGES
from balansekunst.project import Project, local
from balansekunst.publication.rdf import resources
from balansekunst.site.graph import TAGS

KINDS = ("role", "standard", "key-competence", "competence", "placement", "outcome", "esco", "source", "rule", "question", "other")
"""Kinds of things, in the order in which results that are equally good are shown."""
SEVERAL = ("alt", "text", "what", "context")
"""Fields that a document may have several texts in."""

Entry = dict[str, Any]
"""A document: `k` kind, `p` path of the page, `t` title, `a` other names, `x` texts, `w` hva items, `c` codes, `u` what it is part of,
`o` names in the other language. A text is a string, or a pair of it and its language where that is not the page's."""
SHORT = {"alt": "a", "text": "x", "what": "w", "context": "u"}


def documents(store: Store, project: Project) -> dict[str, list[Entry]]:
    """Return by language a document for each resource, rule and question.

    A text that is in the other language only is marked with it; names in the other are in a field of their own.

    Args:
        store: all data, with what follows.
        project: where queries and rules lie.
    """
    rows = ask_text(store, project.query("site/search")).rows
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        thing, field, text = row["thing"], row["field"], row["text"]
        assert thing is not None and field is not None and isinstance(text, Literal)
        found[thing.value][field.value].append((text.value, text.language or ""))  # type: ignore[union-attr]
    paths = {local(iri): found[iri] for iri in resources(store)}
    return {
        language: [document(path, fields, language) for path, fields in paths.items()]
        + rules(project, language)
        + questions(project, language)
        for language in project.languages
    }


def document(path: str, fields: dict[str, list[tuple[str, str]]], language: str) -> Entry:
    """Return the document of one resource."""
    kinds = {value for value, _ in fields.get("kind", [])}
    names = fields.get("title") or fields.get("context") or [(path, "")]
    title = in_language(names, language)[0]
    entry: Entry = {"k": KINDS.index(next((kind for kind in KINDS if kind in kinds), "other")), "p": path, "t": title}
    for field in SEVERAL:
        if texts := [text for text in in_language(fields.get(field, []), language) if text != title]:
            entry[SHORT[field]] = texts
    if codes := sorted({value for value, _ in fields.get("code", [])}):
        entry["c"] = codes
    shown = {plain(text) for text in [title, *entry.get("a", [])]}
    others = [value for value, tag in [*names, *fields.get("alt", [])] if tag in TAGS[other(language)] and value not in shown]
    if others:
        entry["o"] = list(dict.fromkeys(others))
    return entry


def in_language(texts: list[tuple[str, str]], language: str) -> list[str | list[str]]:
    """Return the texts in a language, those without a language among them; where there are none, the others, each with its language."""
    own = [value for value, tag in texts if tag in (*TAGS[language], "")]
    if own:
        return list(dict.fromkeys(own))
    return [[value, "nb" if tag in TAGS["nb"] else tag] for value, tag in texts]


def plain(text: str | list[str]) -> str:
    """Return a text without its language."""
    return text if isinstance(text, str) else text[0]


def other(language: str) -> str:
    """Return the language that is not `language`."""
    return next(tag for tag in LANGUAGES if tag != language)


def rules(project: Project, language: str) -> list[Entry]:
    """Return a document for each rule of the method."""
    found: dict[str, Entry] = {}
    for rule in project_rules(project).values():
        entry = {
            "k": KINDS.index("rule"),
            "p": f"rule/{rule.id}",
            "t": rule.name[language],
            "x": [rule.why[language], rule.mend[language]],
            "c": [rule.id],
            "o": [rule.name[other(language)]],
        }
        found.setdefault(rule.id, entry)
    return list(found.values())


def questions(project: Project, language: str) -> list[Entry]:
    """Return a document for each question of the catalogue, which the query page asks."""
    return [
        {
            "k": KINDS.index("question"),
            "p": f"sparql#question={question.id}",
            "t": question.question[language],
            "x": [question.means[language]],
            "c": [question.number, question.id],
            "o": [question.question[other(language)]],
        }
        for question in catalogue(project).values()
    ]
