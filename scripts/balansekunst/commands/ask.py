"""The commands that ask: `query`, `mobility` and `pairs`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from balansekunst.asking import remote
from balansekunst.asking.answers import ANSWER_FORMATS
from balansekunst.asking.catalogue import Answer, Question, bound, catalogue, chosen, find_question
from balansekunst.asking.remote import TIMEOUT
from balansekunst.checking.rules import RDFS_LABEL, localised
from balansekunst.dataset import Dataset
from balansekunst.load import Message, content
from balansekunst.messages import UserError, text
from balansekunst.mobility.formats import MATRIX_FORMATS, WAY_FORMATS, ranking
from balansekunst.project import NAMESPACE, Project
from balansekunst.terminal import known, opened, progress, put


def add_commands(app: typer.Typer, language: str) -> None:
    """Add the commands to `app`, with their help in `language`."""
    language_option = Annotated[str, typer.Option("--lang", help=text("cli.help.lang", language))]
    data_option = Annotated[list[Path] | None, typer.Option("--data", help=text("cli.help.data", language), show_default=False)]
    out_option = Annotated[Path | None, typer.Option("--out", help=text("cli.help.out", language), show_default=False)]

    @app.command("query", help=text("cli.help.query", language))
    def query_command(
        name: Annotated[str | None, typer.Argument(help=text("cli.help.question", language), show_default=False)] = None,
        param: Annotated[list[str] | None, typer.Option("--param", help=text("cli.help.param", language), show_default=False)] = None,
        sparql: Annotated[Path | None, typer.Option("--sparql", help=text("cli.help.sparql", language), show_default=False)] = None,
        data: data_option = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.answer-format", language))] = "table",
        out: out_option = None,
        endpoint: Annotated[str | None, typer.Option("--endpoint", help=text("cli.help.endpoint", language), show_default=False)] = None,
        timeout: Annotated[float, typer.Option("--timeout", min=0.1, help=text("cli.help.timeout", language))] = TIMEOUT,
        about: Annotated[bool, typer.Option("--about", help=text("cli.help.about", language))] = False,
        untouched: Annotated[bool, typer.Option("--untouched", help=text("cli.help.untouched", language))] = False,
        lang: language_option = language,
    ) -> None:
        project = Project.find()
        problems: list[Message] = [("query.both", {})] if name and sparql else []
        problems += [("query.param-own", {})] if sparql and param else []
        problems += [("query.data-elsewhere", {})] if endpoint and sparql and data else []
        writer = known(ANSWER_FORMATS, format, problems)
        if sparql:
            query = content(sparql)
            answer = remote.ask(endpoint, query, timeout) if endpoint else opened(project, data, language).sparql(query)
        elif untouched:
            return typer.echo(untouched_terms(opened(project, data, language), language), nl=False)
        elif not name:
            return typer.echo(listed(project, language), nl=False)
        elif about:
            return typer.echo(explained(find_question(project, name), language), nl=False)
        else:
            answer = answered(project, name, param or [], data, endpoint, timeout, language)
        put(writer(answer, language), out, format)

    @app.command("mobility", help=text("cli.help.mobility", language))
    def mobility_command(
        source: Annotated[str | None, typer.Argument(metavar="FROM", help=text("cli.help.from", language), show_default=False)] = None,
        target: Annotated[str | None, typer.Argument(metavar="TO", help=text("cli.help.to", language), show_default=False)] = None,
        unweighted: Annotated[bool, typer.Option("--unweighted", help=text("cli.help.unweighted", language))] = False,
        no_near: Annotated[bool, typer.Option("--no-near", help=text("cli.help.no-near", language))] = False,
        dimension: Annotated[str | None, typer.Option("--dimension", help=text("cli.help.dimension", language), show_default=False)] = None,
        into: Annotated[str | None, typer.Option("--into", help=text("cli.help.into", language), show_default=False)] = None,
        isco: Annotated[str, typer.Option("--isco", help=text("cli.help.isco", language), show_default=False)] = "",
        top: Annotated[int, typer.Option("--top", min=1, help=text("cli.help.top", language))] = 20,
        data: data_option = None,
        format: Annotated[str, typer.Option("--format", help=text("cli.help.mobility-format", language))] = "table",
        out: out_option = None,
        lang: language_option = language,
    ) -> None:
        if into is not None:
            return put(reached(into, source, target, isco, top, data, format, language), out, format)
        if source is None:
            write_matrix = known(MATRIX_FORMATS, format)
        elif target is None:
            write_answer = known(ANSWER_FORMATS, format)
        else:
            write_way = known(WAY_FORMATS, format)
        dataset = opened(Project.find(), data, language)
        options = dataset.options(not unweighted, not no_near, dimension)
        if source is None:
            written: str | bytes = write_matrix(dataset.matrix(options), dataset.store, language)
        elif target is None:
            written = write_answer(ranking(dataset.ways_from(source, options), dataset.query("roles-within-reach")), language)
        else:
            written = write_way(dataset.mobility(source, target, options), language)
        put(written, out, format)

    @app.command("pairs", help=text("cli.help.pairs", language))
    def pairs_command(
        out: Annotated[str, typer.Option("--out", help=text("cli.help.pairs-out", language), show_default=False)],
        sources: Annotated[str | None, typer.Option("--from-table", help=text("cli.help.from-table", language), show_default=False)] = None,
        targets: Annotated[str | None, typer.Option("--to-table", help=text("cli.help.to-table", language), show_default=False)] = None,
        neighbours: Annotated[
            str | None, typer.Option("--neighbours", help=text("cli.help.neighbours", language), show_default=False)
        ] = None,
        top: Annotated[int | None, typer.Option("--top", min=1, help=text("cli.help.pairs-top", language), show_default=False)] = None,
        unweighted: Annotated[bool, typer.Option("--unweighted", help=text("cli.help.unweighted", language))] = False,
        no_near: Annotated[bool, typer.Option("--no-near", help=text("cli.help.no-near", language))] = False,
        dimension: Annotated[str | None, typer.Option("--dimension", help=text("cli.help.dimension", language), show_default=False)] = None,
        spark: Annotated[str | None, typer.Option("--spark", help=text("cli.help.spark", language), show_default=False)] = None,
        lang: language_option = language,
    ) -> None:
        given = sources, targets, neighbours
        rows = write_pairs(Project.find(), given, out, top, not unweighted, not no_near, dimension, spark, language)
        typer.echo(text("pairs.done", language, rows=rows, file=out))


def reached(
    into: str, source: str | None, target: str | None, isco: str, top: int, data: list[Path] | None, format: str, language: str
) -> str:
    """Return how far a role reaches into the occupations of another classification.

    Raises:
        UserError: the classification is not one we know, no role is given or two are, or what `reach_answers.into_esco` raises.
    """
    # numpy and scipy take half a second to start, which no other command needs.
    from balansekunst.esco.answers import REACH_FORMATS, into_esco

    problems: list[Message] = [("cli.into", {"asked": into})] if into != "esco" else []
    problems += [("cli.into-one", {})] if source is None or target is not None else []
    write = known(REACH_FORMATS, format, problems)
    assert source is not None
    dataset = opened(Project.find(), data, language)
    if format == "csv":  # which has no place for it
        typer.echo(text("esco.attribution", language), err=True)
    return write(into_esco(dataset, dataset.role(source), isco, top, language), language)


def write_pairs(
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
        language: of what is said.

    Raises:
        UserError: a table is not what it should be, Spark is not there, or the answer cannot be written.
    """
    # Loaded here, since numpy, scipy and pyarrow take as long to load as all else together, and the other commands do without.
    from balansekunst.asking.tables import from_store, read_all, write
    from balansekunst.mobility.pairs import SCHEMA, Measure, batches
    from balansekunst.mobility.ways import NEAR

    measure = Measure(weighted, NEAR if near else 0, dimension)
    with progress() as shown:
        task = shown.add_task(text("build.load", language), total=None)
        sources, targets, neighbours = given
        if not all(given):
            requirements, steps = from_store(Dataset(project).store, project)
            sources, targets, neighbours = sources or requirements, targets or requirements, neighbours or steps
        shown.update(task, description=text("pairs.work", language))
        if not spark:
            sources, targets, neighbours = read_all(sources, targets, neighbours)
            return write(Path(out), batches(sources, targets, neighbours, k, measure), SCHEMA)
        try:
            from balansekunst.mobility.relational import on_spark

            return on_spark(spark, sources, targets, neighbours, out, k, measure)
        except ModuleNotFoundError as error:
            raise UserError(("pairs.no-spark", {"name": error.name})) from None


