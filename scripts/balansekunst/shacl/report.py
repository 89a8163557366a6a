"""Turn validation results into findings for people: what is wrong, where, why it matters, and how to fix it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from balansekunst.errors import Message
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, IN_SCHEME, NAMESPACE, RDF_TYPE, SHACL, expand_shacl
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts, find_label, find_objects, find_texts
from balansekunst.shacl.data_graph import COMPETENCE_SCHEME, DataGraph
from balansekunst.shacl.rules import PLACEHOLDER, SEVERITIES, Rule, read_rules
from balansekunst.shacl.shapes_graph import read_prefixes, split_rule_id
from balansekunst.shacl.source_positions import Location, LocationRequest, Locator

_RDFS_IS_DEFINED_BY = NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
DEFAULT_REPORT_LIMIT = 1000
_MAX_RESULTS = 30_000
"""Findings after which a check stops."""
_MISSING_VALUE_COMPONENTS = (
    "MinCountConstraintComponent",
    "QualifiedMinCountConstraintComponent",
    "QualifiedValueShapeConstraintComponent",
)
"""Kinds of constraints that are broken by what is not there."""
_SUGGESTION_CUTOFF = 0.6
_SET_FOCUS_NODES = (NamedNode(NAMESPACE.rstrip("#")), COMPETENCE_SCHEME)
"""The focus nodes of rules on whole sets: the vocabulary and the competence scheme."""


@dataclass(frozen=True)
class ValidationResult:
    """One result of the engine."""

    rule: NamedNode
    """The shape of the rule."""
    source_shape: Term
    """The part of the shape that was broken: what carries the message."""
    constraint_component: NamedNode
    """SHACL's name for the kind of constraint."""
    severity: str
    """`violation`, `warning` or `info`."""
    focus_node: Term
    """The resource that violates the rule."""
    value: Term | None
    """The value that violates it, if it is not the focus node itself."""


@dataclass(frozen=True)
class Finding:
    """One violation of one rule, described."""

    rule: Rule
    severity: str
    """`violation`, `warning` or `info`."""
    focus_node: Term
    """The resource that violates the rule."""
    path: NamedNode | BlankNode | None
    """The property that the rule looks at, or the node that describes its path."""
    path_triples: tuple[Triple, ...]
    """What describes the path, where it is not a single property."""
    value: Term | None
    """The value that violates it, if it is not the focus node itself."""
    constraint_component: NamedNode
    """SHACL's name for the kind of constraint."""
    resource: Term
    """What to look for in the files: the focus, or the value where the rule looks at a whole set."""
    label: Texts
    """The label of the resource."""
    message: Texts
    suggestion: str | None
    """The IRI that was perhaps meant, if the resource is not described anywhere."""
    location: Location | None
    """Where the error is; nothing if no file describes it."""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Sort by place, then severity, then rule."""
        location = self.location or Location(Path("\U0010ffff"), None, None)
        return (
            str(location.file),
            location.position is None,
            location.position,
            location.pointer or "",
            SEVERITIES.index(self.severity),
            split_rule_id(self.rule.id),
            str(self.focus_node),
            str(self.value),
            self.message["nb"],
        )


@dataclass
class Report:
    """The findings of one validation."""

    findings: list[Finding]
    """Those listed in full, sorted by place."""
    counts: Counter[str]
    """How many there are in all, by severity."""
    is_incomplete: bool = False
    """Whether the check stopped because there was so much to find."""
    notes: tuple[Message, ...] = ()
    """What to know of how it was checked, such as that another engine took over."""

    @classmethod
    def merge(cls, reports: Iterable["Report"], limit: int = DEFAULT_REPORT_LIMIT) -> "Report":
        """Return one report of several, with at most `limit` findings, the gravest first to be kept."""
        findings: dict[tuple[object, ...], Finding] = {}
        counts, doubled, stopped, notes = Counter[str](), Counter[str](), False, list[Message]()
        for report in reports:
            counts += report.counts
            stopped |= report.is_incomplete
            notes += [note for note in report.notes if note not in notes]
            for finding in report.findings:
                key = (finding.rule.iri, str(finding.focus_node), str(finding.value), finding.message["nb"])
                doubled[finding.severity] += key in findings
                findings[key] = finding
        kept = sorted(findings.values(), key=lambda f: (SEVERITIES.index(f.severity), f.sort_key))[:limit]
        return cls(sorted(kept, key=lambda f: f.sort_key), counts - doubled, stopped, tuple(notes))

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings and information do not count."""
        return not self.counts["violation"]

    def count(self, severity: str) -> int:
        """Return how many findings have `severity`."""
        return self.counts[severity]

    @property
    def omitted(self) -> int:
        """How many findings are only counted."""
        return sum(self.counts.values()) - len(self.findings)


