"""Ask SPARQL 1.1 services elsewhere: one way to send a request, with a time limit, repeats, credentials and faults told in sentences.

SPARQLWrapper writes the requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/). Its last release is of 2022, and
three of its habits are mended here: it guesses what kind of query it has from words in the comments too, it sends parameters of
its own beside those of the protocol, and it follows redirects with the password in hand.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote_plus, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results
from SPARQLWrapper import GET, JSON, POST, SELECT, SPARQLWrapper

from balansekunst import __version__
from balansekunst.asking.catalogue import Answer, answer_of, python_value
from balansekunst.load import Message
from balansekunst.messages import UserError

AGENT = f"balansekunst/{__version__}"
TIMEOUT = 60.0
"""Seconds that one attempt may take."""
CONNECT_TIMEOUT = 10.0
PAUSES = (0.5, 1.0, 2.0)
"""Seconds to wait before each new attempt. A service may ask for more, up to `LONGEST_PAUSE`."""
LONGEST_PAUSE = 30.0
PASSING = {429, 502, 503, 504}
"""Statuses that may be gone in a moment."""
LONGEST_GET = 2_000
"""Characters of a query in the address. Longer ones go in the body of a POST: some services and proxies stop at some 2,000."""
SHOWN = 300
"""Characters shown of what a service says, of at most `MOST_READ` bytes."""
MOST_READ = 100_000
RESULTS = f"{QueryResultsFormat.JSON.media_type}, {QueryResultsFormat.XML.media_type};q=0.8"
GRAPH_FORMATS = (RdfFormat.N_TRIPLES, RdfFormat.TURTLE)
GRAPHS = f"{RdfFormat.N_TRIPLES.media_type};q=0.7, {RdfFormat.TURTLE.media_type};q=0.6"


@dataclass(frozen=True)
class Reply:
    """What a service answered with a status of 200 to 299."""

    address: str
    """Where it was asked, fit to show."""
    media_type: str
    body: bytes

    def read(self) -> bytes:
        """Return the body."""
        return self.body


class PassingFault(UserError):
    """A fault that may be gone in a moment."""

    def __init__(self, key: str, values: dict[str, object], wanted_pause: float = 0.0) -> None:
        """Take the message, and the seconds that the service asks us to wait."""
        super().__init__((key, values))
        self.wanted_pause = wanted_pause


class Query(SPARQLWrapper):
    """SPARQLWrapper, with requests sent by `send`, and no guess at what kind of query it has."""

    def __init__(self, endpoint: str, query: str, accept: str, timeout: float) -> None:
        """Take a query, which goes in the address where it is short, else in the body."""
        super().__init__(endpoint, agent=AGENT, returnFormat=JSON)
        self.seconds = timeout
        self.setOnlyConneg(True)
        self.addCustomHttpHeader("Accept", accept)
        self.setMethod(POST if "?" in endpoint or len(quote_plus(query)) > LONGEST_GET else GET)
        self.setQuery(query)

    def _parseQueryType(self, query: str) -> str:
        return SELECT

    def _query(self) -> tuple[Any, str]:
        request = self._createRequest()
        body = request.data if isinstance(request.data, bytes) else None
        return send(request.get_method(), request.full_url, body, dict(request.header_items()), self.seconds), self.returnFormat


def fetch(endpoint: str, query: str, accept: str, timeout: float) -> Reply:
    """Send a query by the SPARQL 1.1 Protocol.

    Raises:
        UserError: as `send` does.
    """
    checked(endpoint)
    reply = Query(endpoint, query, accept, timeout).query().response
    assert isinstance(reply, Reply)
    return reply


def ask(endpoint: str, query: str, timeout: float = TIMEOUT) -> Answer:
    """Return the answer to a query of any form, as the embedded engine would give it.

    Args:
        endpoint: address of a SPARQL 1.1 query service.
        query: the text, parameters bound (`catalogue.bound`).
        timeout: seconds that one attempt may take.

    Raises:
        UserError: the service cannot be reached, refuses, is too slow, or answers with something else.
    """
    reply = fetch(endpoint, query, f"{RESULTS}, {GRAPHS}", timeout)
    if RdfFormat.from_media_type(reply.media_type) in GRAPH_FORMATS:
        return answer_of(triples(reply))
    format = QueryResultsFormat.from_media_type(reply.media_type)
    if format not in (QueryResultsFormat.JSON, QueryResultsFormat.XML):
        raise UserError(("remote.type", {"address": reply.address, "type": reply.media_type or "-"}))
    try:
        return answer_of(parse_query_results(reply.body, format=format))
    except (SyntaxError, ValueError) as error:
        raise UserError(("remote.unreadable", {"address": reply.address, "why": safe(str(error))})) from None


def holds(endpoint: str, query: str, timeout: float = TIMEOUT) -> bool:
    """Return the answer to an ASK query.

    Raises:
        UserError: as `ask` does.
    """
    answer = ask(endpoint, query, timeout)
    if answer.kind != "boolean":
        raise UserError(("remote.form", {"address": shown(endpoint)}))
    return bool(python_value(answer.rows[0]["answer"]))


def triples(reply: Reply) -> list[Triple]:
    """Read a graph that a service sent.

    Raises:
        UserError: it is in no format of ours, or is cut off.
    """
    format = RdfFormat.from_media_type(reply.media_type)
    if format not in GRAPH_FORMATS:
        raise UserError(("remote.type", {"address": reply.address, "type": reply.media_type or "-"}))
    try:
        return [Triple(q.subject, q.predicate, q.object) for q in parse(reply.body, format=format)]
    except SyntaxError as error:
        raise UserError(("remote.unreadable", {"address": reply.address, "why": safe(str(error))})) from None


def checked(address: str) -> None:
    """See that an address can be asked, and that no password would be seen on the way there.

    Raises:
        UserError: it is no http or https address, holds a user name or password, or credentials would go unencrypted over the net.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UserError(("remote.address", {})) from None
    if "@" in parts.netloc:
        raise UserError(("remote.password-in-address", {"host": host or "-"}))
    if parts.scheme not in ("http", "https") or not host or parts.fragment or not address.isprintable() or " " in address:
        raise UserError(("remote.address", {}))
    if parts.scheme == "http" and authorization() and not is_loopback(host):
        raise UserError(("remote.plain", {"host": host}))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def authorization() -> str | None:
    """Return the `Authorization` header that the environment gives: a bearer token, or a user name and password (RFC 6750, RFC 7617).

    Raises:
        UserError: they are not whole, are both given, or cannot stand in a header.
    """
    token, user, password = (os.environ.get(f"BALANSEKUNST_{name}", "") for name in ("TOKEN", "USER", "PASSWORD"))
    if bool(user) != bool(password) or (token and user) or ":" in user or not (token.isascii() and token.isprintable()) or " " in token:
        raise UserError(("remote.credentials", {}))
    if token:
        return f"Bearer {token}"
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else None


