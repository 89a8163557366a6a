"""How competence comes about, against the documents: needs, measures, learning, labour markets, progression, and the figures.

The numbers are counted in the documents, not in the files.
"""

import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV, QB, RDF, RDFS, SKOS

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project

BK = rdflib.Namespace(NAMESPACE)
UNIT = rdflib.URIRef("http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure")
FOLDERS = ("development", "learning", "statistics")
COUNTS = {
    # spekter: the figure; 4 new aims and 6 examples; 4 + 6 activities, 3 ways of sharing, 5 of the gap analysis and § 44 (etterutdanning,
    # other internal training, recruiting, the individual's competence, apprentices); then 3 named in virke-2020
    "CompetenceElement": 6,
    "Trigger": 10,
    "DevelopmentMeasure": 10 + 3 + 5 + 3,
    "CompetenceGap": 3,
    "Setting": 3,
    "AgreedDuty": 8,
    # virke-2020
    "LabourMarket": 3,
    "LearningArena": 3,
    "ProgressionElement": 2,
    "ProgressionStep": 4,
    "ValidationStage": 4,
    "ProxyKind": 5,
    # fafo-2019: kinds of learning; levels; seven wishes of those interviewed and three areas of earlier studies
    "LearningForm": 3,
    "CourseLevel": 4,
    "LearningWay": 6,
    "TrainingNeed": 7 + 3,
}
OBSERVATIONS = {
    "labour-markets": 20,
    "emphasis": 3,
    "learning-70-20-10": 3,
    "samples": 25,
    "sample-by-union": 15 + 10 + 2,
    "panel": 13,
    "laering-som-tillitsvalgt": 8,
}
PRINTED = (
    "Trigger",
    "LabourMarket",
    "ValidationStage",
    "LearningWay",
    "ProgressionElement",
    "TrainingNeed",
    "FigureCategory",
    "LearningForm",
)
"""Classes whose names are the document's own, in the label or the hidden label."""


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


@pytest.fixture(scope="module")
def entered(project: Project) -> rdflib.Graph:
    """What stands in the files of this part."""
    graph = rdflib.Graph()
    for folder in FOLDERS:
        for path in sorted((project.root / "data" / folder).glob("*.ttl")):
            graph.parse(path)
    return graph


