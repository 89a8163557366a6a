"""The data of the pages where scripts work: roles to lay beside each other, and what the query page knows."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from balansekunst.esco.role_mappings import read_elected_roles
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, INFERRED_GRAPH, NAMESPACE, PREFIXES, compact_iri, expand_shacl
from balansekunst.package_files import EVERYDAY_WORDS_FILE
from balansekunst.project import Project
from balansekunst.rdf.graph import find_texts
from balansekunst.rdf.serialize import serialize_rdf, sort_triples
from balansekunst.shacl.shapes_graph import adapt_shapes
from balansekunst.site.graph import LINKED_SCHEMES, get_name_sort_key
from balansekunst.sparql.catalogue import Parameter, Question, ResultRow, find_question, load_questions, run_query, strip_header
from balansekunst.workbook.written_values import load_written_values

_COMPLETION_CLASSES = (
    "Role",
    "CompetenceStandard",
    "Competence",
    "BalanceDimension",
    "BalancePosition",
    "SourceDocument",
    "NkrDescriptor",
)
"""The classes whose things the editor completes by name."""
_DRAFT_CLASSES = {
    "roles": "Role",
    "competences": "Competence",
    "sources": "SourceDocument",
    "standards": "CompetenceStandard",
    "dimensions": "BalanceDimension",
    "positions": "BalancePosition",
    "descriptors": "NkrDescriptor",
    "depths": "DescriptionDepth",
}
"""What a draft may name, and the classes of it."""


def _get_cell_text(row: ResultRow, name: str) -> str:
    """Return the text of a cell; nothing where it is empty."""
    term = row.get(name)
    return "" if term is None else str(getattr(term, "value", term))


def _is_in_language(row: ResultRow, name: str, language: str) -> bool:
    """Tell whether a cell is in a language."""
    term = row.get(name)
    return isinstance(term, Literal) and term.language == language


def build_comparison_data(store: Store, project: Project, language: str) -> dict[str, Any]:
    """Return the roles that have key competences, each with them.

    Returns:
        By the slug of the role: `name` and `keyCompetences`, which has by the path of the competence its `name`, the `page` of the placed
        competence, its `dimension`, its `position` (the dimension where `hasPosition` is false), its `outcomes`, and the paths of its
        `neighbours`: the key competences of roles that are one step from it.

    Args:
        store: asserted and inferred data.
        project: has the queries.
        language: of the names.
    """
    roles: dict[str, Any] = {}
    neighbours: dict[str, list[str]] = defaultdict(list)
    for row in run_query(store, project.read_query("tables/neighbours")).rows:
        one, other = (project.bases.strip_base(_get_cell_text(row, name)) for name in ("competence", "neighbour"))
        neighbours[one].append(other)
        neighbours[other].append(one)
    for row in run_query(store, project.read_query("site/compare")).rows:
        if not _is_in_language(row, "name", language):
            continue
        role = roles.setdefault(
            _get_cell_text(row, "role").rpartition("/")[2], {"name": _get_cell_text(row, "role_name"), "keyCompetences": {}}
        )
        competence = project.bases.strip_base(_get_cell_text(row, "competence"))
        placed = role["keyCompetences"].setdefault(
            competence,
            {
                "name": _get_cell_text(row, "name"),
                "page": project.bases.strip_base(_get_cell_text(row, "placed_competence")),
                "dimension": _get_cell_text(row, "dimension_name"),
                "position": _get_cell_text(row, "place_name"),
                "hasPosition": _get_cell_text(row, "has_position") == "true",
                "outcomes": [],
                "neighbours": neighbours[competence],
            },
        )
        statement = _get_cell_text(row, "statement")
        if statement and statement not in placed["outcomes"]:
            placed["outcomes"].append(statement)
    used = {competence for role in roles.values() for competence in role["keyCompetences"]}
    for role in roles.values():
        for placed in role["keyCompetences"].values():
            placed["neighbours"] = sorted(used.intersection(placed["neighbours"]))
    return dict(sorted(roles.items(), key=lambda item: get_name_sort_key(item[1]["name"])))


def build_query_page_data(store: Store, project: Project, language: str) -> dict[str, Any]:
    """Return what the query page knows: the questions of the catalogue, prefixes, terms, and things by name."""
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in run_query(store, project.read_query("site/resources-by-label")).rows:
        if _is_in_language(row, "label", language):
            names[_get_cell_text(row, "class")].append((_get_cell_text(row, "resource"), _get_cell_text(row, "label")))
    for found in names.values():
        found.sort(key=lambda thing: (get_name_sort_key(thing[1]), thing[0]))
    return {
        "base": project.base,
        "prefixes": PREFIXES,
        "schemes": list(LINKED_SCHEMES),
        "terms": _list_query_terms(store, project, language),
        "things": [thing for name in _COMPLETION_CLASSES for thing in names.get(NAMESPACE + name, [])],
        "questions": {question.id: _build_question_data(question, names, language) for question in load_questions(project).values()},
    }


def _list_query_terms(store: Store, project: Project, language: str) -> list[list[str]]:
    """Return the terms that a query may use: prefixed name, `class` or `property`, and where it has them label and definition."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in run_query(store, project.read_query("site/terms")).rows:
        iri, kind = _get_cell_text(row, "term"), _get_cell_text(row, "kind")
        name = compact_iri(iri)
        if name is None:
            continue
        key = name, kind
        entry = found.setdefault(key, list(key))
        if _is_in_language(row, "label", language):
            found[key] = [*key, _get_cell_text(row, "label"), _get_cell_text(row, "definition")] if len(entry) == 2 else entry
    return [found[key] for key in sorted(found)]


