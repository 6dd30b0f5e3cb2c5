"""Mistakes with products: transposes, the order of operands, `*` and `@`, brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from stepper.check.mistake import EXACT, PART, Example, Mistake, Place
from stepper.expr.tree import Call, Expr, Name, Number, at, call, names
from stepper.ops import CARDS

MOST_PARTS = 8
"""Operands in a row between which brackets are tried."""


def is_transpose(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.op == "transpose"


def _is_turned(place: Place) -> bool:
    """Whether a transpose above turns the node, with no matrix product between."""
    for k in range(len(place.path) - 1, -1, -1):
        above = at(place.tree, place.path[:k])
        if is_transpose(above):
            return True
        if isinstance(above, Call) and above.op == "matmul":
            return False
    return False


class MissingTranspose(Mistake):
    """A matrix stands as it is where its transpose belongs."""

    id, rank = "missing-transpose", PART
    what = "a transpose is missing"
    why = "what a matrix does on the way forward, its transpose undoes on the way back"
    example = Example("two-hidden", "dL_da2", "dL_dz3 @ W3")

    def repairs(self, place: Place) -> Iterator[Expr]:
        has_one = is_transpose(place.node) or _is_turned(place)
        if not (has_one or place.is_root or place.inside("size")):
            yield place.node.T

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "transpose":
            yield node.args[0]


class ExtraTranspose(Mistake):
    """A matrix is transposed where it belongs as it is."""

    id, rank = "extra-transpose", PART
    what = "one transpose too many"
    why = "row and column must meet: the inner sides of `@` are summed over"
    example = Example("two-hidden", "dL_dW3", "a2.T @ dL_dz3.T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "transpose":
            yield node.args[0]

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if isinstance(place.node, Name) and place.inside("matmul"):
            yield place.node.T


class ResultTransposed(Mistake):
    """All of it is right, but lies on its side."""

    id, rank = "result-transposed", EXACT
    what = "right, but transposed"
    why = "a gradient has the shape of what it belongs to"
    example = Example("two-hidden", "dL_dW3", "dL_dz3.T @ a2")

    def repairs(self, place: Place) -> Iterator[Expr]:
        if place.is_root:
            yield _turned(place.node)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        if place.is_root and isinstance(place.node, Call) and place.node.op == "matmul":
            yield _turned(place.node)


def _turned(tree: Expr) -> Expr:
    """The transpose, the way people write it: `b.T @ a.T` for `a @ b`."""
    if isinstance(tree, Call) and tree.op == "transpose":
        return tree.args[0]
    if isinstance(tree, Call) and tree.op == "matmul":
        a, b = tree.args
        return _turned(b) @ _turned(a)
    return tree.T


class OperandOrder(Mistake):
    """The two sides of a matrix product are exchanged."""

    id, rank = "operand-order", PART
    why = "`@` has a left and a right side: rows of the one meet columns of the other"
    example = Example("two-hidden", "dL_dW3", "dL_dz3 @ a2.T")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "matmul":
            yield replace(node, args=node.args[::-1])

    wrongs = repairs


class ElementwiseVersusMatmul(Mistake):
    """`*` stands where `@` belongs, or `@` where `*` does."""

    id, rank = "elementwise-vs-matmul", PART
    why = "`*` multiplies entry by entry, `@` multiplies matrices: rows times columns, summed"
    example = Example("two-hidden", "dL_dW3", "a2.T * dL_dz3")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("mul", "matmul"):
            yield Call("matmul" if node.op == "mul" else "mul", node.args, span=node.span)
        if isinstance(node, Call) and node.op == "mul":  # of the same shape: no `*` needs a `.T`
            a, b = node.args
            yield from (a @ b.T, a.T @ b)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op in ("mul", "matmul"):
            yield Call("matmul" if node.op == "mul" else "mul", node.args, span=node.span)


class Parentheses(Mistake):
    """Brackets are missing, and the formula is read in another order."""

    id, rank = "parentheses", EXACT
    what = "brackets are missing"
    why = "`**` binds first, then `*`, `/` and `@` alike, from left to right, then `+` and `-`"
    example = Example("xor", "dJ_dz2", "a2 * (1 - a2) * W3.T @ dJ_dz3")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op != "pow":  # brackets there are meant
            yield from (r for r in _rotations(node) if _is_missing(node, r))
        if isinstance(node, Call) and _is_infix(node) and not _goes_on(place):
            yield from _regrouped(node)

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call):
            for turned in _rotations(node):
                loosest = _binding(turned) <= _binding(node)
                if loosest and not _associative(node, turned):
                    yield turned


def _rotations(node: Call) -> Iterator[Call]:
    """`(a ∘ b) · c` as `a ∘ (b · c)`, and the other way round."""
    if len(node.args) == 2 and _is_infix(node):
        a, b = node.args
        if isinstance(a, Call) and _is_infix(a) and not _is_power(a):
            yield replace(a, args=(a.args[0], replace(node, args=(a.args[1], b))))
        if isinstance(b, Call) and _is_infix(b):
            yield replace(b, args=(replace(node, args=(a, b.args[0])), b.args[1]))
    inner = node.args[0]
    if node.op == "transpose" and isinstance(inner, Call) and inner.op in ("matmul", "mul", "sub"):
        yield replace(inner, args=(inner.args[0], call("transpose", inner.args[1])))


def _regrouped(node: Call) -> Iterator[Expr]:
    """`2 * a - y * s` with brackets round any of its parts: `2 * (a - y) * s`."""
    parts, signs = _chain(node)
    if len(parts) > MOST_PARTS:
        return
    for i, j in combinations(range(len(parts)), 2):
        inside = _joined(parts[i : j + 1], signs[i:j])
        around = [*parts[:i], inside, *parts[j + 1 :]]
        whole = _joined(around, [*signs[:i], *signs[j:]])
        if whole != node:
            yield whole


def _chain(node: Call) -> tuple[list[Expr], list[Call]]:
    """The operands and the signs that a formula has on its outside, without any bracket."""
    parts: list[Expr] = []
    signs: list[Call] = []
    for i, arg in enumerate(node.args):
        signs += [node] * i
        if isinstance(arg, Call) and _is_infix(arg) and arg.op != "pow" and _is_bare(arg, node, i):
            inner, between = _chain(arg)
            parts, signs = parts + inner, signs + between
        else:
            parts.append(arg)
    return parts, signs


def _is_bare(inner: Call, outer: Call, i: int) -> bool:
    """Whether an operand is written without brackets."""
    return _binding(inner) > _binding(outer) or (i == 0 and _binding(inner) == _binding(outer))


def _joined(parts: Sequence[Expr], signs: Sequence[Call]) -> Expr:
    """Operands and signs as they are read: the tighter sign first, alike from left to right."""
    if not signs:
        return parts[0]
    loosest = min(_binding(sign) for sign in signs)
    k = max(k for k, sign in enumerate(signs) if _binding(sign) == loosest)
    left, right = _joined(parts[: k + 1], signs[:k]), _joined(parts[k + 1 :], signs[k + 1 :])
    return replace(signs[k], args=(left, right))


def _goes_on(place: Place) -> bool:
    """Whether the formula goes on around this place without a bracket."""
    parent = place.parent
    if parent is None or not _is_infix(parent) or parent.op == "pow":
        return False
    assert isinstance(place.node, Call)
    return _is_bare(place.node, parent, place.path[-1])


def _is_infix(node: Call) -> bool:
    return CARDS[node.op].notation.form == "infix"


def _is_missing(theirs: Call, ours: Call) -> bool:
    """Whether it takes more brackets to write `ours`."""
    return _binding(ours) >= _binding(theirs) and not _associative(theirs, ours)


def _is_power(node: Call) -> bool:
    """`x**2`, where the exponent belongs to nothing else."""
    return node.op == "pow" and isinstance(node.args[1], Number)


def _binding(node: Call) -> int:
    return CARDS[node.op].notation.precedence


def _associative(one: Call, other: Call) -> bool:
    """Whether only brackets moved that change nothing."""
    return one.op == other.op and one.op in ("add", "mul", "matmul")


class OuterBroadcast(Mistake):
    """A row of labels against a column of predictions makes a matrix of all pairs."""

    id, rank = "outer-broadcast", EXACT
    what = "every prediction is compared with every label"
    why = "numpy stretches (N, 1) against (1, N) to N × N without a word"
    example = Example("two-hidden", "dL_da3", "2 * (a3 - y.T)")

    def repairs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "sub" and place.scope.is_error(node):
            a, b = node.args
            for x, y in ((a, b), (b, a)):
                if is_transpose(x) or is_transpose(y):
                    yield replace(node, args=tuple(_untransposed(t) for t in (a, b)))
                    break

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and place.scope.is_error(node):
            yield replace(
                node,
                args=tuple(
                    t.T if "target" in {place.scope.kind(n) for n in names(t)} else t
                    for t in node.args
                ),
            )


def _untransposed(tree: Expr) -> Expr:
    return tree.args[0] if isinstance(tree, Call) and is_transpose(tree) else tree
