"""How validation grows with size, on generated projects with planted faults.

    PYTHONPATH=tests python -m benchmarks.validation [ROLES...]

prints a Markdown table: for each size the triples, the planted faults and how many were told of, seconds, and the peak memory of the
largest process; and what checking one standard of these costs. Medians of three runs up to 500 roles, one run beyond.
"""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from benchmarks.generate import Fault, generate

SIZES = (5, 500, 5000)
ROUNDS = 3


@dataclass(frozen=True)
class ValidationFigures:
    """What was measured of the validation of one project."""

    roles: int
    triples: int
    planted: int
    """How many faults there were."""
    told: int
    """How many of them were reported."""
    seconds: float
    megabytes: int
    """The most memory that a process took."""
    one_standard: float
    """Seconds for one standard of these."""


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


def collect(sizes: tuple[int, ...], say: Callable[[str], None]) -> list[ValidationFigures]:
    """Measure every size; the large ones once."""
    found = list[ValidationFigures]()
    for roles in sizes:
        with TemporaryDirectory() as folder:
            project, planted = generate(Path(folder), roles, faults=max(5, roles // 10))
            triples = sum(len(project.reader.load([path])) for path in project.list_sources())
            runs = [run(project, []) for _ in range(ROUNDS if roles <= 500 else 1)]
            one = [run(project, [project.standards / "rolle-a.ttl"])[0] for _ in range(ROUNDS)]
            told = sum(fault in runs[0][2] for fault in planted)
            seconds, peak = median(seconds for seconds, _, _ in runs), max(peak for _, peak, _ in runs)
            found.append(ValidationFigures(roles, triples, len(planted), told, seconds, peak, median(one)))
            say(f"{found[-1]}")
    return found


def format_figures(found: list[ValidationFigures]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| roles | statements | planted faults | told of | seconds | MB of the largest process | one standard, s |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {one.roles:,} | {one.triples:,} | {one.planted} | {one.told} | {one.seconds:.1f} | {one.megabytes} "
            f"| {one.one_standard:.1f} |"
            for one in found
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(format_figures(collect(tuple(map(int, sys.argv[1:])) or SIZES, lambda line: print(line, file=sys.stderr))))
