"""Where a learner is, as one frozen snapshot, and every move from there. No screen in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stepper.app.hiding import SHOWN, Hiding, Where
from stepper.app.past import Past
from stepper.calculus.inside import Inside, expand
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edits, changed, edited
from stepper.ops.card import Index, Value
from stepper.program.breakpoints import Breakpoints
from stepper.program.code import Slot, Step
from stepper.program.cursor import LEVELS, Cursor, Level
from stepper.program.trace import Trace
from stepper.program.watch import Watch


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All that a frame shows. Every move makes a new one; nothing in it ever changes."""

    lab: Lab
    sample: int | None
    """Counted from 0; None for all samples at once."""
    cursor: Cursor
    chosen: Index = (0, 0)
    """The entry that was chosen last; kept for a later matrix that has it."""
    message: Sentence | None = None
    outer: Snapshot | None = None
    """Where one was before going inside a step; None in the lab's own program."""
    hiding: Hiding = SHOWN
    edits: Edits = ()
    changed: Mapping[Slot, Value] = field(default_factory=dict)
    """Where the values differ from those without the edits."""
    count: int = 0
    """How many times the next key is meant; 0 where no digit was typed."""
    breakpoints: Breakpoints = field(default_factory=Breakpoints)
    past: Past = field(default_factory=Past)
    watches: tuple[Watch, ...] = ()

    @property
    def trace(self) -> Trace:
        return self.cursor.trace

    @property
    def step(self) -> Step | None:
        return self.cursor.step

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the current result; `()` for a number, and before the first step."""
        return np.shape(self.trace.values[self.step.output]) if self.step else ()

    @property
    def entry(self) -> Index:
        """The selected entry of the current result: the chosen one, where there is such a one."""
        return self.chosen if self.within(self.chosen) and self.has(self.chosen) else (0, 0)

    def within(self, index: Index) -> bool:
        rows, columns = self.shape or (1, 1)
        return 0 <= index[0] < rows and 0 <= index[1] < columns

    def has(self, index: Index) -> bool:
        """Whether an entry of the current result has been computed."""
        return not self.shape or index[0] * self.shape[1] + index[1] < self.filled

    @property
    def filled(self) -> int:
        """How many entries of the current result are there, in reading order."""
        if self.step is None:
            return 0
        part = self.cursor.filled(self.step.output)
        return int(np.prod(self.shape)) if part is None else part

    @property
    def result(self) -> Expr | None:
        """What the current step gives: the name of its line, or the operation itself."""
        if self.step is None:
            return None
        return Name(self.trace.place(self.step.output).name) if self.step.last else self.step.node

    @property
    def where(self) -> Where:
        """The result that is looked at: of single entries the selected one, else all of it."""
        return self._where(self.entry)

    def _where(self, index: Index) -> Where:
        if self.cursor.level != "entry" or not self.shape:
            return (*self._around, *self.cursor.stop)
        return (*self._around, self.cursor.at, index[0] * self.shape[1] + index[1] + 1)

    @property
    def _around(self) -> Where:
        """The sample, and the steps that one is inside of."""
        outer = self.outer
        return (self.sample,) if outer is None else (*outer._around, outer.cursor.at)

    def hides(self, index: Index) -> bool:
        """Whether an entry of the current result is hidden."""
        if not self.hiding.on or self.step is None:
            return False
        whole = (*self._around, self.cursor.at, int(np.prod(self.shape)))
        return not self.hiding.revealed & {whole, self._where(index)}

    @property
    def hidden(self) -> bool:
        """Whether the selected entry of the current result is hidden."""
        return self.hides(self.entry)


Move = Callable[[Snapshot], Snapshot]


OPENING = say("n next, p back. Nothing can break.")
AT_END = say("the end of this sample: . goes to the next sample, home to the start")
AT_START = say("the start: nothing has been computed yet, n takes the first step")
AT_INNER_END = say("the end of what is inside this step: o goes out again")


def opened(
    lab: Lab, sample: int | None, at: int = 0, level: Level = "line", entry: Index = (0, 0)
) -> Snapshot:
    """The first frame: before line 1, or after `at` steps. Raises StepperError as `Lab.trace`."""
    cursor = Cursor(lab.trace(sample), level=level).to(at)
    first = Snapshot(lab, sample, cursor, entry, OPENING)
    if level == "entry" and first.shape and first.within(entry):
        cursor = replace(cursor, entries=entry[0] * first.shape[1] + entry[1] + 1)
    return replace(first, cursor=cursor)


def told(now: Snapshot, template: str, **fields: Any) -> Snapshot:
    """The same frame with a message."""
    return replace(now, message=say(template, **fields))


def _moved(now: Snapshot, cursor: Cursor, stuck: Sentence) -> Snapshot:
    """The frame at another place, or the reason why there is none."""
    if cursor.stop == now.cursor.stop and cursor.level == now.cursor.level:
        inner_end = now.outer is not None and stuck is AT_END
        return replace(now, message=AT_INNER_END if inner_end else stuck)
    return _at_newest(replace(now, cursor=cursor, message=None))


def _at_newest(now: Snapshot) -> Snapshot:
    """At the level of entries the entry that has just been computed is the selected one."""
    if now.cursor.level != "entry" or not now.shape:
        return now
    row, column = divmod(now.filled - 1, now.shape[1])
    return replace(now, chosen=(row, column))


def next_step(now: Snapshot) -> Snapshot:
    return _moved(now, now.cursor.next(), AT_END)


def back(now: Snapshot) -> Snapshot:
    return _moved(now, now.cursor.back(), AT_START)


def start(now: Snapshot) -> Snapshot:
    return _moved(now, now.cursor.to(0), AT_START)


def end(now: Snapshot) -> Snapshot:
    return _moved(now, now.cursor.to(len(now.trace.steps)), AT_END)


def into(now: Snapshot) -> Snapshot:
    """One level deeper, or inside a step that is made of smaller ones.

    The level of operations is passed over where there is only one.
    """
    cursor = now.cursor
    if cursor.level == "entry":
        return told(now, "single entries are the deepest level: o goes out again")
    whole = cursor.level == "line" and one_operation(now)
    if cursor.level == "operation" or (whole and now.step and now.step.phase != "backward"):
        inside = opened_inside(now)
        if inside is not None:
            return inside
    inner = cursor.into()
    if cursor.level == "line" and now.step and one_operation(now):
        return told(_moved(now, inner.into(), AT_START), "one operation: going to its entries")
    return _moved(now, inner, AT_START)


def out(now: Snapshot) -> Snapshot:
    """One level up; past the level of operations where a line has only one."""
    cursor = now.cursor
    if now.outer is not None and cursor.level in ("phase", "line"):
        return left(now)
    if cursor.level == "phase":
        return told(now, "whole phases are the outermost level: s goes into one")
    higher = cursor.out()
    if cursor.level == "entry" and now.step and one_operation(now):
        higher = higher.out()
    return _moved(now, higher, AT_START)


def opened_inside(now: Snapshot) -> Snapshot | None:
    """The walk inside the current step, at its first line; None where there is nothing smaller."""
    step = now.step
    if step is None or (now.outer is not None and step.phase == "backward" and step.last):
        return None
    inside = expand(now.trace, step, now.lab.forward)
    if inside is None:
        return None
    cursor = Cursor(inside.trace).next()
    there = replace(
        now, cursor=cursor, outer=now, changed={}, count=0, breakpoints=Breakpoints(), past=Past()
    )
    return replace(there, message=_told(now, inside))


def left(now: Snapshot) -> Snapshot:
    """Back where the walk inside was entered."""
    assert now.outer is not None
    said = Sentence("out again: this is the step as a whole")
    return replace(now.outer, message=said, hiding=now.hiding)


def outermost(now: Snapshot) -> Snapshot:
    """The step of the lab's own program that one is inside of."""
    while now.outer is not None:
        now = now.outer
    return now


