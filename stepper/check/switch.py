"""Switches a mistake on: makes one line of a lab's program wrong on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from stepper.check.mistakes import MISTAKES, Mistake
from stepper.expr.errors import FormulaError, StepperError, near
from stepper.expr.sentence import say
from stepper.expr.tree import Expr
from stepper.labs.lab import Lab
from stepper.language.shape import shape_of
from stepper.ops.dims import SCALAR, Shape, dims
from stepper.program.program import Line, Program
from stepper.program.trace import run


@dataclass(frozen=True, slots=True, eq=False)
class Switch:
    """A place where a mistake can be made: the line's number, from 1, and the wrong tree."""

    mistake: Mistake
    number: int
    right: Line
    wrong: Expr

    @property
    def line(self) -> Line:
        """The wrong line, whose reason says what is wrong with it."""
        reason = say(
            "a mistake made on purpose, {id}: {sentence} Right is {right}",
            id=self.mistake.id, sentence=say(self.mistake.sentence), right=self.right.tree,
        )  # fmt: skip
        return replace(self.right, tree=self.wrong, through=(), reason=reason)


def switches(lab: Lab, mistake: Mistake) -> Iterator[Switch]:
    """Every place of the lab's program where a mistake can be made, whether it runs or not."""
    numbers = {id(line): n for n, line in lab.program.numbered()}
    for line, wrong in mistake.made(lab.program.lines, lab):
        yield Switch(mistake, numbers[id(line)], line, wrong)


def runnable(lab: Lab, mistake: Mistake) -> Iterator[Switch]:
    """Those of them whose shapes still fit, without repeating a wrong line."""
    seen: set[tuple[int, Expr]] = set()
    for switch in switches(lab, mistake):
        if (switch.number, switch.wrong) in seen:
            continue
        seen.add((switch.number, switch.wrong))
        if _fits(lab, switch):
            yield switch


def _fits(lab: Lab, switch: Switch) -> bool:
    program = lab.program.with_mistake(switch.mistake.id, switch.number, switch.line)
    try:
        _shapes(lab, program)
    except FormulaError:
        return False
    return True


def _shapes(lab: Lab, program: Program) -> dict[str, Shape]:
    """The shapes of everything a program computes. Raises FormulaError if they do not fit."""
    shapes = dict(lab.forward.shapes)
    shapes |= dict.fromkeys((*lab.training.settings, "lr", "t"), SCALAR)
    shapes |= {name: dims(*np.shape(value)) for name, value in lab.state.items()}
    for line in program.lines:
        shapes[line.target] = shape_of(line.tree, shapes)
    return shapes


def with_mistake(lab: Lab, spec: str) -> Lab:
    """The lab with the mistake `ID` or `ID@LINE` (a line number, or the name the line assigns).

    Without a line it is made at the first place where it changes a value on the lab's sample.
    Raises StepperError for an unknown mistake, and for one that cannot be made there.
    """
    name, _, where = spec.partition("@")
    mistake = MISTAKES.get(name)
    if mistake is None:
        raise StepperError(
            "there is no mistake `{name}`.{near} `stepper check --mistakes` lists them",
            name=name, near=near(name, MISTAKES),
        )  # fmt: skip
    found = list(runnable(lab, mistake))
    if not found:
        raise StepperError(
            "`{id}` cannot be made in {lab}: it has no place for it, or its shapes would not fit",
            id=name, lab=lab.name,
        )  # fmt: skip
    chosen = _at(lab, found, where) if where else found
    telling = (s for s in chosen if _tells(lab, s))
    return switched(lab, next(telling, chosen[0]))


def _at(lab: Lab, found: list[Switch], where: str) -> list[Switch]:
    there = [s for s in found if where in (str(s.number), s.right.target)]
    if not there:
        lines = dict.fromkeys(f"{s.number} ({s.right.target})" for s in found)
        raise StepperError(
            "`{id}` cannot be made in line {asked}; it can in line {lines}",
            id=found[0].mistake.id, asked=where, lines=", ".join(lines),
        )  # fmt: skip
    return there


def switched(lab: Lab, switch: Switch) -> Lab:
    """The lab with this line switched in."""
    program = lab.program.with_mistake(switch.mistake.id, switch.number, switch.line)
    return replace(lab, program=program)


def _tells(lab: Lab, switch: Switch) -> bool:
    """Whether the wrong line gives other values than the right one on the lab's own sample."""
    given = lab.given(None if lab.sample is None else [lab.sample])
    target = switch.right.target
    right, wrong = (run(each.code, given).last(target) for each in (lab, switched(lab, switch)))
    return np.shape(right) != np.shape(wrong) or bool(np.any(right != wrong))
