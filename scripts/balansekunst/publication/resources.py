"""Write a Turtle and a JSON-LD file for each resource: all that is told of it, and what is needed to understand it.

A file describes whole the resource, its parts (`queries/publication/parts.rq`), what tells of it (`tellers.rq`) with the parts of that, and
whatever these link to that has no file of its own. Of the rest that they link to it tells what it is and is called (`names.rq`).

Each file also says what it is itself. That is the one thing that is not of the dataset: the statements whose subject is the address of
a published file, `{path}.ttl` or `{path}.jsonld`. Without them, the union of all files is the dump. Both formats state the same of both.

The `external` profile leaves out what is for internal use (`internal.rq`). A resource has files in it where that makes a difference.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, RdfFormat, Store, Triple, serialize

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.project import BASE, Project
from balansekunst.publication.jsonld import Context, Statements, framed
from balansekunst.publication.paths import EXTERNAL, data_path, path_of
from balansekunst.publication.rdf import PREFIXES

ENDINGS = {"ttl": "Turtle", "jsonld": "JSON-LD"}
"""The endings of files, and what the W3C calls the formats (https://www.w3.org/ns/formats/)."""
FORMATS = "http://www.w3.org/ns/formats/"
HEADER = "".join(sorted(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())).encode() + b"\n"
CONFORMS_TO, FORMAT, HAS_FORMAT, LICENSE = (
    NamedNode(PREFIXES["dcterms"] + name) for name in ("conformsTo", "format", "hasFormat", "license")
)
DOCUMENT, PRIMARY_TOPIC = (NamedNode(PREFIXES["foaf"] + name) for name in ("Document", "primaryTopic"))
IN_DATASET = NamedNode(f"{PREFIXES['void']}inDataset")


@dataclass(frozen=True)
class Links:
    """How things hang together, by their IRIs."""

    parts: dict[str, list[str]]
    tellers: dict[str, dict[str, list[str]]]
    """For each thing: by property, what tells of it."""
    named: set[Triple]
    """The statements that say what a thing is and is called."""


def links(store: Store, project: Project) -> Links:
    """Return how the things of a store hang together.

    Args:
        store: asserted and inferred data.
        project: has the queries that ask for it, `queries/publication/`.
    """
    parts, tellers = dict[str, list[str]](), dict[str, dict[str, list[str]]]()
    for whole, part in rows(store, project, "parts"):
        parts.setdefault(whole, []).append(part)
    for thing, property, teller in rows(store, project, "tellers"):
        tellers.setdefault(thing, {}).setdefault(property, []).append(teller)
    return Links(parts, tellers, constructed(store, project, "names"))


def rows(store: Store, project: Project, name: str) -> Iterator[list[str]]:
    """Yield the answers to a query of `queries/publication/`, as IRIs."""
    found = store.query(project.query(f"publication/{name}"), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    for row in found:
        yield [cast(NamedNode, term).value for term in row]


def constructed(store: Store, project: Project, name: str) -> set[Triple]:
    """Return the statements that a query of `queries/publication/` makes."""
    found = store.query(project.query(f"publication/{name}"), use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    return set(found)


def internal(store: Store, project: Project) -> set[Triple]:
    """Return the statements that are for internal use, and left out of the external profile (rule C1)."""
    return constructed(store, project, "internal")


class Profile:
    """The statements of one profile, and what each file of it holds."""

    def __init__(
        self, triples: Iterable[Triple], iris: Iterable[str], links: Links, context: Context, base: str = BASE, external: bool = False
    ) -> None:
        """Take the statements of a profile.

        Args:
            triples: all statements, in the order to write them.
            iris: the resources that have a page and files of their own.
            links: how things hang together.
            context: the JSON-LD context to write by.
            base: what the addresses of the files, and the IRI of the dataset, begin with.
            external: whether this is the external profile.
        """
        self.about: dict[str, list[Triple]] = {}
        for triple in triples:
            self.about.setdefault(cast(NamedNode, triple.subject).value, []).append(triple)
        self.iris = [iri for iri in iris if iri in self.about]
        self.links, self.context, self.base, self.external = links, context, base, external
        self.dataset = NamedNode(f"{base}dataset")
        self.profile = NamedNode(f"{BASE}profile/{EXTERNAL if external else 'full'}")

    @cached_property
    def names(self) -> dict[str, list[Triple]]:
        """What each thing is and is called."""
        return {iri: [triple for triple in triples if triple in self.links.named] for iri, triples in self.about.items()}

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """The things that each thing links to, that something is told of."""
        return {
            iri: list(dict.fromkeys(t.object.value for t in triples if isinstance(t.object, NamedNode) and t.object.value in self.about))
            for iri, triples in self.about.items()
        }

    @cached_property
    def turtle(self) -> dict[tuple[str, bool], bytes]:
        """The statements of each thing as Turtle, all of them or (`False`) its names."""
        return {(iri, is_whole): told for is_whole, things in ((True, self.about), (False, self.names)) for iri, told in bodies(things)}

    @cached_property
    def compact(self) -> dict[tuple[str, bool], Statements]:
        """The statements of each thing as JSON-LD has them, all of them or (`False`) its names."""
        return {
            (iri, is_whole): self.context.statements(triples)
            for is_whole, things in ((True, self.about), (False, self.names))
            for iri, triples in things.items()
        }

    def tellers(self, iri: str) -> dict[str, list[str]]:
        """Return by property what tells of a resource in this profile."""
        found = {p: [thing for thing in things if thing in self.about] for p, things in self.links.tellers.get(iri, {}).items()}
        return {property: things for property, things in found.items() if things}

    def contents(self, iri: str) -> dict[str, bool]:
        """Return the things that the file of a resource tells of, in order, and whether it describes each whole."""
        whole, waiting = dict[str, bool](), [iri, *(thing for things in self.tellers(iri).values() for thing in things)]
        for thing in waiting:
            if thing in self.about and thing not in whole:
                whole[thing] = True
                waiting += self.links.parts.get(thing, [])
        linked = dict.fromkeys(target for thing in whole for target in self.targets[thing])
        linked |= dict.fromkeys((self.dataset.value, self.profile.value))
        return whole | {target: target not in self.own for target in linked if target not in whole}

    @cached_property
    def own(self) -> set[str]:
        """The things that have a file of their own."""
        return set(self.iris)

    def documents(self, iri: str) -> dict[str, list[Triple]]:
        """Return what the files of a resource say of themselves, by the address of each."""
        addresses = {ending: NamedNode(self.base + data_path(path_of(iri), ending, self.external)) for ending in ENDINGS}
        common = [(RDF_TYPE, DOCUMENT), (PRIMARY_TOPIC, NamedNode(iri)), *self.common]
        return {
            address.value: [
                Triple(address, predicate, object)
                for predicate, object in (
                    *common,
                    (FORMAT, NamedNode(f"{FORMATS}{ENDINGS[ending]}")),
                    *((HAS_FORMAT, other) for other in addresses.values() if other != address),
                )
            ]
            for ending, address in addresses.items()
        }

    @cached_property
    def common(self) -> list[tuple[NamedNode, NamedNode]]:
        """What every file of the profile says of itself."""
        licenses = [triple.object for triple in self.about[self.dataset.value] if triple.predicate == LICENSE]
        return [(IN_DATASET, self.dataset), (CONFORMS_TO, self.profile), *((LICENSE, cast(NamedNode, license)) for license in licenses)]

    def files(self, iri: str) -> dict[str, bytes]:
        """Return the files of a resource by their paths."""
        contents, documents, path = self.contents(iri), self.documents(iri), path_of(iri)
        turtle = [body(triples) for triples in documents.values()] + [self.turtle[thing] for thing in contents.items()]
        told = {thing: self.compact[thing, is_whole] for thing, is_whole in contents.items()}
        told |= {address: self.context.statements(triples) for address, triples in documents.items()}
        json = framed(iri, self.tellers(iri) | {PRIMARY_TOPIC.value: list(documents)}, told, self.context)
        return {
            data_path(path, "ttl", self.external): HEADER + b"\n".join(turtle),
            data_path(path, "jsonld", self.external): json,
        }


def body(triples: Iterable[Triple]) -> bytes:
    """Return statements as Turtle without the prefixes, which are the same in every file."""
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None
    return written.split(b"\n", len(PREFIXES))[-1]


def bodies(things: Mapping[str, list[Triple]]) -> Iterator[tuple[str, bytes]]:
    """Yield for each thing, by its IRI, its statements as `body` gives them: nothing where there are none.

    All are written at once, and parted where a subject ends: a line that ends in a full stop ends one, since no literal goes over lines.
    """
    parts = iter(body(triple for triples in things.values() for triple in triples).split(b" .\n"))
    for iri, triples in things.items():
        yield iri, next(parts) + b" .\n" if triples else b""
    assert list(parts) == [b""]


def write_resources(folder: Path, full: Profile, external: Profile, last: Path | None = None) -> None:
    """Write the files of every resource: in the full profile, and in the external one where that holds less.

    Args:
        folder: what the paths of files start from.
        full: all statements.
        external: those that are not for internal use.
        last: the folder of the last build, on the same file system, where there is one.
    """
    fewer = {thing for thing, triples in full.about.items() if len(external.about.get(thing, [])) < len(triples)}
    for iri in full.iris:
        write(folder, full.files(iri), last)
        differs = any(thing in fewer if is_whole else thing not in external.about for thing, is_whole in full.contents(iri).items())
        if differs and iri in external.about:
            write(folder, external.files(iri), last)


def write(folder: Path, files: Mapping[str, bytes], last: Path | None) -> None:
    """Write files by their paths below a folder. One that has the same bytes in the last build is linked, which is faster by far."""
    for path, content in files.items():
        file = folder / path
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True)
        if last and holds(last / path, content):
            os.link(last / path, file)
        else:
            file.write_bytes(content)


def holds(file: Path, content: bytes) -> bool:
    """Tell whether a file is there and holds just this."""
    try:
        return file.read_bytes() == content
    except OSError:
        return False
