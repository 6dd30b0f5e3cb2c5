"""Keeps keys and pastes in order that arrive faster than screens open and close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

Typed = Key | Paste
"""Typed input: one key, or a pasted text."""


class TypedAhead:
    """Holds keys while a screen opens or closes, and delivers them in order.

    A key or a paste goes from the app to the focused panel, and bubbles from there to its screen; a
    message that it causes may bubble the same way, and open or close a screen in the end. So a key
    for a screen above waits until the key before it has had all its effects, and until the screen
    is mounted.
    """

    def __init__(self, below: Screen[Any]) -> None:
        self.below = below
        self.waits_for: object | None = None
        """The token of the walk after which the next key is delivered; None if none has to wait."""
        self.passed: list[Typed] = []
        """Keys that reached the screen below when another had already opened above it."""
        self.held: list[Typed] = []
        """Keys that reached the app later."""

    def opens(self, above: Screen[Any]) -> None:
        """Holds keys back until a newly pushed screen is mounted.

        Keys still on their way through the screen below come first.
        """
        self._walk([self.below.focused or self.below, self.below, above])

    def holds(self, key: Typed) -> bool:
        """Whether a key that reached the app has to wait; if so, it is held."""
        if self.waits_for is None:
            return False
        self.held.append(key)
        return True

    def handed_on(self) -> None:
        """Notes that the app has passed a key on: if it went to a screen above, the next one waits
        for its effects."""
        above = self.below.app.screen
        if above is not self.below:
            way = [*(above.focused or above).ancestors_with_self]
            self._walk([*way, *way, self.below])

    def passes(self, key: Typed) -> bool:
        """Whether a key that reached the screen below is for the one above; if so, it is held."""
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
        """Waits until each pump on the way in turn has emptied its queue; skips closed pumps."""
        for at, pump in enumerate(way, 1):
            if pump.call_later(self._on, walk, way[at:]):
                return
        if walk is self.waits_for:
            self.waits_for = None
            self._next()

    def _next(self) -> None:
        """Delivers the next key, or all that wait if the screen below is on top again."""
        keys, self.passed, self.held = [*self.passed, *self.held], [], []
        screen = self.below.app.screen
        if screen is self.below:
            _give(keys, screen)
        elif keys:
            self.held = keys[1:]
            _give(keys[:1], screen)
            self.handed_on()


def _again(key: Typed) -> Typed:
    """A copy of an event that was stopped at one screen, so that it can bubble in another."""
    return Paste(key.text) if isinstance(key, Paste) else Key(key.key, key.character)


def _give(keys: Iterable[Typed], screen: Screen[Any]) -> None:
    for key in keys:
        (screen.focused or screen)._forward_event(key)
