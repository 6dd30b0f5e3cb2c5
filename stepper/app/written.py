"""Pieces of a drawing that know whose they are: captions, numbers, and the gaps beside these."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from rich.cells import set_cell_size

from stepper.ops.card import Index
from stepper.show.rows import Run

if TYPE_CHECKING:
    from stepper.app.block import Block


class Written(str):
    """A caption or a number that remembers its block, so that a click on it can be resolved."""

    block: Block
    heat: int = 0

    def __new__(cls, text: str, block: Block) -> Self:
        written = super().__new__(cls, text)
        written.block = block
        return written

    def cut(self, width: int) -> Written:
        """The first so many cells of it."""
        return Written(set_cell_size(self, width), self.block)


class Cell(Written):
    """A number, or what is left of it in a row that is cut.

    The same digits on another tint are another number: they have to be drawn again.
    """

    at: Index

    @classmethod
    def of(cls, text: str, block: Block, at: Index, heat: int) -> Self:
        cell = cls(text, block)
        cell.at, cell.heat = at, heat
        return cell

    def cut(self, width: int) -> Cell:
        """What is left of a number says nothing of its size: it has no tint."""
        return Cell.of(set_cell_size(self, width), self.block, self.at, 0)

    def inked(self, run: Run, marked: Collection[Index], chosen: Index | None) -> Run:
        """Its run with its mark: the selected entry is in reverse, where a tint would hide it."""
        if self.at == chosen:
            return (self.of(self, self.block, self.at, 0) if self.heat else self, "here")
        return (self, "mark") if self.at in marked else run

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and self.heat == getattr(other, "heat", 0)

    __hash__ = str.__hash__


class Number(Cell):
    """A whole number."""


class Gap(str):
    """The cell between two numbers: the signs ‹ › stand there, so that nothing moves for them."""

    block: Block
    left: Index | None
    right: Index | None
    """The numbers beside it; None where there is none."""

    @classmethod
    def of(cls, block: Block, left: Index | None, right: Index | None) -> Self:
        gap = cls(" ")
        gap.block, gap.left, gap.right = block, left, right
        return gap

    def inked(self, run: Run, marked: Collection[Index], chosen: Index | None) -> Run:
        """Its run: a sign where what is marked begins or ends."""
        before, here = self.left in marked, self.right in marked
        if before == here:
            return run
        sign = self.block.look.sign
        return (sign("‹", "<") if here else sign("›", ">"), "mark")
