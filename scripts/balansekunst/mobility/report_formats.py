"""Write mobility: a mobility path explained in words, the roles ranked, and the matrix of all roles as table, CSV, JSON and heat map."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyoxigraph import Literal, NamedNode, Store
from rich import box
from rich.table import Table

from balansekunst.messages import LANGUAGES, format_message
from balansekunst.mobility.paths import MobilityPath
from balansekunst.package_files import TEMPLATES_FOLDER
from balansekunst.rdf.graph import find_label
from balansekunst.sparql.catalogue import QueryResult, ResultRow, format_number, to_plain_text, to_python_value
from balansekunst.sparql.result_formats import QUERY_RESULT_FORMATS, render_table

_ScoreMatrix = Mapping[tuple[NamedNode, NamedNode], float]
_MATCH_KIND_KEYS = {"shared": "mobility.kind.shared", "near": "mobility.kind.near", "new": "mobility.kind.new"}
_MATCH_KINDS = tuple(_MATCH_KIND_KEYS)
_CELL_SIZE, _LETTER_WIDTH = 84, 8
"""Sizes of the heat map in its own units: a cell, and a letter of a name."""


def get_row_label(row: ResultRow, name: str, language: str) -> str:
    """Return a thing's name in `language`, else in the other, else its address."""
    other = next(tag for tag in LANGUAGES if tag != language)
    return to_plain_text(row.get(f"{name}_{language}") or row.get(f"{name}_{other}") or row.get(name))


def format_mobility_path(path: MobilityPath, language: str) -> str:
    """Return a mobility path explained: counts, what is shared, near and not named, and last the score and what it means."""
    first = path.answer.rows[0]
    names = {"source": get_row_label(first, "from", language), "target": get_row_label(first, "to", language)}
    counts = {kind: path.count_competences(kind) for kind in _MATCH_KINDS}
    lines = [
        format_message("mobility.title", language, **names),
        "",
        format_message("mobility.counts", language, number=path.count_all_competences(), **names, **counts),
    ]
    for role in path.elected:
        name = names["source" if role == path.source else "target"]
        lines += ["", format_message("mobility.elected", language, role=name)]
    for row in path.progressions:
        outcomes = {"earlier": get_row_label(row, "earlier", language), "later": get_row_label(row, "later", language)}
        lines += ["", format_message("mobility.progression", language, **outcomes)]
    for kind in _MATCH_KINDS:
        rows = path.select_rows(kind)
        if rows:
            lines += ["", format_message(_MATCH_KIND_KEYS[kind], language, number=counts[kind], **names)]
        for row in rows:
            lines += _format_competence(row, kind, names, language)
            if kind == "new":
                lines += _format_additions(path, row, language)
            else:
                keys = ("mobility.skills.both", "mobility.skills.target")
                for key, skills in zip(keys, path.compare_skills(row), strict=True):
                    lines += [format_message(key, language, target=names["target"], skills=", ".join(skills.values()))] if skills else []
    moving = sorted(
        {
            format_message(
                "mobility.move",
                language,
                competence=get_row_label(row, "competence", language),
                before=get_row_label(row, "from_position", language) or get_row_label(row, "from_dimension", language),
                after=get_row_label(row, "to_position", language) or get_row_label(row, "to_dimension", language),
            )
            for row in path.answer.rows
            if to_plain_text(row["changes_position"]) == "true"
        }
    )
    if moving:
        lines += ["", format_message("mobility.moves", language), *moving]
    if any(skills for kind in ("shared", "near") for row in path.select_rows(kind) for skills in path.compare_skills(row)):
        lines += ["", format_message("esco.attribution", language)]
    lines += ["", format_message("mobility.score", language, score=format_number(path.score, language))]
    assert path.answer.question is not None
    lines += ["", format_message("query.means", language, means=format_message("mobility.means", language))]
    lines += [format_message("query.does-not-mean", language, means=path.answer.question.caveat[language])]
    return "\n".join(lines) + "\n"


def _format_competence(row: ResultRow, kind: str, names: Mapping[str, str], language: str) -> list[str]:
    """Return what is said of one competence: its name and weight, then place and outcomes in each role."""
    competence, own = get_row_label(row, "competence", language), get_row_label(row, "own", language)
    weight = float(to_plain_text(row["weight"]))
    added = "" if weight == 1 else format_message("mobility.weight-note", language, weight=format_number(weight, language))
    key = "mobility.near" if kind == "near" else "mobility.competence"
    lines = [format_message(key, language, competence=competence, own=own) + added]
    for side, role in (("from", "source"), ("to", "target")):
        if side == "from" and kind == "new":
            continue
        place = get_row_label(row, f"{side}_position", language) or format_message(
            "mobility.place-unknown", language, dimension=get_row_label(row, f"{side}_dimension", language)
        )
        lines.append(format_message("mobility.place", language, role=names[role], place=place))
        lines += [f"      {outcome}" for outcome in get_row_label(row, f"{side}_outcomes", language).splitlines()]
    return lines


def _format_additions(path: MobilityPath, row: ResultRow, language: str) -> list[str]:
    """Return what is said of a competence that is not named: the neighbours that are not counted, and what may build it."""
    neighbours = {get_row_label(other, "own", language) for other in path.unpaired_neighbours if other["competence"] == row["competence"]}
    lines = [format_message("mobility.unpaired", language, names=", ".join(sorted(neighbours)))] if neighbours else []
    for measure in path.select_measures(row["competence"]):
        key = "mobility.measure.ours" if to_plain_text(measure["provenance"]) == "editorial" else "mobility.measure"
        lines.append(format_message(key, language, measure=get_row_label(measure, "way", language)))
    return lines


