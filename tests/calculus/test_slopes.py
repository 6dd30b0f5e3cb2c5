"""Measured slopes: two ways to one number, and the kinks between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from stepper.calculus.numeric import central
from stepper.calculus.slopes import Slopes, downstream, slopes
from stepper.labs.load import load
from stepper.ops.card import Value
from stepper.program.code import compile_program
from tests.strategies import Net, nets


def values_of(net: Net) -> dict[str, Value]:
    code = compile_program(net.program())
    values = code.run(net.values)
    return {name: values[slots[0]] for name, slots in code.names.items()}


@given(nets())
def test_the_complex_step_is_the_derived_gradient_of_every_value(net: Net) -> None:
    """Of parameters and of everything in between; where it is smooth."""
    program, values = net.program(), values_of(net)
    for line in program.phase("backward"):
        measured = slopes(program, values, str(line.of))
        ours, smooth = values[line.target], ~measured.at_kink
        assert np.shape(measured.complex) == np.shape(ours)
        size = max(float(np.max(np.abs(ours))), 1e-3)
        assert np.all(np.abs(ours - measured.complex)[smooth] <= 1e-9 * size), line.target


def test_central_differences_are_those_that_one_entry_at_a_time_gives() -> None:
    lab = load("xor")
    code = lab.code
    slot = code.names["J"][0]
    values = code.run(lab.given())
    named = {name: values[slots[0]] for name, slots in code.names.items()}
    for name in lab.parameters:
        one_by_one = central(
            lambda p: float(code.run(lab.given(None, p))[slot]), lab.parameters, name
        )
        together = slopes(lab.program, named, name)
        np.testing.assert_allclose(together.central, one_by_one, rtol=1e-9, atol=1e-10)
        assert np.all(np.abs(together.central - together.complex) <= 1e-9)


def relu_at(start: float) -> Slopes:
    """The slopes in w of `3 * relu(w)`."""
    net = Net("a = relu(w)\nJ = a * 3", "columns", {"w": ()}, ("w",), {"w": np.float64(start)}, ())
    return slopes(net.program(), values_of(net), "w")


def test_a_kink_is_seen_where_the_step_crosses_it_and_only_there() -> None:
    for start, crossed in ((0.0, True), (5e-6, True), (-5e-6, True), (2e-5, False), (-1.0, False)):
        measured = relu_at(start)
        assert bool(measured.at_kink) is crossed
        assert set(measured.kinks) == ({"a"} if crossed else set())


def test_only_what_is_reached_runs_again() -> None:
    lab = load("two-hidden")
    values = dict.fromkeys(lab.code.names, np.float64(0))
    below = downstream(lab.program, values, "z3")
    assert [line.target for line in below.lines] == ["a3", "L"]


def test_measured_in_parts_they_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = load("xor", sets={"act": "relu"})
    run = lab.code.run(lab.given())
    values = {name: run[slots[0]] for name, slots in lab.code.names.items()}
    whole = slopes(lab.program, values, "W2")
    monkeypatch.setattr("stepper.calculus.slopes.AT_ONCE", 5 * 21 * 3)
    parts = slopes(lab.program, values, "W2")
    for one, other in (
        (whole.central, parts.central), (whole.complex, parts.complex), (whole.doubt, parts.doubt),
        (whole.at_kink, parts.at_kink),
    ):  # fmt: skip
        assert np.array_equal(one, other)
