"""Mistakes that no formula shows: seen on a run that makes them, and on no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stepper.check.mistake import MISTAKES
from stepper.expr.tree import Expr
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.language.parse import parse
from stepper.program.code import compile_program
from stepper.program.program import Line, Program
from stepper.program.trace import Trace, run

OBSERVED = (
    "update-sign", "log-of-zero", "symmetric-start", "in-place-mutation", "bias-not-trained",
)  # fmt: skip


def seen(mistake: str, trace: Trace) -> list[str]:
    """The names of which an observation has something to say."""
    return [s.name for s in MISTAKES[mistake].seen(trace)]


def with_line(lab: Lab, target: str, tree: Expr | None) -> Trace:
    """A lab's run with another update line; None: without it."""
    kept = [x for x in lab.program.lines if tree is not None or x.target != target]
    lines = [
        replace(x, tree=tree) if tree is not None and x.phase == "update" and x.target == target
        else x
        for x in kept
    ]  # fmt: skip
    return run(compile_program(replace(lab.program, lines=tuple(lines))), lab.given())


@pytest.mark.parametrize("mistake", OBSERVED)
@pytest.mark.parametrize("name", ["xor", "three-class", "xor:momentum"])
def test_nothing_is_seen_on_a_right_run(mistake: str, name: str) -> None:
    lab = load(name)
    assert not seen(mistake, run(lab.code, lab.given()))


def test_an_update_uphill() -> None:
    uphill = parse("W2 + lr*dJ_dW2")
    assert seen("update-sign", with_line(load("xor"), "W2", uphill)) == ["W2"]


def test_the_update_sign_can_be_made_in_every_line_that_reads_a_gradient() -> None:
    lab = load("xor")
    made = list(MISTAKES["update-sign"].made(lab.program.lines, lab))
    assert [line.target for line, _ in made] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    for line, wrong in made:
        assert seen("update-sign", with_line(lab, line.target, wrong)) == [line.target]


def test_a_bias_without_an_update() -> None:
    assert seen("bias-not-trained", with_line(load("xor"), "b2", None)) == ["b2"]
    assert seen("bias-not-trained", with_line(load("xor"), "b2", parse("b2"))) == ["b2"]


def test_units_that_start_alike() -> None:
    lab = load("xor")
    alike = {k: np.full(np.shape(v), 0.5) for k, v in lab.parameters.items()}
    found = seen("symmetric-start", run(lab.code, lab.given(parameters=alike)))
    assert found == ["W1", "W2"]


def test_the_logarithm_of_zero() -> None:
    lab = load("xor")
    far = {k: v * 1e4 for k, v in lab.parameters.items()}
    assert seen("log-of-zero", run(lab.code, lab.given(parameters=far)))


def test_an_array_overwritten_before_the_backward_pass() -> None:
    lines = (
        Line("z", parse("w * x")),
        Line("a", parse("relu(z)")),
        Line("z", parse("z * 0")),
        Line("J", parse("a**2")),
        Line("dJ_dz", parse("2*a*(z > 0)"), "backward", of="z"),
    )
    program = Program(lines, {"w": "parameter", "x": "input"})
    trace = run(compile_program(program), {"w": np.float64(2), "x": np.float64(3)})
    assert seen("in-place-mutation", trace) == ["z"]