def ref(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def objects(graph: rdflib.Graph, thing: str, predicate: rdflib.URIRef) -> set[str]:
    return {str(o).removeprefix(BASE) for o in graph.objects(ref(thing), predicate)}


def value(graph: rdflib.Graph, figure: str) -> Decimal:
    [found] = [o for m in (BK["count"], BK.percentage, BK.average, BK.share) for o in graph.objects(ref(figure), m)]
    return Decimal(str(found))


def disagrees(graph: rdflib.Graph, thing: str) -> str:
    return " ".join(str(o) for o in graph.objects(ref(thing), BK.disagreement) if isinstance(o, rdflib.Literal) and o.language == "nb")


@pytest.mark.parametrize(("kind", "expected"), COUNTS.items())
def test_as_many_as_the_document_has(graph: rdflib.Graph, kind: str, expected: int) -> None:
    assert len(set(graph.subjects(RDF.type, BK[kind]))) == expected


def test_everything_from_a_document_tells_where(entered: rdflib.Graph) -> None:
    for thing in set(entered.subjects(SKOS.prefLabel)):
        told = entered.value(thing, BK.statedIn)
        assert told or entered.value(thing, BK.editorial), thing


# ── Development work in an enterprise ──


def test_process_goes_from_need_by_mapping_and_gap_to_measures(graph: rdflib.Graph) -> None:
    steps = ["behovsanalyse", "kompetansekartlegging", "gapanalyse", "kompetansetiltak"]
    for number, (step, following) in enumerate(zip(steps, [*steps[1:], None], strict=True), start=1):
        assert objects(graph, f"process-step/{step}", BK.order) == {str(number)}
        assert objects(graph, f"process-step/{step}", BK.followedBy) == ({f"process-step/{following}"} if following else set())
    assert {str(s).rsplit("/", 1)[-1] for s in graph.subjects(BK.partOfStep, ref("process-step/kompetansekartlegging"))} == {
        "overordnet-kartlegging",
        "detaljert-kartlegging",
        "medarbeidersamtale",
    }


def test_duties_point_to_their_sections(graph: rdflib.Graph) -> None:
    sections = Counter(str(o) for o in graph.objects(None, BK.section))
    assert sections == {"§ 28": 1, "§ 29": 1, "§ 44": 4}
    for duty in graph.subjects(RDF.type, BK.AgreedDuty):
        assert (duty, DCTERMS.references, ref("agreement/hovedavtalen-spekter")) in graph


def test_every_measure_tells_its_form_and_place_or_that_the_source_does_not(graph: rdflib.Graph) -> None:
    for measure in graph.subjects(RDF.type, BK.DevelopmentMeasure):
        silent = set(graph.objects(measure, BK.notStatedInSource))
        for told in (BK.inSetting, BK.ofLearningForm):
            recruiting = measure == ref("measure/rekruttere-nye-medarbeidere")  # brings competence in; nobody learns anywhere
            assert recruiting or set(graph.objects(measure, told)) or told in silent, (measure, told)


def test_the_wide_and_the_narrow_notion_stand_apart_and_contradict(graph: rdflib.Graph) -> None:
    wide, narrow = "notion/kompetanse-spekter", "notion/kompetanse-balansekunst"
    assert len(objects(graph, wide, BK.includesElement)) == 6
    assert objects(graph, narrow, BK.excludesElement) == {"competence-element/egenskaper"}
    assert objects(graph, wide, DCTERMS.source) == {"source/spekter"} and objects(graph, narrow, DCTERMS.source) == {"source/virke-2020"}
    for one, other in ((wide, narrow), (narrow, wide)):
        assert other in objects(graph, one, BK.contradicts) and disagrees(graph, one)


def test_the_70_20_10_claim_is_a_claim_without_evidence(graph: rdflib.Graph) -> None:
    assert objects(graph, "claim/70-20-10", BK.evidenceGiven) == {"false"}
    assert objects(graph, "claim/70-20-10", DCTERMS.source) == {"source/spekter"}
    ways = ("utforelsen-av-arbeidsoppgavene", "kurs-og-andre-organiserte-opplaeringsaktiviteter", "formell-utdanning")
    shares = [value(graph, f"statistics/learning-70-20-10/{way}") for way in ways]
    assert shares == [70, 20, 10] and sum(shares) == 100


def test_our_own_readings_are_marked(entered: rdflib.Graph) -> None:
    for property_, ours in (
        (BK.answeredBy, BK.editorialAnsweredBy),
        (BK.inSetting, BK.editorialSetting),
        (BK.ofLearningForm, BK.editorialLearningForm),
        (BK.develops, BK.editorialDevelops),
        (BK.bearsOn, BK.editorialBearsOn),
    ):
        assert not set(entered.subject_objects(property_)) & set(entered.subject_objects(ours))
    # fafo-2019 never speaks of the key competences of LO's reference; the LO report ties three findings and four claims to them
    tied = {s for s, o in entered.subject_objects(BK.bearsOn) if "/standard/tillitsvalgt/" in str(o)}
    assert tied == {ref(f"finding/felles-{name}") for name in ("lov-og-avtaleverk", "erfaringslaering", "nettverk")} | {
        ref("claim/nokkelpersoner-for-et-godt-arbeidsliv"),
        ref("claim/losninger-og-relasjoner-betyr-noe-for-arbeidslivet"),
        ref("claim/nokkelkompetanser-som-baerer-samarbeidet"),
        ref("claim/kommunikasjon-i-sju-nokkelkompetanser"),
    }
    assert all(str(o).startswith(f"{BASE}source/lo-2020/") for s in tied for o in entered.objects(s, BK.statedIn))


def test_what_the_guide_says_that_development_gives_and_asks(graph: rdflib.Graph) -> None:
    gains = Counter(str(o) for n in range(1, 13) for o in graph.objects(ref(f"gain/kompetanseutvikling/{n}"), BK.gainFor))
    assert gains == {f"{BASE}duty-bearer/virksomheten": 4, f"{BASE}duty-bearer/de-ansatte": 8}
    assert len(objects(graph, "question/gapanalyse", BK.hasQuestion)) == 3
    assert len([r for r in graph.subjects(RDF.type, BK.Recommendation) if "/kompetanseutvikling/" in str(r)]) == 15


# ── Learning as a union representative ──


def test_what_the_report_advises_the_reference_be_used_for(graph: rdflib.Graph) -> None:
    advice = {r for r in graph.subjects(RDF.type, BK.Recommendation) if "/kompetansereferansen/" in str(r)}
    assert len(advice) == 18
    # the six headings below «Anbefalinger for videre bruk av kompetansereferansen», and its introduction
    chapter = f"{BASE}source/lo-2020/oppsummering-og-anbefalinger/anbefalinger-for-videre-bruk"
    places = {str(o) for r in advice for o in graph.objects(r, BK.statedIn) if str(o).startswith(chapter)}
    assert len(places) == 1 + 6
    named = objects(graph, "recommendation/kompetansereferansen/10", BK.concerns)
    assert {"role/verneombud", "role/instruktor-for-laerlinger", "role/provenemndsmedlem"} <= named


def test_the_interview_guide_has_the_questions_of_its_four_parts(graph: rdflib.Graph) -> None:
    parts = {"bakgrunn": 4, "formell-opplaering": 9, "uformell-laering": 4, "vurderinger": 6}
    assert {part: len(objects(graph, f"question/fafo-{part}", BK.hasQuestion)) for part in parts} == parts
    assert {f"question/fafo-{part}" for part in parts} == objects(graph, "study/fafo-2019", RDFS.seeAlso)


def test_tasks_and_duties_of_a_union_representative(graph: rdflib.Graph) -> None:
    assert [len(objects(graph, "role/tillitsvalgt", p)) for p in (BK.hasDuty, BK.hasTask)] == [7, 7]
    # the three tasks that most spend a lot of time on, the three that they spend least on, and negotiations
    for task in objects(graph, "role/tillitsvalgt", BK.hasTask):
        assert BK.callsFor in set(graph.objects(ref(task), BK.editorialProperty)), task


def test_every_finding_tells_what_it_rests_on(graph: rdflib.Graph) -> None:
    for finding in graph.subjects(RDF.type, BK.Finding):
        told = [o for p in (PROV.wasDerivedFrom, PROV.wasAttributedTo, DCTERMS.references) for o in graph.objects(finding, p)]
        assert bool(told) != ((finding, BK.notStatedInSource, PROV.wasDerivedFrom) in graph), finding
        assert {o.language for o in graph.objects(finding, DCTERMS.description) if isinstance(o, rdflib.Literal)} == {"nb", "en"}


def test_key_competences_that_findings_bear_on_exist(graph: rdflib.Graph) -> None:
    for target in set(graph.objects(None, BK.bearsOn)):
        assert {BK.KeyCompetence, BK.Competence} & set(graph.objects(target, RDF.type)), target
    key = set(graph.objects(ref("standard/tillitsvalgt"), BK.hasKeyCompetence))
    borne = key & set(graph.objects(None, BK.bearsOn))
    assert len(borne) == 12  # of 13; no finding and no claim is about tilgjengelighet


def test_what_courses_are_told_to_give(graph: rdflib.Graph) -> None:
    courses = "course/kurs-seminarer-og-konferanser"
    told = objects(graph, courses, BK.develops) - objects(graph, courses, BK.editorialDevelops)
    assert told == {"competence/lov-og-avtaleverk", "competence/bygge-nettverk"}
    assert objects(graph, "course/toppskolering", BK.organisedBy) == {"agent/aof"}
    assert {str(s).rsplit("/", 1)[-1] for s in graph.subjects(DCTERMS.isPartOf, ref("course/toppskolering"))} == {
        "arbeidsmiljoskole",
        "arbeidsrett",
        "lo-skolen",
    }


# ── Labour markets, progression, validation, proxies ──


def test_the_method_covers_the_first_two_of_four_stages(graph: rdflib.Graph) -> None:
    found = [
        (int(str(graph.value(s, BK.order))), str(s).rsplit("/", 1)[-1], str(graph.value(s, BK.coveredByMethod)))
        for s in graph.subjects(RDF.type, BK.ValidationStage)
    ]
    assert sorted(found) == [
        (1, "identifisere", "true"),
        (2, "dokumentere", "true"),
        (3, "verdsette", "false"),
        (4, "sertifisere", "false"),
    ]


def test_no_level_hangs_on_a_competence(entered: rdflib.Graph) -> None:
    for step in entered.subjects(RDF.type, BK.ProgressionStep):
        assert not any("/competence/" in str(o) for o in entered.objects(step, None))


def test_every_labour_market_tells_what_answers_to_a_standard(graph: rdflib.Graph) -> None:
    for market in graph.subjects(RDF.type, BK.LabourMarket):
        for told in (BK.qualificationRelation, BK.furtherBuilding, SKOS.definition):
            assert {o.language for o in graph.objects(market, told) if isinstance(o, rdflib.Literal)} == {"nb", "en"}


def test_examples_of_proxies_by_kind(graph: rdflib.Graph) -> None:
    found = Counter(str(o).rsplit("/", 1)[-1] for o in graph.objects(None, BK.ofProxyKind))
    assert found == {"egenskap": 4, "oppgave": 1, "utdanning": 2, "yrke": 4}
    assert len(objects(graph, "proxy-example/ansvar-for-innkjop", BK.meansCompetence)) == 4


# ── Figures ──


def test_cubes_are_well_formed(graph: rdflib.Graph) -> None:
    """The integrity constraints of RDF Data Cube (section 11.1) that apply: IC-1, 2, 3, 6, 11, 12, 13, 14, 15 and 16."""
    sizes: Counter[str] = Counter()
    for observation in set(graph.subjects(RDF.type, QB.Observation)):
        [dataset] = graph.objects(observation, QB.dataSet)
        sizes[str(dataset).rsplit("/", 1)[-1]] += 1
    assert {name: sizes[name] for name in OBSERVATIONS} == OBSERVATIONS
    for name in OBSERVATIONS:
        [structure] = graph.objects(ref(f"statistics/{name}"), QB.structure)
        components = set(graph.objects(structure, QB.component))
        dimensions = {o for c in components for o in graph.objects(c, QB.dimension)}
        measures = {o for c in components for o in graph.objects(c, QB.measure)}
        attributes = {o: str(graph.value(c, QB.componentRequired)) for c in components for o in graph.objects(c, QB.attribute)}
        assert measures and attributes[UNIT] == "true"
        for property_, kind in [*((d, QB.DimensionProperty) for d in dimensions), *((m, QB.MeasureProperty) for m in measures)]:
            assert property_ == QB.measureType or (property_, RDF.type, kind) in graph, property_
            assert property_ == QB.measureType or (property_, RDFS.range, None) in graph or (property_, SKOS.definition, None) in graph
        seen = set()
        for observation in graph.subjects(QB.dataSet, ref(f"statistics/{name}")):
            key = tuple(sorted((d, *graph.objects(observation, d)) for d in dimensions))
            assert all(len(part) == 2 for part in key), observation
            assert key not in seen, observation
            seen.add(key)
            given = {m for m in measures if (observation, m, None) in graph}
            assert given == (set(graph.objects(observation, QB.measureType)) if QB.measureType in dimensions else measures), observation
            for attribute, required in attributes.items():
                assert len(set(graph.objects(observation, attribute))) in ({1} if required == "true" else {0, 1}), observation


def test_labour_market_sums_hold_or_say_that_they_do_not(graph: rdflib.Graph) -> None:
    all_, three = "statistics/labour-markets/alle-sysselsatte", "statistics/labour-markets/tre-arbeidsmarkeder"
    markets = ["det-regulerte", "det-interne", "det-apne"]
    rest = ["ikke-plassert", "ovrige-sysselsatte"]
    total = {m: value(graph, f"{all_}/sysselsatte-totalt/{m}") for m in ("antall", "prosent")}
    assert sum(value(graph, f"{three}/{m}/antall") for m in markets) == value(graph, f"{three}/totalt/antall") == 2_623_019
    assert [value(graph, f"{three}/{m}/antall") for m in markets] == [value(graph, f"{all_}/{m}/antall") for m in markets]
    assert sum(value(graph, f"{all_}/{m}/prosent") for m in markets + rest) == total["prosent"] == 100
    rows = sum(value(graph, f"{all_}/{m}/antall") for m in markets + rest)
    assert rows - total["antall"] == 43_891
    for thing in (f"{all_}/sysselsatte-totalt/antall", f"{all_}/ovrige-sysselsatte/antall"):
        assert "43 891" in disagrees(graph, thing) and "2 870 891" in disagrees(graph, thing)
    assert sum(value(graph, f"{three}/{m}/prosent") for m in markets) == 101
    assert "101" in disagrees(graph, f"{three}/totalt/prosent")
    for table, names in ((all_, markets + rest), (three, markets)):
        whole = value(graph, f"{table}/{'sysselsatte-totalt' if table == all_ else 'totalt'}/antall")
        for name in names:
            right = round(100 * value(graph, f"{table}/{name}/antall") / whole) == value(graph, f"{table}/{name}/prosent")
            assert right != bool(disagrees(graph, f"{table}/{name}/prosent")), name


def test_shares_of_emphasis_make_a_whole(graph: rdflib.Graph) -> None:
    shares = [Decimal(str(graph.value(s, BK.share))) for s in graph.subjects(QB.dataSet, ref("statistics/emphasis"))]
    assert sorted(shares) == [Decimal("0.15"), Decimal("0.35"), Decimal("0.5")] and sum(shares) == 1


def test_the_panel_question_with_one_answer_each_says_that_six_per_cent_are_untold(graph: rdflib.Graph) -> None:
    answers = list(graph.subjects(BK.panelQuestion, ref("figure-category/behov-for-opplaering")))
    assert sum(Decimal(str(graph.value(a, BK.percentage))) for a in answers) == 94
    for answer in answers:
        assert "94" in disagrees(graph, str(answer).removeprefix(BASE))


def test_sample_by_union_sums_to_the_totals_and_tells_where_sectors_differ(graph: rdflib.Graph) -> None:
    for part, study, total, unions in (("balansemodellen", "mestertillitsvalgt-balansemodellen", 19, 15), ("fafo", "fafo-2019", 18, 10)):
        rows = {
            o: value(graph, str(o).removeprefix(BASE))
            for o in graph.subjects(QB.dataSet, ref("statistics/sample-by-union"))
            if str(o).startswith(f"{BASE}statistics/sample-by-union/{part}/") and not str(o).endswith("/alle-forbund")
        }
        assert sum(rows.values()) == value(graph, f"statistics/sample-by-union/{part}/alle-forbund") == total
        assert len({graph.value(o, BK.union) for o in rows}) == value(graph, f"statistics/samples/{study}/antall-forbund") == unions
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row, number in rows.items():
            sums[str(graph.value(row, BK.inSector)).rsplit("/", 1)[-1]] += number
        for sector in ("offentlig", "privat"):
            figure = f"statistics/samples/{study}/{sector}"
            assert (sums[sector] == value(graph, figure)) != bool(disagrees(graph, figure)), figure
        for one, other in (("offentlig", "privat"), ("kvinner", "menn")):
            assert sum(value(graph, f"statistics/samples/{study}/{name}") for name in (one, other)) == total
    assert value(graph, "statistics/samples/mestertillitsvalgt/deltakere") == 37


def test_numbers_of_interviews_are_those_of_the_standards(graph: rdflib.Graph) -> None:
    for study, standard in graph.subject_objects(BK.resultedIn):
        name = str(study).rsplit("/", 1)[-1]
        for characteristic, property_ in (("intervjuer", BK.interviewCount), ("kompetanser-for-utvalget", BK.rawCompetenceCount)):
            entered = graph.value(standard, property_)
            if entered is not None and (standard, RDF.type, BK.CompetenceStandard) in graph:
                assert value(graph, f"statistics/samples/{name}/{characteristic}") == Decimal(str(entered)), name


# ── Against the documents themselves, where they are at hand ──


def letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def test_printed_names_stand_in_a_document(documents: str, entered: rdflib.Graph) -> None:
    """Names of questions and groups that the document tells in whole sentences are ours."""
    plain = letters(documents)
    ours = {
        "kjeder",
        "virksomheter",
        "behov-for-opplaering",
        "egen-kompetanse",
        "onsker-mer-kompetanse",
        "deltatt-i-opplaering",
        "bruker-mye-tid",
    }
    ours |= {"trenger-grunnleggende-opplaering", "trenger-oppdatering-eller-fordypning", "kompetanser-for-utvalget", "alle-forbund"}
    missing = []
    for kind in PRINTED:
        for thing in entered.subjects(RDF.type, BK[kind]):
            names = [
                str(o)
                for p in (SKOS.prefLabel, SKOS.hiddenLabel)
                for o in entered.objects(thing, p)
                if str(getattr(o, "language", "")) == "nb"
            ]
            if not any(letters(name) in plain for name in names) and str(thing).rsplit("/", 1)[-1] not in ours:
                missing.append((str(thing), names))
    assert missing == []


def test_names_of_the_ten_activities_stand_in_the_guide(documents: str, entered: rdflib.Graph) -> None:
    plain = letters(documents)
    for slug in (
        "organisert-kompetansedeling",
        "interne-kurs",
        "eksterne-kurs",
        "mentor-trainee-og-hospitering",
        "videreutdanning",
        "fagbrev",
        "erfaringsutveksling",
        "prosjekter-og-utviklingsaktiviteter",
        "kompetansepluss",
        "tidsskrifter-og-databaser",
    ):
        [name] = [str(o) for o in entered.objects(ref(f"measure/{slug}"), SKOS.prefLabel) if str(getattr(o, "language", "")) == "nb"]
        assert letters(name) in plain, name


def test_figures_stand_in_a_document(documents: str, entered: rdflib.Graph) -> None:
    for predicate in (BK["count"], BK.percentage, BK.average):
        for figure in entered.objects(None, predicate):
            number = Decimal(str(figure))
            printed = f"{int(number):,}" if number == int(number) else f"{number}"
            printed = printed.replace(",", " ").replace(".", ",")
            assert re.search(rf"(?<!\d){printed}(?!\d)", documents) or number == 4, printed  # «fire kjeder»


@pytest.mark.parametrize("folder", FOLDERS)
def test_texts_are_restated(documents: str, project: Project, folder: str) -> None:
    run = 8
    words = re.findall(r"\w+", documents.lower())
    runs = {tuple(words[i : i + run]) for i in range(len(words) - run + 1)}
    names = {SKOS.prefLabel, SKOS.hiddenLabel, SKOS.altLabel}
    copied = []
    for path in sorted(Path(project.root / "data" / folder).glob("*.ttl")):
        for thing, predicate, text in rdflib.Graph().parse(path):
            if isinstance(text, rdflib.Literal) and text.language == "nb" and predicate not in names:
                own = re.findall(r"\w+", re.sub(r"«[^»]*»", " | ", str(text)).lower())
                copied += [(thing, own[i : i + run]) for i in range(len(own) - run + 1) if tuple(own[i : i + run]) in runs]
    assert copied == []


# ── Coverage ──


@pytest.mark.parametrize(
    ("document", "silent"),
    [
        (
            "lo-2020",
            {
                "vedlegg",
                "vedlegg/intervjuguide-fafo",
                "vedlegg/prosjektdeltakere",
                "kompetansereferanse-og-balansemodellen/laeringsutbyttebeskrivelser-tillitsvalgtes",
            },
        ),
        ("fafo-2019", {"innledning", "metode", "metode/gangen-i-notatet", "uformell-laering"}),
        ("spekter", {"partsarbeid-og-medbestemmelse"}),
        ("kns-2015", {"utfordringer-og-strategiske-valg"}),
    ],
)
def test_every_passage_has_something_stated(graph: rdflib.Graph, document: str, silent: set[str]) -> None:
    """All but those that are a heading only or tell what comes where. The items of the reference stand with their key competence."""
    source = ref(f"source/{document}")
    passages = {p for p in graph.subjects(BK.inDocument, source) if (p, RDF.type, BK.Passage) in graph}
    found = {str(p).removeprefix(f"{source}/") for p in passages if (None, BK.statedIn, p) not in graph}
    assert {p for p in found if p.rsplit("/", 1)[-1] not in {"hva", "hvorfor"}} == silent
