"""The command `query`: it lists, answers in every format and both languages, and tells of mistakes in a sentence."""

import csv
import io
import json
import time
from pathlib import Path

import pytest
import rdflib
from openpyxl import load_workbook
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from balansekunst.dataset import Dataset
from balansekunst.project import Project
from balansekunst.sparql.catalogue import QueryResult
from balansekunst.sparql.result_formats import QUERY_RESULT_FORMATS, format_result_json, format_result_workbook
from helpers.commands import run


@pytest.fixture(scope="module")
def answer(project: Project) -> QueryResult:
    return Dataset(project).query("same-competence")


def written(answer: QueryResult, format: str, language: str = "nb") -> str:
    text = QUERY_RESULT_FORMATS[format](answer, language)
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(("language", "word"), [("nb", "Butikksjef"), ("en", "Shop manager")])
def test_tables_for_people_are_in_their_language(answer: QueryResult, language: str, word: str) -> None:
    table, question = written(answer, "table", language), answer.question
    assert question is not None
    assert word in table and question.question[language] in table
    assert question.caveat[language] in table
    markdown = written(answer, "md", language)
    assert len(markdown.splitlines()) == 2 + len(answer.rows)
    assert len({line.replace("\\|", "").count("|") for line in markdown.splitlines()}) == 1


def test_no_character_that_xml_cannot_hold_is_in_what_people_read(project: Project, tmp_path: Path) -> None:
    answer = Dataset(project).run_sparql('SELECT ("a\\u0001b\\u001Bc\\uFFFEd" AS ?text) {}')
    assert [letter in written(answer, format) for format in ("table", "md") for letter in "\u0001\u001b\ufffe"] == [False] * 6
    path = tmp_path / "answer.xlsx"
    path.write_bytes(format_result_workbook(answer, "nb"))
    assert load_workbook(path).worksheets[0]["A2"].value == "a\ufffdb\ufffdc\ufffdd"
    assert "a\u0001b\u001bc\ufffed" in written(answer, "csv")


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_separated_values_hold_every_variable(answer: QueryResult, format: str, delimiter: str) -> None:
    rows = list(csv.DictReader(io.StringIO(written(answer, format), newline=""), delimiter=delimiter))
    assert [list(row) for row in rows] == [answer.variables] * len(answer.rows)
    assert {row["role"] for row in rows} == {getattr(row["role"], "value", None) for row in answer.rows}


def test_json_is_the_standard_format(answer: QueryResult) -> None:
    solutions = parse_query_results(format_result_json(answer, "nb").encode(), format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    assert [[solution[name] for name in answer.variables] for solution in solutions] == [list(row.values()) for row in answer.rows]


def test_json_lines_are_an_object_each(answer: QueryResult) -> None:
    lines = [json.loads(line) for line in written(answer, "jsonl").splitlines()]
    assert [list(line) for line in lines] == [answer.variables] * len(answer.rows)


def test_a_workbook_has_the_answer_every_variable_and_what_it_means(answer: QueryResult) -> None:
    book = load_workbook(io.BytesIO(format_result_workbook(answer, "nb")))
    assert book.sheetnames == ["Svar", "Alle variabler", "Om svaret"]
    assert [cell.value for cell in book["Svar"][1]][:2] == ["Kompetanse", "Rolle"]
    assert [cell.value for cell in book["Alle variabler"][1]] == answer.variables
    assert book["Svar"].max_row == book["Alle variabler"].max_row == len(answer.rows) + 1
    assert "Det sier ikke" in str(book["Om svaret"]["A4"].value)


def test_a_workbook_is_the_same_each_time(answer: QueryResult, monkeypatch: pytest.MonkeyPatch) -> None:
    first = format_result_workbook(answer, "nb")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2e9))
    assert format_result_workbook(answer, "nb") == first


def test_no_text_in_a_workbook_is_a_formula() -> None:
    hostile = ["=1+1", "+1", "@SUM(A1)", "a\x00b", "x" * 40_000]
    answer = QueryResult(["a", "n"], [{"a": Literal(text), "n": Literal(7)} for text in hostile])
    sheet = load_workbook(io.BytesIO(format_result_workbook(answer, "en")))["Answer"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in cells)
    assert [cell.value for cell in cells] == ["=1+1", "+1", "@SUM(A1)", "a\ufffdb", "x" * 32_767]
    assert sheet["B2"].value == 7


