"""Mistakes with the derivative of an activation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from stepper.check.layer import (
    OfALayer,
    is_mask,
    is_slope,
    mentions,
    renamed,
)
from stepper.check.mistake import DERIVATIVE, SLOPE, Example, Place, layer_of
from stepper.check.scope import Activation, own_slope
from stepper.check.search import factors, product
from stepper.expr.tree import Call, Expr, Name, Number, at, call, names, put, rebuild, walk
from stepper.ops import CARDS


class SigmaPrimeArgument(OfALayer):
    """The derivative of the activation is fed a where it wants z, or z where it wants a."""

    id, rank = "sigma-prime-argument", SLOPE
    why = "{slope} written with its own output is {form}"
    clue = "is {slope} written with z, or with its output a?"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T * a2 * (1 - z2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        act, node = place.layer, place.node
        if act is None or not _is_factor(place):
            return
        for old, new in ((act.z, act.a), (act.a, act.z)):
            if old.id in names(node):
                yield renamed(node, old, new)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act = is_slope(place)
        if act is None:
            return
        if act.a.id in names(place.node):
            yield renamed(place.node, act.a, act.z)
            yield _applied_to_output(act)
            yield from _half_renamed(place.node, act)
        elif not is_mask(place.node):
            yield renamed(place.node, act.z, act.a)


def _is_factor(place: Place) -> bool:
    """Whether all round it that reads the same layer is a factor of a product."""
    path = place.path
    while path and layer_of(at(place.tree, path[:-1]), place.scope) is place.layer:
        path = path[:-1]
    whole = Place(place.tree, path, place.scope)
    return whole.inside("mul", "div") or (whole.is_root and isinstance(whole.node, Call))


def _half_renamed(slope: Expr, act: Activation) -> Iterator[Expr]:
    """`a * (1 - z)`: the wrong one in one of two places."""
    places = [path for path, node in walk(slope) if node == act.a]
    yield from (put(slope, path, act.z) for path in places if len(places) > 1)


def _applied_to_output(act: Activation) -> Expr:
    """`σ′(a)`, written out: `sigmoid(a) * (1 - sigmoid(a))`."""
    return own_slope(act.card, act.a, call(act.card.name, act.a))


class MissingActivationDerivative(OfALayer):
    """The derivative of the activation is left out of the chain."""

    id, rank = "missing-activation-derivative", SLOPE
    what = "the activation's derivative is missing"
    why = "the chain rule goes through the activation too: times {slope}"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if isinstance(place.node, Number) or place.inside("transpose", "size"):
            return
        if not place.divides:
            masked = _masked(place)
            acts = (act for act in place.scope.activations if act not in masked)
            yield from (place.node * act.slope for act in acts)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "mul":
            for own, rest in (node.args, node.args[::-1]):
                act = layer_of(own, place.scope)
                if act is not None and own == act.slope:
                    yield rest

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why


def _masked(place: Place) -> set[Activation | None]:
    """The layers that a mask of the formula reads: their derivative is there, if a wrong one."""
    return {layer_of(node, place.scope) for _, node in walk(place.tree) if is_mask(node)}


class ExtraActivationDerivative(OfALayer):
    """The derivative of the activation is there once too often."""

    id, rank = "extra-activation-derivative", SLOPE
    what = "one activation derivative too many"
    why = "{slope} is counted already (under cross-entropy it cancels against the loss)"
    example = Example("xor", "dJ_dz3", "(a3 - y) / N * (a3 * (1 - a3))")

    def repairs(self, place: Place) -> Iterator[Expr]:
        parts = factors(place.node)
        if len(parts) < 2 or place.inside("mul"):
            return
        for act in place.scope.activations:
            own = [p for p in parts if layer_of(p, place.scope) is act]
            for n in (1, 2):
                for some in combinations(own, n):
                    if _is_same_product(some, act):
                        yield _without(parts, some)
        for one in parts:  # softmax′, entry by entry
            rest = next((p for p in parts if isinstance(one, Name) and p == 1 - one), None)
            if rest is not None and layer_of(one, place.scope) is None:
                yield _without(parts, (one, rest))

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act = is_slope(place)
        if act is not None:
            yield place.node * act.slope

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why


def _without(parts: list[Expr], some: tuple[Expr, ...]) -> Expr:
    return product([p for p in parts if not any(p is s for s in some)])


def _is_same_product(some: tuple[Expr, ...], act: Activation) -> bool:
    """Whether these factors are the layer's derivative, in either order."""
    wanted = factors(act.slope)
    return len(some) == len(wanted) and all(s in wanted for s in some)


class HalfSigmaPrime(OfALayer):
    """Only a part of the activation's derivative is there: `a` or `1 - a` alone."""

    id, rank = "half-sigma-prime", SLOPE
    why = "{slope} written with its own output is {form}"
    clue = "this is only a part of {slope}"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T * (1 - a2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        act = place.layer
        if act is None or place.inside("matmul", "transpose"):
            return
        called = call(act.card.name, act.z)
        node = rebuild(place.node, lambda n: act.a if n == called else n)
        fed_z = (renamed(half, act.a, act.z) for half in _halves(act))
        if any(node == half for half in (*_halves(act), *fed_z)):
            yield act.slope

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act = is_slope(place)
        if act is not None:
            yield from _halves(act)


def _halves(act: Activation) -> Iterator[Expr]:
    slope = act.slope
    if isinstance(slope, Call) and slope.op in ("mul", "sub"):
        yield from (part for part in slope.args if not isinstance(part, Number))
    if slope == 1 - act.a**2:
        yield 1 - act.a


_OTHERS = ("neg", "transpose", "matmul")
"""Operations that no derivative of an activation has: there, it is another mistake."""


class WrongDerivative(OfALayer):
    """This is not the derivative of this activation."""

    id, rank = "wrong-derivative", DERIVATIVE
    why = "{slope} written with its own output is {form}"
    clue = "this is not {slope}"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T * (1 - a2**2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        act, node = place.layer, place.node
        if act is not None and isinstance(node, Call) and not mentions(node, *_OTHERS):
            yield act.slope
        parts = factors(node)
        if len(parts) > 1 and not place.inside("mul"):
            yield from _chains(parts, place)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act = is_slope(place)
        if act is not None:
            for other in ("sigmoid", "tanh", "relu"):
                wrong = own_slope(CARDS[other], act.z, act.a)
                if wrong != act.slope:
                    yield wrong


def _chains(parts: list[Expr], place: Place) -> Iterator[Expr]:
    """The product with all that reads one layer only replaced by that layer's derivative."""
    layers = [layer_of(p, place.scope) for p in parts]
    for act in dict.fromkeys(a for a in layers if a is not None):
        rest = [p for p, own in zip(parts, layers, strict=True) if own is not act]
        own = [p for p in parts if not any(p is r for r in rest)]
        if rest and not any(mentions(p, *_OTHERS) for p in own):
            yield product([*rest, act.slope])
