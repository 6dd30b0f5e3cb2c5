"""The active modes, always visible: in reverse at the right end of a title rule."""

from __future__ import annotations

from collections.abc import Iterator

from stepper.app.fitting import cells
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.painted import rule
from stepper.expr.sentence import Sentence, say
from stepper.show.rows import Look, Row
from stepper.show.words import words


def modes(now: Snapshot) -> Iterator[Sentence]:
    """The modes the learner has switched on, none of which `stepper run` starts with.

    What a lesson hides is not a mode: a `?` takes its place until the learner finds it.
    """
    hiding = now.hiding
    what = say("lines hidden") if hiding.lines else say("hidden")
    if hiding.on and hiding.tried:
        yield say("{hidden}: {right} of {tried} right", hidden=what,
                  right=str(hiding.right), tried=str(hiding.tried))  # fmt: skip
    elif hiding.on:
        yield what
    altered = now.trace.program.altered
    if altered is not None:
        yield say("mistake: {id}", id=altered.mistake)
    trained = now.training.edits if now.training is not None else ()
    if now.edits or trained:
        yield say("edited: {n}", n=str(len({(e.name, e.index) for e in (*trained, *now.edits)})))


def moded(title: str, now: Snapshot, width: int, look: Look, *, heavy: bool) -> Row:
    """A panel's title rule, ending in the modes."""
    said = ", ".join(words(mode, ascii=look.ascii) for mode in modes(now))
    mode: Row = ((f" {said} ", "here"),) if said else ()
    return (*rule(title, width - cells(mode), look, heavy=heavy), *mode)
