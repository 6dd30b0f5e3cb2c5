"""The width of a text on a terminal, in cells."""

from __future__ import annotations

import unicodedata
from functools import cache


def columns(text: str) -> int:
    """How many terminal cells a text takes: a full-width character takes two."""
    return len(text) if text.isascii() else sum(map(column, text))


@cache
def column(ch: str) -> int:
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1
