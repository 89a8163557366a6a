"""Which page or file an IRI leads to, told once, and carried out by Apache, nginx and our own server alike.

An IRI of ours names a thing, not a document, so it is answered with 303 See Other to a document about it (Cool URIs for the Semantic Web,
section 4.2, https://www.w3.org/TR/cooluris/). Which one is chosen by `Accept` and `Accept-Language` (RFC 9110, section 12): the highest
weight wins, and what stands first here where weights are equal. What a client accepts nothing of is answered with 406 and links to what
there is: a program that cannot read a page is better told than handed one. A language is never refused; Norwegian is the first.

The headers are read by regular expressions that Python and PCRE read alike, so that the three servers cannot differ.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, UserError, text
from balansekunst.project import Project
from balansekunst.publication.paths import data_path, page_path

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
VARY = "Accept, Accept-Language"
CACHE = "public, max-age=3600"
CACHE_VERSIONED = "public, max-age=31536000, immutable"
"""What stands below `version/` never changes."""
FILE = r"^(.*\.[a-z][a-z0-9]*)$"
"""A path that is a file and not an IRI: its last part ends as files do, which no slug or version number does."""
MEDIA_TYPES = {
    "html": "text/html",
    "ttl": "text/turtle",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "md": "text/markdown",
    "rq": "application/sparql-query",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "parquet": "application/vnd.apache.parquet",
    "gz": "application/gzip",
    "zip": "application/zip",
}
"""Media types by the ending of a file."""
NAMED_FILES = {".well-known/void": "text/turtle"}
"""Files without an ending, and their media types."""

# Header fields are read element by element, a quoted string as one piece. Possessive and atomic groups keep the time linear.
SPACE = r"[ \t]*"
PIECE = r"(?>[^,\x22]|\x22(?:[^\x22\x5c]|\x5c.)*+\x22|\x22)"
ENDS = rf"(?={SPACE}(?:[;,]|$))"
GREATER = r"(\d*)(?:" + "|".join(rf"{digit}\d*>\1[0-{digit - 1}]" for digit in range(9, 0, -1)) + ")"
"""Finds that the first of two weights, as in `0900>01000`, is greater: digits after the one that differs do not count."""
NOTHING = "0000"
WHOLE = "1000"


@dataclass(frozen=True)
class Range:
    """Something that a header field may name, with or without a weight."""

    pattern: str
    """Of the name alone."""
    is_any: bool = False
    """Whether it is what a missing or empty field means."""

    @property
    def named(self) -> str:
        """Finds it, the first time it is named."""
        found = rf"(?>(?:{PIECE}*+,)*?{SPACE}{self.pattern}{ENDS})"
        return rf"(?i)^(?:{SPACE}$|{found})" if self.is_any else rf"(?i)^{found}"

    @property
    def weighted(self) -> str:
        """Finds it named with a weight below one, and gives the decimals. A weight that cannot be read is none."""
        found = rf"(?>(?:{PIECE}*+,)*?{SPACE}{self.pattern}{ENDS})"
        return rf"(?i)^{found}{PIECE}*?;{SPACE}q=(?=[0.])0?\.?(\d{{0,3}})\d*{ENDS}"


ANY_TYPE = Range(r"\*(?:/\*)?", is_any=True)
ANY_LANGUAGE = Range(r"\*", is_any=True)


def media_ranges(media_type: str) -> tuple[Range, ...]:
    """Return what may be named to mean a media type, the most specific first, which goes before the others (RFC 9110, section 12.5.1).

    Parameters are left out of account, as in `application/ld+json;profile=…`.
    """
    kind = media_type.partition("/")[0]
    return (Range(re.escape(media_type)), Range(rf"{re.escape(kind)}/\*"), ANY_TYPE)


@dataclass(frozen=True)
class Candidate:
    """Something to choose, and the ranges that mean it."""

    name: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class Representation(Candidate):
    """A document about a thing."""

    ending: str
    stem: str = "data"
    """Which of the paths of its kind it lies at: `page`, `data` or `dump`."""

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return MEDIA_TYPES[self.ending]


Chosen = TypeVar("Chosen", bound=Candidate)

REPRESENTATIONS = (
    Representation("html", media_ranges("text/html"), "html", stem="page"),
    Representation("turtle", media_ranges("text/turtle"), "ttl"),
    Representation("jsonld", media_ranges("application/ld+json"), "jsonld"),
    # Plain JSON is asked for by name only: what else an `application/*` may mean has its own line.
    Representation("json", (Range("application/json"),), "jsonld"),
    Representation("rdfxml", media_ranges("application/rdf+xml"), "rdf"),
    Representation("ntriples", media_ranges("application/n-triples"), "nt", stem="dump"),
)
"""In the order they go where a client likes several as well."""


def language_ranges(tag: str, *others: str) -> Iterator[Candidate]:
    """Give what may be named to mean a language, as separate candidates: its own tag, with a region, and tags near to it.

    A named region means the language (lookup, RFC 4647, section 3.4).
    """
    yield Candidate(tag, (Range(tag), ANY_LANGUAGE))
    for other in (tag, *others):
        yield Candidate(tag, (Range(f"{other}-[a-z0-9-]+"),))
        if other != tag:
            yield Candidate(tag, (Range(other),))


LANGUAGE_CANDIDATES = (*language_ranges("nb", "no", "nn"), *language_ranges("en"))
assert {candidate.name for candidate in LANGUAGE_CANDIDATES} == set(LANGUAGES)


@dataclass(frozen=True)
class Kind:
    """A kind of IRI, by its path below the base: where its page and its data lie, with `$1` for the group of the pattern."""

    name: str
    pattern: str
    page: str
    data: str
    dump: str = ""
    has: tuple[str, ...] = ("html", "turtle", "jsonld", "json")
    """The documents that things of its kind have. Where the files can be seen, they are what tells."""


NUMBER = "([0-9][0-9a-z.-]*)"
DUMP = "data/balansekunst"
KINDS = (
    Kind("resource", "^([a-z0-9][a-z0-9./-]*)$", "$1", "$1"),
    Kind("index", "^$", "index", "dataset"),
    Kind("dataset", "^dataset$", "dataset", "dataset", DUMP, ("html", "turtle", "jsonld", "json", "ntriples")),
    Kind("vocabulary", "^ns$", "ns", "ns", "", ("html", "turtle", "jsonld", "json", "rdfxml")),
    # The version IRI that the vocabulary itself names (owl:versionIRI).
    Kind("vocabulary-version", f"^ns/{NUMBER}$", "", "version/$1/data/ontology", "", ("turtle",)),
    Kind("version", f"^version/{NUMBER}$", "", f"version/$1/{DUMP}", f"version/$1/{DUMP}", ("turtle", "jsonld", "json", "ntriples")),
)
"""The last that fits counts."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern ready for use."""
    return re.compile(pattern)


