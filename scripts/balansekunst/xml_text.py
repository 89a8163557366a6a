"""Text as XML can hold it."""

import re

UNWRITABLE_PATTERN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that no XML document can hold (https://www.w3.org/TR/xml/#charsets), workbooks among them."""


def replace_unwritable(text: str) -> str:
    """Return a text with a mark in place of each character that XML cannot hold."""
    return UNWRITABLE_PATTERN.sub("\N{REPLACEMENT CHARACTER}", text)
