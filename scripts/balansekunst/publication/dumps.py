"""Write dumps of the data, the vocabulary and the rules.

Output is the same to the byte for the same input: triples are sorted, and blank nodes are named by RDFC-1.0 (RDF Dataset
Canonicalization, https://www.w3.org/TR/rdf-canon/).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from balansekunst.load import GRAPH_PREFIX, INFERRED, load
from balansekunst.messages import LANGUAGES
from balansekunst.project import BASE, NAMESPACE, Project
from balansekunst.publication.paths import VOCABULARY
from balansekunst.publication.profiles import write_profiles
from balansekunst.publication.readable import canonical, json_ld, turtle

DATA_GRAPHS = (f"{GRAPH_PREFIX}data/", f"{GRAPH_PREFIX}ontology/balance-model", f"{GRAPH_PREFIX}ontology/cooperation-model")
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
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
    "sh": "http://www.w3.org/ns/shacl#",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class ClassCount:
    """How many resources a class of ours has."""

    name: str
    """The class's name in the vocabulary."""
    labels: dict[str, str]
    """Its label by language."""
    count: int


@dataclass(frozen=True)
class Summary:
    """What was published."""

    classes: list[ClassCount]
    triples: int
    """Triples in the dump."""

    def count(self, name: str) -> int:
        """Return how many resources the class `name` has."""
        return sum(c.count for c in self.classes if c.name == name)


def write_dumps(store: Store, project: Project, folder: Path) -> Summary:
    """Write the whole dataset, the vocabulary and the rules to `folder`/data, and return what is in them.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED`.
        project: where to read shapes and context.
        folder: the folder of the build.
    """
    found = contents(store, project)
    number = write_version(found, folder / "data")
    write_profiles(folder, store, sorted_triples([*found.asserted, *found.inferred]), project)
    return Summary(class_counts(store, project), number)


@dataclass(frozen=True)
class Contents:
    """What a version consists of: all that its dumps are made from."""

    asserted: list[Triple]
    inferred: list[Triple]
    ontology: list[Triple]
    shapes: list[Triple]
    context: str
    """The JSON-LD context."""


def contents(store: Store, project: Project) -> Contents:
    """Return what the project's data, vocabulary and rules are now, each sorted; `store` holds the data with what was inferred."""
    return Contents(
        sorted_triples(q for q in store if is_data(q)),
        sorted_triples(q for q in store if q.graph_name == INFERRED),
        triples_of_files([p for p in project.sources() if p.parent.name == "ontology"], project),
        triples_of_files(project.shapes(), project),
        project.context.read_text(encoding="utf-8"),
    )


def write_version(of: Contents, target: Path) -> int:
    """Write the dumps of a version to a folder that is not there yet, and return how many statements the whole dump has."""
    target.mkdir(parents=True)
    data = sorted_triples([*of.asserted, *of.inferred])
    (target / "balansekunst.ttl").write_bytes(serialized(data, RdfFormat.TURTLE))
    (target / "balansekunst.nt").write_bytes(serialized(data, RdfFormat.N_TRIPLES))
    (target / "balansekunst.jsonld").write_bytes(json_ld(data, json.loads(of.context)))
    (target / "asserted.ttl").write_bytes(serialized(of.asserted, RdfFormat.TURTLE))
    (target / "ontology.ttl").write_bytes(turtle(of.ontology, PREFIXES))
    (target / "shapes.ttl").write_bytes(turtle(of.shapes, PREFIXES))
    (target / "context.jsonld").write_text(of.context, encoding="utf-8", newline="\n")
    return len(data)


def is_data(quad: Quad) -> bool:
    """Tell whether a quad was entered as data, or describes one of the model's own individuals."""
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(DATA_GRAPHS)


def resources(store: Store) -> list[str]:
    """Return the IRIs below the base that something is stated of as data, sorted. Each has a page and files.

    The vocabulary is not among them.
    """
    found = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode) and (is_data(quad) or quad.graph_name == INFERRED)}
    return sorted(iri for iri in found if iri.startswith(BASE) and iri.partition("#")[0] != VOCABULARY)


def sorted_triples(quads: Iterable[Quad | Triple]) -> list[Triple]:
    """Return the triples of `quads`, each once, by subject, then `rdf:type` first, then predicate and object."""
    return sorted(
        {Triple(q.subject, q.predicate, q.object) for q in quads},
        key=lambda t: (str(t.subject), str(t.predicate) != RDF_TYPE, str(t.predicate), str(t.object)),
    )


def serialized(triples: Iterable[Triple], format: RdfFormat) -> bytes:
    """Return triples in `format`, in the order given, with our prefixes where the format has prefixes."""
    written = serialize(triples, format=format, prefixes=PREFIXES if format == RdfFormat.TURTLE else None)
    assert written is not None
    if format == RdfFormat.TURTLE:
        # The serialiser writes prefixes in no fixed order.
        lines = written.split(b"\n")
        written = b"\n".join([*sorted(lines[: len(PREFIXES)]), b"", *lines[len(PREFIXES) :]])
    return written


def triples_of_files(files: list[Path], project: Project) -> list[Triple]:
    """Return what files say, sorted, with blank nodes named by RDFC-1.0."""
    return canonical(Triple(q.subject, q.predicate, q.object) for q in load(files, project.root))


def class_counts(store: Store, project: Project) -> list[ClassCount]:
    """Return how many resources each class of ours has, by name."""
    rows = store.query(project.query("class-counts"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return [
        ClassCount(
            name=row["class"].value.removeprefix(NAMESPACE),
            labels={language: row[language].value for language in LANGUAGES},
            count=int(row["count"].value),
        )
        for row in rows
    ]
