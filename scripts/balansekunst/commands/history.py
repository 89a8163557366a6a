"""The commands on what is published: `diff`, `release` and `scorecard`."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Quad, Triple

from balansekunst import __version__
from balansekunst.commands.make import checked_data
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.publication import scorecard
from balansekunst.publication.changelog import as_json, told
from balansekunst.publication.diff import Diff, compare
from balansekunst.publication.patch import patch
from balansekunst.publication.variants import are_standards, side_by_side
from balansekunst.publication.versions import present_statements, published_list, release, release_problems, statements
from balansekunst.terminal import known, progress, put, write_whole

FORMATS: dict[str, Callable[[Diff, Project, str], str]] = {
    "text": told,
    "json": lambda diff, project, language: as_json(diff, project),
    "rdfpatch": lambda diff, project, language: patch(map(quad, diff.removed), map(quad, diff.added)),
}


CARD_FORMATS: dict[str, Callable[[list[scorecard.Result], str], str]] = {
    "text": scorecard.told,
    "json": lambda results, language: json.dumps(scorecard.as_data(results), ensure_ascii=False, indent=1) + "\n",
}


def quad(triple: Triple) -> Quad:
    """Return a statement of the default graph."""
    return Quad(triple.subject, triple.predicate, triple.object)


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    @app.command("diff", help=text("cli.help.diff", language))
    def diff_command(
        old: Annotated[str, typer.Argument(help=text("cli.help.old", language), show_default=False)],
        new: Annotated[str | None, typer.Argument(help=text("cli.help.new", language), show_default=False)] = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.diff-format", language))] = "text",
        out: Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        write = known(FORMATS, format)
        project = Project.find()
        with progress() as shown:
            shown.add_task(text("build.load", language), total=None)
            if new and are_standards(old, new):
                before, after = side_by_side(project, old, new)
            else:
                before = statements(project, old)
                after = statements(project, new) if new else present_statements(project)
            diff = compare(before, after, project)
        put(write(diff, project, language), out, format)
        raise typer.Exit(1 if diff.changes else 0)

    @app.command("scorecard", help=text("cli.help.scorecard", language))
    def scorecard_command(
        format: Annotated[str, typer.Option("--format", help=text("cli.help.scorecard-format", language))] = "text",
        out: Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        write = known(CARD_FORMATS, format)
        project = Project.find()
        results = scorecard.scorecard(scorecard.Output(project.output, project))
        put(write(results, language), out, format)
        raise typer.Exit(1 if scorecard.counted(results)[scorecard.FAILS] else 0)

    @app.command("release", help=text("cli.help.release", language))
    def release_command(
        version: Annotated[str | None, typer.Argument(help=text("cli.help.release-version", language), show_default=False)] = None,
        date: Annotated[str | None, typer.Option("--date", help=text("cli.help.release-date", language), show_default=False)] = None,
        only_iris: Annotated[bool, typer.Option("--only-iris", help=text("cli.help.only-iris", language))] = False,
        lang: language_option = language,
    ) -> None:
        raise typer.Exit(release_as(Project.find(), version or __version__, date or datetime.date.today().isoformat(), only_iris, language))


def release_as(project: Project, version: str, date: str, only_iris: bool, language: str) -> int:
    """Release a version, or only list its IRIs. Return the exit code: 1 where the data break a rule, or lack what is published.

    Raises:
        UserError: it cannot be released so; nothing is changed then.
    """
    problems = [] if only_iris else release_problems(project, version, date)
    if problems:
        raise UserError(*problems)
    with progress() as shown:
        store = checked_data(project, language, shown)
        if store is None:
            return 1
        if only_iris:
            listed, new = published_list(project, store, version)
            write_whole(project.published, listed)
            number = listed.count("\n") - 1
        else:
            file, number, new = release(project, version, date)
    typer.echo(text("versions.iris", language, number=number, new=new, file=project.published))
    if not only_iris:
        typer.echo(text("versions.released", language, version=version, file=file))
    return 0
