"""How large a rate can be borne: the sharpest curvature, found in another way too."""

from __future__ import annotations

import numpy as np
import pytest

from stepper.calculus.adjoint import gradient
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.train.loop import State, quantity, start
from stepper.train.running import after
from stepper.train.stability import largest_rate, sharpness


def slope(lab: Lab, state: State, flat: np.ndarray) -> np.ndarray:
    """The gradient at a place, all parameters in a row, from the walked backward program."""
    sizes = [np.size(v) for v in state.parameters.values()]
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    moved = {
        name: np.reshape(part, np.shape(state.parameters[name]))
        for name, part in zip(state.parameters, parts, strict=True)
    }
    here = State(state.epoch, state.updates, moved, state.memory)
    names = [Name(gradient(lab.forward.loss, name)) for name in moved]
    return np.concatenate([np.ravel(quantity(lab, here, name)) for name in names])


def hessian(lab: Lab, state: State) -> np.ndarray:
    """Entry by entry, by central differences of the gradient."""
    here = np.concatenate([np.ravel(v) for v in state.parameters.values()])
    nudges = 1e-5 * np.eye(len(here))
    columns = [(slope(lab, state, here + n) - slope(lab, state, here - n)) / 2e-5 for n in nudges]
    found = np.array(columns)
    assert np.allclose(found, found.T, atol=1e-6 * np.abs(found).max())
    return (found + found.T) / 2


@pytest.mark.parametrize(
    "spec", ["xor", "xor:rows", "folded-bias", "half-mse:no-activation", "three-class"]
)
@pytest.mark.parametrize("seed", [0, 3])
def test_it_is_the_eigenvalue_of_the_hessian_that_is_furthest_from_0(spec: str, seed: int) -> None:
    lab = load(spec, sets={"h": "3"} if spec.startswith("half") else {}, seed=seed)
    values = np.linalg.eigvalsh(hessian(lab, start(lab)))
    assert sharpness(lab, start(lab)) == pytest.approx(values[np.argmax(np.abs(values))], rel=0.02)


def test_below_the_rate_the_loss_falls_and_above_it_it_grows() -> None:
    lab = load("half-mse:no-activation")
    limit = largest_rate(lab, start(lab))
    assert limit is not None
    before = float(quantity(lab, start(lab), Name("J")))
    for times, falls in ((0.3, True), (10, False)):
        other = load("half-mse:no-activation", sets={"lr": str(limit * times)})
        assert (float(quantity(other, after(other, 1), Name("J"))) < before) == falls


def test_where_nothing_is_finite_there_is_no_rate() -> None:
    lab = load("half-mse:no-activation", sets={"W1": "normal(2, h, std=1e200)"})
    assert largest_rate(lab, start(lab)) is None
