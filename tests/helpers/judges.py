"""What programs of others find in what is published is held to what the scorecard explains."""

import os
import re
import subprocess
import sys
from pathlib import Path

from balansekunst.project import Project
from balansekunst.site.scorecard import read_judges
from helpers.dataset import ROOT
from helpers.programs import needed


def run_program(name: str, *arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program that `requirements-judges.lock` has; where it is not installed the test is skipped, though never in CI."""
    program = needed(
        str(Path(sys.executable).with_name(name)), command="pip install --no-deps --require-hashes -r requirements-judges.lock"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)


def check_findings(project: Project, name: str, findings: list[str]) -> None:
    """Assert that each finding of a program is explained on the scorecard, and that each explanation is of something found."""
    [judge] = [judge for judge in read_judges(project) if judge.name == name]
    patterns = [re.compile(finding.pattern) for finding in judge.explained]
    assert [finding for finding in findings if not any(pattern.search(finding) for pattern in patterns)] == []
    assert [pattern.pattern for pattern in patterns if not any(pattern.search(finding) for finding in findings)] == []
