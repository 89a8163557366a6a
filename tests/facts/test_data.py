"""The data against the documents: counts per standard and dimension, spot facts, and what the rules may say of it.

The figures are counted in the documents (see the passages), not in the files.
"""

from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, SKOS

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.shacl.report_formats import format_report_text
from balansekunst.shacl.validate import validate

BK = rdflib.Namespace(NAMESPACE)
MT, FR, TT = "mennesker-teknologi", "fleksibilitet-rutiner", "tempo-tilstedevaerelse"
FIVE = ("butikksjef", "butikkmedarbeider", "avdelingsleder-sykehjem", "folkehogskolelaerer", "tillitsvalgt")
CHAINS = ("ikea-shopkeeper", "kiwi-butikksjef", "meny-leder")

KEY_COMPETENCES = {
    "butikksjef": (5, 4, 4),
    "butikkmedarbeider": (3, 6, 3),
    "avdelingsleder-sykehjem": (4, 6, 4),
    "folkehogskolelaerer": (4, 4, 3),
    "tillitsvalgt": (3, 6, 4),
}
OUTCOMES = {
    "butikksjef": (7, 11, 4),
    "butikkmedarbeider": (3, 10, 5),
    "avdelingsleder-sykehjem": (7, 8, 5),
    "folkehogskolelaerer": (4, 4, 3),
    "tillitsvalgt": (4, 7, 4),
    "ikea-shopkeeper": (10, 15, 3),
    "kiwi-butikksjef": (10, 15, 4),
    "meny-leder": (8, 16, 4),
}
ITEMS = {  # hva, hvorfor
    "avdelingsleder-sykehjem": {
        "mellommenneskelige-relasjoner": (5, 6),
        "kulturbygging": (5, 4),
        "veiledning": (3, 4),
        "it-forstaelse": (3, 4),
        "forbedringsarbeid": (6, 4),
        "helsefaglig-ekspertise": (3, 4),
        "okonomiforstaelse": (3, 3),
        "lov-og-regelverk": (2, 3),
        "turnus": (5, 4),
        "etikk": (4, 2),
        "prosessledelse": (2, 1),
        "moterutiner": (3, 3),
        "kommunikasjon": (6, 2),
        "mestre-kompleksitet": (4, 3),
    },
    "folkehogskolelaerer": {
        "relasjonsbygging": (9, 4),
        "samhandling": (20, 8),
        "veiledning": (14, 4),
        "kommunikasjon": (12, 2),
        "egenutvikling": (9, 3),
        "kreativitet": (13, 2),
        "prosjektledelse": (23, 5),
        "faglighet": (17, 4),
        "resultatorientert": (17, 4),
        "prosessledelse": (22, 3),
        "tilgjengelighet": (18, 3),
    },
    "tillitsvalgt": {
        "relasjonsbygging": (8, 6),
        "kommunikasjonsformer": (8, 4),
        "kommunikasjonskanaler": (4, 4),
        "erfaringslaering": (7, 2),
        "lov-og-avtaleverk": (8, 3),
        "rollebevissthet": (7, 5),
        "kritisk-blikk": (5, 5),
        "bygge-nettverk": (7, 6),
        "utviklingsarbeid": (6, 5),
        "losningsorientert": (10, 2),
        "resultatorientert": (8, 3),
        "tilgjengelighet": (6, 4),
        "prosessgjennomforing": (7, 1),
    },
}
PLACEMENT_TABLE = {
    "mennesker": 15,
    "mellom-mennesker-teknologi": 4,
    "teknologi": 3,
    "fleksibilitet": 10,
    "mellom-fleksibilitet-rutiner": 14,
    "rutiner": 15,
    "tempo": 7,
    "mellom-tempo-tilstedevaerelse": 9,
    "tilstedevaerelse": 8,
}


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


