"""A local standard keeps what it does not change, and the comparison shows what is its own."""

import json
from pathlib import Path

import openpyxl
import pytest

from balansekunst.project import Project
from balansekunst.versions.diff import compare_graphs
from balansekunst.versions.standard_diff import align_standards
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import StandardContext, format_standard_file, import_workbook, prepare_local_standard
from helpers.commands import run
from helpers.workbooks import Change, fill_in, place, write_in

BASE, LOCAL = "standard/butikksjef", "standard/handelshuset-nord-butikksjef"
OWN: list[Change] = [
    ("placed", "Veiledning", "position", "Mennesker"),
    ("placed", "Opplæring", "note-nb", "Gjelder også lærlinger."),
    ("outcomes", "Veiledning", "statement-nb", "Kan veilede nye medarbeidere mens begge arbeider."),
    ("outcomes", "Veiledning", "statement-en", "Can guide new staff while both are working."),
]


def changes(project: Project) -> set[tuple[str, str]]:
    diff = compare_graphs(*align_standards(project, BASE, LOCAL), project)
    standard = "https://w3id.org/balansekunst/standard/butikksjef"
    return {
        (c.kind, getattr(c.resource, "value", "").removeprefix(f"{standard}/"))
        for c in diff.changes
        if getattr(c.resource, "value", "") != standard
    }


@pytest.mark.slow
def test_a_new_local_standard_says_what_the_one_it_builds_on_says(house: Project) -> None:
    setting, own = prepare_local_standard(StandardContext(house, "butikksjef"), house, "Handelshuset Nord", 2026)
    setting.file.write_text(format_standard_file(setting, own), encoding="utf-8")
    assert changes(house) == set()
    checked = run("validate", str(setting.file), "--format", "json", cwd=house.root)
    report = json.loads(checked.stdout)
    assert checked.returncode == 0 and {f["rule"] for f in report["findings"]} == {"P2", "K4"}, "only its own interviews are lacking"
    text = setting.file.read_text(encoding="utf-8")
    assert "<standard/handelshuset-nord-butikksjef/veiledning> a bk:KeyCompetence" in text, "a key competence belongs to one standard"
    assert "prov:wasDerivedFrom <standard/butikksjef/veiledning>" in text
    assert "<standard/butikksjef/veiledning/outcome/1> a" not in text, "the outcomes are shared"


@pytest.mark.slow
def test_what_is_changed_in_the_workbook_is_shown_as_ones_own(house: Project, tmp_path: Path) -> None:
    book = tmp_path / "local.xlsx"
    done = run("new", "standard", "--based-on", "butikksjef", "--for", "Handelshuset Nord", "--xlsx", "--out", str(book), cwd=house.root)
    assert done.returncode == 0, done.stderr
    write_in(book, OWN)
    drop(book, "Tidsstyring")
    fill_in(book, {"placed": [{"competence": "Egenutvikling", "position": "Fleksibilitet"}], "keys": [{"key": "Egenutvikling"}]})
    imported = import_workbook(book, house)
    assert imported.report.conforms, imported.report.format_text(load_layout(), "nb")
    assert any(one.remark and one.remark.key == "workbook.variant" for one in imported.report.findings)
    imported.file.write_text(imported.turtle, encoding="utf-8")
    assert changes(house) == {
        ("moved", "veiledning"),
        ("reworded", "opplaering"),
        ("reworded", "veiledning/outcome/1"),
        ("other", "veiledning/outcome/1"),  # alone in its list now, it needs no number
        ("removed", "tidsstyring"),
        ("added", "https://w3id.org/balansekunst/standard/handelshuset-nord-butikksjef/egenutvikling"),
    }
    told = run("diff", BASE, LOCAL, cwd=house.root)
    assert told.returncode == 1
    assert "«Veiledning» (standard/butikksjef/veiledning) er flyttet fra «Tilstedeværelse» til «Mennesker»" in told.stdout
    assert "Lagt til: «Egenutvikling»" in told.stdout and "Fjernet: «Tidsstyring»" in told.stdout
    assert "[-" in told.stdout and "lærlinger." in told.stdout


def drop(path: Path, name: str) -> None:
    """Take a competence out of a workbook: its rows, and its outcomes' ties to it."""
    book = openpyxl.load_workbook(path)
    for sheet in ("placed", "keys"):
        page = book[load_layout().find_sheet(sheet).format_title("nb")]
        page.delete_rows(next(cell.row for cell in page["A"] if cell.value == name))
    page = book[load_layout().find_sheet("outcomes").format_title("nb")]
    for row in range(2, page.max_row + 1):
        cell = page[place(page, "outcomes", "editorial-key", row, "nb")]
        if cell.value == name:
            cell.value = None
    book.save(path)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_standards_that_are_not_there_are_told_of_at_once(language: str, project: Project) -> None:
    done = run("diff", "standard/x", "standard/y", "--lang", language, cwd=project.root)
    assert done.returncode == 2 and "standard/x" in done.stderr and "standard/y" in done.stderr


@pytest.mark.slow
def test_a_local_standard_that_is_there_is_not_overwritten(house: Project) -> None:
    arguments = ("new", "standard", "--based-on", "meny-leder", "--for", "Æra Østfold & Å")
    assert run(*arguments, cwd=house.root).returncode == 0
    file = house.root / "data" / "standards" / "aera-ostfold-a-meny-leder.ttl"
    before = file.read_bytes()
    again = run(*arguments, "--lang", "en", cwd=house.root)
    assert again.returncode == 2 and "--replace" in again.stderr and file.read_bytes() == before
    assert run(*arguments, "--replace", cwd=house.root).returncode == 0 and file.read_bytes() == before
