"""A program compiled to steps: which operations are steps, what they read, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Call, at
from stepper.language.parse import parse_program
from stepper.ops.dims import N, dims
from stepper.program.code import Code, compile_program
from stepper.program.program import Line, Program, Role
from stepper.program.trace import Trace, run
from tests.strategies import Net, nets

GIVEN: dict[str, Role] = {"W": "parameter", "X": "input", "y": "target", "lr": "constant"}


def lines(source: str, phase: str = "forward") -> tuple[Line, ...]:
    return tuple(Line(a.target, a.tree, phase) for a in parse_program(source))  # type: ignore[arg-type]


def compiled(source: str, update: str = "") -> Code:
    return compile_program(Program((*lines(source), *lines(update, "update")), GIVEN))


def trained() -> Trace:
    """Two updates of W in one program, and a state that both lines change."""
    shapes = {"W": dims(1, 2), "V": dims(1, 2), "X": dims(2, N), "y": dims(1, N), "lr": ()}
    net = Net("z = W @ X\nJ = mse(z, y)", "columns", shapes, ("W",))
    update = lines("V = 0.9 * V - lr * dJ_dW\nW = W + V\nW = W * (1 - lr)", "update")
    program = net.program(update)
    given = {**program.given, "V": "state", "lr": "constant"}
    rng = np.random.default_rng(2)
    values = {"W": rng.normal(size=(1, 2)), "V": rng.normal(size=(1, 2)), "lr": np.float64(0.1)}
    values |= {"X": rng.normal(size=(2, 3)), "y": rng.normal(size=(1, 3))}
    values |= {name: np.float64(3) for name in ("N", "lam", "eps")}
    return run(compile_program(Program(program.lines, given)), values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("z = W @ x", "unknown-name", "line 1 reads `x`, and there is none. Did you mean `X`?"),
        ("z = W @ a\na = X", "undefined", "line 1 reads `a`, which has no value before line 2"),
        ("z = z + 1", "undefined", "line 1 reads `z`, which has no value before line 1"),
        ("z = X\nJ = sum(zz)", "unknown-name", "line 2 reads `zz`"),
    ],
)
def test_a_name_without_a_value_is_refused(source: str, kind: str, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        compiled(source)
    assert caught.value.kind == kind
    assert words in str(caught.value)
    assert caught.value.span is not None


def test_every_operation_is_a_step_but_a_view_and_a_literal() -> None:
    code = compiled("z = W[:, :-1] @ X.T + 2 * W[:, -1:]")
    assert [step.node.op for step in code.steps] == ["matmul", "mul", "add"]  # type: ignore[attr-defined]
    assert [code.places[i].name for step in code.steps for i in step.inputs] == [
        "W[:, :-1]", "X.T", "2", "W[:, -1:]", "W[:, :-1] @ X.T", "2 * W[:, -1:]",
    ]  # fmt: skip


def test_of_a_single_number_no_reason_speaks_of_entries() -> None:
    code = compiled("z = W * X + 1")
    many, one = np.ones((2, 3)), np.ones((1, 1))
    said = [
        [t.reason(step).words() for step in t.steps]
        for t in (run(code, {"W": v, "X": v, "y": v, "lr": v}) for v in (many, one))
    ]
    assert all(reason.endswith(", entry by entry.") for reason in said[0])
    assert said[1] == [reason.replace(", entry by entry", "") for reason in said[0]]


def test_a_line_that_only_hands_a_value_on_is_a_step() -> None:
    code = compiled("z = W\nt = W.T\nc = 2")
    assert [(step.line, step.last, code.places[step.output].name) for step in code.steps] == [
        (1, True, "z"),
        (2, True, "t"),
        (3, True, "c"),
    ]


def test_a_reassigned_name_has_versions() -> None:
    trace = trained()
    assert [len(trace.code.names[n]) for n in ("W", "V", "z")] == [3, 2, 1]
    of = {n: [trace.place(slot) for slot in trace.code.names[n]] for n in ("W", "V")}
    assert [(p.version, p.role) for p in of["V"]] == [(0, "state"), (1, "state")]
    assert [(p.version, p.role) for p in of["W"]] == [
        (0, "parameter"), (1, "updated"), (2, "updated"),
    ]  # fmt: skip


def test_each_version_is_made_of_the_one_before() -> None:
    trace = trained()
    W, V, lr = (trace.value(n) for n in ("W", "V", "lr"))
    moved = 0.9 * V - lr * trace.value("dJ_dW")
    assert np.array_equal(trace.value("V", 1), moved)
    assert np.array_equal(trace.value("W", 1), W + moved)
    assert np.array_equal(trace.last("W"), (W + moved) * (1 - lr))


def test_values_can_only_be_read() -> None:
    trace = trained()
    with pytest.raises(ValueError, match="read-only"):
        trace.value("W", 1)[0, 0] = 1
    trace.verify()


def test_verify_finds_a_value_that_was_changed() -> None:
    trace = trained()
    values = list(trace.values)
    values[trace.slot("z")] = values[trace.slot("z")] + 1e-12
    with pytest.raises(StepperError, match="does not give the value"):
        Trace(trace.code, tuple(values)).verify()


def test_verify_finds_a_value_that_can_be_written() -> None:
    trace = trained()
    values = list(trace.values)
    values[trace.slot("z")] = values[trace.slot("z")].copy()
    with pytest.raises(StepperError, match="could be changed"):
        Trace(trace.code, tuple(values)).verify()


@pytest.mark.parametrize(
    ("W", "word"), [(np.nan, "matmul"), (np.inf, "matmul"), (1e200, "mse"), (0.0, None)]
)
def test_the_first_step_that_is_not_finite_is_found(W: float, word: str | None) -> None:
    trace = run(compiled("z = W @ X\nJ = mse(z, y)"), {
        "W": np.full((1, 2), W), "X": np.ones((2, 3)), "y": np.zeros((1, 3)), "lr": 0.1,
    })  # fmt: skip
    step = trace.first_not_finite()
    assert (step and step.node.op) == word  # type: ignore[attr-defined]


@given(nets())
def test_steps_of_a_random_program(net: Net) -> None:
    """One step an operation, in the order of the lines; what it reads is there before it."""
    code = compile_program(net.program())
    assert [step.index for step in code.steps] == list(range(len(code.steps)))
    assert len({step.output for step in code.steps}) == len(code.steps)
    for step in code.steps:
        line = code.program.lines[step.line - 1]
        assert at(line.tree, step.path) is step.node
        assert (step.phase, step.of) == (line.phase, line.of)
        assert step.last == (not step.path)
        assert all(code.places[i].born <= step.index for i in step.inputs)
        assert code.places[step.output].born == step.index + 1
        assert len(step.inputs) == (len(step.node.args) if isinstance(step.node, Call) else 1)
        assert str(step.reason)
    by_line = [step.line for step in code.steps]
    assert by_line == sorted(by_line)
    assert set(by_line) == set(range(1, len(code.program.lines) + 1))
