"""Shortens what a user typed before it is quoted: 40 letters are enough to recognise a name."""

from __future__ import annotations

import re

LONGEST = 60
"""The longest name that is quoted in full, in letters."""
KEPT = 40
"""How many letters of a longer name are kept."""
MOST = 40
"""How many letters of any other quoted text are kept."""

_LONG = rf"(?<![\w/\\-])[^\W\u2e80-\uffff]{{{LONGEST + 1},}}(?![\w/\\-]|\.\w\w)"
"""Matches a name that is too long, but no part of a path and no text of full-width signs.

Compiled only when the first long text comes, since the table of so many characters takes
milliseconds to build.
"""


def short(text: str) -> str:
    """The text with over-long names cut; everything else, paths included, is kept."""
    if len(text) <= LONGEST:
        return text  # as nearly all texts are
    return re.sub(_LONG, lambda found: f"{found[0][:KEPT]}…", text)


def moved(text: str, place: int) -> int:
    """The position in the shortened text of a position in the original."""
    gone = 0
    for found in re.finditer(_LONG, text):
        behind = place - found.start() - KEPT - 1
        gone += min(max(behind, 0), len(found[0]) - KEPT - 1)
    return place - gone


def cut(text: str) -> str:
    """Any text, cut to a length that can be quoted."""
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
