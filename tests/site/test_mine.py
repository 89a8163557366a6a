"""My competence: a person describes what they can do in the browser, holds it against a role, and takes it along."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from pyshacl import validate as shacl

from balansekunst.dataset import Dataset
from balansekunst.messages import load_messages
from balansekunst.namespaces import BASE, NAMESPACE, SKOS_LABEL
from balansekunst.project import Project
from balansekunst.rdf.graph import find_texts
from balansekunst.shacl.validate import validate
from balansekunst.sparql.catalogue import find_question, run_query, run_question, to_plain_text
from helpers.browser import Visit, violations, watch

CASE = "individual/voksenopplaering-1"
"""The one description that the documents print."""


def said(key: str, language: str = "nb", **values: object) -> str:
    return load_messages(language)[f"scripts.mine.{key}"].format(**values)


def next_step(page: Page, language: str = "nb") -> None:
    page.get_by_role("button", name=said("next", language), exact=True).click()


def placed(store: Store, project: Project) -> list[dict[str, str]]:
    """What case 2 says of each competence: its address, its name, its dimension, and the words of its outcome."""
    query = (project.root / "tests" / "queries" / "described.rq").read_text(encoding="utf-8")
    return [
        {name: to_plain_text(term) for name, term in row.items()}
        for row in run_query(store, query).rows
        if to_plain_text(row["individual"]) == CASE
    ]


def choose(page: Page, name: str, language: str = "nb") -> None:
    page.get_by_label(said("find", language)).fill(name)
    page.locator(".found button", has_text=name).get_by_text(name, exact=True).first.click()


def tell(page: Page, one: dict[str, str]) -> None:
    """Say one competence in a sentence, and where it was learnt."""
    expect(page.locator("#subject")).to_have_text(one["name"])
    page.get_by_label(said("statement")).fill(one["statement"])
    open_help(page)
    page.get_by_label(said("where.work"), exact=True).check()
    next_step(page)


def open_help(page: Page) -> None:
    """Open the questions that help to find the words, unless they are open."""
    if not page.locator("details.help[open]").count():
        page.get_by_text(said("help")).click()


@pytest.fixture(scope="module")
def case(inferred: Store, project: Project) -> list[dict[str, str]]:
    found = placed(inferred, project)
    assert len(found) == 8
    return found


def enter(page: Page, case: list[dict[str, str]]) -> None:
    """Write the description of case 2, from the first screen to the last question."""
    page.get_by_role("button", name=said("begin"), exact=True).click()
    next_step(page)
    for one in case:
        choose(page, one["name"])
    expect(page.locator(".chosen li")).to_have_count(len(case))
    next_step(page)
    for one in case:
        tell(page, one)
    expect(page.locator("h2")).to_have_text(said("review.title"))
    for one in case:
        item = page.locator(".review li", has=page.get_by_text(said("place.of", name=one["name"]), exact=True))
        item.get_by_text(said("place.of", name=one["name"]), exact=True).click()
        item.get_by_role("group", name=one["dimension_name"]).locator("input").last.check()


def saved(page: Page, key: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said(key), exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def own(store: Store, individual: str) -> set[tuple[str, ...]]:
    """What a description says that a page can know: of each competence its dimension, position and outcomes' words."""
    one = NamedNode(BASE + individual)

    def of(node: Any, name: str) -> list[Any]:
        return sorted((q.object for q in store.quads_for_pattern(node, NamedNode(NAMESPACE + name), None)), key=str)

    return {
        (to_plain_text(competence), *(to_plain_text(at) for name in ("inDimension", "atPosition") for at in of(key, name)),
         *(text.value for outcome in of(key, "hasLearningOutcome") for text in of(outcome, "statement") if text.language == "nb"))
        for key in of(one, "hasKeyCompetence")
        for competence in of(key, "competence")
    }  # fmt: skip


