"""What those who use no terminal double-click: it reads the workbooks in its folder into a site of their own."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from balansekunst.project import Project
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import prepare_new_standard
from balansekunst.workbook.write_xlsx import build_xlsx
from helpers.dataset import ROOT
from helpers.workbooks import CONTENT, build_ods, fill_in


@pytest.fixture
def starter() -> ModuleType:
    told = importlib.util.spec_from_file_location("start", ROOT / "scripts" / "starter" / "start.py")
    assert told and told.loader
    module = importlib.util.module_from_spec(told)
    told.loader.exec_module(module)
    return module


def test_workbooks_become_standards_and_what_is_wrong_is_told(
    starter: ModuleType, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, filled, names = prepare_new_standard("verneombud", project, "nb")
    book = tmp_path / "verneombud.xlsx"
    book.write_bytes(build_xlsx(filled, names, load_layout(), "nb"))
    fill_in(book, CONTENT, "nb")
    book.with_suffix(".ods").write_bytes(build_ods(book.read_bytes()))
    (tmp_path / "annet.xlsx").write_bytes(b"PK not a book")
    answers = iter(["Kompetanse i Kaffebyen", "https://kompetanse.example.no"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    site = tmp_path / "nettsted"
    starter.create_folder(Path(sys.executable), tmp_path, site)
    own = Project.find(site)
    assert own.base == "https://kompetanse.example.no/" and own.languages == ("nb",) and not own.publishes_internal
    damaged, ods, read = starter.import_workbooks(Path(sys.executable), tmp_path, site)
    assert damaged.startswith("annet.xlsx\n") and len(damaged.splitlines()) > 1
    assert ods.startswith("verneombud.ods\n") and "Ingen feil" in ods, ods
    assert read.startswith("verneombud.xlsx\n") and "Ingen feil" in read, read
    assert (site / "data" / "standards" / "verneombud.ttl").is_file()


def test_each_system_has_something_to_double_click() -> None:
    folder = ROOT / "scripts" / "starter"
    windows, others = folder / "Start Windows.bat", folder / "Start Mac og Linux.command"
    assert "start.py" in windows.read_text() and b"\r\n" in windows.read_bytes()
    assert "start.py" in others.read_text() and others.stat().st_mode & 0o100
    assert "Python 3.11" in (folder / "LES MEG.txt").read_text(encoding="utf-8")
