"""What sssom-py, which has a set-up of its own, reads of mapping tables."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.dataset import ROOT
from helpers.programs import needed

SCRIPT = Path(__file__).with_name("read_with_sssom_py.py")
Read = dict[str, Any]
"""The `rows` that it reads of a table, and the `problems` that it finds in it."""


def read_with_sssom_py(paths: Iterable[Path]) -> dict[str, Read]:
    """What it reads of each table, by path."""
    program = needed(str(ROOT / ".venv-sssom" / "bin" / "python"), command="make .venv-sssom/.done")
    done = subprocess.run([program, "-E", SCRIPT, *paths], capture_output=True, encoding="utf-8", check=True)
    told: dict[str, Read] = json.loads(done.stdout)
    return told
