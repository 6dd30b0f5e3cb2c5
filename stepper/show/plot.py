"""Draws curves in characters: a function and its derivative over the same axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stepper.ops.card import Value
from stepper.show.numbers import scalar
from stepper.show.rows import Ink, Look, Row, Run, row

ROWS = 13
COLUMNS = 61
HIGHEST = 4.0
"""Values beyond this, up or down, are not drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values over the axis, the characters that draw them, and the curve's name."""

    values: Value
    unicode: str
    ascii: str
    ink: Ink
    name: str


def plot_rows(x: Value, curves: Sequence[Curve], look: Look) -> Iterator[Row]:
    """The curves with both axes, the limits beside them, and a legend."""
    low, high = _limits(curves)
    cells = _axes(x, low, high, look)
    for curve in reversed(curves):
        _draw(cells, curve, low, high, look)
    for n, cell_row in enumerate(cells):
        label = {0: scalar(high), len(cells) - 1: scalar(low)}.get(n, "")
        yield ((f"{label:>6} ", "dim"), *cell_row)
    ends = scalar(float(x[0])), scalar(float(x[-1]))
    yield row(" " * 7 + ends[0] + ends[1].rjust(len(cells[0]) - len(ends[0])), "dim")
    yield from (_legend(curve, look) for curve in curves)


def _legend(curve: Curve, look: Look) -> Row:
    return (("       ", "text"), (look.sign(curve.unicode, curve.ascii), curve.ink),
            (f" {curve.name}", "text"))  # fmt: skip


def _limits(curves: Sequence[Curve]) -> tuple[float, float]:
    seen = np.concatenate([np.ravel(c.values) for c in curves])
    seen = np.clip(seen[np.isfinite(seen)], -HIGHEST, HIGHEST)
    return min(float(seen.min()), 0.0), max(float(seen.max()), 0.0) or 1.0


def _line(value: float, low: float, high: float) -> int:
    """The row in which a value is drawn, from the top."""
    return round((high - value) / (high - low) * (ROWS - 1))


def _axes(x: Value, low: float, high: float, look: Look) -> list[list[Run]]:
    blank: Run = (" ", "text")
    cells = [[blank] * len(x) for _ in range(ROWS)]
    upright, level = look.sign("│", "|"), look.sign("─", "-")
    middle = int(np.argmin(np.abs(x)))
    for cell_row in cells:
        cell_row[middle] = (upright, "dim")
    zero = _line(0.0, low, high)
    cells[zero] = [(level, "dim")] * len(x)
    cells[zero][middle] = (look.sign("┼", "+"), "dim")
    return cells


def _draw(cells: list[list[Run]], curve: Curve, low: float, high: float, look: Look) -> None:
    for column, value in enumerate(curve.values):
        if np.isfinite(value) and low - 1e-9 <= value <= high + 1e-9:
            sign = look.sign(curve.unicode, curve.ascii)
            cells[_line(float(value), low, high)][column] = (sign, curve.ink)
