"""Judges a lab's own backward program like a learner's."""

from __future__ import annotations

from dataclasses import replace

from stepper.calculus.adjoint import gradient
from stepper.check.formula import judge
from stepper.check.judged import Judged, JudgedLine
from stepper.check.vocabulary import Vocabulary
from stepper.check.world import World, same, value_of, worlds
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.language.text import Style
from stepper.ops.card import Value


def judge_own(lab: Lab) -> Judged:
    """Judges the backward program that a lab's author derived by hand, line by line.

    If every gradient is N times right, that is said instead: the author divides in the update, or
    means a sum. Raises StepperError for a lab without one.
    """
    if not lab.own_backward:
        raise StepperError(
            "{lab} has no backward program of its own: its backward lines are derived",
            lab=lab.name,
        )
    judged = judge(lab, "\n".join(line.text(Style()) for line in lab.own_backward))
    return _scaled(lab, judged) if is_n_times(lab) else judged


def is_n_times(lab: Lab) -> bool:
    """Whether all of the author's parameter gradients are N times the true ones."""
    try:
        return all(_is_n_times(lab, world) for world in worlds(lab))
    except FormulaError:  # shapes that fit only because two layers happen to have the same width
        return False


def _is_n_times(lab: Lab, world: World) -> bool:
    own: dict[str, Value] = {}
    for line in lab.own_backward:
        own[line.target] = value_of(line.tree, world, own)
    gradients = {gradient(lab.forward.loss, p) for p in lab.forward.parameters} & set(own)
    if not gradients or "N" not in world.values:
        return False
    return all(same(world.values["N"] * world.values[g], own[g]) for g in gradients)


def _scaled(lab: Lab, judged: Judged) -> Judged:
    return Judged(tuple(_until_the_update(line, lab) for line in judged.lines))


def _until_the_update(line: JudgedLine, lab: Lab) -> JudgedLine:
    if line.target not in Vocabulary(lab).gradients:
        return line
    message = say("right × N until the update: {target} N times", target=Name(line.target or ""))
    return replace(
        line, verdict="right", message=message, mistake=None, also=(), span=None, why=None,
        recognised=None, notes=(),
    )  # fmt: skip