def weight(field: str, ranges: tuple[Range, ...]) -> str:
    """Return the weight that a header field gives something: `0` or `1` and three or more decimals, fit for `GREATER`.

    Args:
        field: `Accept` or `Accept-Language`; empty where there is none.
        ranges: what means it, the most specific first.
    """
    for range in ranges:
        if found := compiled(range.weighted).search(field):
            return f"0{found[1]}000"
        if compiled(range.named).search(field):
            return WHOLE
    return NOTHING


def preferred(field: str, candidates: tuple[Chosen, ...]) -> Chosen | None:
    """Return what a header field likes best, the first where several weigh the same; nothing where it accepts none of them."""
    best, chosen = NOTHING, None
    for candidate in candidates:
        given = weight(field, candidate.ranges)
        if compiled(f"^{GREATER}").search(f"{given}>{best}"):
            best, chosen = given, candidate
    return chosen


def language_of(field: str) -> str:
    """Return the language that `Accept-Language` asks for, of ours."""
    chosen = preferred(field, LANGUAGE_CANDIDATES)
    return chosen.name if chosen else DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Choice:
    """What an IRI is answered with."""

    location: str | None
    """Path of the document to go to; nothing where the client accepts none of them (406)."""
    links: tuple[str, ...]
    """Values of `Link` (RFC 8288): all the documents there are, and the licence."""


