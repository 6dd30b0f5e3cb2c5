"""The plane of a lab with two inputs as the network sees it, the current sample marked."""

from __future__ import annotations

from dataclasses import replace

from stepper.app.fitting import wrap
from stepper.app.noticed import edited_lab, plane_of
from stepper.app.sight import outside, withheld
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.facts import above_tab, below_tab
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.tabbed import Tabbed
from stepper.expr.sentence import Sentence, say
from stepper.labs.lab import Lab
from stepper.show.rows import Look, Row
from stepper.show.words import words

FRAMED = 12
"""From so many rows on the picture has a frame, and says what its signs mean."""
LEAST_ROWS = 8
"""The reason is shown beside the picture only where so many rows are left."""


class Boundary(Tabbed, can_focus=True):
    """Drawn in whole cells, so that it is the same without colours."""

    panel = "boundary"

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        head, foot = [], []
        if self.tabbed:
            head = above_tab(now, width - 3, self.look)
            foot = below_tab(now, width - 3, height - 1 - len(head) - LEAST_ROWS, self.look)
        room = max(height - 1 - len(head) - len(foot), 0)
        rows = boundary_rows(outside(now), room, replace(self.look, width=width - 3))[:room]
        rows += [()] * (room - len(rows))
        return self.framed([*head, *rows, *foot], width, height)

    def scroll(self, rows: int, columns: int = 0) -> bool:
        """The whole plane is always there."""
        return False


def boundary_rows(now: Snapshot, room: int, look: Look) -> list[Row]:
    """The picture, or why there is none."""
    none = without(now)
    if none is not None:
        return wrap(words(none, screen(look), ascii=look.ascii), look.width, ink="dim")
    lab, framed = edited_lab(now), room >= FRAMED
    size = (look.width - 4, room - 2) if framed else (look.width, room)
    if min(size) < 1:
        return []
    from stepper.show.charts import boundary, plane  # first wanted when it comes into sight
    from stepper.train.predict import classes, own_points

    area, regions = plane_of(lab, *size)
    points, targets = own_points(lab)
    labelled = {(float(x), float(y)): int(k)
                for (x, y), k in zip(points, classes(targets), strict=True)}  # fmt: skip
    here = None if now.sample is None else (float(points[now.sample][0]),
                                            float(points[now.sample][1]))  # fmt: skip
    if framed:
        return boundary(area, regions, labelled, look, here)
    return plane(area, regions, labelled, look, here)


def without(now: Snapshot) -> Sentence | None:
    """Why there is no picture; None where there is one."""
    lab = now.lab
    if not _has_plane(lab):
        return say("the boundary is drawn of labs with two inputs and a prediction")
    assert lab.training.predict is not None
    return withheld(now, lab.training.predict) if now.hiding.on else None


def _has_plane(lab: Lab) -> bool:
    if lab.data is None or lab.training.predict is None:
        return False
    from stepper.train.predict import own_points

    return bool(own_points(lab)[0].shape[1] == 2)
