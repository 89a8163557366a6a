"""Read source files into one in-memory store, each file in a named graph of its own. Nothing else reads source files.

Turtle, TriG, N-Triples and JSON-LD are read; RDF/XML is not, since XML brings entities that a file can blow up with.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from balansekunst.messages import UserError
from balansekunst.project import BASE, Project, bases

GRAPHS = "graph/"
"""What the names of graphs have after the base."""
GRAPH_PREFIX = f"{BASE}{GRAPHS}"
INFERRED = NamedNode(f"{GRAPH_PREFIX}inferred")
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
STDIN = Path("-")
LARGEST = 32 * 2**20
"""Bytes in one file. A standard is some 100 kB."""
MOST = 300_000
"""Statements in one file. A standard has below 2,000; each takes some 2 kB while it is checked."""
LONGEST_LITERAL = 100_000
"""Characters in one literal. The longest in the documents is below 2,000."""
LINE_WIDTH = 160

Message = tuple[str, dict[str, object]]
Term = NamedNode | BlankNode | Literal | Triple


def graph_name(path: Path, root: Path) -> NamedNode:
    """Return the name of the graph that holds `path`: its path below `root` without the ending, or its file name elsewhere.

    A file of another project that was opened is named by that project's base.
    """
    path, own = absolute(path), bases.get(root, BASE)
    folders = [root, *(folder for folder, base in bases.items() if base != own)]
    holder = max((folder for folder in folders if path.is_relative_to(folder)), key=lambda folder: len(folder.parts), default=None)
    name = path.relative_to(holder).with_suffix("").as_posix() if holder else f"given/{path.as_posix().lstrip('/')}"
    prefix = f"{bases.get(holder or root, BASE)}{GRAPHS}"
    return NamedNode(prefix + "".join(c if c.isalnum() or c in "/-_." else "-" for c in name))


def base_for(path: Path) -> str:
    """Return the base that relative addresses in a file start from: that of the project that it lies in, else the method's."""
    holders = [folder for folder in bases if absolute(path).is_relative_to(folder)]
    return bases[max(holders, key=lambda folder: len(folder.parts))] if holders else BASE


def absolute(path: Path) -> Path:
    """Return `path` from the root of the file system, keeping links as they are: a linked folder is still the project's."""
    return path if path == STDIN else Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links


def graph_files(files: Iterable[Path], root: Path) -> dict[str, Path]:
    """Return each file by the name of its graph."""
    return {graph_name(file, root).value: file for file in files}


@cache
def standard_input() -> bytes:
    """Return what is piped in. It can be taken only once, so it is kept."""
    return sys.stdin.buffer.read(LARGEST + 1)


