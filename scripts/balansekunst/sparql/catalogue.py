"""The catalogue of questions: each is a file in `queries/questions/`, SPARQL with a header that documents it.

The header is YAML in lines that begin with `#+`, the form that public tools for query catalogues read. A parameter is a variable of the
query; left unbound, the query answers for every value it can have.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple, Variable

from balansekunst.errors import Message, UserError
from balansekunst.extras import require_extra
from balansekunst.headers import QUERY_MARK, HeaderText, parse_header
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, detect_language
from balansekunst.namespaces import METHOD_BASES, NAMESPACE, RDF_TYPE, SKOS_LABEL, XSD, Bases, fold_name
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts, find_texts

if TYPE_CHECKING:
    import pandas

_MAX_CANDIDATES = 5
_NUMBER_PATTERN = re.compile(r"Q\d+")
_GRAPH_COLUMNS = ["subject", "predicate", "object"]
_PYTHON_TYPES: dict[str, Callable[[str], object]] = {
    "integer": int,
    "decimal": float,
    "double": float,
    "float": float,
    "boolean": lambda written: written in ("true", "1"),
}
_DECIMAL_MARKS = {"nb": ",", "en": "."}
_SUB_SELECT_PATTERN = re.compile(r"\{\s*SELECT\s+(?P<projected>[^{}]*?)\s+WHERE\s*\{")
SYNTAX_ERROR_PATTERN = re.compile(r"error at (\d+):(\d+): ([^\n]*)")

ResultRow = dict[str, Term | None]
"""The terms of one answer by the names of the query's variables."""


@dataclass(frozen=True)
class _ParameterHeader:
    """A parameter in the header of a question."""

    name: str
    type: str
    example: str
    values: HeaderText
    label: HeaderText
    default: str | None = None


@dataclass(frozen=True)
class _QuestionColumnHeader:
    """A column in the header of a question."""

    nb: str
    en: str
    codes: dict[str, HeaderText] = field(default_factory=dict)


@dataclass(frozen=True)
class _QuestionHeader:
    """The header of a question."""

    id: str
    number: str
    summary: str
    """The question in English, for tools that read catalogues of queries."""
    question: HeaderText
    audience: list[str]
    meaning: HeaderText
    caveat: HeaderText
    parameters: list[_ParameterHeader]
    columns: dict[str, _QuestionColumnHeader]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question."""

    name: str
    """The variable of the query."""
    type: NamedNode
    """The class that its values are of."""
    default: str | None
    """The default value, as an IRI below the base."""
    example: str
    values: Texts
    """Where its values come from."""
    label: Texts


@dataclass(frozen=True, repr=False)
class Question:
    """One question of the catalogue."""

    id: str
    number: str
    """As `Q1`."""
    question: Texts
    audience: tuple[str, ...]
    meaning: Texts
    """What a result means."""
    caveat: Texts
    """What an answer must not be taken for."""
    parameters: tuple[Parameter, ...]
    columns: dict[str, Texts]
    """What to show, in order: variables, or the beginnings of a pair of variables that end in `_nb` and `_en`."""
    codes: dict[str, dict[str, Texts]]
    """For a column whose values are code words: what each means."""
    text: str
    """The query, header and all."""
    bases: Bases = METHOD_BASES
    """The bases of the project's IRIs."""

    def __repr__(self) -> str:
        given = ", ".join(parameter.name for parameter in self.parameters)
        return f"<Question {self.number} {self.id}({given})>"


def load_questions(project: Project) -> dict[str, Question]:
    """Return the project's questions by id, in the order of their numbers.

    Raises:
        UserError: a file cannot be read as a question; with a sentence for each error.
    """
    questions, problems = read_questions(project)
    if problems:
        raise UserError(*problems)
    return questions


