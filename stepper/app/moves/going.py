"""Goes to the line that made a value."""

from __future__ import annotations

from collections.abc import Collection

from stepper.app.moves.jumps import remembered
from stepper.app.moves.steps import to_line
from stepper.app.snapshot import Snapshot, told
from stepper.expr.tree import Name


def to_maker(now: Snapshot, names: Collection[str]) -> Snapshot:
    """Goes to the line that computes what was read: the last one before this step, else the first.

    This is a jump: `backspace` returns.
    """
    made = [n for n, line in now.trace.program.numbered() if line.target in names]
    if not names:
        return told(now, "that number stands in the line itself")
    if not made:
        return told(now, "{names} is given: no line makes it", names=", ".join(names))
    here = now.step.line if now.step else 0
    line = max((n for n in made if n < here), default=made[0])
    after = remembered(now, to_line(now, line))
    if after.message is not None:
        return after
    target = now.trace.program.lines[line - 1].target
    return told(after, "{name} is made here; {key_go_back}: where I was", name=Name(target))
