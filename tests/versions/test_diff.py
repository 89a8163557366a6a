"""What differs is told whole: each changed statement once, and the patch makes the one version of the other."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.rdf.patch import apply_patch, build_patch, read_patch_header
from balansekunst.versions.change_text import VersionLabels, build_diff_document, describe_change, diff_words, format_diff
from balansekunst.versions.diff import Diff, canonicalize_graph, compare_graphs, relabel_blank_nodes
from helpers.commands import run
from helpers.fuseki import running

PREFIXES = """
@base <https://w3id.org/balansekunst/> .
@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
OLD = """
<competence/brenning> a bk:Competence ; skos:prefLabel "Brenning"@nb , "Roasting"@en ;
    skos:closeMatch <http://data.europa.eu/esco/skill/1> .
<competence/maling> a bk:Competence ; skos:prefLabel "Maling"@nb , "Grinding"@en .
<standard/kaffe/brenning> a bk:KeyCompetence ; skos:prefLabel "Brenning"@nb , "Roasting"@en ;
    bk:competence <competence/brenning> ; bk:atPosition <position/mennesker> ; bk:what "Varme"@nb , "Tid"@nb ;
    bk:hasLearningOutcome <standard/kaffe/brenning/outcome/1> .
<standard/kaffe/brenning/outcome/1> a bk:LearningOutcome ; skos:prefLabel "Utbytte av brenning"@nb , "Outcome of roasting"@en ;
    bk:statement "Kan brenne kaffe for hånd."@nb , "Can roast coffee by hand."@en ; bk:order 1 .
<position/mennesker> skos:prefLabel "Mennesker"@nb , "People"@en .
<position/teknologi> skos:prefLabel "Teknologi"@nb , "Technology"@en .
"""
NEW = """
<competence/brenning> a bk:Competence ; skos:prefLabel "Kaffebrenning"@nb , "Roasting"@en .
<competence/maling> a bk:Competence ; skos:prefLabel "Maling"@nb , "Grinding"@en ;
    owl:deprecated true ; bk:retiredIn "0.2.0" ; bk:retirementReason "Den er delt i to."@nb , "It was split in two."@en ;
    dcterms:isReplacedBy <competence/brenning> .
<standard/kaffe/brenning> a bk:KeyCompetence ; skos:prefLabel "Brenning"@nb , "Roasting"@en ;
    bk:competence <competence/brenning> ; bk:atPosition <position/teknologi> ; bk:what "Varme"@nb , "Lukt"@nb ;
    bk:hasLearningOutcome <standard/kaffe/brenning/outcome/2> .
<standard/kaffe/brenning/outcome/1> a bk:LearningOutcome ; skos:prefLabel "Utbytte av brenning"@nb , "Outcome of roasting"@en ;
    bk:statement "Kan brenne kaffe jevnt."@nb , "Can roast coffee by hand."@en ; bk:order 2 .
<standard/kaffe/brenning/outcome/2> a bk:LearningOutcome ; skos:prefLabel "Utbytte to"@nb , "Outcome two"@en ;
    bk:statement "Kan smake."@nb .
<position/mennesker> skos:prefLabel "Mennesker"@nb , "People"@en .
<position/teknologi> skos:prefLabel "Teknologi"@nb , "Technology"@en .
"""
SENTENCES = {
    "added": ["Lagt til: «Utbytte to» (Læringsutbytte, standard/kaffe/brenning/outcome/2)."],
    "retired": ["«Maling» (competence/maling) er trukket tilbake i versjon 0.2.0: Den er delt i to. Se heller «Kaffebrenning»."],
    "renamed": ["«Brenning» heter nå «Kaffebrenning» (competence/brenning)."],
    "moved": ["«Brenning» (standard/kaffe/brenning) er flyttet fra «Mennesker» til «Teknologi» (på plass)."],
    "items": ["«Brenning» (standard/kaffe/brenning), hva: «Lukt» er lagt til, «Tid» tatt bort."],
    "reworded": [
        "«Utbytte av brenning» (standard/kaffe/brenning/outcome/1), ordlyd: Kan brenne kaffe [-for hånd.-] {+jevnt.+}",
    ],
    "mapped": ["«Kaffebrenning» (competence/brenning) er ikke lenger koblet til «http://data.europa.eu/esco/skill/1» (nær)."],
}


def read(text: str) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def diff(project: Project) -> Diff:
    return compare_graphs(read(OLD), read(NEW), project)


