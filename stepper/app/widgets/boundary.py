"""The plane of a lab with two inputs as the network sees it, the current sample marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from stepper.app.fitting import fit, wrap
from stepper.app.noticed import edited_lab, plane_of
from stepper.app.sight import withheld
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.widgets.chart import Chart
from stepper.app.widgets.facts import around_tab
from stepper.app.widgets.numbers import screen
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Name
from stepper.labs.lab import Lab
from stepper.ops.card import Value
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row
from stepper.show.words import words

if TYPE_CHECKING:
    from stepper.show.charts import Area

Cell = tuple[int, int]
"""A row and a column of the picture, counted from the top left."""

FRAMED = 12
"""From this many rows on, the picture has a frame and a legend of its signs."""
FRAME = 3
"""The cells that the frame takes at the left of a row."""
LEAST_ROWS = 8
"""The reason is shown beside the picture only if the picture keeps at least this many rows."""


class Boundary(Chart, can_focus=True):
    """Draws the picture in whole cells, so that it is the same without colours."""

    panel = "boundary"
    read_at: Cell | None = None
    """The cell that is read out; None before the first arrow or click."""

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        head, foot, room = around_tab(self, now, width, height, LEAST_ROWS)
        self.above, self.room = 1 + len(head), room
        look, at = replace(self.look, width=width - 3), self.read_at if self.has_focus else None
        rows = boundary_rows(outermost(now), self.room, look, at)[: self.room]
        rows += [()] * (self.room - len(rows))
        return self.framed([*head, *rows, *foot], width, height)

    def scroll(self, rows: int, columns: int = 0) -> bool:
        """Always False: the whole plane is visible."""
        return False

    def read(self, rows: int, columns: int) -> bool:
        """Read out another point of the plane, starting from the current sample."""
        area = self._area()
        if area is None:
            return False
        assert self.now is not None
        before = self.read_at
        row, column = before or area.cell(_here(outermost(self.now)) or area.middle)
        self.read_at = (min(max(row + rows, 0), area.rows - 1),
                        min(max(column + columns, 0), area.columns - 1))  # fmt: skip
        self.redraw()
        return self.read_at != before

    def clicked(self, row: int, column: int) -> None:
        area, column = self._area(), column - (FRAME if self.room >= FRAMED else 0)
        if area is not None and row < area.rows and 0 <= column < area.columns:
            self.read_at = row, column
            self.redraw()

    def _area(self) -> Area | None:
        """The area that is drawn now; None if there is no picture."""
        assert self.now is not None
        now, look = outermost(self.now), replace(self.look, width=self.size.width - 3)
        picture = None if without(now) is not None else pictured(now, self.room, look)
        return None if picture is None else picture[0]


def boundary_rows(now: Snapshot, room: int, look: Look, at: Cell | None = None) -> list[Row]:
    """The picture, or the reason why there is none; `at` is the cell that is read out."""
    none = without(now)
    if none is not None:
        return wrap(words(none, screen(look), ascii=look.ascii), look.width, ink="dim")
    picture = pictured(now, room, look)
    if picture is None:
        return []
    from stepper.show.charts import framed, plane  # needed only once it is visible
    from stepper.train.predict import labelled_points, own_points

    (area, regions), lab = picture, edited_lab(now)
    at = None if at is None else (min(at[0], area.rows - 1), min(at[1], area.columns - 1))
    points, _ = own_points(lab)
    rows = plane(area, regions, labelled_points(lab), look, _here(now), at)
    if room >= FRAMED:
        rows = framed(rows, area, regions, look)
    if at is None:
        return rows if now.sample is None else [*rows, _own(now, points[now.sample], look)]
    there = [k for k, own in enumerate(points) if area.cell(own) == at]
    point = area.centres()[at[0] * area.columns + at[1]]
    return [*rows, read_out(lab, point, _outputs(lab, point), there[0] if there else None, look)]


def _own(now: Snapshot, point: Value, look: Look) -> Row:
    """The read-out of the current sample, with its prediction once the walk has computed it."""
    lab = edited_lab(now)
    assert lab.training.predict is not None
    known = now.cursor.exists(now.trace.slot(lab.training.predict))
    said = _outputs(lab, point) if known else look.sign("·", ".")
    return read_out(lab, point, said, now.sample, look)


def _outputs(lab: Lab, point: Value) -> str:
    """The network's prediction at a point."""
    from stepper.train.loop import start
    from stepper.train.predict import predicted

    with np.errstate(all="ignore"):
        return _numbers(predicted(lab, start(lab), point[None, :])[0])


def pictured(now: Snapshot, room: int, look: Look) -> tuple[Area, Value] | None:
    """The area that fits `room` rows, one of them left for the read-out, and the class of each of
    its cells; None if there is no room."""
    size = (look.width - FRAME - 1, room - 3) if room >= FRAMED else (look.width, room - 1)
    return plane_of(edited_lab(now), *size) if min(size) >= 1 else None


def read_out(lab: Lab, point: Value, made: str, sample: int | None, look: Look) -> Row:
    """A point's inputs, the prediction `made` there, and the sample at that point, if any."""
    from stepper.train.predict import own_points

    assert lab.training.predict is not None
    said = say("inputs {x}: {a} {value}", x=_numbers(point), a=Name(lab.training.predict),
               value=made)  # fmt: skip
    short = words(said, screen(look), ascii=look.ascii)
    if sample is None:
        return fit(((short, "here"),), look.width, look)
    target = _numbers(own_points(lab)[1][sample])
    further = say("{said}; sample {k}, target {y}", said=said, k=str(sample), y=target)
    whole = words(further, screen(look), ascii=look.ascii)
    return fit(((whole if cell_len(whole) <= look.width else short, "here"),), look.width, look)


def _numbers(values: Value) -> str:
    return ", ".join(scalar(float(value)) for value in values)


def _here(now: Snapshot) -> tuple[float, float] | None:
    """The point of the current sample; None if there is none."""
    from stepper.train.predict import own_points

    if now.sample is None:
        return None
    x, y = own_points(edited_lab(now))[0][now.sample]
    return float(x), float(y)


def without(now: Snapshot) -> Sentence | None:
    """Why there is no picture; None if there is one."""
    lab = now.lab
    if not _has_plane(lab):
        return say("the boundary is drawn of labs with two inputs and a prediction")
    assert lab.training.predict is not None
    return withheld(now, lab.training.predict)


def _has_plane(lab: Lab) -> bool:
    if lab.data is None or lab.training.predict is None:
        return False
    from stepper.train.predict import own_points

    return bool(own_points(lab)[0].shape[1] == 2)
