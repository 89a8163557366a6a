"""Load the dataset into a store elsewhere, whole or not at all, by the SPARQL 1.1 Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/).

Every graph is first put under a name of its own (staging), read back and compared. Then one request of SPARQL 1.1 Update puts all of
them in their places, which a store does in one transaction. Graphs of others are never touched.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, urljoin, urlsplit

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from balansekunst.errors import Message, UserError
from balansekunst.http_client import check_url, redact_url, send_request
from balansekunst.namespaces import BASE, GRAPH_PATH, RDF_TYPE
from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.sparql.remote import GRAPH_ACCEPT, parse_response_triples, run_remote_ask, run_remote_query

STAGING_NAMESPACE = f"{BASE}staging/"
_REQUEST_TIMEOUT = 600.0
"""Seconds that one request may take."""
_SERVICE_PATHS = (
    ("/rdf-graphs/service", "..", "../statements"),
    ("/sparql/gsp", "../sparql", "../sparql"),
    ("/data", "query", "update"),
    ("/get", "query", "update"),
    ("/store", "query", "update"),
)
"""How addresses of graph stores end (RDF4J and GraphDB; Neptune; Fuseki; Fuseki; Oxigraph), and where query and update are from there."""
_NUMERIC_DATATYPES = {NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("decimal", "integer")}
_MARKER_CLASS = NamedNode("http://purl.org/dc/terms/ProvenanceStatement")

GraphContents = dict[str, list[Triple]]
"""Statements by the name of their graph; those of the default graph by the empty name."""
DEFAULT_GRAPH = ""


@dataclass(frozen=True)
class UploadTarget:
    """The three services of a store."""

    graph_store: str
    """SPARQL 1.1 Graph Store HTTP Protocol."""
    query: str
    update: str
    is_update_explicit: bool
    """Whether the user named it, so that it must be there."""


@dataclass(frozen=True)
class UploadResult:
    """What was loaded."""

    graphs: int
    """Named graphs."""
    statements: int
    """Statements in them."""
    notes: list[Message]
    """What readers should know of how it went."""


def find_upload_target(graphs: str, query: str | None = None, update: str | None = None) -> UploadTarget:
    """Return the services of a store by the address of its graph store; those not given are found as `_SERVICE_PATHS` has it.

    An address that ends otherwise is taken for the dataset itself, with `query` and `update` below it (Fuseki, Stardog).

    Raises:
        UserError: a URL cannot be used.
    """
    for address in filter(None, (graphs, query, update)):
        check_url(address)
    parts = urlsplit(graphs)
    path = parts.path.rstrip("/")
    found = next(((q, u) for ending, q, u in _SERVICE_PATHS if path.endswith(ending)), None)
    base, (near_query, near_update) = (path, found) if found else (f"{path}/", ("query", "update"))

    def beside(relative: str) -> str:
        return parts._replace(path=urljoin(base, relative).rstrip("/")).geturl()

    return UploadTarget(graphs, query or beside(near_query), update or beside(near_update), update is not None)


def collect_graphs(store: Store) -> GraphContents:
    """Return the graphs of a store, and the union of them as the default graph, each sorted."""
    found: GraphContents = {}
    for quad in store:
        if isinstance(quad.graph_name, NamedNode):
            found.setdefault(quad.graph_name.value, []).append(Triple(quad.subject, quad.predicate, quad.object))
    found = {name: sorted(found[name], key=str) for name in sorted(found)}
    found[DEFAULT_GRAPH] = sorted({triple for statements in found.values() for triple in statements}, key=str)
    return found


def upload(store: Store, to: UploadTarget, project: Project, tell: Callable[[int, int], None]) -> UploadResult:
    """Load a dataset into a store elsewhere in place of the one that was loaded there before.

    Args:
        store: asserted and inferred data, one graph a file.
        to: the services of the store.
        project: where the queries are.
        tell: called with how many graphs are there and verified, of how many.

    Raises:
        UserError: the store cannot be reached, refuses, or returns other data than were uploaded. Then the old data are kept, or
            a message describes the state.
    """
    wanted = collect_graphs(store)
    run = f"{STAGING_NAMESPACE}{secrets.token_hex(8)}/"
    staged = {name: f"{run}{name.removeprefix(BASE) or 'default'}" for name in wanted}
    can_update, is_union = _probe_store(to, f"{run}probe", project)
    _delete_graphs(to, [name for name in count_statements(to, project) if name.startswith(STAGING_NAMESPACE)], can_update)
    if is_union:
        del wanted[DEFAULT_GRAPH]
    marker, placed = f"{run}marker", list[str]()
    try:
        if not is_union:
            foreign_triples = run_count_query(to, "foreign-triples", project)
            if foreign_triples:
                raise UserError(("upload.foreign-triples", {"address": redact_url(to.query), "number": foreign_triples}))
            placed.append(marker)
            put_graph(to, marker, [Triple(NamedNode(marker), RDF_TYPE, _MARKER_CLASS)])
            for done, (name, statements) in enumerate(wanted.items()):
                tell(done, len(wanted))
                placed.append(staged[name])
                put_graph(to, staged[name], statements)
                _verify_graphs(to, {staged[name]: statements})
        tell(len(wanted), len(wanted))
        gone = [name for name in count_statements(to, project) if _is_graph_of_ours(name, project) and name not in wanted]
        if not can_update:
            _put_graphs_in_turn(to, wanted, gone)
        elif is_union:
            _swap_graphs(to, wanted, build_insert_update(wanted, gone), placed)
        else:
            _swap_graphs(to, wanted, build_move_update(staged, gone, marker), placed)
    finally:
        # What cannot be cleared now is cleared by the next load.
        with suppress(UserError):
            _delete_graphs(to, placed, can_update)
    _verify_upload(to, wanted, project)
    ways: list[Message] = [("upload.union", {})] if is_union else []
    ways += [] if can_update else [("upload.one-by-one", {"address": redact_url(to.update)})]
    named = [statements for name, statements in wanted.items() if name != DEFAULT_GRAPH]
    return UploadResult(len(named), sum(map(len, named)), ways)


def _probe_store(to: UploadTarget, probe: str, project: Project) -> tuple[bool, bool]:
    """Find out by a graph of one statement, put and taken away again, what the store can.

    Returns:
        Whether it takes updates, and whether a query that names no graph sees all graphs.

    Raises:
        UserError: the services cannot be reached, or are not those of one store.
    """
    put_graph(to, probe, [Triple(NamedNode(probe), RDF_TYPE, _MARKER_CLASS)])
    try:
        if probe not in count_statements(to, project):
            raise UserError(("upload.other-query", {"address": redact_url(to.query), "graphs": redact_url(to.graph_store)}))
        is_union = run_remote_ask(to.query, project.read_query("store/is-union"))
        try:
            run_update(to, f"DROP GRAPH {NamedNode(probe)}")
        except UserError as error:
            if to.is_update_explicit or not _is_missing(error):
                raise
            return False, is_union
        if probe in count_statements(to, project):
            raise UserError(("upload.other-update", {"address": redact_url(to.update), "graphs": redact_url(to.graph_store)}))
        return True, is_union
    finally:
        with suppress(UserError):
            delete_graph(to, probe)


def _is_graph_of_ours(name: str, project: Project) -> bool:
    """Return whether a graph is of the project, or of the method that it stands on."""
    return project.bases.strip_base(name).startswith(GRAPH_PATH)


def _is_missing(error: UserError) -> bool:
    """Return whether a service responded that the graph does not exist."""
    return error.messages[0][0] == "remote.not-found"


def _build_graph_url(to: UploadTarget, name: str) -> str:
    """Return where a graph is read, put and deleted (Graph Store HTTP Protocol, section 4.2: indirect identification)."""
    asked = f"graph={quote(name, safe='')}" if name != DEFAULT_GRAPH else "default"
    return f"{to.graph_store}{'&' if urlsplit(to.graph_store).query else '?'}{asked}"


def put_graph(to: UploadTarget, name: str, statements: Iterable[Triple]) -> None:
    """Put statements in a graph in place of what it had. They are sent as Turtle of one statement a line, which every store reads."""
    body = serialize(statements, format=RdfFormat.N_TRIPLES)
    assert body is not None
    send_request("PUT", _build_graph_url(to, name), body, {"Content-Type": "text/turtle; charset=utf-8"}, _REQUEST_TIMEOUT)


def get_graph(to: UploadTarget, name: str) -> list[Triple]:
    """Return the triples of a graph; none if there is no such graph."""
    try:
        return parse_response_triples(
            send_request("GET", _build_graph_url(to, name), headers={"Accept": GRAPH_ACCEPT}, timeout=_REQUEST_TIMEOUT)
        )
    except UserError as error:
        if _is_missing(error):
            return []
        raise


def delete_graph(to: UploadTarget, name: str) -> None:
    """Delete a graph, if it is there."""
    try:
        send_request("DELETE", _build_graph_url(to, name), timeout=_REQUEST_TIMEOUT, repeat=False)
    except UserError as error:
        if not _is_missing(error):
            raise


def run_update(to: UploadTarget, text: str) -> None:
    """Have a request of SPARQL 1.1 Update done. It is sent once only, since doing it twice is not doing it once."""
    send_request(
        "POST", to.update, text.encode(), {"Content-Type": "application/sparql-update; charset=utf-8"}, _REQUEST_TIMEOUT, repeat=False
    )


def count_statements(to: UploadTarget, project: Project) -> dict[str, int]:
    """Return the number of triples of each named graph."""
    rows = run_remote_query(to.query, project.read_query("store/graphs"), _REQUEST_TIMEOUT).rows
    return {row["graph"].value: int(row["statements"].value) for row in rows if row["graph"] is not None}  # type: ignore[union-attr]


def run_count_query(to: UploadTarget, query: str, project: Project) -> int:
    """Return the one number that a query of `queries/store/` gives."""
    [row] = run_remote_query(to.query, project.read_query(f"store/{query}"), _REQUEST_TIMEOUT).rows
    return int(row["statements"].value)  # type: ignore[union-attr]


def _delete_graphs(to: UploadTarget, names: list[str], can_update: bool) -> None:
    """Delete graphs that were staged."""
    if can_update and names:
        run_update(to, " ;\n".join(f"DROP SILENT GRAPH {NamedNode(name)}" for name in names))
    else:
        for name in names:
            delete_graph(to, name)


def build_move_update(staged: Mapping[str, str], gone: list[str], marker: str) -> str:
    """Return the update that puts what is staged in place of all graphs of ours, and drops what was staged.

    All of it depends on the marker, which is staged first and cleared with the rest: where another load has cleared what this one
    staged, nothing is done. `MOVE`, `COPY` or `ADD` would say it more shortly, but Jena TDB2 (5.2 to 5.6 at least) reads a graph
    while it writes to the same index, and loses statements. What a `WHERE` finds is found before anything is written.
    """
    marked = f"GRAPH {NamedNode(marker)} {{ ?marker a ?kind }}"
    deletes = [
        f"DELETE {{ {_format_graph_pattern(name)} }} WHERE {{ {marked} {_format_graph_pattern(name)} }}" for name in [*gone, *staged]
    ]
    inserts = [
        f"INSERT {{ {_format_graph_pattern(name)} }} WHERE {{ {marked} {_format_graph_pattern(from_)} }}" for name, from_ in staged.items()
    ]
    return " ;\n".join([*deletes, *inserts, *(f"DROP SILENT GRAPH {NamedNode(name)}" for name in [*staged.values(), marker])])


def _format_graph_pattern(name: str) -> str:
    """Return the pattern for all statements of a graph."""
    return f"GRAPH {NamedNode(name)} {{ ?s ?p ?o }}" if name else "?s ?p ?o"


def build_insert_update(wanted: GraphContents, gone: list[str]) -> str:
    """Return the update that drops every graph of ours and writes those that are wanted. Blank nodes are named by graph, so none meet."""
    drops = [f"DROP SILENT GRAPH {NamedNode(name)}" for name in [*gone, *wanted]]
    graphs = ["\n".join([f"GRAPH {NamedNode(name)} {{", *(f"{s} ." for s in statements), "}"]) for name, statements in wanted.items()]
    return " ;\n".join([*drops, "\n".join(["INSERT DATA {", *graphs, "}"])])


def _swap_graphs(to: UploadTarget, wanted: GraphContents, request: str, placed: list[str]) -> None:
    """Have the update done that puts the new data in place, in one transaction.

    Where no answer comes, what is there is looked at: the store may have done it all the same.

    Raises:
        UserError: the old data are kept, or it cannot be seen which data are there.
    """
    try:
        run_update(to, request)
    except (UserError, KeyboardInterrupt) as fault:
        try:
            # A swap that is under way yet either finishes before this or finds nothing to put in place.
            _delete_graphs(to, placed, can_update=True)
            _verify_graphs(to, wanted)
        except UserError as error:
            key = "upload.unchanged" if error.messages[0][0] == "upload.differs" else "upload.unknown-state"
            why = fault.messages if isinstance(fault, UserError) else ()
            raise UserError(*why, (key, {"address": redact_url(to.graph_store)})) from None


def _put_graphs_in_turn(to: UploadTarget, wanted: GraphContents, gone: list[str]) -> None:
    """Put each graph in its place where the store takes no updates, the default graph last, then delete those no longer ours.

    Raises:
        UserError: with a message that some graphs may be new and others old.
    """
    try:
        for name, statements in wanted.items():
            put_graph(to, name, statements)
        for name in gone:
            delete_graph(to, name)
    except (UserError, KeyboardInterrupt) as fault:
        why = fault.messages if isinstance(fault, UserError) else ()
        raise UserError(*why, ("upload.partial", {"address": redact_url(to.graph_store)})) from None


def _verify_graphs(to: UploadTarget, wanted: GraphContents) -> None:
    """Verify the content of graphs.

    Raises:
        UserError: a graph there is another.
    """
    for name, statements in wanted.items():
        found = get_graph(to, name)
        if normalize_statements(found) != normalize_statements(statements):
            values = {"graph": name or "default", "wanted": len(statements), "found": len(found), "address": redact_url(to.graph_store)}
            raise UserError(("upload.differs", values))


def _verify_upload(to: UploadTarget, wanted: GraphContents, project: Project) -> None:
    """Verify the content of graphs, and that queries find as many triples in each and in the default graph.

    Raises:
        UserError: they do not.
    """
    _verify_graphs(to, wanted)
    counts = {
        name: number
        for name, number in count_statements(to, project).items()
        if _is_graph_of_ours(name, project) or name.startswith(STAGING_NAMESPACE)
    }
    if DEFAULT_GRAPH in wanted:
        counts[DEFAULT_GRAPH] = run_count_query(to, "default-graph", project)
    for name in sorted({*counts, *wanted}):
        expected, found = len(wanted.get(name, [])), counts.get(name, 0)
        if expected != found:
            values = {"graph": name or "default", "wanted": expected, "found": found, "address": redact_url(to.query)}
            raise UserError(("upload.differs", values))


def normalize_statements(statements: Iterable[Triple]) -> set[Quad]:
    """Return statements such that equal graphs are equal sets: blank nodes named by RDFC-1.0, and numbers written in one form.

    Stores keep the value of a number, but not always how it was written.
    """
    dataset = Dataset(Quad(t.subject, t.predicate, _normalize_number(t.object), DefaultGraph()) for t in statements)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _normalize_number(term: Term) -> Term:
    """Return a decimal number or integer written in one form, any other term as it is."""
    if isinstance(term, Literal) and term.datatype in _NUMERIC_DATATYPES:
        with suppress(InvalidOperation):
            return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
    return term
