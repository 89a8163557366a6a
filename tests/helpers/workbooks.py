"""Workbooks as a person fills them in, by sheet and heading, with a spreadsheet program's own means; and files that are none."""

import datetime
import functools
import io
import json
import re
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from balansekunst.workbook import open_zip
from balansekunst.workbook.layout import Layout, load_layout
from balansekunst.workbook.write_xlsx import build_zip

HERE = Path(__file__).parents[1] / "workbook"
NODE = Path(__file__).parents[1] / "site" / "workbook_files.mjs"
Pages = dict[str, Any]
"""What a page is given, or gives."""
CONTENT: dict[str, Any] = yaml.safe_load((HERE / "verneombud.yaml").read_text(encoding="utf-8"))

TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
OUTSIDE = b'<Relationship Id="rId99" Type="http://x/externalLink" Target="file:///c:/x.xlsx" TargetMode="External"/></Relationships>'
Change = tuple[str, str, str, str]
"""A sheet, the row (what stands in its first column, or empty in a form), the column, and what to write there."""


def place(page: Worksheet, sheet: str, column: str, row: int, language: str, told: Layout | None = None) -> str:
    """Return the reference of a cell by sheet and column, as its headings tell."""
    about = (told or load_layout()).find_sheet(sheet)
    heading = about.format_heading(about.find_column(column), language)
    if about.is_form:
        return next(f"B{cell.row}" for (cell,) in page.iter_rows(max_col=1) if cell.value == heading)
    return next(f"{cell.column_letter}{row}" for cell in page[1] if cell.value == heading)


def fill_in(path: Path, content: dict[str, Any], language: str = "nb") -> None:
    """Write content in a workbook: below what stands there in tables, over it in forms."""
    book = openpyxl.load_workbook(path)
    for sheet, told in content.items():
        page = book[load_layout().find_sheet(sheet).format_title(language)]
        rows = [told] if isinstance(told, dict) else told
        for number, row in enumerate(rows, page.max_row + 1):
            for column, value in row.items():
                page[place(page, sheet, column, number, language)] = value
    book.save(path)


def write_in(path: Path, changes: list[Change], language: str = "nb") -> dict[Change, str]:
    """Change single cells, and return where each stands: `2 Plassering, celle D5`."""
    book, places = openpyxl.load_workbook(path), {}
    for change in changes:
        sheet, first, column, value = change
        page = book[load_layout().find_sheet(sheet).format_title(language)]
        row = next((cell.row for cell in page["A"] if cell.value == first), 0)
        reference = place(page, sheet, column, row, language)
        page[reference] = value or None
        word = {"nb": "celle", "en": "cell"}[language]
        places[change] = f"{page.title}, {word} {reference}"
    book.save(path)
    return places


def unchanged(name: str, part: bytes) -> bytes:
    return part


def changed(book: bytes, change: Callable[[str, bytes], bytes] = unchanged, /, **new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, change(name, old.read(name)))
        for name, part in new.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), part)
    return made.getvalue()


def edited(book: bytes, edit: Callable[[openpyxl.Workbook], object]) -> bytes:
    opened, made = openpyxl.load_workbook(io.BytesIO(book)), io.BytesIO()
    edit(opened)
    opened.save(made)
    return made.getvalue()


def lying(book: bytes) -> bytes:
    """A file whose directory says that a large part is small."""
    made = changed(book, xl__media__x=b"0" * (open_zip.MAX_UNPACKED_BYTES + 1))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        size = struct.pack("<L", archive.getinfo("xl/media/x").file_size)
    return made.replace(size, struct.pack("<L", 10))


def in_page(given: Pages, folder: Path, language: str, save: dict[Path, str] | None = None, open: list[Path] | None = None) -> Pages:
    """Save and open workbooks as a page does."""
    file = folder / "asked.json"
    files = {str(path): content for path, content in (save or {}).items()}
    file.write_text(json.dumps({**given, "language": language, "save": files, "open": list(map(str, open or []))}), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(file)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer: Pages = json.loads(done.stdout)
    return answer


def build_ods(book: bytes) -> bytes:
    """The same workbook as LibreOffice saves it as ods: rows and cells that are alike once, with how often, up to the end of the sheet."""
    tables = []
    for page in openpyxl.load_workbook(io.BytesIO(book)):
        spans = {(cells.min_row, cells.min_col): cells.max_row - cells.min_row + 1 for cells in page.merged_cells.ranges}
        rows = ["".join(write_ods_cell(cell, spans.get((cell.row, cell.column), 1)) for cell in row) for row in page.iter_rows()]
        end = '<table:table-cell table:number-columns-repeated="900"/>'
        lines = "".join(f"<table:table-row>{row}{end}</table:table-row>" for row in rows)
        rest = f'<table:table-row table:number-rows-repeated="{1048576 - len(rows)}">{end}</table:table-row>'
        tables.append(f"<table:table table:name={quoteattr(page.title)}><office:forms/>{lines}{rest}</table:table>")
    return build_ods_of("".join(tables))


def write_ods_cell(cell: Any, rows: int) -> str:
    """A cell of a workbook with its comment, as ods."""
    value, told = cell.value, f' table:number-rows-spanned="{rows}"' if rows > 1 else ""
    note = f"<office:annotation><text:p>{escape(cell.comment.text)}</text:p></office:annotation>" if cell.comment else ""
    if value is None:
        return f"<table:table-cell{told}>{note}</table:table-cell>"
    if cell.data_type == "f":
        return f"<table:table-cell table:formula={quoteattr(f'of:{value}')}{told}><text:p>2</text:p></table:table-cell>"
    if isinstance(value, datetime.datetime):
        told += f' office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        told += f' office:value-type="float" office:value="{value}"'
    else:
        told += ' office:value-type="string"'
    lines = [re.sub(" {2,}", lambda found: f' <text:s text:c="{len(found[0]) - 1}"/>', escape(line)) for line in str(value).split("\n")]
    return f"<table:table-cell{told}>{note}{''.join(f'<text:p>{line}</text:p>' for line in lines)}</table:table-cell>"


ODS_NAMES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{end}:1.0"
    for name, end in (("office", "office"), ("table", "table"), ("text", "text"), ("draw", "drawing"), ("form", "form"))
}


