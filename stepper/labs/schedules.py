"""Schedules: cards that set the learning rate of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, inf, pi

from stepper.expr.errors import StepperError
from stepper.labs.card import Card, among, sentence_of, settings_of, whole

MAX_EPOCHS = 1_000_000_000


class Schedule(Card):
    """`rate(lr, epoch, **settings)` gives the learning rate of an epoch, counted from 1.

    A rate that overflows is inf: training ends there, as at any other inf.
    """

    def __init__(
        self, name: str, sentence: str, settings: Mapping[str, float], rate: Callable[..., float]
    ) -> None:
        super().__init__(name, sentence, settings)
        self.rate = rate


SCHEDULES: dict[str, Schedule] = {}


def schedule(rate: Callable[..., float]) -> Callable[..., float]:
    """Registers a schedule: its docstring is the sentence, its keywords are the settings."""
    name = rate.__name__
    SCHEDULES[name] = Schedule(name, sentence_of(rate), settings_of(rate), rate)
    return rate


def schedule_named(name: str) -> Schedule:
    """The schedule with this name. Raises StepperError that lists them all."""
    if name not in SCHEDULES:
        raise StepperError(
            "there is no schedule `{name}`.{near} There are {all}: see `stepper labs --cards`",
            **among(name, SCHEDULES),
        )
    return SCHEDULES[name]


@schedule
def constant(lr: float, epoch: int) -> float:
    """The same learning rate in every epoch."""
    return lr


@schedule
def step(lr: float, epoch: int, *, every: float = 1000, factor: float = 0.95) -> float:
    """After every so many epochs the learning rate is multiplied by the factor."""
    epochs = whole("step", "every", every, 1, MAX_EPOCHS)
    return _multiplied(lr, _positive("step", "factor", factor), (epoch - 1) // epochs)


@schedule
def exponential(lr: float, epoch: int, *, factor: float = 0.999) -> float:
    """After every epoch the learning rate is multiplied by the factor."""
    return _multiplied(lr, _positive("exponential", "factor", factor), epoch - 1)


@schedule
def cosine(lr: float, epoch: int, *, span: float = 1000, least: float = 0) -> float:
    """Half a wave: over so many epochs the learning rate falls to its least, slowly at both ends;
    there it stays (Loshchilov & Hutter, 2017)."""
    epochs = whole("cosine", "span", span, 1, MAX_EPOCHS)
    if not 0 <= least <= lr:
        raise StepperError(
            "`cosine`: least = {least} is not from 0 to lr = {lr}", least=least, lr=lr
        )
    done = min(epoch - 1, epochs) / epochs
    return least + (lr - least) * ((1 + cos(pi * done)) / 2)


def _multiplied(lr: float, factor: float, times: int) -> float:
    """`lr * factor**times`; Python raises for a power that overflows, where numpy gives inf."""
    try:
        return float(lr * factor**times)
    except OverflowError:
        return lr * inf if lr else lr


def _positive(card: str, key: str, value: float) -> float:
    if not value > 0:
        raise StepperError(
            "`{card}`: {key} = {value} is not above 0", card=card, key=key, value=value
        )
    return value
