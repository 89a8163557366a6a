"""Occupations near a role: the hand-worked example, what must hold whatever the data, the command, and the real download."""

import csv
import io
import json
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.esco.answers import OCCUPATION_MOBILITY_FORMATS, OccupationFinder, find_occupation_mobility
from balansekunst.esco.isco import get_skill_levels
from balansekunst.esco.occupation_index import SKILL_BASE, build_occupation_index, format_occupation_index, read_occupation_index
from balansekunst.esco.occupation_table import (
    BY_OCCUPATION,
    BY_STANDARD,
    build_near_occupations,
    format_near_occupations,
    read_near_occupations,
)
from balansekunst.esco.ranking import (
    OCCUPATION_WEIGHTS,
    FieldSpace,
    OccupationSpace,
    RankedOccupation,
    build_held_vector,
    find_held_skills,
    rank_occupations,
)
from balansekunst.esco.role_mappings import SkillMapping, read_all_skill_mappings, read_role_subjects, read_skill_mappings
from balansekunst.esco.store import Concept, load_esco, open_esco
from balansekunst.messages import format_message
from balansekunst.project import Project
from benchmarks.occupations import area, jaccard
from helpers.commands import run
from helpers.esco_download import RELATIONS, download, lists, occupation, real_download, skill, zipped

MAPPINGS = [SkillMapping("P", skill("a"), "close"), SkillMapping("Q", skill("c"), "related")]


def into(project: Project, role: str, isco: str, top: int, format: str, language: str) -> str:
    """What the command prints."""
    dataset = Dataset(project)
    return OCCUPATION_MOBILITY_FORMATS[format](find_occupation_mobility(dataset, dataset.find_role(role), isco, top, language), language)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALANSEKUNST_ESCO_HOME", str(tmp_path / "home"))


@pytest.fixture
def worked(tmp_path: Path) -> OccupationSpace:
    """Occupations W to Z with skills A to D, as `docs/occupation-mobility.md` has them."""
    load_esco(download(tmp_path))
    with open_esco() as esco:
        return OccupationSpace.from_esco(esco)


def test_the_worked_example(worked: OccupationSpace) -> None:
    rare, half = sqrt(log(4 / 2)), 0.5  # a and s1 are in two of four occupations, b and d in one, c in all
    role = np.array([half * rare * log(1 + 3 / 4), rare * log(1 + 3 / 8)])  # at a and s1; c weighs nothing
    x = np.array([half * rare * log(1 + 1), rare * log(1 + 1 / 2), 0])
    y = np.array([half * rare * log(1 + 1 / 2), rare * log(1 + 1 / 4), half * sqrt(log(4)) * log(1 + 1)])  # and at b
    expected = {other: float(role @ at[:2] / np.linalg.norm(role) / np.linalg.norm(at)) for other, at in (("x", x), ("y", y))}
    assert {name: round(score, 3) for name, score in expected.items()} == {"x": 1.0, "y": 0.524}
    found = rank_occupations(worked, ["P", "Q", "R"], MAPPINGS)
    [first, second] = found.groups  # w, x and y are one unit group, z another
    assert (first.best.occupation.uri, first.best.rank) == (occupation("x"), 1)
    assert first.best.skill_score == pytest.approx(expected["x"])
    assert [(rank, concept.uri) for rank, concept in first.others] == [(2, occupation("y")), (3, occupation("w"))]
    assert (second.isco, second.best.skill_score, second.best.parts) == ("1420", 0, ())
    assert (found.occupation_count, found.subject_count, found.unmapped) == (4, 2, ("R",))
    alone = rank_occupations(worked, ["P", "Q"], MAPPINGS, np.array([0, 0, 1, 0]))
    assert alone.groups[0].best.occupation.uri == occupation("y")
    assert alone.groups[0].best.skill_score == pytest.approx(expected["y"]) and alone.groups[0].best.field_score == pytest.approx(
        expected["y"]
    )


def test_parts_say_what_meets_where(worked: OccupationSpace) -> None:
    best = rank_occupations(worked, ["P", "Q"], MAPPINGS).groups[0].best
    assert {(part.mapping.subject, part.mapping.skill, part.node, part.skill) for part in best.parts} == {
        ("P", skill("a"), skill("a"), skill("a")),
        ("P", skill("a"), skill("s1"), skill("a")),
    }
    assert best.used_subjects == {"P", "Q"} and best.essential_count == 1
    assert [s.uri for s in best.shared_skills] == [skill("a"), skill("c")] and best.other_skills == ()


