"""The command `balansekunst`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from balansekunst import __version__
from balansekunst.answers import ANSWER_FORMATS
from balansekunst.catalogue import ask, catalogue, chosen, find_question
from balansekunst.formats import FORMATS
from balansekunst.infer import infer
from balansekunst.load import Message, load
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, UserError, text
from balansekunst.project import Project
from balansekunst.publish import publish
from balansekunst.report import LIMIT, Report
from balansekunst.rules import page, table
from balansekunst.validate import validate


def language_wanted(arguments: list[str]) -> str:
    """Return the language that the command line or the environment (`BALANSEKUNST_LANG`) asks for, before anything is parsed.

    Raises:
        UserError: the language is not one of ours.
    """
    asked = os.environ.get("BALANSEKUNST_LANG", DEFAULT_LANGUAGE)
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            asked = arguments[position + 1]
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    if asked not in LANGUAGES:
        raise UserError(("cli.language", {"asked": asked}))
    return asked


def application(language: str) -> typer.Typer:
    """Return the command with its help in `language`."""
    app = typer.Typer(
        help=text("cli.help", language),
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    def show_version(wanted: bool) -> None:
        if wanted:
            typer.echo(__version__)
            raise typer.Exit

    @app.callback()
    def main(
        version: Annotated[
            bool, typer.Option("--version", help=text("cli.help.version", language), callback=show_version, is_eager=True)
        ] = False,
        lang: language_option = language,
    ) -> None:
        pass

    @app.command("build", help=text("cli.help.build", language))
    def build_command(lang: language_option = language) -> None:
        raise typer.Exit(build(Project.find(), language))

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

    @app.command("query", help=text("cli.help.query", language))
    def query_command(
        name: Annotated[str | None, typer.Argument(help=text("cli.help.question", language), show_default=False)] = None,
        param: Annotated[list[str] | None, typer.Option("--param", help=text("cli.help.param", language), show_default=False)] = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.answer-format", language))] = "table",
        out: Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        if format not in ANSWER_FORMATS:
            raise UserError(("cli.format", {"asked": format, "known": ", ".join(ANSWER_FORMATS)}))
        written = answered(project, name, param or [], format, language) if name else listed(project, language)
        if out:
            write_whole(out, written)
        else:
            typer.echo(written, nl=False)

    return app


def listed(project: Project, language: str) -> str:
    """Return every question of the catalogue as a line."""
    lines = [f"{q.number:<4} {q.id:<28} {q.question[language]}" for q in catalogue(project).values()]
    return "\n".join([*lines, "", text("query.more", language)]) + "\n"


def answered(project: Project, name: str, settings: list[str], format: str, language: str) -> str:
    """Return the answer to a question.

    Raises:
        UserError: there is no such question or parameter, or nothing is called that.
    """
    faulty: list[Message] = [("query.setting", {"given": setting}) for setting in settings if "=" not in setting]
    if faulty:
        raise UserError(*faulty)
    question = find_question(project, name)
    store = load(project.sources(), project.root)
    infer(store, project)
    given = dict(setting.split("=", 1) for setting in settings)
    return ANSWER_FORMATS[format](ask(store, question, chosen(question, given, store)), question, language)


def write_whole(path: Path, written: str) -> None:
    """Write a file beside its place and swap it in, so that nothing half-written is left.

    Raises:
        UserError: the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(written, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise UserError(("build.write", {"folder": path, "why": error.strerror or type(error).__name__})) from None


def exit_code(report: Report, strict: bool = False) -> int:
    """Return 0 where the report conforms, else 1. With `strict` a warning is enough for 1."""
    return 0 if report.conforms and not (strict and report.count("warning")) else 1


def build(project: Project, language: str) -> int:
    """Load, validate, infer and publish the project. Return the exit code.

    Stops after validation, with the report, when the data breaks a rule.
    """
    with progress() as shown:
        task = shown.add_task(text("build.validate", language), total=None)
        report = validate(project)
        if report.conforms:
            shown.update(task, description=text("build.load", language))
            store = load(project.sources(), project.root)
            shown.update(task, description=text("build.infer", language))
            infer(store, project)
            shown.update(task, description=text("build.publish", language))
            summary = publish(store, project)
    if not report.conforms:
        typer.echo(FORMATS["text"](report, language, project.root), err=True, nl=False)
        typer.echo(text("build.stopped", language, folder=project.output), err=True)
        return 1
    counts = {
        "standards": summary.count("CompetenceStandard"),
        "key_competences": summary.count("KeyCompetence"),
        "outcomes": summary.count("LearningOutcome"),
        "competences": summary.count("Competence"),
    }
    typer.echo(text("build.done", language, triples=summary.triples, folder=project.output, **counts))
    return 0


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


def run() -> None:
    """Run the command line. Faults that the user can mend become sentences, never a traceback."""
    language = DEFAULT_LANGUAGE
    try:
        language = language_wanted(sys.argv[1:])
        application(language)(prog_name="balansekunst")
    except UserError as error:
        for sentence in error.sentences(language):
            print(sentence, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(text("cli.interrupted", language), file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("BALANSEKUNST_TRACE"):
            raise
        why = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        print(text("cli.unexpected", language, why=why), file=sys.stderr)
        sys.exit(3)
