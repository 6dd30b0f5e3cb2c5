"""A part of a matrix: cut out of it, one entry of it, and put back into zeros."""

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
    function,
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
        return _part(x, rows, columns)

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


def _part(x: Shape, rows: Cut, columns: Cut) -> Shape:
    if not x:
        raise ShapeError("shape", None, "a single number has no part to cut out")
    return (cut_dim(x[0], rows), cut_dim(x[1], columns))


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
    if (start is None or start >= 0) and (stop is None or stop < 0):
        without = (start or 0) - (stop or 0)
        if without <= dim.extra:
            return dim.plus(-without)
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
        part = _part(like, rows, columns)
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


def without_last(axis: int) -> tuple[Cut, Cut]:
    return ((None, -1), WHOLE) if axis == 0 else (WHOLE, (None, -1))