def test_only_some_isco_codes_and_levels(worked: OccupationSpace) -> None:
    found = rank_occupations(worked, ["P", "Q"], MAPPINGS, isco="14")
    assert [(group.best.rank, group.best.occupation.uri) for group in found.groups] == [(4, occupation("z"))]
    assert rank_occupations(worked, ["P"], MAPPINGS, skill_level=3).groups[0].isco == "1420"
    assert [get_skill_levels(code) for code in ("1420", "1112", "2422", "3322", "5223", "9334", "0310")] == [
        (3,), (4,), (4,), (3,), (2,), (1,), (1,),
    ]  # fmt: skip
    with pytest.raises(UserError, match="begin with 1, 2 and have four digits"):
        rank_occupations(worked, ["P"], MAPPINGS, isco="x")


def test_what_no_occupation_asks_for_and_what_is_gone(worked: OccupationSpace) -> None:
    mappings = [SkillMapping("P", skill("b"), "exact"), SkillMapping("Q", skill("gone"), "exact")]
    space = OccupationSpace(worked.occupations, worked.skills, [(occupation("x"), skill("a"), "essential")], [(skill("b"), skill("a"))])
    found = rank_occupations(space, ["P", "Q"], mappings)
    assert found.unused_skills == (skill("b"),) and found.missing_skills == (skill("gone"),) and not found.unmapped


NAMES = st.integers(0, 7).map(str)
LINKS = st.lists(st.tuples(st.sampled_from("ABCD"), NAMES, st.sampled_from(["essential", "optional"])), max_size=25)
BROADER = st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] > pair[1]), max_size=10)
MAPPED = st.lists(st.builds(SkillMapping, st.sampled_from("pqrs"), NAMES, st.sampled_from(sorted(OCCUPATION_WEIGHTS.match))), max_size=8)


def space_of(links: list[tuple[str, str, str]], broader: list[tuple[str, str]]) -> OccupationSpace:
    return OccupationSpace([Concept(name, "", f"11{n}1", "", "") for n, name in enumerate("ABCD")], map(str, range(8)), links, broader)


def ranked(space: OccupationSpace, subjects: str, mappings: list[SkillMapping]) -> dict[str, RankedOccupation]:
    return {group.best.occupation.uri: group.best for group in rank_occupations(space, subjects, mappings).groups}


@pytest.mark.slow
@given(LINKS, BROADER, MAPPED)
def test_scores_lie_between_0_and_1_and_are_the_sum_of_their_parts(
    links: list[tuple[str, str, str]], broader: list[tuple[str, str]], mappings: list[SkillMapping]
) -> None:
    for best in ranked(space_of(links, broader), "pqrs", mappings).values():
        assert -1e-12 <= best.skill_score <= 1 + 1e-12
        assert sum(part.value for part in best.parts) == pytest.approx(best.skill_score)
        assert sum(best.sum_parts_by_subject().values()) == pytest.approx(best.skill_score)
        assert best.band[0] <= best.band[1]


@pytest.mark.slow
@given(LINKS, BROADER, MAPPED)
def test_order_of_what_is_given_does_not_matter(
    links: list[tuple[str, str, str]], broader: list[tuple[str, str]], mappings: list[SkillMapping]
) -> None:
    one = ranked(space_of(links, broader), "pqrs", mappings)
    other = ranked(space_of(links[::-1], broader[::-1]), "srqp", mappings)
    assert {name: best.skill_score for name, best in one.items()} == pytest.approx({name: best.skill_score for name, best in other.items()})


def test_an_occupation_is_nearest_to_itself(worked: OccupationSpace) -> None:
    scores = worked.compare(worked.demand)
    assert scores.diagonal()[1:] == pytest.approx(1) and scores[0, 0] == 0  # w has nothing but what all have


def test_the_field_is_the_words_in_common() -> None:
    fields = FieldSpace(["Sells goods to customers.", "Teaches students.", ""])
    assert fields.compare("Someone who sells goods to customers") == pytest.approx([1, 0, 0])
    assert fields.compare("nothing of it") == pytest.approx([0, 0, 0])


def test_the_judges_of_the_benchmark() -> None:
    relevant = np.array([True, False, False])
    assert area(np.array([1.0, 0, 0]), relevant) == 1 and area(np.ones(3), relevant) == 0.5
    space = space_of([("A", "0", "essential"), ("B", "0", "essential"), ("B", "1", "optional")], [])
    assert jaccard(space.demand)(space.demand)[0].tolist() == [1, 0.5, 0, 0]


