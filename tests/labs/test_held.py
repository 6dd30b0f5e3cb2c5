"""Edits that hold: a lab with other numbers, for all samples and for its training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepper.expr.errors import StepperError
from stepper.labs.held import holding, in_sample, of_all
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.whatif import Edit, edited
from stepper.ops.card import Index
from tests.labs.test_whatif import one_number


@settings(max_examples=60)
@given(one_number(), st.floats(0.05, 0.9))
def test_a_lab_that_holds_an_edit_is_walked_as_the_edited_walk(
    chosen: tuple[Lab, str, Index], value: float
) -> None:
    lab, name, index = chosen
    if name == "t":
        value = 3.0
    edits = (Edit(name, index, value),)
    whole = of_all(lab, lab.sample, edits)
    ours, theirs = holding(lab, whole).trace(lab.sample), edited(lab, lab.sample, edits)
    assert all(np.array_equal(a, b) for a, b in zip(ours.values, theirs.values, strict=True))
    back = in_sample(lab, lab.sample, whole)
    assert [(e.name, e.index, e.value) for e in back] == [(name, index, value)]


@pytest.mark.parametrize("name", ["xor", "xor:rows"])
def test_an_edited_input_is_of_one_sample_of_the_data_set(name: str) -> None:
    lab = load(name)
    value = lab.given([3])["X"] + 1
    held = holding(lab, of_all(lab, 3, (Edit("X", None, value),)))
    assert np.array_equal(held.given([3])["X"], value)
    for sample in set(range(lab.samples)) - {3}:
        assert np.array_equal(held.given([sample])["X"], lab.given([sample])["X"])
        assert in_sample(lab, sample, of_all(lab, 3, (Edit("X", None, value),))) == ()


def test_targets_that_no_longer_add_up_are_refused_for_the_sample_they_are_of() -> None:
    lab = load("three-class:fused")
    assert lab.data is not None
    y = lab.data.y
    with pytest.raises(StepperError, match="add up to 1"):
        holding(lab, of_all(lab, 1, (Edit("y", (0, 0), 0.3),)))
    turned = of_all(lab, 1, (Edit("y", None, np.roll(lab.given([1])["y"], 1)),))
    assert not np.array_equal(holding(lab, turned).given([1])["y"], lab.given([1])["y"])
    assert np.array_equal(lab.data.y, y)
