"""What the pages on occupations near a role show of each: how near, what the role brings, and what is usual there and not named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from balansekunst.esco.isco import FIRST_GROUPS, MAX_OF_MINOR_GROUP, get_skill_levels
from balansekunst.esco.occupation_index import OCCUPATION_BASE, SKILL_BASE, OccupationIndex, read_occupation_index
from balansekunst.esco.occupation_table import (
    BY_OCCUPATION,
    BY_STANDARD,
    GROUPS_OF_EACH_MAJOR,
    NEAREST_GROUPS,
    NearOccupation,
    read_near_occupations,
)
from balansekunst.esco.role_mappings import (
    SkillMapping,
    list_usual_occupations,
    read_all_skill_mappings,
    read_elected_roles,
    read_role_subjects,
)
from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.graph import find_texts

BANDS = (10, 25, 50, 100, 250)
"""An occupation is among the nearest so many where it stays there with some mappings left out."""

_NORWEGIAN_LABEL = NamedNode(f"{NAMESPACE}norwegianLabel")
_STATEMENT = NamedNode(f"{NAMESPACE}statement")
EscoSkill = tuple[str, str]
"""The URI and the English name of a skill."""


@dataclass(frozen=True)
class OccupationEntry:
    """An occupation near a role, the nearest of its unit group."""

    row: NearOccupation
    band: int | None
    """Among how many nearest; nothing where it is further away."""
    skill_levels: tuple[int, ...]
    """ISCO-08's."""
    field: str
    """The code of its sub-major group in ISCO-08."""
    others: tuple[tuple[str, str], ...]
    """The English and Norwegian names of the others of the unit group."""
    not_named: tuple[EscoSkill, ...]
    """Essential there, and not mapped from the role's standard; those that most occupations ask for first."""


@dataclass(frozen=True)
class RoleOccupations:
    """The occupations near a role."""

    role: str
    """Its IRI."""
    is_elected: bool
    entries: tuple[OccupationEntry, ...]
    """By what its standard says."""
    usual_of: tuple[tuple[str, str, str], ...]
    """The occupations that the role was judged to be: URI, English and Norwegian name."""
    usual_skills: tuple[EscoSkill, ...]
    """Essential in one of them, and not mapped from the role's standard."""
    usual_entries: tuple[OccupationEntry, ...]
    """The occupations near those."""
    skill_count: int
    """How many skills its standard is mapped to."""
    unused_count: int
    """How many of them no occupation asks for."""

    @property
    def fields(self) -> list[str]:
        """The codes of the sub-major groups of all, sorted."""
        return sorted({entry.field for entry in self.entries})


