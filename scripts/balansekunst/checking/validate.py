"""Check files against the rules in `shapes/`."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pyrudof
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from balansekunst.checking.report import LIMIT, Account, Breach, Report
from balansekunst.checking.rules import SHACL, fitted, named_shapes, severity_name, shacl
from balansekunst.checking.scope import Scope, asked, gather, groups, is_most, restricted
from balansekunst.load import Term, given_files, load
from balansekunst.messages import UserError
from balansekunst.project import BASE, Project

SKOLEM = f"{BASE}.well-known/genid/"
"""How addresses that stand for blank nodes begin (RDF 1.1 Concepts, section 3.5)."""

BATCH = 10_000
"""Things checked at a time. The engine takes some 36 kB for each finding, and a thing seldom has more than five."""

Engine = Callable[[str, str], Iterable[Triple]]
"""Takes the data and the shapes as N-Triples and returns a SHACL validation report."""


def validate(project: Project, paths: Collection[Path] = (), limit: int = LIMIT) -> Report:
    """Check the project, or only `paths` (files, folders or `-`) together with what they stand on.

    Args:
        project: where vocabulary, data and rules are.
        paths: what to check; nothing means all of the project's own sources and rules.
        limit: how many findings to tell in full; the others are counted.

    Raises:
        UserError: something cannot be read.
    """
    given = given_files(paths) or [*project.own_sources(), *project.own_shapes()]
    work = partial(examine, project, limit=limit)
    parted = groups(project, given)
    if len(parted) == 1:
        reports = [work(parted[0])]
    else:
        # The engine runs threads of its own, which a forked process would wait for in vain.
        with ProcessPoolExecutor(min(len(parted), os.cpu_count() or 1), get_context("spawn")) as pool:
            reports = list(pool.map(work, parted))
    return Report.joined(reports, limit)


def examine(project: Project, given: list[Path], limit: int = LIMIT) -> Report:
    """Check a group of files.

    Raises:
        UserError: something cannot be read.
    """
    return check(gather(project, given), project, limit=limit)


def check(scope: Scope, project: Project, engine: Engine | None = None, limit: int = LIMIT) -> Report:
    """Check what is given in `scope` against the project's rules.

    Args:
        scope: what was read.
        project: where the rules are.
        engine: what to check with; nothing means pyrudof.
        limit: how many findings to tell in full.
    """
    shapes = load(project.shapes(), project.root)
    quads, sources = named_shapes(fitted(shapes, project))
    # The shapes are checked as well: their terms must exist.
    data = ntriples(map(skolemised, chain(scope.store, shapes)))
    account = Account(scope, shapes, limit)
    for number, nodes in enumerate(batches(asked(scope))):
        whole = number == 0 and len(nodes) < BATCH and is_most(scope, nodes)
        aim = quads if whole else restricted(quads, scope, nodes, whole_sets=number == 0)
        account.add(breaches((engine or rudof)(data, ntriples(map(aimed, aim))), sources))
        if account.is_full:
            break
    return account.report()


def batches(nodes: list[NamedNode | BlankNode]) -> Iterator[list[NamedNode | BlankNode]]:
    """Part what a check is about, so that the engine never holds the results of more than a batch. At least one batch is given."""
    for start in range(0, max(len(nodes), 1), BATCH):
        yield nodes[start : start + BATCH]


def skolemised(quad: Quad) -> Quad:
    """Return a quad with addresses in place of blank nodes, which an engine could neither aim at nor tell us of."""
    return Quad(named(quad.subject), quad.predicate, named(quad.object))


def aimed(quad: Quad) -> Quad:
    """Return a quad of the shapes, which aim at addresses in place of blank nodes."""
    return Quad(quad.subject, quad.predicate, named(quad.object)) if quad.predicate == shacl("targetNode") else quad


def named(term: Term) -> Any:
    """Return an address for a blank node, and any other term as it is."""
    return NamedNode(SKOLEM + term.value) if isinstance(term, BlankNode) else term


def unnamed(term: Term | None) -> Term | None:
    """Return the blank node that an address of ours stands for, and any other term as it is."""
    is_ours = isinstance(term, NamedNode) and term.value.startswith(SKOLEM)
    return BlankNode(term.value.removeprefix(SKOLEM)) if is_ours else term  # type: ignore[union-attr]


def rudof(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pyrudof. The tests show that pySHACL, the reference, reports the same.

    Raises:
        UserError: the engine gave up.
    """
    try:
        with silent():
            engine = pyrudof.Rudof(pyrudof.RudofConfig())
            engine.read_data(data, format=pyrudof.RDFFormat.NTriples)
            engine.read_shacl(shapes, format=pyrudof.ShaclFormat.NTriples)
            engine.validate_shacl()
            results = engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.NTriples)
    except BaseException as error:
        # A panic in the engine is not an Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UserError(("validate.engine", {"why": str(error).split("\n", 1)[0] or type(error).__name__})) from None
    return triples_of(results)


@contextmanager
def silent() -> Iterator[None]:
    """Hold back what the engine writes to the standard error stream: a trace of itself where it stops."""
    kept = os.dup(2)
    try:
        with TemporaryFile() as sink:
            os.dup2(sink.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def triples_of(ntriples: str) -> list[Triple]:
    """Parse N-Triples."""
    return [Triple(q.subject, q.predicate, q.object) for q in parse(ntriples, format=RdfFormat.N_TRIPLES)]


def ntriples(quads: Iterable[Quad]) -> str:
    """Return quads as N-Triples, each triple once."""
    return "".join(sorted({f"{Triple(q.subject, q.predicate, q.object)} .\n" for q in quads}))


def breaches(report: Iterable[Triple], sources: dict[str, tuple[NamedNode, Term]]) -> set[Breach]:
    """Read a SHACL validation report. `sources` tells for each named shape its rule and what carries the message."""
    results: dict[Term, dict[str, Term]] = {}
    for triple in report:
        results.setdefault(triple.subject, {})[triple.predicate.value.removeprefix(SHACL)] = triple.object
    found = set()
    for result in results.values():
        source, component = result.get("sourceShape"), result.get("sourceConstraintComponent")
        if isinstance(source, NamedNode) and isinstance(component, NamedNode):
            rule, carrier = sources[source.value]
            focus, value = unnamed(result["focusNode"]), unnamed(result.get("value"))
            assert focus is not None
            found.add(
                Breach(
                    rule=rule,
                    source=carrier,
                    component=component,
                    severity=severity_name(result["resultSeverity"]),
                    focus=focus,
                    value=None if value == focus else value,
                )
            )
    return found