def test_case_2_can_be_written_here_and_held_against_a_role(
    visit: Visit, place: str, case: list[dict[str, str]], inferred: Store, project: Project, tmp_path: Path
) -> None:
    page = visit(f"{place}mine.html")
    enter(page, case)
    assert violations(page) == []
    next_step(page)
    page.get_by_label(said("choose-role")).select_option("butikkmedarbeider")
    page.wait_for_selector("#results ul.covered")
    assert violations(page) == []
    shown = {
        kind: {item.get_attribute("data-iri") for item in page.locator(f"#results ul.{kind} > li").all()}
        for kind in ("covered", "near", "missing", "beyond")
    }
    general = page.locator("#results > ul.measures").inner_text()
    near = page.locator("#near-roles li")
    expect(near).to_have_count(5)
    told = near.and_(page.locator("[data-role=butikkmedarbeider]"))
    expect(told).to_contain_text(
        said("roles.counts", covered=len(shown["covered"]), near=len(shown["near"]), missing=len(shown["missing"]))
    )
    expect(near.and_(page.locator("[data-role=tillitsvalgt]"))).to_contain_text(load_messages("nb")["scripts.occupations.elected"])
    near.first.get_by_role("button").click()
    expect(page.get_by_label(said("choose-role"))).to_have_value(near.first.get_attribute("data-role") or "")
    for _ in range(2):
        next_step(page)
    turtle, jsonld, elm = (saved(page, key, tmp_path) for key in ("save.ttl", "save.jsonld", "save.elm"))
    # The graph is that of the project's own file, as far as a page can know it.
    written = Dataset(project, [turtle])
    assert own(written.store, "individual/min-kompetanse-1") == own(inferred, CASE)
    graphs = [{(t.subject, t.predicate, t.object) for t in parse(path=file, format=kind)} for file, kind in
              ((turtle, RdfFormat.TURTLE), (jsonld, RdfFormat.JSON_LD))]  # fmt: skip
    assert graphs[0] == graphs[1]
    # The comparison is that of Q7 on the same data, and of the person of the documents.
    for store, individual in ((written.store, "individual/min-kompetanse-1"), (inferred, CASE)):
        terms = {"individual": NamedNode(BASE + individual), "standard": NamedNode(f"{BASE}standard/butikkmedarbeider")}
        answer = run_question(store, find_question(project, "Q7"), terms).rows
        for kind, found in shown.items():
            column = "own" if kind == "beyond" else "competence"
            assert found == {row[column].value for row in answer if to_plain_text(row["kind"]) == kind}, kind  # type: ignore[union-attr]
    ways = run_question(written.store, find_question(project, "Q19"), {"from": NamedNode(f"{BASE}individual/min-kompetanse-1"),
                                                             "to": NamedNode(f"{BASE}standard/butikkmedarbeider")}).rows  # fmt: skip
    assert all(to_plain_text(row["way_nb"]) in general for row in ways if to_plain_text(row["basis"]) == "gap")
    # It breaks no rule for individuals, and ELM's shape of an outcome holds.
    assert [f.rule.id for f in validate(project, [turtle]).findings if f.rule.id.startswith("I") and f.severity == "violation"] == []
    conforms, _, report = shacl(str(elm), shacl_graph=str(project.root / "tests" / "profiles" / "elm.ttl"), data_graph_format="json-ld")
    assert conforms, report
    assert len(outcomes_of(elm)) == 8


def outcomes_of(elm: Path) -> set[str]:
    """The learning outcomes of an ELM file."""
    kind = NamedNode("http://data.europa.eu/snb/model/elm/LearningOutcome")
    return {str(t.subject) for t in parse(path=elm, format=RdfFormat.JSON_LD) if t.object == kind}


@contextmanager
def phone(browser: Browser, site: Path) -> Iterator[Page]:
    faults = list[str]()
    context = browser.new_context(viewport={"width": 360, "height": 720}, has_touch=True, is_mobile=True)
    watch(context, (f"{site.as_uri()}/",), faults)
    yield context.new_page()
    context.close()
    assert faults == []


