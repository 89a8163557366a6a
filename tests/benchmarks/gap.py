"""How the gap grows with the group: `PYTHONPATH=tests python -m benchmarks.gap [PEOPLE...]`.

Prints for each size of a made-up group, eight competences a person: seconds from sheet to gap with the graph loaded, as the median of three
runs (one above a hundred people), and the peak memory of the process.
"""

import random
import resource
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode

from balansekunst.commands.gap import find_gap
from balansekunst.dataset import Dataset
from balansekunst.mobility.paths import list_requirements
from balansekunst.project import Project

SIZES = (1, 10, 100, 300)
EACH = 8


def main(sizes: list[int]) -> None:
    """Measure and print the figures."""
    dataset = Dataset(Project.find())
    every = sorted({c.value for _, c, _ in list_requirements(dataset.store, dataset.project) if isinstance(c, NamedNode)})
    chance = random.Random(1)
    print(f"{'people':>6} {'seconds':>8} {'MB':>5}")
    with TemporaryDirectory() as folder:
        for people in sizes:
            path = Path(folder) / "group.csv"
            rows = [f"person-{number},{name}\n" for number in range(1, people + 1) for name in chance.sample(every, EACH)]
            path.write_text("Pseudonym,Competence\n" + "".join(rows), encoding="utf-8")
            took = list[float]()
            for _ in range(3 if people <= 100 else 1):
                start = time.perf_counter()
                find_gap(dataset, "tillitsvalgt", str(path))
                took.append(time.perf_counter() - start)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{people:>6} {median(took):>8.2f} {peak:>5}", flush=True)


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or list(SIZES))
