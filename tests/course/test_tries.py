"""What a student with a pen types, right in spirit and wrong in one place: each is told which."""

from __future__ import annotations

import re

import pytest

from stepper.course.answers import Answered, answered, filled_in
from stepper.course.lesson import Judged, Lesson
from stepper.course.load import lessons
from stepper.course.stage import stage
from stepper.language.text import Style
from stepper.show.checked import message
from stepper.show.words import words

MATHS = Style(partial=True)
LESSONS = {lesson.id: lesson for lesson in lessons()}

NAMED = [
    ("one-neuron/weight", "2 * y_hat - y * x", "parentheses"),
    ("one-neuron/weight", "2 * (y_hat + y) * x", "sign"),
    ("one-neuron/two-factors", "x ; w", "extra-factor"),
    ("nudge/formula", "(y_hat - y) * w", "missing-factor"),
    ("nudge/formula", "(y_hat - y) * u * w", "wrong-operand"),
    ("sigmoid/trick", "1", "wrong-operand"),
    ("sigmoid/both", "a ; z", "sigma-prime-argument"),
    ("sigmoid/chain", "2 * (a - y) * z * (1 - z)", "sigma-prime-argument"),
    ("sigmoid/chain", "(a - y) * z * (1 - z)", "sigma-prime-argument"),
    ("sigmoid/chain", "2 * (a - y) * (1 - z)", "half-sigma-prime"),
    ("sigmoid/chain", "2 * (a - y) * z", "half-sigma-prime"),
    ("sigmoid/chain", "dL_da * a * (1 - a) * a * (1 - a)", "extra-activation-derivative"),
    ("sigmoid/chain", "2 * a - y * a * (1 - a)", "parentheses"),
    ("sigmoid/chain", "dL_da * a * 1 - a", "parentheses"),
    ("loss/divide", "2", "wrong-number"),
    ("loss/gradient", "2 * (p - y) / 4", "factor"),
    ("loss/gradient", "p - y / N", "parentheses"),
    ("loss/bias", "sum(dJ_dp) / 4", "extra-mean"),
    ("loss/numbers", "[[1, -1, 3, -1]]", "missing-mean"),
    ("loss/numbers", "[[0.25, 0.25, 0.75, 0.25]]", "absolute-value"),
    ("chain-rule/weight", "f * 1 - f * x1", "parentheses"),
    ("chain-rule/two-paths", "df_dsigy * sigy * (1 - y) + df_dxpy", "sigma-prime-argument"),
    ("matrices/columns", "(z - y) @ X.T / 4", "extra-mean"),
    ("matrices/columns", "(z - y) * X.T", "elementwise-vs-matmul"),
    ("matrices/columns", "(z - y).T @ X.T", "extra-transpose"),
    ("matrices/rows-formula", "X.T @ (y - z)", "sign"),
    ("output-layer/slope", "a2 * (1 - a2)", "wrong-layer"),
    ("output-layer/delta", "(a3 - y) * a3 * (1 - a3)", "missing-mean"),
    ("output-layer/delta", "2 * (a3 - y) / 3 * a3 * (1 - a3)", "wrong-number"),
    ("output-layer/delta", "2 * (a3 - y) / N * (1 - z3)", "half-sigma-prime"),
    ("output-layer/delta", "2 * a3 - y / N * a3 * (1 - a3)", "parentheses"),
    ("output-layer/other-side", "a3.T", "wrong-layer"),
    ("output-layer/whole", "2 * (a3 - y) / N * a3 * (1 - a3) * a2", "elementwise-vs-matmul"),
    ("output-layer/rows", "a2.T @ dJ_dz3 / 5", "extra-mean"),
]

SAID = [
    ("loss/numbers", "[[1], [-1], [3], [-1]]", "transposed, and besides: it is 4 times too large"),
    ("loss/numbers", "[[-1, 1, -3, 1]]", "4 times too large, everywhere, and its sign"),
    ("loss/numbers", "[[2, -2, 6, -2]]", "mean over 4 samples and a ½ were missing"),
    ("loss/numbers", "[[0.25, -0.25, 0.75, 0.25]]", "wrong entries: 1 of 4, [0, 3]"),
    ("matrices/numbers", "[[-6, 8], [4, -2], [-4, 0]]", "it is 2 times too large"),
    ("matrices/numbers", "[[6, -4, 4], [-8, 2, 0]]", "it is transposed, and besides"),
    ("sigmoid/number", "0.8808", "these are the numbers of a, not of ∂a/∂z"),
    ("sigmoid/trick", "s + 1", "this is a, not ∂a/∂z"),
    ("chain-rule/weight", "f * (1 - f) * x0", "this is ∂f/∂w0, not ∂f/∂w1"),
    ("chain-rule/two-paths", "df_dsigy * df_dxpy", "begin there"),
    ("matrices/columns", "W.T @ (z - y)", "a gradient has the shape of what it belongs to"),
    ("one-neuron/number", "4", "wrong sign, 2 times too small"),
]


