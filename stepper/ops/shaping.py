"""Operations that put together or repeat entries and calculate nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from stepper.expr.errors import FormulaError, ShapeError
from stepper.expr.tree import Expr, Number, because, call
from stepper.ops.card import (
    Calls,
    Index,
    Op,
    Operand,
    Sample,
    Value,
    expand,
    function,
    rows_or_columns,
    total,
)
from stepper.ops.dims import ONE, Shape, broadcast, shown
from stepper.ops.parts import cut, without_last


class Stack(Op):
    """{0} and {1} put together: under each other (axis 0) or side by side (axis 1)."""

    name, arity, is_linear = "stack", 2, True
    settings = {"axis": 0}
    notation = function("stack", "stack", r"\operatorname{stack}")

    def eval(self, a: Value, b: Value, axis: int = 0) -> Value:
        if np.ndim(a) != np.ndim(b):
            lead = np.broadcast_shapes(np.shape(a)[:-2], np.shape(b)[:-2])
            a = np.broadcast_to(a, lead + np.shape(a)[-2:])
            b = np.broadcast_to(b, lead + np.shape(b)[-2:])
        return np.concatenate((a, b), axis=rows_or_columns(axis))

    def shape(self, a: Shape, b: Shape, axis: int = 0) -> Shape:
        if not a or not b or a[1 - axis] != b[1 - axis]:
            raise ShapeError(
                "shape",
                None,
                "{a} and {b} do not fit together along axis {axis}",
                a=shown(a),
                b=shown(b),
                axis=axis,
            )
        first, second = a[axis], b[axis]
        if second.size is not None:
            long = first.plus(second.size)
        elif first.size is not None:
            long = second.plus(first.size)
        else:
            raise FormulaError("shape", None, "how long two sides of N samples are is not known")
        return (long, a[1]) if axis == 0 else (a[0], long)

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr, axis: int = 0) -> tuple[Expr, Expr]:
        raise FormulaError(
            "no-derivative", None, "stack is for backward programs: use with_ones to add a bias row"
        )

    def entry(self, index: Index, a: Operand, b: Operand, axis: int = 0) -> Expr:
        first = a.shape[axis]
        if index[axis] < first:
            return a.at(*index)
        return b.at(*(k - first if n == axis else k for n, k in enumerate(index)))

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)), rng.normal(size=(1, 4))), {"axis": 0})
        yield Sample((rng.normal(size=(3, 4)), rng.normal(size=(3, 2))), {"axis": 1})


class WithOnes(Op):
    """{0} with a 1 added to every sample: the input of a bias that is folded into the weights."""

    name, arity, is_linear = "with_ones", 1, True
    settings = {"axis": "features"}
    notation = function("with_ones", "with_ones", r"\operatorname{with\_ones}")

    def eval(self, x: Value, axis: int) -> Value:
        shape = list(np.shape(x))
        shape[rows_or_columns(axis)] = 1
        return np.concatenate((x, np.ones(shape)), axis=rows_or_columns(axis))

    def into(self, out: Value, x: Value, axis: int) -> Calls:
        out[...] = 1
        without = out[:-1] if axis == 0 else out[:, :-1]
        return (partial(np.copyto, without, x),)

    def shape(self, x: Shape, axis: int) -> Shape:
        if not x:
            raise FormulaError("shape", None, "with_ones wants a matrix, and this is a number")
        return (x[0].plus(1), x[1]) if axis == 0 else (x[0], x[1].plus(1))

    def vjp(self, g: Expr, y: Expr, x: Expr, axis: int) -> tuple[Expr]:
        why = "the ones beside {0} are no part of it: their share stops here"
        return (because(cut(g, *without_last(axis)), why),)

    def entry(self, index: Index, x: Operand, axis: int) -> Expr:
        return Number(1) if index[axis] == x.shape[axis] else x.at(*index)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 0})
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 1})


class OnesLike(Op):
    """Ones in the shape of {0}."""

    name, arity = "ones_like", 1
    notation = function("ones_like", "𝟏", r"\mathbf{1}")

    def eval(self, x: Value) -> Value:
        return np.ones_like(x)[()]

    def shape(self, x: Shape) -> Shape:
        return x

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[None]:
        return (None,)

    def entry(self, index: Index, x: Operand) -> Expr:
        return Number(1)


class Expand(Op):
    """{0} repeated until it has the shape of {1}."""

    name, arity, is_linear = "expand", 2, True
    notation = function("expand", "expand", r"\operatorname{expand}")

    def eval(self, g: Value, like: Value) -> Value:
        return g * np.ones_like(like)[()]

    def shape(self, g: Shape, like: Shape) -> Shape:
        if broadcast(g, like) != like:
            raise ShapeError(
                "shape", None, "{g} cannot be repeated to {like}", g=shown(g), like=shown(like)
            )
        return like

    def vjp(self, g: Expr, y: Expr, x: Expr, like: Expr) -> tuple[Expr, None]:
        why = "{0} was used many times, so its gradient is the sum over all its uses"
        return because(call("sum_to", g, x), why), None

    def entry(self, index: Index, g: Operand, like: Operand) -> Expr:
        return g.at(*index)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        like = rng.normal(size=(3, 4))
        yield Sample((np.float64(rng.normal()), like), {})
        yield Sample((rng.normal(size=(1, 4)), like), {})


class SumTo(Op):
    """{0} added up until it has the shape of {1}: repeating, undone."""

    name, arity, is_linear = "sum_to", 2, True
    notation = function("sum_to", "sum_to", r"\operatorname{sum\_to}")

    def eval(self, g: Value, like: Value) -> Value:
        if np.ndim(g) < 2 or np.shape(g)[-2:] == np.shape(like)[-2:]:
            return g
        if np.ndim(like) < 2:
            return np.sum(g, axis=(-2, -1), keepdims=np.ndim(g) > 2)
        short = tuple(a for a in (-2, -1) if np.shape(like)[a] < np.shape(g)[a])
        return np.sum(g, axis=short, keepdims=True)

    def shape(self, g: Shape, like: Shape) -> Shape:
        if broadcast(g, like) != g:
            raise ShapeError(
                "shape", None, "{g} cannot be summed to {like}", g=shown(g), like=shown(like)
            )
        return like

    def vjp(self, g: Expr, y: Expr, x: Expr, like: Expr) -> tuple[Expr, None]:
        return because(expand(g, x), "every entry counts once in the sum"), None

    def entry(self, index: Index, g: Operand, like: Operand) -> Expr:
        rows, columns = g.shape or (1, 1)
        down = range(rows) if not like.shape or like.shape[0] < rows else (index[0],)
        along = range(columns) if not like.shape or like.shape[1] < columns else (index[1],)
        terms = [g.at(i, j) for i in down for j in along]
        result = terms[0]
        for term in terms[1:]:
            result = result + term
        return result

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        g = rng.normal(size=(3, 4))
        yield Sample((g, rng.normal(size=(3, 1))), {})
        yield Sample((g, np.float64(rng.normal())), {})


def summed_to(g: Expr, have: Shape, want: Shape) -> Expr:
    """`g` of shape `have` added up to `want`, written as a sum that one can read."""
    if not want:
        return total(g)
    short = [axis for axis in (0, 1) if want[axis] == ONE != have[axis]]
    return call("sum", g, keepdims=True) if len(short) == 2 else total(g, short[0])
