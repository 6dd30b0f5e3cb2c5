"""Signs that a training does not go on as it should, each seen in one run of all samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Call, Name, Number
from stepper.labs.lab import Lab
from stepper.language.evaluate import evaluate
from stepper.ops import CARDS, Op
from stepper.ops.card import Value
from stepper.program.trace import Trace
from stepper.train.predict import coin, loss_of
from stepper.train.sizes import activations

SIGNS: dict[str, Sign] = {}


class Sign(ABC):
    """Base of the signs. The docstring says the sign in one sentence."""

    id: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        SIGNS[cls.id] = cls()

    @abstractmethod
    def seen(self, lab: Lab, trace: Trace) -> Iterator[Sentence]:
        """What there is to say of a lab whose whole data set was run with its weights."""


class Plateau(Sign):
    """The loss is where a coin would leave it."""

    id = "plateau"
    NEAR = 0.02

    def seen(self, lab: Lab, trace: Trace) -> Iterator[Sentence]:
        tossed, J = coin(lab), float(trace.value(lab.forward.loss))
        if lab.epoch and tossed is not None and abs(J - tossed) < self.NEAR * abs(tossed):
            yield say(
                "{J} is about what a coin makes of it, {coin}: it may stay there for long and "
                "fall all the same",
                J=lab.forward.loss, coin=f"{tossed:.4g}",
            )  # fmt: skip


class Saturation(Sign):
    """Most units of a hidden layer are so far out that their slope is nearly 0."""

    id = "saturation"
    FLAT = 0.01

    def seen(self, lab: Lab, trace: Trace) -> Iterator[Sentence]:
        for line in activations(lab):
            node = line.tree
            assert isinstance(node, Call) and isinstance(node.args[0], Name)
            if not CARDS[node.op].saturates:
                continue
            a, z = trace.value(line.target), trace.value(node.args[0].id)
            flat = int(np.sum(np.abs(_slope(CARDS[node.op], a, z)) < self.FLAT))
            if 2 * flat > np.size(a):
                yield say(
                    "{n} of {all} entries of {a} are saturated: their slope is below {flat}, and "
                    "little of an error comes back through them. {z} spreads by {spread}; weights "
                    "of normal(0, 1) make that about the root of the number of inputs",
                    n=str(flat), all=str(np.size(a)), a=Name(line.target), flat=str(self.FLAT),
                    z=node.args[0], spread=f"{np.std(z):.3g}",
                )  # fmt: skip


def _slope(activation: Op, a: Value, z: Value) -> Value:
    """The slope by the card's own rule, from its output and its operand."""
    (slope,) = activation.vjp(Number(1), Name("a"), Name("z"))
    assert slope is not None, "what saturates has a slope"
    return evaluate(slope, {"a": a, "z": z})


class ConfidentMistake(Sign):
    """A sample is predicted wrong with so much confidence that ε stops what it could teach."""

    id = "confident-mistake"

    def seen(self, lab: Lab, trace: Trace) -> Iterator[Sentence]:
        for step in trace.steps:
            if isinstance(step.node, Call) and step.node.op == "bce" and step.phase == "forward":
                p, y, eps = (trace.values[slot] for slot in step.inputs)
                yield from self._of(lab, np.where(y > 0.5, p, 1 - p), float(eps))

    def _of(self, lab: Lab, given: Value, eps: float) -> Iterator[Sentence]:
        """`given` is the probability given to the true class of each sample."""
        wrong = given <= 10 * eps
        if eps > 0 and np.any(wrong):
            least = float(np.min(given))
            yield say(
                "sample {k} is a confident mistake: its truth is given p = {p}, and ε = {eps} "
                "multiplies its gradient by p/(p + ε) = {factor}. Such samples: {n}; they hardly "
                "teach any more",
                k=str(int(np.argmin(given))), p=f"{least:.3g}", eps=f"{eps:g}",
                factor=f"{least / (least + eps):.3g}", n=str(int(np.sum(wrong))),
            )  # fmt: skip


class Floor(Sign):
    """Without a bias a sample of nothing but zeros is answered with ½ for ever."""

    id = "floor"

    def seen(self, lab: Lab, trace: Trace) -> Iterator[Sentence]:
        if lab.data is None or np.size(lab.data.y) != lab.samples or not lab.training.predict:
            return
        zeros = ~np.any(lab.data.X, axis=1 - lab.data.sample_axis)
        halves = np.ravel(trace.value(lab.training.predict) == 0.5) & zeros
        if not np.any(halves) or not _keeps_zero(lab, trace, zeros):
            return
        best = np.clip(lab.data.y, 1e-15, 1 - 1e-15)
        at_best = loss_of(lab, np.where(np.reshape(halves, np.shape(best)), 0.5, lab.data.y))
        if at_best is None or not np.isfinite(at_best):
            at_best = loss_of(lab, np.where(np.reshape(halves, np.shape(best)), 0.5, best))
        if at_best is not None:
            yield say(
                "no bias: sample {k} is all zeros, so its prediction is ½ whatever the weights "
                "are, and {J} cannot fall below {floor}",
                k=str(int(np.argmax(halves))), J=lab.forward.loss, floor=f"{at_best:.7g}",
            )  # fmt: skip


def _keeps_zero(lab: Lab, trace: Trace, zeros: Value) -> bool:
    """Whether every hidden layer maps these samples to exactly 0, which no weight can change."""
    assert lab.data is not None
    axis = lab.data.sample_axis
    return all(
        not np.any(np.compress(zeros, trace.value(line.target), axis)) for line in activations(lab)
    )
