"""What is published conforms to the rules that are published, and engines of others find in it what we find in the sources."""

from collections.abc import Callable
from pathlib import Path

import pyshacl
import pyshacl_turbo
import pytest
import rdflib
import shifty
from pyoxigraph import Store, parse
from rdflib.namespace import RDF, SH

import shacl
from balansekunst.dataset import Dataset
from balansekunst.export.dumps import collect_version_contents, write_version_dumps
from balansekunst.infer import infer
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.shacl.pyshacl_engine import PreparedGraph
from balansekunst.shacl.validate import validate
from helpers.commands import run
from helpers.dataset import ROOT
from helpers.fuseki import run_jena

Found = set[tuple[str, str]]
"""The ids of rules, each with what breaks it or gives rise to a remark."""


@pytest.fixture(scope="module")
def published(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `data/` as it is published."""
    folder = tmp_path_factory.mktemp("published") / "data"
    write_version_dumps(collect_version_contents(Dataset(project).store, project), folder)
    return folder


@pytest.fixture(scope="module")
def ours(project: Project) -> Found:
    """What we find in the sources."""
    found = {(one.rule.id, str(one.focus_node)) for one in validate(project).findings}
    assert found
    return found


def name_rules(found: Found) -> Found:
    return {(rule.strip("<>").rpartition("/")[2].partition("#")[0], focus) for rule, focus in found}


def ask_rdflib_engine(engine: Callable[..., tuple[bool, rdflib.Graph, str]], data: Path, shapes: Path) -> Found:
    rules = rdflib.Graph().parse(shapes)
    # Each query is parsed once: pySHACL parses it for every node, which takes twenty minutes.
    _, report, _ = engine(PreparedGraph().parse(data), shacl_graph=rules)
    return {
        (str(rules.value(None, SH.property, shape, default=shape)), f"<{report.value(one, SH.focusNode)}>")
        for one in report.subjects(RDF.type, SH.ValidationResult)
        for shape in report.objects(one, SH.sourceShape)
    }


def ask_pyshacl(data: Path, shapes: Path) -> Found:
    return ask_rdflib_engine(pyshacl.validate, data, shapes)


def ask_pyshacl_turbo(data: Path, shapes: Path) -> Found:
    return ask_rdflib_engine(pyshacl_turbo.validate, data, shapes)


def ask_shacl(data: Path, shapes: Path) -> Found:
    report = shacl.Shapes.from_file(str(shapes)).validate_file(str(data))
    return {(str(one.root_shape), one.focus_node) for one in report.results}


def ask_shifty(data: Path, shapes: Path) -> Found:
    return {(str(one.shape_name), one.focus_node) for one in shifty.validate_algebra(data, shapes).violations}


@pytest.mark.reference
@pytest.mark.parametrize("ask", [ask_pyshacl, ask_pyshacl_turbo, ask_shacl, ask_shifty])
def test_published_files_conform_to_the_published_rules(ours: Found, published: Path, ask: Callable[[Path, Path], Found]) -> None:
    """`pyshacl -s shapes.ttl balansekunst.ttl`, as anyone may ask, and the same with other engines."""
    assert name_rules(ask(published / "balansekunst.ttl", published / "shapes.ttl")) == ours


@pytest.mark.reference
def test_jena_finds_the_same_by_the_rules_with_messages_in_one_language(ours: Found, published: Path, tmp_path: Path) -> None:
    """It refuses constraints with more than one message, which SHACL allows, and gives nodes without an address names of its own."""
    data, rules = published / "balansekunst.ttl", published / "shapes.en.ttl"
    done = run_jena(tmp_path, "shacl.shacl_validate", "--shapes", rules, "--data", data)
    assert done.returncode == 0, done.stderr[-2000:]
    report = rdflib.Graph().parse(data=done.stdout)
    assert {f"<{focus}>" for focus in report.objects(None, SH.focusNode)} == {focus for _, focus in ours}


def test_rules_with_messages_in_one_language_are_otherwise_the_same(published: Path) -> None:
    every = set(parse(path=str(published / "shapes.ttl")))
    for language in LANGUAGES:
        own = set(parse(path=str(published / f"shapes.{language}.ttl")))
        left_out = [one.object for one in every if one.predicate.value == str(SH.message) and one.object.language != language]
        assert len(own) == len(every) - len(left_out) and len(left_out) > 100


@pytest.mark.reference
def test_what_was_entered_conforms_together_with_the_vocabulary(ours: Found, published: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.ttl"
    both.write_text("".join((published / name).read_text(encoding="utf-8") for name in ("asserted.ttl", "ontology.ttl")), encoding="utf-8")
    assert name_rules(ask_shifty(both, published / "shapes.ttl")) == ours


def test_what_was_entered_and_the_vocabulary_give_the_published_inferences(project: Project, published: Path) -> None:
    """By our rules; owlrl, which is compared with them on the same statements, gives the same."""
    store = Store()
    for name in ("asserted.ttl", "ontology.ttl"):
        store.bulk_extend(parse(path=str(published / name)))
    infer(store, project)
    found, entered = {quad.triple for quad in store}, set(parse(path=str(published / "asserted.ttl")))
    inferred = {quad.triple for quad in parse(path=str(published / "balansekunst.ttl"))} - {quad.triple for quad in entered}
    assert inferred and inferred <= found


@pytest.mark.reference
def test_the_command_finds_no_fault_in_the_files_of_resources(site: Path) -> None:
    paths = ("role/butikksjef", "standard/butikksjef", "competence/veiledning", "data/balansekunst", "data/asserted")
    done = run("validate", *(str(site / f"{path}.ttl") for path in paths), "--lang", "en", cwd=ROOT)
    assert done.returncode == 0 and "No errors. Warnings: 0." in done.stdout, done.stdout[-2000:]


def test_published_messages_hold_only_the_placeholders_of_shacl(published: Path) -> None:
    """SHACL fills in placeholders in the messages of SPARQL constraints alone."""
    shapes = rdflib.Graph().parse(published / "shapes.ttl")
    constraints = set(shapes.objects(None, SH.sparql))
    messages = [(node, str(text)) for node, text in shapes.subject_objects(SH.message)]
    assert [text for node, text in messages if node not in constraints and "{" in text] == []
    assert any("{$this}" in text for node, text in messages if node in constraints)


def test_terms_of_others_are_not_listed_among_the_published_rules(published: Path) -> None:
    shapes = rdflib.Graph().parse(published / "shapes.ttl")
    assert all(str(subject).startswith(BASE) for subject in shapes.subjects() if isinstance(subject, rdflib.URIRef))
