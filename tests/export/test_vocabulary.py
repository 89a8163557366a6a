"""The vocabulary: its files hold the same, and its pages tell all of every term in both languages."""

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, parse
from rdflib.namespace import RDFS

from balansekunst.export.paths import get_page_path
from balansekunst.export.vocabulary import (
    VocabularyTerm,
    build_diagram,
    load_vocabulary_triples,
    read_vocabulary,
    serialize_rdf_xml,
    write_vocabulary,
)
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.serialize import canonicalize_triples
from balansekunst.shacl.rules import load_project_rules

Terms = dict[str, VocabularyTerm]
FILES = {"ns.ttl": RdfFormat.TURTLE, "ns.jsonld": RdfFormat.JSON_LD, "ns.rdf": RdfFormat.RDF_XML}
LARGEST_PAGE = 90_000
"""Bytes of the one page and the style sheet: a line and a definition for each of some 280 terms, which a hash address must lead to."""


@pytest.fixture(scope="module")
def terms(inferred: Store, project: Project) -> Terms:
    return read_vocabulary(inferred, project)


def test_every_file_holds_the_same(project: Project, tmp_path: Path) -> None:
    write_vocabulary(tmp_path, project)
    wanted = canonicalize_triples(load_vocabulary_triples(project))
    for name, format in FILES.items():
        assert canonicalize_triples(quad.triple for quad in parse((tmp_path / name).read_bytes(), format=format)) == wanted, name
    assert len(rdflib.Graph().parse(tmp_path / "ns.rdf", format="xml")) == len(wanted)


def test_rdf_xml_names_its_prefixes_in_order(project: Project) -> None:
    head = serialize_rdf_xml(load_vocabulary_triples(project)).split(b"\n", 2)[1]
    names = [part.split(b"=")[0] for part in head.split()[1:]]
    assert names == sorted(names) and b"xmlns:bk" in names


def test_every_term_is_there(terms: Terms, inferred: Store) -> None:
    ours = {
        quad.subject.value.removeprefix(NAMESPACE)
        for quad in inferred.quads_for_pattern(None, None, None)
        if quad.predicate.value == str(RDFS.isDefinedBy) and hasattr(quad.subject, "value") and quad.subject.value.startswith(NAMESPACE)
    }
    classes_and_properties = set(terms)
    assert classes_and_properties <= ours
    assert {name for name in ours - classes_and_properties if name[0].islower()} == set()
    for term in terms.values():
        assert term.labels.keys() == term.definition.keys() == {"nb", "en"}, term.name


def test_a_class_tells_what_it_is_used_with(terms: Terms) -> None:
    role = terms["Role"]
    assert f"{NAMESPACE}hasStandard" in role.domain_of and f"{NAMESPACE}describesRole" in role.range_of
    assert ("skos:closeMatch", "https://schema.org/Occupation") in role.alignment
    assert "L1" in role.rules and role.use_count == 37
    assert terms["Competence"].alignment[0][0] == "rdfs:subClassOf"


def test_a_property_tells_domain_range_inverse_and_chain(terms: Terms) -> None:
    assert terms["describesRole"].inverse == (f"{NAMESPACE}hasStandard",)
    assert terms["requiresCompetence"].chains == (tuple(NAMESPACE + name for name in ("hasStandard", "hasKeyCompetence", "competence")),)
    assert terms["requiresCompetence"].domain == (f"{NAMESPACE}Role",)
    assert terms["sharesCompetenceWith"].characteristics == ("SymmetricProperty",)
    assert terms["hasKeyCompetence"].parents == (f"{NAMESPACE}hasPlacement",)
    assert terms["editorialBroader"].is_editorial and not terms["describesRole"].is_editorial


def test_examples_are_statements_of_the_data(terms: Terms, inferred: Store) -> None:
    head = f"@base <{BASE}> .\n@prefix bk: <{NAMESPACE}> .\n"
    head += "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    head += "@prefix qb: <http://purl.org/linked-data/cube#> .\n@prefix elm: <http://data.europa.eu/snb/model/elm/> .\n"
    shown = 0
    for term in terms.values():
        for quad in parse(head + term.example, format=RdfFormat.TURTLE):
            assert next(inferred.quads_for_pattern(quad.subject, quad.predicate, quad.object), None) is not None, term.example
            shown += 1
        assert bool(term.example) == (term.use_count > 0)
    assert shown > len(terms)


def test_rules_are_those_of_the_method(terms: Terms, project: Project) -> None:
    ids = {rule.id for rule in load_project_rules(project).values()}
    assert {id for term in terms.values() for id in term.rules} <= ids
    assert {"K4"} <= set(terms["hasKeyCompetence"].rules) and "N1" in terms["nqfLevel"].rules


def test_the_picture_shows_what_the_vocabulary_says(inferred: Store, project: Project, terms: Terms) -> None:
    picture = build_diagram(inferred, project)
    for arrow in picture.arrows:
        for given, end in ((terms[arrow.name].domain, arrow.source), (terms[arrow.name].range, arrow.target)):
            kinds = {NAMESPACE + end, *terms[end].parents}
            assert not given or kinds & set(given), arrow
    places = {(box.x, box.y) for box in picture.boxes}
    assert len(places) == len(picture.boxes)
    assert all(0 < box.x < picture.width and 0 < box.y < picture.height for box in picture.boxes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_have_an_anchor_a_term_and_keep_to_one_language(site: Path, terms: Terms, language: str) -> None:
    html = (site / get_page_path("ns", language)).read_text(encoding="utf-8")
    other = next(tag for tag in LANGUAGES if tag != language)
    for term in terms.values():
        assert f'id="{term.name}"' in html, term.name
        page = (site / get_page_path(term.path, language)).read_text(encoding="utf-8")
        assert term.iri in page and term.labels[language] in page.replace("&#39;", "'")
        if len(term.definition[other]) > 30:
            assert term.definition[other] not in page
        if term.example:
            assert "<pre" in page
        for id in term.rules:
            assert f"rule/{id}.html" in page, (term.name, id)
    style = (site / "assets" / "style.css").stat().st_size
    assert len(html.encode()) + style < LARGEST_PAGE
    assert "<style" not in html and " style=" not in html and "<script>" not in html
