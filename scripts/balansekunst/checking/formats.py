"""Write a report as text, JSON, SARIF, GitHub annotations, Turtle or HTML."""

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from balansekunst import __version__
from balansekunst.checking.report import Finding, Report
from balansekunst.checking.rules import RDF_TYPE, SEVERITIES, SHACL, shacl
from balansekunst.load import STDIN, Term
from balansekunst.messages import LANGUAGES, catalogue, text
from balansekunst.project import BASE
from balansekunst.standalone import standalone

SARIF_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
GITHUB_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}
XSD_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


def shown(file: Path, root: Path) -> str:
    """Return a file's path as seen from `root`, with `/` between its parts."""
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def file_of(finding: Finding, root: Path, language: str) -> str:
    """Return the finding's file for people."""
    if finding.location is None:
        return text("report.no-file", language)
    return text("report.stdin", language) if finding.location.file == STDIN else shown(finding.location.file, root)


def address(finding: Finding, root: Path, language: str) -> str:
    """Return where a finding is: `file:line:column`, or `file#/path` in JSON-LD."""
    file, location = file_of(finding, root, language), finding.location
    if location is None:
        return file
    if location.place is not None:
        return f"{file}:{location.place.line}:{location.place.column}"
    return f"{file}#{location.pointer}" if location.pointer is not None else file


def as_text(report: Report, language: str, root: Path) -> str:
    """Return the report as text: grouped by file, each finding with what, where, why and how to mend, then a summary."""
    blocks = []
    for file, group in groupby(report.findings, key=lambda finding: file_of(finding, root, language)):
        blocks.append(file)
        for finding in group:
            heading = text(f"report.{finding.severity}", language)
            lines = [f"{address(finding, root, language)}: {heading} {finding.rule.id}: {finding.message[language]}"]
            lines.append(text("report.thing", language, label=finding.label[language] or finding.thing, iri=finding.thing))
            if finding.suggestion:
                lines.append(text("report.suggestion", language, iri=finding.suggestion))
            lines.append(text("report.why", language, why=finding.rule.why[language]))
            lines.append(text("report.mend", language, mend=finding.rule.mend[language]))
            lines.append(text("report.rule", language, iri=finding.rule.iri))
            blocks.append("\n".join(lines))
    blocks.append(summary(report, language))
    return "\n\n".join(blocks) + "\n"


def summary(report: Report, language: str) -> str:
    """Return how many findings there are by severity, and how many were not told."""
    counts = {severity: report.count(severity) for severity in SEVERITIES}
    lines = [text("report.conforms" if report.conforms else "report.fails", language, **counts)]
    if report.untold:
        lines.insert(0, text("report.untold", language, shown=len(report.findings), untold=report.untold))
    if report.stopped:
        lines.insert(0, text("report.stopped", language))
    return "\n".join(lines)


