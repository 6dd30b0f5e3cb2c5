"""A learner's matrix of numbers, and how much its digits reveal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stepper.check.guess import ENOUGH, HALF
from stepper.check.typed import Grid
from stepper.ops.card import Value

SAME = 1e-9
"""Float64 rounding of one number, relative to the largest entry."""
FINE = 1e-7
"""The precision, relative to the largest entry, beyond which no mistake can hide."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A learner's matrix: its values, and the rounding error of what was typed."""

    values: Value
    half: Value
    """Half a unit of the last digit that was typed."""

    def misses(self, right: Value) -> Value:
        """Which entries differ from those of `right`, within the digits that were typed."""
        rounding = SAME * np.max(np.abs(right))
        return np.asarray(np.abs(self.values - right) > np.maximum(self.half, rounding))

    def are(self, right: Value) -> bool:
        return np.shape(right) == np.shape(self.values) and not np.any(self.misses(right))

    def equal(self, right: Value) -> bool:
        """Whether the numbers are exactly these, and not merely near them."""
        if np.shape(right) != np.shape(self.values):
            return False
        return bool(np.max(np.abs(self.values - right)) <= SAME * np.max(np.abs(right)))

    def factor(self, right: Value) -> float | None:
        """The factor by which `right` gives these numbers, within their digits; None without
        one."""
        if np.shape(right) != np.shape(self.values) or not np.any(right):
            return None
        there = right != 0
        room = np.maximum(self.half, SAME * np.max(np.abs(self.values)))
        near, far = ((self.values + way * room)[there] / right[there] for way in (-1, 1))
        low, high = np.max(np.minimum(near, far)), np.min(np.maximum(near, far))
        return float(low + high) / 2 if low <= high else None

    @property
    def are_fine(self) -> bool:
        """Whether the digits are so precise that no mistake can hide behind them."""
        return bool(np.max(self.half) <= FINE * np.max(np.abs(self.values)))

    def information(self, right: Value) -> float:
        """The number of significant digits in total, on the scale of the right numbers."""
        largest = float(np.max(np.abs(right))) or 1.0
        return float(np.sum(np.maximum(np.log10(largest / (2 * self.half)), 0)))

    def tell(self, right: Value) -> bool:
        """Whether there are enough digits: two of the largest entry, or the exact numbers."""
        if self.values.shape == np.shape(right):
            off = np.max(np.abs(self.values - right))
            if off <= SAME * np.max(np.abs(right)):
                return True
        unit = 2 * np.ravel(self.half)[np.argmax(np.abs(self.values))]
        largest = max(np.max(np.abs(right)), np.max(np.abs(self.values)))
        return bool(unit * 10 ** (ENOUGH - 1) <= largest * 1.001)


def numbers(typed: Grid, shape: tuple[int, ...]) -> Numbers:
    """The numbers of a grid; a grid of one entry becomes a scalar if the value is one."""
    values = np.array([[float(n.exact) for n in row] for row in typed.rows])
    half = np.array([[float(HALF * n.unit) for n in row] for row in typed.rows])
    if not shape and values.size == 1:
        values, half = values.reshape(()), half.reshape(())
    return Numbers(values, half)
