"""The scores of the engines that the project uses, and of its own way of using them, in W3C's suites for SHACL and SPARQL.

    python tests/w3c.py

prints the scores, and what fails. `docs/w3c.md` has the scores with why each test fails, and `tests/test_w3c.py` holds them to it.
The suites are unpacked from two packages of the registries into `build/w3c-suites` by

    python tests/w3c.py --fetch
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)

from balansekunst.errors import UserError
from balansekunst.namespaces import PREFIXES, XSD, expand_shacl
from balansekunst.rdf.graph import Term
from balansekunst.rdf.ntriples import serialize_ntriples
from balansekunst.shacl.engines import Engine, FallbackEngine, validate_with_pyrudof, validate_with_pyshacl
from balansekunst.shacl.report import ValidationResult
from balansekunst.shacl.shapes_graph import assign_constraint_iris, find_unread_shapes, list_reference_rules, split_targets
from balansekunst.shacl.validate import read_validation_results
from balansekunst.sparql.catalogue import run_query

SUITES_FOLDER = Path(__file__).resolve().parents[1] / "build" / "w3c-suites"
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary=:all:"]
XSD_BOOLEAN = NamedNode(f"{XSD}boolean")
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPARQL_FOLDERS = (
    *("aggregates", "bind", "bindings", "construct", "exists", "functions", "grouping", "json-res", "negation"),
    *("project-expression", "property-path", "subquery", "syntax-query"),
)
"""The folders with queries: the others have updates, protocols, entailment and federation."""
PASSED, REFUSED = "passed", "refused"
Outcome = str
"""`passed`, `refused` where a sentence says that it is not checked, or what went wrong."""


@dataclass(frozen=True)
class Case:
    """One test."""

    suite: str
    name: str
    outcomes: dict[str, Outcome]
    """What each engine did."""


@dataclass(frozen=True)
class Package:
    """A package that holds a suite."""

    command: list[str]
    """What fetches it into the working folder."""
    file: str
    sha256: str
    folder: str
    """Where the suite lies in it."""
    suite: str


PACKAGES = [
    Package(
        [*PIP, "rdflib==6.1.1"],
        "rdflib-6.1.1.tar.gz",
        "8dbfa0af2990b98471dacbc936d6494c997ede92fd8ed693fb84ee700ef6f754",
        "rdflib-6.1.1/test/DAWG/data-sparql11",
        "sparql11",
    ),
    Package(
        ["npm", "pack", "--silent", "shacl-engine@1.1.0"],
        "shacl-engine-1.1.0.tgz",
        "da57e59d943c7a97d593b546bc565de48b7049dfacd8e5c94ee65ebe98f06dc9",
        "package/test/assets/data-shapes",
        "shacl",
    ),
]


def fetch_suites() -> None:
    """Fetch the packages that hold the suites, and unpack these into `SUITES_FOLDER`.

    Raises:
        SystemExit: a package is not the one that was chosen.
    """
    with TemporaryDirectory() as folder:
        for package in PACKAGES:
            subprocess.run(package.command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            file = Path(folder, package.file)
            if hashlib.sha256(file.read_bytes()).hexdigest() != package.sha256:
                raise SystemExit(f"{package.file} has not the content that tests/w3c.py names by its SHA-256.")
            with tarfile.open(file) as archive:
                members = [member for member in archive.getmembers() if member.name.startswith(f"{package.folder}/")]
                archive.extractall(folder, members, filter="data")
            shutil.rmtree(SUITES_FOLDER / package.suite, ignore_errors=True)
            shutil.copytree(Path(folder, package.folder), SUITES_FOLDER / package.suite)


def read_list(store: Store, head: Term) -> Iterator[Term]:
    """Yield the members of a list."""
    while isinstance(head, NamedNode | BlankNode) and head != NamedNode(f"{RDF}nil"):
        yield from (q.object for q in store.quads_for_pattern(head, NamedNode(f"{RDF}first"), None))
        head = next(q.object for q in store.quads_for_pattern(head, NamedNode(f"{RDF}rest"), None))


def find_one(store: Store, subject: Term, predicate: str) -> Term | None:
    """Return a value of a property."""
    return next((q.object for q in store.quads_for_pattern(subject, NamedNode(predicate), None)), None)  # type: ignore[arg-type]


def load(path: Path) -> Store:
    """Read a Turtle file, relative to itself."""
    store = Store()
    store.load(path.read_bytes(), RdfFormat.TURTLE if path.suffix == ".ttl" else RdfFormat.RDF_XML, base_iri=path.as_uri())
    return store


def find_path(term: Term | None) -> Path:
    """Return the file that an address in a manifest stands for."""
    assert isinstance(term, NamedNode)
    return Path(rdflib.term.URIRef(term.value).removeprefix("file://").replace("%20", " "))


def compare_term(term: Term | None) -> object:
    """Return a term so that those that are equal in value are equal, and blank nodes are alike."""
    if isinstance(term, BlankNode) or (isinstance(term, NamedNode) and "/.well-known/genid/" in term.value):
        return "_:"
    if isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in ("integer", "decimal", "double", "float"):
        try:
            return term.datatype.value, Decimal(term.value).normalize() if term.value not in ("INF", "-INF", "NaN") else term.value
        except InvalidOperation:
            return str(term)
    if isinstance(term, Literal) and term.datatype == XSD_BOOLEAN:
        return term.value in ("true", "1")
    return str(term) if term is not None else None


def attempt(work: Callable[[], bool], refusals: tuple[type[Exception], ...] = ()) -> Outcome:
    """Say how a test went."""
    try:
        return PASSED if work() else "another result"
    except refusals as error:
        return f"{REFUSED}: {str(error)[:80]}"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | MemoryError):
            raise
        return f"{type(error).__name__}: {str(error)[:80]}"


# ── SHACL ───────────────────────────────────────────────────────────────────

Results = Counter[tuple[object, ...]]


def read_report(store: Store, report: Term) -> Results:
    """Return the results of a report in a manifest: focus node, value, component and severity of each."""
    results = [q.object for q in store.quads_for_pattern(report, expand_shacl("result"), None)]  # type: ignore[arg-type]
    return Counter(read_result(lambda name, r=result: find_one(store, r, expand_shacl(name).value)) for result in results)  # type: ignore[misc]


def read_result(find: Callable[[str], Term | None]) -> tuple[object, ...]:
    """Return what is compared of a result."""
    focus, value = compare_term(find("focusNode")), compare_term(find("value"))
    component, severity = find("sourceConstraintComponent"), find("resultSeverity")
    return focus, value if value != focus else None, str(component), str(severity)


def read_triples(triples: Iterable[object]) -> Results:
    """Return the results of a report that an engine gives."""
    found = Store()
    found.extend(Quad(t.subject, t.predicate, t.object) for t in triples)  # type: ignore[attr-defined]
    details = {q.object for q in found.quads_for_pattern(None, expand_shacl("detail"), None)}
    kind = expand_shacl("ValidationResult")
    nodes = [q.subject for q in found.quads_for_pattern(None, NamedNode(f"{RDF}type"), kind) if q.subject not in details]
    return Counter(read_result(lambda name, r=node: find_one(found, r, expand_shacl(name).value)) for node in nodes)  # type: ignore[misc]


def validate_as_project(data: Store, shapes: Store) -> Results:
    """Validate as `validate` does with rules of one's own: refuse, give to the reference engine, or rewrite and give to pyrudof.

    Raises:
        UserError: the rules are refused.
    """
    graph = NamedNode("urn:shapes")
    named = Store()
    named.extend(Quad(q.subject, q.predicate, q.object, graph) for q in shapes)
    if unread := find_unread_shapes(named):
        raise UserError(("rules.unread-shape", {"file": "", "value": unread[0].object}))
    quads, sources = assign_constraint_iris(named)
    special = list_reference_rules(named, [graph])
    found: set[ValidationResult] = set()
    engine: Engine = FallbackEngine()
    text = serialize_ntriples(data)
    for part, run in zip(split_targets(quads, special), (engine, validate_with_pyshacl), strict=True) if special else ((quads, engine),):
        found |= read_validation_results(run(text, serialize_ntriples(part)), sources)
    names = {"violation": "Violation", "warning": "Warning", "info": "Info"}
    return Counter(
        (compare_term(r.focus_node), compare_term(r.value), str(r.constraint_component), str(expand_shacl(names[r.severity])))
        for r in found
    )


def run_shacl() -> Iterator[Case]:
    """Run W3C's tests of SHACL."""
    for path in sorted((SUITES_FOLDER / "shacl").rglob("*.ttl")):
        manifest = load(path)
        for quad in manifest.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(f"{SHT}Validate")):
            action, wanted = find_one(manifest, quad.subject, f"{MF}action"), find_one(manifest, quad.subject, f"{MF}result")
            assert action is not None and wanted is not None
            data, shapes = (load(find_path(find_one(manifest, action, f"{SHT}{name}Graph"))) for name in ("data", "shapes"))
            fails = wanted == NamedNode(f"{SHT}Failure")
            expected = Counter() if fails else read_report(manifest, wanted)
            texts = serialize_ntriples(data), serialize_ntriples(shapes)
            ways: dict[str, Callable[[], Results]] = {
                "pyrudof": lambda t=texts: read_triples(validate_with_pyrudof(*t)),  # type: ignore[misc]
                "pySHACL": lambda t=texts: read_triples(validate_with_pyshacl(*t)),  # type: ignore[misc]
                "`validate`": lambda d=data, s=shapes: validate_as_project(d, s),  # type: ignore[misc]
            }
            outcomes = {}
            for name, way in ways.items():
                outcome = attempt(lambda w=way, e=expected, f=fails: set(w()) == set(e) and not f, (UserError,))  # type: ignore[misc]
                outcomes[name] = PASSED if fails and outcome != "another result" else outcome
            part = "SHACL core" if "/core/" in path.as_posix() else "SHACL-SPARQL"
            yield Case(part, "/".join(path.with_suffix("").parts[-2:]), outcomes)


