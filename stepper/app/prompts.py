"""Prompts in the message line: the question, what can be typed, and what an answer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stepper.app.snapshot import Move, Snapshot
from stepper.expr.sentence import Sentence

Answer = Callable[[Snapshot, str], Snapshot]
"""The frame after what was typed. Raises StepperError if there is none: the field stays open."""


class Prompt(NamedTuple):
    """A one-line text field in the message line, opened by `Asking.ask`."""

    question: Sentence
    can_type: Sentence
    """What `?` in the empty field shows, in one row."""
    answer: Answer
    on_nothing: Move | None = None
    """What `enter` in the empty field does; without this it closes the field."""
    typed: str = ""
    """The text the field opens with."""
    at_once: Mapping[str, Move] = MappingProxyType({})
    """What a letter does in the empty field, without `enter`."""


Asks = Callable[[Snapshot], Prompt | Snapshot]
"""The prompt of a command now, or the frame that says why there is nothing to ask."""
