"""What the adjoint refuses, which names it makes, and what it says about them."""

from __future__ import annotations

import pytest

from stepper.calculus.adjoint import chain
from stepper.expr.errors import FormulaError, StepperError
from stepper.language.text import text
from stepper.ops.dims import N, dims
from tests.strategies import Net

SHAPES = {"X": dims(2, N), "y": dims(1, N), "W": dims(1, 2), "b": dims(1, 1)}


def net(source: str, *parameters: str) -> Net:
    return Net(source, "columns", SHAPES, parameters)


def refusal(source: str, *parameters: str) -> StepperError:
    with pytest.raises(StepperError) as caught:
        net(source, *parameters).program()
    return caught.value


def test_a_loss_that_is_no_number_is_refused_with_its_shape() -> None:
    said = str(refusal("J = W @ X - y", "W"))
    assert "J is (1, N)" in said
    assert "mean or a sum" in said


@pytest.mark.parametrize(
    "source",
    [
        "J = mean((W @ X - y)**2)",
        "z = W @ X + b\nJ = mean((W @ X - y)**2)",
        "z = W @ X + (b > 0)\nJ = mean((z - y)**2)",
        "J = mean((W @ X - y)**2) + size(b)",
    ],
)
def test_a_parameter_that_the_loss_does_not_reach_is_named(source: str) -> None:
    said = str(refusal(source, "W", "b"))
    assert "J does not depend on the parameter b" in said


def test_a_name_that_the_loss_does_not_need_gets_no_gradient() -> None:
    program = net("z = W @ X\nunused = sum(z)\nJ = mean((z - y)**2)", "W").program()
    assert [line.target for line in program.phase("backward")] == ["dJ_dz", "dJ_dW"]


def test_there_are_no_gradients_of_data_and_targets() -> None:
    program = net("z = W @ X + b\nJ = mse(z, y)", "W", "b").program()
    assert {line.of for line in program.phase("backward")} == {"z", "W", "b"}


def test_a_name_in_line_takes_the_next_free_letter() -> None:
    source = "t1 = W @ X\na1 = tanh(W @ X + b) + t1\nz2 = a1\na2 = sigmoid(W.T @ a1)\nJ = mean(a2)"
    targets = [line.target for line in net(source, "W", "b").forward().lines]
    assert targets == ["t1", "t2", "a1", "z2", "t3", "a2", "J"]


def test_the_loss_may_have_another_name() -> None:
    program = net("cost = mse(W @ X, y)", "W").program()
    assert program.loss == "cost"
    assert program.phase("backward")[-1].text() == "dcost_dW = dcost_dt1 @ X.T"


def test_a_gradient_of_one_is_put_in() -> None:
    program = Net(
        "q = x + w\nf = q * v", "columns", {"x": (), "w": (), "v": ()}, ("w", "v")
    ).program()
    assert [line.text() for line in program.phase("backward")] == [
        "df_dv = q",
        "df_dq = v",
        "df_dw = df_dq",
    ]


def test_the_reason_names_the_line_and_the_rule() -> None:
    program = net("z = W @ X + b\na = sigmoid(z)\nJ = mse(a, y)", "W", "b").program()
    reasons = {line.of: line.reason.words(text) for line in program.phase("backward")}  # type: ignore[union-attr]
    assert reasons["z"] == (
        "through line 2, a = sigmoid(z): the slope of σ, written with its own output: a·(1 − a)"
    )
    assert "was repeated to fill (1, N)" in reasons["b"]


def test_the_reason_of_a_fork_says_how_often_and_where() -> None:
    program = net("z = W @ X\nu = z * z\nJ = mean(u) + sum(W**2)", "W").program()
    reasons = {line.of: line.reason.words(text) for line in program.phase("backward")}  # type: ignore[union-attr]
    assert reasons["W"].startswith("W is used 2 times (line 1, 3), ")
    assert reasons["z"].startswith("z is used 2 times (line 2), ")


def test_the_chain_adds_up_what_comes_back_from_each_use() -> None:
    case = net("z = W @ X\nJ = mean(z * z)", "W")
    line = next(ln for ln in case.program().phase("backward") if ln.of == "z")
    assert [ln.text() for ln in chain(case.forward(), line)] == [
        "g1 = expand(1 / size(z * z), z * z)",
        "g2 = g1 * z",
        "g3 = g1 * z",
        "g4 = g2 + g3",
        "dJ_dz = 2 * z / N",
    ]


def test_the_names_of_a_chain_are_free() -> None:
    shapes = SHAPES | {"g1": dims(1, 1)}
    case = Net("z = W @ X + g1\nJ = mean(z)", "columns", shapes, ("W", "g1"))
    line = next(ln for ln in case.program().phase("backward") if ln.of == "g1")
    assert [ln.target for ln in chain(case.forward(), line)] == ["g2", "dJ_dg1"]


def test_an_entry_of_an_unknown_sample_has_no_place_to_go() -> None:
    error = refusal("z = W @ X\nJ = z[0, 3]**2", "W")
    assert isinstance(error, FormulaError)
    assert "cannot be known" in str(error)
