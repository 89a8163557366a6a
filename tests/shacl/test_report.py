"""What the report says: where, why and how to mend, in both languages and every format; ten breakages that each message mends."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from balansekunst.project import Project
from balansekunst.shacl.report import Finding, Report
from balansekunst.shacl.report_formats import (
    REPORT_FORMATS,
    format_report_github,
    format_report_html,
    format_report_json,
    format_report_sarif,
    format_report_text,
    format_report_turtle,
)
from balansekunst.shacl.validate import validate

STANDARD = "data/standards/tillitsvalgt.ttl"
BREAKAGES = {
    "misspelt property": ("bk:interviewCount 19", "bk:interviewCuont 19", "L3", "bk:interviewCuont", "ns#interviewCount"),
    "misspelt competence": (
        "bk:competence <competence/kritisk-blikk>",
        "bk:competence <competence/kritisk-blik>",
        "L1",
        "<competence/kritisk-blik>",
        "competence/kritisk-blikk",
    ),
    "English left out": (
        '"Rollebevissthet"@nb ,\n        "Role awareness"@en',
        '"Rollebevissthet"@nb',
        "L1",
        "<standard/tillitsvalgt/rollebevissthet>",
        "engelsk",
    ),
    "language left off": (
        '"Competence reference for union representatives"@en',
        '"Competence reference for union representatives"',
        "L1",
        "<standard/tillitsvalgt>",
        "engelsk",
    ),
    "wrong dimension": (
        "bk:inDimension <dimension/mennesker-teknologi> ;\n    bk:nkrDescriptor bk:Ferdighet",
        "bk:inDimension <dimension/mennesker-teknologi> , <dimension/fleksibilitet-rutiner> ;\n    bk:nkrDescriptor bk:Ferdighet",
        "M2",
        "<dimension/fleksibilitet-rutiner>",
        "dimensjon",
    ),
    "two positions": (
        "bk:atPosition <position/mellom-fleksibilitet-rutiner> ;\n    bk:rationale",
        "bk:atPosition <position/mellom-fleksibilitet-rutiner> , <position/rutiner> ;\n    bk:rationale",
        "M3",
        "<position/rutiner>",
        "plass",
    ),
    "a level": ("bk:nkrDescriptor bk:Ferdighet ;", "bk:nkrDescriptor bk:Ferdighet ;\n    bk:nqfLevel 6 ;", "N1", "6", "nivå"),
    "source dropped": (
        '"Honesty"@en ;\n    bk:order 1 ;\n    bk:statedIn '
        "<source/lo-2020/kompetansereferanse-og-balansemodellen/tillit-en-grunnpilar-for-de-tillitsvalgte> .",
        '"Honesty"@en ;\n    bk:order 1 .',
        "L2",
        "<standard/tillitsvalgt/trust-factor/aerlighet>",
        "kilde",
    ),
    "dates turned round": ('bk:interviewedTo "2019-11"', 'bk:interviewedTo "2019-09"', "P6", '"2019-09"', "intervju"),
    "outcome cut loose": (
        "bk:hasLearningOutcome <standard/tillitsvalgt/kommunikasjonsformer/outcome/1> ;",
        "",
        "P1",
        "<standard/tillitsvalgt/kommunikasjonsformer/outcome/1>",
        "hvilken kompetanse",
    ),
}


def broken(project: Project, folder: Path, old: str, new: str) -> tuple[Report, list[str]]:
    """The report on the standard with one text replaced, and its lines."""
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    assert old in text, old
    file = folder / "tillitsvalgt.ttl"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return validate(project, [file]), file.read_text(encoding="utf-8").split("\n")


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "rule", "token", "word"), BREAKAGES.values(), ids=BREAKAGES)
def test_each_breakage_is_told_at_its_place_with_the_way_to_mend(
    project: Project, tmp_path: Path, old: str, new: str, rule: str, token: str, word: str
) -> None:
    report, lines = broken(project, tmp_path, old, new)
    faults = [f for f in report.findings if f.severity == "violation"]
    assert rule in {f.rule.id for f in faults}
    finding = next(f for f in faults if f.rule.id == rule)
    assert finding.location and finding.location.position
    place = finding.location.position
    assert lines[place.line - 1][place.column - 1 :].startswith(token)
    told = format_report_text(Report([finding], report.counts), "nb", tmp_path)
    assert f"tillitsvalgt.ttl:{place.line}:{place.column}: FEIL {rule}: " in told
    assert word in told
    assert {f.rule.id for f in faults} <= {rule, "L3", "L11", "K4", "K5"}, [f.rule.id for f in faults]


@pytest.fixture(scope="module")
def example(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """A report with a fault, a warning and information."""
    folder = tmp_path_factory.mktemp("rapport, 100 %")
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    text = text.replace("bk:nkrDescriptor bk:Ferdighet", "bk:nkrDescriptor bk:Ferdigheter", 1).replace("bk:interviewCount 19 ;", "")
    (folder / "tillitsvalgt.ttl").write_text(text, encoding="utf-8")
    report = validate(project, [folder])
    assert [report.count(s) > 0 for s in ("violation", "warning", "info")] == [True] * 3
    return report, folder


def test_text_is_grouped_by_file_sorted_by_place_and_ends_with_a_summary(project: Project, example: tuple[Report, Path]) -> None:
    report, folder = example
    text = format_report_text(report, "nb", folder)
    assert text.startswith("tillitsvalgt.ttl\n\ntillitsvalgt.ttl:")
    lines = [int(n) for n in re.findall(r"^tillitsvalgt\.ttl:(\d+):\d+: ", text, re.MULTILINE)]
    assert lines == sorted(lines) and len(lines) == len(report.findings)
    assert text.endswith("Feil: 2. Advarsler: 1. Opplysninger: 3.\n")
    for finding in report.findings:
        assert finding.rule.iri in text and finding.rule.rationale["nb"] in text and finding.rule.remediation["nb"] in text
        assert str(finding.resource) in text and finding.label["nb"] in text
    assert "{" not in text
    english = format_report_text(report, "en", folder)
    assert "ERROR L3: The term Ferdigheter does not exist" in english
    assert "Did you mean https://w3id.org/balansekunst/ns#Ferdighet?" in english
    assert "Why: " in english and "How to fix it: " in english


def test_json_follows_its_schema_and_holds_every_finding(project: Project, example: tuple[Report, Path]) -> None:
    report, folder = example
    document = json.loads(format_report_json(report, "nb", folder))
    schema = json.loads((project.root / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert [(f["rule"], f["line"], f["column"]) for f in document["findings"]] == [placed(f) for f in report.findings]
    assert document["counts"] == {"violation": 2, "warning": 1, "info": 3}
    assert document["conforms"] is False
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "findings": [{"rule": "K4"}]}, schema)


def placed(finding: Finding) -> tuple[str, int | None, int | None]:
    place = finding.location.position if finding.location else None
    return finding.rule.id, place.line if place else None, place.column if place else None


def test_sarif_has_what_code_hosts_ask_for(example: tuple[Report, Path]) -> None:
    report, folder = example
    document = json.loads(format_report_sarif(report, "en", folder.parent))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] and rule["helpUri"] for rule in rules)
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule.path
        assert result["level"] in ("error", "warning", "note")
        [location] = result["locations"]
        assert re.fullmatch(r"rapport%2C%20100%20%25\d*/tillitsvalgt\.ttl", location["physicalLocation"]["artifactLocation"]["uri"])
        region = location["physicalLocation"]["region"]
        assert (finding.rule.id, region["startLine"], region["startColumn"]) == placed(finding)


def test_github_annotations_are_escaped(example: tuple[Report, Path]) -> None:
    report, folder = example
    lines = format_report_github(report, "nb", folder.parent).splitlines()
    assert len(lines) == len(report.findings) + 1
    for line in lines[:-1]:
        assert re.fullmatch(r"::(error|warning|notice) file=[^:,]+%2C 100 %25[^:,]*,line=\d+,col=\d+,title=[^:,]+::\S.*", line), line


def test_turtle_is_the_standard_report(project: Project, example: tuple[Report, Path]) -> None:
    report, folder = example
    graph = rdflib.Graph().parse(data=format_report_turtle(report, "nb", folder), format="turtle")
    [top] = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(top, SH.conforms) == rdflib.Literal(False)
    results = set(graph.objects(top, SH.result))
    assert len(results) == len(report.findings)
    for result in results:
        for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape):
            assert len(set(graph.objects(result, required))) == 1
        assert {m.language for m in graph.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal)} == {"nb", "en"}
    paths = set(graph.objects(None, SH.resultPath))
    assert paths


@pytest.mark.slow
def test_turtle_holds_a_path_of_several_properties(project: Project, tmp_path: Path) -> None:
    report, _ = broken(project, tmp_path, *BREAKAGES["a level"][:2])
    graph = rdflib.Graph().parse(data=format_report_turtle(report, "nb", tmp_path), format="turtle")
    [path] = set(graph.objects(graph.value(None, SH.sourceShape, rdflib.URIRef("https://w3id.org/balansekunst/rule/N1")), SH.resultPath))
    members = graph.value(path, SH.alternativePath)
    assert members and rdflib.URIRef("https://w3id.org/balansekunst/ns#nqfLevel") in graph.items(members)


def test_html_is_one_page_with_nothing_from_elsewhere(example: tuple[Report, Path]) -> None:
    report, folder = example
    for language in ("nb", "en"):
        page = format_report_html(report, language, folder)
        assert f'<html lang="{language}">' in page
        assert page.count("<article") == len(report.findings)
        assert not re.search(r"<(script|link|img)|@import|url\(", page)
        assert "Turtle" not in page
        for finding in report.findings:
            assert finding.rule.iri in page


def test_planted_markup_is_shown_as_text(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "<b>.ttl"
    file.write_text(
        "@base <https://w3id.org/balansekunst/> . @prefix bk: <https://w3id.org/balansekunst/ns#> .\n"
        '@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<role/a> a bk:Role ; skos:prefLabel "<script>alert(1)</script>"@nb .\n',
        encoding="utf-8",
    )
    page = format_report_html(validate(project, [file]), "nb", tmp_path)
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page and "<h2>&lt;b&gt;.ttl</h2>" in page


def test_a_report_without_findings_is_whole_in_every_format(project: Project) -> None:
    report = validate(project, [project.examples / "K4" / "conforming.ttl"])
    for write in REPORT_FORMATS.values():
        assert write(report, "nb", project.root)
    assert format_report_text(report, "nb", project.root) == "Ingen feil. Advarsler: 0. Opplysninger: 0.\n"


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(project: Project, example: tuple[Report, Path]) -> None:
    report, folder = example
    again = validate(project, [folder])
    for write in REPORT_FORMATS.values():
        assert write(again, "nb", folder) == write(report, "nb", folder)
