"""What a key means on a screen: a command, the answer to a question, or what to press instead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.events import Key

from stepper.app.acts import ABOVE, COUNTING
from stepper.app.commands import Command, find
from stepper.app.keyboard import key_name, plain_key, unknown
from stepper.app.moves.counts import repeated
from stepper.app.panels import Panel
from stepper.app.snapshot import OPENING, Snapshot
from stepper.app.widgets.painted import Painted

if TYPE_CHECKING:
    from stepper.app.screens.debugger import DebuggerScreen


class Pressing:
    """Finds the command of a key that is pressed on a screen, and runs it."""

    def __init__(self, screen: DebuggerScreen) -> None:
        self.screen = screen
        self.times = 1
        """The count before the key of an act; 1 without one."""

    @property
    def now(self) -> Snapshot:
        assert self.screen.now is not None
        return self.screen.now

    @property
    def panel(self) -> Panel | None:
        """The panel whose keys apply: the focused one, even if it has only just got the focus."""
        focused = self.screen.focused
        return focused.panel if isinstance(focused, Painted) else self.screen.focused_panel

    def press(self, event: Key) -> None:
        """Do what a key means; Textual's own keys are passed on to it."""
        self._hint_goes()
        took = self._took(event.key)
        command = find(event.key, self.panel, self.screen.known)
        if not took and command is None and self._is_textuals(event.key):
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
        """Run a command as many times as the count typed before it."""
        if command.keyed in COUNTING:
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
        elif command.keyed is not None:
            command.keyed(self.screen, key)
        elif command.act is not None:
            self.times = count or 1
            if self.now.message is not None and command.act not in ABOVE:
                self.screen.now = replace(self.now, message=None)
            command.act(self.screen)

    def run_everywhere(self, key: str) -> None:
        """Run the command that a key has in every panel, if it has one."""
        command = find(key, None, self.screen.known)
        if command is not None:
            self.run(command, key)

    def _hint_goes(self) -> None:
        """Drop the opening hint at the first key; the legend of the marks replaces it."""
        if self.now.message is OPENING:
            self.screen.now = replace(self.now, message=None)

    def _took(self, key: str) -> bool:
        """Use a key to answer an open question or to end a zoom; False if it does neither."""
        screen = self.screen
        if screen.asking.decided(key):
            return True
        return key == "escape" and screen.arrangement.leave()

    def _is_textuals(self, key: str) -> bool:
        """Whether a key is a ctrl key that the screen has bound."""
        return key.startswith("ctrl+") and key in self.screen.active_bindings

    def _elsewhere(self, event: Key) -> None:
        """Take a full-width letter as its key; for any other key, say what to press."""
        key = plain_key(event.character) or ""
        command = find(key, self.panel, self.screen.known)
        if command is not None:
            self.run(command, key)
        else:
            said = unknown(event.key, event.character)
            self.screen.now = replace(self.now, count=0, message=said)
