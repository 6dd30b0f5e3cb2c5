"""Reads an array saved by `np.save` without executing anything the file may contain."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from math import prod
from tokenize import TokenError
from typing import Any

import numpy as np

from stepper.check.limits import check_count
from stepper.expr.errors import StepperError
from stepper.ops.card import Value


def array(content: bytes) -> Value:
    """The array in these bytes. Raises StepperError if they hold no array of real numbers."""
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
    check_count(count)
    left = content[file.tell() :]
    if count <= 0:
        raise StepperError("there is no number in it")
    if len(left) < count * dtype.itemsize:
        raise StepperError("this file ends before its {n} numbers do", n=count)
    flat = np.frombuffer(left, dtype=dtype, count=count)
    return flat.reshape(shape, order="F" if by_columns else "C")


_HEADERS: Mapping[tuple[int, int], Callable[[io.BytesIO], tuple[Any, bool, Any]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