def _serialize_mobility_path(path: MobilityPath, language: str) -> str:
    """Return a mobility path as JSON: the roles, the counts, the score, and an object for each row with plain values."""
    document = {
        "from": path.source.value,
        "to": path.target.value,
        "asked": path.count_all_competences(),
        **{kind: path.count_competences(kind) for kind in _MATCH_KINDS},
        "score": path.score,
        "elected": [role.value for role in path.elected],
        "progressions": [{name: to_python_value(term) for name, term in row.items()} for row in path.progressions],
        "measures": [{name: to_python_value(term) for name, term in row.items()} for row in path.measures],
        "competences": [{name: to_python_value(row.get(name)) for name in path.answer.variables} for row in path.answer.rows],
        "skills": [{name: to_python_value(term) for name, term in row.items()} for row in path.skills],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _adapt_answer_writer(write: Callable[[QueryResult, str], str | bytes]) -> Callable[[MobilityPath, str], str | bytes]:
    """Return what writes the rows of a mobility path as an answer is written."""
    return lambda path, language: write(path.answer, language)


MOBILITY_PATH_FORMATS: dict[str, Callable[[MobilityPath, str], str | bytes]] = {
    **{name: _adapt_answer_writer(write) for name, write in QUERY_RESULT_FORMATS.items()},
    "table": format_mobility_path,
    "json": _serialize_mobility_path,
}
"""What writes a mobility path in each format. Takes the mobility path and the language."""


def build_ranking_answer(paths: list[MobilityPath], template: QueryResult) -> QueryResult:
    """Return mobility paths as rows of the question `mobility-from-role`, whose result `template` has the columns."""

    def names(path: MobilityPath, kind: str, language: str) -> Literal:
        rows = path.select_rows(kind) + (list(path.unpaired_neighbours) if kind == "near" else [])
        return Literal("\n".join(sorted({get_row_label(row, "competence", language) for row in rows})))

    rows: list[ResultRow] = []
    for path in paths:
        row: ResultRow = {name: path.answer.rows[0].get(name) for name in template.variables}
        row |= {"score": Literal(path.score), "asked": Literal(path.count_all_competences())}
        row |= {kind: Literal(path.count_competences(kind)) for kind in _MATCH_KINDS}
        for column, kind in (("shared_names", "shared"), ("near_names", "near")):
            row |= {f"{column}_{language}": names(path, kind, language) for language in LANGUAGES}
        rows.append(row)
    return replace(template, rows=rows)


def _list_role_names(matrix: _ScoreMatrix, store: Store, language: str) -> dict[NamedNode, str]:
    """Return the name of each role of a matrix, in the order of the names."""
    roles = {role for pair in matrix for role in pair}
    names = {role: find_label(role, language, store) or to_plain_text(role) for role in roles}
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0].value)))


def _format_matrix_table(matrix: _ScoreMatrix, store: Store, language: str) -> str:
    """Return the matrix as a table: from the role of the row to the role of the column."""
    names = _list_role_names(matrix, store, language)
    table = Table(format_message("mobility.from-to", language), *names.values(), box=box.SIMPLE_HEAD, pad_edge=False)
    for source, name in names.items():
        table.add_row(name, *("–" if source == target else format_number(matrix.get((source, target), 0.0), language) for target in names))
    return (
        "\n".join([format_message("mobility.matrix", language), *render_table(table), format_message("mobility.matrix.note", language)])
        + "\n"
    )


def _format_matrix_csv(matrix: _ScoreMatrix, store: Store, language: str) -> str:
    """Return the matrix as CSV: a row for each role come from, a column for each gone to, empty where they are the same."""
    roles = list(_list_role_names(matrix, store, language))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["from", *(role.value for role in roles)])
    for source in roles:
        writer.writerow([source.value, *("" if source == target else matrix.get((source, target), 0.0) for target in roles)])
    return written.getvalue()


def _format_matrix_json(matrix: _ScoreMatrix, store: Store, language: str) -> str:
    """Return an object for each ordered pair of roles."""
    pairs = [{"from": source.value, "to": target.value, "score": matrix[source, target]} for source, target in sorted(matrix, key=str)]
    return json.dumps(pairs, ensure_ascii=False, indent=2) + "\n"


def _draw_matrix_svg(matrix: _ScoreMatrix, store: Store, language: str) -> str:
    """Return the matrix as a heat map (SVG): the darker, the more carries over; every cell has its score in words too."""
    names = _list_role_names(matrix, store, language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=select_autoescape(["svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room = _LETTER_WIDTH * max(map(len, names.values()), default=0) + 24
    cells = [
        {
            "x": room + column * _CELL_SIZE,
            "y": room + row * _CELL_SIZE,
            "score": matrix.get((source, target), 0.0),
            "shown": format_number(matrix.get((source, target), 0.0), language),
            "title": format_message("mobility.cell", language, source=names[source], target=names[target]),
        }
        for row, source in enumerate(names)
        for column, target in enumerate(names)
        if source != target
    ]
    texts = {key: format_message(key, language) for key in ("mobility.matrix", "mobility.matrix.note", "mobility.from-to")}
    return environment.get_template("matrix.svg").render(
        texts=texts, language=language, names=list(names.values()), cells=cells, cell=_CELL_SIZE, room=room
    )


MOBILITY_MATRIX_FORMATS = {"table": _format_matrix_table, "csv": _format_matrix_csv, "json": _format_matrix_json, "svg": _draw_matrix_svg}
"""What writes the matrix in each format. Takes the matrix, the store with the names, and the language."""
