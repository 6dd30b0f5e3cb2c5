"""Draws values for what is given in a world: parameters, constants, labels of the data's kind."""

from __future__ import annotations

import numpy as np

from stepper.labs.lab import Data
from stepper.language.layout import AXES, Layout
from stepper.ops.card import Value


def numbers(rng: np.random.Generator, shape: tuple[int, ...], positive: bool) -> Value:
    """Numbers of either sign, or positive ones for what must be above 0."""
    drawn = rng.uniform(0.2, 1.5, shape) if positive else rng.normal(0, 0.9, shape)
    return drawn if shape else np.float64(drawn)


def near(rng: np.random.Generator, value: Value, shape: tuple[int, ...]) -> Value:
    """A perturbed constant, so that its name is judged and not that it happens to be 1.

    Zeros of a matrix stay (it may be a mask); a constant 0 becomes a small number.
    """
    if not shape:
        moved = value * rng.uniform(0.6, 1.7) if value else rng.uniform(0.3, 0.9)
        return np.float64(moved)
    drawn: Value = rng.choice(np.ravel(value), shape) * rng.uniform(0.6, 1.7, shape)
    return drawn


def labels(rng: np.random.Generator, data: Data, shape: tuple[int, ...]) -> Value:
    """Labels of the data's own kind: one of a few classes, 0 or 1, shares, or real numbers."""
    y = data.y
    features = AXES[data.layout]["features"]
    shares = y.shape[features] > 1 and bool(np.allclose(np.sum(y, axis=features), 1))
    binary = bool(np.isin(y, (0, 1)).all())
    if shares:
        return _shares(rng, shape, data.layout, whole=binary)
    if binary:
        ordered = np.arange(np.prod(shape)) % 2
        return rng.permutation(ordered).reshape(shape).astype(np.float64)
    inside = bool(((y > 0) & (y < 1)).all())
    return rng.uniform(0.05, 0.95, shape) if inside else rng.normal(np.mean(y), 1, shape)


def _shares(
    rng: np.random.Generator, shape: tuple[int, ...], layout: Layout, *, whole: bool
) -> Value:
    """A share for each class, adding up to 1 in each sample; `whole` gives one class all of it."""
    axis = AXES[layout]["features"]
    k, n = shape[axis], shape[1 - axis]
    drawn = np.eye(k)[rng.permutation(np.arange(n) % k)] if whole else rng.dirichlet(np.ones(k), n)
    return drawn.T if axis == 0 else drawn