def as_json(report: Report, language: str, root: Path) -> str:
    """Return the report as JSON in both languages. `docs/report.schema.json` says what each part means."""
    document = {
        "version": __version__,
        "conforms": report.conforms,
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "untold": report.untold,
        "stopped": report.stopped,
        "findings": [finding_json(finding, root) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def finding_json(finding: Finding, root: Path) -> dict[str, Any]:
    """Return one finding as JSON."""
    location = finding.location
    place = location.place if location else None
    return {
        "rule": finding.rule.id,
        "page": finding.rule.iri,
        "severity": finding.severity,
        "file": shown(location.file, root) if location else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "pointer": location.pointer if location else None,
        "focus": term_json(finding.focus),
        "property": finding.path.value if isinstance(finding.path, NamedNode) else None,
        "value": term_json(finding.value),
        "label": finding.label,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "why": finding.rule.why,
        "mend": finding.rule.mend,
    }


def term_json(term: Term | None) -> dict[str, str] | None:
    """Return a term as the SPARQL 1.1 Query Results JSON Format writes one."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        tag = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **tag}
    return None


def as_sarif(report: Report, language: str, root: Path) -> str:
    """Return the report in SARIF 2.1.0, which code hosts show in the margin."""
    used = sorted({finding.rule.path: finding.rule for finding in report.findings}.items())
    index = {path: number for number, (path, _) in enumerate(used)}
    rules = [
        {
            "id": path,
            "shortDescription": {"text": rule.name[language]},
            "fullDescription": {"text": rule.why[language]},
            "help": {"text": rule.mend[language]},
            "helpUri": rule.iri,
            "defaultConfiguration": {"level": SARIF_LEVELS[rule.severity]},
        }
        for path, rule in used
    ]
    driver = {"name": "balansekunst", "version": __version__, "informationUri": BASE, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": language,
        "results": [sarif_result(finding, index, language, root) for finding in report.findings],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def sarif_result(finding: Finding, index: dict[str, int], language: str, root: Path) -> dict[str, Any]:
    """Return one finding as a SARIF result."""
    result: dict[str, Any] = {
        "ruleId": finding.rule.path,
        "ruleIndex": index[finding.rule.path],
        "level": SARIF_LEVELS[finding.severity],
        "message": {"text": advice(finding, language)},
    }
    if finding.location:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(shown(finding.location.file, root))}}
        if place := finding.location.place:
            physical["region"] = {"startLine": place.line, "startColumn": place.column}
        logical = {"fullyQualifiedName": finding.location.pointer or str(finding.thing).strip("<>")}
        result["locations"] = [{"physicalLocation": physical, "logicalLocations": [logical]}]
    return result


def advice(finding: Finding, language: str) -> str:
    """Return what is wrong, what was perhaps meant, and how to mend it, in a line."""
    near = [text("report.suggestion", language, iri=finding.suggestion).strip()] if finding.suggestion else []
    return " ".join([finding.message[language], *near, finding.rule.mend[language]])


def as_github(report: Report, language: str, root: Path) -> str:
    """Return the report as workflow commands, which GitHub shows as annotations."""
    lines = []
    for finding in report.findings:
        values: dict[str, object] = {}
        if finding.location:
            values["file"] = shown(finding.location.file, root)
            if place := finding.location.place:
                values |= {"line": place.line, "col": place.column}
        values["title"] = f"{finding.rule.id} {finding.rule.name[language]}"
        listed = ",".join(f"{key}={command_value(str(value), ':,')}" for key, value in values.items())
        lines.append(f"::{GITHUB_LEVELS[finding.severity]} {listed}::{command_value(advice(finding, language), '')}")
    return "\n".join([*lines, *summary(report, language).splitlines()]) + "\n"


def command_value(value: str, more: str) -> str:
    """Escape a value of a workflow command, and the characters of `more` with it."""
    for character in "%\r\n" + more:
        value = value.replace(character, f"%{ord(character):02X}")
    return value


def as_turtle(report: Report, language: str, root: Path) -> str:
    """Return the standard SHACL validation report."""
    top = BlankNode("report")
    triples = [
        Triple(top, RDF_TYPE, shacl("ValidationReport")),
        Triple(top, shacl("conforms"), Literal("false" if sum(report.counts.values()) else "true", datatype=XSD_BOOLEAN)),
    ]
    for number, finding in enumerate(report.findings, 1):
        result = BlankNode(f"result{number}")
        terms: list[tuple[str, Term | None]] = [
            ("focusNode", finding.focus),
            ("resultPath", finding.path),
            ("value", finding.value),
            ("sourceShape", NamedNode(finding.rule.iri)),
            ("sourceConstraintComponent", finding.component),
            ("resultSeverity", shacl(finding.severity.capitalize())),
            *(("resultMessage", Literal(finding.message[tag], language=tag)) for tag in LANGUAGES),
        ]
        triples += [t for t in finding.path_parts if t not in triples]
        triples += [Triple(top, shacl("result"), result), Triple(result, RDF_TYPE, shacl("ValidationResult"))]
        triples += [Triple(result, shacl(name), term) for name, term in terms if term is not None]
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes={"sh": SHACL})
    assert written is not None
    return written.decode()


def as_html(report: Report, language: str, root: Path) -> str:
    """Return the report as one page that needs nothing beside it."""
    by_file = groupby(report.findings, key=lambda finding: file_of(finding, root, language))
    return standalone(
        "report.html",
        t=catalogue(language),
        language=language,
        summary=summary(report, language).splitlines(),
        files=[(file, [(finding, address(finding, root, language)) for finding in group]) for file, group in by_file],
    )


FORMATS: dict[str, Callable[[Report, str, Path], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "turtle": as_turtle,
    "html": as_html,
}
"""What writes each format. Takes the report, the language, and the folder that paths are shown from."""
