"""Publish the data as tables: CSV with metadata that says what each column is, and Parquet.

A table is a query in `queries/publication/tables/`, with a YAML header in lines that begin with `#+`; the cubes of figures have a table
each, after their own structure. The metadata is CSV on the Web (https://www.w3.org/TR/tabular-metadata/): by it, csv2rdf gives back
statements of the dump. What it cannot say (a list of links, a name repeated from another thing) is kept out by `suppressOutput`.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. In CSV such a text has an apostrophe put before it; Parquet
has it as it is.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from balansekunst.export.paths import get_resource_path
from balansekunst.headers import QUERY_MARK, HeaderText, parse_header
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import NAMESPACE, PREFIXES, RDF_TYPE, XSD, Bases, expand_name
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts
from balansekunst.sparql.catalogue import run_query

_COLUMN_KEYS = {"observation": "tables.observation", "source": "tables.source", "passage": "tables.passage"}
_TEXT_COLUMN_KEYS = {
    ("name", "nb"): "tables.name.nb",
    ("name", "en"): "tables.name.en",
    ("note", "nb"): "tables.note.nb",
    ("note", "en"): "tables.note.en",
    ("disagreement", "nb"): "tables.disagreement.nb",
    ("disagreement", "en"): "tables.disagreement.en",
}
_LABEL_COLUMN_KEYS = {"nb": "tables.label.nb", "en": "tables.label.en"}
_DIMENSION_KEYS = {"measureType": "tables.measureType", "unitMeasure": "tables.unitMeasure"}
"""The headings of columns whose property is of another vocabulary and has no label here."""

LIST_SEPARATOR = "|"
"""What stands between the parts of a list."""
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
CSVW_METADATA_FILE = "csv-metadata.json"
TABLE_FORMATS = {"csv": "CSV", "parquet": "Parquet"}
"""The endings of the files of a table, and what the formats are called."""
_CUBE_TEXT_PROPERTIES = {"name": "skos:prefLabel", "note": "skos:note", "disagreement": "bk:disagreement"}
"""Columns of every cube, a language each, and their properties."""

_CellValue = str | list[str] | None


@dataclass(frozen=True)
class TableColumnHeader:
    """A column in the header of a table."""

    nb: str
    en: str
    property: str | None = None
    """With a prefix, or a URI template of it; nothing where the column states nothing."""
    language: str | None = None
    type: str = "string"
    link: bool = False
    list: bool = False
    references: str | None = None


@dataclass(frozen=True)
class TableHeader:
    """The header of a query that gives a table."""

    id: str
    title: HeaderText
    description: HeaderText
    columns: dict[str, TableColumnHeader]


@dataclass(frozen=True)
class _StatementTableHeader(TableHeader):
    """The header of a query that gives a table of statements."""

    subject: str
    """The column with what a row is about."""
    key: list[str]
    """The columns that tell rows from each other."""
    subject_class: str | None = None
    """The class of what rows are about, with a prefix."""


@dataclass(frozen=True)
class ExportColumn:
    """One column of a table."""

    name: str
    titles: Texts
    property: str | None = None
    """The IRI of the property, or a URI template of it; nothing where the column states nothing."""
    language: str | None = None
    type: str = "string"
    """The datatype, as CSV on the Web calls it."""
    is_link: bool = False
    is_list: bool = False
    referenced_table: str | None = None
    """The table whose first column its values stand in."""


@dataclass(frozen=True)
class ExportTable:
    """A table to publish."""

    id: str
    title: Texts
    description: Texts
    subject_column: str
    """The column with what a row is about."""
    row_class: str | None
    """The IRI of the class of that."""
    primary_key: list[str]
    columns: list[ExportColumn]
    rows: list[dict[str, _CellValue]]


def build_export_tables(store: Store, project: Project, internal: bool = True) -> list[ExportTable]:
    """Return all tables that have rows.

    Args:
        store: asserted and inferred data of a profile.
        project: has the queries.
        internal: whether to keep the columns that are marked as for internal use.
    """
    queries = project.list_query_files("publication/tables")
    found = [_query_table(store, project.reader.read_text(path), path) for path in queries] + _build_cube_tables(store, project)
    hidden = set[str]()
    if not internal:
        marked = store.quads_for_pattern(None, NamedNode(f"{NAMESPACE}forInternalUse"), None)
        hidden = {quad.subject.value for quad in marked if isinstance(quad.subject, NamedNode)}
    shown = [replace(table, columns=[column for column in table.columns if column.property not in hidden]) for table in found if table.rows]
    return [table for table in shown if {*table.primary_key} <= {column.name for column in table.columns}]


def expand_property(name: str | None) -> str | None:
    """Return the IRI of a prefixed name; a URI template as it is."""
    return expand_name(name) if name and not name.startswith("{") else name


def _query_table(store: Store, query: str, path: Path) -> ExportTable:
    """Return the table that a query with a header, which lies in a file, gives."""
    header = parse_header(query, path, QUERY_MARK, _StatementTableHeader)
    columns = [
        ExportColumn(
            name,
            {"nb": column.nb, "en": column.en},
            expand_property(column.property),
            column.language,
            column.type,
            column.link,
            column.list,
            column.references,
        )
        for name, column in header.columns.items()
    ]
    rows: list[dict[str, _CellValue]] = []
    for answer in run_query(store, query).rows:
        row: dict[str, _CellValue] = {column.name: _get_cell_value(answer[column.name]) for column in columns}
        for column in columns:
            if column.is_list:
                row[column.name] = sorted(filter(None, str(row[column.name] or "").split(LIST_SEPARATOR)))
        rows.append(row)
    rows.sort(key=lambda row: [str(row[name] or "") for name in header.key])
    return ExportTable(
        header.id,
        header.title.to_texts(),
        header.description.to_texts(),
        header.subject,
        expand_property(header.subject_class),
        header.key,
        columns,
        rows,
    )


def _get_cell_value(term: Term | None) -> str | None:
    """Return a term as a cell has it."""
    return term.value if isinstance(term, NamedNode | Literal) else None


def _build_cube_tables(store: Store, project: Project) -> list[ExportTable]:
    """Return a table for each cube of figures: its dimensions, measures and attributes, and what is noted of each figure."""
    told: dict[str, dict[str, dict[str, list[tuple[Term, Texts]]]]] = {}
    for row in run_query(store, project.read_query("publication/observations")).rows:
        names = {language: _get_cell_value(row[language]) or "" for language in LANGUAGES}
        cube, observation, property = (str(_get_cell_value(row[name])) for name in ("cube", "observation", "property"))
        values, value = told.setdefault(cube, {}).setdefault(observation, {}).setdefault(property, []), row["value"]
        assert value is not None
        if not any(value == other for other, _ in values):
            values.append((value, names))
    properties: dict[str, list[tuple[str, Texts]]] = {}
    about: dict[str, tuple[Texts, Texts]] = {}
    for row in run_query(store, project.read_query("publication/cubes")).rows:
        cube, property = str(_get_cell_value(row["cube"])), str(_get_cell_value(row["property"]))
        titles = {
            language: _get_cell_value(row[language]) or format_message(_DIMENSION_KEYS[_get_local_name(property)], language)
            for language in LANGUAGES
        }
        properties.setdefault(cube, []).append((property, titles))
        about[cube] = (
            {language: _get_cell_value(row[f"cube_{language}"]) or "" for language in LANGUAGES},
            {language: _get_cell_value(row[f"description_{language}"]) or "" for language in LANGUAGES},
        )
    return [_build_cube_table(cube, *about[cube], properties[cube], told[cube], project.bases) for cube in sorted(told)]


def _get_local_name(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def _build_column_titles(name: str, language: str | None = None) -> Texts:
    """Return the heading of a column that all cubes have, with the language of its texts."""
    key = _TEXT_COLUMN_KEYS[name, language] if language else _COLUMN_KEYS[name]
    return {shown: format_message(key, shown) for shown in LANGUAGES}


def _build_cube_table(
    cube: str,
    title: Texts,
    description: Texts,
    properties: list[tuple[str, Texts]],
    told: Mapping[str, Mapping[str, list[tuple[Term, Texts]]]],
    bases: Bases,
) -> ExportTable:
    """Return the table of one cube.

    Args:
        cube: its IRI.
        title: what it is called.
        description: what it holds.
        properties: of its structure, each with a heading.
        told: by observation and property, the values and the names of each.
        bases: what IRIs of ours begin with.
    """
    columns = [ExportColumn("observation", _build_column_titles("observation"), is_link=True)]
    rows: dict[str, dict[str, _CellValue]] = {observation: {"observation": observation} for observation in told}
    for property, heading in properties:
        name = _get_local_name(property)
        values = {observation: figure.get(property, []) for observation, figure in told.items()}
        terms = [value for found in values.values() for value, _ in found]
        is_link = any(isinstance(term, NamedNode) for term in terms)
        types = {term.datatype.value.removeprefix(XSD) for term in terms if isinstance(term, Literal)}
        columns.append(ExportColumn(name, heading, property, type=types.pop() if len(types) == 1 else "string", is_link=is_link))
        for observation, found in values.items():
            rows[observation][name] = _get_cell_value(found[0][0]) if found else None
        if is_link:
            for language in LANGUAGES:
                headings = {shown: format_message(_LABEL_COLUMN_KEYS[language], shown, name=heading[shown]) for shown in LANGUAGES}
                columns.append(ExportColumn(f"{name}_{language}", headings))
                for observation, found in values.items():
                    rows[observation][f"{name}_{language}"] = found[0][1][language] if found else None
    for name, prefixed in _CUBE_TEXT_PROPERTIES.items():
        property = expand_name(prefixed)
        for language in LANGUAGES:
            columns.append(ExportColumn(f"{name}_{language}", _build_column_titles(name, language), property, language, is_list=True))
            for observation, figure in told.items():
                texts = [term.value for term, _ in figure.get(property, []) if isinstance(term, Literal) and term.language == language]
                rows[observation][f"{name}_{language}"] = texts
    for name, prefixed, referenced_table in (("source", "dcterms:source", "sources"), ("passage", "bk:statedIn", "passages")):
        property = expand_name(prefixed)
        titles = _build_column_titles(name)
        columns.append(ExportColumn(name, titles, property, is_link=True, is_list=True, referenced_table=referenced_table))
        for observation, figure in told.items():
            rows[observation][name] = sorted(str(_get_cell_value(term)) for term, _ in figure.get(property, []))
    id = get_resource_path(cube, bases).replace("/", "-")
    return ExportTable(id, title, description, "observation", f"{PREFIXES['qb']}Observation", ["observation"], columns, list(rows.values()))


def serialize_csv_table(table: ExportTable) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8."""
    rows = ([format_csv_cell(row[column.name], column) for column in table.columns] for row in table.rows)
    return serialize_csv([column.name for column in table.columns], rows)


