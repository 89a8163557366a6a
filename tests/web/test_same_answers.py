"""Another store loads the dump, and a client gets from our endpoint what it gets from that store, and what the engine gives here."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, Store, parse_query_results
from rdflib.compare import to_isomorphic
from SPARQLWrapper import CSV, JSON, N3, POST, RDFXML, TSV, XML, SPARQLWrapper

from balansekunst import http_client
from balansekunst.errors import UserError
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.sparql import remote
from balansekunst.sparql.catalogue import QueryResult, bind_parameters, build_query_result, load_questions, resolve_parameters, run_question
from helpers import localserver
from helpers.dataset import find_project
from helpers.engines import comparable

pytestmark = pytest.mark.xdist_group("fuseki")

QUESTIONS = [path.stem for path in find_project().list_question_files()]
RETURNED = {JSON: QueryResultsFormat.JSON, XML: QueryResultsFormat.XML, TSV: QueryResultsFormat.TSV}


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory, project: Project, inferred: Store, fuseki_server: str) -> Iterator[tuple[str, str]]:
    """Ours, and a Fuseki that has loaded the dump."""
    folder = tmp_path_factory.mktemp("same")
    site = localserver.make_project(folder, project, inferred)
    with localserver.running(folder) as (address, _):
        dump = (site / "data" / "balansekunst.trig").read_bytes()
        http_client.send_request("PUT", f"{fuseki_server}/union/data", dump, {"Content-Type": "application/trig"}, 300)
        yield f"{address}sparql", f"{fuseki_server}/union/query"


def fetched(endpoint: str, query: str, format: str, method: str = "GET") -> Any:
    """What SPARQLWrapper gets, as it comes."""
    client = SPARQLWrapper(endpoint)
    client.setReturnFormat(format)
    client.setOnlyConneg(True)
    client.setMethod(method)
    client.setQuery(query)
    return client.query()


def rows(endpoint: str, query: str, format: str = JSON, method: str = "GET") -> Counter[str]:
    body = fetched(endpoint, query, format, method).response.read()
    return counted(build_query_result(parse_query_results(BytesIO(body), format=RETURNED[format])))


def counted(answer: QueryResult) -> Counter[str]:
    return Counter(map(str, comparable(answer)))


@pytest.mark.parametrize("id", QUESTIONS)
def test_the_catalogue_has_the_same_answers(endpoints: tuple[str, str], project: Project, inferred: Store, id: str) -> None:
    ours, theirs = endpoints
    question = load_questions(project)[id]
    values = resolve_parameters(question, {}, inferred)
    # SPARQLWrapper takes what a comment says for what the query is.
    query = "\n".join(line for line in bind_parameters(question, values).splitlines() if not line.startswith("#"))
    here = counted(run_question(inferred, question, values))
    assert rows(ours, query, method=POST) == rows(theirs, query, method=POST) == here
    assert counted(remote.run_remote_query(ours, bind_parameters(question, values))) == here


@pytest.mark.parametrize("format", list(RETURNED))
def test_each_format_has_the_same_rows(endpoints: tuple[str, str], format: str) -> None:
    query = f"SELECT ?role ?label WHERE {{ ?role a <{NAMESPACE}Role> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }}"
    ours, theirs = (rows(endpoint, query, format) for endpoint in endpoints)
    assert ours == theirs and len(ours) > 10


def test_csv_is_the_same(endpoints: tuple[str, str]) -> None:
    query = f"SELECT ?role WHERE {{ ?role a <{NAMESPACE}Role> }} ORDER BY ?role"
    ours, theirs = (fetched(endpoint, query, CSV).convert() for endpoint in endpoints)
    assert ours == theirs and len(ours) > 500


@pytest.mark.parametrize("format", [RDFXML, N3])
def test_graphs_are_the_same(endpoints: tuple[str, str], format: str) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{BASE}role/butikksjef> <{BASE}standard/butikksjef> }} ?s ?p ?o }}"
    graphs = []
    for endpoint in endpoints:
        # Turtle is what SPARQLWrapper means by N3; it asks for both.
        found = fetched(endpoint, query, format)
        media_type = found.info()["content-type"].partition(";")[0]
        graphs.append(rdflib.Graph().parse(data=found.response.read(), format=media_type))
    assert to_isomorphic(graphs[0]) == to_isomorphic(graphs[1]) and len(graphs[0]) > 20
    assert fetched(endpoints[0], "ASK {}", JSON).convert()["boolean"] is True


def test_faults_are_told_to_our_own_client_as_they_are(endpoints: tuple[str, str]) -> None:
    for query, words in (("SELECT", "line 1, column 7"), ("SELECT * { SERVICE <x:y> {} }", "SERVICE")):
        with pytest.raises(UserError) as error:
            remote.run_remote_query(endpoints[0], query)
        [(key, values)] = error.value.messages
        assert key == "remote.faulty" and ("linje" in str(values["reason"]) or words in str(values["reason"]))
