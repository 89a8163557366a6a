"""How fast the endpoint answers, beside Fuseki and `oxigraph serve`: the whole catalogue asked by 1, 8 and 32 clients at a time.

    PYTHONPATH=tests python -m benchmarks.endpoint [CLIENTS...]

after `balansekunst build`, prints a Markdown table. Fuseki is fetched by Maven; `oxigraph` must be on the path (`uv tool install oxigraph`)
or it is left out. All hold the same statements, each client asks every question of the catalogue with its defaults, and every answer is
read whole. Ours keeps answers, so it is measured with questions that have been asked before, as with the others, and with questions that
have not: each has a comment of its own. The last row of ours has two clients more, that ask again and again for what no server can answer.
"""

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from pyoxigraph import RdfFormat, Store, serialize

from balansekunst.project import Project
from balansekunst.sparql.catalogue import bind_parameters, load_questions, resolve_parameters
from helpers import fuseki
from helpers.localserver import running

HOSTILE = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SERVERS = ("balansekunst", "fuseki", "oxigraph")


@dataclass(frozen=True)
class Figures:
    """What was measured of a server with a number of clients."""

    server: str
    clients: int
    milliseconds: float
    """The median of all answers."""
    slow_milliseconds: float
    """The 95th percentile."""
    answers_a_second: float
    megabytes: int
    """The most memory that the server and its processes took."""
    failures: int


def read_peak(process: int) -> int:
    """Return the most memory that a process and its children took, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    own = next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return own + sum(read_peak(int(child)) for child in children)


def ask(connection: HTTPConnection, path: str, query: str) -> bool:
    """Ask, read the answer, and tell whether there was one."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/sparql-results+json, application/n-triples;q=0.9",
    }
    connection.request("POST", path, urlencode({"query": query}), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


def measure(server: str, address: str, process: int, queries: list[str], clients: int, hostile: int = 0, is_new: bool = False) -> Figures:
    """Let clients ask all queries, each beginning at another, and return the figures. If `is_new`, no query has been asked before."""
    parts = urlsplit(address)
    took, failed, done = list[float](), list[str](), threading.Event()

    def run_client(number: int) -> None:
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=300)
        for query in [*queries[number % len(queries) :], *queries[: number % len(queries)]]:
            start = time.perf_counter()
            try:
                is_answered = ask(connection, parts.path, f"{query}\n# {clients} {hostile} {number}" if is_new else query)
            except OSError:
                is_answered = False
                connection.close()
            took.append(time.perf_counter() - start)
            if not is_answered:
                failed.append(query)

    def trouble() -> None:
        while not done.is_set():
            with suppress(OSError):
                ask(HTTPConnection(parts.hostname or "", parts.port, timeout=60), parts.path, HOSTILE)

    for _ in range(hostile):
        threading.Thread(target=trouble, daemon=True).start()
    start = time.perf_counter()
    threads = [threading.Thread(target=run_client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    done.set()
    slow = quantiles(took, n=20)[-1]
    return Figures(server, clients, median(took) * 1000, slow * 1000, len(took) / seconds, read_peak(process), len(failed))


@contextmanager
def run_oxigraph(folder: Path, data: Path) -> Iterator[tuple[str, int]]:
    """Run `oxigraph serve` with some data, and give its address and process."""
    program = shutil.which("oxigraph")
    assert program
    subprocess.run([program, "load", "--location", folder / "ox", "--file", data], check=True, capture_output=True)
    command: list[str | Path] = [program, "serve-read-only", "--location", folder / "ox", "--bind", "127.0.0.1:7878"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("http://127.0.0.1:7878/query")
        yield "http://127.0.0.1:7878/query", server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    parts = urlsplit(address)
    for _ in range(200):
        with suppress(OSError):
            if ask(HTTPConnection(parts.hostname or "", parts.port, timeout=5), parts.path, "ASK {}"):
                return
        time.sleep(0.1)
    raise TimeoutError(address)


def run_server(server: str, folder: Path, project: Project, data: Path, stack: ExitStack) -> tuple[str, int]:
    """Start a server with the data, and return the address of its endpoint, and its process."""
    if server == "oxigraph":
        return stack.enter_context(run_oxigraph(folder, data))
    if server == "balansekunst":
        address, process = stack.enter_context(running(project.root))
        return f"{address}sparql", process.pid
    address = stack.enter_context(fuseki.running(folder))
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=300)
    connection.request("PUT", "/tdb/data?default", data.read_bytes(), {"Content-Type": "application/n-triples"})
    assert connection.getresponse().status in (200, 201, 204)
    processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and is_fuseki(path)]
    return f"{address}/tdb/query", max(processes)


def is_fuseki(process: Path) -> bool:
    """Tell whether a process is Fuseki."""
    with suppress(OSError):
        return b"FusekiMainCmd" in (process / "cmdline").read_bytes()
    return False


def collect(clients: tuple[int, ...] = (1, 8, 32), say: Callable[[str], None] = print) -> list[Figures]:
    """Measure every server that is at hand."""
    project = Project.find(Path(__file__))
    store = Store()
    store.bulk_load(path=project.output / "data" / "balansekunst.trig", format=RdfFormat.TRIG)
    questions = load_questions(project).values()
    queries = [bind_parameters(question, resolve_parameters(question, {}, store)) for question in questions]
    found = list[Figures]()
    with TemporaryDirectory() as given:
        folder = Path(given)
        written = serialize(dict.fromkeys(quad.triple for quad in store), format=RdfFormat.N_TRIPLES)
        assert written
        (folder / "data.nt").write_bytes(written)
        for server in SERVERS:
            if server == "oxigraph" and not shutil.which("oxigraph"):
                continue
            with ExitStack() as stack:
                (folder / server).mkdir()
                address, process = run_server(server, folder / server, project, folder / "data.nt", stack)
                measure(server, address, process, queries, 1)  # to warm up
                for number in clients:
                    found.append(measure(server, address, process, queries, number))
                    say(f"{found[-1]}")
                    if server == SERVERS[0]:
                        found.append(measure(f"{server}, not asked before", address, process, queries, number, is_new=True))
                        say(f"{found[-1]}")
                if server == SERVERS[0]:
                    name = f"{server}, not asked before, two hostile clients beside"
                    found.append(measure(name, address, process, queries, 8, hostile=2, is_new=True))
                    say(f"{found[-1]}")
    return found


def format_figures(found: list[Figures]) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        f"| {one.server} | {one.clients} | {one.milliseconds:.1f} | {one.slow_milliseconds:.0f} | {one.answers_a_second:.0f} "
        f"| {one.megabytes} | {one.failures} |"
        for one in found
    ]
    head = "| server | clients | median, ms | 95th percentile, ms | answers a second | MB | not answered |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    print(format_figures(collect(tuple(map(int, sys.argv[1:])) or (1, 8, 32), lambda line: print(line, file=sys.stderr))))
