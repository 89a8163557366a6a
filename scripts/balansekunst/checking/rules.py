"""The rules of the method, read from the shapes and their example files: what each says, why, how to mend, and on what grounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from balansekunst.load import Message, Term, load
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.project import BASE, NAMESPACE, Project, local

SHACL = "http://www.w3.org/ns/shacl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
RDFS_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
SKOS_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
SOURCE = NamedNode("http://purl.org/dc/terms/source")
LOCATOR = NamedNode(f"{NAMESPACE}locator")
HOW_TO_MEND = NamedNode(f"{NAMESPACE}howToMend")
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
LIST_FIRST, LIST_REST = (NamedNode(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}") for name in ("first", "rest"))
SEVERITIES = ("violation", "warning", "info")
RULES = "rule/"
"""What the paths of rules begin with."""

Texts = dict[str, str]
"""A text by language."""


def shacl(name: str) -> NamedNode:
    """Return a term of SHACL's vocabulary."""
    return NamedNode(SHACL + name)


@dataclass(frozen=True)
class Ground:
    """Where in the documents a rule comes from."""

    source: Texts
    """The document's name."""
    locator: str


@dataclass(frozen=True)
class Rule:
    """One shape: a rule, or one side of a rule that has several shapes."""

    iri: str
    """The address of its page."""
    severity: str
    """`violation`, `warning` or `info`."""
    name: Texts
    why: Texts
    mend: Texts
    messages: tuple[Texts, ...]
    """What is said of a breach, with `{$this}` and `{?value}` where names go in."""
    grounds: tuple[Ground, ...]
    """Empty where the rule is our own."""

    @property
    def id(self) -> str:
        """The last part of the address, such as `K4`: what the shapes of one rule have in common."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def path(self) -> str:
        """The address below `rule/`, such as `K4` or `information/K4`: what tells its shapes apart."""
        return local(self.iri).removeprefix(RULES)


def localised(store: Store, node: Term | None, predicate: NamedNode) -> Texts:
    """Return the texts that `predicate` gives `node`, by language."""
    if not isinstance(node, NamedNode | BlankNode):
        return {}
    quads = sorted(store.quads_for_pattern(node, predicate, None), key=str, reverse=True)
    return {q.object.language: q.object.value for q in quads if isinstance(q.object, Literal) and q.object.language}


def node_shapes(shapes: Store) -> list[NamedNode]:
    """Return the shapes of `shapes` that are rules, by id and then address."""
    found = {q.subject for q in shapes.quads_for_pattern(None, RDF_TYPE, shacl("NodeShape")) if isinstance(q.subject, NamedNode)}
    return sorted(found, key=lambda shape: (sortable(shape.value.rsplit("/", 1)[-1]), shape.value))


def sortable(id: str) -> tuple[str, int, str]:
    """Return a rule's id in parts that sort as people expect: K2 before K10."""
    match = re.fullmatch(r"(\D*)(\d*)(.*)", id)
    assert match
    return match[1], int(match[2] or 0), match[3]


def read_rules(shapes: Store, documents: Store) -> dict[str, Rule]:
    """Return every rule by the IRI of its shape. `documents` holds the source documents' names.

    Raises:
        UserError: a rule does not say what it is to say, in both languages; with a sentence for each.
    """
    found = {shape.value: read_rule(shape, shapes, documents) for shape in node_shapes(shapes)}
    problems: list[Message] = [
        ("rules.unsaid", {"rule": rule.iri, "property": property, "language": language})
        for rule in found.values()
        for property, texts in said(rule)
        for language in LANGUAGES
        if language not in texts
    ]
    if problems:
        raise UserError(*problems)
    return found


def said(rule: Rule) -> list[tuple[str, Texts]]:
    """Return what a rule is to say in both languages, each with the property that says it."""
    messages = rule.messages or ({},)
    return [("sh:name", rule.name), ("rdfs:comment", rule.why), ("bk:howToMend", rule.mend), *(("sh:message", one) for one in messages)]


