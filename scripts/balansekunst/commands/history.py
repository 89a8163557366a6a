"""The commands on what is published: `diff`, `release` and `scorecard`."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Quad, Triple

from balansekunst.commands.make import load_valid_data
from balansekunst.commands.terminal import choose_format, create_progress, select_writer, write_file_atomically, write_output
from balansekunst.errors import UserError
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.rdf.patch import build_patch
from balansekunst.site import scorecard
from balansekunst.version import __version__
from balansekunst.versions.change_text import format_diff, serialize_diff
from balansekunst.versions.diff import Diff, compare_graphs
from balansekunst.versions.releases import (
    build_published_list,
    collect_current_statements,
    create_release,
    find_release_problems,
    list_citation_gaps,
    list_release_files,
    read_statements,
)
from balansekunst.versions.standard_diff import align_standards, are_standards

_DIFF_FORMATS: dict[str, Callable[[Diff, Project, str], str]] = {
    "text": format_diff,
    "json": lambda diff, project, language: serialize_diff(diff, project),
    "rdfpatch": lambda diff, project, language: build_patch(map(_build_quad, diff.removed), map(_build_quad, diff.added)),
}


_SCORECARD_FORMATS: dict[str, Callable[[list[scorecard.CriterionResult], list[scorecard.Judge], str], str]] = {
    "text": scorecard.format_scorecard,
    "json": lambda results, judges, language: (
        json.dumps(scorecard.build_scorecard_document(results, judges), ensure_ascii=False, indent=1) + "\n"
    ),
}


def _build_quad(triple: Triple) -> Quad:
    """Return a statement of the default graph."""
    return Quad(triple.subject, triple.predicate, triple.object)


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    @app.command("diff", help=format_message("cli.help.diff", language))
    def run_diff(
        old: Annotated[str, typer.Argument(help=format_message("cli.help.old", language), show_default=False)],
        new: Annotated[str | None, typer.Argument(help=format_message("cli.help.new", language), show_default=False)] = None,
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("cli.help.diff-format", language), show_default=False)
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.out", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        format = choose_format(format, out, "text")
        write = select_writer(_DIFF_FORMATS, format)
        project = Project.find()
        with create_progress() as shown:
            shown.add_task(format_message("build.load", language), total=None)
            if new and are_standards(old, new):
                before, after = align_standards(project, old, new)
            else:
                before = read_statements(project, old)
                after = read_statements(project, new) if new else collect_current_statements(project)
            diff = compare_graphs(before, after, project)
        write_output(write(diff, project, language), out, format)
        raise typer.Exit(1 if diff.changes else 0)

    @app.command("scorecard", help=format_message("cli.help.scorecard", language))
    def run_scorecard(
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("cli.help.scorecard-format", language), show_default=False)
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.out", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        format = choose_format(format, out, "text")
        write = select_writer(_SCORECARD_FORMATS, format)
        project = Project.find()
        results = scorecard.evaluate_criteria(scorecard.PublishedOutput(project.output, project))
        write_output(write(results, scorecard.read_judges(project), language), out, format)
        raise typer.Exit(1 if scorecard.count_outcomes(results)[scorecard.FAIL] else 0)

    @app.command("release", help=format_message("cli.help.release", language))
    def run_release(
        version: Annotated[
            str | None, typer.Argument(help=format_message("cli.help.release-version", language), show_default=False)
        ] = None,
        date: Annotated[
            str | None, typer.Option("--date", help=format_message("cli.help.release-date", language), show_default=False)
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=format_message("cli.help.dry-run", language))] = False,
        only_iris: Annotated[bool, typer.Option("--only-iris", help=format_message("cli.help.only-iris", language))] = False,
        lang: language_option = language,
    ) -> None:
        raise typer.Exit(_create_release(Project.find(), version, date or datetime.date.today().isoformat(), only_iris, dry_run, language))


def _create_release(project: Project, version: str | None, date: str, only_iris: bool, dry_run: bool, language: str) -> int:
    """Release a version, or only list its IRIs. Return the exit code: 1 if the data violate a rule, or a published IRI is missing.

    Args:
        project: what is released.
        version: the number; only a list of IRIs can do without.
        date: the day.
        only_iris: whether only IRIs are listed.
        dry_run: whether to say what would be written, and write nothing.
        language: of the messages.

    Raises:
        UserError: it cannot be released so; nothing is changed then.
    """
    if project.is_installed:
        raise UserError(("versions.installed", {}))
    if version is None and not only_iris:
        raise UserError(("versions.no-number", {"current": __version__}))
    version = version or __version__
    problems = [] if only_iris else find_release_problems(project, version, date)
    if problems:
        raise UserError(*problems)
    with create_progress() as shown:
        store = load_valid_data(project, language, shown)
        if store is None:
            return 1
        if only_iris or dry_run:
            listed, new = build_published_list(project, store, version)
            number = listed.count("\n") - 1
            if not dry_run:
                write_file_atomically(project.published_iris_file, listed)
        else:
            file, number, new = create_release(project, version, date)
    typer.echo(format_message("versions.iris", language, number=number, new=new, file=project.published_iris_file))
    if dry_run:
        files = [project.published_iris_file] if only_iris else list_release_files(project, version)
        typer.echo(format_message("versions.dry-run", language, files="\n".join(f"  {path}" for path in files)))
    elif not only_iris:
        typer.echo(format_message("versions.released", language, version=version, file=file))
    for key, values in () if only_iris else list_citation_gaps(project):
        typer.echo(format_message(key, language, **values))
    return 0
