"""The box-drawing characters, by the sides they reach and how heavy they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from unicodedata import name

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
"""The arms of a character, as flags."""

_SIDES = {
    "UP": UP, "DOWN": DOWN, "LEFT": LEFT, "RIGHT": RIGHT,
    "VERTICAL": UP | DOWN, "HORIZONTAL": LEFT | RIGHT,
}  # fmt: skip
_DOTTED = str.maketrans("│─┃━|-", "┆┄┇┅:.")


def line_sign(arms: int, heavy: int, *, dotted: bool, ascii: bool) -> str:
    """The character with these arms, some of them heavy; only straight ones can be dotted."""
    sign = _plain_sign(arms) if ascii else _signs()[arms, heavy]
    return sign.translate(_DOTTED) if dotted else sign


def _plain_sign(arms: int) -> str:
    return {UP | DOWN: "|", LEFT | RIGHT: "-"}.get(arms, "+")


@cache
def _signs() -> Mapping[tuple[int, int], str]:
    """Every box-drawing character by its arms and which of them are heavy.

    Both are read from its Unicode name: `VERTICAL HEAVY AND RIGHT LIGHT`, or `LIGHT DOWN AND
    RIGHT`.
    """
    corners = "".join(map(chr, range(ord("┌"), ord("╋") + 1)))
    return {_arms(name(sign).split()[2:]): sign for sign in "─━│┃" + corners}


def _arms(words: list[str]) -> tuple[int, int]:
    if words[0] in ("LIGHT", "HEAVY"):
        words = [*words[1:], words[0]]
    arms = heavy = pending = 0
    for word in words:
        pending |= _SIDES.get(word, 0)
        if word in ("LIGHT", "HEAVY"):
            arms, heavy = arms | pending, heavy | pending * (word == "HEAVY")
            pending = 0
    return arms, heavy
