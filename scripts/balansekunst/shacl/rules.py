"""The rules of the method, read from the shapes and their example files: what each says, why, how to fix it, and on what grounds."""

import re
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from balansekunst.errors import Message, UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import (
    IN_DOCUMENT,
    IS_PART_OF,
    NAMESPACE,
    RDFS_COMMENT,
    RDFS_SEE_ALSO,
    SHACL,
    SKOS_LABEL,
    STATED_IN,
    Bases,
    expand_shacl,
)
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts, find_objects, find_texts
from balansekunst.shacl.shapes_graph import get_rule_id, list_node_shapes

_HOW_TO_FIX, _HOW_TO_FIX_TURTLE = NamedNode(f"{NAMESPACE}howToFix"), NamedNode(f"{NAMESPACE}howToFixTurtle")
SEVERITY_KEYS = {"violation": "report.violation", "warning": "report.warning", "info": "report.info"}
"""The severities, the gravest first, and the message that says what each is called."""
SEVERITIES = tuple(SEVERITY_KEYS)
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
"""Where a name or another value goes into a message (SHACL, section 5.2.1)."""
RULE_PATH = "rule/"
"""What the paths of rules begin with."""


@dataclass(frozen=True)
class RuleSource:
    """Where in the documents a rule comes from."""

    document: Texts
    """The document's name."""
    passage: Texts
    """The heading of the passage."""


@dataclass(frozen=True)
class Rule:
    """One shape: a rule, or one side of a rule that has several shapes."""

    iri: str
    """The address of its page, and of its place there if the rule has several shapes."""
    path: str
    """The address below `rule/`, such as `K4` or `K4#information`: unique for each of its shapes."""
    severity: str
    """`violation`, `warning` or `info`."""
    name: Texts
    rationale: Texts
    remediation: Texts
    """How to fix a breach, for people: as one would say it, without words of RDF."""
    turtle_remediation: Texts
    """How to fix a breach, for those who write Turtle; the same as for people where the rule says it in one way only."""
    messages: tuple[Texts, ...]
    """The messages of a violation, with placeholders such as `{$this}` and `{?value}` where names go in."""
    sources: tuple[RuleSource, ...]
    """Empty where the rule is our own."""
    related: tuple[str, ...]
    """The IRIs of the steps and ways of working that the rule guards."""

    @property
    def id(self) -> str:
        """The rule's id, such as `K4`: what the shapes of one rule have in common."""
        return get_rule_id(self.iri)


def read_rules(shapes: Store, documents: Store, bases: Bases) -> dict[str, Rule]:
    """Return every rule by the IRI of its shape. `documents` holds the names of the source documents and their passages.

    Raises:
        UserError: a rule lacks a text in one of the languages; with a sentence for each.
    """
    found = {shape.value: _read_rule(shape, shapes, documents, bases) for shape in list_node_shapes(shapes)}
    problems: list[Message] = [
        ("rules.missing-text", {"rule": rule.iri, "property": property, "language": language})
        for rule in found.values()
        for property, texts in _list_required_texts(rule)
        for language in LANGUAGES
        if language not in texts
    ]
    if problems:
        raise UserError(*problems)
    return found


def _list_required_texts(rule: Rule) -> list[tuple[str, Texts]]:
    """Return the texts that a rule must have in both languages, each with its property."""
    messages = rule.messages or ({},)
    return [
        ("sh:name", rule.name),
        ("rdfs:comment", rule.rationale),
        ("bk:howToFix", rule.remediation),
        ("bk:howToFixTurtle", rule.turtle_remediation),
        *(("sh:message", one) for one in messages),
    ]


def _read_rule(shape: NamedNode, shapes: Store, documents: Store, bases: Bases) -> Rule:
    """Return the rule that a shape states."""
    parts = [shape, *(q.object for name in ("property", "sparql") for q in shapes.quads_for_pattern(shape, expand_shacl(name), None))]
    messages = [find_texts(shapes, part, expand_shacl("message")) for part in parts]
    passages = sorted((q.object for q in shapes.quads_for_pattern(shape, STATED_IN, None)), key=str)
    severity = next((q.object for q in shapes.quads_for_pattern(shape, expand_shacl("severity"), None)), expand_shacl("Violation"))
    return Rule(
        iri=shape.value,
        path=bases.strip_base(shape.value).removeprefix(RULE_PATH),
        severity=get_severity_name(severity),
        name=find_texts(shapes, shape, expand_shacl("name")),
        rationale=find_texts(shapes, shape, RDFS_COMMENT),
        remediation=find_texts(shapes, shape, _HOW_TO_FIX),
        turtle_remediation=find_texts(shapes, shape, _HOW_TO_FIX_TURTLE) or find_texts(shapes, shape, _HOW_TO_FIX),
        messages=tuple(sorted((m for m in messages if m), key=str)),
        sources=tuple(
            RuleSource(find_texts(documents, _find_document(documents, passage), SKOS_LABEL), find_texts(documents, passage, SKOS_LABEL))
            for passage in passages
        ),
        related=tuple(
            sorted(q.object.value for q in shapes.quads_for_pattern(shape, RDFS_SEE_ALSO, None) if isinstance(q.object, NamedNode))
        ),
    )


def _find_document(documents: Store, passage: Term) -> Term | None:
    """Return the document that a passage is part of, directly or within others."""
    for document in find_objects(documents, passage, IN_DOCUMENT):
        return document
    return next((found for whole in find_objects(documents, passage, IS_PART_OF) if (found := _find_document(documents, whole))), None)


def get_severity_name(term: Term) -> str:
    """Return `violation`, `warning` or `info` for SHACL's term."""
    assert isinstance(term, NamedNode)
    return term.value.removeprefix(SHACL).lower()


def load_project_rules(project: Project) -> dict[str, Rule]:
    """Return the project's rules by the IRI of their shapes.

    Raises:
        UserError: a file cannot be read.
    """
    documents = project.reader.load(project.list_document_files())
    return read_rules(project.reader.load(project.list_shape_files()), documents, project.bases)
