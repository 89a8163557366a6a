"""The command `query`: it lists, answers in every format and both languages, and tells of mistakes in a sentence."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from balansekunst.answers import ANSWER_FORMATS, as_json
from balansekunst.catalogue import Answer, Question, ask, chosen, find_question
from balansekunst.infer import infer
from balansekunst.load import load
from balansekunst.project import Project
from test_cli import run


@pytest.fixture(scope="module")
def asked(project: Project) -> tuple[Answer, Question]:
    store = load(project.sources(), project.root)
    infer(store, project)
    question = find_question(project, "same-competence")
    return ask(store, question, chosen(question, {}, store)), question


@pytest.mark.parametrize(("language", "word"), [("nb", "Butikksjef"), ("en", "Store manager")])
def test_tables_for_people_are_in_their_language(asked: tuple[Answer, Question], language: str, word: str) -> None:
    answer, question = asked
    table = ANSWER_FORMATS["table"](answer, question, language)
    assert word in table and question.question[language] in table
    assert question.does_not_mean[language] in table
    markdown = ANSWER_FORMATS["md"](answer, question, language)
    assert len(markdown.splitlines()) == 2 + len(answer.rows)
    assert len({line.replace("\\|", "").count("|") for line in markdown.splitlines()}) == 1


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_separated_values_hold_every_variable(asked: tuple[Answer, Question], format: str, delimiter: str) -> None:
    answer, question = asked
    rows = list(csv.DictReader(io.StringIO(ANSWER_FORMATS[format](answer, question, "nb"), newline=""), delimiter=delimiter))
    assert [list(row) for row in rows] == [answer.variables] * len(answer.rows)
    assert {row["role"] for row in rows} == {getattr(row["role"], "value", None) for row in answer.rows}


def test_json_is_the_standard_format(asked: tuple[Answer, Question]) -> None:
    answer, question = asked
    solutions = parse_query_results(as_json(answer, question, "nb").encode(), format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    assert [[solution[name] for name in answer.variables] for solution in solutions] == [list(row.values()) for row in answer.rows]


def test_json_lines_are_an_object_each(asked: tuple[Answer, Question]) -> None:
    answer, question = asked
    lines = [json.loads(line) for line in ANSWER_FORMATS["jsonl"](answer, question, "nb").splitlines()]
    assert [list(line) for line in lines] == [answer.variables] * len(answer.rows)


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
        (["query", "Q99"], "no question called Q99"),
        (["query", "Q1", "--param", "veiledning"], "“veiledning” is not a parameter"),
        (["query", "Q1", "--param", "competence=veildening"], "Nearest: competence/veiledning"),
        (["query", "Q1", "--format", "pdf"], "There is no format “pdf”"),
        (["query", "Q1", "--out", "/finnes/ikke/svar.csv"], "/finnes/ikke/svar.csv"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run(*arguments, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and "Traceback" not in done.stderr
