"""The profiles: each output holds to shapes written from what its profile asks for, and an output with a fault does not."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, Triple, parse
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, SH, SKOS, VOID, XSD

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.export.profiles import (
    PROFILE_PREFIXES,
    build_profile_titles,
    construct_triples,
    read_profiles,
    write_catalogue,
    write_profile,
)
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.serialize import canonicalize_triples, serialize_turtle
from helpers.dataset import ROOT

BK = rdflib.Namespace(NAMESPACE)
ELM = rdflib.Namespace("http://data.europa.eu/snb/model/elm/")
SPDX = rdflib.Namespace(PROFILE_PREFIXES["spdx"])
VCARD = rdflib.Namespace(PROFILE_PREFIXES["vcard"])
THINGS = rdflib.Namespace(BASE)
SKILL = rdflib.URIRef("http://data.europa.eu/snb/skill-type/skill")
OUTPUTS = {
    "elm": "data/profiles/elm.ttl",
    "skos-ap-no": "data/profiles/skos-ap-no.ttl",
    "dcat-ap-no": "data/catalogue.ttl",
    "void": ".well-known/void",
}
FORMS = {".ttl": RdfFormat.TURTLE, ".jsonld": RdfFormat.JSON_LD}
Output = Callable[[str], rdflib.Graph]


@pytest.fixture(scope="module")
def output(site: Path) -> Output:
    """A published profile by name, to change at will."""
    return lambda name: rdflib.Graph().parse(site / OUTPUTS[name], format="turtle")


def broken(graph: rdflib.Graph, name: str) -> set[str]:
    """The shapes of `tests/profiles/{name}.ttl` that a graph breaks, each by the path of the result."""
    shapes = rdflib.Graph().parse(Path(__file__).parents[1] / "profiles" / f"{name}.ttl")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    paths = {report.value(result, sh.resultPath) for result in report.subjects(RDF.type, sh.ValidationResult)}
    return {path.n3(graph.namespace_manager) if isinstance(path, rdflib.URIRef) else "choice" for path in paths}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_conforms(output: Output, name: str) -> None:
    assert broken(output(name), name) == set()


def mutated(graph: rdflib.Graph, name: str) -> str:
    """Put one fault in a graph, and return the path that must be told."""
    standard, outcome = THINGS["standard/butikksjef#elm"], THINGS["standard/butikksjef/outcome/1#elm"]
    veiledning, dataset = THINGS["competence/veiledning"], THINGS["dataset"]
    match name:
        case "elm: a property of ours":
            graph.add((standard, BK.describesRole, THINGS["role/butikksjef"]))
            return "bk:describesRole"
        case "elm: no field":
            graph.remove((standard, ELM.ISCEDFCode, None))
            return "elm:ISCEDFCode"
        case "elm: no outcomes":
            graph.remove((standard, ELM.learningOutcome, None))
            return "elm:learningOutcome"
        case "elm: two types":
            graph.add((outcome, DCTERMS.type, SKILL))
            graph.add((outcome, DCTERMS.type, rdflib.URIRef(str(SKILL).replace("/skill", "/knowledge", 1))))
            return "dcterms:type"
        case "elm: two titles in one language":
            graph.add((outcome, DCTERMS.title, rdflib.Literal("Noe annet", lang="nb")))
            return "dcterms:title"
        case "elm: a qualification without a level":
            graph.add((standard, RDF.type, ELM.Qualification))
            return "elm:EQFLevel"
        case "skos-ap-no: no nynorsk":
            graph.remove((veiledning, SKOS.prefLabel, rdflib.Literal("Rettleiing", lang="nn")))
            return "skos:prefLabel"
        case "skos-ap-no: two in bokmål":
            graph.add((veiledning, SKOS.prefLabel, rdflib.Literal("Rettledning", lang="nb")))
            return "skos:prefLabel"
        case "skos-ap-no: no definition":
            graph.remove((veiledning, SKOS.definition, None))
            return "skos:definition"
        case "skos-ap-no: no contact":
            graph.remove((veiledning, DCAT.contactPoint, None))
            return "dcat:contactPoint"
        case "skos-ap-no: contact without a way":
            graph.remove((None, VCARD.hasURL, None))
            return "choice"
        case "dcat-ap-no: no identifier (2.2)":
            graph.remove((dataset, DCTERMS.identifier, None))
            return "dcterms:identifier"
        case "dcat-ap-no: no contact (3.0)":
            graph.remove((dataset, DCAT.contactPoint, None))
            return "dcat:contactPoint"
        case "dcat-ap-no: no theme of the list":
            graph.remove((dataset, DCAT.theme, None))
            graph.add((dataset, DCAT.theme, THINGS["theme/arbeid"]))
            return "dcat:theme"
        case "dcat-ap-no: a file without an address":
            graph.remove((THINGS["data/catalogue#balansekunst.ttl"], DCAT.accessURL, None))
            return "dcat:accessURL"
        case "dcat-ap-no: a size that is no count":
            graph.set((THINGS["data/catalogue#balansekunst.ttl"], DCAT.byteSize, rdflib.Literal("12", datatype=XSD.string)))
            return "dcat:byteSize"
        case "void: no dump":
            graph.remove((dataset, VOID.dataDump, None))
            return "void:dataDump"
        case "void: a linkset of no predicate":
            graph.remove((THINGS["data/catalogue#esco-closeMatch"], VOID.linkPredicate, None))
            return "void:linkPredicate"
    raise KeyError(name)


FAULTS = (
    "elm: a property of ours",
    "elm: no field",
    "elm: no outcomes",
    "elm: two types",
    "elm: two titles in one language",
    "elm: a qualification without a level",
    "skos-ap-no: no nynorsk",
    "skos-ap-no: two in bokmål",
    "skos-ap-no: no definition",
    "skos-ap-no: no contact",
    "skos-ap-no: contact without a way",
    "dcat-ap-no: no identifier (2.2)",
    "dcat-ap-no: no contact (3.0)",
    "dcat-ap-no: no theme of the list",
    "dcat-ap-no: a file without an address",
    "dcat-ap-no: a size that is no count",
    "void: no dump",
    "void: a linkset of no predicate",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(output: Output, fault: str) -> None:
    name = fault.split(":")[0]
    graph = output(name)
    for prefix, namespace in PROFILE_PREFIXES.items():
        graph.bind(prefix, namespace)
    assert mutated(graph, fault) in broken(graph, name)


@pytest.mark.parametrize("name", ["elm", "skos-ap-no", "dcat-ap-no"])
def test_turtle_and_json_ld_hold_the_same(site: Path, name: str) -> None:
    path = site / OUTPUTS[name]
    turtle_form, json_form = (parse(path.with_suffix(ending).read_bytes(), format=form) for ending, form in FORMS.items())
    assert canonicalize_triples(quad.triple for quad in turtle_form) == canonicalize_triples(quad.triple for quad in json_form)


@pytest.fixture(scope="module")
def dump(site: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(site / "data" / "balansekunst.nt", format="nt")


def test_elm_holds_together_with_our_own_graph(output: Output, dump: rdflib.Graph) -> None:
    """Nothing that we say of our resources is said of a node of ELM's closed shapes."""
    assert broken(output("elm") + dump, "elm") == set()


