"""Numbers on the screen: never a false zero, enough digits, one number of decimals a matrix."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.show.numbers import scalar, single, writer

FINITE = st.floats(-1e300, 1e300)
MATRICES = st.lists(st.one_of(FINITE, st.floats(-2, 2)), min_size=1, max_size=12)


@given(MATRICES)
def test_only_an_exact_zero_looks_like_zero(values: list[float]) -> None:
    write = writer(values)
    for value in values:
        assert (write(value) == "0") == (value == 0)
        assert value == 0 or float(write(value)) != 0
        assert not write(value).startswith("-0.0000") or float(write(value)) < 0


@given(MATRICES)
def test_the_largest_entry_shows_three_digits(values: list[float]) -> None:
    largest = max(values, key=abs)
    assert float(writer(values)(largest)) == pytest.approx(largest, rel=6e-3)


@given(st.lists(st.floats(0.001, 1000), min_size=2, max_size=9))
def test_one_matrix_has_one_number_of_decimals(values: list[float]) -> None:
    written = [text for text in map(writer(values), values) if "e" not in text and text != "0"]
    assert len({len(text.partition(".")[2]) for text in written}) == 1


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.5, -0.0542, 0.0], ["0.5000", "-0.0542", "0"]),
        ([0.00123, -0.00005], ["0.00123", "-0.00005"]),
        ([1.0, 0.0, 1.0], ["1", "0", "1"]),
        ([1e-7, 0.3], ["1e-07", "0.3000"]),
        ([5e-324, 0.3], ["5e-324", "0.3000"]),
        ([3e-7], ["3.000e-07"]),
        ([2.5e6, 1.0], ["2.500e+06", "1.000e+00"]),
        ([math.nan, -math.inf, math.inf, 0.25], ["!nan", "!-inf", "!inf", "0.2500"]),
        ([-0.0], ["0"]),
    ],
)
def test_how_numbers_are_written(values: list[float], written: list[str]) -> None:
    assert list(map(writer(values), values)) == written


@given(FINITE, st.integers(4, 11))
def test_a_number_in_a_formula_reads_back(value: float, decimals: int) -> None:
    assert float(scalar(value, decimals)) == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.1, "0.1"), (150.0, "150"), (-0.05421, "-0.0542"), (0.0001234, "0.000123"), (1e-9, "1e-09")],
)
def test_a_number_alone_has_no_zeros_that_say_nothing(value: float, written: str) -> None:
    assert scalar(value) == written


def test_a_number_that_is_none_is_marked_on_its_own_and_bare_in_a_formula() -> None:
    assert single(math.nan) == "!nan"
    assert scalar(math.nan) == "nan"
