"""What is asked in the message line: the question, what can be typed, and what an answer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stepper.app.snapshot import Move, Snapshot
from stepper.expr.sentence import Sentence

Answer = Callable[[Snapshot, str], Snapshot]
"""The frame after what was typed. Raises StepperError where it cannot be: the field stays open."""


class Prompt(NamedTuple):
    """A one-line text field, opened by giving one to `Asking.ask`."""

    question: Sentence
    can_type: Sentence
    """What `?` on the empty field shows, in one row."""
    answer: Answer
    on_nothing: Move | None = None
    """What `enter` on the empty field does; without it that closes the field."""
    typed: str = ""
    """What stands in the field at first."""
    at_once: Mapping[str, Move] = MappingProxyType({})
    """What a letter does on the empty field without `enter`."""


Asks = Callable[[Snapshot], Prompt | Snapshot]
"""What a command asks at this moment, or the frame that says why there is nothing to ask."""
