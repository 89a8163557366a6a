"""The endpoint keeps to the SPARQL 1.1 Protocol, and no query takes more than it may, reaches out, or holds up another."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse, parse_query_results

from balansekunst.commands.serve import find_built_site
from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, GRAPH_PREFIX, INFERRED_GRAPH, NAMESPACE
from balansekunst.project import Project
from balansekunst.sparql.federation import has_service
from balansekunst.web.query_pool import MAX_CONCURRENT_QUERIES
from balansekunst.web.query_process import Limits, QueryRequest, evaluate
from balansekunst.web.sparql_endpoint import ENDPOINT_METHODS, MAX_BODY_BYTES, SD_NAMESPACE
from helpers import localserver
from helpers.localserver import Reply, clean, get, send

pytestmark = pytest.mark.xdist_group("serving")

JSON, XML, CSV, TSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
ROLES = f"SELECT ?role WHERE {{ ?role a <{NAMESPACE}Role> }}"
GRAPH = f"{GRAPH_PREFIX}data/standards/butikksjef"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
NAMED_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
HEAVY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUNGRY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f"
Parameters = dict[str, list[str]]
SECONDS, MEGABYTES, ROWS = 1.5, 200, 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, project: Project, inferred: Store) -> Path:
    folder = tmp_path_factory.mktemp("endpoint")
    localserver.make_project(folder, project, inferred)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server with narrow limits."""
    limits = ("--limit-seconds", str(SECONDS), "--memory", str(MEGABYTES), "--rows", str(ROWS))
    with localserver.running(folder, *limits) as (found, _):
        yield found


def ask(address: str, query: str, accept: str | None = None, language: str = "en", parameters: Parameters | None = None) -> Reply:
    """POST a query by itself, as it is."""
    path = "sparql" + (f"?{urlencode(parameters, doseq=True)}" if parameters else "")
    return send("POST", address, path, {"Content-Type": QUERY, "Accept": accept, "Accept-Language": language}, query.encode())


def number(reply: Reply) -> int:
    assert reply.status == 200, reply.text
    return int(json.loads(reply.body)["results"]["bindings"][0]["n"]["value"])


def counted(store: Store, graph: str | None = None) -> int:
    pattern = store.quads_for_pattern(None, None, None, NamedNode(graph)) if graph else store
    return len({(q.subject, q.predicate, q.object) for q in pattern})


def test_a_query_comes_in_three_ways(address: str, inferred: Store) -> None:
    encoded = urlencode({"query": COUNT})
    replies = [
        get(address, f"sparql?{encoded}"),
        send("POST", address, "sparql", {"Content-Type": FORM}, encoded.encode()),
        send("POST", address, "sparql", {"Content-Type": f"{FORM.upper()}; charset=UTF-8"}, encoded.encode()),
        send("POST", address, "sparql", {"Content-Type": QUERY}, COUNT.encode()),
    ]
    assert [number(reply) for reply in replies] == [counted(inferred)] * 4
    assert {reply.type for reply in replies} == {JSON}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        ("application/json", JSON),
        (XML, XML),
        ("application/xml", XML),
        ("text/xml", XML),
        (CSV, "text/csv; charset=utf-8"),
        (TSV, "text/tab-separated-values; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        (f"{CSV};q=0.5, {XML};q=0.7", XML),
        (f"{XML}, {JSON}", JSON),
        (f"{JSON};q=0.1, */*;q=0.2", XML),
        ("text/turtle", None),
        ("image/png, text/html", None),
    ],
)
def test_rows_come_as_what_is_accepted(address: str, inferred: Store, accept: str | None, expected: str | None) -> None:
    reply = ask(address, ROLES, accept)
    if expected is None:
        assert reply.status == 406 and JSON in reply.text
        return
    assert (reply.status, reply.type) == (200, expected)
    wanted = {quad.subject for quad in inferred.quads_for_pattern(None, NamedNode(str(rdflib.RDF.type)), NamedNode(f"{NAMESPACE}Role"))}
    if expected.startswith(CSV):
        assert {NamedNode(line) for line in reply.text.splitlines()[1:]} == wanted
    else:
        found = parse_query_results(reply.body, format=QueryResultsFormat.from_media_type(expected.partition(";")[0]))
        assert isinstance(found, QuerySolutions) and {row["role"] for row in found} == wanted


