"""The operators of arithmetic, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from stepper.expr.tree import Expr, Number, because, call
from stepper.ops.card import (
    NEGATIVE,
    POWER,
    PRODUCT,
    SUM,
    Calls,
    Elementwise,
    Notation,
    Sample,
    Value,
    log,
)


class Add(Elementwise):
    """{0} plus {1}, entry by entry."""

    one = "{0} plus {1}."
    name, arity, is_linear = "add", 2, True
    notation = Notation("infix", "+", "+", "+", SUM)
    ufunc = np.add

    def eval(self, a: Value, b: Value) -> Value:
        return a + b

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        why = "a sum passes its gradient on unchanged: {x} moves {y} one for one"
        return because(g, why), because(g, why)


class Sub(Elementwise):
    """{0} minus {1}, entry by entry."""

    one = "{0} minus {1}."
    name, arity, is_linear = "sub", 2, True
    notation = Notation("infix", "-", "−", "-", SUM)
    ufunc = np.subtract

    def eval(self, a: Value, b: Value) -> Value:
        return a - b

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        return (
            because(g, "{x} moves {y} one for one"),
            because(-g, "{x} is subtracted: its gradient turns round"),
        )


class Mul(Elementwise):
    """{0} times {1}, entry by entry."""

    one = "{0} times {1}."
    name, arity, is_linear = "mul", 2, True
    notation = Notation("infix", "*", "⊙", r"\odot", PRODUCT, spellings=("multiply",))
    ufunc = np.multiply

    def eval(self, a: Value, b: Value) -> Value:
        return a * b

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        why = "in a product a factor's slope is the other factor"
        return because(g * b, why), because(g * a, why)


class Div(Elementwise):
    """{0} divided by {1}, entry by entry."""

    one = "{0} divided by {1}."
    name, arity, is_linear = "div", 2, True
    notation = Notation("infix", "/", "/", "/", PRODUCT, spellings=("divide",))
    ufunc = np.divide

    def eval(self, a: Value, b: Value) -> Value:
        return a / b

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        return (
            because(g / b, "a division by {1} divides the gradient too"),
            because(-(g * a / b**2), "the slope of {0} / {1} in {1} is −{0} / {1}²"),
        )

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)), rng.uniform(0.5, 2, size=(3, 4))), {})


class Pow(Elementwise):
    """{0} to the power {1}, entry by entry."""

    one = "{0} to the power {1}."
    name, arity = "pow", 2
    notation = Notation("infix", "**", "^", "^", POWER, spellings=("power",))

    def eval(self, a: Value, b: Value) -> Value:
        return a**b

    def into(self, out: Value, a: Value, b: Value) -> Calls:
        written_two = isinstance(b, float) and b == 2
        return (partial(np.square, a, out) if written_two else partial(np.power, a, b, out),)

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        power = a if b == Number(2) else a ** _one_less(b)
        return (
            because(g * (b * power), "the power rule: exponent down, then one less"),
            because(g * (y * log(a)), "the slope of an exponential in its exponent"),
        )

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        for exponent in (2.0, 3.0, 0.5, -2.0):
            yield Sample((rng.uniform(0.5, 2, size=(3, 4)), np.float64(exponent)), {})


def _one_less(b: Expr) -> Expr:
    return Number(b.value - 1) if isinstance(b, Number) and b.value > 1 else b - 1


class Neg(Elementwise):
    """Minus {0}."""

    name, arity, is_linear = "neg", 1, True
    notation = Notation("prefix", "-", "−", "-", NEGATIVE, spellings=("negative",))
    ufunc = np.negative

    def eval(self, x: Value) -> Value:
        return -x

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (because(-g, "a minus turns the gradient round"),)


class Comparison(Elementwise):
    """Base of the comparisons: 1 where it holds, 0 elsewhere. Flat, so no gradient flows."""

    arity = 2

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[None, None]:
        return None, None

    def piece(self, a: Expr, b: Expr) -> Expr:
        return call(self.name, a, b)

    def eval(self, a: Value, b: Value) -> Value:
        return np.asarray(self.holds(np.real(a), np.real(b)), dtype=np.float64)[()]

    def holds(self, a: Value, b: Value) -> Any:
        raise AssertionError("each comparison says when it holds")


class Greater(Comparison):
    """1 where {0} is greater than {1}, else 0."""

    name = "greater"
    notation = Notation("infix", ">", ">", ">", 1)
    ufunc = np.greater

    def holds(self, a: Value, b: Value) -> Any:
        return a > b


class Less(Comparison):
    """1 where {0} is less than {1}, else 0."""

    name = "less"
    notation = Notation("infix", "<", "<", "<", 1)
    ufunc = np.less

    def holds(self, a: Value, b: Value) -> Any:
        return a < b


class GreaterEqual(Comparison):
    """1 where {0} is at least {1}, else 0."""

    name = "greater_equal"
    notation = Notation("infix", ">=", "≥", r"\ge", 1)
    ufunc = np.greater_equal

    def holds(self, a: Value, b: Value) -> Any:
        return a >= b


class LessEqual(Comparison):
    """1 where {0} is at most {1}, else 0."""

    name = "less_equal"
    notation = Notation("infix", "<=", "≤", r"\le", 1)
    ufunc = np.less_equal

    def holds(self, a: Value, b: Value) -> Any:
        return a <= b


class Equal(Comparison):
    """1 where {0} equals {1}, else 0."""

    name = "equal"
    notation = Notation("infix", "==", "==", "==", 1)
    ufunc = np.equal

    def holds(self, a: Value, b: Value) -> Any:
        return a == b
