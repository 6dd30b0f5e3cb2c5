"""Finds the cells of a frame that have changed, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from operator import is_

from stepper.app.fitting import cells
from stepper.show.rows import Row, Run


def one(before: Row, after: Row) -> bool:
    """Whether two rows are identical, including the matrix that each number belongs to."""
    if len(before) == len(after) and all(map(is_, before, after)):
        return True
    return before == after and all(type(text) is str for text, _ in (*before, *after))


def merged(row: Row) -> Row:
    """The row with neighbouring runs of one ink merged; a gap joins the run before it."""
    runs: list[Run] = []
    for text, ink in row:
        if type(text) is not str or not runs or type(runs[-1][0]) is not str:
            runs.append((text, ink))
        elif ink == runs[-1][1] or (text.isspace() and "here" not in (ink, runs[-1][1])):
            runs[-1] = (runs[-1][0] + text, runs[-1][1])
        else:
            runs.append((text, ink))
    return tuple(runs)


def differing(before: Row, after: Row) -> Iterator[tuple[int, int]]:
    """The range of cells in which two rows of equal width differ; nothing if they are equal."""
    if before is after or before == after:
        return
    same = _alike(zip(before, after, strict=False))
    end = len(after) - _alike(zip(reversed(before), reversed(after), strict=False))
    start = cells(after[:same])
    yield start, start + cells(after[same:end])


def _alike(pairs: Iterable[tuple[Run, Run]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
