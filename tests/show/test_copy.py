"""Copies: what is pasted elsewhere is the same value, to the last bit."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stepper.ops.card import Value
from stepper.show.copy import FORMATS, as_latex, as_numpy, as_tsv


@st.composite
def values(draw: st.DrawFn) -> Value:
    """A scalar or a matrix of any floats."""
    number = st.floats()
    if draw(st.booleans()):
        return np.float64(draw(number))
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 13))
    entries = draw(st.lists(number, min_size=rows * columns, max_size=rows * columns))
    return np.array(entries).reshape(rows, columns)


def is_same(a: Value, b: Value) -> bool:
    """Equal, with one nan like another and -0 not like 0."""
    return np.array_equal(a, b, equal_nan=True) and np.array_equal(
        np.signbit(a) & ~np.isnan(a), np.signbit(b) & ~np.isnan(b)
    )


def from_latex(text: str) -> Value:
    """What a reader of the typeset matrix would type."""
    plain = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", text)
    plain = plain.replace(r"\infty", "inf").replace(r"\mathrm{nan}", "nan")
    plain = re.sub(r"\\setcounter\{MaxMatrixCols\}\{\d+\}", "", plain).strip()
    inside = re.fullmatch(r"\\begin\{pmatrix\}(.*)\\end\{pmatrix\}", plain, re.DOTALL)
    if inside is None:
        return np.float64(plain)
    return np.array([[float(v) for v in row.split("&")] for row in inside[1].split(r"\\")])


@given(values())
@example(np.array([[-0.0, 1e-300, np.nan], [np.inf, -np.inf, 0.1]]))
def test_a_numpy_literal_is_the_value(value: Value) -> None:
    again = eval(as_numpy(value), {"np": np, "nan": np.nan})
    assert is_same(again, value)
    assert np.ndim(value) == 0 or again.dtype == np.float64


@given(values())
def test_a_table_is_the_value(value: Value) -> None:
    cells = [[float(v) for v in line.split("\t")] for line in as_tsv(value).split("\n")]
    assert is_same(np.array(cells), np.atleast_2d(value))


@given(values())
def test_a_latex_matrix_is_the_value(value: Value) -> None:
    assert is_same(from_latex(as_latex(value)), value)


def test_how_it_looks() -> None:
    value = np.array([[0.5, -1.25], [3.0, 1e-7]])
    assert as_numpy(value) == "np.array([[0.5, -1.25],\n          [3.0, 1e-07]])"
    assert as_tsv(value) == "0.5\t-1.25\n3\t1e-07"
    assert as_latex(value) == (
        "\\begin{pmatrix}\n  0.5 & -1.25 \\\\\n  3 & 1 \\cdot 10^{-7}\n\\end{pmatrix}"
    )
    assert (
        as_numpy(np.float64(0.1)) == as_tsv(np.float64(0.1)) == as_latex(np.float64(0.1)) == "0.1"
    )


@pytest.mark.parametrize("columns", [10, 11])
def test_a_wide_latex_matrix_asks_for_its_columns(columns: int) -> None:
    written = as_latex(np.ones((1, columns)))
    assert (rf"\setcounter{{MaxMatrixCols}}{{{columns}}}" in written) == (columns > 10)


def test_the_menu_has_them_all() -> None:
    assert set(FORMATS.values()) == {as_numpy, as_tsv, as_latex}