def _told(now: Snapshot, inside: Inside) -> Sentence:
    """What one is inside of, what short names stand for, and where the numbers differ."""
    if inside.note is not None:
        return inside.note
    if inside.stands_for:
        name, tree = next(iter(inside.stands_for.items()))
        fields = {"step": now.result, "name": Name(name), "tree": tree}
        return Sentence("inside {step}: {name} stands for {tree}; o goes out", fields)
    return Sentence("inside {step}, step by step; o goes out again", {"step": now.result})


def one_operation(now: Snapshot) -> bool:
    """Whether the current line consists of a single operation."""
    return now.step is not None and len(now.trace.line_steps(now.step.line)) == 1


def next_line(now: Snapshot) -> Snapshot:
    return _by(now, "line", Cursor.next, AT_END)


def back_line(now: Snapshot) -> Snapshot:
    return _by(now, "line", Cursor.back, AT_START)


def next_phase(now: Snapshot) -> Snapshot:
    """To the end of this phase; from there to the end of the next."""
    return _by(now, "phase", Cursor.next, AT_END)


def back_phase(now: Snapshot) -> Snapshot:
    return _by(now, "phase", Cursor.back, AT_START)


def _by(now: Snapshot, level: Level, go: Callable[[Cursor], Cursor], stuck: Sentence) -> Snapshot:
    """One move by another level; one's own level stays."""
    own = now.cursor.level
    there = replace(go(replace(now.cursor, level=level)), level=own)
    if LEVELS.index(own) < LEVELS.index(level):
        there = _at_own_level(now, there)
    return _moved(now, there, stuck)


