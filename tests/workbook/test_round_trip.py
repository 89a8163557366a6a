"""What goes out in a workbook comes back the same, for every standard, in both languages and both forms; and what the workbook offers."""

import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.messages import LANGUAGES
from balansekunst.project import Project
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.read_xlsx import read_workbook
from balansekunst.workbook.standards import StandardContext, fill_example, fill_from_triples, format_standard_file, prepare_new_standard
from balansekunst.workbook.to_rdf import build_standard_graph
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx, build_zip
from helpers.commands import run
from helpers.dataset import find_project

STANDARDS = sorted(path.stem for path in (find_project().root / "data" / "standards").glob("*.ttl"))


@cache
def setting(project: Project, slug: str) -> StandardContext:
    return StandardContext(project, slug)


@pytest.mark.parametrize("form", ["xlsx", "zip"])
@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("slug", [pytest.param(slug, marks=[pytest.mark.slow] if n else []) for n, slug in enumerate(STANDARDS)])
def test_every_standard_comes_back_the_same(project: Project, tmp_path: Path, slug: str, language: str, form: str) -> None:
    here = setting(project, slug)
    own = here.read_own_triples()
    filled, names = fill_from_triples(here, own, language)
    path = tmp_path / f"book.{form}"
    if form == "xlsx":
        path.write_bytes(build_xlsx(filled, names, load_layout(), language))
    else:
        path.write_bytes(build_zip(build_csv_files(filled, load_layout(), language)))
    book, remarks = read_workbook(path, load_layout())
    made = build_standard_graph(book, here.build_label_index(), project, load_layout(), here.external_resources)
    assert not remarks and not made.remarks
    assert set(made.triples) == set(own)
    text = format_standard_file(here, list(made.triples))
    parsed = {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=RdfFormat.TURTLE)}
    assert parsed == set(own)


def test_few_statements_of_common_kinds_are_left_for_the_last_sheet(project: Project) -> None:
    here = setting(project, "folkehogskolelaerer")
    filled, _ = fill_from_triples(here, here.read_own_triples(), "nb")
    assert {row["property"] for row in filled["other"]} == {
        "bk:exceptionFrom",
        "bk:exceptionReason",
        "bk:givenAsApproximate",
        "bk:editorialProperty",
    }


@pytest.mark.parametrize("slug", ["folkehogskolelaerer", "butikkmedarbeider"])
def test_what_was_written_by_hand_is_laid_out_the_same(project: Project, slug: str) -> None:
    here = setting(project, slug)
    texts = (here.file.read_text(encoding="utf-8"), format_standard_file(here, here.read_own_triples()))
    by_hand, written = ({line.rstrip(" ;,.") for line in text.splitlines() if not line.startswith("#")} for text in texts)
    assert by_hand == written


@pytest.mark.slow
@pytest.mark.parametrize(("language", "title", "position"), [("nb", "2 Plassering", "Mennesker"), ("en", "2 Placement", "People")])
def test_a_new_workbook_offers_what_can_be_chosen(project: Project, language: str, title: str, position: str) -> None:
    _, filled, names = prepare_new_standard("verneombud", project, language)
    book = openpyxl.load_workbook(io.BytesIO(build_xlsx(filled, names, load_layout(), language)))
    page = book[title]
    ranges = {str(choice.sqref): choice for choice in page.data_validations.dataValidation}
    assert {"A2:A1000", "D2:D1000", "E2:E1000"} <= ranges.keys()
    shown = values(book, ranges["D2:D1000"].formula1)
    assert len(shown) == 9 and position in shown
    competences = values(book, ranges["A2:A1000"].formula1)
    assert len(competences) > 100 and not ranges["A2:A1000"].showErrorMessage, "a new competence may be written"
    assert ranges["D2:D1000"].showErrorMessage and all(cell.comment for cell in page[1] if cell.value)
    outcomes = book[load_layout().find_sheet("outcomes").format_title(language)]
    [descriptors] = [choice for choice in outcomes.data_validations.dataValidation if str(choice.sqref) == "H2:H1000"]
    assert len(values(book, descriptors.formula1)) == 7


