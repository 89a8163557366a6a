"""Write a gap as a table for people, Markdown, a page of its own, a workbook, or JSON. The first four show the same sections."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from rich import box
from rich.table import Table

from balansekunst.asking.answers import printed
from balansekunst.asking.catalogue import Question, Row, find_question, plain, readable
from balansekunst.gaps.gap import COVERAGE, KINDS, MEASURES, Gap, Measure
from balansekunst.messages import text
from balansekunst.mobility.formats import label
from balansekunst.project import HOME, Project
from balansekunst.standalone import standalone

STEPS = {name: f"process-step/{name}" for name in ("kompetansekartlegging", "gapanalyse", "kompetansetiltak")}
"""The steps of the work that a report follows."""

Cell = str | int


@dataclass(frozen=True)
class Section:
    """A part of a report."""

    title: str
    level: int
    """2 for a step of the work, 3 for a part of one."""
    paragraphs: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=())


def title(gap: Gap, language: str) -> str:
    """Return what the report is called."""
    key = "gap.title.one" if gap.people == 1 else "gap.title"
    return text(key, language, role=label(gap.role, "role", language))


def sections(gap: Gap, language: str) -> list[Section]:
    """Return the report: what is mapped, the gap, the measures, and what it says and does not say."""
    return [*mapping(gap, language), *analysis(gap, language), *closing(gap, language), about(language)]


def step(gap: Gap, name: str, language: str, *paragraphs: str) -> Section:
    """Return the beginning of a step: its name and what it is, as the graph tells."""
    row = next(row for row in gap.steps if plain(row["step"]) == STEPS[name])
    return Section(label(row, "step", language), 2, (label(row, "definition", language), *paragraphs))


def headings(language: str, *names: str) -> tuple[str, ...]:
    """Return the headings of columns."""
    return tuple(text(f"gap.{name}.column", language) for name in names)


def mapping(gap: Gap, language: str) -> list[Section]:
    """Return what was mapped: how many, what it rests on, and what lies beyond the role."""
    people = text("gap.mapped.one" if gap.people == 1 else "gap.mapped", language, people=gap.people)
    found = [step(gap, "kompetansekartlegging", language, people)]
    if gap.known:
        heads = (text("gap.known.column", language), text("gap.known.rows", language))
        found.append(Section(text("gap.known", language), 3, (), heads, gap.known))
    if gap.beyond:
        rows = tuple((label(row, "own", language), number) for row, number in gap.beyond)
        about = (text("gap.beyond.about", language),)
        found.append(Section(text("gap.beyond", language), 3, about, headings(language, "competence", "people"), rows))
    return found


def analysis(gap: Gap, language: str) -> list[Section]:
    """Return how the group stands to each key competence, and what is to be discussed."""
    rows = list[tuple[Cell, ...]]()
    for part in gap.coverage:
        near = ", ".join(text("gap.counted", language, name=label(row, "own", language), number=number) for row, number in part.near)
        rows.append((label(part.row, "competence", language), where(part.row, language), *(part.counts[kind] for kind in KINDS), near))
    columns = headings(language, "competence", "place", *KINDS, "near-what")
    kinds = []
    for group in gap.kinds:
        answers = "; ".join(label(row, "way", language) for row in group if row["way"] is not None)
        kinds.append((label(group[0], "gap", language), label(group[0], "definition", language), answers))
    return [
        step(gap, "gapanalyse", language),
        Section(text("gap.coverage", language), 3, (text("gap.coverage.about", language),), columns, tuple(rows)),
        Section(
            text("gap.kinds", language),
            3,
            (text("gap.kinds.about", language),),
            headings(language, "kind", "meaning", "answers"),
            tuple(kinds),
        ),
    ]


def where(row: Row, language: str) -> str:
    """Return where in the balance model a competence stands, as far as that is told."""
    if row["position"] is not None:
        return label(row, "position", language)
    return text("gap.place-unknown", language, dimension=label(row, "dimension", language))


def closing(gap: Gap, language: str) -> list[Section]:
    """Return the measures: for certain competences, and for any gap."""
    start = step(gap, "kompetansetiltak", language)
    if not any(part.counts["missing"] for part in gap.coverage):
        return [start, Section(text("gap.measures", language), 3, (text("gap.no-gap", language),))]
    ground = measures_question().codes["ground"]
    specific = tuple(
        (
            label(part.row, "competence", language),
            part.counts["missing"],
            readable(measure.row["ground"], language, ground),
            *told(measure, language),
        )
        for part in gap.coverage
        for measure in part.measures
    )
    found = [start]
    name = text("gap.measures", language)
    if specific:
        found.append(Section(name, 3, (), headings(language, "competence", "missing", "ground", "way", "setting", "form"), specific))
    else:
        found.append(Section(name, 3, (text("gap.measures.none", language),)))
    general = tuple(told(measure, language) for measure in gap.general)
    return [*found, Section(text("gap.general", language), 3, (), headings(language, "way", "setting", "form"), general)]


def told(measure: Measure, language: str) -> tuple[str, str, str]:
    """Return a measure, where it takes place, and what form of learning it is; what we read ourselves is marked."""

    def named(row: Row, name: str, tie: str) -> str:
        shown = label(row, name, language)
        return text("gap.ours", language, name=shown) if plain(row[tie]) == "editorial" else shown

    settings = "; ".join(named(row, "setting", "setting_tie") for row in measure.settings)
    forms = "; ".join(named(row, "form", "form_tie") for row in measure.forms)
    return named(measure.row, "way", "tie"), settings, forms


def about(language: str) -> Section:
    """Return what the report says and does not say: what the two questions it asks say of themselves."""
    questions = [find_question(Project(HOME), name) for name in (COVERAGE, MEASURES)]
    said = [text("gap.about.says", language, means=question.means[language]) for question in questions]
    not_said = [text("gap.about.does-not", language, means=question.does_not_mean[language]) for question in questions]
    return Section(text("gap.about", language), 2, (text("gap.about.levels", language), *said, *not_said))


def measures_question() -> Question:
    """Return the question that the measures come from."""
    return find_question(Project(HOME), MEASURES)


def as_text(gap: Gap, language: str) -> str:
    """Return the report for a terminal."""
    blocks = [title(gap, language)]
    for part in sections(gap, language):
        lines = [part.title if part.level == 3 else part.title.upper(), *part.paragraphs]
        if part.rows:
            table = Table(*part.headings, box=box.SIMPLE_HEAD, pad_edge=False)
            for row in part.rows:
                table.add_row(*map(str, row))
            lines += printed(table)
        blocks.append("\n".join(lines).rstrip())
    return "\n\n".join(blocks) + "\n"


def as_markdown(gap: Gap, language: str) -> str:
    """Return the report as Markdown."""
    blocks = [f"# {title(gap, language)}"]
    for part in sections(gap, language):
        blocks += [f"{'#' * part.level} {part.title}", *part.paragraphs]
        if part.rows:
            lines = [part.headings, ("---",) * len(part.headings), *part.rows]
            blocks.append(
                "\n".join("| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in line) + " |" for line in lines)
            )
    return "\n\n".join(blocks) + "\n"


def as_html(gap: Gap, language: str) -> str:
    """Return the report as one page that needs nothing beside it."""
    return standalone("gap.html", language=language, title=title(gap, language), sections=sections(gap, language))


def as_workbook(gap: Gap, language: str) -> bytes:
    """Return the report as a workbook: a sheet for each table, and one with the words between them."""
    # openpyxl takes longer to import than the gap to find.
    from balansekunst.asking.workbooks import sheets

    parts = sections(gap, language)
    words = [title(gap, language), *(line for part in parts for line in (part.title, *part.paragraphs))]
    return sheets([(part.title, list(part.headings), [list(row) for row in part.rows]) for part in parts if part.rows], words, language)


def as_json(gap: Gap, language: str) -> str:
    """Return the gap as JSON: addresses, names in both languages, and counts."""
    document = {
        "role": thing(gap.role, "role"),
        "people": gap.people,
        "known": [{"known": known, "rows": number} for known, number in gap.known],
        "competences": [
            {
                **thing(part.row, "competence"),
                "dimension": thing(part.row, "dimension"),
                "position": thing(part.row, "position") if part.row["position"] is not None else None,
                **part.counts,
                "near_what": [{**thing(row, "own"), "people": number} for row, number in part.near],
                "measures": [measure_json(measure) for measure in part.measures],
            }
            for part in gap.coverage
        ],
        "beyond": [{**thing(row, "own"), "people": number} for row, number in gap.beyond],
        "general_measures": [measure_json(measure) for measure in gap.general],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def measure_json(measure: Measure) -> dict[str, object]:
    """Return a measure with its ground, and who ties what to it (`source` or `editorial`)."""
    return {
        **thing(measure.row, "way"),
        "ground": plain(measure.row["ground"]),
        "tie": plain(measure.row["tie"]),
        "settings": [{**thing(row, "setting"), "tie": plain(row["setting_tie"])} for row in measure.settings],
        "forms": [{**thing(row, "form"), "tie": plain(row["form_tie"])} for row in measure.forms],
    }


def thing(row: Row, name: str) -> dict[str, object]:
    """Return the address of a thing and its names."""
    return {"iri": getattr(row[name], "value", None), "label": {language: label(row, name, language) for language in ("nb", "en")}}


GAP_FORMATS: dict[str, Callable[[Gap, str], str | bytes]] = {
    "table": as_text,
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
    "xlsx": as_workbook,
}
"""What writes a gap in each format. Takes the gap and the language."""
