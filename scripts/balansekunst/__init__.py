"""A knowledge graph of the Balansekunst method, and the tools that check, infer and publish it.

`balansekunst.open()` gives the dataset, to ask the questions of the catalogue, SPARQL of one's own, and for mobility paths between roles.
"""

from collections.abc import Iterable
from pathlib import Path

from balansekunst.dataset import Dataset
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.version import __version__

__all__ = ["Dataset", "Project", "__version__", "open", "validate"]


def open(folder: Path | str | None = None, data: Iterable[Path | str] = ()) -> Dataset:
    """Load the dataset, with all that follows from it.

    Args:
        folder: a folder in the project to read; default the one that the working folder lies in, else the one this package came from.
        data: files or folders to read beside it (Turtle, TriG, N-Triples, JSON-LD).

    Returns:
        The dataset, in memory.

    Raises:
        UserError: with a sentence for each file that cannot be read.
    """
    return Dataset(Project.find(Path(folder) if folder else None), map(Path, data))
