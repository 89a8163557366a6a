"""A real Apache Jena Fuseki gets the dataset whole or not at all, and answers the catalogue as the embedded engine does."""

import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from balansekunst import http_client
from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, GRAPH_PATH, GRAPH_PREFIX, INFERRED_GRAPH, NAMESPACE
from balansekunst.project import Project
from balansekunst.sparql import graph_store, remote
from balansekunst.sparql.catalogue import bind_parameters, load_questions, resolve_parameters, run_question
from balansekunst.sparql.graph_store import (
    DEFAULT_GRAPH,
    STAGING_NAMESPACE,
    GraphContents,
    UploadTarget,
    collect_graphs,
    count_statements,
    find_upload_target,
    get_graph,
    normalize_statements,
    put_graph,
)
from helpers.dataset import find_project
from helpers.engines import comparable
from helpers.localserver import clean

pytestmark = pytest.mark.xdist_group("fuseki")

KINDS = ("ds", "tdb", "union", "graphs")
"""The datasets of `stores/config.ttl`."""
VERSION = NamedNode(f"{NAMESPACE}version")
FOREIGN = "https://example.org/graph"
OTHERS = [Triple(NamedNode("https://example.org/a"), VERSION, Literal("theirs"))]
QUESTIONS = [path.stem for path in find_project().list_question_files()]


@pytest.fixture(scope="module")
def server(fuseki_server: str) -> str:
    return fuseki_server


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest, server: str, project: Project) -> UploadTarget:
    """An empty store of each kind."""
    return emptied(find_upload_target(f"{server}/{request.param}/data"), project)


@pytest.fixture
def memory(server: str, project: Project) -> UploadTarget:
    return emptied(find_upload_target(f"{server}/ds/data"), project)


def emptied(to: UploadTarget, project: Project) -> UploadTarget:
    for name in [*count_statements(to, project), DEFAULT_GRAPH]:
        graph_store.delete_graph(to, name)
    return to


def dataset(version: str, *names: str, base: str = BASE) -> Store:
    """A dataset of small graphs that each tell the version."""
    store = Store()
    for number, name in enumerate(names):
        graph = NamedNode(base + GRAPH_PATH + name)
        store.update(
            f"""PREFIX bk: <{NAMESPACE}> INSERT DATA {{ GRAPH {graph} {{
                <{base}{name}> bk:version "{version}" ;
                    bk:part [ bk:number {number}, 0.50 ; bk:next [] ] ; bk:label "Å\\n\\"ø\\""@nb }} }}"""
        )
    return store


OLD = dataset("1", "a", "data/b", "gone")
NEW = dataset("2", "a", "data/b", "new")


def load(to: UploadTarget, project: Project, store: Store) -> graph_store.UploadResult:
    return graph_store.upload(store, to, project, lambda done, of: None)


def assert_holds(to: UploadTarget, project: Project, store: Store) -> None:
    """Nothing but the dataset, and what is others', is there."""
    wanted = collect_graphs(store)
    if to.graph_store.endswith("/union/data"):
        del wanted[DEFAULT_GRAPH]
    assert count_statements(to, project).keys() - {FOREIGN} == wanted.keys() - {DEFAULT_GRAPH}
    for name, statements in wanted.items():
        assert normalize_statements(get_graph(to, name)) == normalize_statements(statements), name


def fault(to: UploadTarget, project: Project, store: Store = NEW) -> UserError:
    with pytest.raises(UserError) as error:
        load(to, project, store)
    assert all(error.value.format_sentences(language) for language in ("nb", "en"))
    return error.value


def keys(error: UserError) -> list[str]:
    return [key for key, _ in error.messages]


def test_a_dataset_takes_the_place_of_the_one_before_and_leaves_others_alone(there: UploadTarget, project: Project) -> None:
    put_graph(there, FOREIGN, OTHERS)
    load(there, project, OLD)
    assert_holds(there, project, OLD)
    told = load(there, project, NEW)
    assert_holds(there, project, NEW)
    assert (told.graphs, told.statements) == (3, len(NEW))
    assert get_graph(there, FOREIGN) == OTHERS
    ways = {"union": ["upload.union"], "graphs": ["upload.one-by-one"]}
    assert [key for key, _ in told.notes] == ways.get(there.graph_store.split("/")[-2], [])


