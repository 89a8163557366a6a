"""Set-ups of cooperation as workbooks: nothing is lost, page and command read each other's, and findings name the cell to look in."""

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, RDF_TYPE, expand_curie
from balansekunst.project import Project
from balansekunst.site.workbook import build_workbook_data
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import build_workbook_cells, load_layout
from balansekunst.workbook.read_xlsx import find_layout, read_workbook
from balansekunst.workbook.set_ups import (
    ROW_CLASSES,
    SetUpContext,
    SetUpFiller,
    build_set_up_graph,
    fill_set_up_workbook,
    prepare_new_set_up,
)
from balansekunst.workbook.standards import import_workbook
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx, build_zip
from test_init_project import started

TESTS = Path(__file__).parents[1]
NODE = TESTS / "site" / "set_up_files.mjs"
NAMES = ("proper", "committee-with-additions", "numbers", "parliamentary", "rhythms", "sides", "topics-in-own-words", "unions")
SET_UPS = [TESTS / "setups" / f"{name}.ttl" for name in NAMES]
LAYOUT = load_layout("set-up")


def triples(text: str) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(text, format=RdfFormat.TURTLE, base_iri=BASE)]


@pytest.fixture(scope="module")
def context(project: Project) -> SetUpContext:
    """What is described beside the set-ups: of most things only that they are, so that it is fast."""
    context = SetUpContext(project, "none")
    named = {kind for listed in LAYOUT.lists.values() for kind in listed.classes} | set(ROW_CLASSES.values())
    listed = {quad.subject for quad in context.other_quads if quad.predicate == RDF_TYPE and quad.object in named}
    listed |= {member for listed in LAYOUT.lists.values() for member in listed.members}
    quads = [quad for quad in context.other_quads if quad.predicate == RDF_TYPE or quad.subject in listed]
    context.__dict__["other_quads"] = quads
    return context


def filled_in(context: SetUpContext, own: list[Triple], language: str) -> bytes:
    """The workbook that the command makes of a set-up."""
    [set_up] = {triple.subject for triple in own if triple.object == expand_curie("bk:SetUp")}
    names = context.build_label_index(own)
    filled = fill_set_up_workbook(own, set_up, names, context.project, context.external_resources, language)  # type: ignore[arg-type]
    return build_xlsx(filled, names, LAYOUT, language)


def read_back(context: SetUpContext, path: Path) -> set[Triple]:
    """What the command reads in a workbook, with nothing to remark on."""
    book, remarks = read_workbook(path, find_layout(path))
    made = build_set_up_graph(book, context.build_label_index(), context.project, LAYOUT, context.external_resources)
    assert [*remarks, *made.remarks] == []
    return set(made.triples)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "paths"), [("nb", SET_UPS), ("en", SET_UPS[:2])])
def test_page_and_command_read_the_workbooks_of_each_other(
    project: Project, context: SetUpContext, tmp_path: Path, language: str, paths: list[Path]
) -> None:
    books = {path: tmp_path / f"{path.stem}.xlsx" for path in paths}
    for path, book in books.items():
        book.write_bytes(filled_in(context, triples(path.read_text(encoding="utf-8")), language))
    asked = {
        "told": build_workbook_data(project, "set-up"),
        "language": language,
        "save": {str(tmp_path / f"{path.stem}-page.xlsx"): path.read_text(encoding="utf-8") for path in paths},
        "open": list(map(str, books.values())),
    }
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(tmp_path / "asked.json")], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["saved"] == [None] * len(paths)
    for (path, book), opened in zip(books.items(), answer["opened"], strict=True):
        own = set(triples(path.read_text(encoding="utf-8")))
        assert opened.get("notes") == [], opened
        assert set(triples(opened["turtle"])) == own, path.stem
        assert read_back(context, book) == own, path.stem
        page = tmp_path / f"{path.stem}-page.xlsx"
        assert read_back(context, page) == own, path.stem
    one, other = (openpyxl.load_workbook(book) for book in (book, page))
    assert one.sheetnames == other.sheetnames
    for title in one.sheetnames:
        assert [row for row in one[title].values if any(row)] == [row for row in other[title].values if any(row)], title


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_handbook_advises_is_filled_in_and_breaks_no_rule(context: SetUpContext, tmp_path: Path, language: str) -> None:
    setting, filled, _ = prepare_new_set_up("Granli", context.project, language)
    path = tmp_path / "book.zip"
    path.write_bytes(build_zip(build_csv_files(filled, LAYOUT, language)))
    imported = import_workbook(path, context.project)
    assert imported.report.findings == []
    assert imported.file == setting.target
    said = imported.turtle
    assert said.count("a bk:SteeringGroup") == said.count("a bk:WorkingGroup") == said.count("a bk:StaffMeeting") == 1
    assert "bk:seats 3" in said and '"P1M"^^xsd:duration' in said and "<role/hovedverneombud>" in said


