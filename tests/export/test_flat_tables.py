"""The tables for analysis, the codebook and the zip: names in place of addresses, the same counts as the questions, nothing left out."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import NamedNode, Store

from balansekunst.export.archive import get_archive_name, write_archive
from balansekunst.export.flat_tables import FlatTable, build_flat_tables
from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.sparql.catalogue import find_question, run_question, to_plain_text

CATEGORIES = {"knowledge": "Kunnskap", "skill": "Ferdighet", "general": "GenerellKompetanse"}


@pytest.fixture(scope="module")
def flat(project: Project, inferred: Store) -> dict[str, FlatTable]:
    return {table.id: table for table in build_flat_tables(inferred, project)}


def read_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_outcomes_of_a_standard_are_counted_as_the_question_does(project: Project, inferred: Store, flat: dict[str, FlatTable]) -> None:
    """Whether they hang on a key competence or on the standard itself."""
    counted: dict[tuple[str, str], set[str]] = {}
    for row in flat["outcomes"].answer.rows:
        for name, category in CATEGORIES.items():
            if to_plain_text(row[name]) == "true":
                counted.setdefault((to_plain_text(row["standard_nb"]), category), set()).add(to_plain_text(row["outcome_address"]))
    answer = run_question(inferred, find_question(project, "outcomes-by-descriptor"))
    expected = {
        (to_plain_text(row["standard_nb"]), to_plain_text(row["descriptor"]).rpartition("#")[2]): int(to_plain_text(row["count"]))
        for row in answer.rows
    }
    assert {key: len(found) for key, found in counted.items()} == expected


def test_both_languages_have_the_same_rows_with_names_and_no_addresses(flat: dict[str, FlatTable]) -> None:
    for table in flat.values():
        norwegian, english = table.list_rows("nb"), table.list_rows("en")
        assert len(norwegian) == len(english) > 100
        for heading, *cells in zip(table.list_headings("en"), *english, strict=True):
            has_addresses = any(str(cell).startswith("https://w3id.org/") for cell in cells)
            assert has_addresses == ("address" in heading.lower()), heading
        assert len(set(table.list_headings("nb"))) == len(table.columns), "no heading twice"


def test_connections_are_the_required_competences_and_their_neighbours(inferred: Store, flat: dict[str, FlatTable]) -> None:
    rows = [dict(zip(flat["connections"].list_headings("en"), row, strict=True)) for row in flat["connections"].list_rows("en")]
    required = [row for row in rows if row["Relation"] == "requires"]
    assert {(row["Source kind"], row["Target kind"]) for row in required} == {("Role", "Competence")}
    assert len(required) == sum(1 for _ in inferred.quads_for_pattern(None, NamedNode(f"{NAMESPACE}requiresCompetence"), None))
    related = {(row["Source address"], row["Target address"]) for row in rows if row["Relation"] == "is related to"}
    assert related and not related & {(target, source) for source, target in related}


def test_figures_are_those_of_the_cubes(site: Path, flat: dict[str, FlatTable]) -> None:
    cubes = [row for path in (site / "data" / "tables").glob("statistics-*.csv") for row in read_rows(path)]
    assert len(flat["figures"].answer.rows) == len(cubes)


def test_files_say_what_the_tables_say(site: Path, flat: dict[str, FlatTable]) -> None:
    for language in ("nb", "en"):
        book = load_workbook(site / "data" / "analysis" / f"balansekunst.{language}.xlsx", read_only=True)
        for table in flat.values():
            rows = read_rows(site / "data" / "analysis" / f"{table.id}.{language}.csv")
            assert list(rows[0]) == table.list_headings(language) and len(rows) == len(table.answer.rows)
            sheet = book[table.title[language][:31]]
            assert sheet.max_row == len(rows) + 1


@pytest.mark.parametrize("language", ["nb", "en"])
def test_codebook_has_every_column_of_every_table(site: Path, language: str) -> None:
    told = {(row[0], row[1]) for row in csv.reader((site / "data" / f"codebook.{language}.csv").read_text(encoding="utf-8").splitlines())}
    page = (site / ("en/codebook.html" if language == "en" else "codebook.html")).read_text(encoding="utf-8")
    files = [*(site / "data" / "analysis").glob(f"*.{language}.csv"), *(site / "data" / "tables").glob("*.csv")]
    assert len(files) > 30
    for path in files:
        name = path.relative_to(site / "data").as_posix()
        assert {(name, column) for column in read_rows(path)[0]} <= told, name
        assert f"data/{name}" in page, name


def test_the_zip_has_what_is_published_and_is_the_same_each_time(site: Path, project: Project, tmp_path: Path) -> None:
    data = site / "data"
    name = get_archive_name(project)
    (tmp_path / "data").symlink_to(data)
    with zipfile.ZipFile(data / name) as archive:
        files = {entry.partition("/")[2]: archive.read(entry) for entry in archive.namelist()}
    for path in ("balansekunst.ttl", "analysis/outcomes.nb.csv", "tables/outcomes.csv", "codebook.en.csv", "shapes.ttl"):
        assert files[path] == (data / path).read_bytes(), path
    assert {"README.md", "LICENSE-DATA", "CITATION.cff"} <= set(files)
    copy = tmp_path / "copy"
    copy.mkdir()
    for path, content in files.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(content)
    assert write_archive(copy, project).read_bytes() == (data / name).read_bytes()
