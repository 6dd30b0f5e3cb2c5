"""A panel that shares its place with others: its rule names them all, and a click opens one."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.message import Message

from stepper.app.commands import PANEL_NAMES, Panel
from stepper.app.fitting import cells
from stepper.app.widgets.painted import Painted, rule
from stepper.show.rows import Ink, Look, Row, Run
from stepper.show.words import words

TABS: tuple[Panel, ...] = ("entry", "graph", "watch")


class TabWanted(Message):
    """A tab's name was clicked."""

    def __init__(self, tab: Panel) -> None:
        super().__init__()
        self.tab = tab


class Tabbed(Painted, can_focus=True):
    """Draws a rule of tabs, `─[entry]─ graph ─ watch ─`, or its own name where it stands alone."""

    tabbed = True

    @property
    def ignored(self) -> frozenset[str]:
        """Among the tabs it shows the entry and its reason beside its own."""
        return frozenset() if self.tabbed else self.ignores

    def scroll(self, rows: int, columns: int = 0) -> bool:
        """Show another part of what is longer than the panel; False where there is none."""
        raise NotImplementedError

    @property
    def titled(self) -> int:
        """How many cells of the rule its titles take, with the line's joint."""
        if self.panel is None or not self.tabbed:
            return len(title_of(self.panel or "entry")) + 4
        return 1 + max(end for _, _, end in _spans())

    def heading(self, width: int, end: str = "") -> Row:
        """The rule above the panel; `end` stands at its right."""
        if self.panel is None or not self.tabbed:
            return rule(title_of(self.panel or "entry"), width, self.look,
                        heavy=self.has_focus, end=end)  # fmt: skip
        return tab_rule(self.panel, width, self.look, heavy=self.has_focus, end=end)

    def framed(self, inner: list[Row], width: int, height: int, end: str = "") -> list[Row]:
        """Rows under the rule, with the line at their left."""
        return self.lined(self.heading(width - 1, end), inner, height)

    async def on_click(self, event: events.Click) -> None:
        tab = tab_at(event.x - 1) if event.y == 0 and self.tabbed else None
        if tab is not None:
            event.stop()
            self.post_message(TabWanted(tab))


def title_of(tab: Panel) -> str:
    return words(PANEL_NAMES[tab])


def tab_rule(open: Panel, width: int, look: Look, *, heavy: bool, end: str = "") -> Row:
    """`─[entry]─ graph ─ watch ────── end ─`, heavy for the panel that has the focus."""
    line = look.sign("━", "=") if heavy else look.sign("─", "-")
    ink: Ink = "title" if heavy else "dim"
    runs: list[Run] = []
    for tab, start, _ in _spans():
        runs.append((line * (start - cells(tuple(runs))), ink))
        here = tab == open
        runs.append((f"[{title_of(tab)}]" if here else f" {title_of(tab)} ",
                     "title" if here else "dim"))  # fmt: skip
    tail = f" {end} {line}" if end else ""
    rest = max(width - cells(tuple(runs)) - len(tail), 0)
    return (*runs, (line * rest, ink), (tail, ink))


def tab_at(x: int) -> Panel | None:
    """The tab whose name stands at a cell of the rule."""
    return next((tab for tab, start, end in _spans() if start <= x < end), None)


def _spans() -> Iterator[tuple[Panel, int, int]]:
    """Every tab with the cells that its name takes, the gaps beside it counted."""
    x = 1
    for tab in TABS:
        end = x + len(title_of(tab)) + 2
        yield tab, x, end
        x = end + 1
