"""Write answers: a table for people, or CSV, TSV, JSON, JSON Lines and Markdown for programs and documents."""

import csv
import io
import json
from collections.abc import Callable

from rich import box
from rich.console import Console
from rich.table import Table

from balansekunst.catalogue import Answer, Question, shown
from balansekunst.formats import term_json
from balansekunst.messages import text

WIDTH = 160
"""Columns of a table that goes to a file or a pipe."""


def as_table(answer: Answer, question: Question, language: str) -> str:
    """Return a table in `language`, with the question above, and what an answer says and does not say below."""
    headings, rows = shown(answer, question, language)
    console = Console(file=io.StringIO(), width=WIDTH, record=True)
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    notes = [
        text("query.rows", language, number=len(rows)),
        text("query.means", language, means=question.means[language]),
        text("query.does-not-mean", language, means=question.does_not_mean[language]),
    ]
    lines = [line.rstrip() for line in console.export_text().splitlines()]
    return "\n".join([question.question[language], *lines, *notes]) + "\n"


def separated(answer: Answer, delimiter: str) -> str:
    """Return every variable of the answer as separated values, with the whole IRI of each thing (RFC 4180 rules for quotes)."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
    writer.writerow(answer.variables)
    for row in answer.rows:
        writer.writerow([getattr(row[name], "value", "") for name in answer.variables])
    return written.getvalue()


def as_csv(answer: Answer, question: Question, language: str) -> str:
    """Return CSV, as the SPARQL 1.1 Query Results CSV Format has it."""
    return separated(answer, ",")


def as_tsv(answer: Answer, question: Question, language: str) -> str:
    """Return TSV with plain values."""
    return separated(answer, "\t")


def bindings(answer: Answer) -> list[dict[str, dict[str, str]]]:
    """Return the rows as the SPARQL 1.1 Query Results JSON Format has them."""
    rows = [{name: term_json(row[name]) for name in answer.variables} for row in answer.rows]
    return [{name: term for name, term in row.items() if term is not None} for row in rows]


def as_json(answer: Answer, question: Question, language: str) -> str:
    """Return the SPARQL 1.1 Query Results JSON Format."""
    document = {"head": {"vars": answer.variables}, "results": {"bindings": bindings(answer)}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_jsonl(answer: Answer, question: Question, language: str) -> str:
    """Return an object a line, variable by variable, with plain values."""
    rows = ({name: getattr(row[name], "value", None) for name in answer.variables} for row in answer.rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_markdown(answer: Answer, question: Question, language: str) -> str:
    """Return a Markdown table in `language`."""
    headings, rows = shown(answer, question, language)
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |\n" for line in lines)


ANSWER_FORMATS: dict[str, Callable[[Answer, Question, str], str]] = {
    "table": as_table,
    "csv": as_csv,
    "tsv": as_tsv,
    "json": as_json,
    "jsonl": as_jsonl,
    "md": as_markdown,
}
"""What writes each format. Takes the answer, the question and the language."""
