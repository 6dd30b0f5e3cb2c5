"""The loss, epoch by epoch, as a curve drawn in characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.cells import cell_len

from stepper.expr.sentence import say
from stepper.ops.card import Value
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row, Run
from stepper.show.words import words

BRAILLE = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character, by row and column."""
STEEP = 100
"""The ratio of largest to smallest value from which the axis is logarithmic."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values to the dots of an axis, the lowest to 0."""

    low: float
    high: float
    dots: int
    logarithmic: bool = False

    def at(self, value: float) -> int:
        low, high, value = (map(math.log10, (self.low, self.high, value))
                            if self.logarithmic else (self.low, self.high, value))  # fmt: skip
        part = (value - low) / (high - low) if high > low else 0.5
        return min(self.dots - 1, max(0, round(part * (self.dots - 1))))


def curve(
    points: Sequence[tuple[int, float]],
    name: str,
    look: Look,
    height: int = 8,
    mark: int | None = None,
) -> list[Row]:
    """A line through (epoch, value), with its limits on the axes. In ASCII a star is a cell.

    Values in the same column are drawn from the smallest to the largest, so that no spike is lost;
    the title says so if not every epoch has a point. `mark` is the epoch of the read-out.
    """
    low, high, gutter, width = _frame(points, name, look)
    steep = low > 0 and high > STEEP * low
    labels = [scalar(high), scalar(low)]
    across, down = (1, 1) if look.ascii else (2, 4)
    scale = Scale(low, high, height * down, steep)
    grid = np.zeros((height * down, width * across), dtype=bool)
    for column, (least, most) in enumerate(_columns(points, width * across, scale)):
        grid[height * down - 1 - most : height * down - least, column] = True
    lines = _stars(grid) if look.ascii else _braille(grid)
    heads = [labels[0], *[""] * (height - 2), labels[1]]
    at = None if mark is None else _column(points, mark, width * across) // across
    rows: list[Row] = [
        ((f"{head:>{gutter - 1}} ", "dim"), *_marked(line, at, look))
        for head, line in zip(heads, lines, strict=True)
    ]
    first, last = str(points[0][0]), str(points[-1][0])
    below = f"{first} {words(say('epoch'))}"
    below += " " * (width - len(last) - cell_len(below)) + last
    title = _title(points, f"{name} (log)" if steep else name, width)
    return [((f"{'':{gutter}}{title}", "dim"),), *rows, ((f"{'':{gutter}}{below}", "dim"),)]


def nearest(points: Sequence[tuple[int, float]], name: str, look: Look, cell: int) -> int:
    """The epoch whose point is drawn nearest to a cell of the curve's row."""
    _, _, gutter, width = _frame(points, name, look)
    across = 1 if look.ascii else 2
    dot = (cell - gutter) * across + (across - 1) / 2
    return min(points, key=lambda point: abs(_place(points, point[0], width * across) - dot))[0]


def _frame(
    points: Sequence[tuple[int, float]], name: str, look: Look
) -> tuple[float, float, int, int]:
    """The smallest and largest value; the cells of a row for its labels, and those for the line."""
    values = [value for _, value in points]
    low, high = min(values), max(values)
    gutter = max(len(label) for label in (scalar(high), scalar(low), name)) + 2
    return low, high, gutter, max(look.width - gutter - 1, 8)


def apart(points: Sequence[tuple[int, float]]) -> int:
    """The largest number of epochs between two consecutive points."""
    return max((b - a for (a, _), (b, _) in pairwise(points)), default=1)


def _title(points: Sequence[tuple[int, float]], name: str, width: int) -> str:
    """The name of the curve, and a remark if not every epoch has a point."""
    if apart(points) == 1:
        return name
    said = words(say("{name}, a point every {n} epochs", name=name, n=str(apart(points))))
    short = words(say("{name}, every {n} epochs", name=name, n=str(apart(points))))
    return next((text for text in (said, short) if cell_len(text) <= width), name)


def _marked(line: str, at: int | None, look: Look) -> tuple[Run, ...]:
    """A row of the curve; the column of the read-out is highlighted, with a sign if blank."""
    if at is None:
        return ((line.rstrip(), "result"),)
    blank = line[at] in (" ", chr(BRAILLE))
    sign: Run = (look.sign("│", "|"), "dim") if blank else (line[at], "here")
    return (line[:at], "result"), sign, (line[at + 1 :].rstrip(), "result")


def _column(points: Sequence[tuple[int, float]], epoch: int, columns: int) -> int:
    """The column of an epoch."""
    return round(_place(points, epoch, columns))


def _place(points: Sequence[tuple[int, float]], epoch: int, columns: int) -> float:
    """The position of an epoch between the first column, 0, and the last."""
    first, last = points[0][0], points[-1][0]
    return (epoch - first) / max(last - first, 1) * (columns - 1)


def _columns(
    points: Sequence[tuple[int, float]], columns: int, scale: Scale
) -> list[tuple[int, int]]:
    """For every column the lowest and the highest dot the line touches."""
    touched: list[list[int]] = [[] for _ in range(columns)]
    before: tuple[int, int] | None = None
    for epoch, value in points:
        column = _column(points, epoch, columns)
        dot = scale.at(value)
        touched[column].append(dot)
        if before is not None:
            _join(touched, before, (column, dot))
        before = column, dot
    return [(min(dots), max(dots)) if dots else (0, -1) for dots in touched]


def _join(touched: list[list[int]], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draws the line from one point to the next, without a gap however steep it is."""
    (left, low), (right, high) = start, end
    before = low
    for column in range(left + 1, right + 1):
        dot = round(low + (column - left) / (right - left) * (high - low))
        touched[column] += [before + (before < dot) - (before > dot), dot]
        before = dot


def _braille(grid: Value) -> list[str]:
    rows, columns = grid.shape
    return [
        "".join(
            chr(BRAILLE + sum(DOTS[i][j] for i in range(4) for j in range(2) if grid[r + i, c + j]))
            for c in range(0, columns, 2)
        )
        for r in range(0, rows, 4)
    ]


def _stars(grid: Value) -> list[str]:
    return ["".join("*" if dot else " " for dot in line) for line in grid]
