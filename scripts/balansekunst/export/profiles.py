"""The dataset in the forms that others ask for: ELM, SKOS-AP-NO-Begrep, DCAT-AP-NO and VoID.

Each profile is a query in `queries/profiles/` (SPARQL CONSTRUCT) with a header that says what it holds, what it conforms to, and which
prefixes its files have beside the common ones. So a new profile is one file. The catalogue is made by the queries in `queries/catalogue/`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from balansekunst import namespaces
from balansekunst.errors import Message, UserError
from balansekunst.headers import QUERY_MARK, HeaderText, parse_header
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.rdf.graph import Texts
from balansekunst.rdf.serialize import canonicalize_triples, serialize_json_ld, serialize_turtle

PROFILE_PREFIXES = {
    **{name: namespaces.PREFIXES[name] for name in ("bk", "dcat", "dcterms", "foaf", "org", "rdf", "rdfs", "skos", "void", "xsd")},
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_CONTEXT_KEYWORDS = {"id": "@id", "type": "@type", "graph": "@graph"}
_PROFILE_FORMATS = {"ttl": "Turtle", "jsonld": "JSON-LD"}
"""What each format is called, by the ending of its files."""
_DUMP_GRAPH = NamedNode("urn:dump")
"""The graph that the counts are made on."""
_VOID_FILE = ".well-known/void"
_DCT_CONFORMS_TO = NamedNode(f"{PROFILE_PREFIXES['dcterms']}conformsTo")
_DCT_TITLE = NamedNode(f"{PROFILE_PREFIXES['dcterms']}title")
_DCAT_BYTE_SIZE = NamedNode(f"{PROFILE_PREFIXES['dcat']}byteSize")
_SPDX_CHECKSUM_VALUE = NamedNode(f"{PROFILE_PREFIXES['spdx']}checksumValue")


@dataclass(frozen=True)
class _ProfileHeader:
    """The header of a profile."""

    title: HeaderText
    """What its files hold."""
    conforms_to: str
    """The IRI of the specification."""
    prefixes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DataProfile:
    """The data in a form that others ask for."""

    name: str
    title: Texts
    specification: str
    prefixes: dict[str, str]

    def list_files(self) -> dict[str, str]:
        """Return the files below `data/`, each with the name of its format."""
        return {f"profiles/{self.name}.{ending}": format for ending, format in _PROFILE_FORMATS.items()}


def read_profiles(project: Project) -> list[DataProfile]:
    """Return the profiles, by name.

    Raises:
        UserError: the header of one does not say what it is to say; with a sentence for each fault of each.
    """
    found, problems = list[DataProfile](), list[Message]()
    for path in project.list_query_files("profiles"):
        try:
            header = parse_header(project.reader.read_text(path), path, QUERY_MARK, _ProfileHeader)
        except UserError as error:
            problems += error.messages
        else:
            found.append(DataProfile(path.stem, header.title.to_texts(), header.conforms_to, PROFILE_PREFIXES | header.prefixes))
    if problems:
        raise UserError(*problems)
    return found


def build_profile_titles(profiles: Iterable[DataProfile]) -> dict[str, Texts]:
    """Return what each file of the profiles holds, by its path below `data/`."""
    return {
        file: {language: format_message("file.profile", language, title=profile.title[language], format=format) for language in LANGUAGES}
        for profile in profiles
        for file, format in profile.list_files().items()
    }


def write_profile(folder: Path, store: Store, project: Project, profile: DataProfile) -> None:
    """Write a profile below `folder`, the published `data/`, from the finished store."""
    triples = construct_triples(store, f"profiles/{profile.name}", project)
    _write_graph(folder / "profiles" / profile.name, triples, profile.prefixes)


def write_catalogue(
    folder: Path, data: Iterable[Triple], project: Project, profiles: Iterable[DataProfile], titles: Mapping[str, Texts]
) -> None:
    """Write the catalogue, and how large the dataset is, below `folder`.

    Args:
        folder: what is published; its `data/` already holds the files that the catalogue is to tell of.
        data: the statements of the dump.
        project: where the queries are.
        profiles: which there are.
        titles: what each file below `data/` holds.
    """
    counted = Store()
    for profile in profiles:
        for file in profile.list_files():
            counted.add(Quad(NamedNode(f"{project.base}data/{file}"), _DCT_CONFORMS_TO, NamedNode(profile.specification)))
    counted.bulk_extend(Quad(t.subject, t.predicate, t.object, _DUMP_GRAPH) for t in data)
    counted.extend(Quad(*fact) for fact in _measure_files(folder / "data", titles, project))
    void = construct_triples(counted, "catalogue/void", project)
    _write_graph(folder / "data" / "catalogue", [*construct_triples(counted, "catalogue/catalogue", project), *void], PROFILE_PREFIXES)
    (folder / _VOID_FILE).parent.mkdir()
    (folder / _VOID_FILE).write_bytes(serialize_turtle(void, PROFILE_PREFIXES))


def construct_triples(store: Store, query: str, project: Project) -> list[Triple]:
    """Return the statements that `queries/{query}.rq` makes of all graphs of `store`, each once and sorted."""
    found = store.query(project.read_query(query), use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    # The store knows one type of whole number, and DCAT wants another for a size.
    return canonicalize_triples(
        Triple(t.subject, t.predicate, _build_size_literal(t.object.value)) if t.predicate == _DCAT_BYTE_SIZE else t for t in found
    )


def _build_size_literal(number: str) -> Literal:
    """Return a size in bytes as DCAT wants it typed."""
    return Literal(number, datatype=NamedNode(f"{PROFILE_PREFIXES['xsd']}nonNegativeInteger"))


def _write_graph(path: Path, triples: list[Triple], prefixes: dict[str, str]) -> None:
    """Write the statements as Turtle and JSON-LD, at `path` with the ending of each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f"{path.name}.ttl").write_bytes(serialize_turtle(triples, prefixes))
    path.with_name(f"{path.name}.jsonld").write_bytes(serialize_json_ld(triples, _CONTEXT_KEYWORDS | prefixes))


def _measure_files(folder: Path, titles: Mapping[str, Texts], project: Project) -> Iterator[tuple[NamedNode, NamedNode, Literal]]:
    """Give the size in bytes, the SHA-256 checksum and the title of each file below `folder`, the published `data/`."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        file = NamedNode(f"{project.base}data/{name}")
        yield file, _DCAT_BYTE_SIZE, _build_size_literal(str(len(content)))
        yield (
            file,
            _SPDX_CHECKSUM_VALUE,
            Literal(hashlib.sha256(content).hexdigest(), datatype=NamedNode(f"{PROFILE_PREFIXES['xsd']}hexBinary")),
        )
        for language in LANGUAGES:
            yield file, _DCT_TITLE, Literal(titles[name][language], language=language)
