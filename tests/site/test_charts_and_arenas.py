"""Charts, arenas, measures and roles that wait say what the graph says."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib.namespace import QB, RDF, SKOS

from balansekunst.dataset import Dataset
from balansekunst.export.paths import get_page_path
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.site.values import format_quantity

BK = rdflib.Namespace(NAMESPACE)
MEASURES = (BK.value, BK["count"], BK.percentage, BK.average, BK.share)
CUBES = (
    "labour-markets",
    "panel",
    "samples",
    "sample-by-union",
    "emphasis",
    "learning-70-20-10",
    "inn-og-utmeldte",
    "norge-og-fagforbundet",
    "fagforbundsuka-2014",
    "kontaktopplysninger",
    "forsorgerbrok",
    "laering-som-tillitsvalgt",
)


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


def ref(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def page_of(site: Path, path: str, language: str) -> str:
    html = (site / get_page_path(path, language)).read_text(encoding="utf-8")
    return html[html.index("<main") : html.index("</main>")]


def name(graph: rdflib.Graph, thing: rdflib.term.Node, language: str) -> str:
    [found] = [str(o) for o in graph.objects(thing, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == language]
    return found


def words(html: str) -> str:
    """Return the text of a piece of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&amp;", "&").replace("&#39;", "'").split())


def printed(graph: rdflib.Graph, observation: rdflib.term.Node, language: str) -> str:
    [value] = [Decimal(str(o)) for measure in MEASURES for o in graph.objects(observation, measure)]
    about = f"{format_message('cube.about', language)} " if graph.value(observation, BK.approximate) else ""
    return f"{about}{format_quantity(float(value), language)}{'*' if graph.value(observation, BK.disagreement) else ''}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cube", CUBES)
