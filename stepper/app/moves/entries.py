"""Another entry of the current result."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.snapshot import Move, Snapshot, told
from stepper.ops.card import Index


def select(now: Snapshot, index: Index) -> Snapshot:
    """Another entry of the current result."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to choose an entry of: n")
    if not now.within(index):
        return told(now, "{name} has no entry further that way", name=now.result)
    if not now.has(index):
        return told(now, "that entry is not computed yet: n computes the next one")
    return replace(now, chosen=index, message=None)


def by(rows: int, columns: int) -> Move:
    """The move of the selection by so many rows and columns."""
    return lambda now: select(now, (now.entry[0] + rows, now.entry[1] + columns))
