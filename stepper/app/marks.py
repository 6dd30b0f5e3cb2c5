"""A drawing in two parts: where every number stands, and then which of them are marked."""

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
    """The selected entry of a result, and the entries of the operands that it is made of."""

    entry: Index | None
    made_of: Mapping[Expr, Collection[Index]]

    def of(self, block: Block) -> Collection[Index]:
        """The entries of a block that are marked."""
        if block.selects:
            return () if self.entry is None else (self.entry,)
        return () if block.read is None else self.made_of.get(block.read, ())


def marks_of(now: Snapshot) -> Marks:
    """What is marked in a frame: nothing where no single entry is looked at."""
    if now.step is None or now.cursor.level == "phase":
        return Marks(None, {})
    return Marks(now.entry, {} if is_hidden(now) else parts_of(now).used)


class Layout:
    """Where every number of a drawing stands; it is the same whichever of them are marked.

    `entry` was selected then: of what is too large, the part round it is shown.
    """

    def __init__(self, rows: list[Row], entry: Index) -> None:
        self.rows, self.entry = rows, entry

    @cached_property
    def _stripes(self) -> list[frozenset[Stripe]]:
        """The rows of matrices that each row of the drawing is made of."""
        return [frozenset((c.block, c.at[0]) for c in _cells(row)) for row in self.rows]

    @cached_property
    def _blocks(self) -> set[Block]:
        return {block for stripes in self._stripes for block, _ in stripes}

    def holds(self, now: Snapshot) -> bool:
        """Whether it is right for the entry that is selected now."""
        return now.entry == self.entry or self._whole

    @cached_property
    def _whole(self) -> bool:
        """Whether of each matrix all is there."""
        shown = [c for row in self.rows for c in _cells(row) if isinstance(c, Number)]
        return len(shown) == sum(block.rows * block.columns for block in self._blocks)

    def inked(self, marks: Marks) -> list[Row]:
        """The rows with their marks; a row in which nothing is marked is itself."""
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
