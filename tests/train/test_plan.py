"""A plan: run again and again, it gives the very numbers that stepping gives."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.labs.optimizers import OPTIMIZERS
from stepper.labs.source import lab_names
from stepper.language.parse import parse
from stepper.ops.card import Value
from stepper.train.loop import State, quantity, start, updated
from stepper.train.plan import Plan, plan


def memory(ready: Plan, state: State) -> dict[str, Value]:
    return {name: ready.given[name] for name in (*state.parameters, *state.memory)}


def feed(ready: Plan, values: Mapping[str, Value]) -> None:
    """Other values for given names, in the shapes that they had."""
    for name, value in values.items():
        ready.given[name][...] = value


@pytest.mark.parametrize("name", lab_names())
def test_equals_stepping(name: str) -> None:
    lab = load(name)
    which = None if lab.training.batch is None else [0]
    ready, state = plan(lab.program, lab.given(which), {}), start(lab)
    for _ in range(5):
        ready.run("look", "update")
        state = updated(lab, state, which)
        for given_name, value in memory(ready, state).items():
            ours = state.parameters.get(given_name, state.memory.get(given_name))
            assert value == pytest.approx(np.asarray(ours), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@given(seed=st.integers(0, 100))
def test_equals_stepping_with_every_optimizer(optimizer: str, seed: int) -> None:
    lab = load("xor", sets={"optimizer": optimizer}, seed=seed)
    ready, state = plan(lab.program, lab.given(), {}), start(lab)
    for update in range(1, 5):
        feed(ready, {name: np.float64(update) for name in ready.given if name == "t"})
        ready.run("look", "update")
        state = updated(lab, state, None)
    for name, value in {**state.parameters, **state.memory}.items():
        assert ready.given[name] == pytest.approx(value, rel=1e-12, abs=1e-14)


def test_another_batch_is_fed_in() -> None:
    lab = load("online-momentum")
    ready, state = plan(lab.program, lab.given([0]), {}), start(lab)
    for k in (0, 5, 3):
        X, y = lab.data.take([k])
        feed(ready, {"X": X, "y": y})
        ready.run("look", "update")
        state = updated(lab, state, [k])
    assert np.allclose(ready.given["W1"], state.parameters["W1"], rtol=1e-12, atol=0)


def test_measures_are_those_of_the_weights_before_the_update() -> None:
    lab = load("xor")
    asked = {"J": parse("J"), "largest": parse("max(abs(dJ_dW1))")}
    ready = plan(lab.program, lab.given(), asked)
    assert plan(lab.program, lab.given(), {}).calls["extra"] == []
    ready.run("look", "extra", "update", "look", "extra")
    after = updated(lab, start(lab), None)
    for name, tree in asked.items():
        assert float(ready.measured[name]) == pytest.approx(float(quantity(lab, after, tree)))


def test_the_lab_itself_is_not_written_to() -> None:
    lab = load("xor")
    before = {name: np.array(value) for name, value in lab.parameters.items()}
    plan(lab.program, lab.given(), {}).run("look", "update")
    assert all(np.array_equal(before[name], lab.parameters[name]) for name in before)


def test_a_changed_rate_is_taken_up() -> None:
    lab = load("xor")
    ready = plan(lab.program, lab.given(), {})
    feed(ready, {"lr": np.float64(0)})
    ready.run("lasting", "look", "update")
    assert all(np.array_equal(ready.given[n], v) for n, v in lab.parameters.items())


@given(data=st.data())
def test_whatever_is_measured_the_training_is_the_same(data: st.DataObject) -> None:
    lab = load(data.draw(st.sampled_from(["xor", "first-step", "folded-bias", "micrograd"])))
    names = [line.target for line in lab.program.lines if line.phase != "update"]
    asked = data.draw(st.lists(st.sampled_from(names), unique=True))
    ready, state = plan(lab.program, lab.given(), {n: Name(n) for n in asked}), start(lab)
    for _ in range(3):
        ready.run("look", "extra")
        for name in asked:
            assert np.allclose(ready.measured[name], quantity(lab, state, Name(name)), rtol=1e-12)
        ready.run("update")
        state = updated(lab, state, None)
