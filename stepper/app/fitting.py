"""Fits rows to a panel: pads, cuts, wraps and spreads them by their width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from stepper.app.written import Written
from stepper.show.cells import wrapped
from stepper.show.rows import Ink, Look, Row, Run


def plain(row: Row) -> str:
    """A row's text without its inks."""
    return "".join(text for text, _ in row)


def cells(row: Row) -> int:
    """The width of a row in cells."""
    return sum(len(text) if text.isascii() else cell_len(text) for text, _ in row)


def blank(count: int) -> Run:
    return (" " * max(count, 0), "text")


def fit(row: Row, width: int, look: Look) -> Row:
    """The row in exactly `width` cells: padded, or cut with a sign that there is more."""
    have = cells(row)
    if have <= width:
        return (*row, blank(width - have)) if have < width else row
    more = look.sign("…", "~")
    return (*first(row, width - 1), (more[: max(width, 0)], "dim"))


def first(row: Row, width: int) -> Row:
    """The first `width` cells of a row."""
    kept: list[Run] = []
    for text, ink in row:
        if width <= 0:
            break
        take = min(width, cell_len(text))
        kept.append((text if take == cell_len(text) else _cut(text, take), ink))
        width -= take
    return tuple(kept)


def _cut(text: str, width: int) -> str:
    return text.cut(width) if isinstance(text, Written) else set_cell_size(text, width)


def spread(left: Row, at_right: Row, width: int, least: int = 2) -> Row | None:
    """A row with one part at each side; None if the two do not fit beside each other."""
    gap = width - cells(left) - cells(at_right)
    return (*left, blank(gap), *at_right) if gap >= (least if at_right else 0) else None


def wrap(text: str, width: int, hang: int = 0, ink: Ink = "text") -> list[Row]:
    """Text wrapped at words; the rows after the first are indented by `hang` cells."""
    return [((line, ink),) for line in _lines(text, width, hang)]


@lru_cache(maxsize=64)
def _lines(text: str, width: int, hang: int) -> tuple[str, ...]:
    """Cached, as most texts stay the same from frame to frame."""
    return tuple(wrapped(text, width, hang))


def over(row: Row, lines: Iterable[str]) -> Iterator[Row]:
    """Spreads a row of several inks over the lines its text was broken into."""
    for n, line in enumerate(lines):
        letters = line.lstrip(" ") if n else line
        taken = first(row, cell_len(letters))
        yield (blank(len(line) - len(letters)), *taken)
        row = without(row, len(letters))
        row = without(row, len(plain(row)) - len(plain(row).lstrip(" ")))


def without(row: Row, letters: int) -> Row:
    """The row without its first characters."""
    kept: list[Run] = []
    for text, ink in row:
        kept.append((text[letters:], ink))
        letters = max(letters - len(text), 0)
    return tuple(kept)


def beside(blocks: list[list[Row]], gap: int = 2) -> list[Row]:
    """Blocks of rows next to each other, each as wide as its widest row."""
    widths = [max(map(cells, block), default=0) for block in blocks]
    rows: list[Row] = []
    for n in range(max(map(len, blocks), default=0)):
        runs: Row = ()
        for k, (block, wide) in enumerate(zip(blocks, widths, strict=True)):
            row = block[n] if n < len(block) else ()
            runs = (*runs, *([blank(gap)] if k else []), *row, blank(wide - cells(row)))
        rows.append(runs)
    return rows


def in_sight(before: str, part: str, after: str, room: int, look: Look) -> Row:
    """A marked part in its context, cut at the front if the part would not be visible."""
    row: Row = ((before, "text"), (part, "here"), (after, "text"))
    whole = cells(row)
    if whole <= room or cells(row[:2]) < room:
        return row
    kept = max(room - 1 - cells(row[1:]), 3)
    return ((look.sign("…", "~"), "dim"), (before[-kept:], "text"), *row[1:])
