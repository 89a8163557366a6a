"""What the form in the browser reads and writes workbooks by: their layout and texts, and what is described elsewhere."""

from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from balansekunst.checking.rules import RDF_TYPE, RDFS_LABEL, SKOS_LABEL
from balansekunst.load import graph_name, read
from balansekunst.messages import LANGUAGES, catalogue
from balansekunst.project import Project
from balansekunst.publication.rdf import PREFIXES
from balansekunst.writing.fill import DATATYPES, LONGEST
from balansekunst.writing.graph import CLASSES, DUTY, FOLDERS, FORMS
from balansekunst.writing.names import OTHER_LABELS
from balansekunst.writing.sheets import NONE, Column, Sheet, layout, term
from balansekunst.writing.write import STRICT

TEXTS = "workbook."
"""How the keys of the workbook's texts begin."""
LABELS = {SKOS_LABEL, RDFS_LABEL, *OTHER_LABELS}
WHOLE = {term("bk:Role"), *CLASSES.values()}
"""The classes of what one workbook may show and another file describe: all that columns hold is given of these."""


def workbook_data(project: Project) -> dict[str, Any]:
    """Return what a page needs to read and write workbooks as `balansekunst.writing` does.

    Returns:
        `sheets` and `lists` as `site/workbook.yaml` tells them, with titles, headings and notes by language; `texts` by language; how
        values are written; and `known`: by the slug of the standard whose file says it (empty for all other files), by thing and
        property, the values: an address, or a list of a text and its language or `^^` and datatype.
    """
    told = layout()
    return {
        "base": project.base,
        "scheme": project.scheme,
        "prefixes": PREFIXES,
        "none": NONE,
        "longest": LONGEST,
        "folders": FOLDERS,
        "forms": FORMS,
        "datatypes": {kind: datatype.value for kind, datatype in DATATYPES.items()},
        "strict": STRICT,
        "sheets": [sheet_of(sheet) for sheet in told.sheets],
        "lists": {
            name: {"classes": [c.value for c in listed.classes], "shown": [c.value for c in listed.shown], "new": listed.new}
            for name, listed in told.lists.items()
        },
        "texts": {
            language: {
                key.removeprefix(TEXTS): value
                for key, value in catalogue(language).items()
                if key.startswith(TEXTS) and not key.startswith(("workbook.heading.", "workbook.note."))
            }
            for language in LANGUAGES
        },
        "known": known(project),
    }


def sheet_of(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet with what it and its columns are called."""
    titles = {language: sheet.title(language) for language in LANGUAGES}
    return {"name": sheet.name, "form": sheet.form, "title": titles, "columns": [column_of(column, sheet) for column in sheet.columns]}


def column_of(column: Column, sheet: Sheet) -> dict[str, Any]:
    """Return a column with its headings and notes."""
    return {
        "name": column.name,
        "value": column.value,
        "thing": column.thing,
        "predicate": column.predicate.value if column.predicate is not None else None,
        "language": column.language,
        "of": column.of,
        "default": column.default,
        "many": column.many,
        "separator": column.separator,
        "heading": {language: sheet.heading(column, language) for language in LANGUAGES},
        "note": {language: sheet.note(column, language) for language in LANGUAGES},
    }


def known(project: Project) -> dict[str, dict[str, dict[str, list[str | list[str]]]]]:
    """Return what is described: the classes and names of all that can be linked to, and what columns hold of what they may show."""
    told, standards = layout(), project.root / "data" / "standards"
    files = {path: path.stem if path.parent == standards else "" for path in project.all_sources()}
    quads = {path: read(path, graph_name(path, project.root)) for path in files}
    kinds: dict[object, set[object]] = {}
    for quad in (quad for said in quads.values() for quad in said if quad.predicate == RDF_TYPE):
        kinds.setdefault(quad.subject, set()).add(quad.object)
    named = {kind for listed in told.lists.values() for kind in listed.classes} | WHOLE
    shown = {column.predicate for sheet in told.sheets for column in sheet.columns} | {DUTY}

    def wanted(quad: Quad) -> bool:
        of = kinds.get(quad.subject, set())
        return (
            isinstance(quad.subject, NamedNode)
            and not isinstance(quad.object, BlankNode)
            and (
                quad.predicate in (RDF_TYPE, term("bk:ofDimension"))
                or (quad.predicate in LABELS and bool(of & named))
                or (quad.predicate in shown and bool(of & WHOLE))
            )
        )

    found: dict[str, dict[str, dict[str, list[str | list[str]]]]] = {}
    for path, said in quads.items():
        for quad in filter(wanted, said):
            assert isinstance(quad.subject, NamedNode)
            about = found.setdefault(files[path], {}).setdefault(quad.subject.value, {})
            about.setdefault(quad.predicate.value, []).append(term_of(quad.object))
    return found


def term_of(value: object) -> str | list[str]:
    """Return an address, or a text with its language or datatype."""
    if isinstance(value, Literal):
        return [value.value, value.language or f"^^{value.datatype.value}"]
    assert isinstance(value, NamedNode)
    return value.value
