"""What the tests share."""

import fcntl
import gc
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from hypothesis import settings
from pyoxigraph import Store

from balansekunst.dataset import Dataset
from balansekunst.project import Project
from balansekunst.rdf.rdflib_graph import as_rdflib
from helpers import fuseki
from helpers.commands import run
from helpers.dataset import ROOT, find_project

pytest_plugins = ["helpers.browser"]

# A shared machine may be slow: speed is measured in benchmarks.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
# Graphs in memory are millions of objects that garbage collection looks through and frees none of, for a fifth of the time.
gc.set_threshold(200_000, 20, 1_000)


FIXTURE_MARKS = {
    "browser": {"browser"},
    "server": {"fuseki_server", "w3id", "below", "apache2", "nginx"},
    "spark": {"spark"},
}
"""The mark that a test gets from what it uses. `reference` is written where it applies."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they use, and by the server that they are run against."""
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        used = {*getattr(item, "fixturenames", ()), parameters.get("server")}
        for mark, fixtures in FIXTURE_MARKS.items():
            if used & fixtures:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def project() -> Project:
    return find_project()


@pytest.fixture(scope="session")
def asserted(project: Project) -> Store:
    """Vocabulary and data as entered."""
    return project.reader.load(project.list_sources())


@pytest.fixture(scope="session")
def inferred(project: Project) -> Store:
    """Vocabulary, data and mappings with all that follows."""
    return Dataset(project).store


@pytest.fixture(scope="session")
def asserted_graph(asserted: Store) -> rdflib.Graph:
    """Vocabulary and data as entered, in rdflib's own store, to be read only."""
    return as_rdflib(asserted)


@pytest.fixture(scope="session")
def inferred_graph(inferred: Store) -> rdflib.Graph:
    """Vocabulary, data and mappings with all that follows, in rdflib's own store, to be read only."""
    return as_rdflib(inferred)


@pytest.fixture(scope="session")
def documents(project: Project) -> str:
    """The text of the documents, which are not part of the project; words split at line ends are joined."""
    folder = Path(os.environ.get("BALANSEKUNST_SOURCES", ROOT.parent / "shared" / "sources"))
    if not folder.is_dir():
        pytest.skip(f"the documents are not at hand: {folder}")
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text)


def build(project: Project, copy: Path, seed: str) -> subprocess.CompletedProcess[str]:
    """Build a copy of the project's sources in `copy` with a hash seed."""
    for name in ("ontology", "data", "shapes", "queries", "site"):
        if not (copy / name).exists():
            (copy / name).symlink_to(project.root / name)
    return run("build", "--lang", "en", cwd=copy, PYTHONHASHSEED=seed)


@pytest.fixture(scope="session")
def fuseki_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Fuseki for all tests of the group `fuseki`, which leave in it what they will."""
    with fuseki.running(tmp_path_factory.mktemp("fuseki")) as address:
        yield address


@pytest.fixture(scope="session")
def site(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build publishes, to be read only: workers that run side by side share one build."""
    here = tmp_path_factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "published"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "build" / "site").exists():
            done = build(project, folder, "1")
            assert done.returncode == 0, done.stderr + done.stdout
    return folder / "build" / "site"


@pytest.fixture
def house(project: Project, tmp_path: Path) -> Project:
    """The project with data of its own; all else is linked to."""
    root = tmp_path / "house"
    root.mkdir()
    shutil.copytree(project.root / "data", root / "data")
    for folder in ("ontology", "shapes", "queries", "site"):
        (root / folder).symlink_to(project.root / folder)
    return Project(root)
