"""The activations: functions of one entry that stand behind a layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from stepper.expr.tree import Expr, because, call
from stepper.ops.card import Calls, Elementwise, Sample, Value, exp, function, log


class Sigmoid(Elementwise):
    """Each entry squashed into the range from 0 to 1: σ(z) = 1 / (1 + e^−z)."""

    one = "{0} squashed into the range from 0 to 1: σ(z) = 1 / (1 + e^−z)."
    name, arity, saturates = "sigmoid", 1, True
    notation = function("sigmoid", "σ", r"\sigma", ("logistic", "expit"))

    def eval(self, x: Value) -> Value:
        if np.iscomplexobj(x):  # there 1 / inf is nan, so nothing may overflow on the way
            small = np.exp(_towards_zero(x))
            return (np.where(np.real(x) < 0, small, 1) / (1 + small))[()]
        return 1 / (1 + np.exp(-x))

    def into(self, out: Value, x: Value) -> Calls:
        return (
            partial(np.negative, x, out),
            partial(np.exp, out, out),
            partial(np.add, out, np.asarray(1.0), out),
            partial(np.reciprocal, out, out),
        )

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(y * (1 - y), "the slope of σ, written with its own output: a·(1 − a)"),)

    def definition(self, x: Expr) -> Expr:
        return 1 / (1 + exp(-x))

    def algebra(self, x: Expr) -> Sequence[Expr]:
        below = 1 + exp(-x)
        return (
            because(1 / below * (exp(-x) / below), "split the fraction"),
            because(1 / below * ((below - 1) / below), "+ 1 − 1 above the line"),
            because(1 / below * (1 - 1 / below), "divide each by what is below"),
        )


class Tanh(Elementwise):
    """Each entry squashed into the range from −1 to 1: tanh(z) = (e^z − e^−z) / (e^z + e^−z)."""

    one = "{0} squashed into the range from −1 to 1: tanh(z) = (e^z − e^−z) / (e^z + e^−z)."
    name, arity, saturates = "tanh", 1, True
    notation = function("tanh", "tanh", r"\tanh")
    ufunc = np.tanh

    def eval(self, x: Value) -> Value:
        return np.tanh(x)

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(1 - y**2, "the slope of tanh, written with its own output: 1 − a²"),)

    def definition(self, x: Expr) -> Expr:
        return (exp(x) - exp(-x)) / (exp(x) + exp(-x))

    def algebra(self, x: Expr) -> Sequence[Expr]:
        above, below = exp(x) - exp(-x), exp(x) + exp(-x)
        return (
            because((below**2 - above**2) / below**2, "written as squares"),
            because(1 - (above / below) ** 2, "split the fraction"),
        )


class Relu(Elementwise):
    """Positive entries stay, the others become 0."""

    one = "A positive number stays, any other becomes 0."
    name, arity = "relu", 1
    notation = function("relu", "ReLU", r"\operatorname{ReLU}", ("ReLU",))

    def eval(self, x: Value) -> Value:
        return np.where(x > 0, x, 0)[()]

    def into(self, out: Value, x: Value) -> Calls:
        return (partial(np.maximum, x, np.asarray(0.0), out=out),)

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        why = "ReLU lets the gradient through where {0} > 0 and stops it elsewhere (also at 0)"
        return (g * because(x > 0, why),)

    def piece(self, x: Expr) -> Expr:
        return x > 0

    def definition(self, x: Expr) -> Expr:
        return call("maximum", x, 0)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        return away_from_zero(rng)


class LeakyRelu(Elementwise):
    """Positive entries stay, the others shrink to a hundredth."""

    one = "A positive number stays, any other shrinks to a hundredth."
    name, arity = "leaky_relu", 1
    notation = function("leaky_relu", "LeakyReLU", r"\operatorname{LeakyReLU}")

    def eval(self, x: Value) -> Value:
        return np.where(x > 0, x, 0.01 * x)[()]

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        why = "the slope is 1 where {0} > 0 and 0.01 elsewhere (also at 0)"
        return (g * because((x > 0) + call("less_equal", x, 0) * 0.01, why),)

    def piece(self, x: Expr) -> Expr:
        return x > 0

    def definition(self, x: Expr) -> Expr:
        return call("maximum", x, 0.01 * x)

    def algebra(self, x: Expr) -> Sequence[Expr]:
        slopes = (x > 0) + 0.01 * call("less_equal", x, 0)
        return (because(slopes, "{0} is larger than 0.01·{0} just where it is positive"),)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        return away_from_zero(rng)


class Softplus(Elementwise):
    """A smooth ReLU: log(1 + e^z)."""

    name, arity = "softplus", 1
    notation = function("softplus", "softplus", r"\operatorname{softplus}")

    def eval(self, x: Value) -> Value:
        positive = np.where(np.real(x) < 0, 0, x)
        return (positive + _log_of_one_and(np.exp(_towards_zero(x))))[()]

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (g * because(call("sigmoid", x), "the slope of softplus is σ"),)

    def definition(self, x: Expr) -> Expr:
        return log(1 + exp(x))

    def algebra(self, x: Expr) -> Sequence[Expr]:
        return (because(1 / (1 + exp(-x)), "divide above and below by e^{0}"),)


class Identity(Elementwise):
    """Each entry as it is: no activation."""

    one = "{0} as it is: no activation."
    name, arity, is_linear = "identity", 1, True
    notation = function("identity", "id", r"\operatorname{id}")
    ufunc = np.positive

    def eval(self, x: Value) -> Value:
        return x

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (because(g, "the slope of the identity is 1"),)


def _towards_zero(x: Value) -> Value:
    """`x` or `-x`, whichever has an exponential that is at most 1."""
    return np.where(np.real(x) < 0, x, -x)


def _log_of_one_and(x: Value) -> Value:
    """`log(1 + x)`, for complex numbers too without losing what is small beside 1."""
    if not np.iscomplexobj(x):
        return np.log1p(x)
    size = np.log1p(2 * x.real + x.real**2 + x.imag**2) / 2
    return size + 1j * np.arctan2(x.imag, 1 + x.real)


def away_from_zero(rng: np.random.Generator) -> Iterator[Sample]:
    """Both signs, no entry near the kink at 0."""
    yield Sample((rng.uniform(0.2, 2, size=(3, 4)) * rng.choice((-1, 1), size=(3, 4)),), {})
