"""A position in a trace, and the moves between positions: by phase, line, operation or entry."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from stepper.program.code import Slot, Step
from stepper.program.trace import Trace

Level = Literal["phase", "line", "operation", "entry"]
LEVELS: tuple[Level, ...] = ("phase", "line", "operation", "entry")

Stop = tuple[int, int]
"""How many steps have run, and how many entries of the last one are filled in."""
START: Stop = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """`at` steps have run; of the last one, `entries` entries are filled in.

    Every move returns a new cursor; a move past either end returns the cursor itself.
    """

    trace: Trace
    at: int = 0
    level: Level = "line"
    entries: int = 0

    @property
    def stop(self) -> Stop:
        return (self.at, self.entries)

    @property
    def step(self) -> Step | None:
        """The step whose result is shown; None before the first."""
        return self.trace.steps[self.at - 1] if self.at else None

    def next(self) -> Cursor:
        later = stops(self.trace, self.level)
        i = bisect_right(later, self.stop)
        return self._to(later[i]) if i < len(later) else self

    def back(self) -> Cursor:
        earlier = stops(self.trace, self.level)
        i = bisect_left(earlier, self.stop)
        return self._to(earlier[i - 1]) if i else self

    def into(self) -> Cursor:
        """One level deeper, at the first stop inside what was shown as a whole."""
        if self.level == LEVELS[-1]:
            return self
        deeper = LEVELS[LEVELS.index(self.level) + 1]
        outer, inner = stops(self.trace, self.level), stops(self.trace, deeper)
        before = outer[max(bisect_left(outer, self.stop) - 1, 0)]
        first = inner[bisect_right(inner, before)] if self.at else START
        return replace(self._to(first), level=deeper)

    def out(self) -> Cursor:
        """One level up, at the end of the enclosing unit."""
        if self.level == LEVELS[0]:
            return self
        higher = LEVELS[LEVELS.index(self.level) - 1]
        outer = stops(self.trace, higher)
        return replace(self._to(outer[bisect_left(outer, self.stop)]), level=higher)

    def to(self, at: int) -> Cursor:
        """Right after `at` steps, or at the end of the unit of this level around that place."""
        at = min(max(at, 0), len(self.trace.steps))
        places = stops(self.trace, self.level)
        wanted = (at, _size(self.trace, at))
        return self._to(places[min(bisect_left(places, wanted), len(places) - 1)])

    def _to(self, stop: Stop) -> Cursor:
        return replace(self, at=stop[0], entries=stop[1])

    def exists(self, slot: Slot) -> bool:
        """Whether a value has been computed here; that of the current step may be partial."""
        return self.trace.place(slot).born <= self.at

    def filled(self, slot: Slot) -> int | None:
        """How many entries of a value are filled in; None if all are."""
        step = self.step
        if step is None or step.output != slot or self.entries == _size(self.trace, self.at):
            return None
        return self.entries


def _size(trace: Trace, at: int) -> int:
    return int(np.size(trace.values[trace.steps[at - 1].output])) if at else 0


@lru_cache(maxsize=64)
def stops(trace: Trace, level: Level) -> tuple[Stop, ...]:
    """Every position a cursor of this level can take, in order."""
    return (START, *_stops(trace, level))


def _stops(trace: Trace, level: Level) -> Iterator[Stop]:
    steps = trace.steps
    for n, step in enumerate(steps, 1):
        size = _size(trace, n)
        if level == "entry":
            yield from ((n, k) for k in range(1, size + 1))
        elif (
            level == "operation"
            or (level == "line" and step.last)
            or (level == "phase" and (n == len(steps) or steps[n].phase != step.phase))
        ):
            yield (n, size)
