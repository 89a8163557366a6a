"""Check a store against the rules in `shapes/`, and say what is wrong so that a person can mend it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import pyrudof
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from balansekunst.load import given_files, graph_files, load
from balansekunst.messages import UserError, text
from balansekunst.project import BASE, NAMESPACE, Project

SHACL = "http://www.w3.org/ns/shacl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
RDFS_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
DEFINED_BY = NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
SKOS_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
HOW_TO_MEND = NamedNode(f"{NAMESPACE}howToMend")
SEVERITIES = ("violation", "warning", "info")
SUGGESTION_CUTOFF = 0.6

Term = NamedNode | BlankNode | Literal | Triple
Engine = Callable[[str, str], Iterable[Triple]]
"""Takes the data and the shapes as N-Triples and returns a SHACL validation report."""


def shacl(name: str) -> NamedNode:
    """Return a term of SHACL's vocabulary."""
    return NamedNode(SHACL + name)


@dataclass(frozen=True)
class Finding:
    """One breach of one rule."""

    rule: str
    """The id: the last part of the shape's IRI, such as `K4`."""
    shape: NamedNode
    """The shape of the rule: what carries its name, why and how to mend."""
    source: Term
    """The part of the shape that was broken: what carries the message."""
    severity: str
    """`violation`, `warning` or `info`."""
    focus: Term
    """The thing that breaks the rule."""
    value: Term | None
    """The value that breaks it, where there is one apart from the thing itself."""

    @property
    def thing(self) -> Term:
        """What to look for in the files: the focus node, or the value where the rule looks at a whole set."""
        whole_set = isinstance(self.focus, NamedNode) and self.focus.value in (NAMESPACE.rstrip("#"), f"{BASE}competence")
        return self.value if whole_set and isinstance(self.value, NamedNode) else self.focus


class Report:
    """The findings of one validation, with what is needed to tell of them."""

    def __init__(self, findings: Iterable[Finding], store: Store, files: dict[str, Path]) -> None:
        """Take the findings, the store with data and shapes that they were made on, and the file behind each of its named graphs."""
        self.store, self.files = store, files
        self.findings = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.rule, str(f.focus), str(f.value), self.message(f)))

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings and information do not count."""
        return not self.count("violation")

    def count(self, severity: str) -> int:
        """Return how many findings have `severity`."""
        return sum(f.severity == severity for f in self.findings)

    def localised(self, node: Term, predicate: NamedNode, language: str) -> str:
        """Return the text that `predicate` gives `node` in `language`, or nothing."""
        if isinstance(node, NamedNode | BlankNode):
            for quad in self.store.quads_for_pattern(node, predicate, None):
                if isinstance(quad.object, Literal) and quad.object.language == language:
                    return quad.object.value
        return ""

    def label(self, node: Term | None, language: str = "nb") -> str:
        """Return the name of `node` in `language`, else in any, else the last part of its IRI; a literal's own text."""
        if isinstance(node, Literal):
            return node.value
        if not isinstance(node, NamedNode):
            return ""
        predicates = (SKOS_LABEL, RDFS_LABEL, shacl("name"))
        named = (self.localised(node, predicate, tag) for tag in (language, "nb", "en") for predicate in predicates)
        return next(filter(None, named), node.value.removeprefix(NAMESPACE).removeprefix(BASE))

    def message(self, finding: Finding, language: str = "nb") -> str:
        """Return the rule's message in `language`, with names for `{$this}` and `{?value}`."""
        template = self.localised(finding.source, shacl("message"), language) or self.localised(finding.shape, shacl("message"), language)
        return template.replace("{$this}", self.label(finding.focus, language)).replace("{?value}", self.label(finding.value, language))

    def file(self, finding: Finding) -> Path | None:
        """Return the file that the thing at fault is described in, or used in when nothing describes it."""
        graphs = graphs_about(finding.thing, self.store) & self.files.keys()
        return self.files[min(graphs)] if graphs else None

    def suggestion(self, finding: Finding) -> str | None:
        """Return the described IRI of the same kind nearest to one that nothing describes, or nothing when none is near."""
        if not isinstance(finding.thing, NamedNode) or finding.thing.value in self.known:
            return None
        kind, name = split(finding.thing.value)
        names = {split(iri)[1]: iri for iri in self.known if split(iri)[0] == kind}
        near = get_close_matches(name, names, n=1, cutoff=SUGGESTION_CUTOFF)
        return names[near[0]] if near else None

    @cached_property
    def known(self) -> list[str]:
        """Every described IRI of ours or of SHACL's, sorted."""
        quads = [q for predicate in (RDF_TYPE, DEFINED_BY) for q in self.store.quads_for_pattern(None, predicate, None)]
        return sorted({q.subject.value for q in quads if isinstance(q.subject, NamedNode) and q.subject.value.startswith((BASE, SHACL))})

    def text(self, language: str = "nb", root: Path | None = None) -> str:
        """Return the report as text in `language`: each finding with what, where, why and how to mend, then a summary.

        Paths are shown as seen from `root`.
        """
        blocks = []
        for finding in self.findings:
            file = self.file(finding)
            where = (
                text("report.no-file", language)
                if file is None
                else str(file.relative_to(root) if root and file.is_relative_to(root) else file)
            )
            lines = [
                text(f"report.{finding.severity}", language, rule=finding.rule, message=self.message(finding, language)),
                text("report.where", language, iri=finding.thing, file=where),
            ]
            if near := self.suggestion(finding):
                lines.append(text("report.suggestion", language, iri=near))
            lines += [
                text("report.why", language, why=self.localised(finding.shape, RDFS_COMMENT, language)),
                text("report.mend", language, mend=self.localised(finding.shape, HOW_TO_MEND, language)),
            ]
            blocks.append("\n".join(lines))
        counts = {severity: self.count(severity) for severity in SEVERITIES}
        blocks.append(text("report.conforms" if self.conforms else "report.fails", language, **counts))
        return "\n\n".join(blocks)


