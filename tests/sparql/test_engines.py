"""Every question of the catalogue has the same answer from rdflib and from the engine of the pages as from the embedded one.

A store elsewhere is asked in `test_graph_store.py`.
"""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, Store, parse_query_results

from balansekunst.dataset import Dataset
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.rdf.ntriples import serialize_ntriples
from balansekunst.sparql.catalogue import QueryResult, bind_parameters, build_query_result, load_questions, resolve_parameters, run_question
from helpers.dataset import find_project
from helpers.engines import comparable

QUESTIONS = sorted(path.stem for path in find_project().list_question_files())


@pytest.fixture(scope="module")
def dump(inferred: Store) -> str:
    """All graphs as one, in N-Triples."""
    return serialize_ntriples(inferred)


@pytest.fixture
def graph(inferred_graph: rdflib.Graph) -> rdflib.Graph:
    """The same, asked by rdflib's own engine."""
    return inferred_graph


def term(node: object) -> Term | None:
    """A term of rdflib as one of pyoxigraph."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    return None if node is None else NamedNode(str(node))


def asked(graph: rdflib.Graph, query: str) -> QueryResult:
    result = graph.query(query)
    assert result.vars is not None
    names = [str(name) for name in result.vars]
    return QueryResult(names, [{name: term(row[place]) for place, name in enumerate(names)} for row in result])  # type: ignore[index]


def agree(ours: QueryResult, theirs: QueryResult) -> None:
    assert theirs.variables == ours.variables
    # Rows in a list are not hashable, and the order of rows that sort the same is each engine's own.
    assert Counter(map(str, comparable(theirs))) == Counter(map(str, comparable(ours)))


@pytest.mark.reference
@pytest.mark.parametrize("id", QUESTIONS)
def test_rdflib_answers_as_the_embedded_engine_does(project: Project, inferred: Store, graph: rdflib.Graph, id: str) -> None:
    question = load_questions(project)[id]
    ours, theirs = run_question(inferred, question), asked(graph, question.text)
    agree(ours, theirs)
    values = resolve_parameters(question, {parameter.name: parameter.example for parameter in question.parameters}, inferred)
    if values:
        agree(run_question(inferred, question, values), asked(graph, bind_parameters(question, values)))


@pytest.fixture(scope="module")
def in_browser(
    project: Project, inferred: Store, dump: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, bool], QueryResult]:
    """The answers of the engine of the pages, by question and whether its parameters were bound."""
    node = shutil.which("node")
    if node is None or not (project.root / "node_modules" / "oxigraph").is_dir():
        pytest.skip("The engine of the pages needs Node 20 or newer, and npm ci: make setup")
    folder = tmp_path_factory.mktemp("browser")
    asked_of = {
        (id, whole): question.text if whole else bind_parameters(question, resolve_parameters(question, {}, inferred))
        for id, question in load_questions(project).items()
        for whole in (True, False)
    }
    (folder / "dump.nt").write_text(dump, encoding="utf-8")
    (folder / "queries.json").write_text(json.dumps(list(asked_of.values())), encoding="utf-8")
    command: list[str | Path] = [
        node,
        project.root / "tests" / "helpers" / "browser_engine.mjs",
        folder / "dump.nt",
        folder / "queries.json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answers = [build_query_result(parse_query_results(json.dumps(a), format=QueryResultsFormat.JSON)) for a in json.loads(done.stdout)]
    return dict(zip(asked_of, answers, strict=True))


@pytest.mark.reference
@pytest.mark.xdist_group("engine of the pages")
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("id", QUESTIONS)
def test_the_engine_of_the_pages_answers_as_the_embedded_one(
    project: Project, inferred: Store, in_browser: dict[tuple[str, bool], QueryResult], id: str, whole: bool
) -> None:
    question = load_questions(project)[id]
    agree(run_question(inferred, question, {} if whole else resolve_parameters(question, {}, inferred)), in_browser[id, whole])


def test_the_rdflib_view_is_of_the_same_store(project: Project) -> None:
    """A statement added to the store is seen in the view: nothing is copied."""
    dataset = Dataset(project)
    before = len(dataset.rdflib)
    dataset.store.add(pyoxigraph.Quad(NamedNode("x:a"), NamedNode("x:b"), NamedNode("x:c"), NamedNode("x:graph")))
    assert len(dataset.rdflib) == before + 1
    question = load_questions(project)["shared-competences"]
    agree(run_question(dataset.store, question), asked(dataset.rdflib, question.text))
