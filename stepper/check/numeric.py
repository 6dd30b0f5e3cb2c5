"""Checks every gradient of a lab against two measurements of the same slope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from stepper.calculus.slopes import STEP, Slopes, slopes
from stepper.check.relation import common_ratio, relation, where
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence
from stepper.labs.lab import Lab, check_finite
from stepper.ops.card import Index, Value
from stepper.program.program import Line
from stepper.program.trace import Trace, run

EXACT = 1e-9
"""The tolerance against the complex step, relative to a gradient's largest entry."""
CLOSE = 1e-6
"""The tolerance against a central difference, in addition to that one's own doubt."""
FLOOR = 1e-13
"""What counts as 0, relative to the largest gradient in the program."""
MOST_SAMPLES = 30


Verdict = Literal["wrong", "unknown", "right"]
BEGINNING = ("wrong", "unknown", "right")
"""The order in which gradients are listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One entry of a gradient beside its two measurements."""

    index: Index
    backward: float
    central: float
    complex: float
    difference: float
    """The difference from the complex step, relative to the gradient's largest entry."""
    kink: bool
    """Whether a kink is within a step's reach: there is no single slope, and it is not judged."""
    wrong: bool
    measured: bool
    """Whether both measurements are finite; if not, the entry is judged only by one that is finite
    and differs."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """One gradient of the backward program: its claimed and its measured values."""

    name: str
    of: str
    line: int
    shape: tuple[int, ...]
    entries: tuple[Entry, ...]
    """The entries, the worst first."""
    kinks: tuple[str, ...]
    """The forward lines that have a kink within reach."""
    diagnosis: Sentence | None
    """What is wrong with it, if anything."""

    @property
    def worst(self) -> Entry:
        return self.entries[0]

    @property
    def right(self) -> bool:
        return self.verdict == "right"

    @property
    def verdict(self) -> Verdict:
        """Unknown if nothing is wrong but not every entry could be measured."""
        if self.diagnosis is not None:
            return "wrong"
        return "right" if all(entry.measured for entry in self.entries) else "unknown"


def which_samples(lab: Lab, sample: int | None) -> Sequence[int] | None:
    """The samples to measure on: the one asked for, else all, or 30 spread over many.

    More than one, because a missing or doubled mean does not show on a single sample. Raises
    StepperError for a sample that does not exist.
    """
    if sample is not None:
        return [lab.check_sample(sample)]  # type: ignore[list-item]
    if lab.samples <= MOST_SAMPLES:
        return None
    return [int(k) for k in np.linspace(0, lab.samples - 1, MOST_SAMPLES)]


def second_opinions(lab: Lab, which: Sequence[int] | None) -> tuple[Opinion, ...]:
    """Checks every gradient the backward program computes, the worst first.

    Raises StepperError if a value is nan or inf, or nothing is claimed to be a gradient.
    """
    trace = run(lab.code, lab.given(which))
    check_finite(trace)
    lines = [(n, line) for n, line in lab.program.numbered() if _is_gradient(line)]
    if not lines:
        raise StepperError("no backward line of {lab} is named like a gradient", lab=lab.name)
    values = {name: trace.values[slots[0]] for name, slots in lab.code.names.items()}
    scale = max(float(np.max(np.abs(values[line.target]))) for _, line in lines)
    found = [_opinion(trace, n, line, values[line.target], scale) for n, line in lines]
    return tuple(sorted(found, key=lambda o: (BEGINNING.index(o.verdict), *_badness(o.worst))))


def verdict_of(opinions: Sequence[Opinion]) -> Verdict:
    """The verdict on all together: right if every one is."""
    return min((o.verdict for o in opinions), key=BEGINNING.index)


def _is_gradient(line: Line) -> bool:
    return line.phase == "backward" and line.of is not None


def _opinion(trace: Trace, number: int, line: Line, claimed: Value, scale: float) -> Opinion:
    values = {name: trace.values[slots[0]] for name, slots in trace.code.names.items()}
    assert line.of is not None
    measured = slopes(trace.program, values, line.of)
    loss = abs(float(values[trace.program.loss]))
    wrong = _wrong(claimed, measured, loss, scale)
    diagnosis = _diagnosis(claimed, measured, wrong, values, scale) if np.any(wrong) else None
    entries = sorted(_entries(claimed, measured, wrong), key=_badness)
    return Opinion(
        line.target, line.of, number, np.shape(claimed), tuple(entries), tuple(measured.kinks),
        diagnosis,
    )  # fmt: skip


def _wrong(claimed: Value, measured: Slopes, loss: float, scale: float) -> Value:
    """Which entries differ from either measurement; one that is not finite counts for nothing."""
    exact = EXACT * _largest(measured.complex) + FLOOR * scale
    rounding = 64 * np.finfo(np.float64).eps * loss / STEP
    close = CLOSE * _largest(measured.central) + rounding + measured.doubt
    off = np.abs(claimed - measured.complex) > exact
    return (off | (np.abs(claimed - measured.central) > close)) & ~measured.at_kink


def _largest(value: Value) -> float:
    return float(np.max(np.abs(value), initial=0, where=np.isfinite(value)))


def _entries(claimed: Value, measured: Slopes, wrong: Value) -> Iterator[Entry]:
    largest = _largest(measured.complex) or 1.0
    columns = (
        claimed, measured.central, measured.complex, measured.at_kink, wrong, measured.finite
    )  # fmt: skip
    tables = [np.atleast_2d(c) for c in columns]
    for i, j in np.ndindex(tables[0].shape):
        ours, central, exact, kink, bad, known = (table[i, j] for table in tables)
        off = abs(float(ours) - float(exact)) / largest
        yield Entry(
            (i, j), float(ours), float(central), float(exact), off, bool(kink & known),
            bool(bad), bool(known),
        )  # fmt: skip


def _badness(entry: Entry) -> tuple[bool, bool, bool, float, Index]:
    off = entry.difference if np.isfinite(entry.difference) else 0.0
    return not entry.wrong, entry.measured, entry.kink, -off, entry.index


def _diagnosis(
    claimed: Value, measured: Slopes, wrong: Value, values: dict[str, Value], scale: float
) -> Sentence:
    """What turns the measured slope into the claim, or else which entries are wrong."""
    judged = ~measured.at_kink & measured.finite
    exact = np.where(measured.finite, measured.complex, 0)
    largest = _largest(exact)
    bound = EXACT * largest + FLOOR * scale

    def fits(value: Value) -> bool:
        if np.shape(value) != np.shape(claimed):
            return False
        size = max(1.0, _largest(claimed) / (largest or 1.0))
        return not np.any((np.abs(claimed - value) > bound * size) & judged)

    samples = int(values["N"]) if "N" in values else None
    factor = partial(common_ratio, np.where(judged, claimed, 0))
    return relation(exact, fits, factor, samples) or where(wrong)