# ── SPARQL ──────────────────────────────────────────────────────────────────

Answer = tuple[str, object]
FORMATS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON}


def canonicalize(quads: Iterable[object]) -> Answer:
    """Return a graph so that isomorphic ones are equal."""
    dataset = Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)  # type: ignore[attr-defined]
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return "graph", {str(q) for q in dataset}


def read_answer(found: object) -> Answer:
    """Return the answer of pyoxigraph, or of a file of results."""
    if isinstance(found, QueryBoolean):
        return "boolean", bool(found)
    if isinstance(found, QuerySolutions):
        names = [v.value for v in found.variables]
        return "rows", Counter(frozenset((n, compare_term(row[n])) for n in names if row[n] is not None) for row in found)
    return canonicalize(found)  # type: ignore[arg-type]


def read_expected(path: Path) -> Answer | None:
    """Return the answer that a file holds, if it is there and of a kind that is compared."""
    if not path.exists():
        return None
    if path.suffix in FORMATS:
        return read_answer(parse_query_results(path.read_bytes(), FORMATS[path.suffix]))
    if path.suffix == ".ttl":
        store = load(path)
        is_table = any(store.quads_for_pattern(None, None, NamedNode("http://www.w3.org/2001/sw/DataAccess/tests/result-set#ResultSet")))
        return None if is_table else canonicalize(store)
    return None


