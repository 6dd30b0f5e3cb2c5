"""The predictions of a trained lab, for its own samples or for a whole area."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.tree import names
from stepper.labs.lab import Lab
from stepper.ops.card import Value
from stepper.program.code import compile_program
from stepper.program.program import Role
from stepper.train.loop import State, at


def predicted(lab: Lab, state: State, points: Value) -> Value:
    """The predictions for some points, samples × outputs; the points are samples × features.

    Raises StepperError if the lab does not say which of its lines is the prediction.
    """
    name = lab.training.predict
    if name is None or lab.data is None:
        raise StepperError("the lab {name} makes no predictions", name=lab.name)
    forward = lab.program.phase("forward")
    last = next(k for k, line in enumerate(forward) if line.target == name)
    code = compile_program(replace(lab.program, lines=forward[: last + 1]))
    columns = lab.layout == "columns"
    given = at(lab, state).given()
    given |= {"X": points.T if columns else points, "N": np.float64(len(points))}
    value = code.run(given)[code.names[name][-1]]
    return value.T if columns else value


def loss_of(lab: Lab, predictions: Value) -> float | None:
    """The loss of the whole data set if these (in the lab's layout) were the predictions.

    None if the lab's loss does not depend on its predictions alone.
    """
    name, forward = lab.training.predict, lab.program.phase("forward")
    if name is None or lab.data is None:
        return None
    rest = forward[1 + next(k for k, line in enumerate(forward) if line.target == name) :]
    known = {*lab.program.given, name, *(line.target for line in rest)}
    if not all(names(line.tree) <= known for line in rest):
        return None
    given: dict[str, Role] = {**lab.program.given, name: "input"}
    code = compile_program(replace(lab.program, lines=rest, given=given))
    value = code.run({**lab.given(), name: predictions})[code.names[lab.forward.loss][-1]]
    return float(value)


def coin(lab: Lab) -> float | None:
    """The loss of a net that predicts ½ for every sample; None for one with several outputs."""
    if lab.data is None or np.size(lab.data.y) != lab.samples:
        return None
    return loss_of(lab, np.full(np.shape(lab.data.y), 0.5))


def own_points(lab: Lab) -> tuple[Value, Value]:
    """The lab's inputs (samples × features) and targets (samples × outputs)."""
    assert lab.data is not None
    X, y = lab.data.X, lab.data.y
    return (X.T, y.T) if lab.layout == "columns" else (X, y)


def classes(values: Value) -> Value:
    """The class of every sample: with one output whether it is above ½, else the largest's
    index."""
    return (values[:, 0] > 0.5).astype(int) if values.shape[1] == 1 else np.argmax(values, axis=1)


def labelled_points(lab: Lab) -> dict[tuple[float, float], int]:
    """The samples of a lab with two features as points of the plane, with their classes."""
    points, targets = own_points(lab)
    return {(float(x), float(y)): int(k)
            for (x, y), k in zip(points, classes(targets), strict=True)}  # fmt: skip
