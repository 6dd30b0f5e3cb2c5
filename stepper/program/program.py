"""A program: lines `target = tree` in three phases, forward, backward and update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr
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


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Lines in the order in which they run, and the role of every name that is given to them."""

    lines: tuple[Line, ...]
    given: Mapping[str, Role]
    loss: str = "J"
    layout: Layout = "columns"

    def phase(self, phase: Phase) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.phase == phase)

    def numbered(self) -> Iterator[tuple[int, Line]]:
        """The lines with their numbers, from 1."""
        return enumerate(self.lines, 1)

    def number_of(self, target: str) -> int | None:
        """The number of the line that gives `target` its value."""
        return next((n for n, line in self.numbered() if line.target == target), None)

    def text(self, style: Style = CODE) -> str:
        return "\n".join(line.text(style) for line in self.lines)