class ResultCollector:
    """Counts validation results as they arrive and keeps the most severe, so that memory does not grow with their number."""

    def __init__(self, data_graph: DataGraph, shapes: Store, project: Project, limit: int) -> None:
        """Take the data, the shapes, and how many results to list in full."""
        self.finding_builder, self.limit = FindingBuilder(data_graph, shapes, project), limit
        self.results: list[ValidationResult] = []
        self.counts = Counter[str]()

    def add(self, results: Iterable[ValidationResult]) -> None:
        """Add the results that concern the given files."""
        concerning = [result for result in results if self.finding_builder.is_relevant(result)]
        self.counts.update(result.severity for result in concerning)
        self.results = sorted([*self.results, *concerning], key=_build_sort_key)[: self.limit]

    @property
    def is_full(self) -> bool:
        """Whether there are so many that there is no use in looking for more."""
        return sum(self.counts.values()) > _MAX_RESULTS

    def build_report(self) -> Report:
        """Return what was taken in as a report."""
        findings = [self.finding_builder.build_finding(result) for result in self.results]
        return Report(sorted(findings, key=lambda f: f.sort_key), self.counts, self.is_full)


def _build_sort_key(result: ValidationResult) -> tuple[object, ...]:
    """Sort results by severity, then by rule and focus node."""
    return (
        SEVERITIES.index(result.severity),
        split_rule_id(result.rule.value),
        str(result.focus_node),
        str(result.value),
        str(result.source_shape),
    )


