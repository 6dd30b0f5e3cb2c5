"""Moving through a trace: there and back is no move at all, and nothing is seen too early."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.ops.dims import N, dims
from stepper.program.code import compile_program
from stepper.program.cursor import LEVELS, Cursor, Level, stops
from stepper.program.trace import Trace, run
from tests.strategies import Net, filled

each_level = pytest.mark.parametrize("level", LEVELS)


@cache
def trace() -> Trace:
    shapes = {
        "W1": dims(3, 2),
        "b1": dims(3, 1),
        "W2": dims(1, 3),
        "X": dims(2, N),
        "y": dims(1, N),
    }
    source = "a1 = sigmoid(W1 @ X + b1)\na2 = sigmoid(W2 @ a1)\nJ = bce(a2, y) + lam * sum(W2**2)"
    net = filled(Net(source, "columns", shapes, ("W1", "b1", "W2")), samples=2)
    return run(compile_program(net.program()), net.values)


def walk(cursor: Cursor) -> list[Cursor]:
    """The cursor and every place after it."""
    found = [cursor]
    while (later := found[-1].next()) is not found[-1]:
        found.append(later)
    return found


def same(a: Cursor, b: Cursor) -> bool:
    return (a.stop, a.level) == (b.stop, b.level)


@each_level
def test_back_undoes_next_and_next_undoes_back(level: Level) -> None:
    places = walk(Cursor(trace(), level=level))
    for place in places[:-1]:
        assert same(place.next().back(), place)
    for place in places[1:]:
        assert same(place.back().next(), place)


@each_level
def test_at_the_ends_a_move_stays_where_it_is(level: Level) -> None:
    places = walk(Cursor(trace(), level=level))
    assert places[0].back() is places[0]
    assert places[-1].next() is places[-1]
    assert places[0].step is None
    assert places[-1].step is trace().steps[-1]


@each_level
def test_next_visits_every_place_once_and_in_order(level: Level) -> None:
    visited = [place.stop for place in walk(Cursor(trace(), level=level))]
    assert visited == sorted(set(visited))
    steps = trace().steps
    ends = {
        "phase": [n for n, s in enumerate(steps, 1) if s is steps[-1] or steps[n].phase != s.phase],
        "line": [n for n, step in enumerate(steps, 1) if step.last],
        "operation": list(range(1, len(steps) + 1)),
        "entry": [
            n for n, s in enumerate(steps, 1) for _ in range(np.size(trace().values[s.output]))
        ],
    }
    assert [at for at, _ in visited[1:]] == ends[level]


@each_level
def test_out_after_into_stands_where_one_was(level: Level) -> None:
    for place in walk(Cursor(trace(), level=level)):
        if level != "entry":
            assert same(place.into().out(), place)


@each_level
def test_into_goes_to_the_first_place_inside_and_out_to_the_end_of_what_holds_it(
    level: Level,
) -> None:
    for place in walk(Cursor(trace(), level=level))[1:]:
        inner, outer = place.into(), place.out()
        assert place.back().stop < inner.stop <= place.stop
        assert outer.stop >= place.stop
        assert outer.stop in stops(trace(), outer.level)
        if level == "entry":
            assert inner is place
        if level == "phase":
            assert outer is place


@each_level
def test_nothing_exists_before_it_was_computed(level: Level) -> None:
    for place in walk(Cursor(trace(), level=level)):
        for slot, made in enumerate(trace().code.places):
            assert place.exists(slot) == (made.born <= place.at)


def test_entries_are_filled_in_one_by_one() -> None:
    for place in walk(Cursor(trace(), level="entry"))[1:]:
        assert place.step is not None
        size = np.size(trace().values[place.step.output])
        assert place.filled(place.step.output) == (None if place.entries == size else place.entries)
        assert all(place.filled(slot) is None for slot in place.step.inputs)


@given(
    st.lists(st.sampled_from(("next", "back", "into", "out")), max_size=40),
    st.sampled_from(LEVELS),
    st.integers(-2, 70),
)
def test_any_walk_stands_on_a_stop_of_its_level(moves: list[str], level: Level, start: int) -> None:
    cursor = Cursor(trace(), level=level).to(start)
    for move in moves:
        cursor = getattr(cursor, move)()
        assert cursor.stop in stops(trace(), cursor.level)


@each_level
@given(st.integers(0, 70))
def test_to_goes_where_it_says_or_to_the_end_of_what_holds_it(level: Level, at: int) -> None:
    at = min(at, len(trace().steps))
    there = Cursor(trace(), level=level).to(at)
    if level in ("operation", "entry"):
        assert there.at == at
    earlier = there.back()
    assert earlier.at < at <= there.at or at == 0 or level == "entry"
