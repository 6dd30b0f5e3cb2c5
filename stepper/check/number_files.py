"""A learner's numbers: typed as a matrix, or in a CSV, JSON or numpy file.

A file is read up to a limit and never executed: an array of Python objects is refused, not loaded.
"""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Callable, Mapping
from math import prod
from tokenize import TokenError
from typing import Any

import numpy as np

from stepper.check.typed import Grid, Numeral, cut, numeral, read
from stepper.expr.errors import StepperError
from stepper.expr.sentence import say
from stepper.ops.card import Value

MOST_BYTES = 4_000_000
MOST_NUMBERS = 100_000


def grid(source: str, of: str) -> Grid:
    """The numbers that are typed here or stand in the file of this name; `of` is what they are.

    Raises StepperError for what cannot be read, is too large, or holds something else.
    """
    if source.lstrip().startswith(("[", "np.", "numpy.")) or _is_number(source):
        return _typed(source)
    suffix = os.path.splitext(source)[1].lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise StepperError(
            "cannot tell what `{path}` is: type [[1, 2], [3, 4]], or name a file ending in {known}",
            path=cut(source), known=", ".join(READERS),
        )  # fmt: skip
    try:
        return reader(_content(source), of)
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


def _content(path: str) -> bytes:
    """The bytes of a file, no more than may be read."""
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            raise StepperError("this is no file of numbers")
        if about.st_size > MOST_BYTES:
            raise _too_large(about.st_size)
        with open(path, "rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StepperError("cannot read it: {why}", why=error.strerror or "?") from None
    except ValueError:
        raise StepperError("this is no name of a file") from None
    if len(found) > MOST_BYTES:
        raise _too_large(len(found))
    return found


def _too_large(size: int) -> StepperError:
    return StepperError(
        "this file has {size} MB, and one gradient has fewer than {most}: keep to that gradient",
        size=f"{size / 1e6:.0f}", most=f"{MOST_BYTES / 1e6:.0f}",
    )  # fmt: skip


def _check_count(count: int) -> None:
    if count > MOST_NUMBERS:
        raise StepperError(
            "this holds more than {most} numbers: keep to one gradient", most=MOST_NUMBERS
        )


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StepperError("this is no text, or not in UTF-8") from None
    if "\0" in text:
        raise StepperError("this is no text: it holds zero bytes")
    return text


def _csv(content: bytes, of: str) -> Grid:
    """Rows of numbers between commas, semicolons, tabs or spaces; `#` begins a comment."""
    lines = [line.split("#", 1)[0].strip() for line in _text(content).splitlines()]
    lines = [line for line in lines if line]
    separator = next((s for s in ";,\t" if any(s in line for line in lines)), None)
    rows: list[tuple[Numeral, ...]] = []
    count = 0
    for line in lines:
        cells = line.split(separator)
        count += len(cells)
        _check_count(count)
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
    """A number, a list of rows, or an object that has one of these under the name."""
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
    _check_count(sum(map(len, found)))
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
    """What `np.save` wrote, each number with the digits that its kind can hold."""
    array = _array(content)
    if array.ndim == 1:
        raise _one_axis()
    if array.ndim not in (0, 2):
        raise StepperError("this array has {n} axes, and a matrix has 2", n=array.ndim)
    if not np.isfinite(array).all():
        index = np.argwhere(~np.isfinite(array))[0] if array.ndim else ()
        raise StepperError(
            "it is {value} at {place}", value=str(array[tuple(index)]),
            place=[int(i) for i in index],
        )  # fmt: skip
    digits = np.finfo(array.dtype).precision - 1 if array.dtype.kind == "f" else 0
    rows = [[_written(v, digits) for v in row] for row in np.atleast_2d(array)]
    return _matrix([tuple(row) for row in rows])


def _written(value: Any, digits: int) -> Numeral:
    return numeral(f"{float(value):.{digits}e}" if digits else str(int(value)))


def _array(content: bytes) -> Value:
    file = io.BytesIO(content)
    try:
        shape, by_columns, dtype = _HEADERS[np.lib.format.read_magic(file)](file)
    except (ValueError, KeyError, SyntaxError, TypeError, RecursionError, TokenError):
        raise StepperError("this is no file that np.save wrote") from None
    if dtype.hasobject:
        raise StepperError(
            "this array holds Python objects, and to load them is to run code: save numbers, "
            "np.save(file, np.asarray(x, dtype=float))"
        )
    if dtype.kind not in "fiub":
        raise StepperError("this array holds {kind} and no real numbers", kind=dtype.name)
    count = prod(shape)
    _check_count(count)
    left = content[file.tell() :]
    if count <= 0:
        raise StepperError("there is no number in it")
    if len(left) < count * dtype.itemsize:
        raise StepperError("this file ends before its {n} numbers do", n=count)
    array = np.frombuffer(left, dtype=dtype, count=count)
    return array.reshape(shape, order="F" if by_columns else "C")


_HEADERS: Mapping[tuple[int, int], Callable[[io.BytesIO], tuple[Any, bool, Any]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
READERS: Mapping[str, Callable[[bytes, str], Grid]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _csv,
    ".json": _json,
    ".npy": _npy,
}