def test_elm_has_every_standard_and_outcome(output: Output, dump: rdflib.Graph) -> None:
    graph = output("elm")
    assert {str(s) for s in graph.subjects(RDF.type, ELM.LearningAchievementSpecification)} == {
        f"{standard}#elm" for standard in dump.subjects(RDF.type, BK.CompetenceStandard)
    }
    assert not set(graph.subjects(RDF.type, ELM.Qualification))
    of_standards = {
        outcome
        for standard in dump.subjects(RDF.type, BK.CompetenceStandard)
        for holder in (standard, *dump.objects(standard, BK.hasKeyCompetence))
        for outcome in dump.objects(holder, BK.hasLearningOutcome)
    }
    assert {str(o).removesuffix("#elm") for o in graph.subjects(RDF.type, ELM.LearningOutcome)} == {str(o) for o in of_standards}
    for outcome in of_standards:
        assert set(graph.objects(rdflib.URIRef(f"{outcome}#elm"), DCTERMS.title)) == set(dump.objects(outcome, BK.statement))


def test_elm_has_a_skill_type_only_where_nkr_gives_it_and_all_categories_in_notes(output: Output, dump: rdflib.Graph) -> None:
    graph, told = output("elm"), 0
    for outcome in graph.subjects(RDF.type, ELM.LearningOutcome):
        categories = set(dump.objects(rdflib.URIRef(str(outcome).removesuffix("#elm")), BK.nkrDescriptor))
        of_eqf: dict[rdflib.term.Node, str] = {BK.Kunnskap: "knowledge", BK.Ferdighet: "skill"}
        wanted = {of_eqf[category] for category in categories if len(categories) == 1 and category in of_eqf}
        assert {str(kind).rsplit("/", 1)[-1] for kind in graph.objects(outcome, DCTERMS.type)} == wanted, outcome
        assert len(set(graph.objects(outcome, ELM.additionalNote))) == len(categories), outcome
        told += len(wanted)
    assert told == 34


