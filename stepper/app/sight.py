"""What a frame may tell: whatever shows or mentions a value of the run asks here first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

import numpy as np

from stepper.app.snapshot import Snapshot, outermost
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, names
from stepper.ops.card import Index
from stepper.program.code import Slot


def is_hidden(now: Snapshot) -> bool:
    """Whether the selected entry of the current result is hidden."""
    return hides(now, now.entry)


def hides(now: Snapshot, index: Index) -> bool:
    """Whether an entry of the current result is hidden."""
    if is_asked(now):
        return True
    if not now.hiding.on or now.step is None:
        return False
    whole = (*now.around, now.cursor.at, int(np.prod(now.shape)))
    return not now.hiding.revealed & {whole, now.where_of(index)}


def is_asked(now: Snapshot) -> bool:
    """Whether a lesson asks for a value that the current line computes or reads."""
    values = now.hiding.asked.values
    if not values or now.outer is not None or now.step is None:
        return False
    line = now.trace.program.lines[now.step.line - 1]
    return bool(values & {line.target, *names(line.tree)})


def covered(now: Snapshot, slot: Slot) -> bool:
    """Whether a value must not be told: it is hidden now, or will be once it is computed."""
    if now.hiding.asked.values and _asked(now, slot):
        return True
    if not now.hiding.on:
        return False
    return not now.cursor.exists(slot) or (slot in _current(now) and _any_hidden(now))


def read_covered(now: Snapshot, read: Expr) -> Callable[[Index], bool] | None:
    """Which entries of an operand are hidden: all if a lesson asks for it, else None."""
    return _all if now.outer is None and names(read) & now.hiding.asked.values else None


def _asked(now: Snapshot, slot: Slot) -> bool:
    """Whether a lesson asks for a value, or for the current line it belongs to."""
    if is_asked(now) and slot in _current(now):
        return True
    return now.outer is None and now.trace.place(slot).name in now.hiding.asked.values


def _current(now: Snapshot) -> Collection[Slot]:
    """The values in view at the current level: of the phase, the line, or the operation."""
    step, level = now.step, now.cursor.level
    if step is None:
        return ()
    if level == "phase":
        return {s.output for s in now.trace.steps[: now.cursor.at] if s.phase == step.phase}
    if level == "line":
        return {s.output for s in now.trace.line_steps(step.line)}
    return {step.output}


def _any_hidden(now: Snapshot) -> bool:
    if now.cursor.level != "entry" or not now.shape:
        return is_hidden(now)
    return any(hides(now, index) for index in np.ndindex(*now.shape) if now.has(index))


def entries_covered(now: Snapshot, slot: Slot) -> Callable[[Index], bool] | None:
    """Which entries of a value are hidden; None if none is."""
    if not covered(now, slot):
        return None
    single = now.step is not None and slot == now.step.output
    return partial(hides, now) if single else _all


def _all(index: Index) -> bool:
    return True


def withheld(now: Snapshot, *names: str) -> Sentence | None:
    """Why the first hidden one of these names must not be told; None if all may be."""
    name = next((n for n in names if covered(now, now.trace.slot(n))), None)
    if name is None:
        return None
    if name in now.hiding.asked.values:
        return say("{name} is for you to find, in the lesson", name=Name(name))
    if now.cursor.exists(now.trace.slot(name)):
        return say(
            "{name} is hidden: {key_guess} guesses it, {key_reveal} reveals it", name=Name(name)
        )
    return say("{name} comes later, and results are hidden: {key_hide} shows them", name=Name(name))


def loss_withheld(now: Snapshot) -> Sentence | None:
    """Why nothing may be told of the loss or of what depends on the prediction; None if all may."""
    now, predict = outermost(now), now.lab.training.predict
    return withheld(now, now.lab.forward.loss, *(() if predict is None else (predict,)))


def line_covered(now: Snapshot, number: int) -> bool:
    """Whether a line (its number, from 1) shows only its target: `∂J/∂W2 = ?`.

    Forward lines are the question, so hiding never covers them. Going into a line shows it.
    """
    phase = now.trace.program.lines[number - 1].phase
    if line_asked(now, number):
        return True
    if not now.hiding.lines or phase == "forward":
        return False
    step, level = now.step, now.cursor.level
    if step is None or now.trace.line_steps(number)[-1].index >= now.cursor.at:
        return step is None or number != step.line
    here = phase == step.phase if level == "phase" else number == step.line and level == "line"
    return here and is_hidden(now)


def line_asked(now: Snapshot, number: int) -> bool:
    """Whether a lesson asks for a line itself (its number, from 1), not only for its value."""
    asked = now.hiding.asked.lines
    return bool(asked) and now.outer is None and now.trace.program.lines[number - 1].target in asked


def whole_line(now: Snapshot) -> Snapshot:
    """The frame, moved to its line's end if a lesson asks for the line: its parts would tell it."""
    step, level = now.step, now.cursor.level
    if step is None or level not in ("operation", "entry") or not line_asked(now, step.line):
        return now
    end = now.trace.line_steps(step.line)[-1].index + 1
    return replace(now, cursor=replace(now.cursor, level="line").to(end))
