"""The command that makes a folder for someone else's descriptions: `init`."""

from pathlib import Path
from typing import Annotated

import typer

from balansekunst.messages import text
from balansekunst.starting import start


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the command to `app`, with its help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]

    @app.command("init", help=text("cli.help.init", language))
    def init_command(
        folder: Annotated[Path, typer.Argument(help=text("cli.help.init-folder", language), show_default=False)],
        base: Annotated[str, typer.Option("--base", help=text("cli.help.init-base", language), show_default=False)],
        name: Annotated[str, typer.Option("--name", help=text("cli.help.init-name", language), show_default=False)],
        name_en: Annotated[str | None, typer.Option("--name-en", help=text("cli.help.init-name-en", language), show_default=False)] = None,
        beside: Annotated[bool, typer.Option("--beside", help=text("cli.help.init-beside", language))] = False,
        lang: language_option = language,
    ) -> None:
        names = {"nb": name} | ({"en": name_en} if name_en is not None else {})
        start(folder, base, names, beside, language)
        typer.echo(text("own.done", language, folder=folder))
