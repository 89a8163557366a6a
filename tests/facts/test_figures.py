"""Every figure of the documents on cooperation, development, learning, union work and labour markets stands in the graph.

`figures.tsv` is our own list, read out of the documents: the figure as printed, the thing that carries it, by which property, with what
value, and whether the graph must tell of a sum, a share or a place that disagrees.
"""

import csv
import os
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, QB, SKOS

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from helpers.dataset import ROOT

BK = rdflib.Namespace(NAMESPACE)
PREFIXES = {"bk": NAMESPACE, "dcterms": str(DCTERMS), "skos": str(SKOS)}
with Path(__file__).with_name("figures.tsv").open(encoding="utf-8", newline="") as file:
    FIGURES = list(csv.DictReader(file, delimiter="\t"))
TEXTS = {"fafo-2019": "000", "lo-2020": "000", "virke-2020": "001", "spekter": "002", "fagforbundet-sintef": "003", "kns-2015": "004"}


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    return inferred_graph


def same(found: object, value: str) -> bool:
    """Tell whether a value of the graph is the one in the list, as a number where both are."""
    try:
        return Decimal(str(found)) == Decimal(value)
    except InvalidOperation:
        return str(found) == value


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: f"{row['thing']} {row['property']}")
def test_the_figure_stands_in_the_graph_with_its_source(graph: rdflib.Graph, row: dict[str, str]) -> None:
    thing = rdflib.URIRef(BASE + row["thing"])
    prefix, _, name = row["property"].partition(":")
    assert any(same(found, row["value"]) for found in graph.objects(thing, rdflib.URIRef(PREFIXES[prefix] + name)))
    assert rdflib.URIRef(f"{BASE}source/{row['document']}") in set(graph.objects(thing, DCTERMS.source))
    assert graph.value(thing, BK.statedIn)
    assert bool(graph.value(thing, BK.disagreement)) == (row["told"] == "disagrees")


def test_every_observation_is_in_the_list(graph: rdflib.Graph) -> None:
    listed = {BASE + row["thing"] for row in FIGURES}
    found = {str(o) for o in graph.subjects(QB.dataSet)}
    # The observations of this cube stand with a standard, and are tested with it.
    with_standards = {str(o) for o in graph.subjects(QB.dataSet, rdflib.URIRef(f"{BASE}statistics/emphasis"))}
    # What we have counted ourselves is not printed in any document.
    ours = {str(o) for o in graph.subjects(QB.dataSet) if graph.value(o, BK.editorial)}
    assert found - with_standards - ours == {iri for iri in listed if iri in found}
    assert len(FIGURES) == len({(row["thing"], row["property"]) for row in FIGURES})


def plain(text: str) -> str:
    """Return a text without the line breaks, hyphens and double spaces of a printed page."""
    return re.sub(r"\s+", " ", re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text))


@pytest.fixture(scope="module")
def texts(project: Project, documents: str) -> dict[str, str]:
    """The text of each document; `documents` skips where they are not at hand."""
    assert documents
    folder = Path(os.environ.get("BALANSEKUNST_SOURCES", ROOT.parent / "shared" / "sources"))
    return {document: plain(next(folder.glob(f"{number}_*.txt")).read_text(encoding="utf-8")) for document, number in TEXTS.items()}


def test_the_figures_are_printed_in_the_documents(texts: dict[str, str]) -> None:
    missing = [row for row in FIGURES if row["printed"] not in texts[row["document"]]]
    assert missing == []
