"""Functions of one entry: the activations, exp, log and their like."""

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
