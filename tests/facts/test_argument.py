"""What virke-2020 argues, finds and recommends, and how the method is carried out, against the document.

The numbers are counted in the document, not in the files.
"""

import re
from collections import Counter

import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV, QB, RDF, RDFS, SKOS

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.rdflib_graph import as_rdflib

BK = rdflib.Namespace(NAMESPACE)
VIRKE = rdflib.URIRef(f"{BASE}source/virke-2020")
STEPS = {
    # virke-2020: «Første steg» and «Intervju-situasjonen»; «Trinn 1» with «Dynamikk»; «Trinn 2» and «Respekt for ulikheter»;
    # «Tredje steg» with the criteria and «Detaljerte beskrivelser»; «Mer om …» and its table; case 4; case 2
    "balansekunst-intervju": 13,
    "plassere-i-balansemodellen": 5,
    "velge-nokkelkompetanser": 6,
    "skrive-laeringsutbytter": 6,
    "sammenligne-person-med-standard": 4,
    "fra-standard-til-individuell-beskrivelse": 3,
    "intervjuer-i-oslo-voksenopplaering": 6,
}
OVERVIEWS = {
    # the figure: 9 + 9 + 8 names; the tables: 20 + 40 + 23
    "balansemodellen": {"mennesker-teknologi": 9, "fleksibilitet-rutiner": 9, "tempo-tilstedevaerelse": 8},
    "nokkelkompetanser": {"mennesker-teknologi": 20, "fleksibilitet-rutiner": 40, "tempo-tilstedevaerelse": 23},
}


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


@pytest.fixture(scope="module")
def shapes(project: Project) -> rdflib.Graph:
    return as_rdflib(project.reader.load(project.list_shape_files()))


