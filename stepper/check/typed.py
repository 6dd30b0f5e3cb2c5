"""What a learner types as an answer: a number, a sign, a shape or a whole matrix."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from stepper.expr.errors import StepperError
from stepper.expr.short import cut
from stepper.language.tokens import MAX_DIGITS

MAX_LENGTH = 20_000

_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "×": "x", "✕": "x", "X": "x"})
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SHAPE = re.compile(r"(\d{1,7})( ?x ?|, ?| )(\d{1,7})", re.ASCII)
_COMMA = re.compile(r"([+-]?\d*),(\d+)", re.ASCII)
_ROW = r"\[([^\[\]]*)\]"
_MATRIX = re.compile(rf"\[ ?{_ROW}(?: ?,? ?{_ROW})* ?\]")
_WRAPPED = re.compile(r"(?:(?:np|numpy)\.)?array\((.*)\)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it was typed, digit by digit."""

    text: str

    @property
    def exact(self) -> Decimal:
        return Decimal(self.text)

    @property
    def digits(self) -> int:
        """The number of significant digits: leading zeros do not count."""
        return len(self.exact.as_tuple().digits) if self.exact else 0

    @property
    def unit(self) -> Decimal:
        """One unit in the last digit."""
        return Decimal(1).scaleb(int(self.exact.as_tuple().exponent))


@dataclass(frozen=True, slots=True)
class Sign:
    """`+`, `-` or `0`: a sign without a size."""

    text: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """A shape: rows and columns; empty for a scalar."""

    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix of numbers, row by row."""

    rows: tuple[tuple[Numeral, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])


Typed = Numeral | Sign | Sizes | Grid


def read(text: str) -> Typed:
    """Parses what was typed. Raises StepperError if it is none of the four, or ambiguous."""
    if len(text) > MAX_LENGTH:
        raise StepperError("an answer may be {most} characters long", most=MAX_LENGTH)
    plain = _plain(text)
    if not plain:
        raise StepperError("nothing is typed yet: a number, a sign (+ - 0), a shape or a matrix")
    if plain in ("+", "-", "0"):
        return Sign(plain)
    if _NUMBER.fullmatch(plain):
        return numeral(plain)
    if wrapped := _WRAPPED.fullmatch(plain):
        plain = wrapped[1].strip()
    return _matrix(plain) if plain.startswith("[") else _shape(plain)


def _plain(text: str) -> str:
    """The text normalised from what an input method or a screen made of it: `－０.５`, `4 × 1`."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def numeral(text: str) -> Numeral:
    """A number as it was typed. Raises StepperError for what is no number."""
    if not _NUMBER.fullmatch(text):
        raise StepperError("`{text}` is no number", text=cut(text))
    if len(text) > MAX_DIGITS:
        raise StepperError("a number may have {n} digits", n=MAX_DIGITS)
    return Numeral(text)


def _shape(text: str) -> Sizes:
    bracketed = text.startswith("(") and text.endswith(")")
    inner = text[1:-1].strip() if bracketed else text
    if (bracketed and not inner) or text == "scalar":
        return Sizes(())
    if bracketed and re.fullmatch(r"\d+ ?,?", inner, re.ASCII):
        raise StepperError(
            "`{text}` has one axis; here a shape has two: ({n}, 1) is a column, (1, {n}) a row",
            text=cut(text), n=cut(inner.rstrip(", ")),
        )  # fmt: skip
    found = _SHAPE.fullmatch(inner)
    if found and (bracketed or found[2] != ","):
        return _sizes(int(found[1]), int(found[3]))
    if comma := _COMMA.fullmatch(text):
        raise _comma(text, comma[1], comma[2])
    raise StepperError(
        "cannot read `{text}`: a number is 0.25 or 2.5e-3, a sign is + - or 0, a shape is 4x1, a "
        "matrix is [[1, 2], [3, 4]]",
        text=cut(text),
    )


def _sizes(rows: int, columns: int) -> Sizes:
    if not rows or not columns:
        raise StepperError("no matrix here has 0 rows or columns: a shape is 4x1")
    return Sizes((rows, columns))


def _comma(text: str, before: str, behind: str) -> StepperError:
    if before.isdecimal() and before.strip("0") and behind.strip("0"):
        return StepperError(
            "`{text}` can mean two things: the shape {before}x{behind}, or the number "
            "{before}.{behind}?",
            text=cut(text), before=cut(before), behind=cut(behind),
        )  # fmt: skip
    return StepperError(
        "a number is written with a point: {point}", point=cut(text.replace(",", "."))
    )


def _matrix(text: str) -> Grid:
    if not _MATRIX.fullmatch(text):
        if re.fullmatch(_ROW, text):
            raise StepperError("this has one axis only: a row is [[1, 2]], a column is [[1], [2]]")
        raise StepperError("a matrix is rows in brackets: [[1, 2], [3, 4]]")
    rows = tuple(_row(row.strip()) for row in re.findall(_ROW, text[1:-1]))
    if len({len(row) for row in rows}) > 1:
        raise StepperError("the rows of a matrix have one length, and these differ")
    return Grid(rows)


def _row(text: str) -> tuple[Numeral, ...]:
    if "," in text and re.search(r"[^ ,] [^ ,]", text):
        raise StepperError("commas or spaces between the numbers, not both: [{row}]", row=cut(text))
    entries = re.split(r" ?, ?| ", text)
    if "" in entries:
        raise StepperError("a number is missing in [{row}]", row=cut(text))
    for entry in entries:
        if not _NUMBER.fullmatch(entry):
            raise StepperError("`{entry}` in [{row}] is no number", entry=cut(entry), row=cut(text))
    return tuple(map(numeral, entries))
