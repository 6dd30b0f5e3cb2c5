"""The slope of a saturated sigmoid: a·(1 − a) loses its digits, σ(z)·σ(−z) does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import exp

import numpy as np

from stepper.calculus.worked import item_of, symbol_of
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Expr, Name, walk
from stepper.ops.card import Index
from stepper.program.trace import Trace

FLAT = 1e-6
"""If a is closer to 1 than this, 1 − a keeps fewer than ten of its sixteen digits."""


def saturated(trace: Trace, tree: Expr, used: Mapping[Expr, Collection[Index]]) -> Sentence | None:
    """A warning if a formula has a slope a·(1 − a) and reads an entry of a that is nearly 1.

    `used` are the entries the formula reads. Since 1 − σ(z) = σ(−z) exactly, the same slope is
    σ(z)·σ(−z), which needs no difference of two nearly equal numbers.
    """
    for name in _slopes(tree):
        z = _argument(trace, name)
        for index in sorted(used.get(Name(name), ())) if z else ():
            a = item_of(trace.value(name), index)
            if 0 <= 1 - a < FLAT:
                return _said(trace, name, z or "", index, a)
    return None


def _slopes(tree: Expr) -> list[str]:
    """The names `a` that occur in a formula as `a * (1 - a)`."""
    return [
        node.args[0].id
        for _, node in walk(tree)
        if isinstance(node, Call)
        and isinstance(node.args[0], Name)
        and node == node.args[0] * (1 - node.args[0])
    ]


def _argument(trace: Trace, name: str) -> str | None:
    """The `z` of a line `a = sigmoid(z)`; None if the name is computed differently."""
    number = trace.program.number_of(name)
    tree = trace.program.lines[number - 1].tree if number else None
    if not isinstance(tree, Call) or tree.op != "sigmoid" or not isinstance(tree.args[0], Name):
        return None
    return tree.args[0].id


def _said(trace: Trace, name: str, z: str, index: Index, a: float) -> Sentence:
    at = item_of(trace.value(z), index)
    ours = exp(-at) / (1 + exp(-at)) ** 2
    shape = np.shape(trace.value(name))
    return say(
        "{a} is so near to 1 that 1 − {a} has lost digits: a·(1 − a) = {rounded}; "
        "as σ(z)·σ(−z) with z = {z} the slope is {exact}",
        a=symbol_of(Name(name), shape, index), z=f"{at:.4g}",
        rounded=_digits(a * (1 - a)), exact=_digits(ours),
    )  # fmt: skip


def _digits(slope: float) -> str:
    """As many digits as it takes to see where the two results differ."""
    return f"{slope:.9e}" if slope else "0"