def values(book: openpyxl.Workbook, formula: str) -> list[object]:
    sheet, _, cells = formula.removeprefix("=").partition("!")
    return [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")] if cell.value is not None]


def test_a_role_that_no_file_tells_of_has_its_name_only(project: Project) -> None:
    here, filled, _ = prepare_new_standard("Kaffebrenner", project, "nb")
    form = filled["role"][0]
    assert here.slug == "kaffebrenner" and form["role-name-nb"] == "Kaffebrenner" and "role-address" not in form and not filled["duties"]


@pytest.mark.slow
def test_workbooks_are_the_same_each_time(project: Project) -> None:
    code = (
        "import hashlib, pathlib; from balansekunst.project import Project; from balansekunst.workbook.layout import load_layout;"
        "from balansekunst.workbook.standards import prepare_new_standard; "
        "from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx, build_zip;"
        f"s, f, n = prepare_new_standard('verneombud', Project(pathlib.Path({str(project.root)!r})), 'nb');"
        "print(hashlib.sha256(build_xlsx(f, n, load_layout(), 'nb') + build_zip(build_csv_files(f, load_layout(), 'nb'))).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["new", "standard", "butikksjef", "--xlsx"], "export butikksjef"),
        (["new", "standard", "verneombud"], "--xlsx"),
        (["new", "standard", "verneombud", "--xlsx", "--csv"], "not both"),
        (["new", "standard", "--based-on", "butikksjef"], "--for"),
        (["new", "standard", "--based-on", "butiksjef", "--for", "X"], "Nearest: butikksjef"),
        (["new", "standard", "!!", "--xlsx"], "neither letters nor digits"),
        (["export", "butikksjef"], "--xlsx"),
        (["export", "ingen", "--xlsx"], "There is no standard"),
    ],
)
def test_mistakes_on_the_command_line_are_told_in_a_sentence(tmp_path: Path, arguments: list[str], word: str) -> None:
    done = run(*arguments, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2 and word in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_workbook_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    assert run("export", "meny-leder", "--xlsx", cwd=tmp_path).returncode == 0
    before = (tmp_path / "meny-leder.xlsx").read_bytes()
    again = run("export", "meny-leder", "--xlsx", "--lang", "en", cwd=tmp_path)
    assert again.returncode == 2 and "--replace" in again.stderr and (tmp_path / "meny-leder.xlsx").read_bytes() == before
    assert run("export", "meny-leder", "--xlsx", "--replace", cwd=tmp_path).returncode == 0
    assert (tmp_path / "meny-leder.xlsx").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_workbook_shows_a_standard_that_is_filled_in(project: Project, tmp_path: Path, language: str) -> None:
    _, filled, names = prepare_new_standard("verneombud", project, language)
    plain, shown = tmp_path / "plain.xlsx", tmp_path / "shown.xlsx"
    plain.write_bytes(build_xlsx(filled, names, load_layout(), language))
    shown.write_bytes(build_xlsx(filled, names, load_layout(), language, fill_example(project, language)))
    sheets = openpyxl.load_workbook(shown).worksheets
    assert sheets[1].title == {"nb": "Eksempel", "en": "Example"}[language]
    cells = [str(cell) for row in sheets[1].values for cell in row if cell]
    assert {"nb": "Eksempel: Kompetansestandard for ", "en": "Example: Competence standard for "}[language] in cells[0]
    for name in ("placed", "keys", "items", "outcomes"):
        assert load_layout().find_sheet(name).format_title(language) in cells
    other = {"nb": "(engelsk)", "en": "(Norwegian)"}[language]
    assert not any(other in cell for cell in cells) and len(cells) > 80
    assert read_workbook(shown, load_layout()) == read_workbook(plain, load_layout())


def test_a_beginner_sees_few_columns_and_rows_as_high_as_their_texts(project: Project) -> None:
    _, filled, names = prepare_new_standard("verneombud", project, "nb")
    book = openpyxl.load_workbook(io.BytesIO(build_xlsx(filled, names, load_layout(), "nb")))
    shown = {}
    for sheet in load_layout().sheets:
        page = book[sheet.format_title("nb")]
        assert page.page_setup.orientation == "landscape" and page.sheet_properties.pageSetUpPr
        if not sheet.is_form:
            shown[sheet.name] = sum(
                not page.column_dimensions[get_column_letter(number)].hidden for number in range(1, page.max_column + 1)
            )
    assert max(shown[name] for name in ("placed", "keys", "items", "outcomes")) <= 8, shown
    form = book[load_layout().find_sheet("role").format_title("nb")]
    assert sum(not form.row_dimensions[row].hidden for row in range(2, form.max_row + 1)) < form.max_row * 0.6
    guide = book.worksheets[0]
    long = max(guide["A"], key=lambda cell: len(str(cell.value)))
    assert guide.row_dimensions[long.row].height >= 30
    assert book.worksheets[-1].sheet_state == "hidden"
