"""Maven for the tests: it fetches programs written in Java, at pinned versions, and runs them."""

import fcntl
import subprocess
from pathlib import Path

from helpers.programs import needed

PATIENCE = 400
"""Seconds that one try may take, what it fetches included."""
STALLED = 30
"""Seconds without an answer after which it asks anew. By default it waits for half an hour, three times."""
TRIES = 3


def maven(pom: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Maven on a project, after whoever runs it now: its local repository is not made for two at a time.

    Args:
        pom: the file that describes the project.
        arguments: goals and settings.

    Returns:
        What it returned and said. What fails is tried anew: Maven tells in many ways that it could not fetch something.

    Raises:
        subprocess.TimeoutExpired: a try took longer than `PATIENCE`.
    """
    needed("java", package="default-jre-headless")
    program = needed("mvn", package="maven")
    # The one setting is for Maven 3.8 and older, the other for newer ones; both in milliseconds.
    limits = (f"-Dmaven.wagon.rto={STALLED * 1000}", f"-Daether.connector.requestTimeout={STALLED * 1000}")
    command = [program, "-q", "-B", *limits, "-f", str(pom), *arguments]
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for _ in range(TRIES):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
            if done.returncode == 0:
                break
    return done
