"""Hides the results, judges guesses at them, and reveals them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stepper.app.hiding import Answered, Hiding
from stepper.app.moves.levels import into
from stepper.app.moves.steps import ASKED, next_step
from stepper.app.prompts import Prompt
from stepper.app.sight import is_asked, is_hidden
from stepper.app.snapshot import Snapshot, told
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import Sentence, say

if TYPE_CHECKING:
    from stepper.check.guess import Verdict

WHAT = say("a number, a sign + - 0, a shape like 4x4, or a matrix [1, 2; 3, 4]")
WHAT_ELSE = say("a number, + - 0, a shape 4x4, a matrix [1, 2; 3, 4], a formula g @ a.T")
LINES_HIDDEN = say(
    "lines and results are hidden: {key_guess} or {key_enter} to "
    "guess, {key_reveal} reveals, {key_hide} shows all"
)
HIDDEN = say(
    "results are hidden: {key_guess} or {key_enter} to guess, "
    "{key_reveal} reveals, {key_hide} shows all"
)


def hide(now: Snapshot) -> Snapshot:
    """Hides the result of every step, even if it was revealed before, or shows all again."""
    if is_asked(now):
        return replace(now, message=ASKED)
    if now.hiding.on:
        hiding = now.hiding._replace(on=False, lines=False)
        return replace(now, hiding=hiding, message=score(hiding))
    return _hidden(now, HIDDEN, lines=False)


def hide_so_much(now: Snapshot, count: int) -> Snapshot:
    """`2x` hides the lines that follow from the forward program too, except for their targets."""
    if count == 2:
        return _hidden(now, LINES_HIDDEN, lines=True)
    if count == 1:
        return hide(now)
    return told(now, "{key_hide} hides the results, 2{key_hide} their lines too")


def _hidden(now: Snapshot, said: Sentence, *, lines: bool) -> Snapshot:
    hiding = now.hiding._replace(on=True, lines=lines, revealed=frozenset(), judged=None)
    return replace(now, hiding=hiding, message=said)


def score(hiding: Hiding) -> Sentence:
    """The score of the guesses, and the results that were guessed wrong."""
    if not hiding.tried:
        return say("results are shown again")
    right, tried = str(hiding.right), str(hiding.tried)
    said = say("results are shown again; {right} of {tried} right", right=right, tried=tried)
    missed = dict.fromkeys(hiding.missed)
    for n, of in enumerate(missed):
        said = say("{before}, {name}" if n else "{before}, not {name}", before=said, name=of)
    return said


def reveal(now: Snapshot) -> Snapshot:
    """Shows the result of this step, without comment, unless a lesson asks for it."""
    if is_asked(now):
        return replace(now, message=ASKED)
    return replace(now, hiding=now.hiding.reveal(now.where), message=None)


def reveal_or_next(now: Snapshot) -> Snapshot:
    return reveal(now) if is_hidden(now) else next_step(now)


def guess_or_into(now: Snapshot) -> Prompt | Snapshot:
    return guess(now) if is_hidden(now) else into(now)


def guess(now: Snapshot) -> Prompt | Snapshot:
    """Asks for the selected entry of the result or for its line; or says why it does not."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to guess: {key_next}")
    if is_asked(now):
        return replace(now, message=ASKED)
    if _takes_formula(now):
        on_nothing = reveal if is_hidden(now) else None
        return Prompt(_question(now), WHAT_ELSE, _answer, on_nothing, _tried(now))
    if not now.hiding.on:
        return told(now, "{key_hide} hides the results first, then {key_guess} asks for your guess")
    if not is_hidden(now):
        return told(
            now, "this result is shown already: {key_next} goes on, {key_hide} twice hides it again"
        )
    return Prompt(_question(now), WHAT, _answer, reveal)


def _tried(now: Snapshot) -> str:
    """The wrong formula typed here, offered for correction; empty without one."""
    answer = now.hiding.answer(now.where)
    wrong = answer is not None and answer.line is not None and answer.line.verdict == "wrong"
    return answer.line.text if answer and answer.line and wrong else ""


def _question(now: Snapshot) -> Sentence:
    if not is_hidden(now):
        return say("{name}: type its line yourself", name=now.result)
    guess = say("your guess (a number, or just + - 0)")
    if _takes_formula(now):
        guess = say("your guess, or its line as a formula")
    if not now.shape:
        return say("{name}: {guess}", name=now.result, guess=guess)
    row, column = (str(i + 1) for i in now.entry)
    return say("{name}, row {row}, column {column}: {guess}",
               name=now.result, row=row, column=column, guess=guess)  # fmt: skip


def _answer(now: Snapshot, typed: str) -> Snapshot:
    """Judges what was typed. Raises StepperError if it cannot be parsed or tells too little."""
    from stepper.check.attempt import judge_step  # needed only after the first frame
    from stepper.show.checked import message

    assert now.step is not None
    assert now.result is not None
    verdict = judge_step(typed, now.lab, now.trace, now.step, now.entry)
    if not verdict.is_attempt:
        raise _slip(verdict)
    said = message(verdict.line) if verdict.line else verdict.sentence
    answer = Answered(now.where, said, verdict.line)
    hiding = now.hiding._replace(judged=answer)
    if is_hidden(now):
        hiding = now.hiding.judge(answer, verdict.right, now.result)
    return replace(now, hiding=hiding, message=None)


def _takes_formula(now: Snapshot) -> bool:
    from stepper.check.attempt import takes_formula

    return now.step is not None and takes_formula(now.lab, now.trace, now.step)


def _slip(verdict: Verdict) -> StepperError:
    """The error for input that is no attempt; it says why and where."""
    said = verdict.sentence
    if verdict.line is None:
        return StepperError(said.template, **said.fields)
    return FormulaError("formula", verdict.line.span, said.template, **said.fields)
