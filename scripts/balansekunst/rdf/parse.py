"""Parse source files: with limits, and with a sentence for all that can be wrong in them.

Turtle, TriG, N-Triples and JSON-LD are read; RDF/XML is not, since XML brings entities that a file can blow up with.
"""

import errno
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import BASE
from balansekunst.package_files import CONTEXT_FILE

_FORMATS_BY_SUFFIX = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
STDIN = Path("-")
_MAX_FILE_BYTES = 32 * 2**20
"""Bytes in one file. A standard is some 100 kB."""
_MAX_TRIPLES = 300_000
"""Statements in one file. A standard has below 2,000; each takes some 2 kB while it is checked."""
MAX_LITERAL_CHARACTERS = 100_000
"""Characters in one literal. The longest in the documents is below 2,000."""
_LINE_WIDTH = 160
_OWN_CONTEXT_PATTERN = re.compile(re.escape(BASE) + r"(version/[^/]+/)?data/context\.jsonld")
"""Our context, now or as a version has it."""


def make_absolute(path: Path) -> Path:
    """Return `path` from the root of the file system, keeping links as they are: a linked folder is still the project's."""
    return path if path == STDIN else Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links


@cache
def _read_stdin() -> bytes:
    """Return what is piped in. It can be taken only once, so it is kept.

    Raises:
        OSError: there is no standard input.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer.read(_MAX_FILE_BYTES + 1)


def read_text(path: Path) -> str:
    """Return the text of a file, or of what is piped in when `path` is `-`.

    Raises:
        UserError: it is missing, is too large, is empty, or is not UTF-8 (with the line).
    """
    return decode_text(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, or what is piped in when `path` is `-`.

    Raises:
        UserError: it is missing, or is too large.
    """
    try:
        if path == STDIN:
            data = _read_stdin()
        else:
            with path.open("rb") as file:
                data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(("load.unreadable", {"file": path, "reason": error.strerror or type(error).__name__})) from None
    if len(data) > _MAX_FILE_BYTES:
        raise UserError(("load.too-large", {"file": path, "limit": _MAX_FILE_BYTES // 2**20}))
    return data


def decode_text(path: Path, data: bytes) -> str:
    """Return what a file holds as text.

    Raises:
        UserError: it is empty, or is not UTF-8 (with the line).
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(("load.encoding", {"file": path, "line": line})) from None
    if not text.strip():
        raise UserError(("load.empty", {"file": path}))
    return text


def detect_format(path: Path, text: str) -> RdfFormat:
    """Return the format that the file's ending tells; what is piped in is JSON-LD where it is JSON, else TriG, which holds the others.

    Raises:
        UserError: the ending is not one we read.
    """
    if path == STDIN:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return RdfFormat.TRIG
        return RdfFormat.JSON_LD
    if path.suffix.lower() not in _FORMATS_BY_SUFFIX:
        raise UserError(("load.format", {"file": path, "allowed": ", ".join(_FORMATS_BY_SUFFIX)}))
    return _FORMATS_BY_SUFFIX[path.suffix.lower()]


def parse_text(text: str, path: Path, graph: NamedNode, base: str) -> list[Quad]:
    """Return the statements of a file as quads of `graph`, in the order the file has them.

    Blank nodes are named by graph and order, so that they clash with no other file's and are the same each time.

    Args:
        text: what the file holds.
        path: the file, whose ending tells the format.
        graph: the name of the graph.
        base: what relative IRIs start from.

    Raises:
        UserError: the text breaks the syntax of its format (with line and column), or uses what the graph cannot hold.
    """
    format = detect_format(path, text)
    if format == RdfFormat.JSON_LD:
        return _collect_quads(_parse_json_ld(path, text, base), graph, path)
    try:
        base_iri = None if format == RdfFormat.N_TRIPLES else base
        return _collect_quads(parse(text, format=format, base_iri=base_iri), graph, path)
    except SyntaxError as error:
        raise UserError(_build_syntax_message(path, text, error)) from None


def _collect_quads(parsed: Iterable[Quad], graph: NamedNode, path: Path) -> list[Quad]:
    """Return what a parser gives as quads of `graph`. Named graphs within the file are left out of account.

    Raises:
        UserError: there is too much of it, or it is what the graph cannot hold.
    """
    prefix, names = f"b{crc32(graph.value.encode()):08x}n", dict[BlankNode, BlankNode]()
    quads = list[Quad]()
    for quad in parsed:
        subject, object = quad.subject, quad.object
        if isinstance(object, Triple):
            raise UserError(("load.rdf-1.2", {"file": path}))
        if len(quads) == _MAX_TRIPLES:
            raise UserError(("load.too-many", {"file": path, "limit": _MAX_TRIPLES}))
        if isinstance(object, Literal) and (length := len(object.value)) > MAX_LITERAL_CHARACTERS:
            raise UserError(("load.literal", {"file": path, "subject": subject, "length": length, "limit": MAX_LITERAL_CHARACTERS}))
        if isinstance(subject, BlankNode):
            subject = names.setdefault(subject, BlankNode(f"{prefix}{len(names)}"))
        if isinstance(object, BlankNode):
            object = names.setdefault(object, BlankNode(f"{prefix}{len(names)}"))
        quads.append(Quad(subject, quad.predicate, object, graph))
    return quads


def _build_syntax_message(path: Path, text: str, error: SyntaxError) -> Message:
    """Say where a syntax error stands, and show the line."""
    reason = (error.msg or "").split(":", 1)[-1].strip() if (error.msg or "").startswith("Parser error") else error.msg or ""
    place = _build_place_values(text, error.lineno or 1, max(error.offset or 1, 1))
    return ("load.syntax", {"file": path, "format": detect_format(path, text), "reason": reason[:_LINE_WIDTH], **place})


def _build_place_values(text: str, line: int, column: int) -> dict[str, object]:
    """Return a place in a text, with the line and a mark below it."""
    lines = text.split("\n")
    number = min(max(line, 1), len(lines))
    written = lines[number - 1].rstrip("\r")
    start = max(0, column - _LINE_WIDTH // 2)
    pointer = " " * (min(column - 1, len(written)) - start) + "^"
    return {"line": number, "column": column, "shown": written[start : start + _LINE_WIDTH], "pointer": pointer}


def _parse_json_ld(path: Path, text: str, base: str) -> list[Quad]:
    """Read JSON-LD. Our own context may be named by its address; no other is fetched.

    Raises:
        UserError: the text is not JSON or not JSON-LD, names a context elsewhere, or has a key that its context does not define.
    """
    dropped: list[str] = []
    try:
        document = json.loads(text)
        if not isinstance(document, dict | list):
            raise TypeError(type(document).__name__)
        options = {"base": base, "documentLoader": load_own_context}
        expanded = jsonld.expand(document, options, on_property_dropped=lambda key: dropped.append(str(key)))
        quads: str = jsonld.to_rdf(expanded, {**options, "format": "application/n-quads"})
        if dropped:
            raise UserError(*(("load.json-ld-key", {"file": path, "key": key}) for key in sorted(set(dropped))))
        return list(parse(quads, format=RdfFormat.N_QUADS))
    except json.JSONDecodeError as error:
        raise UserError(("load.json", {"file": path, **_build_place_values(text, error.lineno, error.colno)})) from None
    except RecursionError:
        raise UserError(("load.nesting", {"file": path})) from None
    except (jsonld.JsonLdError, RemoteContextError, SyntaxError, ValueError, TypeError, AttributeError, KeyError) as error:
        # PyLD meets some faulty documents with a plain Python error.
        raise UserError(
            _find_refused_context(path, error) or ("load.json-ld", {"file": path, "reason": _format_json_ld_error(error)})
        ) from None


def _format_json_ld_error(error: BaseException) -> str:
    """Return what PyLD says is wrong, in one line."""
    code = getattr(error, "code", None)
    return str(code or error).split("\n", 1)[0][:_LINE_WIDTH] or type(error).__name__


def _find_refused_context(path: Path, error: BaseException | None) -> Message | None:
    """Return the message for a context that may not be fetched, where `error` comes of one."""
    while error is not None:
        if isinstance(error, RemoteContextError):
            return ("load.remote-context", {"file": path, "address": error.args[0], "ours": f"{BASE}data/context.jsonld"})
        error = getattr(error, "cause", None) or error.__cause__ or error.__context__
    return None


class RemoteContextError(Exception):
    """A JSON-LD document names a context that is not ours."""


def load_own_context(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Serve our context, which lies in the project, and refuse all else. A document loader as PyLD wants it.

    Raises:
        ContextElsewhereError: another address was asked for.
    """
    if not _OWN_CONTEXT_PATTERN.fullmatch(url):
        raise RemoteContextError(url)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": json.loads(_read_own_context())}


@cache
def _read_own_context() -> str:
    """Return the text of our context, which is asked for anew with each node that is looked at."""
    return CONTEXT_FILE.read_text(encoding="utf-8")


def list_input_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that `paths` (files, folders or `-`) stand for, each once.

    Raises:
        UserError: a path does not exist, a folder cannot be read or holds no file we read, or a name ends otherwise.
    """
    files, problems = list[Path](), list[Message]()
    for path in paths:
        if path == STDIN:
            files.append(path)
        elif path.is_dir():
            found = _list_files_below(path, lambda message: problems.append(message))
            files.extend(found)
            if not found:
                problems.append(("load.no-turtle", {"file": path}))
        elif path.exists() or path.is_symlink():
            files.append(path)
        else:
            problems.append(("load.missing", {"file": path}))
    if problems:
        raise UserError(*problems)
    return list(dict.fromkeys(make_absolute(path) for path in files))


def _list_files_below(folder: Path, tell: Callable[[Message], None]) -> list[Path]:
    """Return every file below `folder` that has one of our endings, sorted; call `tell` of each folder that cannot be read."""

    def report_error(error: OSError) -> None:
        tell(("load.unreadable", {"file": error.filename, "reason": error.strerror or type(error).__name__}))

    return sorted(
        Path(place) / name
        for place, _, names in os.walk(folder, onerror=report_error)
        for name in names
        if Path(name).suffix.lower() in _FORMATS_BY_SUFFIX and not name.endswith(".json")
    )
