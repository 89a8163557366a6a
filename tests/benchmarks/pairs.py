"""How long all pairs of roles take, and how much memory: by sparse product, by DuckDB, by Spark and by SPARQL.

    python tests/benchmarks/pairs.py [--esco FOLDER] [--rounds N] [--only TASK] [--way WAY] [--spark MASTER]

prints a Markdown table. Each run is a process of its own, from Parquet to Parquet; the memory is its peak. A run is ended after `LIMIT`
seconds. ESCO's tables (`occupation_skill.tsv.gz`, `skill_skill.tsv.gz`) are read from FOLDER.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.mobility.matrix import PAIR_SCHEMA, compute_pair_batches
from balansekunst.mobility.tables import read_all, write_batches
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project

LIMIT = 300
TASKS: dict[str, tuple[str, str, int | None]] = {
    "esco": ("all ordered pairs of 3,008 ESCO occupations", "esco", None),
    "roles-100": ("100 roles, top 20 each", "roles-100", 20),
    "roles-500": ("500 roles, top 20 each", "roles-500", 20),
    "roles-5000": ("5,000 roles, top 20 each", "roles-5000", 20),
    "roles-50000": ("50,000 roles, top 20 each", "roles-50000", 20),
    "people": ("1,000,000 descriptions against 3,000 roles, top 10 each", "roles-3000", 10),
}
"""What is measured: what to call it, the targets, and how many targets for each source."""
WAYS: dict[str, tuple[str, ...]] = {
    "sparse": tuple(TASKS),
    "duckdb": ("esco", "roles-100", "roles-500", "roles-5000"),
    "spark": ("esco", "roles-5000"),
    "sparql": ("roles-100", "roles-500"),
}
"""Which tasks each way is tried on."""


def names(kind: str, numbers: np.ndarray) -> pa.Array:
    """Turn numbers into IRIs, each IRI stored once."""
    distinct = pa.array([f"{BASE}{kind}/{number:07d}" for number in range(int(numbers.max()) + 1)])
    return distinct.take(pa.array(numbers))


def made(holders: int, competences: int, kind: str, seed: int) -> pa.Table:
    """Made-up roles or descriptions, each with 10–15 competences by the long-tailed choice of `generate.py`: few are in many roles."""
    chance, wanted, draws = np.random.default_rng(seed), (10, 15), 60
    found = []
    for start in range(0, holders, 2**15):
        size = (min(2**15, holders - start), draws)
        drawn = np.minimum(chance.pareto(0.5, size).clip(max=2**31).astype(int), chance.integers(0, competences, size))
        order = np.argsort(drawn, axis=1, kind="stable")
        in_order = np.take_along_axis(drawn, order, 1)
        first = np.ones(size, bool)
        first[:, 1:] = in_order[:, 1:] != in_order[:, :-1]
        new = np.zeros(size, bool)
        np.put_along_axis(new, order, first, 1)
        row, column = np.nonzero(new & (np.cumsum(new, axis=1) <= chance.integers(wanted[0], wanted[1] + 1, (size[0], 1))))
        found.append((row + start, drawn[row, column]))
    holder, competence = (np.concatenate(part) for part in zip(*found, strict=True))
    dimension = pa.array(["d0", "d1", "d2"]).take(pa.array(competence % 3))
    return pa.table({"role": names(kind, holder), "competence": names("competence", competence), "dimension": dimension})


def made_neighbours(competences: int) -> pa.Table:
    """Made-up steps: about two for each competence."""
    ends = np.random.default_rng(0).integers(0, competences, (2, competences))
    return pa.table({"competence": names("competence", ends[0]), "neighbour": names("competence", ends[1])})


def esco(folder: Path) -> tuple[pa.Table, pa.Table]:
    """ESCO's occupations as roles, their skills (essential and optional) as competences, and skills that ESCO relates as neighbours."""
    options = pyarrow.csv.ParseOptions(delimiter="\t")
    tables = [pyarrow.csv.read_csv(folder / f"{name}.tsv.gz", parse_options=options) for name in ("occupation_skill", "skill_skill")]
    return tables[0].drop_columns("relation").rename_columns(["role", "competence"]), tables[1].drop_columns("relation").rename_columns(
        ["competence", "neighbour"]
    )


def by_sparse(sources: str, targets: str, neighbours: str, k: int | None, out: str) -> int:
    held, has, steps = read_all(sources, targets, neighbours)
    return write_batches(Path(out), compute_pair_batches(held, has, steps, k), PAIR_SCHEMA)


