"""Query remote SPARQL 1.1 services, with a time limit, retries, credentials, and errors as sentences.

SPARQLWrapper writes the requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/). Its last release is of 2022, and
three of its habits are changed here: it guesses what kind of query it has from words in the comments too, it sends parameters of
its own beside those of the protocol, and it follows redirects with the password in hand.
"""

from typing import Any
from urllib.parse import quote_plus

from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results
from SPARQLWrapper import GET, JSON, POST, SELECT, SPARQLWrapper

from balansekunst.errors import UserError
from balansekunst.http_client import REQUEST_TIMEOUT, USER_AGENT, HttpResponse, check_url, redact_url, sanitize_text, send_request
from balansekunst.sparql.catalogue import QueryResult, build_query_result, to_python_value

MAX_GET_CHARACTERS = 2_000
"""Characters of a query in the address. Longer ones go in the body of a POST: some services and proxies stop at some 2,000."""
RESULT_SET_ACCEPT = f"{QueryResultsFormat.JSON.media_type}, {QueryResultsFormat.XML.media_type};q=0.8"
_GRAPH_FORMATS = (RdfFormat.N_TRIPLES, RdfFormat.TURTLE)
GRAPH_ACCEPT = f"{RdfFormat.N_TRIPLES.media_type};q=0.7, {RdfFormat.TURTLE.media_type};q=0.6"


class _SparqlRequest(SPARQLWrapper):
    """SPARQLWrapper, with requests sent by `send`, and no guess at what kind of query it has."""

    def __init__(self, endpoint: str, query: str, accept: str, timeout: float) -> None:
        """Take a query, which goes in the address where it is short, else in the body."""
        super().__init__(endpoint, agent=USER_AGENT, returnFormat=JSON)
        self.request_timeout = timeout
        self.setOnlyConneg(True)
        self.addCustomHttpHeader("Accept", accept)
        self.setMethod(POST if "?" in endpoint or len(quote_plus(query)) > MAX_GET_CHARACTERS else GET)
        self.setQuery(query)

    def _parseQueryType(self, query: str) -> str:
        return SELECT

    def _query(self) -> tuple[Any, str]:
        request = self._createRequest()
        body = request.data if isinstance(request.data, bytes) else None
        return send_request(
            request.get_method(), request.full_url, body, dict(request.header_items()), self.request_timeout
        ), self.returnFormat


def _fetch(endpoint: str, query: str, accept: str, timeout: float) -> HttpResponse:
    """Send a query by the SPARQL 1.1 Protocol.

    Raises:
        UserError: as `send` does.
    """
    check_url(endpoint)
    reply = _SparqlRequest(endpoint, query, accept, timeout).query().response
    assert isinstance(reply, HttpResponse)
    return reply


def run_remote_query(endpoint: str, query: str, timeout: float = REQUEST_TIMEOUT) -> QueryResult:
    """Return the result of a query of any form, as the embedded engine would return it.

    Args:
        endpoint: address of a SPARQL 1.1 query service.
        query: the text, parameters bound (`catalogue.bind_parameters`).
        timeout: seconds that one attempt may take.

    Raises:
        UserError: the service cannot be reached, refuses, is too slow, or answers with something else.
    """
    reply = _fetch(endpoint, query, f"{RESULT_SET_ACCEPT}, {GRAPH_ACCEPT}", timeout)
    if RdfFormat.from_media_type(reply.media_type) in _GRAPH_FORMATS:
        return build_query_result(parse_response_triples(reply))
    format = QueryResultsFormat.from_media_type(reply.media_type)
    if format not in (QueryResultsFormat.JSON, QueryResultsFormat.XML):
        raise UserError(("remote.type", {"address": reply.address, "type": reply.media_type or "-"}))
    try:
        return build_query_result(parse_query_results(reply.body, format=format))
    except (SyntaxError, ValueError) as error:
        raise UserError(("remote.unreadable", {"address": reply.address, "reason": sanitize_text(str(error))})) from None


def run_remote_ask(endpoint: str, query: str, timeout: float = REQUEST_TIMEOUT) -> bool:
    """Return the result of an ASK query.

    Raises:
        UserError: as `run_remote_query` does.
    """
    answer = run_remote_query(endpoint, query, timeout)
    if answer.kind != "boolean":
        raise UserError(("remote.form", {"address": redact_url(endpoint)}))
    return bool(to_python_value(answer.rows[0]["answer"]))


def parse_response_triples(reply: HttpResponse) -> list[Triple]:
    """Read a graph that a service sent.

    Raises:
        UserError: it is in no format of ours, or is cut off.
    """
    format = RdfFormat.from_media_type(reply.media_type)
    if format not in _GRAPH_FORMATS:
        raise UserError(("remote.type", {"address": reply.address, "type": reply.media_type or "-"}))
    try:
        return [Triple(q.subject, q.predicate, q.object) for q in parse(reply.body, format=format)]
    except SyntaxError as error:
        raise UserError(("remote.unreadable", {"address": reply.address, "reason": sanitize_text(str(error))})) from None
