"""What a key means on a screen: a command, the answer to a question, or what to press instead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.events import Key

from stepper.app.acts import ABOVE
from stepper.app.commands import Command, find
from stepper.app.keyboard import key_name, plain_key, unknown
from stepper.app.moves.counts import repeated
from stepper.app.snapshot import OPENING, Snapshot

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen


class Pressing:
    """Finds the command of a key that is pressed on a screen, and runs it."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.times = 1
        """How often the key of an act is meant."""

    @property
    def now(self) -> Snapshot:
        assert self.screen.now is not None
        return self.screen.now

    def press(self, event: Key) -> None:
        """Do what a key means; Textual's own keys go on to it."""
        self._hint_goes()
        took = self._took(event.key)
        command = find(event.key, self.screen.focused_panel, self.screen.known)
        if not took and self._is_textuals(event.key, command):
            return
        event.stop()
        event.prevent_default()
        if took:
            return
        if command is not None:
            self.run(command, event.key)
        else:
            self._elsewhere(event)

    def run(self, command: Command, key: str) -> None:
        """Run a command as often as the count before it says."""
        if command.keyed is not None:
            command.keyed(self.screen, key)
            return
        count = self.now.count
        if count:
            self.screen.now = replace(self.now, count=0, message=None)
        if count and command.counted is not None:
            self.screen.now = command.counted(self.now, count)
        elif command.move is not None:
            self.screen.now = repeated(command.move, self.now, count or 1, key_name(key))
        elif command.asks is not None:
            self.screen.asking.ask(command.asks(self.now))
        elif command.act is not None:
            self.times = count or 1
            if self.now.message is not None and command.act not in ABOVE:
                self.screen.now = replace(self.now, message=None)
            command.act(self.screen)

    def run_everywhere(self, key: str) -> None:
        """Run the command that a key has in every panel, where it has one."""
        command = find(key, None, self.screen.known)
        if command is not None:
            self.run(command, key)

    def _hint_goes(self) -> None:
        """With the first key; the legend of the marks comes in its place."""
        if self.now.message is OPENING:
            self.screen.now = replace(self.now, message=None)

    def _took(self, key: str) -> bool:
        """Whether a key was the answer to a question, or ended a zoom."""
        screen = self.screen
        if screen.asking.decided(key):
            return True
        if key in ("tab", "shift+tab", "escape") and screen.arrangement.leave():
            if key != "escape":
                (screen.focus_next if key == "tab" else screen.focus_previous)()
            return True
        return False

    def _is_textuals(self, key: str, command: Command | None) -> bool:
        """The screen's own way from panel to panel, and what it has bound to ctrl."""
        if command is None:
            return key.startswith("ctrl+") and key in self.screen.active_bindings
        return command.id == "panel" and key in ("tab", "shift+tab")

    def _elsewhere(self, event: Key) -> None:
        """A full-width letter is its key; of any other key say what to press."""
        key = plain_key(event.character) or ""
        command = find(key, self.screen.focused_panel, self.screen.known)
        if command is not None:
            self.run(command, key)
        else:
            said = unknown(event.key, event.character)
            self.screen.now = replace(self.now, count=0, message=said)
