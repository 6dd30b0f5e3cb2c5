"""The whole backward program of two dozen networks, as a textbook would print it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from stepper.calculus.adjoint import gradient
from stepper.calculus.numeric import central, distance
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse_program
from stepper.language.text import Style
from stepper.ops.card import Value
from stepper.ops.dims import Dim, N, Shape, dims
from stepper.program.code import compile_program
from stepper.program.trace import run
from tests.strategies import Net, filled

Golden = Mapping[str, str]
GOLDENS = tomllib.loads((Path(__file__).parent / "goldens.toml").read_text("utf-8"))["golden"]
_SIZES = {"N": N, "h": Dim(10, "h"), "h+1": Dim(11, "h+1"), "k": Dim(4, "k")}

each_golden = pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden["name"])


def _shapes(text: str) -> dict[str, Shape]:
    words = [part.split() for part in text.split(",")]
    return {name: dims(*(_SIZES.get(s) or int(s) for s in sides)) for name, *sides in words}


def _net(golden: Golden) -> Net:
    parameters = _shapes(golden["parameters"])
    shapes = _shapes(golden["given"]) | parameters
    constants = ("N", "lam", "eps", "keep", "d")
    return Net(golden["forward"], golden["layout"], shapes, tuple(parameters), {}, constants)  # type: ignore[arg-type]


def _printed(net: Net, phase: str) -> str:
    style = Style(layout=net.layout)
    return "".join(f"{line.text(style)}\n" for line in net.program().phase(phase))  # type: ignore[arg-type]


@each_golden
def test_the_backward_program_reads_like_a_textbook(golden: Golden) -> None:
    assert _printed(_net(golden), "backward") == golden["backward"]


@each_golden
def test_inner_operations_get_a_name_before_the_adjoint(golden: Golden) -> None:
    assert _printed(_net(golden), "forward") == golden.get("named", golden["forward"])


@each_golden
def test_its_gradients_are_the_slopes_that_one_measures(golden: Golden) -> None:
    net = filled(_net(golden), samples=3, seed=1)
    values = {**net.values, "keep": np.float64(0.7), "d": np.float64(3)}

    def loss(parameters: Mapping[str, Value]) -> float:
        known = {**values, **parameters}
        for line in parse_program(net.source, layout=net.layout):
            known[line.target] = evaluate(line.tree, known)
        return float(known["J"])

    trace = run(compile_program(net.program()), values)
    trace.verify()
    claimed = {p: trace.value(gradient("J", p)) for p in net.parameters}
    measured = {p: central(loss, {k: values[k] for k in net.parameters}, p) for p in claimed}
    assert distance(claimed, measured) <= 1e-7


def test_logs_typed_out_and_bce_give_the_same_lines() -> None:
    losses = ("bce(a, y, eps)", "-mean(y*log(a + eps) + (1 - y)*log(1 - a + eps))")
    shapes = _shapes("W 1 2, X 2 N, y 1 N")
    nets = (Net(f"a = sigmoid(W @ X)\nJ = {loss}", "columns", shapes, ("W",)) for loss in losses)
    first, second = (_printed(net, "backward") for net in nets)
    assert first == second
