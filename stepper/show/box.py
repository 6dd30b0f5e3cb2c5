"""Blocks of text placed beside and above each other, from which 2-D formulas are built."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Rows of equal width; `middle` is the row of the baseline."""

    rows: tuple[str, ...]
    middle: int = 0

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)

    def beside(self, other: Box) -> Box:
        """The two boxes side by side on one baseline."""
        above = max(self.middle, other.middle)
        below = max(self.height - self.middle, other.height - other.middle)
        left, right = self._grown(above, below), other._grown(above, below)
        rows = tuple(a + b for a, b in zip(left, right, strict=True))
        return Box(rows, above)

    def _grown(self, above: int, below: int) -> tuple[str, ...]:
        blank = (" " * self.width,)
        return (
            blank * (above - self.middle)
            + self.rows
            + blank * (below - (self.height - self.middle))
        )

    def raised(self, exponent: Box) -> Box:
        """The box with another at its upper right, or beside the top row of tall brackets."""
        if self.height > 1 and exponent.height == 1:
            first, *rest = self.rows
            blank = " " * exponent.width
            return Box((first + exponent.rows[0], *(r + blank for r in rest)), self.middle)
        rows = tuple(" " * self.width + r for r in exponent.rows)
        rows += tuple(r + " " * exponent.width for r in self.rows)
        return Box(rows, exponent.height + self.middle)


def word(text: str) -> Box:
    """A box of one row."""
    return Box((text,))


def joined(*parts: Box | str) -> Box:
    """All parts side by side on one baseline."""
    boxes = [word(p) if isinstance(p, str) else p for p in parts]
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.beside(box)
    return whole


def fraction(above: Box, below: Box, bar: str) -> Box:
    """One box over the other with a bar between them."""
    width = max(above.width, below.width) + 2
    rows = (
        *(r.center(width) for r in above.rows),
        bar * width,
        *(r.center(width) for r in below.rows),
    )
    return Box(rows, above.height)


def bracketed(box: Box, signs: str) -> Box:
    """The box in brackets of its height: `signs` are two one-row signs, then six for tall ones."""
    if box.height == 1:
        return joined(signs[0], box, signs[1])
    sides = (_side(box, signs[2:5]), _side(box, signs[5:8]))
    return joined(sides[0], box, sides[1])


def _side(box: Box, signs: str) -> Box:
    between = (signs[1],) * (box.height - 2)
    return Box((signs[0], *between, signs[2]), box.middle)
