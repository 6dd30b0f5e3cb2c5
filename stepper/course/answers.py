"""Judges an answer to any kind of step; formulas and numbers are judged by `check`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Literal

import numpy as np

from stepper.check import guess
from stepper.check.formula import judge_on
from stepper.check.judged import JudgedLine
from stepper.check.judging import invalid
from stepper.check.numbers import judge_numbers
from stepper.check.switch import with_mistake
from stepper.check.typed import Grid, Numeral, read
from stepper.check.vocabulary import Vocabulary
from stepper.course.lesson import Explain, Fill, FindBug, Formula, Judged, Matrix, Predict, Step
from stepper.course.stage import Stage
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name, names
from stepper.labs.lab import Lab
from stepper.language.parse import parse
from stepper.language.tokens import whole_number
from stepper.ops.card import Value
from stepper.program.program import Alteration

BLANK = "?"
_NAMED = re.compile(r"\w+(?:\.T)?")
FIRST = (0, 0)

Verdict = Literal["right", "wrong", "slip"]
"""A `slip` could not be judged and does not count as an attempt."""


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The verdict on an answer, and what to say; `part` names the lesson's own prose about it."""

    verdict: Verdict
    said: Sentence | None = None
    line: JudgedLine | None = None
    mistake: str | None = None
    part: str | None = None


def plain(typed: str) -> str:
    """What was typed, normalised from what an input method made of it."""
    return unicodedata.normalize("NFKC", typed).strip()


@singledispatch
def answered(step: Step, stage: Stage, typed: str) -> Answered:
    """Judges an answer to a step. Never raises, whatever is typed."""
    return Answered("slip", say("nothing is asked here: an empty answer goes on"))


@singledispatch
def answer_of(step: Step, stage: Stage) -> str:
    """A right answer, as it could be typed."""
    return ""


@answered.register
def _(step: Explain, stage: Stage, typed: str) -> Answered:
    return _chosen(step.choices, step.answer, typed)


@answer_of.register
def _(step: Explain, stage: Stage) -> str:
    return step.answer


@answered.register
def _(step: Predict, stage: Stage, typed: str) -> Answered:
    if step.of is None:
        return _chosen(step.choices, str(step.answer), typed)
    value = stage.value(step.of)
    verdict = guess.judge(typed, value, FIRST)
    if not verdict.is_attempt:
        return Answered("slip", verdict.sentence)
    if np.size(value) == 1 and verdict.kind != "number":
        return Answered("slip", say("the number is asked, with its sign"))
    if np.size(value) > 1 and verdict.kind in ("number", "sign"):
        return Answered("slip", say("this is a matrix: type its shape, 4x1, or all its numbers"))
    return Answered("right" if verdict.right else "wrong", verdict.sentence)


@answer_of.register
def _(step: Predict, stage: Stage) -> str:
    return str(step.answer) if step.of is None else digits(stage.value(step.of))


def _chosen(choices: Sequence[str], right: str, typed: str) -> Answered:
    """Judges a choice, given by its number from 1 or by its name."""
    word = plain(typed).rstrip(".)").lower()
    numbered = {str(n): choice for n, choice in enumerate(choices, 1)}
    chosen = numbered.get(word, word)
    if chosen not in choices:
        return Answered("slip", say("type the number of a choice, 1 to {n}", n=str(len(choices))))
    return Answered("right" if chosen == right else "wrong", part=f"wrong-{chosen}")


@answered.register
def _(step: Formula, stage: Stage, typed: str) -> Answered:
    return _judged(stage, step, typed, step.names)


@answered.register
def _(step: Fill, stage: Stage, typed: str) -> Answered:
    """Fills the blanks with what was typed; a whole formula is judged as it stands."""
    pieces = [piece.strip() for piece in typed.replace("；", ";").rstrip("; ").split(";")]
    whole = _judged(stage, step, typed)
    if len(pieces) == 1 and whole.verdict == "right":
        return whole
    blanks = step.formula.count(BLANK)
    if len(pieces) != blanks:
        return Answered("slip", _wanted(blanks))
    words = Vocabulary(stage.lab)
    for piece in pieces:
        try:
            words.read(piece, {})
        except FormulaError as error:
            return Answered("slip", line=invalid(piece, error))
    return _judged(stage, step, filled_in(step.formula, pieces))


@answer_of.register
def _(step: Judged, stage: Stage) -> str:
    return step.answer


def _wanted(blanks: int) -> Sentence:
    if blanks == 1:
        return say("there is one blank: one formula, without ;")
    return say("what goes into each of the {n} blanks? With ; between them", n=str(blanks))


def filled_in(formula: str, pieces: Sequence[str]) -> str:
    """The formula with its blanks filled, in brackets except for names and transposed names."""
    parts = formula.split(BLANK)
    put = [piece if _NAMED.fullmatch(piece) else f"({piece})" for piece in pieces]
    return "".join(part + piece for part, piece in zip(parts, [*put, ""], strict=True))


