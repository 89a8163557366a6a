"""Each fault in a workbook is told of in its cell, in the words of the rule that it breaks."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import Literal

from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import ImportResult, import_workbook, prepare_new_standard
from balansekunst.workbook.write_xlsx import build_xlsx
from helpers.workbooks import CONTENT, Change, fill_in, place, write_in

Told = tuple[str, str, str, str]
"""Severity, sheet, cell, and the rule or message."""


@pytest.fixture(scope="module", params=["nb", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(project: Project, language: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, filled, names = prepare_new_standard("verneombud", project, language)
    path = tmp_path_factory.mktemp("books") / f"{language}.xlsx"
    path.write_bytes(build_xlsx(filled, names, load_layout(), language))
    fill_in(path, CONTENT, language)
    return path


def told(imported: ImportResult) -> set[Told]:
    """The findings: severity, sheet, cell, and the rule or message."""
    found = set()
    for one in imported.report.findings:
        what = one.finding.rule.id if one.finding else one.remark.key.removeprefix("workbook.") if one.remark else ""
        found.add((one.severity, one.cell.sheet, one.cell.reference, what))
    return found


PROPOSED = ("info", "placed", "A7", "proposed")


@pytest.mark.slow
def test_a_workbook_without_faults_has_one_proposal(project: Project, book: Path) -> None:
    imported = import_workbook(book, project)
    assert told(imported) == {PROPOSED} and imported.report.conforms
    assert imported.file == project.root / "data" / "standards" / "verneombud.ttl" and not imported.file.exists()


FAULTS: dict[str, tuple[list[Change], set[Told]]] = {
    "no dimension": ([("placed", "Observasjon", "position", "")], {("violation", "placed", "D10", "M2")}),
    "no such position": ([("placed", "Forbedringsarbeid", "position", "Over alt")], {("violation", "placed", "D8", "unknown")}),
    "wrong descriptor": ([("outcomes", "Relasjonsbygging", "descriptor", "Mot")], {("violation", "outcomes", "H4", "unknown")}),
    "no descriptor": ([("outcomes", "Involvering", "descriptor", "")], {("violation", "outcomes", "H2", "N2")}),
    "a proxy as a name": ([("placed", "Kommunikasjon", "name-nb", "Fagbrev")], {("violation", "placed", "B3", "K2")}),
    "education as an item": ([("items", "Involvering", "item-nb", "Fagbrev")], {("warning", "items", "C2", "K6")}),
    "text for a year": ([("role", "", "issued", "i fjor")], {("violation", "role", "B35", "no-year")}),
    "text for a number": ([("role", "", "interviews", "mange")], {("violation", "role", "B27", "no-integer")}),
    "text for a month": ([("role", "", "placed-on", "våren")], {("violation", "role", "B30", "no-month")}),
    "no rationale": (
        [("keys", "Lov og regelverk", "rationale-nb", ""), ("keys", "Lov og regelverk", "rationale-en", "")],
        {("violation", "keys", "B6", "K4")},
    ),
    "one language": ([("outcomes", "Rollebevissthet", "statement-en", "")], {("violation", "outcomes", "F9", "L8")}),
    "too long": ([("outcomes", "Informasjonsinnhenting", "statement-nb", "Kan " + "se " * 70)], {("warning", "outcomes", "E5", "K10")}),
    "the same in both": (
        [("keys", "Risikovurdering", "rationale-nb", "Det samme"), ("keys", "Risikovurdering", "rationale-en", "Det samme")],
        {("violation", "placed", "A7", "L7")},
    ),
    "neither what nor why": (
        [("items", "Forbedringsarbeid", "kind", "Når")],
        {("violation", "items", "B14", "no-item-kind"), ("violation", "items", "A22", "K4")},
    ),
    "no such source": (
        [("placed", "Informasjonsinnhenting", "source", "Boka")],
        {("violation", "placed", "P5", "unknown-source"), ("violation", "placed", "Q5", "L2")},
    ),
}
OTHERS: dict[str, tuple[list[Change], set[Told]]] = {
    "a person": (
        [("keys", "Involvering", "rationale-nb", "Kari Nordmann sa det. Ring henne på 90 12 34 56.")],
        {("violation", "keys", "B2", "I8"), ("warning", "keys", "B2", "I8")},
    ),
    "placed before the interviews": ([("role", "", "placed-on", "2025-01")], {("violation", "role", "B30", "P6")}),
    "not placed": (
        [("keys", "Observasjon", "key", "Å se")],
        {("violation", "keys", "A10", "not-placed"), ("warning", "keys", "A12", "K1")},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("faults", [FAULTS, OTHERS], ids=["many", "few"])
def test_each_fault_is_told_of_in_its_cell_and_all_at_once(
    project: Project, book: Path, language: str, tmp_path: Path, faults: dict[str, tuple[list[Change], set[Told]]]
) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(book, path)
    write_in(path, [change for changes, _ in faults.values() for change in changes], language)
    imported = import_workbook(path, project)
    expected = {one for _, told_of in faults.values() for one in told_of}
    assert {one for one in told(imported) if one[0] != "info"} == expected
    lines = imported.report.format_text(load_layout(), language).splitlines()
    for severity, sheet, cell, what in expected:
        place = format_message("workbook.where", language, sheet="", cell=cell).removeprefix(", ")
        where = f"{load_layout().find_sheet(sheet).format_title(language)}, {place}"
        rule = f" {what}" if what[0].isupper() else ""
        assert any(line.startswith(f"{where}: {format_message(f'report.{severity}', language)}{rule}: ") for line in lines), (where, rule)
    assert not imported.report.conforms and not imported.file.exists()


@pytest.mark.slow
def test_too_few_key_competences_are_told_of_where_more_can_be_written(project: Project, book: Path, language: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    opened = openpyxl.load_workbook(book)
    page = opened[load_layout().find_sheet("keys").format_title(language)]
    assert page["A11"].value == "Prioriteringer"
    for cell in page[11]:
        cell.value = None
    for sheet in ("items", "outcomes"):
        page = opened[load_layout().find_sheet(sheet).format_title(language)]
        for row in page.iter_rows(min_row=2):
            if row[0].value == "Prioriteringer":
                for cell in row:
                    cell.value = None
    opened.save(path)
    imported = import_workbook(path, project)
    assert ("warning", "keys", "A11", "K1") in told(imported) and imported.report.conforms


@pytest.mark.slow
def test_an_unknown_competence_is_proposed_with_the_nearest(project: Project, book: Path, language: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(book, path)
    write_in(path, [("placed", "Risikovurdering", "competence", "Observasjoner")], language)
    write_in(path, [(sheet, "Risikovurdering", "key", "Observasjoner") for sheet in ("keys", "outcomes", "items")], language)
    write_in(path, [("items", "Risikovurdering", "key", "Observasjoner")], language)
    imported = import_workbook(path, project)
    near = {"nb": "«Observasjon»", "en": "«Observation»"}[language]
    assert PROPOSED in told(imported) and near in imported.report.format_text(load_layout(), language)
    assert "<competence/observasjoner> a bk:Competence ;" in imported.turtle


@pytest.mark.slow
def test_a_day_that_the_spreadsheet_made_is_read_as_a_month(project: Project, book: Path, language: str, tmp_path: Path) -> None:
    import datetime

    path = tmp_path / "book.xlsx"
    opened = openpyxl.load_workbook(book)
    page = opened[load_layout().find_sheet("role").format_title(language)]
    page[place(page, "role", "interviewed-from", 0, language)] = datetime.datetime(2026, 1, 1)
    page[place(page, "role", "issued", 0, language)] = 2026.0
    opened.save(path)
    imported = import_workbook(path, project)
    assert imported.report.conforms
    assert 'bk:interviewedFrom "2026-01"^^xsd:gYearMonth' in imported.turtle and 'dcterms:issued "2026"^^xsd:gYear' in imported.turtle


@pytest.mark.slow
def test_what_another_file_describes_is_not_changed(project: Project, book: Path, language: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    opened = openpyxl.load_workbook(book)
    opened[load_layout().find_sheet("duties").format_title(language)]["A2"] = "Urelatert"
    page = opened[load_layout().find_sheet("role").format_title(language)]
    page[place(page, "role", "role-definition-nb", 0, language)] = "Urelatert"
    opened.save(path)
    imported = import_workbook(path, project)
    assert {one for one in told(imported) if one[0] == "warning"} == {
        ("warning", "duties", "A2", "described-elsewhere"),
        ("warning", "role", "B6", "described-elsewhere"),
    }
    assert "Urelatert" not in imported.turtle


def test_only_names_that_are_near_are_suggested(project: Project) -> None:
    _, _, names = prepare_new_standard("verneombud", project, "nb")
    others = ("Risikovurdering", "Truck", "Dokumentasjon", "Fagbrev i renholdsoperatørfaget", "Excel", "Kassarutiner", "Sende faktura")
    for written in others:
        assert names.find_nearest(written, "competence", "nb") == [], written
    for written, meant in (("Kundeservise", "Kundeservice"), ("Veileding", "Veiledning"), ("økonomi styring", "Økonomistyring")):
        assert names.find_nearest(written, "competence", "nb")[0] == meant


def test_advice_is_not_given_against_names_of_the_methods_own_list(project: Project, book: Path, language: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    shutil.copy(book, path)
    named = {"Kommunikasjon": "Lojalitet", "Involvering": "Punktlighet", "Observasjon": "Sende faktura"}
    write_in(path, [("placed", competence, "name-nb", name) for competence, name in named.items()], language)
    findings = [one.finding for one in import_workbook(path, project).report.findings if one.finding]
    advised = {finding.value.value for finding in findings if finding.rule.id == "K2b" and isinstance(finding.value, Literal)}
    assert advised == {"Punktlighet", "Sende faktura"}