def read_rule(shape: NamedNode, shapes: Store, documents: Store) -> Rule:
    """Return the rule that a shape states."""
    parts = [shape, *(q.object for name in ("property", "sparql") for q in shapes.quads_for_pattern(shape, shacl(name), None))]
    messages = [localised(shapes, part, shacl("message")) for part in parts]
    sources = [q.object for q in shapes.quads_for_pattern(shape, SOURCE, None)]
    locators = [q.object.value for q in shapes.quads_for_pattern(shape, LOCATOR, None) if isinstance(q.object, Literal)]
    severity = next((q.object for q in shapes.quads_for_pattern(shape, shacl("severity"), None)), shacl("Violation"))
    return Rule(
        iri=shape.value,
        severity=severity_name(severity),
        name=localised(shapes, shape, shacl("name")),
        why=localised(shapes, shape, RDFS_COMMENT),
        mend=localised(shapes, shape, HOW_TO_MEND),
        messages=tuple(sorted((m for m in messages if m), key=str)),
        grounds=tuple(
            Ground(localised(documents, source, SKOS_LABEL), locator)
            for source in sorted(sources, key=str)
            for locator in sorted(locators or [""])
        ),
    )


def severity_name(term: Term) -> str:
    """Return `violation`, `warning` or `info` for SHACL's term."""
    assert isinstance(term, NamedNode)
    return term.value.removeprefix(SHACL).lower()


def examples(project: Project, id: str) -> tuple[list[Path], list[Path]]:
    """Return the example files of a rule: those that pass, and those that fail."""
    folder = project.examples / id
    return sorted(folder.glob("conforming*.ttl")), sorted(folder.glob("violating*.ttl"))


def project_rules(project: Project) -> dict[str, Rule]:
    """Return the project's rules by the IRI of their shapes.

    Raises:
        UserError: a file cannot be read.
    """
    return read_rules(load(project.shapes(), project.root), load([project.home / "data" / "sources.ttl"], project.root))


def table(project: Project, language: str) -> str:
    """Return every rule as a line: id, severity, name."""
    lines = [
        f"{rule.id:<4} {text(f'report.{rule.severity}', language):<11} {rule.name[language]}" for rule in project_rules(project).values()
    ]
    return "\n".join([*lines, "", text("rules.more", language)])


def page(project: Project, id: str, language: str) -> str:
    """Return all that can be told of one rule.

    Args:
        project: where shapes and examples are.
        id: as `K4`, in capitals or not.
        language: `nb` or `en`.

    Raises:
        UserError: there is no such rule.
    """
    every = project_rules(project).values()
    found = [rule for rule in every if rule.id.lower() == id.lower()]
    if not found:
        near = get_close_matches(id.upper(), sorted({rule.id for rule in every}), n=5, cutoff=0.3)
        raise UserError(("rules.unknown", {"id": id, "near": ", ".join(near) or "-"}))
    parts = [rule_text(rule, language) for rule in found]
    passing, failing = examples(project, found[0].id)
    for key, files in (("rules.passing", passing[:1]), ("rules.failing", failing[:1])):
        for file in files:
            parts.append(f"{text(key, language, file=file.relative_to(project.home).as_posix())}\n\n{example_text(file)}")
    return "\n\n".join(parts)


def rule_text(rule: Rule, language: str) -> str:
    """Return what one shape says."""
    grounds = [f"{g.source.get(language, '')}: {g.locator}" for g in rule.grounds] or [text("rules.own", language)]
    rows = [
        ("rules.problem", [message[language] for message in rule.messages]),
        ("rules.why", [rule.why[language]]),
        ("rules.mend", [rule.mend[language]]),
        ("rules.grounds", grounds),
        ("rules.address", [rule.iri]),
    ]
    lines = [f"{rule.id} – {rule.name[language]} ({text(f'report.{rule.severity}', language).lower()})"]
    for key, values in rows:
        lines += ["", text(key, language), *(f"  {plain(value, language)}" for value in values)]
    return "\n".join(lines)


