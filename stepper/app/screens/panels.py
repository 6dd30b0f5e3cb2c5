"""The debugger's panels: those in sight are made for the first frame, the others after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widget import Widget

from stepper.app.snapshot import Snapshot
from stepper.app.widgets.derivation import DerivationPanel
from stepper.app.widgets.entry import Entry
from stepper.app.widgets.numbers import MatrixView
from stepper.app.widgets.painted import Painted
from stepper.app.widgets.program import Program
from stepper.app.widgets.watches import Watches

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen

COLUMNS = {
    "left": ("program", "reading", "watches"),
    "right": ("numbers", "entry", "derive", "graph", "lesson", "trained", "watch"),
    "trained": ("loss", "boundary"),
}
"""The panels from top to bottom, in `trained` side by side, by the id of their container."""
OF_LESSON = ("reading", "lesson")


class Panels:
    """Makes the panels of a screen, and gives them the snapshot to show."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.complete = False
        self.painted: list[Painted] = []
        """All widgets that draw a snapshot, the header and the footer included."""

    def show(self, now: Snapshot | None) -> None:
        """Draw a snapshot in every mounted panel."""
        for panel in self.painted:
            panel.now = now

    def gather(self) -> None:
        """Find newly mounted panels, and draw the snapshot in them too."""
        self.painted = list(self.screen.query(Painted))
        self.show(self.screen.now)

    def first(self, column: str) -> Iterator[Widget]:
        """The panels of a column that the first frame shows."""
        shown = self.screen.arrangement.shown
        return (self._made(id) for id in self._ids(column) if id in shown)

    def mount_others(self) -> None:
        """Mount the panels that no frame has shown yet, each in its place."""
        if self.complete:
            return
        self.complete = True
        if not self.screen.query("TooSmall"):
            self.screen.mount(self.too_small(), before=0)
        for column in COLUMNS:
            self._fill(self.screen.query_one(f"#{column}"), column)
        self.gather()
        self.screen.arrangement.place()

    def too_small(self) -> Widget:
        """What is shown instead of the panels if there is no room for them."""
        from stepper.app.widgets.too_small import TooSmall  # rarely seen

        return TooSmall(f"stepper {'learn' if self.screen.teacher else 'run LAB'} --plain")

    def _fill(self, around: Widget, column: str) -> None:
        there = {child.id for child in around.children}
        for at, id in enumerate(self._ids(column)):
            if id not in there:
                around.mount(self._made(id), before=at if at < len(around.children) else None)

    def _ids(self, column: str) -> Iterator[str]:
        return (id for id in COLUMNS[column] if self.screen.teacher or id not in OF_LESSON)

    def _made(self, id: str) -> Widget:
        if id in COLUMNS:
            return Horizontal(*self.first(id), id=id, classes="lower tall")
        return self._panel(id)

    def _panel(self, id: str) -> Painted:
        screen, look = self.screen, self.screen.look
        match id:
            case "program":
                return Program(look, id=id)
            case "watches" | "watch":
                return Watches(look, id=id)
            case "numbers":
                return MatrixView(look, id=id)
            case "entry":
                return Entry(look, id=id)
            case "derive":
                return DerivationPanel(look, screen.derivations, proves=screen.proves, id=id)
            case "graph":
                from stepper.app.widgets.graph import GraphPanel  # rarely in the first frame

                return GraphPanel(look, id=id)
            case "loss":
                from stepper.app.widgets.loss import Loss

                return Loss(look, id=id)
            case "boundary":
                from stepper.app.widgets.boundary import Boundary

                return Boundary(look, id=id)
        assert screen.teacher is not None
        return screen.teacher.panel(id, look)
