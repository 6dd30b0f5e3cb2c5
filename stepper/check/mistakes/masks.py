"""Mistakes with the mask of a ReLU."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.check.layer import OfALayer, is_mask, is_slope, mentions
from stepper.check.mistake import EXACT, Example, Mistake, Place
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


class OverwrittenByItsMask(Mistake):
    """A ReLU's mask was worked out in place: its output is zeros and ones when it is read again."""

    id, rank = "overwritten-by-its-mask", EXACT
    why = "{ours} itself is still needed here: write the mask to a place of its own"
    clue = "this is a mask of zeros and ones, and the value itself is still needed here"
    example = Example("gradient-check", "dJ_dW3", "dJ_dz3 @ (a2 > 0).T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        yield from (a for a in _outputs(place) if place.node == (a > 0))

    def wrongs(self, place: Place) -> Iterator[Expr]:
        yield from (a > 0 for a in _outputs(place) if place.node == a)


def _outputs(place: Place) -> Iterator[Name]:
    """The outputs of the layers whose derivative is a mask."""
    return (act.a for act in place.scope.activations if is_mask(act.slope))
