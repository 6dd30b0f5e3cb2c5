"""A question in the message line, with a field for the answer; every letter is the field's."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from stepper.app.session import Asked, Snapshot
from stepper.app.widgets.numbers import screen
from stepper.show.rows import Look
from stepper.show.words import words

FIELD = 12
"""Cells that a field has at least."""


class Field(Input):
    """Takes every letter; `?` in an empty one asks what can be typed."""

    class Pressed(Message):
        """A key that is not for the text."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def on_key(self, event: events.Key) -> None:
        empty_help = event.character == "?" and not self.value
        if empty_help or event.key in ("escape", "tab", "shift+tab", "up", "down"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed(event.key))


class Ask(Horizontal):
    """Opens when the snapshot asks something, and gives the focus back when it does not."""

    now: reactive[Snapshot | None] = reactive[Snapshot | None](None, repaint=False)

    def __init__(self, look: Look, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.look = look
        self.before: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield Field(compact=True, select_on_focus=False)

    def watch_now(self, old: Snapshot | None, new: Snapshot | None) -> None:
        was, asked = (n.asked if n else None for n in (old, new))
        if asked is not was and self.is_mounted:
            self._open(asked, fresh=was is None) if asked else self._close()

    def _open(self, asked: Asked, *, fresh: bool) -> None:
        said = words(asked.question, screen(self.look), ascii=self.look.ascii)
        room = self.screen.size.width - FIELD - 4
        more = self.look.sign("…", "~")
        said = said if len(said) <= room else said[: room - 1] + more
        self.query_one(Static).update(f" {said} > ")
        field = self.query_one(Field)
        field.value = ""
        if fresh:
            self.before = self.screen.focused
        self.screen.add_class("-asking")
        field.focus()

    def _close(self) -> None:
        self.screen.remove_class("-asking")
        if self.screen.focused is self.query_one(Field):
            self.screen.set_focus(self.before)
