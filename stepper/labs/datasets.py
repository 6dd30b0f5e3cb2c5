"""Datasets: cards that make labelled points, one sample a row (samples × features)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from stepper.expr.errors import StepperError
from stepper.labs.card import Array, Card, among, sentence_of, settings_of, whole

Sampled = tuple[Array, Array]
"""Points (samples × features) and targets (samples × outputs)."""

MAX_POINTS = 100_000


class Dataset(Card):
    """`make(rng, **settings)` gives points (samples × features) and targets (samples × outputs)."""

    def __init__(
        self, name: str, sentence: str, settings: Mapping[str, float], make: Callable[..., Sampled]
    ) -> None:
        super().__init__(name, sentence, settings)
        self.make = make

    def made(self, rng: np.random.Generator, settings: Mapping[str, float]) -> Sampled:
        """The points and targets. Raises StepperError if settings are out of range."""
        with np.errstate(over="ignore", invalid="ignore"):
            points, targets = self.make(rng, **settings)
        return self.finite(points), targets


DATASETS: dict[str, Dataset] = {}


def dataset(make: Callable[..., Sampled]) -> Callable[..., Sampled]:
    """Registers a dataset: its docstring is the sentence, its keywords are the settings."""
    name = make.__name__.replace("_", "-")
    DATASETS[name] = Dataset(name, sentence_of(make), settings_of(make), make)
    return make


def dataset_named(name: str) -> Dataset:
    """The dataset with this name. Raises StepperError that lists them all."""
    if name not in DATASETS:
        raise StepperError(
            "there is no data set `{name}`.{near} There are {all}: see `stepper labs --cards`",
            **among(name, DATASETS),
        )
    return DATASETS[name]


@dataset
def xor(rng: np.random.Generator, *, n: float = 21) -> Sampled:
    """Two crossing diagonals of the unit square: points on x₁ = x₂ are 0, those on x₁ = 1 − x₂
    are 1; the middle, where they cross, is 0. With n = 4 it is XOR itself."""
    m = _steps(whole("xor", "n", n, 4, MAX_POINTS))
    labelled = []
    for i in range(m + 1):
        labelled.append((i / m, i / m, 0))
        if 2 * i != m:
            labelled.append((i / m, (m - i) / m, 1))
    return _split(np.array(labelled, dtype=np.float64))


def _steps(n: int) -> int:
    """The number of steps into which n points divide the diagonals; raises if no number gives n."""
    if n % 4 > 1:
        raise StepperError(
            "`xor` cannot have {n} points: two diagonals with as many points each, the middle "
            "counted once, make 4, 5, 8, 9, 12, 13, … points; try n={below} or n={above}",
            n=n, below=n - n % 4 + 1, above=n - n % 4 + 4,
        )  # fmt: skip
    return n // 2 if n % 4 else n // 2 - 1


def _split(labelled: Array) -> Sampled:
    """Splits off the last column as the target."""
    return labelled[:, :-1], labelled[:, -1:]


@dataset
def linear(rng: np.random.Generator, *, n: float = 100) -> Sampled:
    """Random points of the unit square: 0 where x₁ > x₂, else 1. One straight line parts them."""
    points = rng.uniform(size=(whole("linear", "n", n, 1, MAX_POINTS), 2))
    return points, (points[:, :1] <= points[:, 1:]).astype(np.float64)


@dataset
def chessboard(rng: np.random.Generator, *, n: float = 1000) -> Sampled:
    """Random points of the unit square, cut into 4 × 4 cells that are 0 and 1 in turn; the cell at
    the origin is 0."""
    points = rng.uniform(size=(whole("chessboard", "n", n, 1, MAX_POINTS), 2))
    cells = np.floor(4 * points).sum(axis=1, keepdims=True)
    return points, cells % 2


@dataset
def three_class(rng: np.random.Generator, *, n: float = 150, spread: float = 0.12) -> Sampled:
    """Three round clouds of points, each its own class; the target is 1 for that class, 0 for the
    other two (one-hot)."""
    count = whole("three-class", "n", n, 3, MAX_POINTS)
    _check_spread("three-class", spread)
    centres = np.array([(0.25, 0.25), (0.75, 0.25), (0.5, 0.75)])
    classes = np.arange(count) % len(centres)
    points = centres[classes] + rng.normal(0, spread, size=(count, 2))
    return points, np.eye(len(centres))[classes]


@dataset
def moons(rng: np.random.Generator, *, n: float = 100, spread: float = 0.05) -> Sampled:
    """Two half circles that reach into each other, the upper one 0, the lower one 1, with points
    scattered round them."""
    count = whole("moons", "n", n, 2, MAX_POINTS)
    upper = np.pi * np.linspace(0, 1, count - count // 2)
    lower = np.pi * np.linspace(0, 1, count // 2)
    arcs = (
        np.column_stack([np.cos(upper), np.sin(upper)]),
        np.column_stack([1 - np.cos(lower), 0.5 - np.sin(lower)]),
    )
    return _scattered("moons", rng, arcs, spread)


@dataset
def circles(
    rng: np.random.Generator, *, n: float = 100, inner: float = 0.5, spread: float = 0.05
) -> Sampled:
    """Two circles round the same middle, the outer one 0, the inner one 1, with points scattered
    round them."""
    count = whole("circles", "n", n, 2, MAX_POINTS)
    if not 0 < inner < 1:
        raise StepperError("`circles`: inner = {inner} is not between 0 and 1", inner=inner)
    rings = (_ring(count - count // 2), inner * _ring(count // 2))
    return _scattered("circles", rng, rings, spread)


@dataset
def spirals(
    rng: np.random.Generator, *, n: float = 200, turns: float = 1.5, spread: float = 0.02
) -> Sampled:
    """Two spirals wound into each other, one 0 and one 1, with points scattered round them."""
    count = whole("spirals", "n", n, 2, MAX_POINTS)
    if not 0 < turns <= 10:
        raise StepperError("`spirals`: turns = {turns} is not from 0 to 10", turns=turns)
    arms = (_arm(count - count // 2, turns), -_arm(count // 2, turns))
    return _scattered("spirals", rng, arms, spread)


def _ring(count: int) -> Array:
    angle = 2 * np.pi * np.arange(count) / count
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _arm(count: int, turns: float) -> Array:
    out = np.linspace(0.1, 1, count)
    angle = 2 * np.pi * turns * out
    return np.column_stack([out * np.cos(angle), out * np.sin(angle)])


def _scattered(
    card: str, rng: np.random.Generator, curves: tuple[Array, Array], spread: float
) -> Sampled:
    """Points of both curves in turn, moved at random; those of the second are labelled 1."""
    _check_spread(card, spread)
    points = np.empty((len(curves[0]) + len(curves[1]), 2))
    points[0::2], points[1::2] = curves
    targets = (np.arange(len(points)) % 2).astype(np.float64)[:, np.newaxis]
    return points + rng.normal(0, spread, size=points.shape), targets


def _check_spread(card: str, spread: float) -> None:
    if not spread >= 0:
        raise StepperError("`{card}`: spread = {spread} is below 0", card=card, spread=spread)
