"""The 1/N that many bring in at the end: whether a line is right depends on whether it comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from stepper.check.judged import JudgedLine
from stepper.check.world import World
from stepper.expr.tree import Call, Expr, names, walk
from stepper.ops.card import Value


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """What to say about a line while the lines after it are not read yet."""

    line: JudgedLine
    never: JudgedLine | None = None
    """The verdict instead, if the N it lacks never comes."""
    elsewhere: JudgedLine | None = None
    """The verdict instead, if it comes, but only in other parameters' gradients."""
    brings: bool = False
    """Whether this is a parameter's gradient that contains the N."""

    @property
    def alone(self) -> JudgedLine:
        """The verdict if no line follows."""
        return self.never or self.line


def settled(found: Sequence[Late]) -> tuple[JudgedLine, ...]:
    """The final verdicts, now that all lines are known."""
    return tuple(_settled(late, found[i:], found) for i, late in enumerate(found))


def _settled(late: Late, behind: Sequence[Late], found: Sequence[Late]) -> JudgedLine:
    if not any(other.brings for other in found):
        return late.alone
    mine = any(other.brings and other.line.target == late.line.target for other in behind)
    return late.line if mine or late.elsewhere is None else late.elsewhere


def n_times(values: Sequence[Value], worlds: Sequence[World]) -> tuple[Value, ...]:
    """A value in each world, multiplied by that world's number of samples."""
    counts = (w.values.get("N", np.float64(1)) for w in worlds)
    return tuple(n * v for n, v in zip(counts, values, strict=True))


def reads_n(tree: Expr, counts: Collection[str]) -> bool:
    """Whether a formula reads the number of samples: as N, as one of `counts`, or in a mean."""
    if names(tree) & {"N", *counts}:
        return True
    return any(isinstance(node, Call) and node.op in ("mean", "size") for _, node in walk(tree))
