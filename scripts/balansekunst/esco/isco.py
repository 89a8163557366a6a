"""ISCO-08, the classification of occupations that ESCO's occupations are grouped by."""

SKILL_LEVELS = {"01": (4,), "02": (2,), "03": (1,), "14": (3,), "1": (4,), "2": (4,), "3": (3,), "9": (1,)}
"""ISCO-08's skill levels by the start of a code, the longest that fits; 2 for all others (ILO 2012, table 1)."""
MAJOR_GROUPS = "1234567890"
"""The first digits of codes, with the armed forces last."""
MAX_OF_MINOR_GROUP = 2
"""How many unit groups of one minor group are among the first, so that they differ."""
FIRST_GROUPS = 10
"""How many unit groups are the first."""


def get_skill_levels(isco: str) -> tuple[int, ...]:
    """Return the skill levels of a code."""
    return next((SKILL_LEVELS[isco[:length]] for length in (2, 1) if isco[:length] in SKILL_LEVELS), (2,))


def vary_groups(codes: list[str]) -> list[str]:
    """Return unit groups in their order, but with no more than some of the same minor group among the first."""
    first, later, number = list[str](), list[str](), dict[str, int]()
    for code in codes:
        minor = code[:3]
        if len(first) < FIRST_GROUPS and number.get(minor, 0) < MAX_OF_MINOR_GROUP:
            number[minor] = number.get(minor, 0) + 1
            first.append(code)
        else:
            later.append(code)
    return first + later
