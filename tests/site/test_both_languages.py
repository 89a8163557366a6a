"""What the package and the pages both do, they do alike: each is held to the cases in `tests/cases/`, or gives what the other gives.

The tests in `tests/js/` hold the pages to the same cases. Workbooks that both read and write are in `test_workbook_in_page.py`.
"""

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.gap.analysis import COVERAGE_QUESTION, MEASURES_QUESTION, Measure, analyse_gap
from balansekunst.gap.group_sheet import Group
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, RDF_TYPE, SKOS_LABEL, expand_curie, fold_name, slugify
from balansekunst.project import Project
from balansekunst.rdf.graph import serialize_term_json
from balansekunst.site.figure import FigureLayout
from balansekunst.sparql.catalogue import ResultRow, find_question, run_question, to_plain_text
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import KEYWORDS, Cell, ChoiceList, Layout, build_workbook_cells
from balansekunst.workbook.list_order import ListMember, suggest_numbers
from balansekunst.workbook.read_ods import read_ods_sheets
from balansekunst.workbook.read_xlsx import MAX_READ_CELLS, MAX_READ_ROWS
from balansekunst.workbook.to_rdf import VALUE_PATTERNS, StandardGraphBuilder
from balansekunst.workbook.written_values import strip_bullets
from helpers.page_functions import call_page_functions

TESTS = Path(__file__).parents[1]
NOT_FOLDED_ALIKE = range(0x13A0, 0x1400), range(0xAB70, 0xABC0)
"""Letters (Cherokee) whose small forms JavaScript makes and Python does not."""


def read_cases(name: str) -> Any:
    return json.loads((TESTS / "cases" / f"{name}.json").read_text(encoding="utf-8"))


def whole(written: str) -> NamedNode:
    """The IRI that cases write from the base on, or with a prefix."""
    if written.startswith("bk:"):
        return expand_curie(written)
    return NamedNode(written if written.startswith("http") else BASE + written)


def test_names_are_made_comparable_alike() -> None:
    cases = read_cases("names")
    assert [(label, slugify(label)) for label, _ in cases["slugs"]] == [tuple(case) for case in cases["slugs"]]
    assert [(name, fold_name(name)) for name, _ in cases["compared"]] == [tuple(case) for case in cases["compared"]]
    assert [(text, text.casefold()) for text, _ in cases["folded"]] == [tuple(case) for case in cases["folded"]]
    letters = [chr(code) for code in range(0x10000) if chr(code).isalpha() and not any(code in some for some in NOT_FOLDED_ALIKE)]
    [folded] = call_page_functions(("foldCase", ["\n".join(letters)]))
    assert [pair for pair in zip(letters, folded.split("\n"), strict=True) if pair[0].casefold() != pair[1]] == []


def write_expression(chance: random.Random, depth: int = 0) -> str:
    """Some operands, of which some are expressions too, with signs between them."""

    def operand() -> str:
        inner = write_expression(chance, depth + 1) if depth < 2 else "?x"
        return chance.choice(
            [str(chance.randint(1, 9)), "?x", f"({inner})", f"ABS({inner})", f"-{chance.randint(1, 9)}", "STRLEN('a-b/c')"]
        )

    signs = [" - ", "-", "/", " * ", "+", " -"]
    return operand() + "".join(chance.choice(signs) + operand() for _ in range(chance.randint(0, 5)))


