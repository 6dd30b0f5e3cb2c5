"""Data supplied by a learner: numbers in the lab file, or a CSV file. Nothing is guessed."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from stepper.expr.errors import StepperError
from stepper.labs.card import Array
from stepper.labs.datasets import MAX_POINTS, Sampled
from stepper.language.layout import Layout

MAX_BYTES = 10_000_000


def matrix(value: Any, name: str) -> Array:
    """Nested lists as a matrix.

    Raises StepperError, which says what to write, if they are 1-D, ragged, empty or not numeric.
    """
    if not isinstance(value, list):
        raise StepperError("`{name}` is a matrix: a list of rows, like [[1, 0], [0, 1]]", name=name)
    if not value or not all(isinstance(row, list) for row in value):
        raise _flat(value, name)
    if not value[0]:
        raise StepperError("`{name}` is empty: a matrix has at least one number", name=name)
    for i, row in enumerate(value):
        if len(row) != len(value[0]):
            raise StepperError(
                "`{name}` is ragged: its first row has {first} numbers, row {i} has {n}",
                name=name, first=len(value[0]), i=i, n=len(row),
            )  # fmt: skip
    return np.array([[_number(v, name) for v in row] for row in value])


def _flat(value: list[Any], name: str) -> StepperError:
    if any(isinstance(row, list) for row in value):
        return StepperError("`{name}` mixes numbers and rows: a matrix has rows only", name=name)
    if not value:
        return StepperError("`{name}` is empty: a matrix has at least one number", name=name)
    row, column = f"[{value}]", str([[v] for v in value])
    return StepperError(
        "`{name}` is 1-D, and every value here is a number or a matrix: write {row} for one row "
        "or {column} for one column",
        name=name, row=_short(row), column=_short(column),
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _number(value: Any, name: str) -> float:
    if type(value) not in (int, float):
        raise StepperError(
            "`{name}` holds {value}, which is no number", name=name, value=_short(repr(value))
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise StepperError(
            "`{name}` holds {value}: only finite numbers can be computed with",
            name=name, value=str(number),
        )  # fmt: skip
    return number


def inline(inputs: Any, targets: Any, layout: Layout) -> Sampled:
    """The data written in a lab file, in the file's layout, as points and targets (one sample a
    row).

    Raises StepperError as `matrix` does, and if inputs and targets differ in their number of
    samples.
    """
    points, wanted = matrix(inputs, "inputs"), matrix(targets, "targets")
    if layout == "columns":
        points, wanted = points.T, wanted.T
    if len(points) != len(wanted):
        raise StepperError(
            "`inputs` has {n} samples and `targets` has {m}: with layout = \"{layout}\" a "
            "sample is a {axis} of both",
            n=len(points), m=len(wanted), layout=layout, axis=layout.removesuffix("s"),
        )  # fmt: skip
    return points, wanted


def read_csv(path: Path | str) -> Sampled:
    """Points and targets of a CSV file: a sample a line, the target in the last column.

    A first line without any number is a header. Raises StepperError with file:line.
    """
    path = Path(path)
    rows = list(_rows(_text(path), path.name))
    if rows and not any(_is_number(cell) for cell in rows[0][1]):
        del rows[0]
    if not rows:
        raise StepperError("there is no row of numbers here", where=path.name)
    width = len(rows[0][1])
    values = np.array([_read_row(cells, width, f"{path.name}:{n}") for n, cells in rows])
    return values[:, :-1], values[:, -1:]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # no more: a device has no end
        if len(content) > MAX_BYTES:
            raise StepperError(
                "this is too large: a data file may have {most} million bytes",
                where=path.name, most=MAX_BYTES // 1_000_000,
            )  # fmt: skip
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise StepperError(
            "cannot read the data file {path}: {why}", path=str(path), why=error.strerror or "?"
        ) from None
    except UnicodeDecodeError:
        raise _no_text(path.name) from None
    except ValueError as error:  # a name that no file can have
        raise StepperError(
            "cannot read the data file {path}: {why}", path=repr(str(path)), why=str(error)
        ) from None
    if "\0" in text:
        raise _no_text(path.name)
    return text


def _no_text(where: str) -> StepperError:
    return StepperError("this is no text file: CSV is numbers with commas between", where=where)


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The non-empty lines, each with its number, split into cells."""
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    kept = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise StepperError(
                "this is no CSV: {why}", where=f"{file}:{reader.line_num}", why=str(error)
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            kept += 1
            if kept > MAX_POINTS + 1:
                raise StepperError(
                    "this is too large: {most} samples are the most", where=file, most=MAX_POINTS
                )
            yield reader.line_num, [cell.strip() for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _one_column(where: str) -> StepperError:
    return StepperError(
        "one column only: a sample is its inputs and then its target, with commas between",
        where=where,
    )


def _read_row(cells: list[str], width: int, where: str) -> list[float]:
    if width < 2:
        raise _one_column(where)
    if len(cells) != width:
        raise StepperError(
            "this row has {n} columns, the first has {width}",
            where=where, n=len(cells), width=width,
        )  # fmt: skip
    return [_read_cell(cell, column, where) for column, cell in enumerate(cells, 1)]


def _read_cell(cell: str, column: int, where: str) -> float:
    if not _is_number(cell) or "_" in cell:
        raise StepperError(
            "column {column} holds `{cell}`, which is no number",
            where=where, column=column, cell=_short(cell),
        )  # fmt: skip
    value = float(cell)
    if not math.isfinite(value):
        raise StepperError(
            "column {column} holds {cell}: only finite numbers can be computed with",
            where=where, column=column, cell=_short(cell),
        )  # fmt: skip
    return value
