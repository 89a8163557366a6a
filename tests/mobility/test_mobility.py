"""Mobility: the hand-worked example, what holds for every graph, and the real roles."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.asking.catalogue import ask, find_question, plain
from balansekunst.asking.tables import from_store
from balansekunst.checking.rules import SKOS_LABEL
from balansekunst.dataset import Dataset
from balansekunst.messages import LANGUAGES, UserError
from balansekunst.mobility.formats import MATRIX_FORMATS, WAY_FORMATS, ranking, way_text
from balansekunst.mobility.pairs import top
from balansekunst.mobility.ways import NEAR, Options, matrix, requirements, way, ways
from balansekunst.project import BASE, NAMESPACE, Project
from test_cli import run

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


def figure(store: Store, source: str, target: str, options: Options | None = None) -> float:
    return way(store, PROJECT, thing("role", source), thing("role", target), options or Options()).figure


# The example of docs/mobility.md.
EXAMPLE = {"a": {"veiledning", "kommunikasjon", "norsk"}, "b": {"veiledning", "samtale", "etikk"}, "c": {"veiledning"}}
SAMTALE = {("samtale", "kommunikasjon")}


@pytest.mark.parametrize(
    ("source", "target", "options", "expected"),
    [
        ("a", "b", Options(), 5 / 14),
        ("a", "c", Options(), 1.0),
        ("c", "a", Options(), 1 / 7),
        ("a", "b", Options(weighted=False), 1 / 2),
        ("a", "b", Options(near=False), 1 / 7),
        ("a", "b", Options(dimension=thing("dimension", "mennesker-teknologi")), 3 / 8),
    ],
)
def test_the_hand_worked_example(source: str, target: str, options: Options, expected: float) -> None:
    dimensions = {"veiledning": "mennesker-teknologi", "samtale": "mennesker-teknologi"}
    if options.dimension:
        expected = (1 / 3 + 1 / 2) / (1 / 3 + 1)
    assert figure(graph(EXAMPLE, SAMTALE, dimensions), source, target, options) == pytest.approx(expected)


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
    found = matrix(graph(roles, related), PROJECT, Options(weighted, near))
    assert found.keys() == {(thing("role", a), thing("role", b)) for a in roles for b in roles if a != b}
    for (source, target), value in found.items():
        has, asked = (roles[role.value.rsplit("/", 1)[1]] for role in (source, target))
        weight = {c: 1 / sum(c in held for held in roles.values()) if weighted else 1 for c in asked}
        half = NEAR if near else 0
        counts = {c: 1 if c in has else half if any((c, other) in neighbours for other in has) else 0 for c in asked}
        assert value == pytest.approx(sum(weight[c] * counts[c] for c in asked) / sum(weight.values()))
        assert 0 <= value <= 1


@examples
@given(graphs)
def test_the_question_in_sparql_gives_the_same_figures(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    store = graph(*made)
    found = matrix(store, PROJECT, Options())
    rows = ask(store, find_question(PROJECT, "roles-within-reach")).rows
    assert {(row["from"], row["to"]) for row in rows} == set(found)
    for row in rows:
        assert float(plain(row["share"])) == pytest.approx(found[row["from"], row["to"]])  # type: ignore[index]


@examples
@given(graphs)
def test_a_role_reaches_all_of_one_that_asks_for_nothing_more(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    """A way to oneself is none; a twin shows that it would be 1."""
    roles, related = made
    first = sorted(roles)[0]
    assert figure(graph(roles | {"twin": roles[first]}, related), first, "twin") == pytest.approx(1)


@examples
@given(graphs, st.data())
def test_gaining_what_the_target_has_never_lowers_the_figure(
    made: tuple[dict[str, set[str]], set[tuple[str, str]]], data: st.DataObject
) -> None:
    roles, related = made
    source, target = sorted(roles)[:2]
    gained = data.draw(st.sampled_from(sorted(roles[target])))
    before = figure(graph(roles, related), source, target)
    after = figure(graph(roles | {source: roles[source] | {gained}}, related), source, target)
    assert after >= before - 1e-12


@examples
@given(graphs)
def test_an_unrelated_role_changes_no_figure(made: tuple[dict[str, set[str]], set[tuple[str, str]]]) -> None:
    roles, related = made
    before = matrix(graph(roles, related), PROJECT, Options())
    after = matrix(graph(roles | {"x": {"other"}}, related), PROJECT, Options())
    assert {pair: after[pair] for pair in before} == before


def test_the_sparse_product_gives_the_same_matrix(inferred: Store, project: Project) -> None:
    requirements, neighbours = from_store(inferred, project)
    rows = top(requirements, requirements, neighbours, None).to_pylist()
    found = {(NamedNode(row["from"]), NamedNode(row["to"])): row["figure"] for row in rows}
    whole = matrix(inferred, project, Options())
    assert found == pytest.approx({pair: figure for pair, figure in whole.items() if figure})


def test_the_way_that_the_report_discusses(inferred: Store, project: Project) -> None:
    """virke-2020, «Nøkkelkompetanser: Butikksjef vs. Butikkmedarbeider»: tidsstyring alone is in both; overblikk leads on to oversikt."""
    found = way(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), Options())
    assert {plain(row["competence"]) for row in found.of("shared")} == {"competence/tidsstyring"}
    assert (found.number("shared"), found.number("near"), found.number("new")) == (1, 3, 9)
    [progression] = found.progressions
    assert "oversikt" in plain(progression["later_nb"])
    assert found.figure == pytest.approx((0.5 + 0.5 * (0.5 + 1 + 0.5)) / 9.8333333, abs=1e-3)


def test_ways_are_not_the_same_both_ways(inferred: Store, project: Project) -> None:
    found = matrix(inferred, project, Options())
    assert len(found) == 20
    assert any(not math.isclose(found[a, b], found[b, a]) for a, b in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explained_way_has_the_words_of_both(inferred: Store, project: Project, language: str) -> None:
    found = way(inferred, project, thing("role", "folkehogskolelaerer"), thing("role", "butikksjef"), Options())
    written = way_text(found, language)
    for row in found.of("shared") + found.of("near"):
        for side in ("from", "to"):
            for sentence in plain(row[f"{side}_outcomes_{language}"]).splitlines():
                assert sentence in written
    assert {"nb": "Skifter plass: Veiledning", "en": "Changes place: Guidance"}[language] in written


def test_without_near_matches_the_near_are_new(inferred: Store, project: Project) -> None:
    roles = thing("role", "tillitsvalgt"), thing("role", "folkehogskolelaerer")
    full, strict = (way(inferred, project, *roles, Options(near=near)) for near in (True, False))
    assert strict.number("near") == 0 and strict.number("new") == full.number("near") + full.number("new")
    assert all(row["own"] is None for row in strict.of("new"))


def test_the_ranking_is_that_of_the_question(inferred: Store, project: Project) -> None:
    role = thing("role", "tillitsvalgt")
    like = ask(inferred, find_question(project, "roles-within-reach"), {"from": role})
    ranked = ranking(ways(inferred, project, role, Options()), like)
    assert [row["to"] for row in ranked.rows] == [row["to"] for row in like.rows]
    for ours, theirs in zip(ranked.rows, like.rows, strict=True):
        assert float(plain(ours["share"])) == pytest.approx(float(plain(theirs["share"])))
        for name in ("shared", "near", "new"):
            assert plain(ours[name]) == plain(theirs[name])
        for name in ("same_nb", "like_nb", "same_en", "like_en"):
            assert sorted(plain(ours[name]).split("\n")) == sorted(plain(theirs[name]).strip().split("\n"))


@pytest.mark.parametrize("format", sorted(WAY_FORMATS))
def test_a_way_is_written_in_every_format(inferred: Store, project: Project, format: str) -> None:
    found = way(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), Options())
    assert WAY_FORMATS[format](found, "nb")


def test_a_way_as_json_has_the_figure_and_every_competence(inferred: Store, project: Project) -> None:
    found = way(inferred, project, thing("role", "butikkmedarbeider"), thing("role", "butikksjef"), Options())
    written = json.loads(WAY_FORMATS["json"](found, "nb"))
    assert written["figure"] == found.figure
    assert len({row["competence"] for row in written["competences"]}) == 13


def test_the_matrix_in_every_format(inferred: Store, project: Project) -> None:
    found = matrix(inferred, project, Options())
    for language in LANGUAGES:
        svg = str(MATRIX_FORMATS["svg"](found, inferred, language))
        assert svg.count("<g>") == 20
        assert str(MATRIX_FORMATS["table"](found, inferred, language)).count("–") == 5
    lines = str(MATRIX_FORMATS["csv"](found, inferred, "nb")).splitlines()
    assert len(lines) == 6 and all(line.count(",") == 5 for line in lines)
    pairs = json.loads(str(MATRIX_FORMATS["json"](found, inferred, "nb")))
    assert {(NamedNode(pair["from"]), NamedNode(pair["to"])): pair["figure"] for pair in pairs} == found


def test_markup_in_a_name_is_text_in_the_heat_map() -> None:
    store = graph({"a": {"x"}, "b": {"x"}})
    store.add(Quad(thing("role", "b"), SKOS_LABEL, Literal("<script>&", language="en")))
    svg = str(MATRIX_FORMATS["svg"](matrix(store, PROJECT, Options()), store, "en"))
    assert "<script>" not in svg and "&lt;script&gt;&amp;" in svg


def test_requirements_are_those_of_the_standards(inferred: Store, project: Project) -> None:
    rows = requirements(inferred, project)
    assert len({role for role, _, _ in rows}) == 5
    assert {(role, competence) for role, competence, _ in rows} == {
        (q.subject, q.object) for q in inferred.quads_for_pattern(None, term("requiresCompetence"), None)
    }


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
        ways(store, PROJECT, thing("role", "tom"), Options())


def test_a_dimension_that_is_empty_in_the_target_is_told_of() -> None:
    store = graph({"a": {"x"}, "b": {"y"}})
    with pytest.raises(UserError, match="no key competences in dimension/fleksibilitet-rutiner"):
        way(store, PROJECT, thing("role", "a"), thing("role", "b"), Options(dimension=thing("dimension", "fleksibilitet-rutiner")))


def test_the_command_answers_in_both_languages() -> None:
    assert "Fra Butikkmedarbeider til Butikksjef" in run("mobility", "butikkmedarbeider", "butikksjef").stdout
    assert "From Shop assistant to Store manager" in run("mobility", "shop assistant", "Store manager", "--lang", "en").stdout


def test_the_dataset_names_roles_as_people_do(project: Project) -> None:
    dataset = Dataset(project)
    assert dataset.mobility("Tillitsvalgt", "folk high school teacher").target == thing("role", "folkehogskolelaerer")
