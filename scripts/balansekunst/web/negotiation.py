"""Which page or file an IRI leads to, told once, and carried out by Apache, nginx and our own server alike.

An IRI of ours names a thing, not a document, so it is answered with 303 See Other to a document about it (Cool URIs for the Semantic Web,
section 4.2, https://www.w3.org/TR/cooluris/). Which one is chosen by `Accept` and `Accept-Language` (RFC 9110, section 12): the highest
weight wins, and what stands first here where weights are equal. What a client accepts nothing of is answered with 406 and links to what
there is: a program that cannot read a page is better told than handed one. A language is never refused; Norwegian is the first.

Apache and nginx read the headers by regular expressions, our own server by a parser; the tests hold all to the same cases.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from balansekunst.errors import UserError
from balansekunst.export.paths import NOT_FOUND_PATH, get_data_path, get_page_path
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, format_message
from balansekunst.project import Project, is_web_address
from balansekunst.version import __version__

LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
VARY_HEADER = "Accept, Accept-Language"
CACHE_CONTROL = "public, max-age=3600"
VERSIONED_CACHE_CONTROL = "public, max-age=31536000, immutable"
"""What stands below `version/` never changes."""
FILE_PATTERN = r"^(.*\.[a-z][a-z0-9]*)$"
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
_COMPRESSED_EXTENSIONS = {"png", "woff2", "pdf", "xlsx", "ods", "parquet", "gz", "zip"}
"""The endings of files that nothing is won by compressing once more."""
COMPRESSIBLE_MEDIA_TYPES = list(dict.fromkeys(kind for ending, kind in MEDIA_TYPES.items() if ending not in _COMPRESSED_EXTENSIONS))
"""Media types that a server sends compressed to those who ask for it."""
EXTENSIONLESS_MEDIA_TYPES = {".well-known/void": "text/turtle"}
"""Files without an ending, and their media types."""

# Header fields are read element by element, a quoted string as one piece. One that is not closed goes on to the end of the field, so that
# nothing is read twice: possessive and atomic groups keep the time linear.
_QUOTED_PATTERN = r"\x22(?:[^\x22\x5c]|\x5c.)*+\x5c?(?:\x22|$)"
_WHITESPACE_PATTERN = r"[ \t]*"
_ELEMENT_PATTERN = rf"(?>[^,\x22]|{_QUOTED_PATTERN})"
_ELEMENT_END_PATTERN = rf"(?={_WHITESPACE_PATTERN}(?:[;,]|$))"
_GREATER_WEIGHT_PATTERN = r"(\d*)(?:" + "|".join(rf"{digit}\d*>\1[0-{digit - 1}]" for digit in range(9, 0, -1)) + ")"
"""Finds that the first of two weights, as in `0900>01000`, is greater: digits after the one that differs do not count."""
_ZERO_WEIGHT = "0000000"
_LEAST_WEIGHT = "0000100"
"""Less than any weight that a field can give, and more than nothing."""
_FULL_WEIGHT = "1000000"
_FIELD_TOKENS = re.compile(rf"{_QUOTED_PATTERN}|[^\x22,;]+|[,;]")
_PARAMETER_Q = re.compile(r"q=(?=[0.])0?\.?(\d{0,3})\d*", re.IGNORECASE)


@dataclass(frozen=True)
class AcceptRange:
    """Something that a header field may name, with or without a weight."""

    pattern: str
    """Of the name alone."""
    is_any: bool = False
    """Whether it is what a missing or empty field means."""
    is_least: bool = False
    """Whether to name it beside what means anything, both with a weight above nothing, leaves the least weight for the latter."""

    @property
    def name_pattern(self) -> str:
        """Finds it, the first time it is named."""
        if self.is_least:
            accepted = rf"(?!{_ELEMENT_PATTERN}*?;{_WHITESPACE_PATTERN}q=0(?:\.0*)?{_ELEMENT_END_PATTERN})"
            return rf"(?i)^(?={_ANY_MEDIA_RANGE._build_pattern(accepted)}){self._build_pattern(accepted)}"
        found = self._build_pattern()
        return rf"(?i)^(?:{_WHITESPACE_PATTERN}$|{found})" if self.is_any else rf"(?i)^{found}"

    @property
    def weight_pattern(self) -> str:
        """Finds it named with a weight below one, and gives the decimals. A weight that cannot be read is none."""
        decimals = r"(?=[0.])0?\.?(\d{0,3})\d*"
        return rf"(?i)^{self._build_pattern()}{_ELEMENT_PATTERN}*?;{_WHITESPACE_PATTERN}q={decimals}{_ELEMENT_END_PATTERN}"

    def _build_pattern(self, condition: str = "") -> str:
        """Return the pattern of a field up to the first element that names it and meets a condition."""
        return rf"(?>(?:{_ELEMENT_PATTERN}*+,)*?{_WHITESPACE_PATTERN}(?:{self.pattern}){_ELEMENT_END_PATTERN}{condition})"

    def find_weight(self, elements: tuple[tuple[str, str], ...]) -> str | None:
        """Return the weight that the elements of a field give it, and nothing where they do not name it."""
        weights = (weight for name, weight in elements if compile_pattern(f"(?i){self.pattern}").fullmatch(name))
        if self.is_least:
            takes_anything = (_ANY_MEDIA_RANGE.find_weight(elements) or _ZERO_WEIGHT) > _ZERO_WEIGHT
            return _LEAST_WEIGHT if takes_anything and any(weight > _ZERO_WEIGHT for weight in weights) else None
        return next(weights, None) if elements or not self.is_any else _FULL_WEIGHT


_ANY_MEDIA_RANGE = AcceptRange(r"\*(?:/\*)?", is_any=True)
_RDF_RANGE = AcceptRange(r"(?:text/(?:turtle|n3|rdf\+n3)|application/(?:rdf\+xml|ld\+json|n-triples|n-quads|trig|x-turtle))", is_least=True)
"""A client that names RDF and no page wants no page, though it says that it takes anything, as Protégé does."""
_ANY_LANGUAGE_RANGE = AcceptRange(r"\*", is_any=True)


def list_media_ranges(media_type: str) -> tuple[AcceptRange, ...]:
    """Return what may be named to mean a media type, the most specific first, which goes before the others (RFC 9110, section 12.5.1).

    Parameters are left out of account, as in `application/ld+json;profile=…`.
    """
    kind = media_type.partition("/")[0]
    return (AcceptRange(re.escape(media_type)), AcceptRange(rf"{re.escape(kind)}/\*"), _ANY_MEDIA_RANGE)


_TEXT_RANGE, _PAGE_RANGE = AcceptRange(r"text/\*"), AcceptRange(re.escape("text/html"))
PAGE_RANGES = (_PAGE_RANGE, _TEXT_RANGE, _RDF_RANGE, _ANY_MEDIA_RANGE)
"""What may be named to mean a page."""


@dataclass(frozen=True)
class Candidate:
    """Something to choose, and the ranges that mean it."""

    name: str
    ranges: tuple[AcceptRange, ...]


@dataclass(frozen=True)
class Representation(Candidate):
    """A document about a thing."""

    extension: str
    stem: str = "data"
    """Which of the paths of its kind it lies at: `page`, `data` or `dump`."""

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return MEDIA_TYPES[self.extension]


_CandidateT = TypeVar("_CandidateT", bound=Candidate)

REPRESENTATIONS = (
    Representation("html", PAGE_RANGES, "html", stem="page"),
    Representation("turtle", list_media_ranges("text/turtle"), "ttl"),
    Representation("jsonld", list_media_ranges("application/ld+json"), "jsonld"),
    # Plain JSON is asked for by name only: what else an `application/*` may mean has its own line.
    Representation("json", (AcceptRange("application/json"),), "jsonld"),
    Representation("rdfxml", list_media_ranges("application/rdf+xml"), "rdf"),
    Representation("ntriples", list_media_ranges("application/n-triples"), "nt", stem="dump"),
)
"""In the order they go where a client likes several as well."""


def _list_language_candidates(tag: str, *others: str) -> Iterator[Candidate]:
    """Give what may be named to mean a language, as separate candidates: its own tag, with a region, and tags near to it.

    A named region means the language (lookup, RFC 4647, section 3.4).
    """
    yield Candidate(tag, (AcceptRange(tag), _ANY_LANGUAGE_RANGE))
    for other in (tag, *others):
        yield Candidate(tag, (AcceptRange(f"{other}-[a-z0-9-]+"),))
        if other != tag:
            yield Candidate(tag, (AcceptRange(other),))


_LANGUAGE_CANDIDATES = (*_list_language_candidates("nb", "no", "nn"), *_list_language_candidates("en"))
assert {candidate.name for candidate in _LANGUAGE_CANDIDATES} == set(LANGUAGES)
_PREFIXED_LANGUAGES = tuple(language for language in LANGUAGES if language != DEFAULT_LANGUAGE)


@dataclass(frozen=True)
class IriKind:
    """A kind of IRI, by its path below the base: where its page and its data lie, with `$1` for the group of the pattern."""

    name: str
    pattern: str
    page: str
    data: str
    dump: str = ""
    representations: tuple[str, ...] = ("html", "turtle", "jsonld", "json")
    """The documents that things of its kind have. Where the files can be seen, they are what tells."""
    language: str = ""
    """The language of its page, where the path says which."""


_RESOURCE_PATTERN = "([A-Za-z0-9](?:[A-Za-z0-9./-]*[A-Za-z0-9-])?)"
_VERSION_PATTERN = "([0-9][0-9a-z.-]*)"
_DUMP_STEM = "data/balansekunst"
IRI_KINDS = (
    IriKind("resource", f"^{_RESOURCE_PATTERN}/?$", "$1", "$1"),
    IriKind("index", "^$", "index", "dataset"),
    # Pages in another language than the first have addresses of their own, which the sitemap lists.
    *(IriKind(f"resource-{code}", f"^{code}/{_RESOURCE_PATTERN}/?$", "$1", "$1", language=code) for code in _PREFIXED_LANGUAGES),
    *(IriKind(f"index-{code}", f"^{code}/?$", "index", "dataset", language=code) for code in _PREFIXED_LANGUAGES),
    IriKind("dataset", "^dataset/?$", "dataset", "dataset", _DUMP_STEM, ("html", "turtle", "jsonld", "json", "ntriples")),
    IriKind("vocabulary", "^ns/?$", "ns", "ns", "", ("html", "turtle", "jsonld", "json", "rdfxml")),
    # The version IRI that the vocabulary itself names (owl:versionIRI).
    IriKind("vocabulary-version", f"^ns/{_VERSION_PATTERN}/?$", "", "version/$1/data/ontology", "", ("turtle",)),
    IriKind(
        "version",
        f"^version/{_VERSION_PATTERN}/?$",
        "version/$1",
        f"version/$1/{_DUMP_STEM}",
        f"version/$1/{_DUMP_STEM}",
        ("html", "turtle", "jsonld", "json", "ntriples"),
    ),
)
"""The last that fits counts. A slash at the end changes nothing."""


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern ready for use."""
    return re.compile(pattern)


