"""Numeric gradients of a black-box loss, with an estimate of their error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stepper.calculus.numeric import Loss
from stepper.ops.card import Value

ROUNDING = 64 * np.finfo(np.float64).eps
"""The rounding error of a loss, relative to its size."""
KINK = 1e-2
"""Left and right slopes that differ by more than this, relative to their size, mean a kink."""
BEND = 0.15
"""At a bend each of the three changes of slope is a larger share of their sum; at a kink not."""
GOOD = 1e-3
"""No further step is tried once the doubt is below this share of the largest slope nearby."""
CANCELS = 1e-5
"""The extra doubt of a slope at a bend, as a share of the slopes nearby."""
STEPS = (1e-5, 1e-7, 1e-9, 1e-3, 1e-1, 1.0)
"""The step sizes, each tried only if the ones before are inconclusive: a shorter step stays where
the loss is finite, a longer one shows a slope that is small beside the loss."""

UNKNOWN = (np.nan, np.inf, -np.inf, np.inf, np.nan)
"""What `Measured` holds for an entry about which nothing is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The slopes of a black-box loss, one per entry."""

    central: Value
    doubt: Value
    """The error bound of each: rounding, and how much the slope changes with the step; inf if the
    loss is not finite nearby, or gets steeper and steeper."""
    low: Value
    high: Value
    """At a kink the slopes of the two sides, between which every value is right; else `central`."""
    near: Value
    """The largest absolute slope found nearby, less what may be rounding."""

    def differs(self, claimed: Value, close: float) -> Value:
        """Which entries of a claim differ from the measured ones by more than the doubt."""
        bound = close * self._size + self.doubt
        return np.asarray((claimed < self.low - bound) | (claimed > self.high + bound))

    def likens(self, value: Value, claimed: Value, close: float) -> bool:
        """Whether a claim equals `value`, a value derived from the slopes, within the doubt."""
        bound = (close * self._size + self.doubt) * max(1.0, _size(claimed) / (self._size or 1.0))
        return not np.any((np.abs(claimed - value) > bound) & (self.low == self.high))

    @property
    def told(self) -> Value:
        """Which entries could be measured: their doubt is at most the largest slope nearby."""
        return self.told_by(1)

    def told_by(self, share: float) -> Value:
        """Which entries' doubt is at most this share of the largest slope nearby."""
        return np.asarray(self.doubt <= share * _size(self.near))

    @property
    def _size(self) -> float:
        return _size(self.central)


def _size(value: Value) -> float:
    return float(np.max(np.abs(value), initial=0, where=np.isfinite(value)))


def measured(loss: Loss, parameters: Mapping[str, Value], name: str) -> Measured:
    """∂loss/∂name by central differences, with error bounds; for arrays of any shape."""
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
    """The fields of `Measured` for an entry, from five of its values with losses, largest first."""

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
    if abs(central) > 2 * near + rounding:  # steeper the closer: a jump, or a root at its end
        return UNKNOWN
    if abs(right - left) <= KINK * near:
        return central, doubt, central, central, seen
    if _is_bend(left, *inner[::-1], right):  # its losses may cancel: small beside their parts
        return central, doubt + CANCELS * near, central, central, seen
    low, high = min(left, right), max(left, right)
    steeper = max(low - min(inner), max(inner) - high) > KINK * (high - low) + rounding
    return UNKNOWN if steeper else (central, rounding, low, high, seen)


def _room(slopes: Sequence[float]) -> float:
    """How much room a measurement leaves for a claim: a longer step may have met a kink
    elsewhere."""
    _, doubt, low, high, _ = slopes
    return doubt + high - low


def _is_bend(*slopes: float) -> bool:
    """Whether the slope changes all along the way; at a kink it changes in one place."""
    changes = np.diff(slopes) / (slopes[-1] - slopes[0])
    return bool(np.all(changes > BEND))


def _tried(loss: Loss, parameters: Mapping[str, Value]) -> float:
    """The loss; nan if it cannot be computed, such as the logarithm of a number below 0."""
    try:
        return np.float64(loss(parameters))
    except (ArithmeticError, ValueError):
        return np.nan
