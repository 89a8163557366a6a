"""The namespaces, prefixes and terms that the code names, and how an IRI ends."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode

BASE = "https://w3id.org/balansekunst/"
"""What the method's own IRIs begin with: its vocabulary, model and rules, and what is published with them."""
NAMESPACE = f"{BASE}ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SHACL = "http://www.w3.org/ns/shacl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
RDFS_SEE_ALSO = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
RDFS_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
SKOS_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
DCTERMS_SOURCE = NamedNode("http://purl.org/dc/terms/source")
IS_PART_OF = NamedNode("http://purl.org/dc/terms/isPartOf")
STATED_IN, IN_DOCUMENT = (NamedNode(f"{NAMESPACE}{name}") for name in ("statedIn", "inDocument"))
ORDER = NamedNode(f"{NAMESPACE}order")
XSD_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
LIST_FIRST, LIST_REST = (NamedNode(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}") for name in ("first", "rest"))
RDFS_SUBCLASS_OF = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
IN_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
LABEL_PROPERTIES = (
    SKOS_LABEL,
    RDFS_LABEL,
    NamedNode(f"{SHACL}name"),
    NamedNode("http://purl.org/dc/terms/title"),
    NamedNode("http://xmlns.com/foaf/0.1/name"),
)
"""What gives a resource its name, the first first."""
GRAPH_PATH = "graph/"
"""What the names of graphs have after the base."""
GRAPH_PREFIX = f"{BASE}{GRAPH_PATH}"
INFERRED_GRAPH = NamedNode(f"{GRAPH_PREFIX}inferred")
PREFIXES = {
    "bk": NAMESPACE,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Bases:
    """What IRIs of ours begin with: the base of a project, and the method's, which is the same for the method's own project."""

    own: str = BASE

    def find_base(self, iri: str) -> str | None:
        """Return the base that an IRI begins with; nothing where it is foreign."""
        if iri.startswith(BASE):
            return BASE
        return self.own if iri.startswith(self.own) else None

    def strip_base(self, iri: str) -> str:
        """Return an IRI without its base: `role/butikksjef`; a foreign one as it is."""
        return iri.removeprefix(self.find_base(iri) or "")


METHOD_BASES = Bases()
"""Of the method's own project."""


def expand_shacl(name: str) -> NamedNode:
    """Return a term of SHACL's vocabulary."""
    return NamedNode(SHACL + name)


def fold_name(name: str) -> str:
    """Return a name as it is compared: composed letters (NFC), no capitals, no invisible characters, and single spaces within."""
    shown = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter) != "Cf")
    return " ".join(shown.split()).casefold()


def slugify(label: str) -> str:
    """Return the end of the address that a thing with a label would get: small letters a to z, digits and hyphens."""
    plain = label.casefold().replace("æ", "ae").replace("ø", "o")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@cache
def expand_name(name: str) -> str:
    """Return the IRI of a prefixed name such as `bk:what`.

    Raises:
        KeyError: the prefix is not one of ours.
    """
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def expand_curie(name: str) -> NamedNode:
    """Return the IRI of a prefixed name such as `bk:what`, as a term of RDF.

    Raises:
        KeyError: the prefix is not one of ours.
    """
    return NamedNode(expand_name(name))


def compact_iri(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str | None:
    """Return an IRI as a prefixed name such as `bk:what`; nothing where it begins with none of the namespaces."""
    return next((f"{prefix}:{iri.removeprefix(namespace)}" for prefix, namespace in prefixes.items() if iri.startswith(namespace)), None)
