"""Watches: the newest whole value of every name, or the line that is waited for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.expr.errors import FormulaError
from stepper.labs.load import load
from stepper.ops.card import Value
from stepper.program.cursor import LEVELS, Cursor, Level, stops
from stepper.program.trace import Trace
from stepper.program.watch import watch
from tests.program.walks import walks


@pytest.fixture(scope="module")
def momentum() -> Trace:
    return load("xor:momentum").trace(3)


def values_after(trace: Trace, at: int, entries: int) -> dict[str, Value]:
    """What each name is, found by walking the steps from the start."""
    found = {name: trace.value(name) for name in trace.program.given}
    for step in trace.steps[:at]:
        value = trace.values[step.output]
        is_whole = step.index < at - 1 or entries == np.size(value)
        if step.last and is_whole:
            found[trace.program.lines[step.line - 1].target] = value
    return found


@settings(max_examples=20)
@given(walks(), st.sampled_from(LEVELS))
def test_a_name_has_its_newest_whole_value_everywhere(trace: Trace, level: Level) -> None:
    watches = [watch(name, trace) for name in trace.code.names]
    for at, entries in stops(trace, level):
        cursor = Cursor(trace, at, level, entries)
        there = values_after(trace, at, entries)
        for each in watches:
            assert each.value_at(cursor) is there.get(each.source)
            assert (each.waits_for(cursor) is None) == (each.source in there)


@given(walks())
def test_waiting_ends_after_the_line_that_is_waited_for(trace: Trace) -> None:
    start = Cursor(trace)
    for n, line in trace.program.numbered():
        each = watch(line.target, trace)
        if line.target in trace.program.given:
            continue
        assert each.waits_for(start) == n
        last = trace.line_steps(n)[-1].index + 1
        assert each.value_at(start.to(last)) is not None
        assert each.value_at(start.to(last).back()) is None


def test_a_formula_is_computed_from_what_is_there(momentum: Trace) -> None:
    each = watch("max(abs(∂J/∂W1)) + 0 * J", momentum)
    line = momentum.program.number_of("dJ_dW1")
    before = Cursor(momentum).to(momentum.line_steps(7)[-1].index + 1)
    assert each.value_at(before) is None
    assert each.waits_for(before) == line
    after = before.to(len(momentum.steps))
    assert each.value_at(after) == np.max(np.abs(momentum.value("dJ_dW1")))
    assert each.waits_for(after) is None


def test_a_formula_of_given_names_is_there_from_the_start(momentum: Trace) -> None:
    each = watch("sum(W1)", momentum)
    assert each.value_at(Cursor(momentum)) == np.sum(momentum.value("W1", 0))
    end = Cursor(momentum).to(len(momentum.steps))
    assert each.value_at(end) == np.sum(momentum.value("W1", 1))


@pytest.mark.parametrize(
    ("typed", "kind", "said"),
    [
        ("W9", "unknown-name", "there is no `W9`"),
        ("dJ_dW22", "unknown-name", "Did you mean `dJ_dW2`"),
        ("W1 @ a1", "shape", "inner sizes 2 and 4 differ"),
        ("W1[9, 0]", "shape", "no entry 9"),
        ("a1 a2", "ambiguous", "nothing stands between"),
        ("", "empty", "no formula"),
    ],
)
def test_refuses(typed: str, kind: str, said: str, momentum: Trace) -> None:
    with pytest.raises(FormulaError) as refused:
        watch(typed, momentum)
    assert refused.value.kind == kind
    assert said in str(refused.value)
    assert refused.value.source == typed