def ref(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def name(node: rdflib.term.Node | None) -> str:
    return str(node).rsplit("/", 1)[-1]


def by_dimension(graph: rdflib.Graph, things: set[rdflib.term.Node]) -> tuple[int, ...]:
    found = Counter(name(d) for thing in things for d in graph.objects(thing, BK.inDimension))
    return tuple(found[d] for d in (MT, FR, TT))


def outcomes(graph: rdflib.Graph, standard: str) -> set[rdflib.term.Node]:
    own = set(graph.objects(ref(f"standard/{standard}"), BK.hasLearningOutcome))
    return own | {
        o for key in graph.objects(ref(f"standard/{standard}"), BK.hasKeyCompetence) for o in graph.objects(key, BK.hasLearningOutcome)
    }


def in_language(graph: rdflib.Graph, thing: rdflib.term.Node, predicate: rdflib.URIRef, language: str) -> list[str]:
    return [str(o) for o in graph.objects(thing, predicate) if isinstance(o, rdflib.Literal) and o.language == language]


@pytest.mark.parametrize(("standard", "expected"), KEY_COMPETENCES.items())
def test_key_competences_per_dimension(graph: rdflib.Graph, standard: str, expected: tuple[int, ...]) -> None:
    assert by_dimension(graph, set(graph.objects(ref(f"standard/{standard}"), BK.hasKeyCompetence))) == expected


@pytest.mark.parametrize(("standard", "expected"), OUTCOMES.items())
def test_outcomes_per_dimension(graph: rdflib.Graph, standard: str, expected: tuple[int, ...]) -> None:
    assert by_dimension(graph, outcomes(graph, standard)) == expected


@pytest.mark.parametrize("standard", ITEMS)
def test_items_per_key_competence(graph: rdflib.Graph, standard: str) -> None:
    found = {
        name(key): tuple(len(list(graph.objects(key, predicate))) for predicate in (BK.what, BK.why))
        for key in graph.objects(ref(f"standard/{standard}"), BK.hasKeyCompetence)
    }
    assert found == ITEMS[standard]


def test_every_item_stands_in_both_languages(graph: rdflib.Graph) -> None:
    for predicate in (BK.disagreement, BK.textualVariant, SKOS.note):
        for thing in set(graph.subjects(predicate)):
            assert len(in_language(graph, thing, predicate, "nb")) == len(in_language(graph, thing, predicate, "en")), (thing, predicate)


def test_no_item_is_lost_or_moved(graph: rdflib.Graph) -> None:
    """The list was written down from the text of the documents: key competence, list, place in it, and the item as printed."""
    rows = (Path(__file__).parent / "items.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = set()
    for kind in ("what", "why"):
        for key, item in graph.subject_objects(BK[kind]):
            [text], [_] = in_language(graph, item, SKOS.prefLabel, "nb"), in_language(graph, item, SKOS.prefLabel, "en")
            found.add("\t".join((str(key).removeprefix(BASE), kind, str(graph.value(item, BK.order)), text)))
    assert len(rows) == 458 and found == set(rows)


@pytest.mark.parametrize(
    ("parent", "property", "steps"),
    [
        ("way-of-working/prove-vurdere-beslutte", BK.hasStep, ["Prøve ut", "Vurdere", "Beslutte"]),
        ("progression/ledelse", BK.ofLadder, ["Lede seg selv", "Lede medarbeidere", "Lede ledere", "Lede hele virksomheten"]),
        (
            "ns#MethodStep",
            RDF.type,
            ["Balansemodellen", "Nøkkelkompetanser", "Læringsutbyttebeskrivelser", "Kvalifikasjoner"],
        ),
        ("ns#ValidationStage", RDF.type, ["Identifisere", "Dokumentere", "Verdsette", "Sertifisere"]),
    ],
)
def test_what_the_documents_list_is_in_their_order(
    asserted_graph: rdflib.Graph, parent: str, property: rdflib.URIRef, steps: list[str]
) -> None:
    members = set(asserted_graph.subjects(property, ref(parent))) or set(asserted_graph.objects(ref(parent), property))
    ordered = sorted(members, key=lambda node: int(str(asserted_graph.value(node, BK.order))))
    assert [in_language(asserted_graph, node, SKOS.prefLabel, "nb")[0] for node in ordered] == steps


def test_placement_table_of_the_union_representative(graph: rdflib.Graph) -> None:
    placed = set(graph.objects(ref("standard/tillitsvalgt"), BK.hasPlacement))
    assert Counter(name(p) for thing in placed for p in graph.objects(thing, BK.atPosition)) == PLACEMENT_TABLE
    assert len(placed) == 87 and sum(PLACEMENT_TABLE.values()) == 85


def test_guidance_is_one_competence_in_three_roles_at_two_positions(graph: rdflib.Graph) -> None:
    keys = {k for k in graph.subjects(BK.competence, ref("competence/veiledning")) if (k, RDF.type, BK.KeyCompetence) in graph}
    found = {
        (name(graph.value(s, BK.describesRole)), name(graph.value(k, BK.atPosition))) for k in keys for s in graph.objects(k, BK.placedIn)
    }
    assert found == {("butikksjef", "tilstedevaerelse"), ("avdelingsleder-sykehjem", "mennesker"), ("folkehogskolelaerer", "mennesker")}
    statements = {str(o) for k in keys for outcome in graph.objects(k, BK.hasLearningOutcome) for o in graph.objects(outcome, BK.statement)}
    assert len(statements) == 6


def test_positions_are_given_only_where_told(graph: rdflib.Graph) -> None:
    told = {
        s: sum(1 for k in graph.objects(ref(f"standard/{s}"), BK.hasKeyCompetence) if graph.value(k, BK.atPosition))
        for s in (*FIVE, *CHAINS)
    }
    assert told == {
        "butikksjef": 2,
        "butikkmedarbeider": 0,
        "avdelingsleder-sykehjem": 14,
        "folkehogskolelaerer": 1,
        "tillitsvalgt": 11,
        "ikea-shopkeeper": 0,
        "kiwi-butikksjef": 0,
        "meny-leder": 0,
    }


def test_leadership_and_management_of_the_nursing_home(graph: rdflib.Graph) -> None:
    found = Counter(name(o) for o in graph.objects(None, BK.contributesTo))
    assert found == {"ns#Leadership": 7, "ns#Management": 7}
    shares = {
        name(graph.value(s, BK.inDimension)): float(str(graph.value(s, BK.share))) for s in graph.subjects(RDF.type, BK.EmphasisShare)
    }
    assert shares == {FR: 0.5, MT: 0.35, TT: 0.15}


def test_what_the_chains_have_in_common(graph: rdflib.Graph) -> None:
    users = Counter(o for chain in CHAINS for o in graph.objects(ref(f"standard/{chain}"), BK.hasLearningOutcome))
    assert Counter(users.values()) == {3: 15, 2: 7, 1: 26}
    assert len(list(graph.objects(ref("standard/butikksjef"), PROV.wasDerivedFrom))) == 3


def test_ties_that_are_ours_are_marked(graph: rdflib.Graph, asserted_graph: rdflib.Graph) -> None:
    for standard, told in (("butikksjef", {"veiledning"}), ("butikkmedarbeider", {"overblikk"})):
        keys = set(graph.objects(ref(f"standard/{standard}"), BK.hasKeyCompetence))
        assert {name(k) for k in keys if asserted_graph.value(k, BK.hasLearningOutcome)} == told
        assert {name(k) for k in keys if asserted_graph.value(k, BK.hasEditorialOutcome)} == {name(k) for k in keys} - told


@pytest.mark.parametrize(
    ("standard", "interviews", "first", "last", "raw", "issued"),
    [
        ("avdelingsleder-sykehjem", "6", "2018-12", "2018-12", "260", "2019"),
        ("folkehogskolelaerer", "10", "2020-03", "2020-03", "270", "2020"),
        ("tillitsvalgt", "19", "2019-10", "2019-11", "None", "2020"),
        ("butikksjef", "None", "None", "None", "None", "2020"),
        ("meny-leder", "None", "None", "None", "None", "2017"),
    ],
)
def test_how_a_standard_came_about(
    graph: rdflib.Graph, standard: str, interviews: str, first: str, last: str, raw: str, issued: str
) -> None:
    predicates = (BK.interviewCount, BK.interviewedFrom, BK.interviewedTo, BK.rawCompetenceCount, DCTERMS.issued)
    found = [str(graph.value(ref(f"standard/{standard}"), p)) for p in predicates]
    assert found == [interviews, first, last, raw, issued]


def test_task_progression_and_nuances_of_the_shop(graph: rdflib.Graph) -> None:
    called = {name(c) for c in graph.objects(ref("task/ansvar-for-innkjop"), BK.callsFor)}
    assert called == {"bruke-it-verktoy", "kunnskap-om-lokale-forhold", "analytiske-evner", "produkt-og-sortimentskunnskap"}
    assert (ref("role/butikksjef"), BK.hasTask, ref("task/ansvar-for-innkjop")) in graph
    progressions = list(graph.subject_objects(BK.progressesTo))
    assert len(progressions) == 1 and str(progressions[0][0]).endswith("butikkmedarbeider/overblikk/outcome/1")
    assert len(list(graph.subjects(BK.nuanceOf, ref("competence/salg")))) == 3
    assert len(list(graph.subjects(BK.nuanceOf, ref("competence/kommunikasjon")))) == 9


def test_drivers_trust_factors_and_responsibility(graph: rdflib.Graph) -> None:
    standard = ref("standard/tillitsvalgt")
    assert [len(list(graph.objects(standard, p))) for p in (BK.hasDriver, BK.hasTrustFactor, BK.hasResponsibilityAspect)] == [4, 9, 4]


def test_individuals(graph: rdflib.Graph) -> None:
    one = ref("individual/voksenopplaering-1")
    assert len(list(graph.objects(one, BK.hasKeyCompetence))) == 8
    assert (one, BK.referredTo, ref("standard/butikkmedarbeider")) in graph
    rows = set(graph.objects(ref("comparison/voksenopplaering"), BK.hasComparisonRow))
    counts = {name(r): int(str(graph.value(r, BK.individualCount))) for r in rows}
    assert len(rows) == 21 and sum(counts.values()) == 32
    assert {k for k, v in counts.items() if v == 0} == {"mestre-stress", "lojalitet", "multitasking"}
    assert (counts["pc-bruk"], counts["laeringsvilje"], counts["kundebehandling"], counts["utholdenhet"]) == (4, 4, 3, 2)
    additions = ref("individual/folkehogskolelaerer-tillegg")
    assert by_dimension(graph, set(graph.objects(additions, BK.hasPlacement))) == (6, 17, 2)
    assert len(list(graph.subjects(BK.extendsOutcome))) == 3


def test_competence_scheme(graph: rdflib.Graph) -> None:
    competences = set(graph.subjects(RDF.type, BK.Competence))
    assert len(competences) == 186
    for competence in competences:
        assert in_language(graph, competence, SKOS.definition, "nb") and in_language(graph, competence, SKOS.definition, "en")
    assert (ref("competence/relasjonsbygging"), SKOS.broader, ref("competence/mellommenneskelige-relasjoner")) in graph
    for decided in ("veiledning", "relasjonsbygging", "mellommenneskelige-relasjoner", "it-forstaelse", "mestre-kompleksitet"):
        assert in_language(graph, ref(f"competence/{decided}"), SKOS.editorialNote, "nb"), decided


def test_every_competence_is_in_a_collection_of_ours(graph: rdflib.Graph) -> None:
    collections = set(graph.subjects(RDF.type, SKOS.Collection))
    assert len(collections) == 14
    assert all(graph.value(c, BK.editorial) == rdflib.Literal(True) for c in collections)
    members = {member for c in collections for member in graph.objects(c, SKOS.member)}
    assert members == set(graph.subjects(RDF.type, BK.Competence))


def test_a_competence_tied_to_no_other_tells_why(graph: rdflib.Graph) -> None:
    ties = (SKOS.broader, SKOS.related, BK.editorialBroader, BK.editorialRelated)
    tied = {end for tie in ties for pair in graph.subject_objects(tie) for end in pair}
    alone = set(graph.subjects(RDF.type, BK.Competence)) - tied
    assert {str(c).rsplit("/", 1)[1] for c in alone} == {"jordbruk", "miljo-og-klima", "renhold"}
    assert all(any("Not linked to any other competence" in str(note) for note in graph.objects(c, SKOS.editorialNote)) for c in alone)


def test_names_of_outcomes_and_definitions_that_no_document_gives_are_marked(graph: rdflib.Graph) -> None:
    assert all((outcome, BK.editorialProperty, SKOS.prefLabel) in graph for outcome in graph.subjects(RDF.type, BK.LearningOutcome))
    key = {c for k in graph.subjects(RDF.type, BK.KeyCompetence) for c in graph.objects(k, BK.competence)}
    explained = {ref("competence/handverk"), ref("competence/salg")}
    marked = {c for c in graph.subjects(RDF.type, BK.Competence) if (c, BK.editorialProperty, SKOS.definition) in graph}
    assert marked == set(graph.subjects(RDF.type, BK.Competence)) - key - explained


def test_every_competence_is_named_by_a_document_and_every_named_variant_has_its_decision(graph: rdflib.Graph) -> None:
    for competence in graph.subjects(RDF.type, BK.Competence):
        assert graph.value(competence, DCTERMS.source) or graph.value(competence, BK.editorial), competence
        if in_language(graph, competence, SKOS.altLabel, "nb"):
            assert in_language(graph, competence, SKOS.editorialNote, "nb"), competence


def test_every_key_competence_of_the_five_roles_cites_its_source(graph: rdflib.Graph) -> None:
    keys = [k for s in FIVE for k in graph.objects(ref(f"standard/{s}"), BK.hasKeyCompetence)]
    assert len(keys) == 63
    for key in keys:
        assert graph.value(key, DCTERMS.source) in {ref("source/virke-2020"), ref("source/lo-2020")} and graph.value(key, BK.statedIn)


def test_places_where_the_documents_disagree_are_recorded(graph: rdflib.Graph) -> None:
    recorded = [o for o in graph.objects(None, BK.disagreement) if isinstance(o, rdflib.Literal) and o.language == "nb"]
    assert len(recorded) > 60
    for thing in ("standard/tillitsvalgt", "standard/tillitsvalgt/kritisk-blikk", "standard/folkehogskolelaerer/tilgjengelighet/outcome/1"):
        assert in_language(graph, ref(thing), BK.disagreement, "nb"), thing


def test_no_person_behind_an_individual_can_be_reached(graph: rdflib.Graph) -> None:
    persons = set(graph.subjects(RDF.type, rdflib.FOAF.Person))
    for individual in graph.subjects(RDF.type, BK.IndividualDescription):
        assert not persons & set(graph.objects(individual, None))


def test_every_file_of_a_standard_is_one_standard(project: Project) -> None:
    for path in (project.root / "data" / "standards").glob("*.ttl"):
        described = set(rdflib.Graph().parse(path).subjects(RDF.type, BK.CompetenceStandard))
        assert described == {ref(f"standard/{path.stem}")}


# What the rules say of the real data, with the reason that each may stand. Nothing else may come.
TRAIT_LIKE = "the document prints this name for a key competence, and its outcome tells what one can do; the method asks not to be dogmatic"
INFORMATION = {
    ("K2b", "standard/avdelingsleder-sykehjem/etikk"): TRAIT_LIKE,
    ("K2b", "standard/butikkmedarbeider/laeringsvilje"): TRAIT_LIKE,
    ("K2b", "standard/butikkmedarbeider/lojalitet"): TRAIT_LIKE,
    ("K2b", "standard/butikkmedarbeider/norsk"): TRAIT_LIKE,
    ("K2b", "standard/butikkmedarbeider/noyaktighet"): TRAIT_LIKE,
    ("K2b", "standard/butikkmedarbeider/selvstendighet"): TRAIT_LIKE,
    ("K2b", "standard/folkehogskolelaerer/faglighet"): TRAIT_LIKE,
    ("K2b", "standard/folkehogskolelaerer/resultatorientert"): TRAIT_LIKE,
    ("K2b", "standard/folkehogskolelaerer/tilgjengelighet"): TRAIT_LIKE,
    ("K2b", "standard/tillitsvalgt/losningsorientert"): TRAIT_LIKE,
    ("K2b", "standard/tillitsvalgt/resultatorientert"): TRAIT_LIKE,
    ("K2b", "standard/tillitsvalgt/tilgjengelighet"): TRAIT_LIKE,
    ("K2b", "individual/voksenopplaering-1/laeringsvilje"): TRAIT_LIKE,
    ("K2b", "individual/voksenopplaering-1/selvstendighet"): TRAIT_LIKE,
    ("K4", "standard/butikksjef"): "the report shows it as a figure only",
    ("K4", "standard/butikkmedarbeider"): "the report shows it as a figure only",
    ("K4", "standard/ikea-shopkeeper"): "the report prints its outcomes only",
    ("K4", "standard/kiwi-butikksjef"): "the report prints its outcomes only",
    ("K4", "standard/meny-leder"): "the report prints its outcomes only",
}


def test_real_data_conforms_and_what_remains_is_deserved(project: Project) -> None:
    report = validate(project)
    assert report.conforms, format_report_text(report, "en", project.root)
    assert {(f.rule.id, str(f.focus_node).strip("<>").removeprefix(BASE)) for f in report.findings} == set(INFORMATION)
    assert {f.severity for f in report.findings} == {"info"}


def test_every_rule_finds_targets_in_the_data_or_its_example(project: Project, graph: rdflib.Graph) -> None:
    classes = {o for p in project.list_shape_files() for o in rdflib.Graph().parse(p).objects(None, rdflib.SH.targetClass)}
    populated = set(graph.objects(None, RDF.type))
    only_in_examples = {BK.Qualification, BK.SetUp}
    assert classes - populated - {BK.Proxy, SKOS.ConceptScheme} == only_in_examples
    assert (ref("dataset"), OWL.versionInfo, None) in graph