def test_elm_ties_outcomes_to_esco_by_exact_and_close_matches_alone(output: Output, dump: rdflib.Graph) -> None:
    graph = output("elm")
    for competence in dump.subjects(RDF.type, BK.Competence):
        near = set(dump.objects(competence, SKOS.exactMatch)) | set(dump.objects(competence, SKOS.closeMatch))
        far = {o for p in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch) for o in dump.objects(competence, p)}
        for key in dump.subjects(BK.competence, competence):
            if (key, RDF.type, BK.KeyCompetence) not in dump or str(key).startswith(f"{BASE}individual/"):
                continue
            for outcome in dump.objects(key, BK.hasLearningOutcome):
                tied = set(graph.objects(rdflib.URIRef(f"{outcome}#elm"), ELM.relatedESCOSkill))
                itself = {o for p in (SKOS.exactMatch, SKOS.closeMatch) for o in dump.objects(outcome, p)}
                assert near | itself <= tied, outcome
                others = {c for k in dump.subjects(BK.hasLearningOutcome, outcome) for c in dump.objects(k, BK.competence)}
                assert others != {competence} or not tied & (far - near - itself), outcome


NEW_PROFILE = """#+ title:
#+   nb: "Navnene på kompetansene"
#+   en: "The names of the competences"
#+ conforms_to: https://example.org/names
#+ prefixes:
#+   names: https://example.org/names#

PREFIX bk: <https://w3id.org/balansekunst/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

CONSTRUCT { ?competence <https://example.org/names#name> ?name }
WHERE { ?competence a bk:Competence ; skos:prefLabel ?name }
"""


@pytest.fixture
def extended(project: Project, tmp_path: Path) -> Project:
    """The project with one profile more."""
    for name in ("ontology", "shapes", "data", "site"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.root / "queries", tmp_path / "queries")
    (tmp_path / "queries" / "profiles" / "names.rq").write_text(NEW_PROFILE, encoding="utf-8")
    return Project(tmp_path)


