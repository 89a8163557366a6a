"""The scorecard is worked out from the files: what is not there does not pass, and each query finds the fault that it looks for."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.site.scorecard import (
    FAIL,
    OUTCOMES,
    PASS,
    CriterionResult,
    PublishedOutput,
    build_scorecard_document,
    count_outcomes,
    evaluate_criteria,
    format_scorecard,
    read_criteria,
    read_judges,
)

FAULTY = Path(__file__).with_name("faulty.ttl")


@pytest.fixture(scope="module")
def results(project: Project, site: Path) -> list[CriterionResult]:
    return evaluate_criteria(PublishedOutput(site, project))


@pytest.fixture(scope="module")
def faulty(project: Project, tmp_path_factory: pytest.TempPathFactory) -> PublishedOutput:
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "data").mkdir()
    shutil.copyfile(FAULTY, folder / "data" / "ontology.ttl")
    return PublishedOutput(folder, project)


def queries(project: Project, way: str) -> set[str]:
    return {c.check[way] for one in read_criteria(project) for c in one.criteria if way in c.check}


def test_criteria_are_whole(project: Project) -> None:
    for one in read_criteria(project):
        assert one.source.startswith("https://") and one.verification.keys() == one.name.keys() == {"nb", "en"}
        assert not [id for id, n in Counter(c.id for c in one.criteria).items() if n > 1], one.id
        for criterion in one.criteria:
            assert criterion.requirement.keys() == {"nb", "en"} and len(criterion.check) == 1, criterion.id
    assert [one.id for one in read_criteria(project)] == ["stars", "foops", "semic", "oops", "qskos", "dcat"]


def test_programs_of_others_are_told_with_the_version_that_the_tests_run(project: Project, results: list[CriterionResult]) -> None:
    """Only they say that something passes; the rest is our own reading, and says so."""
    for judge in read_judges(project):
        assert judge.version in (project.root / judge.pinned).read_text(encoding="utf-8"), judge.name
        assert (project.root / judge.test).is_file(), judge.name
        assert judge.judged.keys() == judge.result.keys() == {"nb", "en"}
        assert f"{judge.name} {judge.version}: " in format_scorecard(results, read_judges(project), "en")


def test_every_query_is_asked(project: Project) -> None:
    files = {path.stem for path in (project.root / "queries" / "scorecard").glob("*.rq")}
    assert files == queries(project, "none") | queries(project, "some")


def test_each_query_finds_the_fault_that_it_looks_for(project: Project, faulty: PublishedOutput) -> None:
    assert [query for query in sorted(queries(project, "none")) if not faulty.run_check_query(query)] == []


def test_an_output_with_every_fault_passes_nothing_by_query(project: Project, faulty: PublishedOutput) -> None:
    passed = {r.criterion.id for r in evaluate_criteria(faulty) if r.outcome == PASS}
    assert passed == {"RDF1", "distribution"}, "the vocabulary is there, and a distribution is"


def test_what_is_found_in_the_site_is_told_in_both_languages(project: Project, results: list[CriterionResult]) -> None:
    assert sum(count_outcomes(results).values()) == len(results) == sum(len(one.criteria) for one in read_criteria(project))
    assert {result.outcome for result in results} <= set(OUTCOMES)
    for language in ("nb", "en"):
        text = format_scorecard(results, read_judges(project), language)
        assert all(result.evidence[language] in text for result in results)
    assert len(build_scorecard_document(results, read_judges(project))["criteria"]) == len(results)


def test_no_example_is_without_a_name(results: list[CriterionResult]) -> None:
    """Blank nodes have another name each time."""
    assert [result.criterion.id for result in results if "_:" in result.evidence["nb"]] == []


def test_what_is_not_there_fails(project: Project, site: Path, tmp_path: Path, results: list[CriterionResult]) -> None:
    shutil.copytree(site / "data", tmp_path / "data")
    (tmp_path / "data" / "balansekunst.jsonld").unlink()
    poorer = {(r.set.id, r.criterion.id): r.outcome for r in evaluate_criteria(PublishedOutput(tmp_path, project))}
    assert poorer["stars", "2"] == poorer["semic", "PC-R4"] == FAIL
    assert {(r.set.id, r.criterion.id): r.outcome for r in results}["stars", "2"] == PASS


def test_nothing_built_is_told_in_a_sentence(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        PublishedOutput(tmp_path, project)
    assert "Nothing has been built here" in error.value.format_sentences("en")[0]


def test_page_shows_every_criterion(site: Path, results: list[CriterionResult]) -> None:
    html = (site / "en" / "scorecard.html").read_text(encoding="utf-8")
    assert len(re.findall("<tr><td", html)) == len(results) and html.count("<h1>") == 1


def test_dumps_of_any_size_are_read(project: Project, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump is larger than any file that people give: that of 500 roles has some 70 MB."""
    monkeypatch.setattr("balansekunst.rdf.parse._MAX_FILE_BYTES", 1000)
    assert len(PublishedOutput(site, project).store) > 40_000


def test_a_dump_that_cannot_be_read_gets_a_sentence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "catalogue.ttl").write_text("<a> <b>", encoding="utf-8")
    with pytest.raises(UserError) as error:
        assert PublishedOutput(tmp_path, project).store
    assert "Run balansekunst build again" in error.value.format_sentences("en")[0]
