"""Decides which panels are shown: by the size of the screen, the open tab, and the zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from textual.screen import Screen

from stepper.app.panels import Panel
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS, Tabbed

LEAST = (60, 18)
"""The fewest columns and rows the screen needs."""
ROOMY = (110, 34)
"""From this many columns and rows on, the entry and the watches have their own places."""
HUGE = 160
"""From this many columns on, the graph has its own place too, beside the derivation."""
LOWER: tuple[Panel, ...] = ("derive", "graph")
"""The tabs that share the place below the entry."""

TRAINED: tuple[Panel, ...] = ("loss", "boundary")
"""The tabs that show how training goes; they stand there instead, side by side."""
LARGE = (160, 54)
"""From this many columns and rows on, every panel has its own place."""

COLUMN = 160
"""From this many columns on, a lesson has its own column."""

Room = Literal["small", "roomy", "huge", "large"]


def room_of(columns: int, rows: int) -> Room:
    """The class of a screen size: how much can be shown side by side."""
    if columns < ROOMY[0] or rows < ROOMY[1]:
        return "small"
    if columns >= LARGE[0] and rows >= LARGE[1]:
        return "large"
    return "huge" if columns >= HUGE else "roomy"


def beside_lesson(tab: Panel, zoomed: Panel | None, room: Room, *, column: bool) -> frozenset[str]:
    """The ids of the widgets shown while a lesson is open; `reading` is the lesson's second place.

    A lesson takes its own column, the place of the lower panels, or most of the program's place.
    """
    if room == "small" and zoomed is None:
        return in_sight(tab if tab in TABS else TABS[0], zoomed, room) | {"reading"}
    shown = in_sight(tab, zoomed, room)
    if zoomed is not None:
        return shown
    if column:
        return shown | {"lesson"}
    return shown if tab in (*LOWER, *TRAINED) else shown - {*LOWER} | {"lesson"}


def in_sight(tab: Panel, zoomed: Panel | None, room: Room) -> frozenset[str]:
    """The ids of the widgets that are shown; `watches` is the second place of the watches."""
    if zoomed is not None:
        return frozenset({zoomed})
    if room == "small":
        return frozenset({"program", "numbers", tab})
    always = frozenset({"program", "numbers", "entry", "watches"})
    if room == "large":
        return always | {*LOWER, *TRAINED}
    graph = frozenset({"graph"} if room == "huge" else ())
    if tab in TRAINED:
        return always | graph | {*TRAINED}
    return always | graph | {"derive" if room == "huge" else _lower(tab)}


def _lower(tab: Panel) -> Panel:
    return tab if tab in LOWER else LOWER[0]


def sharing(id: str | None, zoomed: Panel | None, room: Room) -> tuple[Panel, ...]:
    """The tabs named in a panel's title rule: those that share its place."""
    if room == "small":
        return TABS if id in TABS else ()
    return LOWER if id in LOWER and room == "roomy" and zoomed is None else ()


