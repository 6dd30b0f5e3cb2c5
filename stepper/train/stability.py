"""The largest stable learning rate of gradient descent: 2 over the sharpest curvature."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.expr.errors import StepperError
from stepper.expr.tree import Name
from stepper.labs.batch import check_batch
from stepper.labs.lab import Lab
from stepper.ops.card import Value
from stepper.train.loop import State, at
from stepper.train.plan import plan

ROUNDS = 60
NUDGE = 1e-5


def sharpness(lab: Lab, state: State) -> float:
    """The largest curvature of the loss at a state, the largest eigenvalue of its Hessian; nan if
    the gradient is not finite.

    Power iteration; the product of the Hessian and a direction is the change of the gradient along
    it (Pearlmutter, 1994, here by central differences). Untrained parameters stay fixed.
    """
    trained = [name for name in lab.parameters if name not in lab.training.fixed]
    lines = tuple(line for line in lab.program.lines if line.phase != "update")
    asked = {name: Name(gradient(lab.forward.loss, name)) for name in trained}
    ready = plan(replace(lab.program, lines=lines), at(lab, state).given(), asked)
    sizes = [np.size(state.parameters[name]) for name in trained]

    def slope(moved: Value) -> Value:
        for name, part in zip(trained, np.split(moved, np.cumsum(sizes)[:-1]), strict=True):
            here = state.parameters[name]
            ready.given[name][...] = here + np.reshape(part, np.shape(here))
        ready.run("look", "extra")
        return np.concatenate([np.ravel(ready.measured[name]) for name in trained])

    along = np.random.default_rng(0).normal(size=sum(sizes))
    curve = 0.0
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            along = along / np.linalg.norm(along)
            change = (slope(NUDGE * along) - slope(-NUDGE * along)) / (2 * NUDGE)
            curve = float(along @ change)
            if not np.any(change):
                return 0.0
            along = change
    return curve


def largest_rate(lab: Lab, state: State) -> float | None:
    """Gradient descent is stable at a state below this rate; None if nothing curves upwards, or if
    the author's backward program does not take all samples at once."""
    try:
        check_batch(lab, lab.samples)
    except StepperError:
        return None
    curve = sharpness(lab, state)
    return 2 / curve if curve > 0 else None
