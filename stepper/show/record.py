"""A walk as plain data, for `--json`: every step and every value at full precision."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any

import numpy as np

from stepper.expr.tree import Call, Number, names
from stepper.labs.lab import Lab
from stepper.ops.card import Value
from stepper.program.code import Slot, Step
from stepper.program.program import Program
from stepper.program.trace import Trace
from stepper.show.words import words


def record(lab: Lab, trace: Trace, sample: int | None, steps: list[Step]) -> dict[str, Any]:
    """The whole run as one object; nan and inf are strings, since JSON has no such numbers."""
    roles = trace.program.given
    return {
        "lab": lab.name,
        "sample": sample,
        "mistake": _mistake(trace.program),
        "steps": [step_record(trace, step) for step in steps],
        "values": {name: plain(value) for name, value in before_update(trace).items()},
        "after": {name: plain(trace.last(name)) for name in lab.parameters},
        "state": {n: plain(trace.last(n)) for n, role in roles.items() if role == "state"},
    }


def _mistake(program: Program) -> dict[str, Any] | None:
    """The mistake switched on: its line (from 1), the right form, and the affected lines."""
    altered = program.altered
    if altered is None:
        return None
    return {
        "id": altered.mistake,
        "line": altered.number,
        "right": altered.right.text(),
        "follows": sorted(program.following(altered.number)),
    }


def step_record(trace: Trace, step: Step) -> dict[str, Any]:
    """One operation: `index` from 0, `line` from 1, `text` the whole line."""
    value = trace.values[step.output]
    return {
        "index": step.index,
        "phase": step.phase,
        "line": step.line,
        "text": trace.program.lines[step.line - 1].text(),
        "op": step.node.op if isinstance(step.node, Call) else "copy",
        "inputs": [_operand(trace, slot) for slot in step.inputs],
        "output": trace.place(step.output).name,
        "shape": list(np.shape(value)),
        "value": plain(value),
        "reason": words(trace.reason(step)),
        "of": step.of if step.phase == "backward" else None,
    }


def _operand(trace: Trace, slot: Slot) -> str | float:
    """An operand's name or text; a literal's number."""
    node = trace.place(slot).node
    return node.value if isinstance(node, Number) else trace.place(slot).name


def before_update(trace: Trace) -> dict[str, Value]:
    """Every variable of the forward and backward lines, as it is before the update."""
    lines = (*trace.program.phase("forward"), *trace.program.phase("backward"))
    wanted = {n for line in lines for n in (line.target, *names(line.tree))}
    end = sum(step.phase != "update" for step in trace.steps)
    found = {}
    for name, slots in trace.code.names.items():
        there = [slot for slot in slots if trace.place(slot).born <= end]
        if name in wanted and there:
            found[name] = trace.values[there[-1]]
    return found


def plain(value: Value) -> Any:
    """A number, or nested lists of numbers."""
    listed = np.asarray(value).tolist()
    return listed if np.isfinite(value).all() else _spelled(listed)


def _spelled(value: Any) -> Any:
    if isinstance(value, list):
        return [_spelled(v) for v in value]
    if isfinite(value):
        return value
    return "nan" if isnan(value) else "inf" if value > 0 else "-inf"
