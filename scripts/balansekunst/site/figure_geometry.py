"""Where the parts of the balance figure lie. The script of the form does the same (`site/scripts/drafts/figure-geometry.js`).

Lengths are in units of the drawing. All of them stand in `site/figure.json`.
"""

from dataclasses import dataclass
from itertools import count
from math import hypot, sqrt

Point = tuple[float, float]


@dataclass(frozen=True)
class FigureGeometry:
    """The sizes of the figure, and places that follow from them."""

    width: float
    axes_height: float
    radius: float
    """Of a mark."""
    small_radius: float
    """Of a mark where more than `max_large_marks` stand at one place."""
    max_large_marks: int
    disc_step: float
    """Between the middles of marks that are packed at a point, in radii."""
    axis_step: float
    """Between the middles of marks on an axis, in radii."""
    crossing_clearance: float
    """How far from the crossing the first mark in between stands, so that the three axes do not meet there."""
    empty_reach: float
    """How much room a point takes that has no marks."""
    label_above: float
    label_below: float
    """Between a point's marks and its label."""
    first_row: float
    """Between the axes and the first row of marks whose position is not stated."""
    row_start: float
    row_step: float
    row_height: float
    row_radius: float
    marks_per_row: int
    square: float
    """Half the side of a square mark, in radii."""
    hexagon_height: float
    hexagon_width: float
    hexagon_shoulder: float
    """Of a mark of six corners, in radii: from its middle to the top, to the side, and from the side's middle to a corner."""
    ring: float
    """The ring of a mark that two roles have, in radii."""

    def get_mark_radius(self, number: int) -> float:
        """Return the radius of marks where `number` of them stand at one place."""
        return self.radius if number <= self.max_large_marks else self.small_radius

    def pack_discs(self, number: int, radius: float) -> list[Point]:
        """Return places for `number` discs of `radius` packed close in rings of six, with the origin in their middle."""
        step, found = radius * self.disc_step, list[Point]()
        for ring in count():
            cells = [
                (column, row)
                for column in range(-ring, ring + 1)
                for row in range(-ring, ring + 1)
                if max(abs(column), abs(row), abs(column + row)) == ring
            ]
            places = [(step * (column + row / 2), step * row * sqrt(3) / 2) for column, row in cells]
            found += sorted(places, key=lambda place: (round(place[1], 6), round(place[0], 6)))[: number - len(found)]
            if len(found) == number:
                break
        middle = [sum(part) / number for part in zip(*found, strict=True)] if found else []
        return [(x - middle[0], y - middle[1]) for x, y in found]

    def place_along_axis(self, number: int, pole: Point, radius: float) -> list[Point]:
        """Return places for `number` discs along the axis of `pole`, on both sides of the crossing, from left to right."""
        middle = (self.width / 2, self.axes_height / 2)
        x, y = middle[0] - pole[0], middle[1] - pole[1]
        length = hypot(x, y)
        distances = [(self.crossing_clearance + index // 2 * radius * self.axis_step) * (1 if index % 2 else -1) for index in range(number)]
        return sorted((middle[0] + x / length * distance, middle[1] + y / length * distance) for distance in distances)

    def place_in_row(self, number: int, y: float) -> list[Point]:
        """Return places for `number` discs in rows from the height `y` on."""
        return [
            (self.row_start + index % self.marks_per_row * self.row_step, y + index // self.marks_per_row * self.row_height)
            for index in range(number)
        ]

    def get_label_height(self, y: float, reach: float) -> float:
        """Return the height of a point's label: above its marks in the upper half and the middle, below them in the lower half."""
        return y + reach + self.label_below if y > self.axes_height / 2 else y - reach - self.label_above
