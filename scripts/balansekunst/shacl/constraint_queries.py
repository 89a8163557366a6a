"""Ask what can be asked once for all that a rule is about. An engine asks for each thing by itself, and prepares each question anew.

A constraint in SPARQL is answered here whole. Of a shape in SHACL Core, a query finds what may violate it, and the engine looks at that
alone. Where a shape says something that is not known here, the engine is left with all that it is about.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from itertools import count

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, Variable

from balansekunst.namespaces import RDF_TYPE, RDFS_SUBCLASS_OF, SHACL, XSD, expand_shacl
from balansekunst.rdf.graph import Term, find_objects, iterate_list, list_reachable_quads
from balansekunst.shacl.shapes_graph import read_prefixes

_TARGETS, _FOCUS = NamedNode("urn:balansekunst:targets"), NamedNode("urn:balansekunst:focus")
"""The graph that holds what each shape is about, beside the data, and the property it is told with."""
_RDFS_CLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#Class")
_TARGET_NAMES = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_TEXTS = ("message", "name", "description", "order", "group", "severity", *_TARGET_NAMES)
"""What SHACL has that breaks no rule by itself."""
_TO_THE_GROUP = re.compile(r"[^{\"'#]*\{")
_FORBIDDEN = re.compile(r"\b(?:VALUES|MINUS|SERVICE)\b|\$(?:PATH|shapesGraph|currentShape)\b", re.IGNORECASE)
"""What is not allowed in rules, or has a meaning to an engine alone."""
_LIMITED = re.compile(r"\b(?:LIMIT|OFFSET)\b", re.IGNORECASE)
"""What has another meaning where it is asked of many at a time."""
_ANY_LENGTH = re.compile(r"\)[*+]")
"""What a path that may be of any length has, as it is written here."""
_AGGREGATE, _GROUPED = (
    re.compile(r"\b(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE),
    re.compile(r"\bGROUP\s+BY\s+[$?]this\b", re.IGNORECASE),
)
_UNREAD_PATTERN = re.compile(r"\(\?|\\[1-9]")
"""What the engine's regular expressions lack."""
_DATATYPES = {f"{XSD}{name}" for name in ("boolean", "date", "dateTime", "decimal", "duration", "gYear", "gYearMonth", "integer")}
"""The datatypes whose values the store can tell from other text."""
_NODE_KINDS = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "IRIOrLiteral": "!isBlank({0})",
    "BlankNodeOrIRI": "!isLiteral({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
}


_Node = NamedNode | BlankNode | Triple
"""What may be the subject of a triple, as `pyoxigraph` has it."""


class _UnknownConstraintError(Exception):
    """A shape says something that is not known here."""


