"""The tables: their metadata is right by a validator, they say what the dump says, and CSV and Parquet are the same."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from csvw import CSVW
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from balansekunst.dataset import Dataset
from balansekunst.export.csvw import (
    CSVW_METADATA_FILE,
    FORMULA_PREFIXES,
    LIST_SEPARATOR,
    ExportColumn,
    ExportTable,
    build_export_tables,
    format_csv_cell,
    serialize_csv_table,
)
from balansekunst.export.flat_tables import build_flat_tables
from balansekunst.export.parquet import convert_to_arrow
from balansekunst.export.paths import EXTERNAL_PROFILE
from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.site.pages import MAX_MATRIX_ROLES
from benchmarks.generate import generate

FOLDERS = ["data/tables", f"{EXTERNAL_PROFILE}/data/tables"]
XSD = "http://www.w3.org/2001/XMLSchema#"
HOSTILE = ['=HYPERLINK("https://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def metadata(folder: Path) -> dict[str, dict[str, Any]]:
    document = json.loads((folder / CSVW_METADATA_FILE).read_text(encoding="utf-8"))
    return {table["url"].removesuffix(".csv"): table for table in document["tables"]}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def columns(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [column for column in table["tableSchema"]["columns"] if not column.get("virtual")]


def filled(template: str, row: dict[str, str]) -> str:
    """A URI template (RFC 6570) of the one form that is used here."""
    return re.sub(r"\{\+(\w+)\}", lambda found: row[found[1]], template)


def csv2rdf(folder: Path, table: dict[str, Any]) -> set[Triple]:
    """What csv2rdf makes of a table in minimal mode (https://www.w3.org/TR/csv2rdf/), for what the metadata here uses of it."""
    found = set()
    schema = table["tableSchema"]
    for row in rows(folder / table["url"]):
        subject = NamedNode(filled(schema["aboutUrl"], row))
        for column in schema["columns"]:
            if column.get("suppressOutput") or not (column.get("virtual") or row[column["name"]]):
                continue
            predicate = NamedNode(filled(column["propertyUrl"], row))
            if "valueUrl" in column:
                found.add(Triple(subject, predicate, NamedNode(filled(column["valueUrl"], row))))
                continue
            value = row[column["name"]]
            for part in value.split(column["separator"]) if "separator" in column else [value]:
                if "lang" in column:
                    found.add(Triple(subject, predicate, Literal(part, language=column["lang"])))
                else:
                    found.add(Triple(subject, predicate, Literal(part, datatype=NamedNode(XSD + column["datatype"]))))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_validator_finds_no_fault(site: Path, folder: str) -> None:
    # It looks at datatypes, required cells, primary keys and foreign keys.
    document = CSVW(str(site / folder / CSVW_METADATA_FILE), validate=True)
    assert document.is_valid and not document.warnings


@pytest.mark.parametrize("folder", FOLDERS)
def test_csv2rdf_gives_statements_of_the_dump(site: Path, folder: str) -> None:
    top = site / folder
    dump = {Triple(q.subject, q.predicate, q.object) for q in parse(path=str(top.parent / "balansekunst.nt"), format=RdfFormat.N_TRIPLES)}
    for name, table in metadata(top).items():
        found = csv2rdf(top, table)
        assert found, name
        assert found <= dump, name
    required = NamedNode(f"{NAMESPACE}requiresCompetence")
    assert {t for t in dump if t.predicate == required} == csv2rdf(top, metadata(top)["required-competences"])
    statement = NamedNode(f"{NAMESPACE}statement")
    assert {t for t in dump if t.predicate == statement} <= csv2rdf(top, metadata(top)["outcomes"])


def test_there_is_a_table_for_each_thing(site: Path) -> None:
    folder = site / FOLDERS[0]
    tables = metadata(folder)
    asked = {"roles", "standards", "placed-competences", "what-items", "why-items", "outcomes", "outcome-ties", "competences", "sources"}
    asked |= {
        "passages",
        "competence-relations",
        "mappings",
        "required-competences",
        "shared-competences",
        "duties",
        "dimensions",
        "positions",
    }
    assert {name for name in tables if not name.startswith("statistics-")} == asked
    assert len([name for name in tables if name.startswith("statistics-")]) == 14
    assert {path.stem for path in folder.glob("*.csv")} == set(tables) == {path.stem for path in folder.glob("*.parquet")}
    counts = {name: len(rows(folder / f"{name}.csv")) for name in tables}
    assert (counts["roles"], counts["standards"], counts["outcomes"], counts["placed-competences"]) == (37, 8, 124, 170)
    assert sum(count for name, count in counts.items() if name.startswith("statistics-")) == 127


@pytest.mark.parametrize("folder", FOLDERS)
def test_columns_have_titles_in_both_languages_and_keys_are_unique(site: Path, folder: str) -> None:
    for name, table in metadata(site / folder).items():
        found = rows(site / folder / table["url"])
        assert [column["name"] for column in columns(table)] == list(found[0]), name
        for column in columns(table):
            assert column["titles"]["nb"] and column["titles"]["en"], (name, column)
        keys = [tuple(row[part] for part in table["tableSchema"]["primaryKey"]) for row in found]
        assert len(set(keys)) == len(keys), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_refers_to_another_table_is_there(site: Path, folder: str) -> None:
    top = site / folder
    tables = metadata(top)
    assert sum(len(table["tableSchema"].get("foreignKeys", [])) for table in tables.values()) > 10
    positions = {row["position"] for row in rows(top / "positions.csv")}
    assert {row["position"] for row in rows(top / "placed-competences.csv")} - {""} <= positions
    sources = {row["source"] for row in rows(top / "sources.csv")}
    for name in tables:
        if name != "sources":
            cited = {part for row in rows(top / f"{name}.csv") for part in row.get("source", "").split(LIST_SEPARATOR)}
            assert cited - {""} <= sources, name


@pytest.mark.parametrize("folder", FOLDERS)
def test_parquet_holds_the_same(site: Path, folder: str) -> None:
    for name, table in metadata(site / folder).items():
        read = pq.read_table(site / folder / f"{name}.parquet")
        assert read.column_names == [column["name"] for column in columns(table)], name
        for row, there in zip(rows(site / folder / f"{name}.csv"), read.to_pylist(), strict=True):
            for column, value in there.items():
                text = LIST_SEPARATOR.join(value) if isinstance(value, list) else "" if value is None else str(value)
                if pa.types.is_boolean(read.schema.field(column).type):
                    text = text.lower()
                elif pa.types.is_decimal(read.schema.field(column).type) and value is not None:
                    assert value == pa.scalar(row[column]).cast(read.schema.field(column).type).as_py(), (name, column)
                    continue
                assert row[column] == text, (name, column)


def test_a_figure_keeps_its_names_and_its_disagreement(site: Path) -> None:
    row = next(row for row in rows(site / FOLDERS[0] / "statistics-panel.csv") if row["disagreement_nb"])
    assert (
        row["panelQuestion_en"] == "Do they need basic training?" and row["unitMeasure_nb"] == "Prosent" and row["referenceYear"] == "2019"
    )
    assert "summerer seg til 94" in row["disagreement_nb"]


def test_the_external_tables_have_no_internal_column(site: Path) -> None:
    inside, outside = (metadata(site / folder) for folder in FOLDERS)
    assert set(inside) - set(outside) == {"what-items", "why-items"}
    names = [{column["name"] for column in columns(tables["placed-competences"])} for tables in (inside, outside)]
    assert names[0] - names[1] == {"rationale_nb", "rationale_en"}
    assert len(rows(site / FOLDERS[1] / "placed-competences.csv")) == 170 - 74


def test_csv_is_as_rfc_4180_has_it_and_starts_no_formula(site: Path) -> None:
    for folder in FOLDERS:
        for path in sorted((site / folder).glob("*.csv")):
            content = path.read_bytes()
            assert content.endswith(b"\r\n") and not content.startswith(b"\xef\xbb\xbf"), path
            assert not [value for row in rows(path) for value in row.values() if value.startswith(FORMULA_PREFIXES)], path


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_planted_formula_is_text_in_csv_and_whole_in_parquet(hostile: str) -> None:
    titles = {"nb": "x", "en": "x"}
    text, number = ExportColumn("text", titles), ExportColumn("number", titles, type="decimal")
    table = ExportTable("x", titles, titles, "text", None, ["text"], [text, number], [{"text": hostile, "number": "-1.5"}])
    [row] = csv.DictReader(io.StringIO(serialize_csv_table(table).decode(), newline=""))
    assert row == {"text": f"'{hostile}", "number": "-1.5"}
    assert convert_to_arrow(table)["text"].to_pylist() == [hostile]
    assert format_csv_cell([hostile, "a"], text).startswith("'")


def test_no_text_has_the_mark_that_parts_a_list(site: Path, project: Project) -> None:
    for path in [path for path in project.list_sources() if path.is_relative_to(project.root / "data")]:
        assert LIST_SEPARATOR not in "".join(
            q.object.value for q in parse(path=str(path), format=RdfFormat.TURTLE, base_iri=NAMESPACE) if isinstance(q.object, Literal)
        )


@pytest.mark.slow
def test_tables_grow_in_proportion_to_the_roles(tmp_path: Path) -> None:
    """With many roles there is no table of every pair of them, as there are no pages of them."""
    counts = list[dict[str, int]]()
    for roles in (60, 120):
        made, _ = generate(tmp_path / str(roles), roles)
        store = Dataset(made).store
        found = {table.id: len(table.rows) for table in build_export_tables(store, made)}
        counts.append(found | {f"analysis-{table.id}": len(table.answer.rows) for table in build_flat_tables(store, made)})
    assert counts[0].keys() == counts[1].keys() and counts[0]["required-competences"] > 600
    assert {name: (counts[0][name], rows) for name, rows in counts[1].items() if rows > 2.2 * counts[0][name]} == {}


def test_the_limit_of_pairs_is_that_of_their_pages(project: Project) -> None:
    assert f"<= {MAX_MATRIX_ROLES})" in project.read_query("publication/tables/shared-competences")
