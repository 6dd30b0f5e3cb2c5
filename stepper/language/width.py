"""How wide a text is on a terminal, in cells."""

from __future__ import annotations

import unicodedata
from functools import cache


def columns(text: str) -> int:
    """How many columns a terminal takes for a text: two for a full-width sign."""
    return len(text) if text.isascii() else sum(map(column, text))


@cache
def column(ch: str) -> int:
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1
