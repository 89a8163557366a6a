"""Write a report as text, JSON, SARIF, GitHub annotations, Turtle or HTML."""

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from balansekunst.messages import LANGUAGES, format_message, load_messages
from balansekunst.namespaces import BASE, RDF_TYPE, SHACL, expand_shacl
from balansekunst.rdf.graph import Term, serialize_term_json
from balansekunst.rdf.parse import STDIN
from balansekunst.shacl.report import Finding, Report
from balansekunst.shacl.rules import SEVERITIES, SEVERITY_KEYS
from balansekunst.standalone_page import render_standalone_page
from balansekunst.version import __version__

_SARIF_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}
_XSD_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


def _format_path(file: Path, root: Path) -> str:
    """Return a file's path as seen from `root`, with `/` between its parts."""
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def _format_file(finding: Finding, root: Path, language: str) -> str:
    """Return the finding's file for people."""
    if finding.location is None:
        return format_message("report.no-file", language)
    return format_message("report.stdin", language) if finding.location.file == STDIN else _format_path(finding.location.file, root)


def _format_location(finding: Finding, root: Path, language: str) -> str:
    """Return where a finding is: `file:line:column`, or `file#/path` in JSON-LD."""
    file, location = _format_file(finding, root, language), finding.location
    if location is None:
        return file
    if location.position is not None:
        return f"{file}:{location.position.line}:{location.position.column}"
    return f"{file}#{location.pointer}" if location.pointer is not None else file


def format_report_text(report: Report, language: str, root: Path) -> str:
    """Return the report as text: grouped by file, each finding with what, where, why and how to fix it, then a summary."""
    blocks = []
    for file, group in groupby(report.findings, key=lambda finding: _format_file(finding, root, language)):
        blocks.append(file)
        for finding in group:
            heading = format_message(SEVERITY_KEYS[finding.severity], language)
            lines = [f"{_format_location(finding, root, language)}: {heading} {finding.rule.id}: {finding.message[language]}"]
            lines.append(
                format_message("report.resource", language, label=finding.label[language] or finding.resource, iri=finding.resource)
            )
            if finding.suggestion:
                lines.append(format_message("report.suggestion", language, iri=finding.suggestion))
            lines.append(format_message("report.rationale", language, rationale=finding.rule.rationale[language]))
            lines.append(format_message("report.remediation", language, remediation=finding.rule.remediation[language]))
            if finding.rule.turtle_remediation != finding.rule.remediation:
                lines.append(format_message("report.turtle-remediation", language, remediation=finding.rule.turtle_remediation[language]))
            lines.append(format_message("report.rule", language, iri=finding.rule.iri))
            blocks.append("\n".join(lines))
    blocks.append(_format_summary(report, language))
    return "\n\n".join(blocks) + "\n"


def _format_summary(report: Report, language: str) -> str:
    """Return how many findings there are by severity, and how many were omitted."""
    counts = {severity: report.count(severity) for severity in SEVERITIES}
    lines = [format_message("report.conforms" if report.conforms else "report.fails", language, **counts)]
    if report.omitted:
        lines.insert(0, format_message("report.omitted", language, shown=len(report.findings), omitted=report.omitted))
    if report.is_incomplete:
        lines.insert(0, format_message("report.incomplete", language))
    return "\n".join(lines)


def format_report_json(report: Report, language: str, root: Path) -> str:
    """Return the report as JSON in both languages. The schema is `docs/report.schema.json`."""
    document = {
        "version": __version__,
        "conforms": report.conforms,
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "omitted": report.omitted,
        "incomplete": report.is_incomplete,
        "findings": [_build_json_finding(finding, root) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _build_json_finding(finding: Finding, root: Path) -> dict[str, Any]:
    """Return one finding as JSON."""
    location = finding.location
    place = location.position if location else None
    return {
        "rule": finding.rule.id,
        "help_uri": finding.rule.iri,
        "severity": finding.severity,
        "file": _format_path(location.file, root) if location else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "pointer": location.pointer if location else None,
        "focus_node": serialize_term_json(finding.focus_node),
        "property": finding.path.value if isinstance(finding.path, NamedNode) else None,
        "value": serialize_term_json(finding.value),
        "label": finding.label,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "rationale": finding.rule.rationale,
        "remediation": finding.rule.remediation,
        "turtle_remediation": finding.rule.turtle_remediation,
    }


def format_report_sarif(report: Report, language: str, root: Path) -> str:
    """Return the report in SARIF 2.1.0, which code hosts show in the margin."""
    used = sorted({finding.rule.path: finding.rule for finding in report.findings}.items())
    index = {path: number for number, (path, _) in enumerate(used)}
    rules = [
        {
            "id": path,
            "shortDescription": {"text": rule.name[language]},
            "fullDescription": {"text": rule.rationale[language]},
            "help": {"text": "\n\n".join(dict.fromkeys([rule.remediation[language], rule.turtle_remediation[language]]))},
            "helpUri": rule.iri,
            "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
        }
        for path, rule in used
    ]
    driver = {"name": "balansekunst", "version": __version__, "informationUri": BASE, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": language,
        "results": [_build_sarif_result(finding, index, language, root) for finding in report.findings],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _build_sarif_result(finding: Finding, index: dict[str, int], language: str, root: Path) -> dict[str, Any]:
    """Return one finding as a SARIF result."""
    result: dict[str, Any] = {
        "ruleId": finding.rule.path,
        "ruleIndex": index[finding.rule.path],
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _format_advice(finding, language)},
    }
    if finding.location:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(_format_path(finding.location.file, root))}}
        if place := finding.location.position:
            physical["region"] = {"startLine": place.line, "startColumn": place.column}
        logical = {"fullyQualifiedName": finding.location.pointer or str(finding.resource).strip("<>")}
        result["locations"] = [{"physicalLocation": physical, "logicalLocations": [logical]}]
    return result


