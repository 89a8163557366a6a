"""What the form in the browser reads and writes workbooks by: their layout and texts, and what is described elsewhere."""

from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from balansekunst.messages import LANGUAGES, load_messages
from balansekunst.namespaces import IN_DOCUMENT, IS_PART_OF, ORDER, PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_LABEL, expand_curie
from balansekunst.project import Project
from balansekunst.workbook.from_rdf import MAX_TEXT_CHARACTERS
from balansekunst.workbook.label_index import DEPRECATED, OTHER_LABEL_PROPERTIES
from balansekunst.workbook.layout import EMPTY_MARK, KEYWORDS, ROW_LISTS, STRICT_LISTS, Column, Layout, Sheet, load_layout
from balansekunst.workbook.set_ups import prepare_example_set_up
from balansekunst.workbook.to_rdf import HAS_DUTY, IRI_FOLDERS, NAMED_CLASSES, SHEET_CLASSES, VALUE_DATATYPES, VALUE_PATTERNS
from balansekunst.workbook.written_values import load_written_values

_TEXT_KEY_PREFIX = "workbook."
"""How the keys of the workbook's texts begin."""
_LABEL_PROPERTIES = {SKOS_LABEL, RDFS_LABEL, *OTHER_LABEL_PROPERTIES}
_FULL_CLASSES = {expand_curie("bk:Role"), *(SHEET_CLASSES[sheet] for sheet in ("duties", "outcomes", "sources"))}
"""The classes of what one workbook may show and another file describe: all that columns hold is given of these."""
_LISTED_CLASSES = {expand_curie("bk:Passage"), SHEET_CLASSES["outcomes"]}
"""The classes of what a workbook points to by its place: in a document, or in a list that standards share."""


def build_workbook_data(project: Project, name: str = "standard") -> dict[str, Any]:
    """Return what a page needs to read and write workbooks as `balansekunst.workbook` does.

    Args:
        project: whose data may be named.
        name: the kind of workbook: `standard` or `set-up`.

    Returns:
        `sheets` and `lists` as `site/workbook.yaml` tells them, with titles, headings and notes by language; `texts` by language; how
        values are written; and `known`: by the slug of the standard or set-up whose file says it (empty for all other files), by thing and
        property, the values: an address, or a list of a text and its language or `^^` and datatype.
    """
    told = load_layout(name)
    return {
        "name": name,
        "base": project.base,
        "scheme": project.scheme,
        "prefixes": PREFIXES,
        "none": EMPTY_MARK,
        "longest": MAX_TEXT_CHARACTERS,
        "guide": told.guide_prefix,
        "rows": {sheet.name: ROW_LISTS[sheet.name] for sheet in told.sheets if sheet.name in ROW_LISTS},
        "keywords": KEYWORDS,
        "named": {name: kind.value for name, kind in NAMED_CLASSES.items()},
        "folders": IRI_FOLDERS,
        "languages": project.languages,
        "forms": VALUE_PATTERNS,
        "written": load_written_values(),
        "datatypes": {kind: datatype.value for kind, datatype in VALUE_DATATYPES.items()},
        "strict": STRICT_LISTS,
        "sheets": [_build_sheet_data(sheet) for sheet in told.sheets],
        "lists": {
            name: {
                "classes": [c.value for c in listed.classes],
                "shown": [c.value for c in listed.visible_classes],
                "members": [member.value for member in listed.members],
                "new": listed.is_open,
            }
            for name, listed in told.lists.items()
        },
        "texts": {
            language: {
                key: value
                for key, value in load_messages(language).items()
                if key.startswith(_TEXT_KEY_PREFIX) and not key.startswith(("workbook.heading.", "workbook.note."))
            }
            for language in LANGUAGES
        },
        "known": _collect_known_values(project) if name == "standard" else _collect_listed_values(project, told),
    }


def build_set_up_data(project: Project) -> dict[str, Any]:
    """Return what the page for set-ups of cooperation needs: the workbook's layout, and the handbook's example by language."""
    examples = {language: prepare_example_set_up(project, language) for language in project.languages}
    return {"layout": build_workbook_data(project, "set-up"), "example": examples}


def build_group_data(project: Project) -> dict[str, Any]:
    """Return what the page for the gap of a group needs: the workbook's layout, and what competences are called."""
    return build_workbook_data(project, "group")


