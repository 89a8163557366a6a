"""What `docs/serving.md` shows is what a stranger with curl gets."""

import re
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import Store

from balansekunst.project import Project
from balansekunst.web.negotiation import HOSTING_FILES, HOSTING_FILES_WITH_TARGET
from balansekunst.web.query_process import Limits
from balansekunst.web.sparql_endpoint import STATUS_BY_MESSAGE
from helpers import localserver
from helpers.programs import needed

pytestmark = pytest.mark.xdist_group("serving")

SHOWN = "http://127.0.0.1:8000/"


def examples(text: str) -> list[tuple[str, str]]:
    """Commands and what they show."""
    blocks = "".join(re.findall(r"```console\n(\$ .*?)```", text, re.DOTALL))
    return [(command, said) for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", blocks, re.MULTILINE)]


@pytest.fixture(scope="module")
def document(project: Project) -> str:
    return (project.root / "docs" / "serving.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_each_example_shows_what_it_says(document: str, project: Project, inferred: Store, tmp_path: Path) -> None:
    needed("curl")
    localserver.make_project(tmp_path, project, inferred)
    found = examples(document)
    assert len(found) == 11
    with localserver.running(tmp_path) as (address, _):
        for command, said in found:
            done = subprocess.run(command.replace(SHOWN, address), shell=True, capture_output=True, text=True, check=True, timeout=60)
            assert done.stdout.replace("\r\n", "\n").replace(address, SHOWN).strip() == said.strip(), command


def test_every_status_file_and_limit_is_told(document: str) -> None:
    assert {str(status) for status in STATUS_BY_MESSAGE.values()} <= set(re.findall(r"\d{3}", document.partition("| status |")[2]))
    for path in {*HOSTING_FILES.values(), *HOSTING_FILES_WITH_TARGET.values()} - {"hosting/README.md"}:
        assert f"`{path}`" in document
    limits = Limits()
    for option, value in (("limit-seconds", limits.seconds), ("memory", limits.megabytes), ("rows", limits.rows)):
        assert re.search(rf"`--{option}` \|.*\| {value:g}".replace("1e+05", "100000") + r" \|", document), option
