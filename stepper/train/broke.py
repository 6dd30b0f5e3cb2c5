"""The error that ends a training which produced a number that is not finite, and its remedies."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.language.text import SCREEN, text
from stepper.ops.card import Value
from stepper.program.code import Step
from stepper.train.loop import State


class Broke(StepperError):
    """Training produced an inf or a nan: in which epoch, at which samples (None: all), at which
    step.

    `last` are the states before each of the last epochs, newest last; each can be walked through.
    `rate` is the learning rate of the epoch, inf if the schedule made it overflow.
    """

    def __init__(
        self,
        epoch: int,
        which: Sequence[int] | None,
        step: Step,
        value: Value,
        last: Sequence[State],
        rate: float,
    ) -> None:
        self.epoch, self.which, self.step, self.last = epoch, which, step, tuple(last)
        self.rate = rate
        super().__init__(
            "training broke in epoch {epoch}, at {which}: step {step}, {what} in line {line}, is "
            "{value}. {advice}",
            epoch=epoch, which=_samples(which), step=step.index,
            what=text(step.node, SCREEN), line=step.line,
            value="nan" if np.isnan(value).any() else "inf", advice=_advice(rate),
        )  # fmt: skip


def _samples(which: Sequence[int] | None) -> object:
    if which is None:
        return say("all samples at once")
    return say("sample {k}", k=", ".join(map(str, which)))


def _advice(rate: float) -> Sentence:
    if isfinite(rate):
        return say("Try a smaller learning rate")
    return say(
        "By then the schedule has raised the learning rate beyond every number, to {rate}: try a "
        "factor of at most 1, or fewer epochs",
        rate=str(rate),
    )
