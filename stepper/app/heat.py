"""How large an entry is in its matrix, told by what is behind its number; the sign is written."""

from __future__ import annotations

from math import isfinite

LEVELS = 4
"""So many tints for positive numbers, and as many for negative ones."""


def heat(value: float, largest: float) -> int:
    """From -4 to 4: the share of the largest entry in quarters, with the sign of the number.

    0, without a tint, is what is not an eighth of the largest, and what is not finite.
    """
    if not isfinite(value) or not largest:
        return 0
    return round(LEVELS * (value / largest))  # the product of huge numbers would be inf
