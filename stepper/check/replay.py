"""Which mistake gives exactly these numbers: one backward step is altered, the rest replayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stepper.check.mistakes import MISTAKES
from stepper.check.switch import Switch, switches
from stepper.expr.errors import StepperError
from stepper.expr.tree import names
from stepper.labs.lab import Lab
from stepper.language.evaluate import evaluate
from stepper.ops.card import Value
from stepper.program.program import Line
from stepper.program.trace import Trace

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A mistake at one place, and the value it gives a name."""

    switch: Switch
    value: Value
    steps: int
    """How many lines lie between the wrong one and the name's: 0 for its own line."""


def replays(lab: Lab, trace: Trace, of: str) -> Iterator[Replay]:
    """Every mistake in the backward program that changes the value of `of`, the likeliest first.

    The more specific mistake comes first, then the one nearer to the name's line.
    """
    right = {name: trace.values[slots[0]] for name, slots in lab.code.names.items()}
    lines = _leading_to(lab, of)
    found = [
        replay
        for mistake in MISTAKES.values()
        for switch in switches(lab, mistake)
        if switch.right in lines
        if (replay := _replayed(switch, lines, right, of)) is not None
    ]
    yield from sorted(found, key=lambda r: (r.switch.mistake.rank, r.steps))


def _leading_to(lab: Lab, of: str) -> list[Line]:
    """The backward lines a value depends on, its own line last."""
    wanted, found = {of}, []
    for line in reversed(lab.program.phase("backward")):
        if line.target in wanted:
            wanted |= names(line.tree)
            found.append(line)
    return found[::-1]


def _replayed(
    switch: Switch, lines: list[Line], right: Mapping[str, Value], of: str
) -> Replay | None:
    """The value with the wrong line; None if numpy would raise, nothing changes, or it is nan."""
    values, start = dict(right), lines.index(switch.right)
    try:
        values[switch.right.target] = evaluate(switch.wrong, values)
        for line in lines[start + 1 :]:
            values[line.target] = evaluate(line.tree, values)
    except (ValueError, IndexError, TypeError, StepperError):
        return None
    value = values[of]
    if not np.isfinite(value).all() or _same(value, right[of]):
        return None
    return Replay(switch, value, len(lines) - 1 - start)


def _same(one: Value, other: Value) -> bool:
    """Whether two values differ by no more than rounding."""
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.max(np.abs(one - other)) <= ROUNDING * np.max(np.abs(other)))
