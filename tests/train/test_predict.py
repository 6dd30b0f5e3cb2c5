"""What a trained lab says of points: the same as its own forward pass says."""

from __future__ import annotations

import numpy as np
import pytest

from stepper.expr.errors import StepperError
from stepper.expr.tree import Name
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.train.loop import accuracy, quantity, start
from stepper.train.predict import classes, own_points, predicted

LABS = [n for n in lab_names() if load(n).training.predict and load(n).data is not None]


@pytest.mark.parametrize("spec", [*LABS, "xor:rows", "three-class:fused"])
def test_predictions_for_its_own_points_are_those_of_its_forward_pass(spec: str) -> None:
    lab = load(spec)
    state, (points, targets) = start(lab), own_points(lab)
    made = predicted(lab, state, points)
    walked = np.asarray(quantity(lab, state, Name(str(lab.training.predict))))
    assert made.shape == targets.shape == (lab.samples, targets.shape[1])
    assert np.allclose(made, walked.T if lab.layout == "columns" else walked, rtol=1e-12)
    right = int(np.sum(classes(made) == classes(targets)))
    assert accuracy(lab, state) == (right, lab.samples)


@pytest.mark.parametrize("spec", ["xor", "xor:rows", "folded-bias", "three-class"])
def test_any_number_of_points_one_at_a_time_or_together(spec: str) -> None:
    lab = load(spec)
    points = np.random.default_rng(1).normal(size=(7, 2))
    together = predicted(lab, start(lab), points)
    alone = [predicted(lab, start(lab), points[k : k + 1]) for k in range(7)]
    assert np.allclose(together, np.concatenate(alone), rtol=1e-12)


def test_a_lab_without_predictions_says_so() -> None:
    lab = load("micrograd")
    with pytest.raises(StepperError, match="makes no predictions"):
        predicted(lab, start(lab), np.zeros((1, 2)))


def test_a_class_is_above_a_half_or_the_largest() -> None:
    assert classes(np.array([[0.2], [0.5], [0.7]])).tolist() == [0, 0, 1]
    assert classes(np.array([[0.2, 0.5, 0.3], [0.9, 0, 0.1]])).tolist() == [1, 0]
