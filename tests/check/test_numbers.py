"""A learner's numbers beside the computed ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepper.check.numbers import NumbersJudged, judge_numbers, name_of
from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.source import lab_names

XOR = load("xor")
RIGHT = XOR.trace(3).value("dJ_dW2")


def typed(value: Any, digits: int = 8) -> str:
    """A matrix as a learner would copy it, so many significant digits a number."""
    rows = np.atleast_2d(value)
    written = (", ".join(f"{v:.{digits - 1}e}" for v in row) for row in rows)
    return f"[{', '.join(f'[{row}]' for row in written)}]"


def judged(source: str, of: str = "dJ_dW2", sample: int | None = 3) -> NumbersJudged:
    return judge_numbers(XOR, of, source, sample)


@pytest.mark.parametrize("name", lab_names())
def test_the_computed_numbers_are_right_in_every_lab(name: str) -> None:
    lab = load(name)
    sample = lab.check_sample(None)
    trace = lab.trace(sample)
    for line in lab.program.phase("backward"):
        found = judge_numbers(lab, line.target, typed(trace.value(line.target)), sample)
        assert found.line.verdict == "right", (line.target, str(found.line.message))


@given(st.integers(2, 16))
def test_rounded_numbers_are_right_and_one_unit_off_is_wrong(digits: int) -> None:
    assert judged(typed(RIGHT, digits)).line.verdict == "right"
    off = RIGHT.copy()
    unit = 10.0 ** (np.floor(np.log10(abs(off[1, 2]))) - digits + 1)
    off[1, 2] += 1.1 * unit
    found = judged(typed(off, digits))
    if digits <= 9:
        assert found.line.verdict == "wrong"
        assert found.wrong is not None
        assert np.argwhere(found.wrong).tolist() == [[1, 2]]
        assert "1 of 12, [1, 2]" in str(found.line.message)


def test_numbers_cut_to_a_few_decimals_are_right_though_small_ones_keep_one_digit() -> None:
    written = ", ".join("[" + ", ".join(f"{v:.2f}" for v in row) + "]" for row in RIGHT)
    assert judged(f"[{written}]").line.verdict == "right"


def test_too_few_digits_are_no_verdict() -> None:
    found = judged(typed(RIGHT, 1))
    assert found.line.verdict == "unknown"
    assert "too few digits to tell" in str(found.line.message)
    assert judged("-2", "dJ_dz3").line.verdict == "wrong"
    exact = load("first-step")
    assert judge_numbers(exact, "dL_db", "-4", 0).line.verdict == "right"
    assert judge_numbers(exact, "dL_db", "-4.2", 0).line.verdict == "wrong"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: g.T, "the right numbers, transposed"),
        (lambda g: -g.T, "transposed, and besides: its sign"),
        (lambda g: 2 * g, "2 times too large"),
        (lambda g: -g, "sign is the wrong way round"),
        (lambda g: 3.5 * g, "3.5 times too large, everywhere"),
        (lambda g: 0 * g, "0 everywhere"),
        (lambda g: g[:2], "this is 2×4, and dJ_dW2 is 3×4"),
        (lambda g: g + np.array([[1], [0], [0]]), "wrong entries: 4 of 12, all of row 0"),
    ],
)
def test_what_is_wrong_is_said(change: Any, words: str) -> None:
    found = judged(typed(change(RIGHT)))
    assert found.line.verdict == "wrong"
    assert words in str(found.line.message)


def test_a_forgotten_mean_over_the_batch_is_said() -> None:
    right = XOR.trace(None).value("dJ_dW1")
    found = judged(typed(21 * right), "dJ_dW1", None)
    assert "21 times too large, as if the mean over the 21 samples were missing" in str(
        found.line.message
    )


def test_numbers_of_another_sample_are_recognised() -> None:
    elsewhere = judged(typed(XOR.trace(7).value("dJ_dW2")))
    assert elsewhere.line.verdict == "wrong"
    assert "right for sample 7: `--sample 7`" in str(elsewhere.line.notes[0])
    batch = judged(typed(XOR.trace(None).value("dJ_dW2")))
    assert "all 21 samples at once: `--batch`" in str(batch.line.notes[0])


def test_a_single_number_may_stand_in_brackets() -> None:
    lab = load("mazur")
    right = float(lab.trace(0).value("dE_db1"))
    for source in (f"{right:.6g}", f"[[{right:.6g}]]"):
        assert judge_numbers(lab, "dE_db1", source, 0).line.verdict == "right"


def test_names_as_they_are_typed() -> None:
    assert name_of(XOR, "dJ_dW2") == name_of(XOR, "∂J/∂W2") == name_of(XOR, "∂J/∂W₂") == "dJ_dW2"
    assert name_of(XOR, "a2") == "a2"
    for typed_name, words in (
        ("dJ_dW9", "Did you mean `dJ_dW"), ("W2", "is given"), ("a2 + 1", "computes no"),
    ):  # fmt: skip
        with pytest.raises(StepperError) as caught:
            name_of(XOR, typed_name)
        assert words in str(caught.value)
