"""One quantity stands where another belongs."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.check.mistake import (
    ANY,
    EXACT,
    PART,
    SLOPE,
    Example,
    Mistake,
    Place,
    Swap,
)
from stepper.check.search import size
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    call,
    names,
    settings_of,
    substitute,
)

SMALL = 7
"""How many nodes a part may have that is one wrong operand, and not a formula of its own."""


class WrongLayer(Swap):
    """Another layer's activation, weight or z."""

    id, rank = "wrong-layer", PART
    why = "`{ours}` is what the forward pass used here; `{theirs}` belongs to another layer"
    clue = "`{theirs}` belongs to another layer"
    example = Example("xor", "dJ_dW3", "dJ_dz3 @ a1.T")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        return place.scope.alike(theirs, ours)


class WrongDelta(Swap):
    """Another layer's gradient, or the one on the other side of the activation."""

    id, rank = "wrong-delta", SLOPE
    why = "the chain goes through `{ours}` here: each gradient comes from the one just after it"
    clue = "each gradient comes from the one just after it"
    example = Example("two-hidden", "dL_dW2", "a1.T @ dL_da2")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        kinds = {place.scope.kind(theirs), place.scope.kind(ours)}
        return kinds == {"gradient"}


class WrongOperand(Swap):
    """Another operand than the one that the forward pass used."""

    id, rank = "wrong-operand", ANY
    why = "`{ours}` is what counts here, not `{theirs}`"
    clue = "it is not what counts here"
    example = Example("two-hidden", "dL_dW3", "z2.T @ dL_dz3")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        scope = place.scope
        both = {scope.kind(theirs), scope.kind(ours)} == {"gradient"}
        return not both and not scope.alike(theirs, ours)

    def repairs(self, place: Place) -> Iterator[Expr]:
        yield from super().repairs(place)
        node = place.node
        if isinstance(node, Call) and node.op == "size" and "axis" in settings_of(node):
            yield call("size", *node.args, axis=1 - settings_of(node)["axis"])
        elif place.inside("size"):
            return
        elif isinstance(node, Name):
            if not place.inside("mul", "div"):
                yield from (Number(n) for n in (1, 2))
            yield from (Name(n).T for n in place.scope.known)
        elif not place.is_root and size(node) <= SMALL and not _is_coefficient(place):
            yield from (Name(n) for n in place.scope.known)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        """Only what goes through without a crash: names of the same shape."""
        shapes = place.scope.lab.forward.shapes
        for wrong in super().wrongs(place):
            if isinstance(wrong, Name) and isinstance(place.node, Name):
                theirs, ours = shapes.get(wrong.id), shapes.get(place.node.id)
                if theirs is not None and theirs == ours:
                    yield wrong


def _is_coefficient(place: Place) -> bool:
    return isinstance(place.node, Number) and place.inside("mul", "div")


class UpdatedWeight(Mistake):
    """A weight is used in the backward pass after it was updated."""

    id, rank = "updated-weight", EXACT
    why = "the forward pass used the old weight: update only once all gradients are there"
    what = "this is the weight after its update"
    example = Example("mazur", "dE_da1", "(W2 - lr*dE_dW2).T @ dE_dz2")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("sub", "add") and not place.is_root:
            first = node.args[0]
            if isinstance(first, Name) and place.scope.kind(first.id) in ("weight", "bias"):
                yield first

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node, lab = place.node, place.scope.lab
        if not isinstance(node, Name) or place.scope.kind(node.id) != "weight":
            return
        new: dict[str, Expr] = {}
        for line in lab.program.phase("update"):
            if line.of == node.id:
                new[line.target] = substitute(line.tree, new)
        if node.id in new and names(new[node.id]) <= self._there(place):
            yield new[node.id]

    def _there(self, place: Place) -> set[str]:
        lab = place.scope.lab
        return {*place.scope.known, *lab.program.given}
