"""Workbooks as spreadsheet programs save and export them are read as the one that was filled in, by the command and by the page."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.site.workbook import build_workbook_data
from balansekunst.workbook.layout import WorkbookCells, load_layout
from balansekunst.workbook.read_xlsx import find_layout, read_workbook
from balansekunst.workbook.standards import prepare_new_standard
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx
from helpers.workbooks import CONTENT, build_ods, build_ods_of, changed, edited, fill_in, in_page

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}
Edit = Callable[[openpyxl.Workbook], object]


@pytest.fixture(scope="module")
def book(project: Project, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    _, filled, names = prepare_new_standard("verneombud", project, "en")
    path = tmp_path_factory.mktemp("books") / "book.xlsx"
    path.write_bytes(build_xlsx(filled, names, load_layout(), "en"))
    fill_in(path, CONTENT, "en")
    return path.read_bytes()


def save_strictly(name: str, part: bytes) -> bytes:
    for usual, strict in STRICT.items() if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml" else ():
        part = part.replace(usual, strict)
    return part


def empty_a_fill(name: str, part: bytes) -> bytes:
    return part.replace(b"<fill><patternFill /></fill>", b"<fill/>", 1) if name == "xl/styles.xml" else part


def merge_keys(opened: openpyxl.Workbook) -> None:
    page = opened["3b What and why"]
    first, last = next((a.row, b.row) for a, b in zip(page["A"], page["A"][1:], strict=False) if a.value and a.value == b.value)
    page.merge_cells(f"A{first}:A{last}")


def add_titles(opened: openpyxl.Workbook) -> None:
    for title in ("2 Placement", "3 Key competences", "4 Learning outcomes"):
        opened[title].insert_rows(1, 2)
        opened[title]["A1"] = "The role of safety representative, second draft"


def change_names(opened: openpyxl.Workbook) -> None:
    opened["2 Placement"].title = "2 Placement "
    opened["5 Sources"].title = "Copy of 5 Sources"
    opened["4 Learning outcomes"]["A1"] = " Key com\u00adpetence\u00a0"


def export_from_numbers(opened: openpyxl.Workbook) -> None:
    for page in list(opened):
        # In Excel a name has at most 31 characters.
        page.title = f"{page.title} - Table 1"[:31] if len(page.title) < 21 else page.title
    summary = opened.create_sheet("Export Summary", 0)
    summary["A1"] = "This document was exported from Numbers. Each table was converted to an Excel worksheet."


def take_added_columns_out(opened: openpyxl.Workbook) -> None:
    layout, page = load_layout(), opened["3b What and why"]
    for column in layout.find_sheet("items").columns:
        if column.is_added:
            cell = next(cell for cell in page[1] if cell.value == layout.find_sheet("items").format_heading(column, "en"))
            page.delete_cols(cell.column)


SAVED: dict[str, Callable[[bytes], bytes]] = {
    "strict": lambda book: changed(book, save_strictly),
    "an empty fill": lambda book: changed(book, empty_a_fill),
    "parts of add-ins": lambda book: changed(
        book, xl__customProperty1_bin=b"x", xl__webextensions__webextension1_xml=b"<a/>", xl__printerSettings__p_bin=b"x"
    ),
    "merged cells": lambda book: edited(book, merge_keys),
    "rows with a title": lambda book: edited(book, add_titles),
    "other names": lambda book: edited(book, change_names),
    "Numbers": lambda book: edited(book, export_from_numbers),
    "made before": lambda book: edited(book, take_added_columns_out),
    "ods": build_ods,
    "ods with merged cells": lambda book: build_ods(edited(book, merge_keys)),
    "ods with a title": lambda book: build_ods(edited(book, add_titles)),
    "ods with other names": lambda book: build_ods(edited(book, change_names)),
    "ods from Numbers": lambda book: build_ods(edited(book, export_from_numbers)),
}


def texts(told: WorkbookCells) -> dict[str, list[dict[str, str]]]:
    """What stands in the cells, wherever they are."""
    return {name: [{column: cell.text for column, cell in row.items()} for row in rows] for name, rows in told.rows.items()}


@pytest.mark.slow
def test_a_workbook_is_read_as_programs_save_it(project: Project, book: bytes, tmp_path: Path) -> None:
    paths = {kind: tmp_path / f"{number}.xlsx" for number, kind in enumerate(["", *SAVED])}
    for kind, path in paths.items():
        path.write_bytes(SAVED[kind](book) if kind else book)
    expected, _ = read_workbook(paths[""], load_layout())
    assert len(expected.get_rows("items")) > 10
    for kind, path in paths.items():
        told, remarks = read_workbook(path, load_layout())
        assert texts(told) == texts(expected) and not remarks, kind
        assert find_layout(path) == load_layout()
    opened = in_page({"told": build_workbook_data(project), "dimensions": {}}, tmp_path, "en", open=list(paths.values()))["opened"]
    assert [(kind, read.get("turtle"), read.get("faults")) for kind, read in zip(paths, opened, strict=True)] == [
        (kind, opened[0]["turtle"], None) for kind in paths
    ]


def test_a_workbook_is_read_as_libreoffice_itself_saved_it(project: Project, tmp_path: Path) -> None:
    """The file is a filled-in workbook that LibreOffice 7.4 opened and saved as ods: `soffice --headless --convert-to ods`."""
    _, filled, names = prepare_new_standard("verneombud", project, "nb")
    path = tmp_path / "verneombud.xlsx"
    path.write_bytes(build_xlsx(filled, names, load_layout(), "nb"))
    fill_in(path, CONTENT, "nb")
    saved = Path(__file__).with_name("verneombud.ods")
    with zipfile.ZipFile(saved) as archive:
        assert b"LibreOffice/" in archive.read("meta.xml")
    (expected, _), (told, remarks) = read_workbook(path, load_layout()), read_workbook(saved, load_layout())
    assert texts(told) == texts(expected) and not remarks and len(told.get_rows("items")) > 10
    opened = in_page({"told": build_workbook_data(project), "dimensions": {}}, tmp_path, "nb", open=[path, saved])["opened"]
    assert opened[1]["turtle"] == opened[0]["turtle"] and opened[1].get("faults") is None


def rewrite(content: bytes, delimiter: str, first: str = "") -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return (first + made.getvalue()).encode("utf-8-sig")


NAMED: dict[str, Callable[[str, bytes], dict[str, bytes]]] = {
    "Google": lambda title, content: {f"Safety representative - {title}.csv": content},
    "LibreOffice": lambda title, content: {f"safety-representative-{title}.csv": rewrite(content, ";")},
    "a Mac": lambda title, content: {
        f"book/{title}.csv": content,
        f"__MACOSX/book/._{title}.csv": b"\xff\0",
        f"book/._{title}.csv": b"\xff",
    },
    "Excel": lambda title, content: {f"{title}.csv": rewrite(content, ";", "sep=;\r\n")},
    "tabs": lambda title, content: {f"{title}.CSV": rewrite(content, "\t")},
}


@pytest.mark.parametrize("program", NAMED)
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_csv_files_are_read_as_programs_export_them(project: Project, tmp_path: Path, program: str, is_zip: bool) -> None:
    _, filled, _ = prepare_new_standard("verneombud", project, "en")
    titles = {
        slug: sheet.format_title("en") for sheet in load_layout().sheets for slug in [sheet.format_title("en").lower().replace(" ", "-")]
    }
    plain, exported = tmp_path / "plain", tmp_path / "exported"
    plain.mkdir()
    files = dict[str, bytes]()
    for name, content in build_csv_files(filled, load_layout(), "en").items():
        (plain / name).write_bytes(content)
        if title := titles.get(name.removesuffix(".csv")):
            files |= NAMED[program](title, content)
    if is_zip:
        with zipfile.ZipFile(exported, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        exported.mkdir()
        for name, content in files.items():
            (exported / name.rpartition("/")[2]).write_bytes(content)
    expected, _ = read_workbook(plain, load_layout())
    told, remarks = read_workbook(exported, load_layout())
    assert texts(told) == texts(expected) and not remarks
    assert find_layout(exported) == load_layout()


def sentences(path: Path) -> list[str]:
    with pytest.raises(UserError) as caught:
        read_workbook(path, load_layout())
    return caught.value.format_sentences("en")


def test_what_cannot_be_read_is_told_of_once(project: Project, book: bytes, tmp_path: Path) -> None:
    def take_headings_out(opened: openpyxl.Workbook) -> None:
        opened["2 Placement"].delete_rows(1)
        opened["3 Key competences"].delete_rows(1)

    def rename_sheets(opened: openpyxl.Workbook) -> None:
        for number, sheet in enumerate(opened.worksheets):
            sheet.title = f"Sheet{number}"

    path = tmp_path / "book.xlsx"
    for edit, keys in ((take_headings_out, ["None of the headings"] * 2), (rename_sheets, ["These sheets are missing"])):
        path.write_bytes(edited(book, edit))
        told = sentences(path)
        assert [key in sentence for key, sentence in zip(keys, told, strict=True)] == [True] * len(keys)
        [read] = in_page({"told": build_workbook_data(project), "dimensions": {}}, tmp_path, "en", open=[path])["opened"]
        assert read["faults"] == [sentence.replace(str(path), path.name) for sentence in told]
    folder = tmp_path / "csv"
    folder.mkdir()
    _, filled, _ = prepare_new_standard("verneombud", project, "en")
    for name, content in build_csv_files(filled, load_layout(), "en").items():
        (folder / name).write_bytes("Stilling på norsk;x".encode("utf-16") if name.startswith("2-") else content)
    assert ["2-placement.csv: The file is not UTF-8" in sentence for sentence in sentences(folder)] == [True]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet4.xml", b'<row r="2"', b'<row r="99999999999999999999"'),
        ("xl/worksheets/sheet4.xml", b'r="A2"', b'r="AAAAAAAAA2"'),
        ("xl/workbook.xml", b"<workbook ", b"<workbook " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b" "),
        ("xl/styles.xml", b"<cellXfs ", b"<cellXfs>" + b"<xf/>" * 1_000_000 + b"</cellXfs><x "),
        ("xl/styles.xml", b"</styleSheet>", b""),
        ("xl/workbook.xml", b"</workbook>", b""),
    ],
    ids=["far row", "far column", "many attributes", "many styles", "cut styles", "cut book"],
)
def test_a_workbook_made_to_hurt_is_refused_at_once(book: bytes, tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    path = tmp_path / "book.xlsx"
    hurt = changed(book, lambda name, content: content.replace(old, new, 1) if name == part else content)
    assert hurt != changed(book)
    path.write_bytes(hurt)
    assert ["is damaged" in sentence for sentence in sentences(path)] == [True]


def test_nothing_is_read_of_a_sheet_beyond_what_is_too_large(tmp_path: Path) -> None:
    path, title = tmp_path / "book.ods", load_layout().find_sheet("placed").format_title("en")
    row = '<table:table-row table:number-rows-repeated="4999"><table:table-cell table:number-columns-repeated="5000" table:formula="x"/>'
    path.write_bytes(build_ods_of(f'<table:table table:name="{title}">{f"{row}</table:table-row>" * 50_000}</table:table>'))
    begun = time.monotonic()
    assert "more than 5000 rows" in sentences(path)[0]
    assert time.monotonic() - begun < 15, "it took half a minute"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_in_another_way_is_refused(book: bytes, tmp_path: Path, method: int) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(path, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(path.read_bytes().replace(b"\x09\x04", b"\x01\x01"))
    assert ["is damaged" in sentence for sentence in sentences(path)] == [True]
