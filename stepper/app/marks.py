"""A drawing in two parts: the position of every number, and the marks on some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from stepper.app.block import Block
from stepper.app.sight import is_hidden
from stepper.app.snapshot import Snapshot
from stepper.app.worked import parts_of
from stepper.app.written import Cell, Gap, Number
from stepper.expr.tree import Expr
from stepper.ops.card import Index
from stepper.show.rows import Row

Stripe = tuple[Block, int]
"""A row of a matrix, counted from 0."""


class Marks(NamedTuple):
    """The selected entry of a result, and the operands' entries it is computed from."""

    entry: Index | None
    made_of: Mapping[Expr, Collection[Index]]

    def of(self, block: Block) -> Collection[Index]:
        """The marked entries of a block."""
        if block.selects:
            return () if self.entry is None else (self.entry,)
        return () if block.read is None else self.made_of.get(block.read, ())


def marks_of(now: Snapshot) -> Marks:
    """The marks of a frame; none at the level of phases, where no single entry is selected."""
    if now.step is None or now.cursor.level == "phase":
        return Marks(None, {})
    return Marks(now.entry, {} if is_hidden(now) else parts_of(now).used)


class Layout:
    """The positions of a drawing's numbers, which do not depend on the marks.

    `entry` was selected when it was made: of a matrix too large, the part around it is shown.
    """

    def __init__(self, rows: list[Row], entry: Index) -> None:
        self.rows, self.entry = rows, entry

    @cached_property
    def _stripes(self) -> list[frozenset[Stripe]]:
        """The matrix rows in each row of the drawing."""
        return [frozenset((c.block, c.at[0]) for c in _cells(row)) for row in self.rows]

    @cached_property
    def _blocks(self) -> set[Block]:
        return {block for stripes in self._stripes for block, _ in stripes}

    def holds(self, now: Snapshot) -> bool:
        """Whether the layout is right for the entry selected now."""
        return now.entry == self.entry or self._whole

    @cached_property
    def _whole(self) -> bool:
        """Whether every matrix is shown in full."""
        shown = [c for row in self.rows for c in _cells(row) if isinstance(c, Number)]
        return len(shown) == sum(block.rows * block.columns for block in self._blocks)

    def inked(self, marks: Marks) -> list[Row]:
        """The rows with marks; a row without any is returned as it is, for quick comparison."""
        marked = {block: marks.of(block) for block in self._blocks}
        touched = {(block, i) for block, entries in marked.items() for i, _ in entries}
        return [
            row if stripes.isdisjoint(touched) else _inked(row, marked, marks.entry)
            for row, stripes in zip(self.rows, self._stripes, strict=True)
        ]


def _cells(row: Row) -> Iterator[Cell]:
    return (text for text, _ in row if isinstance(text, Cell))


def _inked(row: Row, marked: Mapping[Block, Collection[Index]], entry: Index | None) -> Row:
    return tuple(
        run[0].inked(run, marked[run[0].block], entry if run[0].block.selects else None)
        if isinstance(run[0], Cell | Gap)
        else run
        for run in row
    )
