"""A tab with a picture whose values are read out with the arrows and by clicks."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from stepper.app.widgets.tabbed import Tabbed


class Chart(Tabbed, can_focus=True):
    """Shows the read-out while the panel has the focus, which a click gives it too."""

    above = 1
    """The number of rows above its own content: the rule, and what no tab hides."""
    room = 0
    """The number of rows of its own content."""

    @abstractmethod
    def read(self, rows: int, columns: int) -> bool:
        """Move the read-out; False if there is nothing further that way."""

    @abstractmethod
    def clicked(self, row: int, column: int) -> None:
        """Read out what is drawn at a cell, counted from the top left of its own content."""

    def on_click(self, event: events.Click) -> None:
        row = event.y - self.above
        if 0 <= row < self.room:
            self.clicked(row, event.x - 2)
