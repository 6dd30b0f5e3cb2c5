"""Gradients of a loss that is known by its values alone, with what the measurement is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stepper.calculus.numeric import Loss
from stepper.ops.card import Value

ROUNDING = 64 * np.finfo(np.float64).eps
"""How exact a loss is, of its own size."""
KINK = 1e-2
"""Slopes that differ by more than this on both sides, of their size, are two slopes."""
BEND = 0.15
"""Of three changes of a slope the least, of all three, where it is no kink but a bend."""
GOOD = 1e-3
"""How much in doubt a slope may be, of the largest beside it, for no other step to be tried."""
CANCELS = 1e-5
"""How far the slope at a bend may be off by that, of the slopes beside it."""
STEPS = (1e-5, 1e-7, 1e-9, 1e-3, 1e-1, 1.0)
"""How far an entry is moved, each tried where those before it tell nothing: a shorter way stays
where the loss is finite, a longer one shows a slope that is small beside the loss."""

UNKNOWN = (np.nan, np.inf, -np.inf, np.inf, np.nan)
"""What `Measured` holds of an entry of which nothing is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The slopes of a loss that is known by its values alone, entry by entry."""

    central: Value
    doubt: Value
    """How far each of them may be off: by rounding, and by how it changes with the step; inf where
    the loss is not finite beside it, or gets steeper and steeper."""
    low: Value
    high: Value
    """The slopes on the two sides at a kink, where each between them is right; else `central`."""
    near: Value
    """The largest slope as far as one looked, its sign left out, and what may be rounding."""

    def differs(self, claimed: Value, close: float) -> Value:
        """Which entries are not the measured ones, as far as they tell."""
        bound = close * self._size + self.doubt
        return np.asarray((claimed < self.low - bound) | (claimed > self.high + bound))

    def likens(self, value: Value, claimed: Value, close: float) -> bool:
        """Whether a claim is this value, made of the measured ones, as far as they tell."""
        bound = (close * self._size + self.doubt) * max(1.0, _size(claimed) / (self._size or 1.0))
        return not np.any((np.abs(claimed - value) > bound) & (self.low == self.high))

    @property
    def told(self) -> Value:
        """Which entries could be measured: not those in doubt by more than any slope nearby."""
        return self.told_by(1)

    def told_by(self, share: float) -> Value:
        """Which entries are in doubt by no more than a share of the largest slope nearby."""
        return np.asarray(self.doubt <= share * _size(self.near))

    @property
    def _size(self) -> float:
        return _size(self.central)


def _size(value: Value) -> float:
    return float(np.max(np.abs(value), initial=0, where=np.isfinite(value)))


def measured(loss: Loss, parameters: Mapping[str, Value], name: str) -> Measured:
    """∂loss/∂name by central differences, with what they are worth; arrays of any shape."""
    value = np.asarray(parameters[name], dtype=np.float64)
    here = loss(parameters)
    found = np.empty((5, *value.shape))
    found.T[...] = UNKNOWN

    def at(index: tuple[int, ...], way: float) -> tuple[float, float]:
        moved = value.copy()
        moved[index] += way
        return moved[index], _tried(loss, {**parameters, name: moved})

    with np.errstate(all="ignore"):
        for step in STEPS:
            for index in map(tuple, np.argwhere(~Measured(*found).told_by(GOOD))):
                far, near, back, far_back = (at(index, k * step) for k in (2, 1, -1, -2))
                slopes = _slopes((far, near, (value[index], here), back, far_back), step)
                known = tuple(found[(slice(None), *index)])
                better = min(known, slopes, key=_room)
                found[(slice(None), *index)] = *better[:4], np.fmax(known[4], slopes[4])
    return Measured(*found)


def _slopes(points: Sequence[tuple[float, float]], step: float) -> tuple[float, ...]:
    """What `Measured` holds of an entry, by five of its values with their losses, largest first."""

    def slope(i: int, j: int) -> float:
        (x, loss), (other, its) = points[i], points[j]
        return float((loss - its) / np.float64(x - other))

    central, right, left = slope(1, 3), slope(0, 1), slope(3, 4)
    inner = slope(1, 2), slope(2, 3)
    near = max(abs(right), abs(left))
    rounding = ROUNDING * max(abs(loss) for _, loss in points) / step
    if not np.isfinite([central, right, left, rounding]).all():
        return UNKNOWN
    doubt, seen = abs(central - slope(0, 4)) + rounding, max(near - rounding, 0.0)
    if abs(central) > 2 * near + rounding:  # the closer, the steeper: a jump, or a root at its end
        return UNKNOWN
    if abs(right - left) <= KINK * near:
        return central, doubt, central, central, seen
    if _is_bend(left, *inner[::-1], right):  # its losses may cancel: small beside what made them
        return central, doubt + CANCELS * near, central, central, seen
    low, high = min(left, right), max(left, right)
    steeper = max(low - min(inner), max(inner) - high) > KINK * (high - low) + rounding
    return UNKNOWN if steeper else (central, rounding, low, high, seen)


def _room(slopes: Sequence[float]) -> float:
    """How much room they leave for a claim: a longer step may have met a kink that is not here."""
    _, doubt, low, high, _ = slopes
    return doubt + high - low


def _is_bend(*slopes: float) -> bool:
    """Whether slopes side by side change all along the way; at a kink they do in one place."""
    changes = np.diff(slopes) / (slopes[-1] - slopes[0])
    return bool(np.all(changes > BEND))


def _tried(loss: Loss, parameters: Mapping[str, Value]) -> float:
    """The loss; nan where it cannot be worked out, like the logarithm of a number below 0."""
    try:
        return np.float64(loss(parameters))
    except (ArithmeticError, ValueError):
        return np.nan