def read_questions(project: Project) -> tuple[dict[str, Question], list[Message]]:
    """Return the project's questions by id, in the order of their numbers, and what is wrong with the files that hold none."""
    found, problems = list[Question](), list[Message]()
    for path in project.list_question_files():
        try:
            question = replace(_parse_question(project.reader.read_text(path), path), bases=project.bases)
        except UserError as error:
            problems += error.messages
            continue
        if any(question.number == other.number for other in found):
            problems.append(("query.number", {"file": path, "number": question.number}))
        found.append(question)
    return {q.id: q for q in sorted(found, key=lambda q: (int(q.number.removeprefix("Q")), q.id))}, problems


@cache
def _parse_question(text: str, path: Path) -> Question:
    """Read the header of a question."""
    header = parse_header(text, path, QUERY_MARK, _QuestionHeader)
    if not _NUMBER_PATTERN.fullmatch(header.number):
        raise UserError(("query.number", {"file": path, "number": header.number}))
    return Question(
        id=header.id,
        number=header.number,
        question=header.question.to_texts(),
        audience=tuple(header.audience),
        meaning=header.meaning.to_texts(),
        caveat=header.caveat.to_texts(),
        parameters=tuple(
            Parameter(p.name, NamedNode(p.type.replace("bk:", NAMESPACE)), p.default, p.example, p.values.to_texts(), p.label.to_texts())
            for p in header.parameters
        ),
        columns={name: {"nb": column.nb, "en": column.en} for name, column in header.columns.items()},
        codes={name: {code: text.to_texts() for code, text in column.codes.items()} for name, column in header.columns.items()},
        text=text,
    )


def find_question(project: Project, name: str) -> Question:
    """Return a question by its id or number.

    Raises:
        UserError: there is none; the nearest are named, and files that cannot be read as a question.
    """
    questions, problems = read_questions(project)
    for question in questions.values():
        if name.casefold() in (question.id, question.number.casefold()):
            return question
    near = find_nearest(name, {question.id: question.id for question in questions.values()})
    raise UserError(("query.unknown", {"name": name, "suggestions": ", ".join(near)}), *problems)


def find_nearest(name: str, names: Mapping[str, str], least: float = 0) -> list[str]:
    """Return the values of `names` whose keys are most like `name`, nearest first, and at least as like as `least` (0 to 1)."""
    folded = name.casefold()
    likeness = {key: SequenceMatcher(None, folded, key.casefold()).ratio() for key in names}
    ranked = sorted((key for key in names if likeness[key] >= least), key=lambda key: (-likeness[key], key))
    return list(dict.fromkeys(names[key] for key in ranked))[:_MAX_CANDIDATES]


def resolve(kind: NamedNode, given: str, store: Store, asked: str, bases: Bases) -> NamedNode:
    """Return the resource that a name refers to.

    Args:
        kind: the class it is of.
        given: an IRI, an IRI below the base, a slug, or a label in either language.
        store: asserted and inferred data.
        asked: the name of the parameter, for the message.
        bases: what IRIs of ours begin with.

    Raises:
        UserError: nothing is called that, or several things are; the candidates are named, nearest first.
    """
    names: dict[str, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, kind):
        if isinstance(quad.subject, NamedNode):
            path = bases.strip_base(quad.subject.value)
            labels = find_texts(store, quad.subject, SKOS_LABEL).values()
            for name in (quad.subject.value, path, path.partition("/")[2], *labels):
                names.setdefault(fold_name(name), set()).add(quad.subject)
    found = names.get(fold_name(given.strip().strip("<>")), set())
    if len(found) == 1:
        return next(iter(found))
    if found:
        candidates = sorted(bases.strip_base(node.value) for node in found)
        raise UserError(("query.ambiguous", {"value": given, "parameter": asked, "candidates": ", ".join(candidates)}))
    shown = {name: bases.strip_base(min(node.value for node in nodes)) for name, nodes in names.items()}
    near = ", ".join(find_nearest(given, shown))
    raise UserError(("query.value", {"value": given, "parameter": asked, "suggestions": near}))


