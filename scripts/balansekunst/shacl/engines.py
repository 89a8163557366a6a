"""The SHACL engines: pyrudof, which is fast, and pySHACL, the reference, which takes over where pyrudof fails or is not there."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pyoxigraph import Quad, Triple

from balansekunst.errors import Message, UserError
from balansekunst.rdf.ntriples import parse_ntriples, serialize_ntriples
from balansekunst.shacl.constraint_queries import ConstraintQueries

if TYPE_CHECKING:
    import pyrudof

Engine = Callable[[str, str], Iterable[Triple]]
"""Takes the data and the shapes as N-Triples and returns a SHACL validation report."""


def validate_with_pyrudof(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pyrudof. The tests show that pySHACL reports the same.

    Raises:
        UserError: the engine gave up, or is not installed.
    """
    try:
        # There is no wheel of it for every platform.
        import pyrudof

        with _silence_stderr():
            engine = _start_pyrudof()
            engine.begin_staging()
            engine.read_data(data, format=pyrudof.RDFFormat.NTriples, merge=True)
            engine.read_shacl(shapes, format=pyrudof.ShaclFormat.NTriples)
            engine.validate_shacl()
            results = engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.NTriples)
            engine.rollback_staging()
    except BaseException as error:
        _start_pyrudof.cache_clear()
        # A panic in the engine is not an Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UserError(("validate.engine", {"reason": str(error).split("\n", 1)[0] or type(error).__name__})) from None
    return parse_ntriples(results)


@cache
def _start_pyrudof() -> "pyrudof.Rudof":
    """Return the engine without data. Starting it takes as long as checking a small file."""
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data("# no triple", format=pyrudof.RDFFormat.NTriples)
    return engine


def validate_with_pyshacl(data: str, shapes: str) -> Iterable[Triple]:
    """Validate with pySHACL.

    Raises:
        UserError: the engine gave up.
    """
    # It and rdflib take a second to start.
    from balansekunst.shacl.pyshacl_engine import validate_ntriples

    try:
        return list(validate_ntriples(data, shapes))
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError) as error:
        raise UserError(("validate.engine", {"reason": str(error).split("\n", 1)[0] or type(error).__name__})) from None


_BATCH_SIZE = 20_000
"""Nodes of shapes that pyrudof looks at, at a time. It takes some 36 kB for each result, and a node of a shape seldom has more than one."""


class FallbackEngine:
    """Asks once for all what can be asked so, and leaves the rest to pyrudof, and from where it first fails on to pySHACL."""

    def __init__(self) -> None:
        """Begin with pyrudof."""
        self.notes: list[Message] = []
        """Why pySHACL took over, where it did."""
        self._data = ""
        self._queries = ConstraintQueries("")

    def __call__(self, data: str, shapes: str) -> Iterable[Triple]:
        """Return a validation report.

        Raises:
            UserError: both engines gave up.
        """
        if data is not self._data:
            self._data, self._queries = data, ConstraintQueries(data)
        results, rules, targets = self._queries.check(shapes)
        yield from results
        for start in range(0, len(targets), _BATCH_SIZE):
            part = [*rules, *targets[start : start + _BATCH_SIZE]]
            yield from self._validate_each(data, serialize_ntriples(Quad(*triple) for triple in part))

    def _validate_each(self, data: str, shapes: str) -> Iterable[Triple]:
        """Return the report of an engine that asks for each thing by itself.

        Raises:
            UserError: both engines gave up.
        """
        if not self.notes:
            try:
                return validate_with_pyrudof(data, shapes)
            except UserError as error:
                [(_, values)] = error.messages
                self.notes.append(("validate.fallback", values))
        return validate_with_pyshacl(data, shapes)


ENGINES: dict[str, Callable[[], Engine]] = {"pyrudof": FallbackEngine, "pyshacl": lambda: validate_with_pyshacl}
"""What makes an engine, by the name that `validate --engine` takes."""
DEFAULT_ENGINE = "pyrudof"


@contextmanager
def _silence_stderr() -> Iterator[None]:
    """Hold back what the engine writes to the standard error stream: a trace of itself where it stops."""
    kept = os.dup(2)
    try:
        with TemporaryFile() as sink:
            os.dup2(sink.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
