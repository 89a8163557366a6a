"""Write answers: a table for people, or CSV, TSV, JSON, JSON Lines, Markdown, a workbook or Turtle for programs and documents."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from rich import box
from rich.console import Console
from rich.table import Table

from balansekunst.messages import format_message
from balansekunst.namespaces import RDF_TYPE, XSD
from balansekunst.rdf.graph import Term, serialize_term_json
from balansekunst.sparql.catalogue import QueryResult, format_result_rows, to_python_value
from balansekunst.xml_text import replace_unwritable

TABLE_WIDTH = 160
"""Columns of a table that goes to a file or a pipe."""
_RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def _format_notes(answer: QueryResult, language: str) -> list[str]:
    """Return the number of rows, and what the result means and does not mean."""
    counted = [format_message("query.rows", language, number=len(answer.rows))]
    if answer.question is None:
        return counted
    means, does_not = answer.question.meaning[language], answer.question.caveat[language]
    return [*counted, format_message("query.means", language, means=means), format_message("query.does-not-mean", language, means=does_not)]


def _format_table(answer: QueryResult, language: str) -> str:
    """Return a table in `language`, with the question above, and what the result means and does not mean below."""
    headings, rows = format_result_rows(answer, language)
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    question = [answer.question.question[language]] if answer.question else []
    return replace_unwritable("\n".join([*question, *render_table(table), *_format_notes(answer, language)]) + "\n")


def render_table(table: Table) -> list[str]:
    """Return the lines of a table as a terminal of `TABLE_WIDTH` columns shows it. Text in it is never read as markup."""
    console = Console(file=io.StringIO(), width=TABLE_WIDTH, record=True, markup=False, emoji=False)
    console.print(table)
    return [line.rstrip() for line in console.export_text().splitlines()]


def _format_separated(answer: QueryResult, delimiter: str) -> str:
    """Return every variable of the answer as separated values, with full IRIs (quoted by RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
    writer.writerow(answer.variables)
    for row in answer.rows:
        writer.writerow([_format_plain_term(row[name]) for name in answer.variables])
    return written.getvalue()


def _format_plain_term(term: Term | None) -> str:
    """Return a term as CSV has it: a text or an IRI as it is, a blank node with `_:`."""
    return str(term) if isinstance(term, BlankNode) else getattr(term, "value", "")


def _format_csv(answer: QueryResult, language: str) -> str:
    """Return CSV, as the SPARQL 1.1 Query Results CSV Format has it."""
    return _format_separated(answer, ",")


def _format_tsv(answer: QueryResult, language: str) -> str:
    """Return TSV with plain values."""
    return _format_separated(answer, "\t")


def _build_bindings(answer: QueryResult) -> list[dict[str, dict[str, str]]]:
    """Return the rows as the SPARQL 1.1 Query Results JSON Format has them."""
    rows = [{name: serialize_term_json(row[name]) for name in answer.variables} for row in answer.rows]
    return [{name: term for name, term in row.items() if term is not None} for row in rows]


def format_result_json(answer: QueryResult, language: str) -> str:
    """Return the SPARQL 1.1 Query Results JSON Format."""
    if answer.kind == "boolean":
        document: dict[str, object] = {"head": {}, "boolean": to_python_value(answer.rows[0]["answer"])}
    else:
        document = {"head": {"vars": answer.variables}, "results": {"bindings": _build_bindings(answer)}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _format_jsonl(answer: QueryResult, language: str) -> str:
    """Return an object a line, variable by variable, with plain values."""
    rows = ({name: getattr(row[name], "value", None) for name in answer.variables} for row in answer.rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _format_markdown(answer: QueryResult, language: str) -> str:
    """Return a Markdown table in `language`."""
    headings, rows = format_result_rows(answer, language)
    lines = [headings, ["---"] * len(headings), *rows]
    table = "".join("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |\n" for line in lines)
    return replace_unwritable(table)


def _format_turtle(answer: QueryResult, language: str) -> str:
    """Return a graph's triples as Turtle; rows or a truth value in the result set vocabulary of the SPARQL tests.

    The vocabulary is that of https://www.w3.org/2001/sw/DataAccess/tests/result-set, which Jena and rdflib read.
    """
    triples = answer.to_triples() if answer.kind == "graph" else list(_build_result_set(answer))
    written = serialize(triples, format=RdfFormat.TURTLE)
    assert written is not None
    return written.decode()


def _build_result_set(answer: QueryResult) -> Iterator[Triple]:
    """Give the triples of a result set: each row a solution with its place in the order."""

    def rs(name: str) -> NamedNode:
        return NamedNode(_RESULT_SET + name)

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


def format_result_workbook(answer: QueryResult, language: str) -> bytes:
    """Return a workbook (xlsx): see `workbooks.workbook`."""
    # openpyxl takes longer to import than most questions to answer.
    from balansekunst.sparql.result_workbook import build_result_workbook

    return build_result_workbook(answer, language, _format_notes(answer, language))


QUERY_RESULT_FORMATS: dict[str, Callable[[QueryResult, str], str | bytes]] = {
    "table": _format_table,
    "csv": _format_csv,
    "tsv": _format_tsv,
    "json": format_result_json,
    "jsonl": _format_jsonl,
    "md": _format_markdown,
    "xlsx": format_result_workbook,
    "turtle": _format_turtle,
}
"""What writes each format. Takes the answer and the language."""