def serialize_csv(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return headings and rows as CSV (RFC 4180) in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()


def mark_as_text(written: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula."""
    return f"'{written}" if written.startswith(FORMULA_PREFIXES) else written


def format_csv_cell(value: _CellValue, column: ExportColumn) -> str:
    """Return what stands in a cell, so that no spreadsheet takes a text for a formula."""
    written = LIST_SEPARATOR.join(value) if isinstance(value, list) else value or ""
    return mark_as_text(written) if column.type == "string" else written


def build_csvw_metadata(tables: list[ExportTable], dataset: str, licence: str) -> dict[str, Any]:
    """Return the metadata of tables of a dataset with a licence that lie beside it, as CSV on the Web has it."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": {"@id": licence},
        "dc:source": {"@id": dataset},
        "tables": [_build_table_metadata(table, {other.id: other.subject_column for other in tables}) for table in tables],
    }


def _build_table_metadata(table: ExportTable, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the metadata of one table. `keys` has the tables that are there, and the column of each that others refer to."""
    columns = [_build_column_metadata(column, table) for column in table.columns]
    if table.row_class:
        columns.append({"name": "class", "virtual": True, "propertyUrl": RDF_TYPE.value, "valueUrl": table.row_class})
    # A foreign key may not be empty: a column that is, in some row, is left without one.
    references = [
        {"columnReference": column.name, "reference": {"resource": f"{other}.csv", "columnReference": keys[other]}}
        for column in table.columns
        if not column.is_list and (other := column.referenced_table) and other in keys and all(row[column.name] for row in table.rows)
    ]
    return {
        "url": f"{table.id}.csv",
        "dc:title": [{"@value": title, "@language": language} for language, title in table.title.items()],
        "dc:description": [{"@value": told, "@language": language} for language, told in table.description.items()],
        "tableSchema": {
            "aboutUrl": f"{{+{table.subject_column}}}",
            "primaryKey": table.primary_key,
            **({"foreignKeys": references} if references else {}),
            "columns": columns,
        },
    }


def _build_column_metadata(column: ExportColumn, table: ExportTable) -> dict[str, Any]:
    """Return the metadata of one column."""
    states = column.property is not None and column.name != table.subject_column and not (column.is_link and column.is_list)
    return {
        "name": column.name,
        "titles": {"und": column.name, **column.titles},
        "datatype": "anyURI" if column.is_link else column.type,
        **({"required": True} if column.name in table.primary_key and len(table.primary_key) == 1 else {}),
        **({"separator": LIST_SEPARATOR} if column.is_list else {}),
        **({"lang": column.language} if column.language else {}),
        **({"propertyUrl": column.property} if states else {"suppressOutput": True}),
        **({"valueUrl": f"{{+{column.name}}}"} if states and column.is_link else {}),
    }
