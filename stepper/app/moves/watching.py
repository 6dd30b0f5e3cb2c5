"""Watches: names and formulas that are followed from step to step."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.prompts import Prompt
from stepper.app.snapshot import Snapshot, told
from stepper.expr.sentence import say
from stepper.program.watch import Watch, watch

OUTSIDE = "{key_out} goes out first: watches are of the lab's own program"


def toggle(now: Snapshot) -> Snapshot:
    """Watches what the current line computes, or stops watching it."""
    if now.step is None:
        return told(now, "no step has run yet, so there is no result to watch: {key_next}")
    if now.outer is not None:
        return told(now, OUTSIDE)
    name = now.trace.program.lines[now.step.line - 1].target
    return _toggled(now, watch(name, now.trace), "watching {what}; {key_watch} here again ends it")


def ask(now: Snapshot) -> Prompt | Snapshot:
    """Asks for a formula to watch; one that is watched already is no longer watched."""
    if now.outer is not None:
        return told(now, OUTSIDE)
    example = say("a name, or a formula of the program's names: max(abs({name}))",
                  name=now.trace.program.lines[-1].target)  # fmt: skip
    return Prompt(say("watch"), example, follow)


def follow(now: Snapshot, typed: str) -> Snapshot:
    """Watches what was typed, or stops watching it. Raises FormulaError if that is no formula."""
    return _toggled(now, watch(typed, now.trace), "watching {what}; the same again ends it")


def _toggled(now: Snapshot, one: Watch, said: str) -> Snapshot:
    kept = tuple(w for w in now.watches if w.tree != one.tree)
    if len(kept) < len(now.watches):
        return told(replace(now, watches=kept), "{what} is watched no longer", what=one.tree)
    return told(replace(now, watches=(*kept, one)), said, what=one.tree)
