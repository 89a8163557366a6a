"""Tell of breaches so that a person can act: what is wrong, where, why it matters and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from balansekunst.checking.locate import Fault, Location, Locator
from balansekunst.checking.rules import (
    RDF_TYPE,
    RDFS_LABEL,
    SEVERITIES,
    SHACL,
    SKOS_LABEL,
    Rule,
    Texts,
    localised,
    read_rules,
    shacl,
    sortable,
)
from balansekunst.checking.scope import IN_SCHEME, SCHEME, Scope
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES, text
from balansekunst.project import NAMESPACE, base_of, bases, local

DEFINED_BY = NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
LIMIT = 1000
ENOUGH = 30_000
"""Findings after which a check stops."""
MISSING = ("MinCountConstraintComponent", "QualifiedMinCountConstraintComponent", "QualifiedValueShapeConstraintComponent")
"""Kinds of constraints that are broken by what is not there."""
SUGGESTION_CUTOFF = 0.6
WHOLE_SETS = (NamedNode(NAMESPACE.rstrip("#")), SCHEME)
"""The things that a rule over a whole set has as its focus: the vocabulary and the competence scheme."""


@dataclass(frozen=True)
class Breach:
    """One result of the engine."""

    rule: NamedNode
    """The shape of the rule."""
    source: Term
    """The part of the shape that was broken: what carries the message."""
    component: NamedNode
    """SHACL's name for the kind of constraint."""
    severity: str
    """`violation`, `warning` or `info`."""
    focus: Term
    """The thing that breaks the rule."""
    value: Term | None
    """The value that breaks it, where there is one apart from the thing itself."""


@dataclass(frozen=True)
class Finding:
    """One breach of one rule, told."""

    rule: Rule
    severity: str
    """`violation`, `warning` or `info`."""
    focus: Term
    """The thing that breaks the rule."""
    path: NamedNode | BlankNode | None
    """The property that the rule looks at, or the node that describes its path."""
    path_parts: tuple[Triple, ...]
    """What describes the path, where it is not a single property."""
    value: Term | None
    """The value that breaks it, where there is one apart from the thing itself."""
    component: NamedNode
    """SHACL's name for the kind of constraint."""
    thing: Term
    """What to look for in the files: the focus, or the value where the rule looks at a whole set."""
    label: Texts
    """The thing's name."""
    message: Texts
    suggestion: str | None
    """The IRI that was perhaps meant, where the thing is described nowhere."""
    location: Location | None
    """Where the fault stands, or nothing where no file tells of it."""

    @property
    def order(self) -> tuple[object, ...]:
        """Sort by place, then severity, then rule."""
        location = self.location or Location(Path("\U0010ffff"), None, None)
        return (
            str(location.file),
            location.place is None,
            location.place,
            location.pointer or "",
            SEVERITIES.index(self.severity),
            sortable(self.rule.id),
            str(self.focus),
            str(self.value),
            self.message["nb"],
        )


