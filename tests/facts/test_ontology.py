"""The vocabulary says what it should of every term, keeps to its OWL profiles, and the context covers it."""

import csv
import json
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN

from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.version import __version__
from helpers.judges import check_findings
from helpers.maven import maven

BK = rdflib.Namespace(NAMESPACE)
ROBOT = "org.obolibrary.robot.CommandLineInterface"
MODELS = ("balance-model", "cooperation-model")
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
CONTRACT_CLASSES = {
    "BalanceDimension",
    "BalancePosition",
    "BalancePoint",
    "BalanceMidpoint",
    "Effect",
    "Role",
    "CompetenceStandard",
    "Competence",
    "PlacedCompetence",
    "KeyCompetence",
    "LearningOutcome",
    "Item",
    "Passage",
    "IndividualDescription",
    "Qualification",
}
CONTRACT_PROPERTIES = {
    "drives",
    "ofDimension",
    "describesRole",
    "hasStandard",
    "hasPlacement",
    "hasKeyCompetence",
    "competence",
    "inDimension",
    "atPosition",
    "rationale",
    "what",
    "why",
    "hasLearningOutcome",
    "statement",
    "nkrDescriptor",
    "variantOf",
    "progressesTo",
    "requiresCompetence",
    "sharesCompetenceWith",
    "order",
    "statedIn",
    "textualVariant",
    "editorial",
    "referredTo",
}


@pytest.fixture(scope="module")
def ontology(project: Project) -> rdflib.Graph:
    """Our own terms: neither the models' individuals nor the alignments to others."""
    graph = rdflib.Graph()
    for path in sorted((project.root / "ontology").glob("*.ttl")):
        if path.stem not in (*MODELS, "alignments"):
            graph.parse(path)
    return graph


def terms(graph: rdflib.Graph, *kinds: rdflib.URIRef) -> set[rdflib.URIRef]:
    return {s for kind in kinds for s in graph.subjects(RDF.type, kind) if isinstance(s, rdflib.URIRef) and s.startswith(NAMESPACE)}


def test_contract_is_kept(ontology: rdflib.Graph) -> None:
    assert {BK[name] for name in CONTRACT_CLASSES} <= terms(ontology, OWL.Class)
    assert {BK[name] for name in CONTRACT_PROPERTIES} <= terms(ontology, *PROPERTY_KINDS)
    assert (BK.Competence, RDFS.subClassOf, SKOS.Concept) in ontology
    assert (BK.KeyCompetence, RDFS.subClassOf, BK.PlacedCompetence) in ontology
    assert (BK.hasKeyCompetence, RDFS.subPropertyOf, BK.hasPlacement) in ontology
    assert (BK.describesRole, OWL.inverseOf, BK.hasStandard) in ontology


def test_every_term_has_labels_definitions_and_home(ontology: rdflib.Graph) -> None:
    for term in terms(ontology, OWL.Class, *PROPERTY_KINDS):
        for predicate in (RDFS.label, SKOS.definition):
            texts = {o.language: str(o) for o in ontology.objects(term, predicate) if isinstance(o, rdflib.Literal)}
            assert texts.keys() == {"nb", "en"}, (term, predicate)
        assert ontology.value(term, RDFS.isDefinedBy) == rdflib.URIRef(NAMESPACE.rstrip("#"))


@pytest.mark.slow
def test_every_term_used_in_the_project_is_defined(project: Project, ontology: rdflib.Graph) -> None:
    model = rdflib.Graph().parse(project.root / "ontology" / "balance-model.ttl").parse(project.root / "ontology" / "cooperation-model.ttl")
    defined = terms(ontology, OWL.Class, *PROPERTY_KINDS) | {s for s in model.subjects() if str(s).startswith(NAMESPACE)}
    graph = rdflib.Graph()
    for path in [*project.list_sources(), *project.list_shape_files()]:
        graph.parse(path)
    used = {term for triple in graph for term in triple if isinstance(term, rdflib.URIRef) and str(term).startswith(NAMESPACE)}
    assert used - defined == set()


