"""Typer's own words, in the language of the command. Typer writes its help and its errors in English, in its code."""

import re
import sys
from functools import cache

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from balansekunst.messages import format_message, load_messages

_FAMILY = "typer."
_RICH_TEXTS = (
    "ARGUMENTS_PANEL_TITLE",
    "OPTIONS_PANEL_TITLE",
    "COMMANDS_PANEL_TITLE",
    "DEFAULT_STRING",
    "REQUIRED_LONG_STRING",
)
"""The texts of Typer's help that are constants of a module."""


def localize_command(app: typer.Typer, language: str) -> TyperCommand | TyperGroup:
    """Return the command that an application describes, with the words of Typer in `language` in the help of it and of all below it."""
    for name in _RICH_TEXTS:
        setattr(rich_utils, name, _translate(getattr(rich_utils, name), language))
    command = get_command(app)
    assert isinstance(command, TyperCommand | TyperGroup)
    _localize_help(command, language)
    return command


def print_usage_error(error: typer.TyperException, language: str) -> None:
    """Print what is wrong with a command line and how the command is used. Where Typer has shown the help instead, nothing is."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    print(_translate(error.format_message(), language), file=sys.stderr)
    context: typer.Context | None = getattr(error, "ctx", None)
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
        print(format_message("cli.usage.help", language, command=context.command_path), file=sys.stderr)


def _translate(text: str, language: str) -> str:
    """Return one of Typer's texts in `language`; the text itself where there is no translation of it."""
    for pattern, ours in _load_patterns(language):
        if match := pattern.fullmatch(text):
            return ours.format(**{name: _translate(value, language) for name, value in match.groupdict().items()})
    return text


@cache
def _load_patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return a pattern of each English text that Typer may write, with the same in `language`."""
    english, ours = load_messages("en"), load_messages(language)
    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(text)), re.DOTALL), ours[key])
        for key, text in english.items()
        if key.startswith(_FAMILY)
    ]


def _localize_help(command: TyperCommand | TyperGroup, language: str) -> None:
    write_usage = command.get_usage

    def get_usage(context: typer.Context) -> str:
        return _translate(write_usage(context), language)

    setattr(command, "get_usage", get_usage)  # noqa: B010
    command.options_metavar = _translate(command.options_metavar or "", language)
    for parameter in [*command.params, command.get_help_option(typer.Context(command))]:
        if parameter is not None and getattr(parameter, "help", None):
            setattr(parameter, "help", _translate(getattr(parameter, "help"), language))  # noqa: B009, B010
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = _translate(command.subcommand_metavar, language)
        for child in command.commands.values():
            assert isinstance(child, TyperCommand | TyperGroup)
            _localize_help(child, language)
