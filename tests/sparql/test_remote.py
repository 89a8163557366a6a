"""Services elsewhere, played by a small server on this machine: what is sent, what is tried again, and what is told when it goes wrong."""

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from balansekunst import http_client
from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.sparql import remote

SELECT = "SELECT ?a WHERE { ?a ?b ?c }"
JSON = "application/sparql-results+json"
ANSWER = json.dumps(
    {
        "head": {"vars": ["a", "b"]},
        "results": {
            "bindings": [{"a": {"type": "literal", "value": "rettleiing", "xml:lang": "nn"}}, {"a": {"type": "uri", "value": "x:y"}}]
        },
    }
).encode()
SECRET = "s3cret word"
TOKEN = "tok3n"
BASIC = base64.b64encode(f"kari:{SECRET}".encode()).decode()


class Request:
    """What the server was sent."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.method, self.path, self.headers = handler.command, handler.path, handler.headers
        self.body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))


Respond = Callable[[BaseHTTPRequestHandler, Request], None]


class Played:
    """A server that does what it is told, and keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self.respond: Respond = reply()
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                request = Request(self)
                played.seen.append(request)
                played.respond(self, request)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/sparql"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def reply(status: int = 200, body: bytes = ANSWER, type: str = JSON, length: int | None = None, **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler, request: Request) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", type)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def in_turn(*responses: Respond) -> Respond:
    left = list(responses)
    return lambda handler, request: left.pop(0)(handler, request)


@pytest.fixture
def service() -> Iterator[Played]:
    played = Played()
    yield played
    played.end()


