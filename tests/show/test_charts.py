"""Pictures in letters: no spike is lost, every row is as wide as asked, a point is in its cell."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.show.charts import Area, area_of, framed, plane
from stepper.show.curve import BRAILLE, DOTS, Scale, curve
from stepper.show.rows import Drawing, Look, Row

HEIGHT = 8
losses = st.floats(-1e6, 1e6, allow_subnormal=False)
histories = st.lists(losses, min_size=1, max_size=400)


def drawn(rows: list[Row], look: Look) -> list[str]:
    return str(Drawing(tuple(rows), look.ascii)).splitlines()


def dots(rows: list[Row], look: Look) -> np.ndarray:
    """The picture of a curve as it can be read off again: rows × columns of dots, top first."""
    lines = [row[1][0] for row in rows if len(row) == 2]
    down, across = (1, 1) if look.ascii else (4, 2)
    grid = np.zeros((len(lines) * down, max(map(len, lines)) * across), dtype=bool)
    for r, line in enumerate(lines):
        for c, sign in enumerate(line):
            for i in range(down):
                for j in range(across):
                    on = sign == "*" if look.ascii else (ord(sign) - BRAILLE) & DOTS[i][j]
                    grid[r * down + i, c * across + j] = sign != " " and bool(on)
    return grid


@given(histories, st.booleans(), st.sampled_from([40, 80, 120]))
def test_a_curve_is_as_wide_as_asked_and_names_its_ends(
    values: list[float], ascii: bool, width: int
) -> None:
    look = Look(width, ascii)
    rows = drawn(curve(list(enumerate(values)), "J", look), look)
    assert len(rows) == HEIGHT + 2
    assert max(map(len, rows)) <= width
    assert rows[-1].split()[0] == "0"
    assert rows[-1].endswith(str(len(values) - 1))
    assert all(row.isascii() for row in rows) or not ascii


@given(st.integers(2, 5000), st.data(), st.booleans())
def test_a_spike_of_one_epoch_is_never_lost(n: int, data: st.DataObject, ascii: bool) -> None:
    at = data.draw(st.integers(0, n - 1))
    down = data.draw(st.booleans())
    values = [(k, (0.0 if down else 2.0) if k == at else 1.0) for k in range(n)]
    grid = dots(curve(values, "J", Look(60, ascii)), Look(60, ascii))
    assert grid[-1 if down else 0].any()
    assert grid[0 if down else -1].any() or n == 1


@given(histories)
def test_the_line_has_no_gap(values: list[float]) -> None:
    look = Look(60)
    grid = dots(curve(list(enumerate(values)), "J", look), look)
    spans = [np.flatnonzero(column) for column in grid.T]
    assert all(len(s) for s in spans) or len(values) == 1
    assert all(np.all(np.diff(s) == 1) for s in spans)
    for left, right in pairwise(spans):
        if len(left) and len(right):
            assert left[0] <= right[-1] + 1
            assert right[0] <= left[-1] + 1


def test_a_steep_curve_is_drawn_by_its_logarithm() -> None:
    halves = [(k, 2.0**-k) for k in range(30)]
    look = Look(80)
    assert "J (log)" in drawn(curve(halves, "J", look), look)[0]
    tops = np.argmax(dots(curve(halves, "J", look), look), axis=0)
    steps = np.diff(tops)
    assert set(steps) <= {0, 1}, "a straight line"
    assert "(log)" not in drawn(curve([(0, -1.0), (1, 1e9)], "J", look), look)[0]


@given(losses, losses, st.integers(1, 50))
def test_a_scale_keeps_the_order_and_its_ends(a: float, b: float, n: int) -> None:
    low, high = min(a, b), max(a, b)
    scale = Scale(low, high, n)
    assert 0 <= scale.at(low) <= scale.at((low + high) / 2) <= scale.at(high) <= n - 1
    if low < high:
        assert (scale.at(low), scale.at(high)) == (0, n - 1)


points = st.lists(st.tuples(losses, losses), min_size=1, max_size=20)


@given(points, st.integers(1, 60), st.integers(1, 20))
def test_the_middle_of_a_cell_lies_in_that_cell(
    where: list[tuple[float, float]], columns: int, rows: int
) -> None:
    area = area_of(np.array(where), columns, rows)
    cells = [area.cell(centre) for centre in area.centres()]
    assert cells == [(r, c) for r in range(rows) for c in range(columns)]


@given(points)
def test_every_point_lies_inside_its_area(where: list[tuple[float, float]]) -> None:
    area = area_of(np.array(where), 48, 16)
    for x, y in where:
        assert area.left < x < area.right
        assert area.bottom < y < area.top


def test_a_feature_that_is_the_same_everywhere_has_an_area_too() -> None:
    area = area_of(np.array([[1e9, -1e9], [1e9, -1e9]]), 10, 4)
    assert area.cell((1e9, -1e9)) in {(r, c) for r in (1, 2) for c in (4, 5)}


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("classes", [2, 4, 12, 40])
def test_a_boundary_shows_region_and_point_where_they_are(ascii: bool, classes: int) -> None:
    look, area = Look(80, ascii), Area(0.0, 1.0, 0.0, 1.0, 20, 10)
    regions = np.arange(200) % classes
    point = (0.52, 0.93)
    shown = framed(plane(area, regions, {point: classes - 1}, look), area, regions, look)
    rows = drawn(shown, look)
    row, column = area.cell(point)
    assert rows[row][3 + column] == "0123456789abcdefghijklmnopqrstuvwxyz"[(classes - 1) % 36]
    picture = shown[:10]
    assert {sum(len(text) for text, _ in line) for line in picture} == {3 + 20}
    assert all(r.isascii() for r in rows) or not ascii
    key = rows[-1]
    assert key.split()[:2] == ["blank", "0"]
    for sign, number in (("░", "1"), ("▓", "3")) if classes > 3 and not ascii else ():
        assert f"{sign} {number}" in key
