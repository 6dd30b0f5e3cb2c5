"""Goes into a step and out again: phases, lines, operations, entries, and inside an operation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stepper.app.moves.steps import ASKED, AT_START, moved
from stepper.app.past import Past
from stepper.app.sight import covered, is_asked, line_asked
from stepper.app.snapshot import Snapshot, left, told
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.program.breakpoints import Breakpoints
from stepper.program.cursor import Cursor

if TYPE_CHECKING:
    from stepper.calculus.inside import Inside

OUT_AGAIN = say("out again: this is the step as a whole")


def into(now: Snapshot) -> Snapshot:
    """Goes one level deeper, or inside a step that consists of smaller ones.

    The level of operations is skipped if the line has only one.
    """
    cursor = now.cursor
    if now.step is not None and line_asked(now, now.step.line):
        return replace(now, message=ASKED)
    if cursor.level == "entry":
        return told(now, "single entries are the deepest level: {key_out} goes out again")
    whole = cursor.level == "line" and one_operation(now)
    if cursor.level == "operation" or (whole and now.step and now.step.phase != "backward"):
        inside = opened_inside(now)
        if inside is not None:
            return replace(now, message=ASKED) if is_asked(now) else inside
    inner = cursor.into()
    if cursor.level == "line" and now.step and one_operation(now):
        return told(moved(now, inner.into(), AT_START), "one operation: going to its entries")
    return moved(now, inner, AT_START)


def out(now: Snapshot) -> Snapshot:
    """Goes one level up; skips the level of operations if the line has only one."""
    cursor = now.cursor
    if now.outer is not None and cursor.level in ("phase", "line"):
        return replace(left(now), message=OUT_AGAIN)
    if cursor.level == "phase":
        return told(now, "whole phases are the outermost level: {key_into} goes into one")
    higher = cursor.out()
    if cursor.level == "entry" and now.step and one_operation(now):
        higher = higher.out()
    return moved(now, higher, AT_START)


def opened_inside(now: Snapshot) -> Snapshot | None:
    """The walk inside the current step, at its first line; None if it has no smaller steps."""
    from stepper.calculus.inside import expand  # needed only after the first frame

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


def _told(now: Snapshot, inside: Inside) -> Sentence:
    """Names the enclosing step and what a short name stands for, or says how the numbers differ."""
    if inside.note is not None and not (now.step and covered(now, now.step.output)):
        return inside.note
    if inside.stands_for:
        name, tree = next(iter(inside.stands_for.items()))
        fields = {"step": now.result, "name": Name(name), "tree": tree}
        return Sentence("inside {step}: {name} stands for {tree}; {key_out} goes out", fields)
    return Sentence("inside {step}, step by step; {key_out} goes out again", {"step": now.result})


def one_operation(now: Snapshot) -> bool:
    """Whether the current line consists of a single operation."""
    return now.step is not None and len(now.trace.line_steps(now.step.line)) == 1
