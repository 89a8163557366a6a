"""What is found: in the real data, by both engines, in one file as in the whole, and only in what was given."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from balansekunst.errors import UserError
from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.shacl.data_graph import DataGraph, group_files, load_data_graph
from balansekunst.shacl.engines import Engine, validate_with_pyrudof, validate_with_pyshacl
from balansekunst.shacl.report import Finding, Report
from balansekunst.shacl.validate import validate, validate_data_graph, validate_group
from helpers.commands import run

STANDARD = "data/standards/folkehogskolelaerer.ttl"


@pytest.fixture(scope="module")
def report(project: Project) -> Report:
    return validate(project)


def changed(project: Project, tmp_path: Path, old: str, new: str, name: str = "kopi.ttl") -> Report:
    """The report on a copy of a standard with one text replaced."""
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return validate(project, [copy])


def told(finding: Finding) -> tuple[str, str, str, str, str]:
    return finding.rule.iri, finding.severity, str(finding.focus_node), str(finding.value), finding.message["nb"]


@pytest.mark.slow
def test_one_file_gives_what_the_whole_gives_of_it(project: Project, report: Report) -> None:
    """Of each folder one file, and all that something is told of: the files of a folder are read with the same things."""
    chosen = {path.parent: path for path in project.list_sources()}.values()
    for path in {*chosen, *(f.location.file for f in report.findings if f.location)}:
        alone = {told(f) for f in validate(project, [path]).findings}
        assert alone == {told(f) for f in report.findings if f.location and f.location.file == path}, path


@pytest.mark.slow
def test_targets_narrowed_to_a_file_find_the_same_faults(project: Project, tmp_path: Path) -> None:
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    for old, new in (("bk:rawCompetenceCount 270", "bk:rawCompetenceCount 7"), ("bk:Ferdighet", "bk:Ferdig"), ('"@en', '"@de')):
        text = text.replace(old, new)
    copy = tmp_path / "folkehogskolelaerer.ttl"
    copy.write_text(text, encoding="utf-8")
    scope = load_data_graph(project, [copy])
    every = frozenset(graph.value for graph in scope.store.named_graphs() if isinstance(graph, NamedNode))
    wide = validate_data_graph(DataGraph(scope.store, scope.files_by_graph, every), project)
    narrow = validate_data_graph(scope, project)
    here = {told(f) for f in wide.findings if f.location and f.location.file == copy}
    assert {told(f) for f in narrow.findings} == here
    assert len(here) > 30


@pytest.mark.slow
def test_parts_give_what_the_whole_gives(project: Project, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.shacl.data_graph.MAX_GROUP_BYTES", 300_000)
    every = [*project.list_sources(), *project.list_shape_files()]
    parted = group_files(project, every)
    assert len(parted) > 3
    assert sorted(file for group in parted for file in group) == sorted(every)
    chains = {"butikksjef", "kiwi-butikksjef", "meny-leder", "ikea-shopkeeper"}
    assert any(chains <= {file.stem for file in group} for group in parted)
    joined = Report.merge([validate_group(project, group) for group in parted])
    assert list(map(told, joined.findings)) == list(map(told, report.findings))
    assert joined.counts == report.counts


@pytest.mark.slow
def test_several_processes_give_what_one_gives(project: Project, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.shacl.data_graph.MAX_GROUP_BYTES", 600_000)
    assert list(map(told, validate(project).findings)) == list(map(told, report.findings))


def test_grouping_sees_names_behind_prefixes(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.shacl.data_graph.MAX_GROUP_BYTES", 300)
    base = "@prefix s: <https://w3id.org/balansekunst/standard/> . @prefix p: <http://www.w3.org/ns/prov#> .\n"
    for name, text in (("a", "s:a a s:x ."), ("b", "s:b a s:y ."), ("c", "s:c p:wasDerivedFrom s:a .")):
        (tmp_path / f"{name}.ttl").write_text(base + text, encoding="utf-8")
    parted = group_files(project, sorted(tmp_path.iterdir()))
    assert [sorted(file.stem for file in group) for group in parted] in ([["a", "c"], ["b"]], [["b"], ["a", "c"]])


def test_what_has_no_type_is_told_of_once(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "ny.ttl"
    file.write_text(
        f"""@base <{BASE}> . @prefix bk: <{NAMESPACE}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <competence/ny> skos:prefLabel "Ny"@nb , "New"@en ; bk:statedIn <source/virke-2020/omslag> .""",
        encoding="utf-8",
    )
    assert [finding.message["en"] for finding in validate(project, [file]).findings] == ["“New” has no type."]


@pytest.mark.slow
def test_a_changed_copy_takes_the_place_of_the_original(project: Project, tmp_path: Path) -> None:
    report = changed(project, tmp_path, "bk:rawCompetenceCount 270", "bk:rawCompetenceCount 7")
    assert [(f.rule.id, f.severity) for f in report.findings if f.severity != "info"] == [("P12", "warning")]
    assert {f.location.file for f in report.findings if f.location} == {tmp_path / "kopi.ttl"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kopi.ttl", "folkehogskolelaerer.ttl"])
def test_what_is_taken_out_of_a_copy_is_missed(project: Project, tmp_path: Path, name: str) -> None:
    text = (project.root / STANDARD).read_text(encoding="utf-8")
    start = text.index("<standard/folkehogskolelaerer/kreativitet> a")
    gone = text[start : text.index(" .\n", start) + 3]
    report = changed(project, tmp_path, gone, "", name)
    assert ("L1", "standard/folkehogskolelaerer/kreativitet") in {
        (f.rule.id, f.label["nb"]) for f in report.findings if f.severity == "violation"
    }


@pytest.mark.slow
def test_a_copy_with_the_name_of_ours_is_seen_whole(project: Project, tmp_path: Path) -> None:
    report = changed(
        project, tmp_path, "<role/folkehogskolelaerer> a bk:Role", "<role/folkehogskolelaerer> a bk:Rolle", "folkehogskolelaerer.ttl"
    )
    assert "L3" in {f.rule.id for f in report.findings}


def test_a_file_that_describes_one_known_competence_again_leaves_the_others(project: Project, tmp_path: Path) -> None:
    text = (project.examples / "K4" / "conforming.ttl").read_text(encoding="utf-8")
    again = text.replace("<competence/brenning>", "<competence/veiledning>").replace("<competence/smaking>", "<competence/etikk>")
    described = '<competence/etikk> a bk:Competence ; skos:prefLabel "Smaking"@nb , "Tasting"@en'
    assert described in again
    copy = tmp_path / "ny.ttl"
    extra = '<competence/ekstra> a bk:Competence ; skos:prefLabel "Ekstra"@nb , "Extra"@en'
    copy.write_text(again.replace(described, extra), encoding="utf-8")
    assert validate(project, [copy]).findings == []


def test_a_fault_in_what_a_file_points_to_is_told(project: Project, tmp_path: Path) -> None:
    text = (project.examples / "K4" / "conforming.ttl").read_text(encoding="utf-8")
    copy = tmp_path / "ny.ttl"
    borrowed = "<standard/tillitsvalgt/relasjonsbygging/outcome/1>"
    copy.write_text(text.replace("<standard/kaffebrenner/brenning/outcome/1> ;", f"{borrowed} ;", 1), encoding="utf-8")
    found = {(f.rule.id, str(f.focus_node)) for f in validate(project, [copy]).findings if f.severity == "violation"}
    assert ("K8", f"<https://w3id.org/balansekunst/{borrowed[1:]}") in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("bk:rawCompetenceCount", "bk:rawCompetenceConut", "ns#rawCompetenceCount"),
        ("<competence/kreativitet>", "<competence/kreativtet>", "competence/kreativitet"),
        ("<position/mennesker>", "<position/mennesket>", "position/mennesker"),
        ("<dimension/mennesker-teknologi>", "<dimension/menesker-teknologi>", "dimension/mennesker-teknologi"),
        ("4-folkehogskole/tilgjengelighet>", "4-folkehogskole/tilgjengelihet>", "source/virke-2020/case-4-folkehogskole/tilgjengelighet"),
        ("skos:definition", "skos:defintion", "http://www.w3.org/2004/02/skos/core#definition"),
        ("dcterms:issued", "dcterms:isued", "http://purl.org/dc/terms/issued"),
    ],
)
def test_an_unknown_name_gets_the_nearest(project: Project, tmp_path: Path, old: str, new: str, meant: str) -> None:
    report = changed(project, tmp_path, old, new)
    assert not report.conforms
    assert meant in {f.suggestion and f.suggestion.removeprefix("https://w3id.org/balansekunst/") for f in report.findings}


@pytest.mark.slow
def test_a_new_standard_is_one_file_and_nothing_else(project: Project) -> None:
    assert validate(project, [project.examples / "K4" / "conforming.ttl"]).findings == []


def test_checking_one_file_reads_no_unrelated_standard(project: Project) -> None:
    files = load_data_graph(project, [project.root / STANDARD]).files_by_graph.values()
    assert {path.stem for path in files if path.parent.name == "standards"} == {"folkehogskolelaerer"}
    kiwi = load_data_graph(project, [project.root / "data/standards/kiwi-butikksjef.ttl"]).files_by_graph.values()
    chains = {"kiwi-butikksjef", "butikksjef", "meny-leder", "ikea-shopkeeper"}
    assert {path.stem for path in kiwi if path.parent.name == "standards"} == chains


def test_roles_standards_and_individuals_lie_in_files_of_their_own_name(project: Project) -> None:
    place: dict[str, Path] = {}
    for path in project.list_sources():
        for quad in project.reader.load([path]):
            if isinstance(quad.subject, NamedNode) and (own := project.list_resource_files(quad.subject.value)):
                assert path in own or path.parent.name == "standards", quad.subject
                if quad.predicate.value.endswith("#type") and "/duty/" not in quad.subject.value:
                    assert place.setdefault(quad.subject.value, path) == path, quad.subject
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith("https://w3id.org/balansekunst/standard/"):
                assert project.list_resource_files(quad.subject.value) == [path], quad.subject


def test_a_role_without_a_standard_is_read_with_what_names_it(project: Project) -> None:
    files = load_data_graph(project, [project.examples / "T4" / "conforming.ttl"]).files_by_graph.values()
    assert {"hovedverneombud", "verneombud", "politiker"} <= {path.stem for path in files if path.parent.name == "roles"}
    assert not [path for path in files if path.parent.name == "standards"]


def test_the_report_is_bounded_and_says_how_many_more(project: Project, tmp_path: Path) -> None:
    lines = [f"<role/r{n}> bk:ukjent{n} 1 .\n" for n in range(300)]
    file = tmp_path / "mange.ttl"
    file.write_text("@prefix bk: <https://w3id.org/balansekunst/ns#> .\n" + "".join(lines), encoding="utf-8")
    report = validate(project, [file], limit=10)
    assert (len(report.findings), report.omitted, report.count("violation")) == (10, 290, 300)


def test_blank_nodes_are_checked_like_anything_else(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    prefixes = "@base <https://w3id.org/balansekunst/> . @prefix bk: <https://w3id.org/balansekunst/ns#> .\n"
    file.write_text(f"{prefixes}<standard/a> bk:hasKeyCompetence [\n  a bk:KeyCompetence\n] .", encoding="utf-8")
    report = validate(project, [file])
    found = {(f.rule.id, f.location and f.location.position and f.location.position.line) for f in report.findings}
    assert ("M2", 3) in found and ("L1", 3) in found


def test_a_file_of_shapes_can_be_checked(project: Project, tmp_path: Path) -> None:
    shutil.copy(project.root / "shapes" / "model.ttl", tmp_path / "model.ttl")
    assert validate(project, [tmp_path / "model.ttl"]).findings == []


@pytest.mark.parametrize("engine", [validate_with_pyrudof, validate_with_pyshacl])
def test_engine_that_gives_up_is_told_in_a_sentence(engine: Engine) -> None:
    with pytest.raises(UserError) as error:
        engine("this is not N-Triples", "")
    assert "not in your file" in error.value.format_sentences("en")[0]


@pytest.mark.reference
def test_pyshacl_answers_the_same_when_asked_for_and_where_pyrudof_is_missing(project: Project, tmp_path: Path) -> None:
    (tmp_path / "pyrudof.py").write_text("raise ImportError('there is no wheel for this platform')", encoding="utf-8")
    hidden = os.pathsep.join([str(tmp_path), *sys.path])
    command = ("validate", str(project.examples / "C4" / "violating.ttl"), "--format", "json", "--lang", "en")
    usual, asked, fallen = run(*command), run(*command, "--engine", "pyshacl"), run(*command, PYTHONPATH=hidden)
    assert usual.returncode == asked.returncode == fallen.returncode == 1
    assert usual.stdout == asked.stdout == fallen.stdout and '"C4"' in usual.stdout
    assert usual.stderr == asked.stderr == ""
    assert "pySHACL" in fallen.stderr and "no wheel for this platform" in fallen.stderr


def test_scope_names_the_file_of_each_graph(project: Project) -> None:
    path = project.root / STANDARD
    scope = load_data_graph(project, [path])
    assert [scope.files_by_graph[name] for name in scope.target_graphs] == [path]
    assert project.reader.map_graphs_to_files([path]).keys() == scope.target_graphs
    assert isinstance(scope.store, Store)


NAMED = """@base <https://w3id.org/balansekunst/> .
@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<task/ansvar-for-innkjop> a bk:Task ;
    skos:prefLabel "Ansvar for innkjøp"@nb , "Responsibility for purchasing"@en .