def split(iri: str) -> tuple[str, str]:
    """Return an IRI's beginning up to and with the last `#` or `/`, and the rest."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def graphs_about(thing: Term, store: Store) -> set[str]:
    """Return the names of the graphs that describe `thing`, or of those that use it when none does."""
    if not isinstance(thing, NamedNode):
        return set()
    for quads in (
        [*store.quads_for_pattern(thing, None, None)],
        [*store.quads_for_pattern(None, thing, None), *store.quads_for_pattern(None, None, thing)],
    ):
        if names := {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}:
            return names
    return set()


def validate(project: Project, paths: Collection[Path] = ()) -> Report:
    """Check the project, or only `paths` (files or folders) together with the project they refer to.

    What a given file describes takes the place of what the project says of the same things, so that a changed copy can be checked.

    Raises:
        UserError: something cannot be read.
    """
    given = given_files(paths)
    files = [f for f in project.sources() if f not in given] + given
    store = load(files, project.root)
    shapes = load(project.shapes(), project.root)
    graphs = graph_files([*files, *project.shapes()], project.root)
    chosen = {name for name, file in graphs.items() if file in given}
    if given:
        remove_replaced(store, chosen)
    report = check(store, shapes, graphs)
    if given:
        report.findings = [f for f in report.findings if not isinstance(f.thing, NamedNode) or graphs_about(f.thing, store) & chosen]
    return report


def remove_replaced(store: Store, given: Collection[str]) -> None:
    """Take out of `store` what other graphs say of the things that the `given` graphs describe."""
    typed = {q.subject for name in given for q in store.quads_for_pattern(None, RDF_TYPE, None, NamedNode(name))}
    for thing in typed:
        for quad in list(store.quads_for_pattern(thing, None, None)):
            if not (isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in given):
                store.remove(quad)


def rudof(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pyrudof. The tests show that pyshacl, the reference, reports the same.

    Raises:
        UserError: the engine gave up.
    """
    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(data, format=pyrudof.RDFFormat.NTriples)
    engine.read_shacl(shapes, format=pyrudof.ShaclFormat.NTriples)
    try:
        engine.validate_shacl()
    except pyrudof.RudofError as error:
        raise UserError(("validate.engine", {"why": error})) from None
    return triples_of(engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.NTriples))


