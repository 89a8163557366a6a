"""Whatever is wrong in a workbook, a sheet of a group, a standard to export or a folder of one's own is read, or told in a sentence."""

import io
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from balansekunst.build import publish
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.gap.analysis import analyse_gap
from balansekunst.gap.group_sheet import read_group
from balansekunst.gap.report_formats import GAP_FORMATS
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, RDF_TYPE
from balansekunst.project import Project
from balansekunst.shacl import validate as shacl
from balansekunst.shacl.report import Report
from balansekunst.shacl.report_formats import REPORT_FORMATS
from balansekunst.workbook import standards
from balansekunst.workbook.context import WorkbookContext
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.set_ups import ROW_CLASSES, SetUpContext, fill_set_up_workbook
from balansekunst.workbook.standards import StandardContext, fill_from_triples, import_workbook
from balansekunst.workbook.write_xlsx import build_csv_files, build_xlsx, build_zip
from helpers.spoil import TERMS, TOKENS, make_up, read_or_told, spoil_csv, spoil_text, spoil_turtle, spoil_zip
from helpers.workbooks import build_ods, changed, edited
from test_init_project import OWN, started

SET_UP = Path(__file__).parent / "setups" / "proper.ttl"
STANDARD = "butikksjef"
BOOKS = tuple(f"{name}.{ending}" for name in ("standard", "set-up") for ending in ("xlsx", "ods", "zip"))
EACH = 20
"""One in so many is also held against the rules, or published, which takes a second or more."""


def list_named(project: Project) -> list[Quad]:
    """What workbooks may name, and of most other things only that they are, so that a workbook is read in no time."""
    quads = SetUpContext(project, "none").other_quads
    layouts = [load_layout(name) for name in ("standard", "set-up")]
    kinds = {kind for layout in layouts for listed in layout.lists.values() for kind in listed.classes} | set(ROW_CLASSES.values())
    named = {quad.subject for quad in quads if quad.predicate == RDF_TYPE and quad.object in kinds}
    return [quad for quad in quads if quad.predicate == RDF_TYPE or (quad.subject in named and len(str(quad.subject)) < 72)]


@pytest.fixture(scope="module")
def named(project: Project) -> list[Quad]:
    return list_named(project)


@pytest.fixture(scope="module")
def books(project: Project) -> dict[str, bytes]:
    """A standard and a set-up that are filled in, as workbooks of both kinds and as tables."""
    setting = StandardContext(project, STANDARD)
    standard, names = fill_from_triples(setting, setting.read_own_triples(), "nb")
    context = SetUpContext(project, "proper")
    own = [quad.triple for quad in project.reader.parse_file(SET_UP)]
    listed = context.build_label_index(own)
    set_up = fill_set_up_workbook(own, NamedNode(f"{BASE}set-up/proper"), listed, project, context.external_resources, "nb")
    made = dict[str, bytes]()
    for name, filled, known in (("standard", standard, names), ("set-up", set_up, listed)):
        made[f"{name}.xlsx"] = build_xlsx(filled, known, known.layout, "nb")
        made[f"{name}.ods"] = build_ods(made[f"{name}.xlsx"])
        made[f"{name}.zip"] = build_zip(build_csv_files(filled, known.layout, "nb"))
    return made


@pytest.fixture
def fast(project: Project, named: list[Quad], monkeypatch: pytest.MonkeyPatch) -> None:
    """Read of the rest of the project only what workbooks name, and hold few against the rules."""
    asked = iter(range(1, 1_000_000))

    def validate_some(project: Project, paths: Collection[Path] = ()) -> Report:
        if next(asked) % EACH == 0:
            return shacl.validate(project, paths)
        for path in paths:
            project.reader.parse_file(path)
        return Report([], Counter())

    monkeypatch.setattr(WorkbookContext, "other_quads", named)
    monkeypatch.setattr(standards, "validate", validate_some)


