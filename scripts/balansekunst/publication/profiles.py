"""The dataset in the forms that others ask for: ELM, SKOS-AP-NO-Begrep, DCAT-AP-NO and VoID.

Each form is made by a query of `queries/profiles/` (SPARQL CONSTRUCT); what is done here is to ask it and write down the answer.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from balansekunst.checking.rules import Texts
from balansekunst.messages import LANGUAGES
from balansekunst.project import Project
from balansekunst.publication import rdf
from balansekunst.publication.readable import canonical, json_ld, turtle

PREFIXES = {
    **{name: rdf.PREFIXES[name] for name in ("bk", "dcat", "dcterms", "foaf", "org", "rdf", "skos", "void", "xsd")},
    "elm": "http://data.europa.eu/snb/model/elm/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
CONTEXT = {"id": "@id", "type": "@type", "graph": "@graph", **PREFIXES}
DUMP = NamedNode("urn:dump")
"""The graph that the counts are made on."""
VOID = ".well-known/void"
TITLE = NamedNode(f"{PREFIXES['dcterms']}title")
SIZE = NamedNode(f"{PREFIXES['dcat']}byteSize")
CHECKSUM = NamedNode(f"{PREFIXES['spdx']}checksumValue")


def write_profiles(folder: Path, store: Store, data: Iterable[Triple], project: Project, titles: Mapping[str, Texts]) -> None:
    """Write every profile below `folder`, beside the dumps that the catalogue is to tell of.

    Args:
        folder: what is published; its `data/` already holds the dumps.
        store: the finished store.
        data: the statements of the dump.
        project: where the queries are.
        titles: what each file below `data/` holds.
    """
    for name in ("elm", "skos-ap-no"):
        write(folder / "data" / "profiles" / name, construct(store, f"profiles/{name}", project))
    counted = Store()
    counted.bulk_extend(Quad(t.subject, t.predicate, t.object, DUMP) for t in data)
    counted.extend(Quad(*fact) for fact in measured(folder / "data", titles, project))
    void = construct(counted, "profiles/void", project)
    write(folder / "data" / "catalogue", [*construct(counted, "profiles/catalogue", project), *void])
    (folder / VOID).parent.mkdir()
    (folder / VOID).write_bytes(turtle(void, PREFIXES))


def construct(store: Store, query: str, project: Project) -> list[Triple]:
    """Return the statements that `queries/{query}.rq` makes of all graphs of `store`, each once and sorted."""
    found = store.query(project.query(query), use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    # The store knows one type of whole number, and DCAT wants another for a size.
    return canonical(Triple(t.subject, t.predicate, bytes_of(t.object.value)) if t.predicate == SIZE else t for t in found)


def bytes_of(number: str) -> Literal:
    """Return a size in bytes as DCAT wants it typed."""
    return Literal(number, datatype=NamedNode(f"{PREFIXES['xsd']}nonNegativeInteger"))


def write(path: Path, triples: list[Triple]) -> None:
    """Write the statements as Turtle and JSON-LD, at `path` with the ending of each."""
    path.parent.mkdir(exist_ok=True)
    path.with_name(f"{path.name}.ttl").write_bytes(turtle(triples, PREFIXES))
    path.with_name(f"{path.name}.jsonld").write_bytes(json_ld(triples, CONTEXT))


def measured(folder: Path, titles: Mapping[str, Texts], project: Project) -> Iterator[tuple[NamedNode, NamedNode, Literal]]:
    """Give the size in bytes, the SHA-256 checksum and the title of each file below `folder`, the published `data/`."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        file = NamedNode(f"{project.base}data/{name}")
        yield file, SIZE, bytes_of(str(len(content)))
        yield file, CHECKSUM, Literal(hashlib.sha256(content).hexdigest(), datatype=NamedNode(f"{PREFIXES['xsd']}hexBinary"))
        for language in LANGUAGES:
            yield file, TITLE, Literal(titles[name][language], language=language)
