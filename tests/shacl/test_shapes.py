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

from balansekunst.namespaces import BASE, METHOD_BASES, RDF_TYPE, expand_curie, expand_shacl
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, find_objects, find_texts
from balansekunst.rdf.rdflib_graph import as_rdflib
from balansekunst.shacl.data_graph import DataGraph, load_data_graph
from balansekunst.shacl.engines import Engine
from balansekunst.shacl.report import Report
from balansekunst.shacl.rules import PLACEHOLDER, read_rules
from balansekunst.shacl.shapes_graph import assign_constraint_iris, get_rule_id
from balansekunst.shacl.validate import validate, validate_data_graph
from helpers.engines import reference

FOLDER = Path(__file__).parents[2] / "shapes" / "examples"
EXAMPLES = sorted(FOLDER.rglob("*.ttl"))
EXPECTED = re.compile(r"^# expect: (?P<rule>\w+) <(?P<focus>[^>]*)>(?: (?P<value>.+))?$", re.MULTILINE)
FIRST = ("violating",)
"""The name of the first example that breaks a rule, which every run of the tests checks; `make test-all` checks all."""
NEVER_REPORTED = {"M4", "I4", "Q5"}

Outcome = set[tuple[str, str, str]]


def names(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(FOLDER)) for p in paths]


@cache
def shapes(project: Project) -> Store:
    return project.reader.load(project.list_shape_files())


@cache
def context(project: Project) -> Store:
    """What the examples may refer to: the vocabulary of the method, the model, the documents, the agents and the competence scheme.

    Other parts of the vocabulary are left out: they would make the reference engine take twice the time.
    """
    ontology = [project.root / "ontology" / f"{name}.ttl" for name in ("balansekunst", "balance-model", "mappings")]
    data = [project.root / "data" / name for name in ("sources.ttl", "agents.ttl", "competences/scheme.ttl")]
    passages = sorted((project.root / "data" / "passages").glob("*.ttl"))
    store = project.reader.load([*ontology, *data, *passages])
    cited = project.reader.load(sorted((project.root / "data").glob("*/*.ttl")))
    for document in cited.quads_for_pattern(None, RDF_TYPE, expand_curie("bk:SourceDocument")):
        store.extend(cited.quads_for_pattern(document.subject, None, None))
    return store


def scope(project: Project, path: Path) -> DataGraph:
    """One file in its context, as a user checks a file.

    A set-up is read with the roles it names, as a user's; what is of development or figures, with that part of the vocabulary.
    """
    if path.parent.name.startswith("T"):
        return load_data_graph(project, [path])
    store = Store()
    store.extend(context(project))
    if path.parent.name.startswith(("D", "F")):
        store.extend(project.reader.load([project.root / "ontology" / f"{name}.ttl" for name in ("development", "statistics")]))
    store.extend(project.reader.load([path]))
    return DataGraph(store, project.reader.map_graphs_to_files([path]), frozenset([project.reader.build_graph_name(path).value]))


def examined(project: Project, path: Path, engine: Engine | None = None) -> Report:
    """The report on one file in its context."""
    return validate_data_graph(scope(project, path), project, engine)


def outcome(report: Report) -> Outcome:
    return {(f.rule.id, shown(f.focus_node), shown(f.value)) for f in report.findings}


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
            value = value if "://" in value else f"<{BASE}{value[1:]}"
        elif value and not value.startswith('"'):
            value = f'"{value}"'
        found.add((match["rule"], f"<{BASE}{match['focus']}>", value))
    return found


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=[] if path.stem in FIRST else [pytest.mark.slow]) for path in EXAMPLES], ids=names(EXAMPLES)
)
def test_example_gives_what_its_header_says(project: Project, path: Path) -> None:
    assert outcome(examined(project, path)) == expected(path)


@pytest.mark.reference
@pytest.mark.parametrize("path", EXAMPLES, ids=names(EXAMPLES))
def test_the_reference_engine_says_the_same_of_an_example(project: Project, path: Path) -> None:
    """Only the rule itself is checked, which takes a tenth of the time; the whole set is, on the real data and on mutants."""
    rule = path.parent.name
    judged = outcome(examined(project, path, partial(reference, rule=rule)))
    assert {one for one in judged if one[0] == rule} == {one for one in expected(path) if one[0] == rule}


def test_every_rule_has_examples_and_every_breach_names_its_rule(project: Project) -> None:
    rules = {get_rule_id(s.value) for s in rule_shapes(project)}
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
    _, sources = assign_constraint_iris(shapes(project))
    return sorted({rule for rule, _ in sources.values()}, key=str)


@pytest.mark.slow
def test_shapes_are_valid_shacl(project: Project) -> None:
    graph = as_rdflib(shapes(project))
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_lists_of_terms_are_those_of_the_namespaces(project: Project) -> None:
    listed = {str(q.subject).strip("<>") for q in project.reader.load([project.known_terms])}
    spaces: list[Any] = [DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS, VANN, VOID]
    known = {f"{space}{name}" for space in spaces for name in {*space.__annotations__, *space._extras} if not name.startswith("_")}
    later = (
        "DatasetSeries first hasCurrentVersion hasVersion inSeries isVersionOf last next prev previousVersion resource seriesMember version"
    )
    assert listed == known | {f"{DCAT}{name}" for name in later.split()}, "those of DCAT 3 are not in the namespace"


@pytest.mark.slow
def test_misspelt_term_in_a_rule_is_found(project: Project, tmp_path: Path) -> None:
    for name in ("ontology", "data", "tests"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.root / "shapes", tmp_path / "shapes")
    faulty = tmp_path / "shapes" / "model.ttl"
    faulty.write_text(faulty.read_text(encoding="utf-8").replace("sh:maxCount", "sh:maxcount", 1), encoding="utf-8")
    found = [f for f in validate(Project(tmp_path)).findings if f.severity == "violation"]
    assert [(f.rule.id, shown(f.value), f.suggestion) for f in found] == [("L3", f"<{SH}maxcount>", f"{SH}maxCount")]


def test_what_goes_into_a_message_is_selected_by_its_query(project: Project) -> None:
    """The specification also asks each subquery to return what is bound before it, and bans what cannot be bound so."""
    store = shapes(project)
    for shape in rule_shapes(project):
        parts = [shape, *(part for name in ("property", "sparql") for part in find_objects(store, shape, expand_shacl(name)))]
        for part in parts:
            wanted = {name for text in find_texts(store, part, expand_shacl("message")).values() for name in PLACEHOLDER.findall(text)}
            queries = [query.value for query in find_objects(store, part, expand_shacl("select")) if isinstance(query, Literal)]
            selected = {name for query in queries for name in re.findall(r"[?$](\w+)", query.split("WHERE", 1)[0])}
            assert wanted <= {"this", "value"} | selected, (shape, wanted - selected)
            for query in queries:
                assert all("$this" in heads for heads in re.findall(r"SELECT(.*?)WHERE", query, re.DOTALL)), shape
                assert not re.search(r"\b(VALUES|MINUS|SERVICE)\b", query), shape


def test_every_rule_tells_name_why_mend_and_message_in_both_languages(project: Project) -> None:
    for rule in read_rules(shapes(project), context(project), METHOD_BASES).values():
        for language in ("nb", "en"):
            assert all(
                texts.get(language) for texts in (rule.name, rule.rationale, rule.remediation, rule.turtle_remediation, *rule.messages)
            ), rule.iri
            assert all(PLACEHOLDER.search(texts[language]) for texts in rule.messages), rule.iri
        assert rule.messages
