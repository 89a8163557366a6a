"""Find mappings to ESCO concepts that another release has retired, taken away or given another name or code."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from balansekunst.errors import Message, UserError
from balansekunst.esco.store import ESCO_BASE, Concept, ConceptKind, ConceptLabels, Esco
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.sssom import MappingSet, read_mapping_set

_PROBLEM_KEYS = {
    "missing": "esco-check.missing",
    "retired": "esco-check.retired",
    "label": "esco-check.label",
    "code": "esco-check.code",
}

_KINDS_BY_PATH: dict[str, ConceptKind] = {"skill": "skill", "occupation": "occupation"}
"""What is looked up, by the word in its address."""
_LABEL_COLUMNS = {"object_label": "en", "object_label_no": "no"}
"""The columns with ESCO's own labels, and ESCO's tag of their language."""
_CODE_COLUMNS: dict[str, Callable[[Concept], str]] = {"esco_code": lambda concept: concept.code, "isco08": lambda concept: concept.isco}
"""The columns with codes, and where ESCO has them."""


@dataclass(frozen=True)
class MappingFinding:
    """One thing that a mapping says and the release does not."""

    file: str
    """The table, from the project's folder."""
    line: int
    """Where the mapping stands in it, counted from 1."""
    problem: str
    """`missing`, `retired`, `label` or `code`."""
    subject: str
    """What is mapped, as the table writes it."""
    concept: str
    """The URI of the concept."""
    column: str
    """Where the table says it."""
    table_value: str
    """What the table says; the label, for what is missing or retired."""
    release_value: str
    """What the release says; the status, for what is retired, and empty for what is missing."""

    def describe(self, version: str, language: str) -> str:
        """Say what, where, why and how to mend."""
        slug = self.subject.partition(":")[2]
        return format_message(_PROBLEM_KEYS[self.problem], language, version=version, slug=slug, **asdict(self))


@dataclass(frozen=True)
class MappingCheck:
    """How the mapping tables stand to a release."""

    version: str
    """Of the release."""
    mapping_versions: dict[str, str]
    """The version that each table was made to, by its file."""
    mapping_count: int
    """How many were looked up."""
    skipped_languages: tuple[str, ...]
    """The languages whose labels could not be compared, by ESCO's tag."""
    findings: tuple[MappingFinding, ...]
    """By file and line."""


def check_mappings(project: Project, esco: Esco) -> MappingCheck:
    """Compare every mapping to an ESCO skill or occupation with a release.

    Raises:
        UserError: a table cannot be read, or the release has no list of what it maps to.
    """
    tables, problems = list[MappingSet](), list[Message]()
    for path in sorted(project.mappings.glob("*.sssom.tsv")):
        try:
            tables.append(read_mapping_set(path))
        except UserError as error:
            problems += error.messages
    if problems:
        raise UserError(*problems)
    concepts = {kind: {concept.uri: concept for concept in esco.list_concepts(kind)} for kind in _KINDS_BY_PATH.values()}
    languages = esco.list_languages()
    words = {
        (kind, tag): esco.find_labels(kind, tag) for kind in _KINDS_BY_PATH.values() for tag in _LABEL_COLUMNS.values() if tag in languages
    }
    retired, findings, mapped, looked, absent = esco.list_retired(), list[MappingFinding](), dict[str, str](), 0, set[ConceptKind]()
    columns = set[str]()
    for table in tables:
        file = table.path.relative_to(project.root).as_posix()
        for line, row in zip(table.lines, table.rows, strict=True):
            uri = table.expand_curie(row["object_id"])
            kind = _KINDS_BY_PATH.get(uri.removeprefix(ESCO_BASE).partition("/")[0]) if uri.startswith(ESCO_BASE) else None
            if kind is None:
                continue
            if not concepts[kind]:
                absent.add(kind)
                continue
            looked += 1
            mapped[file] = table.metadata.object_source_version
            columns.update(_LABEL_COLUMNS.keys() & row.keys())
            found = {tag: called for (of, tag), all_words in words.items() if of == kind and (called := all_words.get(uri))}
            for problem, column, said, other in _compare_row(row, concepts[kind].get(uri), found, retired.get(uri, "")):
                findings.append(MappingFinding(file, line, problem, row["subject_id"], uri, column, said, other))
    problems += [("esco-check.no-list", {"version": esco.version, "part": f"{kind}s"}) for kind in sorted(absent)]
    if problems:
        raise UserError(*problems)
    unread = tuple(sorted({_LABEL_COLUMNS[column] for column in columns} - set(languages)))
    return MappingCheck(esco.version, mapped, looked, unread, tuple(findings))


def _compare_row(
    row: dict[str, str], concept: Concept | None, words: dict[str, ConceptLabels], status: str
) -> list[tuple[str, str, str, str]]:
    """Return (problem, column, what the row says, what the release says) of each thing that a row says otherwise.

    Args:
        row: of a table.
        concept: what it maps to, where the release has it.
        words: what the release calls it by language; those in another language than asked for are passed over. Blanks count as one.
        status: why it is not in use; empty when it is.
    """
    if concept is None:
        return [("missing", "object_id", row["object_label"], "")]
    if status:
        return [("retired", "object_id", row["object_label"], status)]
    labels = [
        ("label", column, row[column], words[tag].label)
        for column, tag in _LABEL_COLUMNS.items()
        if row.get(column) and tag in words and words[tag].language == tag and words[tag].label.split() != row[column].split()
    ]
    codes = [("code", column, row[column], code(concept)) for column, code in _CODE_COLUMNS.items() if row.get(column) and code(concept)]
    return labels + [found for found in codes if found[2] != found[3]]


def _as_text(found: MappingCheck, language: str) -> str:
    """Return a sentence for each finding, then what was compared."""
    lines = [finding.describe(found.version, language) for finding in found.findings]
    lines += [
        format_message("esco-check.compared", language, file=file, mapped=mapped, version=found.version)
        for file, mapped in found.mapping_versions.items()
    ]
    lines += [format_message("esco-check.not-compared", language, tag=tag) for tag in found.skipped_languages]
    number = len({(finding.file, finding.line) for finding in found.findings})
    summary = format_message("esco-check.found" if number else "esco-check.none", language, number=number, of=found.mapping_count)
    return "\n".join([*lines, summary, format_message("esco.attribution", language)]) + "\n"


def _as_json(found: MappingCheck, language: str) -> str:
    """Return all of it, with the sentences."""
    document = {
        "attribution": format_message("esco.attribution", language),
        **asdict(found),
        "findings": [{**asdict(finding), "sentence": finding.describe(found.version, language)} for finding in found.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


MAPPING_CHECK_FORMATS: dict[str, Callable[[MappingCheck, str], str]] = {"text": _as_text, "json": _as_json}
"""What writes each format. Takes what was found and the language."""
