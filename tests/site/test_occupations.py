"""Occupations near what somebody can: the page ranks them as the command does without the field, for each role of the dataset."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import NamedNode

from balansekunst.dataset import Dataset
from balansekunst.esco.answers import OccupationFinder
from balansekunst.esco.occupation_index import OCCUPATION_BASE, SKILL_BASE, build_occupation_index, read_occupation_index
from balansekunst.esco.occupation_table import BY_STANDARD, GROUPS_OF_EACH_MAJOR, NEAREST_GROUPS, read_near_occupations
from balansekunst.esco.ranking import (
    OCCUPATION_WEIGHTS,
    OccupationSpace,
    RankedOccupation,
    build_held_vector,
    find_held_skills,
    rank_occupations,
)
from balansekunst.esco.role_mappings import RESAMPLING, SkillMapping, read_all_skill_mappings, read_role_subjects
from balansekunst.esco.store import load_esco, open_esco
from balansekunst.messages import format_message
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.rdf.graph import find_label
from balansekunst.site.occupations import BANDS, NearOccupations, build_occupation_data
from helpers.browser import Visit, violations
from helpers.esco_download import download, occupation, real_download, skill

TESTS = Path(__file__).parents[1]
Subjects = Mapping[str, str]
"""The IRIs of competences and outcomes, with the competence that each belongs to."""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALANSEKUNST_ESCO_HOME", str(tmp_path / "home"))


def in_page(data: Mapping[str, Any], *each: Subjects) -> list[dict[str, Any]]:
    """What the page makes of the subjects of each."""
    given = json.dumps([["rankOccupations", [data, *each]]])
    done = subprocess.run(["node", str(TESTS / "js" / "run.mjs")], input=given, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    [found] = json.loads(done.stdout)
    return list(found)


def compare(page: dict[str, Any], space: OccupationSpace, subjects: Subjects, mappings: list[SkillMapping]) -> None:
    """Compare what the page makes of somebody's subjects with what the command does without the field."""
    scores = space.compare(build_held_vector(space, find_held_skills(space, subjects, mappings)))[0]
    assert page["scores"] == pytest.approx(scores.tolist(), abs=1e-6)
    assert page["order"] == np.argsort(-scores, kind="stable").tolist()
    nearest = rank_occupations(space, subjects, mappings, top=NEAREST_GROUPS).groups
    known = {group.isco for group in nearest}
    majors = {occupation.isco[0] for occupation in space.occupations}
    others = [group for code in majors for group in rank_occupations(space, subjects, mappings, isco=code, top=GROUPS_OF_EACH_MAJOR).groups]
    further = sorted((group for group in others if group.isco not in known), key=lambda group: group.best.rank)
    numbers = {occupation.uri: at for at, occupation in enumerate(space.occupations)}
    for one, group in zip(page["shown"], [*nearest, *further], strict=True):
        best = group.best
        assert (one["isco"], one["at"], one["place"]) == (group.isco, numbers[best.occupation.uri], best.rank)
        assert one["score"] == pytest.approx(best.skill_score, abs=1e-6)
        assert tuple(one["range"]) == best.band
        assert one.get("band") == next((band for band in BANDS if best.band[1] <= band), None)
        assert one["others"] == [numbers[concept.uri] for _, concept in group.others]
        compare_reasons(one, best, subjects)


def compare_reasons(page: dict[str, Any], best: RankedOccupation, subjects: Subjects) -> None:
    """Compare what the page says of an occupation with what the command says."""
    shares: dict[str, float] = {}
    for subject, value in best.sum_parts_by_subject().items():
        shares[subjects[subject] or subject] = shares.get(subjects[subject] or subject, 0) + value / best.skill_score
    assert dict(page["shares"]) == pytest.approx(shares, abs=1e-6)
    assert [share for _, share in page["shares"]] == sorted((share for _, share in page["shares"]), reverse=True)
    assert page["used"] == len({subjects[subject] for subject in best.used_subjects} - {""})
    assert len(page["notNamed"]) == len(best.other_skills)


