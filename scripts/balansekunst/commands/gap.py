"""The command `gap`: from competence mapping through gap analysis to measures."""

from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import NamedNode

from balansekunst.commands.terminal import choose_format, complete_slug, create_progress, open_dataset, select_writer, write_output
from balansekunst.dataset import Dataset
from balansekunst.errors import Message, UserError
from balansekunst.gap.analysis import Gap, analyse_gap
from balansekunst.gap.group_sheet import INDIVIDUAL_CLASS, SHEET_SUFFIXES, Group, read_group
from balansekunst.gap.report_formats import GAP_FORMATS
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.sparql.catalogue import resolve


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the command to `app`, with its help in `language`."""

    @app.command("gap", help=format_message("cli.help.gap", language))
    def run_gap(
        role: Annotated[
            str,
            typer.Option(
                "--role", help=format_message("cli.help.gap-role", language), show_default=False, autocompletion=complete_slug("role")
            ),
        ],
        who: Annotated[str, typer.Option("--who", help=format_message("cli.help.gap-who", language), show_default=False)],
        data: Annotated[
            list[Path] | None, typer.Option("--data", help=format_message("cli.help.data", language), show_default=False)
        ] = None,
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("cli.help.gap-format", language), show_default=False)
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.out", language), show_default=False)] = None,
        lang: Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))] = language,
    ) -> None:
        format = choose_format(format, out, "table")
        write = select_writer(GAP_FORMATS, format)
        dataset = open_dataset(Project.find(), data, language)
        with create_progress() as shown:
            shown.add_task(format_message("gap.work", language), total=None)
            gap = find_gap(dataset, role, who)
        write_output(write(gap, language), out, format)


def find_gap(dataset: Dataset, role: str, who: str) -> Gap:
    """Return the gap between the individuals that `who` names and a role.

    Raises:
        UserError: no role is called that or it has no key competences, the sheet has errors, or no individual is called that; all at once.
    """
    problems = list[Message]()
    group, target = Group({}), NamedNode(dataset.project.base)
    try:
        target = dataset.find_role(role)
    except UserError as error:
        problems += error.messages
    try:
        group = _find_group(dataset, who)
    except UserError as error:
        problems += error.messages
    if problems:
        raise UserError(*problems)
    return analyse_gap(dataset.store, dataset.project, target, group)


def _find_group(dataset: Dataset, who: str) -> Group:
    """Return the people of a sheet, or the one that a description in the graph is of.

    Raises:
        UserError: the sheet has errors, or no individual is called that.
    """
    path = Path(who)
    if path.suffix.lower() in SHEET_SUFFIXES or path.is_file():
        return read_group(path, dataset.store, dataset.project)
    return Group({resolve(INDIVIDUAL_CLASS, who, dataset.store, "--who", dataset.project.bases): ()})