@dataclass
class Report:
    """The findings of one validation."""

    findings: list[Finding]
    """Those told in full, sorted by place."""
    counts: Counter[str]
    """How many there are in all, by severity."""
    stopped: bool = False
    """Whether the check stopped because there was so much to find."""

    @classmethod
    def joined(cls, reports: Iterable["Report"], limit: int = LIMIT) -> "Report":
        """Return one report of several, with at most `limit` findings, the gravest first to be kept."""
        findings: dict[tuple[object, ...], Finding] = {}
        counts, doubled, stopped = Counter[str](), Counter[str](), False
        for report in reports:
            counts += report.counts
            stopped |= report.stopped
            for finding in report.findings:
                key = (finding.rule.iri, str(finding.focus), str(finding.value), finding.message["nb"])
                doubled[finding.severity] += key in findings
                findings[key] = finding
        kept = sorted(findings.values(), key=lambda f: (SEVERITIES.index(f.severity), f.order))[:limit]
        return cls(sorted(kept, key=lambda f: f.order), counts - doubled, stopped)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings and information do not count."""
        return not self.counts["violation"]

    def count(self, severity: str) -> int:
        """Return how many findings have `severity`."""
        return self.counts[severity]

    @property
    def untold(self) -> int:
        """How many findings are only counted."""
        return sum(self.counts.values()) - len(self.findings)


class Account:
    """Counts breaches as they come and keeps the gravest, so that memory does not grow with their number."""

    def __init__(self, scope: Scope, shapes: Store, limit: int) -> None:
        """Take what is checked, what it is checked against, and how many breaches to tell in full."""
        self.teller, self.limit = Teller(scope, shapes), limit
        self.kept: list[Breach] = []
        self.counts = Counter[str]()

    def add(self, breaches: Iterable[Breach]) -> None:
        """Take in the breaches that concern what was given."""
        concerning = [breach for breach in breaches if self.teller.concerns(breach)]
        self.counts.update(breach.severity for breach in concerning)
        self.kept = sorted([*self.kept, *concerning], key=gravity)[: self.limit]

    @property
    def is_full(self) -> bool:
        """Whether there are so many that there is no use in looking for more."""
        return sum(self.counts.values()) > ENOUGH

    def report(self) -> Report:
        """Return what was taken in as a report."""
        findings = [self.teller.finding(breach) for breach in self.kept]
        return Report(sorted(findings, key=lambda f: f.order), self.counts, self.is_full)


def gravity(breach: Breach) -> tuple[object, ...]:
    """Sort breaches by severity, then by rule and thing."""
    return (SEVERITIES.index(breach.severity), sortable(breach.rule.value), str(breach.focus), str(breach.value), str(breach.source))


class Teller:
    """Finds the words and the place for breaches of one check."""

    def __init__(self, scope: Scope, shapes: Store) -> None:
        """Take what was checked, and what it was checked against."""
        self.scope, self.shapes = scope, shapes
        self.rules = read_rules(shapes, scope.store)
        self.locator = Locator(scope.files, scope.given)
        self.suggestion = cache(self.find_suggestion)
        """`find_suggestion`, remembered: one thing is often found fault with many times."""

    def concerns(self, breach: Breach) -> bool:
        """Tell whether a breach is of something that the given files describe, or is a fault in something they point to."""
        thing = thing_of(breach)
        if not isinstance(thing, NamedNode):
            return True
        about = self.graphs([*self.scope.store.quads_for_pattern(thing, None, None)])
        if about & self.scope.given:
            return True
        used = self.graphs([*self.scope.store.quads_for_pattern(None, thing, None), *self.scope.store.quads_for_pattern(None, None, thing)])
        return bool(used & self.scope.given) and (breach.severity == "violation" or not about)

    @staticmethod
    def graphs(quads: Iterable[Quad]) -> set[str]:
        """Return the names of the graphs that quads stand in."""
        return {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}

    def finding(self, breach: Breach) -> Finding:
        """Tell of one breach."""
        thing = thing_of(breach)
        path, parts = self.path(breach.source)
        return Finding(
            rule=self.rules[breach.rule.value],
            severity=breach.severity,
            focus=breach.focus,
            path=path,
            path_parts=tuple(parts),
            value=breach.value,
            component=breach.component,
            thing=thing,
            label={language: self.label(thing, language) for language in LANGUAGES},
            message={language: self.message(breach, language) for language in LANGUAGES},
            suggestion=self.suggestion(thing),
            location=self.location(breach, thing, path, parts),
        )

    def location(self, breach: Breach, thing: Term, path: NamedNode | BlankNode | None, parts: list[Triple]) -> Location | None:
        """Return where the fault stands. `path` and `parts` are what `self.path` gives for the breach's source."""
        properties = frozenset(node for node in (path, *(triple.object for triple in parts)) if isinstance(node, NamedNode))
        missing = breach.component.value.removeprefix(SHACL) in MISSING
        fault = Fault(breach.focus, properties, breach.value, thing, missing)
        return self.locator.find(fault, self.graphs_about(breach.focus, thing))

    def path(self, source: Term) -> tuple[NamedNode | BlankNode | None, list[Triple]]:
        """Return what a shape's `sh:path` points to, and the triples that describe it where it is not a single property."""
        if not isinstance(source, NamedNode | BlankNode):
            return None, []
        top = next((q.object for q in self.shapes.quads_for_pattern(source, shacl("path"), None)), None)
        parts, waiting = list[Triple](), [top]
        while waiting:
            node = waiting.pop()
            if isinstance(node, BlankNode):
                below = sorted(self.shapes.quads_for_pattern(node, None, None), key=str)
                parts += [Triple(q.subject, q.predicate, q.object) for q in below]
                waiting += [q.object for q in below]
        return top if isinstance(top, NamedNode | BlankNode) else None, parts

    def graphs_about(self, *things: Term) -> list[str]:
        """Return the graphs that mention any of `things`, the given ones first."""
        quads = [
            quad
            for thing in things
            if isinstance(thing, NamedNode | BlankNode)
            for pattern in ((thing, None, None), (None, thing, None), (None, None, thing))
            if isinstance(thing, NamedNode) or pattern[1] is None
            for quad in self.scope.store.quads_for_pattern(*pattern)
        ]
        return sorted(self.graphs(quads), key=lambda name: (name not in self.scope.given, name))

    def label(self, node: Term | None, language: str) -> str:
        """Return the name of `node` in `language`, else in any, else the last part of its IRI; a literal's own text."""
        if isinstance(node, Literal):
            return node.value
        if not isinstance(node, NamedNode):
            return text("report.nameless", language) if node is not None else ""
        predicates = (SKOS_LABEL, RDFS_LABEL, shacl("name"))
        named = [localised(store, node, predicate) for store in (self.scope.store, self.shapes) for predicate in predicates]
        labels = (texts.get(tag) for tag in (language, *LANGUAGES) for texts in named)
        return next(filter(None, labels), local(node.value).removeprefix("ns#"))

    def message(self, breach: Breach, language: str) -> str:
        """Return the rule's message in `language`, with names for `{$this}` and `{?value}`."""
        texts = localised(self.shapes, breach.source, shacl("message")) or localised(self.shapes, breach.rule, shacl("message"))
        names = {"{$this}": self.label(breach.focus, language), "{?value}": self.label(breach.value, language)}
        message = texts[language]
        for blank, name in names.items():
            message = message.replace(blank, shortened(name))
        return message

    def find_suggestion(self, thing: Term) -> str | None:
        """Return the described IRI nearest to one that nothing describes, of the same kind if any is, or nothing when none is near."""
        if not isinstance(thing, NamedNode) or thing.value in self.known or not thing.value.startswith(tuple(self.namespaces)):
            return None
        kind, name = split(thing.value)
        names = self.known_by_kind.get(kind)
        if not names:
            name, names = thing.value, {iri: iri for iri in self.known}
        near = get_close_matches(name, names, n=1, cutoff=SUGGESTION_CUTOFF)
        return names[near[0]] if near else None

    @cached_property
    def known(self) -> dict[str, None]:
        """Every described IRI of ours or of a vocabulary we use, sorted."""
        predicates = (RDF_TYPE, DEFINED_BY, IN_SCHEME)
        stores = (self.scope.store, self.shapes)
        quads = [q for store in stores for predicate in predicates for q in store.quads_for_pattern(None, predicate, None)]
        subjects = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
        return dict.fromkeys(sorted(subjects))

    @cached_property
    def known_by_kind(self) -> dict[str, dict[str, str]]:
        """What is known, by how the IRIs begin and by the rest of them."""
        found: dict[str, dict[str, str]] = {}
        for iri in self.known:
            kind, name = split(iri)
            found.setdefault(kind, {})[name] = iri
        return found

    @cached_property
    def namespaces(self) -> set[str]:
        """The beginnings of IRIs that nearest names are looked for among: ours, and those of the vocabularies we use."""
        return {SHACL, *bases.values(), *(split(iri)[0] for iri in self.known if not base_of(iri))}


def thing_of(breach: Breach) -> Term:
    """Return what to look for in the files: the focus, or the value where the rule looks at a whole set."""
    return breach.value if breach.focus in WHOLE_SETS and isinstance(breach.value, NamedNode) else breach.focus


def shortened(name: str) -> str:
    """Return a text short enough to stand in a sentence, on one line."""
    line = " ".join(name.split())
    return line if len(line) <= 120 else f"{line[:119]}…"


def split(iri: str) -> tuple[str, str]:
    """Return an IRI's beginning up to and with the last `#` or `/`, and the rest."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]
