"""Hide the results, guess them, and have them shown."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.hiding import Hiding
from stepper.app.moves.levels import into
from stepper.app.moves.steps import next_step
from stepper.app.prompts import Prompt
from stepper.app.snapshot import Snapshot, told
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say

WHAT = say("a number, a sign + - 0, a shape like 4x4, or a matrix [1, 2; 3, 4]")
LINES_HIDDEN = say("lines and results are hidden: = or enter to guess, space reveals, x shows all")
HIDDEN = say("results are hidden: = or enter to guess, space reveals, x shows all")


def hide(now: Snapshot) -> Snapshot:
    """Hide the result of every step, or show all again; what was revealed is hidden again."""
    if now.hiding.on:
        hiding = replace(now.hiding, on=False, lines=False)
        return replace(now, hiding=hiding, message=score(hiding))
    return _hidden(now, HIDDEN, lines=False)


def hide_so_much(now: Snapshot, count: int) -> Snapshot:
    """`2x` hides the lines too that follow from the forward program: what they make stays."""
    if count == 2:
        return _hidden(now, LINES_HIDDEN, lines=True)
    return hide(now) if count == 1 else told(now, "x hides the results, 2x their lines too")


def _hidden(now: Snapshot, said: Sentence, *, lines: bool) -> Snapshot:
    hiding = replace(now.hiding, on=True, lines=lines, revealed=frozenset(), judged=None)
    return replace(now, hiding=hiding, message=said)


def score(hiding: Hiding) -> Sentence:
    """How the guesses went, and at which results they were wrong."""
    if not hiding.tried:
        return say("results are shown again")
    right, tried = str(hiding.right), str(hiding.tried)
    said = say("results are shown again; {right} of {tried} right", right=right, tried=tried)
    missed = dict.fromkeys(hiding.missed)
    for n, of in enumerate(missed):
        said = say("{before}, {name}" if n else "{before}, not {name}", before=said, name=of)
    return said


def reveal(now: Snapshot) -> Snapshot:
    """Show the result of this step, without comment."""
    return replace(now, hiding=now.hiding.reveal(now.where), message=None)


def reveal_or_next(now: Snapshot) -> Snapshot:
    return reveal(now) if now.hidden else next_step(now)


def guess_or_into(now: Snapshot) -> Prompt | Snapshot:
    return guess(now) if now.hidden else into(now)


def guess(now: Snapshot) -> Prompt | Snapshot:
    """Ask for the selected entry of the result, or say why there is nothing to guess."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to guess: n")
    if not now.hiding.on:
        return told(now, "x hides the results first, then = asks for your guess")
    if not now.hidden:
        return told(now, "this result is shown already: n goes on, x twice hides it again")
    return Prompt(_question(now), WHAT, _answer, reveal)


def _question(now: Snapshot) -> Sentence:
    row, column = (str(i + 1) for i in now.entry)
    if not now.shape:
        return say("{name}: your guess (a number, or just + - 0)", name=now.result)
    return say(
        "{name}, row {row}, column {column}: your guess (a number, or just + - 0)",
        name=now.result, row=row, column=column,
    )  # fmt: skip


def _answer(now: Snapshot, typed: str) -> Snapshot:
    """Judge what was typed. Raises StepperError for what cannot be read, or tells too little."""
    from stepper.check.attempt import judge_step  # first wanted after the first frame

    assert now.step is not None
    assert now.result is not None
    verdict = judge_step(typed, now.trace, now.step, now.entry)
    if not verdict.is_attempt:
        raise StepperError(verdict.sentence.template, **verdict.sentence.fields)
    hiding = now.hiding.judge(now.where, verdict.right, verdict.sentence, now.result)
    return replace(now, hiding=hiding, message=None)
