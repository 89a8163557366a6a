"""The gap between a group and a role: counts held against plain sets, measures, refusals, and every format."""

import csv
import html
import io
import json
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser
from pyoxigraph import NamedNode, Store

from balansekunst.commands.gap import find_gap
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.gap.analysis import Gap
from balansekunst.gap.group_sheet import read_group
from balansekunst.gap.report_formats import GAP_FORMATS, format_bar
from balansekunst.messages import LANGUAGES
from balansekunst.mobility.paths import list_requirements
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.sparql.catalogue import run_query, to_plain_text
from helpers.browser import opener, violations
from helpers.commands import run
from helpers.workbooks import build_ods

GROUP = """\
Pseudonym;Kompetanse;Kjent fra
ansatt-1;Veiledning;egen fortelling
ansatt-1;Læringsvilje;egen fortelling
ansatt-2;kundebehandling;sertifikat
A3;https://w3id.org/balansekunst/competence/pc-bruk;
Ansatt 4;Overview;egen fortelling
"""


@pytest.fixture(scope="module")
def dataset(project: Project) -> Dataset:
    return Dataset(project)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "gruppe.csv"
    path.write_text(GROUP, encoding="utf-8")
    return path


def counts(gap: Gap) -> dict[str, tuple[int, ...]]:
    return {to_plain_text(part.row["competence"]).removeprefix("competence/"): tuple(part.counts.values()) for part in gap.coverage}


def sentences(path: Path, store: Store, project: Project) -> list[str]:
    with pytest.raises(UserError) as caught:
        read_group(path, store, project)
    return caught.value.format_sentences("en")


def test_the_person_of_case_2_has_what_the_documents_say(dataset: Dataset) -> None:
    gap = find_gap(dataset, "butikkmedarbeider", "individual/voksenopplaering-1")
    has = counts(gap)
    assert gap.people == 1 and len(has) == 12
    assert {name for name, count in has.items() if count == (1, 0, 0)} == {"laeringsvilje", "overblikk", "selvstendighet"}
    assert {name for name, count in has.items() if count == (0, 1, 0)} == {"bruk-av-teknologi", "kunderelasjoner", "kundeservice"}
    assert {to_plain_text(row["own"]) for row, _ in gap.additional_competences} == {
        f"competence/{name}" for name in ("faglig-ledelse", "skoproduksjon", "utholdenhet")
    }


def test_a_group_is_counted(dataset: Dataset, sheet: Path) -> None:
    gap = find_gap(dataset, "butikksjef", str(sheet))
    has = counts(gap)
    assert gap.people == 4
    assert has["veiledning"] == (1, 0, 3) and has["kundebehandling"] == (1, 0, 3)
    assert has["opplaering"] == (0, 1, 3) and has["tidsstyring"] == (0, 0, 4)
    assert gap.evidence == (("egen fortelling", 3), ("sertifikat", 1))
    assert next(iter(has.values())) == (0, 0, 4), "what most lack comes first"


def test_the_measures_are_those_of_the_question(dataset: Dataset, tmp_path: Path) -> None:
    # docs: tests/queries/measures-for-gap.competence.tsv and .need.tsv, worked out from fafo-2019
    path = tmp_path / "en.csv"
    path.write_text("Pseudonym,Competence\nsteward-1,Veiledning\n", encoding="utf-8")
    gap = find_gap(dataset, "tillitsvalgt", str(path))
    law = next(part for part in gap.coverage if to_plain_text(part.row["competence"]) == "competence/lov-og-avtaleverk")
    assert {(to_plain_text(m.row["basis"]), to_plain_text(m.row["way"])) for m in law.measures} == {
        ("competence", "course/grunnopplaering"),
        ("competence", "course/kurs-seminarer-og-konferanser"),
        ("competence", "learning-way/saker-fra-medlemmene"),
        ("need", "course/arbeidsrett"),
        ("need", "course/kurs-pa-hoyskoleniva"),
    }
    assert "measure/interne-kurs" in {to_plain_text(measure.row["way"]) for measure in gap.general_measures}
    assert "measure/rekruttere-nye-medarbeidere" not in {to_plain_text(measure.row["way"]) for measure in gap.general_measures}


