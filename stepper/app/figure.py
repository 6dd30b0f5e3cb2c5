"""Blocks put together: a product as a multiplication table, anything else side by side."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.block import Block, page
from stepper.app.fitting import beside, blank, cells, fit, right
from stepper.show.rows import Look, Row

GAP = 2
"""Cells between two blocks."""


def pack(blocks: list[Block], width: int, height: int, look: Look) -> list[Row]:
    """Blocks side by side, then further down; with fewer of their rows where they do not fit."""
    most = max((b.rows for b in blocks), default=1)
    for rows in range(min(most, height), 0, -1):
        drawn = _shelves([_drawn(b, rows, width) for b in blocks], width)
        if len(drawn) <= height:
            return drawn
    return [_in_one_row(block, width, look) for block in blocks]


def _drawn(block: Block, most: int, width: int) -> list[Row]:
    """A block with its caption, and as many of its rows and columns as there is room for."""
    rows = page(block.rows, most, block.focus[0])
    columns = page(block.columns, (width - 1) // (block.wide + 1), block.focus[1])
    caption = fit(((f" {block.caption(rows, columns)}", block.ink),), min(
        len(block.caption(rows, columns)) + 1, width), block.look)  # fmt: skip
    return [caption, *(block.row(i, columns) for i in rows)]


def _shelves(blocks: list[list[Row]], width: int) -> list[Row]:
    shelves: list[list[list[Row]]] = [[]]
    room = width
    for block in blocks:
        wide = max(map(cells, block))
        if shelves[-1] and wide + GAP > room:
            shelves.append([])
            room = width
        room -= wide + (GAP if shelves[-1] else 0)
        shelves[-1].append(block)
    return [row for shelf in shelves for row in beside(shelf, GAP)]


def _in_one_row(block: Block, width: int, look: Look) -> Row:
    """A block's name, its shape and the row of its focus, cut where the panel ends."""
    row = block.row(block.focus[0], range(min(block.columns, width)))
    return fit(((f" {block.caption()} ", block.ink), *row), width, look)


def table(
    left: Block, top: Block, result: Block, more: list[Block], width: int, height: int, look: Look
) -> list[Row]:
    """`left @ top` as a multiplication table: left at the left, top on top, result in the corner.

    What is added to the product (`more`) stands in the empty corner, or under the table.
    """
    wide = max(top.wide, result.wide)
    top, result = replace(top, least=wide), replace(result, least=wide)
    return _Table(left, top, result, more, width, height, look).rows()