def ask_engine(store: Store, query: str, base: str) -> Answer:
    """Ask pyoxigraph itself."""
    return read_answer(store.query(query, base_iri=base))


def ask_as_project(store: Store, query: str, base: str) -> Answer:
    """Ask as `query --sparql` does.

    Raises:
        UserError: the query is refused.
    """
    found = run_query(store, query, base, PREFIXES)
    if found.kind == "boolean":
        return "boolean", compare_term(found.rows[0][found.variables[0]]) == compare_term(Literal(True))
    if found.kind == "graph":
        return canonicalize(Quad(*(row[name] for name in found.variables)) for row in found.rows)  # type: ignore[arg-type]
    return "rows", Counter(frozenset((n, compare_term(row[n])) for n in found.variables if row[n] is not None) for row in found.rows)


def ask_rdflib(store: Store, query: str, base: str) -> Answer:
    """Ask rdflib."""
    graph = rdflib.Dataset()
    graph.parse(data=store.dump(format=RdfFormat.N_QUADS), format="nquads")
    found = graph.query(query, base=base)
    if found.type == "ASK":
        return "boolean", bool(found)
    if found.type in ("CONSTRUCT", "DESCRIBE"):
        assert found.graph is not None
        held = Store()
        held.load(found.graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES)
        return canonicalize(held)
    return read_answer(parse_query_results(found.serialize(format="json") or b"", QueryResultsFormat.JSON))


