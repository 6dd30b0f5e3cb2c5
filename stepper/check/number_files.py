"""A learner's numbers: typed as a matrix, or in a CSV, JSON or numpy file.

A file is read up to a limit and never executed: an array of Python objects is refused, not loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stepper.check.limits import bytes_of, check_count
from stepper.check.npy import array
from stepper.check.typed import Grid, Numeral, numeral, read
from stepper.expr.errors import StepperError
from stepper.expr.sentence import say
from stepper.expr.short import cut

_BRACKETED = ("[", "array(", "np.", "numpy.")
"""How a typed or printed matrix begins."""


def grid(source: str, of: str) -> Grid:
    """The numbers typed in `source`, or in the file of that name; `of` names the quantity.

    Raises StepperError for what cannot be read, is too large, or holds something else.
    """
    if source.lstrip().startswith(_BRACKETED) or _is_number(source):
        return _typed(source)
    suffix = os.path.splitext(source)[1].lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise StepperError(
            "cannot tell what `{path}` is: type [[1, 2], [3, 4]], or name a file ending in {known}",
            path=cut(source), known=", ".join(READERS),
        )  # fmt: skip
    try:
        return reader(bytes_of(source), of)
    except StepperError as error:
        error.where = error.where or source
        raise


def _is_number(text: str) -> bool:
    try:
        numeral(text.strip())
    except StepperError:
        return False
    return True


def _typed(text: str) -> Grid:
    if _is_number(text):
        return Grid(((numeral(text.strip()),),))
    found = read(text)
    if not isinstance(found, Grid):
        raise StepperError("a matrix is rows in brackets: [[1, 2], [3, 4]]")
    return found


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StepperError("this is no text, or not in UTF-8") from None
    if "\0" in text:
        raise StepperError("this is no text: it holds zero bytes")
    return text


def _csv(content: bytes, of: str) -> Grid:
    """Rows of numbers separated by commas, semicolons, tabs or spaces; `#` begins a comment.

    A matrix as numpy prints it, brackets included, is read as if it were typed.
    """
    text = _text(content)
    if text.lstrip().startswith(_BRACKETED):
        return _typed(text)
    lines = [line.split("#", 1)[0].strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    separator = next((s for s in ";,\t" if any(s in line for line in lines)), None)
    rows: list[tuple[Numeral, ...]] = []
    count = 0
    for line in lines:
        cells = line.split(separator)
        count += len(cells)
        check_count(count)
        rows.append(_row(len(rows), cells))
    return _matrix(rows)


def _row(row: int, cells: list[str]) -> tuple[Numeral, ...]:
    found = []
    for column, cell in enumerate(cells):
        try:
            found.append(numeral(cell.strip().strip('"')))
        except StepperError as error:
            raise StepperError(
                "row {row}, column {column}: {why}{hint}",
                row=row + 1, column=column + 1, why=error.sentence,
                hint=say("; leave headings out") if row == 0 else "",
            ) from None  # fmt: skip
    return tuple(found)


def _matrix(rows: list[tuple[Numeral, ...]]) -> Grid:
    if not rows:
        raise StepperError("there is no number in it")
    for n, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise StepperError(
                "row {n} has {here} numbers, and row 1 has {first}",
                n=n, here=len(row), first=len(rows[0]),
            )  # fmt: skip
    return Grid(tuple(rows))


def _json(content: bytes, of: str) -> Grid:
    """A number, a list of rows, or an object that has one of these under the quantity's name."""
    try:
        found = json.loads(
            _text(content), parse_float=numeral, parse_int=numeral, parse_constant=numeral
        )
    except json.JSONDecodeError as error:
        raise StepperError("line {n} is no JSON: {why}", n=error.lineno, why=error.msg) from None
    except RecursionError:
        raise StepperError("a matrix is a list of rows, and no deeper") from None
    if isinstance(found, dict):
        if of not in found:
            raise StepperError("this object has nothing under the name {of}", of=of)
        found = found[of]
    if isinstance(found, Numeral):
        return Grid(((found,),))
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise _one_axis() if isinstance(found, list) else StepperError("a matrix is a list of rows")
    check_count(sum(map(len, found)))
    return _matrix([_numbers(n, row) for n, row in enumerate(found, 1)])


def _numbers(n: int, row: list[Any]) -> tuple[Numeral, ...]:
    if not row:
        raise StepperError("row {n} is empty", n=n)
    for value in row:
        if not isinstance(value, Numeral):
            kind = say("a list") if isinstance(value, list | dict) else cut(json.dumps(value))
            raise StepperError("row {n} holds {kind}, which is no number", n=n, kind=kind)
    return tuple(row)


def _one_axis() -> StepperError:
    return StepperError(
        "this has one axis only: a row is [[1, 2]], a column is [[1], [2]]; numpy keeps both with "
        "keepdims=True"
    )


def _npy(content: bytes, of: str) -> Grid:
    """An array saved by `np.save`, each number with the digits of its dtype."""
    found = array(content)
    if found.ndim == 1:
        raise _one_axis()
    if found.ndim not in (0, 2):
        raise StepperError("this array has {n} axes, and a matrix has 2", n=found.ndim)
    if not np.isfinite(found).all():
        index = np.argwhere(~np.isfinite(found))[0] if found.ndim else ()
        raise StepperError(
            "it is {value} at {place}", value=str(found[tuple(index)]),
            place=[int(i) for i in index],
        )  # fmt: skip
    digits = np.finfo(found.dtype).precision - 1 if found.dtype.kind == "f" else 0
    rows = [[_written(v, digits) for v in row] for row in np.atleast_2d(found)]
    return _matrix([tuple(row) for row in rows])


def _written(value: Any, digits: int) -> Numeral:
    return numeral(f"{float(value):.{digits}e}" if digits else str(int(value)))


READERS: Mapping[str, Callable[[bytes, str], Grid]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _csv,
    ".json": _json,
    ".npy": _npy,
}
