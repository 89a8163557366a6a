"""The walk that the workbook is made for: new workbook → filled in → report → mended → imported → on the site. The content is made up."""

import re
from pathlib import Path

import openpyxl
import pytest

from balansekunst.dataset import Dataset
from balansekunst.project import Project
from balansekunst.site.pages import StaticSite
from helpers.commands import run
from helpers.workbooks import CONTENT, Change, fill_in, write_in

FAULTS: dict[Change, str] = {
    ("placed", "Observasjon", "position", ""): "M2",
    ("outcomes", "Relasjonsbygging", "descriptor", "Mot"): "«Mot» finnes ikke",
    ("outcomes", "Prioriteringer", "statement-en", ""): "L8",
    ("role", "", "issued", "i fjor"): "«i fjor» er ikke et årstall",
}


@pytest.mark.slow
def test_from_an_empty_workbook_to_a_standard(house: Project, tmp_path: Path) -> None:
    book = tmp_path / "verneombud.xlsx"
    done = run("new", "standard", "verneombud", "--xlsx", "--out", str(book), cwd=house.root)
    assert done.returncode == 0, done.stderr
    duties = openpyxl.load_workbook(book)["1b Oppgaver i rollen"]
    assert [row[0] for row in duties.iter_rows(min_row=2, values_only=True)][:2] == [
        "Ivareta arbeidstakernes interesser i arbeidsmiljøet",
        "Se til at arbeidet er trygt",
    ]

    fill_in(book, CONTENT)
    right = {change: cell_value(book, change) for change in FAULTS}
    places = write_in(book, list(FAULTS))
    standard = house.root / "data" / "standards" / "verneombud.ttl"
    done = run("import", str(book), cwd=house.root)
    assert done.returncode == 1 and not standard.exists(), done.stdout + done.stderr
    lines = done.stdout.splitlines()
    for change, said in FAULTS.items():
        assert any(line.startswith(f"{places[change]}: FEIL") and said in line for line in lines), (change, done.stdout)
    assert sum(": FEIL" in line for line in lines) == len(FAULTS), done.stdout
    assert any("2 Plassering, celle A7: OPPLYSNING: «Risikovurdering» finnes ikke blant kompetansene" in line for line in lines)

    write_in(book, [(*change[:3], str(right[change])) for change in FAULTS])
    done = run("import", str(book), cwd=house.root)
    assert done.returncode == 0, done.stdout + done.stderr
    written = standard.read_text(encoding="utf-8")
    assert "<competence/risikovurdering> a bk:Competence ;" in written and 'skos:editorialNote "Foreslått i en arbeidsbok' in written
    assert "# ── Key competences: Mennesker – Teknologi ──" in written
    assert "<role/verneombud> a" not in written, "the role is described in a file of its own"
    checked = run("validate", str(standard), cwd=house.root)
    assert checked.returncode == 0, checked.stdout

    shown = pages(house, "standard/verneombud", "role/verneombud", "roles-waiting")
    assert "Verneombud" not in re.sub(r"<[^>]*>", "", shown.pop("roles-waiting").split("<main", 1)[1]), "it waits no longer"
    for page in shown.values():
        assert not [row["key"] for row in CONTENT["keys"] if row["key"] not in page]

    again = run("import", str(book), cwd=house.root)
    assert again.returncode == 2 and "finnes alt" in again.stderr and standard.read_text(encoding="utf-8") == written
    once_more = run("import", str(book), "--replace", cwd=house.root)
    assert once_more.returncode == 0 and standard.read_text(encoding="utf-8") == written


def pages(project: Project, *paths: str) -> dict[str, str]:
    """The pages of the site at some paths, in Norwegian."""
    site = StaticSite(Dataset(project).store, project)
    return {
        page.path: site.render_page(page)[0].decode()
        for page in site.list_pages()
        if page.path in paths and page.file == f"{page.path}.html"
    }


def cell_value(path: Path, change: Change) -> str:
    """Return what the content has where a fault is to be planted."""
    sheet, first, column, _ = change
    told = CONTENT[sheet]
    row = told if isinstance(told, dict) else next(row for row in told if first == (row.get("key") or row.get("competence")))
    return str(row[column])
