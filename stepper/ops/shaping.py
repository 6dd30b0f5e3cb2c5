"""Operations that move, repeat or cut entries and calculate nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepper.expr.errors import FormulaError, ShapeError
from stepper.expr.tree import Expr, Number, because, call
from stepper.ops.card import (
    ATOM,
    Index,
    Notation,
    Op,
    Operand,
    Sample,
    Value,
    expand,
    function,
    rows_or_columns,
    total,
)
from stepper.ops.dims import ONE, SCALAR, Dim, Shape, broadcast, shown

Cut = tuple[int | None, int | None]
"""Where a slice starts and stops along one axis."""
WHOLE: Cut = (None, None)


def cut(x: Expr, rows: Cut = WHOLE, columns: Cut = WHOLE) -> Expr:
    """`x[rows, columns]`."""
    return call("slice", x, rows=rows, columns=columns)


class Slice(Op):
    """The named part of {0}."""

    name, arity, is_view, is_linear = "slice", 1, True, True
    settings = {"rows": WHOLE, "columns": WHOLE}
    notation = Notation("postfix", "[]", "[]", "[]", ATOM)

    def eval(self, x: Value, rows: Cut, columns: Cut) -> Value:
        return x[..., slice(*rows), slice(*columns)]

    def shape(self, x: Shape, rows: Cut, columns: Cut) -> Shape:
        if not x:
            raise FormulaError("shape", None, "a single number has no part to cut out")
        return (cut_dim(x[0], rows), cut_dim(x[1], columns))

    def vjp(self, g: Expr, y: Expr, x: Expr, rows: Cut, columns: Cut) -> tuple[Expr]:
        why = "{y} is a part of {0}: its gradient belongs there, the rest gets 0 from here"
        return (because(call("pad", g, x, rows=rows, columns=columns), why),)

    def entry(self, index: Index, x: Operand, rows: Cut, columns: Cut) -> Expr:
        height, width = x.shape
        i, j = range(height)[slice(*rows)], range(width)[slice(*columns)]
        return x.at(i[index[0]], j[index[1]])

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {"rows": (None, -1), "columns": WHOLE})
        yield Sample((rng.normal(size=(3, 4)),), {"rows": WHOLE, "columns": (1, 3)})


def cut_dim(dim: Dim, part: Cut) -> Dim:
    """The length that is left of one; of N only what can be known without knowing it."""
    start, stop = part
    if part == WHOLE:
        return dim
    if dim.size is not None:
        length = len(range(dim.size)[start:stop])
        if not length:
            raise FormulaError("shape", None, "nothing is left of a side of length {n}", n=dim.size)
        return dim if length == dim.size else _shorter(dim, length)
    if start is None and stop is not None and stop > 0:
        return Dim(stop)
    if start is not None and start < 0 and stop is None:
        return Dim(-start)
    raise FormulaError("shape", None, "how long this slice of N samples is cannot be known")


def _shorter(dim: Dim, length: int) -> Dim:
    """`h+1` without its last entry is `h` again."""
    word, plus, more = dim.name.partition("+")
    if plus and dim.size is not None and dim.size - length == int(more):
        return Dim(length, word)
    return Dim(length)


class Item(Op):
    """One entry of {0}, as a number."""

    name, arity, is_view, is_linear = "item", 1, True, True
    settings = {"row": 0, "column": 0}
    notation = Notation("postfix", "[]", "[]", "[]", ATOM)

    def eval(self, x: Value, row: int, column: int) -> Value:
        return x[..., row, column] if np.ndim(x) <= 2 else x[..., row, column][..., None, None]

    def shape(self, x: Shape, row: int, column: int) -> Shape:
        for place, dim in zip((row, column), x or (ONE, ONE), strict=True):
            if dim.size is not None and not -dim.size <= place < dim.size:
                raise ShapeError(
                    "shape",
                    None,
                    "there is no entry {place} in {shape}: they count from 0",
                    place=place,
                    shape=shown(x),
                )
        if not x:
            raise FormulaError("shape", None, "a single number has no entries to choose from")
        return SCALAR

    def vjp(self, g: Expr, y: Expr, x: Expr, row: int, column: int) -> tuple[Expr]:
        where = {"rows": _only(row), "columns": _only(column)}
        why = "{y} is one entry of {0}: its gradient belongs there, the rest gets 0 from here"
        return (because(call("pad", g, x, **where), why),)

    def entry(self, index: Index, x: Operand, row: int, column: int) -> Expr:
        return x.at(row % x.shape[0], column % x.shape[1])

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {"row": 1, "column": 2})
        yield Sample((rng.normal(size=(3, 4)),), {"row": -1, "column": 0})


def _only(place: int) -> Cut:
    return (place or None, None if place == -1 else place + 1)


class Pad(Op):
    """{0} put where the named part of {1} is, with 0 all round."""

    name, arity, is_linear, last_is_part = "pad", 2, True, True
    settings = {"rows": WHOLE, "columns": WHOLE}
    notation = function("pad", "pad", r"\operatorname{pad}")

    def eval(self, g: Value, like: Value, rows: Cut, columns: Cut) -> Value:
        stack = np.shape(g)[:-2] if np.ndim(g) > 2 else np.shape(like)[:-2]
        out = np.zeros(stack + np.shape(like)[-2:], dtype=np.asarray(g).dtype)
        out[..., slice(*rows), slice(*columns)] = g
        return out

    def shape(self, g: Shape, like: Shape, rows: Cut, columns: Cut) -> Shape:
        part = (cut_dim(like[0], rows), cut_dim(like[1], columns))
        if broadcast(g, part) != part:
            raise ShapeError(
                "shape", None, "{g} does not fit into {part}", g=shown(g), part=shown(part)
            )
        return like

    def vjp(
        self, g: Expr, y: Expr, x: Expr, like: Expr, rows: Cut, columns: Cut
    ) -> tuple[Expr, None]:
        why = "only this part of {y} is {0}; the rest is 0 whatever happens"
        return because(cut(g, rows, columns), why), None

    def entry(self, index: Index, g: Operand, like: Operand, rows: Cut, columns: Cut) -> Expr:
        height, width = like.shape
        i, j = range(height)[slice(*rows)], range(width)[slice(*columns)]
        if index[0] in i and index[1] in j:
            return g.at(i.index(index[0]), j.index(index[1]))
        return Number(0)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        like = rng.normal(size=(3, 4))
        yield Sample((rng.normal(size=(2, 4)), like), {"rows": (None, -1), "columns": WHOLE})
        yield Sample((rng.normal(size=(3, 2)), like), {"rows": WHOLE, "columns": (1, 3)})


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
        if second.size is None or first.size is None:
            long = first.plus(second.size) if second.size else second.plus(first.size or 0)
        else:
            long = first.plus(second.size)
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

    def shape(self, x: Shape, axis: int) -> Shape:
        if not x:
            raise FormulaError("shape", None, "with_ones wants a matrix, and this is a number")
        return (x[0].plus(1), x[1]) if axis == 0 else (x[0], x[1].plus(1))

    def vjp(self, g: Expr, y: Expr, x: Expr, axis: int) -> tuple[Expr]:
        why = "the last entries of {y} are ones, not {0}: their share of the gradient stops here"
        return (because(cut(g, *without_last(axis)), why),)

    def entry(self, index: Index, x: Operand, axis: int) -> Expr:
        return Number(1) if index[axis] == x.shape[axis] else x.at(*index)

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 0})
        yield Sample((rng.normal(size=(3, 4)),), {"axis": 1})


def without_last(axis: int) -> tuple[Cut, Cut]:
    return ((None, -1), WHOLE) if axis == 0 else (WHOLE, (None, -1))


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
        return because(expand(g, x), "every entry of {0} counts once in the sum"), None

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
