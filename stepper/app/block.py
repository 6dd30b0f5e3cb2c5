"""A matrix as rows of cells; only the part that is asked for is formatted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from stepper.app.heat import heat
from stepper.app.written import Gap, Number, Written
from stepper.expr.tree import Expr
from stepper.ops.card import Index, Value
from stepper.show.arrays import briefly, part_of, shape_text
from stepper.show.cells import cut
from stepper.show.numbers import Writer, single, writer
from stepper.show.rows import Ink, Look, Row, Run

ENOUGH = 12
"""Enough cells to read most of a name in."""


@dataclass(frozen=True, eq=False)
class Block:
    """A value to draw: its name, its numbers, and how many are computed so far."""

    name: str
    value: Value
    look: Look
    ink: Ink = "text"
    focus: Index = (0, 0)
    """The entry that the shown part of the matrix has to contain."""
    selects: bool = False
    """Whether this is the result, in which an entry is selected."""
    read: Expr | None = None
    """The operand whose value this is."""
    filled: int | None = None
    """How many entries are computed, in reading order; None if all are."""
    of: Collection[str] = ()
    """The program's names that the value belongs to; a click goes to their line."""

    hides: Callable[[Index], bool] | None = None
    """Which entries are hidden."""

    mark: Callable[[Index], str] | None = None
    """The sign in front of an entry that the edits have changed; empty for the others."""

    @cached_property
    def entries(self) -> Value:
        return np.atleast_2d(self.value)

    @property
    def rows(self) -> int:
        return int(self.entries.shape[0])

    @property
    def columns(self) -> int:
        return int(self.entries.shape[1])

    @cached_property
    def typical(self) -> list[float]:
        return typical(self.entries)

    @cached_property
    def write(self) -> Writer:
        return writer(self.typical) if np.ndim(self.value) else single

    @cached_property
    def wide(self) -> int:
        """The width of a number in cells, without the gap beside it."""
        signs = self.mark is not None
        return max(len(self.write(v)) + signs for v in self.typical)

    def widened(self, wide: int) -> Block:
        """A copy with wider cells, for aligning one block above another.

        It keeps the cached properties.
        """
        twin = copy(self)
        vars(twin)["wide"] = wide
        return twin

    def width(self, columns: int | None = None) -> int:
        """The width of so many columns in cells, with the gaps on both sides."""
        return (self.columns if columns is None else columns) * (self.wide + 1) + 1

    def caption(
        self, rows: range | None = None, columns: range | None = None, most: int = 1000
    ) -> str:
        """`∂J/∂W2  4×4`, followed by the rows and columns shown if these are not all.

        If that is longer than `most`, the rows and columns are named more briefly, and left out if
        they leave too little room for the name; then the name is cut. The shape is always whole.
        """
        rows = range(self.rows) if rows is None else rows
        columns = range(self.columns) if columns is None else columns
        for say_part, gap in ((part_of, "  "), (briefly, "  "), (briefly, " ")):
            parts = [*say_part("row", rows, self.rows), *say_part("column", columns, self.columns)]
            said = self._behind(parts, gap)
            room = most - cell_len(said)
            if cell_len(self.name) <= room:
                return self.name + said
        if room < ENOUGH:
            said = self._behind(())
            room = most - cell_len(said)
        return (self.name if cell_len(self.name) <= room else self._short(room)) + said

    def _behind(self, parts: Iterable[str], gap: str = "  ") -> str:
        """The text after the name: the shape, and the part that is shown."""
        return f"  {gap.join((shape_text(self.value, self.look), *parts))}"

    def title(
        self, rows: range | None = None, columns: range | None = None, most: int = 1000
    ) -> Run:
        """The caption, in the block's ink."""
        return (Written(self.caption(rows, columns, most), self), self.ink)

    def _short(self, room: int) -> str:
        return cut(self.name, max(room - 1, 1)) + self.look.sign("…", "~")

    def row(self, i: int, columns: range) -> Row:
        """Row `i` of the matrix, without marks."""
        runs: list[Run] = []
        left: Index | None = None
        for j in columns:
            at = (i, j)
            runs.append((Gap.of(self, left, at), "mark"))
            runs.append((Number.of(self.cell(i, j), self, at, self._heat(i, j)), self.ink))
            left = at
        return (*runs, (Gap.of(self, left, None), "mark"))

    def cell(self, i: int, j: int) -> str:
        """An entry's number; `·` if it is not computed yet, `?` if it is hidden."""
        if self.filled is not None and i * self.columns + j >= self.filled:
            return self.look.sign("·", ".").rjust(self.wide)
        if self.hides is not None and self.hides((i, j)):
            return "?".rjust(self.wide)
        sign = self.mark((i, j)) if self.mark else ""
        return (sign + self.write(float(self.entries[i, j]))).rjust(self.wide)

    @cached_property
    def largest(self) -> float:
        """The magnitude of the largest finite entry; 0 if none is tinted: in a scalar, and while
        some entries are hidden or not computed yet."""
        if self.entries.size < 2 or self.hides is not None or self.filled is not None:
            return 0.0
        return max((abs(v) for v in self.typical if np.isfinite(v)), default=0.0)

    def _heat(self, i: int, j: int) -> int:
        return heat(float(self.entries[i, j]), self.largest)


def typical(entries: Value) -> list[float]:
    """The few entries that decide the number format: the extremes, and odd ones such as nan."""
    finite = entries[np.isfinite(entries)]
    found = [float(v) for v in entries[~np.isfinite(entries)][:3]]
    if finite.size:
        found += [float(finite.max()), float(finite.min())]
        found += [float(v) for v in finite[finite != np.floor(finite)][:1]]
        for side in (finite[finite > 0], -finite[finite < 0]):
            found += [float(side.min())] if side.size else []
    return found or [0.0]


def page(length: int, most: int, focus: int) -> range:
    """The part of an axis that is shown: all of it, or the page that contains the focus."""
    most = max(most, 1)
    if length <= most:
        return range(length)
    start = min(focus // most * most, length - most)
    return range(start, start + most)
