"""Write answers: a table for people, or CSV, TSV, JSON, JSON Lines, Markdown, a workbook or Turtle for programs and documents."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from rich import box
from rich.console import Console
from rich.table import Table

from balansekunst.asking.catalogue import XSD, Answer, python_value, shown
from balansekunst.checking.formats import term_json
from balansekunst.checking.rules import RDF_TYPE
from balansekunst.load import Term
from balansekunst.messages import text

WIDTH = 160
"""Columns of a table that goes to a file or a pipe."""
RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def notes(answer: Answer, language: str) -> list[str]:
    """Return how many rows there are, and what the answer says and does not say."""
    counted = [text("query.rows", language, number=len(answer.rows))]
    if answer.question is None:
        return counted
    means, does_not = answer.question.means[language], answer.question.does_not_mean[language]
    return [*counted, text("query.means", language, means=means), text("query.does-not-mean", language, means=does_not)]


def as_table(answer: Answer, language: str) -> str:
    """Return a table in `language`, with the question above, and what an answer says and does not say below."""
    headings, rows = shown(answer, language)
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    question = [answer.question.question[language]] if answer.question else []
    return "\n".join([*question, *printed(table), *notes(answer, language)]) + "\n"


def printed(table: Table) -> list[str]:
    """Return the lines of a table as a terminal of `WIDTH` columns shows it. Text in it is never read as markup."""
    console = Console(file=io.StringIO(), width=WIDTH, record=True, markup=False, emoji=False)
    console.print(table)
    return [line.rstrip() for line in console.export_text().splitlines()]


def separated(answer: Answer, delimiter: str) -> str:
    """Return every variable of the answer as separated values, with the whole IRI of each thing (RFC 4180 rules for quotes)."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
    writer.writerow(answer.variables)
    for row in answer.rows:
        writer.writerow([getattr(row[name], "value", "") for name in answer.variables])
    return written.getvalue()


def as_csv(answer: Answer, language: str) -> str:
    """Return CSV, as the SPARQL 1.1 Query Results CSV Format has it."""
    return separated(answer, ",")


def as_tsv(answer: Answer, language: str) -> str:
    """Return TSV with plain values."""
    return separated(answer, "\t")


def bindings(answer: Answer) -> list[dict[str, dict[str, str]]]:
    """Return the rows as the SPARQL 1.1 Query Results JSON Format has them."""
    rows = [{name: term_json(row[name]) for name in answer.variables} for row in answer.rows]
    return [{name: term for name, term in row.items() if term is not None} for row in rows]


def as_json(answer: Answer, language: str) -> str:
    """Return the SPARQL 1.1 Query Results JSON Format."""
    if answer.kind == "boolean":
        document: dict[str, object] = {"head": {}, "boolean": python_value(answer.rows[0]["answer"])}
    else:
        document = {"head": {"vars": answer.variables}, "results": {"bindings": bindings(answer)}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_jsonl(answer: Answer, language: str) -> str:
    """Return an object a line, variable by variable, with plain values."""
    rows = ({name: getattr(row[name], "value", None) for name in answer.variables} for row in answer.rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_markdown(answer: Answer, language: str) -> str:
    """Return a Markdown table in `language`."""
    headings, rows = shown(answer, language)
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |\n" for line in lines)


def as_turtle(answer: Answer, language: str) -> str:
    """Return a graph's triples as Turtle; rows or a truth value in the result set vocabulary of the SPARQL tests.

    The vocabulary is that of https://www.w3.org/2001/sw/DataAccess/tests/result-set, which Jena and rdflib read.
    """
    triples = answer.triples() if answer.kind == "graph" else list(result_set(answer))
    written = serialize(triples, format=RdfFormat.TURTLE)
    assert written is not None
    return written.decode()


def result_set(answer: Answer) -> Iterator[Triple]:
    """Give the triples of a result set: each row a solution with its place in the order."""

    def rs(name: str) -> NamedNode:
        return NamedNode(RESULT_SET + name)

    def statements(subject: BlankNode, pairs: list[tuple[NamedNode, Term]]) -> Iterator[Triple]:
        return (Triple(subject, predicate, object) for predicate, object in pairs)

    table = BlankNode("set")
    yield Triple(table, RDF_TYPE, rs("ResultSet"))
    if answer.kind == "boolean":
        truth = answer.rows[0]["answer"]
        assert truth is not None
        yield Triple(table, rs("boolean"), truth)
        return
    for name in answer.variables:
        yield Triple(table, rs("resultVariable"), Literal(name))
    for number, row in enumerate(answer.rows, 1):
        solution = BlankNode(f"s{number}")
        yield Triple(table, rs("solution"), solution)
        yield Triple(solution, rs("index"), Literal(str(number), datatype=NamedNode(XSD + "integer")))
        for place, name in enumerate(answer.variables):
            if (value := row[name]) is not None:
                binding = BlankNode(f"s{number}v{place}")
                yield Triple(solution, rs("binding"), binding)
                yield from statements(binding, [(rs("variable"), Literal(name)), (rs("value"), value)])


def as_workbook(answer: Answer, language: str) -> bytes:
    """Return a workbook (xlsx): see `workbooks.workbook`."""
    # openpyxl takes longer to import than most questions to answer.
    from balansekunst.asking.workbooks import workbook

    return workbook(answer, language, notes(answer, language))


ANSWER_FORMATS: dict[str, Callable[[Answer, str], str | bytes]] = {
    "table": as_table,
    "csv": as_csv,
    "tsv": as_tsv,
    "json": as_json,
    "jsonl": as_jsonl,
    "md": as_markdown,
    "xlsx": as_workbook,
    "turtle": as_turtle,
}
"""What writes each format. Takes the answer and the language."""
