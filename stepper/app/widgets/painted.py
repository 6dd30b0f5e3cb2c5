"""A panel drawn row by row: after a step, only the rows that changed are redrawn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar, Self

from rich.cells import cell_len
from textual import events, on
from textual.geometry import Offset, Region, Size
from textual.map_geometry import MapGeometry
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from stepper.app.differing import differing, merged, one
from stepper.app.fitting import fit, plain
from stepper.app.panels import Panel
from stepper.app.snapshot import Move, Snapshot, other_parts
from stepper.app.typed_ahead import Typed
from stepper.app.widgets.strips import Colours, reversed_between, strip
from stepper.show.cells import cut
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import to_ascii


class Wanted(Message):
    """A click or a scroll on a panel asks for this move."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self.move = move


class ZoomWanted(Message):
    """A double click on a panel asks for the whole screen, or to go back."""


class Painted(Widget):
    """Draws `paint`'s rows in exactly its own width and height, in the colours of the theme."""

    panel: ClassVar[Panel | None] = None
    ignores: ClassVar[frozenset[str]] = frozenset()
    """The parts of a snapshot that this panel does not show."""

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        self._strips: dict[int, Strip] = {}
        """The strips drawn so far, by row, until the row is refreshed."""
        super().__init__(id=id)
        self.look = look
        self._now: Snapshot | None = None
        self._lines: list[Row] | None = None
        self._painted = Size(0, 0)
        self._kept: list[tuple[Row, Row]] = []
        """Each row as it was painted, and as fitted to exactly this width."""
        self._colours = Colours(self)
        self._edged: tuple[MapGeometry | None, list[Run]] = (None, [])
        """Where the panel was laid out, and the line at its left for that place."""
        self._pressed: Offset | None = None
        self.panels: Sequence[Painted] = ()
        """All panels that may be beside it: its line joins the rules that it meets."""

    @property
    def now(self) -> Snapshot | None:
        """What is drawn; not a reactive: binding one costs more per key than most panels do."""
        return self._now

    @now.setter
    def now(self, now: Snapshot | None) -> None:
        before, self._now = self._now, now
        self.watch_now(before, now)

    @property
    def ignored(self) -> frozenset[str]:
        """The parts of a snapshot that this panel does not show at present."""
        return self.ignores

    @property
    def rows(self) -> list[Row]:
        """The rows of the frame, painted on first use."""
        if self._lines is None:
            self._lines = self._fitted()
        return self._lines

    @abstractmethod
    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        """The rows of a frame, at most `height` of them."""

    def watch_now(self, before: Snapshot | None, now: Snapshot | None) -> None:
        """Redraw if the two snapshots may look different."""
        if before is None or now is None or self.shows_another(before, now):
            self.redraw()

    def shows_another(self, before: Snapshot, now: Snapshot) -> bool:
        """Whether two snapshots may look different in this panel."""
        return not other_parts(before, now) <= self.ignored

    def on_resize(self) -> None:
        if self.size != self._painted:
            self._lines = None
            self.refresh()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self.redraw()

    def redraw(self) -> None:
        """Paint again, and send the terminal only what has changed.

        A panel that was never drawn, or is not displayed, is painted when it comes into sight.
        """
        before, size, self._lines = self._lines, self._painted, None
        if not self.display:
            self._strips.clear()
            return
        if before is None or len(self.rows) != len(before) or self._painted != size:
            self.refresh()
            return
        changed = [
            Region(start, y, end - start, 1)
            for y, row in enumerate(self.rows)
            for start, end in differing(before[y], row)
        ]
        if changed:
            self.refresh(*changed)

    def _fitted(self) -> list[Row]:
        """The painted rows in exactly this size; an unchanged row is not fitted again."""
        kept, size = self._kept, self.size
        if size != self._painted:
            kept, self._painted = [], size
        if self.now is None or not size:
            return []
        rows = self.paint(self.now, *size)[: size.height]
        rows += [()] * (size.height - len(rows))
        self._kept = [
            before if before is not None and one(before[0], row) else (row, self._fit(row))
            for before, row in zip_longest(kept[: len(rows)], rows)
        ]
        return [fitted for _, fitted in self._kept]

    def _fit(self, row: Row) -> Row:
        return merged(fit(self._spelled(row), self._painted.width, self.look))

    async def on_event(self, event: events.Event) -> None:
        """Ignore the click of a button released elsewhere than pressed: it ends a drag.

        What is typed goes straight to the screen, not through all the panel's containers.
        """
        if isinstance(event, Typed):
            self.screen.post_message(event)
            return
        if isinstance(event, events.MouseDown):
            self._pressed = event.screen_offset
        if not (isinstance(event, events.Click) and event.screen_offset != self._pressed):
            await super().on_event(event)

    def lined(self, heading: Row, inner: list[Row], height: int) -> list[Row]:
        """Rows under a rule, with a blank and the line at their left, joining rules it meets."""
        rows: list[Row] = [heading, *(((" ", "text"), *row) for row in inner[: height - 1])]
        rows += [()] * (height - len(rows))
        return [(edge, *row) for edge, row in zip(self._edge(height), rows, strict=True)]

    def _edge(self, height: int) -> list[Run]:
        """The line at the left of a panel, one run per row."""
        laid = self.screen.find_widget(self) if self.is_attached else None
        known, edge = self._edged
        if known is not laid or len(edge) != height:  # every layout makes a new geometry
            edge = [(sign, "dim") for sign in self._signs(height)]
            self._edged = laid, edge
        return edge

    def _signs(self, height: int) -> list[str]:
        region, look = self.region, self.look
        if not region.x:
            return [look.sign("┌", "+"), *[look.sign("│", "|")] * (height - 1)]
        beside = {p.region.y for p in self.panels if p.display and p.region.right == region.x}
        met = {y - region.y for y in beside if y > region.y}
        edge = [look.sign("┤", "+") if y in met else look.sign("│", "|") for y in range(height)]
        return [look.sign("┬" if region.y in beside else "├", "+"), *edge[1:]]

    @on(events.Click)
    def _twice(self, event: events.Click) -> None:
        if event.chain > 1:
            event.prevent_default()  # Textual would select the whole panel
        if event.chain == 2 and self.panel is not None:
            self.post_message(ZoomWanted())

    def run_at(self, x: int, y: int) -> str:
        """The piece of text at a cell; empty if there is none."""
        for text, _ in self.rows[y] if 0 <= y < len(self.rows) else ():
            x -= cell_len(text)
            if x < 0:
                return text
        return ""

    def _spelled(self, row: Row) -> Row:
        if not self.look.ascii:
            return row
        return tuple((t if t.isascii() else to_ascii(t), ink) for t, ink in row)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as strips, each drawn once until refreshed; a panel has no border or padding."""
        if crop.size != self._painted and self.size != self._painted:  # laid out anew
            self._lines = None
            self._strips.clear()
        strips = [self._strip(y) for y in crop.line_range]
        whole = crop.width == self._painted.width
        return strips if whole else [strip.crop(*crop.column_span) for strip in strips]

    def _strip(self, y: int) -> Strip:
        kept = self._strips.get(y)
        if kept is None:
            kept = self._strips[y] = self.render_line(y)
        return kept

    def render_line(self, y: int) -> Strip:
        if y >= len(self.rows):
            return Strip.blank(self.size.width, self._colours.of("text"))
        selected = self.text_selection.get_span(y) if self.text_selection else None
        row = self.rows[y] if selected is None else reversed_between(self.rows[y], *selected)
        return strip(row, y, self._painted.width, self._colours)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Redraw all rows, or those of some regions."""
        drawn = {y for region in regions for y in region.line_range} if regions else {*self._strips}
        for y in drawn:
            self._strips.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, without the line at the left and the spaces that fill a row."""
        edge = 1 if self._edged[1] else 0
        found = selection.extract("\n".join(" " * edge + plain(row)[edge:] for row in self.rows))
        return "\n".join(line.rstrip() for line in found.splitlines()), "\n"

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._colours.forget()
        self._strips.clear()


def rule(title: str, width: int, look: Look, *, heavy: bool = False, end: str = "") -> Row:
    """`─ title ──────── end ─`, heavy for the panel that has the focus."""
    line = look.sign("━", "=") if heavy else look.sign("─", "-")
    tail = f" {end} {line}" if end else ""
    words = f"{line} {cut(title, width - cell_len(tail) - 4)} "
    ink: Ink = "title" if heavy else "dim"
    rest = width - cell_len(words) - cell_len(tail)
    return ((line, ink), (words[1:], "title"), (line * rest, ink), (tail, ink))