def test_yes_or_no(address: str) -> None:
    assert json.loads(ask(address, "ASK {}").body)["boolean"] is True
    assert b"<boolean>false</boolean>" in ask(address, "ASK { <x:a> <x:b> <x:c> }", XML).body
    assert ask(address, "ASK {}", CSV).status == 406


@pytest.mark.parametrize(
    "query", [f"CONSTRUCT {{ ?s a ?o }} WHERE {{ ?s a ?o . FILTER (?o = <{NAMESPACE}Role>) }}", f"DESCRIBE <{BASE}role/butikksjef>"]
)
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, RdfFormat.TURTLE),
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/json", RdfFormat.JSON_LD),
        ("text/turtle;q=0.3, application/n-triples;q=0.4", RdfFormat.N_TRIPLES),
        (JSON, None),
    ],
)
def test_graphs_come_as_what_is_accepted(address: str, inferred: Store, query: str, accept: str | None, expected: RdfFormat | None) -> None:
    reply = ask(address, query, accept)
    if expected is None:
        assert reply.status == 406
        return
    assert reply.status == 200 and reply.type.partition(";")[0] == expected.media_type
    found = {(q.subject, q.predicate, q.object) for q in parse(reply.body, format=expected)}
    wanted = inferred.query(query, use_default_graph_as_union=True)
    assert found == {tuple(triple) for triple in wanted} and found  # type: ignore[union-attr]


def test_the_dataset_is_what_the_request_says(address: str, inferred: Store) -> None:
    one, two = counted(inferred, GRAPH), counted(inferred, INFERRED_GRAPH.value)
    quads = len(inferred)
    assert [number(ask(address, query)) for query in (COUNT, NAMED_COUNT)] == [counted(inferred), quads]
    default: Parameters = {"default-graph-uri": [GRAPH]}
    assert [number(ask(address, query, None, "en", default)) for query in (COUNT, NAMED_COUNT)] == [one, 0]
    named: Parameters = {"named-graph-uri": [GRAPH, INFERRED_GRAPH.value]}
    assert [number(ask(address, query, None, "en", named)) for query in (COUNT, NAMED_COUNT)] == [0, one + two]
    assert [number(ask(address, query, None, "en", default | named)) for query in (COUNT, NAMED_COUNT)] == [one, one + two]
    assert number(ask(address, COUNT.replace("WHERE", f"FROM <{GRAPH}> WHERE"))) == one
    # What the request says goes before what the query says (SPARQL 1.1 Protocol, section 2.1.4).
    assert number(ask(address, COUNT.replace("WHERE", f"FROM <{INFERRED_GRAPH.value}> WHERE"), None, "en", default)) == one
    form = urlencode({"query": COUNT, **default}, doseq=True).encode()
    assert number(send("POST", address, "sparql", {"Content-Type": FORM}, form)) == one
    assert number(get(address, f"sparql?{form.decode()}")) == one
    assert number(ask(address, COUNT, parameters={"default-graph-uri": ["https://example.org/none"]})) == 0


def test_what_ordinary_programs_send_is_read(address: str) -> None:
    """Empty fields, a byte order mark, an IRI below the base, and the format where no `Accept` can be sent."""
    assert get(address, f"sparql?default-graph-uri=&named-graph-uri=&query={quote('ASK {}')}").status == 200
    assert ask(address, "\ufeffASK {}").status == 200
    assert json.loads(ask(address, "ASK { <role/butikksjef> ?p ?o }").body)["boolean"] is True
    assert get(address, f"sparql?format=csv&query={quote('SELECT * {} LIMIT 1')}").type == "text/csv; charset=utf-8"


