"""Our own server for the tests, run by its command in a project of its own, and a client that sends exactly what it is told to."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyoxigraph import RdfFormat, Store

from balansekunst.project import Project
from balansekunst.rdf.serialize import serialize_rdf, sort_quads
from balansekunst.web.negotiation import render_hosting_files

THINGS = ("role/butikksjef", "standard/butikksjef", "standard/butikksjef/veiledning", "standard/butikksjef/veiledning/outcome/1")
FILES = (
    *(f"{folder}{path}.html" for folder in ("", "en/") for path in (*THINGS, "index", "ns", "dataset", "search")),
    *(f"{path}.{ending}" for path in (*THINGS, "ns", "dataset") for ending in ("ttl", "jsonld")),
    "404.html",
    "en/404.html",
    "rule/K6.html",
    "en/rule/K6.html",
    "en/ns/class/Arena.html",
    "sparql.html",
    "ns.rdf",
    "data/balansekunst.nt",
    "data/context.jsonld",
    "competence/bare-norsk.html",
    "competence/bare-norsk.ttl",
    *(f"version/0.1.0/data/balansekunst.{ending}" for ending in ("ttl", "jsonld", "nt")),
    "version/0.1.0/data/ontology.ttl",
    "external/role/butikksjef.html",
    "en/external/role/butikksjef.html",
    "external/role/butikksjef.ttl",
    ".well-known/void",
    "robots.txt",
    "sitemap.xml",
    "assets/site.css",
    "assets/site.js",
    "assets/icon.svg",
)
"""A small site, laid out as the real one. Each file holds its own path."""


def make_project(folder: Path, project: Project, store: Store) -> Path:
    """Make a project in `folder` whose build is the small site with all of the data, and return the site."""
    for name in ("ontology", "shapes", "queries", "site"):
        (folder / name).symlink_to(project.root / name)
    site = folder / "build" / "site"
    written = {name: f"{name}\n".encode() for name in FILES}
    written |= {name: text.encode() for name, text in render_hosting_files(project).items()}
    written["data/balansekunst.trig"] = serialize_rdf(sort_quads(store), RdfFormat.TRIG)
    for name, body in written.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(body)
    return site


@contextmanager
def running(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `balansekunst serve` in a project, and give its address and process."""
    command = [sys.executable, "-m", "balansekunst", "serve", "--port", "0", "--lang", "en", *options]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean())
    try:
        assert server.stdout is not None and server.stderr is not None
        started = re.search(r"http://[^ ,]+/", server.stdout.readline())
        if not started:
            pytest.fail(server.stderr.read())
        yield started[0], server
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def clean() -> dict[str, str]:
    """The environment without what a user may have set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BALANSEKUNST_")}


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case; several of the same name joined."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def path(self) -> str | None:
        """The path that it sends to."""
        location = self.headers.get("location")
        return None if location is None else urlsplit(location).path

    @property
    def links(self) -> set[str]:
        return {link.strip() for link in self.headers.get("link", "").split(",") if link}


def send(method: str, address: str, path: str = "", headers: Mapping[str, str | None] | None = None, body: bytes | None = None) -> Reply:
    """Send a request for `path` below `address` just as it is written; a header that is None is not sent."""
    parts = urlsplit(address)
    assert parts.hostname and parts.port
    connection = HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.putrequest(method, parts.path + path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            if value is not None:
                connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        names = {name.lower() for name, _ in response.getheaders()}
        return Reply(response.status, {name: response.getheader(name, "") for name in names}, response.read())
    finally:
        connection.close()


def get(address: str, path: str = "", accept: str | None = None, language: str | None = None, **headers: str) -> Reply:
    """GET a path."""
    return send("GET", address, path, {"Accept": accept, "Accept-Language": language, **headers})