def listed(project: Project, language: str) -> str:
    """Return every question of the catalogue as a line, with its parameters."""
    lines = [
        f"{q.number:<4} {q.id:<28} {q.question[language]}"
        + "".join(f" [{parameter.name}={parameter.default or ''}]" for parameter in q.parameters)
        for q in catalogue(project).values()
    ]
    return "\n".join([*lines, "", text("query.more", language)]) + "\n"


def explained(question: Question, language: str) -> str:
    """Return all that is known of a question, and its query."""
    audience = ", ".join(text(f"query.audience.{who}", language) for who in question.audience)
    lines = [f"{question.number} {question.id}", question.question[language], text("query.about.for", language, audience=audience)]
    lines.append(text("query.means", language, means=question.means[language]))
    lines.append(text("query.does-not-mean", language, means=question.does_not_mean[language]))
    for p in question.parameters:
        values = {"label": p.label[language], "values": p.values[language], "example": p.example, "default": p.default or "–"}
        lines.append(text("query.about.parameter", language, name=p.name, **values))
    lines += [text("query.about.column", language, name=name, label=column[language]) for name, column in question.columns.items()]
    body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
    return "\n".join([*lines, "", body.strip()]) + "\n"


def untouched_terms(dataset: Dataset, language: str) -> str:
    """Return the terms of the vocabulary that no query names, a line each."""
    from balansekunst.asking.parsing import untouched

    found = untouched(dataset.project, dataset.store)
    if not found:
        return text("query.untouched.none", language) + "\n"
    lines = [
        f"{uses:>7} bk:{term.value.removeprefix(NAMESPACE):<28} {localised(dataset.store, term, RDFS_LABEL).get(language, '')}".rstrip()
        for term, uses in found
    ]
    return "\n".join([text("query.untouched", language), *lines]) + "\n"


def answered(
    project: Project, name: str, settings: list[str], data: list[Path] | None, endpoint: str | None, timeout: float, language: str
) -> Answer:
    """Return the answer to a question, from the project's own data or from the SPARQL service at `endpoint`.

    Raises:
        UserError: there is no such question or parameter, nothing is called that, or the service gives no answer.
    """
    faulty: list[Message] = [("query.setting", {"given": setting}) for setting in settings if "=" not in setting]
    if faulty:
        raise UserError(*faulty)
    question, given = find_question(project, name), dict(setting.split("=", 1) for setting in settings)
    dataset = opened(project, data, language)
    if endpoint is None:
        return dataset.query(name, **given)
    values = chosen(question, given, dataset.store)
    return replace(remote.ask(endpoint, bound(question, values), timeout), question=question)