@lru_cache(maxsize=64)
def _parse_field(field: str) -> tuple[tuple[str, str], ...]:
    """Return the names in a header field with their weights, in time that grows as the field does."""
    elements: list[list[str]] = [[""]]
    for token in _FIELD_TOKENS.findall(field):
        if token == ",":
            elements.append([""])
        elif token == ";":
            elements[-1].append("")
        else:
            elements[-1][-1] += token
    if len(elements) == 1 and not field.strip(" \t"):
        return ()
    return tuple((name.strip(" \t"), _read_weight(parameters)) for name, *parameters in elements)


def _read_weight(parameters: list[str]) -> str:
    """Return the weight that the parameters of an element tell: `0` or `1` and six decimals. One that cannot be read is none."""
    weights = (_PARAMETER_Q.fullmatch(parameter.strip(" \t")) for parameter in parameters)
    return next((f"0{found[1]}".ljust(len(_ZERO_WEIGHT), "0") for found in weights if found), _FULL_WEIGHT)


def select_preferred(field: str, candidates: tuple[_CandidateT, ...]) -> _CandidateT | None:
    """Return what a header field likes best, the first where several weigh the same; nothing where it accepts none of them.

    Args:
        field: `Accept` or `Accept-Language`; empty where there is none.
        candidates: what there is.
    """
    elements = _parse_field(field)
    best, chosen = _ZERO_WEIGHT, None
    for candidate in candidates:
        weights = (range.find_weight(elements) for range in candidate.ranges)
        given = next((weight for weight in weights if weight is not None), _ZERO_WEIGHT)
        if given > best:
            best, chosen = given, candidate
    return chosen


