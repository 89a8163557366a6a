"""Workbooks that the form in the browser saves and opens: the command reads what the page writes, and the page what the command writes."""

import datetime
import json
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.messages import format_message as said
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.site.workbook import build_workbook_data
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.read_xlsx import read_workbook
from balansekunst.workbook.standards import StandardContext, fill_from_triples, prepare_new_standard
from balansekunst.workbook.to_rdf import EDITORIAL_NOTE, Remark, build_standard_graph
from balansekunst.workbook.write_xlsx import build_xlsx
from helpers.dataset import find_project
from helpers.workbooks import CONTENT, NOT_BOOKS, WORDS, Change, Pages, edited, fill_in, in_page, place, write_in
from test_init_project import started

STANDARDS = sorted(path.stem for path in (find_project().root / "data" / "standards").glob("*.ttl"))


def triples(text: str) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=RdfFormat.TURTLE, base_iri=BASE)}


@pytest.fixture(scope="module")
def given(project: Project) -> Pages:
    """What a page knows."""
    axes = json.loads((project.site_sources / "figure.json").read_text(encoding="utf-8"))["axes"]
    places = [(place, axis["dimension"]) for axis in axes for place in [axis["between"], *(pole["position"] for pole in axis["poles"])]]
    return {"told": build_workbook_data(project), "dimensions": {BASE + place: BASE + within for place, within in places}}


@pytest.fixture
def book(project: Project, tmp_path: Path) -> Path:
    """A workbook for a new standard, filled in."""
    _, filled, names = prepare_new_standard("verneombud", project, "en")
    path = tmp_path / "book.xlsx"
    path.write_bytes(build_xlsx(filled, names, load_layout(), "en"))
    fill_in(path, CONTENT, "en")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(("language", "slugs"), [("nb", STANDARDS), ("en", STANDARDS[:1])])
def test_page_and_command_read_the_workbooks_of_each_other(
    project: Project, given: Pages, tmp_path: Path, language: str, slugs: list[str]
) -> None:
    settings = [StandardContext(project, slug) for slug in slugs]
    ours, theirs = ([tmp_path / f"{slug}-{of}.xlsx" for slug in slugs] for of in ("page", "command"))
    for here, path in zip(settings, theirs, strict=True):
        filled, names = fill_from_triples(here, here.read_own_triples(), language)
        path.write_bytes(build_xlsx(filled, names, load_layout(), language))
    save = {path: here.file.read_text(encoding="utf-8") for here, path in zip(settings, ours, strict=True)}
    answer = in_page(given, tmp_path, language, save, [*theirs])
    assert answer["saved"] == [None] * len(slugs)
    for here, path, opened in zip(settings, ours, answer["opened"], strict=True):
        own = set(here.read_own_triples())
        assert opened.get("notes") == [], opened
        assert triples(opened["turtle"]) == own, here.slug
        read, remarks = read_workbook(path, load_layout())
        made = build_standard_graph(read, here.build_label_index(), project, load_layout(), here.external_resources)
        assert not remarks and not made.remarks
        assert set(made.triples) == own, here.slug
        assert_same_choices(*map(openpyxl.load_workbook, (path, path.with_name(f"{here.slug}-command.xlsx"))))


def assert_same_choices(one: openpyxl.Workbook, other: openpyxl.Workbook) -> None:
    """Guide and lists are the same, and each drop-down shows the same list in the same cells."""
    assert one.sheetnames == other.sheetnames
    for title in (one.sheetnames[0], one.sheetnames[-1]):
        assert list(one[title].values) == list(other[title].values)
    for title in one.sheetnames[1:-1]:
        mine, theirs = (
            {(str(v.sqref), str(v.formula1).removeprefix("="), bool(v.showErrorMessage)) for v in dropdowns(book[title])}
            for book in (one, other)
        )
        assert mine == theirs, title


def dropdowns(page: Worksheet) -> list[DataValidation]:
    return [choice for choice in page.data_validations.dataValidation if choice.type == "list"]


