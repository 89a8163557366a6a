"""The balance figure: where the competences of a role stand in the balance model.

Three crossing axes, one a dimension, have a balance point at each end. A competence stands at a point or, where the source says «in
the balance between», on the axis between the two. Where the source tells the dimension only, the competence stands in a row of its own
below the axes: the figure guesses no place. Lengths are in units of the drawing, which is `WIDTH` wide.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from math import hypot, sqrt
from pathlib import Path

from balansekunst.site.graph import Node, View

WIDTH, AXES_HEIGHT = 420, 400
RADIUS = 12
CROWDED = 7
"""More marks than this at one place are drawn smaller."""
ROW_START, PER_ROW, ROW_STEP, ROW_HEIGHT = 202, 8, 27.5, 30
CLEAR = 34
"""How far from the crossing the first mark in between stands, so that the three axes do not meet there."""


@dataclass(frozen=True)
class Pole:
    """A balance point, as drawn."""

    position: Node
    x: float
    y: float
    label_y: float


@dataclass(frozen=True)
class Axis:
    """A dimension, as drawn."""

    dimension: Node
    style: str
    """Its colour and the shape of its marks: `one`, `two` or `three`."""
    poles: tuple[Pole, Pole]


@dataclass(frozen=True)
class Mark:
    """A competence in the figure."""

    number: int
    placed: Node
    style: str
    place: Node
    """Its position, or its dimension where the position is not told."""
    side: str
    """`first`, `second` or `both` of two roles; `only` where there is one."""
    x: float
    y: float
    radius: float
    told: bool
    """Whether the source tells the position."""


@dataclass(frozen=True)
class Move:
    """A competence that two roles have at different places: from where to where."""

    start: Mark
    end: Mark


@dataclass(frozen=True)
class Row:
    """The competences of one dimension whose position is not told."""

    axis: Axis
    marks: tuple[Mark, ...]
    y: float


@dataclass
class Figure:
    """A drawing of competences in the balance model."""

    axes: list[Axis]
    marks: list[Mark]
    rows: list[Row]
    height: float
    moves: list[Move] = field(default_factory=list)

    @cached_property
    def listed(self) -> list[Mark]:
        """The marks by number: what a table beside the figure says."""
        return sorted([*self.marks, *(mark for row in self.rows for mark in row.marks)], key=lambda mark: (mark.number, mark.side))

    @cached_property
    def by_dimension(self) -> list[tuple[Axis, list[Mark]]]:
        """The marks by number in each dimension that has any."""
        found = [(axis, [mark for mark in self.listed if mark.style == axis.style]) for axis in self.axes]
        return [(axis, marks) for axis, marks in found if marks]


@dataclass(frozen=True)
class Layout:
    """Where the axes lie: read from `site/figure.json`."""

    axes: list[dict[str, object]]

    @classmethod
    def read(cls, folder: Path) -> "Layout":
        """Read the layout from the folder `site/`."""
        return cls(json.loads((folder / "figure.json").read_text(encoding="utf-8"))["axes"])


def hexagonal(number: int, radius: float) -> list[tuple[float, float]]:
    """Return places for `number` discs of `radius` packed close in rings of six, with the origin in their middle."""
    step, found = radius * 2.1, list[tuple[float, float]]()
    for ring in count():
        cells = [
            (column, row)
            for column in range(-ring, ring + 1)
            for row in range(-ring, ring + 1)
            if max(abs(column), abs(row), abs(column + row)) == ring
        ]
        places = sorted((step * (column + row / 2), step * row * sqrt(3) / 2) for column, row in cells)
        found += sorted(places, key=lambda place: (round(place[1], 6), round(place[0], 6)))[: number - len(found)]
        if len(found) == number:
            break
    middle = [sum(part) / number for part in zip(*found, strict=True)] if found else []
    return [(x - middle[0], y - middle[1]) for x, y in found]


def strung(number: int, pole: Pole, radius: float) -> list[tuple[float, float]]:
    """Return places for `number` discs along the axis of `pole`, on both sides of the crossing."""
    x, y = WIDTH / 2 - pole.x, AXES_HEIGHT / 2 - pole.y
    length = hypot(x, y)
    found = []
    for index in range(number):
        distance = (CLEAR + index // 2 * radius * 2.2) * (1 if index % 2 else -1)
        found.append((WIDTH / 2 + x / length * distance, AXES_HEIGHT / 2 + y / length * distance))
    return sorted(found)


def figure(view: View, layout: Layout, first: Iterable[Node], second: Iterable[Node] = ()) -> Figure:
    """Draw the placed competences of one role, or of two laid over each other.

    Args:
        view: the page that shows the figure.
        layout: where the axes lie.
        first: placed competences (`bk:PlacedCompetence`), each with a dimension.
        second: those of another role.

    Returns:
        The drawing. A competence has the same number in both roles; one that both have at the same place is one mark.
    """
    first, second = list(first), list(second)
    sides = [("first" if second else "only", first), ("second", second)]
    placed: dict[tuple[str, str], list[tuple[str, Node]]] = {}
    for side, nodes in sides:
        for node in nodes:
            place = node.one("bk:atPosition") or node.one("bk:inDimension")
            if place is not None:
                placed.setdefault((place.path, identity(node)), []).append((side, node))
    numbers = numbered(layout, placed)
    axes, marks, rows = list[Axis](), list[Mark](), list[Row]()
    y = AXES_HEIGHT + 40.0
    for raw in layout.axes:
        style, poles = str(raw["style"]), list[Pole]()

        def at(path: str, style: str = style) -> list[tuple[int, str, Node]]:
            here = [(numbers[key], who) for (where, key), who in placed.items() if where == path]
            return sorted(((number, "both" if len(who) > 1 else who[0][0], who[0][1]) for number, who in here), key=lambda entry: entry[:2])

        def drawn(
            entries: list[tuple[int, str, Node]],
            places: list[tuple[float, float]],
            place: Node,
            radius: float,
            told: bool,
            style: str = style,
        ) -> Iterator[Mark]:
            for (number, side, node), (x, y) in zip(entries, places, strict=True):
                yield Mark(number, node, style, place, side, x, y, radius, told)

        for given in raw["poles"]:  # type: ignore[attr-defined]
            position, entries = view.node(given["position"]), at(given["position"])
            radius = size(len(entries))
            cluster = hexagonal(len(entries), radius)
            reach = max((hypot(x, y) for x, y in cluster), default=0.0) + (radius if entries else 5)
            pole = Pole(position, given["x"], given["y"], label_height(given["y"], reach))
            poles.append(pole)
            marks += drawn(entries, [(pole.x + x, pole.y + y) for x, y in cluster], position, radius, True)
        between, entries = view.node(str(raw["between"])), at(str(raw["between"]))
        radius = size(len(entries))
        marks += drawn(entries, strung(len(entries), poles[0], radius), between, radius, True)
        axis = Axis(view.node(str(raw["dimension"])), style, (poles[0], poles[1]))
        axes.append(axis)
        entries = at(str(raw["dimension"]))
        if entries:
            spots = [(ROW_START + index % PER_ROW * ROW_STEP, y + index // PER_ROW * ROW_HEIGHT) for index in range(len(entries))]
            rows.append(Row(axis, tuple(drawn(entries, spots, axis.dimension, RADIUS - 1, False)), y))
            y = spots[-1][1] + ROW_HEIGHT
    found = Figure(axes, marks, rows, y if rows else AXES_HEIGHT)
    told: dict[int, dict[str, Mark]] = {}
    for mark in found.marks:
        told.setdefault(mark.number, {})[mark.side] = mark
    # A place that is told and one that is not may be the same: only what is told of both roles is a move.
    found.moves = [Move(two["first"], two["second"]) for _, two in sorted(told.items()) if {"first", "second"} <= set(two)]
    return found


def identity(placed: Node) -> str:
    """Return what tells that two roles have the same competence: the competence's address, else the placed one's own."""
    competence = placed.one("bk:competence")
    return (competence or placed).iri


def numbered(layout: Layout, placed: dict[tuple[str, str], list[tuple[str, Node]]]) -> dict[str, int]:
    """Return a number for each competence: by dimension, then from one pole over what is between to the other, then by name."""
    places = list[str]()
    for raw in layout.axes:
        poles = [pole["position"] for pole in raw["poles"]]  # type: ignore[attr-defined]
        places += [poles[0], str(raw["between"]), poles[1], str(raw["dimension"])]
    inorder = sorted(placed.items(), key=lambda item: (places.index(item[0][0]), item[1][0][1].sort_key()))
    numbers: dict[str, int] = {}
    for (_, key), _ in inorder:
        numbers.setdefault(key, len(numbers) + 1)
    return numbers


def size(number: int) -> float:
    """Return the radius of marks where `number` of them stand at one place."""
    return RADIUS if number <= CROWDED else RADIUS * 0.75


def label_height(y: float, reach: float) -> float:
    """Return the height of a pole's label: above its marks in the upper half and the middle, below them in the lower half."""
    return y + reach + 18 if y > AXES_HEIGHT / 2 else y - reach - 8
