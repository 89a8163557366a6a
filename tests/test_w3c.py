"""The engines, and the project's way of using them, score in W3C's suites what `docs/w3c.md` says."""

from functools import cache
from pathlib import Path

import pytest

from w3c import PASSED, REFUSED, SUITES_FOLDER, Case, describe_versions, run_all

DOCUMENT = (Path(__file__).parents[1] / "docs" / "w3c.md").read_text(encoding="utf-8")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("w3c"),
    pytest.mark.skipif(not SUITES_FOLDER.is_dir(), reason="W3C's suites are not here: make build/w3c-suites/.done"),
]
SUITES = {"SHACL core", "SHACL-SPARQL", "SPARQL 1.1 query"}


@cache
def cases() -> list[Case]:
    return run_all()


def test_the_scores_are_those_that_are_written_down() -> None:
    assert {case.suite for case in cases()} == SUITES
    for suite in SUITES:
        own = [case for case in cases() if case.suite == suite]
        scores = [sum(case.outcomes[name] == PASSED for case in own) for name in own[0].outcomes]
        assert f"| {suite} | {len(own)} | {' | '.join(map(str, scores))} |" in DOCUMENT
    assert describe_versions() in DOCUMENT


def test_what_the_project_does_not_pass_is_written_down_with_why() -> None:
    for case in cases():
        *others, ours = case.outcomes.values()
        if ours != PASSED:
            assert case.name in DOCUMENT, case
            assert ours.startswith(REFUSED) or PASSED not in others[:1], case
