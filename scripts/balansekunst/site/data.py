"""The data of the pages where scripts work: roles to lay beside each other, and what the query page knows."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, RdfFormat, Store

from balansekunst.asking.catalogue import Parameter, Question, Row, ask_text, catalogue, find_question, headless
from balansekunst.checking.rules import fitted
from balansekunst.load import load
from balansekunst.messages import LANGUAGES
from balansekunst.project import BASE, NAMESPACE, Project, local
from balansekunst.publication.rdf import PREFIXES, serialized, sorted_triples
from balansekunst.site.graph import order

CLASSES_BY_NAME = (
    "Role",
    "CompetenceStandard",
    "Competence",
    "BalanceDimension",
    "BalancePosition",
    "SourceDocument",
    "NkrDescriptor",
)
"""The classes whose things the editor completes by name."""
DRAFT_LISTS = {
    "competences": "Competence",
    "sources": "SourceDocument",
    "standards": "CompetenceStandard",
    "dimensions": "BalanceDimension",
    "positions": "BalancePosition",
    "descriptors": "NkrDescriptor",
    "depths": "DescriptionDepth",
}
"""What a draft may name, and the classes of it."""


def value(row: Row, name: str) -> str:
    """Return the text of a cell; nothing where it is empty."""
    term = row.get(name)
    return "" if term is None else str(getattr(term, "value", term))


def in_language(row: Row, name: str, language: str) -> bool:
    """Tell whether a cell is in a language."""
    term = row.get(name)
    return isinstance(term, Literal) and term.language == language


def comparison(store: Store, project: Project, language: str) -> dict[str, Any]:
    """Return the roles that have key competences, each with them.

    Returns:
        By the slug of the role: `name`, and `key`: by the path of the competence its `name`, the `page` of the placed competence, its
        `place` and whether that is `told` (else it is the dimension), and `outcomes`.
    """
    roles: dict[str, Any] = {}
    for row in ask_text(store, project.query("site/compare")).rows:
        if not in_language(row, "name", language):
            continue
        role = roles.setdefault(value(row, "role").rpartition("/")[2], {"name": value(row, "role_name"), "key": {}})
        placed = role["key"].setdefault(
            local(value(row, "competence")),
            {
                "name": value(row, "name"),
                "page": local(value(row, "placed")),
                "place": value(row, "place_name"),
                "told": value(row, "told") == "true",
                "outcomes": [],
            },
        )
        statement = value(row, "statement")
        if statement and statement not in placed["outcomes"]:
            placed["outcomes"].append(statement)
    return dict(sorted(roles.items(), key=lambda item: order(item[1]["name"])))


def query_page(store: Store, project: Project, language: str) -> dict[str, Any]:
    """Return what the query page knows: the questions of the catalogue, prefixes, terms, and things by name."""
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in ask_text(store, project.query("site/named")).rows:
        if in_language(row, "label", language):
            names[value(row, "class")].append((value(row, "thing"), value(row, "label")))
    for found in names.values():
        found.sort(key=lambda thing: (order(thing[1]), thing[0]))
    return {
        "base": project.base,
        "prefixes": PREFIXES,
        "terms": terms(store, project, language),
        "things": [thing for name in CLASSES_BY_NAME for thing in names.get(NAMESPACE + name, [])],
        "questions": {question.id: asked(question, names, language) for question in catalogue(project).values()},
    }


def terms(store: Store, project: Project, language: str) -> list[list[str]]:
    """Return the terms that a query may use: prefixed name, `class` or `property`, and where it has them label and definition."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in ask_text(store, project.query("site/terms")).rows:
        iri, kind = value(row, "term"), value(row, "kind")
        prefix = next((prefix for prefix, namespace in PREFIXES.items() if iri.startswith(namespace)), None)
        if prefix is None:
            continue
        key = f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}", kind
        entry = found.setdefault(key, list(key))
        if in_language(row, "label", language):
            found[key] = [*key, value(row, "label"), value(row, "definition")] if len(entry) == 2 else entry
    return [found[key] for key in sorted(found)]


