"""The sign of a formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepper.check.factor import Factor
from stepper.check.mistake import EXACT, SCALE, Example, Mistake, Place
from stepper.expr.tree import Call, Expr


class WrongSign(Mistake):
    """The sign is the wrong way round: of the error, or of the loss."""

    id, rank = "sign", SCALE
    what = "the wrong sign"
    why = "minus is the other way: the gradient points to where {loss} grows"
    of_an_error = "the slope of the loss has the sign of prediction − target"
    example = Example("two-hidden", "dL_da3", "2 * (y - a3)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and place.scope.is_error(node):
            yield node.args[1] - node.args[0]
        if isinstance(node, Call) and node.op == "neg":
            yield node.args[0]

    def scales(self, factor: Factor, place: Place) -> bool:
        return factor.is_number and factor.number == -1

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if place.scope.is_error(node) and isinstance(node, Call):
            yield node.args[1] - node.args[0]
        elif place.is_root:
            yield node.args[0] if isinstance(node, Call) and node.op == "neg" else -node

    def fields(self, place: Place, ours: Expr) -> dict[str, Any]:
        return {"loss": place.scope.loss}

    def reason(self, place: Place, ours: Expr) -> str:
        if place.scope.is_error(place.node):
            return self.of_an_error
        return self.why


class AbsoluteValue(Mistake):
    """The size of the error is used, and its sign is lost."""

    id, rank = "absolute-value", EXACT
    why = "the sign says which way to go: without it every error pushes the same way"
    example = Example("two-hidden", "dL_da3", "2 * abs(a3 - y)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "abs":
            yield node.args[0]

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if place.scope.is_error(place.node):
            yield Call("abs", (place.node,))