FAULTS = [
    ("GET", "?query=SELECT", None, b"", 400, "linje 1, kolonne 7"),
    ("GET", "?query=SELECT%20*%0AWHERE%20%7B%20?a%20?b%20%7D", None, b"", 400, "linje 2, kolonne 16"),
    ("GET", f"?query={quote('INSERT DATA { <x:a> <x:b> <x:c> }')}", None, b"", 400, "linje 1"),
    ("GET", f"?query={quote('LOAD <http://127.0.0.1/>')}", None, b"", 400, "linje 1"),
    ("GET", "?query=", None, b"", 400, "linje 1"),
    ("GET", "?query=ASK%7B%7D&query=ASK%7B%7D", None, b"", 400, "mer enn én"),
    ("GET", "?default-graph-uri=x:y", None, b"", 400, "ingen spørring"),
    ("GET", "?query=ASK%7B%7D&default-graph-uri=ikke-hel", None, b"", 400, "ikke-hel"),
    ("GET", "?query=ASK%7B%7D&named-graph-uri=a%20b", None, b"", 400, "a b"),
    ("GET", "?query=%FF", None, b"", 400, "UTF-8"),
    ("GET", "?query=ASK%00", None, b"", 400, "linje 1"),
    ("GET", "?" + "a=b&" * 1500, None, b"", 400, "Skjemaet"),
    ("POST", "", FORM, b"", 400, "ingen spørring"),
    ("POST", "", FORM, b"query=%FF", 400, "UTF-8"),
    ("POST", "", FORM, b"query=\xff", 400, "UTF-8"),
    ("POST", "", QUERY, b"\xff\xfe", 400, "UTF-8"),
    ("POST", "", QUERY, "ASK { æ }".encode(), 400, "linje 1, kolonne"),
    ("POST", "?query=ASK%7B%7D", QUERY, b"ASK {}", 400, "mer enn én"),
    ("POST", "", FORM, b"update=CLEAR+ALL", 403, "ikke endres"),
    ("GET", "?update=CLEAR+ALL", None, b"", 403, "ikke endres"),
    ("POST", "", "application/sparql-update", b"CLEAR ALL", 403, "ikke endres"),
    ("POST", "", "text/plain", b"ASK {}", 415, "text/plain"),
    ("POST", "", None, b"ASK {}", 415, "Content-Type"),
    ("POST", "", QUERY, b"#" * (MAX_BODY_BYTES + 1), 413, "1024 kB"),
]


@pytest.mark.parametrize(("method", "path", "type", "body", "status", "words"), FAULTS, ids=range(len(FAULTS)))
def test_faults_are_told_in_a_sentence(
    address: str, method: str, path: str, type: str | None, body: bytes, status: int, words: str
) -> None:
    said = set()
    for language in LANGUAGES:
        reply = send(method, address, f"sparql{path}", {"Content-Type": type, "Accept-Language": language}, body or None)
        assert reply.status == status and reply.type == "text/plain; charset=utf-8" and reply.headers["content-language"] == language
        assert reply.text.rstrip().endswith(".") and "Traceback" not in reply.text
        assert language == "en" or words in reply.text
        said.add(reply.text)
    assert len(said) == len(LANGUAGES)


def test_other_methods(address: str) -> None:
    path = f"sparql?{urlencode({'query': ROLES})}"
    head, whole = send("HEAD", address, path), get(address, path)
    assert (head.status, head.type, head.body) == (200, whole.type, b"") and head.headers["content-length"] == str(len(whole.body))
    options = send("OPTIONS", address, "sparql")
    assert options.status == 204 and options.headers["allow"] == ", ".join(ENDPOINT_METHODS)
    assert send("PUT", address, "sparql", body=b"x").status == 405


def test_pages_elsewhere_may_ask(address: str) -> None:
    origin = {"Origin": "https://example.org"}
    for reply in (get(address, "sparql", **origin), get(address, "sparql?query=SELECT", **origin)):
        assert reply.headers["access-control-allow-origin"] == "*"
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = send("OPTIONS", address, "sparql", asked)
    assert preflight.status == 200 and "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize("format", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD])
