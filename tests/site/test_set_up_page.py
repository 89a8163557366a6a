"""The page where the cooperation is set up: the example, a fault with its numbers, the picture, and files that the command reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from test_form import LOADED_LATER, focus_on, triples

from balansekunst.messages import format_message, load_messages
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import import_workbook
from helpers.browser import Visit, violations, watch
from helpers.page_functions import find_page_findings

SET_UP = "cooperation/set-up.html"
SANDVIK = Path(__file__).parents[1] / "setups" / "proper.ttl"


def settle(page: Page) -> str:
    """Return what the page says of the set-up when the rules have been applied."""
    state = page.locator(".state")
    expect(state).to_have_attribute("aria-busy", "false")
    return state.inner_text()


def list_findings(page: Page) -> list[str]:
    """Return what the page lists below the picture."""
    settle(page)
    return sorted(page.locator(".review li").all_inner_texts())


def open_file(page: Page, file: Path) -> None:
    """Open a file in place of what is there."""
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Ja, fortsett").click()
    expect(page.locator("p.hidden[role=status]")).to_contain_text("er åpnet")


def save(page: Page, button: str, path: Path) -> Path:
    """Save the set-up as a file."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    assert waiting.value.suggested_filename.endswith(path.suffix)
    waiting.value.save_as(path)
    return path


def test_the_example_is_changed_and_what_is_saved_is_judged_alike(visit: Visit, site: Path, project: Project, tmp_path: Path) -> None:
    asked = list[Request]()
    page = visit(f"{site.as_uri()}/{SET_UP}")
    page.on("request", lambda request: None if request.url.startswith("blob:") else asked.append(request))
    page.get_by_role("button", name="eksemplet fra håndboka").click()
    assert settle(page) == format_message("scripts.set-up.clean", "nb")
    arenas = page.locator(".line.development .arena")
    expect(arenas.locator("h4")).to_have_text(["Styringsgruppe", "Arbeidsgruppe", "Personalmøte"])
    steering = arenas.first
    expect(steering.locator(".total")).to_have_text("10")
    assert [steering.locator(f".seat.{style}").count() for style in ("one", "two", "three", "none")] == [3, 3, 3, 1]
    expect(steering).to_contain_text("Tillitsvalgte. Hovedtillitsvalgt: 3")
    assert violations(page) == []
    # A fault is told with its numbers, beside the arena and below the picture, and drawn.
    card = page.get_by_role("region", name="Styringsgruppe")
    number = card.get_by_role("group", name="Plass 1").get_by_label("Antall plasser")
    number.fill("5")
    wrong = "I «Styringsgruppe» sitter 5 politikere, 3 fra administrasjonen, 3 tillitsvalgte"
    expect(card.locator(".finding")).to_contain_text(wrong)
    expect(page.locator(".review a")).to_contain_text(wrong)
    expect(steering.locator(".seat.one")).to_have_count(5)
    # So is what is no number, in its own field; that cannot be said in Turtle.
    number.fill("mange")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(card.locator(".field.seats .finding").first).to_contain_text("«mange» er ikke et helt tall")
    page.get_by_role("button", name="Turtle").click()
    expect(page.locator(".fault")).to_contain_text("«mange»")
    number.fill("5")
    # A topic in one's own words, a rhythm, a union, a role of one's own, and an arena more.
    card.locator("summary", has_text="Temaer").click()
    card.get_by_label("Temaer som hører til her (én per linje)").fill("Lokale lønnsforhandlinger")
    card.get_by_role("button", name="Legg til en plass").click()
    seat = card.get_by_role("group", name="Plass 5")
    expect(seat.get_by_label("Rolle")).to_be_focused()
    seat.get_by_label("Rolle").fill("Samarbeidskoordinator")
    page.get_by_role("button", name="Arbeidsgruppe", exact=True).click()
    more = page.locator(".arena-form").last
    expect(more.locator("h3")).to_have_text("Arbeidsgruppe 2")
    expect(more.locator("h3")).to_be_focused()
    more.get_by_label("Navn (bokmål)").fill("HMS-gruppa på Granli sykehjem")
    more.get_by_role("group", name="Møterytme 1").get_by_label("Hvor ofte").select_option("annenhver måned")
    more.locator("summary", has_text="Fagforeninger").click()
    more.get_by_role("textbox", name="Fagforeninger på arbeidsplassen").fill("Fagforening A\nFagforening B")
    more.get_by_role("textbox", name="Fagforeninger som er invitert").fill("Fagforening A\nFagforening B")
    expect(more.locator("h3")).to_have_text("HMS-gruppa på Granli sykehjem")
    expect(arenas.last).to_contain_text("HMS-gruppa på Granli sykehjem")
    expect(arenas.last.locator(".seat.three")).to_have_count(2)
    said = list_findings(page)
    assert any(one.startswith(wrong) for one in said) and any("Lokale lønnsforhandlinger" in one for one in said)
    assert violations(page) == []
    # The command says the same of both files, and the page opens them again as they were.
    turtle, book = save(page, "Turtle", tmp_path / "own.ttl"), save(page, "arbeidsbok", tmp_path / "own.xlsx")
    report = validate(project, [turtle])
    assert sorted(finding.message["nb"] for finding in report.findings) == said
    imported = import_workbook(book, project)
    assert triples(imported.turtle) == triples(turtle.read_text(encoding="utf-8"))
    told = imported.report.format_text(load_layout("set-up"), "nb")
    assert [one for one in said if one not in told] == []
    for file in (book, turtle):
        page.locator(".drafts > summary").click()
        open_file(page, file)
        assert list_findings(page) == said
        again = save(page, "Turtle", tmp_path / "again.ttl")
        assert triples(again.read_text(encoding="utf-8")) == triples(turtle.read_text(encoding="utf-8"))
    page.emulate_media(media="print")
    expect(page.locator(".form")).to_be_hidden()
    expect(arenas.last).to_be_visible()
    expect(page.locator(".review li").first).to_be_visible()
    # Nothing was asked of anybody but files that lie beside the page.
    assert {request.url.rsplit("/", 1)[1] for request in asked} <= set(LOADED_LATER)
    assert all(request.url.startswith(f"{site.as_uri()}/assets/") for request in asked)


