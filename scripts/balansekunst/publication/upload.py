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

from balansekunst.asking.remote import GRAPHS, ask, checked, holds, send, shown, triples
from balansekunst.checking.rules import RDF_TYPE
from balansekunst.load import GRAPH_PREFIX, Message, Term
from balansekunst.messages import UserError
from balansekunst.project import BASE, Project

STAGING = f"{BASE}staging/"
TIMEOUT = 600.0
"""Seconds that one request may take."""
SERVICES = (
    ("/rdf-graphs/service", "..", "../statements"),
    ("/sparql/gsp", "../sparql", "../sparql"),
    ("/data", "query", "update"),
    ("/get", "query", "update"),
    ("/store", "query", "update"),
)
"""How addresses of graph stores end (RDF4J and GraphDB; Neptune; Fuseki; Fuseki; Oxigraph), and where query and update are from there."""
NUMBERS = {NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("decimal", "integer")}
MARKER_TYPE = NamedNode("http://purl.org/dc/terms/ProvenanceStatement")

Contents = dict[str, list[Triple]]
"""Statements by the name of their graph; those of the default graph by the empty name."""
DEFAULT = ""


@dataclass(frozen=True)
class Target:
    """The three services of a store."""

    graphs: str
    """SPARQL 1.1 Graph Store HTTP Protocol."""
    query: str
    update: str
    update_is_given: bool
    """Whether the user named it, so that it must be there."""


@dataclass(frozen=True)
class Uploaded:
    """What was loaded."""

    graphs: int
    """Named graphs."""
    statements: int
    """Statements in them."""
    notes: list[Message]
    """What readers should know of how it went."""


def target(graphs: str, query: str | None = None, update: str | None = None) -> Target:
    """Return the services of a store by the address of its graph store; those not given are found as `SERVICES` has it.

    An address that ends otherwise is taken for the dataset itself, with `query` and `update` below it (Fuseki, Stardog).

    Raises:
        UserError: an address cannot be asked.
    """
    for address in filter(None, (graphs, query, update)):
        checked(address)
    parts = urlsplit(graphs)
    path = parts.path.rstrip("/")
    found = next(((q, u) for ending, q, u in SERVICES if path.endswith(ending)), None)
    base, (near_query, near_update) = (path, found) if found else (f"{path}/", ("query", "update"))

    def beside(relative: str) -> str:
        return parts._replace(path=urljoin(base, relative).rstrip("/")).geturl()

    return Target(graphs, query or beside(near_query), update or beside(near_update), update is not None)


def contents(store: Store) -> Contents:
    """Return the graphs of a store, and the union of them as the default graph, each sorted."""
    found: Contents = {}
    for quad in store:
        if isinstance(quad.graph_name, NamedNode):
            found.setdefault(quad.graph_name.value, []).append(Triple(quad.subject, quad.predicate, quad.object))
    found = {name: sorted(found[name], key=str) for name in sorted(found)}
    found[DEFAULT] = sorted({triple for statements in found.values() for triple in statements}, key=str)
    return found


def upload(store: Store, to: Target, project: Project, tell: Callable[[int, int], None]) -> Uploaded:
    """Load a dataset into a store elsewhere in place of the one that was loaded there before.

    Args:
        store: asserted and inferred data, one graph a file.
        to: the services of the store.
        project: where the queries are.
        tell: called with how many graphs are there and verified, of how many.

    Raises:
        UserError: the store cannot be reached, refuses, or gives back something else than was put. The old data stands then, or
            a message says how far it came.
    """
    wanted = contents(store)
    run = f"{STAGING}{secrets.token_hex(8)}/"
    staged = {name: f"{run}{name.removeprefix(BASE) or 'default'}" for name in wanted}
    can_update, is_union = survey(to, f"{run}probe", project)
    discard(to, [name for name in statement_counts(to, project) if name.startswith(STAGING)], can_update)
    if is_union:
        del wanted[DEFAULT]
    marker, placed = f"{run}marker", list[str]()
    try:
        if not is_union:
            strangers = count(to, "strangers", project)
            if strangers:
                raise UserError(("upload.strangers", {"address": shown(to.query), "number": strangers}))
            placed.append(marker)
            put(to, marker, [Triple(NamedNode(marker), RDF_TYPE, MARKER_TYPE)])
            for done, (name, statements) in enumerate(wanted.items()):
                tell(done, len(wanted))
                placed.append(staged[name])
                put(to, staged[name], statements)
                verify(to, {staged[name]: statements})
        tell(len(wanted), len(wanted))
        gone = [name for name in statement_counts(to, project) if name.startswith(GRAPH_PREFIX) and name not in wanted]
        if not can_update:
            put_in_turn(to, wanted, gone)
        elif is_union:
            swap(to, wanted, written(wanted, gone), placed)
        else:
            swap(to, wanted, replaced(staged, gone, marker), placed)
    finally:
        # What cannot be cleared now is cleared by the next load.
        with suppress(UserError):
            discard(to, placed, can_update)
    verify_in_place(to, wanted, project)
    ways: list[Message] = [("upload.union", {})] if is_union else []
    ways += [] if can_update else [("upload.in-turn", {"address": shown(to.update)})]
    named = [statements for name, statements in wanted.items() if name != DEFAULT]
    return Uploaded(len(named), sum(map(len, named)), ways)


