"""The numbers of what a standard lists: in a workbook the order of the rows tells them, so that a row can be put in anywhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

ListKey = tuple[object, ...]
"""What tells a list from others: the thing that lists, and the property that it lists by."""


@dataclass(frozen=True)
class ListMember:
    """One that stands in a list, or in several."""

    lists: tuple[ListKey, ...]
    number: int | None = None
    """The number that it has already; nothing where the order of the rows is to tell it."""
    is_always_numbered: bool = False
    """Whether it has a number in a list of one, too."""


def suggest_numbers(members: Sequence[ListMember]) -> list[int | None]:
    """Return the number that each member has by its place: the one after the largest before it in its lists; none in a list of one."""
    sizes = Counter(key for member in members for key in member.lists)
    last: dict[ListKey, int] = {}
    suggested: list[int | None] = []
    for member in members:
        following = 1 + max((last.get(key, 0) for key in member.lists), default=0)
        number = following if member.number is None else member.number
        last |= {key: max(last.get(key, 0), number) for key in member.lists}
        is_numbered = member.is_always_numbered or any(sizes[key] > 1 for key in member.lists)
        suggested.append(following if is_numbered else None)
    return suggested