def bind_parameters(question: Question, *given: Mapping[str, Term]) -> str:
    """Return the query with its parameters bound, the same text for every engine.

    The values stand in a `VALUES` clause at the end (SPARQL 1.1 Query, section 10.2.1), written by the RDF library, so that nothing
    in them can be read as anything but a term. They stand in each sub-select that gives them on, too: engines work such a one out
    by itself, and a question about two roles would else be worked out for every pair of roles first.

    Args:
        question: the question.
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

    return f"{_SUB_SELECT_PATTERN.sub(begun, question.text)}\n{clause(given[0])}\n"


def strip_header(query: str) -> str:
    """Return a query without its header."""
    return "\n".join(line for line in query.splitlines() if not line.startswith(QUERY_MARK)).strip() + "\n"


def resolve_parameters(question: Question, given: Mapping[str, str], store: Store, defaults: bool = True) -> dict[str, Term]:
    """Return the term for each parameter that is given, or has a default.

    Raises:
        UserError: the question has no such parameter, or nothing is called that; all at once.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    problems: list[Message] = [
        ("query.parameter", {"name": name, "query": question.id, "allowed": ", ".join(known) or "-"}) for name in given if name not in known
    ]
    values: dict[str, Term] = {}
    for name, parameter in known.items():
        wanted = given.get(name, parameter.default if defaults else None)
        if wanted:
            try:
                values[name] = resolve(parameter.type, wanted, store, name, question.bases)
            except UserError as error:
                problems += error.messages
    if problems:
        raise UserError(*problems)
    return values


@dataclass(frozen=True, repr=False)
class QueryResult:
    """What a query gives: rows. A yes or no is one row, a graph a row for each triple."""

    variables: list[str]
    rows: list[ResultRow]
    question: Question | None = None
    """Nothing where the query is the user's own."""
    kind: str = "rows"
    """`rows` (SELECT), `boolean` (ASK) or `graph` (CONSTRUCT, DESCRIBE)."""
    bases: Bases = METHOD_BASES
    """What IRIs begin with that people are shown without."""

    def __repr__(self) -> str:
        asked = f"{self.question.id}: " if self.question else ""
        return f"<QueryResult {asked}{len(self.rows)} × {', '.join(self.variables)}>"

    def _repr_html_(self) -> str:
        """Return a table in the language of the environment, for notebooks."""
        language = detect_language() if detect_language() in LANGUAGES else DEFAULT_LANGUAGE
        headings, rows = format_result_rows(self, language)
        lines = [f"<th>{'</th><th>'.join(map(escape, headings))}</th>", *(f"<td>{'</td><td>'.join(map(escape, row))}</td>" for row in rows)]
        caption = f"<caption>{escape(self.question.question[language])}</caption>" if self.question else ""
        return f"<table>{caption}{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"

    def find_variable(self, name: str, language: str) -> str:
        """Return the variable that holds a column in a language."""
        return f"{name}_{language}" if f"{name}_{language}" in self.variables else name

    def list_columns(self) -> dict[str, Texts]:
        """Return what to show to people, in order, with headings: the question's columns, or every variable."""
        return self.question.columns if self.question else {name: dict.fromkeys(LANGUAGES, name) for name in self.variables}

    def to_triples(self) -> list[Triple]:
        """Return the triples of a graph."""
        assert self.kind == "graph"
        return [Triple(row["subject"], row["predicate"], row["object"]) for row in self.rows]  # type: ignore[arg-type]

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a pandas DataFrame, a column a variable; numbers and truth values as Python's own.

        Raises:
            UserError: pandas is not installed.
        """
        with require_extra("pandas"):
            import pandas
        return pandas.DataFrame(
            [{name: to_python_value(row[name]) for name in self.variables} for row in self.rows], columns=self.variables
        )


def run_question(store: Store, question: Question, *values: Mapping[str, Term]) -> QueryResult:
    """Answer a question from the default and all named graphs of `store`.

    Args:
        store: asserted and inferred data.
        question: the question.
        values: the terms of its parameters; one that is left out is left open. Several to ask for each of them at once.
    """
    return replace(run_query(store, bind_parameters(question, *values)), question=question, bases=question.bases)


def run_query(store: Store, query: str, base: str | None = None, prefixes: Mapping[str, str] | None = None) -> QueryResult:
    """Answer a SPARQL 1.1 query from the default and all named graphs of `store`.

    Args:
        store: the data.
        query: the query.
        base: what relative IRIs in it are resolved against.
        prefixes: those that it need not declare.

    Raises:
        UserError: the query breaks SPARQL's syntax (with the place), or uses what is not supported, such as another endpoint (`SERVICE`).
    """
    try:
        _refuse_service(query, base)
        found = store.query(query, base_iri=base, prefixes=dict(prefixes or {}), use_default_graph_as_union=True)
        return build_query_result(found)
    except SyntaxError as error:
        place = SYNTAX_ERROR_PATTERN.match(str(error))
        line, column, why = place.groups() if place else (1, 1, str(error))
        raise UserError(("query.syntax", {"line": line, "column": column, "reason": why})) from None
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(("query.failed", {"reason": str(error).split("\n", 1)[0]})) from None


def _refuse_service(query: str, base: str | None) -> None:
    """Refuse a query that asks another service.

    Raises:
        UserError: it does.
        SyntaxError: it cannot be read.
    """
    if "service" in query.casefold():
        # The parser of SPARQL takes long to import, and few queries have the word.
        from balansekunst.sparql.federation import has_service

        if has_service(query, base):
            raise UserError(("serving.service", {}))


def build_query_result(found: QuerySolutions | QueryBoolean | Iterable[Triple]) -> QueryResult:
    """Return what an engine gives as an answer: rows in its order, a truth value, or triples in an order that is always the same."""
    if isinstance(found, QueryBoolean):
        return QueryResult(["answer"], [{"answer": Literal(bool(found))}], kind="boolean")
    if isinstance(found, QuerySolutions):
        variables = [variable.value for variable in found.variables]
        return QueryResult(variables, [{name: solution[name] for name in variables} for solution in found])
    triples = sorted(found, key=str)
    return QueryResult(_GRAPH_COLUMNS, [dict(zip(_GRAPH_COLUMNS, triple, strict=True)) for triple in triples], kind="graph")


def to_python_value(term: Term | None) -> object:
    """Return a number or truth value as Python's own, any other term as its text, and nothing for nothing."""
    if isinstance(term, Literal):
        kind = term.datatype.value.removeprefix(XSD)
        if kind in _PYTHON_TYPES:
            return _PYTHON_TYPES[kind](term.value)
    return None if term is None else getattr(term, "value", str(term))