class _Table:
    """How much of each side fits, and the rows of the drawing."""

    def __init__(
        self,
        left: Block,
        top: Block,
        result: Block,
        more: list[Block],
        width: int,
        height: int,
        look: Look,
    ) -> None:
        self.left, self.top, self.result, self.more = left, top, result, more
        self.width, self.look = width, look
        self.corner = beside([_drawn(b, b.rows, width) for b in more], GAP) if more else []
        self._cut_columns(width)
        self._cut_rows(height)

    def _cut_columns(self, width: int) -> None:
        """Share the width between the columns of the left operand and those of the result."""
        room = width - 3
        one, other = self.left.wide + 1, self.result.wide + 1
        inner, columns = self.left.columns, self.result.columns
        least = len(self.left.caption()) + 1
        if max(inner * one, least) + columns * other > room:
            half = max((room // 2) // other, 1)
            columns = min(columns, max(half, (room - max(inner * one, least)) // other))
            inner = min(inner, max((room - columns * other) // one, 1))
        self.inner = inner
        self.columns = page(self.result.columns, columns, self.result.focus[1])

    def _cut_rows(self, height: int) -> None:
        """Share the height between the rows of the top operand and those of the result."""
        inner, rows = self.inner, self.result.rows
        above = max(inner + 1, len(self.corner))
        if above + 1 + rows <= height:
            self.captioned, self.clipped = True, inner < self.left.columns
        else:
            self.captioned = False
            self._squeeze(height)
            return
        self.above, self.shown = above, page(rows, rows, 0)

    def _squeeze(self, height: int) -> None:
        """No row of its own for the caption on top, and only pages of what is still too long."""
        total, length = self.left.columns, self.result.rows
        room = height - 1
        if total > self.inner or total + length > room:
            room -= 1
        rows = min(length, max(room // 2, room - self.inner), max(room - 1, 1))
        self.inner = max(min(self.inner, room - rows), 1)
        self.above = max(self.inner, min(len(self.corner), room - rows))
        self.clipped = self.inner < total or rows < length
        self.shown = page(length, rows, self.result.focus[0])

    @property
    def left_width(self) -> int:
        captions = [len(self.left.caption()) + 1]
        if not self.captioned:
            captions.append(max(map(cells, self.corner), default=0) + len(self.top.caption()) + 2)
        wanted = max(self.left.width(self.inner), *captions)
        return min(wanted, self.width - 1 - self.result.width(len(self.columns)))

    def rows(self) -> list[Row]:
        drawn = [*self._upper(), self._middle(), *map(self._lower, self.shown)]
        return [*drawn, *([self._note()] if self._leaves_out() else [])]

    def _upper(self) -> list[Row]:
        """The top operand with its caption, and the empty corner with what is added."""
        wide = self.left_width
        top = [self.top.row(k, self.columns) for k in range(self.inner)]
        caption = self.top.caption()
        if self.captioned:
            top = [((f" {caption}", self.top.ink),), *top]
        first = self.above - len(top)
        rows: list[Row] = []
        for n in range(self.above):
            corner = self.corner[n] if n < len(self.corner) else ()
            if n == first and not self.captioned:
                corner = self._with_caption(corner, caption, wide)
            corner = fit(corner, wide, self.look)
            rows.append((*corner, blank(1), *(top[n - first] if n >= first else ())))
        return rows

    def _with_caption(self, corner: Row, caption: str, wide: int) -> Row:
        room = wide - cells(corner) - 1
        return (*corner, (right(caption, room), self.top.ink))

    def _middle(self) -> Row:
        """`∂J/∂z2  4×1 ┌── ∂J/∂W2  4×4 ─────`."""
        line, corner = self.look.sign("─", "-"), self.look.sign("┌", "+")
        caption = f" {self.result.caption()} "
        rest = self.result.width(len(self.columns)) - 2 - len(caption)
        return (
            *fit(((right(f"{self.left.caption()} ", self.left_width), self.left.ink),),
                 self.left_width, self.look),
            (f"{corner}{line * 2}", "dim"), (caption, self.result.ink), (line * max(rest, 1), "dim"),
        )  # fmt: skip

    def _lower(self, i: int) -> Row:
        row = self.left.row(i, range(self.inner))
        padding = blank(self.left_width - cells(row))
        return (*padding_and(row, padding), (self.look.sign("│", "|"), "dim"),
                *self.result.row(i, self.columns))  # fmt: skip

    def _leaves_out(self) -> bool:
        return (
            self.clipped
            or len(self.columns) < self.result.columns
            or self.inner < self.left.columns
        )

    def _note(self) -> Row:
        """What of the table is shown: `rows 1-4 of 10, columns 1-5 of 21, 6 of 50 products`."""
        parts = []
        for word, shown, length in (
            ("rows", self.shown, self.result.rows),
            ("columns", self.columns, self.result.columns),
        ):
            if len(shown) < length:
                parts.append(f"{word} {shown.start + 1}-{shown.stop} of {length}")
        if self.inner < self.left.columns:
            parts.append(f"the first {self.inner} of {self.left.columns} products")
        return ((" " + ", ".join(parts), "dim"),)


def padding_and(row: Row, padding: tuple[str, object]) -> Row:
    """A row pushed to the right."""
    return (padding, *row)  # type: ignore[return-value]
