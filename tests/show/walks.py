"""Small programs with values, for tests of what is shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stepper.calculus.adjoint import Forward, adjoint
from stepper.calculus.naming import named
from stepper.language.layout import Layout
from stepper.language.parse import parse_line, parse_program
from stepper.language.shape import shape_of
from stepper.ops.card import Value
from stepper.ops.dims import Shape, dims
from stepper.program.code import compile_program
from stepper.program.program import Line, Program, Role
from stepper.program.trace import Trace, run

CONSTANTS = {"eps": np.float64(1e-4), "lr": np.float64(0.5)}


def forward_of(
    source: str, given: dict[str, tuple[int, ...]], layout: Layout = "columns"
) -> Forward:
    """The forward program of a text; names that begin with W, w or b are its parameters."""
    lines = tuple(Line(a.target, a.tree) for a in parse_program(source, layout=layout))
    lines = named(lines, given)
    shapes: dict[str, Shape] = {name: dims(*size) for name, size in given.items()}
    shapes |= dict.fromkeys((*CONSTANTS, "N"), ())
    for line in lines:
        shapes[line.target] = shape_of(line.tree, shapes)
    weights = [name for name in given if name[0] in "Wwb"]
    return Forward(lines, shapes, weights, (*CONSTANTS, "N"))


def traced(
    source: str, *, samples: int = 1, update: Sequence[str] = (), seed: int = 0,
    layout: Layout = "columns", **given: tuple[int, ...],
) -> Trace:  # fmt: skip
    """One run forwards, backwards and through the update lines, on numbers drawn from a seed."""
    forward = forward_of(source, given, layout)
    lines = (Line(*parse_line(text, layout=layout), "update") for text in update)
    roles: dict[str, Role] = {n: "parameter" if n in forward.parameters else "input" for n in given}
    roles |= dict.fromkeys((*CONSTANTS, "N"), "constant")
    program = Program((*forward.lines, *adjoint(forward), *lines), roles, forward.loss, layout)
    return run(
        compile_program(program), drawn(given, seed) | CONSTANTS | {"N": np.float64(samples)}
    )


def drawn(given: dict[str, tuple[int, ...]], seed: int) -> dict[str, Value]:
    """A value for every name: y is between 0 and 1, all others are normal."""
    rng = np.random.default_rng(seed)
    values = {}
    for name, size in given.items():
        value = rng.uniform(0.2, 0.8, size) if name == "y" else rng.normal(size=size)
        values[name] = value if size else np.float64(value)
    return values
