"""Breakpoints: where a run stops, forwards and backwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.errors import FormulaError
from stepper.labs.load import load
from stepper.program.breakpoints import Breakpoints, condition, next_stop, previous_stop
from stepper.program.cursor import LEVELS, Cursor
from stepper.program.trace import Trace
from tests.program.walks import walks


@pytest.fixture(scope="module")
def xor() -> Trace:
    return load("xor").trace(3)


def forwards(cursor: Cursor | None, breakpoints: Breakpoints) -> list[Cursor]:
    found = []
    while cursor is not None and (cursor := next_stop(cursor, breakpoints)):
        found.append(cursor)
    return found


def backwards(cursor: Cursor | None, breakpoints: Breakpoints) -> list[Cursor]:
    found = []
    while cursor is not None and (cursor := previous_stop(cursor, breakpoints)):
        found.append(cursor)
    return found


def lines(cursors: list[Cursor]) -> list[int]:
    assert all(c.step is not None and c.step.last and c.level == "line" for c in cursors)
    return [c.step.line for c in cursors if c.step is not None]


@given(walks(), st.frozensets(st.integers(1, 40)))
def test_a_run_stops_at_every_breakpoint_both_ways(trace: Trace, chosen: frozenset[int]) -> None:
    breakpoints = Breakpoints(chosen)
    there = [n for n, _ in trace.program.numbered() if n in chosen]
    assert lines(forwards(Cursor(trace), breakpoints)) == there
    end = Cursor(trace).to(len(trace.steps))
    passed = [n for n in there if n < len(trace.program.lines)]
    assert lines(backwards(end, breakpoints)) == passed[::-1]


@given(walks(), st.data())
def test_a_stop_lies_strictly_ahead_from_any_level(trace: Trace, data: st.DataObject) -> None:
    level = data.draw(st.sampled_from(LEVELS))
    at = data.draw(st.integers(0, len(trace.steps)))
    cursor = Cursor(trace, level=level).to(at)
    every = Breakpoints(frozenset(n for n, _ in trace.program.numbered()))
    after, before = next_stop(cursor, every), previous_stop(cursor, every)
    assert (after is None) == (cursor.stop == Cursor(trace).to(len(trace.steps)).stop)
    assert after is None or after.stop > cursor.stop
    assert before is None or before.stop < cursor.stop


@given(walks(), st.integers(1, 30))
def test_a_condition_stops_only_where_it_is_true(trace: Trace, bound: int) -> None:
    typed = condition(f"sum(abs(X)) + J > {bound / 5}", trace)
    every = frozenset(n for n, _ in trace.program.numbered())
    breakpoints = Breakpoints(every, dict.fromkeys(every, typed))
    total = abs(trace.value("X")).sum() + trace.value("J")
    loss_line = trace.program.number_of("J") or 0
    expected = [n for n in sorted(every) if n >= loss_line and total > bound / 5]
    assert lines(forwards(Cursor(trace), breakpoints)) == expected


def test_without_a_breakpoint_there_is_nowhere_to_go(xor: Trace) -> None:
    cursor = Cursor(xor).to(5)
    assert next_stop(cursor, Breakpoints()) is None
    assert previous_stop(cursor, Breakpoints()) is None
    assert next_stop(cursor, Breakpoints(frozenset({999}))) is None


def test_a_condition_goes_with_its_breakpoint(xor: Trace) -> None:
    never = condition("J > 1000", xor)
    breakpoints = Breakpoints().toggled(3).when(5, never)
    assert lines(forwards(Cursor(xor), breakpoints)) == [3]
    assert breakpoints.toggled(5) == Breakpoints(frozenset({3}))
    assert lines(forwards(Cursor(xor), breakpoints.toggled(5).toggled(5))) == [3, 5]
    assert breakpoints.toggled(3).toggled(5) == Breakpoints()


def test_nan_is_not_true(xor: Trace) -> None:
    breakpoints = Breakpoints().when(7, condition("log(0 - J)", xor))
    assert next_stop(Cursor(xor), breakpoints) is None


@pytest.mark.parametrize(("typed", "said"), [("W1 > 0", "4×2"), ("W9 > 0", "there is no `W9`")])
def test_refuses_what_is_no_condition(typed: str, said: str, xor: Trace) -> None:
    with pytest.raises(FormulaError) as refused:
        condition(typed, xor)
    assert said in str(refused.value)
    assert refused.value.source == typed
