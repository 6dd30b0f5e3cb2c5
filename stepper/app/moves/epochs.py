"""Training from the debugger: for so many epochs, until a condition holds, to an epoch or back."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from stepper.app.prompts import Prompt
from stepper.app.sight import loss_withheld
from stepper.app.snapshot import Snapshot, outermost, recomputed, told
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, Span
from stepper.show.numbers import scalar

if TYPE_CHECKING:
    from stepper.app.training import Goal, Report, Training

MOST = 1_000_000_000
"""The most epochs of a training."""
NUMBER = r"\d{1,100}"
"""A typed number; the length is limited because Python refuses to parse very long ones."""
CAN_TYPE = say("epochs, 500; or until J < 0.1, until max(abs(dJ_dW1)) < 1e-6; or start: epoch 0")


def ask(now: Snapshot) -> Prompt | Snapshot:
    """The prompt of `t`; while a training is under way, `t` pauses it."""
    if _goal(now) is not None:
        return pause(now)
    usual, done = now.lab.training.epochs, now.lab.epoch
    epochs = str(usual - done if done < usual else usual)
    question = say("train; enter: {epochs} epochs", epochs=epochs)
    return Prompt(question, CAN_TYPE, train, lambda now: train(now, epochs))


def train(now: Snapshot, typed: str) -> Snapshot:
    """The frame with what was typed as its goal. Raises StepperError if that is no goal."""
    if typed == "start":
        return to_epoch(now, _known(now).first.epoch)
    if re.fullmatch(NUMBER, typed):
        return _watched(_towards(now, now.lab.epoch + _checked(int(typed))))
    until = _condition(now, typed)
    return _watched(_towards(now, now.lab.epoch + MOST, until))


def _watched(now: Snapshot) -> Snapshot:
    """The same frame with the goal marked as watched, which shows the loss panel."""
    training = _known(now)
    assert training.goal is not None
    return replace(now, training=replace(training, goal=replace(training.goal, watched=True)))


def _checked(epochs: int) -> int:
    if not 1 <= epochs <= MOST:
        raise StepperError("{n} is no number of epochs: 1 to {most}", n=epochs, most=MOST)
    return epochs


def _condition(now: Snapshot, typed: str) -> Expr:
    """The condition after `until`. Raises StepperError, its span within the whole typed text."""
    from stepper.train.fit import condition  # needed only for training

    source = re.sub(r"^until\b\s*", "", typed)
    if not source:
        raise StepperError("until what? until J < 0.1")
    try:
        return condition(now.lab, source)
    except FormulaError as error:
        if error.span is not None:
            before = len(typed) - len(source)
            error.span = Span(before + error.span[0], before + error.span[1])
        raise


def pause(now: Snapshot) -> Snapshot:
    """Ends the training under way, after its current epoch."""
    training = _known(now)
    if training.goal is None:
        return told(now, "nothing is being trained: {key_train} trains")
    paused = replace(training, goal=replace(training.goal, paused=True))
    return told(replace(now, training=paused), "training pauses")


def next_epoch(now: Snapshot) -> Snapshot:
    return further(now, 1)


def further(now: Snapshot, epochs: int) -> Snapshot:
    """Goes so many epochs on, trained now or before."""
    goal = _goal(now)
    return to_epoch(now, (goal.epoch if goal and not goal.until else now.lab.epoch) + epochs)


def back_epoch(now: Snapshot) -> Snapshot:
    return earlier(now, 1)


def earlier(now: Snapshot, epochs: int) -> Snapshot:
    """Goes so many epochs back, at most to the first."""
    goal, training = _goal(now), _known(now)
    first = training.first.epoch
    here = goal.epoch if goal and goal.epoch < now.lab.epoch else now.lab.epoch
    if here == first and training.before is not None:
        return told(
            now, "your edits are trained with from epoch {n} on: {key_undo} goes back to before",
            n=str(first),
        )  # fmt: skip
    if here == first:
        return told(
            now,
            "epoch {n} is the first one here: {key_epoch} trains one, {key_train} more",
            n=str(first),
        )
    return to_epoch(now, max(here - epochs, first))


def to_epoch(now: Snapshot, epoch: int) -> Snapshot:
    """Goes to the weights after an epoch, by training on from the nearest ones at hand."""
    training = _known(now)
    if epoch == now.lab.epoch:
        return told(now, "this is epoch {n}", n=str(epoch))
    if not training.first.epoch <= epoch <= MOST:
        return told(now, "there is no epoch {n} here: the first is {first}",
                    n=str(epoch), first=str(training.first.epoch))  # fmt: skip
    try:
        return _towards(now, epoch)
    except StepperError as error:
        return replace(now, message=error.sentence)


def _towards(now: Snapshot, epoch: int, until: Expr | None = None) -> Snapshot:
    """The frame whose goal is an epoch or a condition."""
    from stepper.app.training import Goal  # needed only for training
    from stepper.train.loop import start

    onwards = until is not None or epoch > now.lab.epoch
    if onwards and outermost(now).edits:
        now = _with_edits(now)
    training, here = _known(now), start(now.lab)
    near = training.nearest(epoch)
    begin = here if until is not None or near.epoch <= here.epoch <= epoch else near
    wanted = replace(training, goal=Goal(begin, epoch, until), stopped=None, failed=None)
    said = say("training: {key_train} pauses; all keys work as before")
    if onwards and training.edits:
        said = say("training with your edits: {key_train} pauses; all keys work as before")
    return replace(now, training=wanted, message=said)


def _with_edits(now: Snapshot) -> Snapshot:
    """The frame from which training goes on with the edits on the screen.

    Raises StepperError if an edit is of a number that no training can start with.
    """
    from stepper.app.training import begun_edited

    there = outermost(now)
    if there.training is not None:
        there = replace(there, training=replace(there.training, goal=None))
    training = begun_edited(there)
    return replace(there, lab=training.first, training=training, edits=())


def _known(now: Snapshot) -> Training:
    from stepper.app.training import begun

    return now.training or begun(now.lab)


def _goal(now: Snapshot) -> Goal | None:
    """The goal of the training under way; None without one, and while it pauses."""
    goal = now.training.goal if now.training is not None else None
    return None if goal is None or goal.paused else goal


def reached(now: Snapshot, report: Report) -> Snapshot:
    """The same place with the weights a training has reached, and its curve."""
    training = report.training
    if training.goal is not None:
        return _shown(now, report) if now.outer is None else replace(now, training=training)
    there = _shown(outermost(now), report)
    return replace(there, message=ended(there))


def _shown(now: Snapshot, report: Report) -> Snapshot:
    """The frame with a report's weights; with its own weights if the new ones cannot be run."""
    from stepper.train.loop import at

    lab = at(report.training.first, report.state)
    try:
        return recomputed(replace(now, lab=lab, training=report.training), now.sample, now.edits)
    except StepperError:
        return replace(now, training=report.training)


