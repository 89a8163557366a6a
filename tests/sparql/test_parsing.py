"""Terms of ours that no query names."""

import pytest
from pyoxigraph import Store

from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.sparql.query_terms import extract_iris, find_unused_terms


@pytest.mark.slow
def test_terms_that_no_query_names_are_found(project: Project, inferred: Store) -> None:
    uses = {term.value.removeprefix(NAMESPACE): count for term, count in find_unused_terms(project, inferred)}
    assert uses["designation"] == 16 and uses["placedIn"] == 170
    assert not uses.keys() & {"hasKeyCompetence", "competence", "progressesTo", "nuanceOf", "why", "IndividualDescription"}


def test_terms_are_found_in_paths_filters_and_inner_queries() -> None:
    query = """PREFIX e: <e:> SELECT ?a { { SELECT ?a { ?a e:in ?b } } ?a (e:one|^e:two)/e:three* ?c
        FILTER NOT EXISTS { ?c a e:Kind FILTER (?c != e:value) } OPTIONAL { GRAPH e:graph { ?a !e:not ?d } } }"""
    assert {name for name in extract_iris(query) if name.startswith("e:")} == {
        *("e:in", "e:one", "e:two", "e:three", "e:Kind", "e:value", "e:graph", "e:not")
    }
