"""The data against the documents themselves, where they are at hand: names and items stand in them, sentences do not.

The documents are not part of the project. They are looked for beside it, or where BALANSEKUNST_SOURCES says.
"""

import re

import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, SKOS

from balansekunst.namespaces import NAMESPACE

BK = rdflib.Namespace(NAMESPACE)
RUN = 8  # so many words in a row, outside quotation marks, are no longer a restatement
SENTENCES = (BK.statement, BK.rationale, SKOS.definition, DCTERMS.description)


@pytest.fixture
def data(asserted_graph: rdflib.Graph) -> rdflib.Graph:
    return asserted_graph


def norwegian(graph: rdflib.Graph, *predicates: rdflib.URIRef) -> list[tuple[rdflib.term.Node, str]]:
    return [(s, str(o)) for p in predicates for s, o in graph.subject_objects(p) if isinstance(o, rdflib.Literal) and o.language == "nb"]


def letters(text: str) -> str:
    """Only what is read aloud: the documents' layout splits words, lines and bullets in many ways."""
    return re.sub(r"\W", "", text).lower()


def test_every_item_stands_in_a_document(documents: str, data: rdflib.Graph) -> None:
    plain = letters(documents)
    # LO and Virke print the six parts of role awareness under one heading; each is made to be read alone.
    items = [(s, text) for s, text in norwegian(data, SKOS.prefLabel) if (s, RDF.type, BK.Item) in data]
    assert len(items) == 458
    assert [(str(s), text) for s, text in items if letters(text.removeprefix("Rollen i forhold til ")) not in plain] == []


def test_every_name_of_a_placed_competence_stands_in_a_document(documents: str, data: rdflib.Graph) -> None:
    plain = letters(documents)
    printed: dict[rdflib.term.Node, list[str]] = {}
    for thing, text in norwegian(data, SKOS.hiddenLabel, SKOS.prefLabel):
        printed.setdefault(thing, []).append(text)
    for kind in (BK.KeyCompetence, BK.PlacedCompetence):
        for thing in data.subjects(RDF.type, kind):
            assert any(letters(text) in plain for text in printed[thing]), (thing, printed[thing])


def test_every_competence_has_a_name_that_stands_in_a_document(documents: str, data: rdflib.Graph) -> None:
    plain = letters(documents)
    names: dict[rdflib.term.Node, list[str]] = {}
    for thing, text in norwegian(data, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        names.setdefault(thing, []).append(text)
    for competence in data.subjects(RDF.type, BK.Competence):
        assert any(letters(text) in plain for text in names[competence]), competence


def test_no_sentence_is_copied(documents: str, data: rdflib.Graph) -> None:
    words = re.findall(r"\w+", documents.lower())
    runs = {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
    copied = []
    for thing, text in norwegian(data, *SENTENCES):
        own = re.findall(r"\w+", re.sub(r"«[^»]*»", " | ", text).lower())
        copied += [(str(thing), " ".join(own[i : i + RUN])) for i in range(len(own) - RUN + 1) if tuple(own[i : i + RUN]) in runs]
    assert copied == []