@pytest.mark.slow
def test_the_page_ranks_a_made_up_esco_as_the_command_does(tmp_path: Path, project: Project) -> None:
    load_esco(download(tmp_path))
    p, q = "urn:p", "urn:q"
    mappings = [SkillMapping(p, skill("a"), "close"), SkillMapping(p, skill("c"), "narrow"), SkillMapping(q, skill("c"), "related")]
    with open_esco() as esco:
        space = OccupationSpace.from_esco(esco)
        index = build_occupation_index(space, {skill("a"), skill("c")}, esco)
    data = build_occupation_data(index, mappings, Dataset(project).store, {skill("a"): "den a"})
    everybody: list[Subjects] = [{p: p, q: p}, {q: ""}, {"urn:r": "urn:r"}]
    for subjects, found in zip(everybody, in_page(data, *everybody), strict=True):
        compare(found, space, subjects, mappings)
    [first] = in_page(data, {p: p})
    assert index.occupations[first["shown"][0]["at"]][0] == occupation("x").removeprefix(OCCUPATION_BASE)
    assert data["subjects"][p] == {"skills": [(1, "close"), (0, "narrow")]} and data["skillNames"] == {1: "den a"}


def list_roles(project: Project) -> dict[str, Subjects]:
    """The subjects of each role that has key competences, as far as they are mapped."""
    mapped = {mapping.subject for mapping in read_all_skill_mappings(project)[0]}
    roles = read_role_subjects(Dataset(project).store, project)
    return {
        role: {subject: competence for subject, competence in subjects.items() if subject in mapped}
        for role, subjects in roles.items()
        if any(subjects.values())
    }


@pytest.mark.slow
def test_the_page_ranks_each_role_as_the_command_does(project: Project) -> None:
    load_esco([real_download()], "v1.1.1")
    roles = list_roles(project)
    with open_esco() as esco:
        finder = OccupationFinder(Dataset(project), esco)
        codes = {role: [group.isco for group in finder.find(NamedNode(role), has_field=False).ranking.groups] for role in roles}
    found = in_page(read_data(project), *roles.values())
    for (role, subjects), page in zip(roles.items(), found, strict=True):
        compare(page, finder.space, subjects, finder.mappings)
        assert [one["isco"] for one in page["shown"]][: len(codes[role])] == codes[role]
    competences = [{subject: subject for subject, belongs in subjects.items() if subject == belongs} for subjects in roles.values()]
    for subjects, page in zip(competences, in_page(read_data(project), *competences), strict=True):
        compare(page, finder.space, subjects, finder.mappings)


def read_data(project: Project) -> dict[str, Any]:
    found = NearOccupations(Dataset(project).store, project).build_page_data()
    assert found
    return found


@pytest.mark.slow
def test_the_page_gives_the_scores_of_the_table(project: Project) -> None:
    """Without ESCO at hand: by the files that the project has."""
    roles = list_roles(project)
    found = dict(zip(roles, in_page(read_data(project), *roles.values()), strict=True))
    index = read_occupation_index(project.occupation_index_file)
    assert index
    rows = [row for row in read_near_occupations(project.near_occupations_file) if row.basis == BY_STANDARD]
    assert {row.role for row in rows} == roles.keys()
    scores = [found[row.role]["scores"][index.occupation_numbers[row.occupation]] for row in rows]
    assert scores == pytest.approx([row.skill_score for row in rows], abs=5.1e-4)


