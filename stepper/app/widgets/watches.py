"""The watches: names and formulas with their current values, or the line they wait for."""

from __future__ import annotations

import numpy as np
from textual import events

from stepper.app.block import Block
from stepper.app.fitting import cells, fit, wrap
from stepper.app.moves.going import to_maker
from stepper.app.sight import covered
from stepper.app.snapshot import Snapshot, outermost
from stepper.app.widgets.facts import around_tab
from stepper.app.widgets.numbers import screen
from stepper.app.widgets.painted import Wanted, rule
from stepper.app.widgets.tabbed import Scrolled, title_of
from stepper.expr.sentence import say
from stepper.expr.tree import Name
from stepper.language.text import text
from stepper.language.width import columns
from stepper.ops.card import Value
from stepper.program.watch import Watch
from stepper.show.arrays import shape_text
from stepper.show.cells import ljust
from stepper.show.numbers import scalar
from stepper.show.rows import Look, Row
from stepper.show.words import words

LEAST_ROWS = 3
"""The reason is shown beside the watches only if these keep at least this many rows."""

HOW = say("{key_watch} watches what the current line makes, {key_watch_formula} a formula")


class Watches(Scrolled, can_focus=True):
    """One watch per row; if they do not all fit, they scroll and the rule says so."""

    DEFAULT_CLASSES = "lower"
    panel = "watch"
    ignores = frozenset({"chosen", "message", "count", "past", "breakpoints"})
    above = 1

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        head, foot, room = around_tab(self, now, width, height, LEAST_ROWS)
        self.above, self.room = 1 + len(head), room
        shown, end = self.in_sight(watch_rows(now, width - 3, self.look))
        return self._placed([*head, *shown, *foot], width, height, end)

    def _placed(self, rows: list[Row], width: int, height: int, end: str) -> list[Row]:
        """The rows under a rule of tabs; below the program, without a line at the left."""
        if self.id == "watch":
            return self.framed(rows, width, height, end)
        title = rule(title_of("watch"), width, self.look, heavy=self.has_focus, end=end)
        return [title, *(((" ", "text"), *row) for row in rows)]

    def on_click(self, event: events.Click) -> None:
        row = event.y - self.above
        if self.now is None or not 0 <= row < self.room:
            return
        followed = self.now.watches[self.top + row : self.top + row + 1]
        if followed and isinstance(followed[0].tree, Name):
            name = followed[0].tree.id
            self.post_message(Wanted(lambda now: to_maker(now, (name,))))


def watch_rows(now: Snapshot, width: int, look: Look) -> list[Row]:
    """`∂J/∂W2  4×4  0.0229  0.0246 …`, one row per watch, and how to add one."""
    now = outermost(now)
    said = [text(w.tree, screen(look)) for w in now.watches]
    values = [w.value_at(now.cursor) for w in now.watches]
    shapes = ["" if v is None else shape_text(v, look) if np.ndim(v) else "1" for v in values]
    wide, shaped = _widest(said), _widest(shapes)
    rows = [
        fit(((f"{ljust(name, wide)}  ", "title"), (f"{shape:>{shaped}}  ", "dim"),
             *_value(watch, value, now, width - wide - shaped - 4, look)), width, look)
        for watch, name, shape, value in zip(now.watches, said, shapes, values, strict=True)
    ]  # fmt: skip
    return [*rows, *wrap(words(HOW), width, ink="dim")]


def _widest(texts: list[str]) -> int:
    return max(map(columns, texts), default=0)


def _value(watch: Watch, value: Value | None, now: Snapshot, room: int, look: Look) -> Row:
    """The numbers row by row, as many as fit; `· line 16` until they are computed."""
    if any(covered(now, slot) for slot in watch.reads(now.cursor)):
        return (("?", "dim"),)
    if value is None:
        line = watch.waits_for(now.cursor)
        waits = words(say("line {n}", n=str(line)))
        return ((f"{look.sign('·', '.')}   {waits}", "dim"),)
    if not np.ndim(value):
        return ((scalar(float(value)), "result"),)
    row: Row = ()
    block = Block(watch.source, value, look, "result")
    for i in range(min(block.rows, max(room, 1))):
        between: Row = ((look.sign(" │", " |"), "dim"),) if i else ()
        row = (*row, *between, *block.row(i, range(min(block.columns, max(room, 1)))))
        if cells(row) > room:
            break
    return fit(row, room, look) if cells(row) > room else row
