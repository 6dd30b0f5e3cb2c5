"""Formulas to 30 digits, with mpmath: whether two of them are one, told from chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from mpmath import mp

from stepper.check.world import World
from stepper.expr.tree import Call, Expr, Name, Number, settings_of
from stepper.labs.lab import Lab
from stepper.ops import CARDS
from stepper.program.program import Line

DIGITS = 30
EQUAL = mp.mpf(10) ** (5 - DIGITS)

_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": mp.exp, "log": mp.log, "sqrt": mp.sqrt, "abs": abs,
}  # fmt: skip


def exact(x: Any) -> Any:
    """The same numbers, to be calculated with to 30 digits."""
    return np.vectorize(mp.mpf, otypes=[object])(x) if np.ndim(x) else mp.mpf(x)


def value(tree: Expr, given: Mapping[str, Any]) -> Any:
    """The value of a tree, composite operations written out by their definitions."""
    if isinstance(tree, Name):
        return given[tree.id]
    if isinstance(tree, Number):
        return mp.mpf(tree.value)
    assert isinstance(tree, Call)
    card, settings = CARDS[tree.op], settings_of(tree)
    written_out = card.definition(*tree.args, **settings)
    if written_out is not None:
        return value(written_out, given)
    xs = [value(a, given) for a in tree.args]
    if tree.op in _FUNCTIONS:
        function = _FUNCTIONS[tree.op]
        return np.vectorize(function, otypes=[object])(xs[0]) if np.ndim(xs[0]) else function(xs[0])
    return exact(card.eval(*xs, **settings))


def exact_world(lab: Lab, world: World, backward: tuple[Line, ...]) -> dict[str, Any]:
    """A world computed again from what is given in it, to 30 digits."""
    lines = (*lab.forward.lines, *backward)
    computed = {line.target for line in lines}
    with mp.workdps(DIGITS):
        values = {k: exact(v) for k, v in world.values.items() if k not in computed}
        for line in lines:
            values[line.target] = value(line.tree, values)
    return values


def are_one(tree: Expr, target: str, given: Mapping[str, Any]) -> bool:
    """Whether a formula has the target's value, to 25 of 30 digits; without a value it has not."""
    right = given[target]
    with mp.workdps(DIGITS):
        try:
            theirs = value(tree, given)
            if np.shape(theirs) != np.shape(right):
                return False
            worst = np.max(np.abs(theirs - right))
            return bool(worst <= EQUAL * np.max(np.abs(right)))
        except (ValueError, TypeError, ArithmeticError):
            return False
