"""Answer which ESCO occupations are near a role: text for people, JSON and CSV for programs."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from pyoxigraph import Literal, NamedNode
from rich import box
from rich.table import Table
from rich.text import Text

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.esco.isco import FIRST_GROUPS
from balansekunst.esco.ranking import (
    OCCUPATION_WEIGHTS,
    FieldSpace,
    OccupationGroup,
    OccupationRanking,
    OccupationSkill,
    OccupationSpace,
    RankedOccupation,
    rank_occupations,
)
from balansekunst.esco.role_mappings import (
    SkillMapping,
    list_usual_occupations,
    read_all_skill_mappings,
    read_elected_roles,
    read_role_subjects,
)
from balansekunst.esco.store import ESCO_FALLBACK_LANGUAGE, ESCO_LANGUAGE_TAGS, ConceptLabels, Esco, open_esco
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, format_message
from balansekunst.rdf.graph import find_label
from balansekunst.sparql.catalogue import format_number
from balansekunst.sparql.result_formats import TABLE_WIDTH, render_table

RELATION_KEYS = {
    "exact": "occupation-mobility.relation.exact",
    "close": "occupation-mobility.relation.close",
    "broad": "occupation-mobility.relation.broad",
    "narrow": "occupation-mobility.relation.narrow",
    "related": "occupation-mobility.relation.related",
}
"""What each relation of a mapping is called."""
_DEFINITION = NamedNode("http://www.w3.org/2004/02/skos/core#definition")
_MAX_NAMED_SKILLS = 5
"""How many skills the table names in a cell."""
_MAX_NAMED_PARTS = 4
"""How many competences the table names in a cell."""


@dataclass(frozen=True)
class UsualSkills:
    """What ESCO says is usual in the occupations that the role itself was judged to be: apart from what the standard says."""

    occupations: tuple[str, ...]
    """Their URIs."""
    skills: tuple[OccupationSkill, ...]
    """Essential in one of them and not mapped from the standard, those that most occupations ask for first."""
    ranking: OccupationRanking
    """Which occupations ask for the same as they do."""


@dataclass(frozen=True)
class OccupationMobility:
    """Which occupations are near a role, with what things are called."""

    role: str
    """Its IRI."""
    is_elected: bool
    """Whether it is an office, and not an occupation."""
    ranking: OccupationRanking
    usual: UsualSkills | None
    """Nothing for a role that no occupation was judged to be."""
    competences: Mapping[str, str]
    """The key competence that each competence and outcome belongs to; empty for an outcome of none."""
    competence_count: int
    version: str
    """Of ESCO, as `v1.1.1`."""
    mapping_version: str
    """The version that the competences are mapped to."""
    missing_parts: tuple[str, ...]
    """Parts of ESCO that are not loaded."""
    labels: Mapping[str, str]
    """Of the role, its competences and outcomes, by IRI, in the language of the answer."""
    occupations: Mapping[str, ConceptLabels]
    skills: Mapping[str, ConceptLabels]

    def sum_parts(self, occupation: RankedOccupation) -> dict[str, float]:
        """Return what each key competence adds to the score for skills as a share of it, most first."""
        sums: dict[str, float] = {}
        for subject, value in occupation.sum_parts_by_subject().items():
            competence = self.competences.get(subject) or subject
            sums[competence] = sums.get(competence, 0.0) + value / occupation.skill_score
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))

    def count_used_competences(self, occupation: RankedOccupation) -> int:
        """Return how many key competences, themselves or by an outcome, are mapped to a skill that the occupation asks for."""
        return len({self.competences[subject] for subject in occupation.used_subjects} - {""})

    def join_labels(self, things: Sequence[str]) -> str:
        """Return the labels of competences in a row."""
        return ", ".join(sorted(self.labels.get(thing, thing) for thing in things))


class OccupationFinder:
    """Finds occupations for the roles of a dataset in one version of ESCO."""

    def __init__(self, dataset: Dataset, esco: Esco, language: str = DEFAULT_LANGUAGE) -> None:
        """Take in what all roles need.

        Args:
            dataset: holds the roles.
            esco: a loaded version.
            language: of the answers; ESCO's words in it where they are loaded.

        Raises:
            UserError: ESCO lacks what the measure cannot do without, or a mapping table cannot be read.
        """
        self.dataset, self.esco, self.language = dataset, esco, language
        self.space = OccupationSpace.from_esco(esco)
        self.mappings, self.mapping_version = read_all_skill_mappings(dataset.project)
        self.subjects = read_role_subjects(dataset.store, dataset.project)
        self.elected = read_elected_roles(dataset.store, dataset.project)
        # English descriptions are there for all; Norwegian ones are of an earlier version.
        loaded = esco.list_languages()
        self.field_language = next((tag for tag in (ESCO_FALLBACK_LANGUAGE, *ESCO_LANGUAGE_TAGS.values()) if tag in loaded), None)
        self.fields: FieldSpace | None = None
        if self.field_language:
            words = esco.find_labels("occupation", self.field_language)
            texts = [words[o.uri].description if words[o.uri].language == self.field_language else "" for o in self.space.occupations]
            self.fields = FieldSpace(texts) if any(texts) else None
        self.occupation_labels = esco.find_labels("occupation", language)
        self.skill_labels = esco.find_labels("skill", language)

    def find(
        self, role: NamedNode, isco: str = "", skill_level: int | None = None, top: int = FIRST_GROUPS, has_field: bool = True
    ) -> OccupationMobility:
        """Return which occupations are near a role.

        Args:
            role: its IRI.
            isco: only occupations whose ISCO-08 code begins so.
            skill_level: only occupations of this ISCO-08 skill level, 1 to 4.
            top: how many unit groups.
            has_field: whether the words of the role's definition count.

        Raises:
            UserError: the role has no key competences, or no occupation has such a code and level.
        """
        store = self.dataset.store
        belongs = self.subjects.get(role.value, {})
        competences = sorted({competence for competence in belongs.values() if competence})
        label = find_label(role, self.language, store) or role.value
        if not competences:
            raise UserError(("occupation-mobility.no-competences", {"role": label}))
        mapped = {mapping.subject for mapping in self.mappings}
        own = {subject for subject in belongs if subject in competences or subject in mapped}
        labels = {thing: find_label(NamedNode(thing), self.language, store) or thing for thing in {*own, *competences}}
        scores = self.fields.compare(self._read_definition(role)) if self.fields and has_field else None
        ranking = rank_occupations(self.space, sorted(own), self.mappings, scores, isco, skill_level, top)
        return OccupationMobility(
            role=role.value,
            is_elected=role.value in self.elected,
            ranking=ranking,
            usual=self._find_usual_skills(role.value, own, isco, skill_level, top),
            competences=belongs,
            competence_count=len(competences),
            version=self.esco.version,
            mapping_version=self.mapping_version,
            missing_parts=self.esco.list_missing_parts(),
            labels={**labels, role.value: label},
            occupations=self.occupation_labels,
            skills=self.skill_labels,
        )

    def _read_definition(self, role: NamedNode) -> str:
        """Return the role's definition in the language of the field."""
        ours = next(tag for tag in LANGUAGES if ESCO_LANGUAGE_TAGS.get(tag, tag) == self.field_language)
        found = [quad.object for quad in self.dataset.store.quads_for_pattern(role, _DEFINITION, None)]
        return " ".join(sorted(term.value for term in found if isinstance(term, Literal) and term.language == ours))

    def _find_usual_skills(self, role: str, subjects: set[str], isco: str, skill_level: int | None, top: int) -> UsualSkills | None:
        """Return what is usual in the occupations that a role was judged to be; an elected role is none."""
        if role in self.elected:
            return None
        chosen = list_usual_occupations(self.dataset.project, role, self.occupation_labels)
        if not chosen:
            return None
        numbers = {occupation.uri: at for at, occupation in enumerate(self.space.occupations)}
        named = {mapping.skill for mapping in self.mappings if mapping.subject in subjects}
        skills: dict[str, OccupationSkill] = {}
        mappings: list[SkillMapping] = []
        for uri in chosen:
            row = self.space.demand[[numbers[uri]]]
            for number, value in zip(row.indices, row.data, strict=True):
                skill = self.space.skills[number]
                is_essential = value == self.space.weights.essential
                mappings.append(SkillMapping(uri, skill, "exact" if is_essential else "narrow"))
                if is_essential and skill not in named:
                    skills[skill] = OccupationSkill(skill, True, int(self.space.skill_counts[number]))
        return UsualSkills(
            tuple(chosen),
            tuple(sorted(skills.values(), key=lambda skill: (-skill.occupation_count, skill.uri))),
            rank_occupations(self.space, chosen, mappings, None, isco, skill_level, top),
        )


