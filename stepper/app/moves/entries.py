"""Selects another entry of the current result."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.snapshot import Move, Snapshot, told
from stepper.ops.card import Index


def select(now: Snapshot, index: Index) -> Snapshot:
    """Selects an entry of the current result, if it exists and is computed."""
    if now.step is None:
        return told(
            now, "no step has run yet, so there is no result to choose an entry of: {key_next}"
        )
    if not now.within(index):
        return told(now, "{name} has no entry further that way", name=now.result)
    if not now.has(index):
        return told(now, "that entry is not computed yet: {key_next} computes the next one")
    return replace(now, chosen=index, message=None)


def page(rows: int) -> Move:
    """A move of the selection by so many rows, or to the last one that is computed."""

    def move(now: Snapshot) -> Snapshot:
        row, column = now.entry
        last = (now.filled - 1 - column) // now.shape[1] if now.shape else 0
        edge = last if rows > 0 else 0
        further = abs(rows) < abs(edge - row) or row == edge
        return select(now, (row + rows if further else edge, column))

    return move


def by(rows: int, columns: int) -> Move:
    """A move of the selection by so many rows and columns."""
    return lambda now: select(now, (now.entry[0] + rows, now.entry[1] + columns))
