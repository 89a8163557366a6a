"""Where the bars of a chart lie, drawn from the observations of a data cube. `site/templates/charts.html` draws them."""

import textwrap
from dataclasses import dataclass

from balansekunst.site.graph import Node

WIDTH, ROOM = 300, 96
"""The width of a chart, and what of it is kept free for the number at the end of a bar."""
LINE, BAR, GAP = 16, 15, 14
"""The height of a line of text and of a bar, and what lies between two bars."""
LETTERS = 40
"""How many letters of a name a line holds."""


@dataclass(frozen=True)
class Bar:
    """One observation: its name in lines, and its bar below."""

    node: Node
    value: float
    lines: tuple[str, ...]
    top: int
    length: float
    approximate: bool
    """Whether the source writes "about"."""
    disputed: bool
    """Whether the source does not agree with itself on the figure."""

    @property
    def bar_top(self) -> int:
        """Where the bar begins, below the lines of the name."""
        return self.top + LINE * len(self.lines) + 3


@dataclass(frozen=True)
class Chart:
    """The bars of a chart, and how high it is."""

    bars: tuple[Bar, ...]
    height: int
    whole: bool
    """Whether every bar is part of a hundred, which the ground behind it shows."""
    width: int = WIDTH
    bar_height: int = BAR
    room: int = WIDTH - ROOM
    """How long a bar can be."""

    @property
    def disputed(self) -> bool:
        """Whether any figure is one that the source does not agree on."""
        return any(bar.disputed for bar in self.bars)


def chart(figures: list[tuple[Node, float]], whole: bool) -> Chart:
    """Lay out a chart.

    Args:
        figures: observations with their values, none below zero.
        whole: whether they are percentages, so that the longest bar there can be is a hundred.

    Returns:
        The bars by period where the observations have one, else the largest first; what is equal, by name.
    """
    ordered = sorted(figures, key=lambda pair: (pair[0].value("bk:refPeriod") or "", -pair[1], pair[0].sort_key()))
    most = 100 if whole else max((value for _, value in ordered), default=0)
    bars, top = list[Bar](), 0
    for node, value in ordered:
        lines = tuple(textwrap.wrap(node.name.value, LETTERS))
        length = (WIDTH - ROOM) * value / most if most else 0
        bars.append(Bar(node, value, lines, top, length, node.value("bk:approximate") == "true", node.has("bk:disagreement")))
        top = bars[-1].bar_top + BAR + GAP
    return Chart(tuple(bars), max(top - GAP, 0), whole)


def charts(figures: list[tuple[Node, float]], whole: bool, *names: str) -> list[tuple[Node | None, Chart]]:
    """Lay out a chart for each group of observations, or one for all where that would leave one alone.

    Args:
        figures: observations with their values.
        whole: whether they are percentages.
        names: properties that tell the group of an observation, the first that it has.
    """
    groups: dict[Node | None, list[tuple[Node, float]]] = {}
    for node, value in figures:
        groups.setdefault(next((found for name in names if (found := node.one(name))), None), []).append((node, value))
    if min(map(len, groups.values()), default=0) < 2:
        return [(None, chart(figures, whole))]
    return [(group, chart(own, whole)) for group, own in groups.items()]