def ended(now: Snapshot) -> Sentence:
    """Why training stopped, and how well the lab does there."""
    training, epoch = now.training, str(now.lab.epoch)
    assert training is not None
    if training.failed is not None:
        return say("training ended after epoch {n}: {why}", n=epoch, why=training.failed)
    if training.stopped == "nan":
        if training.broke is None:
            return say("training broke after epoch {n}", n=epoch)
        if not isfinite(training.broke.rate):
            return say("epoch {epoch} broke: the schedule has raised its learning rate to {rate}. "
                       "{key_epoch_back} goes back",
                       epoch=str(training.broke.epoch), rate=str(training.broke.rate))  # fmt: skip
        return say("epoch {epoch} broke at {which}: step {step} in line {line} is {value}. "
                   "{key_epoch_back} goes back", **training.broke.sentence.fields)  # fmt: skip
    how = _how(now)
    if training.stopped == "until":
        return say("the condition holds after epoch {n}: {how}", n=epoch, how=how)
    if training.stopped == "interrupted":
        return say("paused after epoch {n}: {how}; {key_train} goes on", n=epoch, how=how)
    return say("epoch {n}: {how}", n=epoch, how=how)


def _how(now: Snapshot) -> Sentence:
    """The loss on all samples and how many are right, unless results are hidden."""
    from stepper.app.noticed import edited_lab, right, whole

    lab, loss = edited_lab(now), now.lab.forward.loss
    if loss_withheld(now) is not None:
        return say("results are hidden")
    trace = whole(lab)
    value, hits = scalar(float(trace.value(loss))), right(trace, lab)
    how = say("{J} {value}", J=loss, value=value)
    if hits is not None:
        how = say("{J} {value}, {right} of {all} right", J=loss, value=value,
                  right=str(hits), all=str(lab.samples))  # fmt: skip
    trained = now.training is not None and now.training.edits
    return say("{how}, with your edits", how=how) if trained else how
