"""Starts: cards that draw the first value of a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stepper.expr.errors import StepperError
from stepper.labs.card import Card, sentence_of, settings_of
from stepper.labs.datasets import Array

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Start(Card):
    """`draw(rng, shape, **settings)` gives an array of that shape."""

    draw: Callable[..., Array]


STARTS: dict[str, Start] = {}


def start(draw: Callable[..., Array]) -> Callable[..., Array]:
    """Registers a start: its docstring is the sentence, its keywords are the settings."""
    name = draw.__name__
    STARTS[name] = Start(name, sentence_of(draw), settings_of(draw), draw)
    return draw


@start
def normal(rng: np.random.Generator, shape: Shape, *, mean: float = 0, std: float = 1) -> Array:
    """Random numbers from the bell curve with this mean and standard deviation."""
    if not std >= 0:
        raise StepperError("`normal`: std = {std} is below 0", std=std)
    return np.asarray(rng.normal(mean, std, size=shape), dtype=np.float64)


@start
def uniform(rng: np.random.Generator, shape: Shape, *, low: float = -1, high: float = 1) -> Array:
    """Random numbers between low and high, each as likely as the other."""
    if not low <= high:
        raise StepperError("`uniform`: low = {low} is above high = {high}", low=low, high=high)
    return np.asarray(rng.uniform(low, high, size=shape), dtype=np.float64)


@start
def zeros(rng: np.random.Generator, shape: Shape) -> Array:
    """Every entry 0: usual for biases; weights that start alike stay alike."""
    return np.zeros(shape)


@start
def ones(rng: np.random.Generator, shape: Shape) -> Array:
    """Every entry 1."""
    return np.ones(shape)
