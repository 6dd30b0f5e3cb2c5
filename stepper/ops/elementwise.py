"""Functions of one entry that are no activations: exp, log and their like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from stepper.expr.tree import Expr, because, call
from stepper.ops.activations import away_from_zero
from stepper.ops.card import Calls, Elementwise, Sample, Value, function


class Exp(Elementwise):
    """e to the power of each entry."""

    one = "e to the power of {0}."
    name, arity = "exp", 1
    notation = function("exp", "exp", r"\exp")
    ufunc = np.exp
    mathematics = "exp"

    def eval(self, x: Value) -> Value:
        return np.exp(x)

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(y, "the exponential is its own slope"),)


class Log(Elementwise):
    """The natural logarithm of each entry."""

    one = "The natural logarithm of {0}."
    name, arity = "log", 1
    notation = function("log", "log", r"\log", ("ln",))
    ufunc = np.log
    mathematics = "log"

    def eval(self, x: Value) -> Value:
        return np.log(x)

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (because(g / x, "the slope of log x is 1/x"),)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.uniform(0.5, 2, size=(3, 4)),), {})


class Sqrt(Elementwise):
    """The square root of each entry."""

    one = "The square root of {0}."
    name, arity = "sqrt", 1
    notation = function("sqrt", "√", r"\sqrt")
    ufunc = np.sqrt
    mathematics = "sqrt"

    def eval(self, x: Value) -> Value:
        return np.sqrt(x)

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (
            because(g / (2 * y), "the slope of a root, written with its own output: 1 / (2√x)"),
        )

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.uniform(0.5, 2, size=(3, 4)),), {})


class Abs(Elementwise):
    """The size of each entry, without its sign."""

    one = "The size of {0}, without its sign."
    name, arity = "abs", 1
    notation = function("abs", "abs", r"\operatorname{abs}", ("absolute", "fabs"))
    ufunc = np.absolute

    def eval(self, x: Value) -> Value:
        return np.where(x < 0, -x, x)[()]

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(call("sign", x), "the slope of a size is its sign (0 at 0)"),)

    def piece(self, x: Expr) -> Expr:
        return x > 0

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        return away_from_zero(rng)


class Square(Elementwise):
    """Each entry times itself."""

    one = "{0} times itself."
    name, arity = "square", 1
    notation = function("square", "square", r"\operatorname{square}")
    ufunc = np.square

    def eval(self, x: Value) -> Value:
        return x * x

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(2 * x, "the power rule: the slope of x² is 2x"),)

    def definition(self, x: Expr) -> Expr:
        return x**2


class Maximum(Elementwise):
    """The larger of {0} and {1}, entry by entry."""

    one = "The larger of {0} and {1}."
    name, arity = "maximum", 2
    notation = function("maximum", "max", r"\max")

    def eval(self, a: Value, b: Value) -> Value:
        return np.asarray(np.where(a > b, a, b))[()]

    def into(self, out: Value, a: Value, b: Value) -> Calls:
        """Of all of numpy's functions this one wants its place by name."""
        return (partial(np.maximum, a, b, out=out),)

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        why = "only the larger one moves the maximum (at a tie: {1})"
        return g * because(a > b, why), g * because(call("less_equal", a, b), why)

    def piece(self, a: Expr, b: Expr) -> Expr:
        return a > b


class Sign(Elementwise):
    """1 for a positive entry, −1 for a negative one, 0 for 0."""

    one = "1 for a positive number, −1 for a negative one, 0 for 0."
    name, arity = "sign", 1
    notation = function("sign", "sign", r"\operatorname{sign}")
    ufunc = np.sign

    def eval(self, x: Value) -> Value:
        return np.sign(np.real(x))

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[None]:
        return (None,)

    def piece(self, x: Expr) -> Expr:
        return call("sign", x)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        return away_from_zero(rng)
