"""The commands that show and place the site: `serve` and `hosting`."""

from pathlib import Path
from typing import Annotated

import typer

from balansekunst.asking.remote import is_loopback
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.publication.negotiation import hosting
from balansekunst.serving.evaluation import Limits
from balansekunst.serving.evaluators import Evaluators
from balansekunst.serving.server import DUMP, serve
from balansekunst.terminal import write_whole

LIMITS = Limits()


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    @app.command("serve", help=text("cli.help.serve", language))
    def serve_command(
        host: Annotated[str, typer.Option("--host", help=text("cli.help.host", language))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", min=0, max=65535, help=text("cli.help.port", language))] = 8000,
        seconds: Annotated[float, typer.Option("--limit-seconds", min=0.1, help=text("cli.help.limit-seconds", language))] = LIMITS.seconds,
        megabytes: Annotated[int, typer.Option("--memory", min=16, help=text("cli.help.memory", language))] = LIMITS.megabytes,
        rows: Annotated[int, typer.Option("--rows", min=1, help=text("cli.help.rows", language))] = LIMITS.rows,
        lang: language_option = language,
    ) -> None:
        def ready(address: str, asking: Evaluators) -> None:
            typer.echo(text("serving.started", language, address=address, triples=asking.held.triples))
            if not is_loopback(host):
                typer.echo(text("serving.public", language), err=True)

        serve(built(Project.find()), host, port, Limits(seconds, megabytes, rows), ready)

    @app.command("hosting", help=text("cli.help.hosting", language))
    def hosting_command(
        target: Annotated[str, typer.Option("--target", help=text("cli.help.target", language), show_default=False)],
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        files = hosting(project, target)
        folder = built(project)
        for name, written in files.items():
            write_whole(folder / name, written)
        typer.echo(text("serving.hosting", language, folder=folder, files=", ".join(files)))


def built(project: Project) -> Path:
    """Return the folder of the built site.

    Raises:
        UserError: it has not been built.
    """
    if not (project.output / DUMP).is_file():
        raise UserError(("serving.no-site", {"file": project.output / DUMP}))
    return project.output
