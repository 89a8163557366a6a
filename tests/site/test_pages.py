"""Every page is whole, says what the graph says, and leads only to what is there."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.dataset import Dataset
from balansekunst.export.paths import get_page_path, get_resource_path
from balansekunst.export.published import list_resources
from balansekunst.inputs import Inputs
from balansekunst.messages import LANGUAGES
from balansekunst.mobility.paths import MobilityOptions, compute_all_mobility_paths
from balansekunst.namespaces import BASE, METHOD_BASES, NAMESPACE, RDF_TYPE, expand_name
from balansekunst.outputs import LastBuild, Outputs
from balansekunst.project import Project
from balansekunst.site.graph import NAME_PROPERTIES
from balansekunst.site.pages import Page, StaticSite, write_site
from balansekunst.sparql.catalogue import run_query

pytestmark = pytest.mark.xdist_group("pages")

CODE = {"code", "pre", "script", "style"}
RAW_VALUE = re.compile(r"(?<![\w/.:\"'-])(?:\d{4}-\d\d(?:-\d\d)?(?![\w-])|P\d+[YMWD]\b)")
"""A date, a month or a duration as files have it, outside quotation marks."""
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """What a page holds: its elements with attributes, and its text by the language of each part."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[str, str]] = []
        self.prose: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        self.code += tag in CODE
        if tag not in VOID:
            self.open.append((tag, given.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in CODE
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append((self.open[-1][1] if self.open else "", data.strip()))
        if not self.code:
            self.prose.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [given for name, given in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(text for _, text in self.text)


def literal(term: object) -> Literal:
    assert isinstance(term, Literal)
    return term


def value(term: object) -> str:
    assert isinstance(term, Literal | NamedNode)
    return term.value


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match
    return match[1]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Reader]:
    return {path.relative_to(site).as_posix(): read(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_every_thing_has_a_page_in_both_languages(pages: dict[str, Reader], inferred: Store) -> None:
    wanted = {
        get_page_path(get_resource_path(iri, METHOD_BASES), language)
        for iri in list_resources(inferred, METHOD_BASES)
        for language in LANGUAGES
    }
    assert wanted <= set(pages)


def max_size(name: str) -> int:
    """The bytes that a page may have. Vocabulary, codebook, mapping table and a document with all stated in it are one page each."""
    name = name.removeprefix("en/")
    if name.startswith(("mapping/", "source/", "codebook")):
        return 400_000
    large = ("occupations/", "overview/", "role/", "rule/", "standard")
    return 90_000 if name in ("ns.html", "challenge.html", "data.html") or name.startswith(large) else 60_000


def test_each_page_is_whole(pages: dict[str, Reader], site: Path) -> None:
    assert (site / "assets" / "share.png").is_file()
    css = (site / "assets" / "style.css").stat().st_size
    wrong = []
    for name, page in pages.items():
        language = "en" if name.startswith("en/") else "nb"
        metas = {given.get("name"): given.get("content") for given in page.all("meta")}
        ids = Counter(given["id"] for _, given in page.elements if "id" in given)
        checks = {
            "language": page.all("html") == [{"lang": language}],
            "h1": len(page.all("h1")) == 1,
            "title": len(page.all("title")) >= 1,
            "description": bool(metas.get("description")),
            "canonical": any(given.get("rel") == "canonical" and str(given.get("href")).startswith(BASE) for given in page.all("link")),
            "skip": any(given.get("class") == "skip" and given.get("href") == "#content" for given in page.all("a")),
            "ids": max(ids.values()) == 1,
            "style": not page.all("style") and not any("style" in given for _, given in page.elements),
            "script": all(given.get("src") or given.get("type") == "application/ld+json" for given in page.all("script")),
            "handlers": not any(key.startswith("on") for _, given in page.elements for key in given),
            "size": (site / name).stat().st_size + css <= max_size(name),
            "elsewhere": not any(
                str(given.get(key)).startswith(("http:", "https:", "//"))
                for tag, given in page.elements
                for key in ("src", "href")
                if tag in ("script", "img", "iframe", "source") or (tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"))
            ),
            "shared": {"property": "og:image", "content": f"{BASE}assets/share.png"} in page.all("meta"),
            "policy": any("default-src 'none'" in str(given.get("content")) for given in page.all("meta")),
        }
        wrong += [(name, check) for check, good in checks.items() if not good]
    assert not wrong, wrong[:20]


def test_dates_and_durations_are_in_words(pages: dict[str, Reader]) -> None:
    assert RAW_VALUE.search("fra 2018-12") and RAW_VALUE.search("P1M") and not RAW_VALUE.search("STYRK-08 1420")
    raw = {(name, text) for name, page in pages.items() for text in page.prose if RAW_VALUE.search(text)}
    assert sorted(raw)[:10] == []
    assert "desember 2018" in pages["role/avdelingsleder-sykehjem.html"].words
    assert "December 2018" in pages["en/role/avdelingsleder-sykehjem.html"].words
    assert "2 years and 6 months" in " ".join(page.words for name, page in pages.items() if name.startswith("en/project/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_told_in_five_minutes(site: Path, inferred: Store, language: str) -> None:
    """Its challenges, findings and recommendations, in words that are in the graph already."""
    for document, kind in (("virke-2020", "Challenge"), ("lo-2020", "Finding"), ("lo-2020", "Recommendation"), ("spekter", "ProcessStep")):
        html = unescape(page_of(site, f"source/{document}", language))
        brief = html[html.index('id="brief"') : html.index('id="more"')]
        text = f"""PREFIX bk: <{NAMESPACE}>
            SELECT DISTINCT ?name WHERE {{
                ?thing a bk:{kind} ; <{expand_name("dcterms:source")}> <{BASE}source/{document}> ; <{expand_name("skos:prefLabel")}> ?name
                FILTER (LANG(?name) = "{language}") FILTER NOT EXISTS {{ ?thing bk:partOfRecommendation ?other }}
            }}"""
        names = [value(row["name"]) for row in run_query(inferred, text).rows]
        assert len(names) >= 3 and [name for name in names if name not in brief] == []


def test_no_heading_is_empty(site: Path) -> None:
    """Below a heading there is something, or a heading of a lower level."""
    empty = re.compile(r"<h([23])\b[^>]*>(?:(?!</h\1>).)*</h\1>\s*(?=<h([123])\b|</main|</section)", re.DOTALL)
    found = {
        path.relative_to(site).as_posix(): match[0]
        for path in sorted(site.rglob("*.html"))
        for match in empty.finditer(main(path.read_text(encoding="utf-8")) + "</main")
        if not match[2] or match[2] <= match[1]
    }
    assert found == {}


def test_tables_become_cards_on_phones(site: Path) -> None:
    """Each cell of a table with many columns says what it is; tables of two columns, and sheets to fill in on paper, fit."""
    wide = dict[str, str]()
    for path in sorted(site.rglob("*.html")):
        for table in re.findall(r"<table.*?</table>", path.read_text(encoding="utf-8"), re.DOTALL):
            name = path.relative_to(site).as_posix().removeprefix("en/")
            head = table.partition("</thead>")[0]
            if head.count("<th ") > 2 and "stacked" not in table.partition(">")[0] and name != "how-to.html":
                wide[name] = table[:120]
    assert wide == {}


def links(page: Reader) -> Iterator[str]:
    for tag, given in page.elements:
        for key in ("href", "src", "action"):
            address = given.get(key)
            if address and not (tag == "link" and given.get("rel") in ("canonical", "license")) and not given.get("hreflang"):
                yield address


@pytest.mark.slow
def test_every_link_and_anchor_leads_somewhere(pages: dict[str, Reader], site: Path) -> None:
    anchors = {name: {given["id"] for _, given in page.elements if "id" in given} for name, page in pages.items()}
    present = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    broken = []
    for name, page in pages.items():
        for address in links(page):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            folder = "" if parts.path.startswith("/") else dirname(name)
            reached = normpath(join(folder, unquote(parts.path).lstrip("/"))) if parts.path else name
            dynamic = reached.endswith(("search.html", "compare.html", "sparql.html")) and "=" in parts.fragment
            if reached not in present or (parts.fragment and not dynamic and parts.fragment not in anchors.get(reached, ())):
                broken.append((name, address))
    assert not broken, broken[:20]


@pytest.mark.parametrize("start", ["index.html", "en/index.html"])
def test_everything_is_few_clicks_from_the_front_page(pages: dict[str, Reader], inferred: Store, start: str) -> None:
    """Each list is two clicks away at most, and each thing four."""
    clicks, reached = {start: 0}, [start]
    for name in reached:
        for given in pages[name].all("a"):
            parts = urlsplit(given.get("href") or "")
            target = normpath(join(dirname(name), unquote(parts.path))) if parts.path and not parts.scheme else name
            if target in pages and target not in clicks:
                clicks[target] = clicks[name] + 1
                reached.append(target)
    own = {name for name in pages if name.startswith("en/") == start.startswith("en/") and not name.endswith("404.html")}
    assert sorted(own - clicks.keys()) == []
    assert [name for name in sorted(own) if clicks[name] > (2 if "/" not in name.removeprefix("en/") else 4)] == []


def test_each_page_links_its_twin(pages: dict[str, Reader]) -> None:
    for name, page in pages.items():
        twin = name.removeprefix("en/") if name.startswith("en/") else f"en/{name}"
        assert twin in pages
        others = {given["hreflang"]: given.get("href") for given in page.all("link") if given.get("hreflang")}
        assert list(others) == ["nb", "en", "x-default"], name
        [canonical] = [given.get("href") for given in page.all("link") if given.get("rel") == "canonical"]
        assert others["en" if name.startswith("en/") else "nb"] == canonical and others["x-default"] == others["nb"], name
        assert others["en"] == str(others["nb"]).replace(BASE, f"{BASE}en/"), name


def test_no_page_mixes_languages(pages: dict[str, Reader], inferred: Store) -> None:
    """A text that the graph has in one of our languages only, or that a page shows in the other, is marked with its language."""
    values: dict[str, set[str]] = {"nb": set(), "en": set()}
    for quad in inferred:
        if isinstance(quad.object, Literal) and quad.object.language in values and len(quad.object.value) > 25:
            values[quad.object.language].add(" ".join(quad.object.value.split()))
    alone = {"nb": values["nb"] - values["en"], "en": values["en"] - values["nb"]}
    wrong = [
        (name, text)
        for name, page in pages.items()
        for language, text in page.text
        if language in ("nb", "en") and text in alone["en" if language == "nb" else "nb"]
    ]
    assert not wrong, wrong[:20]


def page_of(site: Path, path: str, language: str = "nb", external: bool = False) -> str:
    return (site / get_page_path(path, language, external)).read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ["butikksjef", "butikkmedarbeider", "avdelingsleder-sykehjem", "folkehogskolelaerer", "tillitsvalgt"])
def test_a_role_shows_its_key_competences_and_their_outcomes(site: Path, inferred: Store, role: str) -> None:
    text = f"""PREFIX bk: <{NAMESPACE}>
        PREFIX skos: <{expand_name("skos:")}>
        SELECT ?name ?statement WHERE {{
            <{BASE}role/{role}> bk:hasStandard/bk:hasKeyCompetence ?key .
            ?key skos:prefLabel ?name FILTER(LANG(?name) = "nb")
            OPTIONAL {{ ?key bk:hasLearningOutcome/bk:statement ?statement FILTER(LANG(?statement) = "nb") }}
        }}"""
    rows = run_query(inferred, text).rows
    shown = " ".join(read(main(page_of(site, f"role/{role}"))).words.split())
    assert rows
    for row in rows:
        assert value(row["name"]) in shown
        assert row["statement"] is None or " ".join(value(row["statement"]).split()) in shown


def test_guidance_stands_in_three_roles_side_by_side(site: Path, inferred: Store, project: Project) -> None:
    answer = Dataset(project).query("same-competence", competence="veiledning")
    page = main(page_of(site, "competence/veiledning", "en"))
    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert len(cards) == 3 == len({str(row["role"]) for row in answer.rows})
    assert {found(r"<h3><a [^>]*>([^<]*)", card) for card in cards} == {value(row["role_en"]) for row in answer.rows}
    assert sorted(found(r'class="tag[^"]*"><a [^>]*>([^<]*)', card) for card in cards) == ["People", "People", "Presence"]


def test_the_matrix_is_that_of_mobility(site: Path, inferred: Store, project: Project) -> None:
    paths = compute_all_mobility_paths(inferred, project, MobilityOptions())
    page = main(page_of(site, "mobility"))
    shown = {
        (source, target): tuple(map(int, counts))
        for source, target, *counts in re.findall(r'href="mobility/([^/]+)/([^"]+)\.html"[^>]*>(\d+) like, (\d+) nære av (\d+)<', page)
    }
    assert shown == {
        (way.source.value.rsplit("/", 1)[1], way.target.value.rsplit("/", 1)[1]): (
            way.count_competences("shared"),
            way.count_competences("near"),
            way.count_all_competences(),
        )
        for way in paths
    }
    assert len(shown) == 20


@pytest.mark.slow
def test_of_many_roles_each_has_a_page_for_the_ways_to_the_nearest(
    project: Project, inferred: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = StaticSite(inferred, project)
    monkeypatch.setattr("balansekunst.site.pages.MAX_MATRIX_ROLES", 3)
    monkeypatch.setattr("balansekunst.site.pages.MAX_PATHS_PER_ROLE", 4)
    nearest = StaticSite(inferred, project)
    assert every.mobility_paths_by_source.keys() == nearest.mobility_paths_by_source.keys()
    for source, ways in nearest.mobility_paths_by_source.items():
        assert len(ways) == 4
        assert all(way == every.mobility_paths[source, way.target.value] for way in ways)
    html, _ = nearest.render_page(next(page for page in nearest.list_pages() if page.path == "mobility"))
    for source, target in every.mobility_paths:
        link = f'href="mobility/{source.rpartition("/")[2]}/{target.rpartition("/")[2]}.html"'
        assert (link in html.decode()) == ((source, target) in nearest.mobility_paths)


def test_a_way_says_what_the_question_says(site: Path, project: Project) -> None:
    way = Dataset(project).compute_mobility_path("butikkmedarbeider", "butikksjef")
    page = page_of(site, "mobility/butikkmedarbeider/butikksjef")
    for kind in ("shared", "near", "new"):
        section = page[page.index(f'aria-labelledby="{kind}"') :].split("</section>")[0]
        shown = set(re.findall(r'href="\.\./\.\./(competence/[^"]+)\.html"', section))
        assert shown == {value(row["competence"]).removeprefix(BASE) for row in way.select_rows(kind)}
    words = " ".join(read(page).words.split())
    for row in way.select_rows("shared"):
        for side in ("from_outcomes_nb", "to_outcomes_nb"):
            assert all(line in words for line in value(row[side]).splitlines())


def test_roles_that_wait_are_those_of_the_question(site: Path, project: Project) -> None:
    waiting = {value(row["role"]) for row in Dataset(project).query("roles-waiting").rows}
    page = page_of(site, "role")
    listed = page[page.index('id="things"') :]
    assert {BASE + path for path in re.findall(r'href="(role/[^"]+)\.html"', listed)} >= waiting
    assert waiting


def test_an_external_page_holds_nothing_internal(site: Path, inferred: Store) -> None:
    texts = {" ".join(value(quad.object).split()) for quad in inferred.quads_for_pattern(None, NamedNode(f"{NAMESPACE}rationale"), None)}
    for quad in inferred.quads_for_pattern(None, RDF_TYPE, NamedNode(f"{NAMESPACE}Item")):
        texts |= {value(label.object) for label in inferred.quads_for_pattern(quad.subject, NamedNode(expand_name("skos:prefLabel")), None)}
    texts = {text for text in texts if len(text) > 25}
    items = {quad.subject for quad in inferred.quads_for_pattern(None, RDF_TYPE, NamedNode(f"{NAMESPACE}Item"))}
    external = sorted([*(site / "external").rglob("*.html"), *(site / "en" / "external").rglob("*.html")])
    assert len(external) > 100
    # An item may also be the name of a competence: that is not internal.
    for name in ("skos:prefLabel", "skos:altLabel", "skos:hiddenLabel"):
        named = inferred.quads_for_pattern(None, NamedNode(expand_name(name)), None)
        texts -= {value(quad.object) for quad in named if quad.subject not in items}
    for path in external:
        words = " ".join(read(path.read_text(encoding="utf-8")).words.split())
        assert not [text for text in texts if text in words], path
    competences = sorted((site / "standard" / "folkehogskolelaerer").glob("*.html"))
    whole = " ".join(" ".join(read(path.read_text(encoding="utf-8")).words.split()) for path in competences)
    assert sum(text in whole for text in texts) > 20


HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\' onload="alert(3)" {{ 7*191 }} & <b>'


@pytest.mark.slow
def test_planted_markup_stays_text(project: Project, tmp_path: Path) -> None:
    store = Dataset(project).store
    graph = NamedNode(f"{BASE}graph/data/planted")
    changed = [
        quad
        for quad in store
        if isinstance(quad.object, Literal)
        and quad.object.language
        and quad.subject.value.startswith((f"{BASE}role/butikksjef", f"{BASE}standard/", f"{BASE}competence/veiledning", f"{BASE}source/"))
    ]
    for quad in changed:
        store.remove(quad)
        store.add(Quad(quad.subject, quad.predicate, Literal(HOSTILE + str(quad.object.value), language=quad.object.language), graph))
    site = StaticSite(store, project)
    kinds = (
        "role/butikksjef",
        "role",
        "competence/veiledning",
        "standard/tillitsvalgt",
        "standard/tillitsvalgt/bygge-nettverk",
        "source/virke-2020",
    )
    made = [page for page in site.list_pages() if page.path in (*kinds, "mobility/butikksjef/tillitsvalgt", "index", "method")]
    assert len(made) > 16
    for page in made:
        html = site.render_page(page)[0].decode()
        reader = read(html)
        assert not any(key.startswith("on") for _, given in reader.elements for key in given), page
        assert all(given.get("src") or given.get("type") == "application/ld+json" for given in reader.all("script")), page
        assert not reader.all("img") and not reader.all("b") and "1337" not in html, page
        assert page.path in ("index", "method") or "alert(1)" in reader.words, page


class Some(StaticSite):
    """The pages of some things, one in ten of the others, and the first of each template: they show the same in a fraction of the time."""

    ALWAYS = ("role/", "mobility/", "agent/", "standard/folkehogskolelaerer", "competence/veiledning")

    def list_pages(self) -> Iterator[Page]:
        seen = set[str]()
        for number, page in enumerate(super().list_pages()):
            if number % 10 == 0 or page.path.startswith(self.ALWAYS) or page.template not in seen:
                yield page
            seen.add(page.template)


def kept(project: Project, folder: Path, store: Store) -> tuple[int, dict[str, bytes]]:
    """Make the pages in `folder`/new, with those of `folder`/old at hand. Return how many were made anew, and all."""
    (folder / "new").mkdir(parents=True)
    outputs = Outputs(folder / "new", LastBuild.read(folder / "outputs.json", folder / "old"))
    made = write_site(Some(store, project), outputs, Inputs(project))
    outputs.save(folder / "outputs.json", folder / "new", "")
    return made.rendered_count, {
        path.relative_to(folder / "new").as_posix(): path.read_bytes() for path in (folder / "new").rglob("*.html")
    }


def renamed(store: Store, path: str) -> None:
    """Give a thing another name."""
    for quad in list(store.quads_for_pattern(NamedNode(BASE + path), None, None)):
        if quad.predicate.value in map(expand_name, NAME_PROPERTIES):
            store.remove(quad)
            name = Literal(f"Et annet navn ({value(quad.object)})", language=literal(quad.object).language)
            store.add(Quad(quad.subject, quad.predicate, name, quad.graph_name))


@pytest.fixture(scope="module")
def first(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, dict[str, bytes]]:
    """The pages made for the first time: the folder they are kept in, how many were made, and all."""
    folder = tmp_path_factory.mktemp("first")
    made, pages = kept(project, folder, Dataset(project).store)
    (folder / "new").rename(folder / "old")
    return folder, made, pages


@pytest.mark.slow
def test_only_what_depends_on_a_change_is_made_anew(project: Project, tmp_path: Path, first: tuple[Path, int, dict[str, bytes]]) -> None:
    store = Dataset(project).store
    folder, every, before = first
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    none, same = kept(project, tmp_path, store)
    assert (every, none) == (len(before), 0) and same == before
    (tmp_path / "new").rename(tmp_path / "newer")
    renamed(store, "agent/fafo")
    renamed(store, "standard/folkehogskolelaerer/veiledning")
    some, after = kept(project, tmp_path, store)
    changed = {name for name in after if after[name] != before.get(name)}
    touched = {
        "role/folkehogskolelaerer.html",
        "competence/veiledning.html",
        "en/agent/fafo.html",
        "mobility/butikksjef/folkehogskolelaerer.html",
    }
    assert touched <= changed and "role/tillitsvalgt.html" not in changed
    assert len(changed) <= some < every / 2
    assert kept(project, tmp_path / "whole", store)[1] == after


@pytest.mark.slow
def test_a_page_whose_citation_changes_is_made_anew(project: Project, tmp_path: Path, first: tuple[Path, int, dict[str, bytes]]) -> None:
    """A thing without a year of its own is cited with the year of the dataset, which its page does not read otherwise."""
    store = Dataset(project).store
    folder, _, before = first
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    dataset = NamedNode(f"{BASE}dataset")
    for name in ("dcterms:issued", "dcterms:modified"):
        for quad in list(store.quads_for_pattern(dataset, NamedNode(expand_name(name)), None)):
            store.remove(quad)
            store.add(Quad(dataset, quad.predicate, Literal("1814-05-17", datatype=literal(quad.object).datatype), quad.graph_name))
    made, after = kept(project, tmp_path, store)
    year = b"(1814)"
    assert year not in before["role/tillitsvalgt.html"] and year in after["role/tillitsvalgt.html"]
    cited = {name for name in after if year in after[name]}
    assert cited <= {name for name in after if after[name] != before[name]}
    assert len(cited) <= made < len(after)


@pytest.mark.parametrize(
    ("folder", "said"), [("", "Vurdert mot ESCO 1.1.1, 21. november 2026."), ("en", "Judged against ESCO 1.1.1, 21 November 2026.")]
)
def test_a_mapping_table_says_which_edition_and_when(site: Path, folder: str, said: str) -> None:
    for name in ("esco", "esco-occupations", "esco-outcomes"):
        assert said.partition(",")[0] in (site / folder / "mapping" / f"{name}.html").read_text(encoding="utf-8")
    assert said in (site / folder / "mapping" / "esco.html").read_text(encoding="utf-8")
