"""Keys and pastes that come faster than screens open and close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

Typed = Key | Paste
"""What is typed: one key, or a text all at once."""


class TypedAhead:
    """Holds keys while a screen opens or closes, and delivers them in their order.

    A key, or a paste, goes from the app to the panel with the focus, and from there to its screen;
    a message of what it did may go the same way, and open or close a screen at its end. So a key
    for a screen above waits until the one before it has done all that it does, and until the
    screen is there.
    """

    def __init__(self, below: Screen[Any]) -> None:
        self.below = below
        self.waits_for: object | None = None
        """The walk at whose end the next key is handed on; None where none has to wait."""
        self.passed: list[Typed] = []
        """Those that came through the screen below when another had opened above it."""
        self.held: list[Typed] = []
        """Those that came to the app later."""

    def opens(self, above: Screen[Any]) -> None:
        """Hold keys back until a screen that was just put on top is there.

        Those that are on their way through the screen below by then come first.
        """
        self._walk([self.below.focused or self.below, self.below, above])

    def holds(self, key: Typed) -> bool:
        """Whether a key that came to the app has to wait."""
        if self.waits_for is None:
            return False
        self.held.append(key)
        return True

    def handed_on(self) -> None:
        """A key has left the app: where a screen above has it, the next one waits for its end."""
        above = self.below.app.screen
        if above is not self.below:
            way = [*(above.focused or above).ancestors_with_self]
            self._walk([*way, *way, self.below])

    def passes(self, key: Typed) -> bool:
        """Whether a key that came to the screen below is meant for the one above it."""
        if self.below.app.screen is self.below:
            return False
        key.stop()
        self.passed.append(_again(key))
        if self.waits_for is None:
            self._next()
        return True

    def _walk(self, way: Sequence[MessagePump]) -> None:
        self.waits_for = walk = object()
        self._on(walk, way)

    def _on(self, walk: object, way: Sequence[MessagePump]) -> None:
        """Wait until the next pump has emptied its queue; pumps that have closed are skipped."""
        for at, pump in enumerate(way, 1):
            if pump.call_later(self._on, walk, way[at:]):
                return
        if walk is self.waits_for:
            self.waits_for = None
            self._next()

    def _next(self) -> None:
        """Hand on the next key, or all that wait where the screen below is the top one again."""
        keys, self.passed, self.held = [*self.passed, *self.held], [], []
        screen = self.below.app.screen
        if screen is self.below:
            _give(keys, screen)
        elif keys:
            self.held = keys[1:]
            _give(keys[:1], screen)
            self.handed_on()


def _again(key: Typed) -> Typed:
    """A key that has come to one screen, for another: it goes up to the app only from below."""
    return Paste(key.text) if isinstance(key, Paste) else Key(key.key, key.character)


def _give(keys: Iterable[Typed], screen: Screen[Any]) -> None:
    for key in keys:
        (screen.focused or screen)._forward_event(key)
