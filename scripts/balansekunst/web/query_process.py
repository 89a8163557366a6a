"""Evaluate one query, as a process does that can be ended at any moment, and write the answer in the format asked for."""

import json
import os
import re
import resource
import signal
import socket
import struct
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse_query_results,
)

from balansekunst.rdf.serialize import serialize_rdf
from balansekunst.sparql.catalogue import SYNTAX_ERROR_PATTERN
from balansekunst.sparql.federation import has_service
from balansekunst.web.negotiation import AcceptRange, Candidate, has_charset, list_media_ranges, select_preferred
from balansekunst.xml_text import replace_unwritable

MESSAGE_HEADER = struct.Struct(">II")
"""Lengths of what a message tells of itself, and of its body."""
_MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What one query may take."""

    seconds: float = 30.0
    megabytes: int = 1024
    """Memory beyond what the data take."""
    rows: int = 100_000
    """Rows, or statements, of an answer."""


@dataclass(frozen=True)
class QueryRequest:
    """A query as the protocol brings it."""

    query: str
    accept: str = ""
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    """Both empty: the dataset as it is, or as the query's own FROM has it."""
    base: str | None = None
    """What relative IRIs in the query are resolved against."""


@dataclass(frozen=True)
class QueryResponse:
    """What came of it."""

    key: str
    """`ok`, or the message that tells what went wrong."""
    values: Mapping[str, Any]
    """What fills the message; for `ok`, the media type."""
    body: bytes = b""


@dataclass(frozen=True)
class Format(Candidate):
    """A format of answers."""

    media_type: str
    format: QueryResultsFormat | RdfFormat


def _build_formats(*known: QueryResultsFormat | RdfFormat, **others: QueryResultsFormat | RdfFormat) -> tuple[Format, ...]:
    """Return formats to choose from: by their own media types, and by `others` that people also write for them."""
    own = [(format, list_media_ranges(_strip_parameters(format))) for format in known]
    also = [(format, (AcceptRange(re.escape(name.replace("_", "/"))),)) for name, format in others.items()]
    return tuple(Format(format.file_extension, ranges, _strip_parameters(format), format) for format, ranges in [*own, *also])


def _strip_parameters(format: QueryResultsFormat | RdfFormat) -> str:
    """Return the media type of a format without parameters."""
    return format.media_type.partition(";")[0]


_BOOLEAN_FORMATS = _build_formats(
    QueryResultsFormat.JSON,
    QueryResultsFormat.XML,
    application_json=QueryResultsFormat.JSON,
    application_xml=QueryResultsFormat.XML,
    text_xml=QueryResultsFormat.XML,
)
ROW_FORMATS = (*_BOOLEAN_FORMATS[:2], *_build_formats(QueryResultsFormat.CSV, QueryResultsFormat.TSV), *_BOOLEAN_FORMATS[2:])
GRAPH_RESULT_FORMATS = _build_formats(
    RdfFormat.TURTLE,
    RdfFormat.N_TRIPLES,
    RdfFormat.RDF_XML,
    RdfFormat.JSON_LD,
    application_json=RdfFormat.JSON_LD,
    application_xml=RdfFormat.RDF_XML,
)
"""The first is what a client gets that accepts anything."""


class TooManyRowsError(Exception):
    """An answer has more rows than are sent."""


