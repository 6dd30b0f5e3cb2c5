"""Judges whatever a learner types for the current step."""

from __future__ import annotations

from stepper.check.guess import Verdict, judge
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name, names
from stepper.labs.lab import Lab
from stepper.ops.card import Index
from stepper.program.code import Step
from stepper.program.trace import Trace


def judge_step(typed: str, lab: Lab, trace: Trace, step: Step, index: Index) -> Verdict:
    """Judges an answer against a step's result, or against one entry of it (row and column, from
    0).

    It may be a number, a sign, a shape or a matrix; for a gradient also a formula, which is judged
    in generic worlds and not by the numbers shown. Raises StepperError if the lab yields no finite
    world.
    """
    verdict = judge(typed, trace.values[step.output], index)
    if verdict.kind == "invalid" and any(letter.isalpha() for letter in typed):
        return _formula(typed, lab, trace, step)
    return verdict


def takes_formula(lab: Lab, trace: Trace, step: Step) -> bool:
    """Whether the step ends a line that computes a gradient of the lab."""
    return step.last and trace.program.lines[step.line - 1].target in _gradients(lab)


def _gradients(lab: Lab) -> tuple[str, ...]:
    return tuple(line.target for line in lab.program.phase("backward"))


def _formula(typed: str, lab: Lab, trace: Trace, step: Step) -> Verdict:
    """Judges the formula of a line, with a diagnosis if it is wrong."""
    from stepper.check.formula import judge  # needed only once a formula is typed

    target = trace.program.lines[step.line - 1].target
    if not takes_formula(lab, trace, step):
        return Verdict("invalid", False, _no_formula(step, target))
    line = judge(lab.right, typed, target).lines[-1]
    if line.verdict in ("invalid", "unknown"):
        return Verdict("invalid", False, line.message, line)
    if line.target != target:
        other = say("this is a line for {other}; here it is {target}",
                    other=Name(str(line.target)), target=Name(target))  # fmt: skip
        return Verdict("invalid", False, other)
    if target in _read(lab, typed):
        itself = say("{target} is what is asked for: write it with other names",
                     target=Name(target))  # fmt: skip
        return Verdict("invalid", False, itself)
    return Verdict("formula", line.verdict == "right", line.message, line)


def _read(lab: Lab, typed: str) -> frozenset[str]:
    """The known names a formula reads."""
    from stepper.check.vocabulary import Vocabulary

    return frozenset(names(Vocabulary(lab.right).read(typed, {}).tree))


def _no_formula(step: Step, target: str) -> Sentence:
    """Why a formula is not judged here."""
    if not step.last:
        return say("a formula is for a whole line, and this is a part of it: {key_out} goes out "
                   "to it")  # fmt: skip
    return say(
        "the line of {target} is given: formulas are judged for gradients; here it is a number, "
        "a sign or a shape",
        target=Name(target),
    )