@pytest.mark.slow
def test_what_columns_cannot_hold_comes_back_too_and_no_text_is_a_formula(project: Project, given: Pages, tmp_path: Path) -> None:
    here = StandardContext(project, "butikksjef")
    more = """<https://w3id.org/balansekunst/standard/butikksjef> <http://www.w3.org/2004/02/skos/core#note>
        "=1+1"@nb, "@SUM(1)"@en, "Én linje\\nog en til"@nb, "<b>&amp;\\"</b>"@en, "–"@nb, "=2+2", _:b .
        _:b <http://www.w3.org/2004/02/skos/core#note> 2.5 ."""
    text = here.file.read_text(encoding="utf-8") + more
    path = tmp_path / "book.xlsx"
    assert in_page(given, tmp_path, "nb", {path: text})["saved"] == [None]
    [opened] = in_page(given, tmp_path, "nb", open=[path])["opened"]
    assert triples(opened["turtle"].replace("_:b", "<b>")) == triples(text.replace("_:b", "<b>"))
    cells = [cell for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert "=2+2" in {cell.value for cell in cells} and {cell.data_type for cell in cells if cell.value} == {"s"}
    bytes_before = path.read_bytes()
    in_page(given, tmp_path, "nb", {path: text})
    assert path.read_bytes() == bytes_before


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ("<https://example.org/standard/x> a <https://w3id.org/balansekunst/ns#CompetenceStandard> .", "without changes"),
        (
            '<standard/x> a <ns#CompetenceStandard> ; <ns#describesRole> <role/butikksjef> ; <ns#note> "\\u0007" .',
            "cannot be put in a spreadsheet",
        ),
    ],
)
def test_what_cannot_be_saved_is_told_and_nothing_is_saved(given: Pages, tmp_path: Path, more: str, word: str) -> None:
    path = tmp_path / "book.xlsx"
    [fault] = in_page(given, tmp_path, "en", {path: more})["saved"]
    assert word in fault and not path.exists()


def made_by_command(project: Project, path: Path) -> tuple[set[Triple], list[Remark]]:
    """What the command reads in a workbook for a new standard, but for its notes on what it proposes, and what it remarks on."""
    here = StandardContext(project, "verneombud")
    read, remarks = read_workbook(path, load_layout())
    made = build_standard_graph(read, here.build_label_index(), project, load_layout(), here.external_resources)
    return {triple for triple in made.triples if triple.predicate != EDITORIAL_NOTE}, [*remarks, *made.remarks]


@pytest.mark.slow
def test_a_new_standard_is_read_as_the_command_reads_it(project: Project, given: Pages, book: Path, tmp_path: Path) -> None:
    opened = openpyxl.load_workbook(book)
    page = opened["1 Role and interviews"]
    page[place(page, "role", "interviewed-from", 0, "en")] = datetime.datetime(2026, 1, 1)
    page[place(page, "role", "issued", 0, "en")] = 2026.0
    opened.save(book)
    [read] = in_page(given, tmp_path, "en", open=[book])["opened"]
    expected, remarks = made_by_command(project, book)
    assert triples(read["turtle"]) == expected
    assert [remark.key for remark in remarks] == ["workbook.proposed"]
    assert [note.split(":")[0] for note in read["notes"]] == [f"2 Placement, cell {remarks[0].cell.reference}"]


@pytest.mark.slow
def test_what_someone_else_describes_has_their_base(given: Pages, tmp_path: Path) -> None:
    own = started(tmp_path / "own")
    _, filled, names = prepare_new_standard("verneombud", own, "nb")
    book = tmp_path / "book.xlsx"
    book.write_bytes(build_xlsx(filled, names, load_layout(), "nb"))
    fill_in(book, CONTENT)
    [read] = in_page({**given, "told": build_workbook_data(own)}, tmp_path, "nb", open=[book])["opened"]
    expected, _ = made_by_command(own, book)
    assert triples(read["turtle"]) == expected and own.base in read["turtle"]
    again = tmp_path / "again.xlsx"
    assert in_page({**given, "told": build_workbook_data(own)}, tmp_path, "nb", {again: read["turtle"]})["saved"] == [None]
    assert made_by_command(own, again)[0] == expected


