"""The commands on ESCO: `esco load`, `esco status`, `esco suggest` and `esco check`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from balansekunst.esco.store import Esco, home, load_esco, open_esco, sentences, store_path, versions
from balansekunst.esco.upkeep import UPKEEP_FORMATS, Upkeep, upkeep, within
from balansekunst.load import Message
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from balansekunst.terminal import known, opened, progress, put


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]
    out_option = Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)]

    esco = typer.Typer(help=text("cli.help.esco", language), no_args_is_help=True)
    app.add_typer(esco, name="esco")

    @esco.command("load", help=text("cli.help.esco-load", language))
    def esco_load_command(
        paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help=text("cli.help.esco-paths", language), show_default=False)],
        version: Annotated[str | None, typer.Option("--version", help=text("cli.help.esco-version", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        with progress() as shown:
            task = shown.add_task("", total=None)

            def tell(name: str, at: int, of: int) -> None:
                shown.update(task, description=text("esco.reading", language, file=name, at=at, of=of))

            loaded = load_esco(paths, version, tell)
        typer.echo(text("esco.loaded", language, version=loaded, file=store_path(loaded)))
        typer.echo(esco_status([loaded], language), nl=False)

    @esco.command("status", help=text("cli.help.esco-status", language))
    def esco_status_command(lang: language_option = language) -> None:
        typer.echo(esco_status(versions(), language), nl=False)

    @esco.command("suggest", help=text("suggest.help", language))
    def suggest_command(
        competence: Annotated[
            str | None, typer.Argument(metavar="COMPETENCE", help=text("suggest.help.competence", language), show_default=False)
        ] = None,
        label: Annotated[str, typer.Option("--label", help=text("suggest.help.label", language), show_default=False)] = "",
        definition: Annotated[str, typer.Option("--definition", help=text("suggest.help.definition", language), show_default=False)] = "",
        number: Annotated[int, typer.Option("--number", min=1, help=text("suggest.help.number", language))] = 10,
        format: Annotated[str, typer.Option("--format", help=text("suggest.help.format", language))] = "table",
        out: out_option = None,
        data: Annotated[list[Path] | None, typer.Option("--data", help=text("cli.help.data", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        # numpy and scipy take half a second to start, which no other command needs.
        from balansekunst.esco.proposals import PROPOSAL_FORMATS, propose

        project = Project.find()
        problems: list[Message] = [("suggest.judged-folder", {"file": out})] if out and within(out, project.mappings) else []
        write = known(PROPOSAL_FORMATS, format, problems)
        dataset = opened(project, data, language)
        with progress() as shown:
            shown.add_task(text("suggest.work", language), total=None)
            written = write(propose(dataset, competence, label, definition, number, language), language)
        put(written, out, format)

    @esco.command("check", help=text("esco-check.help", language))
    def check_command(
        download: Annotated[
            list[Path] | None, typer.Option("--download", help=text("esco-check.help.download", language), show_default=False)
        ] = None,
        version: Annotated[
            str | None, typer.Option("--version", help=text("esco-check.help.version", language), show_default=False)
        ] = None,
        format: Annotated[str, typer.Option("--format", help=text("esco-check.help.format", language))] = "text",
        lang: language_option = language,
    ) -> None:
        write = known(UPKEEP_FORMATS, format)
        found = compared(Project.find(), download or [], version, language)
        typer.echo(write(found, language), nl=False)
        raise typer.Exit(1 if found.findings else 0)


def compared(project: Project, download: list[Path], version: str | None, language: str) -> Upkeep:
    """Compare the mappings with a download, read for the occasion, or with a version that is loaded, the newest where none is named.

    Raises:
        UserError: the download or a table cannot be read, or no such version is loaded.
    """
    if not download:
        with open_esco(version) as esco:
            return upkeep(project, esco)
    with TemporaryDirectory(prefix="balansekunst-esco-") as name, progress() as shown:
        task = shown.add_task("", total=None)

        def tell(file: str, at: int, of: int) -> None:
            shown.update(task, description=text("esco.reading", language, file=file, at=at, of=of))

        folder = Path(name)
        with Esco(store_path(load_esco(download, version, tell, folder), folder)) as esco:
            return upkeep(project, esco)


def esco_status(loaded: list[str], language: str) -> str:
    """Return what versions of ESCO hold, and lack.

    Raises:
        UserError: none is loaded.
    """
    lines = list[str]()
    if not loaded:
        raise UserError(("esco.none", {"folder": home()}))
    for version in loaded:
        with open_esco(version) as esco:
            lines += sentences(esco.check(), language)
    return "\n".join([*lines, text("esco.attribution", language)]) + "\n"
