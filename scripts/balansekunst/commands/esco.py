"""The commands on ESCO: `esco load`, `esco status`, `esco suggest`, `esco table`, `esco index` and `esco check`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pyoxigraph import NamedNode

from balansekunst.commands.terminal import (
    choose_format,
    complete_slug,
    create_progress,
    is_within,
    open_dataset,
    select_writer,
    write_output,
)
from balansekunst.dataset import Dataset
from balansekunst.errors import Message, UserError
from balansekunst.esco.mapping_check import MAPPING_CHECK_FORMATS, MappingCheck, check_mappings
from balansekunst.esco.occupation_index import build_occupation_index, format_occupation_index
from balansekunst.esco.occupation_table import build_near_occupations, format_near_occupations
from balansekunst.esco.role_mappings import read_all_skill_mappings
from balansekunst.esco.store import Esco, describe_store_check, get_esco_folder, get_store_path, list_esco_versions, load_esco, open_esco
from balansekunst.extras import require_extra
from balansekunst.messages import format_message
from balansekunst.project import Project


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]
    out_option = Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.out", language), show_default=False)]

    esco = typer.Typer(help=format_message("cli.help.esco", language), no_args_is_help=True)
    app.add_typer(esco, name="esco")

    @esco.command("load", help=format_message("cli.help.esco-load", language))
    def run_esco_load(
        paths: Annotated[
            list[Path], typer.Argument(metavar="PATH...", help=format_message("cli.help.esco-paths", language), show_default=False)
        ],
        version: Annotated[
            str | None, typer.Option("--version", help=format_message("cli.help.esco-version", language), show_default=False)
        ] = None,
        lang: language_option = language,
    ) -> None:
        with create_progress() as shown:
            task = shown.add_task("", total=None)

            def tell(name: str, at: int, of: int) -> None:
                shown.update(task, description=format_message("esco.reading", language, file=name, at=at, of=of))

            loaded = load_esco(paths, version, tell)
        typer.echo(format_message("esco.loaded", language, version=loaded, file=get_store_path(loaded)))
        typer.echo(_format_esco_status([loaded], language), nl=False)

    @esco.command("status", help=format_message("cli.help.esco-status", language))
    def run_esco_status(lang: language_option = language) -> None:
        typer.echo(_format_esco_status(list_esco_versions(), language), nl=False)

    @esco.command("suggest", help=format_message("suggest.help", language))
    def run_esco_suggest(
        competence: Annotated[
            str | None,
            typer.Argument(
                metavar="COMPETENCE",
                help=format_message("suggest.help.competence", language),
                show_default=False,
                autocompletion=complete_slug("competence"),
            ),
        ] = None,
        label: Annotated[str, typer.Option("--label", help=format_message("suggest.help.label", language), show_default=False)] = "",
        definition: Annotated[
            str, typer.Option("--definition", help=format_message("suggest.help.definition", language), show_default=False)
        ] = "",
        number: Annotated[int, typer.Option("--number", min=1, help=format_message("suggest.help.number", language))] = 10,
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("suggest.help.format", language), show_default=False)
        ] = None,
        out: out_option = None,
        data: Annotated[
            list[Path] | None, typer.Option("--data", help=format_message("cli.help.data", language), show_default=False)
        ] = None,
        lang: language_option = language,
    ) -> None:
        # numpy and scipy take half a second to start, which no other command needs.
        with require_extra("esco"):
            from balansekunst.esco.proposals import PROPOSAL_FORMATS, propose

        project = Project.find()
        problems: list[Message] = [("suggest.judged-folder", {"file": out})] if out and is_within(out, project.mappings) else []
        format = choose_format(format, out, "table")
        write = select_writer(PROPOSAL_FORMATS, format, problems)
        dataset = open_dataset(project, data, language)
        with create_progress() as shown:
            shown.add_task(format_message("suggest.work", language), total=None)
            written = write(propose(dataset, competence, label, definition, number, language), language)
        write_output(written, out, format)

    @esco.command("table", help=format_message("cli.help.esco-table", language))
    def run_esco_table(out: out_option = None, lang: language_option = language) -> None:
        with require_extra("esco"):
            from balansekunst.esco.answers import OccupationFinder

        dataset = Dataset(Project.find())
        with open_esco() as esco, create_progress() as shown:
            shown.add_task(format_message("occupation-mobility.work", language), total=None)
            finder = OccupationFinder(dataset, esco)
            names = {tag: esco.find_labels("occupation", tag) for tag in ("en", "no")}
            english, norwegian = ({uri: w.label for uri, w in words.items() if w.language == tag} for tag, words in names.items())
            roles = [NamedNode(role) for role, subjects in finder.subjects.items() if any(subjects.values())]
            rows = [row for role in roles for row in build_near_occupations(finder, role, english, norwegian)]
        write_output(format_near_occupations(rows, esco.version), out, "tsv")

    @esco.command("index", help=format_message("cli.help.esco-index", language))
    def run_esco_index(out: out_option = None, lang: language_option = language) -> None:
        with require_extra("esco"):
            from balansekunst.esco.ranking import OccupationSpace

        mappings, _ = read_all_skill_mappings(Project.find())
        with open_esco() as esco, create_progress() as shown:
            shown.add_task(format_message("occupation-mobility.work", language), total=None)
            index = build_occupation_index(OccupationSpace.from_esco(esco), {mapping.skill for mapping in mappings}, esco)
        write_output(format_occupation_index(index), out, "json")

    @esco.command("check", help=format_message("esco-check.help", language))
    def run_esco_check(
        download: Annotated[
            list[Path] | None, typer.Option("--download", help=format_message("esco-check.help.download", language), show_default=False)
        ] = None,
        version: Annotated[
            str | None, typer.Option("--version", help=format_message("esco-check.help.version", language), show_default=False)
        ] = None,
        format: Annotated[str, typer.Option("--format", help=format_message("esco-check.help.format", language))] = "text",
        lang: language_option = language,
    ) -> None:
        write = select_writer(MAPPING_CHECK_FORMATS, format)
        found = _check_esco_mappings(Project.find(), download or [], version, language)
        typer.echo(write(found, language), nl=False)
        raise typer.Exit(1 if found.findings else 0)


def _check_esco_mappings(project: Project, download: list[Path], version: str | None, language: str) -> MappingCheck:
    """Compare the mappings with a download, read for the occasion, or with a version that is loaded, the newest where none is named.

    Raises:
        UserError: the download or a table cannot be read, or no such version is loaded.
    """
    if not download:
        with open_esco(version) as esco:
            return check_mappings(project, esco)
    with TemporaryDirectory(prefix="balansekunst-esco-") as name, create_progress() as shown:
        task = shown.add_task("", total=None)

        def tell(file: str, at: int, of: int) -> None:
            shown.update(task, description=format_message("esco.reading", language, file=file, at=at, of=of))

        folder = Path(name)
        with Esco(get_store_path(load_esco(download, version, tell, folder), folder)) as esco:
            return check_mappings(project, esco)


def _format_esco_status(loaded: list[str], language: str) -> str:
    """Return what the loaded versions of ESCO contain, and what is missing.

    Raises:
        UserError: none is loaded.
    """
    lines = list[str]()
    if not loaded:
        raise UserError(("esco.none", {"folder": get_esco_folder()}))
    for version in loaded:
        with open_esco(version) as esco:
            lines += describe_store_check(esco.check(), language)
    return "\n".join([*lines, format_message("esco.attribution", language)]) + "\n"
