"""`stepper.testing`: right gradients pass, wrong ones fail with what is wrong with them."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepper.expr.errors import StepperError
from stepper.testing import assert_gradient
from tests.test_house import block

N = 7
RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(3, N)), RNG.integers(0, 2, size=(2, N)) * 1.0
PARAMS = {
    "W1": RNG.normal(size=(3, 3)), "b1": RNG.normal(size=(3, 1)), "W2": RNG.normal(size=(2, 3)),
}  # fmt: skip


def forward(p: dict[str, Any]) -> tuple[Any, Any]:
    a1 = np.tanh(p["W1"] @ X + p["b1"])
    return a1, 1 / (1 + np.exp(-(p["W2"] @ a1)))


def loss(p: dict[str, Any]) -> Any:
    return np.mean((forward(p)[1] - Y) ** 2)


def backward(p: dict[str, Any]) -> dict[str, Any]:
    a1, a2 = forward(p)
    d2 = 2 * (a2 - Y) / Y.size * a2 * (1 - a2)
    d1 = p["W2"].T @ d2 * (1 - a1**2)
    return {"W1": d1 @ X.T, "b1": d1.sum(axis=1, keepdims=True), "W2": d2 @ a1.T}


def failure(grads: Any, params: Any = PARAMS, of: Callable[..., Any] = loss) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_gradient(of, params, grads, samples=N)
    return str(caught.value)


def with_one(name: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    grads = backward(PARAMS)
    return {**grads, name: change(grads[name])}


def test_right_gradients_pass_in_every_form() -> None:
    grads = backward(PARAMS)
    assert_gradient(loss, PARAMS, grads)
    names = list(PARAMS)
    assert_gradient(
        lambda *values: loss(dict(zip(names, values, strict=True))),
        list(PARAMS.values()), [grads[n] for n in names],
    )  # fmt: skip
    assert_gradient(
        lambda W: loss({**PARAMS, "W2": W}), np.array(PARAMS["W2"]), np.array(grads["W2"])
    )
    assert_gradient(lambda p: 3 * p["x"] ** 2, {"x": 2}, {"x": 12.0})


@given(st.integers(0, 999), st.floats(1e-3, 1e3))
def test_right_gradients_pass_at_every_scale(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    params = {name: rng.normal(size=v.shape) for name, v in PARAMS.items()}
    grads = {name: scale * g for name, g in backward(params).items()}
    assert_gradient(lambda p: scale * loss(p), params, grads)


@pytest.mark.parametrize("name", sorted(PARAMS))
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: 2 * g, "2 times too large"),
        (lambda g: g / 2, "half"),
        (lambda g: -g, "its sign is the wrong way round"),
        (lambda g: N * g, "7 times too large, as if the mean over the 7 samples were missing"),
        (lambda g: g / N, "7 times too small"),
        (lambda g: 0 * g, "0 everywhere"),
        (lambda g: 1.25 * g, "1.25 times too large, everywhere"),
        (lambda g: g * np.nan, "not finite at [0, 0]"),
    ],
)
def test_a_factor_is_named(name: str, change: Callable[[Any], Any], words: str) -> None:
    said = failure(with_one(name, change))
    assert f"\n  {name}: " in said
    assert words in said
    assert said.startswith("wrong gradients: 1 of 3\n")
    others = ", ".join(n for n in PARAMS if n != name)
    assert said.endswith(f"right: {others}")


def test_a_transpose_is_named_in_a_square_and_by_its_shape() -> None:
    assert "right numbers, transposed" in failure(with_one("W1", np.transpose))
    assert "shape (3, 2), the parameter has (2, 3): it is transposed" in failure(
        with_one("W2", np.transpose)
    )


def changed(*places: Any) -> Callable[[Any], Any]:
    def change(g: Any) -> Any:
        g = g.copy()
        for place in places:
            g[place] += 0.5
        return g

    return change


def test_wrong_entries_are_named_with_the_worst_of_them() -> None:
    said = failure(with_one("W2", changed((0, 1), (1, 2), (1, 2))))
    assert "wrong entries: 2 of 6, [0, 1], [1, 2]" in said
    right = backward(PARAMS)["W2"][1, 2]
    assert f"worst entry [1, 2]: yours {right + 1:.7g}, measured " in said
    assert float(said.split("measured ")[1].split("\n")[0]) == pytest.approx(right, rel=1e-5)
    assert "2 of 6" not in failure(with_one("W1", changed((0, 0))))
    assert "all of row 1" in failure(with_one("W2", changed((1, slice(None)))))
    assert "all of column 2" in failure(with_one("W2", changed((slice(None), 2))))


def test_the_gradient_of_an_array_may_be_a_list() -> None:
    assert_gradient(lambda w: w @ w, np.array([1.0, 2.0]), [2.0, 4.0])


def test_a_backward_pass_that_returns_nothing_is_an_error() -> None:
    with pytest.raises(StepperError, match="None came out"):
        assert_gradient(lambda w: w @ w, np.array([1.0]), None)  # type: ignore[arg-type]
    with pytest.raises(StepperError, match="None came out"):
        assert_gradient(lambda w: w @ w, {"w": np.array([1.0])}, None)  # type: ignore[arg-type]


def test_what_is_missing_or_too_much_is_named() -> None:
    grads = backward(PARAMS)
    del grads["b1"]
    assert "b1: there is no gradient for it" in failure(grads)
    assert "V: there is no parameter" in failure({**backward(PARAMS), "V": np.ones(3)})
    assert "(3,), the parameter has (3, 1)" in failure(with_one("b1", np.ravel))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


SMOOTH: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "square": (np.square, lambda w: 2 * w),
    "cube": (lambda w: w**3, lambda w: 3 * w**2),
    "sine": (np.sin, np.cos),
    "bell": (lambda w: np.exp(-(w**2)), lambda w: -2 * w * np.exp(-(w**2))),
    "sigmoid": (sigmoid, lambda w: sigmoid(w) * sigmoid(-w)),
    "error": (lambda w: (1 - sigmoid(w)) ** 2, lambda w: -2 * sigmoid(-w) ** 2 * sigmoid(w)),
    "softplus": (lambda w: np.logaddexp(0, w), sigmoid),
    "constant": (lambda w: 0 * w, lambda w: 0 * w),
}
"""Functions of an entry with their slopes."""
smooth = st.sampled_from(sorted(SMOOTH))
spread = st.sampled_from([0.0, 1e-9, 1e-3, 1.0, 5.0, 30.0])


@given(smooth, spread, st.integers(0, 999), st.sampled_from([1e-8, 1.0, 1e4]),
       st.sampled_from([0.0, 1.0, 1e3]))  # fmt: skip
def test_right_gradients_of_smooth_losses_pass_tiny_ones_and_zeros_too(
    name: str, spread: float, seed: int, scale: float, constant: float
) -> None:
    """In saturated units, at an extreme, of nothing at all, and beside a constant."""
    value, slope = SMOOTH[name]
    w = np.random.default_rng(seed).normal(size=3) * spread
    assert_gradient(lambda w: scale * (np.sum(value(w)) + constant), [w], [scale * slope(w)])


@given(smooth, st.sampled_from([1e-3, 1.0]), st.integers(0, 999), st.sampled_from([-1.0, 0.0, 3.0]),
       st.sampled_from([0.0, 1.0, 1e4, 1e10]))  # fmt: skip
def test_wrong_gradients_of_smooth_losses_fail_beside_a_constant_too(
    name: str, spread: float, seed: int, factor: float, constant: float
) -> None:
    value, slope = SMOOTH[name]
    w = np.random.default_rng(seed).normal(size=3) * spread
    wrong = factor * slope(w)
    assume(np.max(np.abs(wrong - slope(w))) > max(1e-3, 1e-11 * constant))
    said = failure([wrong], [w], lambda w: np.sum(value(w)) + constant)
    assert "wrong gradients: 1 of 1" in said or "cannot be measured" in said


P = np.array([0.2, 1 - 1e-6])


@pytest.mark.parametrize("log", [np.log, lambda p: sum(math.log(q) for q in p)])
@pytest.mark.parametrize("factor", [1.0, 100.0])
def test_where_a_step_leads_out_of_the_loss_a_shorter_one_is_taken(
    log: Callable[[Any], Any], factor: float
) -> None:
    claim = np.array([1 / 0.8, factor / (1 - P[1])])

    def of(p: Any) -> Any:
        return -np.sum(log(1 - p))

    if factor == 1:
        assert_gradient(of, [P], [claim])
    else:
        assert "p: wrong entries: 1 of 2, [1]" in failure([claim], [P], of)


@pytest.mark.parametrize(
    ("of", "at"),
    [
        (np.sqrt, 0.0), (np.cbrt, 0.0), (lambda w: np.sqrt(np.abs(w)), 0.0),
        (lambda w: (w > 1) * 1.0, 1.0), (np.arcsin, 1.0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("slope", [0.0, 1.0, -200.0, 1e6])
def test_where_a_loss_has_no_slope_no_gradient_passes(
    of: Callable[[Any], Any], at: float, slope: float
) -> None:
    params = {"W": np.array([[at, 0.5]]), "b": np.array(3.0)}
    grads = {"W": np.array([[slope, 1.0]]), "b": 1.0}

    said = failure(grads, params, lambda p: of(p["W"][0, 0]) + p["W"][0, 1] + p["b"])
    assert said.startswith("gradients not measured: 1 of 2\n  W: cannot be measured at W[0, 0]: ")
    assert said.endswith("right: b")


@pytest.mark.parametrize("factor", [-2, 2, 5])
def test_a_slope_that_is_lost_beside_the_loss_is_not_measured(factor: float) -> None:
    w = np.array([1.0, -2.0])
    said = failure([factor * w], [w], lambda w: 1e17 + np.sum(w**2))
    assert "cannot be measured at w[0]: its slope comes out as 0, give or take" in said


def test_units_that_are_dead_here_and_live_further_on_have_no_slope() -> None:
    w = np.ones((2, 3))

    def of(w: Any) -> Any:
        return 1 + np.sum(np.maximum(w - 1.05, 0))

    assert_gradient(of, [w], [0 * w])
    for off in (1e-8, 0.5, 1.0):
        assert "wrong" in failure([np.full((2, 3), off)], [w], of)


def hinge(w: Any) -> Any:
    return np.sum(np.maximum(w, 0) * np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("place", [0.0, 4e-6, -8e-6])
def test_at_a_kink_every_slope_between_its_sides_is_right(slope: float, place: float) -> None:
    at = np.array([place, 1.0, -1.0])
    assert_gradient(hinge, at, np.array([slope, 2.0, 0.0]))
    for off in (-0.2, 1.2):
        assert "[0]" in failure(np.array([off, 2.0, 0.0]), at, hinge)


@pytest.mark.parametrize(
    ("of", "params", "words"),
    [
        (lambda p: p["x"], {"x": np.ones(2)}, "(2,) and must be a single number"),
        (lambda p: np.log(p["x"]), {"x": np.array(0.0)}, "the loss is -inf"),
        (lambda p: "much", {"x": np.array(1.0)}, "the loss is no number"),
        (lambda p: p["x"], {"x": ["a"]}, "x is no array of numbers"),
        (lambda p: RNG.normal(), {"x": np.array(1.0)}, "fix what is random"),
        (lambda p: 1.0, {}, "there is no parameter"),
        (lambda p: 1.0, {"x": np.ones((0, 3))}, "there is no parameter"),
    ],
)
def test_what_cannot_be_judged_is_an_error_and_no_failure(
    of: Callable[..., Any], params: dict[str, Any], words: str
) -> None:
    with pytest.raises(StepperError) as caught, np.errstate(all="ignore"):
        assert_gradient(of, params, params)
    assert words in str(caught.value)


def test_a_loss_that_spoils_its_parameters_spoils_copies() -> None:
    before = {name: value.copy() for name, value in PARAMS.items()}

    def spoiling(p: dict[str, Any]) -> Any:
        found = loss(p)
        for value in p.values():
            value[...] = 9
        return found

    assert_gradient(spoiling, PARAMS, backward(PARAMS))
    assert all(np.array_equal(before[n], PARAMS[n]) for n in PARAMS)


def test_the_readmes_example_fails_as_it_says() -> None:
    names: dict[str, Any] = {}
    exec(compile(block("gradient"), "README.md", "exec"), names)
    with pytest.raises(AssertionError) as caught:
        names["test_backward"]()
    assert str(caught.value).strip() == block("failure").strip()


def test_it_needs_neither_screen_nor_sympy() -> None:
    code = (
        "import sys, stepper.testing;"
        "print([m for m in ('textual', 'rich', 'sympy', 'pytest') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
