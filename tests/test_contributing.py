"""A standard is added by one file, as CONTRIBUTING says, and no test has to change for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.commands import COMMAND_TIMEOUT, run
from helpers.dataset import ROOT

COUNTING_TESTS = ("tests/facts", "tests/mobility/test_mobility.py", "tests/sparql/test_catalogue.py", "tests/esco/test_mappings.py")
"""The tests that count what the data holds."""


@pytest.mark.reference
def test_a_new_standard_breaks_no_test(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    skipped = shutil.ignore_patterns("build", ".git", ".venv*", "node_modules", ".*_cache", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=skipped)
    for name in (".venv", "node_modules"):
        if (ROOT / name).exists():
            (clone / name).symlink_to(ROOT / name)
    contributing = (clone / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"Copy `([^`]+)`[^`]*to `data/standards/\{slug\}\.ttl`", contributing)
    assert found, "CONTRIBUTING says which file to copy"
    example = (clone / found[1]).read_text(encoding="utf-8")
    slug = re.search(r"<standard/([a-z-]+)> a bk:CompetenceStandard", example)
    assert slug
    file = clone / "data" / "standards" / f"{slug[1]}.ttl"
    file.write_text(example, encoding="utf-8")
    path = {"PYTHONPATH": str(clone / "scripts")}
    done = run("validate", str(file), "--lang", "en", cwd=clone, **path)
    assert done.returncode == 0, done.stdout + done.stderr
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "not (browser or server or spark or reference)", *COUNTING_TESTS]
    environment = {**os.environ, **path, "BALANSEKUNST_SOURCES": str(ROOT.parent / "shared" / "sources")}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    tested = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=COMMAND_TIMEOUT)
    assert tested.returncode == 0, tested.stdout[-3000:]
