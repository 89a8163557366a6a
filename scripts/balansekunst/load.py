"""Read source files into one in-memory store, each file in a named graph of its own. Nothing else reads source files."""

import os
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from balansekunst.messages import UserError
from balansekunst.project import BASE, turtle_files

GRAPH_PREFIX = f"{BASE}graph/"
INFERRED = NamedNode(f"{GRAPH_PREFIX}inferred")
LINE_WIDTH = 160


def graph_name(path: Path, root: Path) -> NamedNode:
    """Return the name of the graph that holds `path`: its path below `root` without the ending, or its file name elsewhere."""
    path = absolute(path)
    name = path.relative_to(root).with_suffix("").as_posix() if path.is_relative_to(root) else f"given/{path.as_posix().lstrip('/')}"
    return NamedNode(GRAPH_PREFIX + "".join(c if c.isalnum() or c in "/-_." else "-" for c in name))


def absolute(path: Path) -> Path:
    """Return `path` from the root of the file system, keeping links as they are: a linked folder is still the project's."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links


def graph_files(files: Iterable[Path], root: Path) -> dict[str, Path]:
    """Return each file by the name of its graph."""
    return {graph_name(file, root).value: file for file in files}


def read(path: Path, graph: NamedNode) -> list[Quad]:
    """Parse one Turtle file into quads of `graph`. Blank nodes get names that clash with no other file's.

    Raises:
        UserError: the file is missing, is not UTF-8, is empty or breaks Turtle's syntax (with line and column).
    """
    try:
        data = path.read_bytes()
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(("load.encoding", {"file": path, "line": line})) from None
    except OSError as error:
        raise UserError(("load.unreadable", {"file": path, "why": error.strerror or type(error).__name__})) from None
    if not content.strip():
        raise UserError(("load.empty", {"file": path}))
    try:
        triples = parse(content, format=RdfFormat.TURTLE, base_iri=BASE, rename_blank_nodes=True)
        return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]
    except SyntaxError as error:
        raise UserError(syntax_message(path, content, error)) from None


def syntax_message(path: Path, content: str, error: SyntaxError) -> tuple[str, dict[str, object]]:
    """Say where a syntax error stands, and show the line."""
    lines = content.splitlines()
    number = min(max(error.lineno or 1, 1), len(lines))
    column = max(error.offset or 1, 1)
    reason = (error.msg or "").split(":", 1)[-1].strip() if (error.msg or "").startswith("Parser error") else error.msg
    start = max(0, column - LINE_WIDTH // 2)
    shown = lines[number - 1][start : start + LINE_WIDTH]
    pointer = " " * (min(column - 1, len(lines[number - 1])) - start) + "^"
    return ("load.syntax", {"file": path, "line": number, "column": column, "why": reason, "shown": shown, "pointer": pointer})


def load(files: Iterable[Path], root: Path) -> Store:
    """Read `files` into a new store.

    Raises:
        UserError: with one message for each file that cannot be read; nothing is returned then.
    """
    store, problems = Store(), list[tuple[str, dict[str, object]]]()
    for path in files:
        try:
            store.bulk_extend(read(path, graph_name(path, root)))
        except UserError as error:
            problems.extend(error.messages)
    if problems:
        raise UserError(*problems)
    return store


def given_files(paths: Iterable[Path]) -> list[Path]:
    """Return the Turtle files that `paths` (files or folders) stand for.

    Raises:
        UserError: a path does not exist, or a folder holds no Turtle file.
    """
    files, problems = list[Path](), list[tuple[str, dict[str, object]]]()
    for path in paths:
        if path.is_dir():
            found = turtle_files(path)
            files.extend(found)
            if not found:
                problems.append(("load.no-turtle", {"file": path}))
        elif path.exists():
            files.append(path)
        else:
            problems.append(("load.missing", {"file": path}))
    if problems:
        raise UserError(*problems)
    return list(dict.fromkeys(absolute(path) for path in files))
