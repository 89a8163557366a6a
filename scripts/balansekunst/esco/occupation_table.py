"""The occupations near each role as a small table, worked out once with ESCO at hand, for pages that are made without it.

Only names and addresses of ESCO are in it, with ESCO's attribution, and not ESCO's skills, links or descriptions. `esco table` writes it.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from balansekunst.errors import UserError
from balansekunst.esco.isco import FIRST_GROUPS, MAJOR_GROUPS
from balansekunst.messages import format_message

if TYPE_CHECKING:  # which needs numpy
    from balansekunst.esco.answers import OccupationFinder, OccupationMobility
    from balansekunst.esco.ranking import OccupationGroup

NEAREST_GROUPS = 20
"""How many of the nearest unit groups a role has rows for."""
GROUPS_OF_EACH_MAJOR = 3
"""How many unit groups of each major group it has at least."""
BY_STANDARD, BY_OCCUPATION = "standard", "occupation"
"""What a row goes by: what the role's standard says, or what is usual in the occupation that the role was judged to be."""


@dataclass(frozen=True)
class NearOccupation:
    """A row: an occupation near a role."""

    role: str
    """Its IRI."""
    basis: str
    isco: str
    """The unit group."""
    place: int
    """Among all occupations."""
    lowest: int
    highest: int
    """Between which places it comes in eight of ten rankings with a fifth of the mappings left out."""
    occupation: str
    """The URI of the nearest of its unit group."""
    label_en: str
    label_no: str
    """Empty where ESCO has no Norwegian name."""
    others: int
    """How many more of the unit group there are."""
    skill_score: float
    field_score: float
    competence_count: int
    used_competences: int
    """How many key competences are mapped to a skill that ESCO gives the occupation."""
    competences: tuple[tuple[str, float], ...]
    """The competences that add most to the likeness in skills, by IRI, and their shares of it."""


_COLUMNS = tuple(column.name for column in fields(NearOccupation))


def build_near_occupations(
    finder: "OccupationFinder", role: NamedNode, english: Mapping[str, str], norwegian: Mapping[str, str], top: int = 3
) -> list[NearOccupation]:
    """Return the rows of a role: the nearest unit groups, and of each major group of ISCO-08 the nearest, so that each filter finds some.

    Args:
        finder: finds which occupations are near it.
        role: its IRI.
        english: names by URI.
        norwegian: names by URI, where there is one.
        top: how many competences to name.
    """

    def build_row(answer: "OccupationMobility", group: "OccupationGroup", basis: str) -> NearOccupation:
        best = group.best
        by_standard = basis == BY_STANDARD
        shares = [pair for pair in answer.sum_parts(best).items() if pair[0] in answer.competences.values()] if by_standard else []
        return NearOccupation(
            role=answer.role,
            basis=basis,
            isco=group.isco,
            place=best.rank,
            lowest=best.band[0],
            highest=best.band[1],
            occupation=best.occupation.uri,
            label_en=english[best.occupation.uri],
            label_no=norwegian.get(best.occupation.uri, ""),
            others=len(group.others),
            skill_score=round(best.skill_score, 3),
            field_score=round(best.field_score, 3),
            competence_count=answer.competence_count,
            used_competences=answer.count_used_competences(best) if by_standard else 0,
            competences=tuple((thing, round(share, 2)) for thing, share in shares[:top]),
        )

    nearest = finder.find(role, top=NEAREST_GROUPS)
    rows = [build_row(nearest, group, BY_STANDARD) for group in nearest.ranking.groups]
    known = {row.isco for row in rows}
    others = list[NearOccupation]()
    for major in MAJOR_GROUPS:
        if any(occupation.isco.startswith(major) for occupation in finder.space.occupations):
            found = finder.find(role, isco=major, top=GROUPS_OF_EACH_MAJOR)
            others += [build_row(found, group, BY_STANDARD) for group in found.ranking.groups if group.isco not in known]
    rows += sorted(others, key=lambda row: row.place)
    usual = nearest.usual.ranking.groups[:FIRST_GROUPS] if nearest.usual else ()
    return rows + [build_row(nearest, group, BY_OCCUPATION) for group in usual]


def format_near_occupations(rows: Iterable[NearOccupation], version: str) -> str:
    """Return the table as TSV, with ESCO's attribution and version in lines that begin with #."""
    written = io.StringIO()
    written.write(f"# {format_message('esco.attribution', 'en')}\n# ESCO {version}; made by `balansekunst esco table`.\n")
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        competences = " ".join(f"{thing}={share}" for thing, share in row.competences)
        writer.writerow([getattr(row, name) for name in _COLUMNS[:-1]] + [competences])
    return written.getvalue()


def read_near_occupations(path: Path) -> list[NearOccupation]:
    """Return the rows of a table; none where there is no file.

    Raises:
        UserError: it is not such a table.
    """
    if not path.exists():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    try:
        return [_read_row(row) for row in csv.DictReader(lines, delimiter="\t")]
    except (KeyError, ValueError, TypeError):
        raise UserError(("occupation-mobility.table", {"file": path})) from None


def _read_row(row: Mapping[str, str]) -> NearOccupation:
    """Return a row of the table."""
    pairs = [pair.rpartition("=") for pair in row["competences"].split()]
    return NearOccupation(
        role=row["role"],
        basis=row["basis"],
        isco=row["isco"],
        place=int(row["place"]),
        lowest=int(row["lowest"]),
        highest=int(row["highest"]),
        occupation=row["occupation"],
        label_en=row["label_en"],
        label_no=row["label_no"],
        others=int(row["others"]),
        skill_score=float(row["skill_score"]),
        field_score=float(row["field_score"]),
        competence_count=int(row["competence_count"]),
        used_competences=int(row["used_competences"]),
        competences=tuple((thing, float(share)) for thing, _, share in pairs),
    )
