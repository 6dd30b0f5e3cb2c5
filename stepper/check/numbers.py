"""Judging numbers: a learner's values of one name, on the data that the lab shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stepper.check.guess import ENOUGH, HALF
from stepper.check.judged import JudgedLine
from stepper.check.number_files import grid
from stepper.check.relation import relation, where
from stepper.check.typed import Grid
from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.language.parse import parse
from stepper.ops.card import Value
from stepper.program.trace import Trace

SAME = 1e-9
"""What float64 may make of one number, of the largest entry."""
MOST_SAMPLES = 200
"""How many other samples are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A learner's matrix: its values, and how far the true ones may be from them."""

    values: Value
    half: Value
    """Half a unit of the last digit that was typed."""

    def misses(self, right: Value) -> Value:
        """Which entries are not those of `right`, to the digits that were typed."""
        rounding = SAME * np.max(np.abs(right))
        return np.asarray(np.abs(self.values - right) > np.maximum(self.half, rounding))

    def are(self, right: Value) -> bool:
        return np.shape(right) == np.shape(self.values) and not np.any(self.misses(right))

    def factor(self, right: Value) -> float | None:
        """The one factor that makes `right` these numbers, to their digits; None without one."""
        if np.shape(right) != np.shape(self.values) or not np.any(right):
            return None
        there = right != 0
        room = np.maximum(self.half, SAME * np.max(np.abs(self.values)))
        near, far = ((self.values + way * room)[there] / right[there] for way in (-1, 1))
        low, high = np.max(np.minimum(near, far)), np.min(np.maximum(near, far))
        return float(low + high) / 2 if low <= high else None

    def tell(self, right: Value) -> bool:
        """Whether there are digits enough: two of the largest entry, or the numbers themselves."""
        if self.values.shape == np.shape(right):
            off = np.max(np.abs(self.values - right))
            if off <= SAME * np.max(np.abs(right)):
                return True
        unit = 2 * np.ravel(self.half)[np.argmax(np.abs(self.values))]
        return bool(unit * 10 ** (ENOUGH - 1) <= np.max(np.abs(right)) * (1 + SAME))


def numbers(typed: Grid, shape: tuple[int, ...]) -> Numbers:
    """The numbers of a grid; one by one where the value is a single number."""
    values = np.array([[float(n.exact) for n in row] for row in typed.rows])
    half = np.array([[float(HALF * n.unit) for n in row] for row in typed.rows])
    if not shape and values.size == 1:
        values, half = values.reshape(()), half.reshape(())
    return Numbers(values, half)


@dataclass(frozen=True, slots=True, eq=False)
class NumbersJudged:
    """What there is to say about a learner's numbers."""

    line: JudgedLine
    theirs: Numbers
    right: Value
    wrong: Value | None
    """Which entries are wrong; None where the shape is."""


def name_of(lab: Lab, typed: str) -> str:
    """The computed name that was meant: `dJ_dW2`, `∂J/∂W2`. Raises StepperError for any other."""
    tree = parse(typed, layout=lab.layout)
    lines = [line for line in lab.program.lines if line.phase != "update"]
    known = [line.target for line in lines]
    if isinstance(tree, Name) and tree.id in known:
        return tree.id
    if isinstance(tree, Name) and tree.id in lab.program.given:
        raise StepperError("{name} is given: there is nothing to check", name=tree.id)
    raise StepperError(
        "{lab} computes no `{name}`.{near}", lab=lab.name, name=typed, near=near(typed, known)
    )


def judge_numbers(lab: Lab, of: str, source: str, sample: int | None) -> NumbersJudged:
    """A learner's numbers, typed or in a file, beside the computed ones for one sample (None: all).

    Raises StepperError where they cannot be read, or the lab itself gives a nan or an inf.
    """
    trace = lab.trace(sample)
    right = trace.value(of)
    theirs = numbers(grid(source, of), np.shape(right))
    fits_in = np.shape(theirs.values) == np.shape(right)
    wrong = theirs.misses(right) if fits_in else None
    if wrong is None or np.any(wrong):
        message = _explained(lab, theirs, right, _count(trace))
        message = message or (_misshapen(theirs, right, of) if wrong is None else where(wrong))
        message = _elsewhere(lab, of, theirs, sample, message)
        line = JudgedLine(source, "wrong", message, of)
    elif theirs.tell(right):
        message = say("right, to every digit that is given")
        line = JudgedLine(source, "right", message, of, recognised=of)
    else:
        line = JudgedLine(source, "unknown", _too_few(), of)
    return NumbersJudged(line, theirs, right, wrong)


def _too_few() -> Sentence:
    return say(
        "too few digits to tell: they fit, but so would others; the largest number needs {n}",
        n=str(ENOUGH),
    )


def _count(trace: Trace) -> int | None:
    return int(trace.value("N")) if "N" in trace.code.names else None


def _explained(lab: Lab, theirs: Numbers, right: Value, samples: int | None) -> Sentence | None:
    if not theirs.tell(right):
        return None
    return relation(right, theirs.are, samples, theirs.factor(right))


def _misshapen(theirs: Numbers, right: Value, of: str) -> Sentence:
    return say(
        "this is {theirs}, and {of} is {ours}",
        theirs=_by(theirs.values), of=of, ours=_by(right),
    )  # fmt: skip


def _by(value: Value) -> str | Sentence:
    return "×".join(map(str, np.shape(value))) or say("a single number")


def _elsewhere(lab: Lab, of: str, theirs: Numbers, sample: int | None, said: Sentence) -> Sentence:
    """What is wrong, and for which other sample, or for all of them, the numbers would be right."""
    if lab.data is None:
        return said
    others = [k for k in (None, *range(min(lab.samples, MOST_SAMPLES))) if k != sample]
    for other in others:
        values = lab.code.run(lab.given(None if other is None else [other]))
        there = values[lab.code.names[of][0]]
        if theirs.are(there) and theirs.tell(there):
            return _right_for(other, lab, said)
    return said


def _right_for(other: int | None, lab: Lab, said: Sentence) -> Sentence:
    if other is None:
        return say(
            "{said}; but they are right for all {n} samples at once: `--batch`",
            said=said, n=str(lab.samples),
        )  # fmt: skip
    return say("{said}; but they are right for sample {k}: `--sample {k}`", said=said, k=str(other))