def test_each_kind_of_change_is_told_by_its_name(project: Project, diff: Diff) -> None:
    names = VersionLabels([diff.new, diff.old], project)
    told_of: dict[str, list[str]] = {}
    for change in diff.changes:
        told_of.setdefault(change.kind, []).append(describe_change(change, names, "nb"))
    assert {kind: told_of[kind] for kind in SENTENCES} == SENTENCES
    assert told_of["linked"] and told_of["other"] and set(told_of) == {*SENTENCES, "linked", "other"}


def test_what_is_gone_is_removed_and_what_is_back_is_no_longer_retired(project: Project, diff: Diff) -> None:
    back = compare_graphs(diff.new, diff.old, project)
    names = VersionLabels([back.new, back.old], project)
    sentences = {change.kind: describe_change(change, names, "en") for change in back.changes}
    assert sentences["removed"] == "Removed: “Outcome two” (Learning outcome, standard/kaffe/brenning/outcome/2)."
    assert sentences["retired"] == "“Grinding” (competence/maling) is no longer retired."


def test_json_holds_both_languages_and_every_statement(project: Project, diff: Diff) -> None:
    data = build_diff_document(diff, project)
    assert json.loads(json.dumps(data)) == json.loads(json.dumps(data, sort_keys=True))
    assert sum(len(change["added"]) for change in data["changes"]) == len(diff.added) == data["triples"]["added"]
    assert sum(len(change["removed"]) for change in data["changes"]) == len(diff.removed) == data["triples"]["removed"]
    [reworded] = [change for change in data["changes"] if change["kind"] == "reworded"]
    assert reworded["word_diff"] == {"nb": [("same", "Kan brenne kaffe"), ("removed", "for hånd."), ("added", "jevnt.")]}
    assert set(reworded["description"]) == {"nb", "en"}


def test_a_text_that_changed_in_the_other_language_only_is_told_with_its_language(project: Project) -> None:
    old, new = (f'<role/x> skos:prefLabel "X"@nb , "{name}"@en .' for name in ("Old", "New"))
    diff = compare_graphs(read(old), read(new), project)
    assert format_diff(diff, project, "nb").endswith("- «Old» (en) heter nå «New» (en) (role/x).\n")


def test_words_before_and_after_are_in_the_marked_text() -> None:
    old, new = "Kan veilede nye ansatte i butikken", "Kan lede ansatte i butikken godt"
    parts = diff_words(old, new)
    assert " ".join(part for mark, part in parts if mark != "added") == old
    assert " ".join(part for mark, part in parts if mark != "removed") == new


NODES = st.sampled_from([NamedNode(f"{BASE}role/{name}") for name in "abc"] + [BlankNode(name) for name in "xyz"])
PROPERTIES = st.sampled_from(
    [
        NamedNode(iri)
        for iri in (
            "http://www.w3.org/2004/02/skos/core#prefLabel",
            "http://www.w3.org/2002/07/owl#deprecated",
            f"{NAMESPACE}atPosition",
            f"{NAMESPACE}what",
            f"{NAMESPACE}statement",
            "http://www.w3.org/2004/02/skos/core#exactMatch",
            "http://purl.org/dc/terms/isReplacedBy",
            "https://example.org/other",
        )
    ]
)
VALUES = st.one_of(
    NODES, st.sampled_from([Literal("en tekst", language="nb"), Literal("a text", language="en"), Literal("1"), Literal('"\\\n')])
)
GRAPHS = st.sets(st.builds(Triple, NODES, PROPERTIES, VALUES), max_size=12)
quick = settings(deadline=None, max_examples=150)


@quick
@given(GRAPHS)
def test_nothing_differs_from_itself_whatever_its_blank_nodes_are_called(project: Project, graph: set[Triple]) -> None:
    def other(term: object) -> object:
        return BlankNode(f"other{term.value}") if isinstance(term, BlankNode) else term

    renamed = [Triple(other(t.subject), t.predicate, other(t.object)) for t in graph]  # type: ignore[arg-type]
    diff = compare_graphs(graph, renamed, project)
    assert not diff.changes and diff.old == diff.new


