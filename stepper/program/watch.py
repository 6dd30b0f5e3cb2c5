"""Watches: names and formulas whose value is followed from step to step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr, names
from stepper.language.evaluate import evaluate
from stepper.language.parse import parse
from stepper.language.shape import shape_of
from stepper.ops.card import Value
from stepper.ops.dims import Shape, dims
from stepper.program.code import Slot
from stepper.program.cursor import Cursor
from stepper.program.trace import Trace


class Watch(NamedTuple):
    """A formula as it was typed, and its tree."""

    source: str
    tree: Expr

    def value_at(self, cursor: Cursor) -> Value | None:
        """Its value at a position in a run; None while a name in it has no value yet."""
        return value_at(self.tree, cursor)

    def reads(self, cursor: Cursor) -> list[Slot]:
        """The slots of the values it is computed from, at a position in a run."""
        found = (newest(name, cursor) for name in names(self.tree))
        return [slot for slot in found if slot is not None]

    def waits_for(self, cursor: Cursor) -> int | None:
        """The line (from 1) after which it will have a value; None if it has one."""
        return waits_for(self.tree, cursor)


def watch(source: str, trace: Trace) -> Watch:
    """A name or formula to follow. Raises FormulaError for an unknown name or unfit shapes."""
    tree = parse(source, layout=trace.program.layout, names=trace.code.names)
    try:
        shape_at_end(tree, trace)
    except FormulaError as error:
        error.source = source
        raise
    return Watch(source.strip(), tree)


def shape_at_end(tree: Expr, trace: Trace) -> Shape:
    """The shape of a formula's value at the end of a run. Raises FormulaError like `shape_of`."""
    return shape_of(tree, {name: dims(*np.shape(trace.last(name))) for name in names(tree)})


def value_at(tree: Expr, cursor: Cursor) -> Value | None:
    """A formula's value, with the newest value of each name; None while one is missing."""
    slots = {name: newest(name, cursor) for name in names(tree)}
    values = {n: cursor.trace.values[slot] for n, slot in slots.items() if slot is not None}
    return evaluate(tree, values) if len(values) == len(slots) else None


def waits_for(tree: Expr, cursor: Cursor) -> int | None:
    """The line (from 1) after which every name of a formula has a value; None if they all have."""
    trace = cursor.trace
    missing = [name for name in names(tree) if newest(name, cursor) is None]
    lines = (trace.steps[trace.place(trace.slot(name)).born - 1].line for name in missing)
    return max(lines, default=None)


def newest(name: str, cursor: Cursor) -> Slot | None:
    """The newest complete value of a name; None before the first."""
    versions = reversed(cursor.trace.code.names[name])
    return next((slot for slot in versions if is_whole(slot, cursor)), None)


def is_whole(slot: Slot, cursor: Cursor) -> bool:
    """Whether all entries of a value have been computed."""
    return cursor.exists(slot) and cursor.filled(slot) is None
