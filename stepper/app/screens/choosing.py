"""A list of things to choose one from, with the arrows and enter or with a click."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

Chosen = TypeVar("Chosen")


class Choosing(Screen[Chosen]):
    """Lists things in `#list`, each on one or more rows, and keeps the marked one in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("down", "by(1)", show=False),
        Binding("up", "by(-1)", show=False),
    ]

    at = 0
    """The index of the marked thing."""

    @abstractmethod
    def things(self) -> list[list[Content]]:
        """The rows of every thing."""

    @abstractmethod
    def choose(self, at: int) -> None:
        """Close the screen with the chosen thing as its result."""

    def show(self) -> None:
        things = self.things()
        rows = (row for thing in things for row in thing)
        self.query_one("#list", Static).update(Content("\n").join(rows))
        scroll = self.query_one(VerticalScroll)
        above = sum(map(len, things[: self.at]))
        scroll.scroll_to(y=above - scroll.size.height // 2, animate=False)

    def on_resize(self) -> None:
        self.show()

    def action_by(self, things: int) -> None:
        self.at = min(max(self.at + things, 0), len(self.things()) - 1)
        self.show()

    def on_click(self, event: events.Click) -> None:
        """Choose the thing whose row was clicked; dragging over text is no click."""
        shown, listed = self.query_one(VerticalScroll), self.query_one("#list", Static)
        if shown.region.contains_point(event.screen_offset) and not self.selections:
            of_row = [at for at, thing in enumerate(self.things()) for _ in thing]
            for at in of_row[event.screen_y - listed.region.y :][:1]:
                self.choose(at)
