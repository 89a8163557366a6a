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

from balansekunst.errors import UserError
from balansekunst.export.paths import get_page_path
from balansekunst.namespaces import PREFIXES, RDF_TYPE, XSD
from balansekunst.rdf.serialize import serialize_rdf
from balansekunst.web.negotiation import LICENCE_URL, PAGE_RANGES, VARY_HEADER, Representation, select_language, select_preferred
from balansekunst.web.query_pool import DatasetSize, QueryPool
from balansekunst.web.query_process import GRAPH_RESULT_FORMATS, ROW_FORMATS, Format, QueryRequest, build_content_type
from balansekunst.web.static_files import build_message_response, get_header

MAX_BODY_BYTES = 2**20
"""Bytes of the body of a request."""
_MAX_FIELDS = 1000
ENDPOINT_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
_QUERY_PAGE = "sparql"
"""The site's page to write queries on."""
_FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
_QUERY_MEDIA_TYPE = "application/sparql-query"
_FORMAT_FIELDS = {format.name: format.media_type for format in (*ROW_FORMATS, *GRAPH_RESULT_FORMATS)}
"""What a field `format` means, for programs that cannot send `Accept`, such as spreadsheets."""
_UPDATE_MEDIA_TYPE = "application/sparql-update"
STATUS_BY_MESSAGE = {
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
SD_NAMESPACE = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS_NAMESPACE = "http://www.w3.org/ns/formats/"
_VOID_TRIPLES = NamedNode(f"{PREFIXES['void']}triples")
_FORMAT_NAMES = {
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


def create_endpoint(evaluators: QueryPool, folder: Path, base: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers requests to the endpoint.

    Args:
        evaluators: where queries go.
        folder: the site, which may have a page to write queries on.
        base: what relative IRIs in queries are resolved against.
    """

    async def respond(request: Request) -> Response:
        accept, language = get_header(request.headers, "accept"), select_language(get_header(request.headers, "accept-language"))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(ENDPOINT_METHODS)})
        try:
            asked = await _parse_request(request, accept, base)
            if asked is None:
                return _describe_service(str(request.url.replace(query="")), accept, language, evaluators.dataset_size, folder)
            key, values, body = await _run_until_disconnect(request, evaluators, asked)
        except UserError as error:
            [(key, told)] = error.messages
            values, body = dict(told), b""
        if key == "ok":
            return Response(body, headers={"Content-Type": str(values["type"]), "Vary": "Accept"})
        return build_message_response(
            key,
            STATUS_BY_MESSAGE[key],
            language,
            {"Vary": VARY_HEADER} | ({"Retry-After": "5"} if STATUS_BY_MESSAGE[key] == 503 else {}),
            **values,
        )

    return respond


async def _run_until_disconnect(request: Request, evaluators: QueryPool, asked: QueryRequest) -> tuple[str, dict[str, object], bytes]:
    """Have a query answered, unless whoever asked goes away before that.

    Raises:
        UserError: there are too many queries now.
    """

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    asking, going = asyncio.create_task(evaluators.run_query(asked)), asyncio.create_task(gone())
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


async def _parse_request(request: Request, accept: str, base: str) -> QueryRequest | None:
    """Return the query of a request; nothing where it has none and asks what service this is.

    Raises:
        UserError: the request is not one that the protocol has, or asks for an update.
    """
    fields = _parse_form(request.scope["query_string"])
    if request.method == "POST":
        given = request.headers.get("content-type", "")
        media_type, body = given.partition(";")[0].strip().lower(), await _read_body(request)
        if media_type == _FORM_MEDIA_TYPE:
            fields += _parse_form(body)
        elif media_type == _QUERY_MEDIA_TYPE:
            fields.append(("query", _decode_utf8(body)))
        elif media_type == _UPDATE_MEDIA_TYPE:
            fields.append(("update", ""))
        else:
            raise UserError(("serving.media-type", {"value": given}))
    names = [name for name, _ in fields]
    if "update" in names:
        raise UserError(("serving.update", {}))
    if "query" not in names:
        if fields or request.method == "POST":
            raise UserError(("serving.no-query", {}))
        return None
    if names.count("query") > 1:
        raise UserError(("serving.several", {}))
    values = dict(fields)
    return QueryRequest(
        values["query"].removeprefix("\ufeff"),
        _FORMAT_FIELDS.get(values.get("format", ""), accept),
        _parse_graph_iris(fields, "default-graph-uri"),
        _parse_graph_iris(fields, "named-graph-uri"),
        base,
    )


def _parse_graph_iris(fields: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return the IRIs of graphs that a request names. An empty field names none.

    Raises:
        UserError: one is no IRI.
    """
    found = tuple(value for key, value in fields if key == name and value)
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError:
            raise UserError(("serving.graph-iri", {"iri": iri[:300]})) from None
    return found


async def _read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        UserError: it is too large.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise UserError(("serving.too-large", {"kilobytes": MAX_BODY_BYTES // 1024}))
    return body


def _decode_utf8(written: bytes) -> str:
    """Return what is written in UTF-8.

    Raises:
        UserError: it is not.
    """
    try:
        return written.decode()
    except UnicodeDecodeError:
        raise UserError(("serving.encoding", {})) from None


def _parse_form(written: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form or of the part of an address after `?`.

    Raises:
        UserError: it is not UTF-8, or there are too many.
    """
    try:
        return parse_qsl(_decode_utf8(written), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise UserError(("serving.encoding", {})) from None
    except ValueError as error:
        raise UserError(("serving.form", {"reason": str(error)})) from None


def _describe_service(address: str, accept: str, language: str, held: DatasetSize, folder: Path) -> Response:
    """Return what the service is (SPARQL 1.1 Service Description), or where its page is for those who would rather have that."""
    page = Representation("page", PAGE_RANGES, "html")
    page_there = next(
        (place for place in (get_page_path(_QUERY_PAGE, language), get_page_path(_QUERY_PAGE)) if (folder / place).is_file()), None
    )
    chosen = select_preferred(accept, (*GRAPH_RESULT_FORMATS, page) if page_there else GRAPH_RESULT_FORMATS)
    if isinstance(chosen, Representation):
        return Response(status_code=303, headers={"Location": f"/{page_there}", "Vary": VARY_HEADER})
    if not isinstance(chosen, Format) or not isinstance(chosen.format, RdfFormat):
        known = ", ".join(dict.fromkeys(item.media_type for item in GRAPH_RESULT_FORMATS))
        return build_message_response("serving.results-not-acceptable", 406, language, {"Vary": VARY_HEADER}, allowed=known)
    body = serialize_rdf(_build_service_description(address, held), chosen.format)
    return Response(body, headers={"Content-Type": build_content_type(chosen), "Vary": VARY_HEADER})


def _build_service_description(address: str, held: DatasetSize) -> list[Triple]:
    """Return what the service is, in RDF (https://www.w3.org/TR/sparql11-service-description/)."""
    service, dataset, default = NamedNode(address), BlankNode("dataset"), BlankNode("default")

    def sd(name: str) -> NamedNode:
        return NamedNode(SD_NAMESPACE + name)

    told = [
        Triple(service, RDF_TYPE, sd("Service")),
        Triple(service, sd("endpoint"), service),
        Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        Triple(service, sd("feature"), sd("UnionDefaultGraph")),
        *(
            Triple(service, sd("resultFormat"), NamedNode(_FORMATS_NAMESPACE + _FORMAT_NAMES[f.format]))
            for f in dict.fromkeys((*ROW_FORMATS[:4], *GRAPH_RESULT_FORMATS[:4]))
        ),
        Triple(service, NamedNode(f"{PREFIXES['dcterms']}license"), NamedNode(LICENCE_URL)),
        Triple(service, sd("defaultDataset"), dataset),
        Triple(dataset, RDF_TYPE, sd("Dataset")),
        Triple(dataset, sd("defaultGraph"), default),
        Triple(default, RDF_TYPE, sd("Graph")),
        Triple(default, _VOID_TRIPLES, _build_integer(held.triples)),
    ]
    for number, (name, triples) in enumerate(held.graphs.items()):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        told += [
            Triple(dataset, sd("namedGraph"), named),
            Triple(named, RDF_TYPE, sd("NamedGraph")),
            Triple(named, sd("name"), NamedNode(name)),
            Triple(named, sd("graph"), graph),
            Triple(graph, RDF_TYPE, sd("Graph")),
            Triple(graph, _VOID_TRIPLES, _build_integer(triples)),
        ]
    return told


def _build_integer(value: int) -> Literal:
    """Return a whole number as a term."""
    return Literal(str(value), datatype=NamedNode(f"{XSD}integer"))
