"""Judging whatever a learner types for the step they stand on."""

from __future__ import annotations

from stepper.check.guess import Verdict, judge
from stepper.ops.card import Index
from stepper.program.code import Step
from stepper.program.trace import Trace


def judge_step(typed: str, trace: Trace, step: Step, index: Index) -> Verdict:
    """What was typed against a step's result, or against one entry of it (row and column, from 0).

    It may be a number, a sign, a shape or a matrix. The step is known too, with all that ran
    before it, so that this is the place for a kind of answer that is about more than the result.
    """
    return judge(typed, trace.values[step.output], index)