def test_mappings_are_read_from_sssom(project: Project) -> None:
    mappings, version = read_skill_mappings(project.root / "data" / "mappings" / "esco.sssom.tsv")
    assert version == "v1.1.1" and {m.relation for m in mappings} <= OCCUPATION_WEIGHTS.match.keys()
    assert all(m.subject.startswith("https://w3id.org/balansekunst/competence/") for m in mappings)
    assert all(m.skill.startswith("http://data.europa.eu/esco/skill/") for m in mappings)


@pytest.fixture
def mapped(tmp_path: Path, project: Project) -> Path:
    """A download whose skill a is one that the key competence veiledning is mapped to."""
    mappings, _ = read_skill_mappings(project.root / "data" / "mappings" / "esco.sssom.tsv")
    target = next(m.skill for m in mappings if m.subject.endswith("/veiledning"))
    files = {name: text.replace(skill("a"), target) for name, text in {**lists("en"), **RELATIONS}.items()}
    load_esco([zipped(tmp_path / "esco v1.1.1.zip", files)])
    return tmp_path


@pytest.mark.parametrize(
    ("language", "question", "label", "words"),
    [
        ("nb", "Hvilke yrker i ESCO v1.1.1 ligger nær", "Veiledning", ("Navnene fra ESCO er ikke på norsk", "Det sier ikke")),
        ("en", "Which occupations in ESCO v1.1.1 are close to", "Guidance", ("It does not say",)),
    ],
)
def test_table(mapped: Path, project: Project, language: str, question: str, label: str, words: tuple[str, ...]) -> None:
    written = into(project, "butikksjef", "", 2, "table", language)
    assert written.startswith(question) and "the x, in English" in written and f"{label} 100" in written
    assert all(word in written for word in words)
    assert written.rstrip().endswith(format_message("esco.attribution", language))


def test_the_norwegian_download_gives_norwegian_names(mapped: Path, project: Project) -> None:
    load_esco([zipped(mapped / "esco v1.1.1 no.zip", {"occupations_no.csv": lists("no")["occupations_no.csv"]})])
    written = into(project, "Butikksjef", "2422", 1, "table", "nb")
    assert "den x, på" in written and "ikke på norsk" not in written


@pytest.mark.slow
def test_json_and_csv_hold_the_same(mapped: Path, project: Project) -> None:
    document = json.loads(into(project, "role/butikksjef", "", 4, "json", "en"))
    rows = list(csv.DictReader(io.StringIO(into(project, "butikksjef", "", 4, "csv", "en"))))
    assert document["role"] == {"id": "https://w3id.org/balansekunst/role/butikksjef", "label": "Shop manager", "elected": False}
    assert document["esco"] == document["mapping_version"] == "v1.1.1" and document["competence_count"] == 13 and document["missing_skills"]
    assert "European Commission" in document["attribution"]
    first = document["occupations"][0]
    assert (first["id"], first["label"], first["language"], first["isco"]) == (occupation("x"), "the x, in English", "en", "2422")
    assert [c["label"] for c in first["competences"]] == ["Guidance"] and first["used_competences"] == 1
    assert sum(c["share"] for c in first["competences"]) == pytest.approx(1)
    assert [float(row["value"]) for row in rows if row["occupation"] == first["id"]] == [part["value"] for part in first["parts"]]
    assert document["usual"] is None, "none of the judged occupations is in this ESCO"


@pytest.mark.slow
def test_command_and_its_faults(mapped: Path, project: Project) -> None:
    done = run("mobility", "butikksjef", "--into", "esco", "--format", "csv", "--top", "1", "--lang", "en", cwd=project.root)
    assert done.returncode == 0 and done.stdout.startswith("rank,lowest,highest,occupation,")
    assert done.stderr == "This service uses the ESCO classification of the European Commission.\n"
    faults = {
        ("butikksje",): "Nothing that fits role is called “butikksje”. Nearest: role/butikksjef",
        ("butikksjef", "--isco", "9"): "No occupation in ESCO at that skill level has an ISCO code that begins with “9”",
        ("butikksjef", "--format", "xml"): "There is no format “xml”",
        ("butikksjef", "--into", "onet"): "“onet” is not a valid target",
    }
    for arguments, sentence in faults.items():
        done = run("mobility", "--into", "esco", *arguments, "--lang", "en", cwd=project.root)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_relations_that_are_not_loaded_are_asked_for(tmp_path: Path, project: Project) -> None:
    with pytest.raises(UserError, match="No version of ESCO is loaded"):
        into(project, "tillitsvalgt", "", 1, "table", "en")
    load_esco(download(tmp_path)[:1])
    with pytest.raises(UserError, match=r"ESCO v1\.1\.1 lacks occupationSkillRelations"):
        into(project, "tillitsvalgt", "", 1, "table", "en")
    links = {"occupationSkillRelations.csv": RELATIONS["occupationSkillRelations.csv"]}
    load_esco([zipped(tmp_path / "esco v1.1.1 links.zip", links)])
    assert "Without it" in into(project, "tillitsvalgt", "", 1, "table", "en")