def _format_advice(finding: Finding, language: str) -> str:
    """Return what is wrong, what was perhaps meant, and how to fix it in Turtle, in a line: code hosts show it beside the file."""
    near = [format_message("report.suggestion", language, iri=finding.suggestion).strip()] if finding.suggestion else []
    return " ".join([finding.message[language], *near, finding.rule.turtle_remediation[language]])


def format_report_github(report: Report, language: str, root: Path) -> str:
    """Return the report as workflow commands, which GitHub shows as annotations."""
    lines = []
    for finding in report.findings:
        values: dict[str, object] = {}
        if finding.location:
            values["file"] = _format_path(finding.location.file, root)
            if place := finding.location.position:
                values |= {"line": place.line, "col": place.column}
        values["title"] = f"{finding.rule.id} {finding.rule.name[language]}"
        listed = ",".join(f"{key}={_escape_command_value(str(value), ':,')}" for key, value in values.items())
        lines.append(f"::{_GITHUB_LEVELS[finding.severity]} {listed}::{_escape_command_value(_format_advice(finding, language), '')}")
    return "\n".join([*lines, *_format_summary(report, language).splitlines()]) + "\n"


def _escape_command_value(value: str, more: str) -> str:
    """Escape a value of a workflow command, and the characters of `more` with it."""
    for character in "%\r\n" + more:
        value = value.replace(character, f"%{ord(character):02X}")
    return value


def format_report_turtle(report: Report, language: str, root: Path) -> str:
    """Return the standard SHACL validation report."""
    top = BlankNode("report")
    triples = [
        Triple(top, RDF_TYPE, expand_shacl("ValidationReport")),
        Triple(top, expand_shacl("conforms"), Literal("false" if sum(report.counts.values()) else "true", datatype=_XSD_BOOLEAN)),
    ]
    for number, finding in enumerate(report.findings, 1):
        result = BlankNode(f"result{number}")
        terms: list[tuple[str, Term | None]] = [
            ("focusNode", finding.focus_node),
            ("resultPath", finding.path),
            ("value", finding.value),
            ("sourceShape", NamedNode(finding.rule.iri)),
            ("sourceConstraintComponent", finding.constraint_component),
            ("resultSeverity", expand_shacl(finding.severity.capitalize())),
            *(("resultMessage", Literal(finding.message[tag], language=tag)) for tag in LANGUAGES),
        ]
        triples += [t for t in finding.path_triples if t not in triples]
        triples += [Triple(top, expand_shacl("result"), result), Triple(result, RDF_TYPE, expand_shacl("ValidationResult"))]
        triples += [Triple(result, expand_shacl(name), term) for name, term in terms if term is not None]
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes={"sh": SHACL})
    assert written is not None
    return written.decode()


def format_report_html(report: Report, language: str, root: Path) -> str:
    """Return the report as one self-contained page."""
    by_file = groupby(report.findings, key=lambda finding: _format_file(finding, root, language))
    return render_standalone_page(
        "report.html",
        t=load_messages(language),
        severity_keys=SEVERITY_KEYS,
        language=language,
        summary=_format_summary(report, language).splitlines(),
        files=[(file, [(finding, _format_location(finding, root, language)) for finding in group]) for file, group in by_file],
    )


REPORT_FORMATS: dict[str, Callable[[Report, str, Path], str]] = {
    "text": format_report_text,
    "json": format_report_json,
    "sarif": format_report_sarif,
    "github": format_report_github,
    "turtle": format_report_turtle,
    "html": format_report_html,
}
"""What writes each format. Takes the report, the language, and the folder that paths are shown from."""
