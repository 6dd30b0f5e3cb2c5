"""An edit as it is typed: `W1[2, 0] = 0.5`, `lr = 0.5`."""

from __future__ import annotations

import re

from stepper.expr.errors import StepperError
from stepper.labs.whatif import Edit
from stepper.language.tokens import spelled
from stepper.ops.card import Index

_TYPED = re.compile(r"\s*(\w+)\s*(?:\[\s*(\d+)\s*,\s*(\d+)\s*\])?\s*=(.*)", re.DOTALL)


def read(typed: str, given: tuple[str, Index] | None = None) -> Edit:
    """Parses `W1[2, 0] = 0.5`; a number alone is for the entry in `given`. Raises StepperError."""
    whole = _TYPED.fullmatch(typed)
    if whole is None:
        if given is None:
            raise StepperError("`{typed}` is no edit: W1[2,0]=0.5 or lr=0.5", typed=typed.strip())
        return Edit(*given, _number(typed))
    name, row, column, number = whole.groups()
    return Edit(spelled(name), None if row is None else (int(row), int(column)), _number(number))


def written(edit: Edit) -> str:
    """The edit of one number as it would be typed, with all its digits."""
    at = "" if edit.index is None else "[{},{}]".format(*edit.index)
    return f"{edit.name}{at}={float(edit.value)!r}"


def _number(typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise StepperError("`{typed}` is no number: 0.25 or -2.5e-3", typed=typed.strip()) from None
