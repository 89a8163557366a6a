"""The local server: the site and the endpoint as one application, and how it is run and ended."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from balansekunst.errors import UserError
from balansekunst.http_client import is_loopback
from balansekunst.messages import DEFAULT_LANGUAGE
from balansekunst.web import query_pool
from balansekunst.web.connections import ImpatientProtocol
from balansekunst.web.query_pool import QueryPool
from balansekunst.web.query_process import Limits
from balansekunst.web.sparql_endpoint import ENDPOINT_METHODS, create_endpoint
from balansekunst.web.static_files import SiteFiles, build_message_response

ENDPOINT_DUMP = "data/balansekunst.trig"
"""What the endpoint answers from: all graphs, as they are loaded into stores elsewhere."""
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_MAX_TARGET_BYTES = 2**17
"""Bytes of the address of a request, which may hold a query."""
_MAX_HEADER_BYTES = 2**14
"""Bytes of all the header fields of a request."""
_SHUTDOWN_SECONDS = 2
"""Seconds that a download under way may take when the server ends."""


def _build_application(folder: Path, base: str, asking: QueryPool, host: str) -> Starlette:
    """Return the server as an ASGI application.

    Args:
        folder: a built site.
        base: the base of its IRIs.
        asking: where queries go.
        host: what is listened on. On this machine alone, requests must name it: no page elsewhere can take on its name
            (DNS rebinding).
    """
    hosts = [*LOOPBACK_HOSTS, f"[{host}]" if ":" in host else host] if is_loopback(host) else ["*"]
    app = Starlette(
        routes=[Route("/sparql", create_endpoint(asking, folder, base), methods=ENDPOINT_METHODS)],
        middleware=[
            Middleware(SizeLimit),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["Link", "Location", "Content-Language"],
            ),
        ],
    )
    app.router.default = SiteFiles(folder)
    return app


def serve(folder: Path, base: str, host: str, port: int, limits: Limits, ready: Callable[[str, QueryPool], None]) -> None:
    """Serve a built site until Ctrl-C or an ordinary end.

    Args:
        folder: the site.
        base: the base of its IRIs.
        host: address to listen on.
        port: port to listen on; 0 for one that is free.
        limits: what one query may take.
        ready: called with the address when requests are taken.

    Raises:
        UserError: there is no site, or the address cannot be listened on.
    """
    with open_socket(host, port) as door, query_pool.start_query_pool(folder / ENDPOINT_DUMP, limits) as asking:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{door.getsockname()[1]}/", asking)
        config = uvicorn.Config(
            _build_application(folder, base, asking, host),
            http=ImpatientProtocol,
            h11_max_incomplete_event_size=2 * _MAX_TARGET_BYTES,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        with suppress(KeyboardInterrupt):
            Server(config, asking).run(sockets=[door])


class SizeLimit:
    """Refuse requests with longer addresses or header fields than anyone needs, before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have the application answer it."""
        if len(scope["raw_path"]) + len(scope["query_string"]) > _MAX_TARGET_BYTES:
            refusal = build_message_response("serving.long-address", 414, DEFAULT_LANGUAGE, kilobytes=_MAX_TARGET_BYTES // 1024)
        elif sum(len(name) + len(value) for name, value in scope["headers"]) > _MAX_HEADER_BYTES:
            refusal = build_message_response("serving.long-header", 431, DEFAULT_LANGUAGE, kilobytes=_MAX_HEADER_BYTES // 1024)
        else:
            return await self.app(scope, receive, send)
        await refusal(scope, receive, send)


class Server(uvicorn.Server):
    """The server, which when it is to end ends the queries under way at once: those who asked are told, and nobody waits for them."""

    def __init__(self, config: uvicorn.Config, asking: QueryPool) -> None:
        """Take where queries go."""
        super().__init__(config)
        self.query_pool = asking

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal."""
        self.query_pool.stop()
        super().handle_exit(sig, frame)


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UserError: the address is not this machine's, or is taken.
    """
    try:
        door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UserError(("serving.no-listen", {"host": host, "port": port, "reason": error.strerror or str(error)})) from None
    # Connections inherit this. Without it, what is sent after the header fields waits 40 ms for the client to say that it has those.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door
