"""Runs of random networks with an update, so that some names have two values."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from stepper.calculus.adjoint import gradient
from stepper.labs.optimizers import OPTIMIZERS, update_lines
from stepper.program.code import compile_program
from stepper.program.trace import Trace, run
from tests.strategies import Net, nets


def traced(net: Net) -> Trace:
    lines = [
        line
        for parameter in net.parameters
        for line in update_lines(OPTIMIZERS["gd"], parameter, gradient("J", parameter), net.layout)
    ]
    program = net.program(tuple(lines))
    code = compile_program(replace(program, given={**program.given, "lr": "constant"}))
    return run(code, {**net.values, "lr": net.values["lam"]})


def walks() -> st.SearchStrategy[Trace]:
    """Traces of random networks: forwards, backwards and updated."""
    return nets().map(traced)
