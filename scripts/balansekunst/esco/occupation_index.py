"""What the pages need of ESCO to rank occupations with no ESCO at hand: a file derived once from a download, by `esco index`.

It has the occupations with their essential skills by name, and of ESCO's hierarchy only what is at or above the skills that the project
is mapped to. Nothing else counts in the cosine of a role and an occupation, but the length of an occupation's vector, which is given whole.
It is an extract of ESCO's data, and says so. `docs/occupation-mobility.md` describes it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balansekunst.errors import UserError
from balansekunst.esco.role_mappings import RESAMPLING
from balansekunst.messages import format_message

if TYPE_CHECKING:  # which needs numpy
    from balansekunst.esco.ranking import OccupationSpace
    from balansekunst.esco.store import ConceptKind, Esco

OCCUPATION_BASE = "http://data.europa.eu/esco/occupation/"
SKILL_BASE = "http://data.europa.eu/esco/skill/"
_ISCO_BASE = "http://data.europa.eu/esco/isco/C"


@dataclass(frozen=True)
class OccupationIndex:
    """Occupations, what they ask for, and the hierarchy above the skills that are mapped to."""

    attribution: str
    version: str
    """Of ESCO, as `v1.1.1`."""
    weights: Mapping[str, Any]
    """Those of the measure."""
    resampling: Mapping[str, Any]
    """How bands are found."""
    unit: int
    """What amounts are divided by."""
    groups: Mapping[str, tuple[str, str]]
    """The English and Norwegian names of ISCO-08's groups, by code."""
    occupations: tuple[tuple[str, str, str, str], ...]
    """The last part of the URI, the ISCO-08 code, and the English and Norwegian names (empty where there is none)."""
    skills: tuple[tuple[str, str], ...]
    """The last part of the URI and the English name, of skills that are essential in some occupation or mapped to. Those that most
    occupations ask for first."""
    essential: tuple[tuple[int, ...], ...]
    """The numbers of the essential skills of each occupation, each as what is added to the one before."""
    asked: tuple[tuple[int, ...], ...]
    """The numbers of the mapped skills that each occupation asks for, essential or optional, in the same way."""
    lengths: tuple[float, ...]
    """Of the vector of each occupation."""
    nodes: tuple[float, ...]
    """The weight of each skill and group at or above a mapped skill."""
    above: Mapping[str, tuple[int, ...]]
    """By the number of each mapped skill the nodes at or above it, each with the number of steps: node, steps, node, steps …"""
    amounts: tuple[tuple[int, ...], ...]
    """By node the occupations with something of it, each as what is added to the one before, with the amount: occupation, amount …"""

    @cached_property
    def occupation_numbers(self) -> dict[str, int]:
        """The number of each occupation by its URI."""
        return {OCCUPATION_BASE + row[0]: number for number, row in enumerate(self.occupations)}

    @cached_property
    def unused_skills(self) -> frozenset[str]:
        """The URIs of the mapped skills that no occupation asks for. They count only by what is above them."""
        asked = {number for steps in self.asked for number in accumulate(steps)}
        return frozenset(SKILL_BASE + self.skills[int(number)][0] for number in self.above if int(number) not in asked)

    def list_essential_skills(self, occupation: str) -> list[tuple[str, str]]:
        """Return the URI and English name of each essential skill of an occupation, those that most occupations ask for first."""
        found = (self.skills[number] for number in accumulate(self.essential[self.occupation_numbers[occupation]]))
        return [(SKILL_BASE + uri, english) for uri, english in found]

    def find_names(self, occupation: str) -> tuple[str, str]:
        """Return the English and Norwegian name of an occupation."""
        _, _, english, norwegian = self.occupations[self.occupation_numbers[occupation]]
        return english, norwegian

    def list_group_members(self, isco: str) -> list[tuple[str, str, str]]:
        """Return the URI and the English and Norwegian names of the occupations of a unit group."""
        return [(OCCUPATION_BASE + uri, english, norwegian) for uri, code, english, norwegian in self.occupations if code == isco]


