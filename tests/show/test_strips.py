"""Strips: one sign a stretch of epochs, the larger the higher, and nothing told by colour alone."""

from hypothesis import given
from hypothesis import strategies as st

from stepper.show.rows import Look
from stepper.show.strips import LEVELS, LEVELS_ASCII, strips

sizes = st.lists(st.floats(0, 1e6), min_size=1, max_size=80)


def said(row) -> str:
    return "".join(text for text, _ in row)


@given(sizes, sizes, st.booleans())
def test_rows_are_as_wide_as_the_look_and_end_on_the_last_number(one, other, ascii):
    rows = strips([("W1", one), ("longer", other)], Look(width=60, ascii=ascii))
    assert len(rows) == 2
    assert all(len(said(row)) <= 60 for row in rows)
    assert all(said(row).isascii() for row in rows) or not ascii


def test_the_largest_is_highest_and_an_exact_zero_is_a_zero():
    [row] = strips([("g", [1e-3, 1.0, 0.0])], Look(width=40))
    strip = said(row).split()[1]
    assert strip == f"{LEVELS[0]}{LEVELS[-1]}0"
    [row] = strips([("g", [1e-3, 1.0])], Look(width=40, ascii=True))
    assert said(row).split()[1] == f"{LEVELS_ASCII[0]}{LEVELS_ASCII[-1]}"


def test_no_spike_is_lost():
    [row] = strips([("g", [1.0] * 500 + [1e5] + [1.0] * 500)], Look(width=30))
    assert LEVELS[-1] in said(row)
