"""Pictures in letters: the loss curve, and what a network says of every point of a square."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from stepper.expr.sentence import say
from stepper.ops.card import Value
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row
from stepper.show.words import words

BRAILLE = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille sign, by row and column."""
STEEP = 100
"""From this ratio of largest to smallest on, the axis is logarithmic."""
REGIONS = (" ", "░", "▒", "▓")
REGIONS_ASCII = (" ", ":", "=", "#")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""A sample of class 10 is drawn as a, so that it takes one cell."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values stand on an axis of so many dots, the lowest at 0."""

    low: float
    high: float
    dots: int
    logarithmic: bool = False

    def at(self, value: float) -> int:
        low, high, value = (map(math.log10, (self.low, self.high, value))
                            if self.logarithmic else (self.low, self.high, value))  # fmt: skip
        part = (value - low) / (high - low) if high > low else 0.5
        return min(self.dots - 1, max(0, round(part * (self.dots - 1))))


def curve(points: Sequence[tuple[int, float]], name: str, look: Look, height: int = 8) -> list[Row]:
    """A line through (epoch, value), with its ends on the axes. In ASCII a star is a cell.

    What falls into one column is drawn from its smallest to its largest value, so that no spike
    is lost.
    """
    values = [value for _, value in points]
    low, high = min(values), max(values)
    steep = low > 0 and high > STEEP * low
    labels = [scalar(high), scalar(low)]
    gutter = max(len(label) for label in (*labels, name)) + 2
    width = max(look.width - gutter - 1, 8)
    across, down = (1, 1) if look.ascii else (2, 4)
    scale = Scale(low, high, height * down, steep)
    grid = np.zeros((height * down, width * across), dtype=bool)
    for column, (least, most) in enumerate(_columns(points, width * across, scale)):
        grid[height * down - 1 - most : height * down - least, column] = True
    lines = _stars(grid) if look.ascii else _braille(grid)
    heads = [labels[0], *[""] * (height - 2), labels[1]]
    middle = f"{name} (log)" if steep else name
    rows: list[Row] = [
        ((f"{head:>{gutter - 1}} ", "dim"), (line.rstrip(), "result"))
        for head, line in zip(heads, lines, strict=True)
    ]
    first, last = str(points[0][0]), str(points[-1][0])
    below = f"{first} epoch".ljust(width - len(last)) + last
    return [((f"{'':{gutter}}{middle}", "dim"),), *rows, ((f"{'':{gutter}}{below}", "dim"),)]


def _columns(
    points: Sequence[tuple[int, float]], columns: int, scale: Scale
) -> list[tuple[int, int]]:
    """For every column the lowest and the highest dot that the line touches."""
    first, last = points[0][0], points[-1][0]
    touched: list[list[int]] = [[] for _ in range(columns)]
    before: tuple[int, int] | None = None
    for epoch, value in points:
        column = round((epoch - first) / max(last - first, 1) * (columns - 1))
        dot = scale.at(value)
        touched[column].append(dot)
        if before is not None:
            _join(touched, before, (column, dot))
        before = column, dot
    return [(min(dots), max(dots)) if dots else (0, -1) for dots in touched]


def _join(touched: list[list[int]], start: tuple[int, int], end: tuple[int, int]) -> None:
    """The straight line from one point to the next, without a gap however steep it is."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A rectangle of the plane that is cut into cells, a row of cells a line of text."""

    left: float
    right: float
    bottom: float
    top: float
    columns: int
    rows: int

    def centres(self) -> Value:
        """The middles of all cells, row by row from the top: cells × 2."""
        x = self.left + (np.arange(self.columns) + 0.5) * (self.right - self.left) / self.columns
        y = self.top - (np.arange(self.rows) + 0.5) * (self.top - self.bottom) / self.rows
        return np.column_stack([np.tile(x, self.rows), np.repeat(y, self.columns)])

    def cell(self, point: Sequence[float]) -> tuple[int, int]:
        """The row and column in which a point lies; one outside lies in the nearest."""
        column = int((point[0] - self.left) / (self.right - self.left) * self.columns)
        row = int((self.top - point[1]) / (self.top - self.bottom) * self.rows)
        return min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1)


def area_of(points: Value, columns: int, rows: int) -> Area:
    """The area that holds all points (samples × 2), with a little air."""
    low, high = points.min(axis=0), points.max(axis=0)
    least = np.maximum(np.abs(high), np.abs(low)) * 1e-9 + 1e-9
    air = np.maximum((high - low) * 0.04, least)
    (left, bottom), (right, top) = low - air, high + air
    return Area(float(left), float(right), float(bottom), float(top), columns, rows)


def boundary(
    area: Area,
    regions: Value,
    labelled: Mapping[tuple[float, float], int],
    look: Look,
    here: tuple[float, float] | None = None,
) -> list[Row]:
    """The plane in a frame, and under it what its signs mean."""
    signs = REGIONS_ASCII if look.ascii else REGIONS
    bar = look.sign("│", "|")
    rows: list[Row] = [
        (("  " + bar, "dim"), *drawn) for drawn in plane(area, regions, labelled, look, here)
    ]
    corner = look.sign("└" + "─" * area.columns, "+" + "-" * area.columns)
    return [*rows, (("  " + corner, "dim"),), (("   " + "   ".join(_key(regions, signs)), "dim"),)]


def plane(
    area: Area,
    regions: Value,
    labelled: Mapping[tuple[float, float], int],
    look: Look,
    here: tuple[float, float] | None = None,
) -> list[Row]:
    """The class that is predicted in every cell, with the labelled points as digits on top.

    `regions` are the classes of the area's cells in reading order; the point `here` is marked.
    """
    signs = REGIONS_ASCII if look.ascii else REGIONS
    picture = [[signs[min(c, len(signs) - 1)] for c in line]
               for line in np.reshape(regions, (area.rows, area.columns))]  # fmt: skip
    for point, label in labelled.items():
        row, column = area.cell(point)
        picture[row][column] = DIGITS[label % len(DIGITS)]
    rows: list[Row] = [(("".join(line), "text"),) for line in picture]
    if here is not None:
        row, column = area.cell(here)
        rows[row] = _marked(picture[row], column, DIGITS[labelled[here] % len(DIGITS)], look)
    return rows


def _marked(line: list[str], column: int, label: str, look: Look) -> Row:
    """A row of the plane with one of its cells between two signs."""
    before, after = "".join(line[: max(column - 1, 0)]), "".join(line[column + 2 :])
    opened = look.sign("‹", "<") * (column > 0)
    closed = look.sign("›", ">") * (column + 1 < len(line))
    return (before, "text"), (f"{opened}{label}{closed}", "mark"), (after, "text")


def _key(regions: Value, signs: Sequence[str]) -> Iterator[str]:
    """Which sign stands for which classes; the last one for all that are left."""
    classes = sorted(DIGITS[int(k) % len(DIGITS)] for k in set(regions))
    for sign, found in groupby(classes, lambda k: signs[min(DIGITS.index(k), len(signs) - 1)]):
        yield f"{words(say('blank')) if sign == ' ' else sign} {' '.join(found)}"
