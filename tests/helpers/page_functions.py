"""Calls functions of the pages' scripts, so that tests can compare what they give with what the package gives."""

import json
import subprocess
from pathlib import Path
from typing import Any

_CHECKER = Path(__file__).with_name("page_findings.mjs")
_RUNNER = Path(__file__).parents[1] / "js" / "run.mjs"


def call_page_functions(*calls: tuple[str, list[Any]]) -> list[Any]:
    """Return what each function of the pages gives: its name, and its arguments."""
    done = subprocess.run(["node", str(_RUNNER)], input=json.dumps(calls), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def find_page_findings(site: Path, paths: list[Path]) -> list[list[dict[str, Any]]]:
    """Return what the rules as the pages of a site apply them find in each of some files, in Norwegian."""
    done = subprocess.run(["node", str(_CHECKER), str(site), *map(str, paths)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found
