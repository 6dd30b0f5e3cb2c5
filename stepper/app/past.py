"""Where one was before each jump, and what was looked for last."""

from __future__ import annotations

from typing import Literal, NamedTuple

from stepper.ops.card import Index
from stepper.program.cursor import Level, Stop

Way = Literal["from", "used"]


class Place(NamedTuple):
    """A place in the walk, to the entry; for every sample the same."""

    stop: Stop
    level: Level
    entry: Index


class Trail(NamedTuple):
    """Operands or users that are shown one after the other: those of `origin`, now number `n`."""

    way: Way
    origin: Place
    n: int
    at: Place


class Past(NamedTuple):
    """What jumps remember."""

    places: tuple[Place, ...] = ()
    """The newest last."""
    trail: Trail | None = None
    sought: str = ""