@pytest.mark.slow
def test_the_index_has_what_is_mapped_and_the_constants_of_the_command(project: Project) -> None:
    index = read_occupation_index(project.occupation_index_file)
    assert index and index.weights == asdict(OCCUPATION_WEIGHTS)
    assert index.resampling == json.loads(json.dumps(asdict(RESAMPLING)))
    mappings, _ = read_all_skill_mappings(project)
    documented = (project.root / "docs" / "research" / "occupations.md").read_text(encoding="utf-8")
    assert f"{len(index.unused_skills)} of the {len(index.above)} skills" in documented
    data = read_data(project)
    told = {(subject, SKILL_BASE + index.skills[n][0]) for subject, of in data["subjects"].items() for n, _ in of["skills"]}
    assert {(mapping.subject, mapping.skill) for mapping in mappings} == told
    statements = [of["statement"] for subject, of in data["subjects"].items() if "/outcome/" in subject]
    assert statements and all(statement.keys() == {"nb", "en"} for statement in statements)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_of_a_role_says_how_many_of_its_skills_no_occupation_has(site: Path, project: Project, language: str) -> None:
    index = read_occupation_index(project.occupation_index_file)
    assert index
    for role, subjects in list_roles(project).items():
        named = {mapping.skill for mapping in read_all_skill_mappings(project)[0] if mapping.subject in subjects}
        told = format_message("occupations.unused", language, number=len(named & index.unused_skills), of=len(named))
        page = site / ("" if language == "nb" else language) / "occupations" / f"{role.rpartition('/')[2]}.html"
        assert told in page.read_text(encoding="utf-8")


def data_name(project: Project, competence: str) -> str:
    """The Norwegian name of a competence."""
    return str(find_label(NamedNode(competence), "nb", Dataset(project).store))


def press(page: Page, key: str) -> None:
    page.get_by_role("button", name=format_message(key, "nb"), exact=True).click()


def go_to(page: Page, step: str) -> None:
    page.locator(".walk button", has_text=format_message(step, "nb")).click()


def test_from_ones_own_description_to_occupations(visit: Visit, site: Path, project: Project) -> None:
    data = read_data(project)
    role = f"{BASE}role/butikkmedarbeider"
    subjects = list_roles(project)[role]
    competences = {subject: subject for subject, competence in subjects.items() if subject == competence}
    outcome, competence = next((subject, of) for subject, of in subjects.items() if of and subject != of)
    words = data["subjects"][outcome]["statement"]["nb"]
    said = {subject: competence for subject, of in data["subjects"].items() if words in of.get("statement", {}).values()}
    expected, with_outcome = in_page(data, competences, {**competences, **said})
    page = visit(f"{site.as_uri()}/mine.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "scripts.mine.begin")
    go_to(page, "scripts.mine.step.choose")
    page.get_by_label(format_message("scripts.mine.by-role", "nb")).select_option("butikkmedarbeider")
    page.locator(".ticks input").first.wait_for()
    for box in page.locator(".ticks input").all():
        box.check()
    number = page.locator(".chosen li").count()
    go_to(page, "scripts.mine.step.occupations")
    assert not any("occupations-data" in url for url in asked), "loaded only when it is asked for"
    assert violations(page) == []
    press(page, "scripts.mine.occupations.show")
    links = page.locator("#things > li > h3 > a")
    links.first.wait_for()

    def list_shown() -> list[str | None]:
        return [link.get_attribute("href") for link in links.all()]

    def list_expected(found: dict[str, Any]) -> list[str]:
        return [OCCUPATION_BASE + data["index"]["occupations"][one["at"]][0] for one in found["shown"] if one["score"]]

    assert list_shown() == list_expected(expected)
    first = expected["shown"][0]
    item = page.locator("#things > li").first
    expect(item.locator(".tag")).to_have_text(format_message("scripts.occupations.band", "nb", number=first["band"]))
    expect(item).to_contain_text(format_message("scripts.occupations.used", "nb", used=first["used"], of=number))
    expect(item).to_contain_text(format_message("scripts.mine.occupations.not-named", "nb"))
    assert violations(page) == []
    page.locator("#level").select_option("level-4")
    levels = [4 in data["settings"]["skillLevels"][one["isco"]] for one in expected["shown"]]
    expect(page.locator("#things > li").filter(visible=True)).to_have_count(sum(levels))
    # An outcome of a role that is taken as it is counts by the skills that it is mapped to.
    page.evaluate("document.querySelector('#level').value = ''")
    go_to(page, "scripts.mine.step.review")
    name = page.locator(".review li").filter(has_text=data_name(project, competence))
    name.get_by_role("button").click()
    for _ in range(3):
        press(page, "scripts.mine.next")
    page.locator("#statement").fill(words)
    go_to(page, "scripts.mine.step.occupations")
    links.first.wait_for()
    assert list_shown() == list_expected(with_outcome)
