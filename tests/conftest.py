"""What the tests share."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from balansekunst.infer import infer
from balansekunst.load import load
from balansekunst.project import Project


@pytest.fixture(scope="session")
def project() -> Project:
    return Project.find(Path(__file__))


@pytest.fixture(scope="session")
def asserted(project: Project) -> Store:
    """Vocabulary and data as entered."""
    return load(project.sources(), project.root)


@pytest.fixture(scope="session")
def inferred(project: Project) -> Store:
    """Vocabulary and data with all that follows."""
    store = load(project.sources(), project.root)
    infer(store, project)
    return store
