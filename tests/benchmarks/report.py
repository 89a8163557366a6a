"""Measure what builds, the endpoint and the pages cost, and write it to `docs/benchmarks.md`: `make bench`, after `make build`.

    PYTHONPATH=tests python -m benchmarks.report [--rounds N] [--clients N...] [--validated ROLES...] [ROLES...]

0 roles are the real data. What is measured is kept in `tests/benchmarks/figures.json` by version, so that what has become slower since the
last release can be named: ratios to what was measured beside it in the same run, since no two machines are alike.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from balansekunst.version import __version__
from benchmarks import browser, build, endpoint, validation
from helpers.dataset import ROOT

FIGURES_FILE = Path(__file__).with_name("figures.json")
REPORT_FILE = ROOT / "docs" / "benchmarks.md"
SLOWER = 1.1
"""How much a ratio must have grown to be named."""
GOALS = {"cold": 8.0, "nothing changed": 1.0, "one standard changed": 2.5}
"""What a build may cost on the real data, in times the yardstick."""


def describe_machine() -> str:
    """Return what the figures were measured with."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("rdflib", "pyoxigraph", "pyrudof", "jinja2", "uvicorn"))
    programs = [(name, shutil.which(name)) for name in ("node", "chromium", "oxigraph")]
    found = [
        subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip() for _, path in programs if path
    ]
    busy = f"load {os.getloadavg()[0]:.1f}"
    return (
        f"balansekunst {__version__}, Python {platform.python_version()}, {packages}; {', '.join(found)}; {os.cpu_count()} cores, {busy}."
    )


def compute_ratios(
    builds: list[build.BuildFigures], servers: list[endpoint.Figures], pages: list[browser.BrowserFigure]
) -> dict[str, float]:
    """Return what is compared with the last release: each a ratio to something measured in the same run, or a size."""
    found = {f"build, {one.roles or 'real data'}, {kind}": one.seconds[kind] / one.yardstick for one in builds for kind in one.seconds}
    peers = {one.clients: one.milliseconds for one in servers if one.server == "fuseki"}
    found |= {
        f"endpoint, {one.clients} clients, beside Fuseki": one.milliseconds / peers[one.clients]
        for one in servers
        if one.server == "balansekunst" and one.clients in peers
    }
    return found | {f"{one.page}, kB": float(one.kilobytes) for one in pages}


def find_slower(ratios: dict[str, float]) -> list[str]:
    """Keep the ratios by version, and return what has become slower since the last release before this one."""
    kept: dict[str, dict[str, float]] = json.loads(FIGURES_FILE.read_text(encoding="utf-8")) if FIGURES_FILE.exists() else {}
    before = [number for number in kept if number != __version__]
    kept[__version__] = {name: round(value, 2) for name, value in ratios.items()}
    FIGURES_FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    last = kept[before[-1]] if before else {}
    return [
        f"{name}: {last[name]:.2f} → {value:.2f} (since {before[-1]})"
        for name, value in ratios.items()
        if value > SLOWER * last.get(name, value)
    ]


def main(sizes: tuple[int, ...], rounds: int, clients: tuple[int, ...], validated: tuple[int, ...]) -> None:
    """Measure, and write the report."""

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    builds, servers, pages = build.collect(sizes, say, rounds), endpoint.collect(clients, say), browser.collect(say)
    checks = validation.collect(validated, say)
    slower = find_slower(compute_ratios(builds, servers, pages))
    goals = ", ".join(f"{kind} {goal:g} ×" for kind, goal in GOALS.items())
    text = f"""# Benchmarks

Written by `make bench`; no figure here is typed by hand. {describe_machine()}

A busy machine makes everything slower, so what to look at are the ratios: each is to something that was measured in the same run.

## Builds

Medians of up to {rounds} in seconds of processor time, of all processes together. The ratio is to the yardstick: what rdflib takes to
parse the dump in N-Triples. The clock shows what two cores save. The goals on the real data are: {goals}. So many roles are made up and
added to the real data (`tests/benchmarks/generate.py`).

{build.format_figures(builds)}
## Validation

Of all files of a project with made-up roles, by the clock, with all cores.

{validation.format_figures(checks)}
## The endpoint

Every question of the catalogue with its defaults, read whole, from each client. All servers hold the same statements, and run beside
the clients.

{endpoint.format_figures(servers)}
## The pages

In Chromium, opened from disk, in a fresh context.

{browser.format_figures(pages)}
## What has become slower

{chr(10).join(f"- {line}" for line in slower) if slower else "Nothing since the last release that was measured, or none was."}
"""
    REPORT_FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("roles", type=int, nargs="*", default=[0, 50])
    parser.add_argument("--rounds", type=int, default=build.ROUNDS)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--validated", type=int, nargs="+", default=list(validation.SIZES))
    given = parser.parse_args()
    main(tuple(given.roles), given.rounds, tuple(given.clients), tuple(given.validated))
