"""The commands that check: `validate` and `rules`."""

from pathlib import Path
from typing import Annotated

import typer

from balansekunst.commands.terminal import create_progress, select_writer
from balansekunst.errors import Message
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.shacl.engines import DEFAULT_ENGINE, ENGINES
from balansekunst.shacl.report import DEFAULT_REPORT_LIMIT, Report
from balansekunst.shacl.report_formats import REPORT_FORMATS
from balansekunst.shacl.rule_pages import format_rule_list, format_rule_page
from balansekunst.shacl.validate import validate


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    @app.command("validate", help=format_message("cli.help.validate", language))
    def run_validate(
        paths: Annotated[list[Path] | None, typer.Argument(help=format_message("cli.help.paths", language), show_default=False)] = None,
        format: Annotated[str, typer.Option("--format", help=format_message("cli.help.format", language))] = "text",
        strict: Annotated[bool, typer.Option("--strict", help=format_message("cli.help.strict", language))] = False,
        limit: Annotated[int, typer.Option("--limit", min=1, help=format_message("cli.help.limit", language))] = DEFAULT_REPORT_LIMIT,
        engine: Annotated[str, typer.Option("--engine", help=format_message("cli.help.engine", language))] = DEFAULT_ENGINE,
        lang: language_option = language,
    ) -> None:
        unknown: list[Message] = [("cli.engine", {"value": engine, "allowed": ", ".join(ENGINES)})] if engine not in ENGINES else []
        write = select_writer(REPORT_FORMATS, format, unknown)
        with create_progress() as shown:
            shown.add_task(format_message("build.validate", language), total=None)
            report = validate(Project.find(), paths or [], limit, engine)
        echo_notes(report, language)
        typer.echo(write(report, language, Path.cwd()), nl=False)
        raise typer.Exit(_get_exit_code(report, strict))

    @app.command("rules", help=format_message("cli.help.rules", language))
    def run_rules(
        id: Annotated[str | None, typer.Argument(help=format_message("cli.help.rule", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        typer.echo(format_rule_page(project, id, language) if id else format_rule_list(project, language))


def echo_notes(report: Report, language: str) -> None:
    """Say on the standard error stream what to know of how a report was made."""
    for key, values in report.notes:
        typer.echo(format_message(key, language, **values), err=True)


def _get_exit_code(report: Report, strict: bool = False) -> int:
    """Return 0 where the report conforms, else 1. With `strict` a warning is enough for 1."""
    return 0 if report.conforms and not (strict and report.count("warning")) else 1
