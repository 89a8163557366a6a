"""A page of every kind is open to all: on phones and large screens, in the dark, with large text, by keyboard, without scripts."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from balansekunst.export.paths import NOT_FOUND_PATH, get_page_path
from balansekunst.messages import LANGUAGES
from balansekunst.project import Project
from helpers.browser import violations, watch
from helpers.programs import needed

SCRIPTED = ("search", "compare", "sparql", "mine", "cooperation/set-up")
"""The kinds of page that need scripts."""
KINDS = (
    *SCRIPTED,
    "index",
    "role",
    "role/butikksjef",
    "role/folkehogskolelaerer",
    "role/verneombud",
    "standard",
    "standard/folkehogskolelaerer",
    "standard/folkehogskolelaerer/relasjonsbygging",
    "standard/folkehogskolelaerer/relasjonsbygging/outcome/1",
    "external/standard/folkehogskolelaerer/relasjonsbygging",
    "external/role/folkehogskolelaerer",
    "competence",
    "collection",
    "map",
    "challenge",
    "competence/veiledning",
    "competence/kommunikasjon",
    "dimension",
    "dimension/mennesker-teknologi",
    "position",
    "position/mellom-tempo-tilstedevaerelse",
    "source/virke-2020",
    "mapping",
    "mapping/esco-occupations",
    "occupations",
    "occupations/tillitsvalgt",
    "individual/voksenopplaering-1",
    "statistics",
    "statistics/labour-markets",
    "statistics/labour-markets/alle-sysselsatte/det-apne/antall",
    "statistics/panel",
    "arena",
    "arena/styringsgruppe",
    "arena/tripart",
    "arena/arbeidslivet",
    "measure",
    "measure/interne-kurs",
    "role/plasstillitsvalgt",
    "roles-waiting",
    "gap/rekruttering",
    "rule",
    "rule/C3",
    "mobility",
    "mobility/butikkmedarbeider/butikksjef",
    "method",
    "how-to",
    "starter",
    "data",
    "dataset",
    "accessibility",
    "changes",
    "scorecard",
    "ns",
    "ns/class/Role",
    "ns/property/hasKeyCompetence",
    NOT_FOUND_PATH,
)
"""The paths of one page of every kind. The links of the page for addresses that nothing is at begin at the root of the host."""
ALIKE = (
    "role/folkehogskolelaerer",
    "external/role/folkehogskolelaerer",
    "competence/kommunikasjon",
    "dimension",
    "position",
    "statistics",
    "rule",
    "arena/arbeidslivet",
    "ns/property/hasKeyCompetence",
)
"""The paths of pages that another of the kinds is like but for its words and how much there is."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours."""
OUTSIDE = """
() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
    .map((element) => element.outerHTML.slice(0, 160));
}
"""
"""What makes a page wider than the window."""
CUT = """
() => [...document.querySelectorAll("body *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const hidden = (overflow) => overflow === "hidden" || overflow === "clip";
    const kept = element instanceof SVGElement || element.matches("label, .hidden, input");
    return !kept && ((hidden(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (hidden(style.overflowY) && element.scrollHeight > element.clientHeight + 1));
  })
  .map((element) => element.outerHTML.slice(0, 160))
"""
"""What hides part of its own text."""
SIDEWAYS = """
() => [...document.querySelectorAll("main *")]
  .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
  .filter((element) => !element.matches("pre, textarea, input, .cm-scroller, .scroll:has(svg)"))
  .map((element) => element.outerHTML.slice(0, 160))
"""
"""What has to be pushed sideways to be read. Code and the picture of the vocabulary may."""
BROKEN = """
() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, tbody th, dt, .names a, .card a)")].flatMap((element) => {
  const range = document.createRange(), texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), broken = [];
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\p{L}+/gu)) {
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(word);
    }
  }
  return broken;
})
"""
"""The words of names and headings that are broken within."""
TWICE = "document.documentElement.style.fontSize = `${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px`"


def file_of(path: str, language: str) -> str:
    """Return where the page of a path lies."""
    return get_page_path(path.removeprefix("external/"), language, path.startswith("external/"))


