"""Apache Jena and its server Fuseki for the tests: fetched by Maven at a pinned version, checked, and run in memory on a free port."""

import hashlib
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.maven import maven
from helpers.programs import needed

HERE = Path(__file__).parents[1] / "stores"
SHA256 = "d28c1eaf703122ee628895a460c20fa4aa60a892f435d403ea8c036f241da1f8"
"""Of `jena-fuseki-server-5.6.0.jar` in Maven Central, the version that `stores/pom.xml` names. It needs Java 17."""
STARTED = re.compile(r"Start Fuseki \(http=(\d+)\)")
PATIENCE = 120
"""Seconds it may take to start."""


def jar(folder: Path) -> Path:
    """Return the program, from the local repository of Maven or fetched into it."""
    listed = folder / "classpath"
    done = maven(HERE / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={listed}")
    if done.returncode:
        pytest.fail(f"Maven could not fetch Fuseki: {done.stdout}{done.stderr}")
    found = Path(listed.read_text(encoding="utf-8").strip())
    assert hashlib.sha256(found.read_bytes()).hexdigest() == SHA256, f"{found} is not the Fuseki that the tests are written for"
    return found


def run_jena(folder: Path, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of Apache Jena, named by its class, from the program that the server comes in."""
    needed("java", package="default-jre-headless")
    return subprocess.run(["java", "-cp", jar(folder), command, *arguments], capture_output=True, text=True, check=False, timeout=500)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run Fuseki with the datasets of `stores/config.ttl`, and give its address. It is ended when the block ends."""
    main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    command: list[str | Path] = ["java", "-Xmx1g", "-cp", jar(folder), main, "--localhost", "--port=0", f"--config={HERE / 'config.ttl'}"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    overdue = threading.Timer(PATIENCE, server.kill)
    overdue.start()
    try:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if started := STARTED.search(line):
                break
        else:
            pytest.fail("Fuseki did not start: " + "".join(said))
        overdue.cancel()
        # What it says later is taken away, so that it never waits for someone to read it.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield f"http://localhost:{started[1]}"
    finally:
        overdue.cancel()
        server.kill()
        server.wait(timeout=30)
