"""Judges numbers: a learner's values of one name, on the data the lab shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from stepper.calculus.adjoint import adjoint
from stepper.check.digits import Numbers, numbers
from stepper.check.guess import ENOUGH
from stepper.check.judged import JudgedLine
from stepper.check.number_files import grid
from stepper.check.relation import relation, where
from stepper.check.replay import Replay, replays
from stepper.expr.errors import StepperError, near
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.language.parse import parse
from stepper.ops.card import Value
from stepper.program.trace import Trace

ENOUGH_TO_NAME = 4
"""The digits, in total, that suffice to tell some hundred mistakes apart."""
ENOUGH_FOR_A_NAME = 3
"""The digits, in total, that suffice to tell a quantity of a run from some twenty others."""
MOST_SAMPLES = 200
"""How many other samples are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class NumbersJudged:
    """The verdict on a learner's numbers."""

    line: JudgedLine
    theirs: Numbers
    right: Value
    wrong: Value | None
    """Which entries are wrong; None if the shape is."""


def name_of(lab: Lab, typed: str) -> str:
    """The computed name that was meant: `dJ_dW2`, `∂J/∂W2`. Raises StepperError for any other."""
    lab, tree = derived(lab), parse(typed, layout=lab.layout)
    lines = [line for line in lab.program.lines if line.phase != "update"]
    known = [line.target for line in lines]
    if isinstance(tree, Name) and tree.id in known:
        return tree.id
    if isinstance(tree, Name) and tree.id in lab.program.given:
        raise StepperError("{name} is given: there is nothing to check", name=tree.id)
    raise StepperError(
        "{lab} computes no `{name}`.{near}", lab=lab.name, name=typed, near=near(typed, known)
    )


@lru_cache(maxsize=4)
def derived(lab: Lab) -> Lab:
    """The lab with the derived backward program, whatever its author wrote."""
    program = lab.program
    lines = (*program.phase("forward"), *adjoint(lab.forward), *program.phase("update"))
    return replace(lab, program=replace(program, lines=lines, altered=None))


def judge_numbers(lab: Lab, of: str, source: str, sample: int | None) -> NumbersJudged:
    """Judges a learner's numbers, typed or in a file, against the computed ones for one sample
    (None: all).

    Raises StepperError if they cannot be read, or if the lab itself produces a nan or an inf.
    """
    lab = derived(lab)
    trace = lab.trace(sample)
    right = trace.value(of)
    theirs = numbers(grid(source, of), np.shape(right))
    wrong = theirs.misses(right) if np.shape(theirs.values) == np.shape(right) else None
    same = _replays(lab, trace, of, theirs)
    if wrong is None or np.any(wrong):
        line = _wrong_line(lab, trace, of, source, theirs, wrong, same)
        line = replace(line, notes=tuple(_elsewhere(lab, of, theirs, sample)))
    elif theirs.tell(right):
        message = say("right, to every digit that is given")
        line = JudgedLine(source, "right", message, of, recognised=of, notes=_alike(same))
    else:
        line = JudgedLine(source, "unknown", _too_few(), of)
    return NumbersJudged(line, theirs, right, wrong)


def _replays(lab: Lab, trace: Trace, of: str, theirs: Numbers) -> list[Replay]:
    """The mistakes that give these numbers, within their digits; none if there are too few digits.

    Numbers that are right to many digits come from no mistake. Many mistakes give 0, so a 0 is
    blamed only on its own line.
    """
    right = trace.value(of)
    if theirs.are(right) and theirs.are_fine:
        return []
    if theirs.information(right) < ENOUGH_TO_NAME:
        return _exact(lab, trace, of, theirs)
    found = [replay for replay in replays(lab, trace, of) if theirs.are(replay.value)]
    return found if np.any(theirs.values) else [r for r in found if not r.steps]


def _exact(lab: Lab, trace: Trace, of: str, theirs: Numbers) -> list[Replay]:
    """The mistakes of the line itself that give exactly these few digits, entry by entry."""
    if np.count_nonzero(theirs.values) < ENOUGH_TO_NAME:
        return []
    own = (replay for replay in replays(lab, trace, of) if not replay.steps)
    return [replay for replay in own if theirs.equal(replay.value)]


