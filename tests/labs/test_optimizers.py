"""Optimizers: their lines, walked by the engine, against the same rules written out in numpy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence
from stepper.labs.optimizers import OPTIMIZERS, Optimizer, own_rule, starting_state, update_lines
from stepper.program.code import compile_program
from stepper.program.program import Program, Role

Array = np.ndarray
Rule = Callable[..., tuple[Array, Any]]


def gd(W: Array, g: Array, memory: Any, lr: float) -> tuple[Array, Any]:
    return W - lr * g, memory


def momentum(W: Array, g: Array, memory: Any, lr: float, beta: float) -> tuple[Array, Any]:
    step = beta * (0 if memory is None else memory) - lr * g
    return W + step, step


def uphill(W: Array, g: Array, memory: Any, lr: float, beta: float) -> tuple[Array, Any]:
    memory = lr * g if memory is None else beta * memory + lr * g
    return W - memory, memory


def nesterov(W: Array, g: Array, memory: Any, lr: float, beta: float) -> tuple[Array, Any]:
    """As it was published: `ahead` is where the gradient is taken, the parameter lags behind."""
    behind, v = (W, np.zeros_like(W)) if memory is None else memory
    new = beta * v - lr * g
    behind = behind + new
    return behind + beta * new, (behind, new)


def adagrad(W: Array, g: Array, memory: Any, lr: float, tiny: float, start: float) -> Any:
    seen = [] if memory is None else memory
    seen = [*seen, g]
    total = np.full_like(W, start) + sum(np.square(x) for x in seen)
    return W - (lr / (total**0.5 + tiny)) * g, seen


def rmsprop(W: Array, g: Array, memory: Any, lr: float, rho: float, tiny: float) -> Any:
    seen = [*([] if memory is None else memory), g]
    mean = sum((1 - rho) * rho**k * x * x for k, x in enumerate(reversed(seen)))
    return W - lr / (np.sqrt(mean) + tiny) * g, seen


def adam(
    W: Array, g: Array, memory: Any, lr: float, beta1: float, beta2: float, tiny: float
) -> Any:
    """By weighted averages over all gradients so far, in place of corrected running ones."""
    seen = [*([] if memory is None else memory), g]
    ages = range(len(seen) - 1, -1, -1)
    first = np.average(seen, axis=0, weights=[beta1**k for k in ages])
    second = np.average(np.square(seen), axis=0, weights=[beta2**k for k in ages])
    return W - lr * first / (np.sqrt(second) + tiny), seen


INDEPENDENT: dict[str, Rule] = {
    "gd": gd,
    "momentum": momentum,
    "momentum_uphill": uphill,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}


def walked(
    card: Optimizer, start: Array, gradients: list[Array], settings: dict[str, float]
) -> Array:
    """The parameter after an update for each gradient, by the card's own lines."""
    lines = update_lines(card, "W1", "dJ_dW1")
    state = starting_state(card, "W1", start, settings)
    roles: dict[str, Role] = dict.fromkeys(("W1", *state), "parameter")
    roles |= dict.fromkeys(("dJ_dW1", "lr", "t", *settings), "constant")
    code = compile_program(Program(lines, roles))
    values = {"W1": start, **state}
    for t, g in enumerate(gradients, 1):
        given = {**settings, **values, "dJ_dW1": g, "t": np.float64(t)}
        out = code.run(given)
        values = {name: out[code.names[name][-1]] for name in values}
    return values["W1"]


@pytest.fixture
def run() -> tuple[Array, list[Array]]:
    rng = np.random.default_rng(5)
    return rng.normal(size=(3, 4)), [rng.normal(size=(3, 4)) for _ in range(6)]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_as_the_rule_written_out_in_numpy(name: str, run) -> None:
    start, gradients = run
    card = OPTIMIZERS[name]
    settings = {k: 0.7 * v if v else 0.3 for k, v in card.settings.items()}
    W, memory = start, None
    for g in gradients:
        W, memory = INDEPENDENT[name](W, g, memory, **settings)
    assert np.allclose(walked(card, start, gradients, settings), W, rtol=1e-13, atol=0)
    assert not np.allclose(W, start)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_line_says_why_in_the_names_of_its_parameter(name: str) -> None:
    card = OPTIMIZERS[name]
    assert card.sentence.endswith(".")
    assert card.settings["lr"] > 0
    for line in update_lines(card, "b2", "dJ_db2"):
        assert line.phase == "update"
        assert line.of == "b2"
        assert isinstance(line.reason, Sentence)
        shown = line.reason.words(show=lambda e: e.id)
        assert line.target in shown
        assert not {"W", "g", *card.state} & set(shown.replace(",", " ").split())


def test_momentum_is_instanced_with_its_state() -> None:
    lines = update_lines(OPTIMIZERS["momentum"], "W1", "dJ_dW1")
    assert [line.text() for line in lines] == [
        "V_W1 = beta * V_W1 - lr * dJ_dW1",
        "W1 = W1 + V_W1",
    ]
    assert OPTIMIZERS["momentum"].state == {"V": 0.0}


def test_adagrad_may_start_from_ones() -> None:
    card, start = OPTIMIZERS["adagrad"], np.zeros((2, 3))
    assert (starting_state(card, "W1", start, {"start": 1.0})["G_W1"] == np.ones((2, 3))).all()


ADAM = """
m = 0.9*m + 0.1*g          # the average of the last gradients
v = 0.99*v + 0.01*g**2     # and of their squares, {so far}
m_hat = m / (1 - 0.9**t)
W = W - lr*m_hat / (sqrt(v / (1 - 0.99**t)) + eps)
"""


def test_a_lab_may_bring_its_own_rule(run) -> None:
    start, gradients = run
    card = own_rule(ADAM, {"lr": 0.1, "eps": 1e-8})
    assert card.state == {"m": 0.0, "v": 0.0}
    W, m, v = start, 0, 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g**2
        W = W - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
    ours = walked(card, start, gradients, {"lr": 0.1, "eps": 1e-8})
    assert np.allclose(ours, W, rtol=1e-13, atol=0)


def test_the_comments_of_an_own_rule_are_its_reasons() -> None:
    lines = update_lines(own_rule(ADAM, {"eps": 1e-8}), "W1", "dJ_dW1")
    assert [line.target for line in lines] == ["m_W1", "v_W1", "m_hat_W1", "W1"]
    said = [line.reason.words(show=lambda e: e.id) for line in lines if line.reason]
    assert said[1] == "and of their squares, {so far}"
    assert said[3] == "the lab's own rule for W1, whose gradient is dJ_dW1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "here no line does"),
        ("V = g", "here no line does"),
        ("g = 2*g\nW = W - g", "may not give `g`"),
        ("t = t + 1\nW = W - lr*g", "may not give `t`"),
        ("lr = lr/2\nW = W - lr*g", "may not give `lr`"),
        ("W = W - lr*dJ", "there is no `dJ`"),
        ("W = W -", "cannot be read"),
        ("W - lr*g", "name = formula"),
    ],
)
def test_a_rule_is_refused(text: str, said: str) -> None:
    with pytest.raises(StepperError) as refused:
        update_lines(own_rule(text, {"lr": 0.1}), "W1", "dJ_dW1")
    assert said in str(refused.value)
