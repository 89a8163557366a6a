"""Pages are found by search engines, each with its other language, and changes are followed by feed readers."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.site.sitemap_and_feed import ATOM_NAMESPACE, SITEMAP_NAMESPACE, XHTML_NAMESPACE, build_feed, write_discovery
from balansekunst.versions.diff import compare_graphs
from balansekunst.versions.releases import ChangelogVersion


def page(folder: Path, name: str, canonical: str, more: str = "") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<!doctype html><head><link rel="canonical" href="{canonical}">{more}</head>', encoding="utf-8")


def located(path: Path) -> list[str]:
    return [str(found.text) for found in ET.parse(path).getroot().iter(f"{{{SITEMAP_NAMESPACE}}}loc")]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for language in ("", "en/"):
        page(tmp_path, f"{language}index.html", BASE + language)
        page(tmp_path, f"{language}role/x.html", f"{BASE}{language}role/x")
        page(tmp_path, f"{language}external/role/x.html", f"{BASE}{language}role/x")
        page(tmp_path, f"{language}404.html", f"{BASE}{language}404")
    page(tmp_path, "only.html", f"{BASE}only")
    page(tmp_path, "hidden.html", f"{BASE}hidden", '<meta name="robots" content="noindex">')
    return tmp_path


def test_every_page_that_stands_for_itself_is_listed_with_its_languages(project: Project, pages: Path) -> None:
    write_discovery(pages, [], project)
    assert sorted(located(pages / "sitemap.xml")) == [BASE, f"{BASE}en/", f"{BASE}en/role/x", f"{BASE}only", f"{BASE}role/x"]
    links = {
        str(url.findtext(f"{{{SITEMAP_NAMESPACE}}}loc")): {
            link.get("hreflang"): link.get("href") for link in url.iter(f"{{{XHTML_NAMESPACE}}}link")
        }
        for url in ET.parse(pages / "sitemap.xml").getroot()
    }
    assert links[f"{BASE}en/role/x"] == links[f"{BASE}role/x"] == {"nb": f"{BASE}role/x", "en": f"{BASE}en/role/x"}
    assert links[f"{BASE}only"] == {"nb": f"{BASE}only"}
    assert not list(ET.parse(pages / "sitemap.xml").getroot().iter(f"{{{SITEMAP_NAMESPACE}}}lastmod")), "the pages' dates are not known"
    assert f"Sitemap: {BASE}sitemap.xml" in (pages / "robots.txt").read_text(encoding="utf-8")
    assert not (pages / "atom.xml").exists()


def test_many_pages_take_several_site_maps(project: Project, pages: Path) -> None:
    write_discovery(pages, [], project, most=2)
    parts = located(pages / "sitemap.xml")
    assert parts == [f"{BASE}sitemap-{number}.xml" for number in (1, 2, 3)]
    assert sum(len(located(pages / part.removeprefix(BASE))) for part in parts) == 5


def test_all_pages_of_the_site_are_listed(site: Path) -> None:
    listed = set(located(site / "sitemap.xml"))
    own = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    left_out = [name for name in own if BASE + name.removesuffix("index.html").removesuffix(".html") not in listed]
    assert len(listed) > 3000 and {name for name in left_out if "external/" not in name} == {"404.html", "en/404.html"}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_feed_is_atom_with_ids_that_last(project: Project, language: str) -> None:
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    old, new = ([Triple(NamedNode(f"{BASE}role/x"), label, Literal(name, language="nb"))] for name in ("A & B", "A < B"))
    versions = [
        ChangelogVersion("0.2.0", "2026-02-01", 1, 0, compare_graphs(old, new, project)),
        ChangelogVersion("0.1.0", "2026-01-01", 1, 0, None),
    ]
    root = ET.fromstring(build_feed(versions, project, language))
    entries = root.findall(f"{{{ATOM_NAMESPACE}}}entry")
    # RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry must have.
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{{{ATOM_NAMESPACE}}}{name}")) == 1 and element.findtext(f"{{{ATOM_NAMESPACE}}}{name}")
    assert root.find(f"{{{ATOM_NAMESPACE}}}author/{{{ATOM_NAMESPACE}}}name") is not None
    assert [entry.findtext(f"{{{ATOM_NAMESPACE}}}id") for entry in entries] == [f"{BASE}version/0.2.0", f"{BASE}version/0.1.0"]
    content = entries[0].findtext(f"{{{ATOM_NAMESPACE}}}content") or ""
    assert "A &lt; B" in content and "A &amp; B" in content and content.startswith("<ul><li>")
    assert build_feed(versions, project, language) == build_feed(versions, project, language)
