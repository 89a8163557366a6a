"""Other engines than those the project uses by default, to hold them to: pySHACL by one rule, and answers of SPARQL engines."""

from collections.abc import Iterable
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.namespaces import SHACL
from balansekunst.rdf.graph import Term
from balansekunst.rdf.ntriples import parse_ntriples
from balansekunst.rdf.rdflib_graph import as_rdflib
from balansekunst.shacl.engines import Engine
from balansekunst.shacl.pyshacl_engine import PreparedGraph, validate_graphs
from balansekunst.shacl.shapes_graph import get_rule_id
from balansekunst.sparql.catalogue import QueryResult

TARGETS = {NamedNode(f"{SHACL}{name}") for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")}


def rule_of(shape: Term) -> str:
    """The id in the IRI of a rule's shape, or of a shape that one of its SPARQL constraints was given."""
    return get_rule_id(str(shape).strip("<>").split("/sparql/")[0])


class ChangingGraph(PreparedGraph):
    """A graph that is changed to what is asked for next: most of it stays, and reading it all takes half of pySHACL's time for a file."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = set[str]()

    def change_to(self, ntriples: str) -> "ChangingGraph":
        lines = {*ntriples.split("\n")}
        for triple in as_rdflib(parse_ntriples("\n".join(self.lines - lines))):
            self.remove(triple)
        as_rdflib(parse_ntriples("\n".join(lines - self.lines)), self)
        self.lines = lines
        return self


DATA, SHAPES = ChangingGraph(), ChangingGraph()


def ask_pyshacl_again(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pySHACL what is nearly what was validated before."""
    return validate_graphs(DATA.change_to(data), SHAPES.change_to(shapes))


def reference(data: str, shapes: str, rule: str = "", family: str = "", engine: Engine = ask_pyshacl_again) -> Iterable[Triple]:
    """Validate with pySHACL, or another engine, by the shapes of one rule only, or of all rules whose ids begin alike."""

    def is_wanted(shape: Term) -> bool:
        return rule_of(shape) == rule if rule else rule_of(shape).startswith(family)

    kept = [triple for triple in parse_ntriples(shapes) if triple.predicate not in TARGETS or is_wanted(triple.subject)]
    return engine(data, "".join(f"{triple} .\n" for triple in kept))


def comparable(answer: QueryResult) -> list[tuple[object, ...]]:
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
