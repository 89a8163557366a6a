"""Versions: what was released, the IRIs that are to last, and the one version number.

A release is a file in `releases/`: an RDF Patch from the release before it, the first one from nothing. It holds the statements that were
entered, those that followed, the vocabulary, the rules and the JSON-LD context, each in a graph of its own. So every release can be made
again, to the statement, from the files of the project alone.
"""

import csv
import datetime
import gzip
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import yaml
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from balansekunst.dataset import Dataset
from balansekunst.errors import Message, UserError
from balansekunst.export.dumps import VersionContents, collect_version_contents, write_version_dumps
from balansekunst.export.published import list_resources
from balansekunst.namespaces import BASE, GRAPH_PREFIX, NAMESPACE, PREFIXES, RDF_TYPE
from balansekunst.project import Project
from balansekunst.rdf.parse import list_input_files
from balansekunst.rdf.patch import apply_patch, build_patch, read_patch_header
from balansekunst.rdf.serialize import sort_triples
from balansekunst.version import __version__
from balansekunst.versions.change_text import VersionLabels
from balansekunst.versions.diff import Diff, canonicalize_graph, compare_graphs, relabel_blank_nodes

_RELEASE_SUFFIX = ".rdfp.gz"
_VERSION_PATTERN = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_RELEASE_PARTS = ("asserted", "inferred", "ontology", "shapes")
_CONTEXT_QUAD = Quad(
    NamedNode(f"{BASE}data/context.jsonld"),
    NamedNode(f"{PREFIXES['rdf']}value"),
    Literal(""),
    NamedNode(f"{GRAPH_PREFIX}context"),
)
"""Where the context of a release stands; the value is the text of it."""
_RDF_JSON = NamedNode(f"{PREFIXES['rdf']}JSON")
_PUBLISHED_COLUMNS = ("iri", "since", "kind", "name")

VERSION_PLACES = (
    ("scripts/balansekunst/version.py", '__version__ = "{}"'),
    ("CITATION.cff", "\nversion: {}\n"),
    ("codemeta.json", '"version": "{}"'),
    ("data/dataset.ttl", 'owl:versionInfo "{}"'),
    ("ontology/balansekunst.ttl", 'owl:versionInfo "{}"'),
    ("ontology/balansekunst.ttl", "owl:versionIRI <https://w3id.org/balansekunst/ns/{}>"),
    ("shapes/shapes.ttl", 'owl:versionInfo "{}"'),
)
"""Where the version number stands beside `balansekunst.version`, and how it is written there."""
DATE_PLACES = (
    ("CITATION.cff", r"(\nversion: [^\n]*\n)(?:date-released: [^\n]*\n)?", "\\g<1>date-released: {}\n"),
    ("data/dataset.ttl", r'(dcterms:modified ")\d{4}-\d\d-\d\d(?=")', "\\g<1>{}"),
)
"""Where the day of the release is written, and how. A file gets its date with the first release."""


@dataclass(frozen=True)
class Release:
    """A version that was released."""

    version: str
    date: str
    """As `2026-01-31`."""
    id: str
    """The name of its patch."""
    quads: frozenset[Quad]
    """All it consists of, one graph a part."""

    def select_part(self, name: str) -> list[Triple]:
        """Return the statements of one of its parts, sorted."""
        graph = NamedNode(f"{GRAPH_PREFIX}{name}")
        return sort_triples(canonicalize_graph(Triple(q.subject, q.predicate, q.object) for q in self.quads if q.graph_name == graph))

    @property
    def contents(self) -> VersionContents:
        """What its dumps are made from."""
        [context] = [q.object for q in self.quads if q.graph_name == _CONTEXT_QUAD.graph_name]
        assert isinstance(context, Literal)
        asserted, inferred, ontology, shapes = map(self.select_part, _RELEASE_PARTS)
        return VersionContents(asserted, inferred, context.value, ontology, shapes)

    @property
    def statements(self) -> list[Triple]:
        """What was entered, and the vocabulary: that which versions are compared by."""
        return [*self.select_part("asserted"), *self.select_part("ontology")]


@dataclass(frozen=True)
class PublishedIri:
    """An IRI that is published, and so is to last."""

    iri: str
    since: str
    """The version it came with."""
    kind: str
    """The name of its class, in short."""
    name: str
    """What it was called when it was listed, in Norwegian."""


