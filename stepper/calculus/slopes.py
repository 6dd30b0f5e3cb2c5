"""The slopes of a loss in one of its program's values, measured instead of derived.

Every entry is moved a little while all else that was there before stays as it is, and the forward
lines behind it run again. Two ways measure the same number: central differences, and the complex
step (Squire & Trapp, SIAM Review 40, 1998), which subtracts nothing and so loses nothing.
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
"""How many entries the moved copies of the largest matrix may have together."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """The measured slopes of one value, each in its shape."""

    central: Value
    complex: Value
    doubt: Value
    """How far the central difference may be off: how much it changes with twice the step."""
    kinks: Mapping[str, Value]
    """The forward lines that change their piece while an entry moves, and which entries these are:
    there the loss has two slopes, and a central difference is their average."""

    @property
    def at_kink(self) -> Value:
        """Which entries have a kink within a step's reach."""
        return sum(self.kinks.values(), np.zeros(np.shape(self.central))) > 0

    @property
    def finite(self) -> Value:
        """Which entries could be measured: a step from the others the loss is nan or inf."""
        return np.isfinite(self.complex) & np.isfinite(self.central) & np.isfinite(self.doubt)


@dataclass(frozen=True, slots=True, eq=False)
class Downstream:
    """The forward lines that a value reaches, and the values that were there before."""

    name: str
    values: Mapping[str, Value]
    lines: tuple[Line, ...]
    loss: str

    def after(self, value: Value) -> Mapping[str, Value]:
        """Every value, with another one for the name; a stack of them gives a stack."""
        values = {**self.values, self.name: value}
        for line in self.lines:
            values[line.target] = evaluate(line.tree, values)
        return values

    def pieces(self, values: Mapping[str, Value]) -> dict[str, list[Value]]:
        """Of each line with kinks, on which piece every entry is."""
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
    """What a given or forward value reaches."""
    reached, lines = {name}, []
    for line in program.phase("forward"):
        if line.target != name and names(line.tree) & reached:
            reached.add(line.target)
            lines.append(line)
    return Downstream(name, values, tuple(lines), program.loss)


def slopes(program: Program, values: Mapping[str, Value], name: str) -> Slopes:
    """∂loss/∂name, entry by entry, measured in two ways at these values."""
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
    """The slopes of some entries, counted in reading order."""
    value = below.values[below.name]
    plus, minus = (below.after(_moved(value, which, way)) for way in (STEP, -STEP))
    wide = [_loss(below, _moved(value, which, way)) for way in (2 * STEP, -2 * STEP)]
    exact = np.imag(_loss(below, _moved(value, which, 1j * TINY))) / TINY
    central = (_flat(plus[below.loss]) - _flat(minus[below.loss])) / (2 * STEP)
    doubt = np.abs(central - (wide[0] - wide[1]) / (4 * STEP))
    return central, exact, doubt, _changed(below, plus, minus, len(which))


def _moved(value: Value, which: range, way: complex) -> Value:
    """A copy of a matrix for each of some entries, with that entry moved."""
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
    """Of each line with kinks, which moved entries take it from one piece to another."""
    high, low = below.pieces(plus), below.pieces(minus)
    return {
        target: np.any(
            [_differ(a, b, count) for a, b in zip(high[target], low[target], strict=True)], axis=0
        )
        for target in high
    }


def _differ(a: Value, b: Value, count: int) -> Value:
    """In which of the stacked runs two values differ; one that is no stack differs in none."""
    differ = np.asarray(a != b)
    return differ.reshape(count, -1).any(axis=1) if differ.ndim > 2 else np.zeros(count, dtype=bool)