class ConstraintQueries:
    """Asks shapes of some data."""

    def __init__(self, data: str) -> None:
        """Take the data as N-Triples."""
        self._store = Store()
        self._store.load(data, RdfFormat.N_TRIPLES)
        self._instances: dict[Term, set[Term]] | None = None
        self._sets: dict[Hashable, NamedNode] = {}
        self._sizes: dict[NamedNode, int] = {}

    def check(self, shapes: str) -> tuple[list[Triple], list[Triple], list[Triple]]:
        """Ask what can be asked of shapes, given as N-Triples.

        Returns:
            The results as a validation report; and what an engine is to look at still: shapes without targets, and the targets, each node
            of a shape by itself.
        """
        rules = Store()
        rules.load(shapes, RdfFormat.N_TRIPLES)
        targets: dict[_Node, list[Quad]] = {}
        for name in _TARGET_NAMES:
            for quad in list(rules.quads_for_pattern(None, expand_shacl(name), None)):
                targets.setdefault(quad.subject, []).append(quad)
                rules.remove(quad)
        for quad in rules.quads_for_pattern(None, RDF_TYPE, expand_shacl("NodeShape")):
            # A shape that is a class is about its instances.
            if Quad(quad.subject, RDF_TYPE, _RDFS_CLASS) in rules:
                targets.setdefault(quad.subject, []).append(Quad(quad.subject, expand_shacl("targetClass"), quad.subject))
        prefixes = read_prefixes(rules)
        report, left = list[Triple](), list[Triple]()
        for shape, quads in sorted(targets.items(), key=str):
            about = self._find_targets(quads)
            try:
                if any(rules.quads_for_pattern(shape, expand_shacl("sparql"), None)):
                    report += self._find_results(rules, shape, about, prefixes)
                    continue
                nodes = self._find_suspects(
                    _ViolationWriter(rules, self._find_instance_set, self._find_selected_set).describe(shape), about
                )
            except (_UnknownConstraintError, SyntaxError):
                nodes = sorted((quad.object for quad in self._store.quads_for_pattern(about, _FOCUS, None, _TARGETS)), key=str)
            if any(isinstance(node, BlankNode) for node in nodes):
                # An engine knows blank nodes by names of its own.
                left += [Triple(shape, quad.predicate, quad.object) for quad in quads]
            else:
                left += [Triple(shape, expand_shacl("targetNode"), node) for node in nodes]
        shapes_left = [quad.triple for quad in list_reachable_quads(rules, {triple.subject for triple in left})]
        return report, shapes_left, left

    def _find_targets(self, targets: list[Quad]) -> NamedNode:
        """Return the name of the set of nodes that a shape is about, and keep the set beside the data."""
        key = frozenset(Triple(_TARGETS, quad.predicate, quad.object) for quad in targets)
        return self._keep_set(key, lambda: {node for quad in targets for node in self._find_nodes(quad)})

    def _keep_set(self, key: Hashable, find: Callable[[], Collection[Term]]) -> NamedNode:
        """Return the name of a set of nodes, which is found and kept beside the data when it is first asked for."""
        if key not in self._sets:
            nodes, name = find(), NamedNode(f"{_TARGETS.value}:{len(self._sets)}")
            self._store.extend(Quad(name, _FOCUS, node, _TARGETS) for node in nodes)
            self._sets[key], self._sizes[name] = name, len(nodes)
        return self._sets[key]

    def _find_instance_set(self, kind: NamedNode) -> NamedNode:
        """Return the name of the set of instances of a class."""
        return self._find_targets([Quad(kind, expand_shacl("targetClass"), kind)])

    def _find_selected_set(self, query: str) -> NamedNode:
        """Return the name of the set of nodes that a query selects as `?this`."""
        return self._keep_set(query, lambda: {this for this, _ in self._query(query, {})})

    def _find_nodes(self, target: Quad) -> Iterable[Term]:
        """Return the nodes that one target names."""
        name, thing = target.predicate.value.removeprefix(f"{SHACL}target"), target.object
        if name == "Node":
            return [thing]
        if not isinstance(thing, NamedNode):
            return []
        if name == "Class":
            return self._find_instances(thing)
        users = self._store.quads_for_pattern(None, thing, None, DefaultGraph())
        return {quad.subject if name == "SubjectsOf" else quad.object for quad in users}

    def _find_instances(self, kind: Term) -> set[Term]:
        """Return the instances of a class and of those below it."""
        if self._instances is None:
            self._instances = {}
            for quad in self._store.quads_for_pattern(None, RDF_TYPE, None):
                self._instances.setdefault(quad.object, set()).add(quad.subject)
        kinds, found = [kind], set[Term]()
        for one in kinds:
            found |= self._instances.get(one, set())
            below = self._store.quads_for_pattern(None, RDFS_SUBCLASS_OF, one)
            kinds += [quad.subject for quad in below if quad.subject not in kinds]
        return found

    def _find_results(self, rules: Store, shape: _Node, about: NamedNode, prefixes: dict[str, str]) -> list[Triple]:
        """Return the results of the constraint in SPARQL that a shape consists of.

        Raises:
            _UnknownConstraintError: it cannot be asked of all at a time, or there is more to the shape.
        """
        known = {RDF_TYPE, expand_shacl("sparql"), *(expand_shacl(name) for name in _TEXTS)}
        quads = list(rules.quads_for_pattern(shape, None, None))
        constraints = [quad.object for quad in quads if quad.predicate == expand_shacl("sparql")]
        selects = [select for one in constraints for select in find_objects(rules, one, expand_shacl("select"))]
        if len(constraints) != 1 or len(selects) != 1 or any(quad.predicate not in known for quad in quads):
            raise _UnknownConstraintError
        if any(rules.quads_for_pattern(constraints[0], expand_shacl("deactivated"), None)):  # type: ignore[arg-type]
            raise _UnknownConstraintError
        query = selects[0].value if isinstance(selects[0], Literal) else ""
        start = _TO_THE_GROUP.match(query)
        if not start or _FORBIDDEN.search(query) or (_AGGREGATE.search(query) and not _GROUPED.search(query)):
            raise _UnknownConstraintError
        if self._sizes[about] > 1 and _LIMITED.search(query):
            raise _UnknownConstraintError
        if not self._sizes[about]:
            return []
        rows = self._query(f"{start[0]} {_select_targets(about)} {query[start.end() :]}", prefixes)
        severity = next(iter(find_objects(rules, shape, expand_shacl("severity"))), expand_shacl("Violation"))
        return [triple for row in rows for triple in _describe_result(shape, severity, row)]

    def _query(self, query: str, prefixes: dict[str, str]) -> set[tuple[Term, Term | None]]:
        """Return what a query finds: things, and the value of each, if any.

        Raises:
            _UnknownConstraintError: it does not say which things.
        """
        solutions = self._store.query(query, prefixes=prefixes)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        if "this" not in names:
            raise _UnknownConstraintError
        value = Variable("value") if "value" in names else None
        return {(row[Variable("this")], row[value] if value else None) for row in solutions if row[Variable("this")] is not None}

    def _find_suspects(self, violations: list[str], about: NamedNode) -> list[Term]:
        """Return the things of a set that one of some groups of patterns finds, sorted."""
        if not violations or not self._sizes[about]:
            return []
        groups = " UNION ".join(f"{{ {_select_targets(about)} {violation} }}" for violation in violations)
        return sorted((this for this, _ in self._query(f"SELECT DISTINCT ?this WHERE {{ {groups} }}", {})), key=str)