def test_charts_and_tables_have_the_numbers_of_the_graph(site: Path, graph: rdflib.Graph, cube: str, language: str) -> None:
    html = page_of(site, f"statistics/{cube}", language)
    observations = set(graph.subjects(QB.dataSet, ref(f"statistics/{cube}")))
    wanted = sorted((name(graph, o, language), " ".join(printed(graph, o, language).split())) for o in observations)
    rows = re.findall(r'<tr><th scope="row"><a [^>]*>(.*?)</a>.*?<td class="number">(.*?)</td>', html, re.DOTALL)
    assert sorted((words(label), words(value)) for label, value in rows) == wanted
    for drawn in re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL):
        svg = ElementTree.fromstring(drawn)
        assert svg.get("role") == "img"
        named = {element.get("id"): element.text for element in svg if element.tag in ("title", "desc")}
        assert list(named) == str(svg.get("aria-labelledby")).split() and all(named.values())
        shown, label = list[tuple[str, str, float]](), list[str]()
        bars = [element for element in svg if element.get("class") in ("bar", "bar disputed")]
        for element in svg:
            if element.tag == "text" and element.get("class") == "figure":
                shown.append((" ".join(label), " ".join(str(element.text).split()), float(str(bars[len(shown)].get("width")))))
                assert ("disputed" in str(bars[len(shown) - 1].get("class"))) == str(element.text).endswith("*")
                label = []
            elif element.tag == "text":
                label.append(str(element.text))
        assert {(label_, value) for label_, value, _ in shown} <= set(wanted)
        numbers = [float(re.sub(r"[^\d.,]", "", value).replace(",", "" if language == "en" else ".")) for _, value, _ in shown]
        # Every bar is as long as its number, by one scale.
        lengths = [length for _, _, length in shown]
        scale = max(lengths) / max(numbers)
        assert all(abs(length - scale * number) <= 0.2 for length, number in zip(lengths, numbers, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_cubes_with_percentages_are_drawn(site: Path, graph: rdflib.Graph, language: str) -> None:
    for cube in ("labour-markets", "panel", "learning-70-20-10", "kontaktopplysninger"):
        html = page_of(site, f"statistics/{cube}", language)
        drawn = sum(svg.count('class="figure"') for svg in re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL))
        assert drawn == len(set(graph.subjects(QB.dataSet, ref(f"statistics/{cube}"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_arena_tells_who_takes_part_in_what_numbers_and_what_belongs(site: Path, graph: rdflib.Graph, language: str) -> None:
    for arena in graph.subjects(RDF.type, BK.Arena):
        html = page_of(site, str(arena).removeprefix(BASE), language)
        table = html[html.index('class="seats stacked"') :].split("</table>")[0]
        rows = [words(row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]]
        seats = list(graph.objects(arena, BK.hasParticipation))
        assert len(rows) == len(seats)
        for seat in seats:
            role = name(graph, graph.value(seat, BK.participantRole), language)  # type: ignore[arg-type]
            [row] = [row for row in rows if row.startswith(f"{role} ")]
            least = graph.value(seat, BK.minimumSeats)
            if least is not None:
                assert format_message("arena.at-least", language, number=least) in row
            elif graph.value(seat, BK.fromEveryUnion) is not None:
                assert format_message("arena.every-union", language) in row
            else:
                assert format_message("arena.seats.not-stated", language) in row
        for key, property_ in (("belongs", BK.hasTopic), ("excluded", BK.excludesTopic)):
            topics = {name(graph, topic, language) for topic in graph.objects(arena, property_)}
            part = html.split(f'<h2 id="{key}">')[1].split("<h2")[0] if topics else ""
            assert all(topic in words(part) for topic in topics)
            assert part.count('href="../topic/') == len(topics)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_measure_tells_its_kind_and_the_needs_it_answers(site: Path, graph: rdflib.Graph, language: str) -> None:
    measures = set(graph.subjects(RDF.type, BK.DevelopmentMeasure))
    listed = words(page_of(site, "measure", language))
    for measure in measures:
        assert name(graph, measure, language) in listed
        page = page_of(site, str(measure).removeprefix(BASE), language)
        facts = words(page.split('<dl class="facts">')[1].split("</dl>")[0])
        for told, ours in ((BK.inSetting, BK.editorialSetting), (BK.ofLearningForm, BK.editorialLearningForm)):
            assert all(name(graph, kind, language) in facts for kind in graph.objects(measure, told))
            assert graph.value(measure, ours) is None or format_message("measure.our-reading", language) in facts
        fits = words(page.split('<h2 id="fits">')[1].split("<h2")[0])
        needs = set(graph.subjects(BK.answeredBy, measure)) | set(graph.subjects(BK.editorialAnsweredBy, measure))
        settings = {*graph.objects(measure, BK.inSetting), *graph.objects(measure, BK.editorialSetting)}
        needs |= {need for setting in settings for need in graph.subjects(BK.suitsSetting, setting)}
        assert all(name(graph, need, language) in fits for need in needs)
        assert bool(needs) != (format_message("measure.suits.not-stated", language) in fits)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_roles_that_wait_stand_with_their_duties(site: Path, project: Project, graph: rdflib.Graph, language: str) -> None:
    html = page_of(site, "roles-waiting", language)
    sections = {part.split('"')[0]: words(part) for part in html.split('<h2 id="')[1:]}
    rows = Dataset(project).query("roles-waiting").rows
    waiting = {row["role"].value.removeprefix(f"{BASE}role/") for row in rows}  # type: ignore[union-attr]
    assert set(sections) == waiting and len(waiting) == 32
    for slug, said in sections.items():
        duties = list(graph.objects(ref(f"role/{slug}"), BK.hasDuty))
        assert all(name(graph, duty, language) in said for duty in duties)
        assert bool(duties) != (format_message("waiting.none", language) in said)
        page = words(page_of(site, f"role/{slug}", language))
        assert format_message("role.waiting", language) in page
        for duty in duties:
            [what] = [str(o) for o in graph.objects(duty, SKOS.definition) or []] or [
                str(o) for o in graph.objects(duty, rdflib.DCTERMS.description) if isinstance(o, rdflib.Literal) and o.language == language
            ]
            assert what in page
