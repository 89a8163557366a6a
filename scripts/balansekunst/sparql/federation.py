"""Tell whether a query asks another service, which none of ours may. A module of its own: the parser of SPARQL takes long to import."""

import re
from contextlib import suppress

from pyoxigraph import Store
from rdflib.plugins.sparql.parser import Query
from rdflib.plugins.sparql.parserutils import CompValue

from balansekunst.namespaces import PREFIXES
from balansekunst.sparql.query_terms import walk_parse_tree

_ESCAPE_PATTERN = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(.))", re.DOTALL)


def has_service(query: str, base: str | None = None) -> bool:
    """Tell whether a query asks another service. One that has the word, and that only the engine can read, is taken to do so.

    Args:
        query: the query.
        base: what relative IRIs are resolved against.

    Raises:
        SyntaxError: the engine cannot read it.
    """
    # The engine knows the keyword by its letters alone: it takes no escapes (`\u0053`) outside names and texts.
    if "service" not in query.casefold():
        return False
    # The engine ends a comment at a carriage return too, and takes an escaped quotation mark for a letter of the text it stands in.
    seen = _ESCAPE_PATTERN.sub(lambda escape: escape[0] if escape[1] else "x", query.replace("\r", "\n"))
    try:
        return any(
            isinstance(part, CompValue) and part.name == "ServiceGraphPattern" for part in walk_parse_tree(Query.parse_string(seen, True))
        )
    except Exception:  # rdflib meets what it cannot read with errors of many kinds
        with suppress(OSError):
            Store().query(query, base_iri=base, prefixes=PREFIXES)
        return True
