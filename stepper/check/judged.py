"""The results of judging a learner's lines: verdicts, and the reasons behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Span

Verdict = Literal["right", "wrong", "unknown", "invalid"]
"""`unknown`: it can be read, but nothing tells what it should be. `invalid` is no attempt."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedLine:
    """One line of a learner, with its verdict and explanation."""

    text: str
    verdict: Verdict
    message: Sentence
    target: str | None = None
    """The known quantity it should be, else the learner's own name; None for a bare formula when
    nothing was asked."""
    reading: str = ""
    """The formula as it was parsed, with all brackets."""
    recognised: str | None = None
    """The known quantity that has the same value."""
    mistake: str | None = None
    also: tuple[str, ...] = ()
    """Other mistakes that would explain the same value."""
    span: Span | None = None
    """The wrong part, as a range of characters of `text`."""
    why: Sentence | None = None
    clue: Sentence | None = None
    """What is wrong, where and why, without the right form; None if there is no such hint."""
    notes: tuple[Sentence, ...] = ()
    """Further remarks, whether it is right or wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """All lines of a text, in order."""

    lines: tuple[JudgedLine, ...]

    @property
    def verdict(self) -> Verdict:
        """`wrong` as soon as a mistake is found; `right` only if everything could be judged."""
        found = {line.verdict for line in self.lines}
        for verdict in ("wrong", "invalid", "right"):
            if verdict in found:
                return verdict
        return "unknown"

    @property
    def first_wrong(self) -> JudgedLine | None:
        return next((line for line in self.lines if line.verdict == "wrong"), None)
