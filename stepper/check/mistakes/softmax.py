"""Mistakes with the derivative of softmax."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.check.mistake import EXACT, Example, Mistake, Place
from stepper.check.search import factors, product
from stepper.expr.tree import Call, Expr, Name, call, settings_of


class SoftmaxElementwise(Mistake):
    """The derivative of softmax is taken entry by entry."""

    id, rank = "softmax-elementwise", EXACT
    why = "raising one share lowers all others, so every class's gradient comes into each"
    example = Example("three-class", "dJ_dz2", "dJ_dp * (p * (1 - p))")

    def repairs(self, place: Place) -> Iterator[Expr]:
        parts = factors(place.node)
        if place.inside("mul"):
            return
        for p, axis in _softmaxes(place):
            rest = [x for x in parts if x not in (p, 1 - p)]
            if len(rest) == len(parts) - 2 and rest:
                g = product(rest)
                yield p * (g - call("sum", g * p, axis=axis, keepdims=True))

    def wrongs(self, place: Place) -> Iterator[Expr]:
        for p, axis in _softmaxes(place):
            node = place.node
            if isinstance(node, Call) and node.op == "mul" and node.args[0] == p:
                inner = node.args[1]
                if isinstance(inner, Call) and inner.op == "sub":
                    g = inner.args[0]
                    if inner.args[1] == call("sum", g * p, axis=axis, keepdims=True):
                        yield g * (p * (1 - p))


def _softmaxes(place: Place) -> Iterator[tuple[Name, int]]:
    for line in place.scope.lab.forward.lines:
        if isinstance(line.tree, Call) and line.tree.op == "softmax":
            yield Name(line.target), settings_of(line.tree)["axis"]
