"""Write a Turtle and a JSON-LD file for each resource: all that is told of it, and what is needed to understand it.

A file describes the resource, its parts (`queries/publication/parts.rq`), what links to it (`incoming.rq`) with the parts of that, and
linked resources without a file of their own. Of other linked resources it has the class and the label (`labels.rq`).

Each file also says what it is itself. That is the one thing that is not of the dataset: the statements whose subject is the address of
a published file, `{path}.ttl` or `{path}.jsonld`. Without them, the union of all files is the dump. Both formats state the same of both.

The `external` profile leaves out what is for internal use (`internal.rq`). A resource has files in it where that makes a difference.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, RdfFormat, Store, Triple, serialize

from balansekunst.export.paths import EXTERNAL_PROFILE, get_data_path, get_resource_path
from balansekunst.inputs import hash_bytes
from balansekunst.namespaces import BASE, METHOD_BASES, PREFIXES, RDF_TYPE, Bases
from balansekunst.outputs import OutputGroup, Outputs
from balansekunst.project import Project
from balansekunst.rdf.jsonld import CompactStatements, JsonLdContext, frame_document

RESOURCE_FORMATS = {"ttl": "Turtle", "jsonld": "JSON-LD"}
"""The endings of files, and what the W3C calls the formats (https://www.w3.org/ns/formats/)."""
RESOURCE_GROUP = "resource "
"""How the names begin of what a build notes of the files of each resource."""
_W3C_FORMATS_NAMESPACE = "http://www.w3.org/ns/formats/"
_TURTLE_PREFIXES = "".join(sorted(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())).encode() + b"\n"
_DCT_CONFORMS_TO, _DCT_FORMAT, _DCT_HAS_FORMAT, _DCT_LICENSE = (
    NamedNode(PREFIXES["dcterms"] + name) for name in ("conformsTo", "format", "hasFormat", "license")
)
_FOAF_DOCUMENT, _FOAF_PRIMARY_TOPIC = (NamedNode(PREFIXES["foaf"] + name) for name in ("Document", "primaryTopic"))
_VOID_IN_DATASET = NamedNode(f"{PREFIXES['void']}inDataset")


@dataclass(frozen=True)
class ResourceLinks:
    """How things hang together, by their IRIs."""

    parts: dict[str, list[str]]
    incoming: dict[str, dict[str, list[str]]]
    """For each thing: by property, what tells of it."""
    name_triples: set[Triple]
    """The statements that say what a thing is and is called."""


def collect_links(store: Store, project: Project) -> ResourceLinks:
    """Return how the things of a store hang together.

    Args:
        store: asserted and inferred data.
        project: has the queries that ask for it, `queries/publication/`.
    """
    parts, incoming = dict[str, list[str]](), dict[str, dict[str, list[str]]]()
    for whole, part in _query_iris(store, project, "parts"):
        parts.setdefault(whole, []).append(part)
    for thing, property, source in _query_iris(store, project, "incoming"):
        incoming.setdefault(thing, {}).setdefault(property, []).append(source)
    return ResourceLinks(parts, incoming, _construct_set(store, project, "labels"))


def _query_iris(store: Store, project: Project, name: str) -> Iterator[list[str]]:
    """Yield the answers to a query of `queries/publication/`, as IRIs."""
    found = store.query(project.read_query(f"publication/{name}"), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    for row in found:
        yield [cast(NamedNode, term).value for term in row]


def _construct_set(store: Store, project: Project, name: str) -> set[Triple]:
    """Return the statements that a query of `queries/publication/` makes."""
    found = store.query(project.read_query(f"publication/{name}"), use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    return set(found)


def find_internal_triples(store: Store, project: Project) -> set[Triple]:
    """Return the statements that are for internal use, and left out of the external profile (rule C1)."""
    return _construct_set(store, project, "internal")


class ExportProfile:
    """The statements of one profile, and what each file of it holds."""

    def __init__(
        self,
        triples: Iterable[Triple],
        iris: Iterable[str],
        links: ResourceLinks,
        context: JsonLdContext,
        bases: Bases = METHOD_BASES,
        external: bool = False,
    ) -> None:
        """Take the statements of a profile.

        Args:
            triples: all statements, in the order to write them.
            iris: the resources that have a page and files of their own.
            links: how things hang together.
            context: the JSON-LD context to write by.
            bases: what IRIs of ours begin with; the first, what the addresses of the files and the IRI of the dataset do.
            external: whether this is the external profile.
        """
        self.triples_by_resource: dict[str, list[Triple]] = {}
        for triple in triples:
            self.triples_by_resource.setdefault(cast(NamedNode, triple.subject).value, []).append(triple)
        self.iris = [iri for iri in iris if iri in self.triples_by_resource]
        self.links, self.context, self.bases, self.external = links, context, bases, external
        self.dataset = NamedNode(f"{bases.own}dataset")
        self.profile = NamedNode(f"{BASE}profile/{EXTERNAL_PROFILE if external else 'full'}")

    @cached_property
    def names_by_resource(self) -> dict[str, list[Triple]]:
        """What each thing is and is called."""
        return {
            iri: [triple for triple in triples if triple in self.links.name_triples] for iri, triples in self.triples_by_resource.items()
        }

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """The things that each thing links to, that something is told of."""
        return {
            iri: list(
                dict.fromkeys(
                    t.object.value for t in triples if isinstance(t.object, NamedNode) and t.object.value in self.triples_by_resource
                )
            )
            for iri, triples in self.triples_by_resource.items()
        }

    @cached_property
    def turtle(self) -> dict[tuple[str, bool], bytes]:
        """The statements of each thing as Turtle, all of them or (`False`) its names."""
        return {
            (iri, is_whole): told
            for is_whole, things in ((True, self.triples_by_resource), (False, self.names_by_resource))
            for iri, told in _serialize_bodies(things)
        }

    @cached_property
    def compact_statements(self) -> dict[tuple[str, bool], CompactStatements]:
        """The statements of each thing as JSON-LD has them, all of them or (`False`) its names."""
        return {
            (iri, is_whole): self.context.compact_statements(triples)
            for is_whole, things in ((True, self.triples_by_resource), (False, self.names_by_resource))
            for iri, triples in things.items()
        }

    def list_incoming(self, iri: str) -> dict[str, list[str]]:
        """Return by property what tells of a resource in this profile."""
        found = {
            p: [thing for thing in things if thing in self.triples_by_resource] for p, things in self.links.incoming.get(iri, {}).items()
        }
        return {property: things for property, things in found.items() if things}

    def list_contents(self, iri: str) -> dict[str, bool]:
        """Return the things that the file of a resource tells of, in order, and whether it describes each whole."""
        whole, waiting = dict[str, bool](), [iri, *(thing for things in self.list_incoming(iri).values() for thing in things)]
        for thing in waiting:
            if thing in self.triples_by_resource and thing not in whole:
                whole[thing] = True
                waiting += self.links.parts.get(thing, [])
        whole |= dict.fromkeys(self.list_unlinked(iri), True)
        linked = dict.fromkeys(target for thing in whole for target in self.targets[thing])
        linked |= dict.fromkeys((self.dataset.value, self.profile.value))
        contents = whole | {target: target not in self.own_iris for target in linked if target not in whole}
        # What is described whole for want of a file of its own links to resources too: those are named.
        described = [target for target, is_whole in contents.items() if is_whole and target not in whole]
        named = dict.fromkeys((target for thing in described for target in self.targets[thing]), False)
        return named | contents

    @cached_property
    def unlinked(self) -> list[str]:
        """The things of others that nothing links to."""
        linked = {target for targets in self.targets.values() for target in targets}
        return [iri for iri in self.triples_by_resource if iri not in linked and self.bases.find_base(iri) is None]

    def list_unlinked(self, iri: str) -> list[str]:
        """Return what only the file of the dataset has: the things of others that nothing links to."""
        return self.unlinked if iri == self.dataset.value else []

    @cached_property
    def own_iris(self) -> set[str]:
        """The things that have a file of their own."""
        return set(self.iris)

    def describe_documents(self, iri: str) -> dict[str, list[Triple]]:
        """Return what the files of a resource say of themselves, by the address of each."""
        addresses = {
            ending: NamedNode(self.bases.own + get_data_path(get_resource_path(iri, self.bases), ending, self.external))
            for ending in RESOURCE_FORMATS
        }
        common = [(RDF_TYPE, _FOAF_DOCUMENT), (_FOAF_PRIMARY_TOPIC, NamedNode(iri)), *self.common_statements]
        return {
            address.value: [
                Triple(address, predicate, object)
                for predicate, object in (
                    *common,
                    (_DCT_FORMAT, NamedNode(f"{_W3C_FORMATS_NAMESPACE}{RESOURCE_FORMATS[ending]}")),
                    *((_DCT_HAS_FORMAT, other) for other in addresses.values() if other != address),
                )
            ]
            for ending, address in addresses.items()
        }

    @cached_property
    def common_statements(self) -> list[tuple[NamedNode, NamedNode]]:
        """What every file of the profile says of itself."""
        licenses = [triple.object for triple in self.triples_by_resource[self.dataset.value] if triple.predicate == _DCT_LICENSE]
        return [
            (_VOID_IN_DATASET, self.dataset),
            (_DCT_CONFORMS_TO, self.profile),
            *((_DCT_LICENSE, cast(NamedNode, license)) for license in licenses),
        ]

    def build_turtle(self, iri: str) -> bytes:
        """Return the Turtle file of a resource."""
        documents = [_serialize_body(triples) for triples in self.describe_documents(iri).values()]
        return _TURTLE_PREFIXES + b"\n".join([*documents, *(self.turtle[thing] for thing in self.list_contents(iri).items())])

    def build_json(self, iri: str) -> bytes:
        """Return the JSON-LD file of a resource, which says the same as its Turtle file."""
        contents, documents = self.list_contents(iri), self.describe_documents(iri)
        told = {thing: self.compact_statements[thing, is_whole] for thing, is_whole in contents.items()}
        told |= {address: self.context.compact_statements(triples) for address, triples in documents.items()}
        incoming = self.list_incoming(iri) | {_FOAF_PRIMARY_TOPIC.value: list(documents)}
        return frame_document(iri, incoming, told, self.context, self.list_unlinked(iri))


def _serialize_body(triples: Iterable[Triple]) -> bytes:
    """Return statements as Turtle without the prefixes, which are the same in every file."""
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None
    return written.split(b"\n", len(PREFIXES))[-1]


def _serialize_bodies(things: Mapping[str, list[Triple]]) -> Iterator[tuple[str, bytes]]:
    """Yield for each thing, by its IRI, its statements as `body` gives them: nothing where there are none.

    All are written at once, and parted where a subject ends: a line that ends in a full stop ends one, since no literal goes over lines.
    """
    parts = iter(_serialize_body(triple for triples in things.values() for triple in triples).split(b" .\n"))
    for iri, triples in things.items():
        yield iri, next(parts) + b" .\n" if triples else b""
    assert list(parts) == [b""]


def write_resources(outputs: Outputs, full: ExportProfile, external: ExportProfile, common: str) -> None:
    """Write the files of every resource: in the full profile, and in the external one where that holds less.

    Args:
        outputs: where to write.
        full: all statements.
        external: those that are not for internal use.
        common: a digest of what all files are made with beside the statements.
    """
    fewer = {
        thing for thing, triples in full.triples_by_resource.items() if len(external.triples_by_resource.get(thing, [])) < len(triples)
    }
    for iri in full.iris:
        _write_files(outputs, full, iri, common)
        differs = any(
            thing in fewer if is_whole else thing not in external.triples_by_resource for thing, is_whole in full.list_contents(iri).items()
        )
        if differs and iri in external.triples_by_resource:
            _write_files(outputs, external, iri, common)


def _write_files(outputs: Outputs, profile: ExportProfile, iri: str, common: str) -> None:
    """Write the files of a resource. Its Turtle file tells whether anything has changed: the other says the same."""
    path = get_resource_path(iri, profile.bases)
    turtle, json = (get_data_path(path, ending, profile.external) for ending in ("ttl", "jsonld"))
    content = profile.build_turtle(iri)
    digest = hash_bytes(content + repr((common, profile.list_incoming(iri), profile.list_unlinked(iri))).encode())
    name = RESOURCE_GROUP + turtle
    kept = outputs.last.groups.get(name)
    if kept and kept.digest == digest:
        outputs.keep(name, kept)
        return
    outputs.write(turtle, content)
    outputs.write(json, profile.build_json(iri))
    outputs.note(name, OutputGroup(digest, [], [turtle, json]))
