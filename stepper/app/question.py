"""The reason for a step; while its result is hidden, a question instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isfinite

import numpy as np

from stepper.app.sight import is_asked, is_hidden, line_covered
from stepper.app.snapshot import Snapshot
from stepper.app.worked import parts_of
from stepper.calculus.adjoint import by_number
from stepper.calculus.worked import item_of, symbol_of
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, Number, names
from stepper.ops.card import Index
from stepper.program.code import Step
from stepper.show.numbers import scalar

LITTLE = 0.01
"""The change of an entry by which the meaning of a gradient is explained."""


def why(now: Snapshot, step: Step) -> Sentence:
    """The reason for a step, or the question in its place.

    On the first backward line the reason starts with the meaning of the number.
    """
    if is_hidden(now):
        return question(now, step)
    meaning, reason = _meaning(now, step), by_number(now.trace.reason(step))
    if meaning is None:
        return reason
    return say("{meaning}; {reason}", meaning=meaning, reason=reason)


def _meaning(now: Snapshot, step: Step) -> Sentence | None:
    """The meaning of a gradient: `a3 up by 0.01: J up by about 0.0144` for 1.4355."""
    line, first = now.trace.program.lines[step.line - 1], now.trace.program.phase("backward")[:1]
    if now.outer is not None or line not in first or not step.last or line.of is None:
        return None
    slope = item_of(now.trace.values[step.output], now.entry)
    if not isfinite(slope):
        return None
    moved = "{of} up by {little}: {J} up by about {more}"
    if slope < 0:
        moved = "{of} up by {little}: {J} down by about {more}"
    several = () if _is_one(now) else now.shape
    return say(
        moved, of=symbol_of(Name(line.of), several, now.entry), little=str(LITTLE),
        J=now.trace.program.loss, more=scalar(abs(slope) * LITTLE),
    )  # fmt: skip


def question(now: Snapshot, step: Step) -> Sentence:
    """Asks what the entry is made of and which way it goes."""
    if is_asked(now):
        return say("this is for you to find, in the lesson")
    if line_covered(now, step.line):
        return say("Before you look: how is {name} made of what stands here, and why has it this "
                   "shape?", name=now.result)  # fmt: skip
    which, way = _which(_made_of(parts_of(now).used), _is_one(now)), _way(now, step)
    return say("Before you look: {which}, and {way}", which=which, way=way)


def _is_one(now: Snapshot) -> bool:
    """Whether the result is a single number, so that entries are not mentioned."""
    return int(np.prod(now.shape)) == 1


def _which(made_of: int, one: bool) -> Sentence:
    if one and made_of == 1:
        return say("which number on this screen makes it")
    if one:
        return say("which {n} numbers on this screen make it", n=str(made_of))
    if made_of == 1:
        return say("which number on this screen makes this entry")
    return say("which {n} numbers on this screen make this entry", n=str(made_of))


def _made_of(used: Mapping[Expr, Collection[Index]]) -> int:
    """How many numbers an entry is made of; those of a view count once, not as its matrix's too."""
    viewed = {name for of in used if not isinstance(of, Name) for name in names(of)}
    shown = (of for of in used if not (isinstance(of, Name) and of.id in viewed))
    return sum(len(used[of]) for of in shown if not isinstance(of, Number))


def _way(now: Snapshot, step: Step) -> Sentence:
    """Asks for the meaning of a gradient's sign, the direction of an update, or else the sign."""
    line = now.trace.program.lines[step.line - 1]
    if not step.last:
        return say("what is its sign?")
    if line.phase == "backward" and line.of is not None:
        loss = now.trace.program.loss
        if _is_one(now):
            return say("would {J} grow or fall if {of} grew?", J=loss, of=Name(line.of))
        return say("would {J} grow or fall if this entry of {of} grew?", J=loss, of=Name(line.of))
    if line.phase == "update" and line.target in now.trace.program.given:
        return say("does it end above or below where {name} was?", name=Name(line.target))
    return say("what is its sign?")
