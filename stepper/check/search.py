"""Tries repairs of a formula: only the ancestors of the changed node are recomputed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from stepper.check.factor import Factor, recognised
from stepper.check.world import TOLERANCE, World
from stepper.expr.errors import StepperError
from stepper.expr.tree import Call, Expr, Name, Number, Path, at, operands, settings_of, walk
from stepper.ops import CARDS
from stepper.ops.card import Value

MOST = 12_000
"""The most repairs that are tried, so that a formula of many hundred nodes is answered in time."""


class Unfit(Exception):
    """Raised if the shapes do not fit, so that there is no value."""


class Search:
    """One formula in a few worlds, with the values of all its nodes cached.

    `wanted` is the right value, world by world. Values are cached by the identity of nodes: a
    repair that moves a part of the formula costs only what is new in it.
    """

    def __init__(
        self,
        tree: Expr,
        worlds: Sequence[World],
        wanted: Sequence[Value],
        extra: Sequence[Mapping[str, Value]] = (),
    ) -> None:
        self.tree, self.wanted = tree, wanted
        more = extra or [{}] * len(worlds)
        self.given = [{**w.values, **x} for w, x in zip(worlds, more, strict=True)]
        self._kept: list[dict[int, tuple[Expr, Value]]] = [{} for _ in worlds]
        self._sizes = [(np.shape(v), float(np.max(np.abs(v)))) for v in wanted]
        self._ways: dict[tuple[Path, int], list[Callable[[Value], Value]]] = {}
        self._fitting: dict[tuple[Path, tuple[int, ...], int], bool] = {}
        self.tried = 0
        for w in range(len(worlds)):
            self._keep(tree, w)

    def _keep(self, tree: Expr, w: int) -> None:
        """Caches the value of every node that has one."""
        for _, node in walk(tree):
            try:
                self._kept[w][id(node)] = (node, self.value(node, w))
            except Unfit:
                continue

    def value(self, tree: Expr, w: int = 0) -> Value:
        """The value of a tree in world `w`. Raises Unfit if it has none."""
        kept = self._kept[w].get(id(tree))
        if kept is not None:
            return kept[1]
        if isinstance(tree, Name):
            if tree.id not in self.given[w]:
                raise Unfit
            return self.given[w][tree.id]
        if isinstance(tree, Number):
            return np.float64(tree.value)
        assert isinstance(tree, Call)
        return _applied(tree, [self.value(a, w) for a in tree.args])

    def whole(self, path: Path, value: Value, w: int = 0) -> Value:
        """The formula's value with the value at a path replaced. Raises Unfit if it has none."""
        for operation in self._above(path, w):
            value = operation(value)
        return value

    def _above(self, path: Path, w: int) -> list[Callable[[Value], Value]]:
        """The operations applied to the value at a path, from there up to the root."""
        if (path, w) not in self._ways:
            nodes = [at(self.tree, path[:k]) for k in range(len(path))]
            self._ways[path, w] = [
                self._operation(node, i, w) for node, i in zip(nodes, path, strict=True)
            ][::-1]
        return self._ways[path, w]

    def _operation(self, node: Expr, i: int, w: int) -> Callable[[Value], Value]:
        """One operation as a function of its operand `i`, the others fixed."""
        assert isinstance(node, Call)
        before = [self.value(a, w) for a in node.args[:i]]
        after = [self.value(a, w) for a in node.args[i + 1 :]]
        return lambda value: _applied(node, [*before, value, *after])

    def is_wanted(self, value: Value, w: int = 0) -> bool:
        """Whether a value is the right one, up to rounding."""
        shape, size = self._sizes[w]
        if np.shape(value) != shape:
            return False
        return bool(abs(value - self.wanted[w]).max() <= TOLERANCE * size)

    def mends(self, path: Path, new: Expr) -> bool:
        """Whether the formula is right in every world with `new` at a path."""
        self.tried += 1
        if self.tried > MOST:
            return False
        return all(self._mends_in(w, path, new) for w in range(len(self.given)))

    def _mends_in(self, w: int, path: Path, new: Expr) -> bool:
        try:
            value = self.value(new, w)
            return self._fits(path, value, w) and self.is_wanted(self.whole(path, value, w), w)
        except Unfit:
            return False

    def _fits(self, path: Path, value: Value, w: int) -> bool:
        """Whether the formula has the wanted shape with another value at a path.

        That depends on the value's shape alone, and most repairs have one that does not fit.
        """
        kind = path, np.shape(value), w
        if kind not in self._fitting:
            self._fitting[kind] = self._shape_with(path, value, w) == self._sizes[w][0]
        return self._fitting[kind]

    def _shape_with(self, path: Path, value: Value, w: int) -> tuple[int, ...] | None:
        try:
            return np.shape(self.whole(path, value, w))
        except Unfit:
            return None

    @property
    def has_direction(self) -> bool:
        """Whether the right value is more than a scalar."""
        return np.size(self.wanted[0]) > 1

    def distance(self, path: Path, new: Expr) -> float:
        """The distance of the formula with `new` at a path from the right one: 1 − |cos|, which
        ignores a factor.

        A scalar has no direction: for it the factors of all worlds are compared.
        """
        self.tried += 1
        try:
            if self.has_direction:
                return _apart(self.whole(path, self.value(new)), self.wanted[0])
            found = [self.whole(path, self.value(new, w), w) for w in range(len(self.given))]
        except Unfit:
            return np.inf
        if any(np.size(value) > 1 for value in found):
            return np.inf
        pairs = zip(found, self.wanted, strict=True)
        factors = np.array([float(np.sum(ours) / np.sum(wanted)) for ours, wanted in pairs])
        return _apart(factors, np.ones(len(factors)))

    def shape(self, tree: Expr) -> tuple[int, ...] | None:
        """The shape of a tree in the first world; None if it has none."""
        try:
            return np.shape(self.value(tree))
        except Unfit:
            return None

    def same_everywhere(self, one: Expr, other: Expr) -> bool:
        """Whether two trees have the same value in every world."""
        try:
            return all(
                _equal(self.value(one, w), self.value(other, w)) for w in range(len(self.given))
            )
        except Unfit:
            return False

    def scalings(self) -> Iterator[tuple[Path, Factor]]:
        """The places at which one factor makes the formula right, and the factor.

        If the formula is affine in a part, right = rest + k·(theirs − rest) has one unknown.
        """
        counts = [float(given["N"]) for given in self.given if "N" in given]
        for path, _ in walk(self.tree):
            if _is_affine(self.tree, path):
                ratios = [self._ratio(path, w) for w in range(len(self.given))]
                found = [r for r in ratios if r is not None]
                factor = recognised(found, counts) if len(found) == len(ratios) else None
                if factor is not None and factor != Factor(1):
                    yield path, factor

    def _ratio(self, path: Path, w: int) -> float | None:
        try:
            part = self.value(at(self.tree, path), w)
            theirs, rest = self.whole(path, part, w), self.whole(path, part * 0.0, w)
        except Unfit:
            return None
        shape, size = self._sizes[w]
        if np.shape(theirs) != shape or np.shape(rest) != shape:
            return None
        moving, missing = theirs - rest, self.wanted[w] - rest
        length = float(np.sum(moving * moving))
        if not np.isfinite(length) or length == 0:
            return None
        k = float(np.sum(moving * missing)) / length
        fits = np.max(np.abs(missing - k * moving)) <= TOLERANCE * size
        return k if fits and abs(k) > TOLERANCE else None


