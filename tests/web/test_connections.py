"""A client that neither asks nor reads is hung up on, and others are answered meanwhile."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from balansekunst.web import connections
from balansekunst.web.connections import ImpatientProtocol
from balansekunst.web.server import open_socket

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = "x" * 50_000_000


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    while scope["path"] == "/body" and (await receive()).get("more_body"):
        pass
    await PlainTextResponse(LARGE if scope["path"] == "/large" else "here")(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 2)
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(answer, http=ImpatientProtocol, lifespan="off", log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield door.getsockname()[1]
        server.should_exit = server.force_exit = True
        thread.join(60)


def open_connection(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


@pytest.mark.slow
def test_a_client_that_asks_for_nothing_is_hung_up_on(port: int) -> None:
    with open_connection(port) as silent, open_connection(port) as dripping, open_connection(port) as other:
        for letter in REQUEST[:-2]:
            try:
                dripping.sendall(bytes([letter]))
            except OSError:
                break
            time.sleep(0.3)
        else:
            pytest.fail("a byte now and then holds a connection")
        assert not receive(silent)
        with open_connection(port) as late:
            late.sendall(REQUEST)
            assert receive(late).startswith(b"HTTP/1.1 200")
        assert not receive(other)


@pytest.mark.slow
def test_a_client_that_never_ends_its_request_is_hung_up_on(port: int) -> None:
    with open_connection(port) as dripping:
        dripping.sendall(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            try:
                dripping.sendall(b"x")
            except OSError:
                break
            time.sleep(0.3)
        else:
            pytest.fail("a byte now and then holds a connection")
        with open_connection(port) as late:
            late.sendall(REQUEST.replace(b"GET / ", b"POST /body ").replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\nabc"))
            assert receive(late).startswith(b"HTTP/1.1 200")


@pytest.mark.slow
def test_a_client_that_does_not_read_is_hung_up_on(port: int) -> None:
    with open_connection(port) as deaf:
        deaf.sendall(REQUEST.replace(b"GET /", b"GET /large"))
        time.sleep(6)
        taken = 0
        try:
            while part := deaf.recv(2**20):
                taken += len(part)
        except ConnectionResetError:
            pass
        assert taken < len(LARGE)


@pytest.mark.slow
def test_a_client_that_reads_slowly_gets_all(port: int) -> None:
    with open_connection(port) as slow:
        slow.sendall(REQUEST.replace(b"GET /", b"GET /large").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        taken = 0
        while part := slow.recv(2**20):
            taken += len(part)
            time.sleep(0.05)
        assert taken > len(LARGE)


def receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""


def test_the_end_of_an_answer_does_not_wait_for_the_client_to_say_that_it_has_the_beginning() -> None:
    """Each file would take 40 ms on a connection that is kept open (Nagle's algorithm)."""
    with open_socket("127.0.0.1", 0) as door, open_connection(door.getsockname()[1]):
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
