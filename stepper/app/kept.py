"""What is remembered of a lab between runs: the place, the breakpoints, the watches."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from stepper.app.snapshot import Snapshot, opened, outermost, told
from stepper.expr.errors import StepperError
from stepper.expr.tree import Expr
from stepper.language.text import text
from stepper.ops.card import Index
from stepper.program.breakpoints import Breakpoints, condition
from stepper.program.cursor import Level, Stop, stops
from stepper.program.trace import Trace
from stepper.program.watch import Watch, watch


class Kept(NamedTuple):
    """A record of the state file, in plain types."""

    sample: int | None
    stop: Stop
    level: Level
    entry: Index
    breaks: Mapping[int, str]
    """The lines with a breakpoint, each with its condition; empty if it has none."""
    watches: tuple[str, ...]


def kept(now: Snapshot) -> Kept:
    """What is kept of a frame; inside a step, that of the lab's own walk."""
    now = outermost(now)
    points = now.breakpoints
    conditions = {n: text(tree) for n, tree in points.conditions.items()}
    return Kept(
        now.sample, now.cursor.stop, now.cursor.level, now.chosen,
        {n: conditions.get(n, "") for n in sorted(points.lines)},
        tuple(w.source for w in now.watches),
    )  # fmt: skip


def restored(first: Snapshot, kept: Kept, *, place: bool) -> Snapshot:
    """The first frame with what was kept; the kept place is restored only if `place` is true."""
    there = _at_place(first, kept) if place else first
    trace = there.trace
    there = replace(there, breakpoints=_points(trace, kept), watches=_watches(trace, kept))
    return _said(there) if place else there


def _said(there: Snapshot) -> Snapshot:
    """Adds a message on what was restored and how to start over; none if nothing was."""
    lines, watches = len(there.breakpoints.lines), len(there.watches)
    if there.step is None and not lines and not watches:
        return replace(there, message=None)
    line = there.step.line if there.step else 0
    return told(there, _LEFT, line=str(line), points=str(lines), watches=str(watches))


_LEFT = (
    "as you left it: line {line}, breakpoints {points}, watches {watches}; "
    "{key_restart} starts over"
)


def _at_place(first: Snapshot, kept: Kept) -> Snapshot:
    """The frame at the kept place, or the nearest one this lab has."""
    try:
        sample = None if kept.sample is None else first.lab.check_sample(kept.sample)
        there = opened(first.lab, sample, kept.stop[0], kept.level)
    except StepperError:
        return first
    cursor = there.cursor
    if kept.stop in stops(there.trace, kept.level):
        cursor = replace(cursor, at=kept.stop[0], entries=kept.stop[1])
    return replace(there, cursor=cursor, chosen=kept.entry)


def _points(trace: Trace, kept: Kept) -> Breakpoints:
    """The kept breakpoints that still fit the program."""
    points = Breakpoints()
    for line, typed in kept.breaks.items():
        if 1 <= line <= len(trace.program.lines):
            with suppress(StepperError):
                points = _with(points, line, condition(typed, trace) if typed else None)
    return points


def _with(points: Breakpoints, line: int, tree: Expr | None) -> Breakpoints:
    return points.toggled(line) if tree is None else points.when(line, tree)


def _watches(trace: Trace, kept: Kept) -> tuple[Watch, ...]:
    """The kept watches that still fit the program."""
    found: list[Watch] = []
    for source in kept.watches:
        with suppress(StepperError):
            found.append(watch(source, trace))
    return tuple(found)


def merged(disk: Kept | None, first: Kept, now: Kept) -> Kept:
    """Three-way merge: applies this session's changes since `first` to what is on disk now.

    The place is this session's own.
    """
    if disk is None:
        return now
    cleared = first.breaks.keys() - now.breaks.keys()
    breaks = {n: said for n, said in disk.breaks.items() if n not in cleared}
    breaks |= {n: said for n, said in now.breaks.items() if first.breaks.get(n) != said}
    ended = set(first.watches) - set(now.watches)
    begun = (w for w in now.watches if w not in (*first.watches, *disk.watches))
    return now._replace(
        breaks=breaks, watches=(*(w for w in disk.watches if w not in ended), *begun)
    )
