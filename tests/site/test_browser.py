"""The fixtures that other tests of pages lean on find what they are there to find."""

from pathlib import Path

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
