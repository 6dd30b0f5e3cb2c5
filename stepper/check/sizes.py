"""A lab's network with other, pairwise different sizes, so that no mistake fits by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from stepper.calculus.adjoint import Forward, adjoint
from stepper.expr.errors import StepperError
from stepper.expr.tree import Expr
from stepper.labs.lab import Lab
from stepper.language.shape import Shapes, shape_of
from stepper.ops.dims import Dim, Shape
from stepper.program.program import Line

SAMPLES = 7
"""N of every world: more than one, and no other length is 7."""

Shifts = Mapping[str, int]
"""By how much the lengths of each group exceed those in the lab."""


@dataclass(frozen=True, eq=False)
class Ties:
    """The lengths that had to be equal when the program was analysed: they change only together."""

    parents: dict[str, str] = field(default_factory=dict)
    lab: dict[str, int] = field(default_factory=dict)
    """The smallest length of each group in the lab."""
    fixed: set[str] = field(default_factory=set)

    def group(self, key: str) -> str:
        while key in self.parents:
            key = self.parents[key]
        return key

    def tie(self, one: str, other: str) -> None:
        one, other = self.group(one), self.group(other)
        if one != other:
            self.parents[other] = one
            self.lab[one] = min(self.lab[one], self.lab.pop(other))

    def free(self) -> tuple[str, ...]:
        """The groups that no literal number fixes, in the order in which the program names them."""
        fixed = {self.group(k) for k in self.fixed}
        return tuple(k for k in self.lab if k not in fixed)


@dataclass(frozen=True, slots=True, eq=False)
class Length(Dim):
    """A dimension that records which others it is compared equal to."""

    key: str = ""
    ties: Ties = field(default_factory=Ties)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dim) or other.size != self.size:
            return False
        if isinstance(other, Length):
            self.ties.tie(self.key, other.key)
        else:
            self.ties.fixed.add(self.key)
        return True

    def __hash__(self) -> int:
        return hash(self.size)

    def plus(self, more: int) -> Dim:
        longer = Dim.plus(self, more)
        return Length(longer.size, longer.name, key=self.key, ties=self.ties)


def resized(lab: Lab) -> tuple[Forward, dict[str, int]]:
    """The forward program with pairwise different sizes, and the sizes that have a name.

    A length of 1 stays 1: a formula for a single output may rely on it. A length also stays if the
    backward lines would read differently with another one (`/ (2 * N)`).
    """
    forward, keys = lab.forward, _keys(lab)
    ties = _ties(forward, keys)
    before = _texts(adjoint(forward))
    shifts: dict[str, int] = {}
    found = forward
    for group, size in zip(ties.free(), _sizes(), strict=False):
        wider = {**shifts, group: size - ties.lab[group]}
        try:
            tried = _shifted(forward, keys, ties, wider)
            same = _texts(adjoint(tried)) == before
        except StepperError:
            continue
        if same:
            shifts, found = wider, tried
    named = {k: v + shifts.get(ties.group(k), 0) for k, v in lab.sizes.items()}
    return found, named


def _sizes() -> Iterator[int]:
    """Odd numbers, so that no size is another one plus a bias; never N."""
    yield from (5, 3)
    yield from count(SAMPLES + 2, 2)


def _keys(lab: Lab) -> dict[str, tuple[str, ...]]:
    """For each given name, the group of each of its dimensions; "" for one that never changes."""
    targets = {line.target for line in lab.forward.lines}
    return {
        name: tuple(_key(name, axis, dim) for axis, dim in enumerate(shape))
        for name, shape in lab.forward.shapes.items()
        if name not in targets
    }


def _key(name: str, axis: int, dim: Dim) -> str:
    if dim.size is None or dim.size == 1:
        return ""
    word = re.split(r"[^\w]", dim.name)[0]
    return word or f"{name}, {axis}"


def _ties(forward: Forward, keys: Mapping[str, Sequence[str]]) -> Ties:
    ties = Ties()
    given: dict[str, Shape] = {}
    for name, sides in keys.items():
        given[name] = tuple(
            Length(dim.size, dim.name, key=key, ties=ties) if key else dim
            for dim, key in zip(forward.shapes[name], sides, strict=True)
        )
        for dim in given[name]:
            if isinstance(dim, Length) and dim.size is not None:
                ties.lab[dim.key] = min(ties.lab.get(dim.key, dim.size), dim.size)
    _shapes(forward.lines, given)
    return ties


def _shapes(lines: Sequence[Line], given: Shapes) -> dict[str, Shape]:
    shapes = dict(given)
    for line in lines:
        shapes[line.target] = shape_of(line.tree, shapes)
    return shapes


def _shifted(
    forward: Forward, keys: Mapping[str, Sequence[str]], ties: Ties, shifts: Shifts
) -> Forward:
    given = {
        name: tuple(
            dim if dim.size is None else Dim(dim.size + shifts.get(ties.group(key), 0), dim.name)
            for dim, key in zip(forward.shapes[name], sides, strict=True)
        )
        for name, sides in keys.items()
    }
    return forward._replace(shapes=_shapes(forward.lines, given))


def _texts(lines: Sequence[Line]) -> list[tuple[str, Expr]]:
    return [(line.target, line.tree) for line in lines]
