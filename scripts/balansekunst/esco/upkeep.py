"""Find mappings to ESCO concepts that another release has retired, taken away or given another name or code."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from balansekunst.esco.store import BASE, Concept, Esco, Kind, Words
from balansekunst.load import Message
from balansekunst.mappings import MappingSet, read_mapping_set
from balansekunst.messages import UserError, text
from balansekunst.project import Project

KINDS: dict[str, Kind] = {"skill": "skill", "occupation": "occupation"}
"""What is looked up, by the word in its address."""
LABELS = {"object_label": "en", "object_label_no": "no"}
"""The columns with ESCO's own labels, and ESCO's tag of their language."""
CODES: dict[str, Callable[[Concept], str]] = {"esco_code": lambda concept: concept.code, "isco08": lambda concept: concept.isco}
"""The columns with codes, and where ESCO has them."""


@dataclass(frozen=True)
class Finding:
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
    said: str
    """What the table says; the label, for what is missing or retired."""
    found: str
    """What the release says; the status, for what is retired, and empty for what is missing."""

    def sentence(self, version: str, language: str) -> str:
        """Say what, where, why and how to mend."""
        slug = self.subject.partition(":")[2]
        return text(f"esco-check.{self.problem}", language, version=version, slug=slug, **asdict(self))


@dataclass(frozen=True)
class Upkeep:
    """How the mapping tables stand to a release."""

    version: str
    """Of the release."""
    mapped: dict[str, str]
    """The version that each table was made to, by its file."""
    mappings: int
    """How many were looked up."""
    unread: tuple[str, ...]
    """The languages whose labels could not be compared, by ESCO's tag."""
    findings: tuple[Finding, ...]
    """By file and line."""


def upkeep(project: Project, esco: Esco) -> Upkeep:
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
    concepts = {kind: {concept.uri: concept for concept in esco.concepts(kind)} for kind in KINDS.values()}
    languages = esco.languages()
    words = {(kind, tag): esco.words(kind, tag) for kind in KINDS.values() for tag in LABELS.values() if tag in languages}
    retired, findings, mapped, looked, absent = esco.retired(), list[Finding](), dict[str, str](), 0, set[Kind]()
    columns = set[str]()
    for table in tables:
        file = table.path.relative_to(project.root).as_posix()
        for line, row in enumerate(table.rows, table.first_line):
            uri = table.iri(row["object_id"])
            kind = KINDS.get(uri.removeprefix(BASE).partition("/")[0]) if uri.startswith(BASE) else None
            if kind is None:
                continue
            if not concepts[kind]:
                absent.add(kind)
                continue
            looked += 1
            mapped[file] = str(table.about.get("object_source_version", ""))
            columns.update(LABELS.keys() & row.keys())
            found = {tag: called for (of, tag), all_words in words.items() if of == kind and (called := all_words.get(uri))}
            for problem, column, said, other in differences(row, concepts[kind].get(uri), found, retired.get(uri, "")):
                findings.append(Finding(file, line, problem, row["subject_id"], uri, column, said, other))
    problems += [("esco-check.no-list", {"version": esco.version, "part": f"{kind}s"}) for kind in sorted(absent)]
    if problems:
        raise UserError(*problems)
    unread = tuple(sorted({LABELS[column] for column in columns} - set(languages)))
    return Upkeep(esco.version, mapped, looked, unread, tuple(findings))


def differences(row: dict[str, str], concept: Concept | None, words: dict[str, Words], status: str) -> list[tuple[str, str, str, str]]:
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
        for column, tag in LABELS.items()
        if row.get(column) and tag in words and words[tag].language == tag and words[tag].label.split() != row[column].split()
    ]
    codes = [("code", column, row[column], code(concept)) for column, code in CODES.items() if row.get(column) and code(concept)]
    return labels + [found for found in codes if found[2] != found[3]]


def as_text(found: Upkeep, language: str) -> str:
    """Return a sentence for each finding, then what was compared."""
    lines = [finding.sentence(found.version, language) for finding in found.findings]
    lines += [
        text("esco-check.compared", language, file=file, mapped=mapped, version=found.version) for file, mapped in found.mapped.items()
    ]
    lines += [text("esco-check.unread", language, tag=tag) for tag in found.unread]
    number = len({(finding.file, finding.line) for finding in found.findings})
    summary = text("esco-check.found" if number else "esco-check.none", language, number=number, of=found.mappings)
    return "\n".join([*lines, summary, text("esco.attribution", language)]) + "\n"


def as_json(found: Upkeep, language: str) -> str:
    """Return all of it, with the sentences."""
    document = {
        "attribution": text("esco.attribution", language),
        **asdict(found),
        "findings": [{**asdict(finding), "sentence": finding.sentence(found.version, language)} for finding in found.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


UPKEEP_FORMATS: dict[str, Callable[[Upkeep, str], str]] = {"text": as_text, "json": as_json}
"""What writes each format. Takes what was found and the language."""


def within(path: Path, folder: Path) -> bool:
    """Return whether a file would lie in a folder or below it."""
    return path.resolve().is_relative_to(folder.resolve())
