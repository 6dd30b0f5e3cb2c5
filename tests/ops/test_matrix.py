"""A matrix product is numpy's, however it is worked out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.ops import CARDS

MATMUL = CARDS["matmul"]
SIZES = st.integers(1, 4)


@given(st.integers(0, 99), SIZES, SIZES, SIZES, st.booleans())
def test_is_numpys_bit_for_bit_or_to_a_rounding(seed, rows, inner, columns, stacked):
    rng = np.random.default_rng(seed)
    stack = (3,) if stacked else ()
    a, b = rng.normal(size=(*stack, rows, inner)), rng.normal(size=(*stack, inner, columns))
    a[..., 0, 0] = -0.0
    ours, numpys = MATMUL.eval(a, b), a @ b
    np.testing.assert_allclose(ours, numpys, rtol=1e-15, atol=1e-15)
    if inner == 1:
        np.testing.assert_array_equal(ours, numpys)
        np.testing.assert_array_equal(np.signbit(ours), np.signbit(numpys))


@pytest.mark.parametrize(
    "shapes", [((4, 1), (4, 3)), ((1, 1), (2, 3)), ((4, 1), (3,)), ((4, 1), ()), ((2, 3), (2, 3))]
)
def test_inner_sizes_that_differ_are_never_stretched(shapes):
    a, b = map(np.ones, shapes)
    with pytest.raises(ValueError, match="matmul"):
        MATMUL.eval(a, b)
