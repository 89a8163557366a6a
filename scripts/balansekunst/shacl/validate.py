"""Check files against the rules in `shapes/`."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import BASE, SHACL, expand_shacl
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.rdf.ntriples import serialize_ntriples
from balansekunst.rdf.parse import list_input_files
from balansekunst.shacl.data_graph import DataGraph, find_focus_nodes, group_files, is_majority, load_data_graph, narrow_targets
from balansekunst.shacl.engines import DEFAULT_ENGINE, ENGINES, Engine, FallbackEngine, validate_with_pyshacl
from balansekunst.shacl.report import DEFAULT_REPORT_LIMIT, Report, ResultCollector, ValidationResult
from balansekunst.shacl.rules import get_severity_name
from balansekunst.shacl.shapes_graph import adapt_shapes, assign_constraint_iris, find_unread_shapes, list_reference_rules, split_targets
from balansekunst.sssom import TABLE_SUFFIX, check_mapping_tables

_SKOLEM_BASE = f"{BASE}.well-known/genid/"
"""The beginning of the IRIs of skolemized blank nodes (RDF 1.1 Concepts, section 3.5)."""

_BLANK_SUBJECT, _BLANK_OBJECT = re.compile(r"^_:(\S+)", re.MULTILINE), re.compile(r' _:([^\s"]+) \.$', re.MULTILINE)
"""Blank nodes in N-Triples. No text ends with one: there is a quotation mark between."""

_BATCH_SIZE = 30_000
"""Focus nodes validated at a time: more than there are in most groups of files. Between batches a check may stop."""


def validate(project: Project, paths: Collection[Path] = (), limit: int = DEFAULT_REPORT_LIMIT, engine: str = DEFAULT_ENGINE) -> Report:
    """Check the project, or only `paths` (files, folders or `-`) together with what they depend on.

    Args:
        project: where vocabulary, data and rules are.
        paths: what to check; nothing means all of the project's own sources and rules.
        limit: how many findings to list in full; the others are counted.
        engine: the name of the engine to check with, of `ENGINES`.

    Raises:
        UserError: something cannot be read.
    """
    tables = [path for path in paths if path.name.endswith(TABLE_SUFFIX)]
    others = [path for path in paths if path not in tables]
    if not paths:
        tables = [path for path in project.list_mapping_tables() if path.is_relative_to(project.root)]
    notes = check_mapping_tables(project.reader.load(project.list_all_sources()), tables) if tables else []
    if tables and not others and paths:
        return Report([], Counter(), notes=tuple(notes))
    given = list_input_files(others) or [*project.list_own_sources(), *project.list_own_shape_files()]
    parted = group_files(project, given)
    work = partial(validate_group, project, limit=limit, engine=engine, beside=given)
    if len(parted) == 1:
        reports = [work(parted[0])]
    else:
        # The engine runs threads of its own, which a forked process would wait for in vain.
        # Each group has a process of its own, so that the memory of one is free for the next.
        with ProcessPoolExecutor(min(len(parted), os.cpu_count() or 1), get_context("spawn"), max_tasks_per_child=1) as pool:
            reports = list(pool.map(work, parted))
    return replace(merged := Report.merge(reports, limit), notes=(*notes, *merged.notes))


def validate_group(
    project: Project, given: list[Path], limit: int = DEFAULT_REPORT_LIMIT, engine: str = DEFAULT_ENGINE, beside: Collection[Path] = ()
) -> Report:
    """Check a group of files, with others checked `beside` it.

    Raises:
        UserError: something cannot be read.
    """
    return validate_data_graph(load_data_graph(project, given, beside), project, ENGINES[engine](), limit)


def validate_data_graph(data_graph: DataGraph, project: Project, engine: Engine | None = None, limit: int = DEFAULT_REPORT_LIMIT) -> Report:
    """Validate `data_graph` against the project's rules.

    Args:
        data_graph: the loaded data.
        project: where the rules are.
        engine: what to check with; nothing means pyrudof, and pySHACL where it fails.
        limit: how many findings to list in full.
    """
    engine = engine or FallbackEngine()
    # A municipality may write its set-up in one language and with IRIs of its own: it is not to be published here.
    bases, languages = data_graph.list_setup_bases(), data_graph.list_setup_languages() & set(project.languages)
    files = [*project.list_shape_files(), project.known_terms]
    rules = project.reader.derive(files, _prepare_shapes, project, frozenset(bases), frozenset(languages))
    # The shapes are checked as well: their terms must exist.
    data = _skolemize(serialize_ntriples(data_graph.store)) + rules.as_data
    account = ResultCollector(data_graph, rules.shapes, project, limit)
    for number, nodes in enumerate(_split_batches(find_focus_nodes(data_graph))):
        whole = number == 0 and len(nodes) < _BATCH_SIZE and is_majority(data_graph, nodes)
        aim = rules.targets if whole else narrow_targets(rules.targets, data_graph, nodes, keep_set_rules=number == 0)
        special = rules.reference_rules
        for part, run in zip(split_targets(aim, special), (engine, validate_with_pyshacl), strict=True) if special else ((aim, engine),):
            targets = _skolemize(serialize_ntriples(part))
            account.add(read_validation_results(run(data, rules.constraints + targets), rules.sources))
        if account.is_full:
            break
    notes = engine.notes if isinstance(engine, FallbackEngine) else ()
    return replace(account.build_report(), notes=tuple(notes))


@dataclass(frozen=True)
class _PreparedShapes:
    """The rules as engines take them."""

    shapes: Store
    """The rules as they are written, and the terms that are known of other vocabularies."""
    as_data: str
    """Those as data, in N-Triples."""
    constraints: str
    """The rules without targets, in N-Triples."""
    targets: list[Quad]
    """The targets of the rules."""
    sources: dict[str, tuple[NamedNode, Term]]
    """The rule and the node with the message, by the name of each constraint."""
    reference_rules: set[NamedNode]
    """The rules that only the reference engine is known to read rightly."""


def _prepare_shapes(shapes: Store, project: Project, bases: Collection[str], languages: Collection[str]) -> _PreparedShapes:
    """Prepare the rules of a project, with more beginnings of IRIs to allow and the only languages to ask for, if any.

    Raises:
        UserError: some rules would be passed over.
    """
    _refuse_unread_shapes(shapes, project)
    own = [project.reader.build_graph_name(path) for path in project.list_own_shape_files()] if project.is_extension else []
    quads, sources = assign_constraint_iris(adapt_shapes(shapes, project, bases, languages))
    targets = [quad for quad in quads if quad.predicate.value.startswith(f"{SHACL}target")]
    constraints = serialize_ntriples(quad for quad in quads if not quad.predicate.value.startswith(f"{SHACL}target"))
    as_data = _skolemize(serialize_ntriples(shapes))
    return _PreparedShapes(shapes, as_data, constraints, targets, sources, list_reference_rules(shapes, own))


def _refuse_unread_shapes(shapes: Store, project: Project) -> None:
    """Refuse rules that would be passed over.

    Raises:
        UserError: there are some; with a sentence for each.
    """
    files = project.reader.map_graphs_to_files(project.list_shape_files())
    problems: list[Message] = [
        (
            "rules.unread-severity" if quad.predicate == expand_shacl("severity") else "rules.unread-shape",
            {"file": files[quad.graph_name.value], "value": quad.object},
        )
        for quad in find_unread_shapes(shapes)
        if isinstance(quad.graph_name, NamedNode)
    ]
    if problems:
        raise UserError(*problems)


def _split_batches(nodes: list[NamedNode | BlankNode]) -> Iterator[list[NamedNode | BlankNode]]:
    """Split the focus nodes, so that no more results than those of a batch are held. Yield at least one batch."""
    for start in range(0, max(len(nodes), 1), _BATCH_SIZE):
        yield nodes[start : start + _BATCH_SIZE]


def _skolemize(ntriples: str) -> str:
    """Return N-Triples with skolemized blank nodes, since an engine can neither target nor report blank nodes."""
    return _BLANK_OBJECT.sub(rf" <{_SKOLEM_BASE}\1> .", _BLANK_SUBJECT.sub(rf"<{_SKOLEM_BASE}\1>", ntriples))


def _restore_blank_node(term: Term | None) -> Term | None:
    """Return the blank node of a skolem IRI, and any other term unchanged."""
    is_ours = isinstance(term, NamedNode) and term.value.startswith(_SKOLEM_BASE)
    return BlankNode(term.value.removeprefix(_SKOLEM_BASE)) if is_ours else term  # type: ignore[union-attr]


def read_validation_results(report: Iterable[Triple], sources: dict[str, tuple[NamedNode, Term]]) -> set[ValidationResult]:
    """Read a SHACL validation report. `sources` has for each named shape its rule and the node with the message.

    Raises:
        UserError: a result is of a shape that is no part of a rule.
    """
    results: dict[Term, dict[str, Term]] = {}
    # What lies behind a result of sh:or or sh:node is no result of its own.
    triples = list(report)
    details = {triple.object for triple in triples if triple.predicate == expand_shacl("detail")}
    for triple in triples:
        results.setdefault(triple.subject, {})[triple.predicate.value.removeprefix(SHACL)] = triple.object
    found = set()
    for result in (result for node, result in results.items() if node not in details):
        source, component = result.get("sourceShape"), result.get("sourceConstraintComponent")
        if source is not None and not (isinstance(source, NamedNode) and source.value in sources):
            raise UserError(("validate.engine", {"reason": str(source)}))
        if isinstance(source, NamedNode) and isinstance(component, NamedNode):
            rule, carrier = sources[source.value]
            focus, value = _restore_blank_node(result["focusNode"]), _restore_blank_node(result.get("value"))
            assert focus is not None
            found.add(
                ValidationResult(
                    rule=rule,
                    source_shape=carrier,
                    constraint_component=component,
                    severity=get_severity_name(result["resultSeverity"]),
                    focus_node=focus,
                    value=None if value == focus else value,
                )
            )
    return found
