"""Results hidden until they are guessed or revealed, and the score of the guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Expr

if TYPE_CHECKING:
    from stepper.check.judged import JudgedLine

Where = tuple[int | None, ...]
"""A result: its sample, the enclosing steps, how many steps have run, and how many of its entries
are filled in."""


class Answered(NamedTuple):
    """The last answer that was judged: its place, the verdict, and its line if it is a formula."""

    where: Where
    said: Sentence
    line: JudgedLine | None = None


class Asked(NamedTuple):
    """What a lesson asks for: hidden everywhere until the lesson has its answer."""

    values: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    """The values whose line is asked for as well."""


NOTHING = Asked()


class Hiding(NamedTuple):
    """Whether results are hidden, which ones have been revealed, and the score."""

    on: bool = False
    lines: bool = False
    """Whether the lines that follow from the forward program are hidden as well."""
    revealed: frozenset[Where] = frozenset()
    judged: Answered | None = None
    right: int = 0
    asked: Asked = NOTHING
    missed: tuple[Expr, ...] = ()
    """The results guessed wrong, in the order of the guesses."""

    def reveal(self, where: Where) -> Hiding:
        return self._replace(revealed=self.revealed | {where})

    def judge(self, answer: Answered, right: bool, of: Expr) -> Hiding:
        """Records an attempt at a hidden result `of`; a number reveals it.

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
        """The verdict on the guess made here; None without one."""
        answer = self.answer(where)
        return answer.said if answer else None

    def answer(self, where: Where) -> Answered | None:
        """The last answer, if it was given here."""
        return self.judged if self.judged and self.judged.where == where else None


SHOWN = Hiding()
