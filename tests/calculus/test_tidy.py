"""Tidying never changes a value: random formulas full of numbers, against the complex step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.calculus.adjoint import gradient
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse_program
from stepper.ops.card import Value
from stepper.ops.dims import N, dims
from stepper.program.code import compile_program
from stepper.program.trace import run
from tests.strategies import Net, filled

SHAPES = {"W": dims(2, 3), "b": dims(2, 1), "c": (), "X": dims(3, N), "m": dims(2, 3)}
NUMBERS = ("2", "3", "0.5", "0.01", "1", "lam", "N", "(1 / 3)", "(N - 5)", "4")


@st.composite
def formulas(draw: Any, depth: int = 4) -> str:
    """A formula of entries, (2, 3) or smaller, in which no division comes near 0."""
    if depth == 0:
        return str(draw(st.sampled_from(("W", "b", "c", "m", "W", *NUMBERS))))
    a, b = draw(formulas(depth - 1)), draw(formulas(depth - 1))
    number = draw(st.sampled_from(NUMBERS[:-2]))
    ways = (
        f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"(-{a})", f"({a} / {number})",
        f"({number} * {a})", f"{number} / (1 + {a}**2)", f"tanh({a})",
        f"{a}**2" if a in SHAPES else a,
        f"(W @ X @ X.T / N * {a})", f"{a} * sum({b}) / 4", f"{a} * mean(W)", f"({a} - {a})",
        f"sum({a} * W, axis=1, keepdims=True)", "(W.T)[:1].T * c", f"({a} > {b}) * W",
        f"({a} * (X @ X.T)[:1, :])",
    )  # fmt: skip
    return str(draw(st.sampled_from(ways)))


def slopes(net: Net, name: str) -> Value:
    """∂J/∂name by the complex step: exact to the last digits (Squire & Trapp, 1998)."""
    value, tiny = np.asarray(net.values[name]), 1e-30
    found = np.empty(value.shape)
    for index in np.ndindex(value.shape):
        moved = value.astype(complex)
        moved[index] += 1j * tiny
        known = dict(net.values) | {name: moved[()] if not moved.ndim else moved}
        for line in parse_program(net.source):
            known[line.target] = evaluate(line.tree, known)
        found[index] = np.imag(known["J"]) / tiny
    return found[()]


@settings(max_examples=250)
@given(formulas(), st.sampled_from(("mean", "sum")), st.integers(1, 3))
def test_tidied_lines_have_the_value_of_the_derivative(
    formula: str, loss: str, samples: int
) -> None:
    used = "mean(W) + b[0, 0] / 3 - c / 7 + mean(b / 2)"
    source = f"u = {formula}\nJ = {loss}(u) / 2 + {loss}(u * m) / 3 + {used}"
    net = filled(Net(source, "columns", SHAPES, ("W", "b", "c")), samples)
    trace = run(compile_program(net.program()), net.values)
    for name in net.parameters:
        ours, exact = trace.value(gradient("J", name)), slopes(net, name)
        assert np.shape(ours) == np.shape(exact)
        np.testing.assert_allclose(ours, exact, rtol=1e-9, atol=1e-9 * max(1, np.abs(exact).max()))


@pytest.mark.parametrize(
    ("loss", "line"),
    [
        ("sum(W) / 2", "ones_like(W) / 2"),
        ("sum(W**2) / 2 + sum(W**2) / 3", "5 * W / 3"),
        ("sum(W**2) / 2", "W"),
        ("lam / 2 * sum(W**2)", "lam * W"),
        ("-sum(W**2) * 0.5", "-W"),
        ("sum(W * m) - sum(W * m) + sum(W)", "ones_like(W)"),
        ("sum(W * m) / N / N", "m / (N * N)"),
        ("N * sum(W * m) / N", "m"),
        ("mean(W * m)", "m / 6"),
        ("sum((W - m)**2) / 2", "W - m"),
        ("sum((m - W)**2) / 2", "W - m"),
        ("sum(-W / 0.01)", "-100 * ones_like(W)"),
        ("sum(W * W)", "2 * W"),
        ("sum(W.T)", "ones_like(W)"),
        ("sum(W[:1]) + sum(W[1:])", "stack(ones_like(W[:1]), ones_like(W[1:]))"),
        (
            "sum(W[:, :-1]) + sum(W[:, -1:])",
            "stack(ones_like(W[:, :-1]), ones_like(W[:, -1:]), axis=1)",
        ),
        ("sum(--W * m)", "m"),
        ("sum(W * b)", "ones_like(W) * b"),
        ("sum(W / b) / 2", "ones_like(W) / b / 2"),
        ("mean(W * (b * c))", "ones_like(W) * (b * c) / 6"),
        ("sum(sum(W * b, axis=1, keepdims=True) * b)", "expand(b, W) * b"),
        ("sum(mean(W, axis=0, keepdims=True))", "ones_like(W) / 2"),
        ("sum(expand(c, W) * W)", "expand(c, W)"),
        ("sum(W * 0)", "0 * ones_like(W)"),
    ],
)
def test_a_line_is_tidied_to(loss: str, line: str) -> None:
    net = Net(f"J = {loss}", "columns", SHAPES, ("W",))
    assert net.program().phase("backward")[-1].text() == f"dJ_dW = {line}"


@pytest.mark.parametrize("loss", ["sum(W / 0)", "sum(W) / 0.0 + 0 * sum(W)", "sum(W / (0 * m))"])
def test_a_division_by_zero_is_left_for_the_values_to_show(loss: str) -> None:
    net = filled(Net(f"J = {loss}", "columns", {"W": dims(2, 3), "m": dims(2, 3)}, ("W",)), 1)
    trace = run(compile_program(net.program()), net.values)
    assert np.isinf(trace.value("dJ_dW")).all()
