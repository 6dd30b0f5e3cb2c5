"""Mistakes with the derivative of an activation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from stepper.check.mistake import DERIVATIVE, EXACT, SLOPE, Example, Mistake, Place, layer_of
from stepper.check.scope import Activation, own_slope
from stepper.check.search import factors, product
from stepper.expr.tree import Call, Expr, Name, Number, at, call, names, rebuild, settings_of, walk
from stepper.language.text import MATH, text
from stepper.ops import CARDS

PLAIN = {"z": Name("z"), "a": Name("a")}


def slope_words(act: Activation) -> dict[str, Any]:
    """`σ′` and `a·(1 − a)`, for the templates."""
    form = own_slope(act.card, PLAIN["z"], PLAIN["a"])
    written = text(form, MATH).replace(" ⊙ ", "·").strip("()")
    return {"slope": f"{act.card.notation.unicode}′", "form": _balanced(written), "z": act.z.id}


def _balanced(written: str) -> str:
    return written if written.count("(") == written.count(")") else f"{written})"


def slope_reason(act: Activation) -> str:
    """How the derivative is written: with the output a, or with the argument z."""
    reads = names(own_slope(act.card, PLAIN["z"], PLAIN["a"]))
    if reads == {"a"}:
        return "{slope} written with its own output is {form}"
    return "{slope} is {form}, with the z that went into it"


def is_slope(place: Place) -> Activation | None:
    """The layer whose derivative stands at a place of a right tree."""
    act = place.layer
    return act if act is not None and place.node == act.slope else None


def renamed(tree: Expr, old: Name, new: Name) -> Expr:
    return rebuild(tree, lambda n: new if n == old else n)


class OfALayer(Mistake):
    """Base of the mistakes whose sentences speak of one layer's derivative."""

    def act(self, place: Place, ours: Expr) -> Activation | None:
        """The layer that it is about: of what is right, or of what it leaves behind."""
        around = [ours, place.node]
        if place.parent is not None:
            around += [other for other in place.parent.args if other is not place.node]
        return next((a for a in (_some_layer(t, place) for t in around) if a), None)

    def fields(self, place: Place, ours: Expr) -> dict[str, Any]:
        act = self.act(place, ours)
        return slope_words(act) if act else {"slope": "f′", "form": "", "z": "z"}

    def reason(self, place: Place, ours: Expr) -> str:
        act = self.act(place, ours)
        return slope_reason(act) if act else self.why


def _some_layer(tree: Expr, place: Place) -> Activation | None:
    found = [place.scope.layer[n] for n in sorted(names(tree)) if n in place.scope.layer]
    return found[0] if found else None


class SigmaPrimeArgument(OfALayer):
    """The derivative of the activation is fed a where it wants z, or z where it wants a."""

    id, rank = "sigma-prime-argument", SLOPE
    why = "{slope} written with its own output is {form}"
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
        elif not _is_mask(place.node):
            yield renamed(place.node, act.z, act.a)


def _is_factor(place: Place) -> bool:
    """Whether all round it that reads the same layer is a factor of a product."""
    path = place.path
    while path and layer_of(at(place.tree, path[:-1]), place.scope) is place.layer:
        path = path[:-1]
    return Place(place.tree, path, place.scope).inside("mul", "div")


def _applied_to_output(act: Activation) -> Expr:
    """`σ′(a)`, written out: `sigmoid(a) * (1 - sigmoid(a))`."""
    return own_slope(act.card, act.a, call(act.card.name, act.a))


class MissingActivationDerivative(OfALayer):
    """The derivative of the activation is left out of the chain."""

    id, rank = "missing-activation-derivative", SLOPE
    message = "the activation's derivative is missing: at `{theirs}` this wants `{ours}`"
    why = "the chain rule goes through the activation too: times {slope}"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if not place.inside("transpose") and not place.divides:
            yield from (place.node * act.slope for act in place.scope.activations)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "mul":
            for own, rest in (node.args, node.args[::-1]):
                act = layer_of(own, place.scope)
                if act is not None and own == act.slope:
                    yield rest

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why


class ExtraActivationDerivative(OfALayer):
    """The derivative of the activation is there once too often."""

    id, rank = "extra-activation-derivative", SLOPE
    message = "one activation derivative too many: at `{theirs}` this wants `{ours}`"
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
                        yield product([p for p in parts if not any(p is s for s in some)])

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act = is_slope(place)
        if act is not None:
            yield place.node * act.slope

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why


def _is_same_product(some: tuple[Expr, ...], act: Activation) -> bool:
    """Whether these factors are the layer's derivative, in either order."""
    wanted = factors(act.slope)
    return len(some) == len(wanted) and all(s in wanted for s in some)


class HalfSigmaPrime(OfALayer):
    """Only a part of the activation's derivative is there: `a` or `1 - a` alone."""

    id, rank = "half-sigma-prime", SLOPE
    why = "{slope} written with its own output is {form}"
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T * (1 - a2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        act = place.layer
        if act is None or place.inside("matmul", "transpose"):
            return
        if any(place.node == half for half in _halves(act)):
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
    example = Example("two-hidden", "dL_dz2", "dL_dz3 @ W3.T * (1 - a2**2)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        act, node = place.layer, place.node
        if act is not None and isinstance(node, Call) and not _mentions(node, *_OTHERS):
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


def _mentions(tree: Expr, *ops: str) -> bool:
    return any(isinstance(n, Call) and n.op in ops for _, n in walk(tree))


def _chains(parts: list[Expr], place: Place) -> Iterator[Expr]:
    """The product with all that reads one layer only replaced by that layer's derivative."""
    layers = [layer_of(p, place.scope) for p in parts]
    for act in dict.fromkeys(a for a in layers if a is not None):
        rest = [p for p, own in zip(parts, layers, strict=True) if own is not act]
        own = [p for p in parts if not any(p is r for r in rest)]
        if rest and not any(_mentions(p, *_OTHERS) for p in own):
            yield product([*rest, act.slope])


class WrongMask(OfALayer):
    """The mask of a ReLU is the wrong way round, or of another value."""

    id, rank = "wrong-mask", EXACT
    why = "ReLU lets the gradient through where {z} > 0, and stops it elsewhere"
    example = Example("gradient-check", "dJ_dz2", "dJ_da2 * (z2 < 0)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        slopes = [act.slope for act in place.scope.activations if _is_mask(act.slope)]
        node = place.node
        if _is_mask(node) and node not in slopes and not _mentions(node, "transpose"):
            yield from slopes

    def wrongs(self, place: Place) -> Iterator[Expr]:
        act, node = is_slope(place), place.node
        if act is not None and _is_mask(node) and isinstance(node, Call):
            yield act.z < 0
            yield call("less_equal", act.z, 0)
            yield from (
                Name(g) > 0 for g in place.scope.known if place.scope.kind(g) == "gradient"
                and any(n == Name(g) for _, n in walk(place.tree))
            )  # fmt: skip

    def reason(self, place: Place, ours: Expr) -> str:
        return self.why


def _is_mask(tree: Expr) -> bool:
    return isinstance(tree, Call) and CARDS[tree.op].notation.precedence == 1


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