@pytest.mark.slow
def test_the_occupations_near_a_union_representative(project: Project) -> None:
    load_esco([real_download()], "v1.1.1")
    document = json.loads(into(project, "tillitsvalgt", "", 10, "json", "en"))
    assert (document["occupation_count"], len(document["occupations"])) == (3007, 10)
    assert document["role"]["elected"] and document["usual"] is None
    assert {"labour relations officer", "special-interest groups' official"} & {found["label"] for found in document["occupations"]}
    for found in document["occupations"]:
        assert sum(part["value"] for part in found["parts"]) == pytest.approx(found["skill_score"])


def test_the_table_of_occupations_near_roles_is_read_as_written(mapped: Path, project: Project) -> None:
    with open_esco() as esco:
        finder = OccupationFinder(Dataset(project), esco, "nb")
        names = {uri: words.label for uri, words in finder.occupation_labels.items()}
        rows = build_near_occupations(finder, Dataset(project).find_role("butikksjef"), names, {})
    path = mapped / "near.tsv"
    path.write_text(format_near_occupations(rows, "v1.1.1"), encoding="utf-8")
    assert read_near_occupations(path) == rows and read_near_occupations(mapped / "none.tsv") == []
    assert (rows[0].occupation, rows[0].others, rows[0].competence_count) == (occupation("x"), 2, 13)
    path.write_text("role\tplace\nx\ty\n", encoding="utf-8")
    with pytest.raises(UserError, match="is not a table of occupations"):
        read_near_occupations(path)


def test_the_index_gives_the_cosine_of_any_role_and_what_occupations_ask_for(worked: OccupationSpace, tmp_path: Path) -> None:
    mapped = {skill("a"), skill("c")}
    with open_esco() as esco:
        index = build_occupation_index(worked, mapped, esco)
    path = tmp_path / "index.json"
    path.write_text(format_occupation_index(index), encoding="utf-8")
    read = read_occupation_index(path)
    assert read and format_occupation_index(read) == path.read_text(encoding="utf-8")
    assert read_occupation_index(tmp_path / "none.json") is None
    assert index.list_essential_skills(occupation("x")) == [(skill("a"), "the a, in English")]
    vectors = np.zeros((len(index.occupations), len(index.nodes)))
    for node, (column, weight) in enumerate(zip(index.amounts, index.nodes, strict=True)):
        at = np.cumsum(column[::2], dtype=int)
        vectors[at, node] = weight * np.log1p(np.array(column[1::2]) / index.unit)
    held = build_held_vector(worked, find_held_skills(worked, ["P", "Q"], MAPPINGS))
    own = np.zeros(len(index.nodes))
    for number, steps in index.above.items():
        amount = {skill("a"): 3 / 4, skill("c"): 1 / 4}[SKILL_BASE + index.skills[int(number)][0]]
        own[list(steps[::2])] += amount / 2 ** np.array(steps[1::2])
    own = np.array(index.nodes) * np.log1p(own)
    cosine = vectors @ own / np.linalg.norm(own) / np.where(np.array(index.lengths) > 0, index.lengths, 1)
    assert cosine == pytest.approx(worked.compare(held)[0])
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match="is not an index of occupations"):
        read_occupation_index(path)


def test_the_index_of_the_dataset_has_every_mapped_skill_and_is_small(project: Project) -> None:
    index = read_occupation_index(project.occupation_index_file)
    assert index and project.occupation_index_file.stat().st_size < 3_000_000
    mapped = {mapping.skill for mapping in read_all_skill_mappings(project)[0]}
    assert {SKILL_BASE + index.skills[int(number)][0] for number in index.above} == mapped


def test_the_table_of_the_dataset_is_of_its_roles(project: Project) -> None:
    rows = read_near_occupations(project.near_occupations_file)
    subjects = read_role_subjects(Dataset(project).store, project)
    assert {row.role for row in rows} <= subjects.keys() and {row.basis for row in rows} == {BY_STANDARD, BY_OCCUPATION}
    assert all({thing for thing, _ in row.competences} <= subjects[row.role].keys() for row in rows)
