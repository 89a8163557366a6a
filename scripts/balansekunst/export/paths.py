"""Where a resource's page and files lie in what is published: at the path of its own IRI.

`https://w3id.org/balansekunst/role/butikksjef` has the page `role/butikksjef.html`, in English `en/role/butikksjef.html`, and the data
`role/butikksjef.ttl` and `.jsonld`. The `external` profile, without what is for internal use (rule C1), lies below `external/`.
"""

from balansekunst.messages import DEFAULT_LANGUAGE
from balansekunst.namespaces import NAMESPACE, Bases

VOCABULARY_IRI = NAMESPACE.removesuffix("#")
EXTERNAL_PROFILE = "external"
NOT_FOUND_PATH = "404"
"""The page for addresses that nothing is at. It is sent at any depth, so that its links begin at the root of the host."""


def get_resource_path(iri: str, bases: Bases) -> str:
    """Return the path of a resource of ours below the base, without a fragment: `role/butikksjef`, `ns`.

    Raises:
        ValueError: the IRI is not one of ours.
    """
    path = bases.strip_base(iri.partition("#")[0])
    if bases.find_base(iri) is None or not path:
        raise ValueError(iri)
    return path


def get_page_path(path: str, language: str = DEFAULT_LANGUAGE, external: bool = False) -> str:
    """Return where the page of `path` lies: `role/butikksjef.html`, `en/external/role/butikksjef.html`."""
    parts = ([] if language == DEFAULT_LANGUAGE else [language]) + ([EXTERNAL_PROFILE] if external else []) + [path]
    return "/".join(parts) + ".html"


def get_data_path(path: str, ending: str, external: bool = False) -> str:
    """Return where the data of `path` lies: `role/butikksjef.ttl`, `external/role/butikksjef.jsonld`."""
    return f"{EXTERNAL_PROFILE}/{path}.{ending}" if external else f"{path}.{ending}"
