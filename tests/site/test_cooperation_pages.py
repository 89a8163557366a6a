"""The pages on cooperation in the municipality: all that the handbook says is on one of them, two clicks from the front page."""

import re
from html import unescape

import pytest
from pyoxigraph import Store

from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.site.graph import View
from balansekunst.site.pages import Page, StaticSite

NAMES = ("what", "legal", "who", "topics", "start", "meeting", "stuck", "gains")
KINDS = ("Claim", "Finding", "Recommendation", "Gain", "QuestionSet", "WayOfWorking", "Notion", "TrustDimension")
READERS = ("hovedverneombud", "kommunedirektor", "plasstillitsvalgt")


@pytest.fixture(scope="module")
def site(inferred: Store, project: Project) -> StaticSite:
    return StaticSite(inferred, project)


def render(site: StaticSite, path: str, language: str) -> str:
    page = site.render_page(Page(path, f"pages/{path}.html", language))[0].decode()
    return unescape(page[page.index("<main") : page.index("</main>")])


@pytest.mark.slow
def test_everything_of_the_handbook_is_on_a_page(site: StaticSite) -> None:
    handbook = View(site.graph, "index", "nb").get_node("source/fagforbundet-sintef")
    told = " ".join(render(site, f"cooperation/{name}", "nb") for name in NAMES)
    about = [node for node in handbook.list_subjects("dcterms:source") if any(node.is_a(f"bk:{kind}") for kind in KINDS)]
    assert len(about) > 150
    assert [node.iri for node in about if node.name.value not in told] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_is_two_clicks_from_the_front_page(site: StaticSite, language: str) -> None:
    assert 'href="cooperation.html"' in render(site, "index", language)
    entry = render(site, "cooperation", language)
    for name in NAMES:
        assert f'href="cooperation/{name}.html"' in entry
        page = render(site, f"cooperation/{name}", language)
        assert re.findall(r"<h1>(.*)</h1>", page) == [format_message(f"cooperation.{name}", language)]
        sections = re.split("<h2", page)[1:-1]
        assert sections, name
        assert all("<li>" in section or "<tr>" in section for section in sections), name
    for role in READERS:
        assert f'href="role/{role}.html"' in entry


def test_the_law_and_the_seats_are_told(site: StaticSite) -> None:
    assert "Kommuneloven er ikke til hinder for samarbeidet" in render(site, "cooperation/legal", "nb")
    who = render(site, "cooperation/who", "en")
    assert who.index('id="styringsgruppe"') < who.index('id="arbeidsgruppe"')
    assert "at least 3" in who
