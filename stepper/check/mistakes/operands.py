"""One quantity stands where another belongs, or is left out, or is one too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stepper.check.mistake import (
    ANY,
    EXACT,
    NUMBER,
    PART,
    SCALE,
    SLOPE,
    Example,
    Mistake,
    Place,
    Swap,
    layer_of,
)
from stepper.check.search import size
from stepper.expr.tree import (
    Call,
    Expr,
    Name,
    Number,
    call,
    names,
    rebuild,
    settings_of,
    substitute,
    walk,
)
from stepper.ops import CARDS
from stepper.ops.parts import WHOLE, cut

SMALL = 7
"""How many nodes a part may have that is one wrong operand, and not a formula of its own."""


class WrongLayer(Swap):
    """Another layer's activation, weight or z."""

    id, rank = "wrong-layer", PART
    why = "`{ours}` is what the forward pass used here; `{theirs}` belongs to another layer"
    example = Example("xor", "dJ_dW3", "dJ_dz3 @ a1.T")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        return place.scope.alike(theirs, ours)


class WrongDelta(Swap):
    """Another layer's gradient, or the one on the other side of the activation."""

    id, rank = "wrong-delta", SLOPE
    why = "the chain goes through `{ours}` here: each gradient comes from the one just after it"
    example = Example("two-hidden", "dL_dW2", "a1.T @ dL_da2")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        kinds = {place.scope.kind(theirs), place.scope.kind(ours)}
        return kinds == {"gradient"}


class WrongOperand(Swap):
    """Another operand than the one that the forward pass used."""

    id, rank = "wrong-operand", ANY
    why = "`{ours}` is what counts here, not `{theirs}`"
    example = Example("two-hidden", "dL_dW3", "z2.T @ dL_dz3")

    def is_it(self, theirs: str, ours: str, place: Place) -> bool:
        scope = place.scope
        both = {scope.kind(theirs), scope.kind(ours)} == {"gradient"}
        return not both and not scope.alike(theirs, ours)

    def repairs(self, place: Place) -> Iterator[Expr]:
        yield from super().repairs(place)
        node = place.node
        if isinstance(node, Name):
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


class MissingFactor(Mistake):
    """A factor of the forward pass is left out of the backward one."""

    id, rank = "missing-factor", ANY
    message = "a factor is missing: at `{theirs}` this wants `{ours}`"
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
    message = "something is too many: at `{theirs}` this wants `{ours}`"
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
                if n != "N" and shapes.get(n) == shapes.get(of)
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


class NotAccumulated(Mistake):
    """A quantity that was used twice gets its gradient from one of the two only."""

    id, rank = "not-accumulated", PART
    message = "a part is missing: `{theirs}` wants `{ours}`"
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
    message = "a part is missing: `{theirs}` wants `{ours}`"
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


class UpdatedWeight(Mistake):
    """A weight is used in the backward pass after it was updated."""

    id, rank = "updated-weight", EXACT
    why = "the forward pass used the old weight: update only once all gradients are there"
    message = "at `{theirs}`: this wants `{ours}`, the weight before its update"
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


class Epsilon(Mistake):
    """The ε in the loss is left out of its derivative: nearly right."""

    id, rank = "epsilon", EXACT
    message = "nearly: `{theirs}` leaves out ε; this wants `{ours}`"
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
