"""The site in Firefox: pages of content, and those that scripts make, from disk and without an error in the console."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.firefox import Firefox, running_firefox

pytestmark = pytest.mark.browser

PAGES = [
    ("index.html", "document.querySelector('.balance a')"),
    ("role/butikksjef.html", "document.querySelector('[data-action=print]').checkVisibility()"),
    ("compare.html?roles=butikkmedarbeider,butikksjef", "document.querySelectorAll('#results tbody tr').length > 10"),
    ("en/search.html?q=guidance", "document.querySelectorAll('main li a').length"),
    ("map.html", "document.querySelector('.themes td a')"),
    ("mine.html", "document.querySelector('main button')?.checkVisibility()"),
    ("write.html", "document.querySelector('#write .step')"),
    ("cooperation/set-up.html", "document.querySelector('main button')?.checkVisibility()"),
]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with running_firefox(tmp_path_factory.mktemp("firefox")) as window:
        yield window


@pytest.mark.xdist_group("firefox")
@pytest.mark.parametrize(("path", "shown"), PAGES)
def test_a_page_works_in_firefox(firefox: Firefox, site: Path, path: str, shown: str) -> None:
    firefox.faults.clear()
    for width in (390, 1280):
        firefox.set_width(width)
        firefox.open(f"{site.as_uri()}/{path}")
        firefox.wait_for(f"Boolean({shown})")
        assert firefox.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert firefox.evaluate("document.querySelector('header').offsetHeight") <= 0.15 * 844
    assert firefox.faults == []
