"""A lab with permanent edits, which hold for all samples and for training, not for one walk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from stepper.expr.errors import StepperError
from stepper.labs.lab import Lab, Training
from stepper.labs.schedules import Schedule
from stepper.labs.whatif import Edit, Edits, check_shares, with_edits
from stepper.ops.card import Value
from stepper.program.trace import run

DATA = ("X", "y")


def holding(lab: Lab, edits: Edits) -> Lab:
    """The lab with other numbers in its data set, weights, optimizer state and constants.

    An index into inputs or targets refers to the whole data set. An edited learning rate holds from
    the next epoch on, and the schedule continues from it. Raises StepperError as `edited` does.
    """
    named = {edit.name for edit in edits}
    new = {k: v for k, v in with_edits(lab.program, lab.given(), edits).items() if k in named}
    held = replace(
        lab,
        data=lab.data and lab.data._replace(**_of(new, DATA)),
        parameters={**lab.parameters, **_of(new, lab.parameters)},
        state={**lab.state, **_of(new, lab.state)},
        constants={**lab.constants, **_of(new, lab.constants)},
        training=_trained_by(lab, new),
        updates=_done(new["t"]) if "t" in new else lab.updates,
    )
    if lab.data is not None and "y" in new:
        for sample in np.unique(np.nonzero(new["y"] != lab.data.y)[lab.data.sample_axis]):
            check_shares(run(held.code, held.given([int(sample)])))
    return held


def of_all(lab: Lab, sample: int | None, edits: Edits) -> Edits:
    """Edits made while walking one sample (None: all), as edits of the whole data set."""
    if sample is None or lab.data is None:
        return edits
    return tuple(_at(lab, one, sample) for edit in edits for one in _entries(edit))


def in_sample(lab: Lab, sample: int | None, edits: Edits) -> Edits:
    """The edits of the whole data set that affect a walk of one sample (None: all)."""
    if sample is None or lab.data is None:
        return edits
    axis = lab.data.sample_axis
    met = (e for e in edits if e.name not in DATA or (e.index and e.index[axis] == sample))
    return tuple(_at(lab, edit, 0) for edit in met)


def _entries(edit: Edit) -> Iterator[Edit]:
    """An edit of inputs or targets as a whole, split into its entries; any other edit unchanged."""
    if edit.name not in DATA or edit.index is not None:
        yield edit
        return
    for (row, column), value in np.ndenumerate(np.asarray(edit.value)):
        yield Edit(edit.name, (row, column), value)


def _at(lab: Lab, edit: Edit, sample: int) -> Edit:
    """An edit of the data moved to a sample's position; any other edit unchanged."""
    if edit.name not in DATA or edit.index is None or lab.data is None:
        return edit
    row, column = edit.index
    return replace(edit, index=(row, sample) if lab.data.sample_axis else (sample, column))


def _of(values: Mapping[str, Value], names: Collection[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _trained_by(lab: Lab, new: Mapping[str, Value]) -> Training:
    """The training with edited optimizer settings, and an edited learning rate from here on."""
    training = lab.training
    settings = {k: float(v) for k, v in _of(new, training.settings).items() if k != "lr"}
    training = training._replace(settings={**training.settings, **settings})
    if "lr" not in new:
        return training
    rate = _from_here(training.schedule.rate, float(new["lr"]), training.rate(lab.epoch + 1))
    card = training.schedule
    held = Schedule(card.name, card.sentence, card.settings, rate)
    return training._replace(schedule=held)


def _from_here(rate: Callable[..., float], edited: float, before: float) -> Callable[..., float]:
    """A schedule scaled so that its rate for this epoch is the edited one.

    A rate that was 0 gives no scale: then the edited one stays.
    """

    def from_here(lr: float, epoch: int, **settings: float) -> float:
        return edited * (rate(lr, epoch, **settings) / before) if before else edited

    return from_here


def _done(update: Value) -> int:
    """How many updates precede one that is counted from 1."""
    if not (update >= 1 and float(update).is_integer()):
        raise StepperError(
            "t counts the updates, 1, 2, 3 …: training cannot go on from {t}", t=f"{update:g}"
        )
    return int(update) - 1