def test_where_all_is_covered_there_is_no_gap_to_close(dataset: Dataset, tmp_path: Path) -> None:
    path, role = tmp_path / "alt.csv", f"{BASE}role/butikkmedarbeider"
    asked = sorted(c.value for r, c, _ in list_requirements(dataset.store, dataset.project) if r == NamedNode(role))  # type: ignore[union-attr]
    path.write_text("Pseudonym,Competence\n" + "".join(f"a-1,{competence}\n" for competence in asked), encoding="utf-8")
    gap = find_gap(dataset, role, str(path))
    assert all(count == (1, 0, 0) for count in counts(gap).values())
    assert not gap.general_measures and not any(part.measures for part in gap.coverage)
    assert "no gap to close" in str(GAP_FORMATS["md"](gap, "en"))


@pytest.fixture(scope="module")
def scheme(dataset: Dataset) -> tuple[list[str], dict[str, set[str]]]:
    """The competences, and those one step from each."""
    near: dict[str, set[str]] = {}
    for row in run_query(dataset.store, dataset.project.read_query("tables/neighbours")).rows:
        one, other = to_plain_text(row["competence"]), to_plain_text(row["neighbour"])
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    every = {to_plain_text(c) for _, c, _ in list_requirements(dataset.store, dataset.project)} | near.keys()
    return sorted(every), near


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_of_plain_sets(
    dataset: Dataset, scheme: tuple[list[str], dict[str, set[str]]], tmp_path: Path, data: st.DataObject
) -> None:
    every, near = scheme
    people = data.draw(st.lists(st.sets(st.sampled_from(every), min_size=1, max_size=8), min_size=1, max_size=4))
    role = data.draw(st.sampled_from(["butikksjef", "butikkmedarbeider", "tillitsvalgt", "avdelingsleder-sykehjem"]))
    path = tmp_path / "tilfeldig.csv"
    rows = [f"person-{number},{name}\n" for number, has in enumerate(people, 1) for name in sorted(has)]
    path.write_text("Pseudonym,Competence\n" + "".join(rows), encoding="utf-8")
    gap = find_gap(dataset, role, str(path))
    asked = {to_plain_text(c) for r, c, _ in list_requirements(dataset.store, dataset.project) if to_plain_text(r) == f"role/{role}"}
    assert {to_plain_text(part.row["competence"]) for part in gap.coverage} == asked
    for part in gap.coverage:
        competence = to_plain_text(part.row["competence"])
        has = sum(competence in own for own in people)
        close = sum(competence not in own and bool(own & near.get(competence, set())) for own in people)
        assert part.counts == {"covered": has, "near": close, "missing": len(people) - has - close}
    beyond = {name: sum(name in own for own in people) for own in people for name in own if not ({name} | near.get(name, set())) & asked}
    assert {to_plain_text(row["own"]): number for row, number in gap.additional_competences} == beyond


