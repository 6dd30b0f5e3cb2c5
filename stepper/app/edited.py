"""The marks of what the edits have changed: `*` edited, `~` changed as a consequence."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from stepper.app.snapshot import Snapshot, outermost
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edit, Edits
from stepper.ops.card import Index, Value
from stepper.program.code import Slot
from stepper.program.trace import Trace

EDITED, CHANGED = "*", "~"


def standing(now: Snapshot) -> Edits:
    """The edits in effect in this walk: the current ones, and those it was trained with whose
    values training has left unchanged."""
    now = outermost(now)
    if now.training is None or now.training.before is None:
        return now.edits
    return _standing(now.lab, now.sample, now.training.edits, now.edits)


@lru_cache(maxsize=4)
def _standing(lab: Lab, sample: int | None, held: Edits, new: Edits) -> Edits:
    from stepper.labs.held import in_sample

    given = lab.given(None if sample is None else [sample])
    last = {(edit.name, edit.index): edit for edit in in_sample(lab, sample, held)}
    left = (edit for edit in last.values() if _stands(edit, given[edit.name]))
    return (*left, *new)


def _stands(edit: Edit, value: Value) -> bool:
    return bool(np.all((value if not np.ndim(value) else value[edit.index or ...]) == edit.value))


@lru_cache(maxsize=4)
def _slots(trace: Trace) -> dict[int, Slot]:
    """The slot of each value, by the value's id."""
    return {id(value): slot for slot, value in reversed(list(enumerate(trace.values)))}


def marks(now: Snapshot, value: Value) -> Callable[[Index], str] | None:
    """The mark of each entry of one of the run's values; None if no entry has changed."""
    slot = _slots(now.trace).get(id(value))
    if slot is None or slot not in now.changed:
        return None
    place, differ = now.trace.place(slot), now.changed[slot]
    own = {e.index for e in standing(now) if e.name == place.name} if not place.version else set()

    def mark(index: Index) -> str:
        if index in own or None in own:
            return EDITED
        return CHANGED if (differ[index] if differ.ndim else differ) else ""

    return mark