@pytest.fixture
def other() -> Iterator[Played]:
    played = Played()
    yield played
    played.end()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No credentials in the environment, and no waiting. Gives the pauses there would have been."""
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"BALANSEKUNST_{name}", raising=False)
    pauses: list[float] = []
    # Ours alone, never `time.sleep` itself: what an earlier test left may sleep in a loop (py4j does), and would fill the list.
    monkeypatch.setattr(http_client, "sleep", pauses.append)
    return pauses


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALANSEKUNST_USER", "kari")
    monkeypatch.setenv("BALANSEKUNST_PASSWORD", SECRET)


def fault(endpoint: str, query: str = SELECT, timeout: float = 20) -> UserError:
    with pytest.raises(UserError) as error:
        remote.run_remote_query(endpoint, query, timeout)
    for language in LANGUAGES:
        for sentence in error.value.format_sentences(language):
            assert sentence.rstrip().endswith(".") and not [s for s in (SECRET, TOKEN, BASIC, "Traceback") if s in sentence], sentence
    return error.value


def key(error: UserError) -> str:
    return error.messages[0][0]


def test_an_answer_has_the_terms_that_the_service_sent(service: Played) -> None:
    answer = remote.run_remote_query(service.address, SELECT)
    assert answer.variables == ["a", "b"]
    assert answer.rows == [{"a": Literal("rettleiing", language="nn"), "b": None}, {"a": NamedNode("x:y"), "b": None}]


def test_short_queries_go_in_the_address_and_long_ones_in_the_body(service: Played) -> None:
    long = SELECT + "#" * remote.MAX_GET_CHARACTERS
    for query in (SELECT, long):
        remote.run_remote_query(service.address, query)
    short_request, long_request = service.seen
    assert parse_qs(urlsplit(short_request.path).query) == {"query": [SELECT]} and short_request.method == "GET"
    assert parse_qs(long_request.body.decode()) == {"query": [long]} and long_request.path == "/sparql"
    assert (
        short_request.headers["Accept"] == f"{remote.RESULT_SET_ACCEPT}, {remote.GRAPH_ACCEPT}"
        and "Authorization" not in short_request.headers
    )


@pytest.mark.parametrize("comment", ["#+ insert, load, add, clear: what a role does", "# construct\n# ask", "#+ a\n" * 200])
def test_comments_do_not_make_a_query_an_update(service: Played, comment: str) -> None:
    remote.run_remote_query(service.address, f"{comment}\nPREFIX a: <x:>\n{SELECT}")
    assert "query=" in service.seen[0].path + service.seen[0].body.decode()


def test_parameters_of_the_address_are_kept(service: Played) -> None:
    remote.run_remote_query(f"{service.address}?default-graph-uri=x", SELECT)
    assert service.seen[0].path == "/sparql?default-graph-uri=x" and parse_qs(service.seen[0].body.decode()) == {"query": [SELECT]}


def test_yes_or_no_and_graphs(service: Played) -> None:
    service.respond = in_turn(
        reply(body=b'{"head": {}, "boolean": true}'),
        reply(body=b"<x:a> <x:b> <x:c> .", type="application/n-triples; charset=utf-8"),
    )
    assert remote.run_remote_ask(service.address, "ASK {}") is True
    triple = Triple(NamedNode("x:a"), NamedNode("x:b"), NamedNode("x:c"))
    assert remote.run_remote_query(service.address, "CONSTRUCT WHERE { ?a ?b ?c }").to_triples() == [triple]
    assert service.seen[1].headers["Accept"] == f"{remote.RESULT_SET_ACCEPT}, {remote.GRAPH_ACCEPT}"


def test_another_kind_of_answer_is_told(service: Played) -> None:
    service.respond = reply(body=b'{"head": {}, "boolean": true}')
    assert remote.run_remote_query(service.address, "ASK {}").kind == "boolean"
    service.respond = reply()
    with pytest.raises(UserError):
        remote.run_remote_ask(service.address, "ASK {}")


@pytest.mark.parametrize("status", sorted(http_client.RETRY_STATUSES))
def test_a_passing_fault_is_tried_again_with_growing_pauses(service: Played, bare: list[float], status: int) -> None:
    busy = reply(status, b"busy", "text/plain")
    service.respond = in_turn(busy, busy, reply())
    assert len(remote.run_remote_query(service.address, SELECT).rows) == 2
    assert bare == list(http_client.RETRY_DELAYS[:2]) == sorted(bare)
    service.respond = busy
    service.seen.clear()
    assert key(fault(service.address)) == "remote.busy" and len(service.seen) == len(http_client.RETRY_DELAYS) + 1


def test_the_pause_that_a_service_asks_for_is_kept_within_bounds(service: Played, bare: list[float]) -> None:
    service.respond = in_turn(reply(429, Retry_After="7"), reply(503, Retry_After="86400"), reply())
    remote.run_remote_query(service.address, SELECT)
    assert bare == [7.0, http_client.MAX_RETRY_DELAY]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, "faulty"), (401, "login"), (403, "login"), (404, "not-found"), (405, "not-found"), (413, "status"), (500, "status")],
)
def test_other_faults_are_told_at_once(service: Played, bare: list[float], status: int, expected: str) -> None:
    service.respond = reply(status, b"Line 3:\x1b[31m what is this?", "text/plain")
    error = fault(service.address)
    assert key(error) == f"remote.{expected}" and len(service.seen) == 1 and bare == []
    if expected in ("faulty", "status"):
        assert "Line 3: [31m what is this?" in str(error)


def test_right_credentials_are_sent(service: Played, known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.run_remote_query(service.address, SELECT)
    monkeypatch.delenv("BALANSEKUNST_USER")
    monkeypatch.delenv("BALANSEKUNST_PASSWORD")
    monkeypatch.setenv("BALANSEKUNST_TOKEN", TOKEN)
    remote.run_remote_query(service.address, SELECT)
    assert [request.headers["Authorization"] for request in service.seen] == [f"Basic {BASIC}", f"Bearer {TOKEN}"]


@pytest.mark.parametrize("status", [400, 401, 403, 500, 503])
def test_credentials_are_not_shown_even_where_the_service_repeats_them(service: Played, known: None, status: int) -> None:
    service.respond = lambda handler, request: reply(
        status, f"You sent {request.headers['Authorization']}: {SECRET}.".encode(), "text/plain"
    )(handler, request)
    error = fault(service.address)
    if status == 401:
        assert key(error) == "remote.login-refused"


def test_a_key_in_the_address_is_not_shown(service: Played) -> None:
    service.respond = reply(500, b"", "text/plain")
    assert TOKEN not in str(fault(f"{service.address}?apikey={TOKEN}"))


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_redirect_is_told_and_not_followed(service: Played, other: Played, known: None, elsewhere: bool) -> None:
    target = other.address if elsewhere else f"{service.address}/there"
    service.respond = reply(307, b"", "text/plain", Location=f"{target}?session={TOKEN}")
    error = fault(service.address)
    assert key(error) == "remote.redirect" and target in str(error)
    assert len(service.seen) == 1 and other.seen == []


def test_a_password_in_the_address_is_refused(service: Played) -> None:
    for userinfo in (f"kari:{TOKEN}", TOKEN, f"kari:{TOKEN}@x", ""):
        address = service.address.replace("://", f"://{userinfo}@")
        assert key(fault(address)) == "remote.password-in-address"
    assert service.seen == []


def test_credentials_go_unencrypted_to_this_machine_only(known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "create_connection_pool", lambda proxy: pytest.fail("a connection was made"))
    for host in ("example.org", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org", "[2001:db8::1]"):
        assert key(fault(f"http://{host}/sparql")) == "remote.plain"
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "[::1]"):
        http_client.check_url(f"http://{host}:3030/ds")
    http_client.check_url("https://example.org/ds")


@pytest.mark.parametrize(
    ("user", "password", "token"),
    [
        ("kari", "", ""),
        ("", SECRET, ""),
        ("ka:ri", SECRET, ""),
        ("kari", SECRET, TOKEN),
        ("", "", f"{TOKEN}\nX: y"),
        ("", "", f"{TOKEN} æ"),
    ],
)
def test_half_credentials_are_told(service: Played, monkeypatch: pytest.MonkeyPatch, user: str, password: str, token: str) -> None:
    for name, value in (("USER", user), ("PASSWORD", password), ("TOKEN", token)):
        monkeypatch.setenv(f"BALANSEKUNST_{name}", value)
    assert key(fault(service.address)) == "remote.credentials" and service.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ds/query",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "http:///x",
        "http://[::1/x",
        "http://a:port/",
        "http://a/ b",
        "http://a/#b",
        "http://a/\n",
    ],
)
def test_what_is_no_address_is_told(address: str) -> None:
    assert key(fault(address)) == "remote.address"


@pytest.mark.parametrize(
    ("body", "type", "expected"),
    [
        (b"<!doctype html><p>Welcome", "text/html", "remote.type"),
        (ANSWER, "text/csv", "remote.type"),
        (ANSWER, "", "remote.type"),
        (ANSWER[:60], JSON, "remote.unreadable"),
        (ANSWER[:-20], JSON, "remote.unreadable"),
        (b"", JSON, "remote.unreadable"),
        (b"[]", JSON, "remote.unreadable"),
        (b"<sparql", "application/sparql-results+xml", "remote.unreadable"),
    ],
)
def test_what_is_no_answer_is_told(service: Played, body: bytes, type: str, expected: str) -> None:
    service.respond = reply(body=body, type=type)
    assert key(fault(service.address)) == expected


def test_an_answer_that_breaks_off_is_asked_for_again(service: Played) -> None:
    broken = reply(length=100_000)
    service.respond = in_turn(broken, reply())
    assert len(remote.run_remote_query(service.address, SELECT).rows) == 2
    service.respond = broken
    assert key(fault(service.address)) == "remote.broken"


def drip(handler: BaseHTTPRequestHandler, request: Request) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b" ")
            wait(0.05)
    except OSError:
        pass


def wait(seconds: float) -> None:
    Event().wait(seconds)


def silent(handler: BaseHTTPRequestHandler, request: Request) -> None:
    wait(1.5)


@pytest.mark.parametrize("respond", [silent, drip])
def test_a_slow_answer_is_told_and_not_asked_for_again(service: Played, respond: Respond) -> None:
    service.respond = respond
    started = time.monotonic()
    error = fault(service.address, timeout=0.4)
    assert key(error) == "remote.slow" and "0.4" in str(error) and len(service.seen) == 1
    assert time.monotonic() - started < 9


def test_a_service_that_is_not_there_is_told(service: Played, bare: list[float]) -> None:
    service.end()
    assert key(fault(service.address)) == "remote.refused" and bare == list(http_client.RETRY_DELAYS)


def test_an_unknown_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    host, look_up = "nowhere.invalid", socket.getaddrinfo

    def unknown(name: str, *arguments: Any, **options: Any) -> list[Any]:
        if name == host:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = fault(f"https://{host}/sparql")
    assert key(error) == "remote.host" and host in str(error)


def test_a_connection_that_cannot_be_made_secure_is_told(service: Played) -> None:
    assert key(fault(service.address.replace("http:", "https:"))) == "remote.tls"


def test_a_proxy_is_used_for_other_machines_only(service: Played, other: Played, known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", other.address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    remote.run_remote_query(service.address, SELECT)
    assert other.seen == []
    monkeypatch.delenv("BALANSEKUNST_USER")
    monkeypatch.delenv("BALANSEKUNST_PASSWORD")
    remote.run_remote_query("http://example.org/sparql", SELECT)
    assert other.seen[0].path.startswith("http://example.org/sparql?query=")
