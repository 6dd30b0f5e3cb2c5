"""What is not as it would be without the edits: `*` edited, `~` changed by that."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from stepper.app.snapshot import Snapshot
from stepper.ops.card import Index, Value
from stepper.program.code import Slot
from stepper.program.trace import Trace

EDITED, CHANGED = "*", "~"


@lru_cache(maxsize=4)
def _slots(trace: Trace) -> dict[int, Slot]:
    """Where a value is kept, by its id."""
    return {id(value): slot for slot, value in reversed(list(enumerate(trace.values)))}


def marks(now: Snapshot, value: Value) -> Callable[[Index], str] | None:
    """The sign of each entry of a value of the run; None where all is as it would be."""
    slot = _slots(now.trace).get(id(value))
    if slot is None or slot not in now.changed:
        return None
    place, differ = now.trace.place(slot), now.changed[slot]
    own = {e.index for e in now.edits if e.name == place.name} if place.version == 0 else set()

    def mark(index: Index) -> str:
        if index in own or None in own:
            return EDITED
        return CHANGED if (differ[index] if differ.ndim else differ) else ""

    return mark
