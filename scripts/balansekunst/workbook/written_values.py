"""Dates and numbers as people write them, read as `site/scripts/drafts/written-values.js` reads them."""

import json
import re
from functools import cache
from typing import Any

from balansekunst.namespaces import fold_name
from balansekunst.package_files import WRITTEN_VALUES_FILE


@cache
def load_written_values() -> dict[str, Any]:
    """Return the words and forms of `site/written-values.json`."""
    content: dict[str, Any] = json.loads(WRITTEN_VALUES_FILE.read_text(encoding="utf-8"))
    return content


def _read_date(written: str) -> str:
    """Return a date as the data has it, `2026-05` for `mai 2026`, or what was written."""
    forms = load_written_values()
    folded = fold_name(written)
    for form in forms["dates"]:
        match = re.fullmatch(form.replace("(?<", "(?P<"), folded, re.ASCII)
        if match is None:
            continue
        month, day = match["month"], match["day"]
        number = forms["months"].get(month, int(month) if month.isdigit() else 0)
        if 1 <= number <= 12 and (day is None or 1 <= int(day) <= 31):
            return "-".join(part for part in (match["year"], f"{number:02}", day and day.zfill(2)) if part)
    return written


def _read_number(written: str) -> str:
    """Return a whole number in digits, or what was written."""
    forms = load_written_values()
    folded = fold_name(written)
    if re.fullmatch(forms["thousands"], folded, re.ASCII):
        return folded.replace(" ", "")
    return str(forms["numbers"].get(folded, written))


def strip_bullets(written: str) -> str:
    """Return a text without the bullets of a list that it was pasted from."""
    return re.sub(rf"^{load_written_values()['bullet']}(?=\S)", "", written, flags=re.MULTILINE | re.ASCII)


READERS = {"integer": _read_number, "months": _read_number, "year": _read_date, "month": _read_date}
"""What reads each kind of value."""