def run_sparql() -> Iterator[Case]:
    """Run W3C's tests of SPARQL 1.1 queries."""
    for path in (SUITES_FOLDER / "sparql11" / name / "manifest.ttl" for name in SPARQL_FOLDERS):
        manifest = load(path)
        listed = {
            one for quad in manifest.quads_for_pattern(None, NamedNode(f"{MF}entries"), None) for one in read_list(manifest, quad.object)
        }
        for quad in manifest.quads_for_pattern(None, NamedNode(f"{RDF}type"), None):
            # What is described but not listed has been withdrawn.
            if quad.subject not in listed:
                continue
            kind = quad.object.value.removeprefix(MF) if isinstance(quad.object, NamedNode) else ""
            action, wanted = find_one(manifest, quad.subject, f"{MF}action"), find_one(manifest, quad.subject, f"{MF}result")
            ways = {"pyoxigraph": ask_engine, "rdflib": ask_rdflib, "`query`": ask_as_project}
            store, expected = Store(), None
            if kind == "QueryEvaluationTest":
                assert action is not None
                expected = read_expected(find_path(wanted))
                query = find_path(find_one(manifest, action, f"{QT}query"))
                if expected is None:
                    continue
                for name, is_named in (("data", False), ("graphData", True)):
                    for data in manifest.quads_for_pattern(action, NamedNode(QT + name), None):  # type: ignore[arg-type]
                        graph = data.object if is_named and isinstance(data.object, NamedNode) else DefaultGraph()
                        store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in load(find_path(data.object)))
            elif kind in ("PositiveSyntaxTest11", "NegativeSyntaxTest11"):
                query = find_path(action)
            else:
                continue
            text = query.read_text(encoding="utf-8")

            def work(
                ask: Callable[[Store, str, str], Answer], s: Store = store, t: str = text, q: Path = query, e: Answer | None = expected
            ) -> bool:
                answer = ask(s, t, q.as_uri())
                return e is None or answer == e

            outcomes = {name: attempt(lambda a=ask: work(a), (UserError, SyntaxError)) for name, ask in ways.items()}  # type: ignore[misc]
            if kind == "NegativeSyntaxTest11":
                outcomes = {name: "accepted" if outcome == PASSED else PASSED for name, outcome in outcomes.items()}
            yield Case("SPARQL 1.1 query", f"{path.parent.name}/{query.stem}", outcomes)


def format_table(cases: list[Case]) -> str:
    """Return the scores by suite, and what fails."""
    lines = []
    for suite in sorted({case.suite for case in cases}):
        own = [case for case in cases if case.suite == suite]
        names = list(own[0].outcomes)
        lines += [f"| {suite} | tests | {' | '.join(names)} |", f"|---|---:|{'---:|' * len(names)}"]
        scores = [sum(case.outcomes[name] == PASSED for case in own) for name in names]
        lines += [f"| passed | {len(own)} | {' | '.join(map(str, scores))} |"]
        refused = [sum(case.outcomes[name].startswith(REFUSED) for case in own) for name in names]
        lines += [f"| refused with a sentence | | {' | '.join(map(str, refused))} |", ""]
        lines += [f"| not passed ({suite}) | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
        lines += [
            f"| {case.name} | {' | '.join(case.outcomes[name].replace('|', '/').split(chr(10))[0] for name in names)} |"
            for case in own
            if case.outcomes[names[-1]] != PASSED
        ]
        lines.append("")
    return "\n".join(lines)


def describe_versions() -> str:
    """Return the versions of the engines."""
    return ", ".join(f"{name} {version(name)}" for name in ("pyrudof", "pyshacl", "pyoxigraph", "rdflib"))


def run_all() -> list[Case]:
    """Run all suites."""
    return [*run_shacl(), *run_sparql()]


if __name__ == "__main__" and "--fetch" in sys.argv:
    fetch_suites()
elif __name__ == "__main__":
    print(f"{describe_versions()}\n\n{format_table(run_all())}")