def test_header(ontology: rdflib.Graph) -> None:
    header = rdflib.URIRef(NAMESPACE.rstrip("#"))
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.license, OWL.versionIRI):
        assert ontology.value(header, predicate) is not None, predicate
    assert str(ontology.value(header, VANN.preferredNamespacePrefix)) == "bk"
    assert str(ontology.value(header, VANN.preferredNamespaceUri)) == NAMESPACE


def test_one_version_everywhere(project: Project, ontology: rdflib.Graph) -> None:
    header = rdflib.URIRef(NAMESPACE.rstrip("#"))
    assert str(ontology.value(header, OWL.versionInfo)) == __version__
    assert str(ontology.value(header, OWL.versionIRI)).endswith(f"/{__version__}")
    dataset = rdflib.Graph().parse(project.root / "data" / "dataset.ttl")
    assert [str(o) for o in dataset.objects(None, OWL.versionInfo)] == [__version__]
    shapes = rdflib.Graph().parse(project.root / "shapes" / "shapes.ttl")
    assert [str(o) for o in shapes.objects(None, OWL.versionInfo)] == [__version__]
    assert f"\nversion: {__version__}\n" in (project.root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {__version__}\n" in (project.root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_a_chain_defines_has_no_cardinality(ontology: rdflib.Graph) -> None:
    chained = set(ontology.subjects(OWL.propertyChainAxiom))
    assert chained == {BK.requiresCompetence, BK.inDimension, BK.worksInLine, BK.inDocument, DCTERMS.source}
    restricted = set(ontology.objects(None, OWL.onProperty))
    functional = set(ontology.subjects(RDF.type, OWL.FunctionalProperty))
    assert not chained & (restricted | functional)


@pytest.mark.reference
def test_published_vocabulary_keeps_to_its_owl_profiles_and_is_consistent(project: Project, site: Path, tmp_path: Path) -> None:
    """What ROBOT's report finds beside that is explained on the scorecard."""
    reports = {profile: tmp_path / f"{profile}.txt" for profile in ("DL", "RL")}
    table = tmp_path / "report.tsv"
    checks = " ".join(f"validate-profile --profile {profile} --output {path}" for profile, path in reports.items())
    ontology = site / "data" / "ontology.ttl"
    command = f"merge --input {ontology} {checks} report --fail-on none --output {table} reason --reasoner hermit"
    done = maven(project.root / "tests" / "owl" / "pom.xml", "exec:java", f"-Dexec.mainClass={ROBOT}", f"-Dexec.args={command}")
    assert done.returncode == 0, done.stdout + done.stderr
    for path in reports.values():
        written = path.read_text(encoding="utf-8")
        assert "in profile" in written and "PROFILE VIOLATION" not in written.upper(), written
    with table.open(encoding="utf-8") as lines:
        check_findings(project, "ROBOT", [f"{row['Rule Name']}: {row['Subject']}" for row in csv.DictReader(lines, delimiter="\t")])


def test_context_covers_the_vocabulary_and_reads_like_plain_json(project: Project, ontology: rdflib.Graph) -> None:
    context = json.loads(project.context.read_text(encoding="utf-8"))
    for term in terms(ontology, OWL.Class, *PROPERTY_KINDS):
        name = str(term).removeprefix(NAMESPACE)
        assert name in context["@context"], name
    plain = {
        "@context": context["@context"],
        "id": "standard/x/veiledning",
        "type": "KeyCompetence",
        "prefLabel": {"nb": "Veiledning", "en": "Guidance"},
        "competence": "competence/veiledning",
        "what": ["standard/x/veiledning/what/1", "standard/x/veiledning/what/2"],
        "editorial": True,
    }
    expanded = jsonld.expand(plain)[0]
    assert expanded["@id"] == "https://w3id.org/balansekunst/standard/x/veiledning"
    assert expanded[str(BK.competence)] == [{"@id": "https://w3id.org/balansekunst/competence/veiledning"}]
    assert {"@id": "https://w3id.org/balansekunst/standard/x/veiledning/what/2"} in expanded[str(BK.what)]
    assert jsonld.compact(expanded, context) == plain
