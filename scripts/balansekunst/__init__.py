"""A knowledge graph of the Balansekunst method, and the tools that check, infer and publish it.

`balansekunst.open()` gives the dataset, to ask the questions of the catalogue, SPARQL of one's own, and for ways between roles.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balansekunst.dataset import Dataset

__version__ = "0.1.0"


def open(folder: Path | str | None = None, data: Iterable[Path | str] = ()) -> "Dataset":
    """Load the dataset, with all that follows from it.

    Args:
        folder: a folder in the project to read; default the one that the working folder lies in, else the one this package came from.
        data: files or folders to read beside it (Turtle, TriG, N-Triples, JSON-LD).

    Returns:
        The dataset, in memory.

    Raises:
        UserError: with a sentence for each file that cannot be read.
    """
    from balansekunst.dataset import Dataset
    from balansekunst.project import Project

    return Dataset(Project.find(Path(folder) if folder else None), map(Path, data))
