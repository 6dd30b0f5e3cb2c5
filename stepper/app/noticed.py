"""What there is to notice of a lab with the weights of this moment, worked out once a frame."""

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
"""Columns of the narrowest panel that says how training broke."""
ALIKE = "symmetric-start"
"""The mistake whose observation is also a sign: twins that never become different."""


@lru_cache(maxsize=4)
def whole(lab: Lab) -> Trace:
    """The run of all samples at once."""
    return run(lab.code, lab.given())


def edited_lab(now: Snapshot) -> Lab:
    """The lab with all that is edited on the screen, for all samples."""
    return _edited_lab(now.lab, now.sample, now.edits) if now.edits else now.lab


@lru_cache(maxsize=4)
def _edited_lab(lab: Lab, sample: int | None, edits: Edits) -> Lab:
    from stepper.labs.held import holding, of_all  # first wanted when something is edited

    counts = [edit for edit in edits if edit.name != "t"]  # no loss depends on it
    return holding(lab, of_all(lab, sample, tuple(counts)))


def right(trace: Trace, lab: Lab) -> int | None:
    """How many of all samples are predicted right; None without data or a prediction."""
    from stepper.train.predict import classes, own_points  # first wanted in the tabs of training

    name = lab.training.predict
    if lab.data is None or name is None:
        return None
    made = trace.value(name)
    made = made.T if lab.layout == "columns" else made
    return int(np.sum(classes(made) == classes(own_points(lab)[1])))


@lru_cache(maxsize=4)
def signs(lab: Lab) -> tuple[Sentence, ...]:
    """What does not go on as it should. Nothing is said of numbers that are not finite."""
    from stepper.check.mistakes import MISTAKES  # first wanted when something was trained
    from stepper.train.signs import SIGNS

    trace = whole(lab)
    if trace.first_not_finite() is not None:
        return ()
    twins = (say("{what}: {why}", what=s.message, why=s.why) for s in MISTAKES[ALIKE].seen(trace))
    return (*(said for sign in SIGNS.values() for said in sign.seen(lab, trace)), *twins)


@lru_cache(maxsize=4)
def tossed(first: Lab) -> float | None:
    """What the loss of a coin is; the same at every epoch."""
    from stepper.train.predict import coin

    return coin(first)


@lru_cache(maxsize=4)
def said_of_break(lab: Lab, broke: Broke, ascii: bool) -> tuple[Row, ...]:
    """The last epochs before a break, and the rate that would have held; found out only once."""
    from stepper.show.trained import broke_rows  # first wanted when a training broke

    return tuple(broke_rows(lab, broke, Look(width=BROAD, ascii=ascii)))


@lru_cache(maxsize=4)
def plane_of(lab: Lab, columns: int, rows: int) -> tuple[Area, Value]:
    """An area that holds the samples, and the class of each of its cells."""
    from stepper.show.charts import area_of  # first wanted when the boundary comes into sight
    from stepper.train.loop import start
    from stepper.train.predict import classes, own_points, predicted

    points, _ = own_points(lab)
    area = area_of(points, columns, rows)
    with np.errstate(all="ignore"):
        said = predicted(lab, start(lab), area.centres())
    return area, classes(said)