def test_a_project_of_someone_elses_is_loaded_in_place_of_the_one_before_too(there: UploadTarget, project: Project) -> None:
    base = "https://kommunen.example/kompetanse/"
    own = replace(project, base=base)
    put_graph(there, FOREIGN, OTHERS)
    for number, names in enumerate((("a", "b"), ("b", "c"))):
        store = dataset(str(number), *names, base=base)
        load(there, own, store)
        assert {*count_statements(there, own)} - {FOREIGN} == {f"{base}{GRAPH_PATH}{name}" for name in names}
    assert get_graph(there, FOREIGN) == OTHERS


VERSIONS = f"""SELECT ?graph ?version WHERE {{
    {{ GRAPH ?graph {{ ?a <{VERSION.value}> ?version }} FILTER (STRSTARTS(STR(?graph), "{GRAPH_PREFIX}")) }}
    UNION {{ ?a <{VERSION.value}> ?version BIND ("default" AS ?graph) }}
}}"""


@pytest.mark.parametrize("kind", ["ds", "tdb", "union"])
def test_who_reads_during_a_swap_sees_the_old_or_the_new_and_never_a_mixture(server: str, project: Project, kind: str) -> None:
    to = emptied(find_upload_target(f"{server}/{kind}/data"), project)
    versions = {version: dataset(version, *(f"g{n}" for n in range(30))) for version in "123"}
    load(to, project, versions["1"])
    problems: list[BaseException] = []

    def write() -> None:
        try:
            for version in "23":
                load(to, project, versions[version])
        except BaseException as error:
            problems.append(error)

    def read() -> Counter[str]:
        rows = remote.run_remote_query(to.query, VERSIONS).rows
        return Counter(row["version"].value for row in rows if isinstance(row["version"], Literal))

    writer = Thread(target=write)
    seen = [*read()]
    writer.start()
    while writer.is_alive():
        found = read()
        assert len(found) == 1 and found.total() == 60, found
        seen += found
    writer.join()
    assert problems == []
    assert len(seen) > 10 and seen == sorted(seen) and seen[0] == "1"


KILLED = f"""
import os, signal, sys
sys.path[:0] = {[str(folder) for folder in Path(__file__).parents[:2]]!r}
from test_graph_store import NEW, find_project, find_upload_target, graph_store
kill = lambda done, of: os.kill(os.getpid(), signal.SIGKILL) if done >= 2 else None
graph_store.upload(NEW, find_upload_target(sys.argv[1]), find_project(), kill)
"""


