"""Keep the data in one process, and give each query a copy of it that can be ended.

The process that holds the data (`python -m balansekunst.web.query_pool DUMP …`) has one thread and never evaluates a query itself. For
each query it forks: the copy shares the memory, starts in a few milliseconds, and is ended by the system when its time or memory is up, and
by this process when whoever asked has gone. So no query holds up another, and none leaves anything behind.

Oxigraph's Python binding has no time limit (https://github.com/oxigraph/oxigraph/issues/1926).
"""

import asyncio
import hashlib
import json
import os
import re
import select
import signal
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import Popen

from cachetools import LRUCache
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from balansekunst.errors import UserError
from balansekunst.web.query_process import MESSAGE_HEADER, Limits, QueryRequest, QueryResponse, run_query_in_child, send_response

MAX_CONCURRENT_QUERIES = 8
"""Queries evaluated at the same time. More wait their turn."""
_MAX_CACHE_BYTES, _MAX_CACHED_ANSWER_BYTES, _CACHE_ENTRY_BYTES = 2**25, 2**21, 2**10
"""How much is kept of answers in all, and of one; and what one takes beside its body."""
_VARYING_FUNCTION = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
"""What may give another value each time (SPARQL 1.1, section 17.4)."""
_GRACE_SECONDS = 5.0
"""Seconds that an answer may take beyond the time limit, which counts the query alone."""
_SIGNAL_MESSAGES = {signal.SIGALRM: "serving.time", signal.SIGABRT: "serving.memory", signal.SIGKILL: "serving.memory"}
"""What it means that a process was ended by a signal: the alarm, memory refused, or the system short of it."""


@dataclass(frozen=True)
class DatasetSize:
    """What the data are."""

    triples: int
    """Different statements: those of the default graph."""
    graphs: dict[str, int]
    """Statements by the name of each named graph."""


