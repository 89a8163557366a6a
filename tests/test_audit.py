"""`make audit` asks of the packages in every lock, and never ends well where something was not looked up."""

import os
import subprocess
from pathlib import Path

import pytest

from helpers.dataset import ROOT
from helpers.programs import needed

SENTENCE = "A package has a known fault, or the database does not answer."


def audit(tmp_path: Path, **codes: int) -> subprocess.CompletedProcess[str]:
    """Run it where programs that ask registries end with these codes, and others are as they are."""
    for name, code in codes.items():
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} $*"\nexit {code}\n', encoding="utf-8")
        program.chmod(0o755)
    command = [needed("make"), "--old-file", "node_modules/.done", "audit"]
    # As from a terminal: a make that is called from make would also say which folder it is in.
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    environment["PATH"] = f"{tmp_path}:/usr/bin:/bin"
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_every_lock_is_looked_up(tmp_path: Path) -> None:
    done = audit(tmp_path, npm=0, uvx=0)
    assert done.returncode == 0, done.stderr
    asked = done.stdout.splitlines()
    assert asked[0] == "npm audit"
    assert [next(word for word in line.split() if word.endswith(".lock")) for line in asked[1:]] == sorted(
        path.name for path in ROOT.glob("requirements*.lock")
    )
    assert all("--strict" in line for line in asked[1:])


@pytest.mark.parametrize("codes", [{"npm": 1, "uvx": 0}, {"npm": 0, "uvx": 1}, {"npm": 0, "uvx": 127}])
def test_what_is_not_looked_up_ends_with_a_sentence(tmp_path: Path, codes: dict[str, int]) -> None:
    done = audit(tmp_path, **codes)
    assert done.returncode == 2
    assert SENTENCE in done.stderr
    assert "Traceback" not in done.stderr
