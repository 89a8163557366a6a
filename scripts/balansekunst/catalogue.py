"""The catalogue of questions: each is a file in `queries/questions/`, SPARQL with a header that says what it asks and answers.

The header is YAML in lines that begin with `#+`, the form that public tools for query catalogues read. A parameter is a variable of the
query; left unbound, the query answers for every value it can have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Variable

from balansekunst.load import Message, Term
from balansekunst.messages import LANGUAGES, UserError
from balansekunst.project import BASE, NAMESPACE, Project
from balansekunst.rules import RDF_TYPE, SKOS_LABEL, Texts, localised

CANDIDATES = 5

Row = dict[str, Term | None]
"""The terms of one answer by the names of the query's variables."""


@dataclass(frozen=True)
class Parameter:
    """What can be asked for in a question."""

    name: str
    """The variable of the query."""
    type: NamedNode
    """The class that its values are of."""
    default: str | None
    """What is asked for when nothing else is, as an IRI below the base."""
    example: str
    label: Texts


@dataclass(frozen=True)
class Question:
    """One question of the catalogue."""

    id: str
    number: str
    """As `Q1`."""
    question: Texts
    audience: tuple[str, ...]
    means: Texts
    """What an answer says."""
    does_not_mean: Texts
    """What an answer must not be taken for."""
    parameters: tuple[Parameter, ...]
    columns: dict[str, Texts]
    """What to show, in order: variables, or the beginnings of a pair of variables that end in `_nb` and `_en`."""
    text: str
    """The query, header and all."""


def catalogue(project: Project) -> dict[str, Question]:
    """Return the project's questions by id, in the order of their numbers."""
    found = [read_question(path) for path in project.questions()]
    return {q.id: q for q in sorted(found, key=lambda q: (int(q.number.removeprefix("Q")), q.id))}


def read_question(path: Path) -> Question:
    """Read one file of the catalogue."""
    text = path.read_text(encoding="utf-8")
    header: dict[str, Any] = yaml.safe_load("\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ ")))
    return Question(
        id=header["id"],
        number=header["number"],
        question=header["question"],
        audience=tuple(header["for"]),
        means=header["means"],
        does_not_mean=header["does-not-mean"],
        parameters=tuple(
            Parameter(p["name"], NamedNode(p["type"].replace("bk:", NAMESPACE)), p["default"], p["example"], p["label"])
            for p in header["parameters"]
        ),
        columns=header["columns"],
        text=text,
    )


def find_question(project: Project, name: str) -> Question:
    """Return a question by its id or number.

    Raises:
        UserError: there is none; the nearest are named.
    """
    questions = catalogue(project)
    for question in questions.values():
        if name.casefold() in (question.id, question.number.casefold()):
            return question
    near = nearest(name, {question.id: question.id for question in questions.values()})
    raise UserError(("query.unknown", {"name": name, "near": ", ".join(near)}))


def nearest(name: str, names: Mapping[str, str]) -> list[str]:
    """Return the values of `names` whose keys are most like `name`, nearest first."""
    folded = name.casefold()
    ranked = sorted(names, key=lambda key: (-SequenceMatcher(None, folded, key.casefold()).ratio(), key))
    return list(dict.fromkeys(names[key] for key in ranked))[:CANDIDATES]


def resolve(parameter: Parameter, given: str, store: Store) -> NamedNode:
    """Return the thing that a user means.

    Args:
        parameter: says of what class it is.
        given: an IRI, an IRI below the base, a slug, or a label in either language.
        store: asserted and inferred data.

    Raises:
        UserError: nothing is called that, or several things are; the candidates are named, nearest first.
    """
    names: dict[str, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, parameter.type):
        if isinstance(quad.subject, NamedNode):
            path = quad.subject.value.removeprefix(BASE)
            labels = localised(store, quad.subject, SKOS_LABEL).values()
            for name in (quad.subject.value, path, path.partition("/")[2], *labels):
                names.setdefault(name.casefold(), set()).add(quad.subject)
    found = names.get(given.strip().strip("<>").casefold(), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        candidates = sorted(node.value.removeprefix(BASE) for node in found)
        raise UserError(("query.ambiguous", {"given": given, "parameter": parameter.name, "candidates": ", ".join(candidates)}))
    shown = {name: min(node.value for node in nodes).removeprefix(BASE) for name, nodes in names.items()}
    near = ", ".join(nearest(given, shown))
    raise UserError(("query.value", {"given": given, "parameter": parameter.name, "near": near}))


def bound(question: Question, values: Mapping[str, Term]) -> str:
    """Return the query with its parameters bound, the same text for every engine.

    The values stand in a `VALUES` clause at the end (SPARQL 1.1 Query, section 10.2.1), written by the RDF library, so that nothing
    in them can be read as anything but a term.
    """
    if not values:
        return question.text
    names = " ".join(str(Variable(name)) for name in values)
    return f"{question.text}\nVALUES ({names}) {{ ({' '.join(map(str, values.values()))}) }}\n"


def chosen(question: Question, given: Mapping[str, str], store: Store, defaults: bool = True) -> dict[str, Term]:
    """Return the term for each parameter that is given, or has a default.

    Raises:
        UserError: the question has no such parameter, or nothing is called that; all at once.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    problems: list[Message] = [
        ("query.parameter", {"name": name, "query": question.id, "known": ", ".join(known) or "-"}) for name in given if name not in known
    ]
    values: dict[str, Term] = {}
    for name, parameter in known.items():
        wanted = given.get(name, parameter.default if defaults else None)
        if wanted:
            try:
                values[name] = resolve(parameter, wanted, store)
            except UserError as error:
                problems += error.messages
    if problems:
        raise UserError(*problems)
    return values


@dataclass(frozen=True)
class Answer:
    """What a query gives."""

    variables: list[str]
    rows: list[Row]

    def column(self, name: str, language: str) -> str:
        """Return the variable that holds a column in a language."""
        return f"{name}_{language}" if f"{name}_{language}" in self.variables else name


def ask(store: Store, question: Question, values: Mapping[str, Term] | None = None) -> Answer:
    """Answer a question from the default and all named graphs of `store`.

    Args:
        store: asserted and inferred data.
        question: what is asked.
        values: the terms of its parameters; one that is left out is left open.
    """
    solutions = store.query(bound(question, values or {}), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    variables = [variable.value for variable in solutions.variables]
    return Answer(variables, [{name: solution[name] for name in variables} for solution in solutions])


def plain(term: Term | None) -> str:
    """Return a term as people read it: a text's words, an IRI of ours from the base on."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix(BASE)
    return term.value if isinstance(term, Literal | BlankNode) else ""


def shown(answer: Answer, question: Question, language: str) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows in `language`, for people; the other language where a text lacks this one."""
    other = next(tag for tag in LANGUAGES if tag != language)
    headings = [texts[language] for texts in question.columns.values()]
    rows = []
    for row in answer.rows:
        cells = []
        for name in question.columns:
            term = row.get(answer.column(name, language))
            cells.append(plain(term if term is not None else row.get(answer.column(name, other))))
        rows.append(cells)
    return headings, rows
