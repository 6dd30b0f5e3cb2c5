"""Formats numbers: one count of decimals per matrix, and the digits a formula needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import floor, isfinite, isnan, log10
from typing import Any

DECIMALS = 4
SIGNIFICANT = 3
SMALLEST, LARGEST = 1e-4, 1e6
"""Outside this range a number is written with a power of ten."""
MOST_DIGITS = 12

Writer = Callable[[float], str]


def writer(values: Iterable[float]) -> Writer:
    """Formats the entries of one matrix, all with the same number of decimals.

    Four decimals, or more if the largest entry would show fewer than three digits. An exact 0 is
    `0`, a small entry is never rounded to it, nan is `!nan`.
    """
    sizes = [abs(v) for v in values if isfinite(v)]
    largest = max(sizes, default=0.0)
    if all(v.is_integer() for v in sizes) and largest < LARGEST:
        return lambda v: special(v) or f"{v:.0f}"
    if not SMALLEST <= largest < LARGEST:
        return lambda v: special(v) or f"{v:.{SIGNIFICANT}e}"
    decimals = decimals_for(largest)
    return lambda v: special(v) or _fixed(v, decimals)


def special(value: float) -> str:
    """The text of a value without digits: `0`, `!nan`, `!inf`; empty for any other."""
    if value == 0:
        return "0"
    if isfinite(value):
        return ""
    return "!nan" if isnan(value) else "!inf" if value > 0 else "!-inf"


def decimals_for(value: float) -> int:
    """Four decimals, or as many as show three digits of a number (0.00123 needs five)."""
    return max(DECIMALS, SIGNIFICANT - 1 - floor(log10(abs(value))))


def _fixed(value: float, decimals: int) -> str:
    written = f"{value:.{decimals}f}"
    return written if float(written) else f"{value:.0e}"


def single(value: float) -> str:
    """A number that is shown by itself."""
    return special(value) or scalar(value)


def scalar(value: float, decimals: int = DECIMALS) -> str:
    """One number in a formula: at least three digits of it, without trailing zeros."""
    if found := special(value):
        return found.removeprefix("!")
    exact = repr(float(value)).removesuffix(".0")
    if not SMALLEST <= abs(value) < LARGEST:
        rounded = f"{value:.{max(decimals - 1, SIGNIFICANT)}e}"
        return exact if len(exact) <= len(rounded) else rounded
    rounded = f"{value:.{max(decimals, decimals_for(value))}f}"
    return exact if len(exact) <= len(rounded) else rounded


def written(value: Any) -> str:
    """A value inside a sentence: a number, or a matrix row by row; anything else unchanged."""
    if isinstance(value, float):
        return scalar(value)
    rows = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(rows, list):
        return str(value)
    inside = (", ".join(map(scalar, row)) for row in rows)
    return f"[{', '.join(f'[{row}]' for row in inside)}]"
