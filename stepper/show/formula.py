"""The line `symbol = formula = formula with numbers ≈ value` as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

import numpy as np

from stepper.calculus.worked import FourParts
from stepper.expr.tree import Call, Expr, Number, Path, at, settings_of
from stepper.language.text import Style, text
from stepper.ops import CARDS
from stepper.show.numbers import DECIMALS, MOST_DIGITS, scalar


def four_parts(parts: FourParts, style: Style) -> list[str]:
    """The parts as they follow each other, each with its `=` or `≈`, the first without.

    A part that would only repeat the one before it is left out.
    """
    return list(_written(parts, replace(style, sizes={**style.sizes, **parts.sizes})))


def _written(parts: FourParts, style: Style) -> Iterator[str]:
    symbol = "" if parts.symbol is None else text(parts.symbol, style)
    formula = in_ascii_dots(text(parts.formula, style), style)
    decimals = digits_needed(parts)
    numbers = with_numbers(parts, style, decimals)
    value = scalar(parts.value)
    yield symbol or formula
    if symbol and formula != symbol:
        yield f"= {formula}"
    if numbers.replace("−", "-") not in (formula, value):
        yield f"= {numbers}"
    if value not in (formula, symbol):
        yield f"{_relation(parts, decimals, value, style)} {value}"


def with_numbers(parts: FourParts, style: Style, decimals: int) -> str:
    """The formula with its numbers put in while it is printed."""

    def number(node: Expr, path: Path) -> str | None:
        if id(node) not in parts.numbers:
            return None
        written = scalar(parts.numbers[id(node)], decimals)
        if id(node) in parts.holes:
            return f"… {written} …"
        negative = written.startswith("-")
        return f"({written})" if negative and _behind_a_sign(parts.formula, path) else written

    return in_ascii_dots(text(parts.formula, style, number), style)


def _behind_a_sign(formula: Expr, path: Path) -> bool:
    """Whether a minus here would follow another sign: `a − (−b)`."""
    inside = ""
    while path:
        parent = at(formula, path[:-1])
        assert isinstance(parent, Call)
        form = CARDS[parent.op].notation.form
        if form == "prefix" or (form == "infix" and path[-1] == 1):
            return not inside or (inside in ("mul", "div") and parent.op in ("add", "sub"))
        if form != "infix":
            return False
        inside, path = parent.op, path[:-1]
    return False


def in_ascii_dots(written: str, style: Style) -> str:
    return written if style.maths else written.replace("…", "...")


def digits_needed(parts: FourParts) -> int:
    """How many decimals the numbers must show for the line's arithmetic to come out as shown."""
    if not isfinite(parts.value):
        return DECIMALS
    wanted = scalar(parts.value)
    for decimals in range(DECIMALS, MOST_DIGITS):
        with np.errstate(all="ignore"):
            if scalar(shown_value(parts, parts.formula, decimals)) == wanted:
                return decimals
    return DECIMALS


def shown_value(parts: FourParts, node: Expr, decimals: int) -> float:
    """What the formula gives with the numbers as they are shown."""
    if id(node) in parts.numbers:
        return float(scalar(parts.numbers[id(node)], decimals))
    if isinstance(node, Number):
        return float(node.value)
    assert isinstance(node, Call)
    xs = [np.float64(shown_value(parts, a, decimals)) for a in node.args]
    return float(CARDS[node.op].eval(*xs, **settings_of(node)))


def _relation(parts: FourParts, decimals: int, value: str, style: Style) -> str:
    """`=` where nothing was rounded, else `≈`; `≠` where formula and program do not agree."""
    if not parts.agrees:
        return "≠" if style.maths else "!="
    exact = all(float(scalar(n, decimals)) == n for n in parts.numbers.values())
    if exact and (float(value) == parts.value or value == "nan"):
        return "="
    return "≈" if style.maths else "~="
