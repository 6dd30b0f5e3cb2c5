"""Nudges: the loss after a small step, beside what the gradient promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.nudge import nudge
from stepper.labs.whatif import Edit
from stepper.language.text import SCREEN
from stepper.show.words import words

XOR = load("xor")


@st.composite
def weights(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    name = draw(st.sampled_from(sorted(XOR.parameters)))
    rows, columns = XOR.parameters[name].shape
    return name, (draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1)))


@given(weights(), st.integers(0, 20))
def test_the_loss_goes_where_the_gradient_says(
    weight: tuple[str, tuple[int, int]], sample: int
) -> None:
    name, index = weight
    found = nudge(XOR, sample, (), name, index)
    trace = XOR.trace(sample)
    assert found.before == trace.value("J")
    assert found.slope == trace.value(f"dJ_d{name}")[index]
    assert found.central == pytest.approx(found.slope, rel=1e-5, abs=1e-9)


@given(weights())
def test_the_difference_shrinks_with_the_square(weight: tuple[str, tuple[int, int]]) -> None:
    wide = nudge(XOR, 3, (), *weight, eps=2e-2)
    narrow = nudge(XOR, 3, (), *weight, eps=1e-2)
    assert wide.difference == pytest.approx(4 * narrow.difference, rel=0.2, abs=1e-9)


def test_up_and_down_change_places() -> None:
    up, down = (nudge(XOR, 3, (), "W2", (2, 1), eps) for eps in (1e-3, -1e-3))
    assert (up.plus, up.minus) == (down.minus, down.plus)
    assert up.promised == -down.promised


def test_it_starts_from_the_edited_lab() -> None:
    edits = (Edit("X", (0, 0), 0.8), Edit("W2", (2, 1), -0.5))
    found = nudge(XOR, 3, edits, "W2", (2, 1))
    assert found.before != nudge(XOR, 3, (), "W2", (2, 1)).before
    assert found.central == pytest.approx(found.slope, rel=1e-5)


def test_a_wrong_gradient_does_not_keep_its_promise() -> None:
    right = nudge(load("mazur"), None, (), "W1", (0, 0))
    wrong = nudge(load("mazur:updated-weight"), None, (), "W1", (0, 0))
    assert right.central == wrong.central
    assert abs(wrong.difference) > 100 * abs(right.difference)


def test_it_is_said_in_words() -> None:
    """L = (a·b + c)·f at a = 2, b = −3, c = 10, f = −2: ∂L/∂a = b·f = 6 and ∂L/∂b = a·f = −4."""
    lab = load("micrograd")
    said = {name: words(nudge(lab, None, (), name, (0, 0)).sentence, SCREEN) for name in ("a", "b")}
    assert said == {
        "a": "+0.0001 on a: ΔL 0.0006, ∂L/∂a·ε 0.0006, ratio 1",
        "b": "+0.0001 on b: ΔL −0.0004, ∂L/∂b·ε −0.0004, ratio 1",
    }
    matrix = words(nudge(XOR, 3, (), "W2", (2, 1), -1e-4).sentence, SCREEN)
    assert matrix.startswith("−0.0001 on W2[2, 1]: ΔJ ")
    assert ", ∂J/∂W2[2, 1]·ε " in matrix


@pytest.mark.parametrize(
    ("name", "index", "eps", "said"),
    [
        ("X", (0, 0), 1e-4, "no ∂J/∂X to compare with"),
        ("W9", (0, 0), 1e-4, "there is no `W9`"),
        ("z1", (0, 0), 1e-4, "z1 is computed"),
        ("W1", (4, 0), 1e-4, "no entry"),
        ("W1", (0, 0), 0.0, "too small"),
        ("W1", (0, 0), 1e-30, "too small"),
        ("W1", (0, 0), np.nan, "no number"),
    ],
)
def test_refuses(name: str, index: tuple[int, int], eps: float, said: str) -> None:
    with pytest.raises(StepperError, match=said):
        nudge(XOR, 3, (), name, index, eps)
