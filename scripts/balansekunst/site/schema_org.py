"""What pages tell search engines, by schema.org (https://schema.org), as JSON-LD in the page."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.export.profiles import construct_triples
from balansekunst.namespaces import RDF_TYPE
from balansekunst.project import Project
from balansekunst.rdf.graph import Term

_SCHEMA_NAMESPACE = "https://schema.org/"
SchemaOrgStatements = dict[str, list[tuple[str, Term]]]
"""For each thing, by its IRI: its properties, each with a value, in an order that is always the same."""
_IRI_PROPERTIES = ("url", "contentUrl", "license")
"""Properties whose values are addresses and no things of their own."""


def collect_schema_org(store: Store, project: Project) -> SchemaOrgStatements:
    """Return the statements of schema.org that `queries/site/schema-org.rq` makes of the finished store."""
    made: SchemaOrgStatements = {}
    for triple in construct_triples(store, "site/schema-org", project):
        if isinstance(triple.subject, NamedNode):
            made.setdefault(triple.subject.value, []).append((triple.predicate.value, triple.object))
    return made


def build_schema_org(found: SchemaOrgStatements, iri: str, language: str) -> dict[str, Any]:
    """Return what is told of a thing, with what it points to, as compact JSON-LD; empty where nothing is.

    Args:
        found: what `statements` returns.
        iri: the thing, or the base for the front page.
        language: texts in other languages are left out.
    """
    told = _build_node(found, iri, language, whole=True)
    return {"@context": "https://schema.org", **told} if "@type" in told else {}


def _build_node(found: SchemaOrgStatements, iri: str, language: str, whole: bool) -> dict[str, Any]:
    """Return one thing: all of it, or without the things that it points to, but for those that have no page."""
    made: dict[str, Any] = {"@id": iri}
    for property, value in found.get(iri, ()):
        name = property.removeprefix(_SCHEMA_NAMESPACE)
        if property == RDF_TYPE.value and isinstance(value, NamedNode):
            made["@type"] = value.value.removeprefix(_SCHEMA_NAMESPACE)
        elif isinstance(value, NamedNode) and name in _IRI_PROPERTIES:
            made[name] = value.value
        elif isinstance(value, NamedNode) and (whole or "#" in value.value):
            made.setdefault(name, []).append(_build_node(found, value.value, language, whole=False))
        elif isinstance(value, Literal) and value.language in (None, language):
            made.setdefault(name, []).append(value.value)
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in made.items()}


def embed_json_ld(told: Mapping[str, Any]) -> Markup:
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