def _select_targets(about: NamedNode) -> str:
    """Return the pattern that begins with the things of a set."""
    return f"GRAPH {_TARGETS} {{ {about} {_FOCUS} ?this }}"


def _describe_result(shape: _Node, severity: Term, row: tuple[Term, Term | None]) -> Iterator[Triple]:
    """Yield one result as a validation report has it."""
    result, (this, value) = BlankNode(), row
    yield Triple(result, expand_shacl("sourceShape"), shape)
    yield Triple(result, expand_shacl("sourceConstraintComponent"), expand_shacl("SPARQLConstraintComponent"))
    yield Triple(result, expand_shacl("resultSeverity"), severity)
    yield Triple(result, expand_shacl("focusNode"), this)
    if value is not None:
        yield Triple(result, expand_shacl("value"), value)


class _ViolationWriter:
    """Writes what violates a shape in SHACL Core as SPARQL.

    Each method raises `_UnknownConstraintError` where a shape says something that is not known here.
    """

    def __init__(
        self, rules: Store, find_instance_set: Callable[[NamedNode], NamedNode], find_selected_set: Callable[[str], NamedNode]
    ) -> None:
        """Take the shapes, and what gives the names of two sets of nodes: the instances of a class, and what a query selects."""
        self._rules, self._find_instance_set, self._find_selected_set = rules, find_instance_set, find_selected_set
        self._variables = (f"?v{number}" for number in count())
        self._unsure = 0
        """How many tests are false of some that the shape allows: the store does not know the greatest numbers as numbers."""

    def describe(self, shape: Term) -> list[str]:
        """Return groups of patterns: what violates the shape is `?this` of one of them at least."""
        violations = list[tuple[str, str]]()
        for name, value in self._list_constraints(shape):
            if name == "property":
                violations += self._list_violations(value, "?this")
            else:
                violations.append(("", f"!({self._write_test(shape, name, value, '?this')})"))
        return [f"{pattern} FILTER ({condition})" for pattern, condition in violations]

    def _list_constraints(self, shape: Term) -> list[tuple[str, Term]]:
        """Return what a shape demands: the name of each parameter, and its value."""
        if not isinstance(shape, NamedNode | BlankNode):
            raise _UnknownConstraintError
        quads = [q for q in self._rules.quads_for_pattern(shape, None, None) if q.predicate.value.startswith(SHACL)]
        return [(name, q.object) for q in quads if (name := q.predicate.value.removeprefix(SHACL)) not in (*_TEXTS, "flags")]

    def _list_violations(self, shape: Term, subject: str) -> list[tuple[str, str]]:
        """Return patterns, each with a condition: what violates a property shape is the subject of one of them at least."""
        constraints = [(name, value) for name, value in self._list_constraints(shape) if name != "path"]
        for path in find_objects(self._rules, shape, expand_shacl("path")):
            written = self._write_path(path)
            return [found for name, value in constraints if (found := self._find_violation(shape, name, value, subject, written))]
        raise _UnknownConstraintError

    def _find_violation(self, shape: Term, name: str, value: Term, subject: str, path: str) -> tuple[str, str] | None:
        """Return the pattern and the condition for one parameter of a property shape; nothing where it breaks no rule by itself."""
        one, way = next(self._variables), f"{subject} {path}"
        number = int(value.value) if isinstance(value, Literal) and value.value.isdecimal() else None
        if name == "minCount" and number is not None:
            return ("", f"!{self._write_count_test(subject, path, number)}") if number else None
        if name == "maxCount" and number is not None:
            return "", self._write_count_test(subject, path, number + 1)
        if name == "uniqueLang":
            return "", self._write_set_test(subject, f'?this {path} ?one FILTER (LANG(?one) != "")', "LCASE(LANG(?one))", 2)
        if name == "hasValue":
            return "", f"NOT EXISTS {{ {way} {one} FILTER (sameTerm({one}, {value})) }}"
        if name == "disjoint":
            return f"{subject} {value} {one}", f"EXISTS {{ {way} {one} }}"
        if name == "qualifiedMinCount" and number in (0, 1):
            wanted = find_objects(self._rules, shape, expand_shacl("qualifiedValueShape"))
            tests = " && ".join(self._write_tests(part, one) for part in wanted)
            return ("", f"NOT EXISTS {{ {way} {one} FILTER ({tests}) }}") if number and wanted else None
        if name == "qualifiedValueShape" and find_objects(self._rules, shape, expand_shacl("qualifiedMinCount")):
            return None
        return f"{way} {one}", f"!({self._write_test(shape, name, value, one)})"

    def _write_count_test(self, subject: str, path: str, number: int) -> str:
        """Return the expression that is true of what has at least a number of values of a path."""
        # A path of any length from each thing would be followed to every end there is, so all that have one are found at once.
        if number == 1 and not _ANY_LENGTH.search(path):
            return f"EXISTS {{ {subject} {path} {next(self._variables)} }}"
        return self._write_set_test(subject, f"?this {path} ?one", "", number)

    def _write_set_test(self, subject: str, pattern: str, group: str, number: int) -> str:
        """Return the expression that is true of what has at least a number of `?one` in a pattern, or in a group of what it matches."""
        query = f"SELECT ?this WHERE {{ {pattern} }} GROUP BY ?this {group} HAVING (COUNT(DISTINCT ?one) >= {number})"
        return f"EXISTS {{ GRAPH {_TARGETS} {{ {self._find_selected_set(query)} {_FOCUS} {subject} }} }}"

    def _write_path(self, path: Term) -> str:
        """Return a path as SPARQL writes it."""
        if isinstance(path, NamedNode):
            return str(path)
        for head in find_objects(self._rules, path, expand_shacl("alternativePath")):
            return f"({'|'.join(map(self._write_path, iterate_list(self._rules, head)))})"
        for part in find_objects(self._rules, path, expand_shacl("inversePath")):
            return f"^{self._write_path(part)}"
        for name, sign in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+")):
            for part in find_objects(self._rules, path, expand_shacl(name)):
                return f"({self._write_path(part)}){sign}"
        sequences = [list[str]()]
        for step in iterate_list(self._rules, path):
            # Where a step may be left out, the engine would begin with all things there are, so both ways are written out.
            optional = [self._write_path(part) for part in find_objects(self._rules, step, expand_shacl("zeroOrOnePath"))]
            longer = [[*one, *(optional or [self._write_path(step)])] for one in sequences]
            sequences = [*sequences, *longer] if optional else longer
        if all(sequences):
            return f"({'|'.join('/'.join(one) for one in sequences)})"
        raise _UnknownConstraintError

    def _write_tests(self, shape: Term, variable: str) -> str:
        """Return the expression that is true of what a shape allows, and false of all else: it never fails."""
        tests = [self._write_test(shape, name, value, variable) for name, value in self._list_constraints(shape)]
        return f"({' && '.join(tests) or 'true'})"

    def _write_test(self, shape: Term, name: str, value: Term, variable: str) -> str:
        """Return the expression for one parameter of a shape."""
        if name == "property":
            violations = self._list_violations(value, variable)
            parts = (f"EXISTS {{ {pattern} FILTER ({condition}) }}" if pattern else condition for pattern, condition in violations)
            return f"({' && '.join(f'!({part})' for part in parts) or 'true'})"
        if name == "pattern" and isinstance(value, Literal) and not _UNREAD_PATTERN.search(value.value):
            flags = "".join(f", {flags}" for flags in find_objects(self._rules, shape, expand_shacl("flags")))
            return f"COALESCE(REGEX(STR({variable}), {value}{flags}), false)"
        if name in ("minInclusive", "maxInclusive"):
            self._unsure += 1
            return f"COALESCE({variable} {'>' if name == 'minInclusive' else '<'}= {value}, false)"
        if name == "datatype" and value == NamedNode(f"{XSD}string"):
            return f"COALESCE(DATATYPE({variable}) = {value}, false)"
        if name == "datatype" and isinstance(value, NamedNode) and value.value in _DATATYPES:
            self._unsure += 1
            return f"COALESCE(DATATYPE({variable}) = {value} && isLiteral({value}(STR({variable}))), false)"
        if name in ("minLength", "maxLength") and isinstance(value, Literal):
            return f"COALESCE(STRLEN(STR({variable})) {'>' if name == 'minLength' else '<'}= {value}, false)"
        if name == "languageIn":
            tags = (f"langMatches(LANG({variable}), {tag})" for tag in iterate_list(self._rules, value))
            return f"COALESCE({' || '.join(tags)}, false)"
        if name == "in":
            return f"({' || '.join(f'sameTerm({variable}, {one})' for one in iterate_list(self._rules, value)) or 'false'})"
        if name == "hasValue":
            return f"sameTerm({variable}, {value})"
        if name == "class" and isinstance(value, NamedNode):
            return f"EXISTS {{ GRAPH {_TARGETS} {{ {self._find_instance_set(value)} {_FOCUS} {variable} }} }}"
        if name == "nodeKind" and isinstance(value, NamedNode):
            return _NODE_KINDS[value.value.removeprefix(SHACL)].format(variable)
        if name == "node":
            return self._write_tests(value, variable)
        if name == "not":
            unsure, tests = self._unsure, self._write_tests(value, variable)
            if self._unsure == unsure:
                return f"!{tests}"
        if name in ("or", "and"):
            parts = (self._write_tests(part, variable) for part in iterate_list(self._rules, value))
            return f"({(' || ' if name == 'or' else ' && ').join(parts)})"
        raise _UnknownConstraintError
