"""A learner's numbers beside the computed ones, with the wrong entries marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stepper.check.judged import Judged
from stepper.check.numbers import NumbersJudged
from stepper.expr.sentence import say
from stepper.show.arrays import matrix, side_by_side
from stepper.show.checked import MARKS, message
from stepper.show.checked import record as checked
from stepper.show.record import plain
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.words import words


def number_rows(judged: NumbersJudged, look: Look) -> Iterator[Row]:
    """The verdict, then both matrices; wrong entries stand between ‹ › in both."""
    unicode, ascii, ink = MARKS[judged.line.verdict]
    said = say("{mark} {of}: {what}", mark=look.sign(unicode, ascii), of=judged.line.target,
               what=message(judged.line))  # fmt: skip
    yield from paragraph(words(said, look.code, ascii=look.ascii), look, indent=0, ink=ink, hang=3)
    for note in judged.line.notes:
        yield from paragraph(words(note, look.code, ascii=look.ascii), look, ink="dim")
    yield row("")
    marked = [] if judged.wrong is None else [*map(tuple, np.argwhere(np.atleast_2d(judged.wrong)))]
    both = (("yours", judged.theirs.values), ("computed", judged.right))
    blocks = [matrix(words(say(name)), value, look, marked=marked) for name, value in both]
    yield from side_by_side(blocks, look)


def record(judged: NumbersJudged) -> dict[str, Any]:
    """The verdict as plain data, in the form used for formulas, and the numbers."""
    return {
        **checked(Judged((judged.line,))),
        "yours": plain(judged.theirs.values),
        "computed": plain(judged.right),
        "wrong": None if judged.wrong is None else np.argwhere(judged.wrong).tolist(),
    }
