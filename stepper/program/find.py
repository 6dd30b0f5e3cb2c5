"""The lines that made a line's operands, those that read its value, and lines by target."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from stepper.expr.tree import Expr, Name, operands
from stepper.program.code import Slot, Step
from stepper.program.trace import Trace

_AS_CODE = str.maketrans({"∂": "d", "/": "_", " ": None})


def came_from(trace: Trace, step: Step) -> tuple[int, ...]:
    """The steps that computed what this step's line reads, in reading order.

    Each is the last step of its line; values given to the program have none.
    """
    born = (trace.place(slot).born for slot in slots_read(trace, step.line))
    return tuple(at - 1 for at in born if at)


def used_by(trace: Trace, step: Step) -> tuple[int, ...]:
    """The last steps of the lines that read the value of this step's line."""
    return readers(trace, trace.line_steps(step.line)[-1].output)


def readers(trace: Trace, slot: Slot) -> tuple[int, ...]:
    """The last steps of the lines that read a value, given or made by a line."""
    return _readers(trace).get(slot, ())


def slots_read(trace: Trace, line: int) -> tuple[Slot, ...]:
    """The values that a line reads by name, in reading order, without repetition."""
    return _slots_read(trace, line, trace.line_steps(line)[0].index)


def find(trace: Trace, text: str) -> tuple[int, ...]:
    """The lines (from 1) whose target contains a text: `W2`, `dJ_dW2`, `∂J/∂W₂`.

    Case is ignored if no target matches exactly.
    """
    wanted = _as_code(text)
    targets = [line.target for line in trace.program.lines]
    exact = _containing(wanted, targets)
    return exact or _containing(wanted.lower(), [target.lower() for target in targets])


def _as_code(text: str) -> str:
    """A name, or a part of one, as it is spelled in a program."""
    return unicodedata.normalize("NFKC", text).translate(_AS_CODE)


def _containing(wanted: str, targets: list[str]) -> tuple[int, ...]:
    return tuple(n for n, target in enumerate(targets, 1) if wanted and wanted in target)


def read_in_order(tree: Expr) -> tuple[str, ...]:
    """The names a tree reads, in reading order, without repetition."""
    if isinstance(tree, Name):
        return (tree.id,)
    found = (name for operand in operands(tree) for name in read_in_order(operand))
    return tuple(dict.fromkeys(found))


def _slots_read(trace: Trace, line: int, before: int) -> tuple[Slot, ...]:
    """The values a line reads, if `before` steps run before it."""
    tree = trace.program.lines[line - 1].tree
    return tuple(_newest(trace, name, before) for name in read_in_order(tree))


def _newest(trace: Trace, name: str, at: int) -> Slot:
    """The slot that holds a name's value after `at` steps."""
    versions = trace.code.names[name]
    return next(slot for slot in reversed(versions) if trace.place(slot).born <= at)


@lru_cache(maxsize=4)
def _readers(trace: Trace) -> Mapping[Slot, tuple[int, ...]]:
    """For every value that is read, the last steps of the lines that read it."""
    found: dict[Slot, tuple[int, ...]] = {}
    before = 0
    for step in trace.steps:
        if step.last:
            for slot in _slots_read(trace, step.line, before):
                found[slot] = (*found.get(slot, ()), step.index)
            before = step.index + 1
    return found
