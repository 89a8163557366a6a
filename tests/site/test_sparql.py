"""The query page: every form of query, answered in the page as everywhere else, and nothing asked of anybody."""

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse, parse_query_results

from balansekunst.project import Project
from balansekunst.site.graph import LINKED_SCHEMES
from balansekunst.sparql.catalogue import build_query_result, load_questions, resolve_parameters, run_question
from helpers.browser import Visit, violations
from helpers.engines import comparable

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER (?c > ?f) }"
PREFIXES = "PREFIX bk: <https://w3id.org/balansekunst/ns#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"


def opened(visit: Visit, address: str) -> Page:
    page = visit(address)
    expect(page.locator("#editor .cm-content")).to_be_visible()
    return page


def write(page: Page, query: str) -> None:
    page.locator("#editor .cm-content").press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def run(page: Page, query: str | None = None) -> None:
    if query is not None:
        write(page, query)
    page.click("#run")
    expect(page.locator("#run")).to_be_enabled()


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes().decode()


def test_every_question_has_the_answer_it_has_on_the_command_line(site: Path, visit: Visit, project: Project, inferred: Store) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    for id, question in load_questions(project).items():
        page.select_option("#question", id)
        run(page)
        given = parse_query_results(downloaded(page, "Last ned JSON").encode(), format=QueryResultsFormat.JSON)
        ours = run_question(inferred, question, resolve_parameters(question, {}, inferred))
        assert Counter(map(str, comparable(build_query_result(given)))) == Counter(map(str, comparable(ours))), id
        headings = page.locator("#results th[scope=col]").all_inner_texts()
        assert not ours.rows or headings == [texts["nb"] for texts in question.columns.values()], id
        assert page.locator("#results tbody tr").count() == min(len(ours.rows), 500), id


def test_names_and_links_in_the_language_of_the_page(visit: Visit, place: str) -> None:
    page = opened(visit, f"{place}en/sparql.html")
    run(page, PREFIXES + "SELECT ?role ?class WHERE { ?role a bk:Role ; a ?class } ORDER BY ?role ?class LIMIT 20")
    link = page.get_by_role("link", name="Shop manager").first
    expect(link).to_have_attribute("href", f"{place}en/role/butikksjef.html")
    expect(page.get_by_role("link", name="Role", exact=True).first).to_have_attribute("href", f"{place}en/ns.html#Role")
    assert violations(page) == []


def test_ask_construct_and_describe(visit: Visit, served: str) -> None:
    page = opened(visit, f"{served}sparql.html")
    run(page, "ASK { ?s a <https://w3id.org/balansekunst/ns#Role> }")
    expect(page.locator("#results")).to_contain_text("Ja")
    assert json.loads(downloaded(page, "Last ned JSON")) == {"head": {}, "boolean": True}
    run(page, "ASK { ?s a <https://w3id.org/balansekunst/ns#Nothing> }")
    expect(page.locator("#state")).to_contain_text("nei")
    run(page, PREFIXES + 'CONSTRUCT { ?r skos:prefLabel ?n } WHERE { ?r a bk:Role ; skos:prefLabel ?n FILTER (LANG(?n) = "nb") }')
    assert len(list(parse(downloaded(page, "Last ned Turtle"), format=RdfFormat.TURTLE))) == page.locator("tbody tr").count() > 20
    assert downloaded(page, "Last ned CSV").startswith("subject,predicate,object\r\n")
    run(page, "DESCRIBE <https://w3id.org/balansekunst/role/butikksjef>")
    expect(page.locator("#results")).to_contain_text("Butikksjef")
    assert violations(page) == []


def test_answers_link_to_what_pages_link_to(visit: Visit, site: Path) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    linked = [f"{scheme}:{'//' if scheme.startswith('http') else ''}a.example.org" for scheme in LINKED_SCHEMES]
    others = ["javascript:document.title='ran'", "JavaScript:a", "data:text/html,a", "file:///a", "urn:a"]
    run(page, f"SELECT ?a {{ VALUES ?a {{ {' '.join(f'<{iri}>' for iri in linked + others)} }} }}")
    assert page.locator("#results td").all_inner_texts() == linked + others
    assert page.locator("#results td a").evaluate_all("links => links.map((link) => link.getAttribute('href'))") == linked


def test_csv_is_as_the_standard_has_it(visit: Visit, site: Path) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    run(page, 'SELECT ?a ?b ?c ?d WHERE { VALUES (?a ?b ?c) { ("x,\\"y\\"" <http://a/> UNDEF) ("æ\\nø"@nb 1 true) } }')
    assert downloaded(page, "Last ned CSV") == 'a,b,c,d\r\n"x,""y""",http://a/,,\r\n"æ\nø",1,true,\r\n'


