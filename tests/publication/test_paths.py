"""Where a resource's page and files lie follows from its IRI alone."""

import pytest
from pyoxigraph import Store

from balansekunst.project import BASE
from balansekunst.publication.paths import data_path, page_path, path_of
from balansekunst.publication.rdf import resources


@pytest.mark.parametrize(
    ("iri", "path"),
    [("role/butikksjef", "role/butikksjef"), ("ns#Role", "ns"), ("standard/butikksjef/outcome/1", "standard/butikksjef/outcome/1")],
)
def test_the_path_is_that_of_the_iri(iri: str, path: str) -> None:
    assert path_of(BASE + iri) == path


@pytest.mark.parametrize("iri", ["https://example.org/role/butikksjef", BASE])
def test_an_iri_elsewhere_has_no_path(iri: str) -> None:
    with pytest.raises(ValueError, match=iri):
        path_of(iri)


def test_a_page_lies_beside_its_data_and_english_below_en() -> None:
    assert page_path("role/butikksjef") == "role/butikksjef.html"
    assert page_path("role/butikksjef", "en", external=True) == "en/external/role/butikksjef.html"
    assert data_path("role/butikksjef", "ttl") == "role/butikksjef.ttl"
    assert data_path("role/butikksjef", "jsonld", external=True) == "external/role/butikksjef.jsonld"


def test_all_that_is_described_has_a_path_of_its_own(inferred: Store) -> None:
    iris = resources(inferred)
    assert BASE + "role/butikksjef" in iris and BASE + "position/mellom-mennesker-teknologi" in iris
    assert not [iri for iri in iris if iri.startswith(f"{BASE}ns")]
    paths = [path_of(iri) for iri in iris]
    assert len(set(paths)) == len(paths) and not [
        path for path in paths if path.split("/")[0] in ("data", "en", "external", "version", "assets")
    ]
