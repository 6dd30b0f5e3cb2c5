"""What if: edits given numbers, and shows what a small nudge does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stepper.app.prompts import Prompt
from stepper.app.sight import loss_withheld, withheld
from stepper.app.snapshot import Move, Snapshot, recomputed, told
from stepper.app.worked import parts_of
from stepper.calculus.adjoint import gradient
from stepper.expr.errors import StepperError
from stepper.expr.sentence import say
from stepper.expr.tree import Call, Expr, Name, call, names
from stepper.labs.whatif import Edit
from stepper.ops.card import Index
from stepper.show.numbers import scalar

Given = tuple[str, Index]
"""An entry of a given value: its name and index."""

EDITABLE = ("parameter", "input", "target", "constant", "state")
WHAT = say("a number; or W1[2, 0] = 0.5 for another entry, lr = 0.5 for a constant")


def edit(now: Snapshot) -> Prompt | Snapshot:
    """Asks for a new number for the given entry most likely meant here; another can be named."""
    from stepper.labs.edit_text import read  # needed only after the first frame

    if now.outer is not None:
        return told(now, INSIDE)
    given = next(editable(now), None)
    if given is None:
        return told(now, "nothing is given here that could be edited")
    question = say("{entry} is {value}: make it", entry=item(now, given), value=_value(now, given))
    return Prompt(question, WHAT, lambda now, typed: edited(now, _one(now, read(typed, given))))


def _one(now: Snapshot, change: Edit) -> Edit:
    """The edit of a single entry if the name of a 1×1 matrix stands alone: `b3 = 0.5`."""
    alone = change.index is None and change.name in now.trace.program.given
    if alone and np.shape(now.trace.value(change.name)) == (1, 1):
        return replace(change, index=(0, 0))
    return change


def editable(now: Snapshot) -> Iterator[Given]:
    """The given entries that could be meant, the likeliest first: what the gradient is of, what the
    entry is made of, then all the rest."""
    given = [n for n, role in now.trace.program.given.items() if role in EDITABLE]
    for name, index in _here(now):
        if name in given:
            yield name, index
    read = {n for line in now.trace.program.lines for n in names(line.tree)}
    yield from ((name, (0, 0)) for name in given if name in read)


def _here(now: Snapshot) -> Iterator[Given]:
    """The names and entries involved in the current step, given or not."""
    step = now.step
    if step is None:
        return
    line = now.trace.program.lines[step.line - 1]
    if (
        line.of is not None
        and step.last
        and line.target == gradient(now.trace.program.loss, line.of)
    ):
        yield line.of, now.entry
    for of, used in parts_of(now).used.items():
        for index in sorted(used):
            if isinstance(of, Name):
                yield of.id, index
            elif isinstance(of, Call) and of.op == "transpose" and isinstance(of.args[0], Name):
                yield of.args[0].id, (index[1], index[0])


def item(now: Snapshot, given: Given) -> Expr:
    """`W2[2, 1]`, or for a scalar its name alone."""
    name, (row, column) = given
    if not np.ndim(now.trace.value(name)):
        return Name(name)
    return call("item", Name(name), row=row, column=column)


def _value(now: Snapshot, given: Given) -> str:
    value = now.trace.value(given[0])
    return scalar(float(value[given[1]] if np.ndim(value) else value))


def edited(now: Snapshot, change: Edit) -> Snapshot:
    """The same place after an edit, with all that follows from it. Raises StepperError."""
    after = recomputed(now, now.sample, (*now.edits, change))
    given = (change.name, change.index or (0, 0))
    loss = now.trace.program.loss
    made = say("{entry}: {old} → {new}", entry=item(now, given),
               old=_value(now, given), new=_value(after, given))  # fmt: skip
    if now.training is not None and now.training.goal is not None:
        return told(after, "{made}, but not in the training under way: {key_train} pauses, then "
                           "{key_train} trains with it", made=made)  # fmt: skip
    if loss_withheld(after):
        return told(after, "{made}; what it does is hidden. {key_undo} undoes", made=made)
    return told(
        after, "{made}; {J} {before} → {after}. {key_undo} undoes", made=made, J=loss,
        before=_value(now, (loss, (0, 0))), after=_value(after, (loss, (0, 0))),
    )  # fmt: skip


def undo(now: Snapshot) -> Snapshot:
    """Undoes the last edit."""
    if not now.edits and _before(now) is None:
        return told(
            now, "nothing is edited: {key_edit} edits a weight, an input, a target or a constant"
        )
    if now.outer is not None:
        return told(now, INSIDE)
    if not now.edits:
        return _untrained(now)
    last = now.edits[-1]
    after = recomputed(now, now.sample, now.edits[:-1])
    given = (last.name, last.index or (0, 0))
    said = say("{entry} is {value} again", entry=item(now, given), value=_value(after, given))
    left = len(after.edits)
    return told(after, "{said}; edits left: {n}, {key_undo_all} takes "
                       "them back" if left else "{said}",
                said=said, n=str(left))  # fmt: skip


def undo_all(now: Snapshot) -> Snapshot:
    """Undoes every edit, and the epochs that were trained with them."""
    if (len(now.edits) < 2 and _before(now) is None) or now.outer is not None:
        return undo(now)
    first, made = now, (*(now.training.edits if now.training is not None else ()), *now.edits)
    while (before := _before(first)) is not None:
        first = before
    there = replace(now, lab=first.lab, training=first.training)
    after = recomputed(there, now.sample, ())
    return told(after, "all {n} edits are taken back", n=str(len(made)))


def _before(now: Snapshot) -> Snapshot | None:
    """The frame from which training with edits began; None if there was no such training."""
    return now.training.before if now.training is not None else None


def _untrained(now: Snapshot) -> Snapshot:
    """Goes back to before the epochs that were trained with edits; the edits remain."""
    before = _before(now)
    assert before is not None
    there = replace(now, lab=before.lab, training=before.training)
    after = recomputed(there, before.sample, before.edits)
    return told(
        after, "epoch {n} again, before your edits were trained with; {key_undo} takes one back",
        n=str(before.lab.epoch),
    )  # fmt: skip


INSIDE = "in here every number is computed: {key_out} goes out, to what is given"


def nudged(eps: float) -> Move:
    """A move that says how a nudge of the selected weight by ε changes the loss, compared with
    gradient · ε; the weight itself is not changed."""

    def move(now: Snapshot) -> Snapshot:
        if now.outer is not None:
            return told(now, INSIDE)
        weights = (g for g in _here(now) if _has_gradient(now, g[0]))
        given = next(weights, None)
        if given is None:
            return told(now, "no weight is selected: go to a line that reads one, or its gradient")
        program = now.trace.program
        hidden = loss_withheld(now) or withheld(now, gradient(program.loss, given[0]))
        if hidden is not None:
            return replace(now, message=hidden)
        from stepper.labs.nudge import nudge  # needed only after the first frame

        try:
            found = nudge(now.lab, now.sample, now.edits, *given, eps)
        except StepperError as error:
            return replace(now, message=error.sentence)
        return replace(now, message=found.sentence)

    return move


def _has_gradient(now: Snapshot, name: str) -> bool:
    program = now.trace.program
    return name in program.given and gradient(program.loss, name) in now.trace.code.names