CHANGES: list[Change] = [
    ("role", "", "issued", "i fjor"),
    ("role", "", "interviews", "mange"),
    ("role", "", "placed-on", "våren"),
    ("role", "", "role-address", "ikke en adresse"),
    ("placed", "Forbedringsarbeid", "position", "Over alt"),
    ("placed", "Informasjonsinnhenting", "source", "Boka"),
    ("placed", "Kommunikasjon", "note-nb", "=1+1"),
    ("items", "Forbedringsarbeid", "kind", "Når"),
    ("keys", "Observasjon", "key", "Å se"),
]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_cells_that_cannot_be_read_are_told_of_as_the_command_does(
    project: Project, given: Pages, book: Path, tmp_path: Path, language: str
) -> None:
    write_in(book, CHANGES, "en")
    [read] = in_page(given, tmp_path, language, open=[book])["opened"]
    _, remarks = made_by_command(project, book)
    wrong = [remark for remark in remarks if remark.severity == "violation"]
    assert len(wrong) >= len(CHANGES) and read.keys() == {"faults"}
    where = [
        (said("workbook.where", language, sheet=load_layout().find_sheet(r.cell.sheet).format_title(language), cell=r.cell.reference), r)
        for r in wrong
    ]
    assert [fault.split(": ", 1)[0] for fault in read["faults"]] == [here for here, _ in where]
    for fault, (here, remark) in zip(read["faults"], where, strict=True):
        if "suggestions" not in remark.values:
            assert fault == f"{here}: {said(remark.key, language, **remark.values)}"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_file_that_is_something_else_is_told_of(given: Pages, book: Path, tmp_path: Path, language: str) -> None:
    paths = {kind: tmp_path / f"{number}.xlsx" for number, kind in enumerate(NOT_BOOKS)}
    for kind, path in paths.items():
        path.write_bytes(NOT_BOOKS[kind](book.read_bytes()))
    for (kind, path), read in zip(paths.items(), in_page(given, tmp_path, language, open=list(paths.values()))["opened"], strict=True):
        if kind == "lying bomb":
            # A part that is not read is not unpacked, whatever it says of its size.
            assert read["turtle"]
            continue
        [fault] = read.get("faults", ["opened"])
        assert fault.startswith(f"{path.name}: "), kind
        assert language == "nb" or WORDS[kind] in fault, (kind, fault)


def test_a_sheet_that_says_it_is_small_is_told_of(given: Pages, book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        size = struct.pack("<L", archive.getinfo("xl/worksheets/sheet4.xml").file_size)
    book.write_bytes(book.read_bytes().replace(size, struct.pack("<L", 10)))
    [read] = in_page(given, tmp_path, "en", open=[book])["opened"]
    assert "damaged" in read["faults"][0]


def test_missing_sheets_and_renamed_headings_are_told_at_once(given: Pages, book: Path, tmp_path: Path) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        del opened["5 Sources"]
        opened["2 Placement"]["A1"] = "Skill"
        opened["4 Learning outcomes"]["D1"] = opened["4 Learning outcomes"]["C1"].value
        opened["6 Other statements"]["A1048576"] = "x"

    book.write_bytes(edited(book.read_bytes(), edit))
    [read] = in_page(given, tmp_path, "en", open=[book])["opened"]
    assert len(read["faults"]) == 1 and "more than 5000 rows" in read["faults"][0]
    book.write_bytes(edited(book.read_bytes(), lambda opened: opened["6 Other statements"].delete_rows(1048576)))
    [read] = in_page(given, tmp_path, "en", open=[book])["opened"]
    told = "\n".join(read["faults"])
    assert "The sheet “5 Kilder / 5 Sources” is missing" in told
    assert "“Kompetanse / Competence” is missing" in told and "Skill" in told and "appears twice" in told
