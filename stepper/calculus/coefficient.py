"""The coefficient of a product as people write it: an integer, a decimal, or a denominator."""

from __future__ import annotations

from fractions import Fraction

from stepper.expr.tree import Number


def reduced(above: Fraction, below: Fraction) -> tuple[Fraction, Fraction]:
    """The coefficient in front and the one below: a whole or decimal ratio needs only the first."""
    ratio = above / below
    if below == 1 or ratio.denominator == 1:
        return ratio, Fraction(1)
    if above.denominator == below.denominator == 1:
        return Fraction(ratio.numerator), Fraction(ratio.denominator)
    return (ratio, Fraction(1)) if _decimal(ratio) else (above, below)


def _decimal(x: Fraction) -> bool:
    rest = x.denominator
    for p in (2, 5):
        while rest % p == 0:
            rest //= p
    return rest == 1


def literal(x: Fraction, typed: str) -> Number:
    """A number as it was typed, if that still is its value."""
    if typed and Fraction(typed) == x:
        return Number(float(x) if "." in typed or "e" in typed.lower() else int(x), typed)
    return Number(int(x) if x.denominator == 1 else float(x))
