"""A program that has been run: every value it computed, and the step that computed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, settings_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.program.code import Code, Place, Slot, Step
from stepper.program.program import Program


@dataclass(frozen=True, eq=False)
class Trace:
    """One run of a program. Arrays are read-only; nothing is ever assigned twice."""

    code: Code
    values: tuple[Value, ...]

    @property
    def program(self) -> Program:
        return self.code.program

    @cached_property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of every name; `()` for a scalar."""
        return {n: np.shape(self.values[slots[0]]) for n, slots in self.code.names.items()}

    @property
    def steps(self) -> list[Step]:
        return self.code.steps

    def place(self, slot: Slot) -> Place:
        return self.code.places[slot]

    def slot(self, name: str, version: int = 0) -> Slot:
        """The slot of a name's value. Raises KeyError for a name that has none."""
        return self.code.names[name][version]

    def value(self, name: str, version: int = 0) -> Value:
        return self.values[self.slot(name, version)]

    def last(self, name: str) -> Value:
        """A name's final value: for a parameter, the updated one."""
        return self.values[self.code.names[name][-1]]

    def line_steps(self, line: int) -> tuple[Step, ...]:
        """The steps of a line (its number, from 1)."""
        return tuple(s for s in self.steps if s.line == line)

    def reason(self, step: Step) -> Sentence:
        """The reason for a step; for a single number it does not speak of entries."""
        return step.of_one if np.size(self.values[step.output]) == 1 else step.reason

    def first_not_finite(self) -> Step | None:
        """The first step whose result holds a nan or an inf."""
        return next((s for s in self.steps if not np.isfinite(self.values[s.output]).all()), None)

    def verify(self) -> None:
        """Recomputes every step from its inputs. Raises StepperError if one does not hold."""
        for step in self.steps:
            _verify(self, step)
        for n, line in self.program.numbered():
            steps = self.line_steps(n)
            if not steps or not steps[-1].last or self.place(steps[-1].output).name != line.target:
                raise StepperError("line {n} does not end on its own value", n=n)


def _verify(trace: Trace, step: Step) -> None:
    inputs = [trace.values[i] for i in step.inputs]
    if any(trace.place(i).born > step.index for i in step.inputs):
        raise StepperError("step {n} reads a value that is not there yet", n=step.index)
    again = inputs[0]
    if isinstance(step.node, Call):
        with np.errstate(all="ignore"):
            again = CARDS[step.node.op].eval(*inputs, **settings_of(step.node))
    value = trace.values[step.output]
    if not np.array_equal(again, value, equal_nan=True):
        raise StepperError("step {n} does not give the value that is recorded", n=step.index)
    if isinstance(value, np.ndarray) and value.flags.writeable:
        raise StepperError("the value of step {n} could be changed", n=step.index)


def run(code: Code, given: Mapping[str, Value]) -> Trace:
    """The trace of one run; `given` holds a value for every name given to the program."""
    values = code.run(given)
    for value in values:
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return Trace(code, tuple(values))
