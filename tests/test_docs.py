"""What the documents tell people to run, runs; the paths that they name exist; and every link leads to a file."""

import os
import pydoc
import re
import shutil
import subprocess
import sys
from pathlib import Path

import networkx
import pytest
from pyoxigraph import RdfFormat, parse, serialize

from balansekunst.project import Project
from command_reference import format_reference
from helpers.dataset import ROOT
from helpers.programs import needed

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

COVERED_ELSEWHERE = {
    "make ": ".ci/run",
    "pip install": "tests/test_wheel.py",
    "balansekunst build": "tests/test_wheel.py",
    "balansekunst hosting": "tests/web/test_negotiation.py",
    "balansekunst release": "tests/versions/test_releases.py",
    "balansekunst preview": "tests/test_preview.py",
    "balansekunst serve": "tests/web/test_documents.py",
    "curl ": "tests/web/test_documents.py",
    "fuseki-server": "tests/sparql/test_graph_store.py",
    "balansekunst publish": "tests/sparql/test_graph_store.py",
    "balansekunst query same-competence --param competence=veiledning --endpoint": "tests/sparql/test_graph_store.py",
    "balansekunst pairs --from-table": "tests/mobility/test_allpairs.py",
    "balansekunst esco": "tests/esco/test_suggest.py",
    "balansekunst mobility tillitsvalgt --into esco": "tests/esco/test_ranking.py",
    "balansekunst mobility butikkmedarbeider --into esco": "tests/esco/test_ranking.py",
}
"""How commands begin that need what is not at hand here (a server, a download, some minutes), and what runs them."""

EXIT_CODES = {
    "balansekunst validate shapes/examples/K4/violating.ttl --lang en": 1,
    "balansekunst import verneombud.xlsx": 1,
    "balansekunst import kaffebrenner.xlsx": 1,
    "balansekunst diff standard/butikksjef standard/handelshuset-nord-butikksjef": 1,
}
"""The exit codes that are not 0: of what does not conform or differs. The workbooks have not been filled in."""

OUTPUT = {
    "balansekunst query same-competence --param competence=veiledning --lang en": "Shop manager",
    "balansekunst validate shapes/examples/K4/violating.ttl --lang en": "lacks “rationale”",
    "balansekunst rules K4 --lang en": "K4 – Full description (error)",
    "balansekunst mobility butikkmedarbeider butikksjef": "Tidsstyring",
}
"""What some commands say."""

NOT_IN_CLONE = {"data/published.tsv", "application/json", "text/turtle", "text/html"}


