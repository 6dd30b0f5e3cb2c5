"""Evaluates formulas and their slopes at points, with 40 digits, to refute a wrong line.

Slopes are computed by forward differentiation with dual numbers, so the test does not rely on the
rules it tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from stepper.calculus.plain import is_leaf
from stepper.expr.errors import FormulaError
from stepper.expr.tree import DERIVATIVE, Call, Expr, Number, operands, settings_of, walk
from stepper.language.text import text
from stepper.ops import CARDS

DIGITS = 40
CLOSE = 1e-25
RANGES = ((0.05, 0.95), (-2.5, 2.5), (0.3, 3.5), (-2.5, -0.3), (0.05, 0.95), (-2.5, 2.5))
"""The ranges points are drawn from: probabilities, signed, positive and negative numbers."""

Point = Mapping[Expr, Any]


class Dual(NamedTuple):
    """A value and its derivative."""

    value: Any
    slope: Any


def leaves(*trees: Expr) -> tuple[Expr, ...]:
    """The leaves that need a number, in the order of their text."""
    return tuple(sorted({n for t in trees for n in _leaves(t)}, key=text))


def _leaves(tree: Expr) -> Iterator[Expr]:
    if is_leaf(tree):
        yield tree
        return
    for a in operands(tree):
        yield from _leaves(a)


def points(named: tuple[Expr, ...], kinks: bool) -> Iterator[Point]:
    """Points to try; with `kinks` also those at which everything is 0, or equal."""
    from mpmath import mpf

    random = Random(20)
    for low, high in RANGES:
        drawn = (round(random.uniform(low, high), 4) for _ in named)
        yield {n: mpf(str(v)) for n, v in zip(named, drawn, strict=True)}
    for number in (0, 1) if kinks else ():
        yield dict.fromkeys(named, mpf(number))


def has_kinks(tree: Expr) -> bool:
    """Whether a formula has a jump or a kink somewhere."""
    calls = (n for _, n in walk(tree) if isinstance(n, Call) and n.op in CARDS)
    return any(CARDS[n.op].piece(*n.args, **settings_of(n)) is not None for n in calls)


def at_point(tree: Expr, point: Point) -> Any:
    """The value of a plain formula; None if it is not a finite real number."""
    import mpmath

    with mpmath.workdps(DIGITS):
        try:
            value = _dual(tree, point, None).value
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        return value if mpmath.isfinite(value) and not isinstance(value, mpmath.mpc) else None


def agree(a: Any, b: Any) -> bool:
    """Whether two numbers are equal to 25 digits."""
    return bool(abs(a - b) <= CLOSE * (1 + abs(a) + abs(b)))


def _dual(tree: Expr, point: Point, by: Expr | None) -> Dual:
    from mpmath import mpf

    if is_leaf(tree):
        return Dual(point[tree], mpf(int(tree == by)))
    if isinstance(tree, Number):
        return Dual(mpf(tree.text or repr(tree.value)), mpf(0))
    assert isinstance(tree, Call)
    if tree.op == DERIVATIVE:
        # second derivatives are not known here: what needs one has no value
        return Dual(_dual(tree.args[0], point, tree.args[1]).slope, mpf("nan"))
    xs = [_dual(a, point, by) for a in tree.args]
    if (rule := _OPERATIONS.get(tree.op)) is not None:
        return rule(*xs)
    if name := CARDS[tree.op].mathematics:
        return _function(name, *xs)
    raise FormulaError("not-a-value", tree.span, "{op} has no single number", op=tree.op)


def _div(a: Dual, b: Dual) -> Dual:
    return Dual(a.value / b.value, (a.slope * b.value - b.slope * a.value) / b.value**2)


def _pow(a: Dual, b: Dual) -> Dual:
    from mpmath import log, mpc

    value = a.value**b.value
    if isinstance(value, mpc):
        raise ValueError("no real power")
    slope = a.slope * (b.value * a.value ** (b.value - 1)) if b.value else a.slope * 0
    if b.slope == 0:
        return Dual(value, slope)
    return Dual(value, slope + b.slope * (value * log(a.value)))


def _function(name: str, x: Dual) -> Dual:
    """mpmath's own function, with its derivative measured numerically."""
    import mpmath

    f = getattr(mpmath, name)
    value = f(x.value)
    slope = x.slope * mpmath.diff(f, x.value) if x.slope else x.slope
    if isinstance(value, mpmath.mpc) or isinstance(slope, mpmath.mpc):
        raise ValueError("no real value")
    return Dual(value, slope)


def _sign(x: Any) -> int:
    return int(x > 0) - int(x < 0)


def _flat(step: Callable[..., Any]) -> Callable[..., Dual]:
    def rule(*xs: Dual) -> Dual:
        from mpmath import mpf

        return Dual(mpf(int(step(*(x.value for x in xs)))), mpf(0))

    return rule


_OPERATIONS: Mapping[str, Callable[..., Dual]] = {
    "add": lambda a, b: Dual(a.value + b.value, a.slope + b.slope),
    "sub": lambda a, b: Dual(a.value - b.value, a.slope - b.slope),
    "neg": lambda a: Dual(-a.value, -a.slope),
    "mul": lambda a, b: Dual(a.value * b.value, a.slope * b.value + b.slope * a.value),
    "div": _div,
    "pow": _pow,
    "abs": lambda x: Dual(abs(x.value), x.slope * _sign(x.value)),
    "maximum": lambda a, b: a if a.value > b.value else b,
    "sign": _flat(_sign),
    "greater": _flat(lambda a, b: a > b),
    "less": _flat(lambda a, b: a < b),
    "greater_equal": _flat(lambda a, b: a >= b),
    "less_equal": _flat(lambda a, b: a <= b),
    "equal": _flat(lambda a, b: a == b),
}
"""Arithmetic and functions with kinks; any other function is mpmath's, by the name on its card."""
