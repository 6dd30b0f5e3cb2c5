"""Which panels are in sight: by the room there is, the tab that is open, and what is zoomed."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from stepper.app.commands import Panel
from stepper.app.widgets.tabbed import TABS, Tabbed

ROOMY = (110, 34)
"""From so many columns and rows on all panels have a place of their own."""


def in_sight(tab: Panel, zoomed: Panel | None, *, roomy: bool) -> frozenset[str]:
    """The ids of the widgets that are shown; the watches have a second place, `watches`."""
    if zoomed is not None:
        return frozenset({zoomed})
    if roomy:
        return frozenset({"program", "numbers", "entry", "graph", "watches"})
    return frozenset({"program", "numbers", tab})


class Arrangement:
    """The open tab and the zoomed panel of a screen; each method returns whether it did a thing."""

    def __init__(self, screen: Screen[None]) -> None:
        self.screen = screen
        self.tab: Panel = "entry"
        self.zoomed: Panel | None = None
        self.arranged: tuple[Panel, Panel | None, bool] | None = None

    @property
    def roomy(self) -> bool:
        columns, rows = ROOMY
        return self.screen.size.width >= columns and self.screen.size.height >= rows

    def arrange(self) -> None:
        """Show what belongs on the screen now, and hide the rest."""
        wanted = self.tab, self.zoomed, self.roomy
        if wanted == self.arranged:
            return
        self.arranged = wanted
        shown = in_sight(self.tab, self.zoomed, roomy=self.roomy)
        for id in ("program", "watches", "numbers", *TABS):
            self.screen.query_one(f"#{id}").display = id in shown
        self.screen.query_one("#left").display = bool(shown & {"program", "watches"})
        self.screen.query_one("#right").display = bool(shown & {"numbers", *TABS})
        self.screen.set_class(self.zoomed is not None, "-zoomed")
        for panel in self.screen.query(Tabbed):
            panel.tabbed = panel.id in TABS and not self.roomy
            panel.redraw()

    def turn(self, by: int) -> bool:
        """Open the tab so many further on; False where all tabs are in sight side by side."""
        if self.roomy and self.zoomed not in TABS:
            return False
        here = self.zoomed if self.zoomed in TABS else self.tab
        self.open(TABS[(TABS.index(here) + by) % len(TABS)])
        return True

    def open(self, tab: Panel) -> None:
        """Show a tab; the focus goes along if it was in the tabs."""
        follow = self._focused() in TABS
        self.tab = tab
        if self.zoomed is not None:
            self.zoomed = tab
        self.arrange()
        if follow:
            self.screen.set_focus(self.screen.query_one(f"#{self._place(tab)}"))

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
            say("every tab is on the screen: the tab key goes to the next panel")
        if id == "zoom" and not self.zoom():
            say("no panel has the focus: tab chooses one")

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