def list_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def list_commands(path: Path) -> list[str]:
    """Return the command lines of a document that are shown without their output, without comments."""
    blocks = [block for block in list_blocks(path.read_text(encoding="utf-8"), "console") if not block.startswith("$ ")]
    return [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture
def clone(project: Project, site: Path, tmp_path: Path) -> Path:
    """A folder like the clone after `make build`, with the files that the documents take for given."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("ontology", "shapes", "queries", "site", "tests", "docs"):
        (folder / name).symlink_to(project.root / name)
    shutil.copytree(project.root / "data", folder / "data")
    (folder / "build").mkdir()
    (folder / "build" / "site").symlink_to(site)
    (folder / "bin").mkdir()
    command = folder / "bin" / "balansekunst"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m balansekunst "$@"\n')
    command.chmod(0o755)
    example = (project.root / "shapes" / "examples" / "K4" / "conforming.ttl").read_bytes()
    (folder / "min-standard.ttl").write_bytes(example)
    serialize(parse(example, RdfFormat.TURTLE), folder / "min-standard.jsonld", RdfFormat.JSON_LD)
    (folder / "vart-oppsett.ttl").write_bytes((project.root / "shapes" / "examples" / "T4" / "conforming.ttl").read_bytes())
    (folder / "gruppe.csv").write_text("Pseudonym,Kompetanse\nansatt-1,Veiledning\nansatt-2,Kundebehandling\n", encoding="utf-8")
    return folder


@pytest.mark.docs
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_commands_run(clone: Path, document: Path) -> None:
    environment = {**os.environ, "PATH": f"{clone / 'bin'}:{os.environ['PATH']}"}
    folder, wrong = clone, list[str]()
    for command in list_commands(document):
        if command.startswith("cd "):
            folder = folder / command.removeprefix("cd ")
        elif not command.startswith(tuple(COVERED_ELSEWHERE)):
            done = subprocess.run(
                command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
            )
            if done.returncode != EXIT_CODES.get(command, 0) or OUTPUT.get(command, "") not in done.stdout:
                wrong.append(f"{command}: {done.returncode}\n{done.stdout[-500:]}{done.stderr[-500:]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.docs
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_python_runs(clone: Path, document: Path) -> None:
    said = []
    for code in list_blocks(document.read_text(encoding="utf-8"), "python"):
        done = subprocess.run([sys.executable, "-c", code], cwd=clone, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.strip())
    if document.stem == "researcher":
        assert sorted(re.findall(r"^[^(]+\((\w+)\): ", said[1], re.MULTILINE)) == ["People", "People", "Presence"]
        assert len(said[2].splitlines()) == 15
    if document.stem == "cookbook":
        assert {"Guidance", "Shop manager"} <= set(networkx.read_graphml(clone / "roles-and-competences.graphml"))
        assert "Guidance" in (clone / "roles-and-competences.svg").read_text(encoding="utf-8")
    if document.stem == "publisher":
        assert said == ["Veiledning → position/tilstedevaerelse"]


@pytest.mark.docs
@pytest.mark.parametrize("language", ["sql", "r"])
def test_recipes_in_other_languages_run(clone: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQL by DuckDB; R where it is installed."""
    blocks = list_blocks((ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8"), language)
    assert blocks
    for code in blocks:
        if language == "sql":
            duckdb = pytest.importorskip("duckdb")
            monkeypatch.chdir(clone)
            rows = duckdb.sql(code).fetchall()
            assert ("Guidance", "Folk high school teacher, Nursing home ward manager, Shop manager") in rows
        else:
            done = subprocess.run([needed("Rscript"), "-e", code], cwd=clone, capture_output=True, text=True, check=False, timeout=600)
            assert done.returncode == 0 and "Shop manager" in done.stdout, done.stderr


def test_the_reference_of_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == format_reference(), "The commands have changed: run `make commands`."


def test_what_runs_elsewhere_is_named_and_there() -> None:
    commands = [
        line.removeprefix("$ ") for path in DOCUMENTS for line in re.findall(r"^.*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    for start, test in COVERED_ELSEWHERE.items():
        assert (ROOT / test).exists()
        assert any(line.startswith(start) for line in commands), f"no document says {start}"
    assert set(EXIT_CODES) | set(OUTPUT) <= {command for path in DOCUMENTS for command in list_commands(path)}


def test_every_link_leads_to_a_file() -> None:
    for path in DOCUMENTS:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), (path.name, link)


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*"):
        if path.suffix in (".md", ".ipynb") and path.name != "README.md":
            assert f"]({path.relative_to(ROOT / 'docs').as_posix()})" in index, path.name


def test_paths_in_backticks_exist(site: Path) -> None:
    """A path whose first part is a folder of the clone, or that is below `build/site`, is there. Parts in braces are for the reader."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - {"build"}
    missing = []
    for path in DOCUMENTS:
        for named in re.findall(r"`([^`\s]+/[^`\s]*)`", path.read_text(encoding="utf-8")):
            if re.search(r"[{}*…<>$:]", named) or named in NOT_IN_CLONE:
                continue
            if named.startswith("build/site/"):
                found = (site / named.removeprefix("build/site/")).exists()
            elif named.split("/")[0] in folders:
                found = (ROOT / named).exists() or (site / named).exists()
            else:
                continue
            if not found:
                missing.append(f"{path.name}: {named}")
    assert not missing


def test_names_of_the_package_in_backticks_exist() -> None:
    """`balansekunst.sparql.remote.run_remote_query(…)` can be imported."""
    named = {
        name for path in DOCUMENTS for name in re.findall(r"`(balansekunst(?:\.\w+)+)\b(?:\(.*?\))?`", path.read_text(encoding="utf-8"))
    }
    files = {"balansekunst.toml"} | {name for name in named if name.rsplit(".", 1)[1] in ("ttl", "nt", "trig", "jsonld", "ipynb", "xlsx")}
    assert {name for name in named - files if pydoc.locate(name) is None} == set()
