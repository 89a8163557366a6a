"""Write mobility: a way explained in words, the roles ranked, and the matrix of all roles as table, CSV, JSON and heat map."""

import csv
import io
import json
from collections.abc import Callable, Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyoxigraph import Literal, NamedNode, Store
from rich import box
from rich.table import Table

from balansekunst.asking.answers import ANSWER_FORMATS, printed
from balansekunst.asking.catalogue import Answer, Row, number, plain, python_value
from balansekunst.checking.rules import SKOS_LABEL, localised
from balansekunst.messages import LANGUAGES, text
from balansekunst.mobility.ways import Way
from balansekunst.project import Project

Matrix = Mapping[tuple[NamedNode, NamedNode], float]
KINDS = ("shared", "near", "new")
CELL, LETTER = 84, 8
"""Sizes of the heat map in its own units: a cell, and a letter of a name."""


def label(row: Row, name: str, language: str) -> str:
    """Return a thing's name in `language`, else in the other, else its address."""
    other = next(tag for tag in LANGUAGES if tag != language)
    return plain(row.get(f"{name}_{language}") or row.get(f"{name}_{other}") or row.get(name))


def way_text(way: Way, language: str) -> str:
    """Return a way explained: the figure, then what is shared, near and new with place, weight and the words of both, and what it means."""
    first = way.answer.rows[0]
    names = {"source": label(first, "from", language), "target": label(first, "to", language)}
    counts = {kind: way.number(kind) for kind in KINDS}
    lines = [
        text("mobility.title", language, **names),
        "",
        text("mobility.figure", language, figure=number(way.figure, language), **names, **counts),
    ]
    for kind in KINDS:
        rows = way.of(kind)
        if rows:
            lines += ["", text(f"mobility.kind.{kind}", language, number=counts[kind], **names)]
        for row in rows:
            lines += competence_lines(row, kind, names, language)
    moving = sorted({label(row, "competence", language) for row in way.answer.rows if plain(row["moves"]) == "true"})
    if moving:
        lines += ["", text("mobility.moves", language, names=", ".join(moving))]
    for row in way.progressions:
        outcomes = {"earlier": label(row, "earlier", language), "later": label(row, "later", language)}
        lines += ["", text("mobility.progression", language, **outcomes)]
    assert way.answer.question is not None
    lines += ["", text("query.means", language, means=text("mobility.means", language))]
    lines += [text("query.does-not-mean", language, means=way.answer.question.does_not_mean[language])]
    return "\n".join(lines) + "\n"


def competence_lines(row: Row, kind: str, names: Mapping[str, str], language: str) -> list[str]:
    """Return what is said of one competence: its name and weight, then place and outcomes in each role."""
    competence, own = label(row, "competence", language), label(row, "own", language)
    weight = number(float(plain(row["weight"])), language)
    if kind == "near":
        lines = [text("mobility.near", language, competence=competence, own=own, weight=weight)]
    else:
        lines = [text("mobility.competence", language, competence=competence, weight=weight)]
    for side, role in (("from", "source"), ("to", "target")):
        if side == "from" and kind == "new":
            continue
        place = label(row, f"{side}_position", language) or text(
            "mobility.place-unknown", language, dimension=label(row, f"{side}_dimension", language)
        )
        lines.append(text("mobility.place", language, role=names[role], place=place))
        lines += [f"      {outcome}" for outcome in label(row, f"{side}_outcomes", language).splitlines()]
    return lines


