"""Goes to the same place for another sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stepper.app.snapshot import Snapshot, outermost, recomputed, told
from stepper.expr.errors import StepperError
from stepper.expr.sentence import Sentence, say
from stepper.labs.edit_text import written
from stepper.labs.whatif import Edit


def next_sample(now: Snapshot) -> Snapshot:
    if now.sample is not None and now.sample + 1 >= now.lab.samples:
        return told(now, "sample {n} is the last one", n=str(now.sample))
    return to_sample(now, (now.sample or 0) + 1)


def back_sample(now: Snapshot) -> Snapshot:
    if now.sample == 0:
        return told(now, "sample 0 is the first one")
    return to_sample(now, (now.sample or 0) - 1)


def to_sample(now: Snapshot, sample: int) -> Snapshot:
    """Goes to the same place for another sample, in the lab's own program; stays without one."""
    if not now.lab.samples:
        return told(now, "this lab has no samples to choose from: its inputs are fixed numbers")
    if now.sample is None:
        return told(now, "all samples are here at once: start with --sample to walk through one")
    own = [n for n, role in now.lab.program.given.items() if role in ("input", "target")]
    outer = outermost(now)
    left = [e for e in outer.edits if e.name in own]
    kept = tuple(e for e in outer.edits if e.name not in own)
    try:
        there = recomputed(outer, now.lab.check_sample(sample), kept)
    except StepperError as error:
        return replace(now, message=error.sentence)
    return replace(there, message=_left_behind(now, left))


def _left_behind(now: Snapshot, edits: Sequence[Edit]) -> Sentence | None:
    """Says that edits of one sample's numbers are undone for another; None without any."""
    if not edits:
        return None
    made = ", ".join(map(written, edits))
    return say("only sample {n} was edited, and that is undone: {edits}", n=str(now.sample),
               edits=made)  # fmt: skip
