"""What pages tell search engines, by schema.org (https://schema.org), as JSON-LD in the page."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.project import Project
from balansekunst.publication.profiles import construct

SCHEMA = "https://schema.org/"
ADDRESSES = ("url", "contentUrl", "license")
"""Properties whose values are addresses and no things of their own."""


def statements(store: Store, project: Project) -> Store:
    """Return the statements of schema.org that `queries/profiles/schema-org.rq` makes of the finished store."""
    made = Store()
    made.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in construct(store, "profiles/schema-org", project))
    return made


def schema_org(found: Store, iri: str, language: str) -> dict[str, Any]:
    """Return what is told of a thing, with what it points to, as compact JSON-LD; empty where nothing is.

    Args:
        found: what `statements` returns.
        iri: the thing, or the base for the front page.
        language: texts in other languages are left out.
    """
    told = node(found, iri, language, whole=True)
    return {"@context": "https://schema.org", **told} if "@type" in told else {}


def node(found: Store, iri: str, language: str, whole: bool) -> dict[str, Any]:
    """Return one thing: all of it, or without the things that it points to, but for those that have no page."""
    made: dict[str, Any] = {"@id": iri}
    for quad in sorted(found.quads_for_pattern(NamedNode(iri), None, None), key=str) if iri else ():
        name, value = quad.predicate.value.removeprefix(SCHEMA), quad.object
        if quad.predicate == RDF_TYPE and isinstance(value, NamedNode):
            made["@type"] = value.value.removeprefix(SCHEMA)
        elif isinstance(value, NamedNode) and name in ADDRESSES:
            made[name] = value.value
        elif isinstance(value, NamedNode) and (whole or "#" in value.value):
            made.setdefault(name, []).append(node(found, value.value, language, whole=False))
        elif isinstance(value, Literal) and value.language in (None, language):
            made.setdefault(name, []).append(value.value)
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in made.items()}


def embedded(told: Mapping[str, Any]) -> Markup:
    """Return JSON-LD as an element for a page; nothing where there is nothing to tell.

    What could end the element, or begin another, is escaped as JSON allows. A block of data is not run, so that a strict content security
    policy lets it stand (https://html.spec.whatwg.org/multipage/scripting.html#data-block).
    """
    if not told:
        return Markup()
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/ld+json">{written}</script>')
