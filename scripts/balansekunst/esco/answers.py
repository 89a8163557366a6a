"""Write how far a role reaches into ESCO: a table for people, JSON and CSV for programs."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from pyoxigraph import NamedNode
from rich import box
from rich.table import Table
from rich.text import Text

from balansekunst.asking.answers import WIDTH, printed
from balansekunst.checking.rules import SKOS_LABEL, localised
from balansekunst.dataset import Dataset
from balansekunst.esco.reach import WEIGHTS, Reach, Reached, Skill, Space, Way, reach, read_mappings
from balansekunst.esco.store import EUROPEAN_TAGS, Words, open_esco
from balansekunst.messages import DEFAULT_LANGUAGE, UserError, text
from balansekunst.project import NAMESPACE

REQUIRES = NamedNode(f"{NAMESPACE}requiresCompetence")

STEPS = "broaderRelationsSkillPillar"
"""The part without which no steps are taken."""
HEAVIEST = 5
"""How many missing skills the table names."""


@dataclass(frozen=True)
class ReachAnswer:
    """How far a role reaches, with what things are called."""

    role: str
    """Its IRI."""
    reach: Reach
    version: str
    """Of ESCO, as `v1.1.1`."""
    mapped: str
    """The version that the competences are mapped to."""
    missing: tuple[str, ...]
    """Parts of ESCO that are not loaded."""
    labels: Mapping[str, str]
    """Of the role and its competences, by IRI, in the language of the answer."""
    occupations: Mapping[str, Words]
    skills: Mapping[str, Words]

    def names(self, competences: tuple[str, ...]) -> str:
        """Return the labels of competences in a row."""
        return ", ".join(sorted(self.labels[competence] for competence in competences))


def into_esco(dataset: Dataset, role: NamedNode, isco: str = "", top: int = 20, language: str = DEFAULT_LANGUAGE) -> ReachAnswer:
    """Return how far a role reaches into the occupations of the newest version of ESCO that is loaded.

    Args:
        dataset: holds the role.
        role: its IRI.
        isco: only occupations whose ISCO-08 code begins so.
        top: how many occupations.
        language: of the answer; ESCO's words in it where they are loaded.

    Raises:
        UserError: the role has no key competences, no occupation has such a code, or ESCO is not loaded.
    """
    held = dataset.store.quads_for_pattern(role, REQUIRES, None)
    competences = sorted({quad.object.value for quad in held if isinstance(quad.object, NamedNode)})
    labels = {thing: localised(dataset.store, NamedNode(thing), SKOS_LABEL)[language] for thing in (role.value, *competences)}
    if not competences:
        raise UserError(("reach.no-competences", {"role": labels[role.value]}))
    mappings, mapped = read_mappings(dataset.project.mappings / "esco.sssom.tsv")
    with open_esco() as esco:
        found = reach(Space.of(esco), competences, mappings, isco, top)
        words = esco.words("occupation", language), esco.words("skill", language)
        return ReachAnswer(role.value, found, esco.version, mapped, esco.missing(), labels, *words)


def percent(figure: float, language: str) -> str:
    """Return a figure between 0 and 1 as people write it."""
    whole, tenth = divmod(round(figure * 1000), 10)
    return text("reach.percent", language, whole=whole, tenth=tenth)


def name(answer: ReachAnswer, skill: Skill) -> str:
    """Return what ESCO calls a skill, with a star where it is essential."""
    return answer.skills[skill.uri].label + ("*" if skill.essential else "")


def how(answer: ReachAnswer, skill: Skill, language: str) -> str:
    """Say what carries a skill."""
    way = skill.ways[0]
    relation = text(f"reach.relation.{way.relation}", language)
    step = text(f"reach.step.{way.step}", language, relation=relation, skill=answer.skills[way.skill].label)
    return f"{name(answer, skill)} ← {answer.labels[way.competence]} ({step})"


def notes(answer: ReachAnswer, language: str) -> list[str]:
    """Return what is to be said below the ranking: what is invisible, what it means, whose words these are."""
    reach = answer.reach
    if reach.invisible:
        names = answer.names(reach.invisible)
        invisible = text("reach.invisible", language, number=len(reach.invisible), of=reach.competences, names=names)
    else:
        invisible = text("reach.visible", language, of=reach.competences)
    said = [
        text("reach.star", language),
        text("reach.touched", language, touched=reach.touched, occupations=reach.occupations),
        invisible,
    ]
    if reach.unasked:
        said.append(text("reach.unasked", language, number=len(reach.unasked), names=answer.names(reach.unasked)))
    if STEPS in answer.missing:
        said.append(text("esco.missing", language, part=STEPS, why=text(f"esco.without.{STEPS}", language)).strip())
    if answer.mapped != answer.version:
        said.append(text("reach.other-version", language, mapped=answer.mapped, version=answer.version))
    if reach.gone:
        said.append(text("reach.gone", language, number=len(reach.gone)))
    if any(answer.occupations[r.occupation.uri].language != EUROPEAN_TAGS.get(language, language) for r in reach.ranked):
        said.append(text("reach.english", language))
    return [
        *said,
        text("query.means", language, means=text("reach.means", language)),
        text("query.does-not-mean", language, means=text("reach.does-not-mean", language)),
        text("esco.attribution", language),
    ]


def as_table(answer: ReachAnswer, language: str) -> str:
    """Return a table in `language`, with the question above and the notes below."""
    headings = ("reach.rank", "reach.occupation", "reach.isco-code", "reach.share", "reach.carried", "reach.missing")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=WIDTH)
    for key, ratio in zip(headings, (None, 2, None, None, 5, 4), strict=True):
        table.add_column(text(key, language), no_wrap=not ratio, ratio=ratio)
    for reached in answer.reach.ranked:
        heaviest = ", ".join(name(answer, skill) for skill in reached.missing[:HEAVIEST])
        more = " …" if len(reached.missing) > HEAVIEST else ""
        cells = (
            str(reached.rank),
            answer.occupations[reached.occupation.uri].label,
            reached.occupation.isco,
            percent(reached.figure, language),
            "\n".join(how(answer, skill, language) for skill in reached.carried),
            text("reach.more", language, number=len(reached.missing), shown=heaviest + more),
        )
        # As plain text: a label may have square brackets, which would be read as markup.
        table.add_row(*map(Text, cells), end_section=True)
    question = text("reach.question", language, role=answer.labels[answer.role], version=answer.version)
    return "\n".join([question, *printed(table), *notes(answer, language)]) + "\n"


def named(words: Words) -> dict[str, str]:
    """Return a label and the language it is in."""
    return {"label": words.label, "language": words.language}


def way_json(answer: ReachAnswer, way: Way) -> dict[str, object]:
    """Return a way as JSON."""
    return {"competence": way.competence, "label": answer.labels[way.competence], **asdict(way)}


def skill_json(answer: ReachAnswer, skill: Skill) -> dict[str, object]:
    """Return a skill, and what carries it, as JSON."""
    found: dict[str, object] = {"id": skill.uri, **named(answer.skills[skill.uri]), "essential": skill.essential, "weight": skill.share}
    return {**found, "ways": [way_json(answer, way) for way in skill.ways]} if skill.ways else found


def reached_json(answer: ReachAnswer, reached: Reached) -> dict[str, object]:
    """Return an occupation, and what carries over to it, as JSON."""
    occupation = reached.occupation
    return {
        "rank": reached.rank,
        "id": occupation.uri,
        **named(answer.occupations[occupation.uri]),
        "code": occupation.code,
        "isco": occupation.isco,
        "share": reached.figure,
        "carried": [skill_json(answer, skill) for skill in reached.carried],
        "missing": [skill_json(answer, skill) for skill in reached.missing],
    }


def as_json(answer: ReachAnswer, language: str) -> str:
    """Return everything, with the weights that were used."""
    reach = answer.reach

    def competences(iris: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"id": iri, "label": answer.labels[iri]} for iri in iris]

    document = {
        "attribution": text("esco.attribution", language),
        "role": {"id": answer.role, "label": answer.labels[answer.role]},
        "esco": answer.version,
        "mappedTo": answer.mapped,
        "weights": asdict(WEIGHTS),
        "competences": reach.competences,
        "invisible": competences(reach.invisible),
        "unasked": competences(reach.unasked),
        "gone": reach.gone,
        "occupations": reach.occupations,
        "touched": reach.touched,
        "ranked": [reached_json(answer, reached) for reached in reach.ranked],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_csv(answer: ReachAnswer, language: str) -> str:
    """Return a row for each skill of each occupation; what carries it is empty where it is missing. RFC 4180."""
    columns = ("rank", "occupation", "occupationLabel", "isco", "share", "skill", "skillLabel", "essential", "weight")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([*columns, "value", "competence", "competenceLabel", "relation", "mappedSkill", "step"])
    for reached in answer.reach.ranked:
        occupation = reached.occupation
        about = [reached.rank, occupation.uri, answer.occupations[occupation.uri].label, occupation.isco, reached.figure]
        for skill in (*reached.carried, *reached.missing):
            row = [*about, skill.uri, answer.skills[skill.uri].label, str(skill.essential).lower(), skill.share]
            by = [[w.value, w.competence, answer.labels[w.competence], w.relation, w.skill, w.step] for w in skill.ways]
            writer.writerows([*row, *cells] for cells in by or [[0, "", "", "", "", ""]])
    return written.getvalue()


REACH_FORMATS: dict[str, Callable[[ReachAnswer, str], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
"""What writes each format. Takes the answer and the language."""
