"""The command `balansekunst`."""

import os
import sys
from importlib import import_module
from typing import Annotated

import typer

from balansekunst import __version__
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, UserError, text

ROOMS = {
    "make": ("build", "publish"),
    "check": ("validate", "rules"),
    "ask": ("query", "mobility", "pairs"),
    "gap": ("gap",),
    "write": ("new", "import", "export"),
    "start": ("init",),
    "history": ("diff", "scorecard", "release"),
    "serve": ("serve", "hosting"),
    "esco": ("esco",),
}
"""The commands that each module of `balansekunst.commands` has, in the order that the help lists them."""


def rooms(arguments: list[str]) -> list[str]:
    """Return the modules that the commands asked for are in; all where none is, so that the help lists them; none for the version.

    What a command stands on takes up to two seconds to start, so only that of the one that is asked for is read.
    """
    if arguments[:1] == ["--version"]:
        return []
    homes = {command: room for room, commands in ROOMS.items() for command in commands}
    asked = next((homes[argument] for argument in arguments if argument in homes), None)
    return [asked] if asked else list(ROOMS)


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


def application(language: str, arguments: list[str]) -> typer.Typer:
    """Return the command with its help in `language`, with what `arguments` ask for."""
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

    for room in rooms(arguments):
        import_module(f"balansekunst.commands.{room}").add_commands(app, language)
    return app


def run() -> None:
    """Run the command line. Faults that the user can mend become sentences, never a traceback."""
    language = DEFAULT_LANGUAGE
    try:
        language = language_wanted(sys.argv[1:])
        application(language, sys.argv[1:])(prog_name="balansekunst")
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
