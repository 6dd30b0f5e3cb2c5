"""The slope of a sigmoid where it is flat."""

from math import exp

import pytest

from stepper.calculus.saturated import saturated
from stepper.calculus.worked import line_parts
from stepper.labs.load import load
from stepper.labs.whatif import Edit, edited

XOR = load("xor")


def slope(bias):
    """What is said of ∂J/∂z3 = ∂J/∂a3 ⊙ (a3 ⊙ (1 − a3)) after b3 was edited."""
    trace = edited(XOR, 3, (Edit("b3", (0, 0), bias),))
    return trace, at_line(trace, "dJ_dz3")


def at_line(trace, target):
    number = trace.program.number_of(target)
    step = trace.line_steps(number)[-1]
    parts = line_parts(trace, step, (0, 0))
    return saturated(trace, trace.program.lines[number - 1].tree, parts.used)


@pytest.mark.parametrize("bias", [-20, 0, 5, 10])
def test_where_digits_are_left_nothing_is_said(bias):
    assert slope(bias)[1] is None


@pytest.mark.parametrize("bias", [18, 20, 30])
def test_the_slope_is_that_of_the_other_side(bias):
    trace, said = slope(bias)
    z = float(trace.value("z3")[0, 0])
    other_side = (1 / (1 + exp(-z))) * (1 / (1 + exp(z)))
    assert float(said.fields["exact"]) == pytest.approx(other_side, rel=1e-9)
    rounded = float(said.fields["rounded"])
    assert rounded == pytest.approx(other_side, rel=1e-2)
    assert rounded != float(said.fields["exact"])


def test_a_slope_that_is_rounded_to_0_has_its_number():
    """The learning neuron of Nielsen's chapter 3, with a weight that makes it deaf."""
    lab = load("nielsen")
    said = at_line(edited(lab, lab.check_sample(None), (Edit("w", None, 60.0),)), "dC_dz")
    assert said.fields["rounded"] == "0"
    assert 0 < float(said.fields["exact"]) < 1e-20


def test_a_sum_or_another_function_has_no_such_slope():
    trace = XOR.trace(3)
    for n, line in trace.program.numbered():
        step = trace.line_steps(n)[-1]
        assert saturated(trace, line.tree, line_parts(trace, step, (0, 0)).used) is None
