"""Publish the data as tables: CSV with metadata that says what each column is, and Parquet.

A table is a query in `queries/publication/tables/`, with a YAML header in lines that begin with `#+`; the cubes of figures have a table
each, after their own structure. The metadata is CSV on the Web (https://www.w3.org/TR/tabular-metadata/): by it, csv2rdf gives back
statements of the dump. What it cannot say (a list of links, a name repeated from another thing) is kept out by `suppressOutput`.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. In CSV such a text has an apostrophe put before it; Parquet
has it as it is.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq
import yaml
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.asking.catalogue import XSD, ask_text
from balansekunst.checking.rules import RDF_TYPE, Texts
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES, text
from balansekunst.project import NAMESPACE, Project
from balansekunst.publication.paths import path_of
from balansekunst.publication.rdf import PREFIXES

SEPARATOR = "|"
"""What stands between the parts of a list."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
METADATA = "csv-metadata.json"
ENDINGS = {"csv": "CSV", "parquet": "Parquet"}
"""The endings of the files of a table, and what the formats are called."""
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
ARROW = {"boolean": pa.bool_(), "integer": pa.int64(), "decimal": pa.decimal128(18, 4)}
"""Types in Parquet of those in CSV that are not text."""
CUBE_TEXTS = {"name": "skos:prefLabel", "note": "skos:note", "disagreement": "bk:disagreement"}
"""Columns of every cube, a language each, and their properties."""

Cell = str | list[str] | None


@dataclass(frozen=True)
class Column:
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
    references: str | None = None
    """The table whose first column its values stand in."""


@dataclass(frozen=True)
class Table:
    """A table to publish."""

    id: str
    title: Texts
    description: Texts
    about: str
    """The column with what a row is about."""
    kind: str | None
    """The IRI of the class of that."""
    key: list[str]
    columns: list[Column]
    rows: list[dict[str, Cell]]


def tables(store: Store, project: Project, internal: bool = True) -> list[Table]:
    """Return all tables that have rows.

    Args:
        store: asserted and inferred data of a profile.
        project: has the queries.
        internal: whether to keep the columns that are marked as for internal use.
    """
    queries = sorted((project.root / "queries" / "publication" / "tables").glob("*.rq"))
    found = [asked(store, path.read_text(encoding="utf-8")) for path in queries] + cubes(store, project)
    hidden = set[str]()
    if not internal:
        marked = store.quads_for_pattern(None, NamedNode(f"{NAMESPACE}forInternalUse"), None)
        hidden = {quad.subject.value for quad in marked if isinstance(quad.subject, NamedNode)}
    shown = [replace(table, columns=[column for column in table.columns if column.property not in hidden]) for table in found if table.rows]
    return [table for table in shown if {*table.key} <= {column.name for column in table.columns}]


def whole(name: str | None) -> str | None:
    """Return the IRI of a prefixed name; a URI template as it is."""
    prefix, _, rest = (name or "").partition(":")
    return PREFIXES[prefix] + rest if name and not name.startswith("{") else name


def asked(store: Store, query: str) -> Table:
    """Return the table that a query with a header gives."""
    header: dict[str, Any] = yaml.safe_load("\n".join(line[3:] for line in query.splitlines() if line.startswith("#+ ")))
    columns = [
        Column(
            name,
            {language: about[language] for language in LANGUAGES},
            whole(about.get("property")),
            about.get("language"),
            about.get("type", "string"),
            about.get("link", False),
            about.get("list", False),
            about.get("references"),
        )
        for name, about in header["columns"].items()
    ]
    rows: list[dict[str, Cell]] = []
    for answer in ask_text(store, query).rows:
        row: dict[str, Cell] = {column.name: written(answer[column.name]) for column in columns}
        for column in columns:
            if column.is_list:
                row[column.name] = sorted(filter(None, str(row[column.name] or "").split(SEPARATOR)))
        rows.append(row)
    key = header["key"]
    rows.sort(key=lambda row: [str(row[name] or "") for name in key])
    return Table(header["id"], header["title"], header["description"], header["about"], whole(header.get("class")), key, columns, rows)


