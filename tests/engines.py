"""Other engines than the one the project uses, to hold it to: pySHACL as `validate.check` takes it, and answers of SPARQL engines."""

from collections.abc import Iterable
from decimal import Decimal

import pyshacl
import rdflib
from pyoxigraph import Literal, Triple
from rdflib.namespace import SH

from balansekunst.asking.catalogue import Answer
from balansekunst.checking.validate import triples_of
from balansekunst.load import Term

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


def rule_of(shape: rdflib.term.Node) -> str:
    """The id in the IRI of a rule's shape, or of a shape that one of its SPARQL constraints was given."""
    return str(shape).split("/sparql/")[0].rsplit("/", 1)[-1]


def reference(data: str, shapes: str, rule: str | None = None) -> Iterable[Triple]:
    """Validate with pySHACL, by all shapes or only by those of one rule."""
    graphs = [rdflib.Graph().parse(data=text, format="nt11") for text in (data, shapes)]
    for shape in set(graphs[1].subjects()) if rule else ():
        if rule_of(shape) != rule:
            for target in TARGETS:
                graphs[1].remove((shape, target, None))
    _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph), report
    return triples_of(report.serialize(format="nt"))


def comparable(answer: Answer) -> list[tuple[object, ...]]:
    """The rows of an answer, so that engines that agree are equal.

    Engines differ in how many places they give a number, and in the order in which they gather lines into one text.
    """

    def cell(term: Term | None) -> object:
        if isinstance(term, Literal) and term.datatype.value.endswith(("#decimal", "#double")):
            return round(Decimal(term.value), 9)
        if isinstance(term, Literal) and "\n" in term.value:
            return sorted(term.value.split("\n"))
        return term

    return [tuple(cell(row[name]) for name in answer.variables) for row in answer.rows]
