"""The command that goes from mapping by way of gap to measures: `gap`."""

from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import NamedNode

from balansekunst.asking.catalogue import resolve
from balansekunst.dataset import Dataset
from balansekunst.gaps.formats import GAP_FORMATS
from balansekunst.gaps.gap import Gap, gap_of
from balansekunst.gaps.sheet import INDIVIDUAL, SHEETS, Group, read_group
from balansekunst.load import Message
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.terminal import known, opened, progress, put


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the command to `app`, with its help in `language`."""

    @app.command("gap", help=text("cli.help.gap", language))
    def gap_command(
        role: Annotated[str, typer.Option("--role", help=text("cli.help.gap-role", language), show_default=False)],
        who: Annotated[str, typer.Option("--who", help=text("cli.help.gap-who", language), show_default=False)],
        data: Annotated[list[Path] | None, typer.Option("--data", help=text("cli.help.data", language), show_default=False)] = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.gap-format", language))] = "table",
        out: Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)] = None,
        lang: Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))] = language,
    ) -> None:
        write = known(GAP_FORMATS, format)
        dataset = opened(Project.find(), data, language)
        with progress() as shown:
            shown.add_task(text("gap.work", language), total=None)
            gap = found(dataset, role, who)
        put(write(gap, language), out, format)


def found(dataset: Dataset, role: str, who: str) -> Gap:
    """Return the gap between those that `who` stands for and a role.

    Raises:
        UserError: no role is called that or it has no key competences, the sheet has faults, or no individual is called that; all at once.
    """
    problems = list[Message]()
    group, target = Group({}), NamedNode(dataset.project.base)
    try:
        target = dataset.role(role)
    except UserError as error:
        problems += error.messages
    try:
        group = those(dataset, who)
    except UserError as error:
        problems += error.messages
    if problems:
        raise UserError(*problems)
    return gap_of(dataset.store, dataset.project, target, group)


def those(dataset: Dataset, who: str) -> Group:
    """Return the people of a sheet, or the one that a description in the graph is of.

    Raises:
        UserError: the sheet has faults, or no individual is called that.
    """
    path = Path(who)
    if path.suffix.lower() in SHEETS or path.is_file():
        return read_group(path, dataset.store, dataset.project)
    return Group({resolve(INDIVIDUAL, who, dataset.store, "--who"): ()})
