"""Send requests over HTTP to services elsewhere: with limits, new attempts and faults told in sentences."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from time import monotonic, sleep
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from balansekunst.errors import Message, UserError
from balansekunst.version import __version__

USER_AGENT = f"balansekunst/{__version__}"
REQUEST_TIMEOUT = 60.0
"""Seconds that one attempt may take."""
_CONNECT_TIMEOUT = 10.0
RETRY_DELAYS = (0.5, 1.0, 2.0)
"""Seconds to wait before each new attempt. A service may ask for more, up to `LONGEST_PAUSE`."""
MAX_RETRY_DELAY = 30.0
RETRY_STATUSES = {429, 502, 503, 504}
"""Statuses that may be gone in a moment."""
_MAX_SHOWN_CHARACTERS = 300
"""Characters shown of what a service says, of at most `MOST_READ` bytes."""
_MAX_ERROR_BYTES = 100_000


@dataclass(frozen=True)
class HttpResponse:
    """What a service answered with a status of 200 to 299."""

    address: str
    """Where it was asked, fit to show."""
    media_type: str
    body: bytes

    def read(self) -> bytes:
        """Return the body."""
        return self.body


class TransientError(UserError):
    """A fault that may be gone in a moment."""

    def __init__(self, key: str, values: dict[str, object], wanted_pause: float = 0.0) -> None:
        """Take the message, and the seconds that the service asks us to wait."""
        super().__init__((key, values))
        self.retry_after = wanted_pause


def check_url(address: str) -> None:
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
    if parts.scheme == "http" and _build_authorization() and not is_loopback(host):
        raise UserError(("remote.plain", {"host": host}))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _build_authorization() -> str | None:
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


def sanitize_text(words: str) -> str:
    """Return what a service says in one line fit to show: no control characters, and nothing of the credentials should it repeat them."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    header = _build_authorization() or ""
    secrets = [os.environ.get("BALANSEKUNST_PASSWORD", ""), header.partition(" ")[2]]
    for secret in filter(None, secrets):
        line = line.replace(" ".join(secret.split()), "…")
    return line if len(line) <= _MAX_SHOWN_CHARACTERS else f"{line[:_MAX_SHOWN_CHARACTERS]}…"


def redact_url(address: str) -> str:
    """Return an address fit to show: without what stands after `?`, which may be a key."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@cache
def create_connection_pool(proxy: str | None) -> urllib3.PoolManager:
    """Return what holds the connections, straight or through a proxy. Certificates are checked against those the machine trusts."""
    return urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()


def _find_proxy(address: str) -> str | None:
    """Return the proxy that the environment names for an address (`https_proxy`, `no_proxy`), never for this machine itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return None if is_loopback(host) or proxy_bypass(host) else getproxies().get(parts.scheme)


def send_request(
    method: str,
    address: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = REQUEST_TIMEOUT,
    repeat: bool = True,
) -> HttpResponse:
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
    check_url(address)
    all_headers = {"User-Agent": USER_AGENT, **(headers or {})}
    credentials = _build_authorization()
    if credentials:
        all_headers["Authorization"] = credentials
    for pause in RETRY_DELAYS if repeat else ():
        try:
            return _send_once(method, address, body, all_headers, timeout)
        except TransientError as fault:
            sleep(min(max(pause, fault.retry_after), MAX_RETRY_DELAY))
    return _send_once(method, address, body, all_headers, timeout)


def _send_once(method: str, address: str, body: bytes | None, headers: dict[str, str], timeout: float) -> HttpResponse:
    """Send one request once.

    Raises:
        PassingFault: the fault may be gone in a moment.
        UserError: it will not.
    """
    values: dict[str, object] = {"address": redact_url(address)}
    slow: Message = ("remote.slow", {**values, "seconds": f"{timeout:g}"})
    limits = urllib3.Timeout(connect=min(_CONNECT_TIMEOUT, timeout), read=timeout)
    deadline = monotonic() + timeout
    try:
        response = create_connection_pool(_find_proxy(address)).request(
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
        raise TransientError("remote.refused", values) from None
    except urllib3.exceptions.TimeoutError:
        raise UserError(slow) from None
    except urllib3.exceptions.SSLError as error:
        raise UserError(("remote.tls", {**values, "reason": sanitize_text(str(error))})) from None
    except (urllib3.exceptions.LocationValueError, UnicodeError):
        raise UserError(("remote.address", {})) from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise TransientError("remote.broken", {**values, "reason": type(error).__name__}) from None
    answer = b"".join(parts)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 200 <= response.status < 300:
        return HttpResponse(redact_url(address), media_type, answer)
    raise _build_status_error(response.status, response.headers, answer, media_type, redact_url(address), "Authorization" in headers)


def _build_status_error(status: int, headers: Mapping[str, str], body: bytes, media_type: str, address: str, known: bool) -> UserError:
    """Return what a status says, as a sentence. `known` tells whether credentials were sent."""
    why = "" if "html" in media_type else sanitize_text(body[:_MAX_ERROR_BYTES].decode("utf-8", "replace"))
    values: dict[str, object] = {"address": address, "status": status, "reason": why or "-"}
    if 300 <= status < 400:
        target = headers.get("Location", "")
        return UserError(
            ("remote.redirect", {"address": address, "target": sanitize_text(redact_url(target)) if target.startswith("http") else "-"})
        )
    if status in (401, 403):
        return UserError(("remote.login-refused" if known else "remote.login", values))
    if status in (404, 405, 410, 501):
        return UserError(("remote.not-found", values))
    if status in (400, 422):
        return UserError(("remote.faulty", values))
    if status in RETRY_STATUSES:
        asked = headers.get("Retry-After", "")
        return TransientError("remote.busy", values, float(asked) if asked.isdecimal() else 0.0)
    return UserError(("remote.status", values))