def test_a_walk_by_touch_in_english(browser: Browser, site: Path) -> None:
    with phone(browser, site) as page:
        page.goto(f"{site.as_uri()}/en/mine.html")
        page.get_by_role("button", name=said("begin", "en"), exact=True).tap()
        page.get_by_label(said("done.title", "en")).fill("I worked with customers, did guidance and the shoe production. My name is Kari.")
        expect(page.locator(".warn.mild")).to_have_text(said("name-hint", "en"))
        page.get_by_role("button", name=said("next", "en"), exact=True).tap()
        suggested = page.get_by_role("group", name=said("suggested", "en"))
        suggested.get_by_label("Guidance because you wrote “guidance”").tap()
        page.get_by_label(said("by-role", "en")).select_option("butikksjef")
        page.get_by_role("group", name=said("of-role", "en", role="Shop manager")).get_by_label("Customer handling").tap()
        page.get_by_label(said("find", "en")).fill("Sewing sails")
        page.locator("button", has_text="Sewing sails").tap()
        expect(page.locator(".chosen li")).to_have_count(3)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name=said("next", "en"), exact=True).tap()
        page.get_by_text(said("examples", "en")).tap()
        page.get_by_role("button", name=said("use", "en")).first.tap()
        expect(page.get_by_label(said("statement", "en"))).not_to_have_value("")
        page.get_by_role("button", name=said("step.review", "en")).tap()
        page.get_by_text(said("place.of", "en", name="Guidance")).tap()
        page.get_by_role("group", name="People").locator("input").first.tap()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # What one can do too is taken into the description, and no longer missing.
        page.get_by_role("button", name=said("step.role", "en")).tap()
        page.get_by_label(said("choose-role", "en")).select_option("butikkmedarbeider")
        missing = page.locator("#results ul.missing > li")
        expect(missing.first).to_be_visible()
        before = missing.count()
        missing.first.get_by_role("button").tap()
        expect(missing).to_have_count(before - 1)
        assert violations(page) == []
        page.get_by_role("button", name=said("step.take", "en")).tap()
        cv = page.get_by_label(said("cv.hint", "en")).input_value().splitlines()
        assert [line.split(":")[0] for line in cv[:3]] == ["• Guidance", "• Customer handling", "• Sewing sails"]
        page.emulate_media(media="print")
        expect(page.locator(".sheet")).to_be_visible()
        assert not page.locator(".walk, .take, .moves, .wiping").filter(visible=True).count()
        page.emulate_media(media="screen")
        assert violations(page) == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.id"))


def test_a_walk_by_keys(visit: Visit, site: Path) -> None:
    page = visit(f"{site.as_uri()}/mine.html")
    page.get_by_role("button", name=said("begin"), exact=True).focus()
    page.keyboard.press("Enter")
    assert focused(page) == said("done.title")
    page.get_by_role("button", name=said("next"), exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label(said("find")).focus()
    page.keyboard.type("veilednin")
    expect(page.locator(".found button").first).to_be_visible()
    # Whoever goes on at once after the last letter is not left behind when that is searched for too.
    page.keyboard.type("g")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li")).to_have_count(1)
    page.get_by_role("button", name=said("next"), exact=True).focus()
    page.keyboard.press("Enter")
    assert focused(page) == said("statement")
    page.locator("details.help > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label(said("where.work"), exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label(said("where.course"), exact=True)).to_be_checked()
    # The browser's own buttons go through the steps.
    page.go_back()
    expect(page.locator("h2")).to_have_text(said("choose.title"))
    page.go_forward()
    expect(page.locator("h2")).to_have_text(said("statement"))
    page.get_by_label(said("statement")).focus()
    page.keyboard.type("Kan veilede nye kolleger.")
    next_step(page)
    next_step(page)
    # A role that has nothing of what was chosen, or near it, is not offered as near.
    near = page.locator("#near-roles li")
    expect(near.first).to_be_visible()
    assert not [told for told in near.all_inner_texts() if "Dekket: 0. Nær: 0." in told]
    assert near.count() < page.get_by_label(said("choose-role")).locator("option").count() - 1
    page.get_by_label(said("choose-role")).select_option("tillitsvalgt")
    expect(page.locator("#results ul.near")).to_be_visible()
    # It is said to the person, not of them.
    assert page.locator("#results .note").all_inner_texts() == [said("measures.limits"), said("role.limits")]
    next_step(page)
    next_step(page)
    # Where nothing is placed, the sheet has no empty figure.
    expect(page.locator(".sheet li")).to_have_text("Veiledning: Kan veilede nye kolleger. (Lært: på kurs)")
    expect(page.locator(".sheet svg")).to_have_count(0)
    expect(page.get_by_label(said("sheet.figure"))).to_have_count(0)
    # What is lacking is on the sheet only where the person asks for it.
    title = said("sheet.role", role="Tillitsvalgt")
    expect(page.locator(".sheet")).not_to_contain_text(title)
    page.get_by_label(said("sheet.comparison")).check()
    expect(page.locator(".sheet")).to_contain_text(title)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said("document")).click()
    assert waiting.value.suggested_filename.endswith(".docx")
    with zipfile.ZipFile(waiting.value.path()) as document:
        assert "Veiledning: Kan veilede nye kolleger." in document.read("word/document.xml").decode()


def warned(page: Page) -> Locator:
    return page.locator(".warn:not(.mild):not(:empty)")


def test_private_things_are_warned_of_as_they_are_written_and_all_can_be_wiped(visit: Visit, site: Path) -> None:
    page = visit(f"{site.as_uri()}/mine.html")
    page.get_by_role("button", name=said("begin"), exact=True).click()
    story = page.get_by_label(said("done.title"))
    for private in ("Ring meg på 912 34 567", "skriv til kari@firma.no", "jeg er 010170 12345"):
        story.fill(private)
        expect(warned(page)).to_have_text(said("private"))
        story.fill("Jeg hjalp kunder")
        expect(warned(page)).to_have_count(0)
    story.fill("Sammen med Ola Nordmann hjalp jeg kunder")
    expect(page.locator(".warn.mild")).to_have_text(said("name-hint"))
    next_step(page)
    choose(page, "Veiledning")
    next_step(page)
    open_help(page)
    page.get_by_label(said("how")).fill("Jeg ringte 91 23 45 67")
    expect(warned(page)).to_have_text(said("private"))
    page.get_by_role("button", name=said("step.take")).click()
    expect(page.locator("#left")).to_have_text(said("private.left"))
    page.reload()
    page.get_by_role("button", name=said("continue"), exact=True).click()
    expect(page.locator(".review li")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=load_messages("nb")["mine.wipe"]).click()
    expect(page.locator("#fault")).to_have_text(said("wiped"))
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.get_by_role("button", name=said("begin"), exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=said("continue"), exact=True)).to_have_count(0)


