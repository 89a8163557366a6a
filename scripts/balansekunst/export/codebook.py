"""The codebook: what each column of each published table holds, as a page and as CSV."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from balansekunst.export.csvw import ExportTable, expand_property, serialize_csv
from balansekunst.export.flat_tables import FlatTable
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.rdf.graph import Texts

_FILE_STEM = "codebook"
_HEADING_KEYS = ("codebook.table", "codebook.column", "codebook.heading", "codebook.type", "codebook.meaning")


Codebook = list[dict[str, Any]]
"""The published tables, as JSON: `id`, `files`, `title` and `description` by language, `rows`, and `columns` with `names` and `headings` by
language, `type`, `property`, the `table` that its values stand in, and whether a cell is a `list`."""


def build_codebook(flat: Iterable[FlatTable], tables: Iterable[ExportTable], languages: Iterable[str]) -> Codebook:
    """Return the published tables, those with names in place of addresses first."""
    return [*(_describe_flat_table(table, languages) for table in flat), *(_describe_table(table, languages) for table in tables)]


def _describe_flat_table(table: FlatTable, languages: Iterable[str]) -> dict[str, Any]:
    """Return a table for analysis, as the codebook has it."""
    columns = [
        _describe_column(
            {"nb": column.nb, "en": column.en},
            {"nb": column.nb, "en": column.en},
            column.type,
            column.link,
            expand_property(column.property),
        )
        for column in table.columns.values()
    ]
    return {
        "id": f"analysis-{table.id}",
        "files": {language: f"analysis/{table.id}.{language}.csv" for language in languages},
        "title": table.title,
        "description": table.description,
        "rows": len(table.answer.rows),
        "columns": columns,
    }


def _describe_table(table: ExportTable, languages: Iterable[str]) -> dict[str, Any]:
    """Return a table with addresses, as the codebook has it."""
    columns = [
        _describe_column({"nb": column.name, "en": column.name}, column.titles, column.type, column.is_link, column.property)
        | {"table": column.referenced_table, "list": column.is_list}
        for column in table.columns
    ]
    return {
        "id": table.id,
        "files": dict.fromkeys(languages, f"tables/{table.id}.csv"),
        "title": table.title,
        "description": table.description,
        "rows": len(table.rows),
        "columns": columns,
    }


def _describe_column(names: Texts, headings: Texts, type: str, is_link: bool, property: str | None) -> dict[str, Any]:
    """Return a column, as the codebook has it."""
    # The property of a column may depend on the row, and is then a template.
    known = property if property and "{" not in property else None
    return {"names": names, "headings": headings, "type": "anyURI" if is_link else type, "property": known, "table": None, "list": False}


def write_codebook(folder: Path, codebook: Codebook, definitions: Mapping[str, Texts], languages: Iterable[str]) -> dict[str, Texts]:
    """Write the codebook as CSV in each language to a folder, and return what each file holds, by its name.

    `definitions` has what each property of the vocabulary means, by its IRI.
    """
    titles: dict[str, Texts] = {}
    for language in languages:
        rows = []
        for table in codebook:
            for column in table["columns"]:
                meaning = definitions.get(column["property"] or "", {}).get(language, "")
                shown = (column[part][language] for part in ("names", "headings"))
                rows.append([table["files"][language], *shown, column["type"], meaning])
        name = f"{_FILE_STEM}.{language}.csv"
        (folder / name).write_bytes(serialize_csv([format_message(key, language) for key in _HEADING_KEYS], rows))
        titles[name] = {tag: format_message("file.codebook", tag) for tag in LANGUAGES}
    return titles