class RowBuffer:
    """Something to write rows to, a row a line, that takes no more than so many."""

    def __init__(self, most: int) -> None:
        """Take how many rows there may be, beside the heading."""
        self.parts, self.remaining_rows = list[bytes](), most + 1

    def write(self, part: bytes) -> int:
        """Keep a part of the answer.

        Raises:
            TooManyRowsError: there are more rows than may be.
        """
        self.remaining_rows -= part.count(b"\n")
        if self.remaining_rows < 0:
            raise TooManyRowsError
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Do nothing: all is kept at once."""


def evaluate(store: Store, asked: QueryRequest, limits: Limits) -> QueryResponse:
    """Answer a query.

    Args:
        store: the data, all of it also in the default graph.
        asked: the query and what it is asked of.
        limits: only the number of rows is seen to here.
    """
    if asked.default_graphs or asked.named_graphs:
        dataset: dict[str, Any] = {
            "default_graph": [NamedNode(iri) for iri in asked.default_graphs],
            "named_graphs": [NamedNode(iri) for iri in asked.named_graphs],
        }
    else:
        dataset = {}
    try:
        if has_service(asked.query, asked.base):
            return QueryResponse("serving.service", {})
        return _serialize_result(store.query(asked.query, base_iri=asked.base, **dataset), asked.accept, limits.rows)
    except TooManyRowsError:
        return QueryResponse("serving.rows", {"rows": limits.rows})
    except SyntaxError as error:
        place = SYNTAX_ERROR_PATTERN.match(str(error))
        line, column, why = place.groups() if place else (1, 1, str(error))
        return QueryResponse("serving.syntax", {"line": int(line), "column": int(column), "reason": _join_lines(why)})
    except MemoryError:
        return QueryResponse("serving.memory", {"megabytes": limits.megabytes})
    except (OSError, ValueError, RuntimeError) as error:
        return QueryResponse("serving.failed", {"reason": _join_lines(str(error))})


def _serialize_result(found: QuerySolutions | QueryBoolean | QueryTriples, accept: str, most: int) -> QueryResponse:
    """Return an answer in the format that is liked best.

    Raises:
        TooManyRowsError: there are more rows than `most`.
    """
    known = (
        _BOOLEAN_FORMATS if isinstance(found, QueryBoolean) else ROW_FORMATS if isinstance(found, QuerySolutions) else GRAPH_RESULT_FORMATS
    )
    chosen = select_preferred(accept, known)
    if chosen is None:
        return QueryResponse("serving.results-not-acceptable", {"allowed": ", ".join(dict.fromkeys(item.media_type for item in known))})
    if isinstance(found, QueryTriples):
        triples = list(islice(found, most + 1))
        if len(triples) > most:
            raise TooManyRowsError
        assert isinstance(chosen.format, RdfFormat)
        body = serialize_rdf(sorted(set(triples), key=str), chosen.format)
    else:
        assert isinstance(chosen.format, QueryResultsFormat)
        if isinstance(found, QuerySolutions):
            # TSV has a row a line and loses nothing, so it is what rows are counted in.
            rows = RowBuffer(most)
            found.serialize(rows, format=QueryResultsFormat.TSV)  # type: ignore[arg-type]
            body = b"".join(rows.parts)
            if chosen.format == QueryResultsFormat.TSV:
                return QueryResponse("ok", {"type": build_content_type(chosen)}, body)
            found = parse_query_results(body, format=QueryResultsFormat.TSV)
        body = found.serialize(format=chosen.format) or b""
        if chosen.format == QueryResultsFormat.XML:
            body = replace_unwritable(body.decode()).encode()
    return QueryResponse("ok", {"type": build_content_type(chosen)}, body)


def build_content_type(format: Format) -> str:
    """Return the `Content-Type` of a format."""
    return f"{format.media_type}; charset=utf-8" if has_charset(format.media_type) else format.media_type


def _join_lines(words: str) -> str:
    """Return words in one line without a full stop, to stand in a sentence."""
    return " ".join(words.split())[:300].rstrip(".")


def send_response(connection: socket.socket, answered: QueryResponse) -> None:
    """Send an answer."""
    told = json.dumps({"key": answered.key, "values": answered.values}).encode()
    connection.sendall(MESSAGE_HEADER.pack(len(told), len(answered.body)) + told)
    connection.sendall(answered.body)


def run_query_in_child(connection: socket.socket, store: Store, limits: Limits) -> NoReturn:
    """Take one query from a connection, answer it and end this process, which nothing outside can be reached from.

    The time limit is an alarm that ends the process wherever it is. Memory is limited by the system. No file or connection can be
    opened any more, so that nothing that a query says, or the engine does, can reach the network.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    most = _measure_address_space() + limits.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    with connection.makefile("rb") as lines:
        asked = QueryRequest(**json.loads(lines.readline()))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    # In a thread of its own, whose random numbers begin anew: those of a copied process go on as in all its other copies.
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(evaluate, store, asked, limits).result()
    signal.setitimer(signal.ITIMER_REAL, 0)
    send_response(connection, answered)
    os._exit(0)


def _measure_address_space() -> int:
    """Return the bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
