"""The commands for those who write standards: `new standard`, `import` and `export`."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from balansekunst.commands.terminal import create_progress, write_file_atomically
from balansekunst.errors import Message, UserError
from balansekunst.messages import format_message
from balansekunst.namespaces import slugify
from balansekunst.project import Project
from balansekunst.workbook.from_rdf import SheetTexts
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.set_ups import SET_UP_FOLDER, SetUpContext, fill_set_up_workbook, prepare_new_set_up
from balansekunst.workbook.standards import (
    fill_example,
    fill_from_triples,
    find_standard,
    format_standard_file,
    import_workbook,
    prepare_local_standard,
    prepare_new_standard,
)
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx, build_zip


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]
    xlsx_option = Annotated[bool, typer.Option("--xlsx", help=format_message("cli.help.xlsx", language))]
    csv_option = Annotated[bool, typer.Option("--csv", help=format_message("cli.help.csv", language))]
    out_option = Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.new-out", language), show_default=False)]
    replace_option = Annotated[bool, typer.Option("--replace", help=format_message("cli.help.replace", language))]
    new = typer.Typer(help=format_message("cli.help.make-new", language), no_args_is_help=True)
    app.add_typer(new, name="new")

    @new.callback()
    def run_new() -> None:
        pass

    @new.command("standard", help=format_message("cli.help.new-standard", language))
    def run_new_standard(
        role: Annotated[str | None, typer.Argument(help=format_message("cli.help.new-role", language), show_default=False)] = None,
        based_on: Annotated[
            str | None, typer.Option("--based-on", help=format_message("cli.help.based-on", language), show_default=False)
        ] = None,
        enterprise: Annotated[str | None, typer.Option("--for", help=format_message("cli.help.for", language), show_default=False)] = None,
        xlsx: xlsx_option = False,
        csv: csv_option = False,
        out: out_option = None,
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        _refuse_both(xlsx, csv)
        project = Project.find()
        if role is not None and based_on is None and enterprise is None:
            _refuse_neither(xlsx, csv)
            with create_progress() as shown:
                shown.add_task(format_message("workbook.loading", language), total=None)
                setting, filled, names = prepare_new_standard(role, project, language)
                example = None if csv else fill_example(project, language)
                _write_workbook(filled, names, out or _choose_default_path(setting.slug, csv), csv, replace, language, example)
        elif role is None and based_on is not None and enterprise is not None:
            with create_progress() as shown:
                shown.add_task(format_message("workbook.loading", language), total=None)
                base = find_standard(based_on, project)
                setting, own = prepare_local_standard(base, project, enterprise, datetime.datetime.now(datetime.UTC).year)
                if not replace:
                    setting.refuse_existing()
                if xlsx or csv:
                    filled, names = fill_from_triples(setting, own, language)
                    _write_workbook(filled, names, out or _choose_default_path(setting.slug, csv), csv, replace, language)
                else:
                    file = out or setting.target
                    _refuse_existing(file, replace)
                    write_file_atomically(file, format_standard_file(setting, own))
            if not xlsx and not csv:
                typer.echo(
                    format_message("workbook.started", language, file=file, old=f"standard/{base.slug}", new=f"standard/{setting.slug}")
                )
        else:
            raise UserError(("workbook.role-or-base", {}))

    @new.command("set-up", help=format_message("cli.help.new-set-up", language))
    def run_new_set_up(
        name: Annotated[str, typer.Argument(help=format_message("cli.help.new-set-up-name", language), show_default=False)],
        xlsx: xlsx_option = False,
        csv: csv_option = False,
        out: out_option = None,
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        _refuse_both(xlsx, csv)
        _refuse_neither(xlsx, csv)
        if not slugify(name):
            raise UserError(("workbook.no-name", {"name": name}))
        with create_progress() as shown:
            shown.add_task(format_message("workbook.loading", language), total=None)
            setting, filled, names = prepare_new_set_up(name, Project.find(), language)
            _write_workbook(filled, names, out or _choose_default_path(setting.slug, csv), csv, replace, language)

    @app.command("import", help=format_message("cli.help.import", language))
    def run_import(
        file: Annotated[Path, typer.Argument(help=format_message("cli.help.import-file", language), show_default=False)],
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        with create_progress() as shown:
            shown.add_task(format_message("workbook.working", language), total=None)
            imported = import_workbook(file, Project.find(), replace)
        typer.echo(imported.report.format_text(imported.layout, language), nl=False)
        if not imported.report.conforms:
            raise typer.Exit(1)
        imported.file.parent.mkdir(exist_ok=True)
        write_file_atomically(imported.file, imported.turtle)
        key = "workbook.imported-set-up" if imported.layout.name == "set-up" else "workbook.imported"
        typer.echo(format_message(key, language, file=imported.file))

    @app.command("export", help=format_message("cli.help.export", language))
    def run_export(
        standard: Annotated[str, typer.Argument(help=format_message("cli.help.export-standard", language), show_default=False)],
        xlsx: xlsx_option = False,
        csv: csv_option = False,
        out: out_option = None,
        replace: replace_option = False,
        lang: language_option = language,
    ) -> None:
        _refuse_both(xlsx, csv)
        _refuse_neither(xlsx, csv)
        with create_progress() as shown:
            shown.add_task(format_message("workbook.loading", language), total=None)
            project = Project.find()
            set_up = SetUpContext(project, standard.removeprefix(f"{SET_UP_FOLDER}/"))
            if set_up.file.is_file():
                names = set_up.build_label_index(own := set_up.read_own_triples())
                filled = fill_set_up_workbook(own, set_up.set_up, names, project, set_up.external_resources, language)
                _write_workbook(filled, names, out or _choose_default_path(set_up.slug, csv), csv, replace, language)
                return
            setting = find_standard(standard, project)
            filled, names = fill_from_triples(setting, setting.read_own_triples(), language)
            _write_workbook(filled, names, out or _choose_default_path(setting.slug, csv), csv, replace, language)


def _refuse_both(xlsx: bool, csv: bool) -> None:
    """Tell that a workbook has one form.

    Raises:
        UserError: both options are given.
    """
    if xlsx and csv:
        raise UserError(("workbook.one-form", {}))


def _refuse_neither(xlsx: bool, csv: bool) -> None:
    """Tell that a workbook has a form.

    Raises:
        UserError: neither option is given.
    """
    if not xlsx and not csv:
        raise UserError(("workbook.which-form", {}))


def _choose_default_path(slug: str, csv: bool) -> Path:
    """Return the default path of a workbook."""
    return Path(slug if csv else f"{slug}.xlsx")


def _refuse_existing(out: Path, replace: bool) -> None:
    """Tell that something is there already, so that it is not overwritten.

    Raises:
        UserError: it is, and may not be replaced.
    """
    message: Message = ("workbook.exists", {"file": out})
    if (out.exists() or out.is_symlink()) and not replace:
        raise UserError(message)


def _write_workbook(
    filled: SheetTexts, names: LabelIndex, out: Path, csv: bool, replace: bool, language: str, example: SheetTexts | None = None
) -> None:
    """Write a workbook, with an example where one is given, to a file, or CSV files to a zip file or folder, and print the path.

    Raises:
        UserError: something is there already, or it cannot be written.
    """
    _refuse_existing(out, replace)
    if not csv:
        write_file_atomically(out, build_xlsx(filled, names, names.layout, language, example))
    elif out.suffix.lower() == ".zip":
        write_file_atomically(out, build_zip(build_csv_files(filled, names.layout, language)))
    else:
        files = build_csv_files(filled, names.layout, language)
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(("build.write", {"folder": out, "reason": error.strerror or type(error).__name__})) from None
        for name, content in files.items():
            write_file_atomically(out / name, content)
    typer.echo(format_message("workbook.made", language, file=out))
