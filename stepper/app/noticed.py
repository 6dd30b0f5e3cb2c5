"""Observations about a lab with its current weights, cached so that a frame computes them once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from stepper.app.snapshot import Snapshot
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.labs.whatif import Edits
from stepper.ops.card import Value
from stepper.program.trace import Trace, run
from stepper.show.rows import Look, Row

if TYPE_CHECKING:
    from stepper.show.charts import Area
    from stepper.train.broke import Broke

BROAD = 46
"""The columns of the narrowest panel that shows how training broke."""
ALIKE = "symmetric-start"
"""The mistake whose observation is a sign too: twin units that never come to differ."""


@lru_cache(maxsize=4)
def whole(lab: Lab) -> Trace:
    """The trace of all samples at once."""
    return run(lab.code, lab.given())


def edited_lab(now: Snapshot) -> Lab:
    """The lab with every edit on the screen, for all samples."""
    return _edited_lab(now.lab, now.sample, now.edits) if now.edits else now.lab


@lru_cache(maxsize=4)
def _edited_lab(lab: Lab, sample: int | None, edits: Edits) -> Lab:
    from stepper.labs.held import holding, of_all  # needed only after an edit

    counts = [edit for edit in edits if edit.name != "t"]  # no loss depends on it
    return holding(lab, of_all(lab, sample, tuple(counts)))


def right(trace: Trace, lab: Lab) -> int | None:
    """How many of all samples are predicted correctly; None without data or a prediction."""
    from stepper.train.predict import classes, own_points  # needed only in the training tabs

    name = lab.training.predict
    if lab.data is None or name is None:
        return None
    made = trace.value(name)
    made = made.T if lab.layout == "columns" else made
    return int(np.sum(classes(made) == classes(own_points(lab)[1])))


@lru_cache(maxsize=4)
def signs(lab: Lab) -> tuple[Sentence, ...]:
    """The signs that training goes wrong; empty if the numbers are not finite."""
    from stepper.check.mistakes import MISTAKES  # needed only after training
    from stepper.train.signs import SIGNS

    trace = whole(lab)
    if trace.first_not_finite() is not None:
        return ()
    twins = (say("{what}: {why}", what=s.message, why=s.why) for s in MISTAKES[ALIKE].seen(trace))
    return (*(said for sign in SIGNS.values() for said in sign.seen(lab, trace)), *twins)


@lru_cache(maxsize=4)
def tossed(first: Lab) -> float | None:
    """The loss of tossing a coin, cached for a whole training: it is the same at every epoch."""
    from stepper.train.predict import coin

    return coin(first)


@lru_cache(maxsize=4)
def said_of_break(lab: Lab, broke: Broke, ascii: bool) -> tuple[Row, ...]:
    """The last epochs before a break, and the learning rate that would have held; cached, since the
    search for it is slow."""
    from stepper.show.trained import broke_rows  # needed only after a break

    return tuple(broke_rows(lab, broke, Look(width=BROAD, ascii=ascii)))


@lru_cache(maxsize=4)
def plane_of(lab: Lab, columns: int, rows: int) -> tuple[Area, Value]:
    """An area that contains the samples, and the predicted class of each of its cells."""
    from stepper.show.charts import area_of  # needed only once the boundary is shown
    from stepper.train.loop import start
    from stepper.train.predict import classes, own_points, predicted

    points, _ = own_points(lab)
    area = area_of(points, columns, rows)
    with np.errstate(all="ignore"):
        said = predicted(lab, start(lab), area.centres())
    return area, classes(said)