class QueryPool:
    """Where queries are sent."""

    def __init__(self, control: socket.socket, held: DatasetSize, limits: Limits) -> None:
        """Take the way to the process that holds the data."""
        self.control, self.dataset_size, self.limits = control, held, limits
        self.slots = asyncio.Semaphore(MAX_CONCURRENT_QUERIES)
        self.cache = LRUCache[bytes, QueryResponse](_MAX_CACHE_BYTES, lambda answer: len(answer.body) + _CACHE_ENTRY_BYTES)
        """The answers asked for last by the digests of what was asked, which may be long: many ask the same of data that do not change."""

    async def run_query(self, asked: QueryRequest) -> QueryResponse:
        """Return the answer to a query, from the cache where the same has been asked. When this is cancelled, so is the query.

        Raises:
            TimeoutError: no place was free within the time that a query may take.
            ConnectionError: the process that holds the data is gone.
        """
        key = hashlib.sha256(repr(asked).encode()).digest()
        answer = self.cache.get(key)
        if answer is None:
            answer = await self._evaluate(asked)
            if answer.key == "ok" and len(answer.body) < _MAX_CACHED_ANSWER_BYTES and not _VARYING_FUNCTION.search(asked.query):
                self.cache[key] = answer
        return answer

    async def _evaluate(self, asked: QueryRequest) -> QueryResponse:
        """Have a query evaluated."""
        async with asyncio.timeout(self.limits.seconds):
            await self.slots.acquire()
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(self.control, [b"q"], [theirs.fileno()])
            reader, writer = await asyncio.open_connection(sock=ours)
            try:
                writer.write(json.dumps(asdict(asked)).encode() + b"\n")
                async with asyncio.timeout(self.limits.seconds + _GRACE_SECONDS):
                    told_length, body_length = MESSAGE_HEADER.unpack(await reader.readexactly(MESSAGE_HEADER.size))
                    told = json.loads(await reader.readexactly(told_length))
                    return QueryResponse(told["key"], told["values"], await reader.readexactly(body_length))
            except TimeoutError:
                return QueryResponse("serving.time", {"seconds": self.limits.seconds})
            except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
                raise ConnectionError from None
            finally:
                # The process that holds the data sees this and ends a query that is not done.
                writer.close()
        finally:
            self.slots.release()

    def stop(self) -> None:
        """End every query under way, and the process that holds the data."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)


@contextmanager
def start_query_pool(dump: Path, limits: Limits) -> Iterator[QueryPool]:
    """Start the process that holds the data, and end it and all it started when the block ends.

    Raises:
        UserError: there is no dump, or it cannot be read.
    """
    if not dump.is_file():
        raise UserError(("serving.no-site", {"file": dump}))
    ours, theirs = socket.socketpair()
    told = [str(dump), str(limits.seconds), str(limits.megabytes), str(limits.rows)]
    with ours, theirs:
        process = Popen([sys.executable, "-m", "balansekunst.web.query_pool", *told], stdin=theirs.fileno(), start_new_session=True)
        theirs.close()
        try:
            with ours.makefile("rb") as lines:
                line = lines.readline()
            if not line:
                raise UserError(("serving.no-site", {"file": dump}))
            yield QueryPool(ours, DatasetSize(**json.loads(line)), limits)
        finally:
            ours.close()
            process.wait()


def _serve_queries(control: socket.socket, dump: Path, limits: Limits) -> None:
    """Load the data, say what they are, and fork for each query until nobody is there to ask."""
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.TRIG)
    graphs = Counter(quad.graph_name.value for quad in store if not isinstance(quad.graph_name, DefaultGraph))
    store.bulk_extend([Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in store])
    held = DatasetSize(len(store) - graphs.total(), dict(sorted(graphs.items())))
    control.sendall(json.dumps(asdict(held)).encode() + b"\n")

    woken, waking = os.pipe()
    for end in (woken, waking):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waking)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    asking = dict[int, tuple[int, socket.socket]]()
    """Who asked, by file number, and the process that evaluates for them."""
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    waiting.register(woken, select.POLLIN)
    while True:
        for number, _ in waiting.poll():
            if number == woken:
                with suppress(BlockingIOError):
                    os.read(woken, 1024)
                _collect_exited_workers(asking, waiting, limits)
            elif number == control.fileno():
                _, given, _, _ = socket.recv_fds(control, 1, 1)
                if not given:
                    for process, _ in asking.values():
                        os.kill(process, signal.SIGKILL)
                    return
                connection = socket.socket(fileno=given[0])
                process = os.fork()
                if not process:
                    signal.set_wakeup_fd(-1)
                    control.close()
                    for _, other in asking.values():
                        other.close()
                    try:
                        run_query_in_child(connection, store, limits)
                    finally:
                        os._exit(1)
                asking[connection.fileno()] = process, connection
                # Nothing is to be read here; that the other end is closed is told without being asked for.
                waiting.register(connection, 0)
            elif number in asking:
                waiting.unregister(number)
                os.kill(asking[number][0], signal.SIGKILL)


def _collect_exited_workers(asking: dict[int, tuple[int, socket.socket]], waiting: select.poll, limits: Limits) -> None:
    """Take leave of the processes that have ended, and tell who asked where one ended before it had answered."""
    while asking:
        process, status = os.waitpid(-1, os.WNOHANG)
        if not process:
            return
        number, connection = next((n, c) for n, (p, c) in asking.items() if p == process)
        if code := os.waitstatus_to_exitcode(status):
            key = _SIGNAL_MESSAGES.get(signal.Signals(-code), "serving.crashed") if code < 0 else "serving.crashed"
            with suppress(OSError):
                send_response(connection, QueryResponse(key, asdict(limits)))
        with suppress(KeyError):
            waiting.unregister(number)
        connection.close()
        del asking[number]


if __name__ == "__main__":
    _serve_queries(socket.socket(fileno=0), Path(sys.argv[1]), Limits(float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
