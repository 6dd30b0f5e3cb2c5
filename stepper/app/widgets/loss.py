"""How training goes: the loss in numbers and as a curve, sizes by layer, and what is wrong."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from rich.cells import cell_len

from stepper.app.fitting import wrap
from stepper.app.moves.epochs import to_epoch
from stepper.app.noticed import edited_lab, right, said_of_break, signs, tossed, whole
from stepper.app.sight import loss_withheld
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.widgets.chart import Chart
from stepper.app.widgets.facts import around_tab
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.painted import Wanted
from stepper.app.widgets.tabbed import Scrolled
from stepper.expr.sentence import Sentence, say
from stepper.expr.tree import Expr, names
from stepper.language.text import name_text
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row
from stepper.show.words import words

if TYPE_CHECKING:
    from stepper.app.training import Training

LEAST_CURVE, MOST_CURVE = 4, 14
"""The least and the most rows of the curve."""
MOST_EDITS = 3
"""How many of the edits that were trained with are named, the last ones."""
LEAST_ROWS = 9
"""The reason is shown beside the tab only if the tab keeps at least this many rows."""


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of the panel; the title of the curve is its read-out, or else its name."""

    above: list[Row]
    title: list[Row] = field(default_factory=list)
    curve: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [*self.above, *self.title, *self.curve, *self.below]


class Loss(Chart, Scrolled, can_focus=True):
    """Text and pictures below each other; what does not fit is reached by scrolling."""

    panel = "loss"
    read_at: int | None = None
    """The epoch that is read out; None before the first arrow or click."""
    told = Told([])

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        head, foot, room = around_tab(self, now, width, height, LEAST_ROWS)
        self.above, self.room = 1 + len(head), room
        look = replace(self.look, width=width - 3)
        mark = self.read_at if self.has_focus else None
        self.told = told_of(outermost(now), self.room, look, mark)
        shown, end = self.in_sight(self.told.rows)
        return self.framed([*head, *shown, *foot], width, height, end)

    def clicked(self, row: int, column: int) -> None:
        """Read out the epoch under the mouse; a click on the read-out goes to its epoch."""
        assert self.now is not None
        row += self.top - len(self.told.above)
        title, training = len(self.told.title), self.now.training
        if 0 <= row < title and self.read_at is not None:
            self.post_message(Wanted(partial(to_epoch, epoch=self.read_at)))
        elif training is not None and title <= row < title + len(self.told.curve):
            from stepper.show.curve import nearest

            points, look = finite(training, self.now), replace(self.look, width=self.size.width - 3)
            self.read_at = nearest(points, self.now.lab.forward.loss, look, column)
            self.redraw()

    def read(self, rows: int, columns: int) -> bool:
        """Read out another point of the curve, starting from the current epoch."""
        assert self.now is not None
        training = self.now.training
        epochs = [epoch for epoch, _ in finite(training, self.now)] if training is not None else []
        if len(epochs) < 2 or loss_withheld(self.now) is not None:
            return False
        here = self.now.lab.epoch if self.read_at is None else self.read_at
        at = bisect_left(epochs, here) if columns < 0 else bisect_right(epochs, here) - 1
        moved = min(max(at + columns, 0), len(epochs) - 1)
        before, self.read_at = self.read_at, epochs[moved]
        self.redraw()
        return self.read_at != before


def finite(training: Training, now: Snapshot) -> list[tuple[int, float]]:
    """The epochs with a point on the curve, and their losses."""
    loss = now.lab.forward.loss
    return [(epoch, seen[loss]) for epoch, seen in training.points if isfinite(seen[loss])]


def told_of(now: Snapshot, room: int, look: Look, mark: int | None = None) -> Told:
    """The panel's parts, the curve in the rows the rest leaves it; `mark` is the epoch read out."""
    hidden = loss_withheld(now)
    if hidden is not None:
        said = words(hidden, screen(look), ascii=look.ascii)
        return Told(wrap(said, look.width, ink="dim"))
    facts, training = fact_rows(now, look), now.training
    if training is None:
        return Told([*facts, (), *_wrapped(NOT_YET, look)])
    why, layers = broke_or_signs(now, training, look), layer_rows(training, look)
    if len(training.points) < 2:
        return Told([*facts, *why, *layers])
    from stepper.show.curve import curve  # needed only once something is trained

    out = read_out(now, training, mark, look) if mark is not None else []
    rest = len(facts) + len(why) + len(layers) + max(len(out), 1) + 1
    height = min(max(room - rest, LEAST_CURVE), MOST_CURVE)
    points, loss = finite(training, now), now.lab.forward.loss
    drawn = curve(points, loss, look, height, mark) if len(points) > 1 else []
    title = out or drawn[:1]  # replaces the title, so that nothing moves
    if training.broke is not None:
        return Told([*facts, *why], title, drawn[1:], layers)
    return Told(facts, title, drawn[1:], [*why, *layers])


NOT_YET = say(
    "no epoch has run yet, so there is no curve. {key_train} trains, "
    "{key_go} e2500 goes to an epoch"
)


