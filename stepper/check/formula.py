"""Judges formulas: a learner's text, line by line, each line by its value."""

from __future__ import annotations

from stepper.check.definitions import with_their_bodies, without_docstrings
from stepper.check.judged import Judged
from stepper.check.judging import Judging, invalid
from stepper.check.late import settled
from stepper.check.vocabulary import Vocabulary
from stepper.expr.errors import FormulaError
from stepper.labs.lab import Lab
from stepper.language.parse import logical_lines

MOST_LINES = 400


def judge(lab: Lab, source: str, asked: str | None = None) -> Judged:
    """Judges a learner's text about a lab: lines `target = formula`, helpers, or one bare formula.

    A bare formula is judged as `asked`, or else recognised by its value. Every line is judged given
    the learner's own values of the lines before. Never raises, whatever is typed.
    """
    return judge_on(lab, lab.sample, source, asked)


def judge_on(lab: Lab, sample: int | None, source: str, asked: str | None = None) -> Judged:
    """The same for a learner who sees this sample; None: the whole batch."""
    judging = Judging(lab, sample)
    try:
        target = judging.words.asked(asked) if asked else None
        lines = _lines(source, judging.words)
    except FormulaError as error:
        return Judged((invalid(source[:200], error),))
    return Judged(settled([judging.line(text, target) for text in lines]))


def _lines(source: str, words: Vocabulary) -> list[str]:
    logical = (text for _, text in logical_lines(without_docstrings(source)) if text)
    lines = list(with_their_bodies(logical, lambda name: words.meant(name) is not None))
    if len(lines) > MOST_LINES:
        raise FormulaError("limit", None, "a program may have {n} lines", n=MOST_LINES)
    if not lines:
        raise FormulaError("empty", None, "there is no formula here")
    return lines
