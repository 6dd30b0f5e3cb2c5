"""A value as a block of rows: its name and shape, then its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import numpy as np

from stepper.expr.sentence import say
from stepper.language.width import columns
from stepper.ops.card import Index, Value
from stepper.show.cells import cut
from stepper.show.numbers import single, writer
from stepper.show.rows import Ink, Look, Row, row, width
from stepper.show.words import to_ascii, words

GAP = 3
"""Columns between two blocks side by side."""

Side = Literal["row", "column", "product"]
ONE: dict[Side, str] = {
    "row": "row {shown} of {n}",
    "column": "column {shown} of {n}",
    "product": "product {shown} of {n}",
}
SOME: dict[Side, str] = {
    "row": "rows {shown} of {n}",
    "column": "columns {shown} of {n}",
    "product": "products {shown} of {n}",
}
SHORT_ONE: dict[Side, str] = {
    "row": "row {shown}", "column": "column {shown}", "product": "product {shown}"
}  # fmt: skip
SHORT_SOME: dict[Side, str] = {
    "row": "rows {shown}", "column": "columns {shown}", "product": "products {shown}"
}  # fmt: skip


def matrix(
    name: str,
    value: Value,
    look: Look,
    *,
    marked: Collection[Index] = (),
    filled: int | None = None,
    ink: Ink = "text",
) -> list[Row]:
    """A block: the heading `name  4×1`, the rows, and a caption if not all fit.

    `marked` entries stand between ‹ ›; if only the first `filled` entries (in reading order) exist,
    the others are shown as `·`.
    """
    heading = [row(f"{shortened(name, look)}  {shape_text(value, look)}", "title")]
    entries = np.atleast_2d(value)
    cells = [[*map(float, line)] for line in entries]
    write = writer(v for line in cells for v in line) if np.ndim(value) else single
    columns = chosen(entries.shape[1], _fitting(cells, write, look), {j for _, j in marked})
    lines = chosen(entries.shape[0], look.most_rows, {i for i, _ in marked})
    limit = entries.size if filled is None else filled
    texts = [
        [write(cells[i][j]) if i * entries.shape[1] + j < limit else look.sign("·", ".")
         for j in columns]
        for i in lines
    ]  # fmt: skip
    wide = max(len(text) for line in texts for text in line)
    shown = _rows(texts, lines, columns, wide, set(marked), look, ink)
    return [*heading, *shown, *_caption(entries.shape, lines, columns)]


def shortened(name: str, look: Look) -> str:
    """A long formula as a name, cut so that its shape still fits beside it."""
    name = to_ascii(name) if look.ascii else name
    most = look.width - 12
    dots = look.sign("…", "...")
    return name if columns(name) <= most else cut(name, most - len(dots)) + dots


def shape_text(value: Value, look: Look) -> str:
    """`4×1`, or the word for a scalar."""
    return look.sign("×", "x").join(map(str, np.shape(value))) or words(say("scalar"))


def _fitting(cells: list[list[float]], write: object, look: Look) -> int:
    """How many columns fit side by side, with room for the sign of a gap."""
    assert callable(write)
    wide = max(len(write(v)) for line in cells for v in line)
    return max((look.width - 4) // (wide + 2), 2)


def chosen(length: int, most: int, wanted: Collection[int] = ()) -> list[int]:
    """The rows or columns to show: all, or the first ones, the last, and the wanted."""
    if length <= most:
        return list(range(length))
    keep = {length - 1, *([min(wanted), max(wanted)] if wanted else [])}
    for i in range(length):
        if len(keep) >= most:
            break
        keep.add(i)
    return sorted(keep)


def _rows(
    texts: list[list[str]],
    lines: list[int],
    columns: list[int],
    wide: int,
    marked: Collection[Index],
    look: Look,
    ink: Ink,
) -> Iterator[Row]:
    before = -1
    for i, line in zip(lines, texts, strict=True):
        if i != before + 1:
            yield row(f" {look.sign('⋮', ':'):>{wide}} ", "dim")
        before = i
        yield tuple(_line(i, line, columns, wide, marked, look, ink))


def _line(
    i: int,
    line: list[str],
    columns: list[int],
    wide: int,
    marked: Collection[Index],
    look: Look,
    ink: Ink,
) -> Iterator[tuple[str, Ink]]:
    before = -1
    for j, text in zip(columns, line, strict=True):
        if j != before + 1:
            yield look.sign("…", ".."), "dim"
        before = j
        here = (i, j) in marked
        left, right = (look.sign("‹", "<"), look.sign("›", ">")) if here else (" ", " ")
        yield f"{left}{text:>{wide}}{right}", "mark" if here else ink


def _caption(shape: Sequence[int], lines: list[int], columns: list[int]) -> list[Row]:
    """The caption `rows 1-7, 512 of 512`, if something is left out."""
    said = [*part_of("row", lines, shape[0]), *part_of("column", columns, shape[1])]
    return [row(" " + part, "dim") for part in said]


def part_of(side: Side, shown: Sequence[int], length: int) -> Iterator[str]:
    """The part of a side that is shown, `rows 1-4 of 10`, if that is not all of it."""
    if len(shown) < length:
        template = ONE[side] if len(shown) == 1 else SOME[side]
        yield words(say(template, shown=ranges(shown), n=str(length)))


def briefly(side: Side, shown: Sequence[int], length: int) -> Iterator[str]:
    """`rows 1-4`, where there is no room to say of how many once more: the shape says so too."""
    if len(shown) < length:
        template = SHORT_ONE[side] if len(shown) == 1 else SHORT_SOME[side]
        yield words(say(template, shown=ranges(shown)))


def ranges(places: Sequence[int]) -> str:
    """Positions counted from 1: `1-7, 512`."""
    parts: list[list[int]] = []
    for place in places:
        if parts and place == parts[-1][-1] + 1:
            parts[-1].append(place)
        else:
            parts.append([place])
    return ", ".join(f"{p[0] + 1}-{p[-1] + 1}" if p[1:] else str(p[0] + 1) for p in parts)


def side_by_side(blocks: Sequence[list[Row]], look: Look, indent: int = 3) -> Iterator[Row]:
    """Places blocks next to each other as far as they fit, then on further rows."""
    shelf: list[list[Row]] = []
    taken = indent
    for block in blocks:
        wide = width(block)
        if shelf and taken + wide > look.width:
            yield from _shelf(shelf, indent)
            shelf, taken = [], indent
        shelf.append([_padded(line, wide + GAP) for line in block])
        taken += wide + GAP
    yield from _shelf(shelf, indent)


def _padded(line: Row, wide: int) -> Row:
    return (*line, (" " * (wide - sum(columns(text) for text, _ in line)), "text"))


def _shelf(blocks: list[list[Row]], indent: int) -> Iterator[Row]:
    for n in range(max(map(len, blocks), default=0)):
        runs: Row = ((" " * indent, "text"),)
        for block in blocks:
            runs += block[n] if n < len(block) else _padded((), width(block))
        yield runs
