"""A matrix as a block of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.language.width import columns
from stepper.show.arrays import chosen, matrix, ranges, shortened, side_by_side
from stepper.show.rows import Drawing, Look, Row, width


def shown(rows: list[Row]) -> list[str]:
    return str(Drawing(tuple(rows))).split("\n")


def test_name_shape_and_numbers() -> None:
    value = np.array([[0.5, -1.25], [0.0, 2.0]])
    assert shown(matrix("W1", value, Look())) == [
        "W1  2×2", "  0.5000  -1.2500", "       0   2.0000",
    ]  # fmt: skip


def test_a_scalar_says_that_it_is_one() -> None:
    assert shown(matrix("J", np.float64(0.36154), Look())) == ["J  scalar", " 0.3615"]


def test_marked_entries_stand_between_signs_and_nothing_moves() -> None:
    value = np.array([[0.5, -1.25], [0.0, 2.0]])
    plain, marked = (
        shown(matrix("a", value, Look())),
        shown(matrix("a", value, Look(), marked=[(1, 0)])),
    )
    assert marked[2] == "‹      0›  2.0000"
    assert [line.replace("‹", " ").replace("›", " ").rstrip() for line in marked] == plain


def test_what_is_not_computed_yet_is_a_dot() -> None:
    value = np.arange(1, 7).reshape(2, 3) / 10
    assert shown(matrix("a", value, Look(), filled=4))[1:] == [
        " 0.1000  0.2000  0.3000", " 0.4000       ·       ·",
    ]  # fmt: skip
    assert "." in shown(matrix("a", value, Look(ascii=True), filled=4))[2]


def test_a_large_matrix_says_what_it_leaves_out() -> None:
    rows = shown(matrix("X", np.ones((512, 300)) / 3, Look(most_rows=8), marked=[(99, 49)]))
    assert "rows 1-6, 100, 512 of 512" in rows[-2]
    assert rows[-1].strip().endswith("300 of 300")
    assert any("⋮" in line for line in rows)
    assert any("‹0.3333›" in line for line in rows)


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(40, 130),
    st.floats(1e-9, 1e9),
    st.booleans(),
)
def test_a_block_is_never_wider_than_the_screen(
    rows: int, columns: int, wide: int, scale: float, ascii: bool
) -> None:
    look = Look(wide, ascii)
    value = np.random.default_rng(0).normal(scale=scale, size=(rows, columns))
    block = matrix("a name that is long " * 9, value, look, marked=[(rows - 1, columns // 2)])
    assert width(block) <= wide
    assert not ascii or str(Drawing(tuple(block))).isascii()


@given(st.integers(1, 60), st.integers(2, 12), st.data())
def test_what_is_chosen_has_the_wanted_and_the_ends(
    length: int, most: int, data: st.DataObject
) -> None:
    wanted = {data.draw(st.integers(0, length - 1))}
    kept = chosen(length, most, wanted)
    assert kept == sorted(set(kept))
    assert len(kept) == min(length, most)
    assert wanted | {length - 1} <= set(kept)


def test_ranges_count_from_one() -> None:
    assert ranges([0, 1, 2, 6, 8, 9]) == "1-3, 7, 9-10"


@pytest.mark.parametrize("wide", [40, 80, 120])
def test_blocks_stand_beside_each_other_as_far_as_they_fit(wide: int) -> None:
    look = Look(wide)
    blocks = [matrix(f"a{n}", np.ones((3, n)) / 3, look) for n in range(1, 5)]
    rows = list(side_by_side(blocks, look))
    assert all(len("".join(t for t, _ in r).rstrip()) <= wide for r in rows)
    assert sum("a" in line for line in shown(rows)) == {40: 3, 80: 2, 120: 1}[wide]


@given(st.text(alphabet="aW3權重損失", max_size=60), st.integers(20, 80))
def test_a_long_name_leaves_room_for_its_shape_in_cells(name: str, wide: int) -> None:
    cut = shortened(name, Look(width=wide))
    assert columns(cut) <= wide - 12 and (cut == name or name.startswith(cut[:-1]))
