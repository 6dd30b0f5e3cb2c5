"""The program as boxes and arrows: which step runs now, what it reads, what is still to come."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events

from stepper.app.fitting import first, without
from stepper.app.moves.going import to_maker
from stepper.app.snapshot import Snapshot
from stepper.app.widgets.facts import around_tab
from stepper.app.widgets.painted import Wanted
from stepper.app.widgets.tabbed import Tabbed
from stepper.expr.sentence import say
from stepper.expr.tree import names
from stepper.program.cursor import Cursor
from stepper.program.program import Program
from stepper.show.rows import Look, Row
from stepper.show.words import words

if TYPE_CHECKING:
    from stepper.show.graph import Graph

MARGIN = 2
"""Rows kept between the current box and the edges of the view; four times as many columns."""
LEAST_ROWS = 6
"""The reason is shown beside the graph only if the graph keeps at least this many rows."""


class GraphPanel(Tabbed, can_focus=True):
    """Shows the drawing around the current box; arrows and the wheel show other parts."""

    DEFAULT_CLASSES = "lower tall"
    panel = "graph"
    ignores = frozenset({"chosen", "message", "count", "past", "watches", "breakpoints"})
    left, top = 0, 0
    above = 0
    gap = 1
    """The blank between the line at the left and the drawing: 1 if there is room for it, else 0."""
    room = (0, 0)
    """The number of columns and of rows of the drawing that are shown."""
    followed: object = None
    """The program, step and room for which the drawing was last moved."""

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        drawn = drawn_for(now, self.look)
        head, foot, room = around_tab(self, now, width, height, LEAST_ROWS)
        self.above = 1 + len(head)
        self.gap = 1 if drawn.width < width - 1 else 0
        self.room = (width - 1 - self.gap, room)
        self._follow(now, drawn)
        self._clamp(drawn)
        rows = state_rows(now.cursor, drawn)[self.top : self.top + self.room[1]]
        rows = [first(without(row, self.left), self.room[0]) for row in rows]
        rows += [()] * (self.room[1] - len(rows))
        parts = list(self._parts(drawn))
        end = next((p for p in parts if cell_len(p) + 4 <= width - self.titled), parts[-1])
        framed = self.framed([*head, *rows, *foot], width, height, end)
        for y in range(self.above, self.above + len(rows)):
            framed[y] = (framed[y][0], *framed[y][2 - self.gap :])
        return framed

    def _parts(self, drawn: Graph) -> Iterator[str]:
        """Which part is shown, if it is not all; the fullest wording first."""
        rows = part(self.top, self.room[1], drawn.height)
        columns = part(self.left, self.room[0], drawn.width)
        said = [words(say("rows {part}", part=rows))] if rows else []
        said += [words(say("columns {part}", part=columns))] if columns else []
        yield "  ".join(said)
        yield from said
        yield rows or columns

    def _follow(self, now: Snapshot, drawn: Graph) -> None:
        """Move the current box into view if the step or the room has changed."""
        here = (now.trace.code, now.cursor.at, self.room)
        if here == self.followed:
            return
        self.followed = here
        target = current(now)
        x, y = drawn.where(target) if target in drawn.canvas.boxes else (0, 0)
        self.left = _near(self.left, x, self.room[0], 4 * MARGIN)
        self.top = _near(self.top, y, self.room[1], MARGIN)

    def _clamp(self, drawn: Graph) -> None:
        columns, rows = self.room
        self.left = min(max(self.left, 0), max(drawn.width - columns, 0))
        self.top = min(max(self.top, 0), max(drawn.height - rows, 0))

    def scroll(self, rows: int, columns: int = 0) -> bool:
        """Show another part; False if the drawing ends there."""
        before = self.left, self.top
        self.left, self.top = self.left + columns, self.top + rows
        self.redraw()
        return (self.left, self.top) != before

    def on_click(self, event: events.Click) -> None:
        x, y = event.x - 1 - self.gap + self.left, event.y - self.above + self.top
        if self.now is None or not 0 <= event.y - self.above < self.room[1]:
            return
        name = drawn_for(self.now, self.look).node_at(x, y)
        if name is not None:
            self.post_message(Wanted(lambda now: to_maker(now, (name,))))

    def on_mouse_scroll_down(self) -> None:
        self.scroll(1)

    def on_mouse_scroll_up(self) -> None:
        self.scroll(-1)

    def on_mouse_scroll_right(self) -> None:
        self.scroll(0, 4)

    def on_mouse_scroll_left(self) -> None:
        self.scroll(0, -4)


def part(start: int, shown: int, whole: int) -> str:
    """`1-7/28`; empty if the whole is shown."""
    return f"{start + 1}-{min(start + shown, whole)}/{whole}" if whole > shown else ""


def _near(start: int, at: int, room: int, margin: int) -> int:
    """The start of a window in which `at` lies; unchanged if it is inside the margins already."""
    if start + margin <= at < start + room - margin:
        return start
    return at - room // 2


def drawn_for(now: Snapshot, look: Look) -> Graph:
    """The drawing of a program, the same for every step."""
    trace = now.trace
    return _drawn(trace.program, tuple(trace.shapes.items()), look)


@lru_cache(maxsize=4)
def _drawn(program: Program, shapes: tuple[tuple[str, tuple[int, ...]], ...], look: Look) -> Graph:
    from stepper.show.graph import graph  # needed only once the graph is visible

    return graph(program, dict(shapes), look)


def current(now: Snapshot) -> str | None:
    """The target of the current line; None before the first step and for a whole phase."""
    if now.step is None or now.cursor.level == "phase":
        return None
    return now.trace.program.lines[now.step.line - 1].target


@lru_cache(maxsize=2)
def state_rows(cursor: Cursor, drawn: Graph) -> list[Row]:
    """The drawing, marked for the current step."""
    step, trace = cursor.step, cursor.trace
    operands: Collection[str] = ()
    line = None
    if step is not None and cursor.level != "phase":
        line = step.line
        whole = cursor.level == "line"
        operands = names(trace.program.lines[line - 1].tree if whole else step.node)
    return drawn.rows(line, operands, lambda name: cursor.exists(trace.slot(name)))