@pytest.mark.slow
def test_findings_name_the_cell_and_nothing_is_written(context: SetUpContext, tmp_path: Path) -> None:
    filled = SetUpFiller([], context.build_label_index(), LAYOUT, "nb").fill_example({"nb": "Granli"})
    filled["seats"][0] |= {"seats": "5"}
    filled["seats"][1] |= {"seats": "mange"}
    filled["seats"][3] |= {"arena": "Kantina"}
    filled["rhythms"][1] |= {"interval": "ved behov"}
    filled["arenas"][1] |= {"kind": "Klubb", "topics": "Lokale lønnsforhandlinger"}
    path = tmp_path / "book.xlsx"
    path.write_bytes(build_xlsx(filled, context.build_label_index(), LAYOUT, "nb"))
    lines = import_workbook(path, context.project).report.format_text(LAYOUT, "nb").splitlines()
    for start in (
        "2 Arenaer, celle C3: FEIL: ",
        "3 Plasser, celle C3: FEIL: «mange» er ikke et helt tall.",
        "3 Plasser, celle A5: FEIL: «Kantina» står ikke på arket 2 Arenaer.",
        "4 Møter, celle B3: FEIL: «ved behov» sier ikke hvor lenge",
    ):
        assert any(line.startswith(start) for line in lines), (start, lines)
    filled = SetUpFiller([], context.build_label_index(), LAYOUT, "nb").fill_example({"nb": "Granli"})
    filled["seats"][0] |= {"seats": "5"}
    filled["arenas"][1] |= {"topics": "Lokale lønnsforhandlinger"}
    path.write_bytes(build_xlsx(filled, context.build_label_index(), LAYOUT, "nb"))
    imported = import_workbook(path, context.project)
    lines = imported.report.format_text(LAYOUT, "nb").splitlines()
    assert not imported.report.conforms
    assert any("FEIL T1: I «Styringsgruppe» sitter 5 politikere, 3 fra administrasjonen, 3 tillitsvalgte" in line for line in lines), lines
    assert any(line.startswith("2 Arenaer, celle ") and "ADVARSEL T5" in line for line in lines), lines


@pytest.mark.slow
def test_new_things_are_described_once_and_a_folder_of_ones_own_takes_them(tmp_path: Path) -> None:
    own = started(tmp_path / "own")
    names = SetUpContext(own, "").build_label_index()
    filled = SetUpFiller([], names, LAYOUT, "nb").fill_example({"nb": "Samarbeidet i Granli"})
    filled["seats"].append({"arena": "Arbeidsgruppe", "role": "Samarbeidskoordinator", "party": "Administrative ledere", "seats": "1"})
    filled["seats"].append({"arena": "Personalmøte", "role": "Samarbeidskoordinator", "description-nb": "Kan lede møtet"})
    filled["rhythms"].append({"arena": "Personalmøte", "name-nb": "Første mandag i måneden"})
    filled["arenas"][1] |= {
        "topics": "Sykefraværet på avdelingen",
        "unions": "Fagforening A\nFagforening B",
        "invited": "Fagforening A\nFagforening B",
    }
    path = tmp_path / "book.xlsx"
    path.write_bytes(build_xlsx(filled, names, LAYOUT, "nb"))
    imported = import_workbook(path, own)
    assert imported.report.conforms, imported.report.format_text(LAYOUT, "nb")
    for new in ("role/samarbeidskoordinator", "topic/sykefravaeret-pa-avdelingen", "agent/fagforening-a", "agent/fagforening-b"):
        assert imported.turtle.count(f"\n<{new}> a ") == 1, new
    imported.file.parent.mkdir()
    imported.file.write_text(imported.turtle, encoding="utf-8")
    again = SetUpContext(own, imported.file.stem)
    said = again.read_own_triples()
    index: LabelIndex = again.build_label_index(said)
    book = build_workbook_cells(fill_set_up_workbook(said, again.set_up, index, own, again.external_resources, "en"), LAYOUT)
    assert set(build_set_up_graph(book, index, own, LAYOUT, again.external_resources).triples) == set(said)