def _build_sheet_data(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet with what it and its columns are called."""
    titles = {language: sheet.format_title(language) for language in LANGUAGES}
    return {
        "name": sheet.name,
        "form": sheet.is_form,
        "title": titles,
        "columns": [_build_column_data(column, sheet) for column in sheet.columns],
    }


def _build_column_data(column: Column, sheet: Sheet) -> dict[str, Any]:
    """Return a column with its headings and notes."""
    return {
        "name": column.name,
        "value": column.value,
        "thing": column.subject,
        "predicate": column.predicate.value if column.predicate is not None else None,
        "language": column.language,
        "of": column.list_name,
        "default": column.default,
        "many": column.is_multiple,
        "separator": column.separator,
        "heading": {language: sheet.format_heading(column, language) for language in LANGUAGES},
        "headings": sheet.list_headings(column),
        "added": column.is_added,
        "folded": column.is_folded,
        "note": {language: sheet.format_note(column, language) for language in LANGUAGES},
    }


def _collect_known_values(project: Project) -> dict[str, dict[str, dict[str, list[str | list[str]]]]]:
    """Return what is described: the classes and names of all that can be linked to, and what columns hold of what they may show."""
    told, standards = load_layout(), project.standards
    files = {path: path.stem if path.parent == standards else "" for path in project.list_all_sources()}
    quads = {path: project.reader.parse_file(path) for path in files}
    kinds: dict[object, set[object]] = {}
    for quad in (quad for said in quads.values() for quad in said if quad.predicate == RDF_TYPE):
        kinds.setdefault(quad.subject, set()).add(quad.object)
    named = {kind for listed in told.lists.values() for kind in listed.classes} | _FULL_CLASSES
    shown = {column.predicate for sheet in told.sheets for column in sheet.columns} | {HAS_DUTY}

    def is_known_value(quad: Quad) -> bool:
        of = kinds.get(quad.subject, set())
        return (
            isinstance(quad.subject, NamedNode)
            and not isinstance(quad.object, BlankNode)
            and (
                quad.predicate in (RDF_TYPE, DEPRECATED, expand_curie("bk:ofDimension"))
                or (quad.predicate in _LABEL_PROPERTIES and bool(of & named))
                or (quad.predicate in shown and bool(of & _FULL_CLASSES))
                or (quad.predicate in (IS_PART_OF, IN_DOCUMENT, ORDER) and bool(of & _LISTED_CLASSES))
            )
        )

    found: dict[str, dict[str, dict[str, list[str | list[str]]]]] = {}
    for path, said in quads.items():
        for quad in filter(is_known_value, said):
            assert isinstance(quad.subject, NamedNode)
            about = found.setdefault(files[path], {}).setdefault(quad.subject.value, {})
            about.setdefault(quad.predicate.value, []).append(_convert_term(quad.object))
    return found


_ROLE_PROPERTIES = (expand_curie("bk:ofParty"), expand_curie("bk:broaderRole"), expand_curie("bk:standsInFor"))
"""What of a role the page counts and draws seats by."""


def _collect_listed_values(project: Project, layout: Layout) -> dict[str, dict[str, dict[str, list[str | list[str]]]]]:
    """Return the classes and names of all that the lists hold, and what roles say of their party."""
    named = {kind for listed in layout.lists.values() for kind in listed.classes}
    members = {member for listed in layout.lists.values() for member in listed.members}
    found: dict[str, dict[str, dict[str, list[str | list[str]]]]] = {}
    for path in project.list_all_sources():
        said = project.reader.parse_file(path)
        wanted = members | {quad.subject for quad in said if quad.predicate == RDF_TYPE and quad.object in named}
        own = found.setdefault(path.stem if path.parent == project.set_ups else "", {})
        for quad in said:
            if quad.subject in wanted and quad.predicate in (RDF_TYPE, DEPRECATED, *_LABEL_PROPERTIES, *_ROLE_PROPERTIES):
                assert isinstance(quad.subject, NamedNode)
                own.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(_convert_term(quad.object))
    return found


def _convert_term(value: object) -> str | list[str]:
    """Return an address, or a text with its language or datatype."""
    if isinstance(value, Literal):
        return [value.value, value.language or f"^^{value.datatype.value}"]
    assert isinstance(value, NamedNode)
    return value.value