def select_language(field: str) -> str:
    """Return the language that `Accept-Language` asks for, of ours."""
    chosen = select_preferred(field, _LANGUAGE_CANDIDATES)
    return chosen.name if chosen else DEFAULT_LANGUAGE


def select_page_language(path: str, accept_language: str) -> str:
    """Return the language that a path is in, and where it does not say, the one that `Accept-Language` asks for."""
    return next((code for code in _PREFIXED_LANGUAGES if path.startswith(f"{code}/")), "") or select_language(accept_language)


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
    if compile_pattern(FILE_PATTERN).search(path):
        return None
    for kind in reversed(IRI_KINDS):
        if found := compile_pattern(kind.pattern).search(path):
            break
    else:
        return None
    places, language = dict[str, str](), kind.language or select_language(accept_language)
    for item in REPRESENTATIONS:
        stem = _fill_template(getattr(kind, item.stem), found)
        options = [get_page_path(stem, language), get_page_path(stem)] if item.stem == "page" else [get_data_path(stem, item.extension)]
        there = next((option for option in options if stem and exists(option)), None)
        if there:
            places[item.name] = there
    if not places:
        return None
    chosen = select_preferred(accept, tuple(item for item in REPRESENTATIONS if item.name in places))
    links = [_format_link(f"/{places[item.name]}", item) for item in REPRESENTATIONS if item.name in places and item.name != "json"]
    return Choice(places[chosen.name] if chosen else None, (*links, _format_licence_link()))