class FindingBuilder:
    """Finds the message and the location of the results of one check."""

    def __init__(self, data_graph: DataGraph, shapes: Store, project: Project) -> None:
        """Take what was checked, what it was checked against, and the project that it is read in."""
        self.data_graph, self.shapes, self.bases = data_graph, shapes, project.bases
        self.rules = read_rules(shapes, data_graph.store, project.bases)
        self.locator = Locator(data_graph.files_by_graph, data_graph.target_graphs, project.reader)
        self._cached_suggestion = cache(self.find_suggestion)
        """`find_suggestion`, cached, since one resource often has many results."""
        self._cached_solution = cache(self.find_solution)

    def is_relevant(self, result: ValidationResult) -> bool:
        """Return whether a result concerns a resource that the given files describe, or is a violation in one that they link to."""
        thing = _find_resource(result)
        if not isinstance(thing, NamedNode):
            return True
        about = self.list_graphs([*self.data_graph.store.quads_for_pattern(thing, None, None)])
        if about & self.data_graph.target_graphs:
            return True
        used = self.list_graphs(
            [*self.data_graph.store.quads_for_pattern(None, thing, None), *self.data_graph.store.quads_for_pattern(None, None, thing)]
        )
        return bool(used & self.data_graph.target_graphs) and (result.severity == "violation" or not about)

    @staticmethod
    def list_graphs(quads: Iterable[Quad]) -> set[str]:
        """Return the names of the graphs of quads."""
        return {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}

    def build_finding(self, result: ValidationResult) -> Finding:
        """Build the finding of one result."""
        thing = _find_resource(result)
        path, parts = self.find_path(result.source_shape)
        return Finding(
            rule=self.rules[result.rule.value],
            severity=result.severity,
            focus_node=result.focus_node,
            path=path,
            path_triples=tuple(parts),
            value=result.value,
            constraint_component=result.constraint_component,
            resource=thing,
            label={language: self.find_label(thing, language) for language in LANGUAGES},
            message={language: self.build_message(result, language) for language in LANGUAGES},
            suggestion=self._cached_suggestion(thing),
            location=self.find_location(result, thing, path, parts),
        )

    def find_location(
        self, result: ValidationResult, thing: Term, path: NamedNode | BlankNode | None, parts: list[Triple]
    ) -> Location | None:
        """Return the location of the error. `path` and `parts` are what `find_path` returns for the source of the result."""
        properties = frozenset(node for node in (path, *(triple.object for triple in parts)) if isinstance(node, NamedNode))
        missing = result.constraint_component.value.removeprefix(SHACL) in _MISSING_VALUE_COMPONENTS
        fault = LocationRequest(result.focus_node, properties, result.value, thing, missing)
        return self.locator.find(fault, self.find_graphs_about(result.focus_node, thing))

    def find_path(self, source: Term) -> tuple[NamedNode | BlankNode | None, list[Triple]]:
        """Return what a shape's `sh:path` points to, and the triples that describe it where it is not a single property."""
        if not isinstance(source, NamedNode | BlankNode):
            return None, []
        top = next((q.object for q in self.shapes.quads_for_pattern(source, expand_shacl("path"), None)), None)
        parts, waiting = list[Triple](), [top]
        while waiting:
            node = waiting.pop()
            if isinstance(node, BlankNode):
                below = sorted(self.shapes.quads_for_pattern(node, None, None), key=str)
                parts += [Triple(q.subject, q.predicate, q.object) for q in below]
                waiting += [q.object for q in below]
        return top if isinstance(top, NamedNode | BlankNode) else None, parts

    def find_graphs_about(self, *things: Term) -> list[str]:
        """Return the graphs that mention any of `things`, the given ones first."""
        quads = [
            quad
            for thing in things
            if isinstance(thing, NamedNode | BlankNode)
            for pattern in ((thing, None, None), (None, thing, None), (None, None, thing))
            if isinstance(thing, NamedNode) or pattern[1] is None
            for quad in self.data_graph.store.quads_for_pattern(*pattern)
        ]
        return sorted(self.list_graphs(quads), key=lambda name: (name not in self.data_graph.target_graphs, name))

    def find_label(self, node: Term | None, language: str) -> str:
        """Return the name of `node` in `language`, else in any, else the last part of its IRI; a literal's own text."""
        if isinstance(node, Literal):
            return node.value
        if not isinstance(node, NamedNode):
            return format_message("report.unnamed", language) if node is not None else ""
        label = find_label(node, language, self.data_graph.store, self.shapes)
        return label or self.bases.strip_base(node.value).removeprefix("ns#")

    def build_message(self, result: ValidationResult, language: str) -> str:
        """Return the rule's message in `language`, with names for `{$this}`, `{?value}` and what else its query selects."""
        texts = find_texts(self.shapes, result.source_shape, expand_shacl("message")) or find_texts(
            self.shapes, result.rule, expand_shacl("message")
        )
        terms = {"this": result.focus_node, "value": result.value}
        if not terms.keys() >= set(PLACEHOLDER.findall(texts[language])):
            terms = self._cached_solution(result) | terms
        return PLACEHOLDER.sub(lambda match: _shorten(self.find_label(terms.get(match[1]), language)), texts[language]).rstrip()

    def find_solution(self, result: ValidationResult) -> dict[str, Term | None]:
        """Return the bindings of the query of a SPARQL constraint for a result. A validation report does not contain them."""
        query = next(iter(find_objects(self.shapes, result.source_shape, expand_shacl("select"))), None)
        if not isinstance(query, Literal):
            return {}
        solutions = self.data_graph.store.query(
            query.value,
            prefixes=read_prefixes(self.shapes),
            use_default_graph_as_union=True,
            substitutions={Variable("this"): result.focus_node},
        )
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        rows = [dict(zip(names, solution, strict=True)) for solution in solutions]
        return min((row for row in rows if row.get("value") in (result.value, None)), key=str, default={})

    def find_suggestion(self, thing: Term) -> str | None:
        """Return the described IRI nearest to one that nothing describes, of the same kind if any is, or nothing when none is near."""
        if not isinstance(thing, NamedNode) or thing.value in self.known_iris or not thing.value.startswith(tuple(self.namespaces)):
            return None
        kind, name = _split_iri(thing.value)
        names = self.known_iris_by_namespace.get(kind)
        if not names:
            name, names = thing.value, {iri: iri for iri in self.known_iris}
        near = get_close_matches(name, names, n=1, cutoff=_SUGGESTION_CUTOFF)
        return names[near[0]] if near else None

    @cached_property
    def known_iris(self) -> dict[str, None]:
        """Every described IRI of ours or of a vocabulary we use, sorted."""
        predicates = (RDF_TYPE, _RDFS_IS_DEFINED_BY, IN_SCHEME)
        stores = (self.data_graph.store, self.shapes)
        quads = [q for store in stores for predicate in predicates for q in store.quads_for_pattern(None, predicate, None)]
        subjects = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
        return dict.fromkeys(sorted(subjects))

    @cached_property
    def known_iris_by_namespace(self) -> dict[str, dict[str, str]]:
        """What is known, by how the IRIs begin and by the rest of them."""
        found: dict[str, dict[str, str]] = {}
        for iri in self.known_iris:
            kind, name = _split_iri(iri)
            found.setdefault(kind, {})[name] = iri
        return found

    @cached_property
    def namespaces(self) -> set[str]:
        """The beginnings of IRIs that nearest names are looked for among: ours, and those of the vocabularies we use."""
        return {SHACL, BASE, self.bases.own, *(_split_iri(iri)[0] for iri in self.known_iris if not self.bases.find_base(iri))}


def _find_resource(result: ValidationResult) -> Term:
    """Return what to look for in the files: the focus, or the value where the rule looks at a whole set."""
    return result.value if result.focus_node in _SET_FOCUS_NODES and isinstance(result.value, NamedNode) else result.focus_node


def _shorten(name: str) -> str:
    """Return a text on one line, shortened to fit in a sentence, with a mark for each character that cannot be shown."""
    line = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in " ".join(name.split()))
    return line if len(line) <= 120 else f"{line[:119]}…"


def _split_iri(iri: str) -> tuple[str, str]:
    """Return an IRI's beginning up to and with the last `#` or `/`, and the rest."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]
