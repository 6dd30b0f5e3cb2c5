"""The errors stepper reports: what happened, where, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stepper.expr.sentence import Sentence
from stepper.expr.tree import Span

FAULT = 70
"""The exit code of an internal fault of stepper (EX_SOFTWARE in sysexits.h): no verdict."""


class StepperError(Exception):
    """Base of all errors that are shown to a learner as one message, never as a traceback."""

    def __init__(self, template: str, /, *, where: str = "", **fields: Any) -> None:
        self.sentence = Sentence(template, fields)
        self.where = where
        super().__init__(template)

    def __str__(self) -> str:
        return self.said()

    def said(self, words: Callable[[Sentence], str] = str) -> str:
        """The message, prefixed with its place; `words` translates a sentence for the learner."""
        said = words(self.sentence)
        return f"{self.where}: {said}" if self.where else said


class FormulaError(StepperError):
    """A formula that is outside the language or does not fit; has a stable kind and a place."""

    def __init__(
        self, kind: str, span: Span | None, template: str, /, *, where: str = "", **fields: Any
    ) -> None:
        super().__init__(template, where=where, **fields)
        self.kind = kind
        self.span = span
        self.source = ""

    def pointing(self, words: Callable[[Sentence], str] = str) -> str:
        """The message, and below it the formula with the place underlined."""
        if self.span is None or not self.source:
            return self.said(words)
        start, end = self.span
        line_start = self.source.rfind("\n", 0, start) + 1
        line = self.source[line_start:].split("\n", 1)[0]
        first = max(0, min(start - line_start, len(line)) - 60)
        shown = line[first : first + 100]
        marks = " " * (start - line_start - first) + "^" * max(1, min(end - start, 40))
        return f"{self.said(words)}\n    {shown}\n    {marks}"


class ShapeError(FormulaError):
    """Two shapes that do not fit together, both shown by name."""


def fault(error: Exception) -> Sentence:
    """The message for an unexpected exception, which is a bug in stepper."""
    return Sentence(
        "this is a fault of stepper itself, not of yours: {kind}{what}",
        {"kind": type(error).__name__, "what": f": {error}" if str(error) else ""},
    )


NONE: Mapping[str, str] = {}


def near(word: str, known: Iterable[str], aliases: Mapping[str, str] = NONE) -> Sentence:
    """The known words closest to this one, as a question; an empty sentence if none is close.

    A close alias proposes the known word it stands for.
    """
    from difflib import get_close_matches  # imported only once there is an error

    meant = {**aliases, **{name: name for name in known}}
    words = list(meant)
    close = get_close_matches(word, words, n=3, cutoff=0.6)
    close = close or [k for k in words if _letters(k) == _letters(word)][:3]
    if not close:
        return Sentence("")
    proposed = dict.fromkeys(meant[word] for word in close)
    return Sentence(" Did you mean {words}?", {"words": ", ".join(f"`{p}`" for p in proposed)})


def _letters(word: str) -> str:
    """A name in lower case without its digits, so that `w3` and `W1` are near."""
    return word.rstrip("0123456789").casefold()
