"""The progress of a training, on one line of the terminal that is overwritten."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepper.train.fit import Fit

PAUSE = 0.1
"""Seconds between two lines."""


def shown(fit: Fit) -> None:
    """Trains to the end, and shows the progress on a terminal."""
    if not sys.stderr.isatty():
        for _ in fit:
            pass
        return
    began = said = time.monotonic()
    try:
        for _ in fit:
            now = time.monotonic()
            if fit.run.epoch > fit.lab.epoch and now - said >= PAUSE:
                said = now
                _write(line(fit, now - began))
    finally:
        _write("")


def line(fit: Fit, seconds: float) -> str:
    """The progress after an epoch that ended after so many seconds:

    `epoch 1200 of 5000 · J 0.0243 · 41 epochs a second · 1 min 33 s left`.
    """
    from stepper.expr.sentence import say
    from stepper.show.duration import duration
    from stepper.show.numbers import scalar
    from stepper.show.words import words

    made, left = fit.run.epoch - fit.lab.epoch, fit.last - fit.run.epoch
    said = say(
        "epoch {epoch} of {last} · {loss} {value} · {rate} epochs a second · {left} left",
        epoch=str(fit.run.epoch), last=str(fit.last),
        loss=fit.lab.forward.loss, value=scalar(fit.loss),
        rate=_rate(made / seconds), left=duration(left * seconds / made),
    )  # fmt: skip
    return words(said)


def _rate(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.2g}"


def _write(said: str) -> None:
    """Overwrites the line, cut to the width of the terminal."""
    from stepper.show.cells import cut

    width = shutil.get_terminal_size().columns - 1
    sys.stderr.write(f"\r\x1b[K{cut(said, width)}")
    sys.stderr.flush()