def plain(message: str, language: str) -> str:
    """Return a message with words where names go in."""
    return message.replace("{$this}", text("rules.this", language)).replace("{?value}", text("rules.value", language))


def example_text(file: Path) -> str:
    """Return an example file without the line that tells the tests what to expect."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("# expect:")).strip()


def named_shapes(shapes: Store) -> tuple[list[Quad], dict[str, tuple[NamedNode, Term]]]:
    """Give every constraint of a rule an IRI of its own, so that a result tells which one was broken.

    A nested property shape gets a name in place of its blank node; each SPARQL constraint moves to a shape of its own with the
    rule's targets. Returns the shapes so rewritten, and for each name the rule and the node that carries the message.
    """
    rules = node_shapes(shapes)
    sources: dict[str, tuple[NamedNode, Term]] = {rule.value: (rule, rule) for rule in rules}
    renamed: dict[Term, NamedNode] = {}
    quads = set(shapes)
    for rule in rules:
        for number, quad in enumerate(ordered(shapes, rule, "property"), 1):
            name = renamed[quad.object] = NamedNode(f"{rule.value}/property/{number}")
            sources[name.value] = (rule, quad.object)
        inherited = [
            q for q in shapes.quads_for_pattern(rule, None, None) if q.predicate.value.startswith((f"{SHACL}target", f"{SHACL}severity"))
        ]
        for number, quad in enumerate(ordered(shapes, rule, "sparql"), 1):
            name = NamedNode(f"{rule.value}/sparql/{number}")
            sources[name.value] = (rule, quad.object)
            quads.remove(quad)
            quads.update(Quad(name, q.predicate, q.object) for q in [*inherited, quad])
            quads.add(Quad(name, RDF_TYPE, shacl("NodeShape")))
    return [Quad(renamed.get(q.subject, q.subject), q.predicate, renamed.get(q.object, q.object)) for q in quads], sources


def fitted(shapes: Store, project: Project) -> Store:
    """Return the rules as they hold for a project: with its base beside the method's, and only the languages that it has chosen."""
    if not project.is_own:
        return shapes
    method, both = re.escape(BASE), f"({re.escape(BASE)}|{re.escape(project.base)})"
    made = Store()
    made.extend(
        Quad(q.subject, q.predicate, Literal(q.object.value.replace(method, both)), q.graph_name)
        if q.predicate == shacl("pattern") and isinstance(q.object, Literal)
        else q
        for q in shapes
    )
    for quad in list(made.quads_for_pattern(None, shacl("qualifiedValueShape"), None)):
        wanted = [str(term) for head in objects(made, quad.object, shacl("languageIn")) for term in members(made, head)]
        if wanted and not set(wanted) & {f'"{language}"' for language in project.languages}:
            for count in list(made.quads_for_pattern(quad.subject, shacl("qualifiedMinCount"), None)):
                made.remove(count)
                made.add(Quad(count.subject, count.predicate, Literal("0", datatype=INTEGER), count.graph_name))
    return made


def members(store: Store, head: Term) -> Iterator[Term]:
    """Yield the members of an RDF list."""
    yield from objects(store, head, LIST_FIRST)
    for rest in objects(store, head, LIST_REST):
        yield from members(store, rest)


def objects(store: Store, subject: Term, predicate: NamedNode) -> list[Term]:
    """Return what a property of a thing leads to; nothing of a literal."""
    return [] if isinstance(subject, Literal) else [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]


def ordered(shapes: Store, rule: NamedNode, predicate: str) -> list[Quad]:
    """Return the parts that SHACL's `predicate` gives a rule, in the order of their file."""

    def place(quad: Quad) -> tuple[str, int]:
        file, _, number = str(quad.object).rpartition("n")
        return file, int(number) if number.isdigit() else 0

    return sorted(shapes.quads_for_pattern(rule, shacl(predicate), None), key=place)
