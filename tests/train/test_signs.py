"""What is seen of a training that does not go on as it should, and of no other."""

import numpy as np
import pytest

from stepper.labs.load import load
from stepper.program.trace import run
from stepper.train.loop import at, start
from stepper.train.predict import coin, loss_of
from stepper.train.running import after
from stepper.train.signs import SIGNS
from stepper.train.sizes import RIGHT, activations, followed, sizes, weights


def seen(lab, which):
    return [str(said) for said in SIGNS[which].seen(lab, run(lab.code, lab.given()))]


def scaled(lab, by):
    """The lab with weights so many times as large."""
    state = start(lab)
    parameters = {k: v * by for k, v in state.parameters.items()}
    return at(lab, type(state)(1, 1, parameters, state.memory))


@pytest.mark.parametrize("which", SIGNS)
@pytest.mark.parametrize("name", ["three-class", "mazur", "micrograd", "bce-momentum"])
def test_of_a_training_that_goes_well_nothing_is_said(which, name):
    assert not seen(load(name), which)


def test_a_coin_makes_ln_2_of_a_cross_entropy():
    assert coin(load("xor")) == pytest.approx(np.log(2))
    assert coin(load("half-mse")) == pytest.approx(1 / 8)
    assert coin(load("three-class")) is None
    assert coin(load("micrograd")) is None


@pytest.mark.parametrize("name", ["xor", "half-mse", "folded-bias", "online-momentum"])
def test_the_loss_of_its_own_predictions_is_the_loss(name):
    lab = load(name)
    trace = run(lab.code, lab.given())
    J = float(trace.value(lab.forward.loss))
    assert loss_of(lab, trace.value(lab.training.predict)) == pytest.approx(J, rel=1e-14)


def test_a_loss_that_stays_where_a_coin_would_leave_it():
    lab = scaled(load("xor"), 0.01)
    assert "0.6931" in seen(lab, "plateau")[0]


def test_saturated_layers_are_named_with_the_spread_of_their_z():
    lab = scaled(load("xor"), 100)
    said = seen(lab, "saturation")
    assert len(said) == len(activations(lab)) == 2
    for line, name in zip(said, ("z1", "z2"), strict=True):
        assert f"{np.std(run(lab.code, lab.given()).value(name)):.3g}" in line


def test_epsilon_freezes_a_confident_mistake():
    lab = load("bce-momentum")
    lab = at(lab, start(lab))
    W3 = np.full((1, 10), 100.0)
    lab = at(lab, type(start(lab))(1, 1, {**lab.parameters, "W3": W3}, lab.state))
    said = seen(lab, "confident-mistake")
    p = run(lab.code, lab.given()).value("a3")
    worst = float(np.min(np.where(lab.data.y > 0.5, p, 1 - p)))
    assert f"= {worst / (worst + 1e-4):.3g}" in said[0]
    assert not seen(at(load("xor"), start(load("xor"))), "confident-mistake")


def test_the_floor_of_a_net_of_relus_without_a_bias():
    lab = load("bce-momentum", sets={"act": "relu"})
    assert "0.03290225" in seen(lab, "floor")[0]
    trained = at(lab, after(lab, 200))
    assert "0.03290225" in seen(trained, "floor")[0]
    assert not seen(load("bce-momentum"), "floor")


def test_sizes_are_those_of_the_layers():
    lab = load("half-mse")
    assert weights(lab) == ["W1", "W2", "W3"]
    assert list(sizes(lab)) == [
        "max(abs(dJ_dW1))", "max(abs(dJ_dW2))", "max(abs(dJ_dW3))",
        "mean(abs(a1))", "mean(abs(a2))",
    ]  # fmt: skip
    assert {*followed(lab).metrics} == {RIGHT, *sizes(lab), *lab.metrics}
