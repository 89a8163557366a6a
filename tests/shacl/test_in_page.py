"""The rules as the pages apply them: what they find is what the examples say, and so what the command line finds."""

from pathlib import Path
from typing import Any

import pytest
from test_shapes import EXAMPLES, expected, names

from helpers.page_functions import find_page_findings

UNWRITTEN = "L5"
"""The rule of mappings, which are not written in the pages."""


def outcome(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(f["rule"], f"<{f['focus']}>", shown(f["value"])) for f in found}


def shown(value: dict[str, str] | None) -> str:
    if value is None:
        return ""
    if value["type"] == "Literal":
        # The command has numbers in their canonical form.
        return f'"{value["value"].removesuffix(".0")}"' + (f"@{value['language']}" if value["language"] else "")
    return f"<{value['value']}>"


@pytest.mark.reference
def test_the_engines_agree(site: Path) -> None:
    wrong = {}
    for path, found in zip(EXAMPLES, find_page_findings(site, EXAMPLES), strict=True):
        wanted = {one for one in expected(path) if one[0] != UNWRITTEN}
        if outcome(found) != wanted:
            wrong[names([path])[0]] = (outcome(found) - wanted, wanted - outcome(found))
    assert wrong == {}