def test_a_long_query_is_stopped_and_the_page_lives(visit: Visit, place: str) -> None:
    page = opened(visit, f"{place}sparql.html")
    write(page, ENDLESS)
    page.locator("#editor .cm-content").press("Control+Enter")
    expect(page.locator("#stop")).to_be_enabled()
    expect(page.locator("#state")).to_have_text("Kjører …")
    write(page, "SELECT ?n WHERE { VALUES ?n { 42 } }")
    expect(page.locator("#editor")).to_contain_text("42")
    page.click("#stop")
    expect(page.locator("#state")).to_contain_text("Stoppet")
    expect(page.locator("#run")).to_be_focused()
    run(page)
    expect(page.locator("#results td")).to_have_text("42")


MISTAKES: tuple[tuple[str, int, int | None], ...] = (
    ("", 1, 1),
    ("SELECT * WHERE {\n  ?s ?p }", 2, 10),
    ("SELECT ?s\nWHERE { ?s nope:x ?o }", 2, None),
    ("SELECT * {} LIMIT many", 1, 19),
    ('SELECT * WHERE { ?s ?p "æøå" ;; . ; }', 1, None),
)
"""Queries, and the line and column that the page tells of."""


def test_a_mistake_is_told_with_its_place(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    for query, line, column in MISTAKES:
        run(page, query)
        told = page.locator("#fault").inner_text()
        assert page.locator("#fault").get_attribute("role") == "alert"
        found = re.search(r"linje (\d+), tegn (\d+)", told)
        assert found and int(found[1]) == line, (query, told)
        assert column is None or int(found[2]) == column, (query, told)
        if query:
            expect(page.locator("#editor .cm-lintRange-error").first).to_be_visible()
    assert violations(page) == []


REFUSED = (
    ("SELECT * WHERE {\n  SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "Linje 2, tegn 3: SERVICE"),
    ("# SELECT\nINSERT DATA { <a> <b> <c> }", "Linje 2, tegn 1: Denne siden spør bare"),
    ("PREFIX x: <http://x/>\nDELETE WHERE { ?s ?p ?o }", "Linje 2, tegn 1: Denne siden spør bare"),
)
"""Queries, and what the page says of each."""


def test_what_the_page_does_not_do_is_refused(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    for query, said in REFUSED:
        run(page, "SELECT ?n WHERE { VALUES ?n { 42 } }")
        expect(page.locator("#fault")).to_be_hidden()
        run(page, query)
        expect(page.locator("#fault")).to_contain_text(said)


def test_words_of_refused_queries_in_names_and_strings_are_no_offence(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    run(
        page,
        'PREFIX load: <http://x/> SELECT ?service WHERE { BIND ("SERVICE # {" AS ?service) OPTIONAL { ?add load:service ?ask } } # SERVICE',
    )
    expect(page.locator("#results td")).to_have_text("SERVICE # {")


def test_a_link_carries_the_query(visit: Visit, place: str) -> None:
    query = 'SELECT ?x WHERE { VALUES ?x { "a&b=#c +æ" } }\n# %41'
    page = opened(visit, f"{place}sparql.html")
    run(page, query)
    shared = page.locator("#share").get_attribute("href")
    assert shared and parse_qs(shared.removeprefix("#"))["query"] == [query]
    assert page.url.endswith(shared)
    other = opened(visit, f"{place}en/sparql.html{shared}")
    run(other)
    expect(other.locator("#results td")).to_have_text("a&b=#c +æ")


def test_a_link_carries_the_question_and_what_was_chosen(visit: Visit, place: str) -> None:
    page = opened(visit, f"{place}sparql.html#question=from-role-to-role&from=role/tillitsvalgt&to=role/butikksjef")
    expect(page.locator("#parameter-from")).to_have_value("https://w3id.org/balansekunst/role/tillitsvalgt")
    expect(page.locator("#question")).to_have_value("from-role-to-role")
    page.select_option("#parameter-to", label="Butikkmedarbeider")
    expect(page.locator("#editor")).to_contain_text("role/butikkmedarbeider")
    assert "to=role/butikkmedarbeider" in (page.locator("#share").get_attribute("href") or "")
    page.locator("#editor .cm-content").press("Control+End")
    page.keyboard.type("# my own")
    expect(page.locator("#question")).to_have_value("")


def test_a_question_of_the_list_opens_in_the_editor(visit: Visit, place: str) -> None:
    page = opened(visit, f"{place}sparql.html")
    page.locator("#shared-competences summary").click()
    page.locator("#shared-competences a").first.click()
    expect(page.locator("#question")).to_have_value("shared-competences")


def test_terms_are_completed_and_their_prefix_declared(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    write(page, "SELECT * WHERE { ?x a }")
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(" bk:CompetenceSt")
    offered = page.locator("#editor .cm-tooltip-autocomplete li").first
    expect(offered).to_contain_text("bk:CompetenceStandard")
    expect(offered).to_contain_text("Kompetansestandard")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    expect(page.locator("#editor")).to_contain_text("PREFIX bk: <https://w3id.org/balansekunst/ns#>")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results tbody tr")).to_have_count(8)
    write(page, "SELECT * WHERE { }")
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("Butikksj")
    expect(page.locator("#editor .cm-tooltip-autocomplete li").first).to_contain_text("role/butikksjef")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    expect(page.locator("#editor")).to_contain_text("<https://w3id.org/balansekunst/role/butikksjef>")


def test_typing_over_what_is_selected_writes_no_style(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    page.locator("#editor .cm-content").press("Control+a")
    page.keyboard.type("ASK { ?s ?p 1 ")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.type("(")
    expect(page.locator("#editor .cm-content")).to_contain_text("ASK { ?s ?p (1 )}")


def test_tab_leads_through_the_editor(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    page.locator("#editor .cm-content").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "editor"


def test_only_the_first_of_many_rows_are_shown(site: Path, visit: Visit) -> None:
    page = opened(visit, f"{site.as_uri()}/sparql.html")
    run(page, "SELECT * WHERE { ?s ?p ?o } LIMIT 1234")
    expect(page.locator("#results tbody tr")).to_have_count(500)
    assert len(json.loads(downloaded(page, "Last ned JSON"))["results"]["bindings"]) == 1234


@pytest.mark.parametrize("language", ["", "en/"])
def test_accessible(visit: Visit, served: str, language: str) -> None:
    page = opened(visit, f"{served}{language}sparql.html")
    assert violations(page) == []
    page.locator("details summary").first.click()
    run(page)
    assert violations(page) == []


def test_without_scripts_the_questions_and_data_are_there(visit: Visit, place: str, project: Project, site: Path) -> None:
    page = visit(f"{place}sparql.html", javascript=False)
    expect(page.locator("#workbench")).to_be_hidden()
    queries = page.locator("details a[href$='.rq']").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert len(queries) == len(load_questions(project)) and all((site / file).is_file() for file in queries)
    files = page.locator("a[download]").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))") or []
    assert [file for file in files if not (site / file).is_file()] == []


LOADED = "performance.getEntriesByType('resource').map((entry) => entry.name.split('/').pop())"
ENGINE = {"engine.js", "engine-data.js"}


def test_engine_and_editor_are_loaded_only_there_and_when_needed(site: Path, visit: Visit, served: str) -> None:
    asking = {"sparql.html", "en/sparql.html"}
    pages = ("write", "mine", "group-gap", "cooperation/set-up")
    with_engine = asking | {f"{folder}{page}.html" for page in pages for folder in ("", "en/")}
    for path in sorted(site.rglob("*.html")):
        html, name = path.read_text(encoding="utf-8"), path.relative_to(site).as_posix()
        assert ("wasm-unsafe-eval" in html) == (name in with_engine), path
        assert name in asking or "assets/sparql" not in html, path
    page = opened(visit, f"{served}sparql.html")
    assert not ENGINE & set(page.evaluate(LOADED))
    run(page)
    assert set(page.evaluate(LOADED)) >= ENGINE


@pytest.mark.parametrize("name", ["write", "mine"])
def test_pages_with_drafts_open_without_the_engine(visit: Visit, place: str, name: str) -> None:
    page = visit(f"{place}{name}.html")
    expect(page.locator(f"#{name}")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert not ENGINE & set(page.evaluate(LOADED))
    with page.expect_request("**/engine-data.js"):
        page.locator("#write .step input, #mine button").first.click()


def test_engine_and_data_are_there_once_and_the_data_is_what_is_published(site: Path) -> None:
    assets = site / "assets"
    assert [path.name for path in sorted(assets.glob("*.js")) if path.stat().st_size > 3_000_000] == sorted(ENGINE)
    content = (assets / "engine-data.js").read_text(encoding="utf-8")
    written = re.fullmatch(r"\(globalThis\.balansekunst\?\?=\{\}\)\.engineData=JSON\.parse\('(.*)'\);\n", content, re.S)
    assert written
    given = json.loads(re.sub(r"\\(.)", r"\1", written[1], flags=re.S))
    assert given["vocabulary"] == (site / "data" / "ontology.ttl").read_text(encoding="utf-8")
    together = {str(t) for name in ("asserted", "inferred") for t in parse(given[name], format=RdfFormat.TURTLE)}
    assert together == {str(t) for t in parse(path=site / "data" / "balansekunst.ttl", format=RdfFormat.TURTLE)}
