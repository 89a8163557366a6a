"""Publish flat tables for those who count and compare: names in place of addresses, one file a language, and all of them in a workbook.

Each is a query in `queries/publication/analysis/`, with a header of the same form as the tables have. A column shows the
variable of its name and a language where the query gives that, else the variable of its name.
"""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from balansekunst.export.csvw import TableColumnHeader, TableHeader, mark_as_text, serialize_csv
from balansekunst.headers import QUERY_MARK, parse_header
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.rdf.graph import Texts
from balansekunst.sparql.catalogue import QueryResult, ResultRow, run_query, to_python_value
from balansekunst.xlsx import build_workbook

_QUERIES = "publication/analysis"
_WORKBOOK_NAME = "balansekunst"


@dataclass(frozen=True)
class FlatTable:
    """A table with names in place of addresses, in every language."""

    id: str
    title: Texts
    description: Texts
    columns: dict[str, TableColumnHeader]
    answer: QueryResult

    def list_headings(self, language: str) -> list[str]:
        """Return the headings in a language."""
        return [column.nb if language == "nb" else column.en for column in self.columns.values()]

    def list_rows(self, language: str) -> list[list[object]]:
        """Return the rows in a language: numbers as numbers, and truth values as 1 and 0, which can be summed."""
        names = [self.answer.find_variable(name, language) for name in self.columns]
        return [[_get_value(row, name) for name in names] for row in self.answer.rows]


def _get_value(row: ResultRow, name: str) -> object:
    """Return what a cell holds."""
    value = to_python_value(row[name])
    return int(value) if isinstance(value, bool) else value


def build_flat_tables(store: Store, project: Project) -> list[FlatTable]:
    """Return the flat tables that have rows, by id."""
    found = []
    for path in project.list_query_files(_QUERIES):
        text = project.reader.read_text(path)
        header = parse_header(text, path, QUERY_MARK, TableHeader)
        answer = run_query(store, text)
        if answer.rows:
            found.append(FlatTable(header.id, header.title.to_texts(), header.description.to_texts(), header.columns, answer))
    return found


def write_flat_tables(folder: Path, tables: list[FlatTable], project: Project) -> dict[str, Texts]:
    """Write each table as CSV in every language of the project, and all as a workbook in each. Return what each file holds, by its name."""
    if not tables:
        return {}
    folder.mkdir(parents=True)
    titles: dict[str, Texts] = {}
    for language in project.languages:
        for table in tables:
            name = f"{table.id}.{language}.csv"
            (folder / name).write_bytes(_serialize_csv(table, language))
            titles[name] = table.title
        sheets = [(table.title[language], table.list_headings(language), table.list_rows(language)) for table in tables]
        notes = [f"{table.title[language]}: {table.description[language]}" for table in tables]
        (folder / f"{_WORKBOOK_NAME}.{language}.xlsx").write_bytes(build_workbook(sheets, notes, language))
        titles[f"{_WORKBOOK_NAME}.{language}.xlsx"] = {tag: format_message("file.analysis-workbook", tag) for tag in LANGUAGES}
    return titles


def _serialize_csv(table: FlatTable, language: str) -> bytes:
    """Return a table as CSV, in which no spreadsheet takes a text for a formula."""
    rows = ([mark_as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in table.list_rows(language))
    return serialize_csv(table.list_headings(language), rows)
