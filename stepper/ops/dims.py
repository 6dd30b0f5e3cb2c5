"""Shapes by name: `(h, 2)`, `(2, N)`. Only N, the number of samples, is a true unknown."""

from __future__ import annotations

from dataclasses import dataclass, field

from stepper.expr.sentence import Sentence, say


@dataclass(frozen=True, slots=True)
class Dim:
    """One length. N has no size: it never equals a number, not even in a batch of one.

    What is longer than N has no size either: `extra` says by how much.
    """

    size: int | None
    name: str = field(default="", compare=False)
    extra: int = 0

    def __str__(self) -> str:
        return self.name or str(self.size)

    def plus(self, more: int) -> Dim:
        """This length and `more`, named after it: `h+1`."""
        if self.size is None:
            extra = self.extra + more
            return Dim(None, f"N{extra:+d}" if extra else "N", extra)
        return Dim(self.size + more, f"{self.name}{more:+d}" if self.name else "")


N = Dim(None, "N")
ONE = Dim(1)

Shape = tuple[Dim, ...]
"""`()` for a scalar, two dimensions for a matrix; nothing else exists."""

SCALAR: Shape = ()


def dims(*sizes: int | Dim) -> Shape:
    """A shape from plain numbers."""
    return tuple(s if isinstance(s, Dim) else Dim(s) for s in sizes)


def shown(shape: Shape) -> str | Sentence:
    """`(h, 2)`; a scalar is `scalar`, in the words of the language."""
    return f"({', '.join(map(str, shape))})" if shape else say("scalar")


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The shape of an elementwise operation on two shapes; None where they do not fit."""
    if not a or not b:
        return a or b
    joined = tuple(_joined(x, y) for x, y in zip(a, b, strict=True))
    return None if None in joined else joined  # type: ignore[return-value]


def _joined(x: Dim, y: Dim) -> Dim | None:
    if x == ONE:
        return y
    if y == ONE:
        return x
    if x != y:
        return None
    return x if x.name else y
