"""What is shown instead if the terminal is too small: how much is missing."""

from __future__ import annotations

from textual.widget import Widget

from stepper.app.arrangement import LEAST
from stepper.expr.sentence import Sentence, say
from stepper.show.words import words


def missing(wide: int, high: int, plain: str) -> Sentence:
    """How many columns and rows a terminal lacks, and the command `plain` that needs no screen."""
    columns, rows = LEAST[0] - wide, LEAST[1] - high
    lacks = [
        say(one if n == 1 else more, n=str(n))
        for one, more, n in (
            ("one more column", "{n} more columns", columns),
            ("one more row", "{n} more rows", rows),
        )
        if n > 0
    ]
    what = lacks[0] if len(lacks) == 1 else say("{a} and {b}", a=lacks[0], b=lacks[-1])
    return say(
        "This terminal has {wide} columns and {high} rows, and the screen needs {what}. "
        "Enlarge it, or leave with {key_quit} and go on in plain text: {plain}",
        wide=str(wide), high=str(high), what=what, plain=plain,
    )  # fmt: skip


class TooSmall(Widget):
    """Says how many columns and rows are missing, and what works without them."""

    def __init__(self, plain: str) -> None:
        super().__init__()
        self.plain = plain

    def render(self) -> str:
        return words(missing(*self.size, self.plain))