def _at_own_level(now: Snapshot, there: Cursor) -> Cursor:
    """By lines at the level of phases: the phase after or before this one."""
    if there.stop == now.cursor.stop:
        return now.cursor
    return now.cursor.next() if there.stop > now.cursor.stop else now.cursor.back()


def to_line(now: Snapshot, number: int) -> Snapshot:
    """To the end of a line (its number, from 1)."""
    last = now.trace.line_steps(number)[-1].index + 1
    return _moved(now, now.cursor.to(last), say("this is line {n}", n=str(number)))


def select(now: Snapshot, index: Index) -> Snapshot:
    """Another entry of the current result."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to choose an entry of: n")
    if not now.within(index):
        return told(now, "{name} has no entry further that way", name=now.result)
    if not now.has(index):
        return told(now, "that entry is not computed yet: n computes the next one")
    return replace(now, chosen=index, message=None)


def by(rows: int, columns: int) -> Move:
    """The move of the selection by so many rows and columns."""
    return lambda now: select(now, (now.entry[0] + rows, now.entry[1] + columns))


def next_sample(now: Snapshot) -> Snapshot:
    if now.sample is not None and now.sample + 1 >= now.lab.samples:
        return told(now, "sample {n} is the last one", n=str(now.sample))
    return _sample(now, 1)


def back_sample(now: Snapshot) -> Snapshot:
    return told(now, "sample 0 is the first one") if now.sample == 0 else _sample(now, -1)


def _sample(now: Snapshot, more: int) -> Snapshot:
    """The same place for another sample, of the lab's own program."""
    now = replace(outermost(now), hiding=now.hiding)
    if not now.lab.samples:
        return told(now, "this lab has no samples to choose from: its inputs are fixed numbers")
    if now.sample is None:
        return told(now, "all samples are here at once: start with --sample to walk through one")
    own = [n for n, role in now.lab.program.given.items() if role in ("input", "target")]
    try:
        there = recomputed(now, now.sample + more, tuple(e for e in now.edits if e.name not in own))
    except StepperError as error:
        return replace(now, message=error.sentence)
    return replace(there, message=None)


def recomputed(now: Snapshot, sample: int | None, edits: Edits) -> Snapshot:
    """The same place with other numbers, those that differ known. Raises StepperError."""
    plain = now.lab.trace(sample)
    trace = edited(now.lab, sample, edits) if edits else plain
    cursor = replace(now.cursor, trace=trace)
    differ = changed(plain, trace) if edits else {}
    return replace(now, sample=sample, cursor=cursor, edits=edits, changed=differ)