class NearOccupations:
    """The occupations near the roles of a project, by tables that were made with ESCO at hand."""

    def __init__(self, store: Store, project: Project) -> None:
        """Take the data, which is read when it is asked for."""
        self.store, self.project = store, project

    @cached_property
    def index(self) -> OccupationIndex | None:
        """What is known of ESCO, where the project has it."""
        return read_occupation_index(self.project.occupation_index_file)

    @cached_property
    def by_role(self) -> dict[str, RoleOccupations]:
        """The occupations near each role that has any."""
        if not self.index:
            return {}
        rows: dict[str, list[NearOccupation]] = {}
        for row in read_near_occupations(self.project.near_occupations_file):
            rows.setdefault(row.role, []).append(row)
        subjects, elected = read_role_subjects(self.store, self.project), read_elected_roles(self.store, self.project)
        mappings, _ = read_all_skill_mappings(self.project)
        found = dict[str, RoleOccupations]()
        for role, near in rows.items():
            named = {mapping.skill for mapping in mappings if mapping.subject in subjects.get(role, ())}
            found[role] = self._build_role(role, near, role in elected, named, self.index)
        return found

    @cached_property
    def norwegian_skill_names(self) -> dict[str, str]:
        """Our Norwegian names of ESCO's skills, by URI."""
        quads = self.store.quads_for_pattern(None, _NORWEGIAN_LABEL, None)
        return {q.subject.value: q.object.value for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal)}

    def build_page_data(self) -> dict[str, Any] | None:
        """Return what pages rank occupations with; nothing where the project has no index."""
        mappings, _ = read_all_skill_mappings(self.project)
        return build_occupation_data(self.index, mappings, self.store, self.norwegian_skill_names) if self.index else None

    def find_group_name(self, code: str, language: str) -> str:
        """Return the name of a group of ISCO-08."""
        english, norwegian = self.index.groups[code] if self.index else ("", "")
        return norwegian if language == "nb" and norwegian else english

    def _build_role(
        self, role: str, rows: Iterable[NearOccupation], is_elected: bool, named: set[str], index: OccupationIndex
    ) -> RoleOccupations:
        """Return the occupations near a role.

        Args:
            role: its IRI.
            rows: of the table.
            is_elected: whether it is an office.
            named: the skills that its standard is mapped to.
            index: what is known of ESCO.
        """

        def build_entry(row: NearOccupation) -> OccupationEntry:
            essential = index.list_essential_skills(row.occupation)
            members = index.list_group_members(row.isco)
            return OccupationEntry(
                row=row,
                band=next((band for band in BANDS if row.highest <= band), None),
                skill_levels=get_skill_levels(row.isco),
                field=row.isco[:2],
                others=tuple((english, norwegian) for uri, english, norwegian in members if uri != row.occupation),
                not_named=tuple(skill for skill in essential if skill[0] not in named),
            )

        entries = {basis: tuple(build_entry(row) for row in rows if row.basis == basis) for basis in (BY_STANDARD, BY_OCCUPATION)}
        usual = [] if is_elected else list_usual_occupations(self.project, role, index.occupation_numbers)
        skills = dict.fromkeys(skill for uri in usual for skill in index.list_essential_skills(uri) if skill[0] not in named)
        return RoleOccupations(
            role,
            is_elected,
            entries[BY_STANDARD],
            tuple((uri, *index.find_names(uri)) for uri in usual),
            tuple(skills),
            entries[BY_OCCUPATION],
            len(named),
            len(named & index.unused_skills),
        )


def build_occupation_data(
    index: OccupationIndex, mappings: Iterable[SkillMapping], store: Store, skill_names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page where people describe their own competence ranks occupations with.

    Args:
        index: what is known of ESCO.
        mappings: of competences and learning outcomes to it.
        store: has the statements of the outcomes.
        skill_names: Norwegian names of skills, by URI.

    Returns:
        `index`; `settings`, what is shown of a ranking; `subjects`, by the IRI of each competence and outcome its `skills`, as pairs of a
        number in the index and the relation, and the `statement` of an outcome by language; and `skillNames`, by number.
    """
    numbers = {SKILL_BASE + uri: number for number, (uri, _) in enumerate(index.skills)}
    subjects: dict[str, dict[str, Any]] = {}
    for mapping in (mapping for mapping in mappings if str(numbers.get(mapping.skill)) in index.above):
        statement = find_texts(store, NamedNode(mapping.subject), _STATEMENT)
        subject = subjects.setdefault(mapping.subject, {"skills": [], **({"statement": statement} if statement else {})})
        subject["skills"].append((numbers[mapping.skill], mapping.relation))
    return {
        "index": {column.name: getattr(index, column.name) for column in fields(index)},
        "settings": {
            "bands": BANDS,
            "firstGroups": FIRST_GROUPS,
            "maxOfMinorGroup": MAX_OF_MINOR_GROUP,
            "nearestGroups": NEAREST_GROUPS,
            "groupsOfEachMajor": GROUPS_OF_EACH_MAJOR,
            "skillLevels": {code: get_skill_levels(code) for _, code, _, _ in index.occupations},
            "occupationBase": OCCUPATION_BASE,
            "skillBase": SKILL_BASE,
        },
        "subjects": subjects,
        "skillNames": {numbers[uri]: name for uri, name in skill_names.items() if uri in numbers},
    }