def _build_question_data(question: Question, names: dict[str, list[tuple[str, str]]], language: str) -> dict[str, Any]:
    """Return a question of the catalogue as the query page asks it."""
    other = next(tag for tag in LANGUAGES if tag != language)
    return {
        "number": question.number,
        "question": question.question[language],
        "means": question.meaning[language],
        "doesNotMean": question.caveat[language],
        "parameters": [_build_parameter_data(given, names, language) for given in question.parameters],
        "columns": {name: [texts[language], f"{name}_{language}", f"{name}_{other}"] for name, texts in question.columns.items()},
        "codes": {name: {code: texts[language] for code, texts in codes.items()} for name, codes in question.codes.items() if codes},
        "text": strip_header(question.text),
    }


def _build_parameter_data(given: Parameter, names: dict[str, list[tuple[str, str]]], language: str) -> dict[str, Any]:
    """Return a parameter with the values it may have, each with its name."""
    return {
        "name": given.name,
        "label": given.label[language],
        "default": BASE + given.default if given.default else "",
        "values": names.get(given.type.value, []),
    }


def build_draft_data(store: Store, project: Project) -> dict[str, Any]:
    """Return what a draft may name, for the pages where drafts are written.

    Returns:
        `base`, `languages`, `figure`, `written` and `everyday` (the files of `site/` with these names), the `questions` of an interview,
        and a list for each of `_DRAFT_CLASSES`: things with `iri` and by language `label`, `other` names and `definition`, the ESCO
        `skills` they are mapped to, and of a role the `duties` that documents give it.
    """
    names = {NAMESPACE + kind: name for name, kind in _DRAFT_CLASSES.items()}
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _DRAFT_CLASSES}
    for row in run_query(store, project.read_query("site/drafts")).rows:
        iri, kind = _get_cell_text(row, "thing"), _get_cell_text(row, "property").rpartition("#")[2]
        thing = found[names[_get_cell_text(row, "class")]].setdefault(
            iri, {"iri": iri, "label": {}, "other": {}, "definition": {}, "skills": []}
        )
        if kind in ("prefLabel", "definition"):
            in_each = thing["label" if kind == "prefLabel" else kind]
            in_each |= {tag: _get_cell_text(row, "text") for tag in LANGUAGES if _is_in_language(row, "text", tag)}
        elif kind in ("altLabel", "hiddenLabel"):
            for tag in LANGUAGES:
                if _is_in_language(row, "text", tag):
                    thing["other"].setdefault(tag, []).append(_get_cell_text(row, "text"))
        elif kind == "hasDuty":
            duties = thing.setdefault("duties", {})
            duties |= {tag: [*duties.get(tag, []), _get_cell_text(row, "text")] for tag in LANGUAGES if _is_in_language(row, "text", tag)}
        else:
            skill = {"iri": _get_cell_text(row, "skill"), "label": _get_cell_text(row, "text"), "relation": kind}
            norwegian = find_texts(store, NamedNode(skill["iri"]), NamedNode(f"{NAMESPACE}norwegianLabel")).get("nb")
            thing["skills"].append(skill if norwegian is None else {**skill, "nb": norwegian})
    figure = json.loads(project.reader.read_text(project.figure_file))
    questions: dict[str, dict[str, str]] = {}
    for row in run_query(store, project.read_query("site/interview-questions")).rows:
        asked = questions.setdefault(_get_cell_text(row, "question"), {})
        asked |= {tag: _get_cell_text(row, "text") for tag in LANGUAGES if _is_in_language(row, "text", tag)}
    written = load_written_values()
    everyday = json.loads(EVERYDAY_WORDS_FILE.read_text(encoding="utf-8"))
    return {
        "base": project.base,
        "figure": figure,
        "written": written,
        "everyday": everyday,
        "questions": list(questions.values()),
        "languages": project.languages,
        **{name: list(things.values()) for name, things in found.items()},
    }


