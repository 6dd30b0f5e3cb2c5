"""A part of a walk: between two steps, variables or phases."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.expr.errors import StepperError, near
from stepper.language.parse import name_read
from stepper.language.tokens import whole_number
from stepper.program.code import Step
from stepper.program.program import PHASES
from stepper.program.trace import Trace


def excerpt(trace: Trace, start: str | None = None, stop: str | None = None) -> list[Step]:
    """The steps from `start` to `stop`, both included.

    Raises StepperError for a step, variable or phase that does not exist, or if the start comes
    after the stop.
    """
    first = place(trace, start)[0] if start is not None else trace.steps[0]
    last = place(trace, stop)[-1] if stop is not None else trace.steps[-1]
    if first.index > last.index:
        raise StepperError(
            "nothing lies between {start} (step {first}) and {stop} (step {last}): the start comes "
            "after the stop",
            start=start or "the beginning", first=first.index, stop=stop or "the end",
            last=last.index,
        )  # fmt: skip
    return trace.steps[first.index : last.index + 1]


def place(trace: Trace, word: str) -> list[Step]:
    """The steps that a number, a phase or a variable refers to."""
    if word.isascii() and word.isdigit():
        return [_numbered(trace, whole_number(word))]
    if word in PHASES:
        return _of_phase(trace, word)
    name = name_read(word) or word
    lines = {n for n, line in trace.program.numbered() if line.target == name}
    if not lines:
        raise _nowhere(trace, name)
    return [step for step in trace.steps if step.line in lines]


def _numbered(trace: Trace, index: int) -> Step:
    if index >= len(trace.steps):
        raise StepperError(
            "there is no step {n}: they are 0 to {last}", n=index, last=len(trace.steps) - 1
        )
    return trace.steps[index]


def _of_phase(trace: Trace, phase: str) -> list[Step]:
    found = [step for step in trace.steps if step.phase == phase]
    if not found:
        raise StepperError("this lab has no {phase} phase", phase=phase)
    return found


def _nowhere(trace: Trace, name: str) -> StepperError:
    if name in trace.program.given:
        return StepperError("{name} is given: no step computes it", name=name)
    targets = dict.fromkeys(line.target for line in trace.program.lines)
    return StepperError(
        "there is no step, variable or phase `{word}`.{near}",
        word=name, near=near(name, [*targets, *PHASES]),
    )  # fmt: skip


def last_of_lines(trace: Trace, steps: list[Step]) -> Iterator[Step]:
    """For each line of these steps, the step that gives the line its value."""
    for line in dict.fromkeys(step.line for step in steps):
        yield trace.line_steps(line)[-1]
