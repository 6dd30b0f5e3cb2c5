"""Lays blocks side by side, with as many of their rows as there is room for."""

from __future__ import annotations

from stepper.app.block import Block, page
from stepper.app.fitting import beside, blank, cells, fit
from stepper.expr.sentence import say
from stepper.show.arrays import part_of
from stepper.show.rows import Look, Row
from stepper.show.words import words

GAP = 2
"""Cells between two blocks."""


def pack(blocks: list[Block], width: int, height: int, look: Look) -> list[Row]:
    """Blocks side by side, then on further shelves, with fewer of their rows if they do not fit."""
    most = max((b.rows for b in blocks), default=1)
    for rows in range(min(most, height), 0, -1):
        for draw in (_each_said, _all_said):
            drawn = draw(blocks, rows, width)
            if drawn and len(drawn) <= height:
                return drawn
    return _listed(blocks, width, height, look)


def _each_said(blocks: list[Block], rows: int, width: int) -> list[Row]:
    """Blocks that each name the part shown in their caption."""
    return shelves([block_rows(b, rows, width) for b in blocks], width)


def _all_said(blocks: list[Block], rows: int, width: int) -> list[Row]:
    """Blocks with one note below for the rows shown of all of them; empty if these differ.

    Their captions are shorter, so that more of them fit side by side.
    """
    cut = [b for b in blocks if b.rows > rows]
    shown = {(page(b.rows, rows, b.focus[0]), b.rows) for b in cut}
    if len(cut) < 2 or len(shown) > 1:
        return []
    [note] = part_of("row", *shown.pop())
    drawn = [_drawn(b, page(b.rows, rows, b.focus[0]), None, width) for b in blocks]
    return [*shelves(drawn, width), ((f" {note}", "dim"),)]


def block_rows(block: Block, most: int, width: int) -> list[Row]:
    """A block with its caption, and as many of its rows and columns as fit."""
    rows = page(block.rows, most, block.focus[0])
    return _drawn(block, rows, rows, width)


def _drawn(block: Block, rows: range, said: range | None, width: int) -> list[Row]:
    """Some rows of a block; `said` are the rows its caption names as shown."""
    columns = page(block.columns, (width - 1) // (block.wide + 1), block.focus[1])
    caption = (blank(1), block.title(said, columns, width - 1))
    return [caption, *(block.row(i, columns) for i in rows)]


def shelves(blocks: list[list[Row]], width: int) -> list[Row]:
    """Blocks next to each other as far as they fit, the rest on further shelves below."""
    rows: list[list[list[Row]]] = [[]]
    room = width
    for block in blocks:
        wide = max(map(cells, block))
        if rows[-1] and wide + GAP > room:
            rows.append([])
            room = width
        room -= wide + (GAP if rows[-1] else 0)
        rows[-1].append(block)
    return [row for shelf in rows for row in beside(shelf, GAP)]


def _listed(blocks: list[Block], width: int, height: int, look: Look) -> list[Row]:
    """Each block in one row; if they are still too many, the first few and the last."""
    drawn = [[_in_one_row(block, width, look)] for block in blocks]
    for left_out in range(len(blocks)):
        more = words(say("and {n} more", n=str(left_out)))
        note: list[list[Row]] = [[((f" {more}", "dim"),)]] if left_out else []
        rows = shelves([*drawn[: len(drawn) - 1 - left_out], *note, drawn[-1]], width)
        if len(rows) <= height:
            return rows
    return drawn[-1]


def _in_one_row(block: Block, width: int, look: Look) -> Row:
    """A block's name, its shape and the row of its focus, cut to the panel's width."""
    row = block.row(block.focus[0], range(min(block.columns, width)))
    more = look.sign("…", "~") if block.rows > 1 else ""
    whole: Row = (blank(1), block.title(), blank(1), *row, (more, "dim"))
    return fit(whole, min(cells(whole), width), look)