def triples_of(ntriples: str) -> list[Triple]:
    """Parse N-Triples."""
    return [Triple(q.subject, q.predicate, q.object) for q in parse(ntriples, format=RdfFormat.N_TRIPLES)]


def check(store: Store, shapes: Store, files: dict[str, Path], engine: Engine = rudof) -> Report:
    """Check `store` against `shapes`, and the shapes themselves against the rule that their terms exist.

    `files` tells the file behind each named graph.
    """
    everything = Store()
    everything.extend(store)
    everything.extend(shapes)
    rules, sources = named_shapes(shapes)
    return Report(findings(engine(ntriples(everything), ntriples(rules)), sources), everything, files)


def ntriples(quads: Iterable[Quad]) -> str:
    """Return quads as N-Triples, each triple once."""
    return "".join(sorted({f"{Triple(q.subject, q.predicate, q.object)} .\n" for q in quads}))


def named_shapes(shapes: Store) -> tuple[list[Quad], dict[str, tuple[NamedNode, Term]]]:
    """Give every constraint of a rule an IRI of its own, so that a result tells which one was broken.

    A nested property shape gets a name in place of its blank node; each SPARQL constraint moves to a shape of its own with the
    rule's targets. Returns the shapes so rewritten, and for each name the rule and the node that carries the message.
    """
    node_shape = shacl("NodeShape")
    rules = [q.subject for q in shapes.quads_for_pattern(None, RDF_TYPE, node_shape) if isinstance(q.subject, NamedNode)]
    sources: dict[str, tuple[NamedNode, Term]] = {rule.value: (rule, rule) for rule in rules}
    renamed: dict[Term, NamedNode] = {}
    quads = set(shapes)
    for rule in rules:
        for number, quad in enumerate(sorted(shapes.quads_for_pattern(rule, shacl("property"), None), key=str), 1):
            name = renamed[quad.object] = NamedNode(f"{rule.value}/property/{number}")
            sources[name.value] = (rule, quad.object)
        inherited = [
            q for q in shapes.quads_for_pattern(rule, None, None) if q.predicate.value.startswith((f"{SHACL}target", f"{SHACL}severity"))
        ]
        for number, quad in enumerate(sorted(shapes.quads_for_pattern(rule, shacl("sparql"), None), key=str), 1):
            name = NamedNode(f"{rule.value}/sparql/{number}")
            sources[name.value] = (rule, quad.object)
            quads.remove(quad)
            quads.update(Quad(name, q.predicate, q.object) for q in [*inherited, quad])
            quads.add(Quad(name, RDF_TYPE, node_shape))
    return [Quad(renamed.get(q.subject, q.subject), q.predicate, renamed.get(q.object, q.object)) for q in quads], sources


def findings(report: Iterable[Triple], sources: dict[str, tuple[NamedNode, Term]]) -> set[Finding]:
    """Read a SHACL validation report. `sources` tells for each named shape its rule and what carries the message."""
    results: dict[Term, dict[str, Term]] = {}
    for triple in report:
        results.setdefault(triple.subject, {})[triple.predicate.value.removeprefix(SHACL)] = triple.object
    found = set()
    for result in results.values():
        source = result.get("sourceShape")
        if isinstance(source, NamedNode):
            rule, carrier = sources[source.value]
            severity = str(result["resultSeverity"]).removeprefix(f"<{SHACL}").rstrip(">").lower()
            focus, value = result["focusNode"], result.get("value")
            found.add(Finding(rule.value.rsplit("/", 1)[-1], rule, carrier, severity, focus, None if value == focus else value))
    return found