def asked(question: Question, names: dict[str, list[tuple[str, str]]], language: str) -> dict[str, Any]:
    """Return a question of the catalogue as the query page asks it."""
    other = next(tag for tag in LANGUAGES if tag != language)
    return {
        "number": question.number,
        "question": question.question[language],
        "means": question.means[language],
        "not": question.does_not_mean[language],
        "parameters": [parameter(given, names, language) for given in question.parameters],
        "columns": {name: [texts[language], f"{name}_{language}", f"{name}_{other}"] for name, texts in question.columns.items()},
        "codes": {name: {code: texts[language] for code, texts in codes.items()} for name, codes in question.codes.items() if codes},
        "text": headless(question.text),
    }


def parameter(given: Parameter, names: dict[str, list[tuple[str, str]]], language: str) -> dict[str, Any]:
    """Return a parameter with the values it may have, each with its name."""
    return {
        "name": given.name,
        "label": given.label[language],
        "default": BASE + given.default if given.default else "",
        "values": names.get(given.type.value, []),
    }


def drafts(store: Store, project: Project) -> dict[str, Any]:
    """Return what a draft may name, for the pages where drafts are written.

    Returns:
        `base`, `axes` (where the parts of the balance figure lie), and a list for each of `DRAFT_LISTS`: things with `iri` and by language
        `label`, `other` names and `definition`, and the ESCO `skills` they are mapped to.
    """
    names = {NAMESPACE + kind: name for name, kind in DRAFT_LISTS.items()}
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in DRAFT_LISTS}
    for row in ask_text(store, project.query("site/drafts")).rows:
        iri, kind = value(row, "thing"), value(row, "property").rpartition("#")[2]
        thing = found[names[value(row, "class")]].setdefault(iri, {"iri": iri, "label": {}, "other": {}, "definition": {}, "skills": []})
        if kind in ("prefLabel", "definition"):
            in_each = thing["label" if kind == "prefLabel" else kind]
            in_each |= {tag: value(row, "text") for tag in LANGUAGES if in_language(row, "text", tag)}
        elif kind in ("altLabel", "hiddenLabel"):
            for tag in LANGUAGES:
                if in_language(row, "text", tag):
                    thing["other"].setdefault(tag, []).append(value(row, "text"))
        else:
            thing["skills"].append({"iri": value(row, "skill"), "label": value(row, "text"), "relation": kind})
    axes = json.loads((project.site_sources / "figure.json").read_text(encoding="utf-8"))["axes"]
    return {"base": project.base, "axes": axes, **{name: list(things.values()) for name, things in found.items()}}


def draft_graph(project: Project, dumps: Path) -> dict[str, str]:
    """Return what the rules are applied with in the page: the rules, the vocabulary, what is published, and the JSON-LD context.

    Args:
        project: whose base relative addresses stand on.
        dumps: the folder with the dumps.
    """
    files = {"vocabulary": "ontology.ttl", "data": "asserted.ttl", "context": "context.jsonld"}
    shapes = sorted_triples(fitted(load(project.shapes(), project.root), project))
    texts = {key: (dumps / name).read_text(encoding="utf-8") for key, name in files.items()}
    return {"base": project.base, "shapes": serialized(shapes, RdfFormat.TURTLE).decode(), **texts}


def own_competence(store: Store, project: Project) -> dict[str, Any]:
    """Return what the page where a person describes their competence asks, beside drafts and roles.

    Returns:
        `standards`: by the slug of each role the addresses of its standards; `questions`: by id the query of each question of the
        catalogue that is asked and what its answer does `not` mean, by language; `elm`: the query that makes learning outcomes for ELM.
    """
    standards: dict[str, list[str]] = {}
    for row in ask_text(store, project.query("tables/places")).rows:
        found = standards.setdefault(value(row, "role").rpartition("/")[2], [])
        if value(row, "standard") not in found:
            found.append(value(row, "standard"))
    questions = {name: find_question(project, name) for name in ("individual-against-standard", "measures-for-gap")}
    return {
        "standards": standards,
        "questions": {name: {"text": headless(question.text), "not": question.does_not_mean} for name, question in questions.items()},
        "elm": project.query("profiles/elm-outcomes"),
    }
