"""The state of a walk as one frozen snapshot: all that a frame shows. No screen code here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from stepper.app.hiding import SHOWN, Hiding, Where
from stepper.app.past import Past
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edits, changed, edited, with_edits
from stepper.ops.card import Index, Value
from stepper.program.breakpoints import Breakpoints
from stepper.program.code import Slot, Step
from stepper.program.cursor import Cursor, Level
from stepper.program.trace import Trace, run
from stepper.program.watch import Watch

if TYPE_CHECKING:
    from stepper.app.training import Training


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All that a frame shows, immutable: every move makes a new one."""

    lab: Lab
    sample: int | None
    """Counted from 0; None for all samples at once."""
    cursor: Cursor
    chosen: Index = (0, 0)
    """The entry chosen last; kept for the next matrix large enough to have it."""
    message: Sentence | None = None
    outer: Snapshot | None = None
    """The frame from which a step was entered; None in the lab's own program."""
    hiding: Hiding = SHOWN
    edits: Edits = ()
    changed: Mapping[Slot, Value] = field(default_factory=dict)
    """Where values differ from a run without the edits and without a deliberate mistake."""
    count: int = 0
    """The count for the next key; 0 if no digit was typed."""
    breakpoints: Breakpoints = field(default_factory=Breakpoints)
    past: Past = field(default_factory=Past)
    watches: tuple[Watch, ...] = ()
    training: Training | None = None
    """What is known of the lab's training; None if it was not trained here."""

    @property
    def trace(self) -> Trace:
        return self.cursor.trace

    @property
    def step(self) -> Step | None:
        return self.cursor.step

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the current result; `()` for a scalar, and before the first step."""
        step = self.step
        return np.shape(self.trace.values[step.output]) if step else ()

    @property
    def entry(self) -> Index:
        """The selected entry of the current result: the chosen one if it exists, else the first."""
        return _entry(self)

    def within(self, index: Index) -> bool:
        rows, columns = self.shape or (1, 1)
        return 0 <= index[0] < rows and 0 <= index[1] < columns

    def has(self, index: Index) -> bool:
        """Whether an entry of the current result has been computed."""
        shape = self.shape
        return not shape or index[0] * shape[1] + index[1] < self.filled

    @property
    def filled(self) -> int:
        """How many entries of the current result are computed, in reading order."""
        step = self.step
        if step is None:
            return 0
        part = self.cursor.filled(step.output)
        return prod(np.shape(self.trace.values[step.output])) if part is None else part

    @property
    def result(self) -> Expr | None:
        """What the current step computes: the target of its line, or the operation itself."""
        if self.step is None:
            return None
        return Name(self.trace.place(self.step.output).name) if self.step.last else self.step.node

    @property
    def where(self) -> Where:
        """The result in view: the selected entry at the level of entries, else all of it."""
        return self.where_of(self.entry)

    def where_of(self, index: Index) -> Where:
        """The result in view if `index` is selected: only that entry at the level of entries."""
        if self.cursor.level != "entry" or not self.shape:
            return (*self.around, *self.cursor.stop)
        return (*self.around, self.cursor.at, index[0] * self.shape[1] + index[1] + 1)

    @property
    def around(self) -> Where:
        """The sample and the enclosing steps."""
        outer = self.outer
        return (self.sample,) if outer is None else (*outer.around, outer.cursor.at)


@lru_cache(maxsize=4)
def _entry(now: Snapshot) -> Index:
    """The selected entry, cached: a frame asks for it many times."""
    chosen = now.chosen
    return chosen if chosen == (0, 0) or (now.within(chosen) and now.has(chosen)) else (0, 0)


PARTS = tuple(part.name for part in fields(Snapshot))
Move = Callable[[Snapshot], Snapshot]


@lru_cache(maxsize=1)
def other_parts(before: Snapshot, now: Snapshot) -> frozenset[str]:
    """The names of the parts in which two snapshots differ, compared once for all panels."""
    return frozenset(n for n in PARTS if getattr(before, n) is not getattr(now, n))


OF_ENTRY = frozenset({"chosen", "message", "count", "breakpoints", "past", "watches"})
"""The parts that may change while the step, its numbers and what is hidden stay the same."""


def same_step(before: Snapshot, now: Snapshot) -> bool:
    """Whether two snapshots show the same step, with at most another entry selected."""
    return other_parts(before, now) <= OF_ENTRY


OPENING = say("{key_next} next, {key_back} back. Nothing can break: going back undoes all.")


def opened(
    lab: Lab, sample: int | None, at: int = 0, level: Level = "line", entry: Index = (0, 0)
) -> Snapshot:
    """The first frame: before line 1, or after `at` steps. Raises StepperError like `Lab.trace`."""
    trace = lab.trace(sample)
    cursor = Cursor(trace, level=level).to(at)
    differ = {} if lab.right is lab else changed(lab.right.trace(sample), trace)
    first = Snapshot(lab, sample, cursor, entry, OPENING, changed=differ)
    if level == "entry" and first.shape and first.within(entry):
        cursor = replace(cursor, entries=entry[0] * first.shape[1] + entry[1] + 1)
    return replace(first, cursor=cursor)


def told(now: Snapshot, template: str, **fields: Any) -> Snapshot:
    """The same frame with a message."""
    return replace(now, message=say(template, **fields))


def left(now: Snapshot) -> Snapshot:
    """The frame from which the step was entered, with the current state of the whole session."""
    assert now.outer is not None
    return replace(
        now.outer, hiding=now.hiding, watches=now.watches, training=now.training, count=now.count
    )


def outermost(now: Snapshot) -> Snapshot:
    """The frame in the lab's own program: the one from which the outermost step was entered."""
    while now.outer is not None:
        now = left(now)
    return now


def recomputed(now: Snapshot, sample: int | None, edits: Edits) -> Snapshot:
    """The same place with a sample and edits, and with `changed` updated. Raises StepperError."""
    lab = now.lab
    trace = _trace(now, lab, sample, edits)
    right = (lab if now.training is None else now.training.without_edits(lab)).right
    plain = trace if right is lab and not edits else _trace(now, right, sample, ())
    cursor = replace(now.cursor, trace=trace)
    differ = changed(plain, trace) if plain is not trace else {}
    return replace(now, sample=sample, cursor=cursor, edits=edits, changed=differ)


def _trace(now: Snapshot, lab: Lab, sample: int | None, edits: Edits) -> Trace:
    """The trace of a sample. If training breaks here, numbers that are not finite are allowed."""
    if now.training is None or not now.training.passes(lab.epoch):
        return edited(lab, sample, edits) if edits else lab.trace(sample)
    given = lab.given(None if sample is None else [sample])
    return run(lab.code, with_edits(lab.program, given, edits))
