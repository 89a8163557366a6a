"""What the search of the pages goes through: a document for each page about one thing, in each language."""

from collections import defaultdict
from typing import Any

from pyoxigraph import Literal, Store

from balansekunst.export.published import list_resources
from balansekunst.messages import LANGUAGES, find_member_key, load_messages
from balansekunst.project import Project
from balansekunst.shacl.rules import load_project_rules
from balansekunst.site.graph import LANGUAGE_TAGS
from balansekunst.site.navigation import load_tasks
from balansekunst.sparql.catalogue import load_questions, run_query

_SEARCH_KINDS = (
    "tool",
    "role",
    "standard",
    "key-competence",
    "competence",
    "placement",
    "outcome",
    "esco",
    "source",
    "rule",
    "question",
    "other",
)
"""Kinds of things, in the order in which results that are equally good are shown."""
_LIST_FIELDS = ("alt", "text", "what", "context")
"""Fields that a document may have several texts in."""

_SearchDocument = dict[str, Any]
"""A document: `k` kind, `p` path of the page, `t` title, `a` other names, `x` texts, `w` hva items, `c` codes, `u` what it is part of,
`o` names in the other language, `r` whether it is retired. A text is a string, or a pair of it and its language where that is not the
page's."""
_FIELD_KEYS = {"alt": "a", "text": "x", "what": "w", "context": "u"}


def build_search_documents(store: Store, project: Project) -> dict[str, list[_SearchDocument]]:
    """Return by language a document for each tool, task, resource, rule and question.

    A text that is in the other language only is marked with it; names in the other are in a field of their own.

    Args:
        store: all data, with what follows.
        project: where queries and rules lie.
    """
    rows = run_query(store, project.read_query("site/search")).rows
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        thing, field, text = row["thing"], row["field"], row["text"]
        assert thing is not None and field is not None and isinstance(text, Literal)
        found[thing.value][field.value].append((text.value, text.language or ""))  # type: ignore[union-attr]
    paths = {project.bases.strip_base(iri): found[iri] for iri in list_resources(store, project.bases)}
    return {
        language: _build_tool_documents(project, language)
        + [_build_document(path, fields, language) for path, fields in paths.items()]
        + _build_rule_documents(project, language)
        + _build_question_documents(project, language)
        for language in project.languages
    }


def _build_document(path: str, fields: dict[str, list[tuple[str, str]]], language: str) -> _SearchDocument:
    """Return the document of one resource."""
    kinds = {value for value, _ in fields.get("kind", [])}
    names = fields.get("title") or fields.get("context") or [(path, "")]
    title = _select_language(names, language)[0]
    entry: _SearchDocument = {
        "k": _SEARCH_KINDS.index(next((kind for kind in _SEARCH_KINDS if kind in kinds), "other")),
        "p": path,
        "t": title,
    }
    for field in _LIST_FIELDS:
        if texts := [text for text in _select_language(fields.get(field, []), language) if text != title]:
            entry[_FIELD_KEYS[field]] = texts
    if codes := sorted({value for value, _ in fields.get("code", [])}):
        entry["c"] = codes
    if "retired" in fields:
        entry["r"] = True
    shown = {_strip_language(text) for text in [title, *entry.get("a", [])]}
    others = [
        value
        for value, tag in [*names, *fields.get("alt", [])]
        if tag in LANGUAGE_TAGS[_get_other_language(language)] and value not in shown
    ]
    if others:
        entry["o"] = list(dict.fromkeys(others))
    return entry


def _select_language(texts: list[tuple[str, str]], language: str) -> list[str | list[str]]:
    """Return the texts in a language, those without a language among them; where there are none, the others, each with its language."""
    own = [value for value, tag in texts if tag in (*LANGUAGE_TAGS[language], "")]
    if own:
        return list(dict.fromkeys(own))
    return [[value, "nb" if tag in LANGUAGE_TAGS["nb"] else tag] for value, tag in texts]


def _strip_language(text: str | list[str]) -> str:
    """Return a text without its language."""
    return text if isinstance(text, str) else text[0]


def _get_other_language(language: str) -> str:
    """Return the language that is not `language`."""
    return next(tag for tag in LANGUAGES if tag != language)


def _build_tool_documents(project: Project, language: str) -> list[_SearchDocument]:
    """Return a document for each task of the menu, and for each tool that belongs to one."""
    other = _get_other_language(language)
    tasks = load_tasks(project)
    members = {task.page: "task." for task in tasks} | {path: "tool." for task in tasks for path in task.tools}

    def get_text(path: str, part: str, tag: str) -> str:
        return load_messages(tag).get(find_member_key(members[path], path + part), "")

    found = list[_SearchDocument]()
    for path in members:
        entry: _SearchDocument = {"k": _SEARCH_KINDS.index("tool"), "p": path, "t": get_text(path, "", language)}
        if words := get_text(path, ".words", language):
            entry["a"] = words.split(", ")
        found.append(entry | {"x": [get_text(path, ".text", language)], "o": [get_text(path, "", other)]})
    return found


def list_section_names(documents: list[_SearchDocument], language: str) -> dict[str, str]:
    """Return what the sections are called whose things are of no other kind."""
    sections = {document["p"].partition("/")[0] for document in documents if _SEARCH_KINDS[document["k"]] == "other"}
    names = load_messages(language)
    return {section: names[key] for section in sorted(sections) if (key := find_member_key("kind.", section)) in names}


def _build_rule_documents(project: Project, language: str) -> list[_SearchDocument]:
    """Return a document for each rule of the method."""
    found: dict[str, _SearchDocument] = {}
    for rule in load_project_rules(project).values():
        entry = {
            "k": _SEARCH_KINDS.index("rule"),
            "p": f"rule/{rule.id}",
            "t": rule.name[language],
            "x": [rule.rationale[language], rule.remediation[language], rule.turtle_remediation[language]],
            "c": [rule.id],
            "o": [rule.name[_get_other_language(language)]],
        }
        found.setdefault(rule.id, entry)
    return list(found.values())


def _build_question_documents(project: Project, language: str) -> list[_SearchDocument]:
    """Return a document for each question of the catalogue, which the query page asks."""
    return [
        {
            "k": _SEARCH_KINDS.index("question"),
            "p": f"sparql#question={question.id}",
            "t": question.question[language],
            "x": [question.meaning[language]],
            "c": [question.number, question.id],
            "o": [question.question[_get_other_language(language)]],
        }
        for question in load_questions(project).values()
    ]
