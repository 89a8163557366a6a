"""Comma-separated text as spreadsheets write it: with commas, semicolons or tabs."""

import csv
import io
import re
from collections.abc import Iterator

_DELIMITERS = ",;\t"


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
