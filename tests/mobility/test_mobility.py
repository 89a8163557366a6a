"""Mobility: the hand-worked example, what holds for every graph, and the real roles."""

import json
import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.mobility.matrix import MobilityMeasure, rank_targets
from balansekunst.mobility.paths import (
    NEAR_WEIGHT,
    MobilityOptions,
    compute_mobility_path,
    compute_score_matrix,
    list_requirements,
    match_one_to_one,
    rank_mobility_paths,
)
from balansekunst.mobility.report_formats import MOBILITY_MATRIX_FORMATS, MOBILITY_PATH_FORMATS, build_ranking_answer, format_mobility_path
from balansekunst.mobility.tables import from_store
from balansekunst.namespaces import BASE, NAMESPACE, SKOS_LABEL
from balansekunst.project import Project
from balansekunst.sparql.catalogue import find_question, run_question, to_plain_text
from helpers.commands import run

RELATED = "http://www.w3.org/2004/02/skos/core#related"
PROJECT = Project.find()


def term(name: str) -> NamedNode:
    return NamedNode(NAMESPACE + name)


def thing(kind: str, slug: object) -> NamedNode:
    return NamedNode(f"{BASE}{kind}/{slug}")


def graph(roles: dict[str, set[str]], related: set[tuple[str, str]] = frozenset(), dimensions: dict[str, str] | None = None) -> Store:  # type: ignore[assignment]
    """A store with a standard for each role, and what the queries read of it."""
    store = Store()

    def say(subject: NamedNode, predicate: NamedNode, object: NamedNode | Literal) -> None:
        store.add(Quad(subject, predicate, object))

    for role, competences in roles.items():
        say(thing("role", role), SKOS_LABEL, Literal(role, language="nb"))
        say(thing("role", role), term("hasStandard"), thing("standard", role))
        for competence in competences:
            placed = thing("standard", f"{role}/{competence}")
            say(thing("standard", role), term("hasKeyCompetence"), placed)
            say(placed, term("competence"), thing("competence", competence))
            say(placed, term("inDimension"), thing("dimension", (dimensions or {}).get(competence, "tempo-tilstedevaerelse")))
            say(thing("role", role), term("requiresCompetence"), thing("competence", competence))
    for one, other in related:
        say(thing("competence", one), NamedNode(RELATED), thing("competence", other))
    return store


def compute_score(store: Store, source: str, target: str, options: MobilityOptions | None = None) -> float:
    return compute_mobility_path(store, PROJECT, thing("role", source), thing("role", target), options or MobilityOptions()).score


# The example of docs/mobility.md.
EXAMPLE = {"a": {"veiledning", "kommunikasjon", "norsk"}, "b": {"veiledning", "samtale", "etikk"}, "c": {"veiledning"}}
SAMTALE = {("samtale", "kommunikasjon")}


@pytest.mark.parametrize(
    ("source", "target", "options", "expected"),
    [
        ("a", "b", MobilityOptions(), 1 / 2),
        ("a", "c", MobilityOptions(), 1.0),
        ("c", "a", MobilityOptions(), 1 / 3),
        ("a", "b", MobilityOptions(weighted=True), 5 / 14),
        ("a", "b", MobilityOptions(near=False), 1 / 3),
        ("a", "b", MobilityOptions(dimension=thing("dimension", "mennesker-teknologi")), 3 / 4),
    ],
)
def test_the_hand_worked_example(source: str, target: str, options: MobilityOptions, expected: float) -> None:
    dimensions = {"veiledning": "mennesker-teknologi", "samtale": "mennesker-teknologi"}
    assert compute_score(graph(EXAMPLE, SAMTALE, dimensions), source, target, options) == pytest.approx(expected)


competences = st.sets(st.sampled_from([f"c{n}" for n in range(7)]), min_size=1, max_size=5)
graphs = st.tuples(
    st.dictionaries(st.sampled_from(["r0", "r1", "r2", "r3", "r4"]), competences, min_size=2, max_size=5),
    st.sets(
        st.tuples(st.sampled_from([f"c{n}" for n in range(7)]), st.sampled_from([f"c{n}" for n in range(7)])).filter(
            lambda p: p[0] != p[1]
        ),
        max_size=5,
    ),
)
examples = settings(max_examples=25, deadline=None)


