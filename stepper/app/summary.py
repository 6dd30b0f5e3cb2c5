"""Summarises a matrix of which only a part can be shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepper.app.block import Block
from stepper.expr.sentence import Sentence, say
from stepper.language.width import columns
from stepper.ops.card import Value
from stepper.show.numbers import scalar
from stepper.show.rows import Row
from stepper.show.words import words

LEAST = 6
"""With fewer rows than this, all are needed for the numbers themselves."""


def summary(block: Block, width: int, height: int) -> list[Row]:
    """` min -0.0021  max 0.0033  mean 0.0002 …`: as many whole parts as fit.

    Empty if all entries can be shown, or some are hidden or not computed yet.
    """
    whole = block.rows < height and block.width() <= width
    if whole or height < LEAST or block.filled is not None or block.hides is not None:
        return []
    said = ""
    for part in map(words, _parts(block.entries)):
        said += f"  {part}" if columns(said) + columns(part) + 2 <= width else ""
    return [((said[1:], "dim"),)]


def _parts(entries: Value) -> Iterator[Sentence]:
    low, high = float(np.min(entries)), float(np.max(entries))
    yield say("min {value}", value=scalar(low))
    yield say("max {value}", value=scalar(high))
    yield say("mean {value}", value=scalar(float(np.mean(entries))))
    yield say("zeros {n}", n=str(np.size(entries) - np.count_nonzero(entries)))
    yield say("|max| {value}", value=scalar(max(abs(low), abs(high))))
