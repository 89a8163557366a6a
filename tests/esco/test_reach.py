"""The reach into ESCO: the hand-worked example, what must hold whatever the data, the command, and the real download."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_esco import real_download

from balansekunst.dataset import Dataset
from balansekunst.esco.answers import REACH_FORMATS, into_esco
from balansekunst.esco.reach import WEIGHTS, Mapping, Reach, Space, held, reach, read_mappings, ways
from balansekunst.esco.store import Concept, load_esco, open_esco
from balansekunst.messages import UserError, text
from balansekunst.project import Project
from benchmarks.reach import area, occupations_as_roles, overlap
from esco_download import RELATIONS, download, lists, occupation, skill, zipped
from test_cli import run

MAPPINGS = [Mapping("P", skill("a"), "close"), Mapping("Q", skill("c"), "related")]


def into(project: Project, role: str, isco: str, top: int, format: str, language: str) -> str:
    """What the command prints."""
    dataset = Dataset(project)
    return REACH_FORMATS[format](into_esco(dataset, dataset.role(role), isco, top, language), language)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALANSEKUNST_ESCO_HOME", str(tmp_path / "home"))


@pytest.fixture
def worked(tmp_path: Path) -> Space:
    """Occupations W to Z with skills A to D, as `docs/reach.md` has them."""
    load_esco(download(tmp_path))
    with open_esco() as esco:
        return Space.of(esco)


def test_the_worked_example(worked: Space) -> None:
    found = reach(worked, ["P", "Q", "R"], MAPPINGS)
    assert {r.occupation.uri[-1]: (r.rank, round(r.figure, 4)) for r in found.ranked} == {
        "x": (1, 0.65),  # (1 · ¾ + ¼ · ¼) / (1 + ¼)
        "y": (2, 0.3333),  # (1 · ⅜ + ½ · ¼) / (1 + ½)
        "w": (3, 0.25),  # ½ · ¼ / ½
        "z": (4, 0.0833),  # ½ · ¼ / (½ + 1)
    }
    assert (found.competences, found.occupations, found.touched, found.invisible) == (3, 4, 4, ("R",))


def test_each_figure_is_explained(worked: Space) -> None:
    by = {r.occupation.uri[-1]: r for r in reach(worked, ["P", "Q"], MAPPINGS).ranked}
    first, second = by["y"].carried
    assert [(w.competence, w.relation, w.skill, w.step, w.value) for w in first.ways] == [("P", "close", skill("a"), "narrower", 0.375)]
    assert (second.uri, second.essential, second.ways[0].step) == (skill("c"), True, "same")
    assert [s.essential for s in by["x"].carried] == [True, False]
    assert [(s.uri, round(s.share, 4)) for s in by["z"].missing] == [(skill("d"), 0.6667)]
    for reached in by.values():
        assert sum(s.share for s in (*reached.carried, *reached.missing)) == pytest.approx(1)
        assert sum(s.share * s.ways[0].value for s in reached.carried) == pytest.approx(reached.figure)


def test_a_step_up_and_a_step_too_thin(worked: Space) -> None:
    up = ways(worked, ["P"], [Mapping("P", skill("b"), "exact")])
    assert {worked.skills[at]: (w[0].value, w[0].step) for at, w in up.items()} == {skill("b"): (1, "same"), skill("a"): (0.5, "broader")}
    one_step = ways(worked, ["P"], [Mapping("P", skill("a"), "broad")])
    assert [worked.skills[at] for at in one_step] == [skill("a")], "a broad match is a step already"
    wide = Space([], [skill("a"), *map(str, range(11))], [], [(str(n), skill("a")) for n in range(11)])
    assert len(ways(wide, ["P"], [Mapping("P", skill("a"), "exact")])) == 1, "half of one eleventh is below the least"


def test_only_some_isco_codes(worked: Space) -> None:
    found = reach(worked, ["P", "Q"], MAPPINGS, isco="14")
    assert [(r.rank, r.occupation.uri) for r in found.ranked] == [(4, occupation("z"))]
    with pytest.raises(UserError, match="begin with 1, 2 and have four digits"):
        reach(worked, ["P"], MAPPINGS, isco="x")


def test_what_no_occupation_asks_for_and_what_is_gone(worked: Space) -> None:
    space = Space(worked.occupations, [*worked.skills, skill("e")], [], [])
    found = reach(space, ["P", "Q"], [Mapping("P", skill("e"), "exact"), Mapping("Q", skill("gone"), "exact")])
    assert found.unasked == ("P", "Q") and found.gone == (skill("gone"),) and not found.invisible and not found.touched


NAMES = st.integers(0, 7).map(str)
LINKS = st.lists(st.tuples(st.sampled_from("ABCD"), NAMES, st.sampled_from(["essential", "optional"])), max_size=25)
BROADER = st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), max_size=10)
MAPPED = st.lists(st.builds(Mapping, st.sampled_from("pqrs"), NAMES, st.sampled_from(sorted(WEIGHTS.match))), max_size=8)


def space_of(links: list[tuple[str, str, str]], broader: list[tuple[str, str]]) -> Space:
    return Space([Concept(name, "", "1111", "", "") for name in "ABCD"], map(str, range(8)), links, broader)


def figures(found: Reach) -> dict[str, float]:
    return {r.occupation.uri: r.figure for r in found.ranked}


@given(LINKS, BROADER, MAPPED)
def test_figures_lie_between_0_and_1_and_never_fall(
    links: list[tuple[str, str, str]], broader: list[tuple[str, str]], mappings: list[Mapping]
) -> None:
    space = space_of(links, broader)
    before = dict.fromkeys("ABCD", 0.0)
    for number in range(5):
        now = figures(reach(space, "pqrs"[:number], mappings))
        assert all(0 <= figure <= 1 + 1e-12 for figure in now.values())
        assert all(now[name] >= before[name] - 1e-12 for name in "ABCD"), "fell when the role gained a competence"
        before = now


@given(LINKS, BROADER)
def test_whoever_has_all_skills_has_all_of_every_occupation(links: list[tuple[str, str, str]], broader: list[tuple[str, str]]) -> None:
    space = space_of(links, broader)
    everything = [Mapping("p", str(n), "exact") for n in range(8)]
    with_skills = {occupation for occupation, _, _ in links}
    for name, figure in figures(reach(space, ["p"], everything)).items():
        assert figure == pytest.approx(1 if name in with_skills else 0)


@given(LINKS, BROADER, MAPPED)
def test_order_of_what_is_given_does_not_matter(
    links: list[tuple[str, str, str]], broader: list[tuple[str, str]], mappings: list[Mapping]
) -> None:
    one = reach(space_of(links, broader), "pqrs", mappings)
    other = reach(space_of(links[::-1], broader[::-1]), "srqp", mappings[::-1])
    assert [(r.rank, r.occupation, r.figure) for r in one.ranked] == [(r.rank, r.occupation, r.figure) for r in other.ranked]


def test_the_measure_of_the_benchmark_is_the_one_of_the_project(worked: Space) -> None:
    rows = occupations_as_roles(worked).toarray()
    of_x = held(worked, ways(worked, ["p"], [Mapping("p", skill(name), "exact") for name in "ac"]))
    assert np.array_equal(rows[1], of_x) and np.allclose(worked.figures(rows.T).diagonal(), 1)
    sets = worked.essential.astype(float)
    sets.data[:] = 1
    assert overlap(sets)(sets)[1].round(3).tolist() == [0.5, 1, 0.333, 0.333]


def test_area_is_1_for_perfect_order_and_a_half_for_none() -> None:
    same = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=bool)
    assert area(same.astype(float), same) == 1
    assert area(np.ones((3, 3)), same) == 0.5


def test_mappings_are_read_from_sssom(project: Project) -> None:
    mappings, version = read_mappings(project.root / "data" / "mappings" / "esco.sssom.tsv")
    assert version == "v1.1.1" and {m.relation for m in mappings} <= WEIGHTS.match.keys()
    assert all(m.competence.startswith("https://w3id.org/balansekunst/competence/") for m in mappings)
    assert all(m.skill.startswith("http://data.europa.eu/esco/skill/") for m in mappings)


@pytest.fixture
def mapped(tmp_path: Path, project: Project) -> Path:
    """A download whose skill a is one that the key competence veiledning is mapped to."""
    mappings, _ = read_mappings(project.root / "data" / "mappings" / "esco.sssom.tsv")
    target = next(m.skill for m in mappings if m.competence.endswith("/veiledning"))
    files = {name: text.replace(skill("a"), target) for name, text in {**lists("en"), **RELATIONS}.items()}
    load_esco([zipped(tmp_path / "esco v1.1.1.zip", files)])
    return tmp_path


@pytest.mark.parametrize(
    ("language", "question", "label", "words"),
    [
        ("nb", "Hvor langt rekker Butikksjef", "Veiledning", ("Navnene fra ESCO er ikke på norsk", "Det sier ikke")),
        ("en", "How far does Store manager", "Guidance", ("It does not say",)),
    ],
)
def test_table(mapped: Path, project: Project, language: str, question: str, label: str, words: tuple[str, ...]) -> None:
    written = into(project, "butikksjef", "", 2, "table", language)
    assert written.startswith(question) and "the x, in English" in written and f"← {label}" in written
    assert all(word in written for word in words)
    assert written.rstrip().endswith(text("esco.attribution", language))


def test_the_norwegian_download_gives_norwegian_names(mapped: Path, project: Project) -> None:
    load_esco([zipped(mapped / "esco v1.1.1 no.zip", {"occupations_no.csv": lists("no")["occupations_no.csv"]})])
    written = into(project, "Butikksjef", "2422", 1, "table", "nb")
    assert "den x, på" in written and "ikke på norsk" not in written


def test_json_and_csv_hold_the_same(mapped: Path, project: Project) -> None:
    document = json.loads(into(project, "role/butikksjef", "", 4, "json", "en"))
    rows = list(csv.DictReader(io.StringIO(into(project, "butikksjef", "", 4, "csv", "en"))))
    assert document["role"] == {"id": "https://w3id.org/balansekunst/role/butikksjef", "label": "Store manager"}
    assert document["esco"] == document["mappedTo"] == "v1.1.1" and document["competences"] == 13 and document["gone"]
    assert "European Commission" in document["attribution"]
    first = document["ranked"][0]
    assert (first["id"], first["label"], first["language"], first["isco"]) == (occupation("x"), "the x, in English", "en", "2422")
    assert first["carried"][0]["ways"][0]["label"] == "Guidance" and first["missing"][0]["id"] == skill("c")
    in_rows = {(row["occupation"], row["skill"], bool(row["competence"])) for row in rows}
    assert in_rows == {
        (o["id"], s["id"], kind == "carried") for o in document["ranked"] for kind in ("carried", "missing") for s in o[kind]
    }


def test_command_and_its_faults(mapped: Path, project: Project) -> None:
    done = run("mobility", "butikksjef", "--into", "esco", "--format", "csv", "--top", "1", "--lang", "en", cwd=project.root)
    assert done.returncode == 0 and done.stdout.startswith("rank,occupation,")
    assert done.stderr == "This service uses the ESCO classification of the European Commission.\n"
    faults = {
        ("butikksje",): "Nothing that fits role is called “butikksje”. Nearest: role/butikksjef",
        ("butikksjef", "--isco", "9"): "No occupation in ESCO has an ISCO code that begins with “9”",
        ("butikksjef", "--format", "xml"): "There is no format “xml”",
        ("butikksjef", "--into", "onet"): "There is no “onet” to go to",
    }
    for arguments, sentence in faults.items():
        done = run("mobility", "--into", "esco", *arguments, "--lang", "en", cwd=project.root)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr


def test_relations_that_are_not_loaded_are_asked_for(tmp_path: Path, project: Project) -> None:
    with pytest.raises(UserError, match="No version of ESCO is loaded"):
        into(project, "tillitsvalgt", "", 1, "table", "en")
    load_esco(download(tmp_path)[:1])
    with pytest.raises(UserError, match=r"ESCO v1\.1\.1 lacks occupationSkillRelations"):
        into(project, "tillitsvalgt", "", 1, "table", "en")
    links = {"occupationSkillRelations.csv": RELATIONS["occupationSkillRelations.csv"]}
    load_esco([zipped(tmp_path / "esco v1.1.1 links.zip", links)])
    assert "Without it only the same skills count" in into(project, "tillitsvalgt", "", 1, "table", "en")


def test_ten_occupations_that_a_union_representative_reaches(project: Project) -> None:
    load_esco([real_download(project)], "v1.1.1")
    document = json.loads(into(project, "tillitsvalgt", "", 10, "json", "en"))
    assert (document["occupations"], len(document["ranked"])) == (3007, 10)
    first = document["ranked"][0]
    assert first["label"] == "labour market policy officer"
    assert first["carried"][0]["label"] == "labour law" and first["carried"][0]["ways"][0]["label"] == "Laws and agreements"
    assert [c["label"] for c in document["invisible"]] == ["Carrying out processes"]
    shares = [reached["share"] for reached in document["ranked"]]
    assert shares == sorted(shares, reverse=True) and 0.03 < shares[-1] < shares[0] < 0.1