def _parse_version(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by.

    Raises:
        UserError: it is no version number.
    """
    if not _VERSION_PATTERN.fullmatch(version):
        raise UserError(("versions.number", {"value": version}))
    return tuple(map(int, version.split(".")))


def read_releases(project: Project) -> list[Release]:
    """Return what was released, the oldest first.

    Raises:
        UserError: a file is not what was stored when the version was released.
    """
    found = list[Release]()
    quads, previous = frozenset[Quad](), ""
    for path in sorted(
        project.releases.glob(f"*{_RELEASE_SUFFIX}"), key=lambda path: _parse_version(path.name.removesuffix(_RELEASE_SUFFIX))
    ):
        try:
            text = gzip.decompress(path.read_bytes()).decode()
            about = read_patch_header(text)
            quads = frozenset(apply_patch(text, quads))
            if about.get("prev", "") != previous:
                raise ValueError("it comes after another patch")
            if about["sha256"] != _compute_checksum(quads):
                raise ValueError("the sum does not agree")
            found.append(Release(about["version"], about["date"], about["id"], quads))
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, ValueError, SyntaxError, KeyError) as error:
            raise UserError(("versions.invalid-release", {"file": path, "reason": str(error) or type(error).__name__})) from None
        previous = found[-1].id
    return found


def _compute_checksum(quads: Iterable[Quad]) -> str:
    """Return the SHA-256 of statements as sorted N-Quads."""
    return sha256("".join(sorted(f"{quad} .\n" for quad in quads)).encode()).hexdigest()


def _build_release_quads(of: VersionContents) -> frozenset[Quad]:
    """Return what a version consists of as one dataset, with blank nodes that have the same names in every version."""
    quads = {
        Quad(t.subject, t.predicate, t.object, NamedNode(f"{GRAPH_PREFIX}{part}"))
        for part in _RELEASE_PARTS
        for t in relabel_blank_nodes(getattr(of, part))
    }
    return frozenset(
        {*quads, Quad(_CONTEXT_QUAD.subject, _CONTEXT_QUAD.predicate, Literal(of.context, datatype=_RDF_JSON), _CONTEXT_QUAD.graph_name)}
    )


def _serialize_release(of: VersionContents, version: str, date: str, before: list[Release]) -> bytes:
    """Return the file of a release: the patch from the one before, the same for the same contents."""
    quads = _build_release_quads(of)
    old = before[-1].quads if before else frozenset[Quad]()
    about = {"version": version, "date": date, "sha256": _compute_checksum(quads)}
    text = build_patch(old - quads, quads - old, about, before[-1].id if before else None)
    return gzip.compress(text.encode(), mtime=0)


def write_versions(folder: Path, project: Project) -> list[str]:
    """Write the dumps of every release to `version/{number}/data`, and of the present version where it is not released yet; return where.

    A version has what can be made again from its release: not the tables, profiles and graphs that are made of it now.

    Args:
        folder: what is published, with `data/` written.
        project: where the releases are.

    Raises:
        UserError: a release cannot be made again.
    """
    found = read_releases(project)
    for release in found:
        write_version_dumps(release.contents, folder / "version" / release.version / "data")
    if __version__ not in [release.version for release in found]:
        later = shutil.ignore_patterns("tables", "mappings", "analysis", "profiles", "catalogue.*", "codebook.*", "*.trig", "*.zip")
        shutil.copytree(folder / "data", folder / "version" / __version__ / "data", ignore=later)
    return ["version"]


def is_as_released(store: Store, project: Project) -> bool:
    """Tell whether the data are those of the release that has their version number, or there is none yet.

    Raises:
        UserError: a release cannot be made again.
    """
    present = [release for release in read_releases(project) if release.version == __version__]
    return not present or present[0].quads == _build_release_quads(collect_version_contents(store, project))


def read_statements(project: Project, given: str) -> list[Triple]:
    """Return the statements of a file, a folder, or a release by its number.

    Raises:
        UserError: there is no such thing, or it cannot be read.
    """
    path = Path(given)
    if path.exists() or not _VERSION_PATTERN.fullmatch(given):
        if not path.exists() and given != "-":
            raise UserError(("versions.unknown", {"value": given, "allowed": _format_version_list(read_releases(project))}))
        return _strip_graphs(project.reader.load(list_input_files([path])))
    found = read_releases(project)
    for release in found:
        if release.version == given:
            return release.statements
    raise UserError(("versions.unknown", {"value": given, "allowed": _format_version_list(found)}))


def _format_version_list(found: list[Release]) -> str:
    """Return the numbers of releases as a list to read."""
    return ", ".join(release.version for release in found) or "–"


def collect_current_statements(project: Project) -> list[Triple]:
    """Return what is entered now, and the vocabulary: what a release would have."""
    of = collect_version_contents(Dataset(project).store, project)
    return [*of.asserted, *of.ontology]


def _strip_graphs(quads: Iterable[Quad]) -> list[Triple]:
    """Return statements without the graphs they stand in, each once."""
    return sort_triples(quads)


@dataclass(frozen=True)
class ChangelogVersion:
    """A version in the changelog."""

    version: str
    date: str
    resource_count: int
    """How many resources it has."""
    term_count: int
    """How many terms its vocabulary has."""
    diff: Diff | None
    """What differs from the version before; nothing for the first."""


def build_changelog(project: Project) -> list[ChangelogVersion]:
    """Return every release with what it changed, the newest first.

    Raises:
        UserError: a release cannot be made again.
    """
    found = read_releases(project)
    diffs: list[Diff | None] = [None, *(compare_graphs(old.statements, new.statements, project) for old, new in pairwise(found))]
    listed = [
        ChangelogVersion(release.version, release.date, *_count_resources(release, project), diff)
        for release, diff in zip(found, diffs, strict=False)
    ]
    return listed[::-1]


def _count_resources(release: Release, project: Project) -> tuple[int, int]:
    """Return how many things and how many terms of ours a release describes."""
    things, terms = (
        {t.subject for t in release.select_part(part) if isinstance(t.subject, NamedNode)} for part in ("asserted", "ontology")
    )
    ours = [thing for thing in things if project.bases.find_base(thing.value) and not thing.value.startswith(NAMESPACE)]
    return len(ours), len([term for term in terms if term.value.startswith(NAMESPACE)])


# ── The IRIs that are to last (rule L6) ─────────────────────────────────────────────────────────────────────────────────


def read_published_iris(project: Project) -> list[PublishedIri]:
    """Return the IRIs that are published, as the list has them; none where there is no list.

    Raises:
        UserError: the list cannot be read.
    """
    if not project.published_iris_file.exists():
        return []
    rows = csv.reader(project.reader.read_text(project.published_iris_file).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    found, problems = list[PublishedIri](), list[Message]()
    for number, row in enumerate(rows, 1):
        if len(row) != len(_PUBLISHED_COLUMNS):
            problems.append(("versions.list", {"file": project.published_iris_file, "line": number}))
        elif number > 1:
            found.append(PublishedIri(project.base + row[0], *row[1:]))
    if problems:
        raise UserError(*problems)
    return found


def find_missing_iris(project: Project, store: Store) -> list[PublishedIri]:
    """Return the IRIs that are published and that nothing is said of any more, neither that they are retired (rule L6)."""
    return [
        promise
        for promise in read_published_iris(project)
        if next(store.quads_for_pattern(NamedNode(promise.iri), RDF_TYPE, None), None) is None
    ]


def build_missing_iri_message(promise: PublishedIri) -> Message:
    """Say what has vanished, and how to mend it."""
    return ("versions.missing-iri", {"iri": promise.iri, "name": promise.name, "kind": promise.kind, "since": promise.since})


def build_published_list(project: Project, store: Store, version: str) -> tuple[str, int]:
    """Return the list of IRIs with those that have come since added, and how many they are.

    Args:
        project: where the list is.
        store: the data with the vocabulary.
        version: the version that new ones come with.

    Raises:
        UserError: the list cannot be read.
    """
    kept = {promise.iri: promise for promise in read_published_iris(project)}
    names = VersionLabels([_strip_graphs(store)], project)
    terms = {q.subject.value for q in store if isinstance(q.subject, NamedNode) and q.subject.value.startswith(NAMESPACE)}
    new = sorted(iri for iri in {*list_resources(store, project.bases), *terms} - kept.keys() if iri.startswith(project.base))
    typed = [iri for iri in new if next(store.quads_for_pattern(NamedNode(iri), RDF_TYPE, None), None)]
    for iri in typed:
        kept[iri] = PublishedIri(iri, version, names.find_class_label(NamedNode(iri), "nb"), names.find_label(NamedNode(iri), "nb"))
    rows = ["\t".join(_PUBLISHED_COLUMNS)]
    rows += [
        "\t".join((iri.removeprefix(project.base), kept[iri].since, kept[iri].kind, " ".join(kept[iri].name.split())))
        for iri in sorted(kept)
    ]
    return "\n".join(rows) + "\n", len(typed)


# ── A new release ───────────────────────────────────────────────────────────────────────────────────────────────────────


def is_released(project: Project, version: str) -> bool:
    """Return whether a version is released."""
    return (project.releases / f"{version}{_RELEASE_SUFFIX}").exists()


def list_release_files(project: Project, version: str) -> list[Path]:
    """Return the files that a release would write."""
    places = dict.fromkeys(name for name, *_ in (*VERSION_PLACES, *DATE_PLACES))
    return [*(project.root / name for name in places), project.published_iris_file, project.releases / f"{version}{_RELEASE_SUFFIX}"]


def find_release_problems(project: Project, version: str, date: str) -> list[Message]:
    """Return why a version cannot be released: the number, the date, or no heading in the changelog.

    Raises:
        UserError: a release before it is not what was stored.
    """
    problems = list[Message]()
    if not _VERSION_PATTERN.fullmatch(version):
        problems.append(("versions.number", {"value": version}))
    else:
        before = [release.version for release in read_releases(project)]
        last = before[-1] if before else __version__
        if _parse_version(version) < _parse_version(last) or version in before:
            problems.append(("versions.not-newer", {"value": version, "last": last}))
        for log in (project.root / "CHANGELOG.md", project.root / "data" / "CHANGELOG.md"):
            if log.exists() and f"\n## {version}\n" not in log.read_text(encoding="utf-8"):
                problems.append(("versions.no-heading", {"file": log, "version": version}))
    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        problems.append(("versions.date", {"value": date}))
    return problems


def list_citation_gaps(project: Project) -> list[Message]:
    """Return what the citation says nothing of, which whoever releases may know: where the repository is, and who the authors are."""
    file = project.root / "CITATION.cff"
    if not file.exists():
        return []
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    gaps: list[Message] = [] if said.get("repository-code") else [("versions.no-repository", {"file": file})]
    if not any(author.get("family-names") for author in said.get("authors", ())):
        gaps.append(("versions.no-persons", {"file": file, "other": project.root / ".zenodo.json"}))
    return gaps


@contextmanager
def _bump_version(project: Project, version: str, date: str) -> Iterator[None]:
    """Write a version's number and date in all the places that tell it. A block that fails leaves the files as they were.

    Raises:
        UserError: the present number does not stand in its place somewhere; nothing is written then.
    """
    problems = list[Message]()
    old: dict[Path, str] = {}
    new: dict[Path, str] = {}
    for name, form in VERSION_PLACES:
        path = project.root / name
        old.setdefault(path, path.read_text(encoding="utf-8"))
        text = new.get(path, old[path])
        if text.count(form.format(__version__)) != 1:
            problems.append(("versions.no-place", {"file": path, "version": __version__, "pattern": form.format(__version__).strip()}))
        new[path] = text.replace(form.format(__version__), form.format(version))
    for name, pattern, form in DATE_PLACES:
        path = project.root / name
        new[path] = re.sub(pattern, form.format(date), new[path])
    if problems:
        raise UserError(*problems)
    try:
        for path, text in new.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        yield
    except BaseException:
        for path, text in old.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        raise


def create_release(project: Project, version: str, date: str) -> tuple[Path, int, int]:
    """Release a version: set its number, list its IRIs, and store what it changed.

    Args:
        project: what is released. Its data keep the rules, and nothing has vanished.
        version: the number.
        date: the day, as `2026-01-31`.

    Returns:
        The file of the release, how many IRIs are listed, and how many of them are new.

    Raises:
        UserError: it cannot be released so; all the reasons at once. Nothing is changed then.
    """
    problems = find_release_problems(project, version, date)
    if problems:
        raise UserError(*problems)
    before = read_releases(project)
    with _bump_version(project, version, date):
        store = Dataset(project).store
        listed, new = build_published_list(project, store, version)
        file = project.releases / f"{version}{_RELEASE_SUFFIX}"
        written = _serialize_release(collect_version_contents(store, project), version, date, before)
        project.releases.mkdir(exist_ok=True)
        project.published_iris_file.write_text(listed, encoding="utf-8", newline="\n")
        file.write_bytes(written)
    return file, listed.count("\n") - 1, new
