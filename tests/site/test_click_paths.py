"""Three findings each that a shop steward, an HR manager and a researcher come to from the front page, by links that are on the pages."""

import csv
import re
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.export.paths import get_page_path
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, expand_name

pytestmark = pytest.mark.xdist_group("pages")

MAX_CLICKS = 3
with Path(__file__).with_name("click-paths.tsv").open(encoding="utf-8", newline="") as file:
    CLICK_PATHS = [(row["who"], [*row["by way of"].split(), row["finding"]]) for row in csv.DictReader(file, delimiter="\t")]


def list_linked_pages(site: Path, page: str) -> set[str]:
    """Return the pages that a page links to, by their files."""
    html = (site / page).read_text(encoding="utf-8")
    parts = [urlsplit(unescape(href)) for href in re.findall(r'<a\s[^>]*?href="([^"]+)"', html)]
    return {normpath(join(dirname(page), unquote(part.path))) for part in parts if part.path and not part.scheme}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("who", "clicks"), CLICK_PATHS, ids=[f"{who}: {clicks[-1]}" for who, clicks in CLICK_PATHS])
def test_a_finding_is_three_clicks_away(site: Path, inferred: Store, who: str, clicks: list[str], language: str) -> None:
    assert len(clicks) <= MAX_CLICKS
    page = get_page_path("index", language)
    for step in clicks:
        target = get_page_path(step, language)
        assert target in list_linked_pages(site, page), f"{page} does not link to {target}"
        page = target
    names = inferred.quads_for_pattern(NamedNode(BASE + clicks[-1]), NamedNode(expand_name("skos:prefLabel")), None)
    found = [quad.object.value for quad in names if isinstance(quad.object, Literal) and quad.object.language == language]
    html = unescape((site / page).read_text(encoding="utf-8"))
    assert found and all(f"<h1>{name}</h1>" in html for name in found)


def test_each_reader_has_three_findings() -> None:
    readers = [who for who, _ in CLICK_PATHS]
    assert {who: readers.count(who) for who in readers} == {"shop steward": 3, "HR manager": 3, "researcher": 3}
    assert len({clicks[-1] for _, clicks in CLICK_PATHS}) == len(CLICK_PATHS)
