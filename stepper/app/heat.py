"""Background tints that show how large an entry is within its matrix."""

from __future__ import annotations

from math import isfinite

LEVELS = 4
"""The number of tints for positive numbers, and for negative ones."""


def heat(value: float, largest: float) -> int:
    """The tint, from -4 to 4: the value over the largest entry, in quarters.

    0, no tint, for what is at most an eighth of the largest, and for what is not finite.
    """
    if not isfinite(value) or not largest:
        return 0
    return round(LEVELS * (value / largest))  # the product of huge numbers would be inf
