"""The mistakes stepper knows: what each is, and a formula that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepper.check.mistakes import MISTAKES, Mistake
from stepper.check.switch import runnable
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.show.rows import Look, Row, paragraph, row
from stepper.show.words import words

Places = Mapping[str, Sequence[int]]
"""The lines of a lab, from 1, in which each mistake can be made."""


def places(lab: Lab) -> dict[str, list[int]]:
    """The lines in which each mistake can be switched on; mistakes without any are left out."""
    found = {id: {s.number for s in runnable(lab, card)} for id, card in MISTAKES.items()}
    return {id: sorted(numbers) for id, numbers in found.items() if numbers}


def mistake_rows(look: Look, where: Places | None = None) -> Iterator[Row]:
    """Every mistake with its sentence and its example; for a lab, only those it has a place for."""
    for id, card in sorted(MISTAKES.items()):
        if where is not None and id not in where:
            continue
        yield row(id, "title")
        yield from paragraph(words(say(card.sentence), ascii=look.ascii), look)
        said = _example(card) if where is None else _lines(where[id])
        if said is not None:
            yield from paragraph(words(said, ascii=look.ascii), look, ink="dim", hang=3)


def _example(card: Mistake) -> Sentence | None:
    if card.example is None:
        return None
    return say(
        'as in: stepper check {lab} "{target} = {formula}"',
        lab=card.example.lab, target=card.example.target, formula=card.example.formula,
    )  # fmt: skip


def _lines(numbers: Sequence[int]) -> Sentence:
    return say("in line {lines}", lines=", ".join(map(str, numbers)))


def record(where: Places | None = None) -> list[dict[str, Any]]:
    """The mistakes as plain data."""
    return [
        {
            "id": id,
            "sentence": words(say(card.sentence)),
            "example": None if card.example is None else {
                "lab": card.example.lab,
                "target": card.example.target,
                "formula": card.example.formula,
            },
            "lines": None if where is None else list(where[id]),
        }
        for id, card in sorted(MISTAKES.items())
        if where is None or id in where
    ]  # fmt: skip
