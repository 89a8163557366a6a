"""The catalogue of questions: each is a file in `queries/questions/`, SPARQL with a header that says what it asks and answers.

The header is YAML in lines that begin with `#+`, the form that public tools for query catalogues read. A parameter is a variable of the
query; left unbound, the query answers for every value it can have.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple, Variable

from balansekunst.checking.rules import RDF_TYPE, SKOS_LABEL, Texts, localised
from balansekunst.load import Message, Term
from balansekunst.messages import LANGUAGES, UserError
from balansekunst.project import NAMESPACE, Project, local

if TYPE_CHECKING:
    import pandas

CANDIDATES = 5
GRAPH_COLUMNS = ["subject", "predicate", "object"]
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
PYTHON_TYPES: dict[str, Callable[[str], object]] = {
    "integer": int,
    "decimal": float,
    "double": float,
    "float": float,
    "boolean": lambda written: written in ("true", "1"),
}
DECIMAL_MARK = {"nb": ",", "en": "."}
SUB_SELECT = re.compile(r"\{\s*SELECT\s+(?P<projected>[^{}]*?)\s+WHERE\s*\{")
SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): ([^\n]*)")

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
    values: Texts
    """Where its values come from."""
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
    codes: dict[str, dict[str, Texts]]
    """For a column whose values are code words: what each means."""
    text: str
    """The query, header and all."""


def catalogue(project: Project) -> dict[str, Question]:
    """Return the project's questions by id, in the order of their numbers."""
    found = [read_question(path) for path in project.questions()]
    return {q.id: q for q in sorted(found, key=lambda q: (int(q.number.removeprefix("Q")), q.id))}


def read_question(path: Path) -> Question:
    """Read one file of the catalogue."""
    return parsed_question(path.read_text(encoding="utf-8"))


