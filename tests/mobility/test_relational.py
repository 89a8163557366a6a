"""The relational expression gives the same rows and the same scores as the sparse product: on DuckDB, and on a real Spark cluster."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from balansekunst.errors import UserError
from balansekunst.mobility.matrix import DEFAULT_MEASURE, MobilityMeasure, rank_targets
from balansekunst.mobility.relational import build_expression
from benchmarks.pairs import made, made_neighbours
from helpers.commands import run
from helpers.webservers import free_port

MEASURES = [
    DEFAULT_MEASURE,
    MobilityMeasure(weighted=True),
    MobilityMeasure(near=0),
    MobilityMeasure(near=0.3),
    MobilityMeasure(dimension="d1"),
]
BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
HOURGLASS = 90
"""Seconds that a cluster may take to start."""


@pytest.fixture(scope="module")
def given() -> dict[str, pa.Table]:
    """Roles, descriptions and neighbours, with many equal scores."""
    return {"roles": made(60, 30, "r", 1), "people": made(90, 30, "p", 2), "neighbours": made_neighbours(30)}


def plain(table: pa.Table) -> list[dict[str, object]]:
    """The rows in order, the scores to the last bit."""
    return sorted(table.to_pylist(), key=lambda row: (row["from"], -row["score"], row["to"]))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("k", [None, 1, 7])
@pytest.mark.parametrize("sources", ["roles", "people"])
def test_duckdb(given: dict[str, pa.Table], measure: MobilityMeasure, k: int | None, sources: str) -> None:
    connection = ibis.duckdb.connect()
    held, has, steps = (ibis.memtable(given[name]) for name in (sources, "roles", "neighbours"))
    found = connection.to_pyarrow(build_expression(held, has, steps, k, measure))
    expected = rank_targets(given[sources], given["roles"], given["neighbours"], k, measure)
    assert found.column_names == expected.column_names and len(found) > 0
    assert plain(found) == plain(expected)


def ends_with_parent() -> list[str]:
    """What makes a command end when this process does, even where this one is killed. Of util-linux; elsewhere nothing does."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


def java_version() -> int:
    """The main version of Java, 0 where there is none."""
    if not shutil.which("java"):
        return 0
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    return int(told.split('"')[1].split(".")[0]) if '"' in told else 0


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark cluster on this machine: a master and two workers, processes of their own, with room for two sessions."""
    if not find_spec("pyspark"):
        pytest.skip("pyspark is not installed: pip install --require-hashes -r requirements-spark.lock")
    if java_version() < 17:
        pytest.skip("Spark 4 needs Java 17 or newer")
    home = Path(find_spec("pyspark").submodule_search_locations[0])  # type: ignore[union-attr, index]
    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text(
        "spark.driver.host 127.0.0.1\nspark.driver.bindAddress 127.0.0.1\nspark.driver.memory 768m\nspark.executor.memory 512m\n"
        "spark.sql.shuffle.partitions 2\nspark.ui.enabled false\nspark.cores.max 2\n"
        # What runs for seconds is not worth compiling well.
        f"spark.driver.extraJavaOptions {BRIEF}\nspark.executor.extraJavaOptions {BRIEF}\nspark.sql.adaptive.enabled false\n"
        f"spark.sql.warehouse.dir {folder}/warehouse\nspark.local.dir {folder}/local\n",
        encoding="utf-8",
    )
    settings = {"SPARK_HOME": str(home), "SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
    settings["SPARK_DAEMON_JAVA_OPTS"] = BRIEF
    address, processes = f"spark://127.0.0.1:{free_port()}", list[subprocess.Popen[bytes]]()

    def start(name: str, *arguments: str) -> None:
        with (folder / f"{len(processes)}.log").open("wb") as log:
            started = [*ends_with_parent(), str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
            command = [*started, "--host", "127.0.0.1", "--webui-port", "0", *arguments]
            processes.append(subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log))

    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            start("master.Master", "--port", address.rpartition(":")[2])
            for _ in range(2):
                start("worker.Worker", "--cores", "2", "--memory", "1g", "--work-dir", str(folder / "work"), address)
            end = time.monotonic() + HOURGLASS
            while (folder / "0.log").read_text(encoding="utf-8").count("Registering worker") < 2:
                assert time.monotonic() < end and all(p.poll() is None for p in processes), (folder / "0.log").read_text(encoding="utf-8")
                time.sleep(0.2)
            yield address
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait(30)


@pytest.fixture(scope="module")
def files(given: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the tables lie."""
    folder = tmp_path_factory.mktemp("tables")
    for name, table in given.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: str(folder / f"{name}.parquet") for name in given}


@pytest.fixture(scope="module")
def session(spark: str) -> Iterator[str]:
    """The same address, with a session of this process open there: to begin one takes Spark longer than our tables do."""
    from pyspark.sql import SparkSession

    opened = SparkSession.builder.appName("tests").master(spark).config("spark.log.level", "OFF").getOrCreate()
    yield spark
    assert SparkSession.getActiveSession() is not None, "a session of the caller's is left open"
    opened.stop()


@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize(
    ("sources", "k", "measure"),
    [("roles", None, DEFAULT_MEASURE), ("people", 3, MobilityMeasure(weighted=True, near=0.3, dimension="d1"))],
)
def test_spark(
    session: str, given: dict[str, pa.Table], files: dict[str, str], tmp_path: Path, sources: str, k: int | None, measure: MobilityMeasure
) -> None:
    from balansekunst.mobility.relational import run_on_spark

    out = tmp_path / "out.parquet"
    at_hand = given["neighbours"] if k else files["neighbours"]  # a table may lie somewhere or be at hand
    rows = run_on_spark(session, files[sources], files["roles"], at_hand, str(out), k, measure)
    expected = rank_targets(given[sources], given["roles"], given["neighbours"], k, measure)
    assert rows == len(expected) > 0
    assert plain(pq.read_table(out)) == plain(expected)


@pytest.mark.xdist_group("spark")
def test_what_spark_meets_is_told(session: str, given: dict[str, pa.Table], files: dict[str, str], tmp_path: Path) -> None:
    from balansekunst.mobility.relational import run_on_spark

    pq.write_table(pa.table({"role": [1]}), tmp_path / "columns.parquet")
    (tmp_path / "there.parquet").mkdir()
    roles, neighbours = files["roles"], files["neighbours"]
    for sources, out, measure, keys in (
        ("columns.parquet", "out.parquet", DEFAULT_MEASURE, ["tables.columns", "tables.not-text"]),
        (roles, "there.parquet", DEFAULT_MEASURE, ["pairs.spark"]),
        (roles, "out.parquet", MobilityMeasure(dimension="nope"), ["tables.dimension"]),
        (roles, "out.csv", DEFAULT_MEASURE, ["tables.ending"]),
    ):
        with pytest.raises(UserError) as told:
            run_on_spark(session, str(tmp_path / sources), roles, neighbours, str(tmp_path / out), 1, measure)
        assert [key for key, _ in told.value.messages] == keys, told.value
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.xdist_group("spark")
def test_command_on_spark(spark: str, given: dict[str, pa.Table], files: dict[str, str], tmp_path: Path) -> None:
    tables = ["--from-table", files["people"], "--to-table", files["roles"], "--neighbours", files["neighbours"]]
    done = run("pairs", *tables, "--top", "2", "--spark", spark, "--out", "out.parquet", "--lang", "en", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Pairs: 180. Written to out.parquet.\n"), done.stderr
    assert plain(pq.read_table(tmp_path / "out.parquet")) == plain(rank_targets(given["people"], given["roles"], given["neighbours"], 2))
