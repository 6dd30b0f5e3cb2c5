"""The steps inside a step: a composite's definition, or a backward line before tidying.

They are a small program of their own, run on the step's own values, so the outer trace's indices do
not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from stepper.calculus.adjoint import Forward, chain
from stepper.calculus.worked import ACCURACY, values_at
from stepper.expr.sentence import Sentence
from stepper.expr.tree import Call, Expr, Name, names, settings_of
from stepper.ops import CARDS
from stepper.ops.card import Value
from stepper.program.code import Step, compile_program
from stepper.program.program import Line, Program, Role
from stepper.program.trace import Trace, run


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """The inner run. `note` says if its result differs from the step's own value, and by how much.

    `stands_for` maps the short names given to unnamed operands to what they mean.
    """

    trace: Trace
    note: Sentence | None = None
    stands_for: Mapping[str, Expr] = field(default_factory=dict)


def expand(trace: Trace, step: Step, forward: Forward) -> Inside | None:
    """The steps inside a step; None if there is nothing smaller to see.

    For the last step of a backward line: the chain rule, one rule a line, and finally the line
    itself.
    """
    line = trace.program.lines[step.line - 1]
    if step.last and line.phase == "backward" and line.of is not None:
        lines = chain(forward, line)
        if any(rule.tree != line.tree for rule in lines[:-1]):
            return _untidied(trace, step, lines)
    if not isinstance(step.node, Call):
        return None
    return _written_out(trace, step, step.node)


def _untidied(trace: Trace, step: Step, lines: tuple[Line, ...]) -> Inside:
    values = values_at(trace, step)
    made = {line.target for line in lines}
    read = [n for line in lines for n in sorted(names(line.tree)) if n not in made]
    inner = _run(trace, lines, {n: values[n] for n in read})
    before = inner.value(lines[-2].target)
    return Inside(inner, _difference(before, trace.values[step.output], lines[-2].target))


def _written_out(trace: Trace, step: Step, node: Call) -> Inside | None:
    free = (u for n in count(1) if (u := f"u{n}") not in trace.code.names)
    operands: list[Expr] = []
    values: dict[str, Value] = {}
    stands_for: dict[str, Expr] = {}
    for arg, slot in zip(node.args, step.inputs, strict=True):
        if trace.place(slot).role == "number":
            operands.append(arg)
            continue
        name = arg.id if isinstance(arg, Name) else next(free)
        if not isinstance(arg, Name):
            stands_for[name] = arg
        operands.append(Name(name))
        values[name] = trace.values[slot]
    tree = CARDS[node.op].definition(*operands, **settings_of(node))
    if tree is None:
        return None
    target = trace.place(step.output).name if step.last else next(free)
    inner = _run(trace, (Line(target, tree, step.phase, of=step.of),), values)
    own = trace.values[step.output]
    return Inside(inner, _difference(inner.last(target), own, node.op), stands_for)


def _run(trace: Trace, lines: tuple[Line, ...], values: Mapping[str, Value]) -> Trace:
    """Runs these lines as a program on values of the outer run."""
    given: dict[str, Role] = {name: _role(trace, name) for name in values}
    program = Program(lines, given, lines[-1].target, trace.program.layout)
    return run(compile_program(program), values)


def _role(trace: Trace, name: str) -> Role:
    slots = trace.code.names.get(name)
    return trace.place(slots[0]).role if slots else "part"


def _difference(ours: Value, own: Value, name: str) -> Sentence | None:
    """The note to show if the inner steps do not end on the step's own value."""
    ours, own = np.broadcast_arrays(ours, own)
    with np.errstate(all="ignore"):
        off = np.abs(ours - own)
        size = np.max(np.abs(own))
    wrong = ~(off <= ACCURACY * size) & ~((ours == own) | (np.isnan(ours) & np.isnan(own)))
    if not wrong.any():
        return None
    place = tuple(np.argwhere(wrong)[0])
    return Sentence(
        "step by step {name} comes to {ours}, and its value is {own}{where}: the numbers on the "
        "way are too large or too small for floating point to carry",
        {
            "name": name,
            "ours": repr(float(ours[place])),
            "own": repr(float(own[place])),
            "where": _where(place),
        },
    )


def _where(place: tuple[int, ...]) -> Sentence:
    if not place:
        return Sentence("")
    row, column = place
    return Sentence(
        " in row {row}, column {column}", {"row": str(row + 1), "column": str(column + 1)}
    )