def choose(path: str, accept: str, accept_language: str, exists: Callable[[str], bool]) -> Choice | None:
    """Return what an IRI is answered with; nothing where no document is there (404).

    Args:
        path: the IRI's path below the base, without a leading slash.
        accept: the header field; empty where there is none.
        accept_language: likewise.
        exists: whether there is a file at a path.
    """
    if compiled(FILE).search(path):
        return None
    for kind in reversed(KINDS):
        if found := compiled(kind.pattern).search(path):
            break
    else:
        return None
    places, language = dict[str, str](), language_of(accept_language)
    for item in REPRESENTATIONS:
        stem = filled(getattr(kind, item.stem), found)
        options = [page_path(stem, language), page_path(stem)] if item.stem == "page" else [data_path(stem, item.ending)]
        there = next((option for option in options if stem and exists(option)), None)
        if there:
            places[item.name] = there
    if not places:
        return None
    chosen = preferred(accept, tuple(item for item in REPRESENTATIONS if item.name in places))
    links = [link(f"/{places[item.name]}", item) for item in REPRESENTATIONS if item.name in places and item.name != "json"]
    return Choice(places[chosen.name] if chosen else None, (*links, licence_link()))


def filled(template: str, found: re.Match[str]) -> str:
    """Return a template with the groups of a match filled in."""
    return re.sub(r"\$(\d)", lambda digit: found[int(digit[1])], template)


def link(address: str, item: Representation) -> str:
    """Return the value of `Link` that tells of a document."""
    return f'<{address}>; rel="alternate"; type="{item.media_type}"'


def licence_link() -> str:
    """Return the value of `Link` that tells the licence."""
    return f'<{LICENCE}>; rel="license"'


def content_type(path: str) -> str:
    """Return the `Content-Type` of a file by its ending. RDF in `text/*` and all that is text to people tells its encoding."""
    media_type = NAMED_FILES.get(path) or MEDIA_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
    return f"{media_type}; charset=utf-8" if has_charset(media_type) else media_type


def has_charset(media_type: str) -> bool:
    """Tell whether a media type has a parameter for its encoding."""
    return media_type.startswith("text/")


FILES = {
    "apache.htaccess": ".htaccess",
    "nginx-maps.conf": "hosting/nginx-maps.conf",
    "nginx-server.conf": "hosting/nginx-server.conf",
    "README.md": "hosting/README.md",
}
"""Templates in `site/hosting/`, and where below the site each is written."""
FILES_WITH_TARGET = {**FILES, "w3id.htaccess": "hosting/w3id.htaccess"}


def hosting(project: Project, target: str | None = None) -> dict[str, str]:
    """Return the rules for web servers, by path below the site.

    Args:
        project: where the templates lie.
        target: the address the site is published at, ending in `/`. Without it redirects stay at the host they came to, at its root, and
            there are no rules for w3id.org, which must know where to send people.

    Raises:
        UserError: the address is not one that a site can have.
    """
    mount = "/"
    if target is not None:
        parts = urlsplit(target)
        is_plain = re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+/(?:[A-Za-z0-9._~-]+/)*", target)
        if not is_plain or not parts.hostname:
            raise UserError(("serving.target", {"target": target}))
        mount = parts.path
    environment = Environment(
        loader=FileSystemLoader(project.site_sources / "hosting"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    values = {
        "target": target,
        "mount": mount,
        "base": target or mount,
        "representations": REPRESENTATIONS,
        "links": [item for item in REPRESENTATIONS if item.name != "json"],
        "languages": LANGUAGE_CANDIDATES,
        "default_language": DEFAULT_LANGUAGE,
        "kinds": KINDS,
        "file": FILE,
        "greater": GREATER,
        "nothing": NOTHING,
        "whole": WHOLE,
        "media_types": MEDIA_TYPES,
        "named_files": NAMED_FILES,
        "has_charset": has_charset,
        "licence": LICENCE,
        "vary": VARY,
        "cache": CACHE,
        "cache_versioned": CACHE_VERSIONED,
        "page_path": page_path,
        "data_path": data_path,
        "refusal": " / ".join(text("serving.not-acceptable", language) for language in LANGUAGES),
    }
    files = FILES_WITH_TARGET if target else FILES
    return {path: environment.get_template(name).render(values) for name, path in files.items()}
