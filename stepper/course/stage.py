"""The stage of a step: its lab, the run that is shown, and the values it has names for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from stepper.calculus.adjoint import adjoint
from stepper.course.lesson import Lesson, Matrix, Named, Step, World
from stepper.labs.lab import Lab
from stepper.labs.load import load
from stepper.labs.whatif import not_given
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse
from stepper.ops.card import Value
from stepper.program.program import Line
from stepper.program.trace import Trace


@dataclass(frozen=True, eq=False)
class Stage:
    """A lab and one run of it. `sample` is None for the whole batch."""

    lab: Lab
    sample: int | None
    named: Mapping[str, Named]

    @cached_property
    def trace(self) -> Trace:
        return self.lab.trace(self.sample)

    @cached_property
    def values(self) -> dict[str, Value]:
        """The values of the lab's names, before the update, and of those the lesson defines."""
        trace = self.trace
        found = {name: trace.value(name) for name in trace.code.names}
        for line in self.gradients:
            found.setdefault(line.target, evaluate(line.tree, found))
        for name, said in self.named.items():
            found[name] = self._named(said, found)
        return found

    @cached_property
    def gradients(self) -> tuple[Line, ...]:
        """The derived backward program, whatever the lab's author wrote."""
        return adjoint(self.lab.forward)

    def value(self, formula: str) -> Value:
        """The value of a formula in these names. Raises FormulaError."""
        return self._value(formula, self.values)

    def _named(self, said: Named, known: Mapping[str, Value]) -> Value:
        if not said.given:
            return self._value(said.of, known)
        for name in said.given:
            if name not in self.lab.program.given:
                raise not_given(self.lab.program, name)
        values = dict(known)
        values |= {name: self._value(formula, known) for name, formula in said.given.items()}
        for line in (*self.lab.forward.lines, *self.gradients):
            values[line.target] = evaluate(line.tree, values)
        return self._value(said.of, values)

    def _value(self, formula: str, known: Mapping[str, Value]) -> Value:
        return evaluate(parse(formula, layout=self.lab.layout, names=set(known)), known)


@lru_cache(maxsize=16)
def stage(lesson: Lesson, step: Step, again: bool = False) -> Stage:
    """The stage of a step; with `again`, with the step's other numbers.

    Raises StepperError if the lab cannot be loaded with these settings.
    """
    world = again_of(step) if again else None
    world = world or step.world
    lab = _lab(world)
    sample = None if world.batch else lab.check_sample(world.sample)
    return Stage(lab, sample, lesson.values)


def again_of(step: Step) -> World | None:
    """The other numbers a step asks for once its answer was told."""
    return step.again if isinstance(step, Matrix) else None


def _lab(world: World) -> Lab:
    return _loaded(world.lab, tuple(sorted(world.set.items())), world.data, world.seed)


@lru_cache(maxsize=8)
def _loaded(
    spec: str, sets: tuple[tuple[str, str], ...], data: str | None, seed: int | None
) -> Lab:
    """The lab for these settings, cached so that its worlds are drawn only once.

    It is stripped of what its author says about its numbers, which could give away answers, and of
    the path of a lesson's own lab file, which is nobody's concern.
    """
    lab = load(spec, sets=dict(sets), data=data, seed=seed)
    return replace(lab, about="", name=Path(spec).stem if spec.endswith(".toml") else lab.name)