def read_out(now: Snapshot, training: Training, epoch: int, look: Look) -> list[Row]:
    """The numbers of an epoch of the curve, in one row if they fit."""
    from stepper.train.sizes import RIGHT

    seen, loss = dict(training.points).get(epoch), now.lab.forward.loss
    if seen is None:
        return []
    said = say("epoch {n}: {J} {value}", n=str(epoch), J=loss, value=scalar(seen[loss]))
    if RIGHT in seen:
        said = say("{said}, {right} of {all} right", said=said, right=f"{seen[RIGHT]:.0f}",
                   all=str(now.lab.samples))  # fmt: skip
    short, further = (
        words(one, screen(look), ascii=look.ascii)
        for one in (said, say("{said}; {key_read_go} goes there", said=said))
    )
    more = epoch != now.lab.epoch and cell_len(further) <= look.width
    return wrap(further if more else short, look.width, 2, "here")


def fact_rows(now: Snapshot, look: Look) -> list[Row]:
    """Losses, how many samples are right, metrics, and the progress of a running training."""
    dot = look.sign(" · ", " - ")
    goal = now.training.goal if now.training is not None else None
    rows: list[Row] = []
    if goal is not None and now.training is not None:
        rows = wrap(words(_under_way(now.training)), look.width, ink="mark")
    said = [words(part, screen(look), ascii=look.ascii) for part in facts(now, look)]
    return [*rows, *_whole(said, dot, look.width)]


def _whole(parts: list[str], between: str, width: int) -> list[Row]:
    """Parts side by side; none is broken over two rows unless it is longer than one."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1] + between + part) <= width:
            lines[-1] += between + part
        else:
            lines.append(part)
    return [row for line in lines for row in wrap(line, width, 2)]


def _under_way(training: Training) -> Sentence:
    goal, epoch = training.goal, str(training.states[-1].epoch)
    assert goal is not None
    if goal.until is not None:
        return say("training: {n}, until {until}; {key_train} pauses", n=epoch, until=goal.until)
    return say("training: {n} of {last}; {key_train} pauses", n=epoch, last=str(goal.epoch))


def _held(training: Training) -> Iterator[Sentence]:
    """The edits that the network is trained with."""
    from stepper.labs.edit_text import written  # needed only once edits are trained with

    places = dict.fromkeys((edit.name, edit.index) for edit in training.edits)
    last = {(edit.name, edit.index): written(edit) for edit in training.edits}
    shown = ", ".join(last[place] for place in list(places)[-MOST_EDITS:])
    if len(places) > MOST_EDITS:
        yield say("trained with your {n} edits, at last {edits}", n=str(len(places)), edits=shown)
    elif places:
        yield say("trained with your edits: {edits}", edits=shown)


def facts(now: Snapshot, look: Look) -> Iterator[Sentence]:
    """The numbers of the panel, each with its name."""
    lab, loss = edited_lab(now), now.lab.forward.loss
    trace = whole(lab)
    if now.sample is not None:
        slot = now.trace.slot(loss)
        known = now.cursor.exists(slot)
        value = scalar(float(now.trace.values[slot])) if known else look.sign("·", ".")
        yield say("{J} of sample {n} {value}", J=loss, n=str(now.sample), value=value)
    if lab.data is None:
        yield say("{J} {value}", J=loss, value=scalar(float(trace.value(loss))))
    else:
        yield say("{J} of all {n} {value}", J=loss, n=str(lab.samples),
                  value=scalar(float(trace.value(loss))))  # fmt: skip
    coin = tossed(now.training.first if now.training is not None else lab)
    if coin is not None:
        yield say("a coin (½) {value}", value=scalar(coin))
    hits = right(trace, lab)
    if hits is not None:
        yield say("right {n} of {all}", n=str(hits), all=str(lab.samples))
    seen = dict(now.training.points).get(lab.epoch, {}) if now.training is not None else {}
    for name in lab.metrics:
        if name in seen:
            yield say("{name} {value}", name=name, value=scalar(seen[name]))
    if now.training is not None:
        yield from _held(now.training)


def broke_or_signs(now: Snapshot, training: Training, look: Look) -> list[Row]:
    """How training broke, with the epochs before that; else the signs that something is wrong."""
    if training.broke is not None:
        said = _wrapped(training.broke.sentence, look)
        return [*said, *said_of_break(training.first, training.broke, look.ascii)]
    return [row for sign in signs(now.lab) for row in _wrapped(sign, look)]


def _wrapped(said: Sentence, look: Look) -> list[Row]:
    written = words(said, screen(look), ascii=look.ascii)
    if said is NOT_YET:
        return wrap(written, look.width, ink="dim")
    return wrap(written, look.width, 2, "warn")


def layer_rows(training: Training, look: Look) -> list[Row]:
    """Strips of the largest gradient of each layer and of the mean size of each activation."""
    from stepper.show.strips import strips  # needed only once something is trained
    from stepper.train.sizes import sizes

    found, points = sizes(training.first), training.points
    if not found or not points:
        return []
    kinds = {"max": say("largest gradient, epoch by epoch"), "mean": say("mean activation")}
    rows: list[Row] = []
    for op, title in kinds.items():
        of = {key: tree for key, tree in found.items() if getattr(tree, "op", "") == op}
        if of:
            rows += [((words(title), "dim"),), *strips(_sized(of, training, look), look)]
    return rows


def _sized(of: Mapping[str, Expr], training: Training, look: Look) -> list[tuple[str, list[float]]]:
    """The measured values of each size, with the name of the quantity it is the size of."""
    return [
        (name_text(next(iter(names(tree))), screen(look)), [p[key] for _, p in training.points])
        for key, tree in of.items()
    ]
