"""The command `balansekunst`."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated

import typer

from balansekunst.commands.typer_words import localize_command, print_usage_error
from balansekunst.errors import UserError
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, detect_language, format_message
from balansekunst.version import __version__

_COMMAND_MODULES = {
    "make": ("build", "publish"),
    "check": ("validate", "rules"),
    "ask": ("query", "mobility", "pairs"),
    "gap": ("gap",),
    "write": ("new", "import", "export"),
    "start": ("init",),
    "history": ("diff", "scorecard", "release"),
    "serve": ("serve", "preview", "hosting"),
    "esco": ("esco",),
}
"""The commands that each module of `balansekunst.commands` has, in the order that the help lists them."""


_INTERRUPTED = 130
"""What a command ends with when the user has stopped it."""


def _select_modules(arguments: list[str]) -> list[str]:
    """Return the modules that the commands asked for are in; all where none is, so that the help lists them; none for the version.

    What a command needs takes up to two seconds to start, so only that of the one that is asked for is read.
    """
    if arguments[:1] == ["--version"]:
        return []
    homes = {command: room for room, commands in _COMMAND_MODULES.items() for command in commands}
    asked = next((homes[argument] for argument in arguments if argument in homes), None)
    return [asked] if asked else list(_COMMAND_MODULES)


def _detect_language(arguments: list[str]) -> str:
    """Return the language that the command line or the environment asks for, before anything is parsed.

    Raises:
        UserError: the language is not one of ours.
    """
    asked = detect_language()
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            asked = arguments[position + 1]
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    if asked not in LANGUAGES:
        raise UserError(("cli.language", {"value": asked}))
    return asked


def build_cli(language: str, arguments: list[str]) -> typer.Typer:
    """Return the command with its help in `language`, with what `arguments` ask for."""
    app = typer.Typer(
        help=format_message("cli.help", language),
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]

    def show_version(wanted: bool) -> None:
        if wanted:
            typer.echo(__version__)
            raise typer.Exit

    @app.callback()
    def main(
        version: Annotated[
            bool, typer.Option("--version", help=format_message("cli.help.version", language), callback=show_version, is_eager=True)
        ] = False,
        lang: language_option = language,
    ) -> None:
        pass

    for room in _select_modules(arguments):
        import_module(f"balansekunst.commands.{room}").add_commands(app, language)
    return app


def run() -> None:
    """Run the command line. Errors that the user can fix become sentences, never a traceback."""
    language = DEFAULT_LANGUAGE
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character shows a question mark in its place.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        language = _detect_language(sys.argv[1:])
        try:
            ended = localize_command(build_cli(language, sys.argv[1:]), language).main(prog_name="balansekunst", standalone_mode=False)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
        if ended == _INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(ended)
    except typer.TyperException as error:
        print_usage_error(error, language)
        sys.exit(error.exit_code)
    except UserError as error:
        for sentence in error.format_sentences(language):
            print(sentence, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(format_message("cli.interrupted", language), file=sys.stderr)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(format_message("cli.system", language, reason=error.strerror or str(error), file=error.filename or "-"), file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("BALANSEKUNST_TRACE"):
            raise
        why = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        print(format_message("cli.unexpected", language, reason=why), file=sys.stderr)
        sys.exit(3)
