"""What is said of a learner's lines: verdicts, and what stands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Span

Verdict = Literal["right", "wrong", "unknown", "invalid"]
"""`unknown`: it can be read, but nothing says what it should be. `invalid` is no attempt."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedLine:
    """One line of a learner and what there is to say about it."""

    text: str
    verdict: Verdict
    message: Sentence
    target: str | None = None
    """The known quantity that it should be, else the learner's own name; None for a bare formula
    that nothing was asked of."""
    reading: str = ""
    """The formula as it was read, with every bracket."""
    recognised: str | None = None
    """The known quantity whose value it has."""
    mistake: str | None = None
    also: tuple[str, ...] = ()
    """Other mistakes that would explain the same value."""
    span: Span | None = None
    """The part that is wrong, in characters of `text`."""
    why: Sentence | None = None
    clue: Sentence | None = None
    """What is wrong, where and why, without what is right there; None where nothing tells that."""
    notes: tuple[Sentence, ...] = ()
    """What else a learner should know, be it right or wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """All lines of a text, in their order."""

    lines: tuple[JudgedLine, ...]

    @property
    def verdict(self) -> Verdict:
        """`wrong` as soon as a mistake is found; `right` only where everything could be judged."""
        found = {line.verdict for line in self.lines}
        for verdict in ("wrong", "invalid", "right"):
            if verdict in found:
                return verdict
        return "unknown"

    @property
    def first_wrong(self) -> JudgedLine | None:
        return next((line for line in self.lines if line.verdict == "wrong"), None)
