"""Tables of roles and competences for whoever works on many at a time: from the graph, and from and to Parquet or CSV."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from pyoxigraph import Store

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.replacement import replace_file
from balansekunst.sparql.catalogue import run_query

ROLE_COLUMN, COMPETENCE_COLUMN, DIMENSION_COLUMN, NEIGHBOUR_COLUMN = "role", "competence", "dimension", "neighbour"
REQUIREMENT_COLUMNS = (ROLE_COLUMN, COMPETENCE_COLUMN)
"""Columns of a table that says which key competences each role, or description, has. It may have `dimension` too."""
NEIGHBOUR_COLUMNS = (COMPETENCE_COLUMN, NEIGHBOUR_COLUMN)
"""Columns of a table that says which competences are one step from each other."""
ROWS_PER_WRITE = 2**20
"""Rows to write at a time."""


def from_store(store: Store, project: Project) -> tuple[pa.Table, pa.Table]:
    """Return which key competences each role has (`role`, `competence`, `dimension`), and which competences are neighbours.

    Args:
        store: asserted and inferred data.
        project: has the queries that ask for them, `queries/tables/`.
    """
    return _query_table(store, project.read_query("tables/requirements")), _query_table(store, project.read_query("tables/neighbours"))


def _query_table(store: Store, query: str) -> pa.Table:
    """Return the answer to a query as a table of text, a column for each variable."""
    answer = run_query(store, query)
    return pa.table({name: pa.array([getattr(row[name], "value", None) for row in answer.rows], pa.string()) for name in answer.variables})


def read_all(*given: pa.Table | str) -> list[pa.Table]:
    """Return tables of sources, targets and neighbours, read where the place is given.

    Raises:
        UserError: some cannot be read, or are not what they should be; all at once.
    """
    tables, faults = list[pa.Table](), list[Message]()
    for table, wanted in zip(given, (REQUIREMENT_COLUMNS, REQUIREMENT_COLUMNS, NEIGHBOUR_COLUMNS), strict=True):
        try:
            tables.append(table if isinstance(table, pa.Table) else read_parquet(Path(table), wanted))
        except UserError as error:
            faults += error.messages
    if faults:
        raise UserError(*faults)
    return tables


def read_parquet(path: Path, wanted: tuple[str, ...]) -> pa.Table:
    """Return the columns `wanted`, and `dimension` where there is one, of a Parquet file or of a folder of them.

    Raises:
        UserError: it cannot be read, is not Parquet, or lacks a column; a column is not text, or has empty cells; all at once.
    """
    if not path.exists():
        raise UserError(("load.missing", {"file": path}))
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise UserError(("tables.parquet", {"file": path, "reason": str(error).split("\n", 1)[0]})) from None
    columns = {field.name: _is_text(field.type) for field in table.schema}
    names = select_columns(path, columns, wanted)
    check_cells(path, len(table), {name: table[name].null_count for name in wanted})
    return table.select(names).cast(pa.schema([(name, pa.string()) for name in names]))


def select_columns(file: object, columns: Mapping[str, bool], wanted: tuple[str, ...]) -> list[str]:
    """Return which columns of a table to use: those wanted, and `dimension` where there is one.

    Args:
        file: what to call the table in a message.
        columns: whether each of the table's columns is text.
        wanted: the columns it must have.

    Raises:
        UserError: it lacks some, or some are not text; all at once.
    """
    names = [*wanted, *([DIMENSION_COLUMN] if DIMENSION_COLUMN in columns else [])]
    missing = [name for name in wanted if name not in columns]
    faults: list[Message] = []
    if missing:
        faults.append(("tables.columns", {"file": file, "missing": ", ".join(missing), "allowed": ", ".join(columns)}))
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


def _is_text(kind: pa.DataType) -> bool:
    """Return whether a column of this type holds text."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def list_dimension_names(dimension: str) -> list[str]:
    """Return what a dimension may be called in a table: what the user wrote, or that as a slug of ours."""
    return [dimension, f"{BASE}dimension/{dimension}"]


def filter_by_dimension(targets: pa.Table, dimension: str) -> pa.Table:
    """Return the rows of a table that are in a dimension.

    Raises:
        UserError: there are none.
    """
    known = targets[DIMENSION_COLUMN] if DIMENSION_COLUMN in targets.column_names else pa.chunked_array([], pa.string())
    found = targets.filter(pc.is_in(known, pa.array(list_dimension_names(dimension)))) if len(known) else known
    if not len(found):
        names = sorted(known.unique().drop_null().to_pylist())
        raise UserError(("tables.dimension", {"value": dimension, "allowed": ", ".join(names) or "-"}))
    return found


def write_batches(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
    """Write batches as they come to a file beside `path`, and swap it in when all are there. Return the number of rows.

    Args:
        path: ends in `.parquet` or `.csv`.
        batches: what to write.
        schema: of each batch.

    Raises:
        UserError: the ending is another, or the file cannot be written.
    """
    if path.suffix not in _WRITERS:
        raise UserError(("tables.ending", {"file": path, "allowed": ", ".join(_WRITERS)}))
    rows = 0
    try:
        with replace_file(path) as beside, _WRITERS[path.suffix](beside, schema) as writer:
            for table in _combine_batches(batches, schema):
                writer.write_table(table)
                rows += len(table)
    except (pa.ArrowException, OSError) as error:
        raise UserError(("build.write", {"folder": path, "reason": getattr(error, "strerror", None) or str(error)})) from None
    return rows


def _combine_batches(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the batches in tables of some `ROWS` rows, since each that is written has a cost of its own."""
    waiting, rows = list[pa.RecordBatch](), 0
    for batch in batches:
        waiting.append(batch)
        rows += len(batch)
        if rows >= ROWS_PER_WRITE:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows = [], 0
    yield pa.Table.from_batches(waiting, schema)


_WRITERS: dict[str, Callable[[Path, pa.Schema], pq.ParquetWriter | pyarrow.csv.CSVWriter]] = {
    ".parquet": lambda path, schema: pq.ParquetWriter(path, schema, compression="zstd"),
    ".csv": lambda path, schema: pyarrow.csv.CSVWriter(path, schema),
}
"""What writes each format, by the ending of the file."""
