"""Numbers, dates and durations as people write them."""

import re
from functools import cache

from pyoxigraph import Literal, NamedNode

from balansekunst.messages import format_message
from balansekunst.namespaces import expand_name

_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?:T.*|Z|[+-]\d\d:\d\d)?")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@cache
def _expand_types(*names: str) -> frozenset[NamedNode]:
    """Return datatypes by their prefixed names."""
    return frozenset(NamedNode(expand_name(name)) for name in names)


def format_quantity(value: float, language: str) -> str:
    """Return a number as the language writes it: thousands apart, and no more decimals than it has."""
    written = f"{value:,.10g}"
    return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def format_date(written: str, language: str) -> str:
    """Return a date or a month (`2018-12`) in words; anything else, such as a year, as it is."""
    found = _DATE.fullmatch(written)
    if not found:
        return written
    month = format_message("date.months", language).split()[int(found["month"]) - 1]
    if not found["day"]:
        return format_message("date.month", language, month=month, year=found["year"])
    return format_message("date.day", language, day=int(found["day"]), month=month, year=found["year"])


def _format_duration(written: str, language: str) -> str:
    """Return a duration of years, months, weeks and days (`P2Y6M`) in words; anything else as it is."""
    found = _DURATION.fullmatch(written)
    if not found or not any(found.groups()):
        return written
    one = (format_message(key, language) for key in ("duration.year", "duration.month", "duration.week", "duration.day"))
    more = (format_message(key, language) for key in ("duration.years", "duration.months", "duration.weeks", "duration.days"))
    counted = zip(found.groups(), one, more, strict=True)
    parts = [f"{int(number)} {single if int(number) == 1 else several}" for number, single, several in counted if number]
    return format_message("duration.and", language).join(parts)


def format_literal(literal: Literal, language: str) -> str:
    """Return a literal as people write it, by its datatype."""
    if literal.datatype in _expand_types("xsd:date", "xsd:dateTime", "xsd:gYearMonth"):
        return format_date(literal.value, language)
    if literal.datatype in _expand_types("xsd:duration", "xsd:yearMonthDuration", "xsd:dayTimeDuration"):
        return _format_duration(literal.value, language)
    if literal.datatype in _expand_types("xsd:integer", "xsd:decimal"):
        return format_quantity(float(literal.value), language)
    return literal.value
