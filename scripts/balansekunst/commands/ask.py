"""The commands that ask: `query`, `mobility` and `pairs`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from balansekunst.commands.terminal import choose_format, complete_slug, create_progress, open_dataset, select_writer, write_output
from balansekunst.dataset import Dataset
from balansekunst.errors import Message, UserError
from balansekunst.extras import require_extra
from balansekunst.http_client import REQUEST_TIMEOUT
from balansekunst.messages import format_message
from balansekunst.mobility.paths import NEAR_WEIGHT
from balansekunst.mobility.report_formats import MOBILITY_MATRIX_FORMATS, MOBILITY_PATH_FORMATS, build_ranking_answer
from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.graph import find_label
from balansekunst.rdf.parse import read_text
from balansekunst.sparql import remote
from balansekunst.sparql.catalogue import QueryResult, Question, bind_parameters, find_question, read_questions, resolve_parameters
from balansekunst.sparql.result_formats import QUERY_RESULT_FORMATS

_AUDIENCE_KEYS = {
    "researcher": "query.audience.researcher",
    "publisher": "query.audience.publisher",
    "adviser": "query.audience.adviser",
    "employer": "query.audience.employer",
    "person": "query.audience.person",
}
"""Those whom a question is for, as the headers of questions name them."""


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=format_message("cli.help.lang", language))]
    data_option = Annotated[list[Path] | None, typer.Option("--data", help=format_message("cli.help.data", language), show_default=False)]
    out_option = Annotated[Path | None, typer.Option("--out", help=format_message("cli.help.out", language), show_default=False)]
    weighted_option = Annotated[bool, typer.Option("--weighted", help=format_message("cli.help.weighted", language))]
    no_near_option = Annotated[bool, typer.Option("--no-near", help=format_message("cli.help.no-near", language))]
    dimension_option = Annotated[
        str | None, typer.Option("--dimension", help=format_message("cli.help.dimension", language), show_default=False)
    ]

    @app.command("query", help=format_message("cli.help.query", language))
    def run_query(
        name: Annotated[
            str | None,
            typer.Argument(
                help=format_message("cli.help.question", language), show_default=False, autocompletion=complete_slug("question")
            ),
        ] = None,
        param: Annotated[
            list[str] | None, typer.Option("--param", help=format_message("cli.help.param", language), show_default=False)
        ] = None,
        sparql: Annotated[
            Path | None, typer.Option("--sparql", help=format_message("cli.help.sparql", language), show_default=False)
        ] = None,
        data: data_option = None,
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("cli.help.answer-format", language), show_default=False)
        ] = None,
        out: out_option = None,
        endpoint: Annotated[
            str | None, typer.Option("--endpoint", help=format_message("cli.help.endpoint", language), show_default=False)
        ] = None,
        timeout: Annotated[float, typer.Option("--timeout", min=0.1, help=format_message("cli.help.timeout", language))] = REQUEST_TIMEOUT,
        about: Annotated[bool, typer.Option("--about", help=format_message("cli.help.about", language))] = False,
        unused_terms: Annotated[bool, typer.Option("--unused-terms", help=format_message("cli.help.unused-terms", language))] = False,
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        problems: list[Message] = [("query.both", {})] if name and sparql else []
        problems += [("query.param-own", {})] if sparql and param else []
        problems += [("query.data-elsewhere", {})] if endpoint and sparql and data else []
        format = choose_format(format, out, "table")
        writer = select_writer(QUERY_RESULT_FORMATS, format, problems)
        if sparql:
            query = read_text(sparql)
            answer = (
                remote.run_remote_query(endpoint, query, timeout) if endpoint else open_dataset(project, data, language).run_sparql(query)
            )
        elif unused_terms:
            return typer.echo(_format_unused_terms(open_dataset(project, data, language), language), nl=False)
        elif not name:
            return _list_questions(project, language)
        elif about:
            return typer.echo(_format_question(find_question(project, name), language), nl=False)
        else:
            answer = _run_question(project, name, param or [], data, endpoint, timeout, language)
        write_output(writer(answer, language), out, format)

    @app.command("mobility", help=format_message("cli.help.mobility", language))
    def run_mobility(
        source: Annotated[
            str | None,
            typer.Argument(
                metavar="FROM",
                help=format_message("cli.help.from", language),
                show_default=False,
                autocompletion=complete_slug("role"),
            ),
        ] = None,
        target: Annotated[
            str | None,
            typer.Argument(
                metavar="TO",
                help=format_message("cli.help.to", language),
                show_default=False,
                autocompletion=complete_slug("role"),
            ),
        ] = None,
        weighted: weighted_option = False,
        no_near: no_near_option = False,
        dimension: dimension_option = None,
        into: Annotated[str | None, typer.Option("--into", help=format_message("cli.help.into", language), show_default=False)] = None,
        isco: Annotated[str, typer.Option("--isco", help=format_message("cli.help.isco", language), show_default=False)] = "",
        skill_level: Annotated[
            int | None,
            typer.Option("--skill-level", min=1, max=4, help=format_message("cli.help.skill-level", language), show_default=False),
        ] = None,
        no_field: Annotated[bool, typer.Option("--no-field", help=format_message("cli.help.no-field", language))] = False,
        top: Annotated[int, typer.Option("--top", min=1, help=format_message("cli.help.top", language))] = 10,
        data: data_option = None,
        format: Annotated[
            str | None, typer.Option("--format", help=format_message("cli.help.mobility-format", language), show_default=False)
        ] = None,
        out: out_option = None,
        lang: language_option = language,
    ) -> None:
        format = choose_format(format, out, "table")
        if into is not None:
            return write_output(
                _format_occupation_mobility(into, source, target, (isco, skill_level, top, not no_field), data, format, language),
                out,
                format,
            )
        if source is None:
            write_matrix = select_writer(MOBILITY_MATRIX_FORMATS, format)
        elif target is None:
            write_answer = select_writer(QUERY_RESULT_FORMATS, format)
        else:
            write_path = select_writer(MOBILITY_PATH_FORMATS, format)
        dataset = open_dataset(Project.find(), data, language)
        options = dataset.build_mobility_options(weighted, not no_near, dimension)
        if source is None:
            written: str | bytes = write_matrix(dataset.compute_score_matrix(options), dataset.store, language)
        elif target is None:
            written = write_answer(
                build_ranking_answer(dataset.rank_mobility_paths(source, options), dataset.query("mobility-from-role")), language
            )
        else:
            written = write_path(dataset.compute_mobility_path(source, target, options), language)
        write_output(written, out, format)

    @app.command("pairs", help=format_message("cli.help.pairs", language))
    def run_pairs(
        out: Annotated[str, typer.Option("--out", help=format_message("cli.help.pairs-out", language), show_default=False)],
        sources: Annotated[
            str | None, typer.Option("--from-table", help=format_message("cli.help.from-table", language), show_default=False)
        ] = None,
        targets: Annotated[
            str | None, typer.Option("--to-table", help=format_message("cli.help.to-table", language), show_default=False)
        ] = None,
        neighbours: Annotated[
            str | None, typer.Option("--neighbours", help=format_message("cli.help.neighbours", language), show_default=False)
        ] = None,
        top: Annotated[
            int | None, typer.Option("--top", min=1, help=format_message("cli.help.pairs-top", language), show_default=False)
        ] = None,
        weighted: weighted_option = False,
        no_near: no_near_option = False,
        dimension: dimension_option = None,
        spark: Annotated[str | None, typer.Option("--spark", help=format_message("cli.help.spark", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        given = sources, targets, neighbours
        rows = _write_pairs(Project.find(), given, out, top, weighted, not no_near, dimension, spark, language)
        typer.echo(format_message("pairs.done", language, rows=rows, file=out))


def _format_occupation_mobility(
    into: str,
    source: str | None,
    target: str | None,
    wanted: tuple[str, int | None, int, bool],
    data: list[Path] | None,
    format: str,
    language: str,
) -> str:
    """Return which occupations of another classification are near a role.

    `wanted` is the start of the ISCO-08 code, the skill level, how many groups, and whether the field counts.

    Raises:
        UserError: the classification is not one we know, no role is given or two are, or what `find_occupation_mobility` raises.
    """
    # numpy and scipy take half a second to start, which no other command needs.
    with require_extra("esco"):
        from balansekunst.esco.answers import OCCUPATION_MOBILITY_FORMATS, find_occupation_mobility

    problems: list[Message] = [("cli.into", {"value": into})] if into != "esco" else []
    problems += [("cli.into-one", {})] if source is None or target is not None else []
    write = select_writer(OCCUPATION_MOBILITY_FORMATS, format, problems)
    assert source is not None
    dataset = open_dataset(Project.find(), data, language)
    if format == "csv":  # which has no place for it
        typer.echo(format_message("esco.attribution", language), err=True)
    isco, skill_level, top, has_field = wanted
    return write(find_occupation_mobility(dataset, dataset.find_role(source), isco, top, language, skill_level, has_field), language)


def _write_pairs(
    project: Project,
    given: tuple[str | None, str | None, str | None],
    out: str,
    k: int | None,
    weighted: bool,
    near: bool,
    dimension: str | None,
    spark: str | None,
    language: str,
) -> int:
    """Write how much of each role carries over to each other, by tables in Parquet or by the graph. Return the number of pairs.

    Args:
        project: has the graph, which the tables that are not given are taken from.
        given: where the tables of sources, targets and neighbours lie.
        out: where to write: a file, or a folder when the work is done on Spark.
        k: how many targets for each source; all when nothing is given.
        weighted: whether a competence counts more the fewer of the targets have it.
        near: whether near competences count.
        dimension: the only one whose competences count in the targets, where one is given.
        spark: the address of a Spark cluster to do the work on.
        language: of the messages.

    Raises:
        UserError: a table is not what it should be, Spark is not there, or the answer cannot be written.
    """
    # Loaded here, since numpy, scipy and pyarrow take as long to load as all else together, and the other commands do without.
    with require_extra("pairs"):
        from balansekunst.mobility.matrix import PAIR_SCHEMA, MobilityMeasure, compute_pair_batches
        from balansekunst.mobility.tables import from_store, read_all, write_batches

    measure = MobilityMeasure(weighted, NEAR_WEIGHT if near else 0, dimension)
    with create_progress() as shown:
        task = shown.add_task(format_message("build.load", language), total=None)
        sources, targets, neighbours = given
        if not all(given):
            requirements, steps = from_store(Dataset(project).store, project)
            sources, targets, neighbours = sources or requirements, targets or requirements, neighbours or steps
        shown.update(task, description=format_message("pairs.work", language))
        if not spark:
            sources, targets, neighbours = read_all(sources, targets, neighbours)
            return write_batches(Path(out), compute_pair_batches(sources, targets, neighbours, k, measure), PAIR_SCHEMA)
        with require_extra("spark"):
            from balansekunst.mobility.relational import run_on_spark

            return run_on_spark(spark, sources, targets, neighbours, out, k, measure)


def _list_questions(project: Project, language: str) -> None:
    """List every question of the catalogue as a line, with its parameters.

    Raises:
        UserError: a file cannot be read as a question; the others are listed first.
    """
    questions, problems = read_questions(project)
    lines = [
        f"{q.number:<4} {q.id:<28} {q.question[language]}"
        + "".join(f" [{parameter.name}={parameter.default or ''}]" for parameter in q.parameters)
        for q in questions.values()
    ]
    typer.echo("\n".join([*lines, "", format_message("query.more", language)]))
    if problems:
        raise UserError(*problems)


def _format_question(question: Question, language: str) -> str:
    """Return all that is known of a question, and its query."""
    audience = ", ".join(format_message(_AUDIENCE_KEYS[who], language) for who in question.audience)
    lines = [
        f"{question.number} {question.id}",
        question.question[language],
        format_message("query.details.for", language, audience=audience),
    ]
    lines.append(format_message("query.means", language, means=question.meaning[language]))
    lines.append(format_message("query.does-not-mean", language, means=question.caveat[language]))
    for p in question.parameters:
        values = {"label": p.label[language], "values": p.values[language], "example": p.example, "default": p.default or "–"}
        lines.append(format_message("query.details.parameter", language, name=p.name, **values))
    lines += [
        format_message("query.details.column", language, name=name, label=column[language]) for name, column in question.columns.items()
    ]
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
    return "\n".join([*lines, "", body.strip()]) + "\n"


def _format_unused_terms(dataset: Dataset, language: str) -> str:
    """Return the terms of the vocabulary that no query names, a line each."""
    # rdflib, which parses the queries, takes half a second to start.
    from balansekunst.sparql.query_terms import find_unused_terms

    found = find_unused_terms(dataset.project, dataset.store)
    if not found:
        return format_message("query.unused-terms.none", language) + "\n"
    lines = [
        f"{uses:>7} bk:{term.value.removeprefix(NAMESPACE):<28} {find_label(term, language, dataset.store) or ''}".rstrip()
        for term, uses in found
    ]
    return "\n".join([format_message("query.unused-terms", language), *lines]) + "\n"


def _run_question(
    project: Project, name: str, settings: list[str], data: list[Path] | None, endpoint: str | None, timeout: float, language: str
) -> QueryResult:
    """Return the answer to a question, from the project's own data or from the SPARQL service at `endpoint`.

    Raises:
        UserError: there is no such question or parameter, nothing is called that, or the service gives no answer.
    """
    faulty: list[Message] = [("query.setting", {"value": setting}) for setting in settings if "=" not in setting]
    if faulty:
        raise UserError(*faulty)
    question, given = find_question(project, name), dict(setting.split("=", 1) for setting in settings)
    dataset = open_dataset(project, data, language)
    if endpoint is None:
        return dataset.query(name, **given)
    values = resolve_parameters(question, given, dataset.store)
    return replace(remote.run_remote_query(endpoint, bind_parameters(question, values), timeout), question=question)
