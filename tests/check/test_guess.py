"""Guesses: right to the digits that were typed, and what is right in a wrong one."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from stepper.check.guess import judge

SIZES = st.floats(1e-8, 1e8, allow_subnormal=False)
NUMBERS = st.builds(lambda size, sign: size * sign, SIZES, st.sampled_from((1, -1)))
DIGITS = st.integers(2, 12)
COLUMN = np.array([[0.0458], [0.0023], [-0.02914], [-0.0648]])
HERE = (2, 0)
"""The entry -0.02914 of the column."""


def rounded(value: float, digits: int) -> Decimal:
    """A number to so many significant digits, zeros at its end kept."""
    return Decimal(f"{value:.{digits - 1}e}")


def judged(text: str) -> tuple[str, bool, str]:
    verdict = judge(text, COLUMN, HERE)
    return verdict.kind, verdict.right, str(verdict.sentence)


@given(NUMBERS, DIGITS)
def test_a_rounded_number_is_right(value: float, digits: int) -> None:
    typed = rounded(value, digits)
    for text in {str(typed), str(typed).replace("E", "e"), f"{value:.{digits - 1}e}"}:
        verdict = judge(text, np.float64(value), (0, 0))
        assert (verdict.kind, verdict.right) == ("number", True)


@given(NUMBERS, DIGITS, st.sampled_from((1, -1)))
def test_one_more_in_the_last_digit_is_wrong(value: float, digits: int, way: int) -> None:
    typed = rounded(value, digits)
    unit = Decimal(1).scaleb(int(typed.as_tuple().exponent))
    off = typed + way * unit
    assume(abs(Decimal(value) - off) > Decimal("0.51") * unit and off)
    assume(len(off.as_tuple().digits) >= digits)
    verdict = judge(str(off), np.float64(value), (0, 0))
    assert (verdict.kind, verdict.right) == ("number", False)


@given(NUMBERS)
def test_one_digit_cannot_tell(value: float) -> None:
    typed = rounded(value, 1)
    assume(abs(float(typed) - value) > 1e-9 * abs(value))
    verdict = judge(str(typed), np.float64(value), (0, 0))
    assert (verdict.kind, verdict.right, verdict.is_attempt) == ("vague", False, False)
    assert "too few digits to tell" in str(verdict.sentence)


@pytest.mark.parametrize("text", ["-6", "-6.0", "-6.", "-.6e1", "−6", "－６"])
def test_one_digit_is_enough_where_it_is_all_there_is(text: str) -> None:
    assert judge(text, np.float64(-6.0), (0, 0)).right


@pytest.mark.parametrize(("text", "right"), [("0.12", True), ("0.13", True), ("0.14", False)])
def test_a_tie_may_be_rounded_either_way(text: str, right: bool) -> None:
    assert judge(text, np.float64(0.125), (0, 0)).right == right


@given(st.one_of(NUMBERS, st.just(0.0)))
def test_exactly_one_sign_is_right(value: float) -> None:
    verdicts = {text: judge(text, np.float64(value), (0, 0)) for text in "+-0"}
    assert {v.kind for v in verdicts.values()} == {"sign"}
    right = "+" if value > 0 else "-" if value < 0 else "0"
    assert [text for text, v in verdicts.items() if v.right] == [right]


@given(st.integers(1, 600), st.integers(1, 600), st.integers(1, 600), st.integers(1, 600))
@example(3, 2, 2, 3)
@example(1, 1, 1, 1)
def test_a_shape_is_right_in_every_spelling(rows: int, columns: int, a: int, b: int) -> None:
    value = np.broadcast_to(0.5, (rows, columns))
    for text in (f"{a}x{b}", f"{a} × {b}", f"({a}, {b})", f"({a},{b})", f"{a} {b}", f"{a}, {b}"):
        verdict = judge(text, value, (0, 0))
        assert (verdict.kind, verdict.right) == ("shape", (a, b) == (rows, columns))
    turned = str(judge(f"{columns}x{rows}", value, (0, 0)).sentence)
    assert ("its transpose" in turned) == (rows != columns)


def test_the_shape_of_a_single_number() -> None:
    for text in ("()", "scalar"):
        assert judge(text, np.float64(0.5), (0, 0)).right
        assert not judge(text, COLUMN, HERE).right
    assert "neither rows nor columns" in str(judge("1x1", np.float64(0.5), (0, 0)).sentence)


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    rows = draw(st.integers(1, 4))
    columns = draw(st.integers(1 + (rows == 1), 4))
    entries = draw(st.lists(NUMBERS, min_size=rows * columns, max_size=rows * columns))
    return np.array(entries).reshape(rows, columns)


def typed_matrix(value: np.ndarray, digits: int, comma: str) -> str:
    rows = (comma.join(str(rounded(v, digits)) for v in row) for row in value)
    return f"[{', '.join(f'[{row}]' for row in rows)}]"


@given(matrices(), DIGITS, st.sampled_from((", ", ",", " ")))
def test_a_rounded_matrix_is_right(value: np.ndarray, digits: int, comma: str) -> None:
    verdict = judge(typed_matrix(value, digits, comma), value, (0, 0))
    assert (verdict.kind, verdict.right) == ("matrix", True)


@given(matrices(), DIGITS, st.data())
def test_one_wrong_entry_is_named(value: np.ndarray, digits: int, data: st.DataObject) -> None:
    rows, columns = value.shape
    i, j = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    theirs = value.copy()
    theirs[i, j] *= -1
    verdict = judge(typed_matrix(theirs, digits, ", "), value, (0, 0))
    said = str(verdict.sentence)
    assert (verdict.kind, verdict.right) == ("matrix", False)
    assert f"right entries: {value.size - 1} of {value.size}" in said
    assert f"row {i + 1}, column {j + 1}: " in said
    assert "wrong sign, right size" in said


@given(matrices(), DIGITS)
def test_a_transposed_matrix_is_seen(value: np.ndarray, digits: int) -> None:
    verdict = judge(typed_matrix(value.T, digits, ", "), value, (0, 0))
    if verdict.right:
        assert judge(typed_matrix(value, digits, ", "), value.T, (0, 0)).right
    else:
        assert str(verdict.sentence) == "these are the right numbers, transposed"


@given(st.text(max_size=30) | st.text(alphabet="0123456789.,-+ ex×()[]−", max_size=12))
def test_anything_may_be_typed(text: str) -> None:
    verdict = judge(text, COLUMN, HERE)
    assert str(verdict.sentence)
    assert verdict.is_attempt or not verdict.right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-0.0296", "yours -0.0296 · computed -0.02914 · right sign, 2 % off"),
        ("0.0291", "yours 0.0291 · computed -0.02914 · wrong sign, right size"),
        ("0.0295", "yours 0.0295 · computed -0.02914 · wrong sign, 1 % off"),
        ("-2.9", "yours -2.9 · computed -0.02914 · right sign, 100 times too large"),
        ("-0.0029", "yours -0.0029 · computed -0.02914 · right sign, 10 times too small"),
        ("-0.06", "yours -0.06 · computed -0.02914 · right sign, 2.1 times too large"),
        ("+", "yours + · computed -0.02914 · wrong sign"),
        ("0", "yours 0 · computed -0.02914 · it is not 0"),
        ("1x4", "yours 1×4 · computed 4×1 · that is the shape of its transpose"),
        ("4x4", "yours 4×4 · computed 4×1 · as many rows, other columns"),
        ("1x1", "yours 1×1 · computed 4×1 · as many columns, other rows"),
        ("2x2", "yours 2×2 · computed 4×1 · neither length is right"),
        ("[[0.05, -0.03]]", "yours 1×2 · computed 4×1 · neither length is right"),
    ],
)
def test_what_is_right_in_a_wrong_guess(text: str, said: str) -> None:
    kind, right, sentence = judged(text)
    assert not right
    assert kind in ("number", "sign", "shape", "matrix")
    assert sentence == said


def test_nothing_is_said_of_a_number_by_one_that_is_zero() -> None:
    verdict = judge("0.02", np.float64(0.0), (0, 0))
    assert str(verdict.sentence) == "yours 0.02 · computed 0 · it is exactly 0"
    assert judge("0.0", np.float64(0.0), (0, 0)).right
    assert judge("0.00", np.float64(0.003), (0, 0)).kind == "vague"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is typed yet"),
        ("abc", "cannot read `abc`"),
        ("1e", "cannot read"),
        ("1_0", "cannot read"),
        ("nan", "cannot read"),
        ("inf", "cannot read"),
        ("1e9999", "cannot read"),
        ("4*1", "cannot read"),
        ("4,1", "the shape 4x1, or the number 4.1?"),
        ("-0,03", "written with a point: -0.03"),
        ("0,03", "written with a point: 0.03"),
        ("(4,)", "(4, 1) is a column"),
        ("4x0", "no matrix here has 0"),
        ("[1, 2]", "one axis only"),
        ("[[1, 2], [3]]", "one length"),
        ("[[1,, 2]]", "a number is missing"),
        ("[[1, x]]", "`x` in [1, x] is no number"),
        ("[[0,5 0,3]]", "commas or spaces"),
        ("[[1, 2]", "rows in brackets"),
        ("[[1]] [[2]]", "rows in brackets"),
        ("9" * 41, "40 digits"),
        ("9" * 5000 + ",5", "can mean two things"),
        ("[" * 30_000, "20000 characters"),
    ],
)
def test_a_slip_is_no_attempt(text: str, said: str) -> None:
    verdict = judge(text, COLUMN, HERE)
    assert (verdict.kind, verdict.right, verdict.is_attempt) == ("invalid", False, False)
    assert said in str(verdict.sentence)


@pytest.mark.parametrize(("text", "right"), [("[[7]]", True), ("[[-7]]", False)])
def test_of_a_matrix_of_one_number_nothing_is_said_of_entries(text: str, right: bool) -> None:
    verdict, number = (judge(each, np.array([[7.0]]), (0, 0)) for each in (text, text[2:-2]))
    assert verdict.right == right
    assert str(verdict.sentence) == str(number.sentence)


def test_what_was_copied_may_be_pasted_as_an_answer() -> None:
    text = "np.array([[0.0458],\n          [0.0023],\n          [-0.02914],\n          [-0.0648]])"
    assert judge(text, COLUMN, HERE).right


def test_a_matrix_with_too_few_digits_says_where() -> None:
    kind, right, said = judged("[[0.046], [0.0023], [-0.03], [-0.065]]")
    assert (kind, right) == ("vague", False)
    assert said.startswith("row 3, column 1: -0.03 has too few digits to tell")


def test_a_value_that_is_no_number_is_never_guessed() -> None:
    for text in ("0.5", "+", "0", "-"):
        verdict = judge(text, np.float64(np.nan), (0, 0))
        assert not verdict.right
