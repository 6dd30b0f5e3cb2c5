"""The line `symbol = formula = formula with numbers ≈ value` as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np

from stepper.calculus.worked import FourParts
from stepper.expr.tree import Call, Expr, Number, Path, at, settings_of
from stepper.language.text import MATH, Style, Values, no_number, text
from stepper.ops import CARDS
from stepper.show.numbers import DECIMALS, MOST_DIGITS, scalar

_IN_ASCII = {"≈": "~=", "≠": "!="}
_PRIVATE = 0xE000
"""The start of Unicode's private use area, which has 6,400 characters."""


class Link(NamedTuple):
    """A part of the line: the sign before it, and a tree with numbers put in, or a number."""

    sign: str
    """`=`; `≈` if something was rounded; `≠` if formula and program disagree."""
    tree: Expr | None
    said: str
    """The part as text."""
    values: Values = no_number


def four_parts(parts: FourParts, style: Style) -> list[str]:
    """The parts in order, each with its `=` or `≈` except the first.

    A part that would repeat the one before is left out.
    """
    return [" ".join(filter(None, _written(link, style))) for link in links(parts, style)]


def _written(link: Link, style: Style) -> tuple[str, str]:
    sign = link.sign if style.maths else _IN_ASCII.get(link.sign, link.sign)
    return sign, in_ascii_dots(link.said, style)


def links(parts: FourParts, style: Style = MATH) -> Iterator[Link]:
    """The parts for any writer; those that would repeat the one before, as text, are left out."""
    style = replace(style, sizes={**style.sizes, **parts.sizes})
    decimals = digits_needed(parts)
    values, value = number_writer(parts, decimals), scalar(parts.value)
    symbol = "" if parts.symbol is None else text(parts.symbol, style)
    formula, numbers = text(parts.formula, style), text(parts.formula, style, values)
    first = parts.formula if parts.symbol is None else parts.symbol
    yield Link("", first, symbol or formula)
    if symbol and formula != symbol:
        yield Link("=", parts.formula, formula)
    if numbers.replace("−", "-") not in (formula, value):
        yield Link("=", parts.formula, numbers, values)
    if value not in (formula, symbol):
        yield Link(_relation(parts, decimals, value), None, value)


def number_writer(parts: FourParts, decimals: int) -> Values:
    """The number to print in place of each node of the formula."""

    def number(node: Expr, path: Path) -> str | None:
        if id(node) not in parts.numbers:
            return None
        written = scalar(parts.numbers[id(node)], decimals)
        if id(node) in parts.holes:
            return f"… {written} …"
        negative = written.startswith("-")
        return f"({written})" if negative and _behind_a_sign(parts.formula, path) else written

    return number


def numbered(parts: FourParts, style: Style, decimals: int) -> Iterator[tuple[str, Expr | None]]:
    """The formula with its numbers, in pieces: each number with the node it replaces.

    The text between them is paired with None. While the formula is printed, a private character
    after each number identifies it.
    """
    write = number_writer(parts, decimals)
    put: list[tuple[str, Expr]] = []

    def signed(node: Expr, path: Path) -> str | None:
        written = write(node, path)
        if written is None:
            return None
        put.append((written, node))
        return written + chr(_PRIVATE + len(put) - 1)

    whole = text(parts.formula, style, signed)
    signs = f"([{chr(_PRIVATE)}-{chr(_PRIVATE + len(put))}])"
    pieces = re.split(signs, whole)
    for before, sign in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        written, node = put[ord(sign) - _PRIVATE] if sign else ("", None)
        yield in_ascii_dots(before.removesuffix(written), style), None
        yield in_ascii_dots(written, style), node


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


@lru_cache(maxsize=8)
def digits_needed(parts: FourParts) -> int:
    """How many decimals the numbers need for the printed arithmetic to come out as shown."""
    if not isfinite(parts.value):
        return DECIMALS
    wanted = scalar(parts.value)
    for decimals in range(DECIMALS, MOST_DIGITS):
        with np.errstate(all="ignore"):
            if scalar(shown_value(parts, parts.formula, decimals)) == wanted:
                return decimals
    return DECIMALS


def shown_value(parts: FourParts, node: Expr, decimals: int) -> float:
    """The value of the formula with the numbers as printed."""
    if id(node) in parts.numbers:
        return float(scalar(parts.numbers[id(node)], decimals))
    if isinstance(node, Number):
        return float(node.value)
    assert isinstance(node, Call)
    xs = [np.float64(shown_value(parts, a, decimals)) for a in node.args]
    return float(CARDS[node.op].eval(*xs, **settings_of(node)))


def _relation(parts: FourParts, decimals: int, value: str) -> str:
    """`=` if nothing was rounded, else `≈`; `≠` if formula and program disagree."""
    if not parts.agrees:
        return "≠"
    exact = all(float(scalar(n, decimals)) == n for n in parts.numbers.values())
    if exact and (float(value) == parts.value or value == "nan"):
        return "="
    return "≈"
