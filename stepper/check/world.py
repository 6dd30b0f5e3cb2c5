"""Worlds: a value for every name of a lab at a generic point, where no wrong formula is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from stepper.calculus.adjoint import Forward, adjoint, gradient
from stepper.check.draws import labels, near, numbers
from stepper.check.sizes import SAMPLES, resized
from stepper.expr.errors import StepperError
from stepper.expr.tree import Call, Expr, Name, walk
from stepper.labs.lab import Lab
from stepper.language.evaluate import evaluate
from stepper.language.shape import shape_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.ops.dims import Shape, dims
from stepper.program.program import Line

TOLERANCE = 1e-9
"""Right means max|s − r| ≤ TOLERANCE·max|r|: right formulas differ by 3e-15, wrong ones by 1e-2."""
NOTHING = 1e-9
"""A gradient that is smaller than this everywhere is useless for judging."""
DRAWS = 24
LEAST = 2
NONE: Mapping[str, Value] = {}

Sign = tuple[str, bool]
"""A name, and whether it is an entry above 0 (or below) that is seen."""


@dataclass(frozen=True, eq=False)
class World:
    """A value for every known name of a lab: given, forward and gradient names."""

    values: Mapping[str, Value]

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The numeric shapes in this world, by name."""
        return {k: dims(*np.shape(v)) for k, v in self.values.items()}


def value_of(tree: Expr, world: World, extra: Mapping[str, Value] = NONE) -> Value:
    """The value of a formula in a world; `extra` holds the learner's own names.

    Raises ShapeError if it does not fit these sizes, FormulaError for an unknown name.
    """
    shape_of(tree, {**world.shapes, **{k: dims(*np.shape(v)) for k, v in extra.items()}})
    return evaluate(tree, {**world.values, **extra})


def same(ours: Value, theirs: Value) -> bool:
    """Whether two values are equal: the same shape, and no entry off by more than rounding.

    `ours` is the reference; nan and inf are never equal to anything.
    """
    if np.shape(ours) != np.shape(theirs):
        return False
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        return False
    with np.errstate(all="ignore"):  # an overflow is a difference
        return bool(np.max(np.abs(theirs - ours)) <= TOLERANCE * np.max(np.abs(ours)))


@lru_cache(maxsize=32)
def worlds(lab: Lab) -> tuple[World, ...]:
    """At least two worlds of a lab, the same on every call.

    Sizes differ pairwise if the program allows, N is 7, labels are of the lab's own kind, every
    activation's argument and every gradient has both signs (for a scalar: over the worlds), and no
    gradient is nearly zero. Raises StepperError for a network that is never finite.
    """
    forward, sizes = resized(lab)
    drawing = _Drawing(lab, forward, sizes)
    for own_constants in (False, True):
        drawn = [drawing.draw(k, own_constants) for k in range(DRAWS)]
        found = [world for world in drawn if _is_generic(world, forward)]
        if len(found) >= LEAST:
            return _chosen(found, _watched(forward))
    plain = tuple(w for w in drawn if _is_finite(w))[:LEAST]
    if len(plain) < LEAST:
        raise StepperError("{lab} has no finite numbers to judge a formula with", lab=lab.name)
    return plain


def _chosen(found: Sequence[World], watched: Sequence[str]) -> tuple[World, ...]:
    """The worlds with the most signs first, then any that adds a new sign."""
    ordered = sorted(found, key=lambda w: -len(_signs(w, watched)))
    chosen = ordered[:LEAST]
    for world in ordered[LEAST:]:
        seen = {s for w in chosen for s in _signs(w, watched)}
        if not _signs(world, watched) <= seen:
            chosen.append(world)
    return tuple(chosen)


def _signs(world: World, watched: Sequence[str]) -> set[Sign]:
    above = {(name, True) for name in watched if np.max(world.values[name]) > 0}
    below = {(name, False) for name in watched if np.min(world.values[name]) < 0}
    return above | below


def _watched(forward: Forward) -> tuple[str, ...]:
    """The arguments of activations, and every gradient."""
    inside = {
        node.args[0].id
        for line in forward.lines
        for _, node in walk(line.tree)
        if isinstance(node, Call) and CARDS[node.op].is_elementwise and len(node.args) == 1
        and isinstance(node.args[0], Name)
    }  # fmt: skip
    return (*sorted(inside), *(line.target for line in adjoint(forward)))


def _is_finite(world: World) -> bool:
    return all(np.isfinite(v).all() for v in world.values.values())


def _is_generic(world: World, forward: Forward) -> bool:
    gradients = [v for k, v in world.values.items() if k.startswith(gradient(forward.loss, ""))]
    return _is_finite(world) and all(np.max(np.abs(g)) > NOTHING for g in gradients)


class _Drawing:
    """Draws the given values of a world and computes everything that follows from them."""

    def __init__(self, lab: Lab, forward: Forward, sizes: Mapping[str, int]) -> None:
        self.lab, self.forward, self.sizes = lab, forward, sizes
        self.lines: tuple[Line, ...] = (*forward.lines, *adjoint(forward))

    def draw(self, k: int, own_constants: bool) -> World:
        """World `k`; in every second one the numbers are positive, for what must be above 0."""
        rng = np.random.default_rng((k, SAMPLES))
        values = dict(self._given(rng, positive=k % 2 == 1, own_constants=own_constants))
        for line in self.lines:
            values[line.target] = evaluate(line.tree, values)
        return World(values)

    def _given(
        self, rng: np.random.Generator, *, positive: bool, own_constants: bool
    ) -> Iterator[tuple[str, Value]]:
        lab = self.lab
        yield from ((k, np.float64(v)) for k, v in self.sizes.items())
        for name, value in lab.constants.items():
            yield name, value if own_constants else near(rng, value, self._shape(name))
        yield "lr", np.float64(rng.uniform(0.2, 0.9))
        for name in self.forward.parameters:
            yield name, numbers(rng, self._shape(name), positive)
        if lab.data is not None:
            yield "N", np.float64(SAMPLES)
            yield "X", numbers(rng, self._shape("X"), positive)
            yield "y", labels(rng, lab.data, self._shape("y"))

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(SAMPLES if d.size is None else d.size for d in self.forward.shapes[name])
