"""The fixtures that other tests of pages lean on find what they are there to find."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from helpers.browser import Visit, opener, violations


def test_a_page_opens_from_anywhere(place: str, visit: Visit) -> None:
    page = visit(f"{place}search.html")
    assert page.locator("h1").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<img alt="" src="http://127.0.0.1:9/elsewhere.png">', "asked for http://127.0.0.1:9/elsewhere.png"),
        ('<meta http-equiv="Content-Security-Policy" content="script-src \'self\'"><script>1</script>', "Content Security Policy"),
        ("<script>throw new Error('oh')</script>", "exception: oh"),
    ],
)
def test_faults_of_a_page_fail_its_test(page: str, fault: str, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title>{page}", encoding="utf-8")
    faults = list[str]()
    with opener(browser, (f"{tmp_path.as_uri()}/",), faults) as visit:
        visit(f"{tmp_path.as_uri()}/page.html").wait_for_load_state()
    assert fault in "\n".join(faults)


def test_axe_finds_a_picture_without_text(visit: Visit, place: str) -> None:
    page = visit(f"{place}search.html")
    page.evaluate("document.querySelector('main').append(new Image())")
    assert "image-alt" in "\n".join(violations(page))


MARKUP = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'
AT_REST = "() => new Promise((done) => setTimeout(() => requestIdleCallback(() => done()), 100))"
"""Waits until the page has nothing more to do."""
POISON = [
    "{",
    "null",
    "3",
    '{"saved": "2026", "draft": {"kind": "standard", "id": "a"}}',
    '{"saved": 3, "draft": {"kind": "standard", "id": "b", "label": {"nb": "x"}, "placements": 3, "role": []}}',
    json.dumps({"saved": MARKUP, "draft": {"kind": MARKUP, "id": MARKUP, "label": {"nb": MARKUP, "en": MARKUP}}}),
    json.dumps({"label": MARKUP, "arenas": 3, "id": {"a": []}}),
]


@pytest.mark.parametrize("address", ["write.html", "cooperation/set-up.html", "mine.html"])
def test_what_lies_in_the_store_of_the_browser_breaks_no_page(place: str, visit: Visit, address: str) -> None:
    page = visit(f"{place}{address}")
    for text in POISON:
        for key in ("balansekunst-draft a", "balansekunst-draft <b>", "balansekunst-set-up"):
            page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])
        page.reload()
        page.evaluate(AT_REST)
        assert page.locator("main h1").count() == 1
        assert page.locator("main button:visible, main a:visible").count() > 0, text
        assert page.locator("main img[onerror], main script:not([src]):not([type])").count() == 0
        assert page.title() not in ("1", "2")


@pytest.mark.parametrize(
    "address", ["sparql.html#query=", "search.html?q=", "mine.html#", "write.html#", "compare.html?roles=", "compare.html#"]
)
def test_a_hostile_link_is_text(place: str, visit: Visit, address: str) -> None:
    page = visit(f"{place}{address}{quote(MARKUP)}")
    page.evaluate(AT_REST)
    assert page.locator("main img[onerror], main script:not([src]):not([type])").count() == 0
    assert page.title() not in ("1", "2")
