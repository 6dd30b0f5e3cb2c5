"""A plot in characters of what a network predicts at every point of a rectangle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from stepper.expr.sentence import say
from stepper.ops.card import Value
from stepper.show.rows import Look, Row, Run
from stepper.show.words import words

REGIONS = (" ", "░", "▒", "▓")
REGIONS_ASCII = (" ", ":", "=", "#")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The digits of the classes: class 10 is drawn as a, so that it takes one cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A rectangle of the plane, divided into cells; a row of cells is a line of text."""

    left: float
    right: float
    bottom: float
    top: float
    columns: int
    rows: int

    def centres(self) -> Value:
        """The centres of all cells, row by row from the top: cells × 2."""
        x = self.left + (np.arange(self.columns) + 0.5) * (self.right - self.left) / self.columns
        y = self.top - (np.arange(self.rows) + 0.5) * (self.top - self.bottom) / self.rows
        return np.column_stack([np.tile(x, self.rows), np.repeat(y, self.columns)])

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def cell(self, point: Sequence[float]) -> tuple[int, int]:
        """The row and column of the cell a point is in; the nearest cell for one outside."""
        column = int((point[0] - self.left) / (self.right - self.left) * self.columns)
        row = int((self.top - point[1]) / (self.top - self.bottom) * self.rows)
        return min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1)


def area_of(points: Value, columns: int, rows: int) -> Area:
    """The area that holds all points (samples × 2), with a small margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    least = np.maximum(np.abs(high), np.abs(low)) * 1e-9 + 1e-9
    air = np.maximum((high - low) * 0.04, least)
    (left, bottom), (right, top) = low - air, high + air
    return Area(float(left), float(right), float(bottom), float(top), columns, rows)


def framed(plane: Sequence[Row], area: Area, regions: Value, look: Look) -> list[Row]:
    """A plane in a frame, with a key of its regions below it."""
    signs = REGIONS_ASCII if look.ascii else REGIONS
    bar = look.sign("│", "|")
    corner = look.sign("└" + "─" * area.columns, "+" + "-" * area.columns)
    return [
        *((("  " + bar, "dim"), *row) for row in plane),
        (("  " + corner, "dim"),),
        (("   " + "   ".join(_key(regions, signs)), "dim"),),
    ]


def plane(
    area: Area,
    regions: Value,
    labelled: Mapping[tuple[float, float], int],
    look: Look,
    here: tuple[float, float] | None = None,
    at: tuple[int, int] | None = None,
) -> list[Row]:
    """The predicted class of every cell, with the labelled points as digits on top.

    `regions` are the classes of the area's cells in reading order; the point `here` and the cell
    `at` of the read-out are marked.
    """
    signs = REGIONS_ASCII if look.ascii else REGIONS
    picture = [[signs[min(c, len(signs) - 1)] for c in line]
               for line in np.reshape(regions, (area.rows, area.columns))]  # fmt: skip
    for point, label in labelled.items():
        row, column = area.cell(point)
        picture[row][column] = DIGITS[label % len(DIGITS)]
    marks: dict[int, list[tuple[int, tuple[str, str]]]] = {}
    if here is not None:
        row, column = area.cell(here)
        picture[row][column] = DIGITS[labelled[here] % len(DIGITS)]
        marks[row] = [(column, (look.sign("‹", "<"), look.sign("›", ">")))]
    if at is not None:
        marks.setdefault(at[0], []).append((at[1], ("[", "]")))
    return [_marked(line, marks.get(n, ())) for n, line in enumerate(picture)]


def _marked(line: list[str], marks: Sequence[tuple[int, tuple[str, str]]]) -> Row:
    """A row of the plane with some of its cells between two signs."""
    runs: list[Run] = [(sign, "text") for sign in line]
    for column, (opened, closed) in marks:
        runs[column] = (line[column], "mark")
        if column > 0:
            runs[column - 1] = (opened, "mark")
        if column + 1 < len(line):
            runs[column + 1] = (closed, "mark")
    parts = groupby(runs, key=lambda run: run[1])
    return tuple(("".join(sign for sign, _ in part), ink) for ink, part in parts)


def _key(regions: Value, signs: Sequence[str]) -> Iterator[str]:
    """Which sign stands for which classes; the last one for all remaining classes."""
    classes = sorted(DIGITS[int(k) % len(DIGITS)] for k in set(regions))
    for sign, found in groupby(classes, lambda k: signs[min(DIGITS.index(k), len(signs) - 1)]):
        yield f"{words(say('blank')) if sign == ' ' else sign} {' '.join(found)}"
