"""Open what a user gives, and nothing that is not what it claims to be.

A workbook is a zip file of XML parts. Its parts are listed, counted and unpacked within limits before any reader of workbooks sees it.
"""

import re
import zipfile
import zlib
from pathlib import Path

from balansekunst.load import Message
from balansekunst.messages import UserError

LARGEST, UNPACKED, PARTS = 20 * 2**20, 100 * 2**20, 1000
"""Bytes in the file, bytes when unpacked, and parts. A workbook for a standard has some 100 kB, 1 MB and 40."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older format of Excel begins, and workbooks with a password, which are put in it."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS = re.compile(r"vbaProject|macrosheets/|\.bin$", re.IGNORECASE)
EMBEDDED = re.compile(r"/(embeddings|activeX|ctrlProps)/")
PRINTER = "printerSettings"
EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
BLOCK = 2**16

Parts = dict[str, bytes]
"""The parts of a zip file by name."""


def given(path: Path) -> Parts:
    """Return the parts of a workbook or zip file, or the CSV files of a folder.

    Raises:
        UserError: it cannot be read, is too large, or is not what it claims; all that is wrong with it at once.
    """
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
            size = sum(file.stat().st_size for file in files)
            if size > LARGEST or len(files) > PARTS:
                raise UserError(too_large(path, "bytes", size // 2**20, LARGEST // 2**20))
            if not files:
                raise UserError(("workbook.not-a-book", {"file": path}))
            return {file.name: file.read_bytes() for file in files}
        with path.open("rb") as file:
            start = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(("workbook.unreadable", {"file": path, "why": error.strerror or type(error).__name__})) from None
    if len(start) > LARGEST:
        raise UserError(too_large(path, "bytes", path.stat().st_size // 2**20, LARGEST // 2**20))
    if start.startswith(OLE):
        raise UserError(("workbook.encrypted" if ENCRYPTED in start else "workbook.old-excel", {"file": path}))
    if not start.startswith(b"PK"):
        raise UserError(("workbook.not-a-book", {"file": path}))
    parts = unpacked(path)
    problems = refusals(path, parts)
    if problems:
        raise UserError(*problems)
    return parts


def too_large(path: Path, what: str, number: int, limit: int) -> Message:
    """Say that a file has too many `bytes`, `unpacked` bytes (both told in MiB) or `parts`."""
    return (f"workbook.too-large.{what}", {"file": path, "number": number, "limit": limit})


def unpacked(path: Path) -> Parts:
    """Unpack a zip file in memory, within limits that hold whatever the file says of itself.

    Raises:
        UserError: it is damaged, or too large.
    """
    parts, total = Parts(), 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > PARTS:
                raise UserError(too_large(path, "parts", len(entries), PARTS))
            if any(entry.flag_bits & 1 for entry in entries):
                raise UserError(("workbook.encrypted", {"file": path}))
            declared = sum(entry.file_size for entry in entries)
            if declared > UNPACKED:
                raise UserError(too_large(path, "unpacked", declared // 2**20, UNPACKED // 2**20))
            for entry in entries:
                pieces = []
                with archive.open(entry) as stream:
                    while piece := stream.read(BLOCK):
                        total += len(piece)
                        if total > UNPACKED:
                            raise UserError(("workbook.lying", {"file": path, "part": entry.filename}))
                        pieces.append(piece)
                if entry.filename in parts:
                    raise UserError(("workbook.broken", {"file": path, "why": entry.filename}))
                parts[entry.filename] = b"".join(pieces)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        why = str(error).split("\n", 1)[0][:160] or type(error).__name__
        raise UserError(("workbook.broken", {"file": path, "why": why})) from None
    return parts


def is_workbook(parts: Parts) -> bool:
    """Tell whether parts are those of a workbook."""
    return "[Content_Types].xml" in parts and "xl/workbook.xml" in parts


def refusals(path: Path, parts: Parts) -> list[Message]:
    """Return what is wrong with the parts of a zip file."""
    names = sorted(parts)
    if "mimetype" in parts and b"opendocument" in parts["mimetype"]:
        return [("workbook.open-document", {"file": path})]
    if not is_workbook(parts):
        csv = [name for name in names if name.lower().endswith(".csv")]
        return [] if csv else [("workbook.not-a-book", {"file": path})]
    problems: list[Message] = []
    if any(MACROS.search(name) and PRINTER not in name for name in names) or b"macroEnabled" in parts["[Content_Types].xml"]:
        problems.append(("workbook.macros", {"file": path}))
    outside = [name for name in names if "externalLinks/" in name or "xl/connections" in name or fetches(name, parts[name])]
    problems += [("workbook.external", {"file": path, "part": name}) for name in outside[:1]]
    problems += [("workbook.embedded", {"file": path, "part": name}) for name in names if EMBEDDED.search(name)][:1]
    xml = [name for name in names if name.endswith((".xml", ".rels", ".vml"))]
    problems += [("workbook.entities", {"file": path, "part": name}) for name in xml if DOCTYPE.search(plain(parts[name]))][:1]
    return problems


def fetches(name: str, part: bytes) -> bool:
    """Tell whether a part points to something outside the file. An address that one can click on fetches nothing."""
    return name.endswith(".rels") and any(b"/hyperlink" not in found for found in EXTERNAL.findall(plain(part)))


def plain(part: bytes) -> bytes:
    """Return a part's markup in an encoding that patterns can be sought in."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return part.decode("utf-16", "replace").encode()
    return part
