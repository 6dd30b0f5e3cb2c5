"""A question in the message line that a single key answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stepper.expr.sentence import Sentence, say


class Choice(NamedTuple):
    """A question, and what each key does."""

    question: Sentence
    answers: Mapping[str, Callable[[], None]]

    def answer(self, key: str) -> Callable[[], None] | None:
        """What a key does; None if it is no answer."""
        return self.answers.get(key)


NO_ANSWER = say("left as it was: that key is none of the answers")
