"""An IRI leads to the right document through Apache, nginx and our own server, whatever is asked for."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from balansekunst.errors import UserError
from balansekunst.export.paths import get_resource_path
from balansekunst.export.published import list_resources
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, METHOD_BASES
from balansekunst.project import Project
from balansekunst.shacl.rules import load_project_rules
from balansekunst.web.negotiation import (
    EXTENSIONLESS_MEDIA_TYPES,
    FILE_PATTERN,
    HOSTING_FILES,
    IRI_KINDS,
    LICENCE_URL,
    MEDIA_TYPES,
    REPRESENTATIONS,
    choose,
    get_content_type,
    render_hosting_files,
    replace_root,
    select_preferred,
)
from helpers import localserver, webservers
from helpers.dataset import find_project
from helpers.localserver import FILES, THINGS, get, send

pytestmark = pytest.mark.xdist_group("serving")

SERVERS = ("apache2", "nginx", "balansekunst")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.8, text/n3;q=0.9, application/ld+json;q=0.7, */*;q=0.1"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,application/n-quads,*/*;q=0.3"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, text/turtle"'
ACCEPTS: list[tuple[str | None, str | None]] = [
    (None, "html"),
    ("", "html"),
    ("*/*", "html"),
    (FIREFOX, "html"),
    (JAVA, "html"),
    (RDFLIB, "ttl"),
    (JENA, "ttl"),
    ("text/html", "html"),
    ("text/turtle", "ttl"),
    ("TEXT/Turtle", "ttl"),
    ("text/turtle;charset=utf-8", "ttl"),
    ("application/ld+json", "jsonld"),
    (PROFILE, "jsonld"),
    ("application/json", "jsonld"),
    # Weights.
    ("text/turtle;q=0.8, application/ld+json;q=0.85", "jsonld"),
    ("text/turtle;q=0.85, application/ld+json;q=0.8", "ttl"),
    ("text/turtle;q=0.9, application/ld+json;q=0.85", "ttl"),
    ("text/turtle;q=1.000, text/html;q=0.999", "ttl"),
    ("text/turtle;q=0.001", "ttl"),
    ("text/turtle ; q=0.9 ,\ttext/html ;q=0.95", "html"),
    ("text/turtle;Q=0.2,text/html;q=0.1", "ttl"),
    ("text/turtle;charset=utf-8;q=0.4, application/ld+json;q=0.3;x=y", "ttl"),
    ('text/html;x="\\", text/turtle";q=0.5, application/ld+json;q=0.6', "jsonld"),
    ("application/json;q=0.5, text/turtle;q=0.4", "jsonld"),
    ("text/turtle;q=, text/html;q=0.9", "ttl"),
    ("text/turtle;q=x, text/html;q=0.9", "ttl"),
    ("text/turtle;q=0.5, text/turtle, text/html;q=0.6", "html"),
    # Equal weights: the order is ours.
    ("application/ld+json, text/turtle", "ttl"),
    ("text/turtle, text/html", "html"),
    ("text/turtle;q=0.90, text/html;q=0.9", "html"),
    # What is more specific goes first.
    ("text/*", "html"),
    ("application/*", "jsonld"),
    ("text/*;q=0.3, application/*;q=0.4", "jsonld"),
    ("text/html;q=0, */*", "ttl"),
    ("text/html;q=0.0, text/turtle;q=0, */*;q=0.5", "jsonld"),
    ("*/*, text/html;q=0.3, text/*;q=0.2", "jsonld"),
    (PROTEGE, "ttl"),
    ("text/turtle, */*", "ttl"),
    ("application/rdf+xml;q=0, */*;q=0.1", "html"),
    (",, text/turtle ,,", "ttl"),
    ("x/y," * 400 + "text/turtle", "ttl"),
    ('"' * 500 + ",text/turtle", "ttl"),
    # Nothing of ours.
    ("image/png", None),
    ("application/rdf+xml", None),
    ("application/n-triples", None),
    ("text/turtle;q=0", None),
    ("*/*;q=0", None),
    ("text/turtlex", None),
    ("xtext/turtle", None),
    ("nonsense", None),
]
LANGUAGE_FIELDS = [
    (None, "nb"),
    ("", "nb"),
    ("*", "nb"),
    ("nb", "nb"),
    ("en", "en"),
    ("EN-gb", "en"),
    ("nb, en", "nb"),
    ("en, nb;q=0.9", "en"),
    ("nn", "nb"),
    ("no;q=0.1, en;q=0.2", "en"),
    ("en;q=0.1, nn-NO;q=0.2", "nb"),
    ("nb-NO,nb;q=0.9,no;q=0.8,nn;q=0.7,en-US;q=0.6,en;q=0.5", "nb"),
    ("en-US,en;q=0.9,nb;q=0.8", "en"),
    ("en-GB;q=0.3, en;q=0.9, nb;q=0.5", "en"),
    ("fr, en;q=0.1", "en"),
    ("sv, de;q=0.5", "nb"),
    ("en;q=0", "nb"),
    ("nb;q=0, *", "en"),
    ("english", "nb"),
]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with webservers.open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def small_site(folder: Path, project: Project, inferred: Store) -> Path:
    return localserver.make_project(folder, project, inferred)


@pytest.fixture(scope="module")
def started(folder: Path, small_site: Path) -> Iterator[dict[str, str]]:
    """The servers that have been started, each once."""
    with ExitStack() as stack:
        running = dict[str, str]()

        def start(name: str) -> str:
            if name not in running:
                if name == "apache2":
                    running[name] = stack.enter_context(webservers.apache(folder, small_site))
                elif name == "nginx":
                    running[name] = stack.enter_context(webservers.nginx(folder, small_site, small_site / "hosting"))
                else:
                    running[name] = stack.enter_context(localserver.running(folder))[0]
            return running[name]

        class Starting(dict[str, str]):
            def __missing__(self, name: str) -> str:
                return start(name)

        yield Starting()


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, started: dict[str, str]) -> str:
    return started[request.param]


def page(path: str, language: str) -> str:
    return f"/en/{path}.html" if language == "en" else f"/{path}.html"


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_accept_chooses_page_turtle_or_json_ld(server: str, accept: str | None, expected: str | None) -> None:
    for path in THINGS:
        for language in ("nb", "en"):
            reply = get(server, path, accept, language)
            if expected is None:
                assert reply.status == 406 and reply.path is None
            else:
                assert reply.status == 303
                assert reply.path == (page(path, language) if expected == "html" else f"/{path}.{expected}")


@pytest.mark.parametrize(("field", "expected"), LANGUAGE_FIELDS)
def test_accept_language_chooses_the_page(server: str, field: str | None, expected: str) -> None:
    for path in (*THINGS, "ns", "dataset", "search"):
        assert get(server, path, "text/html", field).path == page(path, expected)
        assert get(server, path, None, field).path == page(path, expected)
    assert get(server, THINGS[0], "text/turtle", field).path == f"/{THINGS[0]}.ttl"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("ns", "application/rdf+xml", "/ns.rdf"),
        ("ns", "application/rdf+xml;q=0.5, text/turtle;q=0.4", "/ns.rdf"),
        ("ns", "text/turtle, application/rdf+xml", "/ns.ttl"),
        ("ns", "application/*;q=0.5", "/ns.jsonld"),
        ("ns", "application/n-triples", None),
        ("ns/0.1.0", "text/turtle", "/version/0.1.0/data/ontology.ttl"),
        ("ns/0.1.0", "*/*", "/version/0.1.0/data/ontology.ttl"),
        ("ns/0.1.0", "application/rdf+xml", None),
        ("version/0.1.0", "text/turtle", "/version/0.1.0/data/balansekunst.ttl"),
        ("version/0.1.0", "application/ld+json", "/version/0.1.0/data/balansekunst.jsonld"),
        ("version/0.1.0", "application/n-triples, */*;q=0.5", "/version/0.1.0/data/balansekunst.nt"),
        ("version/0.1.0", FIREFOX, "/version/0.1.0/data/balansekunst.ttl"),
        ("dataset", "application/n-triples", "/data/balansekunst.nt"),
        ("dataset", "application/n-triples;q=0.5, text/turtle", "/dataset.ttl"),
        ("dataset", "application/rdf+xml", None),
        ("", "*/*", "/en/index.html"),
        ("", "text/turtle", "/dataset.ttl"),
        ("", "application/n-triples", None),
        ("external/role/butikksjef", "text/html", "/en/external/role/butikksjef.html"),
        ("external/role/butikksjef", "text/turtle", "/external/role/butikksjef.ttl"),
        # No page in English: the Norwegian one. No JSON-LD: what else there is.
        ("competence/bare-norsk", "text/html", "/competence/bare-norsk.html"),
        ("competence/bare-norsk", "application/ld+json, text/turtle;q=0.1", "/competence/bare-norsk.ttl"),
        ("competence/bare-norsk", "application/ld+json", None),
        # A page that is about nothing.
        ("search", "*/*", "/en/search.html"),
        ("search", "text/turtle", None),
        ("search", PROTEGE, "/en/search.html"),
        ("rule/K6", "*/*", "/en/rule/K6.html"),
        ("ns/class/Arena/", "*/*", "/en/ns/class/Arena.html"),
        ("role/butikksjef/", "text/turtle", "/role/butikksjef.ttl"),
        ("en", "*/*", "/en/index.html"),
        ("role/butikksjef?x=y&z", "text/turtle", "/role/butikksjef.ttl"),
        ("role/butikksj%65f", "text/turtle", "/role/butikksjef.ttl"),
    ],
)
def test_each_kind_of_iri_has_its_documents(server: str, path: str, accept: str, expected: str | None) -> None:
    reply = get(server, path, accept, "en")
    assert (reply.status, reply.path) == ((303, expected) if expected else (406, None))
    assert "?" not in reply.headers.get("location", "")


@pytest.mark.parametrize(
    "path",
    [
        "role/ukjent",
        "role/butikksjef/mer",
        "role/butikksjef.ttl/mer",
        "role/butikksjef.rdf",
        "role",
        "role/",
        "standard/butikksjef/veiledning/outcome",
        "standard/butikksjef/veiledning/outcome/2",
        "ns/0.2.0",
        "version/0.1.1",
        "version/0.1.0/role/butikksjef",
        "Role/Butikksjef",
        "role/butikksjef.",
        "role/butikksj%C3%A9f",
        "role/butikksjef%0d%0aX-Evil:%20yes",
        "role/butikksjef%20",
        "role/*",
        ".htaccess",
        "hosting/.git",
        "a/" * 300 + "b.ttl",
        "data/",
        "role/butikksjef.ttl/",
    ],
)
def test_an_iri_that_has_no_file_is_404(server: str, path: str) -> None:
    for accept in (None, "text/turtle", "image/png"):
        reply = get(server, path, accept)
        assert reply.status == 404 and reply.path is None and "x-evil" not in reply.headers
        assert reply.body in (b"404.html\n", b"en/404.html\n") and reply.type == "text/html; charset=utf-8"


def test_the_page_for_what_is_not_there_is_in_the_right_language(server: str) -> None:
    for path, language, expected in (
        ("role/x", "nb", "404"),
        ("role/x", "en", "en/404"),
        ("en/role/x", "nb", "en/404"),
        ("x.ttl", "en", "en/404"),
    ):
        assert (path, language, get(server, path, None, language).text) == (path, language, f"{expected}.html\n")


def test_a_name_that_no_file_can_have_is_refused(server: str) -> None:
    for path in ("a" * 300, "a" * 300 + ".ttl"):
        assert get(server, path).status in (403, 404)


@pytest.mark.parametrize(
    "path", ["../secret.ttl", "role/../../secret.ttl", "..%2fsecret.ttl", "%2e%2e/secret.ttl", "role/%00.ttl", "..\\secret.ttl"]
)
def test_nothing_outside_the_site_is_sent(server: str, small_site: Path, path: str) -> None:
    (small_site.parent / "secret.ttl").write_text("secret", encoding="utf-8")
    reply = send("GET", server, path)
    assert reply.status in (400, 404) and b"secret" not in reply.body


@pytest.mark.parametrize("path", sorted({*FILES} - {"404.html"}))
def test_a_file_is_sent_as_what_it_is(server: str, path: str) -> None:
    reply = get(server, path, "image/png", Origin="https://example.org")
    assert reply.status == 200 and reply.text == f"{path}\n"
    assert reply.type == get_content_type(path)
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cache-control"] == (
        "public, max-age=31536000, immutable" if path.startswith("version/") else "public, max-age=3600"
    )
    unchanged = get(server, path, **{"If-None-Match": reply.headers["etag"]})
    assert unchanged.status == 304 and unchanged.body == b""


def test_what_leads_to_a_document_tells_of_all_of_them(server: str) -> None:
    for accept, status in (("text/turtle", 303), ("image/png", 406)):
        reply = get(server, "ns", accept, "en", Origin="https://example.org")
        assert reply.status == status
        assert reply.links == {
            '</en/ns.html>; rel="alternate"; type="text/html"',
            '</ns.ttl>; rel="alternate"; type="text/turtle"',
            '</ns.jsonld>; rel="alternate"; type="application/ld+json"',
            '</ns.rdf>; rel="alternate"; type="application/rdf+xml"',
            f'<{LICENCE_URL}>; rel="license"',
        }
        assert {"accept", "accept-language"} <= {name.strip().lower() for name in reply.headers["vary"].split(",")}
        assert reply.headers["access-control-allow-origin"] == "*"
        assert ("public, max-age=3600" if status == 303 else None) == reply.headers.get("cache-control")
    assert format_message("serving.not-acceptable", "en") in get(server, "ns", "image/png", "en").text


def test_head_answers_as_get_and_nothing_is_changed(server: str) -> None:
    for path in ("role/butikksjef", "role/ukjent", "role/butikksjef.ttl"):
        head, whole = send("HEAD", server, path, {"Accept": "text/turtle"}), get(server, path, "text/turtle")
        assert (head.status, head.path, head.body) == (whole.status, whole.path, b"")
    for method in ("POST", "PUT", "DELETE"):
        assert send(method, server, "role/butikksjef", body=b"x").status == 405


@pytest.mark.parametrize("field", ['text/html;a="' + '\\"' * 3800, ";q=0.5x" * 1100, "a," * 3800, " ;" * 3800])
def test_a_long_field_is_read_in_no_time(server: str, field: str) -> None:
    """Each took seconds or minutes when a quoted string that is not closed was read anew from each of its quotation marks."""
    begun = time.monotonic()
    assert get(server, "role/butikksjef", field, field).status in (303, 406)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("name", ["apache2", "balansekunst"])
def test_two_fields_count_as_one(started: dict[str, str], name: str) -> None:
    """As RFC 9110, section 5.3, has it. (nginx before 1.23 reads only the first.)"""
    connection = HTTPConnection(urlsplit(started[name]).netloc)
    connection.putrequest("GET", "/role/butikksjef")
    for value in ("text/html;q=0.5", "text/turtle"):
        connection.putheader("Accept", value)
    connection.endheaders()
    assert connection.getresponse().getheader("Location", "").endswith("/role/butikksjef.ttl")
    connection.close()


@pytest.fixture(scope="module")
def w3id(started: dict[str, str], project: Project) -> Iterator[str]:
    """w3id.org as it is run: an Apache with a folder for each project, and a site elsewhere that it leads to."""
    with webservers.open_folder() as folder:
        rules = folder / "root" / "balansekunst" / ".htaccess"
        rules.parent.mkdir(parents=True)
        rules.write_text(render_hosting_files(project, started["nginx"])["hosting/w3id.htaccess"], encoding="utf-8")
        with webservers.apache(folder, folder / "root") as address:
            yield f"{address}balansekunst/"


def test_the_short_rules_for_w3id_lead_to_the_first_format_that_is_named(project: Project) -> None:
    target = "https://example.org/balansekunst/"
    with webservers.open_folder() as folder:
        rules = folder / "root" / "balansekunst" / ".htaccess"
        rules.parent.mkdir(parents=True)
        written = render_hosting_files(project, target)
        rules.write_text(written["hosting/w3id-short/.htaccess"], encoding="utf-8")
        assert len([line for line in rules.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]) <= 15
        assert "Contact" in written["hosting/w3id-short/README.md"]
        with webservers.apache(folder, folder / "root") as address:
            for path, accept, language, status, expected in (
                ("role/butikksjef", "text/turtle", "nb", 303, "role/butikksjef.ttl"),
                ("role/butikksjef", "application/ld+json", "nb", 303, "role/butikksjef.jsonld"),
                ("role/butikksjef", FIREFOX, "nb", 303, "role/butikksjef.html"),
                ("role/butikksjef", FIREFOX, "en-GB,en;q=0.5", 303, "en/role/butikksjef.html"),
                ("role/butikksjef.ttl", "*/*", "nb", 302, "role/butikksjef.ttl"),
                ("ns", "text/turtle", "nb", 303, "ns.ttl"),
                ("version/0.1.0", "*/*", "nb", 303, "version/0.1.0.html"),
                ("", "*/*", "nb", 303, "index.html"),
            ):
                reply = get(f"{address}balansekunst/", path, accept, language)
                assert (reply.status, reply.headers["location"]) == (status, target + expected), (path, accept)


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_w3id_leads_straight_to_the_document(w3id: str, started: dict[str, str], accept: str | None, expected: str | None) -> None:
    for language in ("nb", "en"):
        reply = get(w3id, THINGS[3], accept, language)
        if expected is None:
            assert reply.status == 406 and f'<{started["nginx"]}{THINGS[3]}.ttl>; rel="alternate"; type="text/turtle"' in reply.links
        else:
            path = page(THINGS[3], language) if expected == "html" else f"/{THINGS[3]}.{expected}"
            assert (reply.status, reply.headers["location"]) == (303, started["nginx"] + path[1:])
            assert get(started["nginx"], path[1:]).text == f"{path[1:]}\n"


@pytest.mark.parametrize(
    ("path", "accept", "status", "expected"),
    [
        ("", "*/*", 303, "index.html"),
        ("ns", "application/rdf+xml", 303, "ns.rdf"),
        ("ns/0.1.0", "*/*", 303, "version/0.1.0/data/ontology.ttl"),
        ("ns/0.1.0", "text/html", 406, None),
        ("role/butikksjef", "application/rdf+xml", 406, None),
        ("version/0.1.0", "application/n-triples", 303, "version/0.1.0/data/balansekunst.nt"),
        ("dataset", "application/n-triples", 303, "data/balansekunst.nt"),
        ("data/context.jsonld", "*/*", 302, "data/context.jsonld"),
        ("role/butikksjef.ttl", "image/png", 302, "role/butikksjef.ttl"),
        ("role/ukjent", "text/turtle", 303, "role/ukjent.ttl"),
        ("rule/K6", "*/*", 303, "rule/K6.html"),
        ("ns/property/variantOf", "text/turtle", 303, "ns/property/variantOf.ttl"),
        ("en/", "*/*", 303, "en/index.html"),
        ("en/role/butikksjef/", "*/*", 303, "en/role/butikksjef.html"),
        ("role/butikksjef", PROTEGE, 303, "role/butikksjef.ttl"),
        ("R%C3%B8le/%0d%0aX-Evil:%20yes", "text/turtle", 404, None),
    ],
)
def test_w3id_knows_the_kinds_of_iri(w3id: str, started: dict[str, str], path: str, accept: str, status: int, expected: str | None) -> None:
    reply = get(w3id, path, accept)
    assert reply.status == status and reply.headers.get("location") == (expected and started["nginx"] + expected)
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.fixture
def below() -> Iterator[Path]:
    with webservers.open_folder() as folder:
        yield folder


def test_the_page_for_what_is_not_there_links_below_the_path_of_the_site() -> None:
    html = '<a href="/a.html"><link href="/assets/x.css"><a href="//b/"><a href="https://c/">'
    moved = '<a href="/d/a.html"><link href="/d/assets/x.css"><a href="//b/"><a href="https://c/">'
    assert replace_root(html, "/d/") == moved and replace_root(moved, "/") == html


def test_a_site_below_a_path_of_its_host(project: Project, small_site: Path, below: Path) -> None:
    target, root = "https://example.org/kunnskap/balansekunst/", below / "root"
    site = root / "kunnskap" / "balansekunst"
    shutil.copytree(small_site, site)
    for name, written in render_hosting_files(project, target).items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(written, encoding="utf-8")
    (root / "other").mkdir()
    (root / "other" / "photo.jpg").write_bytes(b"photo")
    (root / "other" / ".well").write_text("theirs\n", encoding="utf-8")
    for start in (webservers.apache(below, root), webservers.nginx(below, root, site / "hosting")):
        with start as address:
            here = f"{address}kunnskap/balansekunst/"
            reply = get(here, "role/butikksjef", "text/turtle")
            assert (reply.status, reply.headers["location"]) == (303, f"{target}role/butikksjef.ttl")
            assert get(here, "role/butikksjef.ttl").text == "role/butikksjef.ttl\n"
            missing = get(here, "role/ukjent")
            assert (missing.status, missing.text) == (404, "404.html\n")
            # What else is on the host is as it was.
            assert get(f"{address}other/", "photo.jpg").headers.get("content-type") in (None, "image/jpeg")
            assert get(f"{address}other/", ".well").text == "theirs\n"
            elsewhere = get(f"{address}other/", "missing")
            assert elsewhere.status == 404 and elsewhere.text != "404.html\n"


@pytest.mark.parametrize(
    "target",
    [
        "example.org/",
        "https://example.org",
        "ftp://example.org/",
        "https://a b/",
        'https://a/"\n/',
        "https://a/$1/",
        "https://k@a/",
        "https:///",
        "",
    ],
)
def test_an_address_that_no_site_can_have_is_told(project: Project, target: str) -> None:
    with pytest.raises(UserError) as error:
        render_hosting_files(project, target)
    for language in LANGUAGES:
        assert all(sentence.endswith(".") for sentence in error.value.format_sentences(language))


def simple(field: str, media_types: list[str]) -> str | None:
    """Choose by RFC 9110 in the plain way, for fields that are written in the plain way."""
    if not field:
        return media_types[0]
    weights = dict[str, float]()
    for element in field.split(","):
        name, _, weight = element.partition(";q=")
        weights.setdefault(name.strip(), float(weight or 1))

    names_rdf = any(weights.get(name) for name in media_types[1:])

    def weight_of(media_type: str) -> float:
        if media_type == media_types[0] and names_rdf and not weights.keys() & {"text/html", "text/*"}:
            return weights.get("*/*", 0) and 0.0001
        names = (media_type, media_type.split("/")[0] + "/*", "*/*")
        return next((weights[name] for name in names if name in weights), 0)

    best = max(media_types, key=weight_of)
    return best if weight_of(best) else None


elements = st.tuples(
    st.sampled_from(
        ["text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "text/*", "application/*", "*/*", "image/png"]
    ),
    st.sampled_from(["", ";q=1", ";q=1.0", ";q=0", ";q=0.0", ";q=0.5", ";q=0.50", ";q=0.501", ";q=0.05", ";q=0.9", ";q=0.89"]),
).map("".join)


@settings(deadline=None)
@given(st.lists(elements, max_size=6, unique_by=lambda element: element.partition(";")[0]).map(", ".join))
def test_the_rules_choose_as_the_standard_has_it(field: str) -> None:
    """What a type weighs that is named twice with two weights, the standard leaves open."""
    known = tuple(item for item in REPRESENTATIONS if item.name in ("html", "turtle", "jsonld", "rdfxml"))
    chosen = select_preferred(field, known)
    assert (chosen and chosen.media_type) == simple(field, [item.media_type for item in known])


def test_every_iri_of_ours_is_of_a_kind_and_no_file(inferred: Store) -> None:
    for path in [*(get_resource_path(iri, METHOD_BASES) for iri in list_resources(inferred, METHOD_BASES)), "ns", "ns/0.1.0", "dataset"]:
        assert any(re.search(kind.pattern, path) for kind in IRI_KINDS) and not re.search(FILE_PATTERN, path), path


@pytest.mark.slow
def test_the_built_site_answers_every_iri(site: Path, inferred: Store) -> None:
    def exists(path: str) -> bool:
        return (site / path).is_file()

    for iri in list_resources(inferred, METHOD_BASES):
        path = get_resource_path(iri, METHOD_BASES)
        for language in LANGUAGES:
            choice = choose(path, "text/html", language, exists)
            assert choice and f"/{choice.location}" == page(path, language)
    assert render_hosting_files(find_project())[".htaccess"] == (site / ".htaccess").read_text(encoding="utf-8")
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} - {
        *HOSTING_FILES.values(),
        *EXTENSIONLESS_MEDIA_TYPES,
    }
    assert {path.rpartition(".")[2] for path in files} <= {*MEDIA_TYPES}


def test_the_site_answers_every_address_in_its_sitemap(site: Path) -> None:
    listed = re.findall(r"<loc>([^<]*)</loc>|href=\"([^\"]*)\"", (site / "sitemap.xml").read_text(encoding="utf-8"))
    paths = {METHOD_BASES.strip_base(first or second) for first, second in listed}
    assert {"", "en/", "rule/K6", "en/ns/class/Arena"} <= paths
    for path in paths:
        for slash in ("", "/" if path and not path.endswith("/") else ""):
            choice = choose(path + slash, "", "", lambda place: (site / place).is_file())
            assert choice and choice.location and choice.location.endswith(".html"), path
            assert choice.location.startswith("en/") == path.startswith("en/")


@pytest.fixture(scope="module")
def addresses(site: Path, inferred: Store) -> list[str]:
    """The paths of all addresses that the built site gives anyone: in its sitemap, of its pages, of all that it describes, in reports."""
    listed = re.findall(r"<loc>([^<]*)</loc>|href=\"([^\"]*)\"", (site / "sitemap.xml").read_text(encoding="utf-8"))
    found = {first or second for first, second in listed} | set(list_resources(inferred, METHOD_BASES))
    for file in site.rglob("*.html"):
        found.update(re.findall(r'<link rel="canonical" href="([^"]*)"', file.read_text(encoding="utf-8")))
    found.update(rule.iri for rule in load_project_rules(find_project()).values())
    return sorted({METHOD_BASES.strip_base(address.partition("#")[0]) for address in found})


@pytest.mark.server
@pytest.mark.parametrize("name", SERVERS)
def test_every_server_answers_every_address_of_the_built_site(site: Path, addresses: list[str], project: Project, name: str) -> None:
    """Every address is asked for in both languages, in one of them with a slash at its end; of neighbours, each in another."""
    assert len(addresses) > 4000 and {"", "en/", "rule/K6", "ns/class/Arena", "role/butikksjef"} <= set(addresses)
    with webservers.open_folder() as folder, ExitStack() as stack:
        for part in ("ontology", "shapes", "queries", "site"):
            (folder / part).symlink_to(project.root / part)
        (folder / "build").mkdir()
        (folder / "build" / "site").symlink_to(site)
        if name == "apache2":
            address = stack.enter_context(webservers.apache(folder, site))
        elif name == "nginx":
            address = stack.enter_context(webservers.nginx(folder, site, site / "hosting"))
        else:
            address, _ = stack.enter_context(localserver.running(folder))
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        wrong = dict[str, object]()
        for number, path in enumerate(addresses):
            # What `serve` has at the address of the endpoint leads on in a step of its own.
            has_no_slash = path and not path.endswith("/") and path != "sparql"
            for language in LANGUAGES:
                asked = f"{path}/" if has_no_slash and LANGUAGES.index(language) == number % 2 else path
                connection.request("HEAD", f"/{asked}", headers={"Accept": FIREFOX, "Accept-Language": language})
                reply = connection.getresponse()
                reply.read()
                found = urlsplit(reply.getheader("Location", "")).path.lstrip("/")
                is_right = found.startswith("en/") == (language == "en" or path.startswith("en/"))
                if reply.status not in (302, 303) or not is_right or not (site / found).is_file():
                    wrong[f"{asked} ({language})"] = (reply.status, found)
        connection.close()
    assert wrong == {}


def test_the_site_answers_the_address_of_every_rule_that_a_report_can_name(site: Path) -> None:
    rules = list(load_project_rules(find_project()).values())
    assert any("#" in rule.iri for rule in rules)
    for rule in rules:
        path, _, place = METHOD_BASES.strip_base(rule.iri).partition("#")
        for language in LANGUAGES:
            choice = choose(path, "text/html", language, lambda path: (site / path).is_file())
            assert choice and choice.location, rule.iri
            assert not place or f'id="{place}"' in (site / choice.location).read_text(encoding="utf-8"), rule.iri


def test_the_built_site_has_the_data_of_every_iri(site: Path, inferred: Store) -> None:
    if not (site / "role" / "butikksjef.ttl").is_file():
        pytest.skip("the build does not write a file for each resource yet")
    for iri in [*list_resources(inferred, METHOD_BASES), f"{BASE}ns"]:
        for accept, ending in (("text/turtle", "ttl"), ("application/ld+json", "jsonld")):
            choice = choose(get_resource_path(iri, METHOD_BASES), accept, "", lambda path: (site / path).is_file())
            assert choice and choice.location == f"{get_resource_path(iri, METHOD_BASES)}.{ending}"
