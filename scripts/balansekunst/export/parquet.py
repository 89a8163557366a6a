"""Write tables as Parquet."""

import io
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from balansekunst.export.csvw import ExportTable

_ARROW_TYPES = {"boolean": [pa.bool_()], "integer": [pa.int64(), pa.float64()], "decimal": [pa.decimal128(18, 4), pa.float64()]}
"""Types in Parquet of those in CSV that are not text: the first, and what a column gets that has a number too large or too fine for it."""


def write_parquet(table: ExportTable, path: Path) -> None:
    """Write a table."""
    pq.write_table(convert_to_arrow(table), path, compression="zstd")


def convert_to_arrow(table: ExportTable) -> pa.Table:
    """Return a table with its columns typed, lists as lists."""
    # By way of JSON, since Arrow loads pandas to look at Python's lists, which takes longer than all tables together.
    given = pa.schema([(column.name, pa.list_(pa.string()) if column.is_list else pa.string()) for column in table.columns])
    lines = b"".join(orjson.dumps({name: row[name] for name in given.names}, option=orjson.OPT_APPEND_NEWLINE) for row in table.rows)
    whole_text = pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    cells = pyarrow.json.read_json(io.BytesIO(lines), whole_text, pyarrow.json.ParseOptions(explicit_schema=given))
    arrays = [cells[c.name] if c.is_list else _convert_column(cells[c.name], _ARROW_TYPES.get(c.type, [])) for c in table.columns]
    fields = [
        pa.field(column.name, array.type, metadata={f"title_{tag}": title for tag, title in column.titles.items()})
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _convert_column(texts: pa.ChunkedArray, types: list[pa.DataType]) -> pa.ChunkedArray:
    """Return a column of the first type that holds all of it, or of text."""
    for kind in types:
        try:
            return texts.cast(kind)
        except pa.ArrowInvalid:
            continue
    return texts
