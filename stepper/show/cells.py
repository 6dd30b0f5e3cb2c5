"""Breaks text into lines, measured in terminal cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stepper.language.width import column, columns

_CLOSING = "，。、；：！？）」』》…,.;:!?)]}"
"""Characters that never begin a line."""
_OPENING = "（「『《([{"
"""Characters that never end a line."""


def wrapped(text: str, most: int, hang: int = 0) -> Iterator[str]:
    """Text broken at its spaces and beside full-width signs; an over-long piece is cut anywhere.

    Spaces inside a line, and before the first, are kept; later lines are indented by `hang` cells.
    """
    if columns(text) <= most and text.isprintable() and not text.endswith(" "):
        yield text  # as most rows of a panel do
        return
    hang = max(min(hang, most - 2), 0)  # a letter has room in every line
    line = ""
    for gap, piece in _pieces(text):
        if line.strip() and columns(line) + len(gap) + columns(piece) > most:
            yield line
            line, gap = " " * hang, ""
        line += gap + piece
        while columns(line) > most:
            cut = _fitting(line, most)
            yield line[:cut]
            line = " " * hang + line[cut:]
    yield line


def ljust(text: str, wide: int) -> str:
    """The text padded with spaces on the right to this many cells."""
    return text + " " * (wide - columns(text))


def rjust(text: str, wide: int) -> str:
    """The text padded with spaces on the left to this many cells."""
    return " " * (wide - columns(text)) + text


def cut(text: str, most: int) -> str:
    """As much of a text as fits into this many cells."""
    return text if columns(text) <= most else text[: _fitting(text, most)] if most > 0 else ""


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The unbreakable pieces, each with the spaces before it; the end of a line counts as one."""
    for space, word in re.findall(r"(\s*)(\S+)", text):
        gap = " " if space.strip(" ") else space
        for piece in _unbroken(word):
            yield gap, piece
            gap = ""


def _unbroken(word: str) -> list[str]:
    wide = "".join(re.escape(ch) for ch in sorted(set(word)) if column(ch) == 2)
    if not wide:
        return [word]
    closing, opening = re.escape(_CLOSING), re.escape(_OPENING)
    gloss = rf"[第每]?[{wide}]{{1,2}}（[A-Za-z]+）"
    piece = rf"[{opening}]*(?:{gloss}|[{wide}]|[^{wide}]+)[{closing}]*"
    return re.findall(piece, word)


def _fitting(line: str, most: int) -> int:
    """How many characters of a line fit."""
    taken = 0
    for n, ch in enumerate(line):
        taken += column(ch)
        if taken > most:
            return max(n, 1)
    return len(line)