def survey(to: Target, probe: str, project: Project) -> tuple[bool, bool]:
    """Find out by a graph of one statement, put and taken away again, what the store can.

    Returns:
        Whether it takes updates, and whether a query that names no graph sees all graphs.

    Raises:
        UserError: the services cannot be reached, or are not those of one store.
    """
    put(to, probe, [Triple(NamedNode(probe), RDF_TYPE, MARKER_TYPE)])
    try:
        if probe not in statement_counts(to, project):
            raise UserError(("upload.other-query", {"address": shown(to.query), "graphs": shown(to.graphs)}))
        is_union = holds(to.query, project.query("store/is-union"))
        try:
            update(to, f"DROP GRAPH {NamedNode(probe)}")
        except UserError as error:
            if to.update_is_given or not is_missing(error):
                raise
            return False, is_union
        if probe in statement_counts(to, project):
            raise UserError(("upload.other-update", {"address": shown(to.update), "graphs": shown(to.graphs)}))
        return True, is_union
    finally:
        with suppress(UserError):
            delete(to, probe)


def is_missing(error: UserError) -> bool:
    """Tell whether a service said that there is nothing at that address."""
    return error.messages[0][0] == "remote.not-found"


def graph_address(to: Target, name: str) -> str:
    """Return where a graph is read, put and deleted (Graph Store HTTP Protocol, section 4.2: indirect identification)."""
    asked = f"graph={quote(name, safe='')}" if name != DEFAULT else "default"
    return f"{to.graphs}{'&' if urlsplit(to.graphs).query else '?'}{asked}"


def put(to: Target, name: str, statements: Iterable[Triple]) -> None:
    """Put statements in a graph in place of what it had. They are sent as Turtle of one statement a line, which every store reads."""
    body = serialize(statements, format=RdfFormat.N_TRIPLES)
    assert body is not None
    send("PUT", graph_address(to, name), body, {"Content-Type": "text/turtle; charset=utf-8"}, TIMEOUT)


def get(to: Target, name: str) -> list[Triple]:
    """Return the statements of a graph; none where there is no such graph."""
    try:
        return triples(send("GET", graph_address(to, name), headers={"Accept": GRAPHS}, timeout=TIMEOUT))
    except UserError as error:
        if is_missing(error):
            return []
        raise


def delete(to: Target, name: str) -> None:
    """Delete a graph, if it is there."""
    try:
        send("DELETE", graph_address(to, name), timeout=TIMEOUT, repeat=False)
    except UserError as error:
        if not is_missing(error):
            raise


def update(to: Target, text: str) -> None:
    """Have a request of SPARQL 1.1 Update done. It is sent once only, since doing it twice is not doing it once."""
    send("POST", to.update, text.encode(), {"Content-Type": "application/sparql-update; charset=utf-8"}, TIMEOUT, repeat=False)


def statement_counts(to: Target, project: Project) -> dict[str, int]:
    """Return how many statements each named graph holds."""
    rows = ask(to.query, project.query("store/graphs"), TIMEOUT).rows
    return {row["graph"].value: int(row["statements"].value) for row in rows if row["graph"] is not None}  # type: ignore[union-attr]


def count(to: Target, query: str, project: Project) -> int:
    """Return the one number that a query of `queries/store/` gives."""
    [row] = ask(to.query, project.query(f"store/{query}"), TIMEOUT).rows
    return int(row["statements"].value)  # type: ignore[union-attr]


def discard(to: Target, names: list[str], can_update: bool) -> None:
    """Delete graphs that were staged."""
    if can_update and names:
        update(to, " ;\n".join(f"DROP SILENT GRAPH {NamedNode(name)}" for name in names))
    else:
        for name in names:
            delete(to, name)


