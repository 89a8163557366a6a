"""What the mapping tables say of roles: the ESCO skills of their competences and outcomes, and the occupations they were judged to be."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from pyoxigraph import NamedNode, Store

from balansekunst.project import Project
from balansekunst.sparql.catalogue import run_query
from balansekunst.sssom import get_relation, read_mapping_set

SKILL_MAPPING_FILES = ("esco.sssom.tsv", "esco-outcomes.sssom.tsv")
"""The tables that map competences, and learning outcomes, to ESCO skills."""
OCCUPATION_MAPPING_FILE = "esco-occupations.sssom.tsv"
_SAME_OCCUPATION = ("exact", "close")
"""The relations by which an occupation is the role, or nearly so."""


@dataclass(frozen=True)
class SkillMapping:
    """What a competence or a learning outcome is to an ESCO skill."""

    subject: str
    """Its IRI."""
    skill: str
    """The skill's URI."""
    relation: str
    """`exact`, `close`, `broad` (the skill is the broader), `narrow` or `related`."""


@dataclass(frozen=True)
class Resampling:
    """How the ranking is made again with some mappings left out, to see how steady it is."""

    times: int = 20
    one_of: int = 5
    """One mapping of so many is left out each time."""
    quantiles: tuple[float, float] = (0.1, 0.9)
    """Between which of the places that an occupation then gets its band is."""


RESAMPLING = Resampling()


def is_left_out(mapping: SkillMapping, sample: int) -> bool:
    """Tell whether a mapping is left out of a sample: by a hash of what it maps, so that a page in a browser draws the same."""
    mixed = crc32(f"{sample} {mapping.subject} {mapping.skill}".encode())
    # CRC-32 is linear, so that samples would leave out much the same; this is the last step of MurmurHash3.
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        mixed = ((mixed ^ (mixed >> shift)) * factor) & 0xFFFFFFFF
    return mixed % RESAMPLING.one_of == 0


def read_skill_mappings(path: Path) -> tuple[list[SkillMapping], str]:
    """Return the mappings of an SSSOM file, and the version of ESCO they were made to. Rows with no counterpart are left out.

    Raises:
        UserError: the table cannot be read.
    """
    found = read_mapping_set(path)
    mappings = [
        SkillMapping(
            found.expand_curie(row["subject_id"]),
            found.expand_curie(row["object_id"]),
            get_relation(row),
        )
        for row in found.list_matches()
    ]
    return mappings, found.metadata.object_source_version


def read_all_skill_mappings(project: Project) -> tuple[list[SkillMapping], str]:
    """Return the mappings of competences and of learning outcomes, and the version of ESCO that they were made to.

    Raises:
        UserError: a table cannot be read.
    """
    mappings, version = list[SkillMapping](), ""
    for name in SKILL_MAPPING_FILES:
        path = project.mappings / name
        if path.exists():
            found, version = read_skill_mappings(path)
            mappings += found
    return mappings, version


def read_role_subjects(store: Store, project: Project) -> dict[str, dict[str, str]]:
    """Return for each role its competences and outcomes, with the competence that each belongs to; empty for an outcome of none."""
    found: dict[str, dict[str, str]] = {}
    for row in run_query(store, project.read_query("tables/role-subjects")).rows:
        role, subject, competence = row["role"], row["subject"], row["competence"]
        assert isinstance(role, NamedNode) and isinstance(subject, NamedNode)
        belongs = competence.value if isinstance(competence, NamedNode) else ""
        found.setdefault(role.value, {})[subject.value] = belongs
    return found


def read_judged_occupations(project: Project, role: str) -> list[tuple[str, str]]:
    """Return the occupations that a role was mapped to as (URI, relation), the nearest first.

    Raises:
        UserError: the table cannot be read.
    """
    path = project.mappings / OCCUPATION_MAPPING_FILE
    if not path.exists():
        return []
    table = read_mapping_set(path)
    rows = sorted(table.list_matches(), key=lambda row: row["nearest"] != "true")
    return [(table.expand_curie(row["object_id"]), get_relation(row)) for row in rows if table.expand_curie(row["subject_id"]) == role]


def list_usual_occupations(project: Project, role: str, known: Collection[str]) -> list[str]:
    """Return the occupations that a role is, or nearly so, else the nearest that it was judged to be; none where it was judged to be none.

    Args:
        project: has the table.
        role: its IRI.
        known: the URIs of the occupations that may be returned.

    Raises:
        UserError: the table cannot be read.
    """
    judged = [pair for pair in read_judged_occupations(project, role) if pair[0] in known]
    return [uri for uri, relation in judged if relation in _SAME_OCCUPATION] or [uri for uri, _ in judged[:1]]


def read_elected_roles(store: Store, project: Project) -> set[str]:
    """Return the IRIs of the roles that are offices, and no occupations."""
    rows = run_query(store, project.read_query("tables/elected-roles")).rows
    return {row["role"].value for row in rows if isinstance(row["role"], NamedNode)}
