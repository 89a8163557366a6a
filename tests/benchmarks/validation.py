"""How validation grows with size, on generated projects with planted faults: `PYTHONPATH=tests python -m benchmarks.validation [ROLES...]`.

Prints for each size: triples, planted faults and how many were told of, seconds, and the peak memory of the largest process; then what
checking one changed standard of the largest project costs. Medians of three runs up to 500 roles, one run beyond.
"""

import os
import resource
import sys
import time
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from benchmarks.generate import Fault, generate

SIZES = (5, 500, 5000)


def measured(project: Project, paths: list[Path], answer: Connection) -> None:
    """Validate, and send the seconds taken, the memory used in MB, and what was found."""
    start = time.perf_counter()
    report = validate(project, paths, limit=10**6)
    seconds = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    answer.send((seconds, peak, {(f.rule.id, str(f.focus_node).strip("<>")) for f in report.findings}))


def run(project: Project, paths: list[Path]) -> tuple[float, int, set[Fault]]:
    """Measure in a process of its own."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=measured, args=(project, paths, there))
    process.start()
    result: tuple[float, int, set[Fault]] = here.recv()
    process.join()
    return result


def main(sizes: list[int]) -> None:
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "pyrudof", "pyshacl"))
    print(f"{versions}; Python {sys.version.split()[0]}; {os.cpu_count()} cores")
    print(f"{'roles':>6} {'triples':>9} {'planted':>8} {'told':>5} {'seconds':>8} {'MB a process':>13}")
    for roles in sizes:
        with TemporaryDirectory() as folder:
            project, planted = generate(Path(folder), roles, faults=max(5, roles // 10))
            triples = sum(len(project.reader.load([path])) for path in project.list_sources())
            runs = [run(project, []) for _ in range(3 if roles <= 500 else 1)]
            told = sum(fault in runs[0][2] for fault in planted)
            print(
                f"{roles:>6} {triples:>9} {len(planted):>8} {told:>5} {median(r[0] for r in runs):>8.1f} {max(r[1] for r in runs):>13}",
                flush=True,
            )
            one = [run(project, [project.root / "data" / "standards" / "rolle-a.ttl"])[0] for _ in range(3)]
            print(f"       one standard of these: {median(one):.2f} s", flush=True)


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or list(SIZES))