def way_json(way: Way, language: str) -> str:
    """Return a way as JSON: the roles, the figure, and an object for each row with plain values."""
    document = {
        "from": way.source.value,
        "to": way.target.value,
        "figure": way.figure,
        **{kind: way.number(kind) for kind in KINDS},
        "progressions": [{name: python_value(term) for name, term in row.items()} for row in way.progressions],
        "competences": [{name: python_value(row.get(name)) for name in way.answer.variables} for row in way.answer.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def answer_writer(write: Callable[[Answer, str], str | bytes]) -> Callable[[Way, str], str | bytes]:
    """Return what writes the rows of a way as an answer is written."""
    return lambda way, language: write(way.answer, language)


WAY_FORMATS: dict[str, Callable[[Way, str], str | bytes]] = {
    **{name: answer_writer(write) for name, write in ANSWER_FORMATS.items()},
    "table": way_text,
    "json": way_json,
}
"""What writes a way in each format. Takes the way and the language."""


def ranking(ways: list[Way], like: Answer) -> Answer:
    """Return ways as rows of the question `roles-within-reach`, whose answer `like` has the columns."""

    def names(way: Way, kind: str, language: str) -> Literal:
        return Literal("\n".join(sorted({label(row, "competence", language) for row in way.of(kind)})))

    rows: list[Row] = []
    for way in ways:
        row: Row = {name: way.answer.rows[0].get(name) for name in like.variables}
        row |= {"share": Literal(way.figure)} | {kind: Literal(way.number(kind)) for kind in KINDS}
        for column, kind in (("same", "shared"), ("like", "near")):
            row |= {f"{column}_{language}": names(way, kind, language) for language in LANGUAGES}
        rows.append(row)
    return Answer(like.variables, rows, like.question)


def matrix_names(matrix: Matrix, store: Store, language: str) -> dict[NamedNode, str]:
    """Return the name of each role of a matrix, in the order of the names."""
    roles = {role for pair in matrix for role in pair}
    names = {role: localised(store, role, SKOS_LABEL).get(language, plain(role)) for role in roles}
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0].value)))


def matrix_table(matrix: Matrix, store: Store, language: str) -> str:
    """Return the matrix as a table: from the role of the row to the role of the column."""
    names = matrix_names(matrix, store, language)
    table = Table(text("mobility.from-to", language), *names.values(), box=box.SIMPLE_HEAD, pad_edge=False)
    for source, name in names.items():
        table.add_row(name, *("–" if source == target else number(matrix.get((source, target), 0.0), language) for target in names))
    return "\n".join([text("mobility.matrix", language), *printed(table), text("mobility.matrix.note", language)]) + "\n"


def matrix_csv(matrix: Matrix, store: Store, language: str) -> str:
    """Return the matrix as CSV: a row for each role come from, a column for each gone to, empty where they are the same."""
    roles = list(matrix_names(matrix, store, language))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["from", *(role.value for role in roles)])
    for source in roles:
        writer.writerow([source.value, *("" if source == target else matrix.get((source, target), 0.0) for target in roles)])
    return written.getvalue()


def matrix_json(matrix: Matrix, store: Store, language: str) -> str:
    """Return an object for each ordered pair of roles."""
    pairs = [{"from": source.value, "to": target.value, "figure": matrix[source, target]} for source, target in sorted(matrix, key=str)]
    return json.dumps(pairs, ensure_ascii=False, indent=2) + "\n"


def matrix_svg(matrix: Matrix, store: Store, language: str) -> str:
    """Return the matrix as a heat map (SVG): the darker, the more carries over; every cell has its figure in words too."""
    names = matrix_names(matrix, store, language)
    environment = Environment(
        loader=FileSystemLoader(Project.find().site_sources / "templates"),
        autoescape=select_autoescape(["svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room = LETTER * max(map(len, names.values()), default=0) + 24
    cells = [
        {
            "x": room + column * CELL,
            "y": room + row * CELL,
            "figure": matrix.get((source, target), 0.0),
            "shown": number(matrix.get((source, target), 0.0), language),
            "title": text("mobility.cell", language, source=names[source], target=names[target]),
        }
        for row, source in enumerate(names)
        for column, target in enumerate(names)
        if source != target
    ]
    texts = {key: text(f"mobility.{key}", language) for key in ("matrix", "matrix.note", "from-to")}
    return environment.get_template("matrix.svg").render(
        texts=texts, language=language, names=list(names.values()), cells=cells, cell=CELL, room=room
    )


MATRIX_FORMATS = {"table": matrix_table, "csv": matrix_csv, "json": matrix_json, "svg": matrix_svg}
"""What writes the matrix in each format. Takes the matrix, the store with the names, and the language."""