def _fill_template(template: str, found: re.Match[str]) -> str:
    """Return a template with the groups of a match filled in."""
    return re.sub(r"\$(\d)", lambda digit: found[int(digit[1])], template)


def _format_link(address: str, item: Representation) -> str:
    """Return the value of `Link` that tells of a document."""
    return f'<{address}>; rel="alternate"; type="{item.media_type}"'


def _format_licence_link() -> str:
    """Return the value of `Link` that tells the licence."""
    return f'<{LICENCE_URL}>; rel="license"'


def get_content_type(path: str) -> str:
    """Return the `Content-Type` of a file by its ending. RDF in `text/*` and all that is text to people tells its encoding."""
    media_type = EXTENSIONLESS_MEDIA_TYPES.get(path) or MEDIA_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
    return f"{media_type}; charset=utf-8" if has_charset(media_type) else media_type


def has_charset(media_type: str) -> bool:
    """Tell whether a media type has a parameter for its encoding."""
    return media_type.startswith("text/")


def replace_root(html: str, mount: str) -> str:
    """Return a page for what is not there with its links below the path that the site has at its host.

    Args:
        html: the page, whose links begin at some path.
        mount: the path, beginning and ending in `/`.
    """
    found = re.search(r'href="(/[^"]*)assets/', html)
    return html if found is None else re.sub(rf'(?<=")({re.escape(found[1])})(?=[^/"]|")', lambda _: mount, html)


HOSTING_FILES = {
    "apache.htaccess": ".htaccess",
    "nginx-maps.conf": "hosting/nginx-maps.conf",
    "nginx-server.conf": "hosting/nginx-server.conf",
    "README.md": "hosting/README.md",
    "nojekyll": ".nojekyll",
    "github-pages.yml": "hosting/github-pages.yml",
}
"""Templates in `site/hosting/`, and where below the site each is written."""
HOSTING_FILES_WITH_TARGET = {
    **HOSTING_FILES,
    "w3id.htaccess": "hosting/w3id.htaccess",
    "w3id-short.htaccess": "hosting/w3id-short/.htaccess",
    "w3id-short.md": "hosting/w3id-short/README.md",
}


def render_hosting_files(project: Project, target: str | None = None) -> dict[str, str]:
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
        match = re.fullmatch(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(/(?:[A-Za-z0-9._~-]+/)*)", target)
        if not match or not is_web_address(target):
            raise UserError(("serving.target", {"target": target}))
        mount = match[1]
    environment = Environment(
        loader=FileSystemLoader(project.hosting_templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    values = {
        "target": target,
        "version": __version__,
        "mount": mount,
        "base": target or mount,
        "representations": REPRESENTATIONS,
        "prefixed_languages": _PREFIXED_LANGUAGES,
        "not_found": NOT_FOUND_PATH,
        "links": [item for item in REPRESENTATIONS if item.name != "json"],
        "languages": _LANGUAGE_CANDIDATES,
        "default_language": DEFAULT_LANGUAGE,
        "kinds": IRI_KINDS,
        "file": FILE_PATTERN,
        "greater": _GREATER_WEIGHT_PATTERN,
        "nothing": _ZERO_WEIGHT,
        "least": _LEAST_WEIGHT,
        "whole": _FULL_WEIGHT,
        "media_types": MEDIA_TYPES,
        "named_files": EXTENSIONLESS_MEDIA_TYPES,
        "has_charset": has_charset,
        "compressible": COMPRESSIBLE_MEDIA_TYPES,
        "licence": LICENCE_URL,
        "vary": VARY_HEADER,
        "cache": CACHE_CONTROL,
        "cache_versioned": VERSIONED_CACHE_CONTROL,
        "page_path": get_page_path,
        "data_path": get_data_path,
        "refusal": " / ".join(format_message("serving.not-acceptable", language) for language in LANGUAGES),
    }
    files = HOSTING_FILES_WITH_TARGET if target else HOSTING_FILES
    return {path: environment.get_template(name).render(values) for name, path in files.items()}
