"""Watches: names that are followed from step to step."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.snapshot import Snapshot, told
from stepper.expr.tree import Name
from stepper.program.watch import watch


def toggle(now: Snapshot) -> Snapshot:
    """Follow what the current line makes; if it is followed already, stop that."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to watch: n")
    if now.outer is not None:
        return told(now, "o goes out first: watches are of the lab's own program")
    name = now.trace.program.lines[now.step.line - 1].target
    kept = tuple(w for w in now.watches if w.source != name)
    if len(kept) < len(now.watches):
        said = told(now, "{name} is watched no longer", name=Name(name))
        return replace(said, watches=kept)
    said = told(now, "watching {name}; w here again ends it", name=Name(name))
    return replace(said, watches=(*kept, watch(name, now.trace)))
