"""What a build costs: from the start, with nothing changed, and with one standard changed, on the real data and on made-up roles.

    PYTHONPATH=tests python -m benchmarks.build [ROLES...]

prints a Markdown table; 0 roles are the real data. The yardstick is what rdflib takes to parse the dump in N-Triples, in the same run.
"""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from balansekunst.project import Project
from benchmarks.generate import add_roles
from helpers.dataset import ROOT

ROUNDS = 3
KINDS = ("cold", "nothing changed", "one standard changed")


@dataclass(frozen=True)
class BuildFigures:
    """What was measured of the builds of one project."""

    roles: int
    """How many were made up beside the real data."""
    triples: int
    pages: int
    yardstick: float
    """Seconds of CPU that rdflib takes to parse the dump."""
    seconds: dict[str, float]
    """Median seconds of CPU by kind of build."""
    wall_seconds: dict[str, float]
    largest: tuple[tuple[str, int], ...]
    """The largest page of each kind, with its kB, the largest first."""


def run(code: list[str], folder: Path) -> tuple[float, float]:
    """Run Python in a folder, and return the seconds of CPU and of the clock."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *code], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - start


def rename_a_standard(project: Project) -> None:
    """Give a standard another name."""
    path = min(project.standards.glob("*.ttl"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"@nb', ' x"@nb', 1), encoding="utf-8")


def copy_project(folder: Path) -> Project:
    """Return a copy of the real project whose data may be changed."""
    for name in ("ontology", "queries", "shapes", "site"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "data", folder / "data")
    return Project(folder)


def measure(roles: int, rounds: int = ROUNDS) -> BuildFigures:
    """Build a project in each way, and return the figures."""
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    with TemporaryDirectory() as given:
        folder = Path(given) / "project"
        folder.mkdir()
        project = copy_project(folder)
        if roles:
            add_roles(folder, roles)
        build = ["-m", "balansekunst", "build"]
        for _ in range(rounds):
            shutil.rmtree(project.output.parent, ignore_errors=True)
            for kind in KINDS:
                if kind == KINDS[2]:
                    rename_a_standard(project)
                took[kind].append(run(build, folder))
        dump = project.output / "data" / "balansekunst.nt"
        parse = ["-c", f"import rdflib; rdflib.Graph().parse({str(dump)!r}, format='nt')"]
        start = median(run(["-c", "import rdflib"], folder)[0] for _ in range(rounds))
        yardstick = median(run(parse, folder)[0] for _ in range(rounds)) - start
        pages = {path.relative_to(project.output).as_posix(): path.stat().st_size for path in project.output.rglob("*.html")}
        largest: dict[str, tuple[str, int]] = {}
        for path, size in sorted(pages.items(), key=lambda item: item[1]):
            largest[path.removeprefix("en/").partition("/")[0]] = path, size // 1024
        return BuildFigures(
            roles,
            dump.read_bytes().count(b"\n"),
            len(pages),
            yardstick,
            {kind: median(cpu for cpu, _ in found) for kind, found in took.items()},
            {kind: median(wall for _, wall in found) for kind, found in took.items()},
            tuple(sorted(largest.values(), key=lambda item: -item[1])[:6]),
        )


def collect(sizes: tuple[int, ...], say: Callable[[str], None], rounds: int = ROUNDS) -> list[BuildFigures]:
    """Measure every size; the large ones once."""
    found = list[BuildFigures]()
    for roles in sizes:
        found.append(measure(roles, rounds if roles < 100 else 1))
        say(f"{found[-1]}")
    return found


def format_figures(found: list[BuildFigures]) -> str:
    """Return the figures as Markdown tables."""
    lines = [
        "| roles | statements | pages | yardstick, s | " + " | ".join(f"{kind}, s (ratio; clock)" for kind in KINDS) + " | ms a page |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        cells = [f"{one.seconds[kind]:.1f} ({one.seconds[kind] / one.yardstick:.1f} ×; {one.wall_seconds[kind]:.0f})" for kind in KINDS]
        name = str(one.roles) if one.roles else "the real data"
        each = one.seconds[KINDS[0]] / one.pages * 1000
        lines.append(f"| {name} | {one.triples:,} | {one.pages:,} | {one.yardstick:.2f} | {' | '.join(cells)} | {each:.1f} |")
    lines += ["", "| roles | largest pages, kB |", "|---|---|"]
    lines += [f"| {one.roles or 'the real data'} | {', '.join(f'`{path}` {size}' for path, size in one.largest)} |" for one in found]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(format_figures(collect(tuple(map(int, sys.argv[1:])) or (0, 50), lambda line: print(line, file=sys.stderr))))
