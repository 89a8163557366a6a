"""Every rule has a file that conforms and files that break it, and each breaks that rule at that place and no other."""

import re
import shutil
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Store
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS, VANN, VOID

from balansekunst.checking.report import Report
from balansekunst.checking.rules import named_shapes, read_rules
from balansekunst.checking.scope import Scope, gather
from balansekunst.checking.validate import Engine, check, rudof, validate
from balansekunst.load import Term, graph_files, load
from balansekunst.project import BASE, Project
from engines import as_rdflib, reference

FOLDER = Path(__file__).parents[1] / "shapes"
EXAMPLES = sorted(FOLDER.rglob("*.ttl"))
EXPECTED = re.compile(r"^# expect: (?P<rule>\w+) <(?P<focus>[^>]*)>(?: (?P<value>.+))?$", re.MULTILINE)
NEVER_REPORTED = {"M4", "I4", "Q5"}

Outcome = set[tuple[str, str, str]]


def names(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(FOLDER)) for p in paths]


@cache
def shapes(project: Project) -> Store:
    return load(project.shapes(), project.root)


@cache
def context(project: Project) -> Store:
    """What the examples may refer to: the vocabulary of the method, the model, the documents, the agents and the competence scheme.

    Other parts of the vocabulary are left out: they would make the reference engine take twice the time.
    """
    ontology = [project.root / "ontology" / f"{name}.ttl" for name in ("balansekunst", "balance-model", "mappings")]
    data = [project.root / "data" / name for name in ("sources.ttl", "agents.ttl", "competences/scheme.ttl")]
    return load([*ontology, *data], project.root)


def scope(project: Project, path: Path) -> Scope:
    """One file in its context, all of it given, so that findings anywhere are told.

    A set-up is read with the roles it names, as a user's; what is of development or figures, with that part of the vocabulary.
    """
    if path.parent.name.startswith("T"):
        return gather(project, [path])
    store = Store()
    store.extend(context(project))
    if path.parent.name.startswith(("D", "F")):
        store.extend(load([project.root / "ontology" / f"{name}.ttl" for name in ("development", "statistics")], project.root))
    store.extend(load([path], project.root))
    graphs = frozenset(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return Scope(store, graph_files([path], project.root), graphs)


def examined(project: Project, path: Path, engine: Engine = rudof) -> Report:
    """The report on one file in its context."""
    return check(scope(project, path), project, engine)


def outcome(report: Report) -> Outcome:
    return {(f.rule.id, shown(f.focus), shown(f.value)) for f in report.findings}


def shown(term: Term | None) -> str:
    if isinstance(term, Literal):
        suffix = f"@{term.language}" if term.language else ""
        return f'"{term.value}"{suffix}'
    return str(term) if term is not None else ""


def expected(path: Path) -> Outcome:
    found = set()
    for match in EXPECTED.finditer(path.read_text(encoding="utf-8")):
        value = match["value"] or ""
        if value.startswith("<"):
            value = f"<{BASE}{value[1:]}"
        elif value and not value.startswith('"'):
            value = f'"{value}"'
        found.add((match["rule"], f"<{BASE}{match['focus']}>", value))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=names(EXAMPLES))
def test_example_gives_what_its_header_says_by_both_engines(project: Project, path: Path) -> None:
    """The reference engine is asked the rule alone, which takes a tenth of the time; the whole set on the real data and on mutants."""
    rule, found = path.parent.name, outcome(examined(project, path))
    assert found == expected(path)
    judged = outcome(examined(project, path, partial(reference, rule=rule)))
    assert {one for one in judged if one[0] == rule} == {one for one in found if one[0] == rule}


def test_every_rule_has_examples_and_every_breach_names_its_rule(project: Project) -> None:
    rules = {str(s).rstrip(">").rsplit("/", 1)[-1] for s in rule_shapes(project)}
    folders = {p.name for p in FOLDER.iterdir()}
    assert folders == rules | NEVER_REPORTED
    for folder in folders:
        assert (FOLDER / folder / "conforming.ttl").exists()
        violating = list((FOLDER / folder).glob("violating*.ttl"))
        assert bool(violating) == (folder not in NEVER_REPORTED)
        for path in violating:
            if path.stem != "violating-information" or folder != "K4":
                assert folder in {rule for rule, _, _ in expected(path)}


def rule_shapes(project: Project) -> list[NamedNode]:
    _, sources = named_shapes(shapes(project))
    return sorted({rule for rule, _ in sources.values()}, key=str)


def test_shapes_are_valid_shacl(project: Project) -> None:
    graph = as_rdflib(shapes(project))
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_lists_of_terms_are_those_of_the_namespaces(project: Project) -> None:
    listed = {str(q.subject).strip("<>") for q in load([project.root / "shapes" / "known-terms.ttl"], project.root)}
    spaces: list[Any] = [DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS, VANN, VOID]
    known = {f"{space}{name}" for space in spaces for name in {*space.__annotations__, *space._extras} if not name.startswith("_")}
    assert listed == known


def test_misspelt_term_in_a_rule_is_found(project: Project, tmp_path: Path) -> None:
    for name in ("ontology", "data", "tests"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.root / "shapes", tmp_path / "shapes")
    faulty = tmp_path / "shapes" / "model.ttl"
    faulty.write_text(faulty.read_text(encoding="utf-8").replace("sh:maxCount", "sh:maxcount", 1), encoding="utf-8")
    found = [f for f in validate(Project(tmp_path)).findings if f.severity == "violation"]
    assert [(f.rule.id, shown(f.value), f.suggestion) for f in found] == [("L3", f"<{SH}maxcount>", f"{SH}maxCount")]


def test_every_rule_tells_name_why_mend_and_message_in_both_languages(project: Project) -> None:
    for rule in read_rules(shapes(project), context(project)).values():
        for language in ("nb", "en"):
            assert all(texts.get(language) for texts in (rule.name, rule.why, rule.mend, *rule.messages)), rule.iri
            assert all("{$this}" in texts[language] or "{?value}" in texts[language] for texts in rule.messages), rule.iri
        assert rule.messages
