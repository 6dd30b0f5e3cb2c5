"""Derives the gradients of a lab one by one: what is asked, what is done, and hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepper.check.judged import JudgedLine
from stepper.check.judging import Judging
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.language.text import text
from stepper.ops.dims import shown


@dataclass(eq=False)
class Practice:
    """Asks for each gradient in the order of a backward pass."""

    lab: Lab
    only: str | None = None
    """The only gradient to ask for, whatever was done before; None: each in turn."""
    typed: list[tuple[str, str]] = field(default_factory=list)
    """What was asked, and the line that was right or a helper, in the order of typing."""
    done: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    hints: int = 0

    def __post_init__(self) -> None:
        self.judging = Judging(self.lab, self.lab.sample)

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(line.target for line in self.judging.book.backward)

    @property
    def asked(self) -> str | None:
        """The next gradient; None when all are done or skipped."""
        order = self.order if self.only is None else (self.only,)
        left = (t for t in order if t not in self.done and t not in self.skipped)
        return next(left, None)

    def answer(self, typed: str) -> JudgedLine:
        """Judges a line. A right one is remembered with the names it assigns; a wrong one leaves no
        trace."""
        asked = self.asked
        line = self.judging.line(typed, asked).alone
        if line.verdict not in ("right", "unknown"):
            self._forget()
        elif asked is not None:
            self._keep(line, asked, typed)
        return line

    def _keep(self, line: JudgedLine, asked: str, typed: str) -> None:
        self.typed.append((asked, typed))
        if line.target in self.order:
            self.done.add(line.target)
            self.hints = 0 if line.target == asked else self.hints

    def _forget(self) -> None:
        """Starts again from the remembered lines."""
        self.judging = Judging(self.lab, self.lab.sample)
        for asked, typed in self.typed:
            self.judging.line(typed, asked)

    def skip(self) -> None:
        if self.asked is not None:
            self.skipped.add(self.asked)
            self.hints = 0

    def hint(self) -> Sentence:
        """Reveals a little more with every call: the shape, the reason, finally the formula."""
        target = self.asked
        assert target is not None, "nothing is asked any more"
        line = self.judging.book.lines[target]
        self.hints += 1
        if self.hints == 1:
            of, shape = Name(str(line.of)), shown(self.judging.words.shapes[target])
            return say(
                "{target} has the shape of {of}, {shape}, and {of} is used in: {lines}",
                target=Name(target), of=of, shape=shape, lines="; ".join(self._uses(line.through)),
            )  # fmt: skip
        if self.hints == 2 and line.reason is not None:
            return line.reason
        return say("{target} = {right}", target=Name(target), right=line.tree)

    def _uses(self, through: tuple[str, ...]) -> list[str]:
        return [f"{t} = {text(self.judging.book.right(t))}" for t in through]

    def resume(self, state: Mapping[str, Any]) -> None:
        """Resumes from a saved state: every line is judged again, nothing is trusted.

        Skipped gradients are asked for again.
        """
        for asked, typed in _pairs(state.get("typed")):
            line = self.judging.line(typed, asked if asked in self.order else None).alone
            if line.verdict in ("right", "unknown"):
                self._keep(line, asked, typed)
            else:
                self._forget()
        self.done.discard(str(self.only))


def state(kept: Mapping[str, Any], typed: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What to save: the lines saved already, and those typed since."""
    return {"typed": [list(pair) for pair in (*_pairs(kept.get("typed")), *typed)]}


def _pairs(kept: Any) -> Iterator[tuple[str, str]]:
    for pair in kept if isinstance(kept, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(t, str) for t in pair):
            yield pair[0], pair[1]
