"""The dataset that the tests are written for: the files listed in `tests/dataset.txt`, whatever else lies in `data/`."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from balansekunst.project import Project

ROOT = Path(__file__).parents[2]
_COPIED = ("ontology", "shapes", "queries", "site")
_LEFT_OUT = {*_COPIED, "data", "build", ".git"}


def list_dataset_files() -> list[str]:
    """Return the paths below the project's folder of the files that make up the dataset of the tests."""
    return (ROOT / "tests" / "dataset.txt").read_text(encoding="utf-8").split()


@cache
def find_project() -> Project:
    """Return the project with the listed data files only.

    Where `data/` holds nothing else, that is the project itself. Otherwise it is a copy without what was added, so that a new
    standard or role changes no result. The copy is removed when the process ends.
    """
    listed = list_dataset_files()
    if sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()) == listed:
        return Project(ROOT)
    folder = Path(tempfile.mkdtemp(prefix="balansekunst-dataset-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name)
    for name in listed:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for path in ROOT.iterdir():
        if path.name not in _LEFT_OUT:
            (folder / path.name).symlink_to(path)
    return Project(folder)
