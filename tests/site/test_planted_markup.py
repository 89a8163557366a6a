"""A folder of one's own with markup and addresses that run scripts in every text and link: pages show them as text, and link nowhere."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from balansekunst.build import publish
from balansekunst.dataset import Dataset
from balansekunst.project import Project
from helpers.browser import opener
from test_init_project import OWN, started

pytestmark = pytest.mark.xdist_group("planted")

MARKUP = "</script></style></title></textarea><script data-planted>document.title='ran'</script><img data-planted src=x onerror=alert(2)>"
TEXT = f"{MARKUP}\"' data-planted=\"1\" onload='alert(3)' {{{{ 7*191 }}}} & <b data-planted>"
ADDRESSES = [
    NamedNode(iri) for iri in ("javascript:document.title='ran'", "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E", "JavaScript:a'b")
]
LINKS = {
    f"{prefix}{name}"
    for prefix, names in {
        "http://www.w3.org/2000/01/rdf-schema#": ("seeAlso",),
        "http://xmlns.com/foaf/0.1/": ("homepage", "page"),
        "http://www.w3.org/2006/vcard/ns#": ("hasURL", "hasEmail"),
        "http://www.w3.org/ns/dcat#": ("landingPage",),
        "http://purl.org/dc/terms/": ("license", "source", "references", "requires", "conformsTo"),
        "http://www.w3.org/2004/02/skos/core#": ("exactMatch", "closeMatch"),
    }.items()
    for name in names
}
"""Properties that addresses elsewhere are given with."""
LEADING = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "content", "srcdoc")
"""Attributes that lead somewhere, or say where."""


def plant(root: Path) -> None:
    """Put markup in every text of the folder, and addresses that run scripts beside and in place of those that lead elsewhere."""
    for path in sorted((root / "data").rglob("*.ttl")):
        quads, subjects = list[Quad](), set[NamedNode]()
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=OWN):
            value = quad.object
            if isinstance(value, Literal) and (value.language or value.datatype.value.endswith("#string")):
                value = Literal(TEXT + value.value, language=value.language) if value.language else Literal(TEXT + value.value)
            if quad.predicate.value in LINKS:
                quads += [Quad(quad.subject, quad.predicate, address) for address in ADDRESSES]
            if isinstance(quad.subject, NamedNode):
                subjects.add(quad.subject)
            quads.append(Quad(quad.subject, quad.predicate, value))
        quads += [Quad(thing, NamedNode(link), address) for thing in subjects for link in LINKS for address in ADDRESSES]
        path.write_bytes(serialize((quad.triple for quad in quads), format=RdfFormat.TURTLE) or b"")
    settings = root / "balansekunst.toml"
    named = re.sub(r'^(nb|en) = ".*"$', lambda found: f"{found[1]} = '''{TEXT}'''", settings.read_text(encoding="utf-8"), flags=re.M)
    settings.write_text(named, encoding="utf-8")


class Finder(HTMLParser):
    """Finds what has come through of what was planted, in one page."""

    def __init__(self) -> None:
        super().__init__()
        self.found = list[str]()
        self.text = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in given if name == "data-planted" or name.startswith("on")]
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if name in LEADING and re.match(r"\s*(javascript|data):", value or "", re.IGNORECASE) and tag != "meta"
        ]
        if tag == "script" and not given.get("src") and given.get("type") != "application/ld+json":
            self.found.append("<script>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = started(tmp_path_factory.mktemp("planted") / "own").root
    plant(root)
    project = Project.find(root)
    publish(Dataset(project).store, project)
    return project.output


@pytest.mark.slow
def test_no_page_has_what_was_planted(planted: Path) -> None:
    wrong, showing = dict[str, list[str]](), 0
    for path in sorted(planted.rglob("*.html")):
        page = Finder()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        if page.found or "1337" in (text := "".join(page.text)):
            wrong[path.relative_to(planted).as_posix()] = page.found
        else:
            showing += "data-planted" in text
    assert wrong == {}
    assert showing > 100


@pytest.mark.slow
def test_drawings_and_feeds_stay_well_formed(planted: Path) -> None:
    for path in sorted(path for path in planted.rglob("*") if path.suffix in (".svg", ".xml")):
        root = ElementTree.parse(path).getroot()
        assert not [name for element in root.iter() for name in element.attrib if name == "data-planted" or name.startswith("on")], path


PAGES = ("index.html", "role/kaffebrenner.html", "standard/kaffebrenner.html", "dataset.html", "search.html", "mine.html", "compare.html")


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_script_runs_in_the_browser(browser: Browser, planted: Path, name: str) -> None:
    faults = list[str]()
    with opener(browser, (f"{planted.as_uri()}/",), faults) as visit:
        page = visit((planted / name).as_uri())
        page.wait_for_load_state("load")
        assert page.locator("[data-planted]").count() == 0
        assert page.title() != "ran"
    assert faults == []
