"""Mistakes with the mask of a ReLU."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.check.layer import OfALayer, is_mask, is_slope, mentions
from stepper.check.mistake import EXACT, Example, Place
from stepper.expr.tree import Call, Expr, Name, call, walk


class WrongMask(OfALayer):
    """The mask of a ReLU is the wrong way round, or of another value."""

    id, rank = "wrong-mask", EXACT
    why = "ReLU lets the gradient through where {z} > 0, and stops it elsewhere"
    example = Example("gradient-check", "dJ_dz2", "dJ_da2 * (z2 < 0)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        slopes = [act.slope for act in place.scope.activations if is_mask(act.slope)]
        node = place.node
        if is_mask(node) and node not in slopes and not mentions(node, "transpose"):
            yield from slopes

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act, node = is_slope(place), place.node
        if act is not None and is_mask(node) and isinstance(node, Call):
            yield act.z < 0
            yield call("less_equal", act.z, 0)
            yield from (
                Name(g) > 0 for g in place.scope.known if place.scope.kind(g) == "gradient"
                and any(n == Name(g) for _, n in walk(place.tree))
            )  # fmt: skip

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why
