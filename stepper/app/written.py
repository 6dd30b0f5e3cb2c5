"""Pieces of a drawing that know their block: captions, numbers, and the gaps between numbers."""

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
        """The first `width` cells of the text."""
        return Written(set_cell_size(self, width), self.block)


class Cell(Written):
    """A number, or what is left of it in a cut row.

    Equal digits on another tint are unequal, so that they are drawn again.
    """

    at: Index

    @classmethod
    def of(cls, text: str, block: Block, at: Index, heat: int) -> Self:
        cell = cls(text, block)
        cell.at, cell.heat = at, heat
        return cell

    def cut(self, width: int) -> Cell:
        """The first `width` cells, without a tint, as a cut number says nothing about its size."""
        return Cell.of(set_cell_size(self, width), self.block, self.at, 0)

    def inked(self, run: Run, marked: Collection[Index], chosen: Index | None) -> Run:
        """Its run, marked; the selected one is in reverse, without a tint that would hide it."""
        if self.at == chosen:
            return (self.of(self, self.block, self.at, 0) if self.heat else self, "here")
        return (self, "mark") if self.at in marked else run

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and self.heat == getattr(other, "heat", 0)

    __hash__ = str.__hash__


class Number(Cell):
    """A number that is not cut."""


class Gap(str):
    """The cell between two numbers, reserved for the signs ‹ › so that marking moves nothing."""

    block: Block
    left: Index | None
    right: Index | None
    """The entries beside it; None if there is none."""

    @classmethod
    def of(cls, block: Block, left: Index | None, right: Index | None) -> Self:
        gap = cls(" ")
        gap.block, gap.left, gap.right = block, left, right
        return gap

    def inked(self, run: Run, marked: Collection[Index], chosen: Index | None) -> Run:
        """Its run, with a sign if marked entries begin or end here."""
        before, here = self.left in marked, self.right in marked
        if before == here:
            return run
        sign = self.block.look.sign
        return (sign("‹", "<") if here else sign("›", ">"), "mark")
