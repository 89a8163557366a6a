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

from balansekunst.asking.remote import is_loopback
from balansekunst.messages import UserError
from balansekunst.serving import evaluators
from balansekunst.serving.endpoint import METHODS, endpoint
from balansekunst.serving.evaluation import Limits
from balansekunst.serving.evaluators import Evaluators
from balansekunst.serving.site import Site

DUMP = "data/balansekunst.trig"
"""What the endpoint answers from: all graphs, as they are loaded into stores elsewhere."""
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
PATIENCE = 2
"""Seconds that a download under way may take when the server ends."""


def application(folder: Path, asking: Evaluators, host: str) -> Starlette:
    """Return the server as an ASGI application.

    Args:
        folder: a built site.
        asking: where queries go.
        host: what is listened on. On this machine alone, requests must name it: no page elsewhere can take on its name
            (DNS rebinding).
    """
    hosts = [*LOOPBACK, f"[{host}]" if ":" in host else host] if is_loopback(host) else ["*"]
    app = Starlette(
        routes=[Route("/sparql", endpoint(asking, folder), methods=METHODS)],
        middleware=[
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
    app.router.default = Site(folder)
    return app


def serve(folder: Path, host: str, port: int, limits: Limits, ready: Callable[[str, Evaluators], None]) -> None:
    """Serve a built site until Ctrl-C or an ordinary end.

    Args:
        folder: the site.
        host: address to listen on.
        port: port to listen on; 0 for one that is free.
        limits: what one query may take.
        ready: called with the address when requests are taken.

    Raises:
        UserError: there is no site, or the address cannot be listened on.
    """
    with listening(host, port) as door, evaluators.running(folder / DUMP, limits) as asking:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{door.getsockname()[1]}/", asking)
        config = uvicorn.Config(
            application(folder, asking, host),
            http="h11",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
        )
        with suppress(KeyboardInterrupt):
            Server(config, asking).run(sockets=[door])


class Server(uvicorn.Server):
    """The server, which when it is to end ends the queries under way at once: those who asked are told, and nobody waits for them."""

    def __init__(self, config: uvicorn.Config, asking: Evaluators) -> None:
        """Take where queries go."""
        super().__init__(config)
        self.asking = asking

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on a signal."""
        self.asking.end()
        super().handle_exit(sig, frame)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UserError: the address is not this machine's, or is taken.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UserError(("serving.no-listen", {"host": host, "port": port, "why": error.strerror or str(error)})) from None
