"""Stepping inside an operation ends on the operation's own number, or says by how much not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.calculus.inside import Inside, expand
from stepper.language.text import text
from stepper.program.code import Step, compile_program
from stepper.program.trace import Trace, run
from tests.show.walks import forward_of, traced
from tests.strategies import Net, filled, nets


def end(inside: Inside) -> np.ndarray:
    return np.asarray(inside.trace.values[inside.trace.steps[-1].output])


def last_step(trace: Trace, target: str) -> Step:
    line = trace.program.number_of(target)
    assert line is not None
    return trace.line_steps(line)[-1]


@settings(max_examples=25)
@given(nets(), st.integers(1, 4))
def test_every_inner_run_ends_on_the_number_of_the_step(net: Net, samples: int) -> None:
    forward = net.forward()
    trace = run(compile_program(net.program()), filled(net, samples).values)
    for step in trace.steps:
        inside = expand(trace, step, forward)
        if inside is not None:
            inside.trace.verify()
            assert inside.note is None, str(inside.note)
            np.testing.assert_allclose(
                end(inside), trace.values[step.output], rtol=1e-9, atol=1e-12
            )


def test_sigmoid_is_written_out_on_the_names_it_reads() -> None:
    given = {"X": (2, 1), "W1": (3, 2)}
    source = "z1 = W1 @ X\na1 = sigmoid(z1)\nJ = mean(a1**2)"
    trace = traced(source, **given)
    inside = expand(trace, last_step(trace, "a1"), forward_of(source, given))
    assert inside is not None
    assert [line.text() for line in inside.trace.program.lines] == ["a1 = 1 / (1 + exp(-z1))"]
    assert [text(step.node) for step in inside.trace.steps] == [
        "-z1", "exp(-z1)", "1 + exp(-z1)", "1 / (1 + exp(-z1))",
    ]  # fmt: skip


def test_an_operand_without_a_name_gets_a_short_one() -> None:
    given = {"x": (2, 2), "w": (), "u1": ()}
    source = "J = sum(sigmoid(w * x)) * u1"
    trace = traced(source, **given)
    step = next(s for s in trace.steps if text(s.node) == "sigmoid(w * x)")
    inside = expand(trace, step, forward_of(source, given))
    assert inside is not None
    assert {name: text(tree) for name, tree in inside.stands_for.items()} == {"u2": "w * x"}
    assert inside.trace.program.lines[0].text() == "u3 = 1 / (1 + exp(-u2))"


def test_a_backward_line_opens_into_the_chain_rule() -> None:
    given = {"x": (2, 1), "y": (2, 1), "w": ()}
    source = "p = w * x\nJ = mean((p - y)**2)"
    trace = traced(source, **given)
    inside = expand(trace, last_step(trace, "dJ_dp"), forward_of(source, given))
    assert inside is not None
    *rules, whole = [line.text() for line in inside.trace.program.lines]
    assert rules == [
        "g1 = expand(1 / size((p - y)**2), (p - y)**2)", "g2 = g1 * (2 * (p - y))", "g3 = g2",
    ]  # fmt: skip
    assert whole == trace.program.lines[2].text()
    assert all(line.reason is not None for line in inside.trace.program.lines)


def test_what_comes_back_from_several_uses_is_added_up() -> None:
    source = "g1 = w * w\nJ = g1 * w"
    trace = traced(source, w=())
    inside = expand(trace, last_step(trace, "dJ_dw"), forward_of(source, {"w": ()}))
    assert inside is not None
    before, whole = inside.trace.program.lines[-2:]
    assert np.isclose(inside.trace.value(before.target), inside.trace.value(whole.target))
    assert "3 times" in str(before.reason)
    assert "g1" not in [line.target for line in inside.trace.program.lines]


def test_an_operation_that_has_no_inside_is_none() -> None:
    source = "z = W @ X\nJ = sum(z)"
    given = {"W": (1, 2), "X": (2, 2)}
    trace = traced(source, **given)
    assert expand(trace, last_step(trace, "z"), forward_of(source, given)) is None


def test_numbers_that_floating_point_cannot_carry_are_told() -> None:
    given = {"z": (3, 1), "y": (3, 1), "w": ()}
    source = "s = z * w * 100000\nJ = softmax_ce(s, y)"
    trace = traced(source, **given)
    step = last_step(trace, "J")
    inside = expand(trace, step, forward_of(source, given))
    assert inside is not None
    assert np.isfinite(trace.values[step.output])
    assert not np.isfinite(end(inside)).all()
    assert repr(float(trace.values[step.output])) in str(inside.note)
