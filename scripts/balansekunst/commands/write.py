"""The commands for those who write standards: `new standard`, `import` and `export`."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from balansekunst.load import Message
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.terminal import progress, write_whole
from balansekunst.writing.fill import Filled
from balansekunst.writing.names import Names
from balansekunst.writing.sheets import layout
from balansekunst.writing.standards import as_turtle, filled_with, find_standard, import_book, new_local, new_standard
from balansekunst.writing.write import as_csv, as_xlsx, zipped


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]
    xlsx_option = Annotated[bool, typer.Option("--xlsx", help=text("cli.help.xlsx", language))]
    csv_option = Annotated[bool, typer.Option("--csv", help=text("cli.help.csv", language))]
    out_option = Annotated[Path | None, typer.Option("--out", help=text("cli.help.new-out", language), show_default=False)]
    replace_option = Annotated[bool, typer.Option("--replace", help=text("cli.help.replace", language))]
    new = typer.Typer(help=text("cli.help.new", language), no_args_is_help=True)
    app.add_typer(new, name="new")

    @new.callback()
    def new_command() -> None:
        pass

    @new.command("standard", help=text("cli.help.new-standard", language))
    def standard_command(
        role: Annotated[str | None, typer.Argument(help=text("cli.help.new-role", language), show_default=False)] = None,
        based_on: Annotated[str | None, typer.Option("--based-on", help=text("cli.help.based-on", language), show_default=False)] = None,
        enterprise: Annotated[str | None, typer.Option("--for", help=text("cli.help.for", language), show_default=False)] = None,
        xlsx: xlsx_option = False,
        csv: csv_option = False,
        out: out_option = None,
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        refuse_both(xlsx, csv)
        project = Project.find()
        if role is not None and based_on is None and enterprise is None:
            refuse_neither(xlsx, csv)
            with progress() as shown:
                shown.add_task(text("workbook.loading", language), total=None)
                setting, filled, names = new_standard(role, project, language)
                put_book(filled, names, out or default_out(setting.slug, csv), csv, replace, language)
        elif role is None and based_on is not None and enterprise is not None:
            with progress() as shown:
                shown.add_task(text("workbook.loading", language), total=None)
                base = find_standard(based_on, project)
                setting, own = new_local(base, project, enterprise, datetime.datetime.now(datetime.UTC).year)
                if setting.file.exists() and not replace:
                    raise UserError(("workbook.standard-exists", {"file": setting.file}))
                if xlsx or csv:
                    filled, names = filled_with(setting, own, language)
                    put_book(filled, names, out or default_out(setting.slug, csv), csv, replace, language)
                else:
                    file = out or setting.file
                    refuse_existing(file, replace)
                    write_whole(file, as_turtle(setting, own))
            if not xlsx and not csv:
                typer.echo(text("workbook.started", language, file=file, old=f"standard/{base.slug}", new=f"standard/{setting.slug}"))
        else:
            raise UserError(("workbook.role-or-base", {}))

    @app.command("import", help=text("cli.help.import", language))
    def import_command(
        file: Annotated[Path, typer.Argument(help=text("cli.help.import-file", language), show_default=False)],
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        with progress() as shown:
            shown.add_task(text("workbook.working", language), total=None)
            imported = import_book(file, Project.find(), replace)
        typer.echo(imported.report.text(layout(), language), nl=False)
        if not imported.report.conforms:
            raise typer.Exit(1)
        write_whole(imported.file, imported.turtle)
        typer.echo(text("workbook.imported", language, file=imported.file))

    @app.command("export", help=text("cli.help.export", language))
    def export_command(
        standard: Annotated[str, typer.Argument(help=text("cli.help.export-standard", language), show_default=False)],
        xlsx: xlsx_option = False,
        csv: csv_option = False,
        out: out_option = None,
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        refuse_both(xlsx, csv)
        refuse_neither(xlsx, csv)
        with progress() as shown:
            shown.add_task(text("workbook.loading", language), total=None)
            setting = find_standard(standard, Project.find())
            filled, names = filled_with(setting, setting.own(), language)
            put_book(filled, names, out or default_out(setting.slug, csv), csv, replace, language)


def refuse_both(xlsx: bool, csv: bool) -> None:
    """Tell that a workbook has one form.

    Raises:
        UserError: two are asked for.
    """
    if xlsx and csv:
        raise UserError(("workbook.one-form", {}))


def refuse_neither(xlsx: bool, csv: bool) -> None:
    """Tell that a workbook has a form.

    Raises:
        UserError: none is asked for.
    """
    if not xlsx and not csv:
        raise UserError(("workbook.which-form", {}))


def default_out(slug: str, csv: bool) -> Path:
    """Return where a workbook goes where nothing else is said."""
    return Path(slug if csv else f"{slug}.xlsx")


def refuse_existing(out: Path, replace: bool) -> None:
    """Tell that something is there already, so that it is not overwritten.

    Raises:
        UserError: it is, and may not be replaced.
    """
    message: Message = ("workbook.exists", {"file": out})
    if (out.exists() or out.is_symlink()) and not replace:
        raise UserError(message)


def put_book(filled: Filled, names: Names, out: Path, csv: bool, replace: bool, language: str) -> None:
    """Write a workbook to a file, or CSV files to a zip or folder, and tell where.

    Raises:
        UserError: something is there already, or it cannot be written.
    """
    refuse_existing(out, replace)
    if not csv:
        write_whole(out, as_xlsx(filled, names, layout(), language))
    elif out.suffix.lower() == ".zip":
        write_whole(out, zipped(as_csv(filled, layout(), language)))
    else:
        files = as_csv(filled, layout(), language)
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(("build.write", {"folder": out, "why": error.strerror or type(error).__name__})) from None
        for name, content in files.items():
            write_whole(out / name, content)
    typer.echo(text("workbook.made", language, file=out))
