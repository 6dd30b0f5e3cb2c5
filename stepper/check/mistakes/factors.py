"""A factor is left out, or one too many, or combined in the wrong way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stepper.check.mistake import (
    ANY,
    EXACT,
    NUMBER,
    SCALE,
    Example,
    Mistake,
    Place,
    layer_of,
)
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    call,
    settings_of,
)
from stepper.ops import CARDS
from stepper.ops.parts import WHOLE, cut


class MissingFactor(Mistake):
    """A factor of the forward pass is left out of the backward one."""

    id, rank = "missing-factor", ANY
    what = "a factor is missing"
    why = "whatever the forward pass multiplied by, the gradient is multiplied by as well"
    example = Example("first-step", "dL_dw", "dL_dy_hat")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        for name in place.scope.known:
            x = Name(name)
            yield node * x
            yield node / x
            yield from (x @ node, x.T @ node, node @ x, node @ x.T)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        """Numbers, N and the parts of a derivative have their own names."""
        node = place.node
        if isinstance(node, Call) and node.op in ("mul", "matmul", "div"):
            left, right = node.args
            if not _has_own_name(right, place):
                yield left
            if node.op != "div" and not _has_own_name(left, place):
                yield right


def _has_own_name(dropped: Expr, place: Place) -> bool:
    number = isinstance(dropped, Number) or dropped == Name("N")
    return number or layer_of(dropped, place.scope) is not None


class ExtraFactor(Mistake):
    """A factor that the forward pass does not have."""

    id, rank = "extra-factor", SCALE
    what = "something is too many"
    why = "the chain rule has no such part here"
    example = Example("two-hidden", "dL_da3", "2 * (a3 - y) * y")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op != "neg":
            for i, kept in enumerate(node.args):
                rest = [a for j, a in enumerate(node.args) if j != i]
                if not any(isinstance(a, Number) or a == Name("N") for a in rest):
                    yield kept

    def wrongs(self, place: Place) -> Iterator[Expr]:
        shapes = place.scope.lab.forward.shapes
        if place.is_root:
            of = place.scope.target.partition("_d")[2]
            yield from (
                place.node * Name(n)
                for n in place.scope.known
                if place.scope.kind(n) not in ("count", "target")
                and shapes.get(n) == shapes.get(of)
            )


class WrongOperator(Mistake):
    """Another operation than the one that belongs here."""

    id, rank = "wrong-operator", NUMBER
    why = "the parts are right, but not what is done with them"
    example = Example("two-hidden", "dL_dz2", "dL_da2 + a2 * (1 - a2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if not isinstance(node, Call):
            return
        if len(node.args) == 2:
            for op in ("add", "sub", "mul", "div", "matmul", "pow"):
                if op != node.op and {op, node.op} != {"mul", "matmul"}:
                    yield call(op, *node.args)
                if op in ("sub", "div", "pow") and not isinstance(node.args[0], Number):
                    yield call(op, *node.args[::-1])
        elif CARDS[node.op].is_elementwise:
            for op in ("exp", "log", "square", "sqrt", "neg", "sigmoid", "tanh", "transpose"):
                if op != node.op:
                    yield call(op, *node.args)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("mul", "div"):
            yield call("div" if node.op == "mul" else "mul", *node.args)


class WrongSlice(Mistake):
    """The error goes back through the row of the bias, or past the wrong end."""

    id, rank = "wrong-slice", EXACT
    why = "the last row or column belongs to the bias, which no gradient goes back through"
    example = Example("two-hidden:folded", "dL_da1", "(dL_dz2 @ W2.T)[:, 1:]")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        inner = node.args[0] if isinstance(node, Call) and node.op == "slice" else node
        for rows, columns in _CUTS:
            yield cut(inner, rows, columns)
        if inner is not node:
            yield inner

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "slice":
            yield node.args[0]
            settings = {k: v if v == WHOLE else (1, None) for k, v in settings_of(node).items()}
            yield replace(node, settings=tuple(sorted(settings.items())))


_CUTS = tuple(c for end in ((None, -1), (1, None)) for c in ((end, WHOLE), (WHOLE, end)))
