"""The commands that make what is published: `build` and `publish`."""

from contextlib import suppress
from typing import Annotated

import typer
from pyoxigraph import Store
from rich.progress import Progress

from balansekunst import http_client
from balansekunst.build import InvalidDataError, find_summary, is_known_valid, pause_collection, publish, read_last_build
from balansekunst.commands.check import echo_notes
from balansekunst.commands.terminal import create_progress
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.extras import has_package
from balansekunst.infer import DEFAULT_REASONER, REASONERS
from balansekunst.inputs import Inputs
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.shacl.report import Report
from balansekunst.shacl.report_formats import REPORT_FORMATS
from balansekunst.shacl.validate import validate
from balansekunst.sparql.graph_store import UploadTarget, find_upload_target, upload
from balansekunst.version import __version__
from balansekunst.versions.releases import PublishedIri, build_missing_iri_message, find_missing_iris


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    @app.command("build", help=format_message("cli.help.build", language))
    def run_build(
        reasoner: Annotated[str, typer.Option("--reasoner", help=format_message("cli.help.reasoner", language))] = DEFAULT_REASONER,
        lang: language_option = language,
    ) -> None:
        if reasoner not in REASONERS:
            raise UserError(("cli.reasoner", {"value": reasoner, "allowed": ", ".join(REASONERS)}))
        raise typer.Exit(build_site(Project.find(), language, reasoner))

    @app.command("publish", help=format_message("cli.help.publish", language))
    def run_publish(
        to: Annotated[str, typer.Option("--to", help=format_message("cli.help.store", language), show_default=False)],
        update: Annotated[
            str | None, typer.Option("--update", help=format_message("cli.help.update", language), show_default=False)
        ] = None,
        endpoint: Annotated[
            str | None, typer.Option("--endpoint", help=format_message("cli.help.to-endpoint", language), show_default=False)
        ] = None,
        lang: language_option = language,
    ) -> None:
        raise typer.Exit(_publish_to_store(Project.find(), find_upload_target(to, endpoint, update), language))


def build_site(project: Project, language: str, reasoner: str = DEFAULT_REASONER) -> int:
    """Load, validate, infer and publish the project, as far as anything has changed since the last build. Return the exit code.

    Stops, with the report, when the data breaks a rule. Then what was published before stays.
    """
    inputs, last = Inputs(project, reasoner), read_last_build(project)
    summary = find_summary(last, inputs)
    report: Report | None = None
    lost = list[PublishedIri]()
    if summary is None:
        with create_progress() as shown, pause_collection():
            task = shown.add_task(format_message("build.load", language), total=None)
            # What cannot be read is told of at once, the rules too.
            for _ in project.reader.parse_files([*project.list_sources(), *project.list_own_shape_files()]):
                pass
            store = Dataset(project, reasoner=REASONERS[reasoner]).store
            lost = find_missing_iris(project, store)

            def check() -> bool:
                nonlocal report
                if not is_known_valid(last, inputs):
                    shown.update(task, description=format_message("build.validate", language))
                    report = validate(project)
                shown.update(task, description=format_message("build.publish", language))
                return not lost and (report is None or report.conforms)

            def tell(done: int) -> None:
                shown.update(task, description=format_message("build.pages", language, number=done))

            with suppress(InvalidDataError):
                summary = publish(store, project, inputs, last, check, tell)
    if report is None or _print_report(report, project, language):
        _print_missing_iris(lost, language)
    if summary is None:
        typer.echo(format_message("build.stopped", language, folder=project.output), err=True)
        return 1
    counts = {
        "standards": summary.count_resources("CompetenceStandard"),
        "key_competences": summary.count_resources("KeyCompetence"),
        "outcomes": summary.count_resources("LearningOutcome"),
        "competences": summary.count_resources("Competence"),
    }
    typer.echo(format_message("build.done", language, triples=summary.triples, folder=project.output, **counts))
    if not has_package("pyarrow"):
        typer.echo(format_message("build.no-parquet", language), err=True)
    if not summary.is_as_released:
        typer.echo(format_message("versions.unreleased", language, version=__version__), err=True)
    return 0


def _publish_to_store(project: Project, to: UploadTarget, language: str) -> int:
    """Load, validate and infer the project, and load it all into a store elsewhere. Return the exit code.

    Stops after validation, with the report, when the data breaks a rule.

    Raises:
        UserError: the store cannot be reached, refuses, or returns other data than were uploaded.
    """
    with create_progress() as shown:
        store = load_valid_data(project, language, shown)
        if store is not None:
            task = shown.add_task(format_message("upload.start", language), total=None)
            uploaded = upload(
                store,
                to,
                project,
                lambda done, of: shown.update(task, description=format_message("upload.progress", language, done=done, of=of)),
            )
    if store is None:
        typer.echo(format_message("upload.stopped", language), err=True)
        return 1
    typer.echo(
        format_message(
            "upload.done", language, graphs=uploaded.graphs, triples=uploaded.statements, address=http_client.redact_url(to.graph_store)
        )
    )
    for key, values in uploaded.notes:
        typer.echo(format_message(key, language, **values))
    return 0


def load_valid_data(project: Project, language: str, shown: Progress) -> Store | None:
    """Return the project's data with what is inferred; or print the report and return nothing, if the data violate a rule."""
    task = shown.add_task(format_message("build.validate", language), total=None)
    if not _print_report(validate(project), project, language):
        return None
    shown.update(task, description=format_message("build.load", language))
    store = Dataset(project).store
    shown.remove_task(task)
    lost = find_missing_iris(project, store)
    _print_missing_iris(lost, language)
    return None if lost else store


def _print_report(report: Report, project: Project, language: str) -> bool:
    """Print the notes of a report, and all of it where it does not conform. Tell whether it does."""
    echo_notes(report, language)
    if not report.conforms:
        typer.echo(REPORT_FORMATS["text"](report, language, project.root), err=True, nl=False)
    return report.conforms


def _print_missing_iris(lost: list[PublishedIri], language: str) -> None:
    """Print what was published and is missing (rule L6)."""
    for promise in lost:
        key, values = build_missing_iri_message(promise)
        typer.echo(format_message(key, language, **values), err=True)
