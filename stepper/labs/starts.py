"""Starts: cards that draw the first value of a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np

from stepper.expr.errors import StepperError
from stepper.labs.card import Array, Card, among, sentence_of, settings_of
from stepper.language.layout import AXES, Layout


class Blank(NamedTuple):
    """A parameter to be initialised: its shape, and the fan-in and fan-out of a unit."""

    shape: tuple[int, ...]
    inputs: int = 1
    outputs: int = 1


def blank(shape: tuple[int, ...], layout: Layout) -> Blank:
    """The blank of a weight: outputs × inputs where a sample is a column, else inputs × outputs."""
    if not shape:
        return Blank(shape)
    outputs, inputs = (shape[axis] for axis in (AXES[layout]["features"], AXES[layout]["samples"]))
    return Blank(shape, inputs, outputs)


class Start(Card):
    """`draw(rng, blank, **settings)` gives an array of the blank's shape."""

    def __init__(
        self, name: str, sentence: str, settings: Mapping[str, float], draw: Callable[..., Array]
    ) -> None:
        super().__init__(name, sentence, settings)
        self.draw = draw

    def drawn(self, rng: np.random.Generator, blank: Blank, settings: Mapping[str, float]) -> Array:
        """The initial values. Raises StepperError if settings are out of range."""
        try:
            return self.finite(self.draw(rng, blank, **settings))
        except OverflowError:  # numpy's error if low and high are too far apart
            return self.finite(np.array(np.inf))


STARTS: dict[str, Start] = {}


def start(draw: Callable[..., Array]) -> Callable[..., Array]:
    """Registers a start: its docstring is the sentence, its keywords are the settings."""
    name = draw.__name__
    STARTS[name] = Start(name, sentence_of(draw), settings_of(draw), draw)
    return draw


def start_named(name: str) -> Start:
    """The start with this name. Raises StepperError that lists them all."""
    if name not in STARTS:
        raise StepperError(
            "there is no start `{name}`.{near} There are {all}: see `stepper labs --cards`",
            **among(name, STARTS),
        )
    return STARTS[name]


@start
def normal(rng: np.random.Generator, blank: Blank, *, mean: float = 0, std: float = 1) -> Array:
    """Random numbers from the bell curve with this mean and standard deviation."""
    if not std >= 0:
        raise StepperError("`normal`: std = {std} is below 0", std=std)
    return np.asarray(rng.normal(mean, std, size=blank.shape), dtype=np.float64)


@start
def uniform(rng: np.random.Generator, blank: Blank, *, low: float = -1, high: float = 1) -> Array:
    """Random numbers between low and high, each as likely as the other."""
    if not low <= high:
        raise StepperError("`uniform`: low = {low} is above high = {high}", low=low, high=high)
    return np.asarray(rng.uniform(low, high, size=blank.shape), dtype=np.float64)


@start
def zeros(rng: np.random.Generator, blank: Blank) -> Array:
    """Every entry 0: usual for biases; weights that start alike stay alike."""
    return np.zeros(blank.shape)


@start
def ones(rng: np.random.Generator, blank: Blank) -> Array:
    """Every entry 1."""
    return np.ones(blank.shape)


@start
def xavier(rng: np.random.Generator, blank: Blank) -> Array:
    """Bell curve with variance 2/(inputs + outputs): signals keep their size both ways through
    tanh or sigmoid layers (Glorot & Bengio, 2010)."""
    return normal(rng, blank, std=sqrt(2 / (blank.inputs + blank.outputs)))


@start
def he(rng: np.random.Generator, blank: Blank) -> Array:
    """Bell curve with variance 2/inputs: signals keep their size through ReLU layers (He and
    others, 2015)."""
    return normal(rng, blank, std=sqrt(2 / blank.inputs))
