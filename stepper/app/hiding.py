"""What is hidden until it is guessed or revealed, and how the guesses went."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stepper.expr.sentence import Sentence

Where = tuple[int | None, ...]
"""A result: its sample, the steps one is inside of, how many steps have run, and how many of its
entries are there."""


@dataclass(frozen=True, slots=True, eq=False)
class Hiding:
    """Whether results are hidden, which ones have been revealed, and the score."""

    on: bool = False
    revealed: frozenset[Where] = frozenset()
    judged: tuple[Where, Sentence] | None = None
    """The last guess that was judged: where, and what there is to say about it."""
    right: int = 0
    tried: int = 0

    def reveal(self, where: Where) -> Hiding:
        return replace(self, revealed=self.revealed | {where})

    def judge(self, where: Where, right: bool, said: Sentence) -> Hiding:
        """One more attempt, after which the result is shown."""
        return replace(
            self.reveal(where), judged=(where, said), right=self.right + right, tried=self.tried + 1
        )

    def said(self, where: Where) -> Sentence | None:
        """What was said of the guess that was made here."""
        return self.judged[1] if self.judged and self.judged[0] == where else None


SHOWN = Hiding()
