"""Begin a local standard: one that builds on another and says the same where it is not changed.

The key competences and placements are copied, each derived from the one it was (prov:wasDerivedFrom): a placed competence is what a
competence means in one standard, so it belongs to that standard alone, and a change of position or rationale must not reach others.
The outcomes are shared, as those of the chains are: standards of one role may use the same outcome (rule K8), and it stays one node
until its wording is changed.
"""

from collections.abc import Collection

from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.checking.rules import RDF_TYPE, SKOS_LABEL
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES, text
from balansekunst.project import Project, slug
from balansekunst.writing.graph import KEY, OUTCOME, PLACEMENT, ROLE, TRUE
from balansekunst.writing.sheets import term

DERIVED = term("prov:wasDerivedFrom")
KEPT = (term("bk:designation"), term("bk:descriptionDepth"), ROLE)
"""What a local standard says as the one that it builds on. Who was interviewed and when is told of its own."""
SOURCES = tuple(term(name) for name in ("dcterms:source", "bk:locator"))


def local_slug(base: str, enterprise: str) -> str:
    """Return the slug of a local standard: that of the enterprise and that of the standard, as those of the chains have."""
    return f"{slug(enterprise)}-{base}"


def local_standard(
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
    local = NamedNode(f"{project.base}standard/{local_slug(base.value.rpartition('/')[2], enterprise)}")
    agent = NamedNode(f"{project.base}agent/{slug(enterprise)}")
    labels = {
        t.object.language: t.object.value for t in own if t.subject == base and t.predicate == SKOS_LABEL and isinstance(t.object, Literal)
    }
    made = [Triple(local, RDF_TYPE, term(f"bk:{kind}")) for kind in ("CompetenceStandard", "LocalStandard")]
    for property, key in ((SKOS_LABEL, "title"), (term("dcterms:description"), "description")):
        for language in LANGUAGES:
            values = {"title": labels.get(language, ""), "enterprise": enterprise}
            made.append(Triple(local, property, Literal(text(f"workbook.local.{key}", language, **values), language=language)))
    made += [Triple(local, t.predicate, t.object) for t in own if t.subject == base and t.predicate in KEPT]
    made += [Triple(local, term("dcterms:creator"), agent), Triple(local, DERIVED, base)]
    made += [
        Triple(local, term("dcterms:issued"), Literal(str(year), datatype=term("xsd:gYear"))),
        Triple(local, term("owl:versionInfo"), Literal(str(year))),
    ]
    copies: dict[Term, NamedNode] = {
        t.object: NamedNode(f"{local.value}/{t.object.value.rpartition('/')[2]}")
        for t in own
        if t.subject == base and t.predicate in (KEY, PLACEMENT) and isinstance(t.object, NamedNode)
    }
    for triple in own:
        if triple.subject == base and triple.predicate in (KEY, PLACEMENT, OUTCOME, *SOURCES):
            made.append(triple_of(local, triple, copies))
        elif isinstance(triple.subject, NamedNode) and triple.subject in copies:
            made.append(triple_of(copies[triple.subject], triple, copies))
            if triple.predicate == RDF_TYPE:
                made.append(Triple(copies[triple.subject], DERIVED, triple.subject))
    if agent in elsewhere:
        return made
    made += [Triple(agent, RDF_TYPE, term(f"{prefix}:Organization")) for prefix in ("foaf", "org")]
    made += [Triple(agent, SKOS_LABEL, Literal(enterprise, language=language)) for language in LANGUAGES]
    made += [Triple(agent, term("bk:sameInBothLanguages"), TRUE), Triple(agent, term("foaf:name"), Literal(enterprise))]
    return made


def triple_of(copy: NamedNode, triple: Triple, copies: dict[Term, NamedNode]) -> Triple:
    """Return a statement of a copy; what points to another that is copied points to its copy."""
    value = triple.object
    return Triple(copy, triple.predicate, copies.get(value, value))
