"""A panel that shares its place with others: its rule names them all, and a click opens one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message

from stepper.app.fitting import cells
from stepper.app.panels import PANEL_NAMES, Panel
from stepper.app.widgets.painted import Painted, rule
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import words

TABS: tuple[Panel, ...] = ("entry", "derive", "graph", "loss", "boundary", "watch")


class Span(NamedTuple):
    """A tab's name in the rule, and the cells it takes with the gaps beside it."""

    tab: Panel
    name: str
    start: int
    end: int


class TabWanted(Message):
    """A tab's name was clicked."""

    def __init__(self, tab: Panel) -> None:
        super().__init__()
        self.tab = tab


class Tabbed(Painted, can_focus=True):
    """Draws a rule of tabs, `─[entry]─ graph ─ watch ─`, or its own name if it is alone."""

    tabbed = True
    """Whether the entry is not visible beside it, so that it also shows what no tab may hide."""
    tabs: tuple[Panel, ...] = TABS
    """The tabs that share its place."""
    _named: Sequence[Span] = ()
    """The tabs' names as they were last drawn in the rule."""

    @property
    def ignored(self) -> frozenset[str]:
        """Nothing if it is among the tabs: then it also shows the entry and the reason."""
        return frozenset() if self.tabbed else self.ignores

    @abstractmethod
    def scroll(self, rows: int, columns: int = 0) -> bool:
        """Show another part of what is longer than the panel; False if there is none."""

    @property
    def titled(self) -> int:
        """How many cells of the rule its own title takes, including the joint with the line."""
        return cell_len(title_of(self.panel or "entry")) + 4

    def heading(self, width: int, end: str = "") -> Row:
        """The rule above the panel, with `end` at its right."""
        if self.panel is None or not self.tabs:
            return rule(title_of(self.panel or "entry"), width, self.look,
                        heavy=self.has_focus, end=end)  # fmt: skip
        self._named = spans = self._spans(width - cell_len(end) - 4)
        return tab_rule(self.panel, spans, width, self.look, heavy=self.has_focus, end=end)

    def _spans(self, room: int) -> list[Span]:
        """The tabs that are named in the rule; if room is short, only those beside the open one."""
        here = self.tabs.index(self.panel) if self.panel in self.tabs else 0
        for some in parts(len(self.tabs), here):
            spans = _placed(self._names(some))
            if spans[-1].end < room:
                return spans
        return _placed([(self.tabs[here], title_of(self.tabs[here]))])

    def _names(self, some: range) -> Iterator[tuple[Panel, str]]:
        """Some tabs with their names, and `◂` or `▸` for the next tab on either side."""
        if some.start:
            yield self.tabs[some.start - 1], self.look.sign("◂", "<")
        yield from ((tab, title_of(tab)) for tab in self.tabs[some.start : some.stop])
        if some.stop < len(self.tabs):
            yield self.tabs[some.stop], self.look.sign("▸", ">")

    def framed(self, inner: list[Row], width: int, height: int, end: str = "") -> list[Row]:
        """Rows under the rule, with the line at their left."""
        return self.lined(self.heading(width - 1, end), inner, height)

    def on_click(self, event: events.Click) -> None:
        spans = self._named if event.y == 0 else []
        tab = next((s.tab for s in spans if s.start <= event.x - 1 < s.end), None)
        if tab is not None:
            event.stop()
            self.post_message(TabWanted(tab))


class Scrolled(Tabbed, can_focus=True):
    """Rows below each other; if they do not all fit, they scroll and the rule says so."""

    top = 0
    """The first row that is shown."""
    length = 0
    room = 0
    """How many of the rows that scroll are shown."""
    wheel = 1
    """How many rows one turn of the mouse wheel moves."""

    @property
    def lowest(self) -> int:
        """The largest `top`, at which the last rows are shown."""
        return max(self.length - self.room, 0)

    def in_sight(self, rows: list[Row]) -> tuple[list[Row], str]:
        """The rows that are shown now, blanks included, and which of all they are, if not all."""
        self.length = len(rows)
        self.top = min(max(self.top, 0), self.lowest)
        shown = rows[self.top : self.top + self.room]
        end = f"{self.top + 1}-{self.top + len(shown)}/{self.length}"
        blank: list[Row] = [()] * (self.room - len(shown))
        return [*shown, *blank], end if self.length > self.room else ""

    def scroll(self, rows: int, columns: int = 0) -> bool:
        """Move by some rows; False if there is nothing further that way."""
        top = min(max(self.top + rows, 0), self.lowest)
        moved, self.top = top != self.top, top
        self.redraw()
        return moved

    def on_mouse_scroll_down(self) -> None:
        self.scroll(self.wheel)

    def on_mouse_scroll_up(self) -> None:
        self.scroll(-self.wheel)


def title_of(tab: Panel) -> str:
    return words(PANEL_NAMES[tab])


def tab_rule(
    open: Panel, spans: Sequence[Span], width: int, look: Look, *, heavy: bool, end: str = ""
) -> Row:
    """`─[entry]─ graph ─ watch ────── end ─`, heavy for the panel that has the focus."""
    line = look.sign("━", "=") if heavy else look.sign("─", "-")
    ink: Ink = "title" if heavy else "dim"
    runs: list[Run] = []
    for tab, name, start, _ in spans:
        runs.append((line * (start - cells(tuple(runs))), ink))
        here = tab == open
        runs.append((f"[{name}]" if here else f" {name} ", "title" if here else "dim"))
    tail = f" {end} {line}" if end else ""
    rest = max(width - cells(tuple(runs)) - cell_len(tail), 0)
    return (*runs, (line * rest, ink), (tail, ink))


def parts(length: int, here: int) -> Iterator[range]:
    """The ranges of `length` places that contain `here`: the longer first, then the leftmost."""
    for long in range(length, 0, -1):
        for start in range(max(here - long + 1, 0), min(here, length - long) + 1):
            yield range(start, start + long)


def _placed(names: Iterable[tuple[Panel, str]]) -> list[Span]:
    """Every tab with the cells that its name takes, including the gaps beside it."""
    spans: list[Span] = []
    for tab, name in names:
        start = spans[-1].end + 1 if spans else 1
        spans.append(Span(tab, name, start, start + cell_len(name) + 2))
    return spans
