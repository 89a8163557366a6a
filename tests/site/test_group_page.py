"""The page for the gap of a group: the template is filled in and dropped back in, and the page says what the command says."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from balansekunst.commands.gap import find_gap
from balansekunst.dataset import Dataset
from balansekunst.messages import load_messages
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.sparql.catalogue import to_plain_text
from helpers.browser import Visit, violations
from helpers.workbooks import build_ods

ROWS = [
    ("ansatt-1", "Veiledning", "samtale"),
    ("ansatt-1", "Kundeservice", "samtale"),
    ("Ansatt 2", "Opplæring", "kurs"),
    ("ansatt-2", "Økonomiforståelse", ""),
    ("ansatt-3", "Læringsvilje", ""),
]


def said(key: str, **values: object) -> str:
    return load_messages("nb")[f"scripts.group.{key}"].format(**values)


def shown(page: Page) -> dict[str, tuple[int, ...]]:
    """How many have each competence, something near, or neither, by its address."""
    items = page.locator(".coverage > li")
    expect(items.first).to_be_visible()
    found = {}
    for item in items.all():
        told = item.locator("p.small").first.inner_text()
        found[item.get_attribute("data-iri") or ""] = tuple(map(int, re.findall(r"\d+", told)))
    return found


@pytest.fixture(scope="module")
def dataset(project: Project) -> Dataset:
    return Dataset(project)


def test_the_template_comes_back_and_gives_what_the_command_gives(visit: Visit, site: Path, dataset: Dataset, tmp_path: Path) -> None:
    page = visit(f"{site.as_uri()}/group-gap.html")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said("template")).click()
    book = tmp_path / "gruppe.xlsx"
    waiting.value.save_as(book)
    opened = openpyxl.load_workbook(book)
    sheet = opened["Gruppa"]
    assert [choice.sqref for choice in sheet.data_validations.dataValidation if choice.type == "list"]
    for row in ROWS:
        sheet.append(row)
    opened.save(book)
    assert violations(page) == []
    page.get_by_label(said("role")).select_option("butikksjef")
    page.set_input_files("#file", book)
    found = shown(page)
    gap = find_gap(dataset, "butikksjef", str(book))
    assert gap.people == 3
    expect(page.locator("#results h2")).to_have_text(said("title", role="Butikksjef", number=3))
    expected = {
        str(part.row["competence"]).strip("<>"): tuple(part.counts[kind] for kind in ("covered", "near", "missing"))
        for part in gap.coverage
    }
    assert found == expected and any(counts[0] for counts in found.values())
    expect(page.locator("#results .note")).to_have_text(said("limits"))
    # What is missing has outcomes, where the documents have them, and the measures that are for just that.
    training = page.locator(f".coverage > li[data-iri='{BASE}competence/veiledning']")
    training.locator("summary").click()
    outcomes = next(part for part in gap.coverage if str(part.row["competence"]).endswith("/veiledning>")).outcomes
    shown_outcomes = training.locator("details li").all_inner_texts()
    assert sorted(shown_outcomes) == sorted(to_plain_text(row["outcome_nb"]) for row in outcomes) != []
    assert violations(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said("workbook")).click()
    waiting.value.save_as(tmp_path / "gap.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "gap.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(found)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said("document")).click()
    assert waiting.value.suggested_filename.endswith(".docx")
    with zipfile.ZipFile(waiting.value.path()) as document:
        assert said("title", role="Butikksjef", number=3) in document.read("word/document.xml").decode()
    # The same from LibreOffice, and from Excel in Norwegian.
    page.set_input_files("#file", {"name": "gruppe.ods", "mimeType": "", "buffer": build_ods(book.read_bytes())})
    expect(page.get_by_role("status")).to_have_text("")
    assert shown(page) == found
    table = "\r\n".join(";".join(row) for row in [("Pseudonym", "Kompetanse", "Kjent fra"), *ROWS])
    page.set_input_files("#file", {"name": "gruppe.csv", "mimeType": "text/csv", "buffer": table.encode("cp1252")})
    assert shown(page) == found


def test_what_is_wrong_is_told_by_row_and_nobody_is_named(visit: Visit, site: Path) -> None:
    page = visit(f"{site.as_uri()}/group-gap.html")
    page.get_by_label(said("role")).select_option("butikksjef")
    fault = page.locator(".fault")

    def take(rows: str) -> None:
        page.set_input_files(
            "#file", {"name": "x.csv", "mimeType": "text/csv", "buffer": f"Pseudonym;Kompetanse;Kjent fra\n{rows}".encode()}
        )

    take("Kari Nordmann;Veiledning;\nansatt-1;Excel;\n;Veiledning;\n")
    expect(fault.locator("p")).to_have_count(3)
    assert "Nordmann" not in fault.inner_text() and "Excel" in fault.inner_text()
    take("ansatt-1;Veiledning;samtale med Kari Nordmann\n")
    expect(fault).to_have_text(said("private", row=2))
    take("ansatt-1;Veiledning;samtale\n")
    expect(fault).to_be_empty()
    expect(page.locator(".coverage > li").first).to_be_visible()
