"""A walk as a document of no format yet: headings, paragraphs, formulas, matrices, derivations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from stepper.calculus.derivation import Derivation
from stepper.calculus.prove import Check, Verdict
from stepper.calculus.worked import FourParts
from stepper.expr.sentence import Sentence, say
from stepper.language.layout import Layout
from stepper.ops.card import Index, Value
from stepper.program.program import Line
from stepper.show.arrays import chosen
from stepper.show.numbers import single, writer

MOST = 8
"""A matrix with more rows or columns than this shows the first ones and the last."""

Said = Sentence | str
"""A sentence of ours, or an author's text, which is printed as it is."""

MARKS: Mapping[Verdict, tuple[str, Sentence]] = {
    "proved": ("✓", say("proved by algebra to be equal to the line before")),
    "tried": ("≈", say("equal to the line before at every point tried, but not proved")),
    "wrong": ("✗", say("not equal to the line before")),
    "unknown": ("?", say("could be neither proved nor tried")),
}
"""The mark and its meaning for each verdict on a line of a derivation."""


@dataclass(frozen=True, slots=True, eq=False)
class Heading:
    """A title: of the walk (1), of a phase (2), of a line (3)."""

    said: Said
    level: Literal[1, 2, 3]


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """Consecutive sentences; an aside may be read later, a warning must be seen."""

    said: Sequence[Said]
    kind: Literal["text", "aside", "warning"] = "text"
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The shapes of what its formulas contain: `λ W1`, but `y ⊙ a1`."""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One line of the program, as a formula and as it is typed."""

    line: Line
    sizes: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A value with its name; `marked` are the entries the worked formula reads."""

    name: Sentence
    value: Value
    marked: Collection[Index] = ()
    result: bool = False

    def grid(self) -> list[list[Cell]]:
        """The cells that are shown: of many rows or columns the first ones, dots, and the last."""
        entries = np.atleast_2d(self.value)
        write = writer(map(float, entries.flat)) if np.ndim(self.value) else single
        rows, columns = (
            _with_gaps(chosen(entries.shape[axis], MOST, {at[axis] for at in self.marked}))
            for axis in (0, 1)
        )
        return [
            [
                Cell(_dots(i, j), gap=True) if i is None or j is None
                else Cell(write(float(entries[i, j])), (i, j) in self.marked)
                for j in columns
            ]
            for i in rows
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One formatted entry; a gap holds dots."""

    text: str
    marked: bool = False
    gap: bool = False


def _with_gaps(places: list[int]) -> list[int | None]:
    """The positions, with None for each gap."""
    found: list[int | None] = []
    for before, place in zip([-1, *places], places, strict=False):
        found += [place] if place == before + 1 else [None, place]
    return found


def _dots(row: int | None, column: int | None) -> str:
    if row is None:
        return "⋱" if column is None else "⋮"
    return "…"


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """Values shown side by side."""

    shown: Sequence[Matrix]


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """One entry: its symbol, its formula, the formula with numbers, its value."""

    caption: Sentence | None
    parts: FourParts

    @property
    def agreement(self) -> Sentence | None:
        """The remark that the formula gives the engine's number, if it does."""
        return say("agrees with the engine {mark}", mark="✓") if self.parts.agrees else None


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A derivation with the verdict on each of its lines."""

    derivation: Derivation
    checks: Sequence[Check]

    def marks(self) -> list[tuple[str, Sentence]]:
        """The mark of each line, and its meaning."""
        return [MARKS[check.verdict] for check in self.checks]


Block = Heading | Paragraph | Assignment | Matrices | Worked | Derived


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The whole document."""

    title: str
    layout: Layout
    blocks: Sequence[Block]
