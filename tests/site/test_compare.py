"""The chooser: two to four roles beside each other."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import Store

from balansekunst.dataset import Dataset
from balansekunst.messages import format_message
from balansekunst.mobility.paths import MobilityOptions, compute_all_mobility_paths
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.sparql.catalogue import load_questions, run_question, to_plain_text
from helpers.browser import Visit, violations
from helpers.commands import run
from helpers.page_functions import call_page_functions


def headings(page: Page) -> list[str]:
    page.wait_for_selector("#results section")
    return page.locator("#results h2").all_inner_texts()


def test_three_roles(visit: Visit, place: str, project: Project, inferred: Store) -> None:
    page = visit(f"{place}compare.html?roles=butikksjef,avdelingsleder-sykehjem,folkehogskolelaerer")
    found = headings(page)
    # The mobility paths, the profiles, then all, pairs and each alone, without those that have nothing.
    assert len(found) > 4 and [heading for heading in found if heading.endswith("(0)") or "(0 like, 0 n" in heading] == []
    rows = run_question(inferred, load_questions(project)["same-competence"]).rows
    wanted = {"role/butikksjef", "role/avdelingsleder-sykehjem", "role/folkehogskolelaerer"}
    names = {to_plain_text(row["competence_nb"]) for row in rows if to_plain_text(row["role"]) in wanted}
    shown = page.locator("#results tbody th a").all_inner_texts()
    assert sorted(shown) == sorted(names), "each competence stands in one row"
    near = page.locator("#results tr").filter(has_text="nære hverandre").filter(has_text="Teambygging")
    expect(near).to_contain_text("Kulturbygging")
    assert violations(page) == []


def test_what_each_role_says_stands_side_by_side(visit: Visit, place: str) -> None:
    page = visit(f"{place}en/compare.html?roles=butikksjef,avdelingsleder-sykehjem")
    row = page.locator("#results tbody tr", has=page.get_by_role("rowheader", name="Guidance", exact=True))
    expect(row.locator("td")).to_have_count(2)
    for cell in row.locator("td").all():
        expect(cell.locator("a")).to_be_visible()
        expect(cell.locator(".outcome").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("not a verdict")
    assert violations(page) == []


def test_choosing_is_kept_in_the_address(visit: Visit, place: str, site: Path) -> None:
    page = visit(f"{place}compare.html")
    page.wait_for_selector("#results section")
    page.select_option("#role-1", "tillitsvalgt")
    page.select_option("#role-2", "folkehogskolelaerer")
    page.select_option("#role-3", "butikksjef")
    assert page.url.endswith("compare.html?roles=tillitsvalgt,folkehogskolelaerer,butikksjef")
    expect(page.locator("#role-1 option[value=butikksjef]")).to_be_disabled()
    page.reload()
    page.wait_for_selector("#results section")
    expect(page.locator("#role-3")).to_have_value("butikksjef")
    links = page.locator("#results a").evaluate_all("(links) => links.map((link) => link.href)")
    root = page.url.split("compare.html")[0]
    assert any("/mobility/tillitsvalgt/butikksjef.html" in link for link in links)
    assert [link for link in links if not (site / link.removeprefix(root)).is_file()] == []
    page.select_option("#role-3", "")
    page.select_option("#role-2", "")
    expect(page.locator("#count")).to_contain_text("Velg minst to")


def test_a_mobility_path_leads_to_the_comparison_of_its_roles(visit: Visit, place: str) -> None:
    page = visit(f"{place}mobility/butikkmedarbeider/butikksjef.html")
    page.get_by_role("link", name="Sammenlign med en tredje rolle").click()
    expect(page.locator("#role-1")).to_have_value("butikkmedarbeider")
    expect(page.locator("#role-2")).to_have_value("butikksjef")


@pytest.mark.parametrize("roles", ["nobody", "butikksjef,butikksjef", "butikksjef,<b>,tillitsvalgt,ansatt"])
def test_an_address_that_names_no_roles_is_no_harm(visit: Visit, site: Path, roles: str) -> None:
    page = visit(f"{site.as_uri()}/compare.html?roles={roles}")
    expect(page.locator("#compare-form")).to_be_visible()
    expect(page.locator("#count")).not_to_be_empty()


def read_roles(site: Path, language: str) -> Any:
    script = (site / "assets" / f"compare-data.{language}.js").read_text(encoding="utf-8")
    return json.loads(script.partition("JSON.parse('")[2].rpartition("')")[0].replace("\\\\", "\\").replace("\\'", "'"))


@pytest.mark.parametrize("number", [0, 1, 200])
def test_a_site_may_have_no_role_or_one_or_hundreds(visit: Visit, served: str, site: Path, number: int) -> None:
    roles = list(read_roles(site, "nb").values())
    several = {f"role-{at}": {**roles[at % len(roles)], "name": f"Rolle {at}"} for at in range(number)}
    written = f"(globalThis.balansekunst??={{}}).compare={json.dumps(several)};"
    page = visit(f"{served}compare.html")
    page.route("**/compare-data.nb.js", lambda route: route.fulfill(body=written, content_type="text/javascript"))
    page.reload()
    expect(page.locator("#role-1 option")).to_have_count(number + 1)
    expect(page.locator("#count")).to_contain_text("Velg minst to" if number < 2 else "nøkkelkompetanser")
    assert violations(page) == []


def test_without_scripts_every_pair_is_there(visit: Visit, place: str, site: Path) -> None:
    page = visit(f"{place}compare.html", javascript=False)
    expect(page.locator("#compare-form")).to_be_hidden()
    links = page.locator("main ul a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert len(links) >= 20
    assert [link for link in links if not (site / link).is_file()] == []


@pytest.mark.slow
def test_command_python_question_path_page_and_comparison_count_alike(site: Path, inferred: Store, project: Project) -> None:
    roles = read_roles(site, "en")
    rows = run_question(inferred, load_questions(project)["mobility-from-role"]).rows
    answers = {(to_plain_text(row["from"]), to_plain_text(row["to"])): row for row in rows}
    paths = list(compute_all_mobility_paths(inferred, project, MobilityOptions()))
    assert len(paths) == len(answers) == 20
    pairs = [[role.value.removeprefix(f"{BASE}role/") for role in (path.source, path.target)] for path in paths]
    counted = call_page_functions(*(("countCarriedOver", [*pair, roles]) for pair in pairs))
    groups = call_page_functions(*(("compareRoles", [pair, roles]) for pair in pairs))
    for path, (source, target), shown, grouped in zip(paths, pairs, counted, groups, strict=True):
        counts = {kind: path.count_competences(kind) for kind in ("shared", "near", "new")}
        number = path.count_all_competences()
        row = answers[f"role/{source}", f"role/{target}"]
        assert {name: int(to_plain_text(row[name])) for name in ("shared", "near", "new", "asked")} == {**counts, "asked": number}
        assert float(to_plain_text(row["score"])) == pytest.approx(path.score, abs=1e-6)
        assert shown == {"shared": counts["shared"], "near": counts["near"], "number": number}
        near = {(BASE + own, BASE + one) for group in grouped for row in group["rows"] for own, one in combinations(row["competences"], 2)}
        paired = {(to_plain_text(row["own"]), to_plain_text(row["competence"])) for row in path.select_rows("near")}
        assert {frozenset(pair) for pair in near} == {frozenset(BASE + iri.removeprefix(BASE) for iri in pair) for pair in paired}
        page = (site / "en" / "mobility" / source / f"{target}.html").read_text(encoding="utf-8")
        assert format_message("mobility-paths.counts", "en", **counts) in page
    document = json.loads(run("mobility", "butikkmedarbeider", "butikksjef", "--format", "json", cwd=project.root).stdout)
    again = Dataset(project).compute_mobility_path("butikkmedarbeider", "butikksjef")
    assert document["score"] == pytest.approx(again.score)