def test_a_file_can_be_opened_again(visit: Visit, site: Path, tmp_path: Path) -> None:
    page = visit(f"{site.as_uri()}/mine.html")
    page.get_by_role("button", name=said("begin"), exact=True).click()
    next_step(page)
    choose(page, "Veiledning")
    next_step(page)
    open_help(page)
    page.get_by_label(said("where.course"), exact=True).check()
    page.get_by_label(said("statement")).fill("Kan lære opp nye.")
    page.get_by_role("button", name=said("step.take")).click()
    first = saved(page, "save.ttl", tmp_path)
    before = first.read_text(encoding="utf-8")
    page.evaluate("localStorage.clear()")
    page.reload()
    page.get_by_label(said("open")).set_input_files(first)
    expect(page.locator(".review li")).to_have_count(1)
    page.get_by_role("button", name=said("step.tell")).click()
    expect(page.get_by_label(said("where.course"), exact=True)).to_be_checked()
    page.get_by_role("button", name=said("step.take")).click()
    assert {str(t) for t in parse(path=saved(page, "save.ttl", tmp_path), format=RdfFormat.TURTLE)} == {
        str(t) for t in parse(before, format=RdfFormat.TURTLE)
    }
    page.get_by_role("button", name=said("step.start")).click()
    page.get_by_label(said("open")).set_input_files(FilePayload(name="x.ttl", mimeType="text/turtle", buffer=b"<> <"))
    expect(page.locator("[role=alert].warn")).to_contain_text(said("open.failed"))
    expect(page.locator("[role=alert].warn")).to_contain_text("x.ttl, linje 1, kolonne 4")


@pytest.mark.parametrize("file", ["mine.html", "en/mine.html"])
def test_without_scripts_it_points_to_paper(visit: Visit, site: Path, file: str) -> None:
    page = visit(f"{site.as_uri()}/{file}", javascript=False)
    expect(page.locator("#mine")).to_be_hidden()
    assert "JavaScript" in page.locator("main").inner_text()
    links = page.locator("main ul a").evaluate_all("(links) => links.map((link) => new URL(link.href).pathname)")
    assert len(links) >= 5 and all(Path(link).is_file() for link in links)


def test_the_front_page_leads_here(site: Path) -> None:
    assert 'href="mine.html"' in (site / "index.html").read_text(encoding="utf-8")
    set_to = (site / "assets" / "mine-data.js").read_text(encoding="utf-8").partition("JSON.parse('")[2].rpartition("')")[0]
    known = json.loads(set_to.replace("\\\\", "\\").replace("\\'", "'"))
    assert known["standards"]["butikksjef"] == [f"{BASE}standard/butikksjef"]


def test_the_names_of_competences_are_those_of_the_graph(case: list[dict[str, str]], inferred: Store) -> None:
    for one in case:
        assert find_texts(inferred, NamedNode(BASE + one["competence"]), SKOS_LABEL)["nb"] == one["name"]
