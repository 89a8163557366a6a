"""Read mapping tables with sssom-py, and print as JSON what it reads of each and what its validation finds."""

import json
import logging
import sys
from typing import Any

from sssom.parsers import parse_sssom_table
from sssom.validators import validate


def read(path: str) -> dict[str, Any]:
    """Return the rows of a table, without cells that are empty, and what is wrong with it."""
    try:
        found = parse_sssom_table(path)
    except Exception as error:
        return {"rows": [], "problems": [f"{type(error).__name__}: {error}"]}
    rows = [{name: value for name, value in row.items() if value == value and value != ""} for row in found.df.to_dict("records")]
    reports = validate(found, fail_on_error=False).values()
    return {"rows": rows, "problems": [result.message for report in reports for result in report.results]}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