def build_ods_of(tables: str) -> bytes:
    """An ods with some tables."""
    names = "".join(f' xmlns:{name}="{iri}"' for name, iri in ODS_NAMES.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    made = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f'<?xml version="1.0"?><office:document-content{names}>{body}</office:document-content>'.encode(),
        "META-INF/manifest.xml": b"<manifest/>",
    }
    return build_zip(made)


def spoil_ods(change: Callable[[dict[str, bytes]], object], book: bytes) -> bytes:
    """An ods that is not opened."""
    with zipfile.ZipFile(io.BytesIO(build_ods(book))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return build_zip(parts)


def put_in_sheet(parts: dict[str, bytes], written: bytes) -> None:
    parts["content.xml"] = parts["content.xml"].replace(b"<office:forms/>", written, 1)


ODS_CHANGES: dict[str, Callable[[dict[str, bytes]], object]] = {
    "macros": lambda parts: parts.update({"Basic/Standard/Module1.xml": b"<x/>"}),
    "fetched sheet": lambda parts: put_in_sheet(parts, b'<table:table-source table:table-name="x"/>'),
    "object": lambda parts: put_in_sheet(parts, b"<table:shapes><draw:object-ole/></table:shapes>"),
    "entities": lambda parts: parts.update({"content.xml": parts["content.xml"].replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)}),
    "encrypted": lambda parts: parts.update({"content.xml": b"\0\1", "META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
    "wholly encrypted": lambda parts: (parts.pop("content.xml"), parts.update({"META-INF/manifest.xml": b"<manifest:encryption-data/>"})),
    "no content": lambda parts: parts.pop("content.xml"),
    "damaged": lambda parts: parts.update({"content.xml": parts["content.xml"][:-40]}),
    "deep": lambda parts: put_in_sheet(parts, b"<a>" * 50_000 + b"</a>" * 50_000),
}
"""What makes of an ods a file that is not opened."""
NOT_BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "macros": lambda book: changed(book, xl__vbaProject=b"x"),
    "macro type": lambda book: changed(
        book, lambda name, part: part.replace(b"sheet.main", b"sheet.macroEnabled.main") if name == TYPES else part
    ),
    "external links": lambda book: changed(
        book, lambda name, part: part.replace(b"</Relationships>", OUTSIDE) if name == RELATIONS else part
    ),
    "embedded": lambda book: changed(book, xl__embeddings__x=b"x"),
    "entities": lambda book: changed(
        book,
        lambda name, part: part.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1) if name == "xl/workbook.xml" else part,
    ),
    "bomb": lambda book: changed(book, xl__media__x=b"0" * (open_zip.MAX_UNPACKED_BYTES + 1)),
    "lying bomb": lying,
    "many parts": lambda book: changed(book, unchanged, **{f"xl__media__{n}": b"" for n in range(open_zip.MAX_ZIP_PARTS + 1)}),
    "cut short": lambda book: book[: len(book) // 2],
    "damaged sheet": lambda book: changed(book, lambda name, part: part[:200] if name == "xl/worksheets/sheet2.xml" else part),
    "text": lambda book: b"Rolle;Navn\n",
    "old": lambda book: open_zip.OLE_SIGNATURE + b"Workbook",
    "encrypted": lambda book: open_zip.OLE_SIGNATURE + open_zip.ENCRYPTED_PACKAGE_NAME,
    "open document of text": lambda book: changed(b"PK\x05\x06" + b"\0" * 18, mimetype=b"application/vnd.oasis.opendocument.text"),
    **{f"ods {kind}": functools.partial(spoil_ods, change) for kind, change in ODS_CHANGES.items()},
    "other zip": lambda book: changed(b"PK\x05\x06" + b"\0" * 18, readme=b"x"),
    "empty": lambda book: b"",
}
"""What makes of a workbook a file that is not opened."""
WORDS = {
    "macros": "macros",
    "macro type": "macros",
    "external links": "fetches from other files",
    "embedded": "embedded objects",
    "entities": "DOCTYPE",
    "bomb": "too large",
    "lying bomb": "damaged",
    "many parts": "too large",
    "cut short": "damaged",
    "damaged sheet": "damaged",
    "text": "not a workbook",
    "old": "old Excel file",
    "encrypted": "password",
    "open document of text": "not a workbook",
    "ods macros": "macros",
    "ods fetched sheet": "fetches from other files",
    "ods object": "embedded objects",
    "ods entities": "DOCTYPE",
    "ods encrypted": "password",
    "ods wholly encrypted": "password",
    "ods no content": "damaged",
    "ods damaged": "damaged",
    "ods deep": "damaged",
    "other zip": "not a workbook",
    "empty": "not a workbook",
}
"""What each is told of with."""
