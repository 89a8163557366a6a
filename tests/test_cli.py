"""The command: help a newcomer understands, exit codes, sentences in both languages, never a traceback."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from balansekunst.commands.terminal import choose_format, complete_slug
from balansekunst.messages import detect_language, load_messages
from balansekunst.project import Project
from balansekunst.version import __version__
from helpers.commands import run


def test_version_is_told_alone_and_beside_help_the_commands_are_listed() -> None:
    assert run("--version").stdout.strip() == __version__
    assert "validate" in run("--help", "--version").stdout


@pytest.mark.parametrize(("language", "word"), [("nb", "kompetanse"), ("en", "competence")])
def test_help_in_both_languages(language: str, word: str) -> None:
    done = run("--lang", language, "--help")
    assert done.returncode == 0
    assert word in done.stdout and "build" in done.stdout and "validate" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validate", "--foo"], "Valget --foo finnes ikke. Mente du dette: --format?"),
        (["validate", "--limit", "x"], "Verdien til --limit kan ikke brukes: den må være et heltall."),
        (["import"], "Argumentet «file» mangler."),
        (["tull"], "Kommandoen «tull» finnes ikke."),
    ],
)
def test_wrong_use_is_explained_in_norwegian(arguments: list[str], said: str) -> None:
    done = run("--lang", "nb", *arguments)
    command = arguments[0] if arguments[0] != "tull" else ""
    assert done.returncode == 2
    first, usage, hint = done.stderr.splitlines()
    assert first == said
    assert usage.startswith(f"Bruk: balansekunst {command}")
    assert hint == f"Kjør «{f'balansekunst {command}'.strip()} --help» for å se hjelpen."


def test_help_has_no_english_of_typer_in_norwegian() -> None:
    helped = run("--lang", "nb", "import", "--help").stdout + run("--lang", "nb", "--help").stdout
    assert [
        word
        for word in ("Usage", "OPTIONS", "Options", "ARGS", "Arguments", "COMMAND", "Commands", "default", "required", "Show", "Install")
        if re.search(rf"\b{word}\b", helped)
    ] == []
    assert {"Bruk:", "[VALG]", "Valg", "Argumenter", "Kommandoer", "[må"} <= set(helped.split())


def test_wrong_use_is_explained_in_the_words_of_typer_in_english() -> None:
    assert run("--lang", "en", "validate", "--foo").stderr.startswith(
        "No such option: --foo (Possible options: --format)\nUsage: balansekunst"
    )


def test_both_languages_have_the_same_messages_with_the_same_blanks() -> None:
    nb, en = load_messages("nb"), load_messages("en")
    assert nb.keys() == en.keys()
    for key in nb:
        assert sorted(re.findall(r"{(\w+)}", nb[key])) == sorted(re.findall(r"{(\w+)}", en[key])), key


@pytest.mark.slow
def test_valid_project_ends_with_0(project: Project) -> None:
    done = run("validate", cwd=project.root)
    assert done.returncode == 0, done.stdout
    assert done.stdout.rstrip().splitlines()[-1].startswith("Ingen feil.")


@pytest.mark.slow
def test_breach_ends_with_1(project: Project) -> None:
    done = run("validate", "shapes/examples/C4/violating.ttl", "--lang", "en", cwd=project.root)
    assert done.returncode == 1
    assert "ERROR C4" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "rule", "arena", "mend"),
    [
        ("nb", "FEIL T4", "«Styringsgruppa i Eksempelvik»", "Slik rettes det: Gi hovedverneombudet en plass"),
        ("en", "ERROR T4", "“The steering group of Eksempelvik”", "Give the chief safety representative a seat"),
    ],
)
def test_a_set_up_without_its_safety_representative_is_told_rule_arena_and_mend(
    project: Project, tmp_path: Path, language: str, rule: str, arena: str, mend: str
) -> None:
    own = (project.examples / "T1" / "conforming.ttl").read_text(encoding="utf-8")
    seat = "<setup/eksempelvik/styringsgruppe/participation/5>"
    without = own.replace(f" ,\n        {seat} ;", " ;").replace(
        f"{seat} a bk:Participation ; bk:participantRole <role/hovedverneombud> ; bk:seats 1 .", ""
    )
    assert "hovedverneombud" not in without
    (tmp_path / "vart-oppsett.ttl").write_text(without, encoding="utf-8")
    done = run("validate", str(tmp_path / "vart-oppsett.ttl"), "--lang", language)
    assert done.returncode == 1
    [told] = [line for line in done.stdout.splitlines() if rule in line]
    assert arena in told and "vart-oppsett.ttl:" in told
    assert mend in done.stdout


def test_the_roles_that_wait_are_listed_with_their_duties(project: Project) -> None:
    done = run("query", "roles-waiting", "--format", "csv", cwd=project.root)
    assert done.returncode == 0
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert len({row["role"] for row in rows}) == 32
    assert len({row["duty"] for row in rows} - {""}) == 71


def test_unreadable_file_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <b> .", encoding="utf-8")
    done = run("validate", str(tmp_path / "a.ttl"), str(tmp_path / "b.ttl"), "--lang", "en")
    assert done.returncode == 2
    assert "b.ttl: There is no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_language_ends_with_2_and_a_sentence() -> None:
    done = run("validate", "--lang", "de")
    assert done.returncode == 2
    assert "Språket «de» finnes ikke" in done.stderr


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "nn_NO.UTF-8"}, "nb"),
        ({"LANG": "C.UTF-8"}, "nb"),
        ({"LANG": "de_DE"}, "en"),
        ({"LC_ALL": "en_GB", "LANG": "nb_NO"}, "en"),
        ({"BALANSEKUNST_LANG": "nb", "LANG": "en_US"}, "nb"),
        ({}, "nb"),
    ],
)
def test_language_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str) -> None:
    for name in ("BALANSEKUNST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert detect_language() == language


@pytest.mark.parametrize(
    ("format", "file", "chosen"),
    [(None, "x.csv", "csv"), (None, "x.TTL", "turtle"), (None, "x.txt", "table"), (None, None, "table"), ("md", "x.csv", "md")],
)
def test_an_answer_is_written_as_the_ending_of_its_file_says(format: str | None, file: str | None, chosen: str) -> None:
    assert choose_format(format, Path(file) if file else None, "table") == chosen


def test_slugs_are_completed(project: Project) -> None:
    assert complete_slug("role")("butikk") == ["butikkmedarbeider", "butikksjef"]
    assert "veiledning" in complete_slug("competence")("veil")
    assert "same-competence" in complete_slug("question")("")
    done = run(_BALANSEKUNST_COMPLETE="complete_bash", COMP_WORDS="balansekunst query same-", COMP_CWORD="2")
    assert "same-competence" in done.stdout.split()


@pytest.mark.slow
def test_unknown_command_and_option_end_with_2() -> None:
    assert run("bygg").returncode == 2
    assert run("build", "--nope").returncode == 2


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("validate - <&-", 2, "The file cannot be read"),
        ("rules > /dev/full", 2, "The system refused"),
        (f"validate {'a' * 400}.ttl", 2, "The system refused"),
        ("validate --help > /dev/null", 0, ""),
    ],
)
def test_what_is_wrong_with_the_console_is_not_the_fault_of_the_tool(command: str, code: int, words: str) -> None:
    poor = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "BALANSEKUNST_LANG": "en"}
    line = f"{shlex.quote(sys.executable)} -m balansekunst {command}"
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, errors="replace", check=False, timeout=60, env=os.environ | poor
    )
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
