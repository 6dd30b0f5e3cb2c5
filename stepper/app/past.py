"""Where one was before each jump, and what was looked for last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepper.ops.card import Index
from stepper.program.cursor import Level, Stop

Way = Literal["from", "used"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the walk, to the entry; for every sample the same."""

    stop: Stop
    level: Level
    entry: Index


@dataclass(frozen=True, slots=True)
class Trail:
    """Operands or users that are shown one after the other: those of `origin`, now number `n`."""

    way: Way
    origin: Place
    n: int
    at: Place


@dataclass(frozen=True, slots=True)
class Past:
    """What jumps remember."""

    places: tuple[Place, ...] = ()
    """The newest last."""
    trail: Trail | None = None
    sought: str = ""
