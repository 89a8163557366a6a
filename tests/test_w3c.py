"""The engines, and the project's way of using them, score in W3C's suites what `docs/w3c.md` says.

`BALANSEKUNST_W3C` names the folder that holds the suites, which are not part of the project: see `tests/w3c.py`.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from w3c import PASSED, REFUSED, Case, describe_versions, run_all

DOCUMENT = (Path(__file__).parents[1] / "docs" / "w3c.md").read_text(encoding="utf-8")
FOLDER = os.environ.get("BALANSEKUNST_W3C", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason="BALANSEKUNST_W3C names no folder with W3C's suites: make w3c SUITE=folder"),
]


@cache
def cases() -> list[Case]:
    return run_all(Path(FOLDER).resolve())


def test_the_scores_are_those_that_are_written_down() -> None:
    for suite in {case.suite for case in cases()}:
        own = [case for case in cases() if case.suite == suite]
        scores = [sum(case.outcomes[name] == PASSED for case in own) for name in own[0].outcomes]
        assert f"| {suite} | {len(own)} | {' | '.join(map(str, scores))} |" in DOCUMENT
    assert describe_versions() in DOCUMENT


def test_what_the_project_does_not_pass_is_written_down_with_why() -> None:
    for case in cases():
        *others, ours = case.outcomes.values()
        if ours != PASSED:
            assert case.name in DOCUMENT, case
            assert ours.startswith(REFUSED) or PASSED not in others[:1] or "exists-graph-variable" in case.name, case
