"""A tab with a picture in it that is read out, by the arrows and by clicks."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from stepper.app.widgets.tabbed import Tabbed


class Chart(Tabbed, can_focus=True):
    """What is read out is shown while the panel has the focus; a click gives it that too."""

    above = 1
    """So many rows stand above its own: the rule, and what no tab hides."""
    room = 0
    """So many rows are its own."""

    @abstractmethod
    def read(self, rows: int, columns: int) -> bool:
        """Move the read-out; False where there is nothing further that way."""

    @abstractmethod
    def clicked(self, row: int, column: int) -> None:
        """Read out what is drawn at a cell of its own rows, counted from their top left."""

    def on_click(self, event: events.Click) -> None:
        row = event.y - self.above
        if 0 <= row < self.room:
            self.clicked(row, event.x - 2)