def test_it_says_what_it_is(address: str, inferred: Store, format: RdfFormat) -> None:
    reply = get(address, "sparql", format.media_type)
    assert reply.status == 200 and reply.type.partition(";")[0] == format.media_type
    store = Store()
    store.bulk_load(reply.body, format=format)
    prefixes = {"sd": SD_NAMESPACE, "void": "http://rdfs.org/ns/void#"}
    told = f"""SELECT ?name ?triples {{ <{address}sparql> a sd:Service ; sd:endpoint <{address}sparql> ;
        sd:supportedLanguage sd:SPARQL11Query ; sd:defaultDataset/sd:namedGraph [ sd:name ?name ; sd:graph/void:triples ?triples ] }}"""
    found = store.query(told, prefixes=prefixes)
    assert isinstance(found, QuerySolutions)
    names = {graph.value for graph in inferred.named_graphs()}
    assert {row["name"].value: int(row["triples"].value) for row in found} == {name: counted(inferred, name) for name in names}
    assert get(address, "sparql").type == "text/turtle; charset=utf-8"
    assert get(address, "sparql", "image/png").status == 406


def test_a_browser_is_led_to_the_page(address: str) -> None:
    reply = get(address, "sparql", "text/html,application/xml;q=0.9,*/*;q=0.8", "en")
    assert (reply.status, reply.path) == (303, "/sparql.html")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { SERVICE <http://x.org/> { ?s ?p ?o } }", True),
        ("SELECT * { seRVice SILENT ?x { ?s ?p ?o } }", True),
        ("ASK { FILTER (1<2).SERVICE<http://x.org/>{}FILTER (2>1) }", True),
        ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { { SELECT * { OPTIONAL { SERVICE <x:y> {} } } } } }", True),
        (
            "PREFIX service: <x:> SELECT * { ?s service:SERVICE ?service FILTER (?service != 'SERVICE <x:y> {}'@service) }",
            False,
        ),
        ("SELECT * { <http://x.org/SERVICE> ?p '''\nSERVICE <x:y> {}''' }", False),
        ("ASK {}", False),
        ("ASK {?a ?b ?c #\rSERVICE <http://x.org/> {}\n}", True),
        ('SELECT * { FILTER ("\\u0022) } #" = 1) SERVICE <http://x.org/> {} }', True),
        ('ASK { ?service ?p "\\\\u0022", "SERVICE" }', False),
        # Only the engine can read these.
        ("SELECT * { <<( ?s ?p 'service' )>> ?a ?b }", True),
        ("SELECT * { " + "{" * 400 + "}" * 400 + " SERVICE <x:y> {} }", True),
    ],
)
def test_asking_another_service_is_found_by_parsing(query: str, expected: bool) -> None:
    try:
        assert has_service(query) is expected
    except SyntaxError:
        pytest.fail("the engine could not read it")


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """A service that must not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_other_services_are_refused_and_never_reached(address: str, elsewhere: socket.socket, silent: str) -> None:
    there = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
    for query in (
        f"SELECT * {{ SERVICE {silent}<{there}> {{ ?s ?p ?o }} }}",
        f"ASK {{ BIND (<{there}> AS ?x) SERVICE {silent}?x {{ ?s ?p ?o }} }}",
    ):
        reply = ask(address, query)
        assert reply.status == 422 and "SERVICE" in reply.text
    assert number(ask(address, COUNT.replace("WHERE", f"FROM <{there}> WHERE"))) == 0
    assert number(ask(address, COUNT, parameters={"default-graph-uri": [there]})) == 0
    assert ask(address, f"LOAD {silent}<{there}>").status == 400


def test_the_system_lets_nothing_out_even_where_the_parser_is_deceived(elsewhere: socket.socket) -> None:
    there = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
    program = f"""
import json, os, socket
from pyoxigraph import Store
from balansekunst.web import query_process
query_process.has_service = lambda query, base: False
ours, theirs = socket.socketpair()
if not os.fork():
    query_process.run_query_in_child(theirs, Store(), query_process.Limits())
ours.sendall(json.dumps({{"query": "SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }}"}}).encode() + b"\\n")
print(ours.recv(10_000))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "serving.failed" in done.stdout and "open files" in done.stdout


@pytest.mark.slow
def test_a_query_is_ended_when_its_time_is_up(address: str) -> None:
    started = time.monotonic()
    reply = ask(address, HEAVY)
    assert reply.status == 500 and f"{SECONDS} seconds" in reply.text
    assert time.monotonic() - started < 20
    assert "sekunder" in ask(address, HEAVY, language="nb").text


