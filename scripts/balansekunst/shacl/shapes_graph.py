"""The shapes as a graph: which are rules, in which order, and as engines need them."""

import re
from collections.abc import Collection

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, RDF_TYPE, SHACL, XSD_INTEGER, expand_shacl
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, find_objects, iterate_list, list_reachable_quads

_SEVERITIES = {expand_shacl(name) for name in ("Violation", "Warning", "Info")}
_QUERY_PREDICATES = {expand_shacl("select"), expand_shacl("ask")}
_NESTED_PATTERN = re.compile(
    r"\b(?:UNION|OPTIONAL|MINUS|VALUES|SERVICE)\b|[{}.;]\s*\{|\$(?:shapesGraph|currentShape|PATH)\b", re.IGNORECASE
)


def list_node_shapes(shapes: Store) -> list[NamedNode]:
    """Return the shapes of `shapes` that are rules, by id and then address."""
    found = {q.subject for q in shapes.quads_for_pattern(None, RDF_TYPE, expand_shacl("NodeShape")) if isinstance(q.subject, NamedNode)}
    return sorted(found, key=lambda shape: (split_rule_id(get_rule_id(shape.value)), shape.value))


def find_unread_shapes(shapes: Store) -> list[Quad]:
    """Return the statements of targets and severities that no check would heed, since they are not those of a rule.

    A rule is a node shape with an IRI; what else has a target would be passed over, and so would a severity that SHACL does not know.
    """
    rules = set(list_node_shapes(shapes))
    targets = [q for q in shapes if q.predicate.value.startswith(f"{SHACL}target") and q.predicate.value != f"{SHACL}target"]
    severities = [q for q in shapes.quads_for_pattern(None, expand_shacl("severity"), None) if q.object not in _SEVERITIES]
    return sorted([*(q for q in targets if q.subject not in rules), *severities], key=str)


def list_reference_rules(shapes: Store, graphs: Collection[NamedNode]) -> set[NamedNode]:
    """Return the rules in some graphs that only the reference engine is known to read rightly.

    pyrudof passes over constraint components written in SPARQL, and some of the places where `$this` may stand in a query.
    """
    components = {q.object for q in shapes.quads_for_pattern(None, expand_shacl("parameter"), None)}
    parameters = {path for part in components for path in find_objects(shapes, part, expand_shacl("path"))}
    found = set()
    for rule in list_node_shapes(shapes):
        about = [q for q in shapes.quads_for_pattern(rule, None, None) if q.graph_name in graphs]
        quads = [*about, *list_reachable_quads(shapes, [q.object for q in about])]
        queries = (q.object.value for q in quads if q.predicate in _QUERY_PREDICATES and isinstance(q.object, Literal))
        if any(q.predicate in parameters for q in quads) or any(map(_NESTED_PATTERN.search, queries)):
            found.add(rule)
    return found


def split_targets(shapes: Collection[Quad], rules: Collection[NamedNode]) -> tuple[list[Quad], list[Quad]]:
    """Return the shapes twice: with the targets of all but some rules, and with only the targets of those."""
    parts = tuple(f"<{rule.value}/sparql/" for rule in rules)

    def is_target(quad: Quad) -> bool:
        return quad.predicate.value.startswith(f"{SHACL}target")

    def is_chosen(quad: Quad) -> bool:
        return quad.subject in rules or str(quad.subject).startswith(parts)

    return [q for q in shapes if not (is_target(q) and is_chosen(q))], [q for q in shapes if not is_target(q) or is_chosen(q)]


def get_rule_id(iri: str) -> str:
    """Return the id of the rule that a shape states, `K4` for `…/rule/K4` and for `…/rule/K4#information`, one of its other shapes.

    Shapes elsewhere are called by the last part of their address.
    """
    name = iri.rsplit("/", 1)[-1]
    return name.partition("#")[0] if "/rule/" in iri else name.rpartition("#")[2]


def split_rule_id(id: str) -> tuple[str, int, str]:
    """Return a rule's id in parts that sort as people expect: K2 before K10."""
    match = re.fullmatch(r"(\D*)(\d*)(.*)", id)
    assert match
    return match[1], int(match[2] or 0), match[3]


def read_prefixes(shapes: Store) -> dict[str, str]:
    """Return the namespaces that the rules declare for their SPARQL, by prefix."""
    return {
        prefix.value: namespace.value
        for quad in shapes.quads_for_pattern(None, expand_shacl("declare"), None)
        for prefix in find_objects(shapes, quad.object, expand_shacl("prefix"))
        for namespace in find_objects(shapes, quad.object, expand_shacl("namespace"))
        if isinstance(prefix, Literal) and isinstance(namespace, Literal)
    }


