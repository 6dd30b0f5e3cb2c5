"""The question that stands in the place of the reason while a result is hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from stepper.app.sight import line_covered
from stepper.app.snapshot import Snapshot
from stepper.app.worked import parts_of
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Name, Number, names
from stepper.ops.card import Index
from stepper.program.code import Step


def question(now: Snapshot, step: Step) -> Sentence:
    """What the entry is made of and which way it goes, asked and not said."""
    if line_covered(now, step.line):
        return say("Before you look: how is {name} made of what stands here, and why has it this "
                   "shape?", name=now.result)  # fmt: skip
    made_of = _made_of(parts_of(now).used)
    which = say("which {n} numbers on this screen make this entry", n=str(made_of))
    if made_of == 1:
        which = say("which number on this screen makes this entry")
    return say("Before you look: {which}, and {way}", which=which, way=_way(now, step))


def _made_of(used: Mapping[Expr, Collection[Index]]) -> int:
    """How many numbers an entry is made of; those of a view count once, not as its matrix's too."""
    viewed = {name for of in used if not isinstance(of, Name) for name in names(of)}
    shown = (of for of in used if not (isinstance(of, Name) and of.id in viewed))
    return sum(len(used[of]) for of in shown if not isinstance(of, Number))


def _way(now: Snapshot, step: Step) -> Sentence:
    """Of a gradient what its sign means, of an updated value its direction, else the sign."""
    line = now.trace.program.lines[step.line - 1]
    if not step.last:
        return say("what is its sign?")
    if line.phase == "backward" and line.of is not None:
        loss = now.trace.program.loss
        return say("would {J} grow or fall if this entry of {of} grew?", J=loss, of=Name(line.of))
    if line.phase == "update" and line.target in now.trace.program.given:
        return say("does it end above or below where {name} was?", name=Name(line.target))
    return say("what is its sign?")