def build_occupation_index(space: "OccupationSpace", mapped: set[str], esco: "Esco") -> OccupationIndex:
    """Return the index of a version of ESCO.

    Args:
        space: the version.
        mapped: the URIs of the skills that the project is mapped to.
        esco: has the names.
    """
    skills, occupations, groups = esco.find_labels("skill", "en"), _find_names(esco, "occupation"), _find_names(esco, "isco-group")
    held = sorted(space.skill_numbers[uri] for uri in mapped if uri in space.skill_numbers)
    nodes = sorted({node for skill in held for node in space.ancestors[[skill]].indices.tolist()})
    node_numbers = {node: number for number, node in enumerate(nodes)}
    unit = 1
    while any(round(value * unit) != value * unit for value in (space.demand @ space.ancestors).data.tolist()):
        unit *= 2
    wanted = sorted(
        {*held, *space.essential.nonzero()[1].tolist()}, key=lambda skill: (-int(space.skill_counts[skill]), space.skills[skill])
    )
    numbers = {skill: number for number, skill in enumerate(wanted)}
    is_held = set(held)
    amounts = (space.demand @ space.ancestors).tocsc()
    essential, asked = list[tuple[int, ...]](), list[tuple[int, ...]]()
    for at in range(len(space.occupations)):
        demand, needed = space.demand[[at]].indices.tolist(), space.essential[[at]].nonzero()[1].tolist()
        essential.append(_encode_steps(numbers[skill] for skill in needed))
        asked.append(_encode_steps(numbers[skill] for skill in demand if skill in is_held))
    return OccupationIndex(
        attribution=format_message("esco.attribution", "en"),
        version=esco.version,
        weights=asdict(space.weights),
        resampling=asdict(RESAMPLING),
        unit=unit,
        groups={uri.removeprefix(_ISCO_BASE): names for uri, names in sorted(groups.items())},
        occupations=tuple((o.uri.removeprefix(OCCUPATION_BASE), o.isco, *occupations[o.uri]) for o in space.occupations),
        skills=tuple((space.skills[s].removeprefix(SKILL_BASE), skills[space.skills[s]].label) for s in wanted),
        essential=tuple(essential),
        asked=tuple(asked),
        lengths=tuple(float(f"{length:.9g}") for length in space.lengths.tolist()),
        nodes=tuple(float(space.node_weights[node]) for node in nodes),
        above={str(numbers[skill]): _list_above(space, skill, node_numbers) for skill in held},
        amounts=tuple(_encode_amounts(amounts[:, [node]].tocoo(), unit) for node in nodes),
    )


def _find_names(esco: "Esco", kind: "ConceptKind") -> dict[str, tuple[str, str]]:
    """Return the English and Norwegian name of each of a kind by URI, the Norwegian empty where there is none."""
    norwegian = esco.find_labels(kind, "no")
    return {
        uri: (words.label, norwegian[uri].label if norwegian[uri].language == "no" else "")
        for uri, words in esco.find_labels(kind, "en").items()
    }


def _encode_steps(numbers: Any) -> tuple[int, ...]:
    """Return sorted numbers, each as what is added to the one before."""
    found = sorted(numbers)
    return tuple(number - before for before, number in zip([0, *found], found, strict=False))


def _list_above(space: "OccupationSpace", skill: int, node_numbers: Mapping[int, int]) -> tuple[int, ...]:
    """Return the nodes at or above a skill with the number of steps to each."""
    row, found = space.ancestors[[skill]], list[int]()
    for node, left in sorted(zip(row.indices.tolist(), row.data.tolist(), strict=True)):
        steps = 0
        while left < 1 - 1e-9:
            left, steps = left / space.weights.step, steps + 1
        found += [node_numbers[node], steps]
    return tuple(found)


def _encode_amounts(column: Any, unit: int) -> tuple[int, ...]:
    """Return the occupations of a column of amounts, each as what is added to the one before, with the amounts in units."""
    pairs = sorted(zip(column.coords[0].tolist(), column.data.tolist(), strict=True))
    steps = _encode_steps(at for at, _ in pairs)
    return tuple(number for step, (_, amount) in zip(steps, pairs, strict=True) for number in (step, round(amount * unit)))


def format_occupation_index(index: OccupationIndex) -> str:
    """Return the index as JSON, a line for each part."""
    parts = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}" for name, value in asdict(index).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read_occupation_index(path: Path) -> OccupationIndex | None:
    """Return the index of a file; nothing where there is no file.

    Raises:
        UserError: it is not such an index.
    """
    if not path.exists():
        return None
    try:
        return OccupationIndex(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise UserError(("occupation-mobility.index", {"file": path})) from None
