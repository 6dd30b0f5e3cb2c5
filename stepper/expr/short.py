"""What was typed, short enough to be said again: who knows 40 letters of a name knows the name."""

from __future__ import annotations

import re

LONGEST = 60
"""Letters of a name that is said as it is."""
KEPT = 40
"""Letters of a longer one that are said."""
MOST = 40
"""Letters of any other text that is quoted."""

_LONG = rf"(?<![\w/\\-])[^\W\u2e80-\uffff]{{{LONGEST + 1},}}(?![\w/\\-]|\.\w\w)"
"""A name that is too long; a part of a path is none, nor is a text of signs two cells wide.

Compiled when the first long text comes, since the table of so many signs takes milliseconds.
"""


def short(text: str) -> str:
    """A text with the names cut that are too long; all else of it stays, paths too."""
    if len(text) <= LONGEST:
        return text  # as nearly all are
    return re.sub(_LONG, lambda found: f"{found[0][:KEPT]}…", text)


def moved(text: str, place: int) -> int:
    """Where a place of a text stands once the text is short."""
    gone = 0
    for found in re.finditer(_LONG, text):
        behind = place - found.start() - KEPT - 1
        gone += min(max(behind, 0), len(found[0]) - KEPT - 1)
    return place - gone


def cut(text: str) -> str:
    """Any text short enough to be quoted."""
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
