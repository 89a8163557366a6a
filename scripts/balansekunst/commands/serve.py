"""The commands that show and place the site: `serve`, `preview` and `hosting`."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from balansekunst.commands.terminal import write_file_atomically
from balansekunst.errors import UserError
from balansekunst.export.paths import NOT_FOUND_PATH, get_page_path
from balansekunst.http_client import is_loopback
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.web.negotiation import render_hosting_files, replace_root
from balansekunst.web.query_pool import QueryPool
from balansekunst.web.query_process import Limits
from balansekunst.web.server import ENDPOINT_DUMP, serve

_DEFAULT_LIMITS = Limits()


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    @app.command("serve", help=format_message("cli.help.serve", language))
    def run_serve(
        host: Annotated[str, typer.Option("--host", help=format_message("cli.help.host", language))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", min=0, max=65535, help=format_message("cli.help.port", language))] = 8000,
        seconds: Annotated[
            float, typer.Option("--limit-seconds", min=0.1, help=format_message("cli.help.limit-seconds", language))
        ] = _DEFAULT_LIMITS.seconds,
        megabytes: Annotated[
            int, typer.Option("--memory", min=16, help=format_message("cli.help.memory", language))
        ] = _DEFAULT_LIMITS.megabytes,
        rows: Annotated[int, typer.Option("--rows", min=1, help=format_message("cli.help.rows", language))] = _DEFAULT_LIMITS.rows,
        lang: language_option = language,
    ) -> None:
        def ready(address: str, asking: QueryPool) -> None:
            typer.echo(format_message("serving.started", language, address=address, triples=asking.dataset_size.triples))
            if not is_loopback(host):
                typer.echo(format_message("serving.public", language), err=True)

        project = Project.find()
        serve(find_built_site(project), project.base, host, port, Limits(seconds, megabytes, rows), ready)

    @app.command("preview", help=format_message("cli.help.preview", language))
    def run_preview(
        port: Annotated[int, typer.Option("--port", min=0, max=65535, help=format_message("cli.help.port", language))] = 8000,
        lang: language_option = language,
    ) -> None:
        # What it takes to build is read for this command alone.
        from balansekunst.build import find_summary, read_last_build
        from balansekunst.commands.make import build_site
        from balansekunst.preview import Preview, serve_preview

        project = Project.find()
        code = build_site(project, language)
        summary = find_summary(read_last_build(project))
        if summary is None:
            raise typer.Exit(code)
        preview = Preview(project, summary, language, lambda line: typer.echo(line, err=True))
        serve_preview(preview, port, lambda address: typer.echo(format_message("preview.started", language, address=address)))

    @app.command("hosting", help=format_message("cli.help.hosting", language))
    def run_hosting(
        target: Annotated[str, typer.Option("--target", help=format_message("cli.help.target", language), show_default=False)],
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        files = render_hosting_files(project, target)
        folder = find_built_site(project)
        for name, written in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_file_atomically(folder / name, written)
        for page in (folder / get_page_path(NOT_FOUND_PATH, code) for code in LANGUAGES):
            if page.is_file():
                write_file_atomically(page, replace_root(page.read_text(encoding="utf-8"), urlsplit(target).path))
        typer.echo(format_message("serving.hosting", language, folder=folder, files=", ".join(files)))


def find_built_site(project: Project) -> Path:
    """Return the folder of the built site.

    Raises:
        UserError: it has not been built.
    """
    if not (project.output / ENDPOINT_DUMP).is_file():
        raise UserError(("serving.no-site", {"file": project.output / ENDPOINT_DUMP}))
    return project.output
