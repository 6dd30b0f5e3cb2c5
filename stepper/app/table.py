"""A matrix product laid out as a table, so that the eye can follow a row and a column."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from rich.cells import cell_len

from stepper.app.block import Block, page
from stepper.app.figure import GAP, block_rows, pack
from stepper.app.fitting import beside, blank, cells, fit
from stepper.show.arrays import briefly, part_of
from stepper.show.rows import Look, Row


def table(
    left: Block, top: Block, result: Block, more: list[Block], width: int, height: int, look: Look
) -> list[Row]:
    """`left @ top`: `left` at the left, `top` above, the result where they meet.

    What is added to the product (`more`) is in the empty corner above the left operand, or, if that
    is too low for it, to the left of the whole table. If not even the captions have room there,
    all blocks are side by side.
    """
    wide = max(top.wide, result.wide)
    top, result = top.widened(wide), result.widened(wide)
    corner = max((b.rows + 1 for b in more), default=0)
    found = _fitting(left, top, result, more, width, height)
    if found is None:
        to = replace(result, name=f"{look.sign('→', '->')} {result.name}")
        return pack([left, top, *more, to], width, height, look)
    cut, room = found
    if corner > cut.above:
        whole = beside([block_rows(b, height - 1, width) for b in more], GAP)
        rest = width - cells(whole[0]) - GAP
        if _cut_columns(left, result, rest) == (left.columns, range(result.columns)):
            return beside([whole, table(left, top, result, [], rest, height, look)], GAP)
    added = beside([_added(b, cut.above - 1, room) for b in more], GAP)
    return Table(left, top, result, added, cut, width, look).rows()


def _fitting(
    left: Block, top: Block, result: Block, more: list[Block], width: int, height: int
) -> tuple[Cut, int] | None:
    """How much is shown, and the width of the corner in cells; None if a caption has no room."""
    corner = max((b.rows + 1 for b in more), default=0)
    for taken in (0, _captions([*more, top] if more else [])):
        cut = _cut_rows(left, result, corner, height, *_cut_columns(left, result, width, taken))
        beside_result = width - 1 - result_width(result, len(cut.columns))
        room = beside_result - (0 if cut.captioned else _captions([top]))
        if room >= _captions(more) and beside_result > cell_len(left.caption()):
            return cut, room
    return None


def _captions(blocks: list[Block]) -> int:
    """The width of the captions side by side in cells, with a gap around each."""
    return sum(cell_len(block.caption()) + 2 for block in blocks)


def _added(block: Block, most: int, width: int) -> list[Row]:
    """A block added to the product; its caption alone if there is no room for a row of it."""
    return block_rows(block, most, width) if most > 0 else [(blank(1), block.title())]


class Cut(NamedTuple):
    """How much of a table is shown."""

    inner: int
    """The shown columns of the left operand, which are the shown rows of the top one."""
    columns: range
    rows: range
    above: int
    """Rows above the result."""
    captioned: bool
    """Whether the caption of the top operand has its own row."""


def _cut_columns(left: Block, result: Block, width: int, taken: int = 0) -> tuple[int, range]:
    """Divides the width between the columns of the left operand and those of the result.

    `taken` is the width of captions above the left operand, in cells.
    """
    one, other = left.wide + 1, result.wide + 1
    inner, columns = left.columns, result.columns
    room = width - 1 - max(left.width(), cell_len(left.caption()) + 1)
    if columns * other + 1 > min(room, width - 1 - taken):
        room = min(max(room - 1, width // 2), width - 2 - taken)
        columns = max(min(columns, room // other), 1)
    rest = width - 1 - result_width(result, columns)
    if left.width() > rest:
        inner = max(min(inner, (rest - 1) // one), 1)
    return inner, page(result.columns, columns, result.focus[1])


def result_width(result: Block, columns: int) -> int:
    """The width of the result in cells: that of its columns, or of its caption if wider."""
    return max(result.width(columns), cell_len(result.caption()) + 4)


def _cut_rows(
    left: Block, result: Block, corner: int, height: int, inner: int, columns: range
) -> Cut:
    """Divides the height between the rows of the top operand and those of the result."""
    rows = result.rows
    note = inner < left.columns or len(columns) < result.columns
    above = max(inner + 1, corner)
    if above + 1 + rows + note <= height:
        return Cut(inner, columns, range(rows), above, captioned=True)
    room = height - 1 - (note or inner + rows > height - 1)
    rows = max(min(rows, max(room // 2, room - inner)), 1)
    inner = max(min(inner, room - rows), 1)
    above = max(inner, min(corner, room - rows))
    return Cut(inner, columns, page(result.rows, rows, result.focus[0]), above, captioned=False)


class Table(NamedTuple):
    """Draws the rows of a table, once it is decided what fits."""

    left: Block
    top: Block
    result: Block
    corner: list[Row]
    cut: Cut
    width: int
    look: Look

    def rows(self) -> list[Row]:
        note = self._note()
        return [*self._upper(), self._middle(), *map(self._lower, self.cut.rows), *note]

    @property
    def left_width(self) -> int:
        """The width to the left of the result, in cells."""
        corner = max(map(cells, self.corner), default=0)
        beside_caption = 0 if self.cut.captioned else cell_len(self.top.caption()) + 2
        wanted = max(self.left.width(self.cut.inner), cell_len(self.left.caption()) + 1,
                     corner + beside_caption)  # fmt: skip
        rest = self.width - result_width(self.result, len(self.cut.columns)) - 1
        return min(wanted, rest)

    def _upper(self) -> list[Row]:
        """The rows above the result: the top operand, and the corner with what is added."""
        caption = (blank(1), self.top.title())
        top = [self.top.row(k, self.cut.columns) for k in range(self.cut.inner)]
        top = [*([caption] if self.cut.captioned else []), *top]
        top = [*[()] * (self.cut.above - len(top)), *top]
        at = None if self.cut.captioned else self.cut.above - self.cut.inner
        return [(*self._corner(n, n == at), blank(1), *row) for n, row in enumerate(top)]

    def _corner(self, n: int, captioned: bool) -> Row:
        row = self.corner[n] if n < len(self.corner) else ()
        if not captioned:
            return fit(row, self.left_width, self.look)
        caption = (blank(1), self.top.title(), blank(1))
        row = fit(row, max(self.left_width - cells(caption), 0), self.look)
        return fit((*row, *caption), self.left_width, self.look)

    def _middle(self) -> Row:
        """`∂J/∂z2  4×1 ┌── ∂J/∂W2  4×4 ─────`."""
        line, joint = self.look.sign("─", "-"), self.look.sign("┌", "+")
        left = (self.left.title(), blank(1))
        right = (blank(1), self.result.title(), blank(1))
        rest = result_width(self.result, len(self.cut.columns)) - 2 - cells(right)
        return (
            *fit((blank(self.left_width - cells(left)), *left), self.left_width, self.look),
            (joint + line * 2, "dim"), *right, (line * max(rest, 0), "dim"),
        )  # fmt: skip

    def _lower(self, i: int) -> Row:
        left = self.left.row(i, range(self.cut.inner))
        edge = self.look.sign("│", "|")
        return (blank(self.left_width - cells(left)), *left, (edge, "dim"),
                *self.result.row(i, self.cut.columns))  # fmt: skip

    def _note(self) -> list[Row]:
        """What is left out: `rows 1-4 of 10  columns 1-5 of 21  products 1-6 of 50`."""
        for say_part, between in ((part_of, "  "), (part_of, " "), (briefly, " ")):
            said = between.join([
                *say_part("row", self.cut.rows, self.result.rows),
                *say_part("column", self.cut.columns, self.result.columns),
                *say_part("product", range(self.cut.inner), self.left.columns),
            ])  # fmt: skip
            if cell_len(said) < self.width:
                break
        return [((f" {said}", "dim"),)] if said else []
