"""All pairs of roles: the definition worked by hand and told anew in plain Python, blocks, ties, tables in and out, and the command."""

from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.errors import UserError
from balansekunst.mobility import tables
from balansekunst.mobility.matrix import DEFAULT_MEASURE, PAIR_SCHEMA, MobilityMeasure, compute_pair_batches, rank_targets
from balansekunst.mobility.tables import NEIGHBOUR_COLUMNS, REQUIREMENT_COLUMNS, from_store, read_parquet, write_batches
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.sparql.catalogue import load_questions, run_question
from helpers.commands import run

Holders = dict[str, set[str]]
Steps = set[tuple[str, str]]
Found = tuple[str, str, float, int, int, int]


def requirements(holders: Holders, dimensions: dict[tuple[str, str], str] | None = None) -> pa.Table:
    """A table of who has what, in no good order, and a row twice."""
    rows = [(holder, competence) for holder, held in holders.items() for competence in sorted(held, reverse=True)]
    rows += rows[:1]
    columns = {"role": [r for r, _ in rows], "competence": [c for _, c in rows]}
    if dimensions:
        columns["dimension"] = [dimensions[row] for row in rows]
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})


def steps(pairs: Steps) -> pa.Table:
    rows = sorted(pairs)
    return pa.table({name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(NEIGHBOUR_COLUMNS)})


def rows(table: pa.Table) -> list[Found]:
    return [tuple(row.values()) for row in table.to_pylist()]


def defined(sources: Holders, targets: Holders, pairs: Steps, k: int | None, weighted: bool, near: float) -> list[Found]:
    """The definition in plain Python, with fractions."""
    near_to = {(a, b) for a, b in pairs} | {(b, a) for a, b in pairs}
    found: list[Found] = []
    for source in sorted(sources):
        ranked: list[tuple[Fraction, str, Found]] = []
        for target in targets:
            whole, met, shared, close = Fraction(0), Fraction(0), 0, 0
            for competence in targets[target]:
                weight = Fraction(1, sum(competence in held for held in targets.values()) if weighted else 1)
                whole += weight
                if competence in sources[source]:
                    met, shared = met + weight, shared + 1
                elif near and any((own, competence) in near_to for own in sources[source]):
                    met, close = met + weight * Fraction(near), close + 1
            if met and source != target:
                score = met / whole
                row = (source, target, round(float(score), 10), shared, close, len(targets[target]) - shared - close)
                ranked.append((-score, target, row))
        found += [row for _, _, row in sorted(ranked)[:k]]
    return found


A = {"a": {"1", "2", "3"}, "b": {"2", "4"}, "c": {"3", "4", "5"}, "d": {"9"}}
NEAR_5 = {("5", "1"), ("1", "1")}


def test_worked_by_hand() -> None:
    # Weights: 1 and 5 are in one role each (1), 2, 3 and 4 in two (½). The whole of a is 2, of b 1, of c 2.
    assert rows(rank_targets(requirements(A), requirements(A), steps(NEAR_5), None, MobilityMeasure(weighted=True))) == [
        ("a", "b", 0.5, 1, 0, 1),  # 2 of 2 and 4
        ("a", "c", 0.5, 1, 1, 1),  # 3 is the same, 5 near 1: ½ + ½·1 of 2
        ("b", "a", 0.25, 1, 0, 2),  # 2: ½ of 2
        ("b", "c", 0.25, 1, 0, 2),  # 4: ½ of 2
        ("c", "a", 0.5, 1, 1, 1),  # 3 is the same, 1 near 5
        ("c", "b", 0.5, 1, 0, 1),  # 4: ½ of 1
    ]


def test_unweighted_and_without_near() -> None:
    assert rows(rank_targets(requirements(A), requirements(A), steps(NEAR_5), 1, MobilityMeasure(weighted=False, near=0))) == [
        ("a", "b", 0.5, 1, 0, 1),
        ("b", "a", 0.3333333333, 1, 0, 2),
        ("c", "b", 0.5, 1, 0, 1),
    ]


def test_a_dimension_counts_in_targets_only_and_leaves_weights_whole() -> None:
    held = requirements(A, {(holder, c): "x" if c in "135" else "y" for holder, mine in A.items() for c in mine})
    # Of c, 3 (½) and 5 (1) are in x: a has 3 and 1, which is near 5.
    assert rows(rank_targets(held, held, steps(NEAR_5), None, MobilityMeasure(weighted=True, dimension="x"))) == [
        ("a", "c", 0.6666666667, 1, 1, 0),
        ("c", "a", 0.6666666667, 1, 1, 0),
    ]
    with pytest.raises(UserError, match="These exist: x, y"):
        rank_targets(held, held, steps(NEAR_5), None, MobilityMeasure(dimension="z"))


