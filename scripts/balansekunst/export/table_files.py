"""Write the tables as files: CSV with its metadata, and Parquet where pyarrow is installed."""

import json
from pathlib import Path

from balansekunst.export.csvw import CSVW_METADATA_FILE, ExportTable, build_csvw_metadata, serialize_csv_table
from balansekunst.extras import has_package


def write_export_tables(folder: Path, tables: list[ExportTable], dataset: str, licence: str) -> None:
    """Write each table of a dataset, given by its IRI and licence, as CSV with metadata, and as Parquet where pyarrow is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables:
        (folder / f"{table.id}.csv").write_bytes(serialize_csv_table(table))
    if has_package("pyarrow"):
        from balansekunst.export.parquet import write_parquet

        for table in tables:
            write_parquet(table, folder / f"{table.id}.parquet")
    metadata = json.dumps(build_csvw_metadata(tables, dataset, licence), ensure_ascii=False, indent=1) + "\n"
    (folder / CSVW_METADATA_FILE).write_text(metadata, encoding="utf-8", newline="\n")
