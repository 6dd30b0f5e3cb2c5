"""The places before each jump, and the last search."""

from __future__ import annotations

from typing import Literal, NamedTuple

from stepper.ops.card import Index
from stepper.program.cursor import Level, Stop

Way = Literal["from", "used"]


class Place(NamedTuple):
    """A place in the walk, down to the entry; the same for every sample."""

    stop: Stop
    level: Level
    entry: Index


class Trail(NamedTuple):
    """The operands or users of `origin`, visited one by one; the current one is number `n`."""

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
