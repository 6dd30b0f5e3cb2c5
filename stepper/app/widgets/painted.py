"""A panel drawn row by row: after a step only the rows that changed are drawn again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import ClassVar, get_args

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.color import Color
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from stepper.app.block import Written
from stepper.app.fitting import cells, fit, plain
from stepper.app.heat import LEVELS
from stepper.app.panels import Panel
from stepper.app.snapshot import Move, Snapshot, other_parts
from stepper.show.cells import cut
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import to_ascii

INK_CLASSES = {f"ink--{ink}" for ink in get_args(Ink)}
"""The inks are classes of the screen: one set of colours that every panel draws with."""


class Wanted(Message):
    """A panel was clicked or scrolled, and wants this move."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self.move = move


class ZoomWanted(Message):
    """A panel was clicked twice: it wants the whole screen, or to go back."""


class Painted(Widget):
    """Draws `paint`'s rows, in exactly its own width and height, in the colours of the theme."""

    panel: ClassVar[Panel | None] = None
    ignores: ClassVar[frozenset[str]] = frozenset()
    """The parts of a snapshot that this panel shows nothing of."""

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None, repaint=False)

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.look = look
        self._lines: list[Row] | None = None
        self._painted = Size(0, 0)
        self._inks: dict[tuple[Ink, int], Style] = {}
        self._pressed: Offset | None = None

    @property
    def ignored(self) -> frozenset[str]:
        """The parts of a snapshot that this panel shows nothing of now."""
        return self.ignores

    @property
    def rows(self) -> list[Row]:
        """The rows of the frame, painted when they are first asked for."""
        if self._lines is None:
            self._lines = self._fitted()
        return self._lines

    @abstractmethod
    def paint(self, now: Snapshot, width: int, height: int) -> list[Row]:
        """The rows of a frame, at most `height` of them."""

    def watch_now(self, before: Snapshot | None, now: Snapshot | None) -> None:
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
        """Paint again, and send to the terminal the rows that are not as they were.

        What has not been seen yet, or is not in sight, is painted when it comes into sight.
        """
        before, size, self._lines = self._lines, self._painted, None
        if not self.display:
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
        self._painted = self.size
        width, height = self.size
        if self.now is None or not width or not height:
            return []
        rows = self.paint(self.now, width, height)[:height]
        rows += [()] * (height - len(rows))
        return [merged(fit(self._spelled(row), width, self.look)) for row in rows]

    async def on_event(self, event: events.Event) -> None:
        """A button that is let go where it was not pressed ends a drag, and is no click."""
        if isinstance(event, events.MouseDown):
            self._pressed = event.screen_offset
        if not (isinstance(event, events.Click) and event.screen_offset != self._pressed):
            await super().on_event(event)

    def lined(self, heading: Row, inner: list[Row], height: int) -> list[Row]:
        """Rows under a rule, a blank and the line at their left; it joins the rules it meets."""
        rows: list[Row] = [heading, *(((" ", "text"), *row) for row in inner[: height - 1])]
        rows += [()] * (height - len(rows))
        return [((edge, "dim"), *row) for edge, row in zip(self._edge(height), rows, strict=True)]

    def _edge(self, height: int) -> list[str]:
        """The line at the left of a panel, a sign a row."""
        region, look = self.region, self.look
        if not region.x:
            return [look.sign("┌", "+"), *[look.sign("│", "|")] * (height - 1)]
        beside = {p.region.y for p in self._panels if p.display and p.region.right == region.x}
        met = {y - region.y for y in beside if y > region.y}
        edge = [look.sign("┤", "+") if y in met else look.sign("│", "|") for y in range(height)]
        return [look.sign("┬" if region.y in beside else "├", "+"), *edge[1:]]

    @cached_property
    def _panels(self) -> list[Painted]:
        return [p for p in self.screen.query(Painted) if p.panel is not None]

    @on(events.Click)
    def _twice(self, event: events.Click) -> None:
        if event.chain > 1:
            event.prevent_default()  # Textual would select all of the panel
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
        segments, x = [], 0
        for text, style in joined(self._styled(y)):
            segments.append(Segment(text, placed(style, x, y)))
            x += len(text)
        return Strip(segments).adjust_cell_length(self.size.width, self._style("text"))

    def _styled(self, y: int) -> Iterator[tuple[str, Style]]:
        for text, ink in self._highlit(y):
            yield text, self._style(ink, text.heat if isinstance(text, Written) else 0)

    def _highlit(self, y: int) -> Row:
        """A row without its empty runs, what is selected of it in reverse."""
        row = tuple(run for run in self.rows[y] if run[0]) if y < len(self.rows) else ()
        span = self.text_selection.get_span(y) if self.text_selection else None
        return row if span is None else reversed_between(row, *span)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of a drag, without the spaces that fill a row."""
        found = selection.extract("\n".join(map(plain, self.rows)))
        return "\n".join(line.rstrip() for line in found.splitlines()), "\n"

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._inks.clear()

    def _style(self, ink: Ink, heat: int = 0) -> Style:
        """The screen's colour of an ink, on this panel's own background or a tint of it."""
        if (ink, heat) not in self._inks:
            on_screen = self.screen.get_component_rich_style(f"ink--{ink}")
            own = Style(color=on_screen.color, bold=on_screen.bold, reverse=on_screen.reverse)
            self._inks[ink, heat] = Style(bgcolor=self._behind(heat)) + own
        return self._inks[ink, heat]

    def _behind(self, heat: int) -> RichColor | None:
        """The panel's background; behind a number the more of a tint, the larger it is.

        Without colours there is none: of two tints only the one grey would be left.
        """
        if not heat or self.app.no_color:
            return self.rich_style.bgcolor
        tint = Color.parse(self.app.theme_variables["more" if heat > 0 else "less"])
        return self.background_colors[1].blend(tint, abs(heat) / LEVELS).rich_color


@lru_cache(maxsize=4096)
def placed(style: Style, x: int, y: int) -> Style:
    """A style that says where its text stands, for Textual to know what a drag selects."""
    return style + Style.from_meta({"offset": (x, y)})


def reversed_between(row: Row, start: int, end: int) -> Row:
    """A row with its letters from `start` to `end` in reverse; an end of -1 is that of the row."""
    end = len(plain(row)) if end < 0 else end
    runs: list[Run] = []
    at = 0
    for text, ink in row:
        cuts = [min(max(cut - at, 0), len(text)) for cut in (start, end)]
        runs += [(text[: cuts[0]], ink), (text[cuts[0] : cuts[1]], "here"), (text[cuts[1] :], ink)]
        at += len(text)
    return tuple(run for run in runs if run[0])


def joined(pieces: Iterable[tuple[str, Style]]) -> list[tuple[str, Style]]:
    """The same picture in as few pieces as it takes: every piece writes its colours again."""
    found: list[tuple[str, Style]] = []
    for text, style in pieces:
        if found and (style == found[-1][1] or (text.isspace() and alike(style, found[-1][1]))):
            found[-1] = (found[-1][0] + text, found[-1][1])
        else:
            found.append((text, style))
    return found


def alike(a: Style, b: Style) -> bool:
    """Whether a blank looks the same in two styles."""
    return a.bgcolor == b.bgcolor and not (a.reverse or b.reverse)


def merged(row: Row) -> Row:
    """The row in as few runs as it takes: a gap has no ink of its own, unless it is reversed."""
    runs: list[Run] = []
    for text, ink in row:
        if type(text) is not str or not runs or type(runs[-1][0]) is not str:
            runs.append((text, ink))
        elif ink == runs[-1][1] or (text.isspace() and "here" not in (ink, runs[-1][1])):
            runs[-1] = (runs[-1][0] + text, runs[-1][1])
        else:
            runs.append((text, ink))
    return tuple(runs)


def differing(before: Row, after: Row) -> Iterator[tuple[int, int]]:
    """From which to which cell two rows of the same width differ, if they do."""
    if before == after:
        return
    ends = zip(reversed(before), reversed(after), strict=False)
    start = cells(after[: _alike(zip(before, after, strict=False))])
    yield start, max(cells(after) - cells(after[len(after) - _alike(ends) :]), start)


def _alike(pairs: Iterable[tuple[Run, Run]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def rule(title: str, width: int, look: Look, *, heavy: bool = False, end: str = "") -> Row:
    """`─ title ──────── end ─`, heavy for the panel that has the focus."""
    line = look.sign("━", "=") if heavy else look.sign("─", "-")
    tail = f" {end} {line}" if end else ""
    words = f"{line} {cut(title, width - cell_len(tail) - 4)} "
    ink: Ink = "title" if heavy else "dim"
    rest = width - cell_len(words) - cell_len(tail)
    return ((line, ink), (words[1:], "title"), (line * rest, ink), (tail, ink))