def written(term: Term | None) -> str | None:
    """Return a term as a cell has it."""
    return term.value if isinstance(term, NamedNode | Literal) else None


def cubes(store: Store, project: Project) -> list[Table]:
    """Return a table for each cube of figures: its dimensions, measures and attributes, and what is noted of each figure."""
    told: dict[str, dict[str, dict[str, list[tuple[Term, Texts]]]]] = {}
    for row in ask_text(store, project.query("publication/observations")).rows:
        names = {language: written(row[language]) or "" for language in LANGUAGES}
        cube, observation, property = (str(written(row[name])) for name in ("cube", "observation", "property"))
        values, value = told.setdefault(cube, {}).setdefault(observation, {}).setdefault(property, []), row["value"]
        assert value is not None
        if not any(value == other for other, _ in values):
            values.append((value, names))
    properties: dict[str, list[tuple[str, Texts]]] = {}
    about: dict[str, tuple[Texts, Texts]] = {}
    for row in ask_text(store, project.query("publication/cubes")).rows:
        cube, property = str(written(row["cube"])), str(written(row["property"]))
        titles = {language: written(row[language]) or text(f"tables.{local(property)}", language) for language in LANGUAGES}
        properties.setdefault(cube, []).append((property, titles))
        about[cube] = (
            {language: written(row[f"cube_{language}"]) or "" for language in LANGUAGES},
            {language: written(row[f"description_{language}"]) or "" for language in LANGUAGES},
        )
    return [cube_table(cube, *about[cube], properties[cube], told[cube]) for cube in sorted(told)]