def test_all_faults_of_a_sheet_are_told_at_once_with_row_and_column(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "feil.csv"
    path.write_text(
        "Pseudonym;Kompetanse;Kjent fra\nKari Nordmann;Veiledning;\nansatt-1;Veildning;\n"
        "ansatt-2;kundebehandling;ring 912 34 567\nansatt-3;;\nKari Nordmann;overblikk;\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError) as caught:
        find_gap(dataset, "butiksjef", str(path))
    told = caught.value.format_sentences("en")
    assert "role/butikksjef" in told[0]
    assert [re.search(r"row ([\d, ]*\d)", sentence)[1] for sentence in told[1:]] == ["2, 6", "3", "4", "5"]  # type: ignore[index]
    assert "veiledning" in told[2]
    assert "Nordmann" not in "".join(told) and "912" not in "".join(told), "what is private is not repeated"


@pytest.mark.parametrize(
    "written",
    ["Kari Nordmann", "Kari", "kari@firma.no", "kari1@firma.no", "91234567", "912 34 567", "+47 91 23 45 67", "01017012345", "010170 12345",
     "17", "ansatt-91234567", "Ola Nordmann 1", "ola.nordmann1", "<b>-1", "../x-1 y"],
)  # fmt: skip
def test_what_would_tell_who_is_meant_is_refused(dataset: Dataset, tmp_path: Path, written: str) -> None:
    path = tmp_path / "navn.csv"
    path.write_text(f'Pseudonym,Competence\n"{written}",veiledning\n', encoding="utf-8")
    told = sentences(path, dataset.store, dataset.project)
    assert len(told) == 1 and "row 2" in told[0] and "I7" in told[0]


def test_the_rule_on_personal_data_is_the_one_in_shapes(dataset: Dataset, sheet: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(dataset.project.root / "shapes", folder / "shapes")
    for name in ("ontology", "data", "queries", "site"):
        (folder / name).symlink_to(dataset.project.root / name)
    file = folder / "shapes" / "individuals.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("/individual/[a-z]+", "/individual/x[a-z]+"), encoding="utf-8")
    assert len(sentences(sheet, dataset.store, Project(folder))) == 4


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_write_is_read(dataset: Dataset, tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "gruppe.csv"
    path.write_text(GROUP.replace(";", delimiter).replace("\n", "\r\n") + delimiter * 2 + "\r\n", encoding=encoding)
    assert find_gap(dataset, "butikksjef", str(path)).people == 4


@pytest.mark.slow
def test_a_workbook_is_read_as_safely_as_one_of_a_standard(dataset: Dataset, sheet: Path, tmp_path: Path) -> None:
    path, book = tmp_path / "gruppe.xlsx", Workbook()
    page = book.active
    assert page is not None
    for row in csv.reader(GROUP.splitlines(), delimiter=";"):
        page.append(row)
    book.save(path)
    assert find_gap(dataset, "butikksjef", str(path)) == find_gap(dataset, "butikksjef", str(sheet))
    ods = tmp_path / "gruppe.ods"
    ods.write_bytes(build_ods(path.read_bytes()))
    assert find_gap(dataset, "butikksjef", str(ods)) == find_gap(dataset, "butikksjef", str(sheet))
    page["B3"] = "=HYPERLINK(A1)"
    book.save(path)
    ods.write_bytes(build_ods(path.read_bytes()))
    assert all("B3" in sentences(one, dataset.store, dataset.project)[0] for one in (path, ods))
    path.write_bytes(b"PK not a book")
    assert len(sentences(path, dataset.store, dataset.project)) == 1


@pytest.mark.parametrize(
    ("written", "word"),
    [
        (b"Navn,Kompetanse\na-1,veiledning\n", "Pseudonym"),
        (b"Pseudonym,Kompetanse\n", "no rows"),
        (b"", "empty"),
        ("Pseudonym,Kompetanse\na-1,læringsvilje\n".encode("utf-16"), "UTF-8"),
        (b'Pseudonym,Kompetanse\na-1,"veiledning\n', "CSV"),
    ],
)
def test_a_sheet_that_is_none_is_told_of(dataset: Dataset, tmp_path: Path, written: bytes, word: str) -> None:
    path = tmp_path / "ark.csv"
    path.write_bytes(written)
    assert word in " ".join(sentences(path, dataset.store, dataset.project))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", GAP_FORMATS)
def test_every_format_tells_the_same_and_nothing_of_who(dataset: Dataset, sheet: Path, format: str, language: str) -> None:
    gap = find_gap(dataset, "butikksjef", str(sheet))
    written = GAP_FORMATS[format](gap, language)
    assert written == GAP_FORMATS[format](find_gap(dataset, "butikksjef", str(sheet)), language)
    if isinstance(written, bytes):
        book = load_workbook(io.BytesIO(written))
        rows = {row[0]: row[2:5] for row in book.worksheets[2].iter_rows(min_row=2, values_only=True)}
        assert rows["Veiledning" if language == "nb" else "Guidance"] == (1, 0, 3)
        written = "\n".join(str(cell) for part in book for row in part.iter_rows(values_only=True) for cell in row)
    assert "ansatt-" not in written and "individual/" not in written
    if format == "json":
        part = next(part for part in json.loads(written)["competences"] if part["iri"] == f"{BASE}competence/opplaering")
        assert (part["covered"], part["near"], part["missing"]) == (0, 1, 3)
        assert (
            part["near_competences"][0]["iri"] == f"{BASE}competence/veiledning" and part["position"]["iri"] == f"{BASE}position/mennesker"
        )


def test_each_competence_has_a_bar_and_what_is_missing_its_outcomes(dataset: Dataset, sheet: Path) -> None:
    gap = find_gap(dataset, "butikksjef", str(sheet))
    guidance = next(part for part in gap.coverage if to_plain_text(part.row["competence"]) == "competence/veiledning")
    said = [to_plain_text(row["outcome_en"]) for row in guidance.outcomes]
    assert said and len(set(said)) == len(said)
    text, marked = str(GAP_FORMATS["table"](gap, "en")), str(GAP_FORMATS["md"](gap, "en"))
    assert re.search(r"Guidance +█░░░ ", text) and "| Guidance | █░░░ |" in marked and "| Training | ▒░░░ |" in marked
    assert all(f"| Guidance | 3 | {one} |" in marked for one in said) and " ".join(said[0].split()[:4]) in text
    page = str(GAP_FORMATS["html"](gap, "en"))
    bar = re.search(r'Guidance<span class="parts" aria-hidden="true">(.*?)</span></th>', page)
    assert bar and re.findall(r'flex-grow: (\d+)"( hidden)?', bar[1]) == [("1", ""), ("0", " hidden"), ("3", "")]
    assert said[0] in html.unescape(page)
    told = next(one for one in json.loads(GAP_FORMATS["json"](gap, "en"))["competences"] if one["iri"].endswith("/veiledning"))
    assert [outcome["label"]["en"] for outcome in told["outcomes"]] == said
    one = find_gap(dataset, "butikkmedarbeider", "individual/voksenopplaering-1")
    lines = str(GAP_FORMATS["md"](one, "nb")).splitlines()
    assert any(line.startswith("| Overblikk | █ |") for line in lines)
    assert not any(line.startswith("| Overblikk | 0 |") for line in lines), "nobody is missing it"


@pytest.mark.parametrize(
    ("numbers", "bar"),
    [
        ((1, 0, 3), "█░░░"),
        ((0, 1, 0), "▒"),
        ((100, 0, 100), "█" * 10 + "░" * 10),
        ((1, 1, 998), "█▒" + "░" * 18),
        ((7, 7, 7), "█" * 6 + "▒" * 7 + "░" * 7),
    ],
)
def test_a_bar_has_a_sign_for_all_that_is_there(numbers: tuple[int, ...], bar: str) -> None:
    assert format_bar(numbers) == bar


def test_the_page_needs_nothing_beside_it_and_reads_markup_as_text(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "gruppe.csv"
    path.write_text("Pseudonym,Competence,Known from\na-1,veiledning,<script>alert(1)</script>\na-1,overblikk,=1+1\n", encoding="utf-8")
    gap = find_gap(dataset, "butikksjef", str(path))
    page = str(GAP_FORMATS["html"](gap, "en"))
    assert "<script" not in page and "default-src 'none'" in page and not re.search(r'(?:src|href)="', page)
    written = GAP_FORMATS["xlsx"](gap, "en")
    assert isinstance(written, bytes)
    cells = [cell for part in load_workbook(io.BytesIO(written)) for row in part.iter_rows() for cell in row]
    assert next(cell for cell in cells if cell.value == "=1+1").data_type == "s"


@pytest.mark.slow
def test_the_command(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "gap.html"
    done = run("gap", "--role", "butikksjef", "--who", str(sheet), "--format", "html", "--out", str(out))
    assert done.returncode == 0 and "Gapanalyse" in out.read_text(encoding="utf-8"), done.stderr
    refused = run("gap", "--role", "ordforer", "--who", "individual/finnes-ikke-9", "--lang", "en")
    assert refused.returncode == 2 and "Traceback" not in refused.stderr and "individual/voksenopplaering-1" in refused.stderr
    undescribed = run("gap", "--role", "ordforer", "--who", "individual/voksenopplaering-1", "--lang", "en")
    assert undescribed.returncode == 2 and "role/ordforer" in undescribed.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_open_to_all(browser: Browser, dataset: Dataset, sheet: Path, tmp_path: Path, language: str) -> None:
    path, faults = tmp_path / "gap.html", list[str]()
    path.write_text(str(GAP_FORMATS["html"](find_gap(dataset, "tillitsvalgt", str(sheet)), language)), encoding="utf-8")
    with opener(browser, (path.as_uri(),), faults) as visit:
        page = visit(path.as_uri())
        page.set_viewport_size({"width": 360, "height": 720})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(page) == []
    assert faults == []


def test_what_excel_and_macs_write_is_read(dataset: Dataset, tmp_path: Path) -> None:
    """The delimiter in a line of its own, letters of two characters, and commas in a quoted heading."""
    plain, odd = tmp_path / "plain.csv", tmp_path / "odd.csv"
    plain.write_text("Pseudonym;Kompetanse\nfyr-1;Målstyring\n", encoding="utf-8")
    odd.write_text(unicodedata.normalize("NFD", 'sep=;\r\nPseudonym;Kompetanse;"a, b, c, d"\r\nfyr-1;målstyring \r\n'), encoding="utf-8")
    for path in (plain, odd):
        [statements] = read_group(path, dataset.store, dataset.project).people.values()
        assert NamedNode(f"{BASE}competence/malstyring") in {quad.object for quad in statements}
    odd.write_text('Pseudonym;Kompetanse;"a, b, c, d"\nfyr-1;\n', encoding="utf-8")
    with pytest.raises(UserError, match="Kompetanse"):
        read_group(odd, dataset.store, dataset.project)
