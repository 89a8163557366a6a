"""The command `init`: create a project folder."""

from pathlib import Path
from typing import Annotated

import typer

from balansekunst.init_project import IN_COPYRIGHT, Ownership, create_project
from balansekunst.messages import format_message


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the command to `app`, with its help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    @app.command("init", help=format_message("cli.help.init", language))
    def run_init(
        folder: Annotated[Path, typer.Argument(help=format_message("cli.help.init-folder", language), show_default=False)],
        base: Annotated[str, typer.Option("--base", help=format_message("cli.help.init-base", language), show_default=False)],
        name: Annotated[str, typer.Option("--name", help=format_message("cli.help.init-name", language), show_default=False)],
        name_en: Annotated[
            str | None, typer.Option("--name-en", help=format_message("cli.help.init-name-en", language), show_default=False)
        ] = None,
        include_base_data: Annotated[
            bool, typer.Option("--include-base-data", help=format_message("cli.help.include-base-data", language))
        ] = False,
        owner: Annotated[str, typer.Option("--owner", help=format_message("cli.help.init-owner", language), show_default=False)] = "",
        licence: Annotated[str, typer.Option("--licence", help=format_message("cli.help.init-licence", language))] = IN_COPYRIGHT,
        contact: Annotated[str, typer.Option("--contact", help=format_message("cli.help.init-contact", language), show_default=False)] = "",
        lang: language_option = language,
    ) -> None:
        names = {"nb": name} | ({"en": name_en} if name_en is not None else {})
        create_project(folder, base, names, include_base_data, language, ownership=Ownership(owner, licence, contact))
        typer.echo(format_message("project.done", language, folder=folder))
