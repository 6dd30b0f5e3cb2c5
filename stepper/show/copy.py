"""A value as text for other programs: a numpy literal, a table, a LaTeX matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite, isnan

import numpy as np

from stepper.ops.card import Value

_LATEX_COLUMNS = 10
"""The most columns a pmatrix may have by default (amsmath's manual, section 4.1)."""


def as_numpy(value: Value) -> str:
    """`np.array([[0.5, -1.25]])` with all digits; a scalar as a plain number."""
    if not np.ndim(value):
        return _numpy_number(float(value))
    rows = "],\n          [".join(", ".join(map(_numpy_number, row)) for row in _rows(value))
    return f"np.array([[{rows}]])"


def as_tsv(value: Value) -> str:
    """A row a line, separated by tabs: a spreadsheet pastes it as cells."""
    return "\n".join("\t".join(map(_short, row)) for row in _rows(value))


def as_latex(value: Value) -> str:
    r"""A pmatrix (from the package amsmath); a scalar as a plain number."""
    if not np.ndim(value):
        return _latex_number(float(value))
    lines = " \\\\\n  ".join(" & ".join(map(_latex_number, row)) for row in _rows(value))
    matrix = f"\\begin{{pmatrix}}\n  {lines}\n\\end{{pmatrix}}"
    columns = np.shape(value)[1]
    if columns <= _LATEX_COLUMNS:
        return matrix
    return f"\\setcounter{{MaxMatrixCols}}{{{columns}}}\n{matrix}"


FORMATS: Mapping[str, Callable[[Value], str]] = {
    "numpy": as_numpy,
    "TSV": as_tsv,
    "LaTeX": as_latex,
}


def _rows(value: Value) -> list[list[float]]:
    return [[float(v) for v in row] for row in np.atleast_2d(value)]


def _numpy_number(number: float) -> str:
    return repr(number) if isfinite(number) else f"np.{number}".replace("np.-", "-np.")


def _short(number: float) -> str:
    """The fewest digits that round-trip."""
    return repr(number).removesuffix(".0")


def _latex_number(number: float) -> str:
    if isnan(number):
        return r"\mathrm{nan}"
    if not isfinite(number):
        return r"\infty" if number > 0 else r"-\infty"
    mantissa, _, exponent = _short(number).partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
