"""Files that are not what they claim to be: each gets a sentence, and nothing of it is opened or written."""

import io
from pathlib import Path

import openpyxl
import pytest

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.workbook import open_zip, read_xlsx
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.read_xlsx import read_workbook
from balansekunst.workbook.standards import prepare_new_standard
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx
from helpers.commands import run
from helpers.workbooks import NOT_BOOKS, WORDS, changed, edited


@pytest.fixture(scope="module")
def book(project: Project) -> bytes:
    _, filled, names = prepare_new_standard("verneombud", project, "en")
    return build_xlsx(filled, names, load_layout(), "en")


@pytest.fixture(scope="module")
def separated(project: Project) -> dict[str, bytes]:
    _, filled, _ = prepare_new_standard("verneombud", project, "en")
    return build_csv_files(filled, load_layout(), "en")


def sentences(path: Path) -> list[str]:
    with pytest.raises(UserError) as caught:
        read_workbook(path, load_layout())
    assert caught.value.format_sentences("nb") and caught.value.exit_code == 2
    return caught.value.format_sentences("en")


@pytest.mark.parametrize("kind", NOT_BOOKS)
def test_a_file_that_is_something_else_is_told_of(book: bytes, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(NOT_BOOKS[kind](book))
    [sentence] = sentences(path)
    assert sentence.startswith(f"{path}: ") and WORDS[kind] in sentence


def test_several_things_wrong_are_told_at_once(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(changed(NOT_BOOKS["external links"](book), xl__vbaProject=b"x", xl__activeX__a=b"x"))
    told = sentences(path)
    assert len(told) == 3


def test_a_file_that_is_too_large_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_zip, "MAX_ZIP_BYTES", 1000)
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK" + b"x" * 1000)
    assert "too large" in sentences(path)[0]


def test_missing_sheets_and_renamed_headings_are_told_at_once(book: bytes, tmp_path: Path) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        del opened["5 Sources"]
        opened["2 Placement"]["A1"] = "Skill"
        opened["1 Role and interviews"]["A2"] = "Role"
        opened["4 Learning outcomes"]["D1"] = opened["4 Learning outcomes"]["C1"].value

    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(book, edit))
    told = "\n".join(sentences(path))
    assert "The sheet “5 Kilder / 5 Sources” is missing" in told
    assert "“Kompetanse / Competence” is missing" in told and "Skill" in told
    assert "“Rollens navn (bokmål) / Name of the role (Norwegian)” is missing" in told
    assert "appears twice" in told


def test_former_headings_are_still_read(book: bytes, tmp_path: Path) -> None:
    layout = load_layout()
    former = [
        (
            sheet.format_title("en"),
            f"A{number + 2}" if sheet.is_form else sheet.build_reference(-1, column),
            sheet.list_headings(column)[-1],
        )
        for sheet in layout.sheets
        for number, column in enumerate(sheet.columns)
        if column.former_headings
    ]

    def edit(opened: openpyxl.Workbook) -> None:
        for title, reference, heading in former:
            opened[title][reference] = heading

    now, before = tmp_path / "now.xlsx", tmp_path / "before.xlsx"
    now.write_bytes(book)
    before.write_bytes(edited(book, edit))
    assert ("1b Duties of the role", "A1", "Duty (Norwegian)") in former and len(former) == 10
    assert read_workbook(before, layout) == read_workbook(now, layout)


def long(opened: openpyxl.Workbook) -> None:
    for _ in range(60):
        opened["6 Other statements"].append(["x"])


def test_a_million_rows_are_not_read(book: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_xlsx, "MAX_READ_ROWS", 50)
    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(book, long))
    assert ["more than 50 rows" in sentence for sentence in sentences(path)] == [True]


def test_a_row_far_down_costs_nothing_but_is_told_of(book: bytes, tmp_path: Path) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        opened["6 Other statements"]["A1048576"] = "x"

    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(book, edit))
    assert "more than 5000 rows" in sentences(path)[0]


def test_formulas_and_errors_are_told_of_by_cell(book: bytes, tmp_path: Path) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        opened["1 Role and interviews"]["B20"] = "=1+1"
        opened["2 Placement"]["A2"] = '=HYPERLINK("http://x")'
        opened["2 Placement"]["B2"] = "#N/A"

    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(book, edit))
    told, remarks = read_workbook(path, load_layout())
    assert {(r.cell.sheet, r.cell.reference, r.key) for r in remarks} == {
        ("role", "B20", "workbook.formula"),
        ("placed", "A2", "workbook.formula"),
        ("placed", "B2", "workbook.error"),
    }
    assert not told.form["interviews"].text


def test_a_column_of_ones_own_is_told_of_and_not_read(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(book, lambda opened: opened["2 Placement"].cell(1, 40, "Phone number")))
    _, [remark] = read_workbook(path, load_layout())
    assert (remark.severity, remark.cell.reference, remark.key) == ("warning", "AN1", "workbook.extra-column")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(separated: dict[str, bytes], tmp_path: Path, separator: str) -> None:
    import csv

    for name, content in separated.items():
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        with (tmp_path / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    told, remarks = read_workbook(tmp_path, load_layout())
    assert not remarks and told.form["role-name-en"].text == "Safety representative" and len(told.get_rows("duties")) == 6


def test_csv_that_is_not_utf_8_or_missing_is_told_of(separated: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in separated.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "2-placement.csv").write_bytes("Kompetanse;Navn på".encode("utf-16"))
    (tmp_path / "5-sources.csv").unlink()
    told = "\n".join(sentences(tmp_path))
    assert "not UTF-8" in told and "5 Sources” is missing" in told


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, separated: dict[str, bytes]) -> None:
    assert (
        read_xlsx.unquote_formula("'=1+1") == "=1+1"
        and read_xlsx.unquote_formula("''=1") == "'=1"
        and read_xlsx.unquote_formula("it's") == "it's"
    )
    assert all(
        not cell.startswith("=") for content in separated.values() for cell in content.decode("utf-8-sig").replace("\n", ",").split(",")
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_command_ends_with_2_and_a_sentence(tmp_path: Path, language: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(open_zip.OLE_SIGNATURE)
    for name in ("book.xlsx", "missing.xlsx", "."):
        done = run("import", name, "--lang", language, cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.strip() and "Traceback" not in done.stderr
