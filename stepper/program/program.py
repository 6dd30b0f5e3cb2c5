"""A program: lines `target = tree` in three phases, forward, backward and update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr, names
from stepper.language.layout import Layout
from stepper.language.text import CODE, Style, name_text, text

Phase = Literal["forward", "backward", "update"]
PHASES: tuple[Phase, ...] = ("forward", "backward", "update")

Role = Literal[
    "input", "target", "count", "constant", "size", "parameter", "state",
    "intermediate", "loss", "gradient", "updated", "part", "number",
]  # fmt: skip
"""What a variable is: given with the sample (input, target, count), set by the lab, or computed."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One assignment. A backward line says which forward name it is the gradient `of`."""

    target: str
    tree: Expr
    phase: Phase = "forward"
    of: str | None = None
    through: tuple[str, ...] = ()
    """The forward lines that are differentiated here: those that read `of`."""
    reason: Sentence | None = None

    def text(self, style: Style = CODE) -> str:
        return f"{name_text(self.target, style)} = {text(self.tree, style)}"


class Alteration(NamedTuple):
    """A deliberate mistake: its id, the number of its line, and the right line it replaced."""

    mistake: str
    number: int
    right: Line


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Lines in the order in which they run, and the role of every name given to them."""

    lines: tuple[Line, ...]
    given: Mapping[str, Role]
    loss: str = "J"
    layout: Layout = "columns"
    altered: Alteration | None = None

    def with_mistake(self, mistake: str, number: int, wrong: Line) -> Program:
        """The program with a line replaced by a wrong one; the right one is remembered."""
        right = self.lines[number - 1]
        return self._with(number, wrong, Alteration(mistake, number, right))

    def without_mistake(self) -> Program:
        """The program as it was before the deliberate mistake."""
        if self.altered is None:
            return self
        return self._with(self.altered.number, self.altered.right, None)

    def _with(self, number: int, line: Line, altered: Alteration | None) -> Program:
        lines = (*self.lines[: number - 1], line, *self.lines[number:])
        return replace(self, lines=lines, altered=altered)

    def following(self, number: int) -> frozenset[int]:
        """The numbers of the lines that depend on what a line computes, directly or indirectly."""
        found, reached = set(), {self.lines[number - 1].target}
        for n, line in self.numbered():
            if n > number and names(line.tree) & reached:
                found.add(n)
                reached.add(line.target)
        return frozenset(found)

    def phase(self, phase: Phase) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.phase == phase)

    def numbered(self) -> Iterator[tuple[int, Line]]:
        """The lines with their numbers, from 1."""
        return enumerate(self.lines, 1)

    def number_of(self, target: str) -> int | None:
        """The number of the line that assigns `target`."""
        return next((n for n, line in self.numbered() if line.target == target), None)

    def text(self, style: Style = CODE) -> str:
        return "\n".join(line.text(style) for line in self.lines)
