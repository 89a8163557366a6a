"""Run the command line as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND_TIMEOUT = 600
"""Seconds that a command may take, on a machine that does much beside it."""


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with more in its environment than this one has."""
    command, settings = [sys.executable, "-m", "balansekunst", *arguments], {**os.environ, "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=settings, timeout=COMMAND_TIMEOUT)