@examples
@given(graphs, st.booleans(), st.booleans())
def test_figures_lie_between_none_and_all_and_are_those_of_the_definition(
    made: tuple[dict[str, set[str]], set[tuple[str, str]]], weighted: bool, near: bool
) -> None:
    roles, related = made
    neighbours = related | {(b, a) for a, b in related}
    found = compute_score_matrix(graph(roles, related), PROJECT, MobilityOptions(weighted, near))
    assert found.keys() == {(thing("role", a), thing("role", b)) for a in roles for b in roles if a != b}
    for (source, target), value in found.items():
        has, asked = (roles[role.value.rsplit("/", 1)[1]] for role in (source, target))
        weight = {c: 1 / sum(c in held for held in roles.values()) if weighted else 1 for c in asked}
        own = sorted(has - asked)
        # The best of all ways to pair: every own competence goes to one that is asked for, or to none.
        best = max(
            sum(weight[c] for c in set(choice) if c)
            for choice in product(*([None, *(c for c in asked - has if (c, o) in neighbours)] for o in own))
        )
        met = sum(weight[c] for c in asked & has) + (NEAR_WEIGHT * best if near else 0)
        assert value == pytest.approx(met / sum(weight.values()))
        assert 0 <= value <= 1


@examples
@given(graphs)
def test_the_question_in_sparql_gives_no_lower_figures(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    """SPARQL cannot pair: it takes the smaller of the two sides. For the real roles it is the same, see the test of the ranking."""
    store = graph(*made)
    found = compute_score_matrix(store, PROJECT, MobilityOptions())
    rows = run_question(store, find_question(PROJECT, "mobility-from-role")).rows
    assert {(row["from"], row["to"]) for row in rows} == set(found)
    for row in rows:
        assert float(to_plain_text(row["score"])) >= found[row["from"], row["to"]] - 1e-12  # type: ignore[index]


def test_keys_that_come_first_are_paired_first() -> None:
    a, b, c, x, y = (thing("competence", name) for name in "abcxy")
    assert match_one_to_one({a: [x, y], b: [x], c: [x, y]}) == {a: y, b: x}


@examples
@given(graphs)
def test_a_role_reaches_all_of_one_that_asks_for_nothing_more(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    """A mobility path to oneself is none; a twin shows that it would be 1."""
    roles, related = made
    first = sorted(roles)[0]
    assert compute_score(graph(roles | {"twin": roles[first]}, related), first, "twin") == pytest.approx(1)


@examples
@given(graphs, st.data())
def test_gaining_what_the_target_has_never_lowers_the_figure(
    made: tuple[dict[str, set[str]], set[tuple[str, str]]], data: st.DataObject
) -> None:
    roles, related = made
    source, target = sorted(roles)[:2]
    gained = data.draw(st.sampled_from(sorted(roles[target])))
    before = compute_score(graph(roles, related), source, target)
    after = compute_score(graph(roles | {source: roles[source] | {gained}}, related), source, target)
    assert after >= before - 1e-12


@examples
@given(graphs)
def test_an_unrelated_role_changes_no_figure(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    roles, related = made
    before = compute_score_matrix(graph(roles, related), PROJECT, MobilityOptions())
    after = compute_score_matrix(graph(roles | {"x": {"other"}}, related), PROJECT, MobilityOptions())
    assert {pair: after[pair] for pair in before} == before


def test_the_sparse_product_gives_the_same_matrix(inferred: Store, project: Project) -> None:
    requirements, neighbours = from_store(inferred, project)
    rows = rank_targets(requirements, requirements, neighbours, None).to_pylist()
    found = {(NamedNode(row["from"]), NamedNode(row["to"])): row["score"] for row in rows}
    whole = compute_score_matrix(inferred, project, MobilityOptions())
    assert all(found[pair] >= score - 1e-9 for pair, score in whole.items() if score)
    rows = rank_targets(requirements, requirements, neighbours, None, MobilityMeasure(near=0)).to_pylist()
    found = {(NamedNode(row["from"]), NamedNode(row["to"])): row["score"] for row in rows}
    whole = compute_score_matrix(inferred, project, MobilityOptions(near=False))
    assert found == pytest.approx({pair: score for pair, score in whole.items() if score})


def test_the_way_that_the_report_discusses(inferred: Store, project: Project) -> None:
    """virke-2020, «Nøkkelkompetanser: Butikksjef vs. Butikkmedarbeider»: tidsstyring alone is in both; overblikk leads on to oversikt."""
    found = compute_mobility_path(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), MobilityOptions())
    assert {to_plain_text(row["competence"]) for row in found.select_rows("shared")} == {"competence/tidsstyring"}
    assert (found.count_competences("shared"), found.count_competences("near"), found.count_competences("new")) == (1, 3, 9)
    [progression] = found.progressions
    assert "oversikt" in to_plain_text(progression["later_nb"])
    assert found.score == pytest.approx((1 + 3 / 2) / 13)


def test_an_office_is_told_of_and_measures_stand_under_what_is_not_named(inferred: Store, project: Project) -> None:
    found = compute_mobility_path(inferred, project, thing("role", "butikksjef"), thing("role", "tillitsvalgt"), MobilityOptions())
    assert found.elected == (thing("role", "tillitsvalgt"),)
    assert {row["competence"] for row in found.measures} <= {row["competence"] for row in found.select_rows("new")}
    near = next(row for row in found.select_rows("near") if to_plain_text(row["competence"]) == "competence/utviklingsarbeid")
    both, after = found.compare_skills(near)
    assert not both and list(after.values()) == ["manage personal professional development"]
    written = format_mobility_path(found, "en")
    assert "In ESCO only Union representative says: manage personal professional development" in written
    assert "is an elected post" in written and "May be built through:" in written


def test_ways_are_not_the_same_both_ways(inferred: Store, project: Project) -> None:
    found = compute_score_matrix(inferred, project, MobilityOptions())
    assert len(found) == 20
    assert any(not math.isclose(found[a, b], found[b, a]) for a, b in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explained_way_has_the_words_of_both(inferred: Store, project: Project, language: str) -> None:
    found = compute_mobility_path(inferred, project, thing("role", "folkehogskolelaerer"), thing("role", "butikksjef"), MobilityOptions())
    written = format_mobility_path(found, language)
    for row in found.select_rows("shared") + found.select_rows("near"):
        for side in ("from", "to"):
            for sentence in to_plain_text(row[f"{side}_outcomes_{language}"]).splitlines():
                assert sentence in written
    assert {"nb": "Skifter plass:\n  Veiledning: ", "en": "Different position:\n  Guidance: "}[language] in written


def test_without_near_matches_the_near_are_new(inferred: Store, project: Project) -> None:
    roles = thing("role", "tillitsvalgt"), thing("role", "folkehogskolelaerer")
    full, strict = (compute_mobility_path(inferred, project, *roles, MobilityOptions(near=near)) for near in (True, False))
    assert strict.count_competences("near") == 0 and strict.count_competences("new") == full.count_competences(
        "near"
    ) + full.count_competences("new")
    assert all(row["own"] is None for row in strict.select_rows("new"))


def test_the_ranking_is_that_of_the_question(inferred: Store, project: Project) -> None:
    role = thing("role", "tillitsvalgt")
    like = run_question(inferred, find_question(project, "mobility-from-role"), {"from": role})
    ranked = build_ranking_answer(rank_mobility_paths(inferred, project, role, MobilityOptions()), like)
    assert [row["to"] for row in ranked.rows] == [row["to"] for row in like.rows]
    for ours, theirs in zip(ranked.rows, like.rows, strict=True):
        assert float(to_plain_text(ours["score"])) == pytest.approx(float(to_plain_text(theirs["score"])))
        for name in ("shared", "near", "new"):
            assert to_plain_text(ours[name]) == to_plain_text(theirs[name])
        for name in ("shared_names_nb", "near_names_nb", "shared_names_en", "near_names_en"):
            assert sorted(to_plain_text(ours[name]).split("\n")) == sorted(to_plain_text(theirs[name]).strip().split("\n"))


@pytest.mark.parametrize("format", sorted(MOBILITY_PATH_FORMATS))
def test_a_way_is_written_in_every_format(inferred: Store, project: Project, format: str) -> None:
    found = compute_mobility_path(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), MobilityOptions())
    assert MOBILITY_PATH_FORMATS[format](found, "nb")


def test_a_way_as_json_has_the_figure_and_every_competence(inferred: Store, project: Project) -> None:
    found = compute_mobility_path(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), MobilityOptions())
    written = json.loads(MOBILITY_PATH_FORMATS["json"](found, "nb"))
    assert written["score"] == found.score
    assert len({row["competence"] for row in written["competences"]}) == 13


def test_the_matrix_in_every_format(inferred: Store, project: Project) -> None:
    found = compute_score_matrix(inferred, project, MobilityOptions())
    for language in LANGUAGES:
        svg = str(MOBILITY_MATRIX_FORMATS["svg"](found, inferred, language))
        assert svg.count("<g>") == 20
        assert str(MOBILITY_MATRIX_FORMATS["table"](found, inferred, language)).count("–") == 5
    lines = str(MOBILITY_MATRIX_FORMATS["csv"](found, inferred, "nb")).splitlines()
    assert len(lines) == 6 and all(line.count(",") == 5 for line in lines)
    pairs = json.loads(str(MOBILITY_MATRIX_FORMATS["json"](found, inferred, "nb")))
    assert {(NamedNode(pair["from"]), NamedNode(pair["to"])): pair["score"] for pair in pairs} == found


def test_markup_in_a_name_is_text_in_the_heat_map() -> None:
    store = graph({"a": {"x"}, "b": {"x"}})
    store.add(Quad(thing("role", "b"), SKOS_LABEL, Literal("<script>&", language="en")))
    svg = str(MOBILITY_MATRIX_FORMATS["svg"](compute_score_matrix(store, PROJECT, MobilityOptions()), store, "en"))
    assert "<script>" not in svg and "&lt;script&gt;&amp;" in svg


def test_requirements_are_those_of_the_standards(inferred: Store, project: Project) -> None:
    rows = list_requirements(inferred, project)
    assert len({role for role, _, _ in rows}) == 5
    assert {(role, competence) for role, competence, _ in rows} == {
        (q.subject, q.object) for q in inferred.quads_for_pattern(None, term("requiresCompetence"), None)
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["butikksjef", "butikksjef"], "the same role"),
        (["butiksjef"], "Nearest: role/butikksjef"),
        (["butikksjef", "--dimension", "x"], "dimension/"),
        (["butikksjef", "--format", "svg"], "There is no format “svg”"),
        (["--format", "xlsx"], "There is no format “xlsx”"),
        (["butikksjef", "--format", "xlsx"], "--out FILE"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run("mobility", *arguments, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_a_role_without_key_competences_is_told_of() -> None:
    store = graph({"a": {"x"}, "b": {"y"}})
    with pytest.raises(UserError, match="role/tom has no standard"):
        rank_mobility_paths(store, PROJECT, thing("role", "tom"), MobilityOptions())


def test_a_dimension_that_is_empty_in_the_target_is_told_of() -> None:
    store = graph({"a": {"x"}, "b": {"y"}})
    with pytest.raises(UserError, match="no key competences in dimension/fleksibilitet-rutiner"):
        compute_mobility_path(
            store, PROJECT, thing("role", "a"), thing("role", "b"), MobilityOptions(dimension=thing("dimension", "fleksibilitet-rutiner"))
        )


@pytest.mark.slow
def test_the_command_answers_in_both_languages() -> None:
    assert "Fra Butikkmedarbeider til Butikksjef" in run("mobility", "butikkmedarbeider", "butikksjef").stdout
    assert "From Shop assistant to Shop manager" in run("mobility", "shop assistant", "Shop manager", "--lang", "en").stdout


def test_the_dataset_names_roles_as_people_do(project: Project) -> None:
    dataset = Dataset(project)
    assert dataset.compute_mobility_path("Tillitsvalgt", "folk high school teacher").target == thing("role", "folkehogskolelaerer")
