"""Mobility between all pairs as one relational expression (Ibis), for databases and clusters: the same rows and scores as `pairs.py`.

`expression` runs wherever Ibis does; it is tested on DuckDB and on Apache Spark. `run_on_spark` runs it on a cluster, whose workers read
and write Parquet themselves, so that neither tables nor answer need fit in one machine.
"""

from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend
from ibis.expr.types import Table

from balansekunst.errors import UserError
from balansekunst.mobility.matrix import DEFAULT_MEASURE, SCORE_STEPS, WEIGHT_UNIT, MobilityMeasure
from balansekunst.mobility.tables import (
    DIMENSION_COLUMN,
    NEIGHBOUR_COLUMNS,
    REQUIREMENT_COLUMNS,
    check_cells,
    filter_by_dimension,
    list_dimension_names,
    select_columns,
)


def build_expression(
    sources: Table,
    targets: Table,
    neighbours: Table,
    k: int | None = None,
    measure: MobilityMeasure = DEFAULT_MEASURE,
) -> Table:
    """Return the expression whose rows `pairs.top` gives, in any order. Takes the same, as tables of one backend of Ibis."""
    holds = sources.select("role", "competence").distinct()
    has = targets.select("role", "competence").distinct()
    weights = has.group_by("competence").agg(
        weight=(WEIGHT_UNIT // _.count()).cast("int64") if measure.weighted else ibis.literal(1, "int64")
    )
    if measure.dimension is not None:
        has = targets.filter(_.dimension.isin(list_dimension_names(measure.dimension))).select("role", "competence").distinct()
    has = has.join(weights, "competence")
    sums = has.group_by("role").agg(whole=_.weight.sum(), number=_.count())
    has = has.join(sums, "role").mutate(own=_round_to_units(_.weight.cast("float64") / _.whole.cast("float64") * float(WEIGHT_UNIT)))
    has = has.select(
        to=_.role, competence=_.competence, number=_.number, own=_.own, close=_round_to_units(_.own.cast("float64") * measure.near)
    )

    reach = holds.mutate(kind=ibis.literal(1, "int64"))
    if measure.near:
        other_way = neighbours.select(competence=_.neighbour, neighbour=_.competence)
        steps = neighbours.select("competence", "neighbour").union(other_way)
        close = holds.join(steps, "competence").select(role=_.role, competence=_.neighbour, kind=ibis.literal(0, "int64"))
        reach = reach.union(close)
    reach = reach.group_by("role", "competence").agg(kind=_.kind.max()).rename(**{"from": "role"})

    met = reach.join(has, "competence").filter(_["from"] != _.to)
    pairs = met.group_by("from", "to").agg(
        units=ibis.ifelse(_.kind == 1, _.own, _.close).sum(),
        shared=_.kind.sum(),
        met=_.count(),
        number=_.number.max(),
    )
    pairs = pairs.select(
        "from",
        "to",
        score=(_.units.cast("float64") / float(WEIGHT_UNIT) * float(SCORE_STEPS) + 0.5).floor().cast("float64") / float(SCORE_STEPS),
        shared=_.shared.cast("int32"),
        near=(_.met - _.shared).cast("int32"),
        new=(_.number - _.met).cast("int32"),
    )
    if k is None:
        return pairs
    place = ibis.row_number().over(group_by="from", order_by=[_.score.desc(), _.to.asc()])
    return pairs.mutate(place=place).filter(_.place < k).drop("place")


def _round_to_units(value: Any) -> Any:
    """Return a number rounded down to whole units."""
    return value.floor().cast("int64")


def run_on_spark(
    master: str,
    sources: pa.Table | str,
    targets: pa.Table | str,
    neighbours: pa.Table | str,
    out: str,
    k: int | None = None,
    measure: MobilityMeasure = DEFAULT_MEASURE,
) -> int:
    """Work out all pairs on a Spark cluster, and let its workers write them to a new folder of Parquet files, in no order.

    Returns the number of pairs.

    Args:
        master: the cluster's address, as `spark://host:7077`. All else about it is told in `spark-defaults.conf`. Where the caller has a
            session open, that one is used, and left open.
        sources: as for `pairs.top`, or where the Parquet lies, by a path or address that every worker can read.
        targets: the same.
        neighbours: the same.
        out: the folder, by a path or address that every worker can write.
        k: as for `pairs.top`.
        measure: the same.

    Raises:
        UserError: the cluster cannot be reached or stops, a table is not what it should be, or the folder is there already.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if not out.endswith(".parquet"):
        raise UserError(("tables.ending", {"file": out, "allowed": ".parquet"}))
    session, already = None, SparkSession.getActiveSession()
    try:
        # What goes wrong is told by us, not in the log of a Java machine.
        session = SparkSession.builder.appName("balansekunst").master(master).config("spark.log.level", "OFF").getOrCreate()
        connection = ibis.pyspark.connect(session)
        has = _open_table(connection, targets, REQUIREMENT_COLUMNS)
        if measure.dimension is not None:
            known = has.select(DIMENSION_COLUMN).distinct() if DIMENSION_COLUMN in has.columns else has.limit(0)
            filter_by_dimension(connection.to_pyarrow(known), measure.dimension)
        holds, steps = _open_table(connection, sources, REQUIREMENT_COLUMNS), _open_table(connection, neighbours, NEIGHBOUR_COLUMNS)
        found = build_expression(holds, has, steps, k, measure)
        connection.to_parquet_dir(found, out)
        return int(connection.to_pyarrow(connection.read_parquet(out).count()).as_py())
    except (PySparkException, Py4JError) as error:
        raise UserError(("pairs.spark", {"master": master, "reason": _get_error_reason(error)})) from None
    finally:
        if session is not None and already is None:
            session.stop()


def _open_table(connection: BaseBackend, given: pa.Table | str, wanted: tuple[str, ...]) -> Table:
    """Return a table as Spark sees it.

    Raises:
        UserError: it lacks rows or a column, a column is not text, or has empty cells.
    """
    if isinstance(given, pa.Table):
        return ibis.memtable(given)
    found = connection.read_parquet(given)
    found = found.select(select_columns(given, {name: kind.is_string() for name, kind in found.schema().items()}, wanted))
    full = connection.to_pyarrow(found.agg(rows=_.count(), **{name: _[name].count() for name in wanted})).to_pylist()[0]
    check_cells(given, full["rows"], {name: full["rows"] - full[name] for name in wanted})
    return found


def _get_error_reason(error: Exception) -> str:
    """Return what Spark says is wrong, in one line: the second where the first only says which call it came of."""
    lines = str(error).splitlines()
    return next((line.removeprefix(": ") for line in lines if line.startswith(": ")), lines[0])
