"""The balance figure places what the source places, and guesses nothing."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from balansekunst.namespaces import METHOD_BASES
from balansekunst.project import Project
from balansekunst.site.figure import BalanceFigure, FigureLayout, draw_figure
from balansekunst.site.graph import Node, SiteGraph, View


@pytest.fixture(scope="module")
def view(inferred: Store) -> View:
    return View(SiteGraph(inferred, METHOD_BASES), "index", "nb")


@pytest.fixture(scope="module")
def layout(project: Project) -> FigureLayout:
    return FigureLayout.read(project)


def keys(view: View, standard: str) -> list[Node]:
    return view.get_node(f"standard/{standard}").list_objects("bk:hasKeyCompetence")


def drawn(view: View, layout: FigureLayout, *standards: str) -> BalanceFigure:
    return draw_figure(view, layout, *(keys(view, standard) for standard in standards))


@pytest.mark.parametrize(
    ("standard", "placed", "untold"),
    [
        ("avdelingsleder-sykehjem", 14, 0),
        ("butikksjef", 2, 11),
        ("butikkmedarbeider", 0, 12),
        ("folkehogskolelaerer", 1, 10),
        ("tillitsvalgt", 11, 2),
    ],
)
def test_only_what_the_source_places_stands_on_the_axes(view: View, layout: FigureLayout, standard: str, placed: int, untold: int) -> None:
    found = drawn(view, layout, standard)
    assert len(found.marks) == placed and sum(len(row.marks) for row in found.rows) == untold
    assert all(mark.has_position == mark.placed_competence.has("bk:atPosition") for mark in found.sorted_marks)
    assert all(mark.y > layout.geometry.axes_height for row in found.rows for mark in row.marks)
    assert [mark.number for mark in found.sorted_marks] == list(range(1, placed + untold + 1))
    assert all(
        mark.place == mark.placed_competence.find_object("bk:atPosition" if mark.has_position else "bk:inDimension")
        for mark in found.sorted_marks
    )


def test_no_two_marks_of_a_role_lie_on_each_other(view: View, layout: FigureLayout) -> None:
    for standard in ("avdelingsleder-sykehjem", "butikksjef", "butikkmedarbeider", "folkehogskolelaerer", "tillitsvalgt"):
        for one, other in combinations(drawn(view, layout, standard).sorted_marks, 2):
            assert hypot(one.x - other.x, one.y - other.y) >= 2 * min(one.radius, other.radius), (
                one.placed_competence.iri,
                other.placed_competence.iri,
            )


def test_step_one_of_the_union_representatives_fits(view: View, layout: FigureLayout) -> None:
    found = draw_figure(view, layout, view.get_node("standard/tillitsvalgt").list_objects("bk:hasPlacement"))
    assert len(found.sorted_marks) == len(view.get_node("standard/tillitsvalgt").list_objects("bk:hasPlacement"))
    assert all(0 < mark.x < 420 and -14 < mark.y < found.height + 12 for mark in found.sorted_marks)


def test_two_roles_share_a_number_where_they_share_a_competence(view: View, layout: FigureLayout) -> None:
    found = drawn(view, layout, "butikksjef", "avdelingsleder-sykehjem")
    guidance = [mark for mark in found.sorted_marks if mark.placed_competence.slug == "veiledning"]
    assert {mark.side: mark.place.slug for mark in guidance} == {"first": "tilstedevaerelse", "second": "mennesker"}
    assert len({mark.number for mark in guidance}) == 1
    assert [(move.start.place.slug, move.end.place.slug) for move in found.moves] == [("tilstedevaerelse", "mennesker")]


def test_a_competence_that_both_have_at_one_place_is_one_mark(view: View, layout: FigureLayout) -> None:
    found = drawn(view, layout, "butikkmedarbeider", "butikksjef")
    assert [mark.placed_competence.slug for mark in found.sorted_marks if mark.side == "both"] == ["tidsstyring"]
    assert not found.moves


@given(st.integers(min_value=0, max_value=60), st.floats(min_value=1, max_value=30))
def test_discs_are_packed_close_and_do_not_meet(project: Project, number: int, radius: float) -> None:
    places = FigureLayout.read(project).geometry.pack_discs(number, radius)
    assert len(places) == number
    assert all(hypot(a - c, b - d) > 2 * radius for (a, b), (c, d) in combinations(places, 2))
    assert all(hypot(x, y) < radius * (2.2 * number**0.5 + 2) for x, y in places)
