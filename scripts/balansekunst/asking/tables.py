"""Tables of roles and competences for whoever works on many at a time: from the graph, and from and to Parquet or CSV."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from pyoxigraph import Store

from balansekunst.asking.catalogue import ask_text
from balansekunst.load import Message
from balansekunst.messages import UserError
from balansekunst.project import BASE, Project

ROLE, COMPETENCE, DIMENSION, NEIGHBOUR = "role", "competence", "dimension", "neighbour"
REQUIREMENTS = (ROLE, COMPETENCE)
"""Columns of a table that says which key competences each role, or description, has. It may have `dimension` too."""
NEIGHBOURS = (COMPETENCE, NEIGHBOUR)
"""Columns of a table that says which competences are one step from each other."""
ROWS = 2**20
"""Rows to write at a time."""


def from_store(store: Store, project: Project) -> tuple[pa.Table, pa.Table]:
    """Return which key competences each role has (`role`, `competence`, `dimension`), and which competences are neighbours.

    Args:
        store: asserted and inferred data.
        project: has the queries that ask for them, `queries/tables/`.
    """
    return asked(store, project.query("tables/requirements")), asked(store, project.query("tables/neighbours"))


def asked(store: Store, query: str) -> pa.Table:
    """Return the answer to a query as a table of text, a column for each variable."""
    answer = ask_text(store, query)
    return pa.table({name: pa.array([getattr(row[name], "value", None) for row in answer.rows], pa.string()) for name in answer.variables})


def read_all(*given: pa.Table | str) -> list[pa.Table]:
    """Return tables of sources, targets and neighbours, read where the place is given.

    Raises:
        UserError: some cannot be read, or are not what they should be; all at once.
    """
    tables, faults = list[pa.Table](), list[Message]()
    for table, wanted in zip(given, (REQUIREMENTS, REQUIREMENTS, NEIGHBOURS), strict=True):
        try:
            tables.append(table if isinstance(table, pa.Table) else read(Path(table), wanted))
        except UserError as error:
            faults += error.messages
    if faults:
        raise UserError(*faults)
    return tables


def read(path: Path, wanted: tuple[str, ...]) -> pa.Table:
    """Return the columns `wanted`, and `dimension` where there is one, of a Parquet file or of a folder of them.

    Raises:
        UserError: it cannot be read, is not Parquet, or lacks a column; a column is not text, or has empty cells; all at once.
    """
    if not path.exists():
        raise UserError(("load.missing", {"file": path}))
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise UserError(("tables.parquet", {"file": path, "why": str(error).split("\n", 1)[0]})) from None
    columns = {field.name: is_text(field.type) for field in table.schema}
    names = used(path, columns, wanted)
    check_cells(path, len(table), {name: table[name].null_count for name in wanted})
    return table.select(names).cast(pa.schema([(name, pa.string()) for name in names]))


def used(file: object, columns: Mapping[str, bool], wanted: tuple[str, ...]) -> list[str]:
    """Return which columns of a table to use: those wanted, and `dimension` where there is one.

    Args:
        file: what to call the table in a message.
        columns: whether each of the table's columns is text.
        wanted: the columns it must have.

    Raises:
        UserError: it lacks some, or some are not text; all at once.
    """
    names = [*wanted, *([DIMENSION] if DIMENSION in columns else [])]
    missing = [name for name in wanted if name not in columns]
    faults: list[Message] = []
    if missing:
        faults.append(("tables.columns", {"file": file, "missing": ", ".join(missing), "known": ", ".join(columns)}))
    faults += [("tables.not-text", {"file": file, "column": name}) for name in names if not columns.get(name, True)]
    if faults:
        raise UserError(*faults)
    return names


def check_cells(file: object, rows: int, empty: Mapping[str, int]) -> None:
    """Refuse a table with no rows, or with empty cells where all must be filled in.

    Args:
        file: what to call the table in a message.
        rows: how many rows it has.
        empty: how many cells are empty in each column that must be filled in.

    Raises:
        UserError: so it is.
    """
    if not rows:
        raise UserError(("tables.no-rows", {"file": file}))
    faults: list[Message] = [("tables.empty-cells", {"file": file, "column": name, "number": n}) for name, n in empty.items() if n]
    if faults:
        raise UserError(*faults)


def is_text(kind: pa.DataType) -> bool:
    """Return whether a column of this type holds text."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def dimension_names(dimension: str) -> list[str]:
    """Return what a dimension may be called in a table: what the user wrote, or that as a slug of ours."""
    return [dimension, f"{BASE}dimension/{dimension}"]


def in_dimension(targets: pa.Table, dimension: str) -> pa.Table:
    """Return the rows of a table that are in a dimension.

    Raises:
        UserError: there are none.
    """
    known = targets[DIMENSION] if DIMENSION in targets.column_names else pa.chunked_array([], pa.string())
    found = targets.filter(pc.is_in(known, pa.array(dimension_names(dimension)))) if len(known) else known
    if not len(found):
        names = sorted(known.unique().drop_null().to_pylist())
        raise UserError(("tables.dimension", {"given": dimension, "known": ", ".join(names) or "-"}))
    return found


def write(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
    """Write batches as they come to a file beside `path`, and swap it in when all are there. Return the number of rows.

    Args:
        path: ends in `.parquet` or `.csv`.
        batches: what to write.
        schema: of each batch.

    Raises:
        UserError: the ending is another, or the file cannot be written.
    """
    if path.suffix not in WRITERS:
        raise UserError(("tables.ending", {"file": path, "known": ", ".join(WRITERS)}))
    beside, rows = path.with_name(f".{path.name}.new"), 0
    try:
        with WRITERS[path.suffix](beside, schema) as writer:
            for table in gathered(batches, schema):
                writer.write_table(table)
                rows += len(table)
        beside.replace(path)
    except (pa.ArrowException, OSError) as error:
        raise UserError(("build.write", {"folder": path, "why": getattr(error, "strerror", None) or str(error)})) from None
    finally:
        beside.unlink(missing_ok=True)
    return rows


def gathered(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the batches in tables of some `ROWS` rows, since each that is written has a cost of its own."""
    waiting, rows = list[pa.RecordBatch](), 0
    for batch in batches:
        waiting.append(batch)
        rows += len(batch)
        if rows >= ROWS:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows = [], 0
    yield pa.Table.from_batches(waiting, schema)


WRITERS: dict[str, Callable[[Path, pa.Schema], pq.ParquetWriter | pyarrow.csv.CSVWriter]] = {
    ".parquet": lambda path, schema: pq.ParquetWriter(path, schema, compression="zstd"),
    ".csv": lambda path, schema: pyarrow.csv.CSVWriter(path, schema),
}
"""What writes each format, by the ending of the file."""
