"""The commands that make what is published: `build` and `publish`."""

from typing import Annotated

import typer
from pyoxigraph import Store
from rich.progress import Progress

from balansekunst import __version__
from balansekunst.asking import remote
from balansekunst.build import publish
from balansekunst.checking.formats import FORMATS
from balansekunst.checking.validate import validate
from balansekunst.dataset import Dataset
from balansekunst.messages import text
from balansekunst.project import Project
from balansekunst.publication.upload import Target, target, upload
from balansekunst.publication.versions import is_as_released, vanished, vanished_message
from balansekunst.terminal import progress


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    @app.command("build", help=text("cli.help.build", language))
    def build_command(lang: language_option = language) -> None:
        raise typer.Exit(build(Project.find(), language))

    @app.command("publish", help=text("cli.help.publish", language))
    def publish_command(
        to: Annotated[str, typer.Option("--to", help=text("cli.help.store", language), show_default=False)],
        update: Annotated[str | None, typer.Option("--update", help=text("cli.help.update", language), show_default=False)] = None,
        endpoint: Annotated[str | None, typer.Option("--endpoint", help=text("cli.help.to-endpoint", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        raise typer.Exit(publish_to(Project.find(), target(to, endpoint, update), language))


def build(project: Project, language: str) -> int:
    """Load, validate, infer and publish the project. Return the exit code.

    Stops after validation, with the report, when the data breaks a rule.
    """
    with progress() as shown:
        store = checked_data(project, language, shown)
        if store is not None:
            shown.add_task(text("build.publish", language), total=None)
            summary = publish(store, project)
    if store is None:
        typer.echo(text("build.stopped", language, folder=project.output), err=True)
        return 1
    counts = {
        "standards": summary.count("CompetenceStandard"),
        "key_competences": summary.count("KeyCompetence"),
        "outcomes": summary.count("LearningOutcome"),
        "competences": summary.count("Competence"),
    }
    typer.echo(text("build.done", language, triples=summary.triples, folder=project.output, **counts))
    if not is_as_released(store, project):
        typer.echo(text("versions.unreleased", language, version=__version__), err=True)
    return 0


def publish_to(project: Project, to: Target, language: str) -> int:
    """Load, validate and infer the project, and load it all into a store elsewhere. Return the exit code.

    Stops after validation, with the report, when the data breaks a rule.

    Raises:
        UserError: the store cannot be reached, refuses, or gives back something else than was put.
    """
    with progress() as shown:
        store = checked_data(project, language, shown)
        if store is not None:
            task = shown.add_task(text("upload.start", language), total=None)
            uploaded = upload(
                store, to, project, lambda done, of: shown.update(task, description=text("upload.progress", language, done=done, of=of))
            )
    if store is None:
        typer.echo(text("upload.stopped", language), err=True)
        return 1
    typer.echo(text("upload.done", language, graphs=uploaded.graphs, triples=uploaded.statements, address=remote.shown(to.graphs)))
    for key, values in uploaded.notes:
        typer.echo(text(key, language, **values))
    return 0


def checked_data(project: Project, language: str, shown: Progress) -> Store | None:
    """Return the project's data with all that follows, or nothing, with the report told, when it breaks a rule.

    The rule that what is published stays (L6) is among them.
    """
    task = shown.add_task(text("build.validate", language), total=None)
    report = validate(project)
    if not report.conforms:
        typer.echo(FORMATS["text"](report, language, project.root), err=True, nl=False)
        return None
    shown.update(task, description=text("build.load", language))
    store = Dataset(project).store
    shown.remove_task(task)
    lost = vanished(project, store)
    for promise in lost:
        key, values = vanished_message(promise)
        typer.echo(text(key, language, **values), err=True)
    return None if lost else store
