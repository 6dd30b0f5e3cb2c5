"""One training update, as one run of the lab's own program, and the states between updates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stepper.expr.tree import Expr
from stepper.labs.batch import check_batch
from stepper.labs.lab import Lab
from stepper.language.evaluate import evaluate
from stepper.ops.card import Value


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A lab after some epochs: its parameters and its optimizer's state."""

    epoch: int
    updates: int
    parameters: Mapping[str, Value]
    memory: Mapping[str, Value]


def start(lab: Lab) -> State:
    """The lab's own state: before any update, or as far as it has been trained."""
    return State(lab.epoch, lab.updates, lab.parameters, lab.state)


def at(lab: Lab, state: State) -> Lab:
    """The lab with a state's weights and optimizer state, to walk through or to train further."""
    return replace(
        lab,
        parameters=state.parameters,
        state=state.memory,
        epoch=state.epoch,
        updates=state.updates,
    )


def batches(lab: Lab, rng: np.random.Generator) -> Iterator[Sequence[int] | None]:
    """The samples of each update of an epoch; None stands for all samples at once."""
    size = lab.training.batch
    if size is None or lab.data is None:
        yield None
        return
    order = epoch_order(lab, rng)
    for first in range(0, lab.samples, size):
        yield [int(k) for k in order[first : first + size]]


def epoch_order(lab: Lab, rng: np.random.Generator) -> NDArray[np.intp]:
    """The order in which the next epoch takes the samples."""
    order = np.arange(lab.samples)
    return rng.permutation(order) if lab.training.order == "shuffle" else order


def updated(lab: Lab, state: State, which: Sequence[int] | None) -> State:
    """The state after one update on some samples."""
    check_batch(lab, lab.samples if which is None else len(which))
    code, count = lab.code, state.updates + 1
    given = lab.given(which, state.parameters, state.memory, count, state.epoch + 1)
    values = code.run(given)
    return State(
        state.epoch,
        count,
        {name: values[code.names[name][-1]] for name in state.parameters},
        {name: values[code.names[name][-1]] for name in state.memory},
    )


def quantity(lab: Lab, state: State, tree: Expr, which: Sequence[int] | None = None) -> Value:
    """The value of a formula on forward and backward names, with the weights of `state`."""
    code = lab.code
    given = lab.given(which, state.parameters, state.memory, state.updates + 1, state.epoch + 1)
    values = code.run(given)
    return evaluate(tree, {name: values[slots[0]] for name, slots in code.names.items()})


def accuracy(lab: Lab, state: State) -> tuple[int, int] | None:
    """How many samples are predicted correctly, and of how many; None without data or a prediction.

    With one output, (prediction > 0.5) == target is correct; with several, the largest must be the
    target's.
    """
    if lab.data is None or lab.training.predict is None:
        return None
    values = lab.code.run(lab.given(None, state.parameters, state.memory))
    prediction = values[lab.code.names[lab.training.predict][0]]
    target = lab.data.y
    if lab.layout == "columns":
        prediction, target = prediction.T, target.T
    if target.shape[1] == 1:
        right = (prediction > 0.5) == (target > 0.5)
    else:
        right = np.argmax(prediction, axis=1) == np.argmax(target, axis=1)
    return int(np.sum(right)), lab.samples
