"""Breakpoints: lines at which a run stops, optionally only if a condition holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from stepper.expr.errors import FormulaError
from stepper.expr.tree import Expr
from stepper.program.cursor import Cursor
from stepper.program.trace import Trace
from stepper.program.watch import shape_at_end, value_at, watch


class Breakpoints(NamedTuple):
    """The lines (from 1) that have a breakpoint, and the conditions of the conditional ones."""

    lines: frozenset[int] = frozenset()
    conditions: Mapping[int, Expr] = MappingProxyType({})

    def toggled(self, line: int) -> Breakpoints:
        """Adds a breakpoint, or removes it together with its condition."""
        return Breakpoints(self.lines ^ {line}, self._conditions_without(line))

    def when(self, line: int, condition: Expr) -> Breakpoints:
        """Adds a breakpoint that stops only if the condition holds."""
        conditions = {**self._conditions_without(line), line: condition}
        return Breakpoints(self.lines | {line}, conditions)

    def _conditions_without(self, line: int) -> dict[int, Expr]:
        return {n: tree for n, tree in self.conditions.items() if n != line}

    def stop_at(self, cursor: Cursor) -> bool:
        """Whether a run stops here, at the end of a line."""
        line = cursor.step.line if cursor.step else 0
        if line not in self.lines:
            return False
        return line not in self.conditions or is_true(self.conditions[line], cursor)


def condition(source: str, trace: Trace) -> Expr:
    """Parses `J < 0.1`. Raises FormulaError for an unknown name or a value that is not scalar."""
    tree = watch(source, trace).tree
    shape = shape_at_end(tree, trace)
    if any(dim.size != 1 for dim in shape):
        error = FormulaError(
            "shape", tree.span,
            "a condition is one number, and this is {shape}: choose an entry, or its `max(…)`",
            shape="×".join(map(str, shape)),
        )  # fmt: skip
        error.source = source
        raise error
    return tree


def is_true(tree: Expr, cursor: Cursor) -> bool:
    """Whether a condition holds; false for nan and while a name in it has no value yet."""
    value = value_at(tree, cursor)
    return value is not None and bool(np.all((value != 0) & ~np.isnan(value)))


def next_stop(cursor: Cursor, breakpoints: Breakpoints) -> Cursor | None:
    """The end of the next line with a breakpoint; None if there is none ahead."""
    later = (end for end in _line_ends(cursor) if end.stop > cursor.stop)
    return next(filter(breakpoints.stop_at, later), None)


def previous_stop(cursor: Cursor, breakpoints: Breakpoints) -> Cursor | None:
    """The end of the previous line with a breakpoint; None if there is none behind."""
    earlier = [end for end in _line_ends(cursor) if end.stop < cursor.stop]
    return next(filter(breakpoints.stop_at, reversed(earlier)), None)


def _line_ends(cursor: Cursor) -> Iterator[Cursor]:
    start = replace(cursor, level="line")
    return (start.to(step.index + 1) for step in cursor.trace.steps if step.last)
