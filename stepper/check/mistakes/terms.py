"""A part of a sum is left out: of the gradient at a fork, of the loss, of its epsilon."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.check.mistake import (
    ANY,
    EXACT,
    PART,
    Example,
    Mistake,
    Place,
)
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    names,
    rebuild,
    substitute,
    walk,
)


class NotAccumulated(Mistake):
    """A quantity that was used twice gets its gradient from one of the two only."""

    id, rank = "not-accumulated", PART
    what = "a part is missing"
    why = "what is used in several places gets a gradient from each, and they are added up (`+=`)"
    example = Example("circuits-staged", "df_dy", "df_dsigy * (sigy * (1 - sigy))")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if place.is_root:
            yield from (place.node + t for t in terms_of(place) if _carries(t, place))

    def wrongs(self, place: Place) -> Iterator[Expr]:
        yield from (kept for kept, dropped in _without_one(place.node) if _carries(dropped, place))


class MissingTerm(Mistake):
    """A term of the loss, such as weight decay, is left out of the gradient."""

    id, rank = "missing-term", ANY
    what = "a part is missing"
    why = "every term of the loss has its own part in the gradient: weight decay too"
    example = Example("three-class", "dJ_dW2", "dJ_dz2 @ a1.T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if place.is_root:
            found = [t for t in terms_of(place) if not _carries(t, place)]
            yield from (node + t for t in found)
        if isinstance(node, Name) and not place.inside("matmul", "transpose"):
            yield from (1 - node, 1 + node)
            for x in (Name(n) for n in place.scope.known if n != node.id):
                yield from (x - node, node - x, node + x)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        for kept, dropped in _without_one(place.node):
            if not _carries(dropped, place) and _carries(kept, place):
                yield kept


def terms_of(place: Place) -> list[Expr]:
    """The terms of the true gradient of the target."""
    line = next((x for x in place.scope.backward if x.target == place.scope.target), None)
    found = _terms(line.tree) if line else []
    return found if len(found) > 1 else []


def _terms(tree: Expr) -> list[Expr]:
    if isinstance(tree, Call) and tree.op == "add":
        return [t for part in tree.args for t in _terms(part)]
    if isinstance(tree, Call) and tree.op == "sub":
        return [*_terms(tree.args[0]), *(-t for t in _terms(tree.args[1]))]
    return [tree]


def _carries(tree: Expr, place: Place) -> bool:
    return any(place.scope.kind(n) == "gradient" for n in names(tree))


def _without_one(tree: Expr) -> Iterator[tuple[Expr, Expr]]:
    if isinstance(tree, Call) and tree.op == "add":
        a, b = tree.args
        yield a, b
        yield b, a


class Epsilon(Mistake):
    """The ε in the loss is left out of its derivative: nearly right."""

    id, rank = "epsilon", EXACT
    what = "nearly, but ε is left out"
    why = "what is added inside the logarithm is in its slope too: 1 / (p + ε)"
    example = Example("xor:epsilon", "dJ_da3", "-(y / a3 - (1 - y) / (1 - a3)) / N")

    def wrongs(self, place: Place) -> Iterator[Expr]:
        small = epsilons(place)
        if place.is_root and small & names(place.node):
            yield simplified(substitute(place.node, dict.fromkeys(small, Number(0))))


def epsilons(place: Place) -> frozenset[str]:
    """The constants that the loss adds inside a logarithm."""
    constants = place.scope.lab.constants
    found: set[str] = set()
    for line in place.scope.lab.forward.lines:
        for _, node in walk(line.tree):
            if isinstance(node, Call) and node.op in ("log", "bce"):
                inside = node.args[2:] if node.op == "bce" else node.args
                found |= {n for tree in inside for n in names(tree) if n in constants}
    return frozenset(found)


def simplified(tree: Expr) -> Expr:
    """The tree without `+ 0`."""
    zero = Number(0)
    return rebuild(
        tree,
        lambda n: n.args[0] if isinstance(n, Call) and n.op == "add" and n.args[1] == zero else n,
    )
