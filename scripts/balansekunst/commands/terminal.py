"""What the commands share: progress, files written whole, formats, and the dataset opened."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from balansekunst.dataset import Dataset
from balansekunst.errors import Message, UserError
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.replacement import replace_file

_Writer = TypeVar("_Writer")


_FORMATS_BY_ENDING = {
    ".sssom.tsv": "sssom",
    **{f".{name}": name for name in ("csv", "tsv", "json", "jsonl", "md", "xlsx", "html", "svg")},
    ".ttl": "turtle",
    ".rdfp": "rdfpatch",
}
"""The formats that endings of files name. Any other is a text."""


def select_writer(formats: Mapping[str, _Writer], format: str, problems: list[Message] | None = None) -> _Writer:
    """Return what writes a format.

    Raises:
        UserError: there is no such format, or there are other problems; all at once.
    """
    unknown: list[Message] = [] if format in formats else [("cli.format", {"value": format, "allowed": ", ".join(formats)})]
    if problems or unknown:
        raise UserError(*(problems or []), *unknown)
    return formats[format]


def choose_format(format: str | None, out: Path | None, default: str) -> str:
    """Return the format that is asked for, else that of the ending of the file to write, else `default`."""
    ending = out.name.lower() if out else ""
    return format or next((name for known, name in _FORMATS_BY_ENDING.items() if ending.endswith(known)), default)


def open_dataset(project: Project, extra: list[Path] | None, language: str) -> Dataset:
    """Return the dataset, with additional files."""
    with create_progress() as shown:
        shown.add_task(format_message("build.load", language), total=None)
        return Dataset(project, extra or [])


def write_output(written: str | bytes, out: Path | None, format: str) -> None:
    """Write to a file, or to the terminal if none is given.

    Raises:
        UserError: the file cannot be written, or what is no text has no file to go to.
    """
    if out:
        write_file_atomically(out, written)
    elif isinstance(written, bytes):
        raise UserError(("query.binary", {"format": format}))
    else:
        typer.echo(written, nl=False)


def write_file_atomically(path: Path, written: str | bytes) -> None:
    """Write a file so that a partly written one is never left.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        with replace_file(path) as beside:
            beside.write_bytes(written if isinstance(written, bytes) else written.encode())
    except OSError as error:
        raise UserError(("build.write", {"folder": path, "reason": error.strerror or type(error).__name__})) from None


def create_progress() -> Progress:
    """Return a progress line that shows on a terminal and is quiet elsewhere."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def complete_slug(kind: str) -> Callable[[str], list[str]]:
    """Return what completes the slugs of roles (`role`), competences (`competence`) or the questions (`question`) on the command line."""

    def complete(incomplete: str) -> list[str]:
        project = Project.find()
        if kind == "question":
            found = {path.stem for path in project.list_question_files()}
        else:
            # The files are not parsed: the shell waits for the answer.
            described = re.compile(rf"^<{kind}/([a-z0-9-]+)>\s+a\s", re.MULTILINE)
            found = {slug for path in project.list_sources() for slug in described.findall(path.read_text(encoding="utf-8"))}
        return sorted(slug for slug in found if slug.startswith(incomplete))

    return complete


def is_within(path: Path, folder: Path) -> bool:
    """Return whether a file would lie in a folder or below it."""
    return path.resolve().is_relative_to(folder.resolve())
