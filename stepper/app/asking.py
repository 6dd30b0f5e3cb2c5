"""How a question is opened, answered and left; the field itself is a widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stepper.app.session import Asked, Move, Snapshot
from stepper.expr.errors import StepperError

Asks = Callable[[Snapshot], Asked | Snapshot]
"""What a command asks at this moment, or the frame that says why there is nothing to ask."""


def asking(asks: Asks) -> Move:
    """The move that opens the question."""

    def move(now: Snapshot) -> Snapshot:
        found = asks(now)
        return replace(now, asked=found, message=None) if isinstance(found, Asked) else found

    return move


def answered(now: Snapshot, typed: str) -> Snapshot:
    """The frame after an answer; where it cannot be taken, the same with what is wrong with it."""
    asked, closed = now.asked, replace(now, asked=None, message=None)
    assert asked is not None
    try:
        return asked.answer(closed, typed) if typed.strip() else asked.on_nothing(closed)
    except StepperError as error:
        return replace(now, message=error.sentence)


def pressed(now: Snapshot, key: str) -> Snapshot:
    """A key that is not for the text: leave, another question, or what can be typed."""
    if now.asked is None or key == "escape":
        return replace(now, asked=None, message=None)
    if key == "question_mark":
        return replace(now, message=now.asked.can_type)
    other = now.asked.other if key == "tab" else None
    return replace(now, asked=other, message=None) if other else now