class Arrangement:
    """The open tab and the zoomed panel of a screen; commands return False if nothing changed."""

    def __init__(
        self, screen: Screen[None], complete: Callable[[], None], *, taught: bool = False
    ) -> None:
        self.screen, self.taught = screen, taught
        self._complete = complete
        """Mounts all panels: up to the first frame, only those it shows are mounted."""
        self.tab: Panel = "entry"
        self.zoomed: Panel | None = None
        self.arranged: tuple[Panel, Panel | None, Room, bool] | None = None

    @property
    def roomy(self) -> bool:
        return self.room != "small"

    @property
    def room(self) -> Room:
        """The class of the screen's size; beside a lesson at most `roomy`, with one lower panel."""
        room = room_of(*self.screen.size)
        return "roomy" if self.taught and room in ("huge", "large") else room

    @property
    def column(self) -> bool:
        """Whether the lesson has its own column."""
        return self.taught and self.roomy and self.screen.size.width >= COLUMN

    @property
    def lower(self) -> tuple[Panel, ...]:
        """The tabs that share the place below the entry, the lesson among them."""
        return ("lesson", *LOWER) if self.taught and self.roomy and not self.column else LOWER

    def arrange(self) -> None:
        """Shows the panels that belong on the screen now, and hides the rest."""
        wanted = self.tab, self.zoomed, self.room, self.column
        if wanted == self.arranged:
            return
        if self.arranged is not None:
            self._complete()
        self.arranged = wanted
        focused, shown = self._focused(), self.shown
        self.place()
        self.screen.set_class(self.zoomed is not None, "-zoomed")
        self.screen.set_class(self.column, "-column")
        self.screen.set_class(self.room == "large" and self.zoomed is None, "-large")
        self.screen.set_class("reading" in shown, "-shared")
        for panel in self.screen.query(Tabbed):
            panel.redraw()
        self._keep_focus(focused, shown)

    def place(self) -> None:
        """Sets for every panel whether it is shown, and which tabs share its place."""
        panels = [p for p in self.screen.query(Painted) if p.panel is not None]
        for panel in panels:
            panel.display, panel.panels = panel.id in self.shown, panels
        for id in ("#trained", "#left", "#right"):  # from the innermost to the outermost
            for around in self.screen.query(id):
                around.display = any(child.display for child in around.children)
        for tabbed in self.screen.query(Tabbed):
            tabbed.tabbed = tabbed.id in TABS and not self.roomy
            tabbed.tabs = self._sharing(tabbed.id)

    @property
    def shown(self) -> frozenset[str]:
        """The ids of the widgets that are shown; `trained` contains the loss and the boundary."""
        place = self.tab, self.zoomed, self.room
        shown = beside_lesson(*place, column=self.column) if self.taught else in_sight(*place)
        return shown | {"trained"} if shown & {*TRAINED} else shown

    def _sharing(self, id: str | None) -> tuple[Panel, ...]:
        if not self.taught or id not in self.lower:
            return sharing(id, self.zoomed, self.room)
        return self.lower if self.roomy and self.zoomed is None else ()

    def _keep_focus(self, panel: Panel | None, shown: frozenset[str]) -> None:
        """Keeps the focus on a lesson that has moved to its other place."""
        if panel == "lesson" and self._place(panel) in shown:
            self.focus(panel)

    def turn(self, by: int) -> bool:
        """Opens the tab `by` places further on; False if all are shown at once."""
        tabs, here = TABS, self.zoomed if self.zoomed in TABS else self.tab
        here = here if here in tabs else tabs[0]
        if self.roomy and self.zoomed not in TABS:
            if self.room == "large":
                return False
            tabs = (*(LOWER[:1] if self.room == "huge" else self.lower), TRAINED[0])
            here = TRAINED[0] if self.tab in TRAINED else self._lower(self.tab)
            here = here if here in tabs else tabs[0]
        self.open(tabs[(tabs.index(here) + by) % len(tabs)])
        return True

    def _lower(self, tab: Panel) -> Panel:
        return tab if tab in self.lower else self.lower[0]

    def open(self, tab: Panel) -> None:
        """Shows a tab; the focus follows if it was on one of the tabs."""
        follow = self._focused() in (self.lower if self.roomy and self.zoomed is None else TABS)
        self.tab = tab
        if self.zoomed is not None:
            self.zoomed = tab
        self.arrange()
        if follow:
            self.focus(tab)

    def show_lesson(self) -> None:
        """Shows the lesson and gives it the focus."""
        if self.zoomed not in (None, "lesson"):
            self._zoom(None)
        if self.roomy and not self.column:
            self.tab = "lesson"
            self.arrange()
        self.focus("lesson")

    def show_training(self) -> None:
        """Shows the loss, unless it or the boundary is shown already or a panel is zoomed."""
        if self.zoomed is None and self.tab not in TRAINED:
            self.open("loss")

    def zoom(self) -> bool:
        """Zooms the focused panel to the whole screen, or back; False if no panel has the focus."""
        focused = self._focused()
        if self.zoomed is None and focused is None:
            return False
        self._zoom(focused if self.zoomed is None else None)
        return True

    def leave(self) -> bool:
        """Ends a zoom; False if there is none."""
        if self.zoomed is None:
            return False
        self._zoom(None)
        return True

    def _zoom(self, panel: Panel | None) -> None:
        was, self.zoomed = self.zoomed, panel
        if was in TABS and not self.roomy:
            self.tab = was
        self.arrange()
        focus = panel or was
        if focus is not None:
            self.focus(focus)

    def focus(self, panel: Panel) -> None:
        """Gives the focus to a panel, at the place where it is shown now."""
        self.screen.set_focus(self.screen.query_one(f"#{self._place(panel)}"))

    def _place(self, panel: Panel) -> str:
        """The id of the widget that shows a panel now."""
        if panel == "lesson" and not self.roomy and not self.zoomed:
            return "reading"
        return "watches" if panel == "watch" and self.roomy and not self.zoomed else panel

    def _focused(self) -> Panel | None:
        return getattr(self.screen.focused, "panel", None)