def build_engine_data(store: Store, project: Project, dumps: Path) -> dict[str, str]:
    """Return what the engine in the page answers queries and applies the rules with, once each.

    Args:
        store: all data, with what was inferred in the graph `INFERRED_GRAPH`.
        project: whose base relative IRIs stand on.
        dumps: the folder with the dumps.

    Returns:
        `asserted`, `inferred`, `vocabulary` and `shapes` in Turtle, the JSON-LD `context`, and `base`.
    """
    files = {"asserted": "asserted.ttl", "vocabulary": "ontology.ttl", "context": "context.jsonld"}
    graphs = {
        "inferred": (quad for quad in store if quad.graph_name == INFERRED_GRAPH),
        # Mappings are not written in the page, and what makes a mapping a good one lies beyond what a draft points to.
        "shapes": (
            quad
            for quad in adapt_shapes(project.reader.load([*project.list_shape_files(), project.known_terms]), project)
            if (quad.subject, quad.predicate) != (NamedNode(f"{BASE}rule/L5"), expand_shacl("targetSubjectsOf"))
        ),
    }
    texts = {key: (dumps / name).read_text(encoding="utf-8") for key, name in files.items()}
    written = {key: serialize_rdf(sort_triples(quads), RdfFormat.TURTLE).decode() for key, quads in graphs.items()}
    return {"base": project.base, **texts, **written}


def build_own_competence_data(store: Store, project: Project) -> dict[str, Any]:
    """Return what the page where a person describes their competence asks, beside drafts and roles.

    Returns:
        `standards`: by the slug of each role the addresses of its standards; `questions`: by id the query of each question of the
        catalogue that is asked; `elm`: the query that makes learning outcomes for ELM; `elected`: the slugs of the roles that people are
        elected to.
    """
    standards: dict[str, list[str]] = {}
    for row in run_query(store, project.read_query("tables/places")).rows:
        found = standards.setdefault(_get_cell_text(row, "role").rpartition("/")[2], [])
        if _get_cell_text(row, "standard") not in found:
            found.append(_get_cell_text(row, "standard"))
    questions = {name: find_question(project, name) for name in ("individual-against-standard", "measures-for-gap")}
    return {
        "standards": standards,
        "questions": {name: {"text": strip_header(question.text)} for name, question in questions.items()},
        "elm": project.read_query("site/elm-outcomes"),
        "elected": sorted(role.rpartition("/")[2] for role in read_elected_roles(store, project)),
    }