@pytest.fixture
def phone(browser: Browser, served: str) -> Iterator[Page]:
    """A page on a phone."""
    faults = list[str]()
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, accept_downloads=True)
    watch(context, (served,), faults)
    yield context.new_page()
    context.close()
    assert faults == []


def test_on_a_phone_and_by_keys_alone_and_what_is_kept(phone: Page, served: str, tmp_path: Path) -> None:
    page = phone
    page.goto(f"{served}en/{SET_UP}")
    focus_on(page, page.get_by_role("button", name="Begin with the example"))
    page.keyboard.press("Enter")
    assert settle(page) == format_message("scripts.set-up.clean", "en")
    card = page.get_by_role("region", name="Steering group")
    focus_on(page, card.get_by_role("group", name="Seat 3").get_by_role("button", name="Remove"))
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Add a seat")).to_be_focused()
    expect(page.locator(".review a").first).to_be_attached()
    link = page.locator(".review a").first
    focus_on(page, link)
    page.keyboard.press("Enter")
    expect(card.locator("h3")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    assert violations(page) == []
    said = list_findings(page)
    # What is written is kept, and has the words of the other language there.
    page.goto(f"{served}{SET_UP}")
    expect(page.locator(".arena h4").first).to_have_text("Steering group")
    expect(page.get_by_role("region", name="Steering group").get_by_label("Type arena")).to_have_value("Styringsgruppe")
    page.locator("summary", has_text="Mer om oppsettet").click()
    page.get_by_label("Navn på oppsettet (engelsk)").fill("")
    assert len(list_findings(page)) == len(said) + 1
    expect(page.locator(".form > .field .finding")).to_have_text(load_messages("nb")["workbook.no-set-up-name"])
    # A set-up from a file; what is none is told, and changes nothing.
    page.locator(".drafts > summary").click()
    for name, content in (("x.ttl", b"<a> <b> <c> ."), ("x.xlsx", b"Rolle;Navn"), ("x.txt", b"")):
        page.set_input_files("#file", {"name": name, "mimeType": "", "buffer": content})
        page.get_by_role("button", name="Ja, fortsett").click()
        expect(page.locator(".fault p")).to_have_count(1)
    open_file(page, SANDVIK)
    assert settle(page) == format_message("scripts.set-up.clean", "nb")
    expect(page.locator(".arena h4").nth(1)).to_have_text("HMS-gruppa på Sandvik sykehjem")
    saved = save(page, "Turtle", tmp_path / "again.ttl")
    assert triples(saved.read_text(encoding="utf-8")) == triples(SANDVIK.read_text(encoding="utf-8"))
    page.locator(".drafts > summary").click()
    page.get_by_role("button", name="Slett fra nettleseren").click()
    page.get_by_role("button", name="Ja, fortsett").click()
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator("#workspace")).to_be_hidden()


def test_the_way_there_and_on(visit: Visit, place: str, site: Path) -> None:
    for page in ("cooperation", "cooperation/start", "cooperation/who"):
        assert "set-up.html" in (site / f"{page}.html").read_text(encoding="utf-8"), page
    opened = visit(f"{place}{SET_UP}", javascript=False)
    expect(opened.locator("pre")).to_contain_text("balansekunst new set-up")
    first = opened.get_by_role("link", name="Spørsmål før det første møtet").get_attribute("href")
    assert first and (site / "cooperation" / first.split("#")[0]).resolve().is_file()
    assert 'id="questions"' in (site / "cooperation" / first.split("#")[0]).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_page_judges_every_set_up_as_the_command_does(site: Path, project: Project) -> None:
    paths = sorted(SANDVIK.parent.glob("*.ttl"))
    found = zip(paths, find_page_findings(site, paths), strict=True)
    said = {path.stem: sorted(finding["message"] for finding in one) for path, one in found}
    assert said == {path.stem: sorted(f.message["nb"] for f in validate(project, [path]).findings) for path in paths}
