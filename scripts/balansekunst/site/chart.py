"""Where the bars of a chart lie, drawn from the observations of a data cube. `site/templates/charts.html` draws them."""

import textwrap
from dataclasses import dataclass

from balansekunst.site.graph import Node

_CHART_WIDTH, _VALUE_WIDTH = 300, 96
"""The width of a chart, and what of it is kept free for the number at the end of a bar."""
_LINE_HEIGHT, _BAR_HEIGHT, _BAR_GAP = 16, 15, 14
"""The height of a line of text and of a bar, and what lies between two bars."""
_MAX_LINE_LETTERS = 40
"""How many letters of a name a line holds."""


@dataclass(frozen=True)
class Bar:
    """One observation: its name in lines, and its bar below."""

    node: Node
    value: float
    lines: tuple[str, ...]
    top: int
    length: float
    is_approximate: bool
    """Whether the source writes "about"."""
    is_disputed: bool
    """Whether the source does not agree with itself on the figure."""

    @property
    def bar_top(self) -> int:
        """Where the bar begins, below the lines of the name."""
        return self.top + _LINE_HEIGHT * len(self.lines) + 3


@dataclass(frozen=True)
class Chart:
    """The bars of a chart, and how high it is."""

    bars: tuple[Bar, ...]
    height: int
    is_percentage: bool
    """Whether every bar is part of a hundred, which the ground behind it shows."""
    width: int = _CHART_WIDTH
    bar_height: int = _BAR_HEIGHT
    max_bar_length: int = _CHART_WIDTH - _VALUE_WIDTH
    """How long a bar can be."""

    @property
    def has_disputed_bar(self) -> bool:
        """Whether any figure is one that the source does not agree on."""
        return any(bar.is_disputed for bar in self.bars)


def _build_chart(figures: list[tuple[Node, float]], whole: bool) -> Chart:
    """Lay out a chart.

    Args:
        figures: observations with their values, none below zero.
        whole: whether they are percentages, so that the longest bar there can be is a hundred.

    Returns:
        The bars by period where the observations have one, else the largest first; what is equal, by name.
    """
    ordered = sorted(figures, key=lambda pair: (pair[0].find_value("bk:refPeriod") or "", -pair[1], pair[0].get_sort_key()))
    most = 100 if whole else max((value for _, value in ordered), default=0)
    bars, top = list[Bar](), 0
    for node, value in ordered:
        lines = tuple(textwrap.wrap(node.name.value, _MAX_LINE_LETTERS))
        length = (_CHART_WIDTH - _VALUE_WIDTH) * value / most if most else 0
        bars.append(Bar(node, value, lines, top, length, node.find_value("bk:approximate") == "true", node.has("bk:disagreement")))
        top = bars[-1].bar_top + _BAR_HEIGHT + _BAR_GAP
    return Chart(tuple(bars), max(top - _BAR_GAP, 0), whole)


def build_charts(figures: list[tuple[Node, float]], whole: bool, *names: str) -> list[tuple[Node | None, Chart]]:
    """Lay out a chart for each group of observations, or one for all where that would leave one alone.

    Args:
        figures: observations with their values.
        whole: whether they are percentages.
        names: properties that tell the group of an observation, the first that it has.
    """
    groups: dict[Node | None, list[tuple[Node, float]]] = {}
    for node, value in figures:
        groups.setdefault(next((found for name in names if (found := node.find_object(name))), None), []).append((node, value))
    if min(map(len, groups.values()), default=0) < 2:
        return [(None, _build_chart(figures, whole))]
    return [(group, _build_chart(own, whole)) for group, own in groups.items()]
