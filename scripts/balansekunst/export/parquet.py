"""Write tables as Parquet."""

import io
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq

from balansekunst.export.csvw import ExportTable

_ARROW_TYPES = {"boolean": pa.bool_(), "integer": pa.int64(), "decimal": pa.decimal128(18, 4)}
"""Types in Parquet of those in CSV that are not text."""


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
    typed = [
        pa.field(
            column.name,
            given.field(column.name).type if column.is_list else _ARROW_TYPES.get(column.type, pa.string()),
            metadata={f"title_{tag}": title for tag, title in column.titles.items()},
        )
        for column in table.columns
    ]
    return cells.cast(pa.schema(typed))
