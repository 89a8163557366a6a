"""The reference of all commands, as Markdown, made from what the command line itself parses.

    python tests/command_reference.py

prints it. `make commands` keeps it in `docs/commands.md`.
"""

from collections.abc import Iterable, Iterator

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from balansekunst.cli import build_cli
from balansekunst.commands.typer_words import localize_command

NAME = "balansekunst"
EVERYWHERE = {"--lang", "--help"}
INTRODUCTION = f"""# Commands

All commands, with their arguments and options, as `--help` shows them. `make commands` makes this page from the command line's own parser.

Every command also takes `--lang nb` or `--lang en`, which chooses Norwegian or English, and `--help`. Without `--lang` the language is
that of `BALANSEKUNST_LANG`, or else of the system. `{NAME} --install-completion` makes the shell complete commands, questions, roles
and competences.

| exit code | meaning |
|---|---|
| 0 | done; what was checked conforms |
| 1 | what was checked does not conform, or what was compared differs |
| 2 | wrong use, or a file that cannot be read; the message says what to change |
| 3 | a fault of the command itself; `BALANSEKUNST_TRACE=1` shows where |
| 130 | stopped by the user |
"""


def list_commands(command: TyperCommand | TyperGroup, context: typer.Context) -> Iterator[tuple[TyperCommand | TyperGroup, typer.Context]]:
    """Return a command and all below it, in the order of the help."""
    yield command, context
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            assert isinstance(child, TyperCommand | TyperGroup)
            yield from list_commands(child, typer.Context(child, info_name=name, parent=context))


def format_table(heading: str, records: Iterable[tuple[str, str]]) -> list[str]:
    """Return names and what they mean as a table; nothing where there are none."""
    rows = [f"| `{name}` | {' '.join(text.split()).replace('|', '&#124;')} |" for name, text in records]
    return ["", f"| {heading} | |", "|---|---|", *rows] if rows else []


def format_command(command: TyperCommand | TyperGroup, context: typer.Context) -> str:
    """Return what there is to know of one command as a section."""
    usage = command.get_usage(context).removeprefix("Usage: ")
    lines = [f"## `{context.command_path}`", "", (command.help or "").strip(), "", "```text", " ".join(usage.split()), "```"]
    parameters = command.get_params(context)
    for heading, kind in (("argument", TyperArgument), ("option", TyperOption)):
        shown = [p for p in parameters if isinstance(p, kind) and not EVERYWHERE & {*p.opts}]
        lines += format_table(heading, filter(None, (p.get_help_record(context) for p in shown)))
    if isinstance(command, TyperGroup):
        found = [(f"{context.command_path} {name}", (child.help or "").partition("\n\n")[0]) for name, child in command.commands.items()]
        lines += format_table("command", found)
    return "\n".join([*lines, ""])


def format_reference() -> str:
    """Return the whole reference, in English."""
    command = localize_command(build_cli("en", []), "en")
    sections = [format_command(*found) for found in list_commands(command, typer.Context(command, info_name=NAME))]
    return "\n".join([INTRODUCTION, *sections])


if __name__ == "__main__":
    print(format_reference(), end="")