def test_a_new_profile_is_one_file(extended: Project, inferred: Store, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    (folder / "data").mkdir(parents=True)
    profiles = read_profiles(extended)
    assert [profile.name for profile in profiles] == ["elm", "names", "skos-ap-no", "skos"]
    data = [Triple(quad.subject, quad.predicate, quad.object) for quad in inferred]
    for profile in profiles:
        write_profile(folder / "data", inferred, extended, profile)
    write_catalogue(folder, data, extended, profiles, build_profile_titles(profiles))
    written = (folder / "data" / "profiles" / "names.ttl").read_text(encoding="utf-8")
    assert "@prefix names: <https://example.org/names#> ." in written and 'names:name "Guidance"@en' in written
    catalogue = rdflib.Graph().parse(folder / "data" / "catalogue.ttl")
    for ending in ("ttl", "jsonld"):
        record = THINGS[f"data/catalogue#profiles-names.{ending}"]
        assert catalogue.value(record, DCTERMS.conformsTo) == rdflib.URIRef("https://example.org/names")
        form = {"ttl": "Turtle", "jsonld": "JSON-LD"}[ending]
        assert rdflib.Literal(f"The names of the competences ({form})", "en") in set(catalogue.objects(record, DCTERMS.title))


def test_a_profile_without_titles_gets_a_sentence(extended: Project) -> None:
    file = extended.root / "queries" / "profiles" / "names.rq"
    file.write_text(NEW_PROFILE.partition("#+ conforms_to")[0].replace("#+   en", "#+   de") + "\nASK {}\n", encoding="utf-8")
    (extended.root / "queries" / "profiles" / "more.rq").write_text("ASK {}\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_profiles(extended)
    assert [(key, values.get("line"), values.get("key")) for key, values in error.value.messages] == [
        ("header.missing", None, None),
        ("header.key", 1, "conforms_to"),
        ("header.key", 1, "title.en"),
        ("header.unknown-key", 3, "title.de"),
    ]


@pytest.mark.slow
def test_the_made_up_qualification_conforms_and_is_never_published(project: Project, site: Path) -> None:
    """`docs/elm-qualification.ttl` is what the export makes of the made-up example of rule N1."""
    example = Dataset(project, [project.examples / "N1" / "conforming.ttl"])
    ours = set(construct_triples(Dataset(project).store, "profiles/elm", project))
    made = [triple for triple in construct_triples(example.store, "profiles/elm", project) if triple not in ours]
    written = (project.root / "docs" / "elm-qualification.ttl").read_bytes()
    head, _, body = written.partition(b"\n\n")
    [prefixes] = [profile.prefixes for profile in read_profiles(project) if profile.name == "elm"]
    assert body == serialize_turtle(made, prefixes) and b"Everything here is made up" in head
    graph = rdflib.Graph().parse(data=serialize_turtle([*ours, *made], prefixes), format="turtle")
    assert broken(graph, "elm") == set()
    qualification = THINGS["qualification/kaffebrenner#elm"]
    assert graph.value(qualification, ELM.EQFLevel) == rdflib.URIRef("http://data.europa.eu/snb/eqf/3")
    assert graph.value(qualification, ELM.NQFLevel) == rdflib.URIRef("http://data.europa.eu/snb/qdr/c_bbfedf33")
    assert {str(title) for title in graph.objects(qualification, DCTERMS.title)} == {
        "Kvalifikasjon for kaffebrenner (oppdiktet)",
        "Qualification for coffee roaster (made up)",
    }
    # The page of a rule shows its examples, and calls them so.
    files = [path for path in site.rglob("*") if path.is_file() and path.parent.name != "rule"]
    assert not [path for path in files if b"kaffebrenner" in path.read_bytes()]


def test_every_competence_has_a_name_in_nynorsk_that_is_marked_as_ours(output: Output, dump: rdflib.Graph) -> None:
    graph = output("skos-ap-no")
    competences = set(dump.subjects(RDF.type, BK.Competence))
    assert set(graph.objects(None, SKOS.member)) == competences
    assert not [o for o in dump.objects(None, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == "nn"]
    for competence in competences:
        names = [o for o in graph.objects(competence, SKOS.prefLabel) if isinstance(o, rdflib.Literal) and o.language == "nn"]
        assert names == list(dump.objects(competence, BK.nynorskLabel))
        assert not list(graph.objects(competence, SKOS.scopeNote)), "a note on the names is no note on the concept"
    [collection] = graph.subjects(RDF.type, SKOS.Collection)
    assert any("vår egen" in str(note) for note in graph.objects(collection, SKOS.scopeNote))


def test_definitions_and_related_concepts_are_said_as_data_norge_no_reads_them(output: Output) -> None:
    graph = output("skos-ap-no")
    euvoc, skosno = (
        rdflib.Namespace("http://publications.europa.eu/ontology/euvoc#"),
        rdflib.Namespace("https://data.norge.no/vocabulary/skosno#"),
    )
    kinds = set()
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        notes = list(graph.objects(concept, euvoc.xlDefinition))
        assert {graph.value(note, RDF.value) for note in notes} == set(graph.objects(concept, SKOS.definition))
        for note in notes:
            kind = str(graph.value(note, skosno.relationshipWithSource)).rpartition("#")[2]
            kinds.add(kind)
            assert set(graph.objects(note, DCTERMS.source)) == (
                set(graph.objects(concept, DCTERMS.source)) if kind == "derived-from-source" else set()
            )
        relations = graph.objects(concept, skosno.isFromConceptIn)
        assert {graph.value(relation, skosno.hasToConcept) for relation in relations} == set(graph.objects(concept, SKOS.related))
    assert kinds == {"self-composed", "derived-from-source"}


def test_the_plain_scheme_says_who_when_and_on_what_terms(site: Path, dump: rdflib.Graph) -> None:
    graph = rdflib.Graph().parse(site / "data/profiles/skos.ttl")
    [scheme] = graph.subjects(RDF.type, SKOS.ConceptScheme)
    about = (DCTERMS.title, DCTERMS.license, DCTERMS.publisher, DCTERMS.created, DCTERMS.modified, OWL.versionInfo, SKOS.prefLabel)
    assert all(graph.value(scheme, term) for term in about)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts == set(dump.subjects(RDF.type, BK.Competence))
    for term in (
        SKOS.prefLabel,
        SKOS.definition,
        SKOS.inScheme,
        SKOS.broader,
        SKOS.narrower,
        SKOS.related,
        SKOS.closeMatch,
        SKOS.narrowMatch,
    ):
        said = {(a, b) for a, b in graph.subject_objects(term) if a in concepts}
        assert said and said == {(a, b) for a, b in dump.subject_objects(term) if a in concepts}, term
    assert set(graph.objects(None, SKOS.member)) <= concepts


def test_a_file_conforms_only_to_the_profile_that_it_follows(output: Output) -> None:
    graph = output("dcat-ap-no")
    stated: dict[str, set[str]] = {}
    for record in graph.subjects(RDF.type, DCAT.Distribution):
        stated[str(record).rpartition("#")[2]] = {str(profile) for profile in graph.objects(record, DCTERMS.conformsTo)}
    assert stated["profiles-elm.ttl"] == {"http://data.europa.eu/snb/model/elm"}
    assert stated["balansekunst.ttl"] == {f"{BASE}ns"}
    assert stated["tables-outcomes.csv"] == set()
    assert max(map(len, stated.values())) == 1


OFFICIAL_SHAPES = {
    "LOQ-constraints.ttl": OUTPUTS["elm"],
    "SKOS-AP-NO-Begrep-shape_shape_v2.ttl": OUTPUTS["skos-ap-no"],
    "dcat-ap-3.0.0-SHACL.ttl": OUTPUTS["dcat-ap-no"],
    "skohub.shacl.ttl": "data/balansekunst.ttl",
}
"""Shapes of the profiles' own makers, which are not part of the project, and the file that they judge."""


@pytest.mark.reference
@pytest.mark.parametrize("shapes", OFFICIAL_SHAPES)
def test_shapes_of_the_makers_find_no_fault(site: Path, shapes: str) -> None:
    """Of what class a thing of others is, such as a concept of ESCO, they say themselves; and all is a resource."""
    folder = Path(os.environ.get("BALANSEKUNST_VALIDATORS", ROOT.parent / "shared" / "data" / "validators"))
    if not folder.is_dir():
        pytest.skip(f"the shapes are not at hand: {folder}")
    rules = rdflib.Graph().parse(folder / shapes)
    rules.remove((None, OWL.imports, None))
    _, report, _ = pyshacl.validate(rdflib.Graph().parse(site / OFFICIAL_SHAPES[shapes]), shacl_graph=rules)
    found = {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath)), str(report.value(result, SH.value)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) == (SH.Warning if shapes.startswith("skohub") else SH.Violation)
        and not (
            report.value(result, SH.sourceConstraintComponent) == SH.ClassConstraintComponent
            and (
                not str(report.value(result, SH.value)).startswith(BASE)
                or any(rules.value(shape, SH["class"]) == RDFS.Resource for shape in report.objects(result, SH.sourceShape))
            )
        )
    }
    assert not found, sorted(found)[:10]


NOT_NYNORSK = re.compile(r"(lig|lighet|het|inger|else|elser)\b|\b(ikke|hva|fra|være)\b|ledelse|løsning|forståelse|gjøre|selv")


def test_nynorsk_names_have_no_bokmål_endings(dump: rdflib.Graph) -> None:
    names = [str(o) for o in dump.objects(None, BK.nynorskLabel)]
    assert len(names) == 186
    assert [name for name in names if NOT_NYNORSK.search(name)] == []


def test_catalogue_tells_the_true_size_and_checksum_of_every_file(site: Path, output: Output) -> None:
    graph = output("dcat-ap-no")
    told = set()
    for distribution in graph.objects(THINGS.dataset, DCAT.distribution):
        path = site / str(graph.value(distribution, DCAT.downloadURL)).removeprefix(BASE)
        checksum = graph.value(distribution, SPDX.checksum)
        assert int(str(graph.value(distribution, DCAT.byteSize))) == path.stat().st_size
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(path.read_bytes()).hexdigest()
        assert {title.language for title in graph.objects(distribution, DCTERMS.title) if isinstance(title, rdflib.Literal)} == {"nb", "en"}
        told.add(path)
    data = {path for path in (site / "data").rglob("*") if path.is_file() and path.stem not in ("catalogue", "csv-metadata")}
    assert told == data


def test_void_counts_the_dump(output: Output, dump: rdflib.Graph) -> None:
    graph = output("void")
    counts = {
        VOID.triples: len(dump),
        VOID.entities: len({s for s in dump.subjects() if str(s).startswith(BASE)}),
        VOID.classes: len(set(dump.objects(None, RDF.type))),
        VOID.properties: len(set(dump.predicates())),
        VOID.distinctSubjects: len(set(dump.subjects())),
    }
    for name, count in counts.items():
        assert graph.value(THINGS.dataset, name) == rdflib.Literal(count), name
    for partition in graph.objects(THINGS.dataset, VOID.classPartition):
        kind = graph.value(partition, VOID["class"])
        assert graph.value(partition, VOID.entities) == rdflib.Literal(len(set(dump.subjects(RDF.type, kind)))), kind
    for partition in graph.objects(THINGS.dataset, VOID.propertyPartition):
        used = graph.value(partition, VOID.property)
        assert graph.value(partition, VOID.triples) == rdflib.Literal(len(list(dump.subject_objects(used)))), used
    for linkset in graph.subjects(RDF.type, VOID.Linkset):
        link = graph.value(linkset, VOID.linkPredicate)
        links = [o for o in dump.objects(None, link) if str(o).startswith("http://data.europa.eu/esco/")]
        assert graph.value(linkset, VOID.triples) == rdflib.Literal(len(links)), link


def test_standards_have_a_field_of_education_with_a_reason(dump: rdflib.Graph) -> None:
    for standard in dump.subjects(RDF.type, BK.CompetenceStandard):
        field = dump.value(standard, BK.educationField)
        mapping = rdflib.URIRef(f"{BASE}mapping/isced-f#{str(standard).removeprefix(BASE)}/{str(field).rsplit('/', 1)[-1]}")
        assert {o.language for o in dump.objects(mapping, BK.mappingReason) if isinstance(o, rdflib.Literal)} == {"nb", "en"}