@pytest.mark.slow
@quick
@given(GRAPHS, GRAPHS)
def test_every_changed_statement_is_told_once_and_the_patch_makes_the_new_of_the_old(
    project: Project, old: set[Triple], new: set[Triple]
) -> None:
    diff = compare_graphs(old, new, project)
    for side, changed in (("removed", diff.removed), ("added", diff.added)):
        told_of = [triple for change in diff.changes for triple in getattr(change, side)]
        assert sorted(told_of, key=str) == changed
    removed, added, before, after = (
        [Quad(t.subject, t.predicate, t.object) for t in triples] for triples in (diff.removed, diff.added, diff.old, diff.new)
    )
    text = build_patch(removed, added)
    assert apply_patch(text, before) == set(after)
    assert canonicalize_graph(new) == canonicalize_graph(diff.new)
    assert text == build_patch(reversed(removed), reversed(added)) and read_patch_header(text)["id"].startswith("uuid:")
    assert format_diff(diff, project, "nb").count("\n- ") == len(diff.changes)


@quick
@given(GRAPHS)
def test_steady_names_change_nothing_but_names(graph: set[Triple]) -> None:
    named = relabel_blank_nodes(graph)
    assert canonicalize_graph(named) == canonicalize_graph(graph) and sorted(map(str, relabel_blank_nodes(named))) == sorted(
        map(str, named)
    )


def test_a_change_in_one_part_leaves_the_names_of_others() -> None:
    list_of = '<role/{}> <https://example.org/has> [ <https://example.org/is> "{}" ] .'
    before, after = (set(relabel_blank_nodes(read(list_of.format("a", "1") + list_of.format("b", value)))) for value in ("2", "3"))
    assert len(before - after) == len(after - before) == 2


def test_a_patch_of_another_dataset_is_refused() -> None:
    quad = Quad(NamedNode(f"{BASE}role/a"), NamedNode(f"{NAMESPACE}what"), Literal("x"))
    with pytest.raises(ValueError, match="another dataset"):
        apply_patch(build_patch([quad], []), [])
    with pytest.raises(ValueError, match="another dataset"):
        apply_patch(build_patch([], [quad]), [quad])


def differ(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("diff", *arguments, cwd=folder, BALANSEKUNST_LANG="en")


@pytest.mark.slow
def test_command_ends_as_diff_does(tmp_path: Path) -> None:
    for name, text in (("old.ttl", OLD), ("new.ttl", NEW)):
        (tmp_path / name).write_text(PREFIXES + text, encoding="utf-8")
    same = differ(tmp_path, "old.ttl", "old.ttl")
    assert (same.returncode, same.stdout) == (0, "No difference.\n")
    other = differ(tmp_path, "old.ttl", "new.ttl", "--format", "rdfpatch", "--out", "change.rdfp")
    assert (other.returncode, other.stdout) == (1, "")
    old, new = (canonicalize_graph(read(text)) for text in (OLD, NEW))
    quads = [Quad(t.subject, t.predicate, t.object) for t in old]
    made = apply_patch((tmp_path / "change.rdfp").read_text(encoding="utf-8"), quads)
    assert canonicalize_graph(Triple(q.subject, q.predicate, q.object) for q in made) == new
    assert "New names: 1" in differ(tmp_path, "old.ttl", "new.ttl").stdout
    for wrong, said in (
        (("missing.ttl", "new.ttl"), "neither a file"),
        (("9.9.9", "new.ttl"), "Releases: –"),
        (("old.ttl", "--format=x"), "no format"),
    ):
        failed = differ(tmp_path, *wrong)
        assert failed.returncode == 2 and said in failed.stderr and not failed.stdout


@pytest.mark.slow
def test_jena_applies_the_patch(diff: Diff, tmp_path: Path) -> None:
    """By the patch service of Fuseki, Jena's own reading of the format."""
    from urllib.request import Request, urlopen

    removed, added = ([Quad(t.subject, t.predicate, t.object) for t in side] for side in (diff.removed, diff.added))
    with running(tmp_path) as address:

        def send(path: str, body: str, type: str, method: str) -> None:
            with urlopen(Request(f"{address}/{path}", body.encode(), {"Content-Type": type}, method=method), timeout=60) as answer:
                assert answer.status < 300

        send("ds/data?default", "".join(f"{t} .\n" for t in diff.old), "application/n-triples", "PUT")
        send("ds/patch", build_patch(removed, added), "application/rdf-patch", "POST")
        with urlopen(Request(f"{address}/ds/data?default", headers={"Accept": "application/n-triples"}), timeout=60) as answer:
            found = {Triple(q.subject, q.predicate, q.object) for q in parse(answer.read(), format=RdfFormat.N_TRIPLES)}
    assert found == diff.new