def by_duckdb(sources: str, targets: str, neighbours: str, k: int | None, out: str) -> int:
    import ibis

    from balansekunst.mobility.relational import build_expression

    connection = ibis.duckdb.connect(memory_limit="8GB", temp_directory=str(Path(out).parent))
    held, has, steps = (connection.read_parquet(place) for place in (sources, targets, neighbours))
    connection.to_parquet(build_expression(held, has, steps, k), out)
    return int(pq.read_metadata(out).num_rows)


def by_spark(sources: str, targets: str, neighbours: str, k: int | None, out: str) -> int:
    from balansekunst.mobility.relational import run_on_spark

    return run_on_spark(sys.argv[-1], sources, targets, neighbours, out, k)


def by_sparql(sources: str, targets: str, neighbours: str, k: int | None, out: str) -> int:
    """The question of the catalogue with the role left open, on a store that holds nothing else. It gives every pair."""
    store, label = Store(), NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    _, has, steps = read_all(sources, targets, neighbours)
    for predicate, table in ((f"{NAMESPACE}requiresCompetence", has), ("http://www.w3.org/2004/02/skos/core#related", steps)):
        ends = zip(table[0].to_pylist(), table[1].to_pylist(), strict=True)
        store.extend(Quad(NamedNode(a), NamedNode(predicate), NamedNode(b)) for a, b in ends)
    for role in has["role"].unique().to_pylist():
        store.extend(Quad(NamedNode(role), label, Literal(role, language=language)) for language in ("nb", "en"))
    return sum(1 for _ in store.query(Project.find(Path(__file__)).read_query("questions/mobility-from-role")))  # type: ignore[union-attr, misc]


def measured(way: str, task: str, folder: Path, master: str) -> tuple[float, float, int] | None:
    """Return seconds, peak memory in GB and rows of one run, or nothing where it did not end in time."""
    command = [sys.executable, __file__, "--run", way, task, str(folder), master]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True)
    except subprocess.TimeoutExpired:
        return None
    seconds, memory, rows = done.stdout.split()
    return float(seconds), float(memory), int(rows)


def run(way: str, task: str, folder: Path) -> None:
    """Do one run, in this process, and print what it took."""
    _, targets, k = TASKS[task]
    sources = "people" if task == "people" else targets
    neighbours = f"{targets}-neighbours"
    places = [str(folder / f"{name}.parquet") for name in (sources, targets, neighbours)]
    with TemporaryDirectory() as out:
        start = time.perf_counter()
        rows = globals()[f"by_{way}"](*places, k, str(Path(out) / "out.parquet"))
        seconds = time.perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, rows)


def prepare(folder: Path, task: str, from_esco: Path | None) -> bool:
    """Write the tables of a task. Return whether they could be had."""
    targets = TASKS[task][1]
    if task == "esco":
        if not from_esco:
            return False
        held, steps = esco(from_esco)
    else:
        roles = int(targets.rpartition("-")[2])
        held, steps = made(roles, max(60, roles // 2), "role", 1), made_neighbours(max(60, roles // 2))
        if task == "people":
            pq.write_table(made(1_000_000, roles // 2, "individual", 2), folder / "people.parquet")
    pq.write_table(held, folder / f"{targets}.parquet")
    pq.write_table(steps, folder / f"{targets}-neighbours.parquet")
    return True


def main() -> None:
    """Print a row for each task and way."""
    if sys.argv[1:2] == ["--run"]:
        return run(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--esco", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=TASKS)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--spark", default="")
    given = parser.parse_args()
    print("| what | way | seconds | peak GB | rows |\n|---|---|---|---|---|", flush=True)
    with TemporaryDirectory() as place:
        for task in [given.only] if given.only else TASKS:
            if not prepare(Path(place), task, given.esco):
                continue
            for way in (w for w, tasks in WAYS.items() if task in tasks and given.way in (None, w) and (w != "spark" or given.spark)):
                runs = []
                for _ in range(given.rounds):
                    runs.append(measured(way, task, Path(place), given.spark))
                    if runs[-1] is None:
                        break
                ended = [r for r in runs if r]
                told = (
                    f"{median(r[0] for r in ended):.1f} | {max(r[1] for r in ended):.2f} | {ended[0][2]:,}"
                    if all(runs)
                    else f"over {LIMIT} | |"
                )
                print(f"| {TASKS[task][0]} | {way} | {told} |", flush=True)


if __name__ == "__main__":
    main()
