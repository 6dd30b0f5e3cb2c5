"""Which panels are in sight: by the room there is, the tab that is open, and what is zoomed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from textual.screen import Screen

from stepper.app.panels import Panel
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.tabbed import TABS, Tabbed

LEAST = (60, 18)
"""Columns and rows that the screen needs."""
ROOMY = (110, 34)
"""From so many columns and rows on the entry and the watches have a place of their own."""
HUGE = 160
"""From so many columns on the graph has one too, beside the derivation."""
LOWER: tuple[Panel, ...] = ("derive", "graph")
"""The tabs that share a place under the entry."""

TRAINED: tuple[Panel, ...] = ("loss", "boundary")
"""Those that stand beside each other in its stead, and say how training goes."""
LARGE = (160, 54)
"""From so many columns and rows on all have a place of their own."""

COLUMN = 160
"""From so many columns on a lesson has a column of its own."""

Room = Literal["small", "roomy", "huge", "large"]


def room_of(columns: int, rows: int) -> Room:
    """How much can be shown side by side."""
    if columns < ROOMY[0] or rows < ROOMY[1]:
        return "small"
    if columns >= LARGE[0] and rows >= LARGE[1]:
        return "large"
    return "huge" if columns >= HUGE else "roomy"


def beside_lesson(tab: Panel, zoomed: Panel | None, room: Room, *, column: bool) -> frozenset[str]:
    """The ids of the widgets that are shown while a lesson is open; its second place is `reading`.

    It has a column of its own, or the place of the lower panels, or most of the program's.
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
    """The ids of the widgets that are shown; the watches have a second place, `watches`."""
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
    """The tabs that are named in the rule of a panel: those that share its place."""
    if room == "small":
        return TABS if id in TABS else ()
    return LOWER if id in LOWER and room == "roomy" and zoomed is None else ()


class Arrangement:
    """The open tab and the zoomed panel of a screen; methods return whether anything changed."""

    def __init__(
        self, screen: Screen[None], complete: Callable[[], None], *, taught: bool = False
    ) -> None:
        self.screen, self.taught = screen, taught
        self._complete = complete
        """Has every panel on the screen: the first frame has those only that it shows."""
        self.tab: Panel = "entry"
        self.zoomed: Panel | None = None
        self.arranged: tuple[Panel, Panel | None, Room, bool] | None = None

    @property
    def roomy(self) -> bool:
        return self.room != "small"

    @property
    def room(self) -> Room:
        """How much room there is; next to a lesson never more than for one lower panel."""
        room = room_of(*self.screen.size)
        return "roomy" if self.taught and room in ("huge", "large") else room

    @property
    def column(self) -> bool:
        """Whether a lesson has a column of its own."""
        return self.taught and self.roomy and self.screen.size.width >= COLUMN

    @property
    def lower(self) -> tuple[Panel, ...]:
        """The tabs that share the place under the entry."""
        return ("lesson", *LOWER) if self.taught and self.roomy and not self.column else LOWER

    def arrange(self) -> None:
        """Show what belongs on the screen now, and hide the rest."""
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
        """Tell every panel whether it is shown, as which tab, and beside which others."""
        panels = [p for p in self.screen.query(Painted) if p.panel is not None]
        for panel in panels:
            panel.display, panel.panels = panel.id in self.shown, panels
        for id in ("#trained", "#left", "#right"):  # from the inside to the outside
            for around in self.screen.query(id):
                around.display = any(child.display for child in around.children)
        for tabbed in self.screen.query(Tabbed):
            tabbed.tabbed = tabbed.id in TABS and not self.roomy
            tabbed.tabs = self._sharing(tabbed.id)

    @property
    def shown(self) -> frozenset[str]:
        """The ids of the widgets that are shown, `trained` around the two that say how it goes."""
        place = self.tab, self.zoomed, self.room
        shown = beside_lesson(*place, column=self.column) if self.taught else in_sight(*place)
        return shown | {"trained"} if shown & {*TRAINED} else shown

    def _sharing(self, id: str | None) -> tuple[Panel, ...]:
        if not self.taught or id not in self.lower:
            return sharing(id, self.zoomed, self.room)
        return self.lower if self.roomy and self.zoomed is None else ()

    def _keep_focus(self, panel: Panel | None, shown: frozenset[str]) -> None:
        """A lesson that is shown at another place than before keeps the focus."""
        if panel == "lesson" and self._place(panel) in shown:
            self.focus(panel)

    def turn(self, by: int) -> bool:
        """Open the tab that is `by` places further on; False where all are in sight together."""
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
        """Show a tab; the focus goes along if it was in the tabs."""
        follow = self._focused() in (self.lower if self.roomy and self.zoomed is None else TABS)
        self.tab = tab
        if self.zoomed is not None:
            self.zoomed = tab
        self.arrange()
        if follow:
            self.focus(tab)

    def show_lesson(self) -> None:
        """Bring the lesson into sight, and give it the keys."""
        if self.zoomed not in (None, "lesson"):
            self._zoom(None)
        if self.roomy and not self.column:
            self.tab = "lesson"
            self.arrange()
        self.focus("lesson")

    def show_training(self) -> None:
        """Bring the loss into sight, unless one looks at it or at the boundary already."""
        if self.zoomed is None and self.tab not in TRAINED:
            self.open("loss")

    def zoom(self) -> bool:
        """The focused panel over the whole screen, or back; False where no panel has the focus."""
        focused = self._focused()
        if self.zoomed is None and focused is None:
            return False
        self._zoom(focused if self.zoomed is None else None)
        return True

    def leave(self) -> bool:
        """Back from a zoomed panel; False where none is."""
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
        """Give the keys to a panel, at the place where it is shown now."""
        self.screen.set_focus(self.screen.query_one(f"#{self._place(panel)}"))

    def _place(self, panel: Panel) -> str:
        """The id of the widget that shows a panel now."""
        if panel == "lesson" and not self.roomy and not self.zoomed:
            return "reading"
        return "watches" if panel == "watch" and self.roomy and not self.zoomed else panel

    def _focused(self) -> Panel | None:
        return getattr(self.screen.focused, "panel", None)