def to_plain_text(term: Term | None, bases: Bases = METHOD_BASES) -> str:
    """Return a term as programs compare it: a text's words, an IRI without its base."""
    if isinstance(term, NamedNode):
        return bases.strip_base(term.value)
    return term.value if isinstance(term, Literal | BlankNode) else ""


def format_result_rows(answer: QueryResult, language: str) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows in `language`, for people; the other language where a text lacks this one."""
    other = next(tag for tag in LANGUAGES if tag != language)
    codes = answer.question.codes if answer.question else {}
    rows = []
    for row in answer.rows:
        cells = []
        for name in answer.list_columns():
            term = row.get(answer.find_variable(name, language))
            cells.append(
                format_term(
                    term if term is not None else row.get(answer.find_variable(name, other)), language, codes.get(name, {}), answer.bases
                )
            )
        rows.append(cells)
    return [texts[language] for texts in answer.list_columns().values()], rows


def format_term(term: Term | None, language: str, codes: Mapping[str, Texts], bases: Bases = METHOD_BASES) -> str:
    """Return a term as people read it: a code word's meaning, a fraction with two decimals."""
    written = to_plain_text(term, bases)
    if written in codes:
        return codes[written][language]
    value = to_python_value(term)
    if isinstance(value, float):
        return format_number(value, language)
    return written


def format_number(value: float, language: str) -> str:
    """Return a figure with two decimals, as the language writes it."""
    return f"{value:.2f}".replace(".", _DECIMAL_MARKS[language])