def local(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def titled(name: str, language: str | None = None) -> Texts:
    """Return the heading of a column that all cubes have, with the language of its texts."""
    return {shown: text(f"tables.{name}.{language}" if language else f"tables.{name}", shown) for shown in LANGUAGES}


def cube_table(
    cube: str,
    title: Texts,
    description: Texts,
    properties: list[tuple[str, Texts]],
    told: Mapping[str, Mapping[str, list[tuple[Term, Texts]]]],
) -> Table:
    """Return the table of one cube.

    Args:
        cube: its IRI.
        title: what it is called.
        description: what it holds.
        properties: of its structure, each with a heading.
        told: by observation and property, the values and the names of each.
    """
    columns = [Column("observation", titled("observation"), is_link=True)]
    rows: dict[str, dict[str, Cell]] = {observation: {"observation": observation} for observation in told}
    for property, heading in properties:
        name = local(property)
        values = {observation: figure.get(property, []) for observation, figure in told.items()}
        terms = [value for found in values.values() for value, _ in found]
        is_link = any(isinstance(term, NamedNode) for term in terms)
        types = {term.datatype.value.removeprefix(XSD) for term in terms if isinstance(term, Literal)}
        columns.append(Column(name, heading, property, type=types.pop() if len(types) == 1 else "string", is_link=is_link))
        for observation, found in values.items():
            rows[observation][name] = written(found[0][0]) if found else None
        if is_link:
            for language in LANGUAGES:
                headings = {shown: text(f"tables.of.{language}", shown, name=heading[shown]) for shown in LANGUAGES}
                columns.append(Column(f"{name}_{language}", headings))
                for observation, found in values.items():
                    rows[observation][f"{name}_{language}"] = found[0][1][language] if found else None
    for name, prefixed in CUBE_TEXTS.items():
        property = str(whole(prefixed))
        for language in LANGUAGES:
            columns.append(Column(f"{name}_{language}", titled(name, language), property, language, is_list=True))
            for observation, figure in told.items():
                texts = [term.value for term, _ in figure.get(property, []) if isinstance(term, Literal) and term.language == language]
                rows[observation][f"{name}_{language}"] = texts
    for name, is_link in (("source", True), ("locator", False)):
        property = str(whole(f"{'dcterms' if is_link else 'bk'}:{name}"))
        columns.append(Column(name, titled(name), property, is_link=is_link, is_list=True, references="sources" if is_link else None))
        for observation, figure in told.items():
            rows[observation][name] = sorted(str(written(term)) for term, _ in figure.get(property, []))
    id = path_of(cube).replace("/", "-")
    return Table(id, title, description, "observation", f"{PREFIXES['qb']}Observation", ["observation"], columns, list(rows.values()))


def as_csv(table: Table) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    for row in table.rows:
        writer.writerow(cell(row[column.name], column) for column in table.columns)
    return text.getvalue().encode()


def cell(value: Cell, column: Column) -> str:
    """Return what stands in a cell, so that no spreadsheet takes a text for a formula."""
    written = SEPARATOR.join(value) if isinstance(value, list) else value or ""
    return f"'{written}" if column.type == "string" and written.startswith(FORMULA) else written


def as_arrow(table: Table) -> pa.Table:
    """Return a table with its columns typed, lists as lists."""
    # By way of JSON, since Arrow loads pandas to look at Python's lists, which takes longer than all tables together.
    given = pa.schema([(column.name, pa.list_(pa.string()) if column.is_list else pa.string()) for column in table.columns])
    lines = b"".join(orjson.dumps({name: row[name] for name in given.names}, option=orjson.OPT_APPEND_NEWLINE) for row in table.rows)
    whole_text = pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    cells = pyarrow.json.read_json(io.BytesIO(lines), whole_text, pyarrow.json.ParseOptions(explicit_schema=given))
    typed = [
        pa.field(
            column.name,
            given.field(column.name).type if column.is_list else ARROW.get(column.type, pa.string()),
            metadata={f"title_{tag}": title for tag, title in column.titles.items()},
        )
        for column in table.columns
    ]
    return cells.cast(pa.schema(typed))


def metadata(tables: list[Table], dataset: str) -> dict[str, Any]:
    """Return the metadata of tables of a dataset that lie beside it, as CSV on the Web has it."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": {"@id": LICENSE},
        "dc:source": {"@id": dataset},
        "tables": [table_metadata(table, {other.id: other.about for other in tables}) for table in tables],
    }


def table_metadata(table: Table, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the metadata of one table. `keys` has the tables that are there, and the column of each that others refer to."""
    columns = [column_metadata(column, table) for column in table.columns]
    if table.kind:
        columns.append({"name": "class", "virtual": True, "propertyUrl": RDF_TYPE.value, "valueUrl": table.kind})
    # A foreign key may not be empty: a column that is, in some row, is left without one.
    references = [
        {"columnReference": column.name, "reference": {"resource": f"{other}.csv", "columnReference": keys[other]}}
        for column in table.columns
        if not column.is_list and (other := column.references) and other in keys and all(row[column.name] for row in table.rows)
    ]
    return {
        "url": f"{table.id}.csv",
        "dc:title": [{"@value": title, "@language": language} for language, title in table.title.items()],
        "dc:description": [{"@value": told, "@language": language} for language, told in table.description.items()],
        "tableSchema": {
            "aboutUrl": f"{{+{table.about}}}",
            "primaryKey": table.key,
            **({"foreignKeys": references} if references else {}),
            "columns": columns,
        },
    }


def column_metadata(column: Column, table: Table) -> dict[str, Any]:
    """Return the metadata of one column."""
    states = column.property is not None and column.name != table.about and not (column.is_link and column.is_list)
    return {
        "name": column.name,
        "titles": {"und": column.name, **column.titles},
        "datatype": "anyURI" if column.is_link else column.type,
        **({"required": True} if column.name in table.key and len(table.key) == 1 else {}),
        **({"separator": SEPARATOR} if column.is_list else {}),
        **({"lang": column.language} if column.language else {}),
        **({"propertyUrl": column.property} if states else {"suppressOutput": True}),
        **({"valueUrl": f"{{+{column.name}}}"} if states and column.is_link else {}),
    }


def write_tables(folder: Path, tables: list[Table], dataset: str) -> None:
    """Write each table of a dataset, given by its IRI, as CSV and Parquet, and the metadata of all."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables:
        (folder / f"{table.id}.csv").write_bytes(as_csv(table))
        pq.write_table(as_arrow(table), folder / f"{table.id}.parquet", compression="zstd")
    (folder / METADATA).write_text(
        json.dumps(metadata(tables, dataset), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
