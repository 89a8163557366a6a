"""The package as others install it: from a wheel, outside the clone, with nothing but what it says that it requires, and no Node.js."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.markers import Marker
from pyoxigraph import RdfFormat, parse

import balansekunst
from balansekunst.project import Project
from balansekunst.version import __version__
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import prepare_new_standard
from balansekunst.workbook.write_xlsx import build_xlsx
from helpers.commands import COMMAND_TIMEOUT
from helpers.dataset import ROOT
from helpers.programs import needed
from helpers.workbooks import CONTENT, fill_in

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]

NAME = re.compile(r"[A-Za-z0-9._-]+")
OWN = "https://kompetanse.example.no/"


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source distribution of the clone, and the wheel that is built from it, where there is no Node.js and nothing from npm."""
    needed("node", package="nodejs")
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, "--sdist", str(ROOT)], check=True, capture_output=True, timeout=COMMAND_TIMEOUT)
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    source = folder / sdist.name.removesuffix(".tar.gz")
    subprocess.run([*build, "--wheel", str(source)], check=True, capture_output=True, timeout=COMMAND_TIMEOUT, env=bare_environment())
    [wheel] = folder.glob("*.whl")
    return sdist, wheel


def bare_environment() -> dict[str, str]:
    """An environment without Node.js and without the clone."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PATH": "/nonexistent"}


def required(name: str, found: set[str] | None = None) -> set[str]:
    """The names of the packages that a package requires, itself among them, without extras."""
    found = set() if found is None else found
    if name not in found:
        found.add(name)
        for line in distribution(name).requires or []:
            requirement, _, marker = line.partition(";")
            if is_met(marker):
                match = NAME.match(requirement)
                assert match
                required(match[0].lower().replace("_", "-"), found)
    return found


def is_met(marker: str) -> bool:
    """Whether a requirement holds here, and is of no extra."""
    return not marker.strip() or Marker(marker).evaluate({"extra": ""})


@pytest.fixture(scope="module")
def python(distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment: the wheel installed, and links to the packages that it requires, and to no others."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    _, wheel = distributions
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=COMMAND_TIMEOUT)
    told = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    packages = Path(told.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(f"balansekunst-{__version__}.dist-info/METADATA").decode().splitlines()
    wanted = set[str]()
    for line in lines:
        if line.startswith("Requires-Dist:"):
            requirement, _, marker = line.partition(":")[2].strip().partition(";")
            if is_met(marker):
                match = NAME.match(requirement)
                assert match
                required(match[0].lower(), wanted)
    for name in wanted:
        found = distribution(name)
        for file in found.files or []:
            top = file.parts[0]
            link = packages / top
            if top != ".." and not link.exists():
                link.symlink_to(str(found.locate_file(top)))
    return python


def python_output(python: Path, folder: Path, program: str) -> str:
    """What a program in Python writes, run in a folder."""
    command = [str(python), "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env=bare_environment(), timeout=COMMAND_TIMEOUT)
    return done.stdout


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def run(python: Path, folder: Path, *arguments: str, exit_code: int = 0) -> str:
    """What the command writes, in a folder."""
    command = [str(python.with_name("balansekunst")), *arguments, "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=bare_environment(), timeout=COMMAND_TIMEOUT)
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_the_package_is_that_of_the_wheel(python: Path, empty: Path) -> None:
    program = "import balansekunst; print(balansekunst.__file__, balansekunst.__version__)"
    told = python_output(python, empty, program).split()
    assert Path(told[0]).is_relative_to(python.parents[1]) and told[1] == __version__
    assert run(python, empty, "--version").strip() == __version__


def test_the_dataset_opens_with_all_data(python: Path, empty: Path) -> None:
    program = """
import balansekunst
dataset = balansekunst.open()
print(len(dataset.store), len(dataset.load_questions()), len(dataset.query("same-competence", competence="veiledning").rows))
"""
    told = python_output(python, empty, program)
    dataset = balansekunst.open(ROOT)
    assert told.split() == [
        str(number)
        for number in (
            len(dataset.store),
            len(dataset.load_questions()),
            len(dataset.query("same-competence", competence="veiledning").rows),
        )
    ]


def test_questions_mobility_rules_and_gaps_are_answered(python: Path, empty: Path) -> None:
    assert "same-competence" in run(python, empty, "query")
    assert "butikksjef" in run(python, empty, "query", "same-competence", "--format", "csv")
    assert "butikksjef" in run(python, empty, "mobility", "butikkmedarbeider", "--format", "json")
    assert "K11" in run(python, empty, "rules")
    assert "shapes/examples/K4" in run(python, empty, "rules", "K4")
    assert "Butikksjef" in run(python, empty, "gap", "--who", "individual/voksenopplaering-1", "--role", "butikksjef", "--format", "json")


def test_files_are_checked(python: Path, empty: Path, project: Project) -> None:
    (empty / "good.ttl").write_bytes((project.examples / "K4" / "conforming.ttl").read_bytes())
    (empty / "bad.ttl").write_bytes((project.examples / "C4" / "violating.ttl").read_bytes())
    run(python, empty, "validate", "good.ttl")
    told = run(python, empty, "validate", "bad.ttl", exit_code=1)
    assert told == run(python, empty, "validate", "bad.ttl", "--engine", "pyshacl", exit_code=1)
    assert "C4" in told


def test_a_standard_goes_to_a_workbook_and_back(python: Path, empty: Path) -> None:
    run(python, empty, "new", "standard", "Rørlegger", "--xlsx")
    assert (empty / "rorlegger.xlsx").exists()
    run(python, empty, "export", "butikksjef", "--xlsx")
    run(python, empty, "import", "butikksjef.xlsx", exit_code=2)
    run(python, empty, "import", "butikksjef.xlsx", "--replace")
    assert (empty / "butikksjef.ttl").exists() and {path.name for path in empty.iterdir()} == {
        *("rorlegger.xlsx", "butikksjef.xlsx", "butikksjef.ttl")
    }


def test_what_needs_more_says_what_to_install(python: Path, empty: Path) -> None:
    assert "balansekunst[pairs]" in run(python, empty, "pairs", "--out", "pairs.parquet", exit_code=2)
    assert "balansekunst[esco]" in run(python, empty, "mobility", "butikksjef", "--into", "esco", exit_code=2)
    assert "clone" in run(python, empty, "release", exit_code=2)


@pytest.fixture(scope="module")
def own(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of someone else's, built."""
    folder = tmp_path_factory.mktemp("own")
    run(python, folder, "init", "here", "--base", OWN, "--name", "Kaffebyen", "--name-en", "Coffee Town")
    return folder / "here"


