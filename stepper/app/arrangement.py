"""Which panels are in sight: by the room there is, the tab that is open, and what is zoomed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from textual.screen import Screen

from stepper.app.commands import Panel
from stepper.app.widgets.tabbed import TABS, Tabbed

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

Room = Literal["small", "roomy", "huge", "large"]


def room_of(columns: int, rows: int) -> Room:
    """How much can be shown side by side."""
    if columns < ROOMY[0] or rows < ROOMY[1]:
        return "small"
    if columns >= LARGE[0] and rows >= LARGE[1]:
        return "large"
    return "huge" if columns >= HUGE else "roomy"


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
    """The open tab and the zoomed panel of a screen; each method returns whether it did a thing."""

    def __init__(self, screen: Screen[None]) -> None:
        self.screen = screen
        self.tab: Panel = "entry"
        self.zoomed: Panel | None = None
        self.arranged: tuple[Panel, Panel | None, Room] | None = None

    @property
    def roomy(self) -> bool:
        return self.room != "small"

    @property
    def room(self) -> Room:
        return room_of(*self.screen.size)

    def arrange(self) -> None:
        """Show what belongs on the screen now, and hide the rest."""
        wanted = self.tab, self.zoomed, self.room
        if wanted == self.arranged:
            return
        self.arranged = wanted
        shown = in_sight(*wanted)
        for id in ("program", "watches", "numbers", *TABS):
            self.screen.query_one(f"#{id}").display = id in shown
        self.screen.query_one("#left").display = bool(shown & {"program", "watches"})
        self.screen.query_one("#right").display = bool(shown & {"numbers", *TABS})
        self.screen.query_one("#trained").display = bool(shown & {*TRAINED})
        self.screen.set_class(self.zoomed is not None, "-zoomed")
        for panel in self.screen.query(Tabbed):
            panel.tabbed = panel.id in TABS and not self.roomy
            panel.tabs = sharing(panel.id, self.zoomed, self.room)
            panel.redraw()

    def turn(self, by: int) -> bool:
        """Open the tab so many further on; False where all tabs are in sight side by side."""
        tabs, here = TABS, self.zoomed if self.zoomed in TABS else self.tab
        if self.roomy and self.zoomed not in TABS:
            if self.room == "large":
                return False
            tabs = (*(LOWER[:1] if self.room == "huge" else LOWER), TRAINED[0])
            here = TRAINED[0] if self.tab in TRAINED else _lower(self.tab)
            here = here if here in tabs else tabs[0]
        self.open(tabs[(tabs.index(here) + by) % len(tabs)])
        return True

    def open(self, tab: Panel) -> None:
        """Show a tab; the focus goes along if it was in the tabs."""
        follow = self._focused() in (LOWER if self.roomy and self.zoomed is None else TABS)
        self.tab = tab
        if self.zoomed is not None:
            self.zoomed = tab
        self.arrange()
        if follow:
            self.screen.set_focus(self.screen.query_one(f"#{self._place(tab)}"))

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

    def tell(self, id: str, say: Callable[[str], None]) -> None:
        """Do what a key asks for; where nothing can be done say why."""
        if id in ("tab", "tab-back") and not self.turn(1 if id == "tab" else -1):
            say("every tab is on the screen: the {key_panel} key goes to the next panel")
        if id == "zoom" and not self.zoom():
            say("no panel has the focus: {key_panel} chooses one")

    def _zoom(self, panel: Panel | None) -> None:
        was, self.zoomed = self.zoomed, panel
        if was in TABS and not self.roomy:
            self.tab = was
        self.arrange()
        focus = panel or was
        if focus is not None:
            self.screen.set_focus(self.screen.query_one(f"#{self._place(focus)}"))

    def _place(self, panel: Panel) -> str:
        """The id of the widget that shows a panel now."""
        return "watches" if panel == "watch" and self.roomy and not self.zoomed else panel

    def _focused(self) -> Panel | None:
        return getattr(self.screen.focused, "panel", None)
