"""Mistakes that no formula shows: they are observed on a run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepper.check.mistake import EXACT, Mistake, Place, Seen
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Expr, names
from stepper.language.text import text
from stepper.ops.card import Value
from stepper.program.trace import Trace


class UpdateSign(Mistake):
    """The update goes uphill: along the gradient instead of against it."""

    id, rank, phase = "update-sign", EXACT, "update"
    why = "the gradient points to where the loss grows: a step against it makes the loss smaller"

    def wrongs(self, place: Place) -> Iterator[Expr]:
        node = place.node
        if isinstance(node, Call) and node.op == "sub" and _reads_gradient(node.args[1], place):
            yield node.args[0] + node.args[1]

    def seen(self, trace: Trace) -> Iterator[Seen]:
        for line in trace.program.phase("update"):
            if line.of != line.target:
                continue
            g = f"d{trace.program.loss}_d{line.of}"
            if g not in trace.code.names:
                continue
            step = trace.last(line.target) - trace.value(line.target)
            if float(np.sum(step * trace.value(g))) > 0:
                yield Seen(
                    self.id, line.target,
                    say("the step of {name} goes along {g}: uphill", name=line.target, g=g),
                    say(self.why),
                )  # fmt: skip


def _reads_gradient(tree: Expr, place: Place) -> bool:
    return any(place.scope.kind(n) == "gradient" for n in names(tree))


class LogOfZero(Mistake):
    """A logarithm is taken of 0: ε is missing, in the wrong place, or was clipped away."""

    id, rank = "log-of-zero", EXACT
    why = "a prediction has reached exactly 0 or 1; with ε inside the logarithm it stays finite"

    def seen(self, trace: Trace) -> Iterator[Seen]:
        for step in trace.steps:
            node, value = step.node, trace.values[step.output]
            logs = isinstance(node, Call) and node.op in ("log", "bce", "softmax_ce")
            inputs = [trace.values[slot] for slot in step.inputs]
            if logs and not np.isfinite(value).all() and all(np.isfinite(x).all() for x in inputs):
                yield Seen(
                    self.id, trace.place(step.output).name,
                    say("`{part}` takes the logarithm of 0", part=text(node)),
                    say(self.why),
                )  # fmt: skip


class SymmetricStart(Mistake):
    """All units of a layer start alike, so they never become different."""

    id, rank = "symmetric-start", EXACT
    why = "equal units get equal gradients, and stay equal for ever: start with random weights"

    def seen(self, trace: Trace) -> Iterator[Seen]:
        for name, role in trace.program.given.items():
            if role == "parameter" and self._are_twins(trace.value(name), trace, name):
                yield Seen(
                    self.id, name,
                    say("all units that {name} feeds are the same", name=name),
                    say(self.why),
                )  # fmt: skip

    def _are_twins(self, value: Value, trace: Trace, name: str) -> bool:
        """Whether a weight's units (a row each, or a column) and their gradients are equal."""
        g = f"d{trace.program.loss}_d{name}"
        units = 0 if trace.program.layout == "columns" else 1
        if np.ndim(value) != 2 or min(np.shape(value)) < 2 or g not in trace.code.names:
            return False
        return _all_alike(value, units) and _all_alike(trace.value(g), units)


def _all_alike(value: Value, axis: int) -> bool:
    return bool(np.all(value == np.take(value, [0], axis)))


class InPlaceMutation(Mistake):
    """An array that the backward pass still needs is overwritten."""

    id, rank = "in-place-mutation", EXACT
    why = "the backward pass needs the value that the forward pass used: write to a new name"

    def seen(self, trace: Trace) -> Iterator[Seen]:
        read: set[int] = set()
        for step in trace.steps:
            if step.phase == "forward":
                read |= set(step.inputs)
        for name, slots in trace.code.names.items():
            late = [s for s in slots[1:] if self._is_read_backward(s, trace)]
            if late and slots[0] in read:
                yield Seen(
                    self.id, name,
                    say("{name} was overwritten before the backward pass read it", name=name),
                    say(self.why),
                )  # fmt: skip

    def _is_read_backward(self, slot: int, trace: Trace) -> bool:
        return any(slot in step.inputs for step in trace.steps if step.phase == "backward")
