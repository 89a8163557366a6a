"""What the documents tell people to run, runs, and says what they say it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from balansekunst.project import Project
from test_cli import run


def blocks(project: Project, language: str) -> list[str]:
    text = (project.root / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run_python(code: str, site: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=site.parents[1], capture_output=True, text=True, check=True)
    return done.stdout


def test_researcher_gets_three_roles_two_positions_and_their_outcomes(project: Project, site: Path) -> None:
    lines = run_python(blocks(project, "python")[0], site).splitlines()
    found = {re.sub(r":.*", "", line) for line in lines}
    assert len(lines) == 3 and len({line.split(": ", 1)[1] for line in lines}) == 3
    assert {re.search(r"\((.*)\)$", f)[1] for f in found} == {"People", "Presence"}  # type: ignore[index]


def test_publisher_reads_plain_json(project: Project, site: Path) -> None:
    assert run_python(blocks(project, "python")[1], site).strip() == "Veiledning → position/tilstedevaerelse"


def test_person_gets_words_for_fifteen_outcomes(project: Project, site: Path) -> None:
    assert len(run_python(blocks(project, "python")[2], site).splitlines()) == 15


def test_commands_of_the_readme_run(project: Project, site: Path) -> None:
    folder = site.parents[1]
    if not (folder / "tests").exists():
        (folder / "tests").symlink_to(project.root / "tests")
    commands = [line for block in blocks(project, "console") for line in block.splitlines() if "balansekunst" in line]
    results = [run(*shlex.split(command)[1:], cwd=folder) for command in commands]
    said = {shlex.split(command)[1]: r.stdout for command, r in zip(commands, results, strict=True)}
    assert {command: r.returncode for command, r in zip(commands, results, strict=True) if r.returncode} == {
        ".venv/bin/balansekunst validate tests/shapes/K4/violating.ttl --lang en": 1
    }
    assert "Store manager" in said["query"]
    assert "lacks “rationale”" in said["validate"]
    assert "K4 – Full description (fault)" in said["rules"]
    assert "Tidsstyring" in said["mobility"]


def test_every_link_of_the_documents_leads_to_a_file(project: Project) -> None:
    for name in ("README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in (project.root / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)#:]+)\)", (project.root / name).read_text(encoding="utf-8")):
            assert ((project.root / name).parent / link).exists(), (name, link)
