"""A panel drawn row by row: after a step only the rows that changed are drawn again."""

from __future__ import annotations

from typing import ClassVar, get_args

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from stepper.app.commands import Panel
from stepper.app.fitting import fit
from stepper.app.snapshot import Move, Snapshot
from stepper.show.rows import Ink, Look, Row
from stepper.show.words import to_ascii

INKS: tuple[Ink, ...] = get_args(Ink)


class Wanted(Message):
    """A panel was clicked or scrolled, and wants this move."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self.move = move


class ZoomWanted(Message):
    """A panel was clicked twice: it wants the whole screen, or to go back."""


class Painted(Widget):
    """Draws `paint`'s rows, in exactly its own width and height, in the colours of the theme."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ink--{ink}" for ink in INKS}
    panel: ClassVar[Panel | None] = None

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None, repaint=False)

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.look = look
        self.rows: list[Row] = []

    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        """The rows of a frame, at most `height` of them."""
        raise NotImplementedError

    def watch_now(self) -> None:
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self.redraw()

    def redraw(self) -> None:
        """Paint again, and send to the terminal the rows that are not as they were."""
        before, self.rows = self.rows, self._fitted()
        if len(before) != len(self.rows):
            self.refresh()
            return
        width = self.size.width
        changed = [y for y, row in enumerate(self.rows) if row != before[y]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _fitted(self) -> list[Row]:
        width, height = self.size
        if self.now is None or not width or not height:
            return []
        rows = self.paint(self.now, width, height)[:height]
        rows += [()] * (height - len(rows))
        return [fit(self._spelled(row), width, self.look) for row in rows]

    @on(events.Click)
    def _twice(self, event: events.Click) -> None:
        if event.chain == 2 and self.panel is not None:
            self.post_message(ZoomWanted())

    def run_at(self, x: int, y: int) -> str:
        """The piece of text at a cell; empty where there is none."""
        for text, _ in self.rows[y] if 0 <= y < len(self.rows) else ():
            x -= cell_len(text)
            if x < 0:
                return text
        return ""

    def _spelled(self, row: Row) -> Row:
        if not self.look.ascii:
            return row
        return tuple((t if t.isascii() else to_ascii(t), ink) for t, ink in row)

    def render_line(self, y: int) -> Strip:
        row = self.rows[y] if y < len(self.rows) else ()
        strip = Strip([Segment(text, self._style(ink)) for text, ink in row if text])
        return strip.adjust_cell_length(self.size.width, self._style("text"))

    def _style(self, ink: Ink) -> Style:
        return self.get_component_rich_style(f"ink--{ink}")


def rule(title: str, width: int, look: Look, *, heavy: bool = False, end: str = "") -> Row:
    """`─ title ──────── end ─`, heavy for the panel that has the focus."""
    line = look.sign("━", "=") if heavy else look.sign("─", "-")
    tail = f" {end} {line}" if end else ""
    words = f"{line} {title[: max(width - len(tail) - 4, 0)]} "
    ink: Ink = "title" if heavy else "dim"
    return ((line, ink), (words[1:], "title"), (line * (width - len(words) - len(tail)), ink),
            (tail, ink))  # fmt: skip
