"""How long each stage of a build takes on the real data: `python tests/benchmarks/stages.py [ROUNDS]` prints medians in seconds."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from balansekunst.build import publish
from balansekunst.checking.validate import validate
from balansekunst.infer import infer
from balansekunst.load import load
from balansekunst.project import Project


class Elsewhere(Project):
    """A project that writes to a folder given at the start."""

    target = Path()

    @property
    def output(self) -> Path:
        """The folder to write to."""
        return self.target


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the median of each stage over `rounds` runs."""
    project = Elsewhere(Project.find(Path(__file__)).root)
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            Elsewhere.target = Path(folder) / "site"
            store = load(project.sources(), project.root)
            stages: dict[str, Callable[[], object]] = {
                "load": partial(load, project.sources(), project.root),
                "validate": partial(validate, project),
                "infer": partial(infer, store, project),
                "publish": partial(publish, store, project),
            }
            for name, work in stages.items():
                times.setdefault(name, []).append(timed(work))
    for name, seconds in times.items():
        print(f"{name:10} {median(seconds):6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
