"""What the tests of writing share: a copy of the project that may be written to."""

import shutil
from pathlib import Path

import pytest

from balansekunst.project import Project


@pytest.fixture
def house(project: Project, tmp_path: Path) -> Project:
    """The project with data of its own; all else is linked to."""
    root = tmp_path / "house"
    root.mkdir()
    shutil.copytree(project.root / "data", root / "data")
    for folder in ("ontology", "shapes", "queries", "site"):
        (root / folder).symlink_to(project.root / folder)
    return Project(root)
