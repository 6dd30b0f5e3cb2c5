"""What is hidden until it is guessed or revealed, and how the guesses went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr

if TYPE_CHECKING:
    from stepper.check.judged import JudgedLine

Where = tuple[int | None, ...]
"""A result: its sample, the steps one is inside of, how many steps have run, and how many of its
entries are there."""


class Answered(NamedTuple):
    """The last answer that was judged: where, what there is to say of it, and a formula as read."""

    where: Where
    said: Sentence
    line: JudgedLine | None = None


class Asked(NamedTuple):
    """What a lesson asks for: hidden wherever one goes, until the lesson has its answer."""

    values: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    """The values whose defining line is asked for as well."""


NOTHING = Asked()


class Hiding(NamedTuple):
    """Whether results are hidden, which ones have been revealed, and the score."""

    on: bool = False
    lines: bool = False
    """Whether the lines that follow from the forward program are hidden too."""
    revealed: frozenset[Where] = frozenset()
    judged: Answered | None = None
    right: int = 0
    asked: Asked = NOTHING
    missed: tuple[Expr, ...] = ()
    """What was guessed wrong, in the order of the guesses."""

    def reveal(self, where: Where) -> Hiding:
        return self._replace(revealed=self.revealed | {where})

    def judge(self, answer: Answered, right: bool, of: Expr) -> Hiding:
        """Records an attempt at a hidden result; a number reveals the result it is compared with.

        After a wrong formula the result stays hidden: there is more to try.
        """
        shown = right or answer.line is None
        after = self.reveal(answer.where) if shown else self
        after = after._replace(judged=answer, right=self.right + right)
        return after if right else after._replace(missed=(*self.missed, of))

    @property
    def tried(self) -> int:
        return self.right + len(self.missed)

    def said(self, where: Where) -> Sentence | None:
        """What was said of the guess that was made here."""
        answer = self.answer(where)
        return answer.said if answer else None

    def answer(self, where: Where) -> Answered | None:
        """The last answer, where it was given here."""
        return self.judged if self.judged and self.judged.where == where else None


SHOWN = Hiding()