def replaced(staged: Mapping[str, str], gone: list[str], marker: str) -> str:
    """Return the update that puts what is staged in place of all graphs of ours, and drops what was staged.

    All of it depends on the marker, which is staged first and cleared with the rest: where another load has cleared what this one
    staged, nothing is done. `MOVE`, `COPY` or `ADD` would say it more shortly, but Jena TDB2 (5.2 to 5.6 at least) reads a graph
    while it writes to the same index, and loses statements. What a `WHERE` finds is found before anything is written.
    """
    marked = f"GRAPH {NamedNode(marker)} {{ ?marker a ?kind }}"
    deletes = [f"DELETE {{ {pattern(name)} }} WHERE {{ {marked} {pattern(name)} }}" for name in [*gone, *staged]]
    inserts = [f"INSERT {{ {pattern(name)} }} WHERE {{ {marked} {pattern(from_)} }}" for name, from_ in staged.items()]
    return " ;\n".join([*deletes, *inserts, *(f"DROP SILENT GRAPH {NamedNode(name)}" for name in [*staged.values(), marker])])


def pattern(name: str) -> str:
    """Return the pattern for all statements of a graph."""
    return f"GRAPH {NamedNode(name)} {{ ?s ?p ?o }}" if name else "?s ?p ?o"


def written(wanted: Contents, gone: list[str]) -> str:
    """Return the update that drops every graph of ours and writes those that are wanted. Blank nodes are named by graph, so none meet."""
    drops = [f"DROP SILENT GRAPH {NamedNode(name)}" for name in [*gone, *wanted]]
    graphs = ["\n".join([f"GRAPH {NamedNode(name)} {{", *(f"{s} ." for s in statements), "}"]) for name, statements in wanted.items()]
    return " ;\n".join([*drops, "\n".join(["INSERT DATA {", *graphs, "}"])])


def swap(to: Target, wanted: Contents, request: str, placed: list[str]) -> None:
    """Have the update done that puts the new data in place, in one transaction.

    Where no answer comes, what is there is looked at: the store may have done it all the same.

    Raises:
        UserError: the old data stands, or it cannot be seen which stands.
    """
    try:
        update(to, request)
    except (UserError, KeyboardInterrupt) as fault:
        try:
            # A swap that is under way yet either finishes before this or finds nothing to put in place.
            discard(to, placed, can_update=True)
            verify(to, wanted)
        except UserError as error:
            key = "upload.not-swapped" if error.messages[0][0] == "upload.differs" else "upload.unsure"
            why = fault.messages if isinstance(fault, UserError) else ()
            raise UserError(*why, (key, {"address": shown(to.graphs)})) from None


def put_in_turn(to: Target, wanted: Contents, gone: list[str]) -> None:
    """Put each graph in its place where the store takes no updates, the default graph last, then delete those no longer ours.

    Raises:
        UserError: with a message that some graphs may be new and others old.
    """
    try:
        for name, statements in wanted.items():
            put(to, name, statements)
        for name in gone:
            delete(to, name)
    except (UserError, KeyboardInterrupt) as fault:
        why = fault.messages if isinstance(fault, UserError) else ()
        raise UserError(*why, ("upload.half", {"address": shown(to.graphs)})) from None


def verify(to: Target, wanted: Contents) -> None:
    """See that graphs hold just what they should.

    Raises:
        UserError: a graph there is another.
    """
    for name, statements in wanted.items():
        found = get(to, name)
        if canonical(found) != canonical(statements):
            values = {"graph": name or "default", "wanted": len(statements), "found": len(found), "address": shown(to.graphs)}
            raise UserError(("upload.differs", values))


def verify_in_place(to: Target, wanted: Contents, project: Project) -> None:
    """See that graphs hold just what they should, and that queries see as many statements in each, and in the default graph.

    Raises:
        UserError: they do not.
    """
    verify(to, wanted)
    counts = {name: number for name, number in statement_counts(to, project).items() if name.startswith((GRAPH_PREFIX, STAGING))}
    if DEFAULT in wanted:
        counts[DEFAULT] = count(to, "default-graph", project)
    for name in sorted({*counts, *wanted}):
        expected, found = len(wanted.get(name, [])), counts.get(name, 0)
        if expected != found:
            values = {"graph": name or "default", "wanted": expected, "found": found, "address": shown(to.query)}
            raise UserError(("upload.differs", values))


def canonical(statements: Iterable[Triple]) -> set[Quad]:
    """Return statements such that equal graphs are equal sets: blank nodes named by RDFC-1.0, and numbers written in one form.

    Stores keep the value of a number, but not always how it was written.
    """
    dataset = Dataset(Quad(t.subject, t.predicate, in_one_form(t.object), DefaultGraph()) for t in statements)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def in_one_form(term: Term) -> Term:
    """Return a decimal number or integer written in one form, any other term as it is."""
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        with suppress(InvalidOperation):
            return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
    return term