def tried(place: str, typed: str) -> Answered:
    lesson_id, _, step_id = place.partition("/")
    lesson = LESSONS[lesson_id]
    step = next(step for step in lesson.steps if step.id == step_id)
    return answered(step, stage(lesson, step), typed)


@pytest.mark.parametrize(("place", "typed", "mistake"), NAMED)
def test_an_honest_mistake_is_named(place: str, typed: str, mistake: str) -> None:
    found = tried(place, typed)
    assert (found.verdict == "right", found.mistake) == (False, mistake)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_what_is_said_of_a_wrong_answer_leaves_the_right_one_to_be_found(lesson: Lesson) -> None:
    """Any code in it is the learner's own: what is right there is for the last hint."""
    told = []
    for step in lesson.steps:
        for reject in step.reject if isinstance(step, Judged) else ():
            line = answered(step, stage(lesson, step), reject.text).line
            assert line is not None
            said = words(message(line))
            codes = [code for code in re.findall("`([^`]*)`", said) if re.search(r"\w", code)]
            told += [(step.id, code, said) for code in codes if bare(code) not in bare(line.text)]
    assert not told


SLIPS = [
    ("one-neuron/output", "+", "the number is asked"),
    ("one-neuron/output", "2x5", "the number is asked"),
    ("one-neuron/output", "[[7, 7]]", "the number is asked"),
    ("one-neuron/weight", "-8", "a formula is asked, not its value"),
    ("one-neuron/weight", "dL_dw;", "∂L/∂w is what is asked"),
    ("one-neuron/weight", "d = x; d", ""),
    ("one-neuron/weight", ";", ""),
    ("one-neuron/last-factor", "; x", "there is one blank: one formula, without ;"),
]


@pytest.mark.parametrize(("place", "typed", "said"), SLIPS)
def test_what_is_no_answer_is_no_try_and_breaks_nothing(place: str, typed: str, said: str) -> None:
    found = tried(place, typed)
    assert found.verdict == "slip" or not said
    assert said in (words(found.said, MATHS) if found.said else "")


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("[[-3, 4], [2, -1]]", "slip"), ("[[-3, 2, -2], [4, -1, 0]]", "wrong"),
        ("[[-3, 4], [2, -1], [-2, 1]]", "wrong"), ("[[-3, 4], [2, -1], [-2, 0]]", "right"),
    ],
)  # fmt: skip
def test_numbers_of_another_shape_are_no_try_but_the_transposed_ones_are(
    typed: str, verdict: str
) -> None:
    found = tried("matrices/numbers", typed)
    assert found.verdict == verdict
    if verdict == "slip":
        assert found.line is not None and found.line.verdict == "invalid"
        assert words(found.line.message, MATHS) == "this is 2×2, and ∂J/∂W is 3×2"


def test_what_fills_a_blank_stands_in_brackets_only_where_it_needs_them() -> None:
    pieces = ["dJ_dz", "X.T", "a - y"]
    assert filled_in("? @ ? * ?", pieces) == "dJ_dz @ X.T * (a - y)"


def test_a_semicolon_too_many_is_no_mistake() -> None:
    assert tried("one-neuron/last-factor", "x;").verdict == "right"
    assert tried("one-neuron/two-factors", "2 ； x ；").verdict == "right"


def bare(formula: str) -> str:
    """A formula without what is free in writing it."""
    return re.sub(r"[ ()]", "", formula)


@pytest.mark.parametrize(("place", "typed", "said"), SAID)
def test_what_has_no_name_is_told_where_or_what_it_is(place: str, typed: str, said: str) -> None:
    found = tried(place, typed)
    sentence = found.line.message if found.line else found.said
    why = found.line.why if found.line else None
    whole = words(sentence, MATHS) if sentence else ""
    assert found.verdict == "wrong"
    assert said in " ".join((whole, words(why, MATHS) if why else ""))


@pytest.mark.parametrize("place", ["loss/divide", "loss/gradient", "output-layer/delta"])
def test_the_size_of_this_data_set_is_right_and_said_to_be_n(place: str) -> None:
    typed, count = {
        "loss/divide": ("4", "4"),
        "loss/gradient": ("(p - y) / 4", "4"),
        "output-layer/delta": ("2 * (a3 - y) / 5 * a3 * (1 - a3)", "5"),
    }[place]
    found = tried(place, typed)
    assert found.verdict == "right"
    assert found.line is not None
    assert [words(note) for note in found.line.notes] == [
        f"write N for {count}: another data set has another size"
    ]


def test_what_a_lesson_shows_is_computed_again_where_other_numbers_are_asked() -> None:
    lesson = LESSONS["one-neuron"]
    step = next(step for step in lesson.steps if step.id == "number")
    first, again = (stage(lesson, step, other) for other in (False, True))
    for shown in (first, again):
        w, b, x, y = (float(shown.value(name)) for name in ("w", "b", "x", "y"))
        assert float(shown.value("L_up")) == pytest.approx(((w + 0.01) * x + b - y) ** 2)
    assert first.value("L_up") != again.value("L_up")
