"""Open what a user gives, and nothing that is not what it claims to be.

A workbook is a zip file of XML parts. Its parts are listed, counted and unpacked within limits before any reader of workbooks sees it.
"""

import re
import zipfile
import zlib
from pathlib import Path

from balansekunst.errors import Message, UserError

MAX_ZIP_BYTES, MAX_UNPACKED_BYTES, MAX_ZIP_PARTS = 20 * 2**20, 100 * 2**20, 1000
"""Bytes in the file, bytes when unpacked, and parts. A workbook for a standard has some 100 kB, 1 MB and 40."""
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older format of Excel begins, and workbooks with a password, which are put in it."""
ENCRYPTED_PACKAGE_NAME = "EncryptedPackage".encode("utf-16-le")
_MACRO_PATTERN = re.compile(r"vbaProject|macrosheets/", re.IGNORECASE)
_MACRO_TYPE_PATTERN = re.compile(rb"macroEnabled|vbaProject")
_EMBEDDED_PATTERN = re.compile(r"/(embeddings|activeX|ctrlProps)/")
_EXTERNAL_PATTERN = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_OPEN_DOCUMENT_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_OPEN_DOCUMENT_MACRO_PATTERN = re.compile(r"Basic/[^/]+/(?!script-lb\.xml$|dialog-lb\.xml$)[^/]+$|Scripts/.*[^/]$")
"""A library without modules has a list of them all the same."""
_OPEN_DOCUMENT_SOURCE_PATTERN = re.compile(
    rb"<(table:(table-source|cell-range-source|dde-link|database-source-\w+)|office:dde-source)\b(?!-)"
)
_OPEN_DOCUMENT_OBJECT_PATTERN = re.compile(rb"<(draw:(object-ole|applet|plugin|floating-frame)|form:form)\b(?!-)")
_DOCTYPE_PATTERN = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_BLOCK_BYTES = 2**16

ZipParts = dict[str, bytes]
"""The parts of a zip file by name."""


def read_workbook_parts(path: Path) -> ZipParts:
    """Return the parts of a workbook or zip file, or the CSV files of a folder.

    Raises:
        UserError: it cannot be read, is too large, or is not what it claims; all that is wrong with it at once.
    """
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv" and not _is_leftover(file.name))
            size = sum(file.stat().st_size for file in files)
            if size > MAX_ZIP_BYTES or len(files) > MAX_ZIP_PARTS:
                raise UserError(_build_size_message("workbook.too-large.bytes", path, size // 2**20, MAX_ZIP_BYTES // 2**20))
            if not files:
                raise UserError(("workbook.not-a-book", {"file": path}))
            return {file.name: file.read_bytes() for file in files}
        with path.open("rb") as file:
            start = file.read(MAX_ZIP_BYTES + 1)
    except OSError as error:
        raise UserError(("workbook.unreadable", {"file": path, "reason": error.strerror or type(error).__name__})) from None
    if len(start) > MAX_ZIP_BYTES:
        raise UserError(_build_size_message("workbook.too-large.bytes", path, path.stat().st_size // 2**20, MAX_ZIP_BYTES // 2**20))
    if start.startswith(OLE_SIGNATURE):
        raise UserError(("workbook.encrypted" if ENCRYPTED_PACKAGE_NAME in start else "workbook.old-excel", {"file": path}))
    if not start.startswith(b"PK"):
        raise UserError(("workbook.not-a-book", {"file": path}))
    parts = _unpack_zip(path)
    problems = _find_problems(path, parts)
    if problems:
        raise UserError(*problems)
    return parts


def _build_size_message(key: str, path: Path, number: int, limit: int) -> Message:
    """Return a message that a file is too large; sizes are in MiB."""
    return (key, {"file": path, "number": number, "limit": limit})


def _is_leftover(name: str) -> bool:
    """Tell whether a file is what macOS puts beside the real one."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def _unpack_zip(path: Path) -> ZipParts:
    """Unpack a zip file in memory, within limits that hold whatever the file says of itself.

    Raises:
        UserError: it is damaged, or too large.
    """
    parts, total = ZipParts(), 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not _is_leftover(entry.filename)]
            if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
                raise UserError(("workbook.broken", {"file": path, "reason": "compression"}))
            if len(entries) > MAX_ZIP_PARTS:
                raise UserError(_build_size_message("workbook.too-large.parts", path, len(entries), MAX_ZIP_PARTS))
            if any(entry.flag_bits & 1 for entry in entries):
                raise UserError(("workbook.encrypted", {"file": path}))
            declared = sum(entry.file_size for entry in entries)
            if declared > MAX_UNPACKED_BYTES:
                raise UserError(_build_size_message("workbook.too-large.unpacked", path, declared // 2**20, MAX_UNPACKED_BYTES // 2**20))
            for entry in entries:
                pieces = []
                with archive.open(entry) as stream:
                    while piece := stream.read(_BLOCK_BYTES):
                        total += len(piece)
                        if total > MAX_UNPACKED_BYTES:
                            raise UserError(("workbook.zip-size-mismatch", {"file": path, "part": entry.filename}))
                        pieces.append(piece)
                if entry.filename in parts:
                    raise UserError(("workbook.broken", {"file": path, "reason": entry.filename}))
                parts[entry.filename] = b"".join(pieces)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        why = str(error).split("\n", 1)[0][:160] or type(error).__name__
        raise UserError(("workbook.broken", {"file": path, "reason": why})) from None
    return parts


def is_workbook(parts: ZipParts) -> bool:
    """Tell whether parts are those of a workbook."""
    return is_open_document(parts) or ("[Content_Types].xml" in parts and "xl/workbook.xml" in parts)


def is_open_document(parts: ZipParts) -> bool:
    """Tell whether parts are those of an OpenDocument workbook (ods)."""
    return parts.get("mimetype", b"").startswith(_OPEN_DOCUMENT_TYPE)


def _find_problems(path: Path, parts: ZipParts) -> list[Message]:
    """Return what is wrong with the parts of a zip file."""
    names = sorted(parts)
    if not is_workbook(parts):
        csv = [name for name in names if name.lower().endswith(".csv")]
        return [] if csv else [("workbook.not-a-book", {"file": path})]
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        return [("workbook.encrypted", {"file": path})]
    if is_open_document(parts) and "content.xml" not in parts:
        return [("workbook.broken", {"file": path, "reason": "content.xml"})]
    problems = _find_open_document_problems(path, parts) if is_open_document(parts) else _find_open_xml_problems(path, parts)
    xml = [name for name in names if name.endswith((".xml", ".rels", ".vml"))]
    problems += [
        ("workbook.entities", {"file": path, "part": name}) for name in xml if _DOCTYPE_PATTERN.search(_decode_markup(parts[name]))
    ][:1]
    return problems


def _find_open_xml_problems(path: Path, parts: ZipParts) -> list[Message]:
    """Return what a workbook (xlsx) holds that is not opened."""
    names = sorted(parts)
    problems: list[Message] = []
    if any(_MACRO_PATTERN.search(name) for name in names) or _MACRO_TYPE_PATTERN.search(parts["[Content_Types].xml"]):
        problems.append(("workbook.macros", {"file": path}))
    outside = [name for name in names if "externalLinks/" in name or "xl/connections" in name or _has_external_target(name, parts[name])]
    problems += [("workbook.external", {"file": path, "part": name}) for name in outside[:1]]
    problems += [("workbook.embedded", {"file": path, "part": name}) for name in names if _EMBEDDED_PATTERN.search(name)][:1]
    return problems


def _find_open_document_problems(path: Path, parts: ZipParts) -> list[Message]:
    """Return what an OpenDocument workbook holds that is not opened."""
    content = _decode_markup(parts["content.xml"])
    problems: list[Message] = []
    if any(_OPEN_DOCUMENT_MACRO_PATTERN.match(name) for name in parts):
        problems.append(("workbook.macros", {"file": path}))
    if _OPEN_DOCUMENT_SOURCE_PATTERN.search(content):
        problems.append(("workbook.external", {"file": path, "part": "content.xml"}))
    if _OPEN_DOCUMENT_OBJECT_PATTERN.search(content):
        problems.append(("workbook.embedded", {"file": path, "part": "content.xml"}))
    return problems


def _has_external_target(name: str, part: bytes) -> bool:
    """Tell whether a part points to something outside the file. An address that one can click on fetches nothing."""
    return name.endswith(".rels") and any(b"/hyperlink" not in found for found in _EXTERNAL_PATTERN.findall(_decode_markup(part)))


def _decode_markup(part: bytes) -> bytes:
    """Return a part's markup in an encoding that patterns can be sought in."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return part.decode("utf-16", "replace").encode()
    return part
