"""Rules are written to the letter of the SHACL specification, so that engines of others find the same by them."""

from collections.abc import Callable
from pathlib import Path

import pyshacl_turbo
import pytest
import rdflib
import shifty
from pyoxigraph import RdfFormat, Triple, serialize
from rdflib.namespace import RDF, SH

import shacl
from balansekunst.project import Project
from balansekunst.shacl.validate import validate

Found = set[tuple[str, str]]
"""The ids of rules, each with what breaks it or gives rise to a remark."""


def write_statements(project: Project, files: list[Path], target: Path) -> Path:
    """Write the statements of files, each once, and return where."""
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in project.reader.load(files)}
    serialize(triples, str(target), format=RdfFormat.N_TRIPLES)
    return target


def ask_shacl(data: Path, shapes: Path) -> Found:
    report = shacl.Shapes.from_file(str(shapes)).validate_file(str(data))
    return {(str(one.root_shape), one.focus_node) for one in report.results}


def ask_shifty(data: Path, shapes: Path) -> Found:
    return {(str(one.shape_name), one.focus_node) for one in shifty.validate_algebra(data, shapes).violations}


def ask_pyshacl_turbo(data: Path, shapes: Path) -> Found:
    rules = rdflib.Graph().parse(shapes)
    _, report, _ = pyshacl_turbo.validate(rdflib.Graph().parse(data), shacl_graph=rules)
    return {
        (str(rules.value(None, SH.property, shape, default=shape)), f"<{report.value(one, SH.focusNode)}>")
        for one in report.subjects(RDF.type, SH.ValidationResult)
        for shape in report.objects(one, SH.sourceShape)
    }


@pytest.mark.reference
@pytest.mark.parametrize("ask", [ask_shacl, ask_shifty, ask_pyshacl_turbo])
def test_engines_of_others_find_the_same(project: Project, tmp_path: Path, ask: Callable[[Path, Path], Found]) -> None:
    ours = validate(project)
    assert ours.findings
    # Rule L3 looks up the terms of others that we know in the data, so they are given with it.
    known = project.root / "shapes" / "known-terms.ttl"
    data = write_statements(project, [*project.list_sources(), known], tmp_path / "data.nt")
    # N-Triples are Turtle too, which is what shacl reads.
    shapes = write_statements(project, project.list_shape_files(), tmp_path / "shapes.ttl")
    found = {(rule.strip("<>").rpartition("/")[2].partition("#")[0], focus) for rule, focus in ask(data, shapes)}
    assert found == {(one.rule.id, str(one.focus_node)) for one in ours.findings}