def _wrong_line(
    lab: Lab,
    trace: Trace,
    of: str,
    source: str,
    theirs: Numbers,
    wrong: Value | None,
    same: list[Replay],
) -> JudgedLine:
    """What explains wrong numbers: a mistake of the backward pass, a factor, or where they are."""
    if same:
        best = same[0]
        also = dict.fromkeys(r.switch.mistake.id for r in same)
        del also[best.switch.mistake.id]
        return JudgedLine(
            source, "wrong", _made(best), of, mistake=best.switch.mistake.id, also=tuple(also),
            clue=_hinted(best),
        )  # fmt: skip
    right = trace.value(of)
    if (seen := _another(trace, of, theirs)) is not None:
        message = say("these are the numbers of {seen}, not of {of}", seen=Name(seen), of=Name(of))
        return JudgedLine(source, "wrong", message, of, recognised=seen)
    told = _explained(theirs, right, _count(trace))
    told = told or (_misshapen(theirs, right, of) if wrong is None else where(wrong))
    return JudgedLine(source, "wrong", told, of)


def _another(trace: Trace, of: str, theirs: Numbers) -> str | None:
    """Another quantity of the run that has these numbers, if they have enough digits."""
    for name, slots in trace.code.names.items():
        value = trace.values[slots[0]]
        if name != of and theirs.are(value) and theirs.information(value) >= ENOUGH_FOR_A_NAME:
            return name
    return None


def _made(replay: Replay) -> Sentence:
    switch = replay.switch
    return say(
        "exactly these numbers come out of `{id}` in line {n}: {target} = {wrong}, where {right} "
        "is right. {sentence}",
        id=switch.mistake.id, n=str(switch.number), target=Name(switch.right.target),
        wrong=switch.wrong, right=switch.right.tree, sentence=say(switch.mistake.sentence),
    )  # fmt: skip


def _hinted(replay: Replay) -> Sentence:
    """Which mistake it is, for a learner who is to find the right form."""
    switch = replay.switch
    return say(
        "exactly these numbers come out of `{id}` in the line of {target}. {sentence}",
        id=switch.mistake.id, target=Name(switch.right.target),
        sentence=say(switch.mistake.sentence),
    )  # fmt: skip


def _alike(same: list[Replay]) -> tuple[Sentence, ...]:
    """The mistakes that the digits of right numbers cannot rule out."""
    if not same:
        return ()
    ids = dict.fromkeys(replay.switch.mistake.id for replay in same)
    return (
        say(
            "so few digits cannot tell them from those of {ids}: more would",
            ids=", ".join(f"`{id}`" for id in ids),
        ),
    )


def _too_few() -> Sentence:
    return say(
        "too few digits to tell: they fit, but so would others; the largest number needs {n}",
        n=str(ENOUGH),
    )


def _count(trace: Trace) -> int | None:
    return int(trace.value("N")) if "N" in trace.code.names else None


def _explained(theirs: Numbers, right: Value, samples: int | None) -> Sentence | None:
    fits = theirs.are if theirs.tell(right) else theirs.equal
    return relation(right, fits, theirs.factor, samples)


def _misshapen(theirs: Numbers, right: Value, of: str) -> Sentence:
    return say(
        "this is {theirs}, and {of} is {ours}",
        theirs=_by(theirs.values), of=Name(of), ours=_by(right),
    )  # fmt: skip


def _by(value: Value) -> str | Sentence:
    return "×".join(map(str, np.shape(value))) or say("a single number")


def _elsewhere(lab: Lab, of: str, theirs: Numbers, sample: int | None) -> Iterator[Sentence]:
    """The other sample, or the whole batch, for which wrong numbers would be right."""
    if lab.data is None:
        return
    others = [k for k in (None, *range(min(lab.samples, MOST_SAMPLES))) if k != sample]
    for other in others:
        values = lab.code.run(lab.given(None if other is None else [other]))
        there = values[lab.code.names[of][0]]
        if theirs.are(there) and theirs.tell(there):
            yield _right_for(other, lab)
            return


def _right_for(other: int | None, lab: Lab) -> Sentence:
    if other is None:
        return say("they are right for all {n} samples at once", n=str(lab.samples))
    return say("they are right for sample {k}, counted from 0", k=str(other))
