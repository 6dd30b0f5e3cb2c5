"""Judges a guess at the result of a step: whether it is right, and which parts of it are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isclose, isfinite
from typing import Literal

import numpy as np

from stepper.check.judged import JudgedLine
from stepper.check.typed import Grid, Numeral, Sign, Sizes, read
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.ops.card import Index, Value

Kind = Literal["number", "matrix", "sign", "shape", "formula", "vague", "invalid"]
Fit = Literal["right", "vague", "wrong"]

ENOUGH = 2
"""The digits a number needs to be told from its neighbours."""
HALF = Decimal("0.5000001")
"""Half a unit of the last digit, with room for float64's error at a tie."""
EXACT = 1e-12
"""How close a value must be to a single digit for that digit to be exact: 2, not about 2."""
LARGEST = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What there is to say about a guess.

    A `vague` guess is right as far as it goes, an `invalid` one could not be read: neither counts
    as an attempt.
    """

    kind: Kind
    right: bool
    sentence: Sentence
    line: JudgedLine | None = None
    """For a formula, everything known about it: how it was read, what is wrong in it and where."""

    @property
    def is_attempt(self) -> bool:
        return self.kind not in ("vague", "invalid")


def judge(text: str, value: Value, index: Index) -> Verdict:
    """Judges a guess against a value, or against one entry of it (row and column, from 0).

    A number is right if it is within half a unit of its last digit and has at least two digits.
    """
    try:
        typed = read(text)
    except StepperError as slip:
        return Verdict("invalid", False, slip.sentence)
    if isinstance(typed, Sizes):
        return _shape(typed, np.shape(value))
    if isinstance(typed, Grid):
        return _matrix(typed, value)
    entry = float(value[index] if np.ndim(value) else value)
    return _sign(typed, entry) if isinstance(typed, Sign) else _number(typed, entry)


def fit(typed: Numeral, value: float) -> Fit:
    """Whether a number equals a value, as far as its digits tell."""
    if not isfinite(value) or abs(Decimal(value) - typed.exact) > HALF * typed.unit:
        return "wrong"
    tells = typed.digits >= ENOUGH or isclose(float(typed.exact), value, rel_tol=EXACT)
    return "right" if tells else "vague"


def _number(typed: Numeral, value: float) -> Verdict:
    found = fit(typed, value)
    if found == "vague":
        return Verdict("vague", False, _too_few(typed))
    what = say("right") if found == "right" else off(typed, value)
    said = _beside(typed.text, _digits(value, typed.digits), what)
    return Verdict("number", found == "right", said)


def _sign(typed: Sign, value: float) -> Verdict:
    right = {"+": value > 0, "-": value < 0, "0": value == 0}[typed.text]
    if value == 0:
        what = say("it is exactly 0")
    elif typed.text == "0":
        what = say("it is not 0")
    else:
        what = say("right sign") if right else say("wrong sign")
    return Verdict("sign", right, _beside(typed.text, _digits(value), what))


def _shape(typed: Sizes, shape: tuple[int, ...]) -> Verdict:
    right = typed.shape == shape
    what = say("right") if right else _misshapen(typed.shape, shape)
    return Verdict("shape", right, _beside(_by(typed.shape), _by(shape), what))


def _misshapen(theirs: tuple[int, ...], ours: tuple[int, ...]) -> Sentence:
    """Which part of a wrong shape is right."""
    if not ours:
        return say("a single number has neither rows nor columns")
    if not theirs:
        return say("it is a matrix")
    if theirs == ours[::-1]:
        return say("that is the shape of its transpose")
    if theirs[0] == ours[0]:
        return say("as many rows, other columns")
    if theirs[1] == ours[1]:
        return say("as many columns, other rows")
    return say("neither length is right")


def _matrix(typed: Grid, value: Value) -> Verdict:
    shape = typed.shape
    if shape == np.shape(value) == (1, 1):
        return _number(typed.rows[0][0], float(value[0, 0]))
    fits = _fits(typed, value) if shape == np.shape(value) else {}
    if fits and "wrong" not in fits.values():
        return _close_enough(typed, fits)
    if shape == np.shape(value)[::-1] and "wrong" not in _fits(typed, np.transpose(value)).values():
        return Verdict("matrix", False, say("these are the right numbers, transposed"))
    if not fits:
        what = _misshapen(shape, np.shape(value))
        return Verdict("matrix", False, _beside(_by(shape), _by(np.shape(value)), what))
    return Verdict("matrix", False, _first_wrong(typed, value, fits))


def _fits(typed: Grid, value: Value) -> dict[Index, Fit]:
    """How each entry fits, in reading order."""
    return {
        (i, j): fit(entry, float(value[i, j]))
        for i, row in enumerate(typed.rows)
        for j, entry in enumerate(row)
    }


def _close_enough(typed: Grid, fits: dict[Index, Fit]) -> Verdict:
    vague = [index for index, found in fits.items() if found == "vague"]
    if not vague:
        return Verdict("matrix", True, say("right, every entry"))
    row, column = vague[0]
    what = _too_few(typed.rows[row][column])
    return Verdict("vague", False, _at(vague[0], what))


def _first_wrong(typed: Grid, value: Value, fits: dict[Index, Fit]) -> Sentence:
    index = next(index for index, found in fits.items() if found == "wrong")
    right = sum(found == "right" for found in fits.values())
    entry = typed.rows[index[0]][index[1]]
    return say(
        "right entries: {right} of {all}. The first that is not: {first}",
        right=str(right), all=str(len(fits)),
        first=_at(index, _number(entry, float(value[index])).sentence),
    )  # fmt: skip


def _at(index: Index, what: Sentence) -> Sentence:
    row, column = (str(i + 1) for i in index)
    return say("row {row}, column {column}: {what}", row=row, column=column, what=what)


def _beside(theirs: str | Sentence, ours: str | Sentence, what: Sentence) -> Sentence:
    return say("yours {theirs} · computed {ours} · {what}", theirs=theirs, ours=ours, what=what)


def _too_few(typed: Numeral) -> Sentence:
    return say(
        "{theirs} has too few digits to tell: {n} are needed, zeros in front not counted",
        theirs=typed.text, n=str(ENOUGH),
    )  # fmt: skip


def _digits(value: float, typed: int = 0) -> str:
    """The value with as many digits as were typed, at least four, and all before the point."""
    before = len(str(int(abs(value)))) if abs(value) < LARGEST else 0
    return f"{value:.{min(max(typed, before, 4), 17)}g}"


def off(typed: Numeral, value: float) -> Sentence:
    """What is right in a wrong number: its sign, and by how much its size is off."""
    if not isfinite(value):
        return say("it is no finite number")
    if value == 0:
        return say("it is exactly 0")
    if not typed.exact:
        return say("it is not 0")
    sign = say("right sign") if (typed.exact > 0) == (value > 0) else say("wrong sign")
    return say("{sign}, {size}", sign=sign, size=_size(typed, abs(value)))


def _size(typed: Numeral, value: float) -> Sentence:
    if fit(Numeral(typed.text.lstrip("+-")), value) != "wrong":
        return say("right size")
    ratio = abs(typed.exact) / Decimal(value)
    if ratio >= 2:
        return say("{times} times too large", times=_times(ratio))
    if ratio <= Decimal("0.5"):
        return say("{times} times too small", times=_times(1 / ratio))
    return say("{percent} % off", percent=_percent(abs(ratio - 1) * 100))


def _times(ratio: Decimal) -> str:
    if ratio >= LARGEST:
        return f"{ratio:.0e}"
    return f"{ratio:.0f}" if ratio >= 10 else f"{float(ratio):.2g}"


def _percent(percent: Decimal) -> str:
    return f"{percent:.0f}" if percent >= 10 else f"{float(percent):.1g}"


def _by(shape: tuple[int, ...]) -> str | Sentence:
    """A shape as `4×1`, or in words for a scalar."""
    return "×".join(map(str, shape)) if shape else say("a single number")
