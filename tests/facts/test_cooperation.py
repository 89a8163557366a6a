"""What the handbook on tripartite cooperation and the slides on union work say, counted in the documents, not in the files."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, QB, RDF, RDFS, SKOS

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.shacl.report_formats import format_report_text
from balansekunst.shacl.validate import validate
from helpers.dataset import ROOT

BK = rdflib.Namespace(NAMESPACE)
HANDBOOK, SLIDES = rdflib.URIRef(f"{BASE}source/fagforbundet-sintef"), rdflib.URIRef(f"{BASE}source/kns-2015")
OTHERS = {rdflib.URIRef(f"{BASE}source/{key}") for key in ("virke-2020", "lo-2020", "fafo-2019", "spekter")}
UNIT = rdflib.URIRef("http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure")
SHORT_ITEMS = tuple(
    f"{BASE}{path}"
    for path in ("way-of-working/oppskriften/", "way-of-working/kontaktopplysninger/", "recommendation/fagforeningsarbeid/1")
)
"""What the slides themselves print as short items, which are carried over as they stand."""
PARTS = ("roles", "cooperation", "statistics")

DUTIES = {
    "politiker": 4,
    "ordforer": 3,
    "administrativ-leder": 11,
    "kommunedirektor": 3,
    "kommunalsjef": 1,
    "kommunalrad": 0,
    "etatsjef": 0,
    "kommunaldirektor": 0,
    "tillitsvalgt": 7,
    "hovedtillitsvalgt": 11,
    "plasstillitsvalgt": 10,
    "hovedverneombud": 6,
    "verneombud": 6,
    "leder-pa-arbeidsplassen": 4,
    "virksomhetsleder": 0,
    "enhetsleder": 2,
    "avdelingsleder": 1,
    "ansatt": 1,
    "personvernombud": 0,
    "instruktor-for-laerlinger": 0,
    "provenemndsmedlem": 0,
    "medlem-av-forbundsstyret": 1,
    "tillitsvalgt-i-fylkeskretsen": 2,
    "tillitsvalgt-i-fagforeningen": 4,
    "leder-i-fagforeningen": 0,
    "nestleder-i-fagforeningen": 0,
    "medlem-av-fagforeningsstyret": 0,
    "medlem-av-fylkesstyret": 1,
}
QUESTIONS = {
    "fast-punkt": 3,
    "samarbeidet-selv": 2,
    "velge-arena": 3,
    "etter-valg-av-arena": 3,
    "hver-for-seg": 3,
    "lederoppgave-1": 4,
    "lederoppgave-2": 4,
    "tillitsvalgtoppgave-1": 4,
    "tillitsvalgtoppgave-2": 4,
    "over-tid": 7,
    "personalmote": 5,
    "rettferdighet": 4,
    "moteplasser": 1,
    "nar-dere-star-fast": 5,
}
STEPS = {
    "prove-vurdere-beslutte": 3,
    "smerteplaster": 3,
    "nar-partene-er-uenige": 3,
    "heltidskultur": 3,
    "de-store-temaene": 9,
    "oppskriften": 5,
    "hva-hvorfor-hvordan-resultat": 4,
    "kontaktopplysninger": 6,
    "laerlingeprinsippet": 3,
}
GAINS = {"arbeidsplass": 6, "strategisk": 7, "sammendrag": 3, "fagforeningsarbeid": 5}
ADVICE = {
    "administrasjonsutvalg": 2,
    "kommunikasjon": 6,
    "arbeidsgruppa": 8,
    "dokumentasjon": 5,
    "fagforeningsarbeid": 8,
    "vedta-arbeidsmetoden": 4,
    "kjoreregler": 2,
    "alle-organisasjonene": 2,
    "personalmotet": 2,
    "til-plasstillitsvalgte": 2,
    "nar-dere-star-fast": 2,
}
"""The advice that the documents give several of in one place; of the rest there is one each."""
FIGURES = {
    "norge-og-fagforbundet/innbyggere": "5 165 802",
    "norge-og-fagforbundet/medlemmer": "344 066",
    "norge-og-fagforbundet/fagforeninger": "474",
    "norge-og-fagforbundet/fylkeskretser": "19",
    "inn-og-utmeldte/lo-2013-innmeldte": "65 000",
    "inn-og-utmeldte/lo-2013-utmeldte": "63 000",
    "inn-og-utmeldte/lo-2013-utmeldte-uten-grunn": "46 000",
    "inn-og-utmeldte/fagforbundet-2014-innmeldte": "23 786",
    "inn-og-utmeldte/fagforbundet-2014-utmeldte": "16 247",
    "inn-og-utmeldte/fagforbundet-2014-okning": "7 539",
    "fagforbundsuka-2014/juni": "685",
    "fagforbundsuka-2014/desember": "1727",
    "kontaktopplysninger/mobil": "78",
    "kontaktopplysninger/e-post": "65",
}
IN_WORDS = {
    "forsorgerbrok/2021": (4, "står det fire personer i aldersgruppen 20-66 år"),
    "forsorgerbrok/2060": (2, "I 2060 vil det kun stå to"),
    "utviklingsprosess/sykehjem": (3, "tre sykehjem"),
    "utviklingsprosess/barnehager": (3, "tre barnehager"),
}


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


@pytest.fixture(scope="module")
def documents(project: Project) -> dict[rdflib.URIRef, str]:
    folder = Path(os.environ.get("BALANSEKUNST_SOURCES", ROOT.parent / "shared" / "sources"))
    if not folder.is_dir():
        pytest.skip(f"the documents are not at hand: {folder}")
    return {
        source: next(folder.glob(f"{number}_*.txt")).read_text(encoding="utf-8") for source, number in ((HANDBOOK, "003"), (SLIDES, "004"))
    }


def ref(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def letters(text: str) -> str:
    return re.sub(r"\W", "", re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text)).lower()


def count(graph: rdflib.Graph, path: str, predicate: rdflib.URIRef) -> int:
    return len(list(graph.objects(ref(path), predicate)))


def from_the_two(graph: rdflib.Graph, kind: rdflib.URIRef) -> set[rdflib.term.Node]:
    """What the handbook and the slides have of a kind; other documents have theirs."""
    return {thing for thing in graph.subjects(RDF.type, kind) if {HANDBOOK, SLIDES} & set(graph.objects(thing, DCTERMS.source))}


def number(graph: rdflib.Graph, thing: rdflib.term.Node, predicate: rdflib.URIRef) -> int:
    return int(str(graph.value(thing, predicate)))


def described(project: Project) -> rdflib.Graph:
    """What is said in the files on cooperation and figures, and nothing else."""
    graph = rdflib.Graph()
    for path in [
        *(p for name in PARTS for p in (project.root / "data" / name).glob("*.ttl")),
        project.root / "ontology" / "cooperation-model.ttl",
    ]:
        graph.parse(path)
    return graph


def test_roles_and_their_duties(project: Project, graph: rdflib.Graph) -> None:
    """The roles that the documents say something to do or answer for, and those they only name. Roles that the report names have none."""
    files = {path.stem for path in (project.root / "data" / "roles").glob("*.ttl")}
    assert set(DUTIES) <= files
    assert not [role for role in files - set(DUTIES) if count(graph, f"role/{role}", BK.hasDuty)]
    assert {role: count(graph, f"role/{role}", BK.hasDuty) for role in DUTIES} == DUTIES
    assert len(set(graph.subjects(RDF.type, BK.Duty))) == sum(DUTIES.values()) == 78


def test_a_duty_is_a_thing_of_its_own_and_no_competence(graph: rdflib.Graph) -> None:
    for duty in graph.subjects(RDF.type, BK.Duty):
        assert (duty, RDF.type, BK.Competence) not in graph
        assert [str(role) for role in graph.subjects(BK.hasDuty, duty)] == [str(duty).rsplit("/duty/", 1)[0]]
        assert not list(graph.subjects(BK.competence, duty))


@pytest.mark.parametrize(
    ("role", "levels", "lines", "party"),
    [
        ("politiker", {"strategisk"}, {"beslutningslinja", "utviklingslinja"}, "politikere"),
        ("ordforer", {"strategisk"}, {"beslutningslinja"}, "politikere"),
        ("administrativ-leder", {"strategisk", "operativt"}, {"beslutningslinja", "utviklingslinja"}, "administrative-ledere"),
        ("kommunedirektor", {"strategisk", "operativt"}, {"beslutningslinja", "utviklingslinja"}, "administrative-ledere"),
        ("hovedtillitsvalgt", {"strategisk"}, {"beslutningslinja", "utviklingslinja"}, "tillitsvalgte"),
        ("hovedverneombud", {"strategisk"}, {"utviklingslinja"}, None),
        ("verneombud", {"operativt"}, {"utviklingslinja"}, None),
        ("plasstillitsvalgt", {"operativt", "arbeidsplass"}, {"beslutningslinja", "utviklingslinja"}, "tillitsvalgte"),
        ("enhetsleder", {"operativt"}, {"utviklingslinja"}, "administrative-ledere"),
    ],
)
def test_level_line_and_party_of_a_role(graph: rdflib.Graph, role: str, levels: set[str], lines: set[str], party: str | None) -> None:
    assert set(graph.objects(ref(f"role/{role}"), BK.atOrganisationLevel)) == {ref(f"level/{level}") for level in levels}
    assert set(graph.objects(ref(f"role/{role}"), BK.worksInLine)) == {ref(f"line/{line}") for line in lines}
    assert graph.value(ref(f"role/{role}"), BK.ofParty) == (ref(f"party/{party}") if party else None)


def test_who_follows_up_whom(graph: rdflib.Graph) -> None:
    found = {(str(a).rsplit("/", 1)[-1], str(b).rsplit("/", 1)[-1]) for a, b in graph.subject_objects(BK.followsUp)}
    ours = {(str(a).rsplit("/", 1)[-1], str(b).rsplit("/", 1)[-1]) for a, b in graph.subject_objects(BK.editorialFollowsUp)}
    assert found - ours == {
        ("administrativ-leder", "plasstillitsvalgt"),
        ("hovedtillitsvalgt", "plasstillitsvalgt"),
        ("hovedverneombud", "verneombud"),
        ("kommunalsjef", "enhetsleder"),
        ("kommunalsjef", "virksomhetsleder"),
        ("kommunedirektor", "enhetsleder"),
        ("kommunedirektor", "virksomhetsleder"),
        ("tillitsvalgt-i-fylkeskretsen", "tillitsvalgt-i-fagforeningen"),
    }
    assert ours == {("medlem-av-forbundsstyret", "tillitsvalgt-i-fylkeskretsen"), ("tillitsvalgt-i-fagforeningen", "plasstillitsvalgt")}
    # Level by level: the slides' four levels form one chain.
    assert ref("level/arbeidsplass") in set(graph.transitive_objects(ref("level/forbund"), BK.aboveLevel))


def test_who_takes_part_in_the_arenas(graph: rdflib.Graph) -> None:
    assert set(graph.subjects(RDF.type, BK.Arena)) == {
        ref(f"arena/{a}") for a in ("styringsgruppe", "arbeidsgruppe", "personalmote", "tripart")
    }
    seats = {
        str(graph.value(p, BK.participantRole)).rsplit("/", 1)[-1]: number(graph, p, BK.minimumSeats)
        for p in graph.objects(ref("arena/styringsgruppe"), BK.hasParticipation)
    }
    assert seats == {"politiker": 3, "administrativ-leder": 3, "hovedtillitsvalgt": 3, "hovedverneombud": 1}
    working = {
        str(graph.value(p, BK.participantRole)).rsplit("/", 1)[-1] for p in graph.objects(ref("arena/arbeidsgruppe"), BK.hasParticipation)
    }
    assert working == {"plasstillitsvalgt", "verneombud", "leder-pa-arbeidsplassen"}
    [every] = graph.subjects(BK.fromEveryUnion, rdflib.Literal(True))
    assert graph.value(every, BK.participantRole) == ref("role/plasstillitsvalgt")
    for arena in ("styringsgruppe", "arbeidsgruppe", "tripart"):
        assert set(graph.objects(ref(f"arena/{arena}"), BK.inLine)) == {ref("line/utviklingslinja")}


def test_what_belongs_in_an_arena_and_what_does_not(graph: rdflib.Graph) -> None:
    assert [count(graph, f"arena/{arena}", BK.hasTopic) for arena in ("styringsgruppe", "arbeidsgruppe", "tripart")] == [0, 7, 8]
    for arena in ("styringsgruppe", "arbeidsgruppe"):
        kept_out = set(graph.objects(ref(f"arena/{arena}"), BK.excludesTopic))
        assert kept_out == {ref("topic/individuelle-personalsaker"), ref("topic/lonnsforhandlinger")}
    assert set(graph.objects(ref("arena/tripart"), BK.grantsRight)) == {ref("right/moterett"), ref("right/talerett")}
    assert set(graph.objects(ref("arena/tripart"), BK.withholdsRight)) == {ref("right/stemmerett")}


def test_when_the_working_group_meets(graph: rdflib.Graph) -> None:
    first = ref("arena/arbeidsgruppe/rhythm/1")
    assert [str(graph.value(first, p)) for p in (BK.interval, BK.duringFirst)] == ["P1M", "P6M"]
    assert graph.value(ref("arena/styringsgruppe/rhythm"), BK.interval) is None
    assert str(graph.value(ref("project/trepartssamarbeid-som-drivkraft"), BK.duration)) == "P2Y6M"


def test_questions_steps_gains_goals_and_advice(graph: rdflib.Graph) -> None:
    assert {s: count(graph, f"question/{s}", BK.hasQuestion) for s in QUESTIONS} == QUESTIONS
    assert len(from_the_two(graph, BK.QuestionSet)) == len(QUESTIONS)
    assert {w: count(graph, f"way-of-working/{w}", BK.hasStep) for w in STEPS} == STEPS
    assert len(from_the_two(graph, BK.WayOfWorking)) == len(STEPS)
    gains = Counter(str(g).removeprefix(f"{BASE}gain/").split("/")[0] for g in from_the_two(graph, BK.Gain))
    assert {group: gains.pop(group) for group in GAINS} == GAINS
    assert len(gains) == 31
    assert set(graph.subjects(RDF.type, BK.TrustDimension)) == {
        ref(f"trust-dimension/{d}") for d in ("rettferdighet", "tillit", "samarbeid")
    }
    assert len(from_the_two(graph, BK.Goal)) == 6
    advice = Counter(str(a).removeprefix(f"{BASE}recommendation/").split("/")[0] for a in from_the_two(graph, BK.Recommendation))
    assert {group: advice.pop(group) for group in ADVICE} == ADVICE
    assert set(advice.values()) == {1} and len(advice) == 16
    assert len({e for e in graph.subjects(RDF.type, BK.Education) if (e, DCTERMS.source, SLIDES) in graph}) == 5


def test_when_and_by_whom_the_slides_were_shown(graph: rdflib.Graph) -> None:
    assert str(graph.value(SLIDES, DCTERMS.issued)) == "2015-03-18"
    assert {ref("agent/fagforbundet"), ref("agent/sissel-m-skoghaug")} == set(graph.objects(SLIDES, DCTERMS.creator))
    advice = [ref(f"recommendation/fagforeningsarbeid/{n}") for n in range(2, 9)]
    assert all(graph.value(a, BK.concerns) for a in advice)  # the first, «Fra 80/20 til 20/80», does not say what it is about


def test_what_the_groups_are_to_do(graph: rdflib.Graph) -> None:
    assert [count(graph, f"arena/{arena}", BK.hasArenaTask) for arena in ("styringsgruppe", "arbeidsgruppe", "tripart")] == [8, 6, 0]


def test_what_the_handbook_argues_and_reports(graph: rdflib.Graph) -> None:
    assert [len(from_the_two(graph, kind)) for kind in (BK.Claim, BK.Finding, BK.Notion)] == [48, 12, 7]
    law = ref("claim/kommuneloven-er-ikke-til-hinder")
    assert graph.value(law, BK.evidenceGiven) == rdflib.Literal(True)
    assert ref("source/kommuneloven") in set(graph.objects(law, DCTERMS.references))
    assert list(graph.subjects(BK.exampleOf, law)) == [ref("way-of-working/heltidskultur")]
    assert {str(p) for p in graph.objects(HANDBOOK, DCTERMS.contributor)} == {
        f"{BASE}agent/{slug}"
        for slug in ("lisbeth-oyum", "tore-nilssen", "tove-hapnes", "torstein-amdal", "unni-b-moe", "nina-monsen", "bjorn-pettersen")
    }


def test_what_one_municipality_or_workplace_does_is_no_duty(graph: rdflib.Graph) -> None:
    """Nord-Fron's possibility, one nursing home's example and advice to the parties stand as what they are."""
    assert not list(graph.subjects(BK.inArena, ref("arena/tripart")))
    assert not list(graph.subjects(BK.inArena, ref("arena/personalmote")))
    assert ref("role/avdelingsleder-sykehjem") in set(graph.objects(ref("claim/turnus-og-vikarer-tar-tid-fra-faglig-ledelse"), BK.concerns))


def test_every_passage_of_the_handbook_has_something_stated(graph: rdflib.Graph) -> None:
    """All but those that are a heading only, or an overview of the parts below."""
    passages = {p for p in graph.subjects(BK.inDocument, HANDBOOK) if (p, RDF.type, BK.Passage) in graph}
    silent = {str(p).removeprefix(f"{HANDBOOK}/") for p in passages if (None, BK.statedIn, p) not in graph}
    assert len(passages) == 88
    assert silent == {"innledning/handbokas-inndeling", "del-1", "del-2/hovedtillitsvalgte-plasstillitsvalgte", "sammendrag"}


def test_order_runs_from_one_without_gaps(graph: rdflib.Graph) -> None:
    for predicate in (BK.hasStep, BK.hasQuestion):
        for whole in set(graph.subjects(predicate)):
            orders = sorted(number(graph, part, BK.order) for part in graph.objects(whole, predicate))
            assert orders == list(range(1, len(orders) + 1)), whole


def test_the_example_shows_its_result_by_figures(graph: rdflib.Graph) -> None:
    shown = set(graph.objects(ref("way-of-working/kontaktopplysninger/step/6"), BK.shownBy))
    assert {number(graph, o, BK.value) for o in shown} == {78, 65}


def test_everything_cites_its_source_and_place_or_is_ours(project: Project) -> None:
    graph = described(project)
    for thing in {s for s in graph.subjects() if isinstance(s, rdflib.URIRef)}:
        cited = graph.value(thing, BK.statedIn)
        assert cited or graph.value(thing, BK.editorial), thing
        assert {o.language for o in graph.objects(thing, SKOS.prefLabel) if isinstance(o, rdflib.Literal)} == {"nb", "en"}, thing
        assert graph.value(thing, DCTERMS.source) in {HANDBOOK, SLIDES, *OTHERS, None}, thing


def test_observations_have_just_the_dimensions_of_their_cube_and_no_two_the_same(graph: rdflib.Graph) -> None:
    """The integrity constraints of RDF Data Cube (IC-1, 2, 11, 12, 13, 14), on what has one measure and no slices."""
    dimensions = set(graph.subjects(RDF.type, QB.DimensionProperty))
    seen: set[tuple[rdflib.term.Node, ...]] = set()
    for observation in graph.subjects(RDF.type, QB.Observation):
        if graph.value(observation, DCTERMS.source) not in {HANDBOOK, SLIDES}:
            continue
        [cube] = graph.objects(observation, QB.dataSet)
        [structure] = graph.objects(cube, QB.structure)
        parts = set(graph.objects(structure, QB.component))
        wanted = {d for part in parts for d in graph.objects(part, QB.dimension)}
        assert {p for p in graph.predicates(observation) if p in dimensions} == wanted, observation
        assert [len(list(graph.objects(observation, p))) for p in (*wanted, BK.value, UNIT)] == [1] * (len(wanted) + 2), observation
        key = (cube, *(value for d in sorted(wanted, key=str) for value in graph.objects(observation, d)))
        assert key not in seen, observation
        seen.add(key)
    assert seen
    assert all(graph.value(s, RDFS.isDefinedBy) for s in dimensions if str(s).startswith(NAMESPACE))


def test_every_figure_of_the_two_documents(graph: rdflib.Graph) -> None:
    printed = {name: int(figure.replace(" ", "")) for name, figure in FIGURES.items()} | {
        name: value for name, (value, _) in IN_WORDS.items()
    }
    ours = {o for o in graph.subjects(RDF.type, QB.Observation) if graph.value(o, DCTERMS.source) in {HANDBOOK, SLIDES}}
    assert {str(o).removeprefix(f"{BASE}statistics/"): number(graph, o, BK.value) for o in ours} == printed


def test_a_printed_sum_that_does_not_add_up_is_told_of(graph: rdflib.Graph) -> None:
    joined, left, more = (ref(f"statistics/inn-og-utmeldte/fagforbundet-2014-{n}") for n in ("innmeldte", "utmeldte", "okning"))
    adds_up = number(graph, joined, BK.value) - number(graph, left, BK.value) == number(graph, more, BK.value)
    assert adds_up and graph.value(more, BK.disagreement) is None
    assert graph.value(ref("statistics/inn-og-utmeldte/lo-2013-utmeldte"), BK.disagreement) is not None


def test_figures_and_short_items_stand_in_the_documents(project: Project, documents: dict[rdflib.URIRef, str]) -> None:
    graph = described(project)
    for name, figure in FIGURES.items():
        assert re.search(rf"(?<!\d){figure}(?!\d)", documents[SLIDES]), name
    for name, (_, words) in IN_WORDS.items():
        assert letters(words) in letters(documents[HANDBOOK]), name
    for kind in (BK.Topic, BK.MeetingRight, BK.Line):
        for thing in graph.subjects(RDF.type, kind):
            label = next(str(o) for o in graph.objects(thing, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == "nb")
            assert letters(label) in letters(documents[HANDBOOK]), thing


def test_every_role_is_named_in_its_document(project: Project, documents: dict[rdflib.URIRef, str]) -> None:
    graph = described(project)
    # Roles that the slides tell of by the body, «fylkeskretsens valgte» or «forbundsstyret», are named by what they are elected to.
    bodies = {
        "medlem-av-forbundsstyret": "Forbundsstyret",
        "tillitsvalgt-i-fylkeskretsen": "fylkeskretsens tillitsvalgte",
        "tillitsvalgt-i-fagforeningen": "Fagforeningen",
        "leder-i-fagforeningen": "ledere og nestledere i fagforeningen",
        "nestleder-i-fagforeningen": "nestledere i fagforeningen",
        "medlem-av-fagforeningsstyret": "fagforeningsstyrene",
        "medlem-av-fylkesstyret": "fylkesstyrene",
        "administrativ-leder": "administrative ledere",
        "leder-pa-arbeidsplassen": "leder ute på arbeidsplassen",
        "virksomhetsleder": "virksomhets- og enhetsledere",
    }
    for role in graph.subjects(RDF.type, BK.Role):
        slug = str(role).rsplit("/", 1)[-1]
        label = next(str(o) for o in graph.objects(role, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == "nb")
        texts = [letters(documents[s]) for s in graph.objects(role, DCTERMS.source) if isinstance(s, rdflib.URIRef)]
        assert all(letters(bodies.get(slug, label)) in text for text in texts), role


def test_nothing_stated_is_copied(project: Project, documents: dict[rdflib.URIRef, str]) -> None:
    """Labels of what is a sentence in the handbook are restated as well: no eight words in a row, and no whole question."""
    text = " ".join(re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", t) for t in documents.values())
    words = re.findall(r"\w+", text.lower())
    runs = {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
    graph = described(project)
    for kind in (BK.Question, BK.Duty, BK.Gain, BK.WorkStep, BK.Recommendation, BK.Claim, BK.Finding, BK.Notion, BK.ArenaTask, BK.Goal):
        for thing in graph.subjects(RDF.type, kind):
            if str(thing).startswith(SHORT_ITEMS):
                continue
            for predicate in (SKOS.prefLabel, DCTERMS.description, SKOS.definition):
                for value in graph.objects(thing, predicate):
                    own = re.findall(r"\w+", str(value).lower())
                    assert not [own[i : i + 8] for i in range(len(own) - 7) if tuple(own[i : i + 8]) in runs], (thing, str(value))
                    assert kind != BK.Question or " ".join(own) not in " ".join(words), (thing, str(value))


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", ("mangler hovedverneombudet", "Gi hovedverneombudet en plass")), ("en", ("lacks the chief safety", "Give the chief safety"))],
)
def test_a_set_up_without_the_safety_representative_is_told_rule_arena_and_mend(
    project: Project, language: str, words: tuple[str, str]
) -> None:
    report = validate(project, [project.examples / "T4" / "violating.ttl"])
    told = format_report_text(report, language, project.root)
    assert not report.conforms and " T4: " in told and "Eksempelvik" in told
    assert all(word in told for word in words)


def test_a_set_up_that_conforms_has_no_findings(project: Project) -> None:
    assert validate(project, [project.examples / "T1" / "conforming.ttl"]).findings == []
