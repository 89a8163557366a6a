"""The form where a standard is written: by mouse, by keys alone and by touch, told of the rules, kept in the browser, and sent nowhere."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect
from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.workbook.standards import import_workbook
from helpers.browser import Visit, violations, watch

WHOLE = Path(__file__).parents[2] / "shapes" / "examples" / "K4" / "conforming.ttl"
FAULTY = Path(__file__).parents[2] / "shapes" / "examples" / "K6" / "violating.ttl"
LOADED_LATER = ("icon.svg", "engine.js", "engine-data.js", "workbook.js", "workbook-data.js")
"""What the page asks for after it has opened: its icon anew, the engine for the first check, and what writes workbooks."""
CASES = {
    "nb": {
        "next": "Neste",
        "find": "Legg til en kompetanse",
        "new": "Ingen av disse",
        "choose": "Velg nøkkelkompetansene",
        "add": "Legg til et læringsutbytte",
        "skill": "Ferdighet",
        "outcome": "Læringsutbytte 1",
        "rationale": "Begrunnelse",
        "what": "Hva",
        "why": "Hvorfor",
        "issued": "Når ble standarden laget?",
        "version": "Versjon",
        "interviews": "Hvor mange er intervjuet?",
        "first": "Første intervju",
    },
    "en": {
        "next": "Next",
        "find": "Add a competence",
        "add": "Add a learning outcome",
        "outcome": "Learning outcome 1",
        "rationale": "Rationale",
        "interviews": "How many were interviewed?",
    },
}


def opened(page: Page) -> Page:
    expect(page.locator(".steps")).to_be_visible()
    return page


def published(page: Page) -> Page:
    """The form for a standard that others will read too, in both languages."""
    opened(page).get_by_role("radio", name="Andre også").check()
    return page


def both(page: Page, legend: str, nb: str, en: str, within: Locator | None = None) -> None:
    """Write a text in both languages, in the field of that name."""
    group = (within or page.locator(".step")).get_by_role("group", name=legend, exact=True)
    group.locator("[lang=nb]").fill(nb)
    group.locator("[lang=en]").fill(en)


def settled(page: Page) -> str:
    """What the form says of the draft when the rules have been applied."""
    state = page.locator(".state")
    expect(state).to_have_attribute("aria-busy", "false")
    return state.inner_text()


def saved(page: Page, ending: str = "ttl") -> str:
    """The draft as a file."""
    page.locator(".steps a[href='#review']").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Turtle" if ending == "ttl" else "JSON-LD").click()
    assert waiting.value.suggested_filename.endswith(ending)
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def triples(text: str, format: RdfFormat = RdfFormat.TURTLE) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=format, base_iri=BASE)}


def drawn(page: Page, mark: int, place: str) -> None:
    """Drag a competence of the figure to a place."""
    figure = page.locator(".placing svg")
    figure.evaluate("(drawing) => drawing.scrollIntoView({ block: 'center', behavior: 'instant' })")
    start = figure.locator(".mark", has=page.get_by_text(str(mark), exact=True)).locator(".shape").bounding_box()
    label = figure.get_by_text(place, exact=True).bounding_box()
    assert start and label
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    end = figure.locator("circle.place").evaluate_all(
        """(circles, [x, y]) => circles.map((circle) => circle.getBoundingClientRect())
            .map((box) => [box.x + box.width / 2, box.y + box.height / 2])
            .sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y))[0]""",
        [label["x"] + label["width"] / 2, label["y"] + label["height"] / 2],
    )
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def test_a_standard_is_written_by_mouse(visit: Visit, site: Path, project: Project, tmp_path: Path) -> None:
    words, asked = CASES["nb"], list[Request]()
    page = published(visit(f"{site.as_uri()}/write.html"))
    page.on("request", lambda request: None if request.url.startswith("blob:") else asked.append(request))
    both(page, "Navnet på rollen", "Kaffebrenner", "Coffee roaster")
    both(page, "Navnet på standarden", "Kompetansestandard for kaffebrenner", "Competence standard for coffee roaster")
    page.get_by_role("link", name=words["next"]).click()
    page.get_by_label(words["interviews"]).fill("4")
    page.get_by_label(words["first"]).fill("2026-03")
    page.get_by_label("Siste intervju").fill("2026-01")
    page.get_by_label("Hvor mange kompetanser").click()
    # Told beside the field, and gone when it is mended.
    wrong = page.locator(".field.wrong", has=page.get_by_label("Siste intervju"))
    expect(wrong.locator(".finding")).to_contain_text("slutter (2026-01) før de begynner")
    expect(page.get_by_label("Siste intervju")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".summary a")).to_contain_text("slutter")
    assert wrong.get_by_role("link", name="P6", include_hidden=True).get_attribute("href") == f"{site.as_uri()}/rule/P6.html"
    assert violations(page) == []
    page.get_by_label("Siste intervju").fill("2026-04")
    expect(page.locator(".finding")).to_have_count(0)
    page.get_by_role("link", name=words["next"]).click()
    for written, existing in (("veiledning", True), ("kaffesmaking", False), ("tidsstyring", True)):
        page.get_by_label(words["find"]).fill(written)
        expect(page.locator(".pick").first if existing else page.get_by_role("button", name=words["new"])).to_be_visible()
        if written == "veiledning":
            expect(page.locator(".found")).to_contain_text("ESCO")
            assert violations(page) == []
        (page.locator(".pick").first if existing else page.get_by_role("button", name=words["new"])).click()
    for mark, place in ((1, "Mennesker"), (2, "Rutiner"), (3, "Tempo")):
        drawn(page, mark, place)
        expect(page.locator(".placements > li").nth(mark - 1).locator(".head")).to_contain_text(place)
    page.locator(".placements > li").nth(1).get_by_role("button", name="Rediger").click()
    both(page, "Navnet i denne standarden", "Kaffesmaking", "Coffee tasting")
    both(page, "Hva kompetansen er", "Å kjenne forskjell på kaffer.", "Telling coffees apart.")
    assert violations(page) == []
    page.get_by_role("link", name=words["next"]).click()
    for number in range(3):
        page.get_by_role("group", name=words["choose"]).get_by_role("checkbox").nth(number).check()
    for number in range(3):
        details = page.locator(".key-details").nth(number)
        details.locator("> summary").click()
        both(page, words["rationale"], f"Rollen trenger den, {number}.", f"The role needs it, {number}.", details)
        both(page, words["what"], f"Lukte {number}\nSmake", f"Smelling {number}\nTasting", details)
        both(page, words["why"], f"Jevn kvalitet {number}", f"Even quality {number}", details)
        details.get_by_role("button", name=words["add"]).click()
        both(page, words["outcome"], f"Kan brenne {number} kaffer jevnt.", f"Can roast {number} coffees evenly.", details)
        details.get_by_role("checkbox", name=words["skill"]).check()
        details.locator("> summary").click()
    assert violations(page) == []
    page.get_by_role("link", name=words["next"]).click()
    page.get_by_role("button", name="Legg til en kilde").click()
    both(page, "Navnet på kilden", "Intervjuer med fire kaffebrennere", "Interviews with four coffee roasters")
    page.get_by_label("Hvor i kilden").fill("Alle intervjuene")
    page.get_by_label(words["issued"]).fill("2026")
    page.get_by_label(words["version"]).fill("1.0")
    assert violations(page) == []
    page.get_by_role("link", name=words["next"]).click()
    expect(page.locator(".state")).to_have_text("Gjenstår: 1.")
    expect(page.locator(".review a")).to_have_count(1)
    expect(page.locator(".review a")).to_contain_text("10–15")
    assert violations(page) == []
    file = tmp_path / "kaffebrenner.ttl"
    file.write_text(saved(page), encoding="utf-8")
    report = validate(project, [file])
    assert [(f.rule.id, f.severity) for f in report.findings] == [("K1", "warning")]
    assert triples(saved(page, "jsonld"), RdfFormat.JSON_LD) == triples(file.read_text(encoding="utf-8"))
    # Opened again it is the same, to the letter.
    page.locator(".drafts > summary").click()
    page.set_input_files("#file", file)
    expect(page.locator("h2")).to_have_text("Rollen")
    assert saved(page) == file.read_text(encoding="utf-8")
    # The command reads the workbook that the page saves, and the page opens it again.
    page.locator(".steps a[href='#review']").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="arbeidsbok").click()
    assert waiting.value.suggested_filename == "kaffebrenner.xlsx"
    book = tmp_path / "kaffebrenner.xlsx"
    waiting.value.save_as(book)
    assert triples(import_workbook(book, project).turtle) == triples(file.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Begynn på en ny").click()
    page.set_input_files("#file", book)
    expect(page.locator("h2")).to_have_text("Rollen")
    expect(page.locator(".fault")).to_be_empty()
    assert triples(saved(page)) == triples(file.read_text(encoding="utf-8"))
    page.set_input_files("#file", {"name": "x.xlsx", "mimeType": "", "buffer": b"Rolle;Navn"})
    expect(page.locator(".fault")).to_have_text(
        "x.xlsx: Dette er ikke en arbeidsbok (.xlsx eller .ods). Lagre på nytt fra regnearket som .xlsx."
    )
    # Nothing was asked of anybody while it was written, but files that lie beside the page.
    assets = f"{site.as_uri()}/assets"
    assert {request.url for request in asked} <= {f"{assets}/{name}" for name in LOADED_LATER}


def focus_on(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until what is wanted has the focus, as those do who use keys alone."""
    for _ in range(150):
        # Looked up each time: a list may be made anew on the way.
        if wanted.evaluate("(element) => document.activeElement === element"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached by {key}")


def test_a_standard_is_written_by_keys_alone(visit: Visit, served: str, project: Project, tmp_path: Path) -> None:
    words = CASES["en"]
    page = opened(visit(f"{served}en/write.html"))
    settled(page)
    step = page.locator(".step")

    def type_in(field: Locator, text: str) -> None:
        focus_on(page, field)
        page.keyboard.type(text)

    def onward() -> None:
        focus_on(page, step.get_by_role("link", name=words["next"]))
        page.keyboard.press("Enter")

    role = step.get_by_role("group", name="The name of the role")
    type_in(role.locator("[lang=en]"), "Coffee roaster")
    type_in(role.locator("[lang=nb]"), "Kaffebrenner")
    title = step.get_by_role("group", name="The name of the standard").locator("[lang=en]")
    expect(title).to_have_value("Competence standard for coffee roaster")
    onward()
    expect(page.locator("h2")).to_be_focused()
    type_in(step.get_by_label(words["interviews"]), "4")
    onward()
    type_in(step.get_by_label(words["find"]), "guidance")
    expect(page.locator(".pick").first).to_be_visible()
    focus_on(page, page.locator(".pick").first)
    page.keyboard.press("Enter")
    choice = page.locator(".place-choice")
    expect(choice).to_contain_text("Where does “Guidance” belong?")
    focus_on(page, choice.get_by_role("radio", name="People"))
    page.keyboard.press("Space")
    expect(choice.get_by_role("radio", name="People")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(choice.get_by_role("radio", name="In the balance between").first).to_be_checked()
    expect(choice.get_by_role("radio", name="In the balance between").first).to_be_focused()
    assert violations(page) == []
    onward()
    focus_on(page, step.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    focus_on(page, page.locator(".key-details > summary"))
    page.keyboard.press("Enter")
    focus_on(page, step.get_by_role("button", name=words["add"]))
    page.keyboard.press("Enter")
    expect(step.get_by_role("group", name=words["outcome"]).locator("[lang=en]")).to_be_focused()
    page.keyboard.type("Can guide.")
    # From the summary of what is wrong to the field, by keys.
    focus_on(page, page.locator(".steps a[href='#review']"), "Shift+Tab")
    page.keyboard.press("Enter")
    settled(page)
    wrong = page.locator(".review a", has_text="rationale")
    focus_on(page, wrong)
    page.keyboard.press("Enter")
    expect(step.get_by_role("group", name=words["rationale"]).locator("[lang=en]")).to_be_focused()
    page.keyboard.type("Because the role needs it.")
    focus_on(page, page.locator(".steps a[href='#review']"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(wrong).to_have_count(0)
    focus_on(page, page.get_by_role("button", name="Save as Turtle"))
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "bk:atPosition <position/mellom-mennesker-teknologi>" in text and '"Can guide."@en' in text
    file = tmp_path / "standard.ttl"
    file.write_text(text, encoding="utf-8")
    # What is not written yet is no fault.
    left = len(validate(project, [file]).findings)
    assert left
    assert settled(page) == f"Remaining: {left}."


@pytest.fixture
def phone(browser: Browser, site: Path, served: str) -> Iterator[Page]:
    """A page on a phone that is touched."""
    faults = list[str]()
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, accept_downloads=True)
    watch(context, (served,), faults)
    yield context.new_page()
    context.close()
    assert faults == []


def test_touch_and_what_is_kept(phone: Page, served: str) -> None:
    page, words = phone, CASES["nb"]
    page.goto(f"{served}write.html")
    published(page)
    settled(page)
    both(page, "Navnet på rollen", "Kaffebrenner", "Coffee roaster")
    page.locator(".steps a[href='#placing']").tap()
    page.get_by_label(words["find"]).fill("veiledning")
    page.locator(".pick").first.tap()
    figure = page.locator(".placing svg")
    figure.evaluate("(drawing) => drawing.scrollIntoView({ block: 'center', behavior: 'instant' })")
    figure.locator(".place.two").first.tap()
    expect(page.locator(".placements .head")).to_contain_text("Fleksibilitet")
    page.locator(".place-choice").get_by_text("Teknologi", exact=True).tap()
    expect(page.locator(".placements .head")).to_contain_text("Teknologi")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    assert violations(page) == []
    page.reload()
    opened(page)
    expect(page.locator("h2")).to_have_text("Plassere")
    expect(page.locator(".placements .head")).to_contain_text("Veiledning")
    page.locator(".drafts > summary").tap()
    # A file with faults shows them at once, each beside its field; one that is whole shows none.
    page.set_input_files("#file", FAULTY)
    expect(page.locator("h2")).to_have_text("Rollen")
    page.locator(".steps a[href='#keys']").tap()
    expect(page.locator(".summary")).to_contain_text("utdanning, kurs eller tidligere arbeid")
    page.locator(".summary a").first.tap()
    what = page.get_by_role("group", name=words["what"], exact=True)
    expect(what.locator(".finding")).to_contain_text("Advarsel")
    assert violations(page) == []
    what.locator("[lang=nb]").fill("Smake på kaffe")
    expect(page.locator(".finding")).to_have_count(0)
    page.set_input_files("#file", WHOLE)
    expect(page.locator("h2")).to_have_text("Rollen")
    expect(page.locator(".state")).to_contain_text("Ingen feil")
    assert triples(saved(page)) == triples(WHOLE.read_text(encoding="utf-8"))
    # What cannot be opened is told, and changes nothing.
    page.set_input_files("#file", {"name": "x.ttl", "mimeType": "text/turtle", "buffer": b"<a> <b> ."})
    expect(page.locator(".fault")).to_contain_text("x.ttl, linje 1, kolonne 9: Dette er ikke gyldig Turtle")
    damaged = WHOLE.read_text(encoding="utf-8").encode("cp1252", "replace")
    page.set_input_files("#file", {"name": "x.ttl", "mimeType": "text/turtle", "buffer": damaged})
    expect(page.locator(".fault")).to_contain_text("Filen er ikke UTF-8. Lagre den på nytt med tegnkodingen UTF-8.")
    foreign = b'{"@context": "https://example.org/context.jsonld", "id": "role/x"}'
    page.set_input_files("#file", {"name": "x.jsonld", "mimeType": "application/ld+json", "buffer": foreign})
    expect(page.locator(".fault")).to_contain_text("Ingenting hentes fra nettet.")
    page.set_input_files("#file", {"name": "x.ttl", "mimeType": "text/turtle", "buffer": b"<a> <b> <c> ."})
    expect(page.locator(".fault")).to_contain_text("ingen standard")
    assert page.locator("#draft option").count() == 3
    page.get_by_role("button", name="Slett alle utkast").tap()
    page.get_by_role("button", name="Ja, slett alt").tap()
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    opened(page)
    expect(page.get_by_label("Navnet på rollen")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_a_standard_is_begun_from_the_page_of_a_role_that_waits(visit: Visit, site: Path) -> None:
    page = visit(f"{site.as_uri()}/role/hovedverneombud.html")
    duties = page.locator("#duties ~ ul").first.locator("li > a").all_inner_texts()
    page.get_by_role("link", name="Begynn på en standard for rollen").click()
    step = opened(page).locator(".step")
    expect(step.get_by_text("Hovedverneombud", exact=True)).to_be_visible()
    assert duties and sorted(step.locator("li").all_inner_texts()) == sorted(duties)
    expect(step.get_by_label("Navnet på standarden")).to_have_value("Kompetansestandard for hovedverneombud")


def test_without_scripts_the_page_points_to_the_workbook(visit: Visit, place: str) -> None:
    page = visit(f"{place}write.html", javascript=False)
    expect(page.locator("main")).to_contain_text("balansekunst new standard")
    expect(page.locator("#write")).to_be_hidden()
    assert page.locator("script[src]").count() == 1


def test_a_blank_form_says_what_remains_and_lets_one_regret(visit: Visit, site: Path) -> None:
    words = CASES["nb"]
    page = opened(visit(f"{site.as_uri()}/write.html"))
    page.get_by_label("Navnet på rollen").fill("Resepsjonist")
    assert settled(page).startswith("Gjenstår: ")
    assert page.locator(".step [lang=en]").count() == 0
    # Dates and numbers as people write them.
    page.locator(".steps a[href='#interviews']").click()
    for label, written, read in (
        (words["interviews"], "seks", "6"),
        (words["first"], "mai 2026", "2026-05"),
        ("Siste intervju", "15.06.2026", "2026-06-15"),
        ("Når ble kompetansene plassert", "en gang i høst", "en gang i høst"),
    ):
        page.get_by_label(label).fill(written)
        page.get_by_label(label).blur()
        expect(page.get_by_label(label)).to_have_value(read)
    assert "Feil: 1." in settled(page)
    page.get_by_label("Når ble kompetansene plassert").fill("")
    # The questions of the interview, and notes that become competences where they belong.
    page.get_by_text("Spørsmål og notater til intervjuet").click()
    expect(page.locator(".question")).to_have_text("Hvordan utførte du det?")
    page.get_by_role("button", name="Neste spørsmål").click()
    expect(page.locator(".question")).to_have_text("Hva gjorde du, helt konkret?")
    page.get_by_label("Mennesker – teknologi").fill("• Gjestekunnskap\nKundeservice\n")
    page.get_by_role("button", name="Legg notatene til").click()
    expect(page.locator(".notes [role=status]")).to_contain_text("2 kompetanser")
    assert violations(page) == []
    page.locator(".steps a[href='#placing']").click()
    # A name of the method's own list is the same in both languages where it is meant to be.
    for written in ("multitasking", "kassasmil"):
        page.get_by_label(words["find"]).fill(written)
        existing = page.locator(".pick").first if written == "multitasking" else page.get_by_role("button", name=words["new"])
        expect(existing).to_be_visible()
        existing.click()
    rows = page.locator(".placements > li")
    expect(rows.nth(0)).to_contain_text("Gjestekunnskap")
    expect(rows.nth(1)).to_contain_text("Kundeservice")
    rows.nth(2).get_by_role("button", name="Fjern").click()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Angre").click()
    expect(rows).to_have_count(4)
    expect(rows.nth(2)).to_contain_text("Multitasking")
    page.locator(".steps a[href='#keys']").click()
    for number in range(2):
        page.get_by_role("group", name=words["choose"]).get_by_role("checkbox").nth(number).check()
    details = page.locator(".key-details").first
    expect(details.locator(".progress")).to_have_text("0 av 4 deler skrevet")
    details.locator("> summary").click()
    details.get_by_label(words["rationale"]).fill("Alt skjer på én gang i en resepsjon.")
    expect(details.locator(".progress")).to_have_text("1 av 4 deler skrevet")
    assert violations(page) == []
    # What is removed can be put back: an outcome, and a source.
    details.get_by_role("button", name=words["add"]).click()
    details.get_by_label(words["outcome"]).fill("Kan ta imot mange gjester på én gang.")
    details.get_by_role("button", name="Fjern læringsutbytte 1").click()
    expect(details.get_by_label(words["outcome"])).to_have_count(0)
    page.get_by_role("button", name="Angre").click()
    expect(details.get_by_label(words["outcome"])).to_have_value("Kan ta imot mange gjester på én gang.")
    page.locator(".steps a[href='#sources']").click()
    page.get_by_role("button", name="Legg til en kilde").click()
    page.get_by_label("Navnet på kilden").fill("Intervjuer med fire resepsjonister")
    page.get_by_role("button", name="Fjern", exact=False).first.click()
    expect(page.get_by_label("Navnet på kilden")).to_have_count(0)
    page.get_by_role("button", name="Angre").click()
    expect(page.get_by_label("Navnet på kilden")).to_have_value("Intervjuer med fire resepsjonister")
    page.locator(".steps a[href='#keys']").click()
    page.locator(".steps a[href='#review']").click()
    # What one can open again and send on comes first.
    expect(page.locator(".review ~ p.row button").first).to_have_text("Lagre som arbeidsbok (.xlsx)")
    assert settled(page).startswith("Gjenstår: ") and "Feil" not in settled(page)
    expect(page.locator(".sheet h4")).to_have_text("Kompetansestandard for resepsjonist")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word").click()
    assert waiting.value.suggested_filename == "resepsjonist.docx"
    with zipfile.ZipFile(waiting.value.path()) as document:
        assert "Alt skjer på én gang i en resepsjon." in document.read("word/document.xml").decode()
        for name in document.namelist():
            ElementTree.fromstring(document.read(name))
    # Published, it lacks English; a name that is meant to be the same is told to be so.
    page.go_back()
    expect(page.locator(".step h2")).to_have_text("Nøkkelkompetanser")
    page.locator(".steps a[href='#role']").click()
    page.get_by_role("radio", name="Andre også").check()
    page.locator(".steps a[href='#placing']").click()
    page.get_by_role("button", name="Rediger «kassasmil»").click()
    both(page, "Navnet i denne standarden", "Kassasmil", "Kassasmil")
    page.locator("h2").click()
    page.get_by_role("button", name="Det skal være likt på begge språk").click()
    expect(page.get_by_role("button", name="Det skal være likt på begge språk")).to_have_count(0)


def test_a_name_that_is_a_task_gets_advice_as_it_is_placed(visit: Visit, site: Path) -> None:
    page = opened(visit(f"{site.as_uri()}/write.html"))
    page.get_by_label("Navnet på rollen").fill("Resepsjonist")
    page.locator(".steps a[href='#placing']").click()
    page.get_by_label(CASES["nb"]["find"]).fill("Sende faktura")
    page.get_by_role("button", name=CASES["nb"]["new"]).click()
    name = page.locator(".field", has=page.get_by_label("Navnet i denne standarden"))
    expect(name.locator(".finding")).to_contain_text("«Sende faktura» begynner som en oppgave")
    assert violations(page) == []
    page.get_by_label("Navnet i denne standarden").fill("Punktlighet")
    expect(name.locator(".finding")).to_have_count(0)
    page.get_by_label(CASES["nb"]["find"]).fill("Lojalitet")
    page.locator(".pick").first.click()
    page.locator(".steps a[href='#keys']").click()
    for number in range(2):
        page.get_by_role("group", name=CASES["nb"]["choose"]).get_by_role("checkbox").nth(number).check()
    page.locator(".steps a[href='#review']").click()
    # The name of our own list may stand.
    expect(page.locator(".review")).to_contain_text("Navnet «Punktlighet» ligner")
    expect(page.locator(".review")).not_to_contain_text("Navnet «Lojalitet» ligner")
    expect(page.get_by_role("link", name="Lag et nettsted av arbeidsboken")).to_have_attribute("href", f"{site.as_uri()}/starter.html")
