"""The value of a tree, node by node."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stepper.expr.errors import FormulaError, near
from stepper.expr.tree import Call, Expr, Name, Number, settings_of
from stepper.ops import CARDS
from stepper.ops.card import Value

Environment = Mapping[str, Value]


def evaluate(tree: Expr, values: Environment) -> Value:
    """The value of a tree: a scalar, a matrix or a stack of them. Raises for an unknown name."""
    with np.errstate(all="ignore"):
        return _value(tree, values)


def _value(tree: Expr, values: Environment) -> Value:
    if isinstance(tree, Name):
        if tree.id not in values:
            raise FormulaError(
                "unknown-name", tree.span, "there is no `{word}` here.{near}",
                word=tree.id, near=near(tree.id, values),
            )  # fmt: skip
        return values[tree.id]
    if isinstance(tree, Number):
        return np.float64(tree.value)
    assert isinstance(tree, Call)
    xs = [_value(a, values) for a in tree.args]
    return CARDS[tree.op].eval(*xs, **settings_of(tree))