def test_weights_come_from_the_targets_alone() -> None:
    people = {f"p{n}": {"1", "2"} for n in range(5)}
    found = rows(
        rank_targets(requirements(people), requirements({"a": {"1", "3"}, "b": {"3"}}), steps(set()), None, MobilityMeasure(weighted=True))
    )
    assert found == [(f"p{n}", "a", 0.6666666667, 1, 0, 1) for n in range(5)]


def test_equal_figures_go_by_target_however_they_are_summed() -> None:
    # Thirds, sixths and halves that make the same, in targets that are told in another order.
    targets = {"z": {"1", "2"}, "y": {"3", "4"}, "x": {"5", "6"}} | {f"more{n}": {"1", "3", "5"} for n in range(6)}
    found = rows(rank_targets(requirements({"p": {"1", "3", "5"}}), requirements(targets), steps(set())))
    assert [row[1] for row in found] == [*sorted(f"more{n}" for n in range(6)), "x", "y", "z"]
    assert rows(rank_targets(requirements({"p": {"1", "3", "5"}}), requirements(targets), steps(set()), 7))[-1][1] == "x"


@pytest.mark.parametrize("wrong", [{"near": 0.6}, {"near": -0.1}])
def test_near_is_at_most_half(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="near"):
        MobilityMeasure(near=wrong["near"])


@pytest.mark.parametrize(("k", "block"), [(0, None), (1, 0)])
def test_k_and_block_are_at_least_one(k: int, block: int | None) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(compute_pair_batches(requirements(A), requirements(A), steps(set()), k, DEFAULT_MEASURE, block))


COMPETENCES = st.sampled_from("abcdefgh")
HELD = st.sets(COMPETENCES, min_size=1, max_size=6)
ROLES = st.dictionaries(st.sampled_from(["r1", "r2", "r3", "r4", "r5", "r10"]), HELD, min_size=1)
PEOPLE = st.dictionaries(st.sampled_from(["p1", "p2", "r3", "æ"]), HELD, min_size=1)
STEPS = st.sets(st.tuples(COMPETENCES, COMPETENCES), max_size=8)
SETTINGS = (st.none() | st.integers(1, 4), st.booleans(), st.sampled_from([0, 0.25, 0.5]))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(ROLES, PEOPLE, STEPS, *SETTINGS)
def test_as_defined(targets: Holders, people: Holders, pairs: Steps, k: int | None, weighted: bool, near: float) -> None:
    measure = MobilityMeasure(weighted, near)
    for sources in (targets, people):
        found = rows(rank_targets(requirements(sources), requirements(targets), steps(pairs), k, measure))
        assert found == defined(sources, targets, pairs, k, weighted, near)


@settings(max_examples=100, deadline=None)
@given(ROLES, STEPS, st.none() | st.integers(1, 3), st.integers(1, 7))
def test_blocks_of_any_size_give_the_same(targets: Holders, pairs: Steps, k: int | None, block: int) -> None:
    held, near = requirements(targets), steps(pairs)
    assert rank_targets(held, held, near, k, DEFAULT_MEASURE, block).equals(rank_targets(held, held, near, k))


@settings(max_examples=100, deadline=None)
@given(ROLES, STEPS, st.sampled_from(["r1", "r2"]), COMPETENCES)
def test_gaining_what_the_target_has_never_lowers_the_figure(targets: Holders, pairs: Steps, who: str, competence: str) -> None:
    source = {"p": set(targets.get(who, {"a"}))}
    more = {"p": source["p"] | {competence}}
    before, after = (
        {row[1]: row[2] for row in rows(rank_targets(requirements(held), requirements(targets), steps(pairs)))} for held in (source, more)
    )
    assert all(after.get(target, 0) >= score for target, score in before.items())


def test_common_competences_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    held, near = requirements(A), steps(NEAR_5)
    whole = rank_targets(held, held, near)
    for common in (0, 2):
        monkeypatch.setattr("balansekunst.mobility.matrix.DENSE_ROW_SHARE", common)
        assert rank_targets(held, held, near).equals(whole)


def test_too_many_competences_is_told() -> None:
    held = requirements({"a": {str(n) for n in range(8192)}})
    with pytest.raises(UserError, match="8192 key competences"):
        rank_targets(held, held, steps(set()))


ANSWERED = ("score", "shared", "near", "new")


def value(term: Term | None) -> str:
    assert isinstance(term, NamedNode | Literal)
    return term.value


