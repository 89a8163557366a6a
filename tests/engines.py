"""The reference SHACL engine, in the form that `validate.check` takes."""

from collections.abc import Iterable

import pyshacl
import rdflib
from pyoxigraph import Triple

from balansekunst.validate import triples_of


def reference(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pySHACL, which also checks that the shapes are SHACL."""
    graphs = [rdflib.Graph().parse(data=text, format="nt11") for text in (data, shapes)]
    _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inference="none", meta_shacl=False, inplace=True)
    assert isinstance(report, rdflib.Graph), report
    return triples_of(report.serialize(format="nt"))