def _judged(stage: Stage, step: Judged, typed: str, allowed: Sequence[str] = ()) -> Answered:
    """Judges a formula for the target by its value."""
    line = _untold(judge_on(stage.lab, stage.sample, typed, step.target).lines[-1])
    if line.verdict in ("invalid", "unknown"):
        return Answered("slip", line=line, mistake=line.mistake)
    if line.target != step.target:
        said = say("this is about {theirs}; {asked} is asked",
                   theirs=Name(line.target or "?"), asked=Name(step.target))  # fmt: skip
        return Answered("slip", said)
    if (beyond := _beyond(stage.lab, step.target, line.text, allowed)) is not None:
        return Answered("slip", beyond)
    if line.verdict == "right":
        return Answered("right", line=line)
    return Answered("wrong", line=line, mistake=line.mistake)


def _untold(line: JudgedLine) -> JudgedLine:
    """The verdict without the right form, which is left to the learner, or to the last hint."""
    return line if line.clue is None else replace(line, message=line.clue, why=None)


def _beyond(lab: Lab, target: str, typed: str, allowed: Sequence[str]) -> Sentence | None:
    """Why a formula does not count though it can be judged: it reads what is still to be found."""
    words = Vocabulary(lab)
    read = names(words.read(typed, {}).tree)
    if allowed and not read:
        return say("a formula is asked, not its value: make it of {allowed}",
                   allowed=", ".join(allowed))  # fmt: skip
    if target in read:
        return say("{target} is what is asked: write what it is made of", target=Name(target))
    more = sorted(n for n in read & set(words.gradients) if allowed and n not in allowed)
    if more:
        return say("write it without {name}: with {allowed}",
                   name=Name(more[0]), allowed=", ".join(allowed))  # fmt: skip
    return None


@answered.register
def _(step: Matrix, stage: Stage, typed: str) -> Answered:
    """Judges numbers; a message about wrong ones does not reveal the right ones."""
    try:
        found = read(typed)
    except StepperError as slip:
        return Answered("slip", slip.sentence)
    value = stage.value(step.of)
    one_of_many = isinstance(found, Numeral) and np.size(value) > 1
    if one_of_many or not isinstance(found, Numeral | Grid):
        return Answered("slip", _numbers_asked(value))
    verdict = guess.judge(typed, value, FIRST)
    if not verdict.is_attempt:
        return Answered("slip", verdict.sentence)
    if verdict.right:
        return Answered("right", say("right"))
    judged = judge_numbers(stage.lab, step.of, plain(typed), stage.sample).line
    line = _untold(replace(judged, text=typed))
    named = line.mistake is not None or line.recognised is not None
    if isinstance(found, Grid) and np.ndim(value) and not _has_its_lengths(found, value):
        return Answered("slip", line=replace(line, verdict="invalid"))
    if isinstance(found, Numeral) and not np.ndim(value) and not named:
        return Answered("wrong", guess.off(found, float(value)))
    return Answered("wrong", line=line, mistake=line.mistake)


def _has_its_lengths(found: Grid, value: Value) -> bool:
    """Whether it has the required shape, or the transposed one, which is a mistake with a name."""
    return found.shape in (np.shape(value), np.shape(value)[::-1])


def _numbers_asked(value: Value) -> Sentence:
    if np.size(value) == 1:
        return say("the number is asked, with its sign")
    return say("the numbers are asked: type them all, [[1, 2], [3, 4]]")


@answer_of.register
def _(step: Matrix, stage: Stage) -> str:
    return digits(stage.value(step.of))


@answered.register
def _(step: FindBug, stage: Stage, typed: str) -> Answered:
    program = with_mistake(stage.lab, step.mistake).program
    altered = program.altered
    assert altered is not None, "a mistake was switched on"
    word = plain(typed)
    try:
        digits = word.isdecimal()
        number = whole_number(word) if digits else program.number_of(_name(word, stage.lab))
    except StepperError as slip:
        return Answered("slip", slip.sentence)
    backward = [n for n, line in program.numbered() if line.phase == altered.right.phase]
    if number not in backward:
        said = say("type the number of a line, {first} to {last}, or the name that it gives",
                   first=str(backward[0]), last=str(backward[-1]))  # fmt: skip
        return Answered("slip", said)
    if number == altered.number:
        return Answered("right", _told(altered))
    return Answered("wrong", say("line {n} is right, given the lines before it", n=str(number)))


def _told(altered: Alteration) -> Sentence:
    return say("right: line {n} should be {name} = {formula}",
               n=str(altered.number), name=Name(altered.right.target),
               formula=altered.right.tree)  # fmt: skip


def _name(word: str, lab: Lab) -> str:
    """The name in the lab's spelling: `dJ_dW2` for `∂J/∂W2`."""
    try:
        tree = parse(word, layout=lab.layout)
    except FormulaError:
        return word
    return tree.id if isinstance(tree, Name) else word


@answer_of.register
def _(step: FindBug, stage: Stage) -> str:
    altered = with_mistake(stage.lab, step.mistake).program.altered
    assert altered is not None, "a mistake was switched on"
    return str(altered.number)


def digits(value: Value) -> str:
    """A value as it could be typed, with six digits."""
    if np.size(value) > 1:
        rows = (", ".join(f"{v:.6g}" for v in row) for row in value)
        return f"[{', '.join(f'[{row}]' for row in rows)}]"
    return f"{np.asarray(value).item():.6g}"
