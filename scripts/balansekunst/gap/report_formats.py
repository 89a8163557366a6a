"""Write a gap as a table for people, Markdown, a page of its own, a workbook, or JSON. The first four show the same sections."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rich import box
from rich.table import Table

from balansekunst.gap.analysis import Gap, Measure
from balansekunst.messages import format_message
from balansekunst.mobility.report_formats import get_row_label
from balansekunst.sparql.catalogue import ResultRow, format_term, to_plain_text
from balansekunst.sparql.result_formats import render_table
from balansekunst.standalone_page import render_standalone_page

_PROCESS_STEPS = {name: f"process-step/{name}" for name in ("kompetansekartlegging", "gapanalyse", "kompetansetiltak")}
"""The steps of the work that a report follows."""

_CellValue = str | int
_COVERAGE_HEADING_KEYS = {"covered": "gap.covered.column", "near": "gap.near.column", "missing": "gap.missing.column"}
_BAR_SIGNS, _BAR_WIDTH = ("█", "▒", "░"), 20
"""The signs of the parts of a bar in text, and the signs in one, at most: one for each person, where they are no more."""
_MEASURE_HEADING_KEYS = ("gap.measure.column", "gap.setting.column", "gap.form.column")


@dataclass(frozen=True)
class Section:
    """A part of a report."""

    title: str
    level: int
    """2 for a step of the work, 3 for a part of one."""
    paragraphs: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[_CellValue, ...], ...] = field(default=())
    bars: tuple[tuple[int, ...], ...] = ()
    """Of each row, the numbers that a bar shows the parts of."""


def _format_title(gap: Gap, language: str) -> str:
    """Return what the report is called."""
    key = "gap.title.one" if gap.people == 1 else "gap.title"
    return format_message(key, language, role=get_row_label(gap.role, "role", language))


def _build_sections(gap: Gap, language: str) -> list[Section]:
    """Return the report: what is mapped, the gap, the measures, and what it says and does not say."""
    return [
        *_build_mapping_sections(gap, language),
        *_build_gap_sections(gap, language),
        *_build_measure_sections(gap, language),
        _build_about_section(gap, language),
    ]


def _build_step_section(gap: Gap, name: str, language: str, *paragraphs: str) -> Section:
    """Return the beginning of a step: its name and what it is, as the graph tells."""
    row = next(row for row in gap.steps if to_plain_text(row["step"]) == _PROCESS_STEPS[name])
    return Section(get_row_label(row, "step", language), 2, (get_row_label(row, "definition", language), *paragraphs))


def _format_headings(language: str, *keys: str) -> tuple[str, ...]:
    """Return the headings of columns."""
    return tuple(format_message(key, language) for key in keys)


def _build_mapping_sections(gap: Gap, language: str) -> list[Section]:
    """Return what was mapped: how many, what it rests on, and what lies beyond the role."""
    people = format_message("gap.people.one" if gap.people == 1 else "gap.people", language, people=gap.people)
    found = [_build_step_section(gap, "kompetansekartlegging", language, people)]
    if gap.evidence:
        heads = (format_message("gap.evidence.column", language), format_message("gap.evidence.rows", language))
        found.append(Section(format_message("gap.evidence", language), 3, (), heads, gap.evidence))
    if gap.additional_competences:
        rows = tuple((get_row_label(row, "own", language), number) for row, number in gap.additional_competences)
        about = (format_message("gap.additional.about", language),)
        found.append(
            Section(
                format_message("gap.additional", language),
                3,
                about,
                _format_headings(language, "gap.competence.column", "gap.people.column"),
                rows,
            )
        )
    return found


def _build_gap_sections(gap: Gap, language: str) -> list[Section]:
    """Return how the group stands to each key competence, and what is to be discussed."""
    rows = list[tuple[_CellValue, ...]]()
    for part in gap.coverage:
        near = ", ".join(
            format_message("gap.counted", language, name=get_row_label(row, "own", language), number=number)
            for row, number in part.near_competences
        )
        rows.append(
            (
                get_row_label(part.row, "competence", language),
                _format_place(part.row, language),
                *(part.counts[kind] for kind in _COVERAGE_HEADING_KEYS),
                near,
            )
        )
    columns = _format_headings(
        language, "gap.competence.column", "gap.place.column", *_COVERAGE_HEADING_KEYS.values(), "gap.near-competences.column"
    )
    kinds = []
    for group in gap.gap_kinds:
        answers = "; ".join(get_row_label(row, "way", language) for row in group if row["way"] is not None)
        kinds.append((get_row_label(group[0], "gap", language), get_row_label(group[0], "definition", language), answers))
    return [
        _build_step_section(gap, "gapanalyse", language),
        Section(
            format_message("gap.coverage", language),
            3,
            (format_message("gap.coverage.about", language),),
            columns,
            tuple(rows),
            tuple(tuple(part.counts[kind] for kind in _COVERAGE_HEADING_KEYS) for part in gap.coverage),
        ),
        *_build_outcome_sections(gap, language),
        Section(
            format_message("gap.kinds", language),
            3,
            (format_message("gap.kinds.about", language),),
            _format_headings(language, "gap.kind.column", "gap.meaning.column", "gap.answers.column"),
            tuple(kinds),
        ),
    ]


def _build_outcome_sections(gap: Gap, language: str) -> list[Section]:
    """Return the learning outcomes of what is missing; nothing where none is."""
    rows = tuple(
        (get_row_label(part.row, "competence", language), part.counts["missing"], get_row_label(outcome, "outcome", language))
        for part in gap.coverage
        for outcome in (part.outcomes if part.counts["missing"] else ())
    )
    columns = _format_headings(language, "gap.competence.column", "gap.missing.column", "gap.outcome.column")
    about = (format_message("gap.outcomes.about", language),)
    return [Section(format_message("gap.outcomes", language), 3, about, columns, rows)] if rows else []


def _add_bars(part: Section, language: str) -> Section:
    """Return a section with its bars as a column of text, and what the signs mean."""
    if not part.bars:
        return part
    covered, near, missing = _BAR_SIGNS
    legend = format_message("gap.bars.legend", language, covered=covered, near=near, missing=missing)
    headings = (part.headings[0], format_message("gap.bars.column", language), *part.headings[1:])
    rows = tuple((row[0], format_bar(bar), *row[1:]) for row, bar in zip(part.rows, part.bars, strict=True))
    return replace(part, paragraphs=(*part.paragraphs, legend), headings=headings, rows=rows)


def format_bar(numbers: tuple[int, ...]) -> str:
    """Return a bar of signs, as long for all rows. What is there at all has a sign."""
    total = sum(numbers)
    if total <= _BAR_WIDTH:
        return "".join(sign * number for sign, number in zip(_BAR_SIGNS, numbers, strict=True))
    widths = [max(1, round(number * _BAR_WIDTH / total)) if number else 0 for number in numbers]
    widths[widths.index(max(widths))] += _BAR_WIDTH - sum(widths)
    return "".join(sign * width for sign, width in zip(_BAR_SIGNS, widths, strict=True))


def _format_place(row: ResultRow, language: str) -> str:
    """Return where in the balance model a competence stands, as far as that is told."""
    if row["position"] is not None:
        return get_row_label(row, "position", language)
    return format_message("gap.place-unknown", language, dimension=get_row_label(row, "dimension", language))


def _build_measure_sections(gap: Gap, language: str) -> list[Section]:
    """Return the measures: for certain competences, and for any gap."""
    start = _build_step_section(gap, "kompetansetiltak", language)
    if not any(part.counts["missing"] for part in gap.coverage):
        return [start, Section(format_message("gap.measures", language), 3, (format_message("gap.no-gap", language),))]
    basis = gap.measures_question.codes["basis"]
    specific = tuple(
        (
            get_row_label(part.row, "competence", language),
            part.counts["missing"],
            format_term(measure.row["basis"], language, basis),
            *_format_measure(measure, language),
        )
        for part in gap.coverage
        for measure in part.measures
    )
    found = [start]
    name = format_message("gap.measures", language)
    if specific:
        found.append(
            Section(
                name,
                3,
                (),
                _format_headings(language, "gap.competence.column", "gap.missing.column", "gap.basis.column", *_MEASURE_HEADING_KEYS),
                specific,
            )
        )
    else:
        found.append(Section(name, 3, (format_message("gap.measures.none", language),)))
    general = tuple(_format_measure(measure, language) for measure in gap.general_measures)
    return [
        *found,
        Section(format_message("gap.general", language), 3, (), _format_headings(language, *_MEASURE_HEADING_KEYS), general),
    ]


def _format_measure(measure: Measure, language: str) -> tuple[str, str, str]:
    """Return a measure, where it takes place, and what form of learning it is; what we read ourselves is marked."""

    def format_marked(row: ResultRow, name: str, provenance: str) -> str:
        shown = get_row_label(row, name, language)
        return format_message("gap.editorial", language, name=shown) if to_plain_text(row[provenance]) == "editorial" else shown

    settings = "; ".join(format_marked(row, "setting", "setting_provenance") for row in measure.settings)
    forms = "; ".join(format_marked(row, "form", "form_provenance") for row in measure.forms)
    return format_marked(measure.row, "way", "provenance"), settings, forms


def _build_about_section(gap: Gap, language: str) -> Section:
    """Return what the report says and does not say: what the two questions it asks say of themselves."""
    questions = [gap.coverage_question, gap.measures_question]
    said = [format_message("gap.about.says", language, means=question.meaning[language]) for question in questions]
    not_said = [format_message("gap.about.does-not", language, means=question.caveat[language]) for question in questions]
    return Section(format_message("gap.about", language), 2, (format_message("gap.about.levels", language), *said, *not_said))


def _format_text(gap: Gap, language: str) -> str:
    """Return the report for a terminal."""
    blocks = [_format_title(gap, language)]
    for part in (_add_bars(part, language) for part in _build_sections(gap, language)):
        lines = [part.title if part.level == 3 else part.title.upper(), *part.paragraphs]
        if part.rows:
            table = Table(*part.headings, box=box.SIMPLE_HEAD, pad_edge=False)
            for row in part.rows:
                table.add_row(*map(str, row))
            lines += render_table(table)
        blocks.append("\n".join(lines).rstrip())
    return "\n\n".join(blocks) + "\n"


def _format_markdown(gap: Gap, language: str) -> str:
    """Return the report as Markdown."""
    blocks = [f"# {_format_title(gap, language)}"]
    for part in (_add_bars(part, language) for part in _build_sections(gap, language)):
        blocks += [f"{'#' * part.level} {part.title}", *part.paragraphs]
        if part.rows:
            lines = [part.headings, ("---",) * len(part.headings), *part.rows]
            blocks.append(
                "\n".join("| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in line) + " |" for line in lines)
            )
    return "\n\n".join(blocks) + "\n"


def _format_html(gap: Gap, language: str) -> str:
    """Return the report as one page that needs nothing beside it."""
    return render_standalone_page(
        "gap.html", language=language, title=_format_title(gap, language), sections=_build_sections(gap, language)
    )


def _format_workbook(gap: Gap, language: str) -> bytes:
    """Return the report as a workbook: a sheet for each table, and one with the words between them."""
    # openpyxl takes longer to import than the gap to find.
    from balansekunst.xlsx import build_workbook

    parts = _build_sections(gap, language)
    words = [_format_title(gap, language), *(line for part in parts for line in (part.title, *part.paragraphs))]
    return build_workbook(
        [(part.title, list(part.headings), [list(row) for row in part.rows]) for part in parts if part.rows], words, language
    )


def _format_json(gap: Gap, language: str) -> str:
    """Return the gap as JSON: addresses, names in both languages, and counts."""
    document = {
        "role": _build_json_resource(gap.role, "role"),
        "people": gap.people,
        "evidence": [{"evidence": evidence, "rows": number} for evidence, number in gap.evidence],
        "competences": [
            {
                **_build_json_resource(part.row, "competence"),
                "dimension": _build_json_resource(part.row, "dimension"),
                "position": _build_json_resource(part.row, "position") if part.row["position"] is not None else None,
                **part.counts,
                "near_competences": [{**_build_json_resource(row, "own"), "people": number} for row, number in part.near_competences],
                "outcomes": [_build_json_resource(row, "outcome") for row in part.outcomes],
                "measures": [_build_json_measure(measure) for measure in part.measures],
            }
            for part in gap.coverage
        ],
        "additional_competences": [{**_build_json_resource(row, "own"), "people": number} for row, number in gap.additional_competences],
        "general_measures": [_build_json_measure(measure) for measure in gap.general_measures],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _build_json_measure(measure: Measure) -> dict[str, object]:
    """Return a measure with its basis, and whether the source or we say so (`source` or `editorial`)."""
    return {
        **_build_json_resource(measure.row, "way"),
        "basis": to_plain_text(measure.row["basis"]),
        "provenance": to_plain_text(measure.row["provenance"]),
        "settings": [
            {**_build_json_resource(row, "setting"), "provenance": to_plain_text(row["setting_provenance"])} for row in measure.settings
        ],
        "forms": [{**_build_json_resource(row, "form"), "provenance": to_plain_text(row["form_provenance"])} for row in measure.forms],
    }


def _build_json_resource(row: ResultRow, name: str) -> dict[str, object]:
    """Return the address of a thing and its names."""
    return {"iri": getattr(row[name], "value", None), "label": {language: get_row_label(row, name, language) for language in ("nb", "en")}}


GAP_FORMATS: dict[str, Callable[[Gap, str], str | bytes]] = {
    "table": _format_text,
    "json": _format_json,
    "md": _format_markdown,
    "html": _format_html,
    "xlsx": _format_workbook,
}
"""What writes a gap in each format. Takes the gap and the language."""