def test_expressions_are_worth_the_same() -> None:
    """The engine of the pages reads from the right, so they group what they ask it; that of the package is right."""
    chance = random.Random(2026)
    queries = [f"SELECT (xsd:decimal({write_expression(chance)}) AS ?n) {{ BIND (3 AS ?x) }}" for _ in range(300)]
    queries = [f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> {query}" for query in queries]
    rows = call_page_functions(*(("askStore", [query]) for query in queries))
    expected = [next(iter(Store().query(query))) for query in queries]  # type: ignore[arg-type]
    compared = [(query, row["n"]["value"], solution["n"]) for query, row, solution in zip(queries, rows, expected, strict=True) if row]
    assert [(query, value, term) for query, value, term in compared if value != term.value] == []
    # The rest divide by zero, or multiply it, which the engine of the pages cannot.
    assert len(compared) > 200


@pytest.fixture
def index(project: Project) -> LabelIndex:
    cases = read_cases("labels")
    lists = {
        name: ChoiceList(tuple(map(whole, about["classes"])), tuple(map(whole, about["shown"])), about["new"])
        for name, about in cases["lists"].items()
    }
    quads = list[Quad]()
    for thing, kind, labels, others in cases["described"]:
        quads.append(Quad(whole(thing), RDF_TYPE, whole(kind)))
        quads += [Quad(whole(thing), SKOS_LABEL, Literal(label, language=language)) for language, label in labels.items()]
        quads += [Quad(whole(thing), expand_curie("skos:altLabel"), Literal(label, language="nb")) for label in others]
    return LabelIndex(quads, project, Layout("standard", (), lists, (), frozenset(), {}, "workbook.guide."))


def test_names_in_cells_mean_the_same(index: LabelIndex) -> None:
    cases = read_cases("labels")
    for written, of, things in cases["find"]:
        assert index.find_resources(written, of) == [whole(thing) for thing in things], written
    for written, thing in cases["expand"]:
        assert index.expand_iri(written) == (whole(thing) if thing else None), written
    for thing, written in cases["shorten"]:
        assert index.shorten_iri(whole(thing)) == written
    for thing, of, language, shown in cases["show"]:
        assert index.format_resource(whole(thing), of, language) == shown
    for of, language, choices in cases["choices"]:
        assert index.list_choices(of, language) == choices


def test_what_cells_hold_is_read_alike(project: Project, index: LabelIndex) -> None:
    assert read_cases("forms") == VALUE_PATTERNS
    keywords = read_cases("keywords")
    assert keywords["keywords"] == KEYWORDS
    texts = {
        language: {key: format_message(key, language) for keys in KEYWORDS.values() for key in keys.values()} for language in LANGUAGES
    }
    assert keywords["texts"] == texts
    for kind, text, value in read_cases("cells"):
        cell = Cell("role", "B2", text)
        form = {name: Cell("role", "B1", "") for name in ("role-address", "standard-address", "role-name-nb")}
        book = build_workbook_cells({})
        book.rows["role"] = [form]
        builder = StandardGraphBuilder(book, index, project, index.layout, ())
        found = builder.parse_literal(text, kind, cell)
        assert (found.value if found is not None else None) == value, (kind, text)
        assert [remark.key for remark in builder.result.remarks] == ([] if value else [f"workbook.no-{kind}"])


def test_bullets_are_taken_off_alike() -> None:
    for written, stripped in read_cases("bullets"):
        assert strip_bullets(written) == stripped


def test_the_sheets_of_an_open_document_workbook_are_read_alike() -> None:
    for what, rows, grid, formulas in read_cases("open-document"):
        body = f'<office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
        content = f"<office:document-content>{body}</office:document-content>".encode()
        if grid == "damaged":
            with pytest.raises(ValueError, match=r"^(table|office):"):
                read_ods_sheets(content, "a", MAX_READ_ROWS, MAX_READ_CELLS)
            continue
        [sheet] = read_ods_sheets(content, "a", MAX_READ_ROWS, MAX_READ_CELLS)
        assert sheet.is_too_large == (grid == "too large"), what
        if not sheet.is_too_large:
            found = {f"{get_column_letter(column)}{row}": formula for (row, column), formula in sheet.formulas.items()}
            assert (sheet.grid, found) == (grid, formulas), what


def test_what_is_listed_gets_the_same_numbers() -> None:
    for case in read_cases("numbers"):
        members = [
            ListMember(tuple((key,) for key in one["lists"]), one.get("number"), one.get("always", False)) for one in case["members"]
        ]
        assert suggest_numbers(members) == case["numbers"]


def test_the_balance_figure_is_laid_out_alike(project: Project) -> None:
    layout = FigureLayout.read(project)
    geometry = layout.geometry
    poles = [(pole["x"], pole["y"]) for axis in layout.axes for pole in axis["poles"]]  # type: ignore[attr-defined]
    calls: list[tuple[str, list[Any]]] = []
    expected: list[Any] = []
    for number in range(26):
        radius = geometry.get_mark_radius(number)
        calls += [("getMarkRadius", [number]), ("packDiscs", [number, radius]), ("placeInRow", [number, 440])]
        expected += [radius, geometry.pack_discs(number, radius), geometry.place_in_row(number, 440)]
        for pole in poles:
            calls += [("placeAlongAxis", [number, pole, radius]), ("getLabelHeight", [pole[1], number])]
            expected += [geometry.place_along_axis(number, pole, radius), geometry.get_label_height(pole[1], number)]
    for call, found, wanted in zip(calls, call_page_functions(*calls), expected, strict=True):
        assert flat(found) == pytest.approx(flat(wanted), abs=1e-9), call


def flat(places: Any) -> list[float]:
    return [part for place in places for part in place] if isinstance(places, list) else [places]


def json_rows(rows: list[ResultRow]) -> list[dict[str, Any]]:
    return [{name: serialize_term_json(term) for name, term in row.items() if term is not None} for row in rows]


@pytest.mark.parametrize("role", ["butikkmedarbeider", "tillitsvalgt"])
def test_the_gap_between_a_person_and_a_role_is_the_same(inferred: Store, project: Project, role: str) -> None:
    person = NamedNode(f"{BASE}individual/voksenopplaering-1")
    found = analyse_gap(inferred, project, NamedNode(f"{BASE}role/{role}"), Group({person: ()}))
    standard = NamedNode(f"{BASE}standard/{role}")
    coverage, measures = (find_question(project, name) for name in (COVERAGE_QUESTION, MEASURES_QUESTION))
    rows = run_question(inferred, coverage, {"individual": person, "standard": standard}).rows
    ways = run_question(inferred, measures, {"from": person, "to": standard}).rows
    [gap] = call_page_functions(("gap", [json_rows(rows), json_rows(ways)]))
    for kind in ("covered", "near", "missing"):
        expected = {to_plain_text(part.row["competence"]) for part in found.coverage if part.counts[kind]}
        assert {row["competence"]["value"].removeprefix(BASE) for row in gap[kind]} == expected, kind
        assert gap["counts"][kind] == len(expected)
    assert [row["own"]["value"] for row in gap["beyond"]] == [iri_of(row, "own") for row, _ in found.additional_competences]
    assert found.general_measures and summarize(gap["general"]) == expected_measures(found.general_measures)
    for part in found.coverage:
        own = gap["specific"].get(iri_of(part.row, "competence"), [])
        assert summarize(own) == expected_measures(part.measures)


def iri_of(row: ResultRow, name: str) -> str:
    term = row[name]
    assert isinstance(term, NamedNode)
    return term.value


def expected_measures(measures: Iterable[Measure]) -> list[tuple[str, int, int]]:
    return [(iri_of(measure.row, "way"), len(measure.settings), len(measure.forms)) for measure in measures]


def summarize(measures: list[Any]) -> list[tuple[str, int, int]]:
    return [(one["row"]["way"]["value"], len(one["settings"]), len(one["forms"])) for one in measures]