@contextmanager
def pages(browser: Browser, *places: str, **options: Any) -> Iterator[Page]:
    """Give a page to open the site's pages in, and fail afterwards if any of them met a fault or asked for what is not ours."""
    faults = list[str]()
    context = browser.new_context(**options)
    watch(context, places, faults)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_to_all(browser: Browser, served: str, served_at_root: str, language: str) -> None:
    """On a desktop in the light, on a phone in the dark (as narrow as WCAG 2.2, 1.4.10, has it), and with text of twice the size.

    Both languages have the same templates and colours, so that colours, which take longest, are seen in the light of one and in the dark
    of the other; and of pages that differ in their words only, one is enough in the second.
    """
    found: dict[str, list[str]] = {}
    first = language == LANGUAGES[0]
    with pages(browser, served, served_at_root) as page:
        for path in KINDS if first else [path for path in KINDS if path not in ALIKE]:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto((served_at_root if path == NOT_FOUND_PATH else served) + file_of(path, language))
            wrong = violations(page, but=() if first else (*COLOURS, "target-size"))
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size({"width": 320, "height": 640})
            wrong += page.evaluate(OUTSIDE)
            wrong += violations(page, ["target-size", "scrollable-region-focusable", *(() if first else COLOURS)])
            page.set_viewport_size({"width": 390, "height": 844})
            wrong += page.evaluate(SIDEWAYS) + ([] if path == "how-to" else page.evaluate(BROKEN))
            page.set_viewport_size({"width": 1280, "height": 900})
            page.evaluate(TWICE)
            wrong += page.evaluate(OUTSIDE) + page.evaluate(CUT)
            if wrong:
                found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_the_same_without_scripts(browser: Browser, served: str, served_at_root: str) -> None:
    kinds = [path for path in KINDS if path not in ALIKE]
    said: dict[bool, dict[str, str]] = {}
    for scripts in (True, False):
        with pages(browser, served, served_at_root, java_script_enabled=scripts) as page:
            said[scripts] = {}
            for path in kinds:
                page.goto((served_at_root if path == NOT_FOUND_PATH else served) + file_of(path, LANGUAGES[0]))
                # The field that narrows a list and the buttons that print and share are shown by the scripts that do it.
                page.locator("main").evaluate(
                    "(main) => main.querySelectorAll('.filter, li:has([data-action])').forEach((part) => part.remove())"
                )
                said[scripts][path] = page.locator("main").inner_text()
    assert all(len(text) > 40 for texts in said.values() for text in texts.values())
    assert {path for path in kinds if said[True][path] != said[False][path]} <= set(SCRIPTED)


def focused(page: Page) -> dict[str, Any]:
    """Return what has the focus: its text, where it leads, whether it is in the window and whether the focus is seen."""
    found: dict[str, Any] = page.evaluate("""() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return {
        tag: element.localName,
        text: (element.querySelector("title") || element).textContent.trim(),
        href: element.getAttribute("href"),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inside: box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
        clear: document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).some((top) => element.contains(top)),
      };
    }""")
    return found


STOPS = 500
"""More presses of Tab than any page needs."""


