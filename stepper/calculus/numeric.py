"""Numeric gradients: move one entry a little both ways and see how the loss changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
