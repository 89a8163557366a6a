"""Pages that guide a reader through the graph: how to do an interview, what answers a challenge, competences by theme."""

import re
import tomllib
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest
import rdflib
from pyoxigraph import Store
from rdflib.namespace import OWL, QB, RDF, RDFS, SKOS

from balansekunst.export.published import list_resources
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, METHOD_BASES, NAMESPACE, compact_iri
from balansekunst.project import Project
from balansekunst.rdf.rdflib_graph import as_rdflib
from balansekunst.site.pages import Page, StaticSite
from balansekunst.sparql.catalogue import load_questions, run_question, to_plain_text
from balansekunst.version import __version__
from helpers.dataset import ROOT

BK = rdflib.Namespace(NAMESPACE)
Render = Callable[[str, str], str]
CODE = re.compile(
    r"(true|false|(rule/)?[A-Z]{1,2}[0-9]+|(bk|dcterms|owl|prov|qb|rdfs?|skos|xsd):[A-Za-z]+|https?://[^ ]*#\w+|.*NoTermFound)"
)
"""What a value looks like that was written for machines."""


class Values(HTMLParser):
    """The values that a page shows: the texts in lists, tables and links, outside code and the section on use."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hides = tag in ("code", "pre", "svg", "nav") or given.get("aria-labelledby") == "use" or given.get("lang") == "en"
        if tag not in ("br", "input", "img"):
            self.open.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        shown = {tag for tag, _ in self.open} & {"dd", "td", "li", "a"}
        if shown and data.strip() and not any(hides for _, hides in self.open):
            self.found.add(" ".join(data.split()))


def list_pages(site: StaticSite) -> dict[tuple[str, str], Page]:
    """Return the pages by path and language, without the external ones."""
    return {(page.path, page.language): page for page in site.list_pages() if not page.external}


@pytest.fixture(scope="module")
def render(inferred: Store, project: Project) -> Render:
    """Return the content of one page, without building the others."""
    site = StaticSite(inferred, project)
    pages = list_pages(site)

    def render_content(path: str, language: str) -> str:
        page: Page = pages[path, language]
        html = unescape(site.render_page(page)[0].decode())
        return html[html.index("<main") : html.index("</main>")]

    return render_content


def name(graph: rdflib.Graph, node: rdflib.term.Node, language: str) -> str:
    return next(str(o) for o in graph.objects(node, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == language)


def order(graph: rdflib.Graph, node: rdflib.term.Node) -> int:
    return int(str(graph.value(node, BK.order)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_interview_guide_has_every_step_and_question_in_order(render: Render, inferred_graph: rdflib.Graph, language: str) -> None:
    html = render("how-to", language)
    ways = [
        way
        for stage in sorted(inferred_graph.subjects(RDF.type, BK.MethodStep), key=lambda one: order(inferred_graph, one))
        for way in inferred_graph.subjects(BK.concerns, stage)
        if (way, RDF.type, BK.WayOfWorking) in inferred_graph and (way, BK.exampleOf, None) not in inferred_graph
    ]
    assert len(ways) == 4
    for way in ways:
        at = html.index(f'<h2 id="{PurePosixPath(str(way)).name}"')
        for step in sorted(inferred_graph.objects(way, BK.hasStep), key=lambda one: order(inferred_graph, one)):
            at = html.index(f"<strong>{name(inferred_graph, step, language)}</strong>", at)
            for question in inferred_graph.objects(step, BK.usesQuestions / BK.hasQuestion):
                assert f"<li>{name(inferred_graph, question, language)}</li>" in html[at:]
    sheet = html[html.index('<h2 id="sheet"') :]
    for kind in (BK.BalancePoint, BK.BalanceMidpoint):
        for place in inferred_graph.subjects(RDF.type, kind):
            assert f'<th scope="col">{name(inferred_graph, place, language)}</th>' in sheet


def test_rules_on_the_work_and_the_steps_that_they_guard_link_to_each_other(
    render: Render, inferred_graph: rdflib.Graph, project: Project
) -> None:
    shapes = as_rdflib(project.reader.load(project.list_shape_files()))
    for id in ("P1", "P2", "P3", "P6", "P12", "P13"):
        rule = rdflib.URIRef(f"{BASE}rule/{id}")
        ties = {*shapes.objects(rule, RDFS.seeAlso), *inferred_graph.subjects(RDFS.seeAlso, rule)}
        assert ties, id
        page = render(f"rule/{id}", "nb")
        for tie in ties:
            assert f">{name(inferred_graph, tie, 'nb')}</a>" in page, tie
            step_page = render(str(tie).removeprefix(BASE), "nb")
            assert f">{id} " in step_page, (id, tie)


@pytest.mark.parametrize("language", LANGUAGES)
def test_recommendations_stand_in_the_order_of_the_query(render: Render, inferred: Store, project: Project, language: str) -> None:
    rows = run_question(inferred, load_questions(project)["challenges-and-recommendations"]).rows
    html = render("challenge", language)
    table, lists = html[: html.index("</table>")], html[html.index("</table>") :]
    for kind, part in (("challenge", table), ("recommendation", lists)):
        found = dict.fromkeys(
            (str(row["source_nb"]), str(to_plain_text(row[f"thing_{language}"]))) for row in rows if to_plain_text(row["kind"]) == kind
        )
        assert found
        assert all(f">{label}</a>" in part for _, label in found)
    first = [label for document, label in found if "Virke" in document][:3]
    places = [lists.index(f">{label}</a>") for label in first]
    assert places == sorted(places)
    measures = [str(to_plain_text(row[f"to_{language}"])) for row in rows if to_plain_text(row["tie"]) == "measure"]
    places = [table.index(f">{label}</a>") for label in measures]
    assert len(places) == 3 and places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_competences_by_theme_lead_to_roles(render: Render, inferred_graph: rdflib.Graph, language: str) -> None:
    html = render("collection", language)
    collections = set(inferred_graph.subjects(RDF.type, SKOS.Collection))
    assert len(collections) == 14
    for collection in collections:
        part = html[html.index(f'<h2 id="{PurePosixPath(str(collection)).name}"') :]
        part = part[: part.index("</section>")]
        for competence in inferred_graph.objects(collection, SKOS.member):
            assert f">{name(inferred_graph, competence, language)}</a>" in part
            assert all(
                f">{name(inferred_graph, role, language)}</a>" in part
                for role in inferred_graph.subjects(BK.requiresCompetence, competence)
            )
    assert format_message("provenance.addition", language) in html
    assert 'href="collection.html"' in render("competence", language)


def test_what_points_to_a_page_has_a_name_that_is_read_from_there(inferred: Store, inferred_graph: rdflib.Graph) -> None:
    """But where pages tell of it in a place of its own."""
    told_elsewhere = {
        SKOS.related,
        SKOS.broader,
        SKOS.narrower,
        SKOS.inScheme,
        SKOS.hasTopConcept,
        SKOS.topConceptOf,
        OWL.annotatedSource,
        QB.dataSet,
    }
    pages = {rdflib.URIRef(iri) for iri in list_resources(inferred, METHOD_BASES)}
    pointing = {p for _, p, o in inferred_graph if o in pages and compact_iri(str(p)) and p not in told_elsewhere}
    named = {
        (p, label.language) for p, _, label in inferred_graph.triples((None, BK.inverseLabel, None)) if isinstance(label, rdflib.Literal)
    }
    unnamed = {(p, language) for p in pointing for language in LANGUAGES} - named
    assert len(pointing) > 100 and unnamed == set()


@pytest.mark.slow
def test_values_on_norwegian_pages_are_written_for_people(inferred: Store, inferred_graph: rdflib.Graph, project: Project) -> None:
    """On two pages of every kind of thing."""
    labels: dict[str, set[str]] = {"nb": set(), "en": set()}
    for property in (SKOS.prefLabel, SKOS.altLabel, RDFS.label, BK.inverseLabel):
        for label in inferred_graph.objects(None, property):
            if isinstance(label, rdflib.Literal) and label.language in labels:
                labels[label.language].add(str(label))
    english = labels["en"] - labels["nb"]
    site = StaticSite(inferred, project)
    by_kind: dict[tuple[str, int], list[Page]] = {}
    for page in list_pages(site).values():
        if page.language == "nb" and page.template.startswith("things/"):
            by_kind.setdefault((page.path.partition("/")[0], page.path.count("/")), []).append(page)
    wrong: dict[str, set[str]] = {}
    for pages in by_kind.values():
        for page in (pages[0], pages[-1]):
            reader = Values()
            reader.feed(site.render_page(page)[0].decode().partition("<main")[2].partition("</main>")[0])
            bad = {value for value in reader.found if CODE.fullmatch(value) or value in english}
            if bad:
                wrong[page.path] = bad
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starter_is_explained_to_those_who_write_and_to_it(render: Render, language: str) -> None:
    html = render("starter", language)
    for key in ("starter.hr", "starter.get", "starter.wrong", "starter.it"):
        assert f">{format_message(key, language)}</h2>" in html
    steps = html.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count("<li>") == len(format_message("starter.hr.steps", language).split("\n")) == 7
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Python {settings['requires-python'].removeprefix('>=')}" in html
    assert f"uvx --from ./balansekunst-{__version__}-py3-none-any.whl" in html and "pipx install" in html
    for folder, name in (("", "rapport.txt"), ("nettsted", "build/site"), (".program", "start.py")):
        assert folder in html and name in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["interview", "write", "method"])
def test_the_starter_is_linked_from_where_one_looks_for_it(render: Render, path: str, language: str) -> None:
    assert 'href="starter.html"' in render(path, language)
