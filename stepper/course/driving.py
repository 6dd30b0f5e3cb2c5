"""Where a step puts the debugger, and what the debugger hides until the step is answered."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from stepper.check.switch import with_mistake
from stepper.course.lesson import Fill, FindBug, Formula, Judged, Matrix, Predict, Run, Step
from stepper.course.progress import OPEN
from stepper.course.showing import Command, GoTo, Hide, OpenLab
from stepper.course.stage import Stage
from stepper.course.state import Play
from stepper.expr.tree import names
from stepper.labs.lab import Lab
from stepper.language.parse import parse

_WORD = re.compile(r"[A-Za-z_]\w*")


def driven(play: Play) -> tuple[Command, ...]:
    """The commands for the debugger when a step begins, and once it is answered."""
    shown, hidden = staged(play), withheld(play)
    place = _place(play, shown, hidden)
    return OpenLab(shown), hidden, *(() if place is None else (place,))


def staged(play: Play) -> Stage:
    """The stage of a step; its mistake is not marked until it is found."""
    step, shown = play.step, play.stage
    if not isinstance(step, FindBug):
        return shown
    lab = with_mistake(shown.lab, step.mistake)
    return replace(shown, lab=lab if play.answered else unmarked(lab))


def unmarked(lab: Lab) -> Lab:
    """The lab with its mistake as if the author had written it: nothing tells which line it is."""
    altered = lab.program.altered
    if altered is None:
        return lab
    lines = list(lab.program.lines)
    lines[altered.number - 1] = replace(lines[altered.number - 1], reason=altered.right.reason)
    return replace(lab, program=replace(lab.program, lines=tuple(lines), altered=None))


def withheld(play: Play) -> Hide:
    """The values and lines that would give away an answer, now or further on in the lesson."""
    now, later = _asked_now(play), _asked_later(play)
    return Hide(now.values | later, now.lines | later)


def _asked_now(play: Play) -> Hide:
    """What the current step asks for: a value, or the lines of gradients."""
    step = play.step
    if not play.waits:
        return Hide()
    if isinstance(step, Judged):
        told, program = _told(step) - {step.target}, play.stage.lab.program
        lines = frozenset(n.target for n in program.phase("backward") if n.target not in told)
        return Hide(lines | {step.target}, lines | {step.target})
    if isinstance(step, Matrix | Predict):
        return Hide(_asked(step, play.stage))
    return Hide()


def _asked_later(play: Play) -> frozenset[str]:
    """The lines of this lab that later exercises ask for, except those this step speaks of."""
    here = play.step
    if isinstance(here, FindBug):  # every line is to be read
        return frozenset()
    later = frozenset(
        step.target
        for step in play.lesson.steps[play.at + 1 :]
        if isinstance(step, Judged)
        and step.world.lab == here.world.lab
        and not play.records.get(step.id, OPEN).is_past
    )
    return later - _told(here)


def _told(step: Step) -> frozenset[str]:
    """The names that a step itself speaks of: its question, what it shows or walks up to, and its
    answer once it is given."""
    match step:
        case Formula():
            return frozenset((*step.names, step.target))
        case Fill():
            return frozenset((*_WORD.findall(step.formula), step.target))
        case Run():
            return frozenset({step.until})
        case _:
            return frozenset() if step.show is None else frozenset({step.show})


def _asked(step: Matrix | Predict, shown: Stage) -> frozenset[str]:
    """The line whose value is asked for; none if no single line gives it."""
    if step.of is None:
        return frozenset()
    read = names(parse(step.of, layout=shown.lab.layout))
    return read & {step.of, step.show} & {line.target for line in shown.lab.program.lines}


def _place(play: Play, shown: Stage, hidden: Hide) -> GoTo | None:
    """The line to stand at; None to leave the learner where they are."""
    step, lines = play.step, [line.target for line in shown.lab.program.lines]
    if isinstance(step, Run):
        at = lines.index(step.start) if step.start else 0
        return GoTo(lines[at - 1] if at else None)
    if isinstance(step, Judged):
        if play.answered and step.target in lines:
            return GoTo(step.target)
        before = lines[: lines.index(step.target)] if step.target in lines else lines
        return GoTo(next((name for name in reversed(before) if name not in hidden.values), None))
    if isinstance(step, FindBug):
        return GoTo(shown.lab.program.loss)
    if isinstance(step, Predict) and play.waits and step.show and _asks_shape(step, shown):
        at = lines.index(step.show)
        return GoTo(lines[at - 1] if at else None)
    return None if step.show is None else GoTo(step.show)


def _asks_shape(step: Predict, shown: Stage) -> bool:
    """Whether the answer has a shape, which its line would give away."""
    return step.of is not None and np.ndim(shown.value(step.of)) > 0
