"""Formulas with one node changed, and whether that made them another function.

The judge is another evaluator than the one that is tested: mpmath's own functions and its
numeric derivative, at other points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import mpmath

from stepper.calculus.derivation import Derivation
from stepper.calculus.plain import plain
from stepper.calculus.points import leaves
from stepper.expr.errors import FormulaError
from stepper.expr.tree import DERIVATIVE, Call, Expr, Name, Number, call, put, walk

_OTHERS = {
    "add": ("sub", "mul"), "sub": ("add", "div"), "mul": ("add", "div"), "div": ("mul", "sub"),
    "neg": ("exp",), "exp": ("neg", "log"), "log": ("exp", "sqrt"), "sqrt": ("log",),
    "pow": ("mul",), "sigmoid": ("tanh",), "tanh": ("sigmoid",), "maximum": ("add",),
    "greater": ("less",), "less_equal": ("greater",), "abs": ("sign",), "sign": ("abs",),
}  # fmt: skip


def mutants(tree: Expr, names: list[Name]) -> Iterator[Expr]:
    """The tree with one node changed: another operation, name or number, a sign, an order."""
    inside = {(*path, 1) for path, n in walk(tree) if isinstance(n, Call) and n.op == DERIVATIVE}
    for path, node in walk(tree):
        if path in inside:
            continue
        for other in _changed(node, names):
            yield put(tree, path, other)


def _changed(node: Expr, names: list[Name]) -> Iterator[Expr]:
    if isinstance(node, Number):
        yield from (Number(node.value + 1), -node, Number(node.value * 2 or 3))
    elif isinstance(node, Name):
        yield from (n for n in names if n != node)
        yield from (-node, node + 1)
    elif isinstance(node, Call) and node.op != DERIVATIVE:
        yield from (replace(node, op=op) for op in _OTHERS.get(node.op, ()))
        yield call("neg", node) if node.op != "neg" else node.args[0]
        if len(node.args) == 2 and node.op not in ("add", "mul"):
            yield replace(node, args=node.args[::-1])


def differs(left: Expr, right: Expr, d: Derivation) -> bool:
    """Whether two formulas differ somewhere, with 30 digits; what is no formula differs nowhere."""
    try:
        a, b = (plain(t, d.where, d.assumed) for t in (left, right))
    except FormulaError:  # a sum that runs over nothing
        return False
    named, random = leaves(a, b), Random(77)
    with mpmath.workdps(50):
        for low, high in ((0.1, 0.9), (-1.5, 1.5), (0.2, 2.5), (-0.8, -0.1)):
            point = {n: mpmath.mpf(str(round(random.uniform(low, high), 5))) for n in named}
            x, y = _value(a, point), _value(b, point)
            if x is None or y is None or not (_real(x) and _real(y)):
                continue
            if abs(x - y) > mpmath.mpf("1e-15") * (1 + abs(x) + abs(y)):
                return True
    return False


def _real(x: Any) -> bool:
    return bool(mpmath.isfinite(x)) and mpmath.im(x) == 0


def _value(tree: Expr, point: dict[Expr, Any]) -> Any:
    try:
        return _of(tree, point)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None


def _of(tree: Expr, point: dict[Expr, Any]) -> Any:
    if tree in point:
        return point[tree]
    if isinstance(tree, Number):
        return mpmath.mpf(tree.text or repr(tree.value))
    assert isinstance(tree, Call)
    if tree.op == DERIVATIVE:
        f, by = tree.args
        return mpmath.diff(lambda t: _of(f, {**point, by: t}), point[by])
    return _FUNCTIONS[tree.op](*(_of(a, point) for a in tree.args))


_FUNCTIONS = {
    "add": mpmath.fadd, "sub": mpmath.fsub, "mul": mpmath.fmul, "div": mpmath.fdiv,
    "neg": mpmath.fneg, "pow": mpmath.power, "exp": mpmath.exp, "log": mpmath.log,
    "sqrt": mpmath.sqrt, "abs": mpmath.fabs, "sign": mpmath.sign, "maximum": max,
    "greater": lambda a, b: mpmath.mpf(a > b), "less": lambda a, b: mpmath.mpf(a < b),
    "greater_equal": lambda a, b: mpmath.mpf(a >= b),
    "less_equal": lambda a, b: mpmath.mpf(a <= b),
}  # fmt: skip
