"""Workbooks that the form in the browser saves and opens: the command reads what the page writes, and the page what the command writes."""

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.messages import text
from balansekunst.project import BASE, Project
from balansekunst.site.workbook import workbook_data
from balansekunst.writing.graph import make
from balansekunst.writing.read import read_book
from balansekunst.writing.sheets import layout
from balansekunst.writing.standards import Setting, filled_with
from balansekunst.writing.write import as_xlsx
from books import write_in

NODE = Path(__file__).with_name("workbook_files.mjs")
STANDARDS = sorted(path.stem for path in (Path(__file__).parents[2] / "data" / "standards").glob("*.ttl"))
Pages = dict[str, Any]


def triples(text: str) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=RdfFormat.TURTLE, base_iri=BASE)}


@pytest.fixture(scope="module")
def given(project: Project) -> Pages:
    """What a page knows."""
    axes = json.loads((project.site_sources / "figure.json").read_text(encoding="utf-8"))["axes"]
    places = [(place, axis["dimension"]) for axis in axes for place in [axis["between"], *(pole["position"] for pole in axis["poles"])]]
    return {"told": workbook_data(project), "dimensions": {BASE + place: BASE + within for place, within in places}}


def in_page(given: Pages, folder: Path, language: str, save: dict[Path, str] | None = None, open: list[Path] | None = None) -> Pages:
    """Save and open workbooks as a page does."""
    file = folder / "asked.json"
    files = {str(path): content for path, content in (save or {}).items()}
    file.write_text(json.dumps({**given, "language": language, "save": files, "open": list(map(str, open or []))}), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(file)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer: Pages = json.loads(done.stdout)
    return answer


@pytest.fixture
def book(project: Project, tmp_path: Path) -> Path:
    """A workbook of the command."""
    here = Setting(project, "butikksjef")
    filled, names = filled_with(here, here.own(), "nb")
    path = tmp_path / "bok.xlsx"
    path.write_bytes(as_xlsx(filled, names, layout(), "nb"))
    return path


@pytest.mark.parametrize(("language", "slugs"), [("nb", STANDARDS), ("en", STANDARDS[:1])])
def test_page_and_command_read_the_workbooks_of_each_other(
    project: Project, given: Pages, tmp_path: Path, language: str, slugs: list[str]
) -> None:
    settings = [Setting(project, slug) for slug in slugs]
    ours, theirs = ([tmp_path / f"{slug}-{of}.xlsx" for slug in slugs] for of in ("page", "command"))
    for here, path in zip(settings, theirs, strict=True):
        filled, names = filled_with(here, here.own(), language)
        path.write_bytes(as_xlsx(filled, names, layout(), language))
    save = {path: here.file.read_text(encoding="utf-8") for here, path in zip(settings, ours, strict=True)}
    answer = in_page(given, tmp_path, language, save, [*theirs])
    assert answer["saved"] == [None] * len(slugs)
    for here, path, opened in zip(settings, ours, answer["opened"], strict=True):
        own = set(here.own())
        assert opened.get("notes") == [], opened
        assert triples(opened["turtle"]) == own, here.slug
        read, remarks = read_book(path, layout())
        made = make(read, here.names(), project, layout(), here.elsewhere)
        assert not remarks and not made.remarks
        assert set(made.triples) == own, here.slug