def test_a_query_is_ended_when_its_memory_is_up(address: str) -> None:
    for query in (HUNGRY, f'SELECT (REPLACE("{"a" * 2000}", "", "{"b" * 200_000}") AS ?x) {{}}'):
        reply = ask(address, query)
        assert reply.status == 500 and f"{MEGABYTES} MB" in reply.text, reply.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}",
        "ASK { FILTER (1" + "+1" * 100_000 + ") }",
        "ASK { FILTER (" + "!" * 60_000 + "true) }",
    ],
)
def test_a_query_that_breaks_the_engine_breaks_nothing_else(address: str, query: str) -> None:
    reply = ask(address, query)
    assert reply.status == 500 and reply.text.endswith(".\n")
    assert json.loads(ask(address, "ASK {}").body)["boolean"] is True


def test_an_answer_is_whole_or_refused(address: str) -> None:
    def rows(limit: int) -> str:
        return f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {limit}"

    for accept in (JSON, XML, TSV, CSV):
        assert ask(address, rows(ROWS), accept).status == 200
        reply = ask(address, rows(ROWS + 1), accept)
        assert reply.status == 422 and str(ROWS) in reply.text
    assert ask(address, rows(ROWS).replace("SELECT *", "CONSTRUCT { ?s ?p ?o }")).status == 200
    assert ask(address, rows(ROWS + 1).replace("SELECT *", "CONSTRUCT { ?s ?p ?o }")).status == 422


