"""A lab: a network with its data, initial weights, program and training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from stepper.calculus.adjoint import Forward
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr
from stepper.labs.batch import check_batch
from stepper.labs.optimizers import Optimizer
from stepper.labs.schedules import Schedule
from stepper.language.layout import AXES, Layout
from stepper.language.text import SCREEN, text
from stepper.ops.card import Value
from stepper.program.code import Code, Step, compile_program
from stepper.program.program import Line, Program
from stepper.program.trace import Trace, run

if TYPE_CHECKING:
    from stepper.labs.reported import Reported

_STREAMS = {"data": 0, "start": 1, "shuffle": 2}


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream for one purpose: data, initial weights and shuffling are independent."""
    return np.random.default_rng((seed, _STREAMS[name]))


class Data(NamedTuple):
    """Inputs and targets in the lab's layout: features × samples for "columns"."""

    X: Value
    y: Value
    layout: Layout

    @property
    def samples(self) -> int:
        return int(self.X.shape[self.sample_axis])

    @property
    def sample_axis(self) -> int:
        """The axis of X and y that indexes samples."""
        return AXES[self.layout]["samples"]

    def take(self, which: Sequence[int]) -> tuple[Value, Value]:
        """Inputs and targets of some samples, still two-dimensional."""
        axis = self.sample_axis
        return np.take(self.X, which, axis), np.take(self.y, which, axis)


class Training(NamedTuple):
    """How a lab is trained. A `batch` of None is the full one; `epochs` is the number of passes."""

    optimizer: Optimizer
    settings: Mapping[str, float]
    schedule: Schedule
    schedule_settings: Mapping[str, float]
    batch: int | None
    order: Literal["data", "shuffle"]
    epochs: int
    stop: Expr | None
    seed: int
    fixed: tuple[str, ...]
    predict: str | None

    def rate(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 1."""
        return self.schedule.rate(self.settings["lr"], epoch, **self.schedule_settings)


@dataclass(frozen=True, eq=False)
class Lab:
    """Everything a lab file says, parsed and checked, with the backward and update programs."""

    name: str
    title: str
    about: str
    layout: Layout
    forward: Forward
    program: Program
    own_backward: tuple[Line, ...]
    """The author's hand-derived backward program, if the file has one."""
    data: Data | None
    sample: int | None
    """The sample that `run` opens on, from 0."""
    parameters: Mapping[str, Value]
    state: Mapping[str, Value]
    sizes: Mapping[str, int]
    constants: Mapping[str, Value]
    training: Training
    metrics: Mapping[str, Expr]
    reported: tuple[Reported, ...]
    functions: Mapping[str, str] = field(default_factory=dict)
    """The lab's own names for activations: `act` for `sigmoid`."""
    epoch: int = 0
    """The number of epochs these parameters have been trained; `updates` counts the updates."""
    updates: int = 0

    @cached_property
    def code(self) -> Code:
        return compile_program(self.program)

    @cached_property
    def right(self) -> Lab:
        """The lab without the mistake switched on in it; the lab itself if there is none."""
        if self.program.altered is None:
            return self
        return replace(self, program=self.program.without_mistake())

    @property
    def samples(self) -> int:
        return self.data.samples if self.data else 0

    def check_sample(self, sample: int | None) -> int | None:
        """The sample asked for, or the lab's own. Raises StepperError if there is no such
        sample."""
        if self.data is None:
            if sample is not None:
                raise StepperError("the lab {name} has no samples to choose from", name=self.name)
            return None
        chosen = self.sample if sample is None else sample
        if chosen is None or not 0 <= chosen < self.samples:
            raise StepperError(
                "there is no sample {sample}: {name} has samples 0 to {last}",
                sample=chosen, name=self.name, last=self.samples - 1,
            )  # fmt: skip
        return chosen

    def given(
        self,
        which: Sequence[int] | None = None,
        parameters: Mapping[str, Value] | None = None,
        state: Mapping[str, Value] | None = None,
        update: int | None = None,
        epoch: int | None = None,
    ) -> dict[str, Value]:
        """A value for every name given to the program, for some samples (None: all of them).

        By default the values are those of the lab's next update and its epoch, counted from 1.
        """
        values: dict[str, Value] = {k: np.float64(v) for k, v in self.sizes.items()}
        values |= self.constants
        values |= {k: np.float64(v) for k, v in self.training.settings.items()}
        values |= parameters if parameters is not None else self.parameters
        values |= state if state is not None else self.state
        values["lr"] = np.float64(self.training.rate(epoch or self.epoch + 1))
        values["t"] = np.float64(update or self.updates + 1)
        if self.data is not None:
            whole = which is None
            X, y = (self.data.X, self.data.y) if whole else self.data.take(which or ())
            values |= {"X": X, "y": y, "N": np.float64(self.samples if whole else len(which or ()))}
        return values

    def trace(self, sample: int | None) -> Trace:
        """One sample (None: the whole batch) forwards, backwards and through the update.

        Raises StepperError that names the step at which a nan or an inf first arises, or the line
        that does not fit this number of samples.
        """
        check_batch(self, self.samples if sample is None else 1)
        trace = run(self.code, self.given(None if sample is None else [sample]))
        check_finite(trace)
        return trace


def check_finite(trace: Trace) -> None:
    """Raises StepperError for the first step whose result is not a finite number."""
    step = trace.first_not_finite()
    if step is None:
        return
    value = trace.values[step.output]
    raise StepperError(
        "step {n}, {part} in line {line} ({text}), is {what}: {operands}. "
        "Try smaller weights or a smaller learning rate",
        n=step.index,
        part=text(step.node, SCREEN),
        line=step.line,
        text=trace.program.lines[step.line - 1].text(),
        what="nan" if np.isnan(value).any() else "inf",
        operands=_extents(trace, step),
    )


def _extents(trace: Trace, step: Step) -> Sentence:
    """How large the operands are that have a name."""
    named = [slot for slot in step.inputs if trace.place(slot).role != "number"]
    said = [_extent(trace, slot) for slot in named] or [say("")]
    return reduce(lambda before, one: say("{before}, {name}", before=before, name=one), said)


def _extent(trace: Trace, slot: int) -> Sentence:
    value, name = trace.values[slot], trace.place(slot).name
    least, largest = (f"{bound:.4g}" for bound in (np.min(value), np.max(value)))
    if least == largest:
        return say("{name} is {value}", name=name, value=least)
    return say("{name} is between {least} and {largest}", name=name, least=least, largest=largest)