def content(path: Path) -> str:
    """Return the text of a file, or of what is piped in when `path` is `-`.

    Raises:
        UserError: it is missing, is too large, is empty, or is not UTF-8 (with the line).
    """
    try:
        if path == STDIN:
            data = standard_input()
        else:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(("load.unreadable", {"file": path, "why": error.strerror or type(error).__name__})) from None
    if len(data) > LARGEST:
        raise UserError(("load.too-large", {"file": path, "limit": LARGEST // 2**20}))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(("load.encoding", {"file": path, "line": line})) from None
    if not text.strip():
        raise UserError(("load.empty", {"file": path}))
    return text


def format_of(path: Path, text: str) -> RdfFormat:
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
    if path.suffix.lower() not in FORMATS:
        raise UserError(("load.format", {"file": path, "known": ", ".join(FORMATS)}))
    return FORMATS[path.suffix.lower()]


def read(path: Path, graph: NamedNode) -> list[Quad]:
    """Read one file into quads of `graph`, in the order the file has them.

    Blank nodes are named by graph and order, so that they clash with no other file's and are the same each time.

    Raises:
        UserError: the file is missing, too large, empty, not UTF-8, breaks the syntax of its format (with line and column), or
            uses what the graph cannot hold.
    """
    text = content(path)
    format = format_of(path, text)
    if format == RdfFormat.JSON_LD:
        return in_graph(json_ld_quads(path, text), graph, path)
    try:
        base = None if format == RdfFormat.N_TRIPLES else base_for(path)
        return in_graph(parse(text, format=format, base_iri=base), graph, path)
    except SyntaxError as error:
        raise UserError(syntax_message(path, text, error)) from None


def in_graph(parsed: Iterable[Quad], graph: NamedNode, path: Path) -> list[Quad]:
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
        if len(quads) == MOST:
            raise UserError(("load.too-many", {"file": path, "limit": MOST}))
        if isinstance(object, Literal) and (length := len(object.value)) > LONGEST_LITERAL:
            raise UserError(("load.literal", {"file": path, "subject": subject, "length": length, "limit": LONGEST_LITERAL}))
        if isinstance(subject, BlankNode):
            subject = names.setdefault(subject, BlankNode(f"{prefix}{len(names)}"))
        if isinstance(object, BlankNode):
            object = names.setdefault(object, BlankNode(f"{prefix}{len(names)}"))
        quads.append(Quad(subject, quad.predicate, object, graph))
    return quads


def syntax_message(path: Path, text: str, error: SyntaxError) -> Message:
    """Say where a syntax error stands, and show the line."""
    lines = text.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    line = lines[number - 1].rstrip("\r")
    column = max(error.offset or 1, 1)
    reason = (error.msg or "").split(":", 1)[-1].strip() if (error.msg or "").startswith("Parser error") else error.msg or ""
    start = max(0, column - LINE_WIDTH // 2)
    values = {
        "file": path,
        "line": number,
        "column": column,
        "format": format_of(path, text),
        "why": reason[:LINE_WIDTH],
        "shown": line[start : start + LINE_WIDTH],
        "pointer": " " * (min(column - 1, len(line)) - start) + "^",
    }
    return ("load.syntax", values)


def json_ld_quads(path: Path, text: str) -> list[Quad]:
    """Read JSON-LD. Our own context may be named by its address; no other is fetched.

    Raises:
        UserError: the text is not JSON or not JSON-LD, names a context elsewhere, or has a key that its context does not define.
    """
    dropped: list[str] = []
    try:
        document = json.loads(text)
        if not isinstance(document, dict | list):
            raise TypeError(type(document).__name__)
        options = {"base": base_for(path), "documentLoader": only_our_context}
        expanded = jsonld.expand(document, options, on_property_dropped=lambda key: dropped.append(str(key)))
        quads: str = jsonld.to_rdf(expanded, {**options, "format": "application/n-quads"})
        if dropped:
            raise UserError(*(("load.json-ld-key", {"file": path, "key": key}) for key in sorted(set(dropped))))
        return list(parse(quads, format=RdfFormat.N_QUADS))
    except json.JSONDecodeError as error:
        reason = SyntaxError(error.msg)
        reason.lineno, reason.offset = error.lineno, error.colno
        raise UserError(syntax_message(path, text, reason)) from None
    except RecursionError:
        raise UserError(("load.nesting", {"file": path})) from None
    except (jsonld.JsonLdError, ContextElsewhereError, SyntaxError, ValueError, TypeError, AttributeError, KeyError) as error:
        # PyLD meets some faulty documents with a plain Python error.
        raise UserError(context_refused(path, error) or ("load.json-ld", {"file": path, "why": json_ld_reason(error)})) from None


def json_ld_reason(error: BaseException) -> str:
    """Return what PyLD says is wrong, in one line."""
    code = getattr(error, "code", None)
    return str(code or error).split("\n", 1)[0][:LINE_WIDTH] or type(error).__name__


def context_refused(path: Path, error: BaseException | None) -> Message | None:
    """Return the message for a context that may not be fetched, where `error` comes of one."""
    while error is not None:
        if isinstance(error, ContextElsewhereError):
            return ("load.remote-context", {"file": path, "address": error.args[0], "ours": f"{BASE}data/context.jsonld"})
        error = getattr(error, "cause", None) or error.__cause__ or error.__context__
    return None


class ContextElsewhereError(Exception):
    """A JSON-LD document names a context that is not ours."""


def only_our_context(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Serve our context, which lies in the project, and refuse all else. A document loader as PyLD wants it.

    Raises:
        ContextElsewhereError: another address was asked for.
    """
    if url != f"{BASE}data/context.jsonld":
        raise ContextElsewhereError(url)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": json.loads(our_context())}


@cache
def our_context() -> str:
    """Return the text of our context, which is asked for anew with each node that is looked at."""
    return Project.find(Path(__file__)).context.read_text(encoding="utf-8")


def load(files: Iterable[Path], root: Path) -> Store:
    """Read `files` into a new store.

    Raises:
        UserError: with one message for each file that cannot be read; nothing is returned then.
    """
    store, problems = Store(), list[Message]()
    for path in files:
        try:
            store.bulk_extend(read(path, graph_name(path, root)))
        except UserError as error:
            problems.extend(error.messages)
    if problems:
        raise UserError(*problems)
    return store


def given_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that `paths` (files, folders or `-`) stand for, each once.

    Raises:
        UserError: a path does not exist, a folder cannot be read or holds no file we read, or a name ends otherwise.
    """
    files, problems = list[Path](), list[Message]()
    for path in paths:
        if path == STDIN:
            files.append(path)
        elif path.is_dir():
            found = files_below(path, lambda message: problems.append(message))
            files.extend(found)
            if not found:
                problems.append(("load.no-turtle", {"file": path}))
        elif path.exists() or path.is_symlink():
            files.append(path)
        else:
            problems.append(("load.missing", {"file": path}))
    if problems:
        raise UserError(*problems)
    return list(dict.fromkeys(absolute(path) for path in files))


def files_below(folder: Path, tell: Callable[[Message], None]) -> list[Path]:
    """Return every file below `folder` that has one of our endings, sorted; call `tell` of each folder that cannot be read."""

    def refused(error: OSError) -> None:
        tell(("load.unreadable", {"file": error.filename, "why": error.strerror or type(error).__name__}))

    return sorted(
        Path(place) / name
        for place, _, names in os.walk(folder, onerror=refused)
        for name in names
        if Path(name).suffix.lower() in FORMATS and not name.endswith(".json")
    )
