"""The matrix product and the transpose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from stepper.expr.errors import FormulaError, ShapeError
from stepper.expr.tree import Expr, because, call
from stepper.ops.card import ATOM, PRODUCT, Calls, Index, Notation, Op, Operand, Sample, Value
from stepper.ops.dims import Shape


class MatMul(Op):
    """Entry (i, j) of {y} is row i of {0} times column j of {1}, summed."""

    name, arity, is_linear, is_even = "matmul", 2, True, True
    notation = Notation("infix", "@", "@", "", PRODUCT, ("matmul", "dot"))

    def eval(self, a: Value, b: Value) -> Value:
        if a.ndim > 1 < b.ndim and a.shape[-1] == b.shape[-2] == 1:
            return a * b + 0.0  # an outer product, never -0: BLAS takes 4 ms for its first product
        return a @ b

    def into(self, out: Value, a: Value, b: Value) -> Calls:
        """numpy's `dot` starts faster than `@`, but takes no stacks."""
        multiply = np.dot if np.ndim(a) == np.ndim(b) == 2 else np.matmul
        return (partial(multiply, a, b, out),)

    def shape(self, a: Shape, b: Shape) -> Shape:
        if not a or not b:
            raise FormulaError(
                "shape",
                None,
                "`@` multiplies matrices, and one side is a single number: use `*`",
            )
        if a[1] != b[0]:
            raise ShapeError(
                "shape",
                None,
                "inner sizes {m} and {n} differ",
                m=str(a[1]),
                n=str(b[0]),
            )
        return (a[0], b[1])

    def vjp(self, g: Expr, y: Expr, a: Expr, b: Expr) -> tuple[Expr, Expr]:
        return (
            because(
                g @ b.T,
                "entry (i, j) of {0} scales row j of {1} into row i, "
                "so its gradient is row i of {g} times row j of {1}",
            ),
            because(
                a.T @ g,
                "entry (i, j) of {1} scales column i of {0} into column j, "
                "so its gradient is column i of {0} times column j of {g}",
            ),
        )

    def entry(self, index: Index, a: Operand, b: Operand) -> Expr:
        i, j = index
        return a.added(a.shape[1], lambda k: a.at(i, k) * b.at(k, j))

    def samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        yield Sample((rng.normal(size=(3, 4)), rng.normal(size=(4, 2))), {})
        yield Sample((rng.normal(size=(1, 5)), rng.normal(size=(5, 1))), {})


class Transpose(Op):
    """{0} with its two sides exchanged: what was row i is column i."""

    name, arity, is_view, is_linear, is_even = "transpose", 1, True, True, True
    notation = Notation("postfix", ".T", "ᵀ", r"^{\top}", ATOM, ("transpose",))

    def eval(self, x: Value) -> Value:
        return np.swapaxes(x, -1, -2) if np.ndim(x) else x

    def shape(self, x: Shape) -> Shape:
        return x[::-1]

    def vjp(self, g: Expr, y: Expr, x: Expr) -> tuple[Expr]:
        return (because(call("transpose", g), "turned back the way {0} was"),)

    def entry(self, index: Index, x: Operand) -> Expr:
        return x.at(index[1], index[0])