def test_the_graph_gives_what_the_catalogue_answers(inferred: Store, project: Project) -> None:
    held, near = from_store(inferred, project)
    assert held.column_names == ["role", "competence", "dimension"] and near.column_names == list(NEIGHBOUR_COLUMNS)
    assert len(set(held["role"].to_pylist())) == 5 and held["dimension"].null_count == 0
    question = load_questions(project)["mobility-from-role"]
    answers = [
        row for role in held["role"].unique().to_pylist() for row in run_question(inferred, question, {"from": NamedNode(role)}).rows
    ]
    asked = {(value(row["from"]), value(row["to"])): {name: float(value(row[name])) for name in ANSWERED} for row in answers}
    found = {(row[0], row[1]): dict(zip(ANSWERED, row[2:], strict=True)) for row in rows(rank_targets(held, held, near))}
    # Here every neighbour counts, there each serves one.
    assert found.keys() == {pair for pair, values in asked.items() if values["score"] > 0}
    for pair, values in found.items():
        assert values["shared"] == asked[pair]["shared"]
        assert values["near"] >= asked[pair]["near"] and values["score"] >= asked[pair]["score"] - 1e-9


def test_parquet_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = requirements(A, {(holder, c): "x" for holder, mine in A.items() for c in mine})
    pq.write_table(
        held.cast(pa.schema([(name, pa.dictionary(pa.int32(), pa.string())) for name in held.column_names])), tmp_path / "a.parquet"
    )
    assert read_parquet(tmp_path / "a.parquet", REQUIREMENT_COLUMNS).equals(held)
    monkeypatch.setattr(tables, "ROWS_PER_WRITE", 2)
    found = rank_targets(held, held, steps(NEAR_5))
    for name in ("out.parquet", "out.csv"):
        assert write_batches(
            tmp_path / name, compute_pair_batches(held, held, steps(NEAR_5), None, DEFAULT_MEASURE, 1), PAIR_SCHEMA
        ) == len(found)
    assert rows(pq.read_table(tmp_path / "out.parquet")) == rows(found)
    assert rows(pyarrow.csv.read_csv(tmp_path / "out.csv")) == rows(found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "out.csv", "out.parquet"]


def test_all_that_is_wrong_with_tables_is_told_at_once(tmp_path: Path) -> None:
    pq.write_table(pa.table({"role": [1, 2], "skill": ["a", "b"]}), tmp_path / "columns.parquet")
    pq.write_table(pa.table({"role": ["a", None], "competence": ["a", "b"]}), tmp_path / "empty.parquet")
    (tmp_path / "text.parquet").write_text("role,competence\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        tables.read_all(*(str(tmp_path / name) for name in ("columns.parquet", "empty.parquet", "text.parquet")))
    assert [key for key, _ in told.value.messages] == ["tables.columns", "tables.not-text", "tables.empty-cells", "tables.parquet"]
    pq.write_table(steps(set()), tmp_path / "none.parquet")
    with pytest.raises(UserError, match="no rows"):
        read_parquet(tmp_path / "none.parquet", NEIGHBOUR_COLUMNS)
    with pytest.raises(UserError, match="no such file"):
        read_parquet(tmp_path / "nowhere.parquet", NEIGHBOUR_COLUMNS)


def test_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("what stood before", encoding="utf-8")
    held = requirements({"a": {str(n) for n in range(8192)}})
    with pytest.raises(UserError):
        write_batches(tmp_path / "out.csv", compute_pair_batches(held, held, steps(set())), PAIR_SCHEMA)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("out.csv", "what stood before")]
    for name, key in (("out.txt", "tables.ending"), ("no/out.csv", "build.write")):
        with pytest.raises(UserError) as told:
            write_batches(tmp_path / name, [], PAIR_SCHEMA)
        assert told.value.messages[0][0] == key


@pytest.mark.slow
def test_command_on_tables(tmp_path: Path) -> None:
    pq.write_table(requirements(A), tmp_path / "a.parquet")
    pq.write_table(steps(NEAR_5), tmp_path / "steps.parquet")
    given = ("--from-table", "a.parquet", "--to-table", "a.parquet", "--neighbours", "steps.parquet", "--lang", "en")
    done = run("pairs", *given, "--top", "1", "--no-near", "--out", "out.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Pairs: 3. Written to out.csv.\n"), done.stderr
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1] == '"a","b",0.5,1,0,1'
    done = run("pairs", *given, "--dimension", "mennesker-teknologi", "--out", "out.csv", cwd=tmp_path)
    assert done.returncode == 2 and "No key competence is in the dimension" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_command_on_the_graph(tmp_path: Path, project: Project) -> None:
    done = run("pairs", "--out", str(tmp_path / "out.parquet"), "--dimension", "mennesker-teknologi", cwd=project.root)
    assert done.returncode == 0, done.stderr
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert {row["from"] for row in found} == {
        f"https://w3id.org/balansekunst/role/{name}"
        for name in ("avdelingsleder-sykehjem", "butikkmedarbeider", "butikksjef", "folkehogskolelaerer", "tillitsvalgt")
    }
