"""Generated projects: every planted fault is told of, in one part or many, by either engine."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pyoxigraph import Quad, Store

from balansekunst.project import Project
from balansekunst.shacl.data_graph import load_data_graph
from balansekunst.shacl.engines import validate_with_pyshacl
from balansekunst.shacl.report import Report
from balansekunst.shacl.validate import validate, validate_data_graph
from benchmarks.generate import FAULTS, Fault, generate


def told(report: Report) -> set[Fault]:
    return {(f.rule.id, str(f.focus_node).strip("<>")) for f in report.findings}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Fault]]:
    return generate(tmp_path_factory.mktemp("generert"), 24, faults=len(FAULTS))


@pytest.mark.slow
def test_generated_standards_keep_the_rules(tmp_path: Path) -> None:
    project, planted = generate(tmp_path, 6)
    assert planted == []
    assert validate(project).findings == []


@pytest.mark.slow
def test_every_planted_fault_is_told_of(generated: tuple[Project, list[Fault]]) -> None:
    project, planted = generated
    assert {rule for rule, _ in planted} == set(FAULTS)
    assert set(planted) <= told(validate(project))


@pytest.mark.slow
def test_parts_and_processes_change_nothing(generated: tuple[Project, list[Fault]], monkeypatch: pytest.MonkeyPatch) -> None:
    project, _ = generated
    whole = told(validate(project))
    monkeypatch.setattr("balansekunst.shacl.data_graph.MAX_GROUP_BYTES", 400_000)
    assert told(validate(project)) == whole


@pytest.mark.slow
def test_what_is_like_something_in_a_file_that_is_not_named_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule for it follows no link, so that nothing else would bring the two files together."""
    project, _ = generate(tmp_path, 12)
    one, other = project.standards / "rolle-a.ttl", project.standards / "rolle-l.ttl"
    statements = [re.findall(r"    bk:statement (.*) ;", path.read_text(encoding="utf-8"))[0] for path in (one, other)]
    other.write_text(other.read_text(encoding="utf-8").replace(statements[1], statements[0], 1), encoding="utf-8")
    monkeypatch.setattr("balansekunst.shacl.data_graph.MAX_GROUP_BYTES", 100_000)
    whole = told(validate(project))
    assert {rule for rule, _ in whole} == {"K8"} and len(whole) == 2
    assert len({focus for path in (one, other) for _, focus in told(validate(project, [path]))} & {focus for _, focus in whole}) == 2


@pytest.mark.reference
def test_both_engines_find_the_same_in_what_was_generated(tmp_path: Path) -> None:
    project, planted = generate(tmp_path, 4, faults=4, seed=7)
    scope = load_data_graph(project, [*project.list_sources(), *project.list_shape_files()])
    mine, theirs = validate_data_graph(scope, project), validate_data_graph(scope, project, validate_with_pyshacl)
    key = [(f.rule.iri, str(f.focus_node), str(f.value), f.message["nb"]) for f in mine.findings]
    assert key == [(f.rule.iri, str(f.focus_node), str(f.value), f.message["nb"]) for f in theirs.findings]
    assert set(planted) <= told(mine)


class CountingStore:
    """A store that counts the statements that it gives."""

    def __init__(self, store: Store) -> None:
        self.store, self.given = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def __iter__(self) -> Iterator[Quad]:
        return self.count(self.store)

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        return self.count(self.store.quads_for_pattern(*pattern))

    def count(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            self.given += 1
            yield quad


@pytest.mark.slow
def test_what_is_looked_up_grows_with_the_roles_and_not_with_their_square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = list[int]()
    for roles in (12, 24):
        project, _ = generate(tmp_path / str(roles), roles)
        load = project.reader.load
        with monkeypatch.context() as patched:
            patched.setattr(project.reader, "load", lambda files, load=load: CountingStore(load(files)))
            scope = load_data_graph(project, sorted(project.standards.glob("*.ttl")))
        looked_up.append(cast(CountingStore, scope.store).given)
    assert looked_up[1] < 2.2 * looked_up[0]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        generate(tmp_path / name, 3, faults=2)
    for path in sorted((tmp_path / "a" / "data").rglob("*.ttl")):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()