def test_rows_as_turtle_are_a_result_set(answer: QueryResult) -> None:
    graph = rdflib.Graph().parse(data=written(answer, "turtle"), format="turtle")
    rs = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    solutions = sorted(graph.objects(None, rs.solution), key=lambda s: int(str(graph.value(s, rs["index"]))))
    rows = [
        {str(graph.value(binding, rs.variable)): str(graph.value(binding, rs.value)) for binding in graph.objects(solution, rs.binding)}
        for solution in solutions
    ]
    assert rows == [{name: term.value for name, term in row.items() if term is not None} for row in answer.rows]  # type: ignore[union-attr]


def test_a_graph_as_turtle_is_its_triples(project: Project) -> None:
    answer = Dataset(project).run_sparql("CONSTRUCT WHERE { ?s a <https://w3id.org/balansekunst/ns#Effect> }")
    assert len(rdflib.Graph().parse(data=written(answer, "turtle"), format="turtle")) == len(answer.rows) == 3


def test_yes_and_no_in_every_format(project: Project) -> None:
    answer = Dataset(project).run_sparql("ASK { ?s ?p ?o }")
    assert json.loads(written(answer, "json")) == {"head": {}, "boolean": True}
    assert written(answer, "csv") == "answer\r\ntrue\r\n"
    assert "boolean> true" in written(answer, "turtle")


def test_square_brackets_in_a_text_are_no_markup() -> None:
    assert "[bold]x[/bold] :smile:" in written(QueryResult(["a"], [{"a": Literal("[bold]x[/bold] :smile:")}]), "table")


def test_a_query_of_ones_own_is_answered(tmp_path: Path) -> None:
    query = tmp_path / "own.rq"
    query.write_text("SELECT (COUNT(?d) AS ?dimensions) { ?d a <https://w3id.org/balansekunst/ns#BalanceDimension> }", encoding="utf-8")
    done = run("query", "--sparql", str(query), "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "dimensions\n3\n")


@pytest.mark.slow
def test_files_may_be_added_to_the_graph(tmp_path: Path) -> None:
    file = tmp_path / "extra.ttl"
    file.write_text("<https://w3id.org/balansekunst/role/ny> a <https://w3id.org/balansekunst/ns#Role> .", encoding="utf-8")
    query = tmp_path / "own.rq"
    query.write_text(
        "ASK { <https://w3id.org/balansekunst/role/ny> a <https://w3id.org/balansekunst/ns#CompetenceStandard> }", encoding="utf-8"
    )
    assert run("query", "--sparql", str(query), "--data", str(file), "--format", "csv").stdout == "answer\nfalse\n"
    query.write_text("ASK { <https://w3id.org/balansekunst/role/ny> ?p ?o }", encoding="utf-8")
    assert run("query", "--sparql", str(query), "--data", str(file), "--format", "csv").stdout == "answer\ntrue\n"


def test_a_question_tells_of_itself() -> None:
    told = run("query", "Q3", "--about", "--lang", "en").stdout
    assert "Parameter from (From role)" in told and "Column kind: Relation" in told and "SELECT ?from" in told


def test_questions_are_listed() -> None:
    done = run("query")
    assert done.returncode == 0
    assert "Q1   same-competence" in done.stdout and "Hvor er denne kompetansen nøkkelkompetanse" in done.stdout


def test_an_answer_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "svar.csv"
    done = run("query", "Q1", "--param", "competence=guidance", "--format", "csv", "--out", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 4
    assert list(tmp_path.iterdir()) == [file]


def test_an_empty_parameter_is_left_open(tmp_path: Path) -> None:
    assert len(run("query", "Q1", "--param", "competence=", "--format", "jsonl").stdout.splitlines()) > 50


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["query", "Q99"], "no query called Q99"),
        (["query", "Q1", "--param", "veiledning"], "“veiledning” is not a parameter"),
        (["query", "Q1", "--param", "competence=veildening"], "Nearest: competence/veiledning"),
        (["query", "Q1", "--format", "pdf"], "There is no format “pdf”"),
        (["query", "Q1", "--format", "xlsx"], "--out FILE"),
        (["query", "Q1", "--sparql", "-"], "not both"),
        (["query", "--sparql", "-", "--param", "a=b"], "In a query of your own"),
        (["query", "Q1", "--data", "/finnes/ikke.ttl"], "/finnes/ikke.ttl"),
        (["query", "Q1", "--out", "/finnes/ikke/svar.csv"], "/finnes/ikke/svar.csv"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run(*arguments, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and "Traceback" not in done.stderr
