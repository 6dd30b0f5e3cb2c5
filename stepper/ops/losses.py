"""Softmax and the losses: composites, each with a definition one can step inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from stepper.expr.errors import ShapeError
from stepper.expr.tree import Expr, Number, because, call
from stepper.ops.card import (
    Index,
    Letter,
    Op,
    Operand,
    Sample,
    Value,
    exp,
    function,
    log,
    misfit,
    rows_or_columns,
    size,
    total,
)
from stepper.ops.dims import SCALAR, Shape, broadcast


def mean(x: Expr) -> Expr:
    return call("mean", x)


def average(x: Value) -> Value:
    """The mean of all entries of each matrix of a stack."""
    return np.mean(x, axis=(-2, -1), keepdims=np.ndim(x) > 2) if np.ndim(x) >= 2 else x


class Loss(Op):
    """Base of the losses that compare a prediction with a target, entry by entry."""

    is_loss = True

    def shape(self, p: Shape, y: Shape, *more: Shape) -> Shape:
        if p != y and p and y:
            if broadcast(p, y) is None:
                raise misfit(self)
            raise ShapeError(
                "shape",
                None,
                "prediction and target differ in shape: numpy would stretch one over the other and "
                "average over pairs that do not belong together",
            )
        if any(broadcast(p or y, other) is None for other in more):
            raise misfit(self)
        return SCALAR

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        p, y = rng.uniform(0.1, 0.9, size=(2, 3)), rng.uniform(0.1, 0.9, size=(2, 3))
        yield Sample((p, y, *(np.float64(0.1) for _ in range(self.arity - 2))), {})


class Mse(Loss):
    """The mean squared error: ({0} − {1})² averaged over all entries."""

    name, arity = "mse", 2
    notation = function("mse", "MSE", r"\operatorname{MSE}")

    def eval(self, p: Value, y: Value) -> Value:
        return average((p - y) ** 2)

    def vjp(self, g: Expr, out: Expr, p: Expr, y: Expr) -> tuple[Expr, Expr]:
        why = "the power rule brings down a 2, the mean divides by the number of entries"
        return (
            because(g * (2 * (p - y)) / size(p), why),
            because(-(g * (2 * (p - y)) / size(p)), why),
        )

    def definition(self, p: Expr, y: Expr) -> Expr:
        return mean((p - y) ** 2)

    def indexed(self, i: str, p: Letter, y: Letter) -> Sequence[Expr]:
        return (because(total((p("k") - y("k")) ** 2) / size(p.tree), "definition"),)


class Bce(Loss):
    """Binary cross-entropy: −(y·log p + (1 − y)·log(1 − p)) averaged over all entries."""

    name, arity, optional = "bce", 3, 1
    notation = function("bce", "BCE", r"\operatorname{BCE}")

    def fill(self, *xs: Expr) -> tuple[Expr, ...]:
        return xs if len(xs) == 3 else (*xs, Number(0))

    def eval(self, p: Value, y: Value, eps: Value) -> Value:
        return -average(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))

    def vjp(self, g: Expr, out: Expr, p: Expr, y: Expr, eps: Expr) -> tuple[Expr, Expr, Expr]:
        yes, no = plus(p, eps), plus(1 - p, eps)
        return (
            because(
                -(g * (y / yes - (1 - y) / no)) / size(p),
                "the slope of log x is 1/x: y/p for ones, (1 − y)/(1 − p) for zeros, averaged",
            ),
            because(-(g * (log(yes) - log(no))) / size(p), "{1} weighs the two logarithms"),
            because(
                -(g * (y / yes + (1 - y) / no)) / size(p), "{2} is added inside both logarithms"
            ),
        )

    def definition(self, p: Expr, y: Expr, eps: Expr) -> Expr:
        return -mean(y * log(plus(p, eps)) + (1 - y) * log(plus(1 - p, eps)))

    def indexed(self, i: str, p: Letter, y: Letter, eps: Letter) -> Sequence[Expr]:
        each = call("bce", p("k"), y("k"), eps("k"))
        return (because(total(each) / size(p.tree), "the mean of what each entry gives"),)

    def algebra(self, p: Expr, y: Expr, eps: Expr) -> Sequence[Expr]:
        yes, no = plus(p, eps), plus(1 - p, eps)
        above = p - y if eps == Number(0) else p + eps - y * (1 + 2 * eps)
        return (
            because(
                -((y * no - (1 - y) * yes) / (yes * no)), "one fraction, with both below the line"
            ),
            because(above / (yes * no), "multiplied out above the line: {0}·{1} goes"),
        )


def plus(x: Expr, eps: Expr) -> Expr:
    """`x + eps`, or `x` alone where eps is 0."""
    return x if eps == Number(0) else x + eps


class Softmax(Op):
    """e^z of each entry, divided by their sum over the features: shares that add up to 1."""

    name, arity, wants_own_line = "softmax", 1, True
    settings = {"axis": "features"}
    notation = function("softmax", "softmax", r"\operatorname{softmax}")

    def eval(self, z: Value, axis: int) -> Value:
        if not np.ndim(z):
            return z / z
        along = rows_or_columns(axis)
        e = np.exp(z - np.max(np.real(z), axis=along, keepdims=True))
        return e / np.sum(e, axis=along, keepdims=True)

    def shape(self, z: Shape, axis: int) -> Shape:
        return z

    def vjp(self, g: Expr, y: Expr, z: Expr, axis: int) -> tuple[Expr]:
        why = (
            "raising one share lowers all others: the average of {g}, weighted by the shares, goes"
        )
        return (because(y * (g - total(g * y, axis)), why),)

    def definition(self, z: Expr, axis: int) -> Expr:
        return exp(z) / total(exp(z), axis)

    def indexed(self, i: str, z: Letter, axis: int) -> Sequence[Expr]:
        return (because(exp(z(i)) / total(exp(z("m"))), "definition"),)

    def algebra(self, own: Expr, other: Expr, below: Expr) -> Sequence[Expr]:
        """`own` and `other` are e^zᵢ and e^zⱼ, `below` the sum of all of them."""
        p = own / below
        if own != other:
            return (because(-(p * (other / below)), "split the fraction"),)
        return (
            because(p * ((below - own) / below), "split the fraction"),
            because(p * (1 - p), "divide each by what is below"),
        )

    def entry(self, index: Index, z: Operand, axis: int) -> Expr:
        i, j = index
        below = z.added(z.shape[axis], lambda k: exp(z.at(k, j) if axis == 0 else z.at(i, k)))
        return exp(z.at(i, j)) / below

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 0})
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 1})


class SoftmaxCe(Op):
    """Cross-entropy of the softmax of {0}: −Σ y·log p over the classes, averaged over samples."""

    name, arity = "softmax_ce", 2
    settings = {"axis": "features"}
    notation = function("softmax_ce", "softmax_ce", r"\operatorname{softmax\_ce}")

    def eval(self, z: Value, y: Value, axis: int) -> Value:
        if not np.ndim(z):
            return 0 * y
        along = rows_or_columns(axis)
        top = np.max(np.real(z), axis=along, keepdims=True)
        log_p = z - top - np.log(np.sum(np.exp(z - top), axis=along, keepdims=True))
        return -average(y * log_p) * np.shape(z)[along]

    def shape(self, z: Shape, y: Shape, axis: int) -> Shape:
        if z != y:
            raise misfit(self)
        return SCALAR

    def vjp(self, g: Expr, out: Expr, z: Expr, y: Expr, axis: int) -> tuple[Expr, Expr]:
        p = call("softmax", z, axis=axis)
        return (
            because(
                g * (p - y) / size(z, 1 - axis),
                "softmax and its logarithm cancel: what is left is p − y (each sample's {1} adds "
                "up to 1), averaged over the samples",
            ),
            because(-(g * log(p)) / size(z, 1 - axis), "{1} weighs the logarithms"),
        )

    def definition(self, z: Expr, y: Expr, axis: int) -> Expr:
        p = call("softmax", z, axis=axis)
        return -call("sum", y * log(p)) / size(z, 1 - axis)

    def indexed(self, i: str, z: Letter, y: Letter, axis: int) -> Sequence[Expr]:
        below, weighed = log(total(exp(z("m")))), total(y("k") * z("k"))
        share, samples = exp(z("k")) / total(exp(z("m"))), size(z.tree, 1 - axis)
        apart = -(weighed - total(y("k")) * below)
        return (
            because(-total(y("k") * log(share)) / samples, "definition"),
            because(-total(y("k") * (z("k") - below)) / samples, "the logarithm of a fraction"),
            because(apart / samples, "the sum taken apart"),
            because((below - weighed) / samples, "the targets of a sample add up to 1"),
        )

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        y = rng.uniform(0.1, 0.9, size=(3, 4))
        yield Sample((rng.normal(size=(3, 4)), y / y.sum(axis=0)), {"axis": 0})
        yield Sample((rng.normal(size=(3, 4)), y / y.sum(axis=1, keepdims=True)), {"axis": 1})
