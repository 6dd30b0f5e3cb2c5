"""A whole walk on paper: a heading, what is given, then every stop of a level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.ops.card import Index
from stepper.program.code import Step
from stepper.program.trace import Trace
from stepper.show.excerpt import last_of_lines
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.translation import text_of
from stepper.show.walk import every_entry, line_rows, phase_rows, step_rows
from stepper.show.words import all_samples, words

if TYPE_CHECKING:
    from stepper.program.cursor import Level


def transcript(
    trace: Trace, steps: list[Step], level: Level, look: Look, only: Index | None
) -> Iterator[Row]:
    """The stops of a level among these steps, separated by blank rows."""
    if level == "phase":
        for phase in dict.fromkeys(step.phase for step in steps):
            yield from (*phase_rows(trace, phase, look), row(""))
        return
    if level == "line":
        for step in last_of_lines(trace, steps):
            yield from (*line_rows(trace, step, look), row(""))
        return
    for step in steps:
        if level == "entry":
            yield from every_entry(trace, step, look, _there(trace, step, only))
        else:
            yield from step_rows(trace, step, look)
        yield row("")


def _there(trace: Trace, step: Step, only: Index | None) -> Index | None:
    """The one wanted entry, or the first entry of a result that does not have it."""
    if only is None:
        return None
    shape = np.atleast_2d(trace.values[step.output]).shape
    return only if only[0] < shape[0] and only[1] < shape[1] else (0, 0)


def check_entry(trace: Trace, steps: list[Step], index: Index) -> None:
    """Raises StepperError for an entry that none of these results has."""
    shapes = [np.atleast_2d(trace.values[step.output]).shape for step in steps]
    if not any(index[0] < rows and index[1] < columns for rows, columns in shapes):
        raise StepperError(
            "no result here has an entry [{row}, {column}]: they count from 0",
            row=index[0], column=index[1],
        )  # fmt: skip


def heading(lab: Lab, trace: Trace, sample: int | None, look: Look) -> Iterator[Row]:
    """Which lab this is, which sample, and the layout of its matrices."""
    yield from paragraph(look.spelled(text_of(lab.title)), look, indent=0, ink="title")
    facts = (words(said, ascii=look.ascii) for said in facts_of(lab, trace, sample))
    dot = f" {look.sign('·', '-')} "
    yield from paragraph(dot.join([lab.name, *facts]), look, indent=0)
    yield from _mistake(trace, look)
    yield row("")


def facts_of(lab: Lab, trace: Trace, sample: int | None) -> Iterator[Sentence]:
    """The sample or the batch, the epoch of a trained lab, and the layout of the data."""
    if lab.data is not None:
        yield _which(lab, trace, sample)
    if lab.epoch:
        yield say("epoch {n}", n=str(lab.epoch))
    if lab.data is not None:
        rows = lab.layout == "rows"
        yield say("data are samples × features" if rows else "data are features × samples")


def _which(lab: Lab, trace: Trace, sample: int | None) -> Sentence:
    """The sample with its input and target, or the whole batch."""
    if sample is None:
        return all_samples(lab.samples)
    inputs, targets = (_few(trace.value(name)) for name in ("X", "y"))
    return say(
        "sample {n} of 0-{last}: {X} → {y}",
        n=str(sample), last=str(lab.samples - 1), X=inputs, y=targets,
    )  # fmt: skip


def _mistake(trace: Trace, look: Look) -> Iterator[Row]:
    """The mistake that was switched on, its line, and the marks of the affected lines."""
    altered = trace.program.altered
    if altered is not None:
        said = say(
            "a mistake made on purpose: {id}, in line {n} ({mark}); what follows from it has a ~",
            id=altered.mistake, n=str(altered.number), mark=look.sign("✗", "x"),
        )  # fmt: skip
        yield from paragraph(words(said, ascii=look.ascii), look, indent=0, ink="warn")


def about(lab: Lab, look: Look) -> Iterator[Row]:
    """The author's description of the lab."""
    if lab.about:
        yield from paragraph(look.spelled(text_of(lab.about)), look, indent=0)
        yield row("")


def _few(value: object) -> str:
    """`(0.1, 0.9)`, at most the first six numbers."""
    entries = np.ravel(np.asarray(value))
    shown = [scalar(float(v)) for v in entries[:6]] + (["..."] if entries.size > 6 else [])
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"
