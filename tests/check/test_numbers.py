"""A learner's numbers beside the computed ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stepper.check.numbers import NumbersJudged, judge_numbers, name_of
from stepper.check.relation import where
from stepper.check.replay import replays
from stepper.expr.errors import StepperError
from stepper.labs.load import load
from stepper.labs.source import lab_names
from stepper.show.words import words

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
def test_the_computed_numbers_are_right_in_every_lab(name: str, tmp_path: Path) -> None:
    lab = load(name)
    sample = lab.check_sample(None)
    trace = lab.trace(sample)
    for line in lab.program.phase("backward"):
        path = tmp_path / f"{line.target}.npy"
        np.save(path, trace.value(line.target))
        found = judge_numbers(lab, line.target, str(path), sample).line
        assert (found.verdict, found.notes) == ("right", ()), line.target


@settings(max_examples=30)
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
    ("change", "saying"),
    [
        (lambda g: -3 * g.T, "transposed, and besides: it is 3 times too large, everywhere, and"),
        (lambda g: 3.5 * g, "3.5 times too large, everywhere"),
        (lambda g: 0 * g, "0 everywhere"),
        (lambda g: g[:2], "this is 2×4, and dJ_dW2 is 3×4"),
        (lambda g: g + np.array([[1], [0], [0]]), "wrong entries: 4 of 12, all of row 0"),
    ],
)
def test_what_is_wrong_is_said(change: Any, saying: str) -> None:
    found = judged(typed(change(RIGHT)))
    assert (found.line.verdict, found.line.mistake) == ("wrong", None)
    assert saying in words(found.line.message)


@pytest.mark.parametrize("shape", [(), (1, 1)])
def test_of_a_single_number_no_entry_is_named(shape: tuple[int, ...]) -> None:
    assert words(where(np.ones(shape, bool))) == "it is another number"


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda g: g.T, "result-transposed"),
        (lambda g: -g, "sign"),
        (lambda g: 2 * g, "factor"),
    ],
)
def test_a_mistake_that_gives_these_numbers_is_named(change: Any, mistake: str) -> None:
    found = judged(typed(change(RIGHT)))
    assert (found.line.verdict, found.line.mistake) == ("wrong", mistake)
    assert f"exactly these numbers come out of `{mistake}` in line " in words(found.line.message)
    assert mistake not in found.line.also


def test_a_forgotten_mean_over_the_batch_is_named() -> None:
    right = XOR.trace(None).value("dJ_dW1")
    found = judged(typed(21 * right), "dJ_dW1", None)
    assert found.line.mistake == "missing-mean"
    assert judged(typed(right / 21), "dJ_dW1", None).line.mistake == "extra-mean"


def test_mazurs_weights_after_their_update_are_named_in_their_line() -> None:
    lab = load("mazur")
    values = lab.trace(0)
    late = values.value("W2") - 0.5 * values.value("dE_dW2")
    delta = late.T @ values.value("dE_dz2") * values.value("a1") * (1 - values.value("a1"))
    found = judge_numbers(lab, "dE_dW1", typed(delta @ values.value("X").T, 6), 0)
    assert found.line.mistake == "updated-weight"
    said = words(found.line.message)
    assert "in line 10: dE_da1 = (W2 - lr * dE_dW2).T @ dE_dz2, where W2.T @ dE_dz2 is" in said


@settings(max_examples=30)
@given(st.integers(0, 200))
def test_numbers_that_a_mistake_gives_are_explained_by_it_or_by_one_that_gives_the_same(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    of = rng.choice([line.target for line in XOR.program.phase("backward")])
    found = list(replays(XOR, XOR.trace(3), str(of)))
    replay = found[rng.integers(len(found))]
    assume(np.any(replay.value))
    answer = judged(typed(replay.value, 12), str(of)).line
    assert answer.verdict == "wrong"
    assert replay.switch.mistake.id in (answer.mistake, *answer.also)


def test_few_digits_name_no_mistake() -> None:
    assert judged("-1.5", "dJ_dz3").line.mistake is None
    assert judge_numbers(load("two-hidden"), "dL_dW1", "[[-.0, 1]]", 0).line.mistake is None


def test_right_numbers_of_few_digits_say_what_they_cannot_rule_out() -> None:
    lab = load("mazur", sets={"lr": "0.0001"})
    right = lab.trace(0).value("dE_dW1")
    few = judge_numbers(lab, "dE_dW1", typed(right, 2), 0).line
    assert few.verdict == "right"
    assert "`updated-weight`" in str(few.notes[0])
    assert not judge_numbers(lab, "dE_dW1", typed(right, 8), 0).line.notes


def test_numbers_of_another_sample_are_recognised() -> None:
    elsewhere = judged(typed(XOR.trace(7).value("dJ_dW2")))
    assert elsewhere.line.verdict == "wrong"
    assert "right for sample 7, counted from 0" in str(elsewhere.line.notes[0])
    batch = judged(typed(XOR.trace(None).value("dJ_dW2")))
    assert "all 21 samples at once" in str(batch.line.notes[0])
    assert "--" not in str(elsewhere.line.notes[0]) + str(batch.line.notes[0])  # in lessons too


def test_a_single_number_may_stand_in_brackets() -> None:
    lab = load("mazur")
    right = float(lab.trace(0).value("dE_db1"))
    for source in (f"{right:.6g}", f"[[{right:.6g}]]"):
        assert judge_numbers(lab, "dE_db1", source, 0).line.verdict == "right"


def test_names_as_they_are_typed() -> None:
    assert name_of(XOR, "dJ_dW2") == name_of(XOR, "∂J/∂W2") == name_of(XOR, "∂J/∂W₂") == "dJ_dW2"
    assert name_of(XOR, "a2") == "a2"
    for typed_name, saying in (
        ("dJ_dW9", "Did you mean `dJ_dW"), ("W2", "is given"), ("a2 + 1", "computes no"),
    ):  # fmt: skip
        with pytest.raises(StepperError) as caught:
            name_of(XOR, typed_name)
        assert saying in str(caught.value)


def test_the_truth_is_what_is_derived_and_not_what_the_author_of_a_lab_wrote() -> None:
    author = load("mazur:updated-weight")
    wrong = author.trace(0).value("dE_dW1")
    found = judge_numbers(author, "dE_dW1", typed(wrong, 6), 0).line
    assert (found.verdict, found.mistake) == ("wrong", "updated-weight")
    right = typed(load("mazur").trace(0).value("dE_dW1"), 6)
    assert judge_numbers(author, "dE_dW1", right, 0).line.verdict == "right"
    with pytest.raises(StepperError):
        name_of(author, "W2_new")
