"""What is hidden until it is guessed or revealed, and how the guesses went."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr

Where = tuple[int | None, ...]
"""A result: its sample, the steps one is inside of, how many steps have run, and how many of its
entries are there."""


@dataclass(frozen=True, slots=True, eq=False)
class Hiding:
    """Whether results are hidden, which ones have been revealed, and the score."""

    on: bool = False
    lines: bool = False
    """Whether the lines that follow from the forward program are hidden too."""
    revealed: frozenset[Where] = frozenset()
    judged: tuple[Where, Sentence] | None = None
    """The last guess that was judged: where, and what there is to say about it."""
    right: int = 0
    missed: tuple[Expr, ...] = ()
    """What was guessed wrong, in the order of the guesses."""

    def reveal(self, where: Where) -> Hiding:
        return replace(self, revealed=self.revealed | {where})

    def judge(self, where: Where, right: bool, said: Sentence, of: Expr) -> Hiding:
        """One more attempt at a result, after which it is shown."""
        after = replace(self.reveal(where), judged=(where, said), right=self.right + right)
        return after if right else replace(after, missed=(*self.missed, of))

    @property
    def tried(self) -> int:
        return self.right + len(self.missed)

    def said(self, where: Where) -> Sentence | None:
        """What was said of the guess that was made here."""
        return self.judged[1] if self.judged and self.judged[0] == where else None


SHOWN = Hiding()
