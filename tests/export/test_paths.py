"""Where a resource's page and files lie follows from its IRI alone."""

import pytest
from pyoxigraph import Store

from balansekunst.export.paths import get_data_path, get_page_path, get_resource_path
from balansekunst.export.published import list_resources
from balansekunst.namespaces import BASE, METHOD_BASES


@pytest.mark.parametrize(
    ("iri", "path"),
    [("role/butikksjef", "role/butikksjef"), ("ns#Role", "ns"), ("standard/butikksjef/outcome/1", "standard/butikksjef/outcome/1")],
)
def test_the_path_is_that_of_the_iri(iri: str, path: str) -> None:
    assert get_resource_path(BASE + iri, METHOD_BASES) == path


@pytest.mark.parametrize("iri", ["https://example.org/role/butikksjef", BASE])
def test_an_iri_elsewhere_has_no_path(iri: str) -> None:
    with pytest.raises(ValueError, match=iri):
        get_resource_path(iri, METHOD_BASES)


def test_a_page_lies_beside_its_data_and_english_below_en() -> None:
    assert get_page_path("role/butikksjef") == "role/butikksjef.html"
    assert get_page_path("role/butikksjef", "en", external=True) == "en/external/role/butikksjef.html"
    assert get_data_path("role/butikksjef", "ttl") == "role/butikksjef.ttl"
    assert get_data_path("role/butikksjef", "jsonld", external=True) == "external/role/butikksjef.jsonld"


def test_all_that_is_described_has_a_path_of_its_own(inferred: Store) -> None:
    iris = list_resources(inferred, METHOD_BASES)
    assert BASE + "role/butikksjef" in iris and BASE + "position/mellom-mennesker-teknologi" in iris
    assert not [iri for iri in iris if iri.startswith(f"{BASE}ns")]
    paths = [get_resource_path(iri, METHOD_BASES) for iri in iris]
    assert len(set(paths)) == len(paths) and not [
        path for path in paths if path.split("/")[0] in ("data", "en", "external", "version", "assets")
    ]
