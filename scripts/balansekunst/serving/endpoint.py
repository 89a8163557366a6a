"""A SPARQL endpoint that only reads, by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/).

What is answered when: 400 where the request or the query is faulty, 403 for updates, 422 for what can be read but is not done here
(`SERVICE`, more rows than are sent), 500 where a query was ended (section 2.1.6 has 500 for a service that fails or refuses to
execute a query; to ask again would not help), 503 where too much is asked at once (to ask again will help). The body is a sentence.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qsl

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple
from starlette.requests import Request
from starlette.responses import Response

from balansekunst.asking.catalogue import XSD
from balansekunst.checking.rules import RDF_TYPE
from balansekunst.messages import UserError
from balansekunst.publication.negotiation import LICENCE, VARY, Representation, language_of, media_ranges, preferred
from balansekunst.publication.paths import page_path
from balansekunst.publication.rdf import PREFIXES, serialized
from balansekunst.serving.evaluation import GRAPHS, ROWS, Asked, Format, typed
from balansekunst.serving.evaluators import Evaluators, Held
from balansekunst.serving.site import field, sentence

LARGEST = 2**20
"""Bytes of the body of a request."""
MOST_FIELDS = 1000
METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
PAGE = "sparql"
"""The site's page to write queries on."""
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
STATUS = {
    "serving.no-query": 400,
    "serving.several": 400,
    "serving.encoding": 400,
    "serving.form": 400,
    "serving.graph-iri": 400,
    "serving.syntax": 400,
    "serving.update": 403,
    "serving.results-not-acceptable": 406,
    "serving.too-large": 413,
    "serving.media-type": 415,
    "serving.service": 422,
    "serving.rows": 422,
    "serving.failed": 500,
    "serving.crashed": 500,
    "serving.time": 500,
    "serving.memory": 500,
    "serving.busy": 503,
}
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID_TRIPLES = NamedNode(f"{PREFIXES['void']}triples")
RESULT_FORMATS = {
    QueryResultsFormat.JSON: "SPARQL_Results_JSON",
    QueryResultsFormat.XML: "SPARQL_Results_XML",
    QueryResultsFormat.CSV: "SPARQL_Results_CSV",
    QueryResultsFormat.TSV: "SPARQL_Results_TSV",
    RdfFormat.TURTLE: "Turtle",
    RdfFormat.N_TRIPLES: "N-Triples",
    RdfFormat.RDF_XML: "RDF_XML",
    RdfFormat.JSON_LD: "JSON-LD",
}
"""Names of formats (https://www.w3.org/ns/formats/)."""


def endpoint(evaluators: Evaluators, folder: Path) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers requests to the endpoint.

    Args:
        evaluators: where queries go.
        folder: the site, which may have a page to write queries on.
    """

    async def respond(request: Request) -> Response:
        accept, language = field(request.headers, "accept"), language_of(field(request.headers, "accept-language"))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
        try:
            asked = await asked_of(request, accept)
            if asked is None:
                return described(str(request.url.replace(query="")), accept, language, evaluators.held, folder)
            key, values, body = await answer(request, evaluators, asked)
        except UserError as error:
            [(key, told)] = error.messages
            values, body = dict(told), b""
        if key == "ok":
            return Response(body, headers={"Content-Type": str(values["type"]), "Vary": "Accept"})
        return sentence(key, STATUS[key], language, {"Vary": VARY} | ({"Retry-After": "5"} if STATUS[key] == 503 else {}), **values)

    return respond


async def answer(request: Request, evaluators: Evaluators, asked: Asked) -> tuple[str, dict[str, object], bytes]:
    """Have a query answered, unless whoever asked goes away before that.

    Raises:
        UserError: there are too many queries now.
    """

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    asking, going = asyncio.create_task(evaluators.ask(asked)), asyncio.create_task(gone())
    try:
        await asyncio.wait({asking, going}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            return "serving.busy", {}, b""
        answered = asking.result()
        return answered.key, dict(answered.values), answered.body
    except (TimeoutError, ConnectionError):
        raise UserError(("serving.busy", {})) from None
    finally:
        for task in (asking, going):
            task.cancel()
        await asyncio.gather(asking, going, return_exceptions=True)


async def asked_of(request: Request, accept: str) -> Asked | None:
    """Return the query of a request; nothing where it has none and asks what service this is.

    Raises:
        UserError: the request is not one that the protocol has, or asks for an update.
    """
    fields = form(request.scope["query_string"])
    if request.method == "POST":
        given = request.headers.get("content-type", "")
        media_type, body = given.partition(";")[0].strip().lower(), await body_of(request)
        if media_type == FORM:
            fields += form(body)
        elif media_type == QUERY:
            fields.append(("query", decoded(body)))
        elif media_type == UPDATE:
            fields.append(("update", ""))
        else:
            raise UserError(("serving.media-type", {"given": given}))
    names = [name for name, _ in fields]
    if "update" in names:
        raise UserError(("serving.update", {}))
    if "query" not in names:
        if fields or request.method == "POST":
            raise UserError(("serving.no-query", {}))
        return None
    if names.count("query") > 1:
        raise UserError(("serving.several", {}))
    return Asked(dict(fields)["query"], accept, graphs(fields, "default-graph-uri"), graphs(fields, "named-graph-uri"))


def graphs(fields: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return the IRIs of graphs that a request names.

    Raises:
        UserError: one is no IRI.
    """
    found = tuple(value for key, value in fields if key == name)
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError:
            raise UserError(("serving.graph-iri", {"iri": iri[:300]})) from None
    return found