def thing(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def label(graph: rdflib.Graph, node: rdflib.term.Node) -> str:
    return next(str(o) for o in graph.objects(node, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == "nb")


def value(graph: rdflib.Graph, figure: str) -> int:
    return int(str(graph.value(thing(f"statistics/comparisons/{figure}"), BK.value)))


def test_each_main_challenge_has_the_main_measure_below_its_heading(graph: rdflib.Graph) -> None:
    challenges = sorted(graph.subjects(RDF.type, BK.Challenge), key=lambda c: int(str(graph.value(c, BK.order))))
    assert len(challenges) == 3
    for challenge in challenges:
        [measure] = graph.objects(challenge, BK.answeredByMeasure)
        assert set(graph.objects(measure, BK.statedIn)) <= set(graph.objects(challenge, BK.statedIn)), challenge
        assert set(graph.subjects(BK.partOfRecommendation, measure)), measure


def test_twelve_knowledge_gaps_in_the_order_of_the_box(graph: rdflib.Graph) -> None:
    gaps = {int(str(graph.value(gap, BK.order))): gap for gap in graph.subjects(RDF.type, BK.KnowledgeGap)}
    assert sorted(gaps) == list(range(1, 13))
    assert label(graph, gaps[4]) == "Grønn omstilling" and "Fagskolenes" in label(graph, gaps[10])


def test_the_five_uses_of_the_box_and_four_open_questions_on_levels(graph: rdflib.Graph) -> None:
    box = thing("source/virke-2020/veien-videre-konklusjoner-og-anbefalinger/balansekunst-bidrag-til-kompetansepolitikken-og")
    uses = sorted((int(str(graph.value(use, BK.order))), label(graph, use)) for use in graph.subjects(BK.statedIn, box))
    assert [name.split()[0] for _, name in uses] == [
        "Realkompetansevurdering",
        "Mobilitet",
        "Integrering",
        "Overganger",
        "Karriereveiledning",
    ]
    assert len(set(graph.objects(thing("question/om-nivaer"), BK.hasQuestion))) == 4


@pytest.mark.parametrize(("way", "number"), STEPS.items())
def test_each_way_has_its_steps_in_order(graph: rdflib.Graph, way: str, number: int) -> None:
    steps = list(graph.objects(thing(f"way-of-working/{way}"), BK.hasStep))
    assert sorted(int(str(graph.value(step, BK.order))) for step in steps) == list(range(1, number + 1))


@pytest.mark.parametrize(("rule", "step"), {"P1": "12", "P2": "1", "P3": "13", "P6": "5"}.items())
def test_rules_and_steps_of_the_interview_point_to_each_other(graph: rdflib.Graph, shapes: rdflib.Graph, rule: str, step: str) -> None:
    here, there = thing(f"rule/{rule}"), thing(f"way-of-working/balansekunst-intervju/step/{step}")
    assert (here, RDFS.seeAlso, there) in shapes and (there, RDFS.seeAlso, here) in graph


@pytest.mark.parametrize(("overview", "dimensions"), OVERVIEWS.items())
def test_overviews_have_all_names_in_their_dimensions(graph: rdflib.Graph, overview: str, dimensions: dict[str, int]) -> None:
    placed = list(graph.objects(thing(f"overview/{overview}"), BK.showsPlacement))
    found = Counter(str(graph.value(p, BK.inDimension)).rpartition("/")[2] for p in placed)
    assert found == dimensions
    assert sorted(int(str(graph.value(p, BK.order))) for p in placed) == list(range(1, len(placed) + 1))


def test_the_tables_are_read_column_by_column_as_the_document_has_them(graph: rdflib.Graph, documents: str) -> None:
    """In a row of three cells, the names of the three columns follow each other in the text."""
    plain = re.sub(r"\s+", " ", documents)
    for row in (
        "Relasjonsbygging Analytiske evner Bruke IT-verktøy",
        "Nyskaping Forbedringsarbeid Lov og regelverk",
        "Tidsstyring Veiledning Oppmerksomhet",
    ):
        assert row in plain
    at = {
        (label(graph, p), str(graph.value(p, BK.atPosition)).rpartition("/")[2])
        for p in graph.objects(thing("overview/nokkelkompetanser"), BK.showsPlacement)
    }
    assert {
        ("Relasjonsbygging", "mennesker"),
        ("Analytiske evner", "mellom-mennesker-teknologi"),
        ("Bruke IT-verktøy", "teknologi"),
        ("Nyskaping", "fleksibilitet"),
        ("Forbedringsarbeid", "mellom-fleksibilitet-rutiner"),
        ("Lov og regelverk", "rutiner"),
        ("Tidsstyring", "tempo"),
        ("Veiledning", "mellom-tempo-tilstedevaerelse"),
        ("Oppmerksomhet", "tilstedevaerelse"),
    } <= at


def test_our_counts_are_what_the_graph_holds(graph: rdflib.Graph) -> None:
    chains = [thing(f"standard/{slug}") for slug in ("kiwi-butikksjef", "meny-leder", "ikea-shopkeeper")]
    outcomes = [set(graph.objects(chain, BK.hasLearningOutcome)) for chain in chains]
    times = Counter(outcome for chain in outcomes for outcome in chain)
    assert value(graph, "ulike-laeringsutbytter") == len(times) == 48
    for figure, number, times_shared in (("felles-for-alle-tre", 15, 3), ("felles-for-to", 7, 2), ("egne-for-en-kjede", 26, 1)):
        assert value(graph, figure) == number == sum(1 for n in times.values() if n == times_shared)
    variants = {o for o, n in times.items() if n == 1 and (set(graph.objects(o, BK.variantOf)) | set(graph.subjects(BK.variantOf, o)))}
    assert value(graph, "varianter") == len(variants) == 18 and value(graph, "saeregne") == 26 - 18
    keys = {
        slug: set(graph.objects(thing(f"standard/{slug}"), BK.hasKeyCompetence / BK.competence))
        for slug in ("butikksjef", "avdelingsleder-sykehjem", "folkehogskolelaerer", "tillitsvalgt")
    }
    elsewhere = set().union(*(found for slug, found in keys.items() if slug != "butikksjef"))
    assert value(graph, "butikksjef-delt-med-andre-roller") == len(keys["butikksjef"] & elsewhere) == 5
    assert value(graph, "roller-med-veiledning") == sum(thing("competence/veiledning") in found for found in keys.values()) == 3
    rows = list(graph.objects(thing("comparison/voksenopplaering"), BK.hasComparisonRow))
    cells = {row: int(str(graph.value(row, BK.individualCount))) for row in rows}
    within = sum(n for row, n in cells.items() if graph.value(row, BK.comparedWith))
    assert (
        (value(graph, "celler-i-standarden"), value(graph, "celler-ut-over-standarden"))
        == (within, sum(cells.values()) - within)
        == (21, 11)
    )


def test_findings_on_lock_in_rest_on_figures(graph: rdflib.Graph) -> None:
    for slug in ("liten-innlasing-i-handel", "apner-for-mobilitet-ut-av-handel", "forskjellene-mellom-kjedene-blir-tydelige"):
        figures = set(graph.objects(thing(f"finding/{slug}"), BK.restsOnFigure))
        assert figures and all((f, QB.dataSet, None) in graph and graph.value(f, BK.editorial) for f in figures), slug


def test_the_evaluation_is_told_as_the_white_paper_tells_it(graph: rdflib.Graph) -> None:
    found = {f for f in graph.subjects(DCTERMS.references, thing("source/jensen-lidahl-2018")) if (f, RDF.type, BK.Finding) in graph}
    assert len(found) == 3 and all((f, DCTERMS.source, VIRKE) in graph for f in found)
    jury = {c for c in graph.subjects(PROV.wasAttributedTo, thing("agent/vpl-biennale")) if (c, RDF.type, BK.Claim) in graph}
    assert len(jury) == 4


def test_every_claim_finding_and_recommendation_is_tied_to_what_it_is_about(graph: rdflib.Graph) -> None:
    ties = (BK.concerns, BK.addressedTo, BK.partOfRecommendation, BK.bearsOn, BK.editorialBearsOn, BK.restsOnFigure, RDFS.seeAlso)
    said = {one for kind in (BK.Claim, BK.Finding, BK.Recommendation) for one in graph.subjects(RDF.type, kind)}
    untied = {one for one in said if not any((one, tie, None) in graph for tie in ties)}
    assert untied == {thing("recommendation/fagforeningsarbeid/1")}  # the slide does not say what its ratio is of


def test_something_is_stated_in_every_innermost_passage(graph: rdflib.Graph) -> None:
    """But in those that tell how the document is laid out, or only name what is told elsewhere."""
    empty = {
        "virke-2020/omslag",
        "virke-2020/rapportens-oppbygging",
        "fafo-2019/metode/gangen-i-notatet",
        "lo-2020/vedlegg/intervjuguide-fafo",
        "kns-2015/utfordringer-og-strategiske-valg",
    }
    passages = set(graph.subjects(RDF.type, BK.Passage))
    outer = set(graph.objects(None, DCTERMS.isPartOf))
    silent = passages - outer - set(graph.objects(None, BK.statedIn))
    assert {str(one).removeprefix(f"{BASE}source/") for one in silent} == empty