def assign_constraint_iris(shapes: Store) -> tuple[list[Quad], dict[str, tuple[NamedNode, Term]]]:
    """Give every constraint of a rule an IRI of its own, so that a result shows which one was violated.

    A nested property shape gets a name in place of its blank node; each SPARQL constraint moves to a shape of its own with the
    rule's targets. Returns the shapes so rewritten, and for each name the rule and the node that carries the message.
    """
    rules = list_node_shapes(shapes)
    sources: dict[str, tuple[NamedNode, Term]] = {rule.value: (rule, rule) for rule in rules}
    renamed: dict[Term, NamedNode] = {}
    quads = set(shapes)
    for rule in rules:
        for number, part in enumerate(_list_property_shapes(shapes, rule), 1):
            name = renamed[part] = NamedNode(f"{rule.value}/property/{number}")
            sources[name.value] = (rule, part)
        inherited = [
            q for q in shapes.quads_for_pattern(rule, None, None) if q.predicate.value.startswith((f"{SHACL}target", f"{SHACL}severity"))
        ]
        for number, quad in enumerate(_sort_parts(shapes, rule, "sparql"), 1):
            name = NamedNode(f"{rule.value}/sparql/{number}")
            sources[name.value] = (rule, quad.object)
            quads.remove(quad)
            quads.update(Quad(name, q.predicate, q.object) for q in [*inherited, quad])
            quads.add(Quad(name, RDF_TYPE, expand_shacl("NodeShape")))
    return [Quad(renamed.get(q.subject, q.subject), q.predicate, renamed.get(q.object, q.object)) for q in quads], sources


def _list_property_shapes(shapes: Store, rule: NamedNode) -> list[Term]:
    """Return the property shapes of a rule in the order of their file, and after them those within them."""
    found: list[Term] = [quad.object for quad in _sort_parts(shapes, rule, "property")]
    for part in found:
        if isinstance(part, NamedNode | BlankNode):
            found += [inner for inner in find_objects(shapes, part, expand_shacl("property")) if inner not in found]
    return found


def adapt_shapes(shapes: Store, project: Project, bases: Collection[str] = (), languages: Collection[str] = ()) -> Store:
    """Return the rules as they hold for a project: with its base beside the method's, and only the languages that it has chosen.

    Property shapes of a rule that state no severity get that of the rule. By SHACL alone they would be violations.

    Args:
        shapes: the rules.
        project: its base and languages.
        bases: more beginnings of IRIs to allow.
        languages: the only ones to ask for, in place of the project's.
    """
    severities = _inherit_severities(shapes)
    languages = languages or project.languages
    allowed = sorted({BASE, project.base, *bases})
    is_adapted = allowed != [BASE] or set(languages) != set(LANGUAGES)
    if not is_adapted and not severities:
        return shapes
    made = Store()
    made.extend(severities)
    if not is_adapted:
        made.extend(shapes)
        return made
    method, both = re.escape(BASE), f"({'|'.join(map(re.escape, allowed))})"
    made.extend(
        Quad(q.subject, q.predicate, Literal(q.object.value.replace(method, both)), q.graph_name)
        if q.predicate == expand_shacl("pattern") and isinstance(q.object, Literal)
        else q
        for q in shapes
    )
    for quad in list(made.quads_for_pattern(None, expand_shacl("qualifiedValueShape"), None)):
        wanted = [str(term) for head in find_objects(made, quad.object, expand_shacl("languageIn")) for term in iterate_list(made, head)]
        if wanted and not set(wanted) & {f'"{language}"' for language in languages}:
            for count in list(made.quads_for_pattern(quad.subject, expand_shacl("qualifiedMinCount"), None)):
                made.remove(count)
                made.add(Quad(count.subject, count.predicate, Literal("0", datatype=XSD_INTEGER), count.graph_name))
    return made


def _inherit_severities(shapes: Store) -> list[Quad]:
    """Return the severity of the rule for each of its property shapes that states none."""
    severity, property = expand_shacl("severity"), expand_shacl("property")
    return [
        Quad(part.object, severity, stated.object, part.graph_name)
        for rule in list_node_shapes(shapes)
        for stated in shapes.quads_for_pattern(rule, severity, None)
        for part in shapes.quads_for_pattern(rule, property, None)
        if isinstance(part.object, NamedNode | BlankNode) and not find_objects(shapes, part.object, severity)
    ]


def _sort_parts(shapes: Store, rule: NamedNode, predicate: str) -> list[Quad]:
    """Return the parts that SHACL's `predicate` gives a rule, in the order of their file."""

    def place(quad: Quad) -> tuple[str, int]:
        file, _, number = str(quad.object).rpartition("n")
        return file, int(number) if number.isdigit() else 0

    return sorted(shapes.quads_for_pattern(rule, expand_shacl(predicate), None), key=place)