def processes(pid: int) -> list[int]:
    """The processes that descend from one."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(found for child in children for found in processes(child))]


def until(is_true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def hang_up(address: str, query: str) -> socket.socket:
    """Send a query and do not wait for the answer."""
    parts = urlsplit(address)
    asking = socket.create_connection((parts.hostname, parts.port))
    asking.sendall(f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return asking


@pytest.mark.slow
def test_heavy_queries_hold_up_no_others(folder: Path) -> None:
    with localserver.running(folder, "--limit-seconds", "60") as (address, server):
        ask(address, "ASK {}")
        # One holds the data, and there is one for each query.
        until(lambda: len(processes(server.pid)) == 1)
        heavy = [hang_up(address, HEAVY) for _ in range(3)]
        until(lambda: len(processes(server.pid)) == 4)
        for _ in range(5):
            assert number(ask(address, "SELECT (COUNT(*) AS ?n) { ?s a ?o }")) > 100
        assert get(address, "role/butikksjef").status == 303
        # Who goes away ends the query.
        heavy.pop().close()
        until(lambda: len(processes(server.pid)) == 3)
        # So does an end of the server, and those who wait are told.
        server.send_signal(signal.SIGINT)
        assert b"503" in heavy[0].recv(100)
        assert server.wait(timeout=30) == 0
        for asking in heavy:
            asking.close()


def test_more_queries_than_there_are_places_wait_their_turn(address: str) -> None:
    replies: list[Reply] = []
    heavy = [Thread(target=lambda: replies.append(ask(address, HEAVY))) for _ in range(MAX_CONCURRENT_QUERIES)]
    for thread in heavy:
        thread.start()
    time.sleep(0.2)
    light = ask(address, "ASK {}")
    assert light.status == 200 or (light.status, light.headers["retry-after"]) == (503, "5")
    for thread in heavy:
        thread.join()
    assert {reply.status for reply in replies} <= {500, 503} and len(replies) == MAX_CONCURRENT_QUERIES
    assert ask(address, "ASK {}").status == 200


def test_what_has_been_asked_is_answered_while_others_take_every_place(folder: Path) -> None:
    with localserver.running(folder, "--limit-seconds", "60") as (address, server):
        first = ask(address, COUNT, JSON)
        heavy = [hang_up(address, HEAVY) for _ in range(MAX_CONCURRENT_QUERIES)]
        until(lambda: len(processes(server.pid)) == 1 + MAX_CONCURRENT_QUERIES)
        again = ask(address, COUNT, JSON)
        assert (again.status, again.headers["content-type"], again.body) == (200, first.headers["content-type"], first.body)
        for asking in heavy:
            asking.close()


@pytest.mark.parametrize("function", ["NOW", "RAND", "uuid", "StrUUID "])
def test_what_is_another_value_each_time_is_neither_kept_nor_shared(address: str, function: str) -> None:
    first, second = (ask(address, f"SELECT ({function}() AS ?v) WHERE {{}}", JSON) for _ in range(2))
    assert first.status == second.status == 200
    assert first.body != second.body


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_server_ends(folder: Path, how: signal.Signals) -> None:
    with localserver.running(folder, "--limit-seconds", "60") as (address, server):
        asking = hang_up(address, HEAVY)
        until(lambda: len(processes(server.pid)) == 2)
        left = processes(server.pid)
        server.send_signal(how)
        assert server.wait(timeout=30) == -how
        until(lambda: not any(is_running(pid) for pid in left))
        asking.close()
        assert server.stderr is not None and server.stderr.read() == ""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("127.0.0.1:80", 200), ("[::1]:80", 200), ("example.org", 400), ("", 400)]
)
def test_only_this_machine_is_answered_by_name(address: str, host: str, status: int) -> None:
    assert send("GET", address, "sparql?query=ASK%7B%7D", {"Host": host}).status == status


def test_what_is_far_too_large_is_refused(address: str) -> None:
    long, far_too_long = (f"sparql?query=ASK%7B%7D%23{'x' * size}" for size in (100_000, 200_000))
    for path, accept, status in (("role/butikksjef", "x" * 20_000, 431), (long, None, 200), (far_too_long, None, 414)):
        assert get(address, path, accept).status == status
    assert get(address, "role/butikksjef").status == 303


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "balansekunst", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60, env=clean())


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(folder, "serve", "--port", port, "--lang", "nb")
    assert done.returncode == 2 and f"127.0.0.1:{port}" in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr


def test_a_site_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        find_built_site(Project(tmp_path))
    for language in LANGUAGES:
        assert "balansekunst build" in error.value.format_sentences(language)[0]


def test_the_rules_for_a_host_are_written(folder: Path) -> None:
    done = run(folder, "hosting", "--target", "https://example.org/kunnskap/", "--lang", "nb")
    assert done.returncode == 0 and "w3id.htaccess" in done.stdout
    written = (folder / "build" / "site" / "hosting" / "w3id.htaccess").read_text(encoding="utf-8")
    assert "https://example.org/kunnskap/" in written


@pytest.mark.parametrize("form", ["SELECT * {{ {} }}", "CONSTRUCT {{ <x:s> <x:p> ?x }} {{ {} }}"])
@pytest.mark.parametrize("letter", ["\\u0001", "\\u001B", "\\uFFFE", "\\uFFFF"])
def test_xml_is_well_formed_whatever_a_query_makes(form: str, letter: str) -> None:
    query = form.format(f'BIND ("a{letter}b" AS ?x)')
    accept = XML if form.startswith("SELECT") else RdfFormat.RDF_XML.media_type
    answered = evaluate(Store(), QueryRequest(query, accept), Limits())
    assert answered.key == "ok"
    assert "".join(ElementTree.fromstring(answered.body).itertext()).strip() == "a\ufffdb"


def test_no_term_is_changed_on_its_way() -> None:
    store = Store()
    texts = [
        "",
        "1",
        "01",
        "+1",
        "-0",
        "1.0",
        "1e3",
        "INF",
        "true",
        "TRUE",
        "a\tb\r\nc\"d'e\\f\u2028",
        "\U0001f600",
        "?x",
        "<x>",
        "_:b",
        ",",
        '","',
    ]
    types = [*(f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "boolean", "string")), "x:y#é"]
    literals = [*(Literal(t, datatype=NamedNode(k)) for t in texts for k in types), *(Literal(t, language="en-GB") for t in texts)]
    for place, literal in enumerate(literals):
        store.add(Quad(NamedNode(f"x:{place}"), NamedNode("x:p"), literal))
    query = "SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?s"
    for format in (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV, QueryResultsFormat.CSV):
        answered = evaluate(store, QueryRequest(query, format.media_type), Limits())
        found = store.query(query)
        assert isinstance(found, QuerySolutions) and answered.key == "ok"
        assert answered.body == found.serialize(format=format)
    assert evaluate(store, QueryRequest("SELECT * {}", JSON), Limits()).body == b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