def _applied(node: Call, xs: list[Value]) -> Value:
    try:
        value = CARDS[node.op].eval(*xs, **settings_of(node))
    except (ValueError, IndexError, TypeError, OverflowError, StepperError):
        raise Unfit from None
    if not np.size(value):  # a slice that leaves nothing
        raise Unfit
    return value


def _is_affine(tree: Expr, path: Path) -> bool:
    """Whether the tree is an affine function of the node at the path."""
    for k, i in enumerate(path):
        node = at(tree, path[:k])
        assert isinstance(node, Call)
        if not CARDS[node.op].is_linear or (node.op == "div" and i == 1):
            return False
    return True


def _apart(ours: Value, theirs: Value) -> float:
    if np.shape(ours) != np.shape(theirs):
        return np.inf
    lengths = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    if not np.isfinite(lengths) or lengths == 0:
        return np.inf
    return 1 - abs(float(np.sum(ours * theirs))) / lengths


def _equal(one: Value, other: Value) -> bool:
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.max(np.abs(one - other)) <= TOLERANCE * np.max(np.abs(other)))


def size(tree: Expr) -> int:
    """The number of nodes of a tree."""
    return sum(1 for _ in walk(tree))


def factors(tree: Expr) -> list[Expr]:
    """The factors of `a * b * c` as a list; a tree that is no product is its only factor."""
    if not _is_product(tree):
        return [tree]
    return [f for part in operands(tree) for f in factors(part)]


def product(parts: Sequence[Expr]) -> Expr:
    """The factors multiplied, from left to right."""
    result = parts[0] if parts else Number(1)
    for part in parts[1:]:
        result = result * part
    return result


def _is_product(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.op == "mul"
