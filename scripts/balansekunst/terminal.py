"""What the commands share: progress, files written whole, formats, and the dataset opened."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from balansekunst.dataset import Dataset
from balansekunst.load import Message
from balansekunst.messages import UserError, text
from balansekunst.project import Project

Writer = TypeVar("Writer")


def known(formats: Mapping[str, Writer], format: str, problems: list[Message] | None = None) -> Writer:
    """Return what writes a format.

    Raises:
        UserError: there is no such format, or there are other problems to tell of; all at once.
    """
    unknown: list[Message] = [] if format in formats else [("cli.format", {"asked": format, "known": ", ".join(formats)})]
    if problems or unknown:
        raise UserError(*(problems or []), *unknown)
    return formats[format]


def opened(project: Project, extra: list[Path] | None, language: str) -> Dataset:
    """Return the dataset, with files beside it."""
    with progress() as shown:
        shown.add_task(text("build.load", language), total=None)
        return Dataset(project, extra or [])


def put(written: str | bytes, out: Path | None, format: str) -> None:
    """Write to a file, or to the terminal where there is none.

    Raises:
        UserError: the file cannot be written, or what is no text has no file to go to.
    """
    if out:
        write_whole(out, written)
    elif isinstance(written, bytes):
        raise UserError(("query.binary", {"format": format}))
    else:
        typer.echo(written, nl=False)


def write_whole(path: Path, written: str | bytes) -> None:
    """Write a file beside its place and swap it in, so that nothing half-written is left.

    Raises:
        UserError: the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(written if isinstance(written, bytes) else written.encode())
        beside.replace(path)
    except OSError as error:
        raise UserError(("build.write", {"folder": path, "why": error.strerror or type(error).__name__})) from None


def progress() -> Progress:
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