def test_a_folder_of_ones_own_is_built_and_served(python: Path, own: Path) -> None:
    run(python, own, "validate")
    said = run(python, own, "build")
    assert "balansekunst[parquet]" in said and f"{own / 'build' / 'site'}/index.html" in said
    site = own / "build" / "site"
    assert (site / "assets" / "search.js").exists() and (site / "assets" / "licences.txt").exists()
    dump = (site / "data" / "balansekunst.nt").read_bytes()
    assert len(list(parse(dump, format=RdfFormat.N_TRIPLES))) > 1000
    assert list((site / "data" / "tables").glob("*.csv")) and not list((site / "data" / "tables").glob("*.parquet"))
    with served(python, own) as address, urllib.request.urlopen(f"{address}sparql?query=ASK%7B%7D") as reply:
        assert b"true" in reply.read()


def test_a_folder_with_nothing_but_what_was_built_is_served(python: Path, own: Path, empty: Path) -> None:
    """As the image of the endpoint has it."""
    (empty / "build").symlink_to(own / "build")
    with served(python, empty) as address, urllib.request.urlopen(f"{address}sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D") as reply:
        assert b"true" in reply.read()


@contextmanager
def served(python: Path, folder: Path) -> Iterator[str]:
    """The address of the site of a folder, served."""
    command = [str(python.with_name("balansekunst")), "serve", "--port", "0", "--lang", "en"]
    with subprocess.Popen(command, cwd=folder, env=bare_environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            match = re.search(r"http://\S+/", process.stdout.readline())
            assert match
            yield match[0]
        finally:
            process.terminate()


def test_the_starter_makes_a_site_of_a_workbook(distributions: tuple[Path, Path], project: Project, tmp_path: Path) -> None:
    """The zip that `make starter` makes, unpacked by someone who then double-clicks. It installs from PyPI, as it does for them."""
    (tmp_path / "build" / "dist").mkdir(parents=True)
    shutil.copy(distributions[1], tmp_path / "build" / "dist")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "starter").symlink_to(ROOT / "scripts" / "starter")
    make = ["make", "-C", str(tmp_path), "-f", str(ROOT / "Makefile"), "-o", "package", "starter", f"VENV={sys.prefix}"]
    subprocess.run(make, check=True, capture_output=True, timeout=COMMAND_TIMEOUT)
    with zipfile.ZipFile(tmp_path / "build" / "dist" / "balansekunst-starter.zip") as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, tmp_path)).chmod(entry.external_attr >> 16)
    folder = tmp_path / "balansekunst-starter"
    assert f"balansekunst-{__version__}-py3-none-any.whl" in {path.name for path in folder.iterdir()}
    _, filled, names = prepare_new_standard("verneombud", project, "nb")
    book = folder / "verneombud.xlsx"
    book.write_bytes(build_xlsx(filled, names, load_layout(), "nb"))
    fill_in(book, CONTENT, "nb")
    opened = tmp_path / "opened"
    environment = os.environ | {"BROWSER": f"sh -c 'echo %s > {opened}'"}
    answers = "Kompetanse i Kaffebyen\n\nKaffebyen AS\n\n\n\n"
    command = [str(folder / "Start Mac og Linux.command")]
    # The window waits for Enter at the end, which here has been read already.
    done = subprocess.run(command, input=answers, capture_output=True, text=True, check=False, env=environment, timeout=COMMAND_TIMEOUT)
    site = folder / "nettsted" / "build" / "site"
    assert f"Nettstedet er klart: {site / 'index.html'}" in done.stdout, done.stdout + done.stderr
    assert opened.read_text().strip() == (site / "index.html").as_uri()
    assert "Ingen feil" in (folder / "rapport.txt").read_text(encoding="utf-8")
    page = (site / "standard" / "verneombud.html").read_text(encoding="utf-8")
    assert "Innholdet er laget og eid av Kaffebyen AS." in page and not (site / "en").exists()


def test_a_wheel_is_not_built_without_the_scripts_of_the_pages(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    sdist, _ = distributions
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    for path in (source / "site" / "bundles").iterdir():
        path.unlink()
    (source / "site" / "bundles").rmdir()
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", str(source)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=bare_environment(), timeout=COMMAND_TIMEOUT)
    assert done.returncode != 0 and "npm ci" in done.stdout + done.stderr
