"""Numeric slopes of the loss with respect to one value of a program.

One entry is moved a little while everything upstream of it stays fixed, and the forward lines
downstream run again. Two methods measure the same number: central differences, and the complex step
(Squire & Trapp, SIAM Review 40, 1998), which subtracts nothing and so loses no digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stepper.expr.tree import Call, Expr, names, settings_of, walk
from stepper.language.evaluate import evaluate
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.program.program import Line, Program

STEP = 1e-5
TINY = 1e-20
AT_ONCE = 1_000_000
"""The most entries that the moved copies of the largest matrix may have together."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """The measured slopes with respect to one value, each in its shape."""

    central: Value
    complex: Value
    doubt: Value
    """The error bound of the central difference: how much it changes when the step is doubled."""
    kinks: Mapping[str, Value]
    """For each forward line that switches to another piece while an entry moves, those entries:
    there the loss has two slopes, and a central difference is their average."""

    @property
    def at_kink(self) -> Value:
        """Which entries have a kink within a step's reach."""
        return sum(self.kinks.values(), np.zeros(np.shape(self.central))) > 0

    @property
    def finite(self) -> Value:
        """Which entries could be measured: for the others the loss a step away is nan or inf."""
        return np.isfinite(self.complex) & np.isfinite(self.central) & np.isfinite(self.doubt)


@dataclass(frozen=True, slots=True, eq=False)
class Downstream:
    """The forward lines that depend on a value, and the values upstream of them."""

    name: str
    values: Mapping[str, Value]
    lines: tuple[Line, ...]
    loss: str

    def after(self, value: Value) -> Mapping[str, Value]:
        """All values with that of the name replaced; a stack of values gives a stack of results."""
        values = {**self.values, self.name: value}
        for line in self.lines:
            values[line.target] = evaluate(line.tree, values)
        return values

    def pieces(self, values: Mapping[str, Value]) -> dict[str, list[Value]]:
        """For each line with kinks, the piece on which each entry lies."""
        trees = {line.target: list(_pieces(line.tree)) for line in self.lines}
        return {
            target: [evaluate(tree, values) for tree in found]
            for target, found in trees.items()
            if found
        }


def _pieces(tree: Expr) -> Iterator[Expr]:
    for _, node in walk(tree):
        if isinstance(node, Call):
            piece = CARDS[node.op].piece(*node.args, **settings_of(node))
            if piece is not None:
                yield piece


def downstream(program: Program, values: Mapping[str, Value], name: str) -> Downstream:
    """The part of a program that depends on a given or forward value."""
    reached, lines = {name}, []
    for line in program.phase("forward"):
        if line.target != name and names(line.tree) & reached:
            reached.add(line.target)
            lines.append(line)
    return Downstream(name, values, tuple(lines), program.loss)


def slopes(program: Program, values: Mapping[str, Value], name: str) -> Slopes:
    """∂loss/∂name, entry by entry, measured at these values by both methods."""
    below = downstream(program, values, name)
    shape = np.shape(values[name])
    size = int(np.prod(shape))
    largest = max(np.size(values[line.target]) for line in program.phase("forward"))
    count = max(1, AT_ONCE // max(largest, size))
    parts = [_some(below, range(i, min(i + count, size))) for i in range(0, size, count)]
    central, exact, doubt = (np.concatenate([p[k] for p in parts]).reshape(shape) for k in range(3))
    kinks = {
        target: np.concatenate([p[3][target] for p in parts]).reshape(shape)
        for target in parts[0][3]
    }
    return Slopes(central[()], exact[()], doubt[()], {t: k for t, k in kinks.items() if k.any()})


def _some(below: Downstream, which: range) -> tuple[Value, Value, Value, dict[str, Value]]:
    """The slopes of some entries, given by their positions in reading order."""
    value = below.values[below.name]
    plus, minus = (below.after(_moved(value, which, way)) for way in (STEP, -STEP))
    wide = [_loss(below, _moved(value, which, way)) for way in (2 * STEP, -2 * STEP)]
    exact = np.imag(_loss(below, _moved(value, which, 1j * TINY))) / TINY
    central = (_flat(plus[below.loss]) - _flat(minus[below.loss])) / (2 * STEP)
    doubt = np.abs(central - (wide[0] - wide[1]) / (4 * STEP))
    return central, exact, doubt, _changed(below, plus, minus, len(which))


def _moved(value: Value, which: range, way: complex) -> Value:
    """A stack of copies of a matrix, one per entry, each with that entry moved."""
    matrix = np.atleast_2d(value)
    copies = np.array(np.broadcast_to(matrix, (len(which), *matrix.shape)), dtype=type(way))
    copies.reshape(len(which), -1)[range(len(which)), which] += way
    return copies


def _loss(below: Downstream, value: Value) -> Value:
    return _flat(below.after(value)[below.loss])


def _flat(losses: Value) -> Value:
    return np.ravel(losses)


def _changed(
    below: Downstream, plus: Mapping[str, Value], minus: Mapping[str, Value], count: int
) -> dict[str, Value]:
    """For each line with kinks, which moved entries switch it from one piece to another."""
    high, low = below.pieces(plus), below.pieces(minus)
    return {
        target: np.any(
            [_differ(a, b, count) for a, b in zip(high[target], low[target], strict=True)], axis=0
        )
        for target in high
    }


def _differ(a: Value, b: Value, count: int) -> Value:
    """In which of the stacked runs two values differ; in none if they are not stacked."""
    differ = np.asarray(a != b)
    return differ.reshape(count, -1).any(axis=1) if differ.ndim > 2 else np.zeros(count, dtype=bool)
