"""The derived backward program against two other ways to a gradient, on random networks."""

from __future__ import annotations

from functools import partial

import numpy as np
from hypothesis import given

from stepper.calculus.adjoint import chain, gradient
from stepper.calculus.numeric import central, distance
from stepper.expr.tree import names
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse_line
from stepper.language.shape import shape_of
from stepper.language.text import Style
from stepper.ops.card import Value
from stepper.program.code import compile_program
from stepper.program.trace import Trace, run
from tests.calculus import independent
from tests.strategies import Net, nets


def traced(net: Net) -> Trace:
    return run(compile_program(net.program()), net.values)


def claimed(net: Net, trace: Trace) -> dict[str, Value]:
    return {p: trace.value(gradient("J", p)) for p in net.parameters}


def reached(trace: Trace) -> dict[str, Value]:
    """Every value that has a name, by its name."""
    return {name: trace.value(name) for name in trace.code.names}


@given(nets())
def test_gradients_are_those_of_another_autodiff(net: Net) -> None:
    ours, theirs = claimed(net, traced(net)), independent.gradients(net)
    for p in net.parameters:
        assert np.shape(ours[p]) == np.shape(net.values[p]), p
    assert not any(np.any(g) for g in theirs.values()) or distance(ours, theirs) <= 1e-9


@given(nets())
def test_gradients_are_the_slopes_that_one_measures(net: Net) -> None:
    at = {p: net.values[p] for p in net.parameters}
    measured = {p: central(partial(independent.loss, net), at, p) for p in at}
    if any(np.abs(g).max() > 1e-6 for g in measured.values()):
        assert distance(claimed(net, traced(net)), measured) <= 1e-5


@given(nets())
def test_every_backward_line_reads_back_and_gives_the_same_value(net: Net) -> None:
    trace = traced(net)
    values, style = reached(trace), Style(layout=net.layout)
    for line in trace.program.phase("backward"):
        target, tree = parse_line(line.text(style), layout=net.layout)
        assert (target, tree) == (line.target, line.tree)
        assert np.array_equal(evaluate(tree, values), trace.value(target), equal_nan=True)


@given(nets())
def test_every_gradient_has_the_shape_of_what_it_is_of(net: Net) -> None:
    forward, trace = net.forward(), traced(net)
    known = forward.known().shapes
    for line in trace.program.phase("backward"):
        assert line.of is not None
        assert line.target == gradient("J", line.of)
        assert shape_of(line.tree, known) == forward.shapes[line.of], line.text()
        assert np.shape(trace.value(line.target)) == np.shape(trace.value(line.of)), line.text()


@given(nets())
def test_every_backward_line_says_why_and_through_which_lines(net: Net) -> None:
    program = net.program()
    forward = {line.target: line for line in program.phase("forward")}
    for line in program.phase("backward"):
        assert line.reason is not None and str(line.reason)
        assert "{" not in line.reason.words()
        assert line.through
        assert all(line.of in names(forward[t].tree) for t in line.through)


@given(nets())
def test_the_untidied_chain_ends_on_the_value_of_its_line(net: Net) -> None:
    forward, trace = net.forward(), traced(net)
    for line in trace.program.phase("backward"):
        values = reached(trace)
        *rules, last = chain(forward, line)
        assert last is line
        for rule in rules:
            values[rule.target] = evaluate(rule.tree, values)
        if rules:
            end = values[rules[-1].target]
            assert np.allclose(end, trace.value(line.target), rtol=1e-9, atol=1e-12), line.text()


@given(nets())
def test_a_trace_holds_and_replays_bit_for_bit(net: Net) -> None:
    first, again = traced(net), traced(net)
    first.verify()
    assert len(first.values) == len(again.values)
    for a, b in zip(first.values, again.values, strict=True):
        assert np.asarray(a).tobytes() == np.asarray(b).tobytes()