@cache
def parsed_question(text: str) -> Question:
    """Read the header of a question."""
    header: dict[str, Any] = yaml.safe_load("\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ ")))
    return Question(
        id=header["id"],
        number=header["number"],
        question=header["question"],
        audience=tuple(header["for"]),
        means=header["means"],
        does_not_mean=header["does-not-mean"],
        parameters=tuple(
            Parameter(p["name"], NamedNode(p["type"].replace("bk:", NAMESPACE)), p["default"], p["example"], p["values"], p["label"])
            for p in header["parameters"]
        ),
        columns={name: {language: column[language] for language in LANGUAGES} for name, column in header["columns"].items()},
        codes={name: column.get("codes", {}) for name, column in header["columns"].items()},
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


def resolve(kind: NamedNode, given: str, store: Store, asked: str) -> NamedNode:
    """Return the thing that a user means.

    Args:
        kind: the class it is of.
        given: an IRI, an IRI below the base, a slug, or a label in either language.
        store: asserted and inferred data.
        asked: what it was given as, to name in a message.

    Raises:
        UserError: nothing is called that, or several things are; the candidates are named, nearest first.
    """
    names: dict[str, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, kind):
        if isinstance(quad.subject, NamedNode):
            path = local(quad.subject.value)
            labels = localised(store, quad.subject, SKOS_LABEL).values()
            for name in (quad.subject.value, path, path.partition("/")[2], *labels):
                names.setdefault(name.casefold(), set()).add(quad.subject)
    found = names.get(given.strip().strip("<>").casefold(), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        candidates = sorted(local(node.value) for node in found)
        raise UserError(("query.ambiguous", {"given": given, "parameter": asked, "candidates": ", ".join(candidates)}))
    shown = {name: local(min(node.value for node in nodes)) for name, nodes in names.items()}
    near = ", ".join(nearest(given, shown))
    raise UserError(("query.value", {"given": given, "parameter": asked, "near": near}))


def bound(question: Question, *given: Mapping[str, Term]) -> str:
    """Return the query with its parameters bound, the same text for every engine.

    The values stand in a `VALUES` clause at the end (SPARQL 1.1 Query, section 10.2.1), written by the RDF library, so that nothing
    in them can be read as anything but a term. They stand in each sub-select that gives them on, too: engines work such a one out
    by itself, and a question about two roles would else be worked out for every pair of roles first.

    Args:
        question: what is asked.
        given: the values of the parameters; several to ask for each of them at once, all with values for the same parameters.
    """
    if not any(given):
        return question.text

    def clause(names: Iterable[str]) -> str:
        names = list(names)
        rows = dict.fromkeys(" ".join(str(values[name]) for name in names) for values in given)
        return f"VALUES ({' '.join(str(Variable(name)) for name in names)}) {{ {' '.join(f'({row})' for row in rows)} }}"

    def begun(match: re.Match[str]) -> str:
        names = [name for name in given[0] if re.search(rf"\?{name}\b", match["projected"])]
        return f"{match[0]} {clause(names)}" if names else match[0]

    return f"{SUB_SELECT.sub(begun, question.text)}\n{clause(given[0])}\n"


def headless(query: str) -> str:
    """Return a query without its header."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("#+")).strip() + "\n"


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
                values[name] = resolve(parameter.type, wanted, store, name)
            except UserError as error:
                problems += error.messages
    if problems:
        raise UserError(*problems)
    return values


@dataclass(frozen=True)
class Answer:
    """What a query gives: rows. A yes or no is one row, a graph a row for each triple."""

    variables: list[str]
    rows: list[Row]
    question: Question | None = None
    """Nothing where the query is the user's own."""
    kind: str = "rows"
    """`rows` (SELECT), `boolean` (ASK) or `graph` (CONSTRUCT, DESCRIBE)."""

    def column(self, name: str, language: str) -> str:
        """Return the variable that holds a column in a language."""
        return f"{name}_{language}" if f"{name}_{language}" in self.variables else name

    def columns(self) -> dict[str, Texts]:
        """Return what to show to people, in order, with headings: the question's columns, or every variable."""
        return self.question.columns if self.question else {name: dict.fromkeys(LANGUAGES, name) for name in self.variables}

    def triples(self) -> list[Triple]:
        """Return the triples of a graph."""
        assert self.kind == "graph"
        return [Triple(row["subject"], row["predicate"], row["object"]) for row in self.rows]  # type: ignore[arg-type]

    def frame(self) -> "pandas.DataFrame":
        """Return the rows as a pandas DataFrame, a column a variable; numbers and truth values as Python's own.

        Raises:
            UserError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise UserError(("query.pandas", {})) from None
        return pandas.DataFrame([{name: python_value(row[name]) for name in self.variables} for row in self.rows], columns=self.variables)


def ask(store: Store, question: Question, *values: Mapping[str, Term]) -> Answer:
    """Answer a question from the default and all named graphs of `store`.

    Args:
        store: asserted and inferred data.
        question: what is asked.
        values: the terms of its parameters; one that is left out is left open. Several to ask for each of them at once.
    """
    return replace(ask_text(store, bound(question, *values)), question=question)


def ask_text(store: Store, query: str) -> Answer:
    """Answer a SPARQL 1.1 query from the default and all named graphs of `store`.

    Raises:
        UserError: the query breaks SPARQL's syntax (with the place), or asks for what is not here, such as another endpoint (`SERVICE`).
    """
    try:
        found = store.query(query, use_default_graph_as_union=True)
        return answer_of(found)
    except SyntaxError as error:
        place = SYNTAX_ERROR.match(str(error))
        line, column, why = place.groups() if place else (1, 1, str(error))
        raise UserError(("query.syntax", {"line": line, "column": column, "why": why})) from None
    except (OSError, ValueError) as error:
        raise UserError(("query.failed", {"why": str(error).split("\n", 1)[0]})) from None


def answer_of(found: QuerySolutions | QueryBoolean | Iterable[Triple]) -> Answer:
    """Return what an engine gives as an answer: rows in its order, a truth value, or triples in an order that is always the same."""
    if isinstance(found, QueryBoolean):
        return Answer(["answer"], [{"answer": Literal(bool(found))}], kind="boolean")
    if isinstance(found, QuerySolutions):
        variables = [variable.value for variable in found.variables]
        return Answer(variables, [{name: solution[name] for name in variables} for solution in found])
    triples = sorted(found, key=str)
    return Answer(GRAPH_COLUMNS, [dict(zip(GRAPH_COLUMNS, triple, strict=True)) for triple in triples], kind="graph")


def python_value(term: Term | None) -> object:
    """Return a number or truth value as Python's own, any other term as its text, and nothing for nothing."""
    if isinstance(term, Literal):
        kind = term.datatype.value.removeprefix(XSD)
        if kind in PYTHON_TYPES:
            return PYTHON_TYPES[kind](term.value)
    return None if term is None else getattr(term, "value", str(term))


def plain(term: Term | None) -> str:
    """Return a term as programs compare it: a text's words, an IRI of ours from the base on."""
    if isinstance(term, NamedNode):
        return local(term.value)
    return term.value if isinstance(term, Literal | BlankNode) else ""


def shown(answer: Answer, language: str) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows in `language`, for people; the other language where a text lacks this one."""
    other = next(tag for tag in LANGUAGES if tag != language)
    codes = answer.question.codes if answer.question else {}
    rows = []
    for row in answer.rows:
        cells = []
        for name in answer.columns():
            term = row.get(answer.column(name, language))
            cells.append(readable(term if term is not None else row.get(answer.column(name, other)), language, codes.get(name, {})))
        rows.append(cells)
    return [texts[language] for texts in answer.columns().values()], rows


def readable(term: Term | None, language: str, codes: Mapping[str, Texts]) -> str:
    """Return a term as people read it: a code word's meaning, a fraction with two decimals."""
    written = plain(term)
    if written in codes:
        return codes[written][language]
    value = python_value(term)
    if isinstance(value, float):
        return number(value, language)
    return written


def number(value: float, language: str) -> str:
    """Return a figure with two decimals, as the language writes it."""
    return f"{value:.2f}".replace(".", DECIMAL_MARK[language])
