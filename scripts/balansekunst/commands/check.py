"""The commands that check: `validate` and `rules`."""

from pathlib import Path
from typing import Annotated

import typer

from balansekunst.checking.formats import FORMATS
from balansekunst.checking.report import LIMIT, Report
from balansekunst.checking.rules import page, table
from balansekunst.checking.validate import validate
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.terminal import progress


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    @app.command("validate", help=text("cli.help.validate", language))
    def validate_command(
        paths: Annotated[list[Path] | None, typer.Argument(help=text("cli.help.paths", language), show_default=False)] = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.format", language))] = "text",
        strict: Annotated[bool, typer.Option("--strict", help=text("cli.help.strict", language))] = False,
        limit: Annotated[int, typer.Option("--limit", min=1, help=text("cli.help.limit", language))] = LIMIT,
        lang: language_option = language,
    ) -> None:
        if format not in FORMATS:
            raise UserError(("cli.format", {"asked": format, "known": ", ".join(FORMATS)}))
        with progress() as shown:
            shown.add_task(text("build.validate", language), total=None)
            report = validate(Project.find(), paths or [], limit)
        typer.echo(FORMATS[format](report, language, Path.cwd()), nl=False)
        raise typer.Exit(exit_code(report, strict))

    @app.command("rules", help=text("cli.help.rules", language))
    def rules_command(
        id: Annotated[str | None, typer.Argument(help=text("cli.help.rule", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        typer.echo(page(project, id, language) if id else table(project, language))


def exit_code(report: Report, strict: bool = False) -> int:
    """Return 0 where the report conforms, else 1. With `strict` a warning is enough for 1."""
    return 0 if report.conforms and not (strict and report.count("warning")) else 1
