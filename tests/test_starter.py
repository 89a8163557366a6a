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


@pytest.mark.slow
def test_workbooks_become_standards_and_what_is_wrong_is_told(
    starter: ModuleType, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, filled, names = prepare_new_standard("verneombud", project, "nb")
    book = tmp_path / "verneombud.xlsx"
    book.write_bytes(build_xlsx(filled, names, load_layout(), "nb"))
    fill_in(book, CONTENT, "nb")
    book.with_suffix(".ods").write_bytes(build_ods(book.read_bytes()))
    (tmp_path / "annet.xlsx").write_bytes(b"PK not a book")
    monkeypatch.setenv("BALANSEKUNST_LANG", "en")
    first, second = (
        ["Kompetanse i Kaffebyen", "", "", "kaffebyen"],
        ["Kompetanse i Kaffebyen", "", "Kaffe AS", "https://kompetanse.example.no"],
    )
    answers = iter([*first, *second])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    site = tmp_path / "nettsted"
    starter.create_folder(Path(sys.executable), tmp_path, site)
    assert "Skriv en nettadresse" in capsys.readouterr().out and not list(answers)
    own = Project.find(site)
    assert own.base == "https://kompetanse.example.no/" and own.languages == ("nb",) and not own.publishes_internal
    assert '"Kaffe AS"' in (site / "data" / "dataset.ttl").read_text(encoding="utf-8")
    damaged, ods, read = starter.import_workbooks(Path(sys.executable), tmp_path, site)
    assert damaged.startswith("annet.xlsx\n") and len(damaged.splitlines()) > 1
    assert ods.startswith("verneombud.ods\n") and "Ingen feil" in ods, ods
    assert read.startswith("verneombud.xlsx\n") and "Ingen feil" in read, read
    assert (site / "data" / "standards" / "verneombud.ttl").is_file()


@pytest.mark.slow
def test_what_cannot_be_installed_is_told(starter: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Pakk ut hele zip-fila"):
        starter.install(tmp_path, tmp_path / ".program")
    (tmp_path / "balansekunst-0.1.0-py3-none-any.whl").write_bytes(b"no wheel")
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"LES MEG\.txt"):
            starter.install(tmp_path, tmp_path / ".program")


def test_both_languages_say_how_to_start() -> None:
    norwegian, english = (ROOT / "scripts" / "starter" / "LES MEG.txt").read_text(encoding="utf-8").split("HOW TO MAKE")
    for told in ("rapport.txt", "nettsted/build/site", "publish-internal = true", ".program", "uvx", "pipx", "«Start Windows»", "3.11"):
        assert told in norwegian and told.replace("«", "“").replace("»", "”") in english


def test_each_system_has_something_to_double_click() -> None:
    folder = ROOT / "scripts" / "starter"
    windows, others = folder / "Start Windows.bat", folder / "Start Mac og Linux.command"
    assert "start.py" in windows.read_text() and b"\r\n" in windows.read_bytes()
    assert "start.py" in others.read_text() and others.stat().st_mode & 0o100
    # Only one of the two commands runs, also where it fails.
    assert "||" not in windows.read_text() and windows.read_text().isascii()
    assert "Python 3.11" in (folder / "LES MEG.txt").read_text(encoding="utf-8")
