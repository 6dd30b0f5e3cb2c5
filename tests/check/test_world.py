"""Worlds: the point at which a formula is judged is generic, true and always the same."""

from itertools import combinations

import numpy as np
import pytest

from stepper.calculus.numeric import central
from stepper.check.sizes import resized
from stepper.check.world import World, same, value_of, worlds
from stepper.expr.errors import FormulaError, ShapeError
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.source import read
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse
from tests.check.labs import networks

each_lab = pytest.mark.parametrize("name", networks())


def _loss(lab: Lab, world: World, moved: dict[str, object]) -> float:
    values = {**world.values, **moved}
    for line in lab.forward.lines:
        values[line.target] = evaluate(line.tree, values)
    return float(values[lab.forward.loss])


@each_lab
def test_every_gradient_of_a_world_is_what_trying_finds(name: str) -> None:
    lab = load(name)
    for world in worlds(lab)[:2]:
        parameters = {p: world.values[p] for p in lab.forward.parameters}
        for parameter in parameters:
            tried = central(lambda x, w=world: _loss(lab, w, dict(x)), parameters, parameter)
            ours = world.values[f"d{lab.forward.loss}_d{parameter}"]
            assert np.allclose(ours, tried, rtol=1e-5, atol=1e-7), parameter


@each_lab
def test_there_are_two_worlds_with_every_name_and_no_gradient_that_judges_nothing(
    name: str,
) -> None:
    lab = load(name)
    found = worlds(lab)
    assert len(found) >= 2
    for world in found:
        assert set(lab.forward.shapes) <= set(world.values)
        assert all(np.isfinite(v).all() for v in world.values.values())
        for key, value in world.values.items():
            if key.startswith(f"d{lab.forward.loss}_d"):
                assert np.max(np.abs(value)) > 1e-9, key


@each_lab
def test_the_worlds_of_a_lab_are_the_same_every_time(name: str) -> None:
    first, second = worlds(load(name)), worlds(load(name))
    for one, other in zip(first, second, strict=True):
        assert all(np.array_equal(v, other.values[k]) for k, v in one.values.items())


@each_lab
def test_what_goes_into_a_sigmoid_has_both_signs(name: str) -> None:
    lab = load(name)
    for line in lab.forward.lines:
        if line.target.startswith("z") and line.target in lab.forward.shapes:
            found = np.concatenate([np.ravel(w.values[line.target]) for w in worlds(lab)])
            assert (found > 0).any() and (found < 0).any(), line.target


@each_lab
def test_labels_are_of_the_labs_own_kind(name: str) -> None:
    lab = load(name)
    if lab.data is None:
        return
    for world in worlds(lab):
        y = world.values["y"]
        if np.isin(lab.data.y, (0, 1)).all():
            assert set(np.unique(y)) == {0.0, 1.0}
        if name.startswith("three-class"):
            assert np.array_equal(y.sum(axis=0), np.ones(7))


def _lengths(lab: str) -> dict[str, tuple[int, ...]]:
    return {k: np.shape(v) for k, v in worlds(load(lab))[0].values.items()}


@pytest.mark.parametrize("lab", ["two-hidden", "mazur", "chessboard"])
def test_lengths_that_are_equal_in_the_lab_differ_in_its_worlds(lab: str) -> None:
    found = _lengths(lab)
    lengths = [*found["X"], found["z1"][0 if lab != "two-hidden" else 1]]
    lengths.append(found["z2"][0 if lab != "two-hidden" else 1])
    assert all(a != b for a, b in combinations(lengths, 2)), found
    assert 7 in found["X"]


def test_a_single_output_stays_single() -> None:
    assert _lengths("xor")["a3"] == (1, 7)


def test_a_length_that_the_backward_lines_hold_as_a_number_stays(tmp_path: object) -> None:
    lab = load("mazur", sets={})
    forward, _ = resized(lab)
    assert forward.shapes["W2"][0].size != 2
    text = read("mazur").text.replace("E = sum((y - a2)**2) / 2", "E = mean((y - a2)**2)")
    file = tmp_path / "mean.toml"  # type: ignore[operator]
    file.write_text(text.split("[variants")[0])
    forward, _ = resized(load(str(file)))
    assert forward.shapes["W2"][0].size == 2, "the mean divides by 2·N"
    assert forward.shapes["W1"][0].size != 2


def test_a_folded_bias_keeps_its_one_more(tmp_path: object) -> None:
    file = tmp_path / "folded.toml"  # type: ignore[operator]
    file.write_text(
        """
title = "folded"
[data]
layout = "columns"
set = "xor"
[sizes]
h = 4
[parameters]
W1 = "normal(h, 3)"
W2 = "normal(1, h+1)"
[program]
forward = '''
z1 = W1 @ with_ones(X)
a1 = sigmoid(z1)
z2 = W2 @ with_ones(a1)
a2 = sigmoid(z2)
J = bce(a2, y)
'''
"""
    )
    world = worlds(load(str(file)))[0].values
    h = int(world["h"])
    assert h != 4
    assert world["W1"].shape[0] == h and world["W2"].shape == (1, h + 1)
    assert world["W1"].shape[1] == world["X"].shape[0] + 1 != 3


def test_a_value_is_refused_where_it_does_not_fit() -> None:
    world = worlds(load("two-hidden"))[0]
    with pytest.raises(ShapeError):
        value_of(parse("dL_dz2 @ W2"), world)
    with pytest.raises(FormulaError, match="no `q`"):
        value_of(parse("q * 2"), world)
    assert value_of(parse("q * 2"), world, {"q": np.float64(3)}) == 6


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (np.ones((2, 2)), np.ones((2, 2)), True),
        (np.ones((2, 2)), np.ones((2, 2)) + 1e-10, True),
        (np.ones((2, 2)), np.ones((2, 2)) + 1e-6, False),
        (np.ones((1, 1)), np.float64(1), False),
        (np.array([[np.nan]]), np.array([[np.nan]]), False),
        (np.array([[1e-12]]), np.array([[2e-12]]), False),
        (np.zeros((1, 1)), np.zeros((1, 1)), True),
    ],
)
def test_same_is_relative_to_the_largest_entry(
    ours: object, theirs: object, expected: bool
) -> None:
    assert same(ours, theirs) is expected
