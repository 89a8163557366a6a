"""The balance figure: where the competences of a role stand in the balance model.

Three crossing axes, one a dimension, have a balance point at each end. A competence stands at a point or, where the source says «in
the balance between», on the axis between the two. Where the source tells the dimension only, the competence stands in a row of its own
below the axes: the figure guesses no place.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

from balansekunst.project import Project
from balansekunst.site.figure_geometry import FigureGeometry
from balansekunst.site.graph import Node, View

_SIDES = ("top-left", "top-right", "middle-left", "middle-right", "bottom-left", "bottom-right", "below")
"""The sides of the drawing, in the order in which the names beside it are read."""


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
    placed_competence: Node
    style: str
    place: Node
    """Its position, or its dimension where the position is not told."""
    side: str
    """`first`, `second` or `both` of two roles; `only` where there is one."""
    x: float
    y: float
    radius: float
    has_position: bool
    """Whether the source tells the position."""


@dataclass(frozen=True)
class PlacementMove:
    """A competence that two roles have at different places: from where to where."""

    start: Mark
    end: Mark


@dataclass(frozen=True)
class FigureRow:
    """The competences of one dimension whose position is not told."""

    axis: Axis
    marks: tuple[Mark, ...]
    y: float


@dataclass
class BalanceFigure:
    """A drawing of competences in the balance model."""

    geometry: FigureGeometry
    axes: list[Axis]
    marks: list[Mark]
    rows: list[FigureRow]
    height: float
    moves: list[PlacementMove] = field(default_factory=list)

    @cached_property
    def sorted_marks(self) -> list[Mark]:
        """The marks by number: what a table beside the figure says."""
        return sorted([*self.marks, *(mark for row in self.rows for mark in row.marks)], key=lambda mark: (mark.number, mark.side))

    @cached_property
    def marks_by_place(self) -> list[tuple[str, list[Mark]]]:
        """The marks by number at each place that has any, with where it is in the drawing: at a corner or a side, or below the axes."""
        sides = {pole.position.iri: self._find_side(pole) for axis in self.axes for pole in axis.poles}
        found: dict[tuple[str, str], list[Mark]] = {}
        for mark in self.sorted_marks:
            found.setdefault((sides.get(mark.place.iri, "below"), mark.place.iri), []).append(mark)
        return [(side, marks) for (side, _), marks in sorted(found.items(), key=lambda item: (_SIDES.index(item[0][0]), item[1][0].number))]

    def _find_side(self, pole: Pole) -> str:
        """Return the side of the drawing that a balance point is at."""
        height = self.geometry.axes_height
        row = "top" if pole.y < height / 3 else "bottom" if pole.y > height * 2 / 3 else "middle"
        return f"{row}-{'left' if pole.x < self.geometry.width / 2 else 'right'}"

    @cached_property
    def marks_by_dimension(self) -> list[tuple[Axis, list[Mark]]]:
        """The marks by number in each dimension that has any."""
        found = [(axis, [mark for mark in self.sorted_marks if mark.style == axis.style]) for axis in self.axes]
        return [(axis, marks) for axis, marks in found if marks]


@dataclass(frozen=True)
class FigureLayout:
    """Where the axes lie, and how large all is: read from `site/figure.json`."""

    axes: list[dict[str, object]]
    geometry: FigureGeometry

    @classmethod
    def read(cls, project: Project) -> "FigureLayout":
        """Read the layout."""
        told = json.loads(project.reader.read_text(project.figure_file))
        return cls(told["axes"], FigureGeometry(**told["sizes"]))


def draw_figure(view: View, layout: FigureLayout, first: Iterable[Node], second: Iterable[Node] = ()) -> BalanceFigure:
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
            place = node.find_object("bk:atPosition") or node.find_object("bk:inDimension")
            if place is not None:
                placed.setdefault((place.path, _get_competence_key(node)), []).append((side, node))
    numbers = _number_competences(layout, placed)
    axes, marks, rows = list[Axis](), list[Mark](), list[FigureRow]()
    geometry = layout.geometry
    y = geometry.axes_height + geometry.first_row
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
            position, entries = view.get_node(given["position"]), at(given["position"])
            radius = geometry.get_mark_radius(len(entries))
            cluster = geometry.pack_discs(len(entries), radius)
            reach = max((hypot(x, y) for x, y in cluster), default=0.0) + (radius if entries else geometry.empty_reach)
            pole = Pole(position, given["x"], given["y"], geometry.get_label_height(given["y"], reach))
            poles.append(pole)
            marks += drawn(entries, [(pole.x + x, pole.y + y) for x, y in cluster], position, radius, True)
        between, entries = view.get_node(str(raw["between"])), at(str(raw["between"]))
        radius = geometry.get_mark_radius(len(entries))
        spots = geometry.place_along_axis(len(entries), (poles[0].x, poles[0].y), radius)
        marks += drawn(entries, spots, between, radius, True)
        axis = Axis(view.get_node(str(raw["dimension"])), style, (poles[0], poles[1]))
        axes.append(axis)
        entries = at(str(raw["dimension"]))
        if entries:
            spots = geometry.place_in_row(len(entries), y)
            rows.append(FigureRow(axis, tuple(drawn(entries, spots, axis.dimension, geometry.row_radius, False)), y))
            y = spots[-1][1] + geometry.row_height
    found = BalanceFigure(geometry, axes, marks, rows, y if rows else geometry.axes_height)
    told: dict[int, dict[str, Mark]] = {}
    for mark in found.marks:
        told.setdefault(mark.number, {})[mark.side] = mark
    # A place that is told and one that is not may be the same: only what is told of both roles is a move.
    found.moves = [PlacementMove(two["first"], two["second"]) for _, two in sorted(told.items()) if {"first", "second"} <= set(two)]
    return found


def _get_competence_key(placed: Node) -> str:
    """Return what tells that two roles have the same competence: the competence's address, else the placed one's own."""
    competence = placed.find_object("bk:competence")
    return (competence or placed).iri


def _number_competences(layout: FigureLayout, placed: dict[tuple[str, str], list[tuple[str, Node]]]) -> dict[str, int]:
    """Return a number for each competence, in the document's order: those of the first description, then what only the second has.

    Where no order is known they are numbered by dimension, then from one pole over what is between to the other, then by name.
    """
    places = list[str]()
    for raw in layout.axes:
        poles = [pole["position"] for pole in raw["poles"]]  # type: ignore[attr-defined]
        places += [poles[0], str(raw["between"]), poles[1], str(raw["dimension"])]

    def get_key(item: tuple[tuple[str, str], list[tuple[str, Node]]]) -> tuple[object, ...]:
        (place, _), entries = item
        side, node = min(entries, key=lambda entry: (entry[0] == "second", entry[1].get_order_key()))
        order, *name = node.get_order_key()
        return side == "second", order, places.index(place), name

    inorder = sorted(placed.items(), key=get_key)
    numbers: dict[str, int] = {}
    for (_, key), _ in inorder:
        numbers.setdefault(key, len(numbers) + 1)
    return numbers