<competence/veiledning> skos:narrowMatch <http://data.europa.eu/esco/skill/0cc9c234-f817-4f4c-908a-4d28fe3b0f4a> .
"""
"""What published files say of what they link to, and a mapping whose grounds are in a table."""


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("", "", set()),
        (' , "Responsibility for purchasing"@en', "", set()),
        ("Ansvar for innkjøp", "Innkjøp", {"K3", "L2"}),
        ("0cc9c234", "0cc9c235", {"L5"}),
    ],
    ids=["as it is", "in one language", "another name", "another mapping"],
)
def test_what_is_only_named_is_as_the_project_describes_it(project: Project, tmp_path: Path, old: str, new: str, rules: set[str]) -> None:
    file = tmp_path / "butikksjef.ttl"
    file.write_text(NAMED.replace(old, new), encoding="utf-8")
    assert {finding.rule.id for finding in validate(project, [file]).findings} == rules


def test_what_others_call_a_standard_of_theirs_is_left_to_them(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "standards.ttl"
    kind = "a <http://purl.org/dc/terms/Standard> ."
    file.write_text(f"<https://example.org/standard> {kind}\n<{BASE}dataset/standard> {kind}", encoding="utf-8")
    found = {(finding.rule.id, str(finding.focus_node)) for finding in validate(project, [file]).findings}
    assert found == {("L1", f"<{BASE}dataset/standard>")}
