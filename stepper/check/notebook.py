"""The values of a learner's own names, and what follows from them in the right program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from stepper.calculus.adjoint import adjoint, gradient
from stepper.check.world import World, same, value_of, worlds
from stepper.expr.errors import FormulaError, StepperError
from stepper.expr.tree import Expr, Name, names, substitute
from stepper.labs.lab import Lab
from stepper.language.evaluate import evaluate
from stepper.ops.card import Value
from stepper.ops.dims import Shape
from stepper.program.program import Line

Values = tuple[Value, ...] | None
"""A value per world; None if a formula has none: its shapes fit in the lab only by accident."""


@dataclass(eq=False)
class Notebook:
    """Keeps the values of a learner's names in every world, and on the sample that is shown."""

    lab: Lab
    sample: int | None
    """The sample the learner sees; None: the whole batch."""
    shapes: dict[str, Shape] = field(default_factory=dict)
    """The names the learner has assigned, with their shapes."""
    off: set[str] = field(default_factory=set)
    """The names whose value is wrong, or follows from a wrong one."""
    late: set[str] = field(default_factory=set)
    """Gradients of which the learner holds N times the value: the 1/N comes later."""
    updated: dict[str, str] = field(default_factory=dict)
    """Names that hold an updated parameter, and which one."""

    def __post_init__(self) -> None:
        self.worlds = worlds(self.lab)
        self.here = shown(self.lab, self.sample)
        self.backward = true_backward(self.lab)
        self.lines = {line.target: line for line in self._right_lines()}
        self._own: dict[World, dict[str, Value]] = {w: {} for w in self._places()}
        self._given: dict[World, dict[str, Value]] = {w: {} for w in self.worlds}

    def _places(self) -> tuple[World, ...]:
        return (*self.worlds, self.here) if self.here else self.worlds

    def _right_lines(self) -> tuple[Line, ...]:
        """The forward lines, the derived backward lines, and a plain gradient descent step."""
        forward = self.lab.forward
        steps = (
            Line(p, Name(p) - Name("lr") * Name(gradient(forward.loss, p)), "update", of=p)
            for p in forward.parameters
        )
        return (*forward.lines, *self.backward, *steps)

    def right(self, target: str) -> Expr:
        """The right formula of a target, in the names available in a backward pass."""
        return self.lines[target].tree if target in self.lines else Name(target)

    def values(self, tree: Expr) -> Values:
        """The value of a learner's formula in each world."""
        try:
            return tuple(value_of(tree, w, self._own[w]) for w in self.worlds)
        except FormulaError:
            return None

    def before_update(self, tree: Expr) -> Values:
        """The value of a formula if no parameter had been updated yet."""
        tree = substitute(tree, {own: Name(parameter) for own, parameter in self.updated.items()})
        try:
            return tuple(value_of(tree, w, self._not_updated(w)) for w in self.worlds)
        except FormulaError:
            return None

    def _not_updated(self, world: World) -> dict[str, Value]:
        return {k: v for k, v in self._own[world].items() if k not in self.updated}

    def truth(self, target: str) -> tuple[Value, ...]:
        """The true value of a target in each world."""
        if target in self.lab.forward.parameters:
            return tuple(evaluate(self.right(target), w.values) for w in self.worlds)
        return tuple(w.values[target] for w in self.worlds)

    def given(self, target: str) -> tuple[Value, ...]:
        """The value of a target given the learner's own upstream values."""
        if target in self.lab.forward.parameters:
            g = gradient(self.lab.forward.loss, target)
            return tuple(
                w.values[target] - w.values["lr"] * self._given[w].get(g, w.values[g])
                for w in self.worlds
            )
        return tuple(self._given[w].get(target, w.values[target]) for w in self.worlds)

    def later(self, target: str) -> Expr | None:
        """The right formula, with the 1/N that the learner has deferred to it; None without one."""
        of = self.lines[target].of if target in self.lines else None
        if of not in self.lab.forward.parameters:
            return None
        right = self.right(target)
        late = {name: Name(name) / Name("N") for name in names(right) & self.late}
        return substitute(right, late) if late else None

    def divided(self, target: str) -> Values:
        """The value of a target given the learner's upstream values and the deferred 1/N."""
        tree = self.later(target)
        if tree is None:
            return None
        return tuple(evaluate(tree, {**w.values, **self._given[w]}) for w in self.worlds)

    def point(self, tree: Expr) -> tuple[tuple[World, ...], tuple[Mapping[str, Value], ...]]:
        """Where a wrong formula is diagnosed: the worlds, and the learner's values in them.

        A formula that reads a wrong value of the learner's is compared with what follows from that
        value.
        """
        if names(tree) & self.off:
            moved = tuple(World({**w.values, **self._given[w]}) for w in self.worlds)
            return moved, tuple(self._own[w] for w in self.worlds)
        own = (self._own[w] for w in self.worlds)
        return self.worlds, tuple(
            {k: v for k, v in values.items() if k not in self.off} for values in own
        )

    def is_n_times(self, target: str, worlds: Sequence[World]) -> bool:
        """Whether the learner's upstream values lead to N times a parameter's gradient, so that its
        formula is the place to divide by N."""
        of = self.lines[target].of if target in self.lines else None
        if of not in self.lab.forward.parameters or "N" not in worlds[0].values:
            return False
        follows = (evaluate(self.right(target), w.values) / w.values["N"] for w in worlds)
        return all(map(same, self.truth(target), follows))

    def recognised(self, values: Values, candidates: Sequence[str]) -> str | None:
        """The first of the candidates that has these values."""
        return next((name for name in candidates if fits(self.truth(name), values)), None)

    def note(self, name: str, tree: Expr, shape: Shape) -> None:
        """Records that the learner has assigned `name`."""
        self.shapes[name] = shape
        for place in self._places():
            try:
                self._own[place][name] = value_of(tree, place, self._own[place])
            except StepperError:
                self._own[place].pop(name, None)

    def follow(self, target: str, values: tuple[Value, ...]) -> None:
        """Uses these values of `target` from here on: everything downstream follows from them."""
        for world, value in zip(self.worlds, values, strict=True):
            if np.shape(value) == np.shape(world.values[target]):
                self._given[world][target] = value
                self._replay(world, target)

    def _replay(self, world: World, target: str) -> None:
        given = self._given[world]
        later = False
        for line in self.backward:
            if later and names(line.tree) & set(given):
                given[line.target] = evaluate(line.tree, {**world.values, **given})
            later = later or line.target == target

    def hidden_here(self, tree: Expr, target: str) -> bool:
        """Whether the sample that is shown does not distinguish this formula from the right one."""
        if self.here is None:
            return False
        try:
            theirs = value_of(tree, self.here, self._own[self.here])
            return same(evaluate(self.right(target), self.here.values), theirs)
        except StepperError:
            return False


@lru_cache(maxsize=8)
def true_backward(lab: Lab) -> tuple[Line, ...]:
    """The derived backward lines, whatever the lab's author wrote."""
    return adjoint(lab.forward)


@lru_cache(maxsize=8)
def shown(lab: Lab, sample: int | None) -> World | None:
    """The lab's numbers on one sample (None: on all), as a world; None if it has no values."""
    try:
        values = dict(lab.given(None if sample is None else [sample]))
        for line in (*lab.forward.lines, *true_backward(lab)):
            values[line.target] = evaluate(line.tree, values)
    except StepperError:
        return None
    return World(values)


def fits(ours: Sequence[Value], theirs: Values) -> bool:
    """Whether values are right in every world; a scalar may stand for a 1×1 matrix."""
    return theirs is not None and all(map(_fits, ours, theirs))


def _fits(ours: Value, theirs: Value) -> bool:
    one = np.size(ours) == np.size(theirs) == 1
    return same(np.reshape(ours, ()), np.reshape(theirs, ())) if one else same(ours, theirs)
