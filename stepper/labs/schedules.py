"""Schedules: cards that set the learning rate of an epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stepper.expr.errors import StepperError
from stepper.labs.card import Card, sentence_of, settings_of


@dataclass(frozen=True, slots=True, eq=False)
class Schedule(Card):
    """`rate(lr, epoch, **settings)` gives the learning rate of an epoch, counted from 1."""

    rate: Callable[..., float]


SCHEDULES: dict[str, Schedule] = {}


def schedule(rate: Callable[..., float]) -> Callable[..., float]:
    """Registers a schedule: its docstring is the sentence, its keywords are the settings."""
    name = rate.__name__
    SCHEDULES[name] = Schedule(name, sentence_of(rate), settings_of(rate), rate)
    return rate


@schedule
def constant(lr: float, epoch: int) -> float:
    """The same learning rate in every epoch."""
    return lr


@schedule
def step(lr: float, epoch: int, *, every: float = 1000, factor: float = 0.95) -> float:
    """After every so many epochs the learning rate is multiplied by the factor."""
    if every != int(every) or every < 1:
        raise StepperError("`step`: every = {every} is no whole number from 1", every=every)
    if not factor > 0:
        raise StepperError("`step`: factor = {factor} is not above 0", factor=factor)
    return lr * factor ** ((epoch - 1) // int(every))