async def body_of(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        UserError: it is too large.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise UserError(("serving.too-large", {"kilobytes": LARGEST // 1024}))
    return body


def decoded(written: bytes) -> str:
    """Return what is written in UTF-8.

    Raises:
        UserError: it is not.
    """
    try:
        return written.decode()
    except UnicodeDecodeError:
        raise UserError(("serving.encoding", {})) from None


def form(written: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form or of the part of an address after `?`.

    Raises:
        UserError: it is not UTF-8, or there are too many.
    """
    try:
        return parse_qsl(decoded(written), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise UserError(("serving.encoding", {})) from None
    except ValueError as error:
        raise UserError(("serving.form", {"why": str(error)})) from None


def described(address: str, accept: str, language: str, held: Held, folder: Path) -> Response:
    """Return what the service is (SPARQL 1.1 Service Description), or where its page is for those who would rather have that."""
    page = Representation("page", media_ranges("text/html"), "html")
    page_there = next((place for place in (page_path(PAGE, language), page_path(PAGE)) if (folder / place).is_file()), None)
    chosen = preferred(accept, (*GRAPHS, page) if page_there else GRAPHS)
    if isinstance(chosen, Representation):
        return Response(status_code=303, headers={"Location": f"/{page_there}", "Vary": VARY})
    if not isinstance(chosen, Format) or not isinstance(chosen.format, RdfFormat):
        known = ", ".join(dict.fromkeys(item.media_type for item in GRAPHS))
        return sentence("serving.results-not-acceptable", 406, language, {"Vary": VARY}, known=known)
    body = serialized(description(address, held), chosen.format)
    return Response(body, headers={"Content-Type": typed(chosen), "Vary": VARY})


def description(address: str, held: Held) -> list[Triple]:
    """Return what the service is, in RDF (https://www.w3.org/TR/sparql11-service-description/)."""
    service, dataset, default = NamedNode(address), BlankNode("dataset"), BlankNode("default")

    def sd(name: str) -> NamedNode:
        return NamedNode(SD + name)

    told = [
        Triple(service, RDF_TYPE, sd("Service")),
        Triple(service, sd("endpoint"), service),
        Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        Triple(service, sd("feature"), sd("UnionDefaultGraph")),
        *(
            Triple(service, sd("resultFormat"), NamedNode(FORMATS + RESULT_FORMATS[f.format]))
            for f in dict.fromkeys((*ROWS[:4], *GRAPHS[:4]))
        ),
        Triple(service, NamedNode(f"{PREFIXES['dcterms']}license"), NamedNode(LICENCE)),
        Triple(service, sd("defaultDataset"), dataset),
        Triple(dataset, RDF_TYPE, sd("Dataset")),
        Triple(dataset, sd("defaultGraph"), default),
        Triple(default, RDF_TYPE, sd("Graph")),
        Triple(default, VOID_TRIPLES, integer(held.triples)),
    ]
    for number, (name, triples) in enumerate(held.graphs.items()):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        told += [
            Triple(dataset, sd("namedGraph"), named),
            Triple(named, RDF_TYPE, sd("NamedGraph")),
            Triple(named, sd("name"), NamedNode(name)),
            Triple(named, sd("graph"), graph),
            Triple(graph, RDF_TYPE, sd("Graph")),
            Triple(graph, VOID_TRIPLES, integer(triples)),
        ]
    return told


def integer(value: int) -> Literal:
    """Return a whole number as a term."""
    return Literal(str(value), datatype=NamedNode(f"{XSD}integer"))
