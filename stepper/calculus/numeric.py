"""Gradients by trying: move one entry a little both ways and see what the loss does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from stepper.ops.card import Value

Loss = Callable[[Mapping[str, Value]], float]


def central(loss: Loss, parameters: Mapping[str, Value], name: str, step: float = 1e-5) -> Value:
    """∂loss/∂name, entry by entry: (loss(x + step) − loss(x − step)) / (2·step)."""
    value = np.asarray(parameters[name], dtype=np.float64)
    slopes = np.empty(value.shape)
    for index in np.ndindex(value.shape):
        moved = []
        for way in (step, -step):
            x = value.copy()
            x[index] += way
            moved.append(loss({**parameters, name: x if x.ndim else x[()]}))
        slopes[index] = (moved[0] - moved[1]) / (2 * step)
    return slopes if value.ndim else np.float64(slopes)


def distance(claimed: Mapping[str, Value], tried: Mapping[str, Value]) -> float:
    """‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) over all parameters together (Ng, "Gradient Checking", 2017)."""
    g, numeric = (np.concatenate([np.ravel(x[k]) for k in claimed]) for x in (claimed, tried))
    norm = np.linalg.norm
    return float(norm(g - numeric) / (norm(g) + norm(numeric)))


ROUNDING = 64 * np.finfo(np.float64).eps
"""How exact a loss is, of its own size."""
KINK = 1e-2
"""Slopes that differ by more than this on both sides, of their size, are two slopes."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The slopes of a loss that is known by its values alone, entry by entry."""

    central: Value
    doubt: Value
    """How far each of them may be off: by rounding, and by how it changes with the step."""
    low: Value
    high: Value
    """The slopes on the two sides at a kink, where each between them is right; else `central`."""

    def differs(self, claimed: Value, close: float) -> Value:
        """Which entries are not the measured ones; one that could not be measured is not judged."""
        bound = close * self._size + self.doubt
        return np.asarray((claimed < self.low - bound) | (claimed > self.high + bound))

    def likens(self, value: Value, claimed: Value, close: float) -> bool:
        """Whether a claim is this value, made of the measured ones, as far as they tell."""
        bound = (close * self._size + self.doubt) * max(1.0, _size(claimed) / (self._size or 1.0))
        return not np.any((np.abs(claimed - value) > bound) & (self.low == self.high))

    @property
    def _size(self) -> float:
        return _size(self.central)


def _size(value: Value) -> float:
    return float(np.max(np.abs(value), initial=0, where=np.isfinite(value)))


def measured(
    loss: Loss, parameters: Mapping[str, Value], name: str, step: float = 1e-5
) -> Measured:
    """∂loss/∂name by central differences, with what they are worth; arrays of any shape."""
    value = np.asarray(parameters[name], dtype=np.float64)
    here = loss(parameters)
    found = np.empty((4, *value.shape))
    for index in np.ndindex(value.shape):
        losses = []
        for way in (2 * step, step, -step, -2 * step):
            moved = value.copy()
            moved[index] += way
            losses.append(loss({**parameters, name: moved}))
        found[(slice(None), *index)] = _slopes(losses, step)
    central, wide, right, left = found
    split = np.abs(right - left) > KINK * np.maximum(np.abs(right), np.abs(left))
    doubt = np.where(split, 0, np.abs(central - wide)) + ROUNDING * abs(here) / step
    low, high = np.minimum(left, right), np.maximum(left, right)
    return Measured(central, doubt, np.where(split, low, central), np.where(split, high, central))


def _slopes(losses: list[float], step: float) -> tuple[float, float, float, float]:
    """The central difference, the one of twice the step, and the slopes on the right and left,
    each between the two points on that side: so a kink between the sides is in neither."""
    far, near, back, far_back = losses
    return (
        (near - back) / (2 * step),
        (far - far_back) / (4 * step),
        (far - near) / step,
        (back - far_back) / step,
    )
