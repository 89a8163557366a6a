"""The search of the pages: what it finds, in what order, and by which keys."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import Store

from balansekunst.project import Project
from balansekunst.site.search import build_search_documents
from helpers.browser import Visit, violations
from helpers.programs import needed


def results(page: Page, query: str) -> list[str]:
    """Search, and return the paths of what is found, in the order shown."""
    page.fill("#q", query)
    page.wait_for_selector(f"#results[data-query='{query.strip()}']")
    root = page.url.split("search.html")[0]
    links = page.locator("#results a").evaluate_all("(links) => links.map((link) => link.href)")
    return [link.removeprefix(root).replace(".html", "") for link in links]


@pytest.fixture(scope="module")
def first() -> dict[tuple[str, str], str]:
    """What people look for and what should come first, by language."""
    nb = {
        "butikksjef": "role/butikksjef",
        "Butikksjefen": "role/butikksjef",
        "tillitsvalgte": "party/tillitsvalgte",
        "verneombud": "role/verneombud",
        "veiledning": "competence/veiledning",
        "veiledninger": "competence/veiledning",
        "konflikthåndtering": "competence/konflikthandtering",
        "konflikthaandtering": "competence/konflikthandtering",
        "konflikthandtering": "competence/konflikthandtering",
        "folkehøgskole lærer": "role/folkehogskolelaerer",
        "folkehogskolelaerer": "role/folkehogskolelaerer",
        "komunikasjon": "competence/kommunikasjon",
        "guidance": "competence/veiledning",
        "shop manager": "role/butikksjef",
        "from-role-to-role": "sparql#question=from-role-to-role",
        "K4": "rule/K4",
        "role/butikksjef": "role/butikksjef",
        "https://w3id.org/balansekunst/role/butikksjef": "role/butikksjef",
        "5223": "role/butikkmedarbeider",
        "CV": "mine",
        "sammenlign": "compare",
        "karriereveiledning": "use/karriereveiledning",
    }
    en = {
        "guidance": "competence/veiledning",
        "shop managers": "role/butikksjef",
        "union representatives": "role/tillitsvalgt",
        "shop steward": "role/tillitsvalgt",
        "conflict management": "competence/konflikthandtering",
        "comunication": "competence/kommunikasjon",
        "veiledning": "competence/veiledning",
        "safety representative": "role/verneombud",
    }
    return {("", query): path for query, path in nb.items()} | {("en/", query): path for query, path in en.items()}


@pytest.mark.parametrize("language", ["", "en/"])
def test_what_people_look_for_comes_first(site: Path, visit: Visit, first: dict[tuple[str, str], str], language: str) -> None:
    page = visit(f"{site.as_uri()}/{language}search.html")
    wrong = {}
    for (tag, query), path in first.items():
        if tag == language and (found := results(page, query)[:1]) != [path]:
            wrong[query] = found
    assert wrong == {}


def test_results_of_no_kind_of_their_own_are_named_by_their_section(site: Path, visit: Visit) -> None:
    page = visit(f"{site.as_uri()}/search.html")
    assert {"arena/styringsgruppe", "role/hovedverneombud"} & set(results(page, "styringsgruppe"))
    headings = page.locator("#results h2").all_inner_texts()
    assert any(heading.startswith("Arenaer") for heading in headings)
    assert {"compare", "mine"} <= set(results(page, "gap"))
    assert {"compare", "mine", "mobility"} <= set(results(page, "karriereveiledning"))


def test_words_of_outcomes_and_items_are_found_and_marked(visit: Visit, place: str) -> None:
    page = visit(f"{place}search.html")
    assert "standard/butikksjef/veiledning" in results(page, "veiledning butikksjef")
    entries = json.loads(data_of(page))
    item = next(entry for entry in entries if entry.get("w"))
    assert item["p"] in results(page, item["w"][0] if isinstance(item["w"][0], str) else item["w"][0][0])
    outcome = next(entry for entry in entries if entry["p"].endswith("outcome/1"))
    page.fill("#q", " ".join(str(outcome["t"]).split()[:6]))
    expect(page.locator("#results mark").first).to_be_visible()


def test_a_compound_is_found_by_the_word_it_ends_in(site: Path, visit: Visit) -> None:
    page = visit(f"{site.as_uri()}/search.html")
    for query, path, word in (
        ("leder", "role/avdelingsleder-sykehjem", "Avdelingsleder"),
        ("ledelse", "standard/folkehogskolelaerer/prosessledelse", "Prosessledelse"),
    ):
        results(page, query)
        while page.locator("#results button").count():
            page.locator("#results button").first.click()
        expect(page.locator(f"#results a[href$='{path}.html'] mark", has_text=word)).to_be_visible()


def data_of(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(globalThis.balansekunst.search.documents)"))


def test_every_result_leads_to_a_page(site: Path, visit: Visit) -> None:
    for language in ("", "en/"):
        page = visit(f"{site.as_uri()}/{language}search.html?q=butikk")
        page.wait_for_selector("#results section")
        paths = [entry["p"].partition("#")[0] for entry in json.loads(data_of(page))]
        assert [path for path in paths if not (site / f"{language}{path}.html").is_file()] == []
        assert len(paths) > 1000


def test_titles_in_the_other_language_say_so(site: Path, visit: Visit) -> None:
    page = visit(f"{site.as_uri()}/search.html?q=shop+assistant")
    page.wait_for_selector("#results section")
    expect(page.locator("#results a[lang=en], #results [lang=en]").first).to_be_visible()
    page = visit(f"{site.as_uri()}/en/search.html?q=veiledning")
    expect(page.locator("#results .excerpt[lang=nb] mark").first).to_have_text("Veiledning")


def test_by_keyboard_alone(visit: Visit, place: str) -> None:
    page = visit(f"{place}search.html")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("veiledning")
    expect(page.locator("#count")).to_contain_text("veiledning")
    assert page.locator("#count").get_attribute("role") == "status"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results a").nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#results a").last).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/competence/veiledning.html")


def test_the_field_of_every_page_leads_here(visit: Visit, place: str) -> None:
    for start in ("role/butikksjef.html", "en/role/butikksjef.html"):
        page = visit(f"{place}{start}")
        page.fill("header input[type=search]", "guidance")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=guidance")
        expect(page.locator("#results a").first).to_be_visible()
        expect(page.locator("#q")).to_have_value("guidance")


def test_many_results_are_shown_when_asked_for(site: Path, visit: Visit) -> None:
    page = visit(f"{site.as_uri()}/search.html?q=leder")
    page.wait_for_selector("#results button")
    heading = page.locator("#results section:has(button) h2").first.get_attribute("id")
    section = page.locator(f"#results section[aria-labelledby={heading}]")
    before = section.locator("li").count()
    section.locator("button").press("Enter")
    expect(section.locator("li").nth(before)).to_be_visible()
    expect(section.locator("li").nth(before).locator("a").first).to_be_focused()


def test_nothing_found_says_so_and_text_is_only_text(site: Path, visit: Visit) -> None:
    page = visit(f"{site.as_uri()}/search.html?q=%3Cimg%20src%3Dx%3Eqqqq")
    expect(page.locator("#count")).to_contain_text("<img src=x>qqqq")
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("language", ["", "en/"])
def test_accessible(visit: Visit, served: str, language: str) -> None:
    page = visit(f"{served}{language}search.html?q=leder")
    page.wait_for_selector("#results section")
    assert violations(page) == []


def test_without_scripts_the_lists_are_there(visit: Visit, place: str, site: Path) -> None:
    page = visit(f"{place}search.html", javascript=False)
    expect(page.locator("#search-form")).to_be_hidden()
    hrefs = page.locator("noscript a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))") or []
    assert [href for href in hrefs if not (site / href).is_file()] == []


def test_what_is_loaded_is_small(site: Path) -> None:
    sizes = {name: len(gzip.compress((site / "assets" / name).read_bytes())) for name in ("search.js", "search-data.nb.js", "texts.nb.js")}
    assert sum(sizes.values()) < 600_000, sizes


COMPARE = """
import { readFileSync } from "node:fs";
const { createIndex, find, openIndex } = await import(process.argv[1]);
const { documents, queries } = JSON.parse(readFileSync(0, "utf8"));
const stored = JSON.parse(JSON.stringify(createIndex(documents, "nb")));
const paths = (index) => queries.map((query) => find(openIndex({ documents, index }, "nb"), query).map(({ document }) => document.p));
process.stdout.write(JSON.stringify([paths(stored), paths(null)]));
"""


@pytest.mark.slow
def test_an_index_that_the_page_makes_finds_the_same(project: Project, inferred: Store, first: dict[tuple[str, str], str]) -> None:
    """An installed package has no Node.js to make the index with when the site is built."""
    documents = build_search_documents(inferred, project)["nb"]
    given = json.dumps({"documents": documents, "queries": [query for language, query in first if not language]})
    script = project.scripts.resolve() / "search" / "index.js"
    command = [needed("node", package="nodejs"), "--input-type=module", "--eval", COMPARE, script.as_uri()]
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=True, timeout=120)
    stored, made = json.loads(done.stdout)
    assert stored == made and all(made)
