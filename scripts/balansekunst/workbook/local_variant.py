"""Begin a local standard: one that builds on another and says the same where it is not changed.

The key competences and placements are copied, each derived from the one it was (prov:wasDerivedFrom): a placed competence is what a
competence means in one standard, so it belongs to that standard alone, and a change of position or rationale must not reach others.
The outcomes are shared, as those of the chains are: standards of one role may use the same outcome (rule K8), and it stays one node
until its wording is changed.
"""

from collections.abc import Collection

from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import RDF_TYPE, SKOS_LABEL, expand_curie, slugify
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.workbook.layout import ITEM_KEYS
from balansekunst.workbook.to_rdf import DESCRIBES_ROLE, HAS_KEY_COMPETENCE, HAS_LEARNING_OUTCOME, HAS_PLACEMENT, TRUE_LITERAL

_WAS_DERIVED_FROM = expand_curie("prov:wasDerivedFrom")
_COPIED_PROPERTIES = (expand_curie("bk:designation"), expand_curie("bk:descriptionDepth"), DESCRIBES_ROLE)
"""What a local standard says as the one that it builds on. Who was interviewed and when is told of its own."""
_ITEM_PROPERTIES = tuple(expand_curie(f"bk:{kind}") for kind in ITEM_KEYS)
_SOURCE_PROPERTIES = tuple(expand_curie(name) for name in ("dcterms:source", "bk:statedIn"))


def build_local_slug(base: str, enterprise: str) -> str:
    """Return the slug of a local standard: that of the enterprise and that of the standard, as those of the chains have."""
    return f"{slugify(enterprise)}-{base}"


def build_local_standard(
    own: list[Triple], base: NamedNode, enterprise: str, year: int, project: Project, elsewhere: Collection[NamedNode]
) -> list[Triple]:
    """Return the statements of a local standard.

    Args:
        own: what the file of the standard that it builds on says.
        base: that standard.
        enterprise: whom it is for.
        year: it is issued.
        project: whose base new addresses have.
        elsewhere: what other files describe, and this one need not: the enterprise, if it is known.
    """
    local = NamedNode(f"{project.base}standard/{build_local_slug(base.value.rpartition('/')[2], enterprise)}")
    agent = NamedNode(f"{project.base}agent/{slugify(enterprise)}")
    labels = {
        t.object.language: t.object.value for t in own if t.subject == base and t.predicate == SKOS_LABEL and isinstance(t.object, Literal)
    }
    made = [Triple(local, RDF_TYPE, expand_curie(f"bk:{kind}")) for kind in ("CompetenceStandard", "LocalStandard")]
    for property, key in ((SKOS_LABEL, "workbook.local.title"), (expand_curie("dcterms:description"), "workbook.local.description")):
        for language in LANGUAGES:
            values = {"title": labels.get(language, ""), "enterprise": enterprise}
            made.append(Triple(local, property, Literal(format_message(key, language, **values), language=language)))
    made += [Triple(local, t.predicate, t.object) for t in own if t.subject == base and t.predicate in _COPIED_PROPERTIES]
    made += [Triple(local, expand_curie("dcterms:creator"), agent), Triple(local, _WAS_DERIVED_FROM, base)]
    made += [
        Triple(local, expand_curie("dcterms:issued"), Literal(str(year), datatype=expand_curie("xsd:gYear"))),
        Triple(local, expand_curie("owl:versionInfo"), Literal(str(year))),
    ]
    copies: dict[Term, NamedNode] = {
        t.object: NamedNode(f"{local.value}/{t.object.value.rpartition('/')[2]}")
        for t in own
        if t.subject == base and t.predicate in (HAS_KEY_COMPETENCE, HAS_PLACEMENT) and isinstance(t.object, NamedNode)
    }
    items: dict[Term, NamedNode] = {
        t.object: NamedNode(f"{copies[t.subject].value}/{'/'.join(t.object.value.split('/')[-2:])}")
        for t in own
        if t.predicate in _ITEM_PROPERTIES and t.subject in copies and isinstance(t.object, NamedNode)
    }
    copies |= items
    for triple in own:
        if triple.subject == base and triple.predicate in (HAS_KEY_COMPETENCE, HAS_PLACEMENT, HAS_LEARNING_OUTCOME, *_SOURCE_PROPERTIES):
            made.append(_copy_triple(local, triple, copies))
        elif isinstance(triple.subject, NamedNode) and triple.subject in copies:
            made.append(_copy_triple(copies[triple.subject], triple, copies))
            if triple.predicate == RDF_TYPE and triple.subject not in items:
                made.append(Triple(copies[triple.subject], _WAS_DERIVED_FROM, triple.subject))
    if agent in elsewhere:
        return made
    made += [Triple(agent, RDF_TYPE, expand_curie(f"{prefix}:Organization")) for prefix in ("foaf", "org")]
    made += [Triple(agent, SKOS_LABEL, Literal(enterprise, language=language)) for language in LANGUAGES]
    made += [
        Triple(agent, expand_curie("bk:sameInBothLanguages"), TRUE_LITERAL),
        Triple(agent, expand_curie("foaf:name"), Literal(enterprise)),
    ]
    return made


def _copy_triple(copy: NamedNode, triple: Triple, copies: dict[Term, NamedNode]) -> Triple:
    """Return a statement of a copy; what points to another that is copied points to its copy."""
    value = triple.object
    return Triple(copy, triple.predicate, copies.get(value, value))
