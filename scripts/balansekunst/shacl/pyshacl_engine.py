"""Validate with pySHACL, the reference. It is some ten times slower than pyrudof."""

import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import Triple
from rdflib.plugins.sparql import prepareQuery

from balansekunst.rdf.ntriples import parse_ntriples
from balansekunst.rdf.rdflib_graph import as_rdflib

# A value that is not of its type is a result of the check, and not for the terminal.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
_prepare = lru_cache(maxsize=4096)(prepareQuery)


class PreparedGraph(rdflib.Graph):
    """A graph that parses a query once: rules ask the same of node after node, and parsing takes rdflib as long as answering."""

    def query(self, query_object: Any, *rest: Any, **more: Any) -> Any:
        """Answer a query. Its prefixes are sorted: pySHACL names them in another order each time, and each would be parsed anew."""
        lines = sorted(query_object.splitlines(), key=lambda line: (0, line) if line.startswith("PREFIX ") else (1, ""))
        return super().query(_prepare("\n".join(lines)), *rest, **more)


def validate_ntriples(data: str, shapes: str) -> Iterable[Triple]:
    """Return the validation report on data by shapes, both in N-Triples."""
    return validate_graphs(as_rdflib(parse_ntriples(data), PreparedGraph()), as_rdflib(parse_ntriples(shapes)))


def validate_graphs(data: rdflib.Graph, shapes: rdflib.Graph) -> Iterable[Triple]:
    """Return the validation report on data, best in a `PreparedGraph`, by shapes.

    Raises:
        ValueError: a shape is none that SHACL allows.
    """
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(report, rdflib.Graph):
        # Such as a rule with a clause that SHACL does not allow.
        raise ValueError(text.removeprefix("Validation Failure - "))
    return parse_ntriples(report.serialize(format="nt"))
