"""Where operands come from, who reads a value, and lines found by their name."""

from __future__ import annotations

import pytest
from hypothesis import given

from stepper.expr.tree import names
from stepper.labs.load import load
from stepper.program.find import came_from, find, readers, used_by
from stepper.program.trace import Trace
from tests.program.walks import walks


@pytest.fixture(scope="module")
def momentum() -> Trace:
    return load("xor:momentum").trace(3)


def targets(trace: Trace, steps: tuple[int, ...]) -> list[str]:
    assert all(trace.steps[i].last for i in steps)
    return [trace.place(trace.steps[i].output).name for i in steps]


def last_of(trace: Trace, line: int) -> int:
    return trace.line_steps(line)[-1].index


@given(walks())
def test_the_two_ways_are_each_other_turned_round(trace: Trace) -> None:
    ends = [step for step in trace.steps if step.last]
    forwards = {(maker.index, user) for maker in ends for user in used_by(trace, maker)}
    backwards = {(maker, user.index) for user in ends for maker in came_from(trace, user)}
    assert forwards == backwards
    assert all(maker < user for maker, user in forwards)


@given(walks())
def test_every_operation_of_a_line_has_the_line_s_sources(trace: Trace) -> None:
    for step in trace.steps:
        end = trace.steps[last_of(trace, step.line)]
        assert came_from(trace, step) == came_from(trace, end)
        assert used_by(trace, step) == used_by(trace, end)


@given(walks())
def test_what_was_given_has_readers_too(trace: Trace) -> None:
    for name in trace.program.given:
        lines = [trace.steps[i].line for i in readers(trace, trace.slot(name))]
        first = trace.program.number_of(name) or len(trace.program.lines)
        reading = [n for n, line in trace.program.numbered() if name in names(line.tree)]
        assert lines == [n for n in reading if n <= first]


def test_sources_stand_in_the_order_of_the_formula(momentum: Trace) -> None:
    steps = {line.target: n for n, line in momentum.program.numbered()}
    sources = {
        "dJ_dW2": ["dJ_dz2", "a1"],
        "z1": [],
        "dJ_dz3": ["dJ_da3", "a3"],
        "W1": ["V_W1"],
    }
    for target, expected in sources.items():
        step = momentum.steps[last_of(momentum, steps[target])]
        assert targets(momentum, came_from(momentum, step)) == expected


def test_users_stand_in_the_order_of_the_run(momentum: Trace) -> None:
    steps = {line.target: n for n, line in momentum.program.numbered()}
    users = {"a1": ["z2", "dJ_dW2", "dJ_dz1"], "dJ_dW2": ["V_W2"], "W1": []}
    for target, expected in users.items():
        step = momentum.steps[last_of(momentum, steps[target])]
        assert targets(momentum, used_by(momentum, step)) == expected


@pytest.mark.parametrize(
    "typed", ["dJ_dW2", "∂J/∂W2", "∂J/∂W₂", " ∂J / ∂W2 ", "ｄＪ＿ｄＷ２", "dj_dw2", "∂j/∂w2"]
)
def test_a_name_is_found_however_it_is_typed(typed: str, momentum: Trace) -> None:
    assert find(momentum, typed) == (momentum.program.number_of("dJ_dW2"),)


def test_a_part_of_a_name_finds_every_line(momentum: Trace) -> None:
    found = [momentum.program.lines[n - 1].target for n in find(momentum, "W2")]
    assert found == ["dJ_dW2", "V_W2", "W2"]
    gradients = [momentum.program.lines[n - 1].target for n in find(momentum, "∂J/∂")]
    assert gradients == [line.target for line in momentum.program.phase("backward")]
    assert find(momentum, "J") == (7, *find(momentum, "∂J/∂"))


@pytest.mark.parametrize("typed", ["", "  ", "W9", "a1.T", "z1 ="])
def test_what_is_not_there_is_not_found(typed: str, momentum: Trace) -> None:
    assert find(momentum, typed) == ()
