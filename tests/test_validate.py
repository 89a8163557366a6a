"""The report: what it finds in the real data, what it says, and that only what was given is spoken of."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from balansekunst.load import load
from balansekunst.project import Project
from balansekunst.validate import Finding, Report, check, validate
from engines import reference

STANDARD = "data/standards/folkehogskolelaerer.ttl"


@pytest.fixture(scope="module")
def report(project: Project) -> Report:
    return validate(project)


def changed(project: Project, tmp_path: Path, old: str, new: str) -> Report:
    """The report on a copy of a standard with one text replaced."""
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / "kopi.ttl"
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return validate(project, [copy])


def test_both_engines_report_the_same_on_the_real_data(project: Project, asserted: Store, report: Report) -> None:
    judged = check(asserted, load(project.shapes(), project.root), {}, reference)
    assert [told(f) for f in judged.findings] == [told(f) for f in report.findings]


def told(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.severity, str(finding.focus), str(finding.value)


def test_a_changed_copy_takes_the_place_of_the_original(project: Project, tmp_path: Path) -> None:
    report = changed(project, tmp_path, "bk:rawCompetenceCount 270", "bk:rawCompetenceCount 7")
    assert [(f.rule, f.severity) for f in report.findings if f.severity != "info"] == [("P12", "warning")]
    assert {report.file(f) for f in report.findings} == {tmp_path / "kopi.ttl"}


def test_a_file_that_describes_one_known_competence_again_leaves_the_others(project: Project, tmp_path: Path) -> None:
    text = (project.root / "tests" / "shapes" / "K4" / "conforming.ttl").read_text(encoding="utf-8")
    again = text.replace("<competence/brenning>", "<competence/veiledning>").replace("<competence/smaking>", "<competence/etikk>")
    copy = tmp_path / "ny.ttl"
    copy.write_text(again.replace("<competence/etikk> a bk:Competence", "<competence/ekstra> a bk:Competence"), encoding="utf-8")
    assert [f.rule for f in validate(project, [copy]).findings] == []


def test_unknown_term_names_the_nearest(project: Project, tmp_path: Path) -> None:
    report = changed(project, tmp_path, "bk:rawCompetenceCount", "bk:rawCompetenceConut")
    text = report.text("en")
    assert "The term rawCompetenceConut does not exist" in text
    assert "Did you mean https://w3id.org/balansekunst/ns#rawCompetenceCount?" in text
    assert not report.conforms


def test_unknown_competence_names_the_nearest(project: Project, tmp_path: Path) -> None:
    report = changed(project, tmp_path, "<competence/kreativitet>", "<competence/kreativtet>")
    assert "Mente du https://w3id.org/balansekunst/competence/kreativitet?" in report.text("nb")


def test_report_tells_what_where_why_and_how_to_mend_in_both_languages(project: Project, tmp_path: Path) -> None:
    report = changed(project, tmp_path, 'dcterms:issued "2020"^^xsd:gYear ;', "")
    norwegian, english = report.text("nb", tmp_path), report.text("en", tmp_path)
    assert "FEIL C4: «Kompetansestandard for" in norwegian
    assert "Hvor: kopi.ttl, <https://w3id.org/balansekunst/standard/folkehogskolelaerer>" in norwegian
    assert "Hvorfor: Arbeidslivet endrer seg" in norwegian
    assert "Slik rettes det: Oppgi dcterms:issued" in norwegian
    assert "FAULT C4: “Competence standard for" in english
    assert "How to mend: Give dcterms:issued" in english
    assert "{" not in norwegian + english


def test_a_new_standard_is_one_file_and_nothing_else(project: Project) -> None:
    assert validate(project, [project.root / "tests" / "shapes" / "K4" / "conforming.ttl"]).findings == []
