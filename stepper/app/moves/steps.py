"""Moves through the run: by steps, lines and phases, and to the start and the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stepper.app.sight import covered, loss_withheld
from stepper.app.snapshot import Snapshot
from stepper.expr.sentence import Sentence, say
from stepper.labs.updated import loss_after
from stepper.program.cursor import LEVELS, Cursor, Level
from stepper.show.numbers import scalar

AT_END = say(
    "the end of this sample: {key_sample} next sample, {key_start} again, {key_train} trains"
)
AT_END_OF_ALL = say("the end: {key_start} again, {key_train} trains")
AT_LAST_LINE = say("the last line: {key_start} begins again")
AT_START = say("the start: nothing has been computed yet, {key_next} takes the first step")
AT_INNER_END = say("the end of what is inside this step: {key_out} goes out again")

ASKED = say(
    "this is for you to find in the lesson: {key_go_on} there goes on with it, {key_next} here"
)


def moved(now: Snapshot, cursor: Cursor, stuck: Sentence) -> Snapshot:
    """The frame at another place, or with the reason why there is none."""
    if cursor.stop == now.cursor.stop and cursor.level == now.cursor.level:
        return replace(now, message=_end(now) if stuck is AT_END else stuck)
    there = _at_newest(replace(now, cursor=cursor, message=None))
    return replace(there, message=ended(there)) if cursor.at == len(cursor.trace.steps) else there


def _end(now: Snapshot) -> Sentence:
    """Names the end that was reached, and what can be done there."""
    if now.outer is not None:
        return AT_INNER_END
    if now.sample is not None:
        return AT_END
    return AT_END_OF_ALL if now.trace.program.phase("update") else AT_LAST_LINE


def ended(now: Snapshot) -> Sentence | None:
    """What the update did to the loss, and what to do next; None before the update is complete."""
    step, trace = now.step, now.trace
    if now.outer is not None or step is None or step.phase != "update":
        return None
    if now.cursor.filled(step.output) is not None:
        return None
    if covered(now, step.output) or loss_withheld(now):
        return None
    J, before = trace.program.loss, float(trace.value(trace.program.loss))
    return say(_UPDATED[now.lab.data is not None, now.sample is not None],
               J=J, before=scalar(before), after=scalar(loss_after(trace)))  # fmt: skip


_UPDATED = {
    (True, True): "updated: {J} of this sample {before} → {after}; {key_sample} "
    "next one, {key_start} again, {key_train} train",
    (True, False): "updated: {J} of all samples {before} → {after}; {key_start} "
    "again, {key_train} train, {key_quit} leave",
    (False, False): "updated: {J} {before} → {after}; {key_start} again, {key_train} "
    "train, {key_quit} leave",
}
"""Said after the last line, by whether the lab has data, and whether one sample is shown."""


def _at_newest(now: Snapshot) -> Snapshot:
    """Selects the entry just computed, at the level of entries."""
    if now.cursor.level != "entry" or not now.shape:
        return now
    row, column = divmod(now.filled - 1, now.shape[1])
    return replace(now, chosen=(row, column))


def next_step(now: Snapshot) -> Snapshot:
    return moved(now, now.cursor.next(), AT_END)


def back(now: Snapshot) -> Snapshot:
    return moved(now, now.cursor.back(), AT_START)


def start(now: Snapshot) -> Snapshot:
    return moved(now, now.cursor.to(0), AT_START)


def end(now: Snapshot) -> Snapshot:
    return moved(now, now.cursor.to(len(now.trace.steps)), AT_END)


def next_line(now: Snapshot) -> Snapshot:
    return _by(now, "line", Cursor.next, AT_END)


def back_line(now: Snapshot) -> Snapshot:
    return _by(now, "line", Cursor.back, AT_START)


def next_phase(now: Snapshot) -> Snapshot:
    """Goes to the end of this phase, or from there to the end of the next."""
    return _by(now, "phase", Cursor.next, AT_END)


def back_phase(now: Snapshot) -> Snapshot:
    return _by(now, "phase", Cursor.back, AT_START)


def _by(now: Snapshot, level: Level, go: Callable[[Cursor], Cursor], stuck: Sentence) -> Snapshot:
    """Moves by one unit of another level; the current level stays."""
    own = now.cursor.level
    there = replace(go(replace(now.cursor, level=level)), level=own)
    if LEVELS.index(own) < LEVELS.index(level):
        there = _at_own_level(now, there)
    return moved(now, there, stuck)


def _at_own_level(now: Snapshot, there: Cursor) -> Cursor:
    """A move by lines at the level of phases: to the next or the previous phase."""
    if there.stop == now.cursor.stop:
        return now.cursor
    return now.cursor.next() if there.stop > now.cursor.stop else now.cursor.back()


def to_line(now: Snapshot, number: int) -> Snapshot:
    """Goes to the end of a line (its number, from 1)."""
    last = now.trace.line_steps(number)[-1].index + 1
    return moved(now, now.cursor.to(last), say("this is line {n}", n=str(number)))
