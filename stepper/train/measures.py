"""Recomputes all that can be published about a lab's training: quantities, epochs, checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from stepper.calculus.adjoint import gradient
from stepper.calculus.numeric import central, distance
from stepper.expr.errors import StepperError, near
from stepper.expr.tree import Expr, Name
from stepper.labs.lab import Lab
from stepper.labs.reported import Reported
from stepper.language.parse import parse
from stepper.language.shape import shape_of
from stepper.ops.dims import SCALAR, dims, shown
from stepper.train.broke import Broke
from stepper.train.loop import State, accuracy, quantity
from stepper.train.running import Run

Heard = Callable[[int], object]
"""Is called after an epoch with the number of epochs run."""
_STOP = "stop"


def unheard(epochs: int) -> None:
    """Does nothing, for a caller who is not interested in progress."""


class Measuring:
    """Trains a lab as far as needed and measures there; ask in the order of epochs."""

    def __init__(self, lab: Lab, heard: Heard = unheard) -> None:
        self.lab = lab
        self.heard = heard
        self.run = Run(lab)
        self.broke: Broke | None = None

    def of(self, reported: Reported) -> float | None:
        """Our number for a published one; None if it cannot be reproduced."""
        measures: dict[str, Callable[[Reported], float | None]] = {
            "quantity": self.quantity,
            "gradient-check": lambda r: gradient_check(self.lab, r.epsilon),
            "stop": lambda r: float(self.stopped(r).epoch),
            "after-stop": self.after_stop,
            "breaks": self.breaks,
            "clock": self.clock,
            "lost": lambda _: None,
        }
        if reported.measure not in measures:
            raise StepperError(
                "there is no measure `{name}`.{near}",
                name=reported.measure, near=near(reported.measure, measures),
            )  # fmt: skip
        return measures[reported.measure](reported)

    def quantity(self, reported: Reported) -> float:
        """A formula, a metric of the lab, or its accuracy, after the given epochs; nan if training
        broke before."""
        self.to(reported.epoch)
        if self.broke:
            return float("nan")
        return self.value(reported, self.run.state())

    def value(self, reported: Reported, state: State) -> float:
        """A formula, a metric of the lab, or its number of correct predictions, at a state."""
        if reported.quantity in ("right", "accuracy"):
            counted = accuracy(self.lab, state)
            if counted is None:
                raise StepperError("the lab {name} makes no predictions", name=self.lab.name)
            right, samples = counted
            return right if reported.quantity == "right" else right / samples
        sample = reported.sample
        which = None if sample is None else [self.lab.check_sample(sample) or 0]
        return float(quantity(self.lab, state, self.formula(reported.quantity, which), which))

    def formula(self, source: str, which: Sequence[int] | None) -> Expr:
        """The formula of a metric of the lab, or of anything it computes; its value is a scalar."""
        lab = self.lab
        tree = lab.metrics.get(source) or parse(source, layout=lab.layout)
        values = lab.code.run(lab.given(which))
        shape = shape_of(
            tree, {n: dims(*np.shape(values[k[0]])) for n, k in lab.code.names.items()}
        )
        if shape != SCALAR:
            raise StepperError(
                "{key} is {shape} and must be a single number: take a mean or a max",
                key=source, shape=shown(shape),
            )  # fmt: skip
        return tree

    def to(self, epoch: int) -> None:
        try:
            self.run.advance(max(0, epoch - self.run.epoch), self._told)
        except Broke as broke:
            self.broke = broke

    def _told(self) -> bool:
        self.heard(self.run.epoch)
        return False

    def breaks(self, reported: Reported) -> float:
        """The epoch in which training produces an inf or a nan; nan if it has not by then."""
        self.to(reported.epoch)
        return float(self.broke.epoch) if self.broke else float("nan")

    def stopped(self, reported: Reported) -> Run:
        """Trains until the lab's stop condition holds, or up to the reported epoch."""
        if self.lab.training.stop is None:
            raise StepperError("the lab {name} has no stop", name=self.lab.name)
        run = Run(self.lab, {_STOP: self.lab.training.stop})
        run.advance(reported.epoch, lambda: bool(run.measured()[_STOP]))
        return run

    def after_stop(self, reported: Reported) -> float:
        """A quantity one update after the stop condition first holds."""
        run = self.stopped(reported)
        run.advance()
        return self.value(reported, run.state())

    def clock(self, reported: Reported) -> float:
        """A quantity after ten times the epochs at a tenth of the rate, over its value here."""
        training = self.lab.training
        settings = {**training.settings, "lr": training.settings["lr"] / 10}
        slower = replace(self.lab, training=training._replace(settings=settings))
        fast, slow = Measuring(self.lab), Measuring(slower, self.heard)
        return slow.quantity(replace(reported, epoch=10 * reported.epoch)) / fast.quantity(reported)


def gradient_check(lab: Lab, epsilon: float) -> float:
    """The distance between the backward program and central differences, over all parameters."""
    code = lab.code
    values = code.run(lab.given())
    loss = lab.forward.loss
    trained = [p for p in lab.parameters if p not in lab.training.fixed]
    claimed = {p: values[code.names[gradient(loss, p)][0]] for p in trained}
    slot = code.names[Name(loss).id][0]

    def loss_of(parameters: dict[str, float]) -> float:
        return float(code.run(lab.given(None, parameters))[slot])

    tried = {p: central(loss_of, lab.parameters, p, epsilon) for p in trained}  # type: ignore[arg-type]
    return distance(claimed, tried)