@pytest.mark.parametrize(("language", "skip"), [("nb", "Hopp til innholdet"), ("en", "Skip to content")])
def test_by_keyboard_from_the_top(browser: Browser, served: str, language: str, skip: str) -> None:
    with pages(browser, served, reduced_motion="reduce") as page:
        page.goto(served + file_of("role/butikksjef", language))
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        page.keyboard.press("Tab")
        first = focused(page)
        assert (first["text"], first["ring"], first["inside"], first["clear"]) == (skip, True, True, True)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")

        page.goto(served + file_of("role/butikksjef", language))
        page.keyboard.press("Tab")
        walked = list[dict[str, Any]]()
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            if (stop := focused(page))["tag"] == "body":
                break
            walked.append(stop)
        assert len(walked) < STOPS, "Tab leaves the page at its end"
        unseen = [stop for stop in walked if not (stop["text"] or stop["tag"] == "input") or not (stop["ring"] and stop["inside"])]
        assert unseen == []
        menu = page.locator("header nav a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
        assert [stop["href"] for stop in walked[1 : 1 + len(menu)]] == menu
        marks = page.locator(".balance a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
        assert marks and [stop["href"] for stop in walked if stop["href"] in marks][: len(marks)] == marks
        assert walked[-1]["href"] == page.locator("footer a").last.get_attribute("href")


def test_what_is_folded_opens_by_keyboard(browser: Browser, served: str) -> None:
    with pages(browser, served) as page:
        page.goto(served + file_of("standard/folkehogskolelaerer/relasjonsbygging", "nb"))
        folded = page.locator("main details").first
        folded.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(folded).to_have_attribute("open", "")
        page.keyboard.press("Space")
        expect(folded).not_to_have_attribute("open", "")


def test_a_mark_of_the_figure_is_a_link_with_a_name(browser: Browser, served: str) -> None:
    with pages(browser, served) as page:
        page.goto(served + file_of("role/butikksjef", "nb"))
        name, mark = (
            page.get_by_role("link", name="Veiledning", exact=True).first,
            page.get_by_role("link", name="10 Veiledning: Tilstedeværelse"),
        )
        name.focus()
        expect(mark).to_have_class(re.compile("lit"))
        mark.focus()
        expect(page.locator(".names .lit")).to_have_text("Veiledning")
        page.keyboard.press("Enter")
        page.wait_for_url("**/role/butikksjef.html#veiledning")
        expect(page.locator("h4#veiledning")).to_be_in_viewport()


def test_the_menu_is_behind_a_button_on_phones(browser: Browser, served: str) -> None:
    with pages(browser, served, viewport={"width": 390, "height": 844}) as page:
        page.goto(served + file_of("role/butikksjef", "nb"))
        assert page.evaluate("document.querySelector('header').offsetHeight") <= 0.15 * 844
        expect(page.locator("#menu")).to_be_hidden()
        page.get_by_role("button", name="Meny").click()
        expect(page.locator("#menu [aria-current]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#menu")).to_be_hidden()
        widths = page.locator(".balance a .shape").evaluate_all("(shapes) => shapes.map((shape) => shape.getBoundingClientRect().width)")
        assert min(widths) >= 24


def test_a_list_is_narrowed_by_keyboard(browser: Browser, served: str) -> None:
    with pages(browser, served) as page:
        page.goto(served + file_of("role", "nb"))
        page.locator("#filter").focus()
        page.keyboard.type("ordforer")
        expect(page.locator("#things > li:visible")).to_have_count(1)
        shown = page.locator(".filter [role=status]").inner_text()
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("[data-need=duties]")).to_be_checked()
        expect(page.locator("#things > li:visible")).to_have_count(page.locator("#things > li[data-has~=duties]").count())
        assert page.locator(".filter [role=status]").inner_text() != shown


def test_paper_has_the_text_and_not_the_menus(browser: Browser, served: str) -> None:
    with pages(browser, served) as page:
        for path, wanted in (
            ("role/avdelingsleder-sykehjem", ("main .balance", "#key-competences", "main #use")),
            ("compare", ("#results table", ".profile-bar")),
            ("source/lo-2020", ("#brief", "main #use")),
            ("how-to", (".way", ".sheet")),
        ):
            page.emulate_media(media="screen")
            page.goto(served + file_of(path, "nb"))
            for selector in wanted:
                expect(page.locator(selector).first).to_be_visible()
            page.emulate_media(media="print")
            for unwanted in (
                ".skip",
                "header nav",
                "header form",
                ".menu-button",
                ".language",
                "main pre",
                "main form",
                "main aside",
                "#pairs",
            ):
                for part in page.locator(unwanted).all():
                    expect(part).to_be_hidden()
            # What is for internal use is on paper only where it was opened.
            for part in page.locator("details.internal").all():
                expect(part).to_be_hidden()
            for selector in ("h1", *wanted):
                expect(page.locator(selector).first).to_be_visible()
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.reference
def test_pages_are_valid_html(site: Path, project: Project) -> None:
    """By the Nu HTML checker, which is written in Java."""
    java = needed("java", package="default-jre-headless")
    checker = project.root / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = [site / file_of(path, language) for language in LANGUAGES for path in KINDS]
    command = [java, "-jar", str(checker), "--errors-only", "--exit-zero-always", "--format", "json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    faults = [f"{fault.get('url')}: {fault['message']} {fault.get('extract', '')}" for fault in json.loads(done.stderr)["messages"]]
    assert faults == []
