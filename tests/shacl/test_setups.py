"""Set-ups as municipalities would write them: every fault that was planted is told, once, and nothing else is.

Each file of `tests/setups/` says in its header what is expected, as the examples of the rules do.
"""

import re
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from test_shapes import EXPECTED, outcome, shown

from balansekunst.init_project import create_project
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.shacl.data_graph import load_data_graph
from balansekunst.shacl.report import Report
from balansekunst.shacl.validate import validate, validate_data_graph
from helpers.engines import reference

SETUPS = sorted((Path(__file__).parents[1] / "setups").glob("*.ttl"))
NAMES = [path.stem for path in SETUPS]
OWN = "https://samarbeid.example.no/"
OWN_THINGS = ("setup", "agent/[a-z]+-", "role/(?:skoleleder|hr-radgiver|vara|byrad|komite|bydel|oppvekst|sekretaer|opposisjonsleder)")
"""How the paths of what a set-up itself describes begin."""


def expected(path: Path) -> Counter[tuple[str, str, str]]:
    """The findings that a file's header names, each as often as it is named."""
    matches = EXPECTED.finditer(path.read_text(encoding="utf-8"))
    return Counter((m["rule"], f"<{BASE}{m['focus']}>", re.sub("^<", f"<{BASE}", m["value"] or "")) for m in matches)


def told(report: Report, base: str = BASE) -> Counter[tuple[str, str, str]]:
    """The findings of a report, with the method's base in place of `base`."""
    found = ((f.rule.id, shown(f.focus_node), shown(f.value)) for f in report.findings)
    return Counter((rule, focus.replace(base, BASE), value.replace(base, BASE)) for rule, focus, value in found)


def with_own_base(path: Path) -> str:
    """A set-up with IRIs of the municipality's own for what it describes."""
    content = path.read_text(encoding="utf-8")
    return re.sub(rf"<({'|'.join(OWN_THINGS)})", rf"<{OWN}\1", content)


def in_one_language(content: str, other: str) -> str:
    """A set-up without the texts in the other language."""
    return re.sub(rf'\s*,\s*"[^"]*"@{other}|(?<=prefLabel )"[^"]*"@{other}\s*,\s*', "", content)


def run_on_pipe(content: str, folder: Path, language: str) -> str:
    """What the command tells of a set-up that is piped in, in a folder that is no project."""
    command = [sys.executable, "-m", "balansekunst", "validate", "-", "--lang", language]
    done = subprocess.run(command, input=content, capture_output=True, encoding="utf-8", check=False, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_there_are_enough() -> None:
    assert len(SETUPS) >= 17
    assert sum(not expected(path) for path in SETUPS) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("path", SETUPS, ids=NAMES)
def test_what_was_planted_is_told_and_nothing_else(project: Project, path: Path) -> None:
    report = validate(project, [path])
    assert told(report) == expected(path)
    for finding in report.findings:
        for language, message in finding.message.items():
            assert not re.search(r"[{}]|«»|“”|^ | $", message), (language, message)


@pytest.mark.reference
@pytest.mark.parametrize("path", SETUPS, ids=NAMES)
def test_both_engines_say_the_same(project: Project, path: Path) -> None:
    scope = load_data_graph(project, [path])
    judged = outcome(validate_data_graph(scope, project, partial(reference, family="T")))
    assert judged == {finding for finding in expected(path) if finding[0].startswith("T")}


@pytest.mark.slow
@pytest.mark.parametrize(("base", "names"), [(OWN, NAMES), (BASE, ["proper", "administration-committee", "branch-leaders"])])
def test_the_judgement_is_the_same_in_a_folder_of_ones_own(tmp_path: Path, base: str, names: list[str]) -> None:
    """The handbook's topics, arenas and roles are read there too."""
    own = create_project(tmp_path / "own", OWN, {"nb": "Samarbeidet", "en": "The cooperation"}, False, "nb", "2026-01-31")
    for path in (path for path in SETUPS if path.stem in names):
        file = own.root / "data" / path.name
        file.write_text(path.read_text(encoding="utf-8") if base == BASE else with_own_base(path), encoding="utf-8")
        assert told(validate(own, [file]), base) == expected(path), path
        file.unlink()


@pytest.mark.parametrize("name", ["proper", "committee-with-additions", "administration-committee", "talk-well-together"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_set_up_in_one_language_and_with_iris_of_its_own_is_judged_alone(
    project: Project, tmp_path: Path, name: str, language: str
) -> None:
    [path] = [path for path in SETUPS if path.stem == name]
    file = tmp_path / path.name
    content = in_one_language(with_own_base(path), {"nb": "en", "en": "nb"}[language])
    file.write_text(content, encoding="utf-8")
    # The numbers, lines, rights and rhythms say the same in both languages; so do the words that are looked for.
    found, wanted = told(validate(project, [file]), OWN), expected(path)
    assert set(found) == set(wanted), (found - wanted, wanted - found)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nb", "sitter 5 politikere, 2 fra administrasjonen, 2 tillitsvalgte: partene skal være like mange."),
        ("en", "seats 5 politicians, 2 from the administration, 2 union representatives: the parties must be equal in number."),
    ],
)
def test_numbers_are_told_from_a_pipe_in_either_language(tmp_path: Path, language: str, sentence: str) -> None:
    [path] = [path for path in SETUPS if path.stem == "administration-committee"]
    printed = run_on_pipe(path.read_text(encoding="utf-8"), tmp_path, language)
    assert sentence in printed
    assert len(re.findall(r"^\S.*:\d+:\d+: ", printed, re.MULTILINE)) == expected(path).total()


def test_one_is_not_many(project: Project, tmp_path: Path) -> None:
    content = next(path for path in SETUPS if path.stem == "proper").read_text(encoding="utf-8")
    for role in ("politiker> ; bk:seats 2", "hovedtillitsvalgt> ; bk:seats 3"):
        assert role in content
        content = content.replace(role, f"{role[:-1]}{'0' if 'politiker' in role else '1'}")
    file = tmp_path / "one.ttl"
    file.write_text(content, encoding="utf-8")
    [message] = {f.message["nb"] for f in validate(project, [file]).findings if f.rule.id == "T1"}
    assert "sitter 1 politiker, 3 fra administrasjonen, 1 tillitsvalgt: partene skal være like mange." in message