def find_occupation_mobility(
    dataset: Dataset,
    role: NamedNode,
    isco: str = "",
    top: int = FIRST_GROUPS,
    language: str = DEFAULT_LANGUAGE,
    skill_level: int | None = None,
    has_field: bool = True,
) -> OccupationMobility:
    """Return which occupations of the newest version of ESCO that is loaded are near a role. As `OccupationFinder.find`.

    Raises:
        UserError: ESCO is not loaded, or as `OccupationFinder` and its `find`.
    """
    with open_esco() as esco:
        return OccupationFinder(dataset, esco, language).find(role, isco, skill_level, top, has_field)


def _format_percent(figure: float, language: str) -> str:
    """Return a share as a whole percentage."""
    return format_message("occupation-mobility.percent", language, whole=round(figure * 100))


def _format_names(names: Sequence[str], most: int) -> str:
    """Return names in a row, with dots where there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _list_notes(answer: OccupationMobility, language: str) -> list[str]:
    """Return what is to be said below the ranking: what is invisible, what it means, whose words these are."""
    ranking = answer.ranking
    said = []
    unmapped = [subject for subject in ranking.unmapped if subject in answer.competences.values()]
    if unmapped:
        names = answer.join_labels(unmapped)
        said.append(format_message("occupation-mobility.unmapped", language, number=len(unmapped), of=answer.competence_count, names=names))
    else:
        said.append(format_message("occupation-mobility.all-mapped", language, of=answer.competence_count))
    if ranking.unused_skills:
        names = ", ".join(sorted(answer.skills[skill].label for skill in ranking.unused_skills))
        said.append(format_message("occupation-mobility.unused", language, number=len(ranking.unused_skills), names=names))
    if not ranking.has_field:
        said.append(format_message("occupation-mobility.without-field", language))
    if "broaderRelationsSkillPillar" in answer.missing_parts:
        reason = format_message("esco.without.broaderRelationsSkillPillar", language)
        said.append(format_message("esco.missing", language, part="broaderRelationsSkillPillar", reason=reason).strip())
    if answer.mapping_version != answer.version:
        said.append(format_message("occupation-mobility.other-version", language, mapped=answer.mapping_version, version=answer.version))
    if ranking.missing_skills:
        said.append(format_message("occupation-mobility.missing-skills", language, number=len(ranking.missing_skills)))
    wanted = ESCO_LANGUAGE_TAGS.get(language, language)
    if any(answer.occupations[group.best.occupation.uri].language != wanted for group in ranking.groups):
        said.append(format_message("occupation-mobility.english", language))
    return [
        *said,
        format_message("occupation-mobility.find-out", language),
        format_message("query.means", language, means=format_message("occupation-mobility.means", language)),
        format_message("query.does-not-mean", language, means=format_message("occupation-mobility.does-not-mean", language)),
        format_message("esco.attribution", language),
    ]


def _format_group_name(answer: OccupationMobility, group: OccupationGroup, language: str) -> str:
    """Return the name of the nearest occupation of a group, and how many others of the group there are."""
    label = answer.occupations[group.best.occupation.uri].label
    if not group.others:
        return label
    others = [answer.occupations[concept.uri].label for _, concept in group.others]
    return f"{label}\n" + format_message("occupation-mobility.others", language, number=len(others), names=_format_names(others, 2))


def _format_parts(answer: OccupationMobility, occupation: RankedOccupation, language: str) -> str:
    """Return what the role brings: the key competences that add most, and how many are in use."""
    shares = answer.sum_parts(occupation)
    names = [f"{answer.labels.get(thing, thing)} {_format_percent(share, language)}" for thing, share in shares.items()]
    used = answer.count_used_competences(occupation)
    key = "occupation-mobility.used" if used else "occupation-mobility.by-area"
    told = format_message(key, language, used=used, of=answer.competence_count)
    return f"{_format_names(names, _MAX_NAMED_PARTS)}\n{told}"


def _format_table(answer: OccupationMobility, ranking: OccupationRanking, language: str, has_parts: bool) -> list[str]:
    """Return a ranking as lines of a table."""
    keys = ["occupation-mobility.places", "occupation-mobility.occupation", "occupation-mobility.scores"]
    keys += ["occupation-mobility.brings"] if has_parts else []
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=TABLE_WIDTH)
    for key, ratio in zip([*keys, "occupation-mobility.usual"], (None, 3, None, 4, 4) if has_parts else (None, 3, None, 4), strict=True):
        table.add_column(format_message(key, language), no_wrap=not ratio, ratio=ratio)
    for group in ranking.groups:
        best = group.best
        usual = [answer.skills[skill.uri].label for skill in best.other_skills]
        scores = format_number(best.skill_score, language)
        cells = [
            str(best.rank) if best.band == (best.rank, best.rank) else f"{best.rank} ({best.band[0]}–{best.band[1]})",
            _format_group_name(answer, group, language),
            f"{scores} + {format_number(best.field_score, language)}" if ranking.has_field else scores,
            *([_format_parts(answer, best, language)] if has_parts else []),
            format_message("occupation-mobility.more", language, number=len(usual), shown=_format_names(usual, _MAX_NAMED_SKILLS)),
        ]
        # As plain text: a label may have square brackets, which would be read as markup.
        table.add_row(*map(Text, cells), end_section=True)
    return render_table(table)


def _format_as_table(answer: OccupationMobility, language: str) -> str:
    """Return the answer for people: the ranking, what is usual in the judged occupation and what is near that, and the notes."""
    role = answer.labels[answer.role]
    lines = [format_message("occupation-mobility.question", language, role=role, version=answer.version)]
    if answer.is_elected:
        lines += ["", format_message("mobility.elected", language, role=role)]
    lines += _format_table(answer, answer.ranking, language, has_parts=True)
    if answer.usual:
        names = ", ".join(answer.occupations[uri].label for uri in answer.usual.occupations)
        skills = [answer.skills[skill.uri].label for skill in answer.usual.skills]
        lines += [format_message("occupation-mobility.usual-skills", language, occupations=names, skills=", ".join(skills), role=role)]
        lines += ["", format_message("occupation-mobility.usual-near", language, occupations=names)]
        lines += _format_table(answer, answer.usual.ranking, language, has_parts=False)
    return "\n".join([*lines, *_list_notes(answer, language)]) + "\n"


def _build_label_object(uri: str, words: Mapping[str, ConceptLabels]) -> dict[str, object]:
    """Return an address, a label and the language it is in."""
    return {"id": uri, "label": words[uri].label, "language": words[uri].language}


def _build_skill_objects(answer: OccupationMobility, skills: Sequence[OccupationSkill]) -> list[dict[str, object]]:
    """Return skills as JSON."""
    return [
        {**_build_label_object(skill.uri, answer.skills), "essential": skill.is_essential, "occupation_count": skill.occupation_count}
        for skill in skills
    ]


def _build_group_object(answer: OccupationMobility, group: OccupationGroup, has_parts: bool) -> dict[str, object]:
    """Return a unit group, with the parts of the score of its nearest occupation, as JSON."""
    best = group.best
    found: dict[str, object] = {
        "isco": group.isco,
        "rank": best.rank,
        "band": best.band,
        **_build_label_object(best.occupation.uri, answer.occupations),
        "code": best.occupation.code,
        "score": best.score,
        "skill_score": best.skill_score,
        "field_score": best.field_score,
        "others": [{"rank": rank, **_build_label_object(concept.uri, answer.occupations)} for rank, concept in group.others],
    }
    if has_parts:
        shares = answer.sum_parts(best)
        found |= {
            "used_competences": answer.count_used_competences(best),
            "competences": [{"id": thing, "label": answer.labels.get(thing, thing), "share": share} for thing, share in shares.items()],
            "parts": [
                {
                    "value": part.value,
                    "subject": part.mapping.subject,
                    "relation": part.mapping.relation,
                    "mapped_skill": part.mapping.skill,
                    "node": part.node,
                    "skill": part.skill,
                }
                for part in best.parts
            ],
            "shared_skills": _build_skill_objects(answer, best.shared_skills),
        }
    return {**found, "essential_count": best.essential_count, "other_skills": _build_skill_objects(answer, best.other_skills)}


def _format_as_json(answer: OccupationMobility, language: str) -> str:
    """Return everything, with the weights that were used."""
    ranking, usual = answer.ranking, answer.usual
    document = {
        "attribution": format_message("esco.attribution", language),
        "role": {"id": answer.role, "label": answer.labels[answer.role], "elected": answer.is_elected},
        "esco": answer.version,
        "mapping_version": answer.mapping_version,
        "weights": asdict(OCCUPATION_WEIGHTS),
        "competence_count": answer.competence_count,
        "unmapped": [{"id": thing, "label": answer.labels.get(thing, thing)} for thing in ranking.unmapped],
        "unused_skills": [_build_label_object(skill, answer.skills) for skill in ranking.unused_skills],
        "missing_skills": ranking.missing_skills,
        "occupation_count": ranking.occupation_count,
        "has_field": ranking.has_field,
        "occupations": [_build_group_object(answer, group, has_parts=True) for group in ranking.groups],
        "usual": usual
        and {
            "of": [_build_label_object(uri, answer.occupations) for uri in usual.occupations],
            "skills": _build_skill_objects(answer, usual.skills),
            "occupations": [_build_group_object(answer, group, has_parts=False) for group in usual.ranking.groups],
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _format_as_csv(answer: OccupationMobility, language: str) -> str:
    """Return a row for each part of the score of each group's nearest occupation. RFC 4180."""
    columns = ("rank", "lowest", "highest", "occupation", "occupationLabel", "isco", "skillScore", "fieldScore", "value", "competence")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([*columns, "competenceLabel", "subject", "relation", "mappedSkill", "node", "skill", "skillLabel"])
    for group in answer.ranking.groups:
        best = group.best
        label = answer.occupations[best.occupation.uri].label
        about = [best.rank, *best.band, best.occupation.uri, label, group.isco, best.skill_score, best.field_score]
        for part in best.parts:
            competence = answer.competences.get(part.mapping.subject) or part.mapping.subject
            by = [part.value, competence, answer.labels.get(competence, competence), part.mapping.subject, part.mapping.relation]
            writer.writerow([*about, *by, part.mapping.skill, part.node, part.skill, answer.skills[part.skill].label])
    return written.getvalue()


OCCUPATION_MOBILITY_FORMATS: dict[str, Callable[[OccupationMobility, str], str]] = {
    "table": _format_as_table,
    "json": _format_as_json,
    "csv": _format_as_csv,
}
"""What writes each format. Takes the answer and the language."""
