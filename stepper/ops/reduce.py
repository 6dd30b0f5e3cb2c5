"""Sums, means and extremes: over all entries, or along an axis that is kept with length 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial, reduce
from operator import add
from typing import Any

import numpy as np

from stepper.expr.errors import ShapeError
from stepper.expr.tree import Expr, Number, because, call
from stepper.ops.card import (
    Calls,
    Index,
    Letter,
    Op,
    Operand,
    Sample,
    Value,
    expand,
    function,
    rows_or_columns,
    total,
)
from stepper.ops.card import size as size_of
from stepper.ops.dims import ONE, SCALAR, Shape, shown


class Reduction(Op):
    """Base of the reductions. `axis` 0 goes down the columns, 1 along the rows."""

    arity, is_even = 1, True
    settings = {"axis": None, "keepdims": False}

    def shape(self, x: Shape, axis: int | None = None, keepdims: bool = False) -> Shape:
        if not x or axis is None:
            return (ONE, ONE) if keepdims and x else SCALAR
        left = x[1 - axis]
        if not keepdims:
            raise ShapeError(
                "keepdims",
                None,
                "the {op} of {shape} over axis {axis} loses that axis and leaves ({left},): "
                "add keepdims=True to get {kept}",
                op=self.name,
                shape=shown(x),
                axis=axis,
                left=str(left),
                kept=shown((ONE, left) if axis == 0 else (left, ONE)),
            )
        return (ONE, left) if axis == 0 else (left, ONE)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {})
        for axis in (0, 1):
            yield Sample((rng.normal(size=(3, 4)),), {"axis": axis, "keepdims": True})

    def terms(self, index: Index, x: Operand, axis: int | None) -> list[Expr]:
        """The entries that are put together into one entry of the output."""
        i, j = index
        rows, columns = x.shape or (1, 1)
        if axis is None:
            return [x.at(*k) for k in x.indices()]
        return (
            [x.at(k, j) for k in range(rows)] if axis == 0 else [x.at(i, k) for k in range(columns)]
        )

    def added(self, index: Index, x: Operand, axis: int | None) -> Expr:
        """These entries added up."""
        i, j = index
        rows, columns = x.shape or (1, 1)
        if axis == 0 or (axis is None and columns == 1):
            return x.added(rows, lambda k: x.at(k, j))
        if axis == 1 or rows == 1:
            return x.added(columns, lambda k: x.at(i, k))
        return reduce(add, self.terms(index, x, axis))


def _axes(x: Value, axis: int | None, keepdims: bool) -> dict[str, Any]:
    """Where numpy is to reduce: the last two axes, whatever is stacked in front of them."""
    if np.ndim(x) < 2:
        return {}
    if axis is None:
        return {"axis": (-2, -1), "keepdims": keepdims or np.ndim(x) > 2}
    return {"axis": rows_or_columns(axis), "keepdims": True}


class Sum(Reduction):
    """All entries of {0} added up (along the axis, if one is named)."""

    name, is_linear = "sum", True
    notation = function("sum", "sum", r"\operatorname{sum}")

    def eval(self, x: Value, axis: int | None = None, keepdims: bool = False) -> Value:
        return np.sum(x, **_axes(x, axis, keepdims))

    def into(self, out: Value, x: Value, axis: int | None = None, keepdims: bool = False) -> Calls:
        along = _axes(x, axis, keepdims)
        if np.shape(x) == np.shape(out):
            return (partial(np.positive, x, out),)
        kept = along.get("keepdims", False)
        return (partial(np.add.reduce, x, along.get("axis", ()), None, out, kept),)

    def vjp(self, g: Expr, y: Expr, x: Expr, **settings: Any) -> tuple[Expr]:
        return (because(expand(g, x), "every entry counts once in the sum"),)

    def entry(
        self, index: Index, x: Operand, axis: int | None = None, keepdims: bool = False
    ) -> Expr:
        return self.added(index, x, axis)

    def indexed(self, i: str, x: Letter, **settings: Any) -> Sequence[Expr]:
        return (total(x("k")),)


class Mean(Reduction):
    """The average of the entries of {0} (along the axis, if one is named)."""

    name, is_linear = "mean", True
    notation = function("mean", "mean", r"\operatorname{mean}", ("average",))

    def eval(self, x: Value, axis: int | None = None, keepdims: bool = False) -> Value:
        return np.mean(x, **_axes(x, axis, keepdims))

    def into(self, out: Value, x: Value, axis: int | None = None, keepdims: bool = False) -> Calls:
        count = np.asarray(np.size(x) / max(1, np.size(out)))
        added = Sum().into(out, x, axis=axis, keepdims=keepdims)
        return (*added, partial(np.true_divide, out, count, out))

    def vjp(
        self, g: Expr, y: Expr, x: Expr, axis: int | None = None, keepdims: bool = False
    ) -> tuple[Expr]:
        why = "a mean shares its gradient equally among its entries"
        return (because(expand(g / size_of(x, axis), x), why),)

    def definition(self, x: Expr, axis: int | None = None, keepdims: bool = False) -> Expr:
        kept = {"keepdims": True} if keepdims else {}
        along = {"axis": axis} if axis is not None else {}
        return call("sum", x, **along, **kept) / size_of(x, axis)

    def entry(
        self, index: Index, x: Operand, axis: int | None = None, keepdims: bool = False
    ) -> Expr:
        rows, columns = x.shape or (1, 1)
        many = rows * columns if axis is None else (rows, columns)[axis]
        whole = self.added(index, x, axis)
        return whole / Number(many) if many > 1 else whole

    def indexed(self, i: str, x: Letter, **settings: Any) -> Sequence[Expr]:
        return (because(total(x("k")) / size_of(x.tree), "a mean is a sum over n"),)


class First(Op):
    """Of the ones in a mask {0} only the first stays (along the axis, if one is named)."""

    name, arity = "first", 1
    settings = {"axis": None}
    notation = function("first", "first", r"\operatorname{first}")

    def eval(self, x: Value, axis: int | None = None) -> Value:
        mask = np.atleast_2d(np.real(x))
        if axis is None:
            so_far = np.cumsum(mask.reshape(*mask.shape[:-2], -1), axis=-1).reshape(mask.shape)
        else:
            so_far = np.cumsum(mask, axis=rows_or_columns(axis))
        return (mask * (so_far == 1)).reshape(np.shape(x))[()]

    def shape(self, x: Shape, axis: int | None = None) -> Shape:
        return x

    def vjp(self, g: Expr, y: Expr, x: Expr, axis: int | None = None) -> tuple[None]:
        return (None,)

    def entry(self, index: Index, x: Operand, axis: int | None = None) -> Expr:
        """It is 1 itself, and with all before it they add up to 1."""
        i, j = index
        rows, columns = x.shape or (1, 1)
        if axis == 0 or (axis is None and columns == 1):
            so_far = x.added(i + 1, lambda k: x.at(k, j))
        elif axis == 1 or rows == 1:
            so_far = x.added(j + 1, lambda k: x.at(i, k))
        else:
            so_far = reduce(add, [x.at(*k) for k in x.indices() if k <= index])
        return x.at(i, j) * call("equal", so_far, Number(1))

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        for settings in ({}, {"axis": 0}, {"axis": 1}):
            yield Sample((rng.integers(0, 2, size=(3, 4)) * 1.0,), settings)


class Extreme(Reduction):
    """Base of max and min: the gradient goes to the entry that was chosen.

    At a tie that is the first, as numpy's argmax has it; autograd and torch's amax share the
    gradient among all of them.
    """

    def vjp(
        self, g: Expr, y: Expr, x: Expr, axis: int | None = None, keepdims: bool = False
    ) -> tuple[Expr]:
        along = {"axis": axis} if axis is not None else {}
        why = "only the chosen entry of {0} moves it (at a tie: the first)"
        return (expand(g, x) * because(call("first", call("equal", x, y), **along), why),)

    def piece(self, x: Expr, **settings: Any) -> Expr:
        return call("equal", x, call(self.name, x, **settings))


class Max(Extreme):
    """The largest entry of {0} (along the axis, if one is named)."""

    name = "max"
    notation = function("max", "max", r"\max", ("amax",))

    def eval(self, x: Value, axis: int | None = None, keepdims: bool = False) -> Value:
        return np.max(x, **_axes(x, axis, keepdims))

    def entry(
        self, index: Index, x: Operand, axis: int | None = None, keepdims: bool = False
    ) -> Expr:
        return reduce(lambda a, b: call("maximum", a, b), self.terms(index, x, axis))


class Min(Extreme):
    """The smallest entry of {0} (along the axis, if one is named)."""

    name = "min"
    notation = function("min", "min", r"\min", ("amin",))

    def eval(self, x: Value, axis: int | None = None, keepdims: bool = False) -> Value:
        return np.min(x, **_axes(x, axis, keepdims))

    def entry(
        self, index: Index, x: Operand, axis: int | None = None, keepdims: bool = False
    ) -> Expr:
        smaller = (-term for term in self.terms(index, x, axis))
        return -reduce(lambda a, b: call("maximum", a, b), smaller)


class Size(Op):
    """How many entries {0} has, in all or along an axis: a number that no weight changes."""

    name, arity = "size", 1
    settings = {"axis": None}
    notation = function("size", "size", r"\operatorname{size}")

    def eval(self, x: Value, axis: int | None = None) -> Value:
        if np.ndim(x) < 2:
            return np.float64(1)
        rows, columns = np.shape(x)[-2:]
        return np.float64(rows * columns if axis is None else (rows, columns)[axis])

    def shape(self, x: Shape, axis: int | None = None) -> Shape:
        return SCALAR

    def vjp(self, g: Expr, y: Expr, x: Expr, axis: int | None = None) -> tuple[None]:
        return (None,)

    def entry(self, index: Index, x: Operand, axis: int | None = None) -> Expr:
        rows, columns = x.shape or (1, 1)
        return Number(rows * columns if axis is None else (rows, columns)[axis])

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {})
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 1})
