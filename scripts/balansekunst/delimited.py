"""Comma-separated text as spreadsheets write it: with commas, semicolons or tabs."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

_DELIMITERS = ",;\t"


def convert_to_utf8(content: bytes) -> bytes:
    """Return a text in UTF-8: what is neither that nor UTF-16 is in the encoding of Windows, as Excel in Norwegian writes CSV."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("cp1252", "replace").encode()
    return content


def parse_delimited(written: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of a text with their numbers, from 1.

    Raises:
        csv.Error: quotation marks do not match.
    """
    # Excel writes the delimiter in a line of its own, `sep=;`, when it is told to.
    told = re.match(r"sep=(.)\r?\n", written, re.IGNORECASE)
    table = written[told.end() :] if told else written
    first = re.sub(r'"[^"]*"', "", table.partition("\n")[0])
    delimiter = told[1] if told else max(_DELIMITERS, key=lambda mark: first.count(mark))
    yield from enumerate(csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True), 2 if told else 1)