def safe(words: str) -> str:
    """Return what a service says in one line fit to show: no control characters, and nothing of the credentials should it repeat them."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    header = authorization() or ""
    secrets = [os.environ.get("BALANSEKUNST_PASSWORD", ""), header.partition(" ")[2]]
    for secret in filter(None, secrets):
        line = line.replace(" ".join(secret.split()), "…")
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def shown(address: str) -> str:
    """Return an address fit to show: without what stands after `?`, which may be a key."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@cache
def connections(proxy: str | None) -> urllib3.PoolManager:
    """Return what holds the connections, straight or through a proxy. Certificates are checked against those the machine trusts."""
    return urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()


def proxy_for(address: str) -> str | None:
    """Return the proxy that the environment names for an address (`https_proxy`, `no_proxy`), never for this machine itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)


def send(
    method: str,
    address: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    repeat: bool = True,
) -> Reply:
    """Send one request, again after faults that may pass. Redirects are never followed, so credentials go nowhere else.

    Args:
        method: the HTTP method.
        address: where to send it.
        body: what to send, if anything.
        headers: beside those that are always sent.
        timeout: seconds that each attempt may take, reading the answer included.
        repeat: whether sending it twice does no harm.

    Raises:
        UserError: the address cannot be asked, or the service cannot be reached, refuses, or is too slow.
    """
    checked(address)
    all_headers = {"User-Agent": AGENT, **(headers or {})}
    credentials = authorization()
    if credentials:
        all_headers["Authorization"] = credentials
    for pause in PAUSES if repeat else ():
        try:
            return attempt(method, address, body, all_headers, timeout)
        except PassingFault as fault:
            sleep(min(max(pause, fault.wanted_pause), LONGEST_PAUSE))
    return attempt(method, address, body, all_headers, timeout)


def attempt(method: str, address: str, body: bytes | None, headers: dict[str, str], timeout: float) -> Reply:
    """Send one request once.

    Raises:
        PassingFault: the fault may be gone in a moment.
        UserError: it will not.
    """
    values: dict[str, object] = {"address": shown(address)}
    slow: Message = ("remote.slow", {**values, "seconds": f"{timeout:g}"})
    limits = urllib3.Timeout(connect=min(CONNECT_TIMEOUT, timeout), read=timeout)
    deadline = monotonic() + timeout
    try:
        response = connections(proxy_for(address)).request(
            method, address, body=body, headers=headers, timeout=limits, retries=False, redirect=False, preload_content=False
        )
        try:
            parts = list[bytes]()
            # A service that sends a byte now and then never meets the limit on one read.
            while part := response.read1(2**16):
                parts.append(part)
                if monotonic() > deadline:
                    raise UserError(slow)
        finally:
            response.close()
    except urllib3.exceptions.NameResolutionError:
        raise UserError(("remote.host", {"host": urlsplit(address).hostname})) from None
    except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError):
        raise PassingFault("remote.refused", values) from None
    except urllib3.exceptions.TimeoutError:
        raise UserError(slow) from None
    except urllib3.exceptions.SSLError as error:
        raise UserError(("remote.tls", {**values, "why": safe(str(error))})) from None
    except (urllib3.exceptions.LocationValueError, UnicodeError):
        raise UserError(("remote.address", {})) from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise PassingFault("remote.broken", {**values, "why": type(error).__name__}) from None
    answer = b"".join(parts)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 200 <= response.status < 300:
        return Reply(shown(address), media_type, answer)
    raise refusal(response.status, response.headers, answer, media_type, shown(address), "Authorization" in headers)


def refusal(status: int, headers: Mapping[str, str], body: bytes, media_type: str, address: str, known: bool) -> UserError:
    """Return what a status says, as a sentence. `known` tells whether credentials were sent."""
    why = "" if "html" in media_type else safe(body[:MOST_READ].decode("utf-8", "replace"))
    values: dict[str, object] = {"address": address, "status": status, "why": why or "-"}
    if 300 <= status < 400:
        target = headers.get("Location", "")
        return UserError(("remote.redirect", {"address": address, "target": safe(shown(target)) if target.startswith("http") else "-"}))
    if status in (401, 403):
        return UserError(("remote.login-refused" if known else "remote.login", values))
    if status in (404, 405, 410, 501):
        return UserError(("remote.not-found", values))
    if status in (400, 422):
        return UserError(("remote.faulty", values))
    if status in PASSING:
        asked = headers.get("Retry-After", "")
        return PassingFault("remote.busy", values, float(asked) if asked.isdecimal() else 0.0)
    return UserError(("remote.status", values))