@pytest.mark.parametrize("name", BOOKS)
def test_spoilt_workbooks_are_imported_or_told_of(project: Project, books: dict[str, bytes], fast: None, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for number, chance in make_up(name, 5):
        path.write_bytes(spoil_zip(books[name], chance))
        with read_or_told(f"{name} {number}", path):
            imported = import_workbook(path, project, replace=True)
            assert all(imported.report.format_text(imported.layout, language) for language in LANGUAGES)


NO_STATEMENTS = {
    "datatype": ("standard/x", "rdf:value", "1", "xsd:x y"),
    "no node": ("_:", "rdf:value", "1", "tekst"),
    "node": ("_:a b", "rdf:value", "1", "tekst"),
    "host": ("https://[::1/", "rdf:value", "1", "tekst"),
    "name": ("bk:a b", "rdf:value", "1", "tekst"),
    "language": ("standard/x", "rdf:value", "1", "nb-abcdefghi"),
}


@pytest.mark.parametrize("cells", NO_STATEMENTS.values(), ids=NO_STATEMENTS)
def test_what_is_no_statement_on_the_last_sheet_is_told_of(
    project: Project, books: dict[str, bytes], fast: None, tmp_path: Path, cells: tuple[str, ...]
) -> None:
    path, title = tmp_path / "book.xlsx", load_layout().find_sheet("other").format_title("nb")
    path.write_bytes(edited(books["standard.xlsx"], lambda book: book[title].append(cells)))
    imported = import_workbook(path, project, replace=True)
    assert "workbook.no-statement" in {finding.remark.key for finding in imported.report.findings if finding.remark}


def test_a_standard_that_breaks_a_rule_is_not_exported_in_part(house: Project) -> None:
    path = house.standards / "folkehogskolelaerer.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("a bk:Item", "a bk:Duty", 1), encoding="utf-8")
    setting = StandardContext(house, path.stem)
    with pytest.raises(UserError) as caught:
        fill_from_triples(setting, setting.read_own_triples(), "nb")
    assert [key for key, _ in caught.value.messages] == ["workbook.unsaid"]


@pytest.mark.parametrize("kind", ["standards", "set-ups"])
def test_spoilt_standards_and_set_ups_are_exported_or_told_of(house: Project, fast: None, tmp_path: Path, kind: str) -> None:
    paths = [SET_UP] if kind == "set-ups" else sorted(house.standards.glob("*.ttl"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    for number, chance in make_up(kind, 5):
        slug, language = chance.choice(list(texts)), chance.choice(LANGUAGES)
        path = house.root / "data" / kind / f"{slug}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(spoil_turtle(texts[slug], BASE, chance), encoding="utf-8")
        with read_or_told(f"{kind} {number}", path):
            if kind == "set-ups":
                context = SetUpContext(house, slug)
                names = context.build_label_index(own := context.read_own_triples())
                filled = fill_set_up_workbook(own, context.set_up, names, house, context.external_resources, language)
            else:
                setting = StandardContext(house, slug)
                filled, names = fill_from_triples(setting, setting.read_own_triples(), language)
            build_xlsx(filled, names, names.layout, language)
            build_zip(build_csv_files(filled, names.layout, language))
        path.write_text(texts[slug], encoding="utf-8")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
def test_spoilt_sheets_of_groups_are_compared_or_told_of(project: Project, inferred: Store, tmp_path: Path, ending: str) -> None:
    sheet = "Pseudonym;Kompetanse;Kjent fra\nansatt-1;Veiledning;samtale\nansatt-2;Målstyring;\nansatt-3;Kommunikasjon;attest\n"
    book = build_group_book(sheet)
    if ending == ".ods":
        book = build_ods(book)
    path = tmp_path / f"group{ending}"
    for number, chance in make_up(f"group{ending}", 5):
        if ending != ".csv":
            path.write_bytes(spoil_zip(book, chance))
        elif chance.random() < 0.5:
            path.write_text(spoil_text(sheet, TOKENS[ending], chance), encoding="utf-8", errors="replace")
        else:
            path.write_bytes(spoil_csv(sheet.replace(";", ",").encode(), chance))
        with read_or_told(f"group{ending} {number}", path):
            group = read_group(path, inferred, project)
            if number % EACH == 0:
                gap = analyse_gap(inferred, project, NamedNode(f"{BASE}role/butikksjef"), group)
                assert all(write(gap, language) for write in GAP_FORMATS.values() for language in LANGUAGES)


def test_a_workbook_without_a_sheet_has_no_column(project: Project, inferred: Store, tmp_path: Path) -> None:
    book = build_group_book("Pseudonym;Kompetanse\n")
    path = tmp_path / "group.xlsx"
    path.write_bytes(changed(book, lambda name, part: re.sub(rb"<sheet [^>]*>", b"", part) if name == "xl/workbook.xml" else part))
    with pytest.raises(UserError):
        read_group(path, inferred, project)


def build_group_book(sheet: str) -> bytes:
    """The same in a workbook."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    page = book.active
    assert page is not None
    for line in sheet.splitlines():
        page.append(line.split(";"))
    book.save(made)
    return made.getvalue()


def build_all(project: Project) -> bool:
    """Do what `build` does: what `validate` passes, it never refuses. Tell whether it ends well; if not, the report tells why."""
    report = shacl.validate(project)
    assert all(write(report, language, project.root) for write in REPORT_FORMATS.values() for language in LANGUAGES)
    if report.conforms:
        try:
            publish(Dataset(project).store, project)
        except UserError as error:
            raise AssertionError("refused after it was passed") from error
    return report.conforms


@pytest.mark.slow
def test_what_validate_passes_build_does_not_refuse(tmp_path: Path) -> None:
    """Values of all types in place of those that have one."""
    root = started(tmp_path / "own").root
    typed = list[tuple[Path, list[Quad], int]]()
    for path in sorted((root / "data").rglob("*.ttl")):
        quads = list(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=OWN))
        typed += [(path, quads, place) for place, quad in enumerate(quads) if has_type(quad.object)]
    assert len({quads[place].predicate for _, quads, place in typed}) > 4
    values = [term for term in TERMS if isinstance(term, Literal)]
    for number, chance in make_up("types", 5):
        path, quads, place = chance.choice(typed)
        before, value = path.read_bytes(), chance.choice(values)
        changed = [Quad(quad.subject, quad.predicate, value) if place == at else quad for at, quad in enumerate(quads)]
        path.write_bytes(serialize((quad.triple for quad in changed), format=RdfFormat.TURTLE) or b"")
        with read_or_told(f"types {number}: {quads[place].predicate} {value}", path):
            build_all(Project.find(root))
        path.write_bytes(before)


def has_type(term: object) -> bool:
    """Tell whether something is a value that is no text."""
    return isinstance(term, Literal) and not term.language and not term.datatype.value.endswith("#string")


@pytest.mark.slow
def test_spoilt_folders_of_ones_own_are_built_or_told_of(tmp_path: Path) -> None:
    """Every file of the folder; one at a time."""
    root = started(tmp_path / "own").root
    files = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*")) if path.suffix in (".toml", ".ttl")}
    for number, chance in make_up("own", 25):
        path = chance.choice(list(files))
        if path.suffix == ".toml":
            path.write_text(spoil_text(files[path], TOKENS[".toml"], chance), encoding="utf-8", errors="replace")
        else:
            path.write_text(spoil_turtle(files[path], OWN, chance), encoding="utf-8")
        with read_or_told(f"own {number}", path):
            build_all(Project.find(root))
        path.write_text(files[path], encoding="utf-8")
