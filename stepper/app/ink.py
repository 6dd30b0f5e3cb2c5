"""Lines of a panel as runs of text, each with its ink; made without a screen, cut to fit one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rich.cells import cell_len, set_cell_size

Ink = Literal[
    "text", "dim", "title", "here", "mark", "left", "right", "result", "warn",
]  # fmt: skip
"""What a run of text is; `app.tcss` gives each ink its colour. `here` is drawn in reverse."""

INKS: tuple[Ink, ...] = ("text", "dim", "title", "here", "mark", "left", "right", "result", "warn")

Run = tuple[str, Ink]
Line = tuple[Run, ...]


def line(*runs: str | Run) -> Line:
    """A line of runs; a plain string is in the ordinary ink."""
    return tuple((r, "text") if isinstance(r, str) else r for r in runs)


def plain(runs: Line) -> str:
    """A line's text without its ink."""
    return "".join(text for text, _ in runs)


def width(runs: Line) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in runs)


def fit(runs: Line, cells: int, more: str = "…") -> Line:
    """The line in exactly so many cells: padded, or cut and ending in `more`."""
    have = width(runs)
    if have <= cells:
        return (*runs, (" " * (cells - have), "text")) if have < cells else runs
    return (*_first(runs, max(cells - cell_len(more), 0)), (set_cell_size(more, min(cells, cell_len(more))), "dim"))


def _first(runs: Line, cells: int) -> Line:
    kept: list[Run] = []
    for text, ink in runs:
        if cells <= 0:
            break
        kept.append((set_cell_size(text, min(cells, cell_len(text))), ink))
        cells -= cell_len(text)
    return tuple(kept)


def spread(left: Line, right: Line, cells: int) -> Line | None:
    """One line with something at each side; None where the two do not fit beside each other."""
    gap = cells - width(left) - width(right)
    return (*left, (" " * gap, "text"), *right) if gap >= (2 if right else 0) else None


def wrap(text: str, cells: int) -> list[str]:
    """Text in lines of whole words, at most so many cells each."""
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= cells:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, cells)
    return lines


def _pieces(word: str, cells: int) -> Iterable[str]:
    """A word in pieces that fit: one, unless it is longer than a line."""
    piece = ""
    for letter in word:
        if piece and cell_len(piece + letter) > cells:
            yield piece
            piece = ""
        piece += letter
    yield piece