def test_a_load_that_is_killed_leaves_the_old_data_and_the_next_clears_up(there: UploadTarget, project: Project) -> None:
    load(there, project, OLD)
    done = subprocess.run([sys.executable, "-c", KILLED, there.graph_store], check=False, timeout=120, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    counts = count_statements(there, project)
    left = [name for name in counts if name.startswith(STAGING_NAMESPACE)]
    assert len(left) == (0 if there.graph_store.endswith("/union/data") else 3)
    for name, statements in collect_graphs(OLD).items():
        if name != DEFAULT_GRAPH or not there.graph_store.endswith("/union/data"):
            assert normalize_statements(get_graph(there, name)) == normalize_statements(statements)
    load(there, project, NEW)
    assert_holds(there, project, NEW)


def test_a_load_that_is_interrupted_clears_up_at_once(memory: UploadTarget, project: Project) -> None:
    load(memory, project, OLD)

    def interrupt(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graph_store.upload(NEW, memory, project, interrupt)
    assert_holds(memory, project, OLD)


def test_what_the_store_does_not_give_back_as_put_is_not_swapped_in(
    memory: UploadTarget, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(memory, project, OLD)

    def changed(to: UploadTarget, name: str, statements: list[Triple]) -> None:
        put_graph(to, name, [Triple(t.subject, t.predicate, Literal("Å") if t.object == Literal("2") else t.object) for t in statements])

    monkeypatch.setattr(graph_store, "put_graph", changed)
    error = fault(memory, project)
    assert keys(error) == ["upload.differs"] and STAGING_NAMESPACE in str(error)
    assert_holds(memory, project, OLD)


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("fault_met", [http_client.TransientError("remote.broken", {"address": "x", "reason": "y"}), KeyboardInterrupt()])
def test_a_swap_whose_answer_is_lost_is_looked_into(
    memory: UploadTarget, project: Project, monkeypatch: pytest.MonkeyPatch, is_done: bool, fault_met: BaseException
) -> None:
    load(memory, project, OLD)
    send = graph_store.run_update

    def lost(to: UploadTarget, text: str) -> None:
        if "INSERT" not in text or is_done:
            send(to, text)
        if "INSERT" in text:
            raise fault_met

    monkeypatch.setattr(graph_store, "run_update", lost)
    if is_done:
        load(memory, project, NEW)
    else:
        assert keys(fault(memory, project))[-1] == "upload.unchanged"
    assert_holds(memory, project, NEW if is_done else OLD)


def test_a_swap_that_the_store_refuses_midway_is_undone_whole(
    there: UploadTarget, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there.graph_store.endswith("/graphs/data"):
        pytest.skip("this kind of store has no swap")
    load(there, project, OLD)
    written, replaced = graph_store.build_insert_update, graph_store.build_move_update
    ending = f" ;\nCOPY GRAPH <{STAGING_NAMESPACE}nothing> TO DEFAULT"
    monkeypatch.setattr(graph_store, "build_insert_update", lambda wanted, gone: written(wanted, gone) + ending)
    monkeypatch.setattr(graph_store, "build_move_update", lambda *given: replaced(*given) + ending)
    assert keys(fault(there, project))[-1] == "upload.unchanged"
    assert_holds(there, project, OLD)


def test_two_loads_at_once_end_with_the_data_of_one(memory: UploadTarget, project: Project) -> None:
    load(memory, project, OLD)

    def clear_what_the_first_staged(done: int, of: int) -> None:
        if done == 2:
            load(memory, project, NEW)

    with pytest.raises(UserError) as error:
        graph_store.upload(OLD, memory, project, clear_what_the_first_staged)
    assert keys(error.value)[-1] in ("upload.unchanged", "upload.differs")
    assert_holds(memory, project, NEW)


def test_without_updates_a_fault_midway_keeps_the_default_graph_and_says_so(
    server: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = emptied(find_upload_target(f"{server}/graphs/data"), project)
    load(to, project, OLD)

    def stops(to: UploadTarget, name: str, statements: list[Triple]) -> None:
        if name == f"{GRAPH_PREFIX}new":
            raise UserError(("remote.broken", {"address": "x", "reason": "y"}))
        put_graph(to, name, statements)

    monkeypatch.setattr(graph_store, "put_graph", stops)
    assert keys(fault(to, project)) == ["remote.broken", "upload.partial"]
    assert normalize_statements(get_graph(to, DEFAULT_GRAPH)) == normalize_statements(collect_graphs(OLD)[DEFAULT_GRAPH])


def test_a_default_graph_of_others_is_not_replaced(memory: UploadTarget, project: Project) -> None:
    put_graph(memory, DEFAULT_GRAPH, OTHERS)
    error = fault(memory, project)
    assert keys(error) == ["upload.foreign-triples"] and " 1 " in str(error)
    assert get_graph(memory, DEFAULT_GRAPH) == OTHERS and count_statements(memory, project) == {}


def test_services_of_different_stores_are_told_apart(server: str, project: Project, memory: UploadTarget) -> None:
    other = f"{server}/tdb"
    emptied(find_upload_target(f"{other}/data"), project)
    assert keys(fault(find_upload_target(memory.graph_store, query=f"{other}/query"), project)) == ["upload.other-query"]
    assert keys(fault(find_upload_target(memory.graph_store, update=f"{other}/update"), project)) == ["upload.other-update"]
    assert keys(fault(find_upload_target(memory.graph_store, update=f"{server}/graphs/update"), project)) == ["remote.not-found"]
    assert keys(fault(find_upload_target(f"{server}/nothing/data"), project)) == ["remote.not-found"]
    assert count_statements(memory, project) == {}


@pytest.mark.parametrize(
    ("graphs", "query", "update"),
    [
        ("http://localhost:3030/ds/data", "http://localhost:3030/ds/query", "http://localhost:3030/ds/update"),
        ("http://localhost:3030/ds/", "http://localhost:3030/ds/query", "http://localhost:3030/ds/update"),
        ("https://a.no/ds/get?key=1", "https://a.no/ds/query?key=1", "https://a.no/ds/update?key=1"),
        ("http://localhost:7878/store", "http://localhost:7878/query", "http://localhost:7878/update"),
        ("https://a.no/repositories/r/rdf-graphs/service", "https://a.no/repositories/r", "https://a.no/repositories/r/statements"),
        ("https://a.no:8182/sparql/gsp/", "https://a.no:8182/sparql", "https://a.no:8182/sparql"),
    ],
)
def test_query_and_update_are_found_from_the_address_of_the_graphs(graphs: str, query: str, update: str) -> None:
    assert find_upload_target(graphs) == UploadTarget(graphs, query, update, is_update_explicit=False)
    assert find_upload_target(graphs, "http://localhost/q", "http://localhost/u") == UploadTarget(
        graphs, "http://localhost/q", "http://localhost/u", True
    )


@pytest.fixture(scope="module")
def whole(server: str, project: Project, inferred: Store) -> tuple[UploadTarget, graph_store.UploadResult]:
    """The whole dataset, loaded over itself in the database that Fuseki keeps on disk. (`MOVE` and `COPY` lose statements there.)"""
    to = emptied(find_upload_target(f"{server}/tdb/data"), project)
    load(to, project, inferred)
    return to, load(to, project, inferred)


def test_the_whole_dataset_is_there(whole: tuple[UploadTarget, graph_store.UploadResult], project: Project, inferred: Store) -> None:
    to, told = whole
    wanted: GraphContents = collect_graphs(inferred)
    assert (told.graphs, told.statements, told.notes) == (len(wanted) - 1, len(inferred), [])
    assert INFERRED_GRAPH.value in wanted and len(told_of := count_statements(to, project)) == told.graphs
    assert told_of == {name: len(statements) for name, statements in wanted.items() if name != DEFAULT_GRAPH}
    assert graph_store.run_count_query(to, "default-graph", project) == len({Triple(q.subject, q.predicate, q.object) for q in inferred})


@pytest.mark.parametrize("is_bound", [False, True])
@pytest.mark.parametrize("id", QUESTIONS)
def test_the_catalogue_answers_there_as_it_does_here(
    whole: tuple[UploadTarget, graph_store.UploadResult], project: Project, inferred: Store, id: str, is_bound: bool
) -> None:
    question = load_questions(project)[id]
    values = resolve_parameters(question, {}, inferred) if is_bound else {}
    here, far = run_question(inferred, question, values), remote.run_remote_query(whole[0].query, bind_parameters(question, values), 300)
    assert far.variables == here.variables
    assert Counter(map(str, comparable(far))) == Counter(map(str, comparable(here)))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "balansekunst", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env={**clean(), **environment})


def test_the_commands_publish_and_query(memory: UploadTarget, inferred: Store) -> None:
    done = run("publish", "--to", memory.graph_store, "--lang", "nb")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Lastet og kontrollert: ") and f" {len(inferred)} " in done.stdout and done.stderr == ""
    for language in LANGUAGES:
        asked = ("query", "same-competence", "--lang", language)
        here, far = run(*asked), run(*asked, "--endpoint", memory.query)
        assert far.returncode == 0 and far.stdout == here.stdout and len(far.stdout) > 100


@pytest.mark.slow
def test_the_commands_tell_of_mistakes_in_a_sentence() -> None:
    secret = "s3cret"
    for arguments in (
        ("publish", "--to", f"http://kari:{secret}@localhost:1/ds/data"),
        ("query", "Q1", "--endpoint", f"http://{secret}@localhost:1/"),
    ):
        done = run(*arguments, "--lang", "en")
        assert done.returncode == 2 and "has a user name or password in it" in done.stderr
        assert secret not in done.stderr + done.stdout
    done = run("publish", "--to", "http://example.org/ds/data", "--lang", "nb", BALANSEKUNST_TOKEN=secret)
    assert done.returncode == 2 and "uten kryptering" in done.stderr and secret not in done.stderr


def test_statements_are_told_apart_by_value() -> None:
    def graph(*lines: str) -> set[Quad]:
        store = Store()
        store.update(f"INSERT DATA {{ {' . '.join(lines)} }}")
        return normalize_statements(Triple(q.subject, q.predicate, q.object) for q in store)

    assert graph("<x:a> <x:b> 0.50, 007, [ <x:c> 1 ]") == graph("<x:a> <x:b> 0.5, 7, [ <x:c> 1 ]")
    assert graph("<x:a> <x:b> 0.50") != graph("<x:a> <x:b> 0.51")
    assert graph("<x:a> <x:b> 1.0") != graph("<x:a> <x:b> 1")
    assert graph("<x:a> <x:b> [ <x:c> [] ]") != graph("<x:a> <x:b> [ <x:c> 1 ]")
